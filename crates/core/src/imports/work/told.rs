//! What became of the rows: counted, kept, and told at the end.

use model::Id;
use sea_query::Value as Sql;

use super::super::alike;
use super::super::problem::Problem;
use super::super::rows::{Prepared, Row};
use super::super::run::Run;
use super::super::saving::{Done, Outcome};
use super::SHORT;
use crate::notices::{self, Notice};
use crate::{Ctx, Result};

/// Tells whoever began it that it has ended, unless it was so short that he has seen it end.
pub(super) fn tell_end(cx: &Ctx, tx: &mut db::Write, run: &Run) -> Result<()> {
    if cx.at.seconds_since(run.created_at) < SHORT || run.asked.dry_run {
        return Ok(());
    }
    let told = serde_json::json!({
        "name": run.asked.name.as_deref().or(run.asked.steps.first().map(|step| step.file_name.as_str())),
        "created": run.sum(|counts| counts.created), "updated": run.sum(|counts| counts.updated), "failed": run.sum(|counts| counts.failed),
    });
    let key = format!("{} {}", run.id, run.state.key());
    notices::tell(cx, tx, Notice::new(run.by, notices::Kind::ImportEnded).with(told).once(key))
}

/// Counts what became of rows; their problems with the row of each.
pub(super) fn take_in(run: &mut Run, rows: &[Row], results: &[Done]) -> Vec<(u64, Problem)> {
    let counts = &mut run.progress.steps[run.progress.step];
    let mut problems = Vec::new();
    for (row, done) in rows.iter().zip(results) {
        match done.outcome {
            Outcome::Created => counts.created += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Unchanged => counts.unchanged += 1,
            Outcome::Skipped => counts.skipped += 1,
            Outcome::Refused => counts.failed += 1,
            Outcome::Pending => counts.pending_approval += 1,
        }
        counts.along += done.parts.len() as u64;
        problems.extend(done.problems.iter().map(|problem| (row.index, alike::with_outcome(problem, done.outcome))));
    }
    counts.done += rows.len() as u64;
    tell(run, &problems);
    problems
}

pub(super) fn tell(run: &mut Run, problems: &[(u64, Problem)]) {
    let counts = &mut run.progress.steps[run.progress.step];
    let notices = problems.iter().filter(|(_, problem)| problem.is_notice()).count() as u64;
    counts.notices += notices;
    counts.problems += problems.len() as u64 - notices;
    run.progress.told += problems.len() as u64;
}

/// Writes down what became of each row.
pub(super) fn keep_rows(tx: &mut db::Write, run: &Run, prepared: &Prepared, rows: &[Row], results: &[Done]) -> Result<()> {
    const COLUMNS: [&str; 12] =
        ["import", "step", "number", "part", "line", "outcome", "object", "record", "version", "revision", "before", "waits"];
    let mut kept = Vec::with_capacity(rows.len());
    for (row, done) in rows.iter().zip(results) {
        let head = |part: usize, outcome: &str, object: &str, record: Option<Id>| {
            vec![
                Sql::from(run.id.0),
                Sql::from(run.progress.step as i64),
                Sql::from(row.index as i64),
                Sql::from(part as i64),
                Sql::from(row.line as i64),
                Sql::from(outcome),
                Sql::from(object),
                Sql::Uuid(record.map(|id| id.0)),
            ]
        };
        let waits = row.waits && !row.refused && !matches!(done.outcome, Outcome::Refused | Outcome::Skipped);
        let mut own = head(0, done.outcome.key(), &prepared.object.key, done.record);
        own.extend([Sql::BigInt(done.version), Sql::BigInt(done.revision), Sql::BigInt(done.before), Sql::from(i64::from(waits))]);
        kept.push(own);
        for (at, part) in done.parts.iter().enumerate() {
            let mut one = head(at + 1, part.outcome.key(), &part.object, Some(part.record));
            one.extend([Sql::from(part.version), Sql::from(part.revision), Sql::BigInt(part.before), Sql::from(0_i64)]);
            kept.push(one);
        }
    }
    Ok(tx.insert_rows("import_row", &COLUMNS, kept)?)
}
