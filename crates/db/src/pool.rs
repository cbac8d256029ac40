//! Connections in waiting, given out in the order of asking.
//!
//! The one that came back last goes out first, so that those which only a crowd needed are left alone, and closed after a while: each holds
//! the description of all tables, its statements and its pages, megabytes that nobody uses.
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
/// How long a connection lies unused before it is closed.
const UNUSED: Duration = Duration::from_secs(10);
/// How many are kept however long nobody asks: opening one takes milliseconds, which whoever comes next would wait for.
const KEPT: usize = 2;

/// A pool of connections made by `open`.
pub(crate) struct Pool {
    open: Box<dyn Fn() -> Result<Connection, Error> + Send + Sync>,
    size: u32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By when they came back, the longest unused first.
    idle: VecDeque<Idle>,
    out: u32,
    generation: u64,
    /// Who waits, first come first served: each is woken alone, so that a connection that comes back does not rouse all the others.
    queue: VecDeque<Arc<Condvar>>,
    /// How many of them nobody hurries for.
    aside: usize,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl State {
    /// Takes out what nobody has used for long, so that it is closed by who holds no lock.
    fn unused(&mut self, now: Instant) -> Vec<Connection> {
        let surplus = self.idle.len().saturating_sub(KEPT);
        let old = self.idle.iter().take(surplus).take_while(|one| now.duration_since(one.since) >= UNUSED).count();
        self.idle.drain(..old).map(|one| one.connection).collect()
    }

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
        let (idle, generation) = (state.idle.pop_back().map(|one| one.connection), state.generation);
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
        let now = Instant::now();
        let mut unwanted = Vec::new();
        match connection {
            Some(connection) if keep => state.idle.push_back(Idle { connection, since: now }),
            other => unwanted.extend(other),
        }
        unwanted.extend(state.unused(now));
        state.wake_the_first();
        drop(state);
        drop(unwanted);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::connection::sqlite;

    fn pool() -> (Arc<AtomicU32>, Arc<Pool>) {
        let opened = Arc::new(AtomicU32::new(0));
        let count = opened.clone();
        let pool = Pool::new(6, move || {
            count.fetch_add(1, Ordering::Relaxed);
            sqlite::Connection::open(Path::new(":memory:"), sqlite::Role::Reader).map(|c| Connection::Sqlite(Box::new(c)))
        });
        (opened, pool)
    }

    fn borrow(pool: &Arc<Pool>, many: usize) {
        let soon = Instant::now() + PATIENCE;
        drop((0..many).map(|_| pool.take(soon).unwrap()).collect::<Vec<_>>());
    }

    fn let_lie(pool: &Pool, long: Duration) {
        for one in &mut pool.state.lock().unwrap().idle {
            one.since -= long;
        }
    }

    #[test]
    fn what_a_crowd_needed_is_closed_after_a_while() {
        let (opened, pool) = pool();
        borrow(&pool, 5);
        borrow(&pool, 1);
        assert_eq!((pool.filled().idle, opened.load(Ordering::Relaxed)), (5, 5), "not at once");
        let_lie(&pool, UNUSED);
        borrow(&pool, 1);
        assert_eq!((pool.filled().idle, opened.load(Ordering::Relaxed)), (2, 5), "the one just used, and one more");
        borrow(&pool, 3);
        assert_eq!((pool.filled().idle, opened.load(Ordering::Relaxed)), (3, 6), "opened again when they are wanted");
    }

    #[test]
    fn those_in_use_are_never_closed() {
        let (opened, pool) = pool();
        borrow(&pool, 4);
        for _ in 0..3 {
            let_lie(&pool, UNUSED / 2);
            borrow(&pool, 4);
        }
        assert_eq!((pool.filled().idle, opened.load(Ordering::Relaxed)), (4, 4));
    }
}
