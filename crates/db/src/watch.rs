//! What a database is asked and what that costs: counted and timed for whoever watches over it, and what took long is kept for a while.
//!
//! Everything here is a few atomic numbers, so that it can stay on: see decisions/0049 for what it costs. No value that goes with a
//! statement is ever kept or logged, its text alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::{Id, Instant};

/// Slow statements that are kept.
const KEPT: usize = 50;
/// Letters of a slow statement that are kept.
const LONGEST: usize = 2_000;
/// When a statement is slow, until somebody says otherwise.
const SLOW: Duration = Duration::from_millis(500);

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The first round trip of a transaction; on SQLite the wait for the file's one writer is in it.
    Begin,
    Read,
    Write,
    /// The commit, with the wait until it is on the disk.
    Commit,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 4] = [Step::Begin, Step::Read, Step::Write, Step::Commit];

    /// As metrics name it.
    pub fn key(self) -> &'static str {
        match self {
            Step::Begin => "begin",
            Step::Read => "read",
            Step::Write => "write",
            Step::Commit => "commit",
        }
    }
}

/// How often something took how long.
#[derive(Debug, Default)]
pub struct Times {
    buckets: [AtomicU64; Times::BOUNDS.len() + 1],
    nanos: AtomicU64,
}

impl Times {
    /// Upper bounds of the buckets, in seconds; the last bucket has none.
    pub const BOUNDS: [f64; 13] = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

    /// Something took so long.
    pub fn add(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let at = Times::BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(Times::BOUNDS.len());
        self.buckets[at].fetch_add(1, Ordering::Relaxed);
        self.nanos.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How many are in each bucket, not added up.
    pub fn buckets(&self) -> [u64; Times::BOUNDS.len() + 1] {
        std::array::from_fn(|at| self.buckets[at].load(Ordering::Relaxed))
    }

    /// How often.
    pub fn count(&self) -> u64 {
        self.buckets().iter().sum()
    }

    /// All together, in seconds.
    pub fn seconds(&self) -> f64 {
        self.nanos.load(Ordering::Relaxed) as f64 / 1e9
    }
}

/// A statement that took long.
#[derive(Clone, Debug, PartialEq)]
pub struct Slow {
    pub at: Instant,
    pub took: Duration,
    /// Its text; never the values that went with it.
    pub statement: String,
    /// The request or the work that it was for.
    pub task: Option<String>,
    /// What that was about: a route, a kind of work.
    pub what: Option<String>,
}

/// What a thread works for: a request, a job. Its statements are added up here.
#[derive(Debug, Default)]
pub struct Task {
    /// The request's id.
    pub id: String,
    /// The route, or the kind of work.
    pub what: String,
    person: OnceLock<Id>,
    statements: AtomicU32,
    nanos: AtomicU64,
}

impl Task {
    /// Nothing has been asked for it yet.
    pub fn new(id: impl Into<String>, what: impl Into<String>) -> Arc<Task> {
        Arc::new(Task { id: id.into(), what: what.into(), ..Task::default() })
    }

    /// Whose request it turned out to be.
    pub fn person(&self) -> Option<Id> {
        self.person.get().copied()
    }

    /// Round trips to the database.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How long those took.
    pub fn took(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }
}

thread_local! {
    static TASK: RefCell<Option<Arc<Task>>> = const { RefCell::new(None) };
}

/// Works for a task: what this thread asks any database meanwhile is asked for it.
pub fn working_for<T>(task: Option<Arc<Task>>, work: impl FnOnce() -> T) -> T {
    /// Puts back what was there, after a panic too.
    struct Before(Option<Arc<Task>>);
    impl Drop for Before {
        fn drop(&mut self) {
            TASK.set(self.0.take());
        }
    }
    let _before = Before(TASK.replace(task));
    work()
}

/// The person on whose behalf the thread works is known now.
pub fn works_for(person: Id) {
    TASK.with_borrow(|task| {
        if let Some(task) = task {
            let _ = task.person.set(person);
        }
    });
}

/// What one database is asked, and what that costs.
#[derive(Debug)]
pub struct Watch {
    steps: [Times; Step::ALL.len()],
    /// Waiting for a connection to read, and for one to write.
    waits: [Times; 2],
    slow_after: AtomicU64,
    slow_count: AtomicU64,
    slow: Mutex<VecDeque<Slow>>,
    /// Changes of records that were committed, by what was done.
    stored: Mutex<BTreeMap<String, u64>>,
    again: AtomicU64,
}

impl Default for Watch {
    fn default() -> Watch {
        Watch {
            steps: Default::default(),
            waits: Default::default(),
            slow_after: AtomicU64::new(nanos(SLOW)),
            slow_count: AtomicU64::new(0),
            slow: Mutex::default(),
            stored: Mutex::default(),
            again: AtomicU64::new(0),
        }
    }
}

impl Watch {
    /// From now on a statement is slow that takes so long.
    pub fn slow_after(&self, long: Duration) {
        self.slow_after.store(nanos(long), Ordering::Relaxed);
    }

