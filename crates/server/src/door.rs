//! The door from async to the synchronous core (core rules 9, 11, 12).
//!
//! A call waits for a place in its lane first, in the order of arrival, and only then takes a blocking thread; so no thread ever
//! waits for another. Whoever finds no place within two seconds is told to come again. Transactions begin and end inside the
//! blocking closure. A client that hangs up ends its reads; writes finish.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use db::watch::{Times, working_for};
use db::{CancelFlag, Engine, Limits, Read, Write};
use stagecraft_core::audit::Note;
use stagecraft_core::{Credential, Ctx, Error, House, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::{Instrument, Span};

use crate::edge::Caller;
use crate::problem::Problem;
use crate::watching::asked;

/// How long one waits for a place.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a read may take that takes long by its nature.
const LONG: Duration = Duration::from_secs(90);

/// Connections that all read lanes together need, beside one for the live stream.
pub const READ_CONNECTIONS: u32 = READ_PLACES + SLOW_PLACES + EXPORT_PLACES + 1;
/// Connections for writing on PostgreSQL; SQLite has one writer.
pub const WRITE_CONNECTIONS: u32 = 8;
const READ_PLACES: u32 = 6;
const SLOW_PLACES: u32 = 2;
const EXPORT_PLACES: u32 = 2;
const HASH_PLACES: u32 = 2;

/// A queue with a number of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Read,
    Write,
    /// Imports and whatever takes long by its nature.
    Slow,
    /// Files that are made while the client takes them, which lasts for as long as the client likes: nobody else may wait for that.
    Export,
    /// Passwords: hashing one takes much memory and time, on purpose.
    Hash,
}

impl Lane {
    /// How long the work may take once it has a place.
    fn deadline(self) -> Duration {
        Duration::from_secs(match self {
            Lane::Read => 5,
            Lane::Write => 10,
            Lane::Hash => 15,
            Lane::Slow | Lane::Export => 600,
        })
    }
}

/// The door.
pub struct Door {
    house: Arc<House>,
    lanes: [Place; 5],
}

/// The places of a lane, and how it fares.
pub struct Place {
    name: &'static str,
    free: Arc<Semaphore>,
    size: usize,
    waiting: AtomicU64,
    waits: Times,
    turned_away: AtomicU64,
}

impl Place {
    fn new(lane: Lane, size: u32) -> Place {
        let name = match lane {
            Lane::Read => "read",
            Lane::Write => "write",
            Lane::Slow => "slow",
            Lane::Export => "export",
            Lane::Hash => "hash",
        };
        let size = size as usize;
        let (waiting, turned_away) = (AtomicU64::new(0), AtomicU64::new(0));
        Place { name, free: Arc::new(Semaphore::new(size)), size, waiting, waits: Times::default(), turned_away }
    }

    /// As metrics name it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many may work at once.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many work.
    pub fn busy(&self) -> usize {
        self.size.saturating_sub(self.free.available_permits())
    }

    /// How many wait.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// How long was waited.
    pub fn waits(&self) -> &Times {
        &self.waits
    }

    /// Who found no place in time.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }
}

/// Counted among those who wait, also where the client hangs up meanwhile.
struct Waiting<'a>(&'a AtomicU64);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicU64) -> Waiting<'a> {
        count.fetch_add(1, Ordering::Relaxed);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Raised when the client is gone before its answer.
struct HangUp {
    flag: CancelFlag,
    answered: bool,
}

impl Drop for HangUp {
    fn drop(&mut self) {
        if !self.answered {
            self.flag.cancel();
        }
    }
}

