//! The index by which alike records are found: which of its parts rules need, and what they find.
//!
//! Every write of a record keeps the index ([`db::matching`]); here is said of what it is made. A part that rules newly need is kept from the
//! transaction on that saves the rule, on every server; the records that were there before are entered by a job, and until it is done those
//! which it has not reached are looked through themselves. So a rule judges rightly from its first save on.

mod foresight;
mod memory;
mod parts;
mod repair;
mod settle;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::PoisonError;

use db::Read;
use db::matching::{Ask, By, Like};
use model::duplicate::matching::{KeyKind, Side, Surroundings, asked, compared_as, kind_of};
use model::duplicate::rule::{Blank, DuplicateRule, Group, Method, Row};
use model::field::Kind as FieldKind;
use model::{Field, Id, Instant, Object, Record, Schema, Value};

use crate::{Ctx, Result};

pub use foresight::{Foresight, compared};
pub use memory::{Remembered, catch_up, remember};
pub(crate) use parts::load;
pub use parts::{Made, needed};
pub use repair::repair;
pub(crate) use repair::{differences, sizes};
pub use settle::settle_parts;
pub(crate) use settle::{keep_up, settle, step};

/// How records of a group are come by: by the row of it that the fewest share.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    pub row: &'a Row,
    /// The field of the record that is found.
    pub other: &'a Field,
    /// The kind of keys by which it is found; nothing where its own column tells.
    pub kind: Option<KeyKind>,
}

/// Microseconds.
const DAY: i64 = 86_400_000_000;

/// The way to the records of a group; `None` where none of its rows leads to any (days apart, amounts), and the group finds nothing.
pub fn way<'a>(schema: &'a Schema, group: &'a Group) -> Option<Way<'a>> {
    let object = schema.object(&group.object)?;
    let of_row = |row: &'a Row| {
        let other = object.field(&row.other)?;
        let kind = kind_of(row.method, other);
        let by_column =
            kind.is_none() && row.method == Method::Exact && !matches!(other.kind.kind(), FieldKind::LongText | FieldKind::Keys);
        (kind.is_some() || by_column).then_some(Way { row, other, kind })
    };
    group.rows.iter().filter_map(of_row).min_by_key(selectivity)
}

/// What the fewest records share comes first. Blanks that are alike are shared by many, so such a row is taken where there is no other.
fn selectivity(way: &Way<'_>) -> (bool, u8) {
    let rank = match way.kind {
        Some(KeyKind::Whole) => 0,
        Some(KeyKind::Digits) => 1,
        None if way.other.kind.kind() == FieldKind::Ref || way.other.unique || way.other.fast => 2,
        Some(KeyKind::Domain) => 3,
        Some(KeyKind::Parts) => 4,
        None => 5,
    };
    (way.row.blank == Blank::Equal, rank)
}

/// For each of these records the records, by object, that may be alike by a rule: those in the recycle bin and those that the caller may not
/// see among them, the record itself too. What they are worth is for [`model::duplicate::judge`] to say. All are looked for together.
pub fn candidates(cx: &Ctx, tx: &mut Read, wanted: &[(&DuplicateRule, &Record)]) -> Result<Vec<BTreeMap<String, Vec<Id>>>> {
    let schema = &cx.meta.schema;
    let mut asks: Vec<Ask<'_>> = Vec::new();
    let mut meant: Vec<Vec<usize>> = vec![Vec::new(); wanted.len()];
    let mut known: HashMap<(&str, &str, String), usize> = HashMap::new();
    for (place, (rule, record)) in wanted.iter().enumerate() {
        let Some(own) = schema.object(&rule.object) else { continue };
        for group in &rule.groups {
            let Some(ask) = ask(schema, &cx.meta.organisation.country, own, group, record) else { continue };
            // Rules that look for the same are answered together.
            let name = (
                ask.object.key.as_str(),
                ask.field.key.as_str(),
                format!("{:?}{:?}{:?}", ask.by, ask.like, ask.between.map(|(_, from, to)| (from, to))),
            );
            let at = *known.entry(name).or_insert(asks.len());
            if at == asks.len() {
                asks.push(ask);
            }
            meant[place].push(at);
        }
    }
    let found = match &cx.remembered {
        None => db::matching::candidates(tx, &cx.meta.followed, &asks, None)?,
        Some(memory) => {
            let memory = memory.read().unwrap_or_else(PoisonError::into_inner);
            db::matching::candidates(tx, &cx.meta.followed, &asks, Some(&memory))?
        }
    };
    let of_record = |places: Vec<usize>| {
        let mut by_object: BTreeMap<String, Vec<Id>> = BTreeMap::new();
        let mut there: HashSet<(&str, Id)> = HashSet::new();
        for at in places {
            let key = asks[at].object.key.as_str();
            let new = found[at].iter().filter(|id| there.insert((key, **id))).copied();
            by_object.entry(key.to_owned()).or_default().extend(new);
        }
        by_object
    };
    Ok(meant.into_iter().map(of_record).collect())
}

/// What is asked for a group with a record; nothing where a blank is like nothing.
fn ask<'a>(schema: &'a Schema, country: &str, own: &Object, group: &'a Group, record: &Record) -> Option<Ask<'a>> {
    let object = schema.object(&group.object)?.as_ref();
    let way = way(schema, group)?;
    let field = own.field(&way.row.field)?;
    let value = record.get(&field.key);
    let by = match way.kind {
        _ if value.is_null() && way.row.blank == Blank::Never => return None,
        None => By::Value(value.clone()),
        Some(_) if value.is_null() => By::Value(value.clone()),
        Some(kind) => {
            let asked = asked(way.row.method, Side { object: own, field, record }, Surroundings { country })?;
            By::Keys { kind, keys: asked.keys, shared: asked.least }
        }
    };
    let like = match (way.row.method, value.as_text(), compared_as((own, field), (object, way.other))) {
        (Method::Fuzzy { threshold }, Some(text), Some(nature)) => Some(Like { text: text.to_owned(), nature, threshold }),
        _ => None,
    };
    Some(Ask { object, field: way.other, by, like, between: between(own, object, group, record) })
}

/// Between which instants a record must lie by a group, in one of its fields.
fn between<'a>(own: &Object, object: &'a Object, group: &Group, record: &Record) -> Option<(&'a Field, Instant, Instant)> {
    group.rows.iter().find_map(|row| {
        let Method::WithinDays { days } = row.method else { return None };
        let (field, other) = (own.field(&row.field)?, object.field(&row.other)?);
        let instants = [field, other].iter().all(|field| field.kind.kind() == FieldKind::Instant);
        let Value::Instant(at) = record.get(&row.field) else { return None };
        let far = i64::from(days) * DAY;
        (instants && row.blank == Blank::Never).then(|| (other, Instant(at.0.saturating_sub(far)), Instant(at.0.saturating_add(far))))
    })
}

/// How many keys a record must share with another to come into question by a group; nothing where it is asked for none.
pub fn least(schema: &Schema, country: &str, own: &Object, group: &Group, record: &Record) -> Option<usize> {
    match ask(schema, country, own, group, record)?.by {
        By::Keys { shared, .. } => Some(shared),
        By::Value(_) => None,
    }
}
