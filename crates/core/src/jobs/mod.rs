//! Work that goes on after the answer: making columns, reckoning what older records come to, acts on many records.
//!
//! A job is committed with what asked for it. Whoever is free claims it for a while (its lease), works in short transactions which commit
//! the place where it stands together with what was done, and so it is resumed by anybody after a fall (core rules 6 and 7). Whoever
//! asked may work on it himself for a moment, so that small work is done with the answer.

mod notice;
mod show;
mod table;

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant as Moment};

use db::{Limits, Write};
use model::{Id, Via, Violation};
use serde_json::Value as Json;

pub use show::{JobsRequest, list, one};
pub use table::{Job, Kind, Stage};
pub(crate) use table::{New, cancel, enqueue, expect, held_back, is_mine, load, open_of, stuck, sweep};

use crate::audit::Origin;
use crate::{Credential, Ctx, Error, House, Result, bulk, duplicates, imports, merging, objects, prices, processes, reckoning, sharing};

/// How long a worker has a job for itself; extended with every step.
const LEASE: i64 = 30;
/// How often it is extended while one step takes longer.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How often a job that fails is tried again before it is given up.
const TRIES: i64 = 8;
/// How long one transaction of a job may work before it makes room for others (core rule 7). It then rests for as long as it has worked:
/// SQLite has one writer, and whoever saves meanwhile must not wait for every other turn. With 50 ms and no rest, 30 saves a second were
/// measured to wait for a second each.
pub(crate) const SLICE: Duration = Duration::from_millis(20);
/// Longest rest.
const REST: Duration = Duration::from_millis(200);

/// The product itself at work on a job.
pub(crate) const WORKER: Credential = Credential::System("a job");

/// What a step of a job came to.
pub(crate) enum Step {
    /// There is more to do.
    More,
    Done,
    /// It cannot be done, with the reason.
    Failed(String),
}

/// Works on a job until it is done or the time is over; what is left goes on in the background. Nothing where somebody else has it.
pub fn run(house: &House, id: Id, patience: Duration) -> Result<()> {
    let deadline = Moment::now().checked_add(patience);
    let lease = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let lease = cx.new_id();
        Ok(table::claim(cx, tx, id, lease, LEASE)?.then_some(lease))
    })?;
    match lease {
        Some(lease) => work_on(house, id, lease, deadline),
        None => Ok(()),
    }
}

/// Works on the job that has been due for longest; false when none is due. Imports, which take minutes, are left to [`work_long`].
pub fn work(house: &House) -> Result<bool> {
    work_on_due(house, false)
}

/// Works on the import that has been due for longest; false when none is due.
pub fn work_long(house: &House) -> Result<bool> {
    work_on_due(house, true)
}

fn work_on_due(house: &House, long: bool) -> Result<bool> {
    // Without a look nobody waits for the writer.
    if house.read(&WORKER, Limits::default(), |cx, tx| Ok(tx.optional(&table::due(cx, long))?.is_none()))? {
        return Ok(false);
    }
    let claimed = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        // What another server is about to take is passed over.
        let Some(row) = tx.free(&table::due(cx, long), "job")?.into_iter().next() else { return Ok(None) };
        let (id, lease): (Id, Id) = (row.get(0)?, cx.new_id());
        Ok(table::claim(cx, tx, id, lease, LEASE)?.then_some((id, lease)))
    })?;
    if let Some((id, lease)) = claimed {
        work_on(house, id, lease, None)?;
    }
    Ok(claimed.is_some())
}

fn work_on(house: &House, id: Id, lease: Id, deadline: Option<Moment>) -> Result<()> {
    loop {
        let job = house.read(&WORKER, Limits::default(), |_, tx| table::load(tx, id))?;
        if job.lease != Some(lease) {
            return Ok(());
        }
        // It was begun again and again and never got anywhere: it may be what ends the process.
        if job.attempts > 2 * TRIES {
            return end(house, id, lease, Some("begun many times without getting anywhere"));
        }
        let began = Moment::now();
        let step = keeping(house, id, lease, || one_step(house, &job, lease, deadline));
        match step {
            Ok(Step::More) => std::thread::sleep(began.elapsed().min(REST)),
            Ok(Step::Done) => return end(house, id, lease, None),
            Ok(Step::Failed(why)) => return end(house, id, lease, Some(&why)),
            Err(error) => return put_off(house, &job, lease, &error),
        }
        if deadline.is_some_and(|deadline| Moment::now() >= deadline) {
            return house.write(&WORKER, Limits::default(), Via::System, |_, tx| table::release(tx, id, lease));
        }
    }
}

