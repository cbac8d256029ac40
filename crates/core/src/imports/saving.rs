//! Saving a chunk of rows: finding the records they are, and what becomes of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Write;
use model::{Id, Record, Value, Violation};

use super::problem::Problem;
use super::rows::{Prepared, Row, comparable};
use crate::save::{Change, Deed, Saved, save_all};
use crate::{Ctx, Error, Result};

/// What became of a row.
#[derive(Debug)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    Refused(Vec<Problem>),
}

/// What a row's key leads to.
enum Match {
    Nothing,
    One(Id),
    Several,
}

/// Saves rows in the given transaction; an outcome for each, in order. A refused row leaves nothing behind.
pub fn save_rows(cx: &Ctx, tx: &mut Write, prepared: &Prepared<'_>, rows: &[&Row]) -> Result<Vec<Outcome>> {
    let object = prepared.object;
    let matches = matches(cx, tx, prepared, rows)?;
    let ids: Vec<Id> = matches.iter().filter_map(|found| if let Match::One(id) = found { Some(*id) } else { None }).collect();
    let mut present: HashMap<Id, Record> = HashMap::with_capacity(ids.len());
    if !ids.is_empty() {
        present.extend(db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|record| (record.id, record)));
    }
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(rows.len());
    let (mut changes, mut places) = (Vec::new(), Vec::new());
    let mut owners: Vec<(usize, Id, Id)> = Vec::new();
    for (at, (row, found)) in rows.iter().zip(&matches).enumerate() {
        outcomes.push(None);
        let record = match found {
            Match::Several => {
                outcomes[at] = Some(Outcome::Refused(vec![problem(prepared, row, &Violation::new("import.key_ambiguous", ""))]));
                continue;
            }
            Match::One(id) => present.get(id),
            Match::Nothing => None,
        };
        let change = match record {
            None => new_record(prepared, row),
            Some(record) => {
                let mut change = Change::of(&object.key, record.id, Deed::Edit);
                change.patch = row
                    .patch
                    .iter()
                    .filter(|(key, value)| record.get(key) != *value)
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect();
                if let Some(Value::Ref(owner)) = change.patch.remove("owner") {
                    owners.push((at, record.id, owner));
                }
                if change.patch.is_empty() {
                    outcomes[at] = Some(Outcome::Unchanged);
                    continue;
                }
                change
            }
        };
        places.push(at);
        changes.push(change);
    }
    for (at, result) in places.into_iter().zip(save_all(cx, tx, &object.key, changes)?) {
        outcomes[at] = Some(outcome(prepared, rows[at], result)?);
    }
    give(cx, tx, prepared, rows, owners, &mut outcomes)?;
    outcomes.into_iter().map(|outcome| outcome.ok_or_else(|| Error::Internal("a row without an outcome".into()))).collect()
}

fn new_record(prepared: &Prepared<'_>, row: &Row) -> Change {
    let deed = row.past.clone().map_or(Deed::Create, Deed::Historic);
    let mut change = Change::new(&prepared.object.key, deed);
    change.patch.clone_from(&row.patch);
    if let (Some(source), Some(id)) = (source(prepared), &row.external) {
        change.external.push((source.to_owned(), id.clone()));
    }
    change
}

/// Name of the other system whose ids the rows carry.
pub fn source<'a>(prepared: &Prepared<'a>) -> Option<&'a str> {
    prepared.options.keys.as_ref().and_then(|keys| keys.external_source.as_deref()).or_else(|| prepared.columns.external.map(|_| "import"))
}

