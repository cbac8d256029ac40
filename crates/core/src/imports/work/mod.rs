//! Doing it: a few rows at a time, each chunk in a transaction that commits the place where the import then stands (core rules 6 and 7).

mod ahead;
mod chunk;
mod second;
mod told;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant as Moment};

use db::{Engine, Limits, Read};
use model::Id;
use model::duplicate::Kind;
use serde_json::Value as Json;

use self::ahead::{Coming, Next, Ready};
use self::chunk::{Chunk, Went};
use self::told::tell_end;
use super::alike::Earlier;
use super::begin::{self, Opening};
use super::chunks::RowsIn;
use super::files;
use super::lookup::Lookup;
use super::rows::{Prepared, Row, Seen};
use super::run::{self, Counts, Phase, Run, State};
use super::table::Line;
use crate::duplicates::index::{self, Foresight, Remembered};
use crate::jobs::{self, Job, Step};
use crate::{Credential, Ctx, Error, House, Result};

/// How long one transaction may hold what others need: where somebody has waited for it lately, and where nobody has.
const HOLD: Duration = Duration::from_millis(20);
const HOLD_ALONE: Duration = Duration::from_millis(150);
/// How long whoever has waited is made room for: he is likely to come again, and should not meet a long transaction each time.
const LATELY: Duration = Duration::from_secs(10);
/// Longest that the import steps back for others between two chunks.
const STEP_BACK: Duration = Duration::from_millis(100);
/// Rows that are saved together: few at first, and more while there is time.
const ROWS: std::ops::RangeInclusive<usize> = 50..=1_000;
/// As often as that rows are saved in one transaction of SQLite's while nobody waits: what a row changes lies on pages all over the indexes,
/// and each of them is written once for however many rows of a transaction.
const TIMES_ALONE: usize = 60;
const HOLD_IN_ALL: Duration = Duration::from_millis(5_500);
/// Megabytes of pages that such a transaction has at hand on SQLite; fewer where what rows are compared with is kept in memory besides.
const PAGES: u32 = 256;
const PAGES_BESIDE_MEMORY: u32 = 64;
/// Rows of a transaction of SQLite's that are held against one another besides, where what there is is remembered: with those that others write
/// meanwhile no more than a memory compares one by one (2,000).
const OWN_COMPARED: usize = 1_500;
/// Rows that are looked at ahead, at most.
const AHEAD: usize = 2_000;
/// Seconds within which nobody needs to be told that it has ended.
const SHORT: i64 = 10;
/// Rows that are passed at once where the import goes on behind them.
const PASS: usize = 2_000;
/// From so many rows on, and from as many as there were before, the engine looks anew at what is in its tables, or it would go on planning for
/// empty ones; and again at so many times as many. That takes seconds where there is much.
const MANY: u64 = 500;
/// Rows after which it is asked again whether it pays to remember what there is.
const ASK_AGAIN: u64 = 4_000;
const TIMES: u64 = 16;
/// Tables that became large by it are counted at so many times as many rows, however much there was before: those of external ids, stays and
/// words may have been empty.
const TIMES_GROWN: u64 = 4;
/// At its end it looks where half as many have come as there were: fewer change no plan, and housekeeping counts every hour.
const PART: u64 = 2;

/// Who imports where nobody is signed in: the command line, and the product itself.
const PRODUCT: Credential = Credential::System("an import");

