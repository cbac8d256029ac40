//! A pool as it is written, and what may be wrong with it.

use std::collections::BTreeSet;

use db::Read;
use model::pool::{Clears, FIELD, Mode, Pool, Reclaim, Without};
use model::role::FieldAccess;
use model::{Field, Id, Object, Violation, Violations};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use crate::sharing::{self, WantedRecipient};
use crate::{Ctx, Meta, Result};

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Pools altogether.
const MOST_POOLS: usize = 200;
/// Rules of one pool.
const MOST_RULES: usize = 10;
/// Days of a rule.
const MOST_DAYS: u32 = 3650;
/// Fields by which the product finds its way: they cannot be covered.
const IN_THE_OPEN: [&str; 8] =
    [FIELD, "sales_process", "stage", "stage_type", "stage_entered_at", "process_version", "lead_status", "last_followed_at"];

/// The body of `POST /pools` and `PUT /pools/{id}`: what `GET` gave is taken as it is.
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
    pub administrators: Vec<WantedRecipient>,
    #[serde(default)]
    pub members: Vec<WantedRecipient>,
    pub mode: Mode,
    #[serde(default)]
    pub hidden: Vec<String>,
    #[serde(default)]
    pub claims_per_day: Option<u32>,
    #[serde(default)]
    pub not_again_for_days: Option<u32>,
    #[serde(default)]
    pub reclaim: Vec<Reclaim>,
    #[serde(default)]
    pub clears: Clears,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "can")]
    _can: IgnoredAny,
    #[serde(default, rename = "left_today")]
    _left_today: IgnoredAny,
    #[serde(default, rename = "records")]
    _records: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

fn yes() -> bool {
    true
}

/// The pool that a document describes. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, tx: &mut Read, meta: &Meta, wanted: &Wanted, id: Id, version: i64) -> Result<Pool> {
    let mut found = Violations::new();
    let object = with_pools(meta, &wanted.object).map_err(|violation| found.push(violation)).ok();
    let name = name(meta, wanted, id, &mut found);
    if meta.pools.iter().filter(|pool| pool.id != id).count() >= MOST_POOLS {
        found.push(Violation::new("pool.too_many", "").with("max", MOST_POOLS));
    }
    let administrators = people(tx, meta, &wanted.administrators, "administrators", &mut found)?;
    let members = people(tx, meta, &wanted.members, "members", &mut found)?;
    for (field, number) in [("claims_per_day", wanted.claims_per_day), ("not_again_for_days", wanted.not_again_for_days)] {
        if number.is_some_and(|n| n == 0 || n > MOST_DAYS) {
            found.push(Violation::new("field.out_of_range", field).with("min", 1).with("max", MOST_DAYS));
        }
    }
    let condition = match object {
        None => None,
        Some(object) => {
            hidden(cx, object, &wanted.hidden, &mut found);
            cleared(cx, object, &wanted.clears.fields, &mut found);
            rules(object, &wanted.reclaim, &mut found);
            sharing::condition(cx, meta, object, wanted.condition.as_ref(), &mut found)
        }
    };
    if !found.is_empty() {
        return Err(found.into());
    }
    let mut reclaim = wanted.reclaim.clone();
    reclaim.iter_mut().for_each(|rule| rule.warn_days_before.sort_unstable_by(|a, b| b.cmp(a)));
    Ok(Pool {
        id,
        object: wanted.object.clone(),
        name,
        active: wanted.active,
        condition,
        administrators,
        members,
        mode: wanted.mode,
        hidden: wanted.hidden.clone(),
        claims_per_day: wanted.claims_per_day,
        not_again_for_days: wanted.not_again_for_days,
        reclaim,
        clears: wanted.clears.clone(),
        version,
    })
}

/// The object, if its records may be without an owner.
fn with_pools<'a>(meta: &'a Meta, key: &str) -> std::result::Result<&'a Object, Violation> {
    let object = meta.schema.object(key).ok_or_else(|| Violation::new("field.unknown", "object").with("field", key))?;
    let fits = object.ownerless && object.field(FIELD).is_some();
    if fits { Ok(object) } else { Err(Violation::new("pool.object_without_pools", "object").with("object", key)) }
}

