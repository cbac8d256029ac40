//! The rules that the product comes with.

use std::collections::BTreeMap;

use db::{Db, Write};
use model::duplicate::rule::{Strict, USUAL_THRESHOLD};
use model::duplicate::{Blank, DuplicateRule, Group, Kinds, Method, Row, Scope, Shown, Strictness};
use model::objects::{lead, opportunity};
use model::{Id, Object};
use sea_query::{Expr, ExprTrait, Query};

use super::define;
use crate::{Error, Result, meta};

/// Key of the mark that they are in: what an administrator has removed does not come again.
const MARK: &str = "duplicate_rules";
/// Within how many days a second deal with a customer under a similar name may be the same.
const RECENT: u32 = 90;

/// The shipped rules.
pub fn shipped() -> Vec<DuplicateRule> {
    let fuzzy = Method::Fuzzy { threshold: USUAL_THRESHOLD };
    let by_method = Strictness { new: Strict::ByMethod, import: Strict::ByMethod };
    let warn = Strictness { new: Strict::Warn, import: Strict::Warn };
    let one = |object: &str, field: &str, method| group(object, &[(field, method)]);
    let reached = |object: &str| {
        let mut groups = vec![one(object, "email", Method::Exact)];
        groups.extend(["phone", "mobile"].map(|field| one(object, field, Method::SameDigits)));
        groups
    };
    vec![
        rule(
            "account",
            "Same customer",
            by_method,
            vec![one("account", "name", Method::Exact), one("account", "name", fuzzy)],
            &["name", "city", "country", "website", "owner"],
        ),
        rule(lead::KEY, "Same person among the leads", warn, reached(lead::KEY), &["name", "company", "lead_status", "owner"]),
        rule("contact", "Same person among the contacts", warn, reached("contact"), &["name", "account", "title", "owner"]),
        rule(
            opportunity::KEY,
            "Same deal with a customer",
            warn,
            vec![group(
                opportunity::KEY,
                &[("account", Method::Exact), ("name", fuzzy), ("created_at", Method::WithinDays { days: RECENT })],
            )],
            &["name", "account", "stage", "owner"],
        ),
    ]
}

fn group(object: &str, rows: &[(&str, Method)]) -> Group {
    let row =
        |(field, method): &(&str, Method)| Row { field: (*field).into(), other: (*field).into(), method: *method, blank: Blank::Never };
    Group { object: object.to_owned(), rows: rows.iter().map(row).collect() }
}

fn rule(object: &str, name: &str, strictness: Strictness, groups: Vec<Group>, shows: &[&str]) -> DuplicateRule {
    DuplicateRule {
        id: id_of(object),
        object: object.to_owned(),
        name: name.to_owned(),
        active: true,
        kinds: Kinds { new: true, import: true, tool: true },
        when: None,
        scope: Scope::default(),
        groups,
        strictness,
        exempt_roles: Vec::new(),
        shows: vec![Shown { object: object.to_owned(), fields: shows.iter().map(|key| (*key).to_owned()).collect() }],
        most: 20,
        version: 1,
    }
}

/// The same in every organisation.
fn id_of(object: &str) -> Id {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("duplicate rule of {object}"));
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&digest[..10]);
    Id::from_parts(0, bytes)
}

/// Puts the shipped rules in where they have not been yet, as far as the organisation has their fields in use.
pub(crate) fn install(db: &Db) -> Result<()> {
    let there = |tx: &mut db::Read| -> Result<bool> {
        Ok(tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(MARK)))?.is_some())
    };
    if db.read(there)? {
        return Ok(());
    }
    db.write::<_, Error>(|tx| {
        // Several servers may start at once.
        tx.lock(&[MARK.to_owned()])?;
        if there(tx)? {
            return Ok(());
        }
        put_in(tx)?;
        tx.insert_rows("counter", &["key", "n"], vec![vec![MARK.into(), 1_i64.into()]])?;
        tx.publish_meta()?;
        Ok(())
    })
}

fn put_in(tx: &mut Write) -> Result<()> {
    let objects: Vec<Object> = tx.all(Query::select().column("doc").from("object_def"))?.iter().map(meta::doc).collect::<Result<_>>()?;
    let objects: BTreeMap<&str, &Object> = objects.iter().map(|object| (object.key.as_str(), object)).collect();
    let live = |object: &str, field: &str| {
        let object = objects.get(object).filter(|object| object.state.is_live());
        object.and_then(|object| object.field(field)).is_some_and(|field| field.state.is_live())
    };
    for mut rule in shipped() {
        let object = rule.object.clone();
        rule.groups.retain(|group| group.rows.iter().all(|row| live(&object, &row.field) && live(&group.object, &row.other)));
        rule.shows.iter_mut().for_each(|shown| shown.fields.retain(|field| live(&shown.object, field)));
        if !rule.groups.is_empty() {
            define::put(tx, &rule)?;
        }
    }
    Ok(())
}
