//! Objects of an administrator's own: making them, naming them anew, laying out their screens, putting them aside.

use std::collections::BTreeSet;

use db::Write;
use model::field::{FieldType, State};
use model::objects::standard_fields;
use model::role::Role;
use model::{Base, Field, Id, Label, Layout, Object, Validation, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::change::Changing;
use super::show::whole;
use super::{judge, uses};
use crate::jobs::{self, Kind, New};
use crate::{Ctx, Error, Result, meta};

/// `POST /objects`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateObject {
    /// From the name when absent; begins with `x_`.
    #[serde(default)]
    pub key: Option<String>,
    pub label: Label,
    pub plural: Label,
    /// Its records have an owner, a team and the owner's department.
    #[serde(default = "yes")]
    pub owned: bool,
    /// `private`, `public_read`, `public_write`, or `{"by_parent": object}`: whoever sees the record that it belongs to. That makes a
    /// field which refers to it.
    #[serde(default)]
    pub base: Option<Base>,
    /// With `by_parent`: it is created with its parent and lives in it.
    #[serde(default)]
    pub sub_object: bool,
    #[serde(default)]
    pub icon: Option<String>,
    /// What its name is called.
    #[serde(default)]
    pub name_label: Option<Label>,
    /// Its name is a number that the product gives, as `SV-{yyyy}-{0000}`.
    #[serde(default)]
    pub name_number: Option<String>,
    /// Every role gets the rights that it has over this object; that of accounts, or of contact roles for what has no owner.
    #[serde(default)]
    pub rights_like: Option<String>,
}

fn yes() -> bool {
    true
}

/// `PATCH /objects/{object}`: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateObject {
    #[serde(default)]
    pub label: Option<Label>,
    #[serde(default)]
    pub plural: Option<Label>,
    #[serde(default)]
    pub icon: Option<String>,
    #[serde(default)]
    pub base: Option<Base>,
    #[serde(default)]
    pub layouts: Option<Vec<Layout>>,
    #[serde(default)]
    pub validations: Option<Vec<Json>>,
}

/// `POST /objects/{object}/act`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectAct {
    Disable,
    Enable,
    /// Delete, recoverable for 30 days.
    Hide,
    Recover,
    /// Delete for good what was deleted before.
    Drop,
}

