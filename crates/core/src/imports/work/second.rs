//! The second look: references to records of the same file that came in later rows.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant as Moment};

use db::Limits;
use sea_query::{Expr, ExprTrait, Order, Query};

use super::super::chunks::RowsIn;
use super::super::lookup::Lookup;
use super::super::problem::Problem;
use super::super::rows::{Prepared, Row};
use super::super::run::Run;
use super::super::saving::save_again;
use super::super::table::Line;
use super::told::tell;
use super::{ROWS, Worker, advance, next_size};
use crate::{Result, jobs};

impl Worker<'_> {
    /// References to records of the same object, which may have been later rows.
    pub(super) fn references(&mut self, prepared: &mut Prepared, lookup: &mut Lookup, mut waiting: BTreeSet<u64>) -> Result<()> {
        let key = prepared.object.key.clone();
        if !prepared.dry_run {
            waiting = self.house.read(&jobs::WORKER, Limits::default(), |_, tx| waiting_rows(tx, &self.run))?;
        }
        let Some(from) = waiting.first().copied() else { return Ok(()) };
        lookup.forget_nothing(&key);
        let step = &self.run.asked.steps[self.run.progress.step];
        let mut rows = RowsIn::from(step.file, step.reading, prepared.file.first_row() + from);
        let mut size = *ROWS.start();
        while !waiting.is_empty() {
            let lines = rows.take(self.house, size)?;
            if lines.is_empty() {
                break;
            }
            let first = prepared.file.first_row();
            let lines: Vec<Arc<Line>> = lines.into_iter().filter(|line| waiting.remove(&(line.index - first))).map(Arc::new).collect();
            if lines.is_empty() {
                continue;
            }
            self.look_up(prepared, lookup, &lines)?;
            let again = prepared.second_look(&lines, lookup);
            let took = self.second(prepared, &again)?;
            size = next_size(size, took, self.hold());
            self.step_back(took);
        }
        Ok(())
    }

    /// Stores what a second look found.
    fn second(&mut self, prepared: &Prepared, rows: &[Row]) -> Result<Duration> {
        let (before, began) = (&self.run, Moment::now());
        let step = before.progress.step;
        let (run, awaited) = self.slice(&self.credential, |cx, tx| {
            let mut run = before.clone();
            let mut problems: Vec<(u64, Problem)> = Vec::new();
            let results = if prepared.dry_run { Vec::new() } else { save_again(cx, tx, prepared, run.id, step, rows)? };
            for row in rows {
                problems.extend(row.problems.iter().map(|problem| (row.index, problem.clone())));
            }
            problems.extend(results);
            let counts = &mut run.progress.steps[step];
            counts.again = rows.last().map_or(counts.again, |row| row.index + 1);
            tell(&mut run, &problems);
            run.add_problems(tx, run.progress.told - problems.len() as u64, step, &problems)?;
            advance(&run, tx)?;
            Ok((0, (run, tx.is_waited_for()?)))
        })?;
        self.run = run;
        self.sees(awaited);
        Ok(began.elapsed())
    }
}

/// Rows of the present step whose references are to be looked at again.
fn waiting_rows(tx: &mut db::Read, run: &Run) -> Result<BTreeSet<u64>> {
    let step = run.progress.step;
    let select = Query::select()
        .column("number")
        .from("import_row")
        .and_where(Expr::col("import").eq(run.id.0))
        .and_where(Expr::col("step").eq(step as i64))
        .and_where(Expr::col("waits").eq(1_i64))
        .and_where(Expr::col("number").gte(run.progress.steps[step].again as i64))
        .order_by("number", Order::Asc)
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok(row.get::<i64>(0)?.unsigned_abs())).collect()
}
