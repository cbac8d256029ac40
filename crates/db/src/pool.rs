//! Connections in waiting, given out in the order of asking.
//!
//! No test query: PostgreSQL's driver learns of a dead connection only by using it, so the first round trip of a transaction is the
//! test, and a failure there renews the whole pool (core rule 13).

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;
use crate::connection::Connection;

/// Longest wait for a free connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// A pool of connections made by `open`.
pub(crate) struct Pool {
    open: Box<dyn Fn() -> Result<Connection, Error> + Send + Sync>,
    size: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    idle: VecDeque<Connection>,
    out: u32,
    generation: u64,
    /// Who waits, first come first served: each is woken alone, so that a connection that comes back does not rouse all the others.
    queue: VecDeque<Arc<Condvar>>,
    /// How many of them nobody hurries for.
    aside: usize,
}

impl State {
    fn wake_the_first(&self) {
        if let Some(first) = self.queue.front() {
            first.notify_one();
        }
    }
}

/// How many connections of a pool are where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    pub size: u32,
    /// On loan.
    pub out: u32,
    /// Open, and on loan to nobody.
    pub idle: u32,
    /// Who waits for one.
    pub waiting: u32,
}

/// A connection on loan. Comes back when dropped, unless spoilt.
pub(crate) struct Lease {
    pool: Arc<Pool>,
    connection: Option<Connection>,
    generation: u64,
    /// Never to be used again.
    pub spoilt: bool,
}

impl Pool {
    pub fn new(size: u32, open: impl Fn() -> Result<Connection, Error> + Send + Sync + 'static) -> Arc<Pool> {
        Arc::new(Pool { open: Box::new(open), size: size.max(1), state: Mutex::default() })
    }

    /// Waits for a connection until `deadline`, at most two seconds.
    pub fn take(self: &Arc<Pool>, deadline: Instant) -> Result<Lease, Error> {
        self.take_in_turn(deadline.min(Instant::now() + PATIENCE), 0)
    }

    /// Waits for its turn in the same queue until `deadline`, however far that is; nobody need end sooner for it.
    pub fn take_aside(self: &Arc<Pool>, deadline: Instant) -> Result<Lease, Error> {
        self.take_in_turn(deadline, 1)
    }

    fn take_in_turn(self: &Arc<Pool>, until: Instant, aside: usize) -> Result<Lease, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let me = Arc::new(Condvar::new());
        state.queue.push_back(me.clone());
        state.aside += aside;
        while !state.queue.front().is_some_and(|first| Arc::ptr_eq(first, &me)) || state.out >= self.size {
            let now = Instant::now();
            if now >= until {
                state.queue.retain(|waiting| !Arc::ptr_eq(waiting, &me));
                state.aside -= aside;
                state.wake_the_first();
                return Err(Error::Busy);
            }
            state = me.wait_timeout(state, until - now).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.queue.pop_front();
        state.aside -= aside;
        state.out += 1;
        let (idle, generation) = (state.idle.pop_front(), state.generation);
        if state.out < self.size {
            state.wake_the_first();
        }
        drop(state);
        let mut lease = Lease { pool: self.clone(), connection: idle, generation, spoilt: false };
        if lease.connection.is_none() {
            lease.connection = Some((self.open)()?);
        }
        Ok(lease)
    }

    /// How many connections are where.
    pub fn filled(&self) -> Filled {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let many = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Filled { size: self.size, out: state.out, idle: many(state.idle.len()), waiting: many(state.queue.len()) }
    }

    /// True while somebody waits for a connection for whom others should end sooner.
    pub fn is_awaited(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.queue.len() > state.aside
    }

    /// Drops all waiting connections, and those on loan when they come back.
    pub fn renew(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.generation += 1;
        let old = std::mem::take(&mut state.idle);
        drop(state);
        drop(old);
    }
}

impl Lease {
    /// The connection.
    pub fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a lease has a connection until it is dropped")
    }

    /// True while somebody waits for it, or another of its pool.
    pub fn is_awaited(&self) -> bool {
        self.pool.is_awaited()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let connection = self.connection.take();
        let mut state = self.pool.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.out -= 1;
        let keep = !self.spoilt && state.generation == self.generation;
        let unwanted = match connection {
            Some(connection) if keep => {
                state.idle.push_back(connection);
                None
            }
            other => other,
        };
        state.wake_the_first();
        drop(state);
        drop(unwanted);
    }
}
