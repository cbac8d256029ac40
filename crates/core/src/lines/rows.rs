//! Rows of a grid: sub-objects of one record that are added, changed and removed together, all of them or none.

use std::collections::BTreeMap;

use db::Write;
use model::{Currency, Id, Object, Record, Value, Violation, Violations};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::records::read_fields_in;
use crate::save::{Change, Deed, save_all};
use crate::{Ctx, Error, Result};

/// A row of the grid: a new one, a changed one, or one that is removed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowChange {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub version: Option<i64>,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub delete: bool,
}

/// A row with its place among those that are sent, as `rows/3`.
pub(crate) struct Placed<'a> {
    pub place: String,
    pub row: &'a RowChange,
}

impl<'a> Placed<'a> {
    /// Rows of a list, by their numbers in it.
    pub fn all(list: &'a str, rows: &'a [RowChange]) -> impl Iterator<Item = Placed<'a>> {
        rows.iter().enumerate().map(move |(at, row)| Placed { place: format!("{list}/{at}"), row })
    }
}

/// Saves rows of `object` in `master`; amounts without a currency are in `currency`. What is removed goes to the recycle bin. All that stands
/// against any of them is told at once, each under its place; then nothing of them may stay, which is the caller's transaction to see to.
pub(crate) fn save_rows(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    (master, currency): (Id, Currency),
    wanted: &[Placed<'_>],
) -> Result<Vec<Record>> {
    let (via, _) = object.master().ok_or_else(|| Error::Internal(format!("{} is part of nothing", object.key)))?;
    let via = via.key.clone();
    let ids: Vec<Id> = wanted.iter().filter_map(|one| one.row.id.as_ref()?.parse().ok()).collect();
    let there: BTreeMap<Id, Record> = match ids.is_empty() {
        true => BTreeMap::new(),
        false => db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|one| (one.id, one)).collect(),
    };
    let (mut changes, mut places, mut found) = (Vec::with_capacity(wanted.len()), Vec::with_capacity(wanted.len()), Violations::new());
    for Placed { place, row } in wanted {
        let mut change = match &row.id {
            None => Change::new(&object.key, Deed::Create),
            Some(id) => {
                let record = id.parse::<Id>().ok().and_then(|id| there.get(&id));
                let Some(record) = record.filter(|record| record.reference(&via) == Some(master)) else {
                    found.push(Violation::new("field.reference_not_found", format!("{place}/id")));
                    continue;
                };
                Change::of(&object.key, record.id, if row.delete { Deed::Void } else { Deed::Edit })
            }
        };
        change.if_version = row.version;
        if !row.delete {
            change.patch = match read_fields_in(cx, object, &row.fields, currency) {
                Ok(patch) => patch,
                Err(Error::Invalid(list)) => {
                    found.extend(under(place, list));
                    continue;
                }
                Err(other) => return Err(other),
            };
            change.patch.insert(via.clone(), Value::Ref(master));
        }
        changes.push(change);
        places.push(place);
    }
    tx.next_act();
    let mut saved = Vec::with_capacity(changes.len());
    for (place, result) in places.into_iter().zip(save_all(cx, tx, &object.key, changes)?) {
        match result {
            Ok(one) => saved.push(one.record),
            Err(Error::Invalid(list) | Error::Unmet(list)) => found.extend(under(place, list)),
            Err(other) => return Err(other),
        }
    }
    if found.is_empty() { Ok(saved) } else { Err(found.into()) }
}

/// Findings of a row, told where it is.
pub(crate) fn under(place: &str, found: Violations) -> impl Iterator<Item = Violation> {
    let placed =
        move |violation: Violation| Violation { path: format!("{place}/{}", violation.path).trim_end_matches('/').to_owned(), ..violation };
    found.into_iter().map(placed)
}
