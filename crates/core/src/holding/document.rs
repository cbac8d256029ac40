//! Rules and definitions as they are written, and what may be wrong with them.

use std::collections::BTreeSet;

use db::Read;
use db::records::Scope;
use model::holding::{Definition, HoldingRule, Limit, Subject, variable_kind};
use model::{Condition, Field, Id, Object, Schema, Violation, Violations};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value as Json, json};

use crate::{Ctx, Meta, Result, veil};

/// Characters of a name, and of a note.
const LONGEST_NAME: usize = 100;
const LONGEST_NOTE: usize = 1000;
/// Departments or groups of one rule.
const MOST_SUBJECTS: usize = 200;
/// Rules of one object: each is judged for every record that is given.
const MOST_RULES: usize = 100;

/// The body of `POST /holding-rules`, `PUT /holding-rules/{id}` and `POST /holding-rules/preview`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub object: String,
    #[serde(default)]
    pub name: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub subject: Json,
    #[serde(default)]
    pub counts: Option<Json>,
    #[serde(default)]
    pub limit: Json,
    /// Which rule it is to stand for, in a preview.
    #[serde(default)]
    pub id: Option<String>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

/// The body of `PUT /holding-definition/{object}` and of its preview.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedDefinition {
    #[serde(default)]
    pub condition: Option<Json>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "object")]
    _object: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
}

fn yes() -> bool {
    true
}

/// The object, if its records have owners.
pub(super) fn limited<'a>(meta: &'a Meta, key: &str) -> std::result::Result<&'a Object, Violation> {
    let object = meta.schema.object(key).ok_or_else(|| Violation::new("field.unknown", "object").with("field", key))?;
    if object.owned { Ok(object) } else { Err(Violation::new("holding.object_not_owned", "object").with("object", key)) }
}

/// The rule that a document describes. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, tx: &mut Read, meta: &Meta, wanted: &Wanted, id: Id, version: i64) -> Result<HoldingRule> {
    let mut found = Violations::new();
    let object = limited(meta, &wanted.object).map_err(|violation| found.push(violation)).ok();
    let name = wanted.name.trim().to_owned();
    let note = wanted.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    if name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    }
    for (path, text, most) in [("name", Some(&name), LONGEST_NAME), ("note", note.as_ref(), LONGEST_NOTE)] {
        let Some(text) = text else { continue };
        if !model::text::storable(text) {
            found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
        } else if text.chars().count() > most {
            found.push(Violation::new("field.too_long", path).with("max", most));
        }
    }
    if meta.holding.rules(Some(&wanted.object)).filter(|rule| rule.id != id).count() >= MOST_RULES {
        found.push(Violation::new("holding.too_many", "").with("max", MOST_RULES));
    }
    let subject = subject(cx, tx, meta, &wanted.subject, &mut found)?;
    let limit = limit(cx, meta, &wanted.limit, &mut found);
    let counts = object.and_then(|object| condition(cx, meta, &object.key, wanted.counts.as_ref(), "counts", &mut found));
    match (subject, limit) {
        (Some(subject), Some(limit)) if found.is_empty() => {
            Ok(HoldingRule { id, object: wanted.object.clone(), name, active: wanted.active, note, subject, counts, limit, version })
        }
        _ => Err(found.into()),
    }
}

/// The definition that a document describes. Errors: everything that stands against it.
pub(super) fn definition(cx: &Ctx, meta: &Meta, object: &str, wanted: &WantedDefinition, version: i64) -> Result<Definition> {
    let mut found = Violations::new();
    let condition = condition(cx, meta, object, wanted.condition.as_ref(), "condition", &mut found);
    if found.is_empty() { Ok(Definition { object: object.to_owned(), condition, version }) } else { Err(found.into()) }
}

/// Whom it limits.
fn subject(cx: &Ctx, tx: &mut Read, meta: &Meta, json: &Json, found: &mut Violations) -> Result<Option<Subject>> {
    let kind = json["kind"].as_str().unwrap_or_default();
    let known: &[&str] = match kind {
        "employees" => &["kind", "condition"],
        "departments" => &["kind", "ids", "with_sub"],
        "groups" => &["kind", "ids"],
        other => {
            let options = vec!["employees", "departments", "groups"];
            found.push(Violation::new("field.not_an_option", "subject/kind").with("value", other).with("options", options));
            return Ok(None);
        }
    };
    if let Some(other) = json.as_object().into_iter().flat_map(|map| map.keys()).find(|key| !known.contains(&key.as_str())) {
        found.push(Violation::new("field.unknown", format!("subject/{other}")).with("field", other.as_str()));
        return Ok(None);
    }
    if kind == "employees" {
        let condition = condition(cx, meta, "employee", json.get("condition"), "subject/condition", found);
        return Ok(Some(Subject::Employees { condition }));
    }
    let with_sub = match &json["with_sub"] {
        Json::Null => false,
        Json::Bool(with_sub) => *with_sub,
        _ => {
            found.push(Violation::new("field.invalid", "subject/with_sub").with("expected", "true or false"));
            false
        }
    };
    let object = if kind == "departments" { "department" } else { "user_group" };
    let ids = ids(tx, meta, object, &json["ids"], found)?;
    Ok(Some(if kind == "departments" { Subject::Departments { ids, with_sub } } else { Subject::Groups { ids } }))
}