    /// When a statement is slow.
    pub fn is_slow_after(&self) -> Duration {
        Duration::from_nanos(self.slow_after.load(Ordering::Relaxed))
    }

    /// How often steps of a kind took how long.
    pub fn step(&self, step: Step) -> &Times {
        &self.steps[step as usize]
    }

    /// How long was waited for a connection.
    pub fn waits(&self, writes: bool) -> &Times {
        &self.waits[usize::from(writes)]
    }

    /// Statements that were slow, since the beginning.
    pub fn slow_count(&self) -> u64 {
        self.slow_count.load(Ordering::Relaxed)
    }

    /// The last of them, the newest first.
    pub fn slow(&self) -> Vec<Slow> {
        self.slow.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }

    /// Changes of records that were committed, by what was done.
    pub fn stored(&self) -> BTreeMap<String, u64> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Transactions that were run again, because the engine had ended them in favour of others.
    pub fn again(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    pub(crate) fn runs_again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, stored: BTreeMap<String, u64>) {
        if stored.is_empty() {
            return;
        }
        let mut all = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        for (act, many) in stored {
            *all.entry(act).or_default() += many;
        }
    }

    /// A statement has run.
    pub(crate) fn ran(&self, step: Step, statement: &str, took: Duration) {
        self.steps[step as usize].add(took);
        TASK.with_borrow(|task| {
            if let Some(task) = task {
                task.statements.fetch_add(1, Ordering::Relaxed);
                task.nanos.fetch_add(nanos(took), Ordering::Relaxed);
            }
        });
        if nanos(took) >= self.slow_after.load(Ordering::Relaxed) {
            self.was_slow(statement, took);
        }
    }

    #[cold]
    fn was_slow(&self, statement: &str, took: Duration) {
        self.slow_count.fetch_add(1, Ordering::Relaxed);
        let text: String = statement.chars().take(LONGEST).collect();
        let (task, what) = TASK.with_borrow(|task| task.as_ref().map(|task| (task.id.clone(), task.what.clone()))).unzip();
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::warn!(ms, task, what, statement = text, "a slow statement");
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
        let mut slow = self.slow.lock().unwrap_or_else(PoisonError::into_inner);
        if slow.len() == KEPT {
            slow.pop_front();
        }
        slow.push_back(Slow { at, took, statement: text, task, what });
    }
}

fn nanos(took: Duration) -> u64 {
    u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_long_is_kept_with_its_text_and_for_whom_it_was() {
        let watch = Watch::default();
        watch.slow_after(Duration::from_millis(20));
        let task = Task::new("abc", "GET /records/{object}");
        working_for(Some(task.clone()), || {
            watch.ran(Step::Read, "SELECT quick", Duration::from_millis(3));
            watch.ran(Step::Write, "UPDATE slow", Duration::from_millis(20));
        });
        watch.ran(Step::Commit, "COMMIT", Duration::from_millis(30));
        let kept: Vec<_> = watch.slow().into_iter().map(|slow| (slow.statement, slow.task, slow.what)).collect();
        let of = |text: &str| Some(text.to_owned());
        assert_eq!(kept, [("COMMIT".to_owned(), None, None), ("UPDATE slow".to_owned(), of("abc"), of("GET /records/{object}"))]);
        assert_eq!((task.statements(), task.took(), watch.slow_count()), (2, Duration::from_millis(23), 2));
    }

    #[test]
    fn only_the_last_are_kept_and_long_ones_are_cut() {
        let watch = Watch::default();
        watch.slow_after(Duration::ZERO);
        for n in 0..KEPT + 3 {
            watch.ran(Step::Read, &format!("{n} {}", "é".repeat(LONGEST)), Duration::from_micros(1));
        }
        let slow = watch.slow();
        assert_eq!((slow.len(), slow[0].statement.chars().count(), watch.slow_count()), (KEPT, LONGEST, KEPT as u64 + 3));
        assert!(slow[0].statement.starts_with(&format!("{} ", KEPT + 2)) && slow[KEPT - 1].statement.starts_with("3 "));
    }

    #[test]
    fn a_thread_works_for_nobody_once_the_work_is_over_whichever_way_it_ends() {
        let (watch, task) = (Watch::default(), Task::new("x", "y"));
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| working_for(Some(task.clone()), || panic!("a fault"))));
        watch.ran(Step::Read, "SELECT 1", Duration::ZERO);
        assert_eq!(task.statements(), 0);
    }

    #[test]
    fn times_fall_into_the_bucket_whose_bound_they_do_not_pass() {
        let times = Times::default();
        for micros in [100, 101, 4_000_000, 6_000_000] {
            times.add(Duration::from_micros(micros));
        }
        let buckets = times.buckets();
        assert_eq!((buckets[0], buckets[1], buckets[12], buckets[13], times.count()), (1, 1, 1, 1, 4));
        assert!((times.seconds() - 10.000_201).abs() < 1e-9);
    }
}
