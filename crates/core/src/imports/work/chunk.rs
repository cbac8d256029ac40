//! A chunk of rows in its transaction: saved, or tried out.

use std::borrow::Cow;
use std::time::{Duration, Instant as Moment};

use db::Limits;
use model::Violation;

use super::super::alike::{Earlier, made};
use super::super::lookup::Lookup;
use super::super::missing::{self, Names};
use super::super::problem::Problem;
use super::super::rows::{Prepared, Row};
use super::super::run::Run;
use super::super::saving::{Done, Outcome, problem, save_rows};
use super::told::{keep_rows, take_in};
use super::{HOLD_IN_ALL, PAGES, PAGES_BESIDE_MEMORY, Worker, advance};
use crate::jobs;
use crate::save::whole;
use crate::{Ctx, Error, Result};

/// What a chunk is about to store, made outside its transaction.
pub(super) struct Chunk<'r> {
    pub rows: &'r [Row],
    /// Rows that are saved together, of those; between them it may end before its time.
    pub together: usize,
    /// Up to which row of the file it reads, those left out counted.
    pub until: u64,
}

/// What a transaction of rows has come to.
struct Saved {
    run: Run,
    names: Names,
    /// As far as it went.
    rows: usize,
    /// Somebody waited for it to end.
    awaited: bool,
}

/// What came of a chunk.
pub(super) struct Went {
    /// Its rows as far as it went.
    pub rows: usize,
    /// How many were saved together.
    pub together: usize,
    /// How long it took for as many as are saved together.
    pub took: Duration,
}

impl Worker<'_> {
    /// What stands against what follows from a row is known once it is written, and refuses all that is saved with it: then fewer are
    /// saved, down to the one that it is about.
    pub(super) fn chunk(&mut self, prepared: &Prepared, lookup: &mut Lookup, chunk: &Chunk<'_>) -> Result<Went> {
        let went = if prepared.dry_run { self.try_out(prepared, lookup, chunk, false) } else { self.save(prepared, lookup, chunk, &[]) };
        match went {
            Err(Error::Invalid(_) | Error::Unmet(_)) if prepared.dry_run => self.try_out(prepared, lookup, chunk, true),
            Err(Error::Invalid(_) | Error::Unmet(_)) if chunk.rows.len() > 1 => {
                let few = chunk.rows.len().min(chunk.together).div_ceil(2);
                let until = chunk.rows.get(few).map_or(chunk.until, |next| next.index);
                self.chunk(prepared, lookup, &Chunk { rows: &chunk.rows[..few], together: few, until })
            }
            Err(Error::Invalid(found) | Error::Unmet(found)) if chunk.rows.len() == 1 => self.save(prepared, lookup, chunk, &found),
            went => went,
        }
    }

    /// Saves rows and how far the import is, in one transaction; not all of them where somebody has come to wait for it.
    fn save(&mut self, prepared: &Prepared, lookup: &mut Lookup, chunk: &Chunk<'_>, against: &[Violation]) -> Result<Went> {
        let began = Moment::now();
        let mut earlier = std::mem::take(&mut self.earlier);
        let saved = self.save_behind(&mut earlier, prepared, chunk, against);
        self.earlier = earlier;
        let Saved { run, names, rows, awaited } = saved?;
        self.run = run;
        self.sees(awaited);
        self.earlier.keep();
        names.into_iter().for_each(|((object, by, name), id)| lookup.learn(&object, by, &name, id));
        let times = rows.div_ceil(chunk.together).max(1);
        Ok(Went { rows, together: chunk.together, took: began.elapsed() / u32::try_from(times).unwrap_or(1) })
    }

    fn save_behind(&self, earlier: &mut Earlier, prepared: &Prepared, chunk: &Chunk<'_>, against: &[Violation]) -> Result<Saved> {
        self.slice(&self.credential, |cx, tx| {
            tx.writes_much(if self.remembered.is_some() { PAGES_BESIDE_MEMORY } else { PAGES })?;
            let cx = &cx.remembering(self.remembered.as_ref());
            let (began, read) = (Moment::now(), self.counts().read);
            let (mut run, mut names, mut done) = (self.run.clone(), Names::new(), 0);
            // It may be run for the second time.
            earlier.forget();
            let awaited = loop {
                let rows = &chunk.rows[done..(done + chunk.together).min(chunk.rows.len())];
                let (results, new) = judged(cx, tx, prepared, earlier, rows, against)?;
                let problems = take_in(&mut run, rows, &results);
                run.add_problems(tx, run.progress.told - problems.len() as u64, run.progress.step, &problems)?;
                keep_rows(tx, &run, prepared, rows, &results)?;
                earlier.add(made(rows, &results));
                names.extend(new);
                done += rows.len();
                let awaited = tx.is_waited_for()?;
                // However slow the machine is, it ends long before the time that a transaction has.
                let enough = awaited || began.elapsed() >= HOLD_IN_ALL || self.is_late();
                if enough || done == chunk.rows.len() {
                    break awaited;
                }
                tx.next_act();
            };
            let counts = &mut run.progress.steps[run.progress.step];
            counts.read = chunk.rows.get(done).map_or(chunk.until, |next| next.index);
            let read = counts.read - read;
            advance(&run, tx)?;
            Ok((read as i64, Saved { run, names, rows: done, awaited }))
        })
    }

    /// Tries rows and leaves nothing behind; what was found is stored by a transaction of its own. `each`: one by one, each after those
    /// before it.
    fn try_out(&mut self, prepared: &Prepared, lookup: &mut Lookup, chunk: &Chunk<'_>, each: bool) -> Result<Went> {
        let began = Moment::now();
        let mut earlier = std::mem::take(&mut self.earlier);
        let tried = self.house.write(&self.credential, Limits::default(), self.run.asked.origin(), |cx, tx| {
            cx.only_asks(true);
            tx.abandon();
            earlier.forget();
            let cx = earlier.trying(&cx.remembering(self.remembered.as_ref()));
            let mut results = Vec::with_capacity(chunk.rows.len());
            for rows in chunk.rows.chunks(if each { 1 } else { chunk.rows.len().max(1) }) {
                let tried = match each {
                    true => one_tried(&cx, tx, prepared, &earlier, rows)?,
                    false => judged(&cx, tx, prepared, &earlier, rows, &[])?.0,
                };
                earlier.add(made(rows, &tried));
                results.extend(tried);
                tx.next_act();
            }
            Ok((results, tx.is_waited_for()?))
        });
        self.earlier = earlier;
        let (mut results, awaited) = tried?;
        let took = began.elapsed();
        self.sees(awaited);
        self.veil(prepared, chunk.rows, &mut results)?;
        self.earlier.keep();
        let before = &self.run;
        self.run = self.slice(&jobs::WORKER, |_, tx| {
            let mut run = before.clone();
            let problems = take_in(&mut run, chunk.rows, &results);
            run.add_problems(tx, run.progress.told - problems.len() as u64, run.progress.step, &problems)?;
            let counts = &mut run.progress.steps[run.progress.step];
            let read = chunk.until - std::mem::replace(&mut counts.read, chunk.until);
            advance(&run, tx)?;
            Ok((read as i64, run))
        })?;
        for (row, done) in chunk.rows.iter().zip(&results).filter(|(_, done)| matches!(done.outcome, Outcome::Created | Outcome::Pending)) {
            let key = &prepared.object.key;
            let unique = prepared.object.fields.iter().filter(|field| field.unique || field.key == "name");
            let texts = unique.filter_map(|field| row.patch.get(&field.key)?.as_text());
            row.external.iter().map(String::as_str).chain(texts).for_each(|text| lookup.plan(key, text));
            for made in &row.missing {
                let refused = done.problems.iter().any(|problem| problem.code == "import.not_made" && problem.value == made.name);
                if !refused {
                    lookup.plan(&made.object, &made.name);
                }
            }
        }
        Ok(Went { rows: chunk.rows.len(), together: chunk.rows.len().max(1), took })
    }

    /// Nobody asks in the thousands which values others have out of his sight: a dry run tells of a value that is taken only where he
    /// sees by whom. The import itself then refuses the row, and is in the trace.
    fn veil(&self, prepared: &Prepared, rows: &[Row], results: &mut [Done]) -> Result<()> {
        let hides = |problem: &Problem| ["field.not_unique", "external_id.taken"].contains(&problem.code.as_str());
        for (row, done) in rows.iter().zip(results).filter(|(_, done)| done.problems.iter().any(hides)) {
            let seen = self.house.read(&self.credential, Limits::default(), |cx, tx| missing::taken_in_sight(cx, tx, prepared, row))?;
            done.problems.retain(|problem| !hides(problem) || seen.contains(&problem.column));
            if done.problems.is_empty() {
                done.outcome = Outcome::Created;
            }
        }
        Ok(())
    }
}