/// Departments or groups by their ids: each is there, and named once.
fn ids(tx: &mut Read, meta: &Meta, object: &str, json: &Json, found: &mut Violations) -> Result<Vec<Id>> {
    let list = json.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.is_empty() {
        found.push(Violation::new("field.required", "subject/ids"));
    } else if list.len() > MOST_SUBJECTS {
        found.push(Violation::new("field.too_long", "subject/ids").with("max", MOST_SUBJECTS));
        return Ok(Vec::new());
    }
    let Some(object) = meta.schema.object(object) else { return Ok(Vec::new()) };
    let read: Vec<Option<Id>> = list.iter().map(|id| id.as_str().and_then(|id| id.parse().ok())).collect();
    let wanted: Vec<Id> = read.iter().flatten().copied().collect();
    let there = db::records::load(tx, &meta.schema, object, &Scope::All("whom a rule limits"), &wanted)?;
    let there: BTreeSet<Id> = there.iter().filter(|record| record.text("lifecycle_status") != "voided").map(|record| record.id).collect();
    let mut ids = Vec::with_capacity(wanted.len());
    for (at, id) in read.into_iter().enumerate() {
        let path = format!("subject/ids/{at}");
        match id.filter(|id| there.contains(id)) {
            None => found.push(Violation::new("field.reference_not_found", path).with("id", list[at].clone())),
            Some(id) if ids.contains(&id) => found.push(Violation::new("field.not_unique", path).with("value", id.to_string())),
            Some(id) => ids.push(id),
        }
    }
    Ok(ids)
}

fn limit(cx: &Ctx, meta: &Meta, json: &Json, found: &mut Violations) -> Option<Limit> {
    match json["kind"].as_str().unwrap_or_default() {
        "number" => {
            let number = json["number"].as_u64().and_then(|number| u32::try_from(number).ok());
            if number.is_none() {
                let code = if json["number"].is_null() { "field.required" } else { "field.invalid" };
                found.push(Violation::new(code, "limit/number").with("expected", "a whole number from 0"));
            }
            number.map(|number| Limit::Number { number })
        }
        "variable" => {
            let key = json["field"].as_str().unwrap_or_default();
            if key.is_empty() {
                found.push(Violation::new("field.required", "limit/field"));
                return None;
            }
            let known = variables_of(cx, meta).any(|(field, _)| field.key == key);
            if !known {
                found.push(Violation::new("holding.variable_not_allowed", "limit/field").with("field", key));
            }
            known.then(|| Limit::Variable { field: key.to_owned() })
        }
        other => {
            let options = vec!["number", "variable"];
            found.push(Violation::new("field.not_an_option", "limit/kind").with("value", other).with("options", options));
            None
        }
    }
}

/// The fields of a person that may be limits, as far as the caller may know of them, with their kinds.
fn variables_of<'a>(cx: &'a Ctx, meta: &'a Meta) -> impl Iterator<Item = (&'a Field, &'static str)> {
    let fields = meta.schema.object("employee").into_iter().flat_map(|employee| &employee.fields);
    fields.filter(|field| !veil::hides(cx, "employee", &field.key)).filter_map(|field| Some((field, variable_kind(field)?)))
}

/// `GET /holding-rules/variables`; administrators only.
pub fn variables(cx: &Ctx) -> Result<Json> {
    cx.administrators_only("read", "holding_rule")?;
    let show = |(field, kind): (&Field, &str)| json!({"field": field.key, "label": field.label, "kind": kind});
    Ok(json!({"items": variables_of(cx, &cx.meta).map(show).collect::<Vec<_>>()}))
}

/// Reads a condition with the author's eyes.
fn condition(cx: &Ctx, meta: &Meta, object: &str, json: Option<&Json>, path: &str, found: &mut Violations) -> Option<Condition> {
    let json = json.filter(|json| !json.is_null())?;
    let placed = |violation: Violation| {
        let field = violation.path.clone();
        let mut placed = Violation { path: path.to_owned(), ..violation };
        placed.params.entry("field").or_insert(field.into());
        placed
    };
    let condition = Condition::from_json(json).map_err(|violation| found.push(placed(violation))).ok()?;
    let seen: Schema = match cx.who.system {
        Some(_) => meta.schema.clone(),
        None => meta.schema.seen_through(|of, field| cx.who.rights.field(&of.key, field) > model::role::FieldAccess::Hidden),
    };
    match condition.resolve(object, &cx.reading_of(meta, &seen)) {
        Ok(_) => Some(condition),
        Err(wrong) => {
            found.extend(wrong.into_iter().map(placed));
            None
        }
    }
}
