//! A rule as it is written, and what may be wrong with it.

use std::collections::BTreeSet;

use db::Read;
use db::records::Scope;
use model::sharing::{Level, Recipient, RecipientKind, SharingRule};
use model::{Condition, Id, Object, Schema, Violation, Violations};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use crate::{Ctx, Error, Meta, Result};

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Those whom one rule names.
const MOST_RECIPIENTS: usize = 50;
/// Rules of one object: each is judged for every record that is saved.
const MOST_RULES: usize = 100;

/// The body of `POST /sharing-rules` and `PUT /sharing-rules/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub object: String,
    #[serde(default)]
    pub name: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub condition: Option<Json>,
    #[serde(default)]
    pub to: Vec<WantedRecipient>,
    #[serde(default)]
    pub level: String,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "settling")]
    _settling: IgnoredAny,
    #[serde(default, rename = "records")]
    _records: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

/// Somebody to whom records are given, as he is typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedRecipient {
    pub kind: String,
    pub id: String,
}

/// The body of `POST /sharing-rules/preview`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    pub object: String,
    #[serde(default)]
    pub condition: Option<Json>,
}

fn yes() -> bool {
    true
}

/// The rule that a document describes. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, tx: &mut Read, meta: &Meta, wanted: &Wanted, id: Id, version: i64) -> Result<SharingRule> {
    let mut found = Violations::new();
    let object = shareable(meta, &wanted.object).map_err(|violation| found.push(violation)).ok();
    let name = wanted.name.trim().to_owned();
    if name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    } else if !model::text::storable(&name) {
        found.push(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000"));
    } else if name.chars().count() > LONGEST_NAME {
        found.push(Violation::new("field.too_long", "name").with("max", LONGEST_NAME));
    }
    let level = Level::of(&wanted.level);
    if level.is_none() {
        let options = vec!["read", "read_write"];
        found.push(Violation::new("field.not_an_option", "level").with("value", wanted.level.as_str()).with("options", options));
    }
    let to = recipients(tx, meta, &wanted.to, "to whom a rule may give", &mut found)?;
    let others = super::live::all_of(tx, Some(&wanted.object))?.into_iter().filter(|rule| rule.id != id).count();
    if others >= MOST_RULES {
        found.push(Violation::new("sharing.too_many", "").with("max", MOST_RULES));
    }
    let condition = object.and_then(|object| condition(cx, meta, object, wanted.condition.as_ref(), &mut found));
    match level {
        Some(level) if found.is_empty() => {
            Ok(SharingRule { id, object: wanted.object.clone(), name, active: wanted.active, condition, to, level, version })
        }
        _ => Err(found.into()),
    }
}

/// The object, if its records have owners: others are seen by everybody, or by whoever sees what they belong to.
pub(super) fn shareable<'a>(meta: &'a Meta, key: &str) -> std::result::Result<&'a Object, Violation> {
    let object = meta.schema.object(key).ok_or_else(|| Violation::new("field.unknown", "object").with("field", key))?;
    if object.owned { Ok(object) } else { Err(Violation::new("sharing.object_not_owned", "object").with("object", key)) }
}

/// Reads a condition with the author's eyes: over the record's own stored fields that he may know of, and nothing that changes by itself.
pub(crate) fn condition(cx: &Ctx, meta: &Meta, object: &Object, json: Option<&Json>, found: &mut Violations) -> Option<Condition> {
    let json = json.filter(|json| !json.is_null())?;
    let condition = Condition::from_json(json).map_err(|violation| found.push(violation)).ok()?;
    let seen: Schema = match cx.who.system {
        Some(_) => meta.schema.clone(),
        None => meta.schema.seen_through(|of, field| cx.who.rights.field(&of.key, field) > model::role::FieldAccess::Hidden),
    };
    let steady = condition.own_fields().filter(|_| !foreign_amount(json, meta.rates.main().code())).filter(|fields| {
        let own = |key: &String| object.field(key).is_none_or(|field| field.kind.kind() != model::field::Kind::LongText);
        fields.iter().all(own)
    });
    if steady.is_none() {
        found.push(Violation::new("sharing.condition_not_own", "condition"));
        return None;
    }
    let reading = cx.reading_of(meta, &seen);
    match condition.resolve(&object.key, &reading) {
        Ok(_) => Some(condition),
        Err(wrong) => {
            found.extend(wrong.into_iter().map(|violation| {
                let field = violation.path.clone();
                let mut placed = Violation { path: "condition".into(), ..violation };
                placed.params.entry("field").or_insert(field.into());
                placed
            }));
            None
        }
    }
}

