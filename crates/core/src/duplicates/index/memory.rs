//! The memory of a job that asks of very many records what is like them ([`db::matching::Memory`]): when it pays to have one, and how it is kept
//! right.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use db::matching::{Memory, Remembers};
use db::{Limits, Read};
use model::duplicate::matching::{KeyKind, compared_as};
use model::duplicate::{Kind, Method};
use model::field::FieldType;

use super::way;
use crate::{Credential, Ctx, House, Result};

/// What a job remembers: asked by its thread, and by another that looks ahead.
pub type Remembered = Arc<RwLock<Memory>>;

/// Fewer texts are looked through as quickly where they are.
const FEWEST: i64 = 1_000;
/// More take too much memory: a name with its keys and its outline takes some 330 bytes, and 300 MB are the goal, of which the database's pages
/// at hand take their part.
const MOST: i64 = 450_000;
/// As many texts are read in the time that one question to the database takes.
const PER_QUESTION: i64 = 200;

const READER: Credential = Credential::System("what an import is compared with is read beforehand");

/// Takes into memory what rules compare by likeness with records of an object, where so many are to come that it pays.
pub fn remember(house: &House, object: &str, kind: Kind, coming: u64) -> Result<Option<Remembered>> {
    let begun = house.read(&READER, Limits::default(), |cx, tx| {
        let coming = i64::try_from(coming).unwrap_or(i64::MAX);
        let (wanted, there) = wanted(cx, tx, object, kind, coming)?;
        let room = usize::try_from(there.saturating_add(coming).min(MOST)).unwrap_or(0);
        Ok(if wanted.is_empty() { None } else { Some((wanted, Memory::new(tx, room)?)) })
    })?;
    let Some((wanted, mut memory)) = begun else { return Ok(None) };
    for what in &wanted {
        let mut after = None;
        loop {
            after = house.read(&READER, Limits::default(), |cx, tx| {
                Ok(memory.read_on(tx, (&cx.meta.schema, &cx.meta.organisation.country), what, after)?)
            })?;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(Some(Arc::new(RwLock::new(memory))))
}

/// Takes in what was written since; false where it has become too much to be kept.
pub fn catch_up(house: &House, memory: &Remembered) -> Result<bool> {
    house.read(&READER, Limits::default(), |cx, tx| {
        let mut memory = memory.write().unwrap_or_else(PoisonError::into_inner);
        memory.catch_up(tx, &cx.meta.schema, &cx.meta.organisation.country)?;
        Ok(i64::try_from(memory.texts()).unwrap_or(i64::MAX) <= MOST)
    })
}

/// The fields that it pays to remember, and how many texts there are.
fn wanted(cx: &Ctx, tx: &mut Read, object: &str, kind: Kind, coming: i64) -> Result<(BTreeSet<Remembers>, i64)> {
    let schema = &cx.meta.schema;
    let mut wanted = BTreeSet::new();
    let Some(own) = schema.object(object) else { return Ok((wanted, 0)) };
    let rules = cx.meta.duplicate_rules.iter().filter(|live| live.rule.object == object && live.rule.kinds.has(kind));
    for group in rules.flat_map(|live| &live.rule.groups) {
        let (Some(other), Some(way)) = (schema.object(&group.object), way(schema, group)) else { continue };
        let Some(field) = own.field(&way.row.field) else { continue };
        let nature = compared_as((own, field), (other, way.other));
        // What is reckoned changes without anybody writing it.
        let fuzzy = way.kind == Some(KeyKind::Parts) && matches!(way.row.method, Method::Fuzzy { .. });
        if let (Some(nature), true, false) = (nature, fuzzy, matches!(way.other.kind, FieldType::Calculated { .. })) {
            wanted.insert(Remembers { object: group.object.clone(), field: way.other.key.clone(), nature });
        }
    }
    let mut all = 0;
    for key in wanted.iter().map(|what| what.object.clone()).collect::<Vec<_>>() {
        let Some(object) = schema.object(&key) else { continue };
        all += db::records::size(tx, object)?;
    }
    let pays = (FEWEST..=MOST).contains(&all) && all / PER_QUESTION <= coming;
    Ok((if pays { wanted } else { BTreeSet::new() }, all))
}