/// One go of an import's job: all of it, or as much as can be done until somebody who waits for the answer wants it.
pub(crate) fn step(house: &House, job: &Job, lease: Id, deadline: Option<Moment>) -> Result<Step> {
    let Some(id) = job.doc["import"].as_str().and_then(|id| id.parse::<Id>().ok()) else {
        return Ok(Step::Failed("which import?".into()));
    };
    let run = match house.read(&jobs::WORKER, Limits::default(), |_, tx| run::find(tx, id)) {
        Err(Error::NotFound) => return Ok(Step::Failed("its import is gone".into())),
        other => other?,
    };
    let undoes = job.kind == jobs::Kind::UndoImport;
    let credential = if run.by == Id::SYSTEM { PRODUCT } else { Credential::Person(run.by) };
    let mut worker = Worker {
        house,
        job,
        lease,
        credential,
        run,
        earlier: Earlier::default(),
        counted: MANY,
        counted_grown: MANY,
        there: 0,
        deadline,
        remembered: None,
        asked_at: 0,
        in_the_way: None,
    };
    let done = if undoes { super::undo::all(&mut worker) } else { worker.all() };
    let Err(error) = done else { return Ok(if worker.run.state.is_open() { Step::More } else { Step::Done }) };
    let state = house.read(&jobs::WORKER, Limits::default(), |_, tx| Ok(run::find(tx, id)?.state))?;
    if !state.is_open() {
        // Cancelled meanwhile.
        return Ok(Step::Done);
    }
    match reasons(&error) {
        Some((why, violations)) => {
            worker.fail(&why, violations)?;
            Ok(Step::Done)
        }
        None => Err(error),
    }
}

/// Why an import cannot go on however often it is tried; `None` for what may pass.
fn reasons(error: &Error) -> Option<(String, Json)> {
    match error {
        Error::Invalid(found) | Error::Unmet(found) => {
            let codes: Vec<&str> = found.iter().map(|violation| violation.code).collect();
            Some((codes.join(", "), serde_json::json!(found)))
        }
        Error::Forbidden { act, object } => Some((format!("access.act_not_allowed: {act} {object}"), Json::Null)),
        Error::NotFound => Some(("not_found".into(), Json::Null)),
        Error::Unauthenticated(code) => Some(((*code).into(), Json::Null)),
        _ => None,
    }
}

/// A worker with an import in hand.
pub(super) struct Worker<'h> {
    pub house: &'h House,
    pub job: &'h Job,
    pub lease: Id,
    pub credential: Credential,
    pub run: Run,
    /// What the rows before have made, of the present step.
    earlier: Earlier,
    /// Records made until which the engine has counted, and until which it has counted what became large.
    counted: u64,
    counted_grown: u64,
    /// Records of its objects when it was taken up.
    there: u64,
    deadline: Option<Moment>,
    /// What there is to compare rows with, where they are many; and rows made until it is asked again whether that pays.
    remembered: Option<Remembered>,
    asked_at: u64,
    /// When somebody was seen last who waited for a chunk to end.
    in_the_way: Option<Moment>,
}