/// An amount in another currency is another one every day.
pub(crate) fn foreign_amount(json: &Json, main: &str) -> bool {
    match json {
        Json::Object(map) => {
            map.get("currency").and_then(Json::as_str).is_some_and(|code| code != main)
                || map.values().any(|inner| foreign_amount(inner, main))
        }
        Json::Array(list) => list.iter().any(|inner| foreign_amount(inner, main)),
        _ => false,
    }
}

/// People, departments and groups that a rule names under `to`: each is there, and named once. `why` says what all of them are looked at for.
pub(crate) fn recipients(
    tx: &mut Read,
    meta: &Meta,
    wanted: &[WantedRecipient],
    why: &'static str,
    found: &mut Violations,
) -> Result<Vec<Recipient>> {
    if wanted.is_empty() {
        found.push(Violation::new("field.required", "to"));
    }
    if wanted.len() > MOST_RECIPIENTS {
        found.push(Violation::new("field.too_long", "to").with("max", MOST_RECIPIENTS));
        return Ok(Vec::new());
    }
    let (mut read, mut ids) = (Vec::with_capacity(wanted.len()), BTreeSet::new());
    for (at, one) in wanted.iter().enumerate() {
        let kind = serde_json::from_value::<RecipientKind>(Json::from(one.kind.as_str())).ok();
        let object = kind.and_then(|kind| meta.schema.object(kind.object()));
        let (Some(kind), Some(object)) = (kind, object) else {
            found.push(Violation::new("field.not_an_option", format!("to/{at}/kind")).with("value", one.kind.as_str()));
            continue;
        };
        let id: Option<Id> = one.id.parse().ok();
        let there = match id {
            Some(id) => {
                let there = db::records::load(tx, &meta.schema, object, &Scope::All(why), &[id])?;
                there.first().is_some_and(|record| record.text("lifecycle_status") != "voided")
            }
            None => false,
        };
        match id.filter(|_| there) {
            None => found.push(Violation::new("field.reference_not_found", format!("to/{at}/id")).with("id", one.id.as_str())),
            Some(id) if !ids.insert(id) => {
                found.push(Violation::new("field.not_unique", format!("to/{at}/id")).with("value", one.id.as_str()));
            }
            Some(id) => read.push(Recipient { kind, id }),
        }
    }
    Ok(read)
}

impl Ctx {
    /// How conditions of definitions are read on a schema as of `meta`, which may be newer than the request's own.
    pub(crate) fn reading_of<'a>(&'a self, meta: &'a Meta, schema: &'a Schema) -> model::condition::Reading<'a> {
        model::condition::Reading {
            schema,
            me: None,
            my_department: None,
            subordinates: &[],
            departments: &meta.departments,
            now: self.at,
            calendar: &meta.calendar,
            rates: &meta.rates,
        }
    }

    /// As [`Ctx::reading_of`], of everything.
    pub(crate) fn system_reading_of<'a>(&'a self, meta: &'a Meta) -> model::condition::Reading<'a> {
        self.reading_of(meta, &meta.schema)
    }
}

/// True where the caller may know of every field that a rule looks at.
pub(crate) fn is_known(cx: &Ctx, rule: &SharingRule) -> bool {
    let Some(condition) = &rule.condition else { return true };
    let known = |(object, field): &(String, String)| {
        let field = cx.meta.schema.object(object).and_then(|object| object.field(field));
        field.is_none_or(|field| cx.who.rights.field(object, field) > model::role::FieldAccess::Hidden)
    };
    condition.mentions(&rule.object, &cx.meta.schema).iter().all(known)
}

/// The object of a preview, and what its condition comes to.
pub(super) fn meant<'a>(cx: &'a Ctx, wanted: &Preview) -> Result<(&'a Object, model::condition::Resolved)> {
    let mut found = Violations::new();
    let object = shareable(&cx.meta, &wanted.object).map_err(Error::from)?;
    let condition = condition(cx, &cx.meta, object, wanted.condition.as_ref(), &mut found);
    if !found.is_empty() {
        return Err(found.into());
    }
    match condition {
        None => Ok((object, model::condition::Resolved::Always(true))),
        Some(condition) => Ok((object, condition.resolve(&object.key, &cx.system_reading()).map_err(Error::Invalid)?)),
    }
}