/// What becomes of a row, of which nothing stays where it is refused.
fn one_tried(cx: &Ctx, tx: &mut db::Write, prepared: &Prepared, earlier: &Earlier, rows: &[Row]) -> Result<Vec<Done>> {
    match whole(tx, |tx| judged(cx, tx, prepared, earlier, rows, &[]))? {
        Ok((done, _)) => Ok(done),
        Err(Error::Invalid(found) | Error::Unmet(found)) => Ok(refused(prepared, rows, &found)),
        Err(other) => Err(other),
    }
}

fn refused(prepared: &Prepared, rows: &[Row], against: &[Violation]) -> Vec<Done> {
    let one = |row: &Row| Done::refused(against.iter().map(|found| problem(prepared, row, found, None)).collect());
    rows.iter().map(one).collect()
}

/// What becomes of each row, in the given transaction; where anything is known to stand against them, they are refused for it.
fn judged(
    cx: &Ctx,
    tx: &mut db::Write,
    prepared: &Prepared,
    earlier: &Earlier,
    rows: &[Row],
    against: &[Violation],
) -> Result<(Vec<Done>, Names)> {
    if !against.is_empty() {
        return Ok((refused(prepared, rows, against), Names::new()));
    }
    let made = missing::make(cx, tx, rows)?;
    let rows: Vec<Cow<'_, Row>> = rows.iter().map(|row| made.in_row(prepared, row)).collect();
    let sound: Vec<&Row> =
        rows.iter().map(Cow::as_ref).filter(|row| !(row.refused || prepared.dry_run && prepared.is_beyond_judging(row))).collect();
    let mut results = save_rows(cx, tx, prepared, earlier, &sound)?.into_iter();
    let mut all = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let mut done = if row.refused {
            Done::of(Outcome::Refused)
        } else if prepared.dry_run && prepared.is_beyond_judging(row) {
            Done::of(Outcome::Created)
        } else {
            results.next().ok_or_else(|| Error::Internal("a row without an outcome".into()))?
        };
        done.problems.splice(..0, row.problems.iter().cloned());
        done.parts.extend(made.parts_of(at));
        all.push(done);
    }
    Ok((all, made.names))
}