/// Owners change by an act of their own.
fn give(
    cx: &Ctx,
    tx: &mut Write,
    prepared: &Prepared<'_>,
    rows: &[&Row],
    owners: Vec<(usize, Id, Id)>,
    outcomes: &mut [Option<Outcome>],
) -> Result<()> {
    let owners: Vec<_> = owners.into_iter().filter(|(at, ..)| !matches!(outcomes[*at], Some(Outcome::Refused(_)))).collect();
    if owners.is_empty() {
        return Ok(());
    }
    let changes =
        owners.iter().map(|(_, id, to)| Change::of(&prepared.object.key, *id, Deed::ChangeOwner { to: *to, keep_as: None })).collect();
    for ((at, ..), result) in owners.iter().zip(save_all(cx, tx, &prepared.object.key, changes)?) {
        // A refused change of owner is told; what else the row changed stays.
        match outcome(prepared, rows[*at], result)? {
            Outcome::Unchanged => {}
            other => outcomes[*at] = Some(other),
        }
    }
    Ok(())
}

fn matches(cx: &Ctx, tx: &mut Write, prepared: &Prepared<'_>, rows: &[&Row]) -> Result<Vec<Match>> {
    let object = prepared.object;
    if prepared.columns.external.is_some() {
        let ids: Vec<String> = rows.iter().filter_map(|row| row.external.clone()).collect();
        let found: HashMap<String, Id> = db::external::find(tx, object, source(prepared).unwrap_or_default(), &ids)?.into_iter().collect();
        return Ok(rows
            .iter()
            .map(|row| row.external.as_ref().and_then(|id| found.get(id)).map_or(Match::Nothing, |id| Match::One(*id)))
            .collect());
    }
    let Some(field) = &prepared.columns.key else { return Ok(rows.iter().map(|_| Match::Nothing).collect()) };
    let values: Vec<Value> = rows.iter().filter_map(|row| row.key.clone()).collect();
    let found = db::records::find_by(tx, object, field, &values)?;
    let ids: BTreeSet<Id> = found.iter().map(|(_, id)| *id).collect();
    let seen = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids.into_iter().collect::<Vec<_>>())?;
    // What lies in the recycle bin is not brought back by an import.
    let seen: BTreeSet<Id> = seen.iter().filter(|record| record.text("lifecycle_status") != "voided").map(|record| record.id).collect();
    let mut by_key: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for (value, id) in found.into_iter().filter(|(_, id)| seen.contains(id)) {
        by_key.entry(comparable(&value)).or_default().insert(id);
    }
    let one = |ids: &BTreeSet<Id>| match ids.first() {
        Some(id) if ids.len() == 1 => Match::One(*id),
        Some(_) => Match::Several,
        None => Match::Nothing,
    };
    Ok(rows.iter().map(|row| row.key.as_ref().and_then(|key| by_key.get(&comparable(key))).map_or(Match::Nothing, one)).collect())
}

/// Refusals become problems of the row; faults of the database end the import.
fn outcome(prepared: &Prepared<'_>, row: &Row, result: Result<Saved>) -> Result<Outcome> {
    let refused = |violation: Violation| Ok(Outcome::Refused(vec![problem(prepared, row, &violation)]));
    match result {
        Ok(saved) if saved.created => Ok(Outcome::Created),
        Ok(saved) if saved.changed => Ok(Outcome::Updated),
        Ok(_) => Ok(Outcome::Unchanged),
        Err(Error::Invalid(found) | Error::Unmet(found)) => {
            Ok(Outcome::Refused(found.iter().map(|violation| problem(prepared, row, violation)).collect()))
        }
        Err(Error::Forbidden { act, .. }) => refused(Violation::new("access.act_not_allowed", "").with("act", act)),
        Err(Error::NotFound) => refused(Violation::new("not_found", "")),
        Err(Error::Conflict { .. }) => refused(Violation::new("record.version_conflict", "")),
        Err(fault) => Err(fault),
    }
}

fn problem(prepared: &Prepared<'_>, row: &Row, violation: &Violation) -> Problem {
    let (column, value) = prepared.said(row, &violation.path);
    let column = if column.is_empty() { violation.path.as_str() } else { column };
    Problem::new(row.line, column, value, violation, &prepared.who.language)
}
