//! The door from async to the synchronous core (core rules 9, 11, 12).
//!
//! A call waits for a place in its lane first, in the order of arrival, and only then takes a blocking thread; so no thread ever
//! waits for another. Whoever finds no place within two seconds is told to come again. Transactions begin and end inside the
//! blocking closure. A client that hangs up ends its reads; writes finish.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db::{CancelFlag, Engine, Limits, Read, Write};
use stagecraft_core::audit::Note;
use stagecraft_core::{Credential, Ctx, Error, House, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::edge::Caller;
use crate::problem::Problem;

/// How long one waits for a place.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a read may take that takes long by its nature.
const LONG: Duration = Duration::from_secs(90);

/// Connections that all read lanes together need, beside one for the live stream.
pub const READ_CONNECTIONS: u32 = READ_PLACES + SLOW_PLACES + 1;
/// Connections for writing on PostgreSQL; SQLite has one writer.
pub const WRITE_CONNECTIONS: u32 = 8;
const READ_PLACES: u32 = 6;
const SLOW_PLACES: u32 = 2;
const HASH_PLACES: u32 = 2;

/// A queue with a number of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Read,
    Write,
    /// Imports and whatever takes long by its nature.
    Slow,
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
            Lane::Slow => 600,
        })
    }
}

/// The door.
pub struct Door {
    house: Arc<House>,
    read: Arc<Semaphore>,
    write: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    hash: Arc<Semaphore>,
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
        let places = |n: u32| Arc::new(Semaphore::new(n as usize));
        Door { house, read: places(READ_PLACES), write: places(writers), slow: places(SLOW_PLACES), hash: places(HASH_PLACES) }
    }

    /// The house behind the door; for what needs no transaction.
    pub fn house(&self) -> &Arc<House> {
        &self.house
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
        let accepted = caller.accepted().to_vec();
        self.run(Lane::Write, move |house, limits| {
            house.write(&credential, limits, &origin, |cx, tx| {
                spoken.by_person(&cx.who.language);
                if accepted.is_empty() { f(cx, tx) } else { f(&cx.accepting(accepted.clone()), tx) }
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
        let done = tokio::task::spawn_blocking(move || {
            // The place is held until the work is done, whether or not anybody still waits for it.
            let _place = place;
            f(&house, limits)
        })
        .await;
        hang_up.answered = true;
        match done {
            Ok(result) => result.map_err(Problem::from),
            Err(panic) => Err(Problem::from(Error::Internal(format!("a request's work ended early: {panic}")))),
        }
    }

    async fn place(&self, lane: Lane) -> std::result::Result<OwnedSemaphorePermit, Problem> {
        let places = match lane {
            Lane::Read => &self.read,
            Lane::Write => &self.write,
            Lane::Slow => &self.slow,
            Lane::Hash => &self.hash,
        };
        match tokio::time::timeout(PATIENCE, places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Problem::busy()),
        }
    }
}
