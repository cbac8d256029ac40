//! Rows that are records which there are already, or the same as another row.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use db::{Read, Write};
use model::{Id, Patch, Value, Violation};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::Value as Json;

use super::options::{Approvals, Then};
use super::problem::{Met, Problem};
use super::rows::{Prepared, Row};
use super::run::Run;
use super::saving::{Done, Outcome, findings, problem};
use crate::duplicates::Tried;
use crate::save::{Change, Deed, Saved, save_all};
use crate::{Ctx, Error, Result};

/// Says of a row's change whether it goes on over duplicates that are only warned of.
pub fn asks(prepared: &Prepared, row: &Row, change: Change) -> Change {
    let options = &prepared.options.duplicates;
    with_approvals(prepared, Change { despite_warnings: !options.check || options.of(row.line) == Then::Create, ..change })
}

/// Approvals run, unless they are left out.
pub fn with_approvals(prepared: &Prepared, change: Change) -> Change {
    let skips = prepared.options.approvals == Approvals::Skip;
    let reason = change.reason.clone().or_else(|| prepared.options.reason.clone().filter(|_| skips));
    Change { reason, ..change.skipping(skips) }
}

/// What the rows of the chunks before have made: by their lines, and in a dry run the records themselves.
#[derive(Default)]
pub struct Earlier {
    lines: HashMap<Id, u64>,
    /// Those of the present transaction, which may have to be run once more.
    present: HashMap<Id, u64>,
    tried: Option<Arc<Tried>>,
}

impl Earlier {
    /// Of the present step, as far as it is through.
    pub fn of(tx: &mut Read, run: &Run) -> Result<Earlier> {
        let step = run.progress.step;
        let mut earlier = Earlier { tried: run.asked.dry_run.then(Arc::default), ..Earlier::default() };
        if run.progress.steps[step].created + run.progress.steps[step].pending_approval > 0 && !run.asked.dry_run {
            let select = Query::select()
                .columns(["record", "line"])
                .from("import_row")
                .and_where(Expr::col("import").eq(run.id.0))
                .and_where(Expr::col("step").eq(step as i64))
                .and_where(Expr::col("part").eq(0_i64))
                .and_where(Expr::col("outcome").is_in([Outcome::Created.key(), Outcome::Pending.key()]))
                .to_owned();
            for row in tx.all(&select)? {
                earlier
                    .lines
                    .extend(row.get::<Option<Id>>(0)?.map(|id| Ok::<_, Error>((id, row.get::<i64>(1)?.unsigned_abs()))).transpose()?);
            }
        }
        Ok(earlier)
    }

    /// The call as a further chunk of a dry run.
    pub fn trying(&self, cx: &Ctx) -> Ctx {
        let tried = self.tried.clone().unwrap_or_default();
        tried.begin();
        cx.trying(tried)
    }

    /// Takes in what rows of the present transaction have made.
    pub fn add(&mut self, made: Vec<(Id, u64)>) {
        self.present.extend(made);
    }

    /// The present transaction has left nothing.
    pub fn forget(&mut self) {
        self.present.clear();
    }

    /// The present transaction has ended, and what it made stands.
    pub fn keep(&mut self) {
        if let Some(tried) = &self.tried {
            tried.end(&self.present.keys().copied().collect());
        }
        self.lines.extend(self.present.drain());
    }

    fn line_of(&self, id: Id) -> Option<u64> {
        self.present.get(&id).or_else(|| self.lines.get(&id)).copied()
    }

    /// Besides, what the present chunk makes.
    pub fn with(&self, rows: &[&Row], places: &[usize], results: &[Result<Saved>]) -> Lines<'_> {
        let made = places.iter().zip(results).filter_map(|(at, result)| Some((result.as_ref().ok()?, rows[*at].line)));
        Lines { earlier: self, here: made.filter(|(saved, _)| saved.created).map(|(saved, line)| (saved.record.id, line)).collect() }
    }
}

/// Records that rows have made, with their lines.
pub fn made(rows: &[Row], results: &[Done]) -> Vec<(Id, u64)> {
    let created = rows.iter().zip(results).filter(|(_, done)| matches!(done.outcome, Outcome::Created | Outcome::Pending));
    created.filter_map(|(row, done)| Some((done.record?, row.line))).collect()
}