impl Worker<'_> {
    fn all(&mut self) -> Result<()> {
        if self.run.asked.dry_run && self.run.state == State::Running {
            let run = self.run.clone();
            self.run = self.slice(&jobs::WORKER, |_, tx| {
                let mut run = run.clone();
                begin::forget(tx, &mut run)?;
                Ok((0, run))
            })?;
        }
        self.move_on(|run| run.state = State::Running)?;
        self.there = self.house.read(&jobs::WORKER, Limits::default(), |cx, tx| there(cx, tx, &self.run))?;
        self.counted = MANY.max(self.there);
        // What a dry run's earlier steps would make is known to its later ones.
        let mut lookup = Lookup::default();
        while self.run.progress.step < self.run.asked.steps.len() {
            if !self.one_step(&mut lookup)? {
                return Ok(());
            }
        }
        self.count(u64::MAX)?;
        if self.run.sum(|counts| counts.created + counts.updated) >= MANY {
            self.house.db().let_go();
        }
        self.move_on(|run| run.state = State::Done)
    }

    /// Stores a new state of the import itself.
    pub fn move_on(&mut self, change: impl Fn(&mut Run)) -> Result<()> {
        let (before, ended) = (self.run.clone(), [State::Done, State::Failed, State::Undone]);
        self.run = self.slice(&jobs::WORKER, |cx, tx| {
            let mut run = before.clone();
            change(&mut run);
            run.ended_at = ended.contains(&run.state).then_some(cx.at);
            advance(&run, tx)?;
            if run.ended_at.is_some() {
                tell_end(cx, tx, &run)?;
            }
            Ok((0, run))
        })?;
        Ok(())
    }

    fn fail(&mut self, why: &str, violations: Json) -> Result<()> {
        let undoing = self.run.state == State::Undoing;
        self.move_on(|run| {
            run.state = if undoing { State::Done } else { State::Failed };
            run.progress.error = Some(why.to_owned());
            run.progress.violations = violations.clone();
        })
    }

    /// One transaction of the job: what it did is counted, and committed only while the job is this worker's.
    pub fn slice<T>(&self, credential: &Credential, mut f: impl FnMut(&Ctx, &mut db::Write) -> Result<(i64, T)>) -> Result<T> {
        jobs::slice(self.house, self.job, self.lease, credential, self.run.asked.origin(), |cx, tx| {
            let (done, value) = f(cx, tx)?;
            Ok((None, done, value))
        })
    }

    fn counts(&self) -> Counts {
        self.run.progress.steps[self.run.progress.step]
    }

    fn open(&self, lookup: &mut Lookup) -> Result<Prepared> {
        let step = &self.run.asked.steps[self.run.progress.step];
        self.house.read_from(&self.credential, Limits::default(), self.run.asked.origin(), |cx, tx| {
            let found = files::reading(tx, step.file, step.reading)?;
            let opening = Opening::of(cx, tx, &found, &step.options)?;
            opening.constants(cx, tx, lookup)?;
            opening.prepared(cx, lookup, &self.run)
        })
    }

    /// Whether the time is over for now. A dry run leaves nothing from which it could go on, so it goes through.
    pub fn is_late(&self) -> bool {
        !self.run.asked.dry_run && self.deadline.is_some_and(|deadline| Moment::now() >= deadline)
    }

    /// One step to its end; false when there was no time for that.
    fn one_step(&mut self, lookup: &mut Lookup) -> Result<bool> {
        let mut prepared = self.open(lookup)?;
        (self.remembered, self.asked_at) = (None, 0);
        let step = &self.run.asked.steps[self.run.progress.step];
        let (file, reading, first) = (step.file, step.reading, prepared.file.first_row());
        let mut seen = Seen::default();
        let mut waiting: BTreeSet<u64> = BTreeSet::new();
        if self.run.progress.phase == Phase::Rows {
            self.pass(&prepared, RowsIn::from(file, reading, first), &mut seen)?;
            self.earlier = self.house.read(&jobs::WORKER, Limits::default(), |_, tx| Earlier::of(tx, &self.run))?;
            let mut coming = Coming {
                house: self.house,
                credential: self.credential.clone(),
                origin: self.run.asked.origin(),
                rows: RowsIn::from(file, reading, first + self.counts().read),
                lookup: &mut *lookup,
                seen,
            };
            let mut size = *ROWS.start();
            let mut next = None;
            loop {
                // First: how many rows are taken together depends on it.
                self.remember(&prepared)?;
                let Some(ready) = self.ready(&mut prepared, &mut coming, next.take(), size)? else { break };
                if self.is_late() {
                    return Ok(false);
                }
                waiting.extend(ready.rows.iter().filter(|row| row.waits && !row.refused).map(|row| row.index));
                let mut left = ready.rows.as_slice();
                loop {
                    let rows = &left[..self.at_once(size, left.len())];
                    let until = left.get(rows.len()).map_or(ready.until, |next| next.index);
                    let chunk = Chunk { rows, together: size, until };
                    let went = self.save_on(&prepared, &mut coming, &mut next, &chunk)?;
                    left = &left[went.rows..];
                    size = next_size(went.together, went.took, self.hold());
                    self.step_back(went.took);
                    self.count(self.run.sum(|counts| counts.created))?;
                    if left.is_empty() {
                        break;
                    }
                    if self.is_late() {
                        return Ok(false);
                    }
                }
            }
            if let Some(memory) = &self.remembered {
                let answered = memory.read().unwrap_or_else(PoisonError::into_inner).answered_ahead();
                tracing::debug!(answered, "questions of likeness that had been looked into before they were asked");
            }
            self.move_on(|run| run.progress.phase = Phase::References)?;
        }
        self.references(&mut prepared, lookup, waiting)?;
        self.move_on(|run| {
            run.progress.phase = Phase::Rows;
            run.progress.step += 1;
        })?;
        Ok(true)
    }

    /// The next rows, ready to be saved: those that were made ready ahead, or those that come. Nothing at the end.
    fn ready(&mut self, prepared: &mut Prepared, coming: &mut Coming<'_>, ahead: Option<Next>, size: usize) -> Result<Option<Ready>> {
        let mut next = match ahead {
            Some(next) => next,
            None => coming.next(prepared, size * self.times(size))?,
        };
        loop {
            match next {
                Next::Ready(ready) => return Ok(Some(ready)),
                Next::End => return Ok(None),
                Next::Stale(lines) => {
                    *prepared = self.open(coming.lookup)?;
                    next = coming.ready(prepared, lines)?;
                }
            }
        }
    }

    /// Saves a chunk, and has the other core do meanwhile what can be done for the rows behind it.
    fn save_on(&mut self, prepared: &Prepared, coming: &mut Coming<'_>, next: &mut Option<Next>, chunk: &Chunk<'_>) -> Result<Went> {
        let many = chunk.together * self.times(chunk.together);
        if self.remembered.is_some() {
            let (rows, lookup) = (&mut coming.rows, &mut *coming.lookup);
            return self.looking_ahead(prepared, rows, (many, chunk.rows), |worker| worker.chunk(prepared, lookup, chunk));
        }
        if next.is_some() || !prepared.rows_stand_alone() {
            return self.chunk(prepared, coming.lookup, chunk);
        }
        let (went, ahead) = self.chunk_and_next(prepared, coming, many, chunk)?;
        *next = Some(ahead);
        Ok(went)
    }

    /// Keeps at hand what the rows are compared with, where it pays.
    fn remember(&mut self, prepared: &Prepared) -> Result<()> {
        let counts = self.counts();
        if let Some(memory) = &self.remembered {
            if !index::catch_up(self.house, memory)? {
                (self.remembered, self.asked_at) = (None, u64::MAX);
            }
        } else if counts.read >= self.asked_at {
            let coming = self.run.asked.steps[self.run.progress.step].rows.saturating_sub(counts.read);
            self.remembered = index::remember(self.house, &prepared.object.key, Kind::Import, coming)?;
            self.asked_at = counts.read + ASK_AGAIN;
        }
        Ok(())
    }

    /// Works while another thread holds rows that are to come against what is remembered; what is left of them is then done by both.
    fn looking_ahead<T>(
        &mut self,
        prepared: &Prepared,
        rows: &mut RowsIn,
        (many, now): (usize, &[Row]),
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let Some(memory) = self.remembered.clone() else { return work(self) };
        let (meta, object) = (prepared.meta.clone(), &prepared.object);
        let fields = index::compared(&meta, &object.key, Kind::Import);
        // Of twice as many as are saved: the next may be more.
        let coming = rows.coming(self.house, (many * 2).min(AHEAD))?.map(|line| prepared.foretold(line, &fields)).collect();
        let now = now.iter().flat_map(|row| fields.iter().filter_map(|field| row.patch.get(*field)?.as_text())).collect();
        let ahead = Foresight::new(&meta, &memory, object, Kind::Import, coming, &now);
        std::thread::scope(|threads| {
            threads.spawn(|| ahead.work());
            let done = work(self);
            match done.is_ok() {
                true => ahead.work(),
                false => ahead.end(),
            }
            done
        })
    }

    /// Takes in the keys of the rows that are through.
    fn pass(&self, prepared: &Prepared, mut rows: RowsIn, seen: &mut Seen) -> Result<()> {
        let mut left = self.counts().read as usize;
        while left > 0 {
            let lines: Vec<Arc<Line>> = rows.take(self.house, left.min(PASS))?.into_iter().map(Arc::new).collect();
            if lines.is_empty() {
                break;
            }
            prepared.pass(&lines, seen);
            left -= lines.len();
        }
        Ok(())
    }

    /// Finds what the rows refer to; what has changed of the definitions is taken in.
    fn look_up(&self, prepared: &mut Prepared, lookup: &mut Lookup, lines: &[Arc<Line>]) -> Result<()> {
        if ahead::look_up(self.house, (&self.credential, &self.run.asked.origin()), prepared, lookup, lines)? {
            *prepared = self.open(lookup)?;
        }
        Ok(())
    }

    /// How often so many rows are saved in a transaction.
    fn times(&self, size: usize) -> usize {
        let alone = self.hold() == HOLD_ALONE && !self.run.asked.dry_run;
        if !alone || self.house.db().engine() != Engine::Sqlite {
            return 1;
        }
        // What is remembered is as of before the transaction: what that writes itself is compared row by row.
        if self.remembered.is_some() { (OWN_COMPARED / size).clamp(1, TIMES_ALONE) } else { TIMES_ALONE }
    }

    /// How many of the rows that are ready may be saved in one transaction. They may have been made ready before there was a memory.
    fn at_once(&self, size: usize, ready: usize) -> usize {
        if self.remembered.is_some() { ready.min(size.max(OWN_COMPARED)) } else { ready }
    }

    /// How long rows that are saved together may take.
    fn hold(&self) -> Duration {
        if self.in_the_way.is_some_and(|at| at.elapsed() < LATELY) { HOLD } else { HOLD_ALONE }
    }

    /// Takes in whether somebody waited for a chunk to end.
    fn sees(&mut self, awaited: bool) {
        if awaited {
            self.in_the_way = Some(Moment::now());
        }
    }

    /// Whoever waits to write comes first.
    pub fn step_back(&self, took: Duration) {
        if self.house.db().engine() == Engine::Postgres {
            std::thread::yield_now();
            return;
        }
        let began = Moment::now();
        let patience = (took * 2).min(STEP_BACK);
        while self.house.db().is_writer_awaited() && began.elapsed() < patience {
            std::thread::sleep(Duration::from_micros(300));
        }
    }

    fn count(&mut self, made: u64) -> Result<()> {
        let all = self.run.sum(|counts| counts.created);
        if self.run.asked.dry_run || all < MANY {
            return Ok(());
        }
        if all >= self.there / PART && made >= self.counted {
            self.counted = self.counted.saturating_mul(TIMES);
            self.counted_grown = self.counted_grown.max(made.saturating_mul(TIMES_GROWN));
            return Ok(self.house.db().analyse()?);
        }
        if made >= self.counted_grown {
            self.counted_grown = self.counted_grown.saturating_mul(TIMES_GROWN);
            self.house.db().analyse_grown()?;
        }
        Ok(())
    }
}