/// Makes an object; administrators only. Its table is made by the job in the answer.
pub fn create(cx: &Ctx, tx: &mut Write, wanted: &CreateObject) -> Result<(Json, Id)> {
    cx.administrators_only("create", "object")?;
    let mut changing = Changing::begin(cx, tx)?;
    let mut found = Violations::new();
    judge::label(&wanted.label, "label", true, &mut found);
    judge::label(&wanted.plural, "plural", true, &mut found);
    judge::icon(wanted.icon.as_deref(), &mut found);
    let taken = |key: &str| changing.definitions.iter().any(|object| object.key == key);
    let key = match &wanted.key {
        Some(key) => judge::own_key(key, "key", &mut found),
        None => judge::new_key(wanted.label.in_language("en"), "object", taken),
    };
    if taken(&key) {
        found.push(Violation::new("field.not_unique", "key").with("value", key.as_str()));
    } else if jobs::open_of(tx, &key)?.iter().any(|job| job.kind == Kind::DropObject) {
        // Its table is still there, with its records.
        found.push(Violation::new("field.key_retired", "key").with("value", key.as_str()));
    }
    let (base, parent) = match &wanted.base {
        Some(Base::ByParent(parent)) => {
            let target = changing.schema().object(parent).cloned();
            if target.is_none() {
                found.push(Violation::new("field.unknown", "base").with("field", parent.as_str()));
            }
            (None, target)
        }
        other => (other.clone(), None),
    };
    let mut fields = vec![name(wanted, &mut found)];
    if let Some(parent) = &parent {
        let field = parent_field(parent, wanted.sub_object);
        fields.push(field);
    }
    let owned = wanted.owned && parent.is_none();
    fields.extend(standard_fields(owned));
    let base = match &parent {
        Some(_) => Base::ByParent(fields[1].key.clone()),
        // Where nobody owns the records, what one may do with them follows from one's role.
        None => base.unwrap_or(if owned { Base::Private } else { Base::PublicRead }),
    };
    if base == Base::Private && !owned {
        found.push(Violation::new("object.base_needs_owner", "base"));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let object = Object {
        key: key.clone(),
        label: wanted.label.clone(),
        plural: wanted.plural.clone(),
        preset: false,
        owned,
        base,
        rank: rank(&changing.definitions),
        fields,
        state: State::Preparing,
        icon: wanted.icon.clone(),
        ..Object::default()
    };
    changing.put(cx, tx, object)?;
    let like = wanted.rights_like.clone().unwrap_or_else(|| if owned { "account" } else { "contact_role" }.to_owned());
    give_rights(&changing.meta.roles, tx, &like, &key)?;
    let job = jobs::enqueue(cx, tx, New::on(Kind::MakeObject, &key, None))?;
    let shown = whole(changing.object(&key)?, &[]);
    Ok((json!({"object": shown, "meta_version": changing.version}), job))
}

/// Own objects are locked after the preset ones and those that were made before, and before what hangs on any of them.
fn rank(definitions: &[Object]) -> u16 {
    definitions.iter().map(|object| object.rank).filter(|rank| *rank < Object::HANGING).fold(999, std::cmp::max) + 1
}

fn name(wanted: &CreateObject, found: &mut Violations) -> Field {
    let label = wanted.name_label.clone().unwrap_or_else(|| Label::new("Name", "名称"));
    judge::label(&label, "name_label", true, found);
    match &wanted.name_number {
        Some(pattern) => {
            judge::number_pattern(pattern, "name_number", found);
            Field::new("name", label, FieldType::AutoNumber { pattern: pattern.clone() })
        }
        None => Field::new("name", label, FieldType::Text { max_length: 255, pattern: None }).required(),
    }
}

/// The field by which a record belongs to another, called as the other is.
fn parent_field(parent: &Object, sub_object: bool) -> Field {
    let object = parent.key.clone();
    let bare = parent.key.strip_prefix("x_").unwrap_or(&parent.key);
    let kind = if sub_object { FieldType::Master { object } } else { FieldType::Reference { object } };
    Field::new(&format!("x_{bare}"), parent.label.clone(), kind).required()
}

/// Every role may do with the new object what it may do with a known one.
fn give_rights(roles: &[Role], tx: &mut Write, like: &str, key: &str) -> Result<()> {
    for role in roles.iter().filter(|role| role.objects.contains_key(like)) {
        let mut role = role.clone();
        let acts = role.objects[like].acts.clone();
        role.objects.insert(key.to_owned(), model::role::ObjectRights { acts, fields: Default::default() });
        role.version += 1;
        meta::put_role(tx, &role)?;
    }
    Ok(())
}

/// Changes an object's names, screens and rules; administrators only. `seen` is the version of the definition that the caller worked on.
pub fn update(cx: &Ctx, tx: &mut Write, key: &str, seen: Option<i64>, wanted: &UpdateObject) -> Result<Json> {
    cx.administrators_only("edit", "object")?;
    let mut changing = Changing::begin(cx, tx)?;
    let mut object = changing.object(key)?.clone();
    changing.must_be(tx, &object, seen)?;
    let mut found = Violations::new();
    if let Some(label) = &wanted.label {
        judge::label(label, "label", true, &mut found);
        object.label = label.clone();
    }
    if let Some(plural) = &wanted.plural {
        judge::label(plural, "plural", true, &mut found);
        object.plural = plural.clone();
    }
    if wanted.icon.is_some() {
        judge::icon(wanted.icon.as_deref(), &mut found);
        object.icon.clone_from(&wanted.icon);
    }
    if let Some(base) = &wanted.base {
        judge::base(&object, base, &changing.definitions, &mut found);
        object.base = base.clone();
    }
    if let Some(layouts) = &wanted.layouts {
        judge::layouts(&object, &changing.meta.roles, layouts, &mut found);
        object.layouts.clone_from(layouts);
    }
    if let Some(validations) = &wanted.validations {
        let read = read_validations(validations, &mut found);
        let schema = changing.schema();
        judge::validations(&object, &changing.reading(cx, &schema), &read, &mut found);
        object.validations = read;
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    changing.put(cx, tx, object)?;
    let jobs = jobs::open_of(tx, key)?;
    Ok(json!({"object": whole(changing.object(key)?, &jobs), "meta_version": changing.version}))
}

/// Rules as they are given; a rule without a key gets one.
fn read_validations(wanted: &[Json], found: &mut Violations) -> Vec<Validation> {
    let mut keys: BTreeSet<String> = wanted.iter().filter_map(|one| one.get("key")?.as_str().map(str::to_owned)).collect();
    let mut read = Vec::with_capacity(wanted.len());
    for (at, json) in wanted.iter().enumerate() {
        let mut json = json.clone();
        if json.is_object() && json.get("key").is_none_or(Json::is_null) {
            let key = (1..).map(|n| format!("rule_{n}")).find(|key| !keys.contains(key)).unwrap_or_default();
            keys.insert(key.clone());
            json["key"] = key.into();
        }
        match serde_json::from_value::<Validation>(json) {
            Ok(validation) => read.push(validation),
            Err(e) => found.push(Violation::new("field.invalid", format!("validations/{at}")).with("expected", e.to_string())),
        }
    }
    read
}

/// What an object refers to may have gone while it was put aside, since only objects in use count on others.
fn whole_again(changing: &Changing, object: &Object) -> Result<()> {
    let schema = changing.schema();
    let there = |target: &str| target == object.key || schema.object(target).is_some();
    let gone = |field: &&Field| field.state.is_kept() && field.kind.leads_to().is_some_and(|target| !there(target));
    let found: Violations = object
        .fields
        .iter()
        .filter(gone)
        .map(|field| Violation::new("field.unknown", field.key.as_str()).with("field", field.kind.leads_to()))
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// Puts an own object aside, back, or away; administrators only. With the job that ends it where there is one.
pub fn act(cx: &Ctx, tx: &mut Write, key: &str, act: ObjectAct) -> Result<(Json, Option<Id>)> {
    cx.administrators_only("edit", "object")?;
    let mut changing = Changing::begin(cx, tx)?;
    let mut object = changing.object(key)?.clone();
    if object.preset {
        return Err(Violation::new("object.preset", "").with("object", key).into());
    }
    let refused = || Error::from(Violation::new("object.wrong_state", "").with("state", object.state.key()));
    let mut job = None;
    match (act, object.state) {
        (ObjectAct::Disable, State::Live) | (ObjectAct::Hide, State::Live | State::Disabled) => {
            let used = uses::of_object(cx, tx, &changing, key)?;
            if !used.is_empty() {
                return Err(used.iter().map(|one| one.refusal("object.in_use")).collect::<Violations>().into());
            }
            object.state = if act == ObjectAct::Disable { State::Disabled } else { State::Hidden };
            if act == ObjectAct::Hide {
                object.hidden_at = Some(cx.at);
                let end = New { run_at: Some(cx.at.plus_seconds(model::field::RECOVERABLE)), ..New::on(Kind::DropObject, key, None) };
                jobs::enqueue(cx, tx, end)?;
            }
        }
        (ObjectAct::Enable, State::Disabled) => object.state = State::Live,
        (ObjectAct::Recover, State::Hidden) => {
            object.state = State::Live;
            object.hidden_at = None;
            jobs::cancel(cx, tx, key, None, &[Kind::DropObject])?;
        }
        (ObjectAct::Drop, State::Hidden) => {
            jobs::cancel(cx, tx, key, None, &[Kind::DropObject])?;
            job = Some(jobs::enqueue(cx, tx, New::on(Kind::DropObject, key, None))?);
        }
        _ => return Err(refused()),
    }
    if object.state == State::Live {
        whole_again(&changing, &object)?;
        // What follows from other records was not kept meanwhile.
        for field in object.fields.iter_mut().filter(|field| field.state.is_kept() && field.is_reckoned() && field.is_stored()) {
            field.state = State::Filling;
            jobs::cancel(cx, tx, key, Some(&field.key), &[Kind::MakeField, Kind::Recalculate])?;
            jobs::enqueue(cx, tx, New::on(Kind::MakeField, key, Some(&field.key)))?;
        }
    }
    changing.put(cx, tx, object)?;
    let jobs = jobs::open_of(tx, key)?;
    Ok((json!({"object": whole(changing.object(key)?, &jobs), "meta_version": changing.version}), job))
}
