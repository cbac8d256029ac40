//! A rule as it is written, stored and kept in force.

use db::Read;
use model::condition::{Reading, Resolved};
use model::objects::lead::KEY;
use model::sharing::Recipient;
use model::{Condition, Id, Schema, Violation, Violations};
use sea_query::{Order as Direction, Query};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Ctx, Error, Meta, Result, meta, sharing};

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Rules altogether: each may be judged for every lead that comes in.
pub(super) const MOST_RULES: usize = 200;

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct LeadRule {
    pub id: Id,
    pub name: String,
    pub active: bool,
    /// Which leads it means; none: all.
    pub condition: Option<Condition>,
    /// Who gets them, in turn.
    pub to: Vec<Recipient>,
    pub version: i64,
}

/// A rule in force, in the order of the rules.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub rule: LeadRule,
    pub condition: Resolved,
}

/// The body of `POST /lead-assignment-rules` and `PUT /lead-assignment-rules/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    pub name: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub condition: Option<Json>,
    #[serde(default)]
    pub to: Vec<sharing::WantedRecipient>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "next")]
    _next: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

/// The body of `PUT /lead-assignment-rules/order`: all rules in their new order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub ids: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Every rule in its order.
pub(super) fn all(tx: &mut Read) -> Result<Vec<LeadRule>> {
    let select =
        Query::select().column("doc").from("lead_rule").order_by("position", Direction::Asc).order_by("id", Direction::Asc).to_owned();
    tx.all(&select)?.iter().map(meta::doc).collect()
}

/// The rules in force.
pub(crate) fn load(tx: &mut Read, reading: &Reading<'_>) -> Result<Vec<Live>> {
    let live = |rule: LeadRule| {
        let condition = match &rule.condition {
            None => Resolved::Always(true),
            Some(condition) => condition
                .resolve(KEY, reading)
                .inspect_err(|found| tracing::error!("the assignment rule {} cannot be read: {found:?}", rule.id))
                .ok()?,
        };
        Some(Live { rule, condition })
    };
    Ok(all(tx)?.into_iter().filter(|rule| rule.active).filter_map(live).collect())
}

/// Every rule that names a field.
pub(crate) fn uses(tx: &mut Read, schema: &Schema, object: &str, field: &str) -> Result<Vec<LeadRule>> {
    let meant = (object.to_owned(), field.to_owned());
    let names = |rule: &LeadRule| rule.condition.as_ref().is_some_and(|condition| condition.mentions(KEY, schema).contains(&meant));
    Ok(all(tx)?.into_iter().filter(names).collect())
}

/// The rule that a document describes. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, tx: &mut Read, meta: &Meta, wanted: &Wanted, id: Id, version: i64) -> Result<LeadRule> {
    let mut found = Violations::new();
    let name = wanted.name.trim().to_owned();
    if name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    } else if !model::text::storable(&name) {
        found.push(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000"));
    } else if name.chars().count() > LONGEST_NAME {
        found.push(Violation::new("field.too_long", "name").with("max", LONGEST_NAME));
    }
    let to = sharing::recipients(tx, meta, &wanted.to, "who may get leads", &mut found)?;
    let condition = condition(cx, meta, wanted.condition.as_ref(), &mut found);
    if found.is_empty() { Ok(LeadRule { id, name, active: wanted.active, condition, to, version }) } else { Err(found.into()) }
}

/// A condition over leads, read with its author's eyes and without a "me".
fn condition(cx: &Ctx, meta: &Meta, json: Option<&Json>, found: &mut Violations) -> Option<Condition> {
    let json = json.filter(|json| !json.is_null())?;
    let condition = Condition::from_json(json).map_err(|violation| found.push(violation)).ok()?;
    let hidden = |object: &model::Object, field: &model::Field| cx.who.rights.field(&object.key, field) == model::role::FieldAccess::Hidden;
    let seen = match cx.who.system {
        Some(_) => meta.schema.clone(),
        None => meta.schema.seen_through(|object, field| !hidden(object, field)),
    };
    match condition.resolve(KEY, &cx.reading_of(meta, &seen)) {
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

/// The rule of an id. Error: not there.
pub(super) fn find(tx: &mut Read, id: Id) -> Result<LeadRule> {
    all(tx)?.into_iter().find(|rule| rule.id == id).ok_or(Error::NotFound)
}