fn one_step(house: &House, job: &Job, lease: Id, deadline: Option<Moment>) -> Result<Step> {
    match job.kind {
        Kind::MakeObject | Kind::MakeField | Kind::DropField | Kind::DropObject => objects::making::step(house, job, lease),
        Kind::Recalculate => reckoning::filling::step(house, job, lease),
        Kind::Bulk | Kind::UndoBulk => bulk::step(house, job, lease),
        Kind::Share => sharing::step(house, job, lease),
        Kind::FollowVersion => processes::definition::following::step(house, job, lease),
        Kind::FillMatches | Kind::DropMatches => duplicates::index::step(house, job, lease),
        Kind::FollowLines => prices::following::step(house, job, lease),
        Kind::ScanDuplicates => merging::groups::step(house, job, lease),
        Kind::Import | Kind::UndoImport => imports::step(house, job, lease, deadline),
    }
}

/// Keeps the job for this worker while a step goes on that commits nothing for a long time, as the building of an index.
fn keeping<T>(house: &House, id: Id, lease: Id, step: impl FnOnce() -> T) -> T {
    let (over, is_over) = mpsc::channel::<()>();
    std::thread::scope(|threads| {
        threads.spawn(move || {
            while is_over.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                let renewed = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| table::renew(cx, tx, id, lease, LEASE));
                if let Err(error) = renewed {
                    tracing::warn!(job = %id, %error, "a job could not be kept for its worker");
                }
            }
        });
        let done = step();
        drop(over);
        done
    })
}

fn end(house: &House, id: Id, lease: Id, why: Option<&str>) -> Result<()> {
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let ended = table::end(cx, tx, id, lease, why)?;
        match why {
            Some(why) if ended => {
                let job = table::load(tx, id)?;
                notice::failed(cx, tx, &job, why)
            }
            _ => Ok(()),
        }
    })
}

/// Tries it again later, and later still each time.
fn put_off(house: &House, job: &Job, lease: Id, error: &Error) -> Result<()> {
    tracing::warn!(job = %job.id, kind = job.kind.key(), %error, "a job has to wait");
    if job.attempts >= TRIES {
        return end(house, job.id, lease, Some(&error.to_string()));
    }
    let seconds = 1_i64 << job.attempts.clamp(0, 10);
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| table::put_off(cx, tx, job.id, lease, seconds, &error.to_string()))
}

/// One transaction of a job: `f` works and gives the place where it then stands with the number of things done. Both are committed
/// together, and only as long as the job is still this worker's.
pub(crate) fn slice<T>(
    house: &House,
    job: &Job,
    lease: Id,
    credential: &Credential,
    origin: impl Into<Origin>,
    mut f: impl FnMut(&Ctx, &mut Write) -> Result<(Option<String>, i64, T)>,
) -> Result<T> {
    house.write(credential, Limits::default(), origin, |cx, tx| {
        let cx = &cx.within(job.id);
        let (position, done, value) = f(cx, tx)?;
        if !table::advance(cx, tx, job.id, lease, position.as_deref(), done, LEASE)? {
            return Err(Error::Internal("the job is somebody else's by now".into()));
        }
        Ok(value)
    })
}

/// Puts a failed job back in the queue.
pub fn retry(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let job = known(cx, tx, id)?;
    if job.stage != Stage::Failed {
        return Err(Violation::new("job.not_failed", "").into());
    }
    if !job.may_be_retried(cx) {
        cx.administrators_only("edit", "job")?;
    }
    table::again(cx, tx, id)?;
    one(cx, tx, id)
}

/// Gives a job up: what it has done stands, the rest is left.
pub fn cancel_one(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let job = known(cx, tx, id)?;
    if !job.may_be_cancelled() || !table::give_up(cx, tx, id)? {
        return Err(Violation::new("job.not_cancellable", "").into());
    }
    one(cx, tx, id)
}

fn known(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Job> {
    let job = load(tx, id)?;
    if job.is_known(cx) { Ok(job) } else { Err(Error::NotFound) }
}