fn name(meta: &Meta, wanted: &Wanted, id: Id, found: &mut Violations) -> String {
    let name = wanted.name.trim().to_owned();
    let folded = model::text::fold(&name);
    let taken = meta.pools.iter().any(|pool| pool.id != id && pool.object == wanted.object && model::text::fold(&pool.name) == folded);
    if name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    } else if !model::text::storable(&name) {
        found.push(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000"));
    } else if name.chars().count() > LONGEST_NAME {
        found.push(Violation::new("field.too_long", "name").with("max", LONGEST_NAME));
    } else if taken {
        found.push(Violation::new("field.not_unique", "name").with("value", name.as_str()));
    }
    name
}

/// People, departments and groups; there may be none.
fn people(
    tx: &mut Read,
    meta: &Meta,
    wanted: &[WantedRecipient],
    place: &str,
    found: &mut Violations,
) -> Result<Vec<model::sharing::Recipient>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut own = Violations::new();
    let read = sharing::recipients(tx, meta, wanted, "who is in a pool", &mut own)?;
    found.extend(own.into_iter().map(|violation| {
        let path = violation.path.strip_prefix("to").map_or_else(|| violation.path.clone(), |rest| format!("{place}{rest}"));
        Violation { path, ..violation }
    }));
    Ok(read)
}

/// The fields that are named, each once and known to the author.
fn fields<'a>(cx: &Ctx, object: &'a Object, wanted: &'a [String], place: &str, found: &mut Violations) -> Vec<(usize, &'a Field)> {
    let (mut read, mut seen) = (Vec::new(), BTreeSet::new());
    for (at, key) in wanted.iter().enumerate() {
        let field = object.field(key).filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
        match field {
            None => found.push(Violation::new("field.unknown", format!("{place}/{at}")).with("field", key.as_str())),
            Some(_) if !seen.insert(key) => {
                found.push(Violation::new("field.not_unique", format!("{place}/{at}")).with("value", key.as_str()));
            }
            Some(field) => read.push((at, field)),
        }
    }
    read
}

fn hidden(cx: &Ctx, object: &Object, wanted: &[String], found: &mut Violations) {
    for (at, field) in fields(cx, object, wanted, "hidden", found) {
        if field.system || IN_THE_OPEN.contains(&field.key.as_str()) {
            found.push(Violation::new("pool.field_not_hidden", format!("hidden/{at}")).with("field", field.key.as_str()));
        }
    }
}

fn cleared(cx: &Ctx, object: &Object, wanted: &[String], found: &mut Violations) {
    for (at, field) in fields(cx, object, wanted, "clears/fields", found) {
        if field.system || field.read_only || field.required || field.is_reckoned() {
            found.push(Violation::new("pool.field_not_cleared", format!("clears/fields/{at}")).with("field", field.key.as_str()));
        }
    }
}

fn rules(object: &Object, wanted: &[Reclaim], found: &mut Violations) {
    if wanted.len() > MOST_RULES {
        found.push(Violation::new("field.too_long", "reclaim").with("max", MOST_RULES));
    }
    let mut keys = BTreeSet::new();
    for (at, rule) in wanted.iter().enumerate() {
        if !model::text::is_key(&rule.key) {
            found.push(
                Violation::new("field.invalid", format!("reclaim/{at}/key"))
                    .with("expected", "a key: small letters, digits and underscores"),
            );
        } else if !keys.insert(&rule.key) {
            found.push(Violation::new("field.not_unique", format!("reclaim/{at}/key")).with("value", rule.key.as_str()));
        }
        if rule.days == 0 || rule.days > MOST_DAYS {
            found.push(Violation::new("field.out_of_range", format!("reclaim/{at}/days")).with("min", 1).with("max", MOST_DAYS));
        }
        if rule.without == Without::StageProgress && object.field("stage_entered_at").is_none() {
            found.push(Violation::new("pool.no_stages", format!("reclaim/{at}/without")).with("object", object.key.as_str()));
        }
        let mut days = BTreeSet::new();
        if rule.warn_days_before.iter().any(|n| *n == 0 || *n >= rule.days || !days.insert(*n)) {
            found.push(Violation::new("pool.warning_out_of_range", format!("reclaim/{at}/warn_days_before")).with("days", rule.days));
        }
    }
}