/// As many rows as fit in the time, and at most twice as many as there were: behind one that was refused alone they become more again.
fn next_size(size: usize, took: Duration, hold: Duration) -> usize {
    let fit = size as f64 * hold.as_secs_f64() / took.as_secs_f64().max(1e-6);
    (fit as usize).min(size * 2).clamp((*ROWS.start()).min(size * 2), *ROWS.end())
}

/// How many records there are of the objects that come.
fn there(cx: &Ctx, tx: &mut Read, run: &Run) -> Result<u64> {
    let objects: BTreeSet<&str> = run.asked.steps.iter().map(|step| step.options.object.as_str()).collect();
    let sizes = objects.into_iter().filter_map(|key| cx.meta.schema.object(key)).map(|object| db::records::size(tx, object));
    Ok(sizes.sum::<std::result::Result<i64, _>>()?.unsigned_abs())
}

/// Stores how far it is, unless somebody has ended it meanwhile: then nothing of the transaction is stored.
fn advance(run: &Run, tx: &mut db::Write) -> Result<()> {
    if run.advance(tx, &[State::Waiting, State::Running, State::Undoing])? {
        Ok(())
    } else {
        Err(Error::Internal("the import was ended meanwhile".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_has_as_many_rows_as_fit_in_the_time() {
        let ms = Duration::from_millis;
        // It grows to twice as many at most, and shrinks at once to what fits.
        assert_eq!(next_size(50, ms(1), HOLD_ALONE), 100);
        assert_eq!(next_size(400, ms(100), HOLD_ALONE), 600);
        assert_eq!(next_size(800, ms(400), HOLD_ALONE), 300);
        // Where somebody waits, it is soon short.
        assert_eq!(next_size(600, ms(150), HOLD), 80);
        assert_eq!((next_size(1, ms(1), HOLD), next_size(2, ms(90), HOLD)), (2, 4));
        assert_eq!((next_size(80, ms(90), HOLD), next_size(900, Duration::ZERO, HOLD)), (50, 1_000));
    }
}