/// In which lines of the file records stand that the import made.
pub struct Lines<'e> {
    earlier: &'e Earlier,
    here: HashMap<Id, u64>,
}

impl Lines<'_> {
    fn of(&self, id: Id) -> Option<u64> {
        self.here.get(&id).copied().or_else(|| self.earlier.line_of(id))
    }
}

/// What becomes of a row that met records like it, with the record that it shall change; nothing for a row that met none, or against which
/// more stands.
pub fn met(prepared: &Prepared, row: &Row, lines: &Lines<'_>, result: &Result<Saved>) -> Option<(Done, Option<Id>)> {
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

/// What a row that went in all the same is like.
pub fn noted(prepared: &Prepared, row: &Row, lines: &Lines<'_>, result: &Result<Saved>) -> Vec<Problem> {
    match result {
        Ok(saved) if prepared.options.duplicates.check => told(prepared, row, lines, &saved.alike),
        _ => Vec::new(),
    }
}

/// Each met record once, with how alike it is and by which rule: its name where the importing person may know it, its line where it stands in
/// the file.
fn told(prepared: &Prepared, row: &Row, lines: &Lines<'_>, found: &[Violation]) -> Vec<Problem> {
    let (mut problems, mut known) = (Vec::new(), HashSet::new());
    for violation in found {
        let rule = violation.params["rule"]["name"].as_str().unwrap_or_default();
        let more = violation.params.get("more").and_then(Json::as_u64).filter(|more| *more > 0);
        let rule = more.map_or_else(|| rule.to_owned(), |more| format!("{rule}, +{more}"));
        for one in violation.params["matches"].as_array().into_iter().flatten() {
            let id: Option<Id> = one["id"].as_str().and_then(|id| id.parse().ok());
            // Two rules may find the same.
            if id.is_some_and(|id| !known.insert(id)) {
                continue;
            }
            let line = id.and_then(|id| lines.of(id));
            let field = one["reasons"][0]["field"].as_str().unwrap_or_default();
            let told = match line {
                Some(line) => Violation::new("duplicate.in_file", field).with("row", line),
                None => Violation::new("duplicate.found", field).with("name", one["name"].as_str().unwrap_or("–")),
            };
            let told = problem(prepared, row, &told.with("why", why(prepared, one)).with("rule", rule.as_str()), None);
            // What a dry run has made is not there.
            let id = id.filter(|_| !(prepared.dry_run && line.is_some()));
            let met = Met { object: one["object"].as_str().unwrap_or_default().to_owned(), id, line };
            problems.push(Problem { met: Some(met), ..told });
        }
    }
    problems
}

/// By which fields, and how much: `Name 93 %, Phone 100 %`.
fn why(prepared: &Prepared, one: &Json) -> String {
    let reason = |reason: &Json| {
        let key = reason["field"].as_str()?;
        let name = prepared.object.field(key).map_or(key, |field| field.label.in_language(&prepared.who.language));
        Some(format!("{name} {} %", reason["score"]))
    };
    let reasons: Vec<String> = one["reasons"].as_array().into_iter().flatten().filter_map(reason).collect();
    if reasons.is_empty() { format!("{} %", one["score"]) } else { reasons.join(", ") }
}

/// A problem with what became of its row, where it tells what that is like.
pub fn with_outcome(problem: &Problem, outcome: Outcome) -> Problem {
    Problem { outcome: problem.met.as_ref().map(|_| outcome.key().to_owned()), ..problem.clone() }
}

/// Changes the records that rows have met, as these rows say.
pub fn update(
    cx: &Ctx,
    tx: &mut Write,
    prepared: &Prepared,
    earlier: &Earlier,
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
        let Some(before) = present.get(&id) else {
            // In a dry run it may be one that a chunk before would have made.
            if let Some(told) = done[at].as_mut().filter(|_| prepared.dry_run && earlier.line_of(id).is_some()) {
                told.outcome = Outcome::Updated;
            }
            continue;
        };
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
        let result = save_all(cx, tx, &object.key, vec![with_approvals(prepared, change)])?.pop();
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