impl Door {
    /// A door into the house.
    pub fn new(house: Arc<House>) -> Door {
        let writers = match house.db().engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => WRITE_CONNECTIONS,
        };
        // In the order of the lanes.
        let sizes = [
            (Lane::Read, READ_PLACES),
            (Lane::Write, writers),
            (Lane::Slow, SLOW_PLACES),
            (Lane::Export, EXPORT_PLACES),
            (Lane::Hash, HASH_PLACES),
        ];
        Door { house, lanes: sizes.map(|(lane, size)| Place::new(lane, size)) }
    }

    /// The house behind the door; for what needs no transaction.
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// How the lanes fare.
    pub fn lanes(&self) -> &[Place] {
        &self.lanes
    }

    /// Reads as the caller, in one snapshot.
    pub async fn read<T, F>(&self, caller: &Caller, mut f: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&Ctx, &mut Read) -> Result<T> + Send + 'static,
    {
        let (credential, spoken, origin) = (caller.credential.clone(), caller.spoken.clone(), caller.origin());
        self.run(Lane::Read, move |house, limits| {
            house.read_from(&credential, limits, &origin, |cx, tx| {
                spoken.by_person(&cx.who.language);
                f(cx, tx)
            })
        })
        .await
    }

    /// Reads as the caller what takes long by its nature, in one snapshot; given up with the client like any other read.
    pub async fn read_slowly<T, F>(&self, caller: &Caller, mut f: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&Ctx, &mut Read) -> Result<T> + Send + 'static,
    {
        let (credential, spoken, origin) = (caller.credential.clone(), caller.spoken.clone(), caller.origin());
        let limits = Limits { deadline: Some(Instant::now() + LONG), ..Limits::default() };
        self.work(Lane::Slow, limits, true, move |house, limits| {
            house.read_from(&credential, limits, &origin, |cx, tx| {
                spoken.by_person(&cx.who.language);
                f(cx, tx)
            })
        })
        .await
    }

    /// Writes as the caller. `f` may run again when the database asks for it.
    pub async fn write<T, F>(&self, caller: &Caller, mut f: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&Ctx, &mut Write) -> Result<T> + Send + 'static,
    {
        let (credential, spoken, origin) = (caller.credential.clone(), caller.spoken.clone(), caller.origin());
        let (accepted, tries) = (caller.accepted().to_vec(), caller.tries());
        self.run(Lane::Write, move |house, limits| {
            house.write(&credential, limits, &origin, |cx, tx| {
                spoken.by_person(&cx.who.language);
                if tries {
                    cx.only_asks(true);
                }
                let done = if accepted.is_empty() { f(cx, tx) } else { f(&cx.accepting(accepted.clone()), tx) };
                if tries {
                    tx.abandon();
                }
                done
            })
        })
        .await
    }

    /// Adds to the trace what the caller is about to read.
    pub async fn note<F>(&self, caller: &Caller, f: F) -> std::result::Result<(), Problem>
    where
        F: FnMut(&Ctx) -> Result<Note> + Send + 'static,
    {
        let (credential, origin) = (caller.credential.clone(), caller.origin());
        self.run(Lane::Write, move |house, limits| house.note(&credential, limits, &origin, f)).await
    }

    /// Reads as the product itself, for what is open to all.
    pub async fn read_openly<T, F>(&self, why: &'static str, mut f: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&Ctx, &mut Read) -> Result<T> + Send + 'static,
    {
        self.run(Lane::Read, move |house, limits| house.read(&Credential::System(why), limits, |cx, tx| f(cx, tx))).await
    }

    /// Runs work of the core that opens its own transactions.
    pub async fn run<T, F>(&self, lane: Lane, f: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&House, Limits) -> Result<T> + Send + 'static,
    {
        // Only reads are given up with their client: an import goes on, and so does a sign-in.
        let limits = Limits { deadline: Some(Instant::now() + lane.deadline()), ..Limits::default() };
        self.work(lane, limits, lane == Lane::Read, f).await
    }

    async fn work<T, F>(&self, lane: Lane, limits: Limits, is_read: bool, f: F) -> std::result::Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&House, Limits) -> Result<T> + Send + 'static,
    {
        let place = self.place(lane).await?;
        let mut hang_up = HangUp { flag: limits.cancel.clone(), answered: !is_read };
        let house = self.house.clone();
        // What is logged and asked there belongs to the request.
        let (span, task) = (Span::current(), asked::task());
        let done = tokio::task::spawn_blocking(move || {
            // The place is held until the work is done, whether or not anybody still waits for it.
            let _place = place;
            span.in_scope(|| working_for(task, || f(&house, limits)))
        })
        .await;
        hang_up.answered = true;
        match done {
            Ok(result) => result.map_err(Problem::from),
            Err(panic) => Err(Problem::from(Error::Internal(format!("a request's work ended early: {panic}")))),
        }
    }

    async fn place(&self, lane: Lane) -> std::result::Result<OwnedSemaphorePermit, Problem> {
        let places = &self.lanes[lane as usize];
        let began = Instant::now();
        let waiting = Waiting::new(&places.waiting);
        let span = tracing::trace_span!(target: "stagecraft::door", "wait", lane = places.name);
        let found = tokio::time::timeout(PATIENCE, places.free.clone().acquire_owned()).instrument(span).await;
        drop(waiting);
        places.waits.add(began.elapsed());
        match found {
            Ok(Ok(place)) => Ok(place),
            _ => {
                places.turned_away.fetch_add(1, Ordering::Relaxed);
                Err(Problem::busy())
            }
        }
    }
}
