//! Rows that are records which there are already, or the same as another row.

use std::collections::{HashMap, HashSet};

use db::Write;
use model::{Id, Patch, Value, Violation};
use serde_json::Value as Json;

use super::options::Then;
use super::problem::Problem;
use super::rows::{Prepared, Row};
use super::saving::{Done, Outcome, findings, problem};
use crate::save::{Change, Deed, Saved, save_all};
use crate::{Ctx, Error, Result};

/// Says of a row's change whether it goes on over duplicates that are only warned of.
pub fn asks(prepared: &Prepared, row: &Row, change: Change) -> Change {
    let options = &prepared.options.duplicates;
    Change { despite_warnings: !options.check || options.of(row.line) == Then::Create, ..change }
}

/// In which lines of the file records stand that were just made.
pub fn lines(rows: &[&Row], places: &[usize], results: &[Result<Saved>]) -> HashMap<String, u64> {
    let made = places.iter().zip(results).filter_map(|(at, result)| Some((rows[*at].line, result.as_ref().ok()?)));
    made.map(|(line, saved)| (saved.record.id.to_string(), line)).collect()
}

/// What becomes of a row that met records like it, with the record that it shall change; nothing for a row that met none, or against which
/// more stands.
pub fn met(prepared: &Prepared, row: &Row, lines: &HashMap<String, u64>, result: &Result<Saved>) -> Option<(Done, Option<Id>)> {
    let Err(Error::Invalid(found)) = result else { return None };
    if found.iter().any(|violation| violation.code != "duplicate.found") {
        return None;
    }
    let matches: Vec<&Json> = found.iter().filter_map(|violation| violation.params["matches"].as_array()).flatten().collect();
    let problems = told(prepared, row, lines, found);
    Some(match prepared.options.duplicates.of(row.line) {
        Then::Skip => (Done { problems, ..Done::of(Outcome::Skipped) }, None),
        Then::Update => {
            let fits = |one: &&Json| one["object"] == prepared.object.key.as_str() && one["voided"] == false;
            let best = matches.into_iter().filter(fits).max_by_key(|one| one["score"].as_u64());
            let id = best.and_then(|one| one["id"].as_str()?.parse().ok());
            (Done::refused(problems), id)
        }
        Then::Refuse | Then::Create => (Done::refused(problems), None),
    })
}

/// Each met record once, with how alike it is and by which rule: its name where the importing person may know it, its line where it stands in
/// the file.
fn told(prepared: &Prepared, row: &Row, lines: &HashMap<String, u64>, found: &[Violation]) -> Vec<Problem> {
    let (mut problems, mut known) = (Vec::new(), HashSet::new());
    for violation in found {
        let rule = violation.params["rule"]["name"].as_str().unwrap_or_default();
        for one in violation.params["matches"].as_array().into_iter().flatten() {
            if !known.insert(one["token"].as_str()) && one["token"].is_string() {
                continue;
            }
            let line = one["id"].as_str().and_then(|id| lines.get(id));
            let field = one["reasons"][0]["field"].as_str().unwrap_or_default();
            let told = match line {
                Some(line) => Violation::new("duplicate.in_file", field).with("row", *line),
                None => Violation::new("duplicate.found", field).with("name", one["name"].as_str().unwrap_or("–")),
            };
            problems.push(problem(prepared, row, &told.with("score", one["score"].clone()).with("rule", rule), None));
        }
    }
    problems
}

/// Changes the records that rows have met, as these rows say.
pub fn update(
    cx: &Ctx,
    tx: &mut Write,
    prepared: &Prepared,
    rows: &[&Row],
    updates: Vec<(usize, Id)>,
    done: &mut [Option<Done>],
) -> Result<()> {
    if updates.is_empty() {
        return Ok(());
    }
    let object = &prepared.object;
    let ids: Vec<Id> = updates.iter().map(|(_, id)| *id).collect();
    let present: HashMap<Id, model::Record> =
        db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|record| (record.id, record)).collect();
    let mut seen: HashSet<Id> = HashSet::new();
    for (at, id) in updates {
        let Some(before) = present.get(&id) else { continue };
        // Of several rows that met one record each changes what those before it have left.
        let before = if seen.insert(id) {
            before.clone()
        } else {
            db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &[id])?.pop().ok_or(Error::NotFound)?
        };
        let differs = |(key, value): &(&String, &Value)| *key != "owner" && !value.is_null() && before.get(key) != *value;
        let patch: Patch = rows[at].patch.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect();
        let problems = done[at].take().map(|done| done.problems).unwrap_or_default();
        let change = Change { patch, despite_warnings: true, ..Change::of(&object.key, id, Deed::Edit) };
        let result = save_all(cx, tx, &object.key, vec![change])?.pop();
        done[at] = Some(match result {
            Some(Ok(saved)) => Done { problems, ..Done::saved(&saved, Some(before.revision)) },
            Some(Err(error)) => {
                let against = findings(error)?;
                let more = against.iter().map(|violation| problem(prepared, rows[at], violation, None));
                Done::refused(problems.into_iter().chain(more).collect())
            }
            None => Done::refused(problems),
        });
    }
    Ok(())
}
