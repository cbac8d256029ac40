//! Records that hang on a row's own: lines of a deal in the row itself, or in rows that repeat it.

use std::collections::HashMap;

use db::Write;
use db::records::Scope;
use model::{Id, Patch, Record, Value};

use super::columns::Sub;
use super::rows::{Prepared, Row};
use super::saving::{Done, Outcome, Part, findings, problem};
use crate::save::{Change, Deed, Under, save_all};
use crate::{Ctx, Result};

/// Records that one has among those of its kind.
const MOST: usize = 10_000;

/// Saves what hangs on rows that are through. What is refused is told with its row, whose own record stays.
pub fn save(cx: &Ctx, tx: &mut Write, prepared: &Prepared, rows: &[&Row], done: &mut [Done]) -> Result<()> {
    for (at, sub) in prepared.columns.subs.iter().enumerate() {
        let mut wanted: Vec<(usize, Id, &Patch)> = Vec::new();
        for (place, row) in rows.iter().enumerate() {
            let Some(master) = done[place].record.filter(|_| !matches!(done[place].outcome, Outcome::Refused | Outcome::Skipped)) else {
                continue;
            };
            wanted.extend(row.subs.iter().filter(|(of, _)| *of == at).map(|(_, patch)| (place, master, patch)));
        }
        if !wanted.is_empty() {
            some(cx, tx, prepared, rows, done, (at, sub), &wanted)?;
        }
    }
    Ok(())
}

fn some(
    cx: &Ctx,
    tx: &mut Write,
    prepared: &Prepared,
    rows: &[&Row],
    done: &mut [Done],
    (at, sub): (usize, &Sub),
    wanted: &[(usize, Id, &Patch)],
) -> Result<()> {
    // Those of records that were there before may be there already.
    let known: Vec<Id> = wanted
        .iter()
        .filter(|(place, ..)| !matches!(done[*place].outcome, Outcome::Created | Outcome::Pending))
        .map(|(_, id, _)| *id)
        .collect();
    let mut there = present(cx, tx, sub, &known)?;
    let (mut changes, mut places) = (Vec::new(), Vec::new());
    for (place, master, patch) in wanted {
        // Two lines of one file may be alike: what this import made itself is no line that was there.
        let older = |record: &Record| record.get("created_at").as_instant().is_none_or(|at| at < prepared.at);
        let same = |record: &Record| {
            let field = |key: &String| patch.get(key).is_none_or(|value| record.get(key) == value);
            if sub.keys.is_empty() { older(record) && patch.keys().all(field) } else { sub.keys.iter().all(field) }
        };
        let twin = there.get_mut(master).and_then(|records| records.iter().position(same).map(|at| records.remove(at)));
        let change = match &twin {
            Some(record) => {
                let differs = |(key, value): &(&String, &Value)| record.get(key) != *value;
                let patch: Patch = patch.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect();
                if patch.is_empty() {
                    continue;
                }
                Change { patch, ..Change::of(&sub.object.key, record.id, Deed::Edit) }
            }
            None => {
                let mut change = Change::new(&sub.object.key, Deed::Create);
                // Named by the file itself: who else is like it is the business of the rows.
                change.despite_warnings = true;
                change.patch.clone_from(patch);
                change.patch.insert(sub.via.clone(), Value::Ref(*master));
                change.under = done[*place].approval.map(Under::Fills);
                change
            }
        };
        places.push((*place, twin.map(|record| record.revision)));
        changes.push(change);
    }
    if changes.is_empty() {
        return Ok(());
    }
    tx.next_act();
    for ((place, before), result) in places.into_iter().zip(save_all(cx, tx, &sub.object.key, changes)?) {
        match result {
            Ok(saved) => {
                let record = &saved.record;
                let outcome = if saved.created { Outcome::Created } else { Outcome::Updated };
                if done[place].outcome == Outcome::Unchanged && saved.changed {
                    done[place].outcome = Outcome::Updated;
                }
                done[place].parts.push(Part {
                    object: sub.object.key.clone(),
                    outcome,
                    record: record.id,
                    version: record.version,
                    revision: record.revision,
                    before,
                });
            }
            Err(error) => {
                let told = findings(error)?.into_iter().map(|violation| problem(prepared, rows[place], &violation, Some(at)));
                done[place].problems.extend(told.collect::<Vec<_>>());
            }
        }
    }
    Ok(())
}

/// What hangs on these records already, by them, as far as the caller sees it.
fn present(cx: &Ctx, tx: &mut Write, sub: &Sub, masters: &[Id]) -> Result<HashMap<Id, Vec<Record>>> {
    let mut there: HashMap<Id, Vec<Record>> = HashMap::new();
    let Some(via) = sub.object.field(&sub.via).filter(|_| !masters.is_empty()) else { return Ok(there) };
    let ids = db::records::holding(tx, &sub.object, via, masters, MOST)?;
    let scope: Scope<'_> = cx.scope();
    for record in db::records::load(tx, &cx.meta.schema, &sub.object, &scope, &ids)? {
        if let Some(master) = record.reference(&sub.via).filter(|_| record.text("lifecycle_status") != "voided") {
            there.entry(master).or_default().push(record);
        }
    }
    there.values_mut().for_each(|records| records.sort_by_key(|record| record.id));
    Ok(there)
}
