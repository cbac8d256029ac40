//! Roles: what people may do, as data. A person may have several, and the highest right counts.
//!
//! Administrators change the shipped ones and add their own. A change holds with the next transaction on every server; the role of
//! administrator keeps its rights, and somebody always has a role that administers. What a right means is decided in [`crate::access`].

mod acts;
mod document;
mod uses;

use std::collections::BTreeMap;

use db::{Read, Write};
use model::role::{ADMINISTRATOR, Role, is_preset};
use model::{Label, Violation, Violations};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::objects::judge;
use crate::{Ctx, Error, Meta, Result, homes, meta};

pub use acts::acts;
pub use document::Wanted;

/// All roles with how many people have each; everybody may know what there is.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let people = people(&cx.meta, tx)?;
    let items: Vec<Json> = cx.meta.roles.iter().map(|role| show(role, &people)).collect();
    Ok(json!({ "items": items }))
}

/// One role.
pub fn one(cx: &Ctx, tx: &mut Read, key: &str) -> Result<Json> {
    let role = cx.meta.role(key).ok_or(Error::NotFound)?;
    Ok(show(role, &people(&cx.meta, tx)?))
}

fn show(role: &Role, people: &BTreeMap<String, i64>) -> Json {
    let mut shown = json!(role);
    shown["description"] = json!(role.description);
    shown["preset"] = is_preset(&role.key).into();
    shown["people"] = people.get(&role.key).copied().unwrap_or(0).into();
    shown
}

/// How many active people have each role.
fn people(meta: &Meta, tx: &mut Read) -> Result<BTreeMap<String, i64>> {
    let mut people: BTreeMap<String, i64> = BTreeMap::new();
    for (keys, count) in choices(meta, tx)? {
        keys.into_iter().for_each(|key| *people.entry(key).or_default() += count);
    }
    Ok(people)
}

fn choices(meta: &Meta, tx: &mut Read) -> Result<Vec<(Vec<String>, i64)>> {
    let employee = meta.schema.object("employee").ok_or(Error::NotFound)?;
    Ok(db::records::choices_made(tx, employee, "roles", "active")?)
}

/// Adds a role; administrators only.
pub fn create(cx: &Ctx, tx: &mut Write, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("create", "role")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let mut found = Violations::new();
    let taken = |key: &str| key == "*" || meta.role(key).is_some();
    let key = match &wanted.key {
        Some(key) if !model::text::is_key(key) => {
            found.push(Violation::new("field.invalid", "key").with("expected", "a key of small letters, digits and _, as key_accounts"));
            key.clone()
        }
        Some(key) => key.clone(),
        None => new_key(wanted.name.in_language("en"), taken),
    };
    if taken(&key) {
        found.push(Violation::new("field.not_unique", "key").with("value", key.as_str()));
    }
    let role = document::read(wanted, &key, 1, &meta, &mut found);
    if !found.is_empty() {
        return Err(found.into());
    }
    meta::put_role(tx, &role)?;
    note(cx, tx, "create", &role, None, Some(&role))?;
    Ok(show(&role, &people(&meta, tx)?))
}

fn note(cx: &Ctx, tx: &mut Write, act: &str, role: &Role, before: Option<&Role>, after: Option<&Role>) -> Result<()> {
    audit::note(cx, tx, Note::new(act, "role").subject(role.name.in_language("en")).changed(&before, &after))
}

/// A key from the name: `Key accounts` → `key_accounts`; numbered when taken.
fn new_key(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let key = judge::new_key(name, "role", |key| taken(&key[2..]));
    key[2..].to_owned()
}

/// Replaces a role; administrators only. `seen` is the version that the caller worked on: where somebody else was faster, he is shown the
/// present one.
pub fn replace(cx: &Ctx, tx: &mut Write, key: &str, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    cx.administrators_only("edit", "role")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let before = meta.role(key).ok_or(Error::NotFound)?;
    if seen.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { record: Box::new(show(before, &people(&meta, tx)?)) });
    }
    let mut found = Violations::new();
    if wanted.key.as_deref().is_some_and(|given| given != key) {
        found.push(Violation::new("field.fixed", "key"));
    }
    let role = document::read(wanted, key, before.version + 1, &meta, &mut found);
    if key == ADMINISTRATOR && !same_rights(before, &role) {
        found.push(Violation::new("role.essential", "").with("name", json!(before.name)));
    } else if before.administrator && !role.administrator && !somebody_else_administers(&meta, tx, key)? {
        found.push(Violation::new("people.last_administrator", "administrator"));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    meta::put_role(tx, &role)?;
    note(cx, tx, "edit", &role, Some(before), Some(&role))?;
    Ok(show(&role, &people(&meta, tx)?))
}

fn same_rights(a: &Role, b: &Role) -> bool {
    let named_alike = Role { name: a.name.clone(), description: a.description.clone(), version: a.version, ..b.clone() };
    *a == named_alike
}

/// True when somebody who works here would administer without this role.
fn somebody_else_administers(meta: &Meta, tx: &mut Read, key: &str) -> Result<bool> {
    let administers = |role: &String| role != key && meta.role(role).is_some_and(|role| role.administrator);
    Ok(choices(meta, tx)?.iter().any(|(roles, _)| roles.iter().any(administers)))
}

/// Removes a role that nothing uses; administrators only.
pub fn delete(cx: &Ctx, tx: &mut Write, key: &str, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "role")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let role = meta.role(key).ok_or(Error::NotFound)?;
    if seen.is_some_and(|version| version != role.version) {
        return Err(Error::Conflict { record: Box::new(show(role, &people(&meta, tx)?)) });
    }
    let name: &Label = &role.name;
    if key == ADMINISTRATOR {
        return Err(Violation::new("role.essential", "").with("name", json!(name)).into());
    }
    let uses = uses::of_role(&meta, tx, key)?;
    if !uses.is_empty() {
        let mut kinds: Vec<&str> = uses.iter().map(|one| one.kind).collect();
        kinds.dedup();
        let shown: Vec<Json> = uses.iter().map(uses::Use::show).collect();
        return Err(Violation::new("role.in_use", "").with("name", json!(name)).with("kind", kinds).with("uses", shown).into());
    }
    homes::forget_role(tx, key)?;
    tx.execute(Query::delete().from_table("role").and_where(Expr::col("key").eq(key)))?;
    note(cx, tx, "delete", role, Some(role), None)
}
