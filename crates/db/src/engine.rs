//! The database: opening it, reading and writing transactions, running them again where that is right.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant as Moment, SystemTime, UNIX_EPOCH};

use model::Instant;

use crate::cancel::Limits;
use crate::checkpoint::Checkpointer;
use crate::connection::{Connection, Shape, postgres, sqlite};
use crate::dialect::Turn;
use crate::pool::{Filled, Lease, Pool};
use crate::tx::{Begun, Read, Write};
use crate::watch::{Step, Watch};
use crate::{Error, MigrationStep, dialect, migrate, sealing};

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Where the time of transactions comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The database's own on PostgreSQL, so that several servers agree; the machine's on SQLite.
    #[default]
    System,
    /// µs since 1970, set from outside: tests go forward 31 days.
    Fixed(Arc<AtomicI64>),
}

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Options {
    /// Connections for reading transactions.
    pub read_connections: u32,
    /// Connections for writing ones on PostgreSQL; SQLite has one writer.
    pub write_connections: u32,
    pub clock: Clock,
    /// Keeps PostgreSQL's locks by name in a table, as is done anyway where advisory locks turn out not to exclude each other.
    pub portable_locks: bool,
    /// Opens it also where its data was moved to another database.
    pub though_moved: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { read_connections: 4, write_connections: 8, clock: Clock::System, portable_locks: false, though_moved: false }
    }
}

/// A database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    readers: Arc<Pool>,
    writers: Arc<Pool>,
    clock: Clock,
    /// The engine takes advisory locks and does not keep them (core rule 23).
    portable_locks: bool,
    though_moved: bool,
    secret: OnceLock<Arc<str>>,
    /// A key that is not in the database.
    outer: OnceLock<[u8; 32]>,
    /// Makes connections for tables and indexes: without time limits.
    file: Option<PathBuf>,
    checkpointer: Option<Checkpointer>,
    watch: Arc<Watch>,
}

const READ_TIMEOUT: Duration = Duration::from_secs(5);
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a transaction is run again after a deadlock.
const REPEATS: u32 = 3;

impl Db {
    /// Opens `sqlite:/path/to/file.sqlite` or `postgres://…`. The file is made when it is not there.
    ///
    /// Errors: [`Error::Address`], [`Error::Unreachable`].
    pub fn open(url: &str, options: Options) -> Result<Db, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Db::open_sqlite(Path::new(path.strip_prefix("//").unwrap_or(path)), options);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Db::open_postgres(url, options);
        }
        Err(Error::Address(format!("“{url}” is neither sqlite:/path/to/file nor postgres://user@host/name")))
    }

    fn open_sqlite(path: &Path, options: Options) -> Result<Db, Error> {
        let writer_path = path.to_owned();
        let reader_path = path.to_owned();
        let open = |path: &Path, role| sqlite::Connection::open(path, role).map(|c| Connection::Sqlite(Box::new(c)));
        let writers = Pool::new(1, move || open(&writer_path, sqlite::Role::Writer));
        // The first connection makes the file and turns on its write-ahead log.
        drop(writers.take(Moment::now() + WRITE_TIMEOUT)?);
        let readers = Pool::new(options.read_connections, move || open(&reader_path, sqlite::Role::Reader));
        let checkpointer = Some(Checkpointer::start(path, writers.clone())?);
        Ok(Db(Arc::new(Inner {
            engine: Engine::Sqlite,
            readers,
            writers,
            clock: options.clock,
            portable_locks: false,
            though_moved: options.though_moved,
            secret: OnceLock::new(),
            outer: OnceLock::new(),
            file: Some(path.to_owned()),
            checkpointer,
            watch: Arc::default(),
        })))
    }

    fn open_postgres(url: &str, options: Options) -> Result<Db, Error> {
        let config = postgres::config(url)?;
        let open =
            |config: &::postgres::Config, timeout| postgres::Connection::open(config, timeout).map(|c| Connection::Postgres(Box::new(c)));
        let (read_config, write_config) = (config.clone(), config);
        let readers = Pool::new(options.read_connections, move || open(&read_config, READ_TIMEOUT));
        let writers = Pool::new(options.write_connections.max(2), move || open(&write_config, WRITE_TIMEOUT));
        let excluding = advisory_locks_exclude(&writers)?;
        let portable_locks = options.portable_locks || !excluding;
        warn_of_lost_commits(&writers)?;
        if !excluding {
            tracing::warn!("this engine's advisory locks do not exclude each other: locks are kept in a table");
        }
        Ok(Db(Arc::new(Inner {
            engine: Engine::Postgres,
            readers,
            writers,
            clock: options.clock,
            portable_locks,
            though_moved: options.though_moved,
            secret: OnceLock::new(),
            outer: OnceLock::new(),
            file: None,
            checkpointer: None,
            watch: Arc::default(),
        })))
    }

    /// Names the key outside of the database that secrets in it are sealed with. To be said before anybody asks.
    pub fn seal_with(&self, text: &str) {
        let _ = self.0.outer.set(sealing::outer(text));
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_deref()
    }

    /// What it is asked, and what that costs.
    pub fn watch(&self) -> &Watch {
        &self.0.watch
    }

    /// Its connections for reading, and those for writing.
    pub fn pools(&self) -> [Filled; 2] {
        [self.0.readers.filled(), self.0.writers.filled()]
    }

    /// Brings the tables up to this program's version. Errors: [`Error::Newer`] when they are ahead of it, [`Error::Torn`] when they are not
    /// what their list of migrations says.
    pub fn migrate(&self) -> Result<(), Error> {
        self.migrate_telling(&mut |_| {}).map(|_| ())
    }

    /// As [`Db::migrate`], telling each migration as it is done.
    pub fn migrate_telling(&self, tell: &mut dyn FnMut(&MigrationStep)) -> Result<Vec<MigrationStep>, Error> {
        let (steps, secret) = migrate::told(self, tell)?;
        let _ = self.0.secret.set(secret.into());
        Ok(steps)
    }

    /// The migrations that it lacks; all of them where it is empty. Nothing is changed. Errors: as [`Db::migrate`].
    pub fn pending(&self) -> Result<Vec<MigrationStep>, Error> {
        self.bare(|c| {
            let applied = migrate::applied(c, self.0.engine)?;
            migrate::judge(&applied)?;
            Ok(migrate::pending(&applied))
        })
    }

    /// Has the engine count what is in its tables, so that its plans fit: after an import, and now and then.
    pub fn analyse(&self) -> Result<(), Error> {
        self.bare(|c| c.batch(dialect::analyse(self.0.engine)))?;
        // SQLite reads what was counted when a connection is made.
        if self.0.engine == Engine::Sqlite {
            self.renew_connections();
        }
        Ok(())
    }

    /// The same for the tables alone that have become twice as large since: PostgreSQL keeps a plan that it made for an almost empty table until
    /// somebody counts. SQLite takes a table that was empty for a large one.
    pub fn analyse_grown(&self) -> Result<(), Error> {
        if self.0.engine == Engine::Sqlite {
            return Ok(());
        }
        self.bare(|c| {
            for row in c.query(dialect::GROWN, &[], Shape::Once)? {
                let table: String = row.get(0)?;
                c.batch(&format!("ANALYZE {}", dialect::quoted(&table)))?;
            }
            Ok(())
        })
    }

    /// Lets go of what connections hold in memory, behind a work that has written much.
    pub fn let_go(&self) {
        if self.0.engine == Engine::Sqlite {
            self.0.writers.renew();
        }
    }

    /// True while somebody waits for his turn to write.
    pub fn is_writer_awaited(&self) -> bool {
        self.0.writers.is_awaited()
    }

    /// Runs `f` in a transaction that reads one snapshot and writes nothing.
    pub fn read<T, E: From<Error>>(&self, f: impl FnMut(&mut Read) -> Result<T, E>) -> Result<T, E> {
        self.read_with(Limits::default(), f)
    }

    /// As [`Db::read`], within limits. `f` may be run a second time.
    pub fn read_with<T, E: From<Error>>(&self, limits: Limits, mut f: impl FnMut(&mut Read) -> Result<T, E>) -> Result<T, E> {
        let _span = tracing::trace_span!(target: "stagecraft::transaction", "transaction", writes = false).entered();
        let mut again = true;
        loop {
            let mut tx = self.begin(&limits, Turn::Reads)?;
            let outcome = f(&mut tx);
            let stale = matches!(tx.failure(), Some(Error::Stale(_)));
            if stale && std::mem::take(&mut again) {
                tx.connection().forget_statements();
                release(&limits, tx);
                continue;
            }
            return match outcome {
                Ok(value) => {
                    let stopped = limits.cancel.detach();
                    if stopped {
                        tx.spoil();
                    }
                    tx.finish().map(|()| value).map_err(|e| cancelled(&limits, e).into())
                }
                Err(error) => {
                    let failure = tx.failure().cloned();
                    release(&limits, tx);
                    // What the engine calls a timeout may be the caller's own giving up.
                    match failure {
                        Some(Error::Timeout) if limits.cancel.is_cancelled() => Err(Error::Cancelled.into()),
                        _ => Err(error),
                    }
                }
            };
        }
    }

    /// Runs `f` in a writing transaction and commits when it is `Ok`. After a deadlock `f` is run again, at most three times,
    /// so it must not do anything but through the transaction.
    pub fn write<T, E: From<Error>>(&self, f: impl FnMut(&mut Write) -> Result<T, E>) -> Result<T, E> {
        self.write_with(Limits::default(), f)
    }

    /// As [`Db::write`], within limits. Writes are not interrupted by the cancel flag.
    pub fn write_with<T, E: From<Error>>(&self, limits: Limits, mut f: impl FnMut(&mut Write) -> Result<T, E>) -> Result<T, E> {
        let _span = tracing::trace_span!(target: "stagecraft::transaction", "transaction", writes = true).entered();
        let (mut repeats, mut turn) = (0, Turn::Writes);
        loop {
            let mut tx = Write::begun(self.begin(&limits, turn)?);
            let outcome = f(&mut tx);
            let again = match tx.failure() {
                // Two that publish metadata wait for each other: each holds the lock that the other wants alone. Whoever has to give way has it
                // alone from the beginning the next time, and so has any other that lost against somebody again and again.
                Some(Error::Undone(_)) => {
                    turn = Turn::Alone;
                    repeats < REPEATS
                }
                Some(Error::Stale(_)) => {
                    tx.connection().forget_statements();
                    repeats == 0
                }
                _ => false,
            };
            if again {
                self.0.watch.runs_again();
                drop(tx);
                std::thread::sleep(Duration::from_millis(rand::random_range(1..=10 << repeats)));
                repeats += 1;
                continue;
            }
            let checkpointer = self.0.checkpointer.as_ref();
            if let (Some(Error::Full(_)), Some(checkpointer)) = (tx.failure(), checkpointer) {
                checkpointer.full();
            }
            return match outcome {
                Ok(value) => match tx.commit() {
                    Ok(()) => {
                        if let Some(checkpointer) = checkpointer {
                            checkpointer.committed();
                        }
                        Ok(value)
                    }
                    Err(error @ Error::Full(_)) => {
                        if let Some(checkpointer) = checkpointer {
                            checkpointer.full();
                        }
                        Err(error.into())
                    }
                    // Nothing was stored, so running it again doubles nothing.
                    Err(Error::Undone(_)) if repeats < REPEATS => {
                        turn = Turn::Alone;
                        repeats += 1;
                        continue;
                    }
                    Err(error) => Err(error.into()),
                },
                Err(error) => Err(error),
            };
        }
    }

    /// Begins a transaction: one round trip. When the connection turns out to be dead the pool is renewed and the round trip made once more.
    fn begin(&self, limits: &Limits, turn: Turn) -> Result<Read, Error> {
        let writes = turn.writes();
        let pool = if writes { &self.0.writers } else { &self.0.readers };
        let timeout = if writes { WRITE_TIMEOUT } else { READ_TIMEOUT };
        let deadline = limits.deadline.unwrap_or_else(|| Moment::now() + timeout);
        let mut renewed = false;
        loop {
            if !writes && limits.cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            if Moment::now() >= deadline {
                return Err(Error::Timeout);
            }
            let began = Moment::now();
            let taken = pool.take(deadline);
            self.0.watch.waits(writes).add(began.elapsed());
            let mut lease = taken?;
            match self.first_round_trip(&mut lease, limits, deadline, turn) {
                Ok(begun) => {
                    let secret = self.0.secret.get().cloned().unwrap_or_else(|| "".into());
                    let outer = self.0.outer.get().copied();
                    let tx = Read::begun(lease, self.0.engine, begun, secret, outer, self.0.portable_locks, self.0.watch.clone());
                    if !writes && limits.cancel.is_cancelled() {
                        release(limits, tx);
                        return Err(Error::Cancelled);
                    }
                    return Ok(tx);
                }
                Err(error) => {
                    lease.spoilt = true;
                    if matches!(error, Error::Unreachable(_)) && !std::mem::replace(&mut renewed, true) {
                        drop(lease);
                        pool.renew();
                        continue;
                    }
                    return Err(error);
                }
            }
        }
    }

    fn first_round_trip(&self, lease: &mut Lease, limits: &Limits, deadline: Moment, turn: Turn) -> Result<Begun, Error> {
        let writes = turn.writes();
        let began = Moment::now();
        let _span = tracing::trace_span!(target: "stagecraft::statement", "statement", step = Step::Begin.key(), text = "BEGIN").entered();
        let (meta_version, clock) = match lease.connection() {
            Connection::Sqlite(c) => {
                c.guard(deadline, limits, !writes)?;
                c.batch(dialect::begin_sqlite(writes))?;
                let rows = c.query("SELECT version, schema, moved_to FROM meta", &[], Shape::Fixed)?;
                let row = rows.first().ok_or(Error::NoRow)?;
                let version = row.get(0)?;
                self.is_ours(row.get(1)?, row.get(2)?)?;
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                (version, i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Connection::Postgres(c) => {
                let timeout = limits.deadline.map(|at| at.saturating_duration_since(Moment::now()).as_millis());
                let row = c.simple(&dialect::begin_postgres(turn, self.0.portable_locks, timeout))?;
                if !writes {
                    limits.cancel.attach(c.cancel_token());
                }
                let number =
                    |at: usize| row.get(at).and_then(Option::as_deref).and_then(|text| text.parse::<i64>().ok()).ok_or(Error::NoRow);
                let begun = (number(0)?, number(1)?);
                self.is_ours(number(2)?, row.get(3).cloned().flatten())?;
                begun
            }
        };
        self.0.watch.ran(Step::Begin, "BEGIN", began.elapsed());
        let now = match &self.0.clock {
            Clock::System => clock,
            Clock::Fixed(at) => at.load(Ordering::SeqCst),
        };
        Ok(Begun { now: Instant(now), meta_version })
    }

    /// It is still the database for which this program is made: a newer one may have brought it up to date meanwhile, or moved it away.
    fn is_ours(&self, schema: i64, moved_to: Option<String>) -> Result<(), Error> {
        match moved_to {
            _ if schema > migrate::last() => Err(Error::Newer { found: schema, known: migrate::last() }),
            Some(to) if !self.0.though_moved => Err(Error::Moved(to)),
            _ => Ok(()),
        }
    }

    /// A writing connection outside a transaction: for tables and indexes.
    pub(crate) fn bare<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T, Error>) -> Result<T, Error> {
        let mut lease = self.0.writers.take(Moment::now() + WRITE_TIMEOUT)?;
        let outcome = f(lease.connection());
        // A failure may have left a transaction open.
        lease.spoilt |= outcome.is_err();
        outcome
    }

    /// Drops all waiting connections, as after a change of the tables.
    pub(crate) fn renew_connections(&self) {
        self.0.readers.renew();
        self.0.writers.renew();
    }
}

/// Ends a read that failed: first nobody can stop its connection any more, then the connection goes back.
fn release(limits: &Limits, mut tx: Read) {
    if limits.cancel.detach() {
        tx.spoil();
    }
}

fn cancelled(limits: &Limits, error: Error) -> Error {
    if error == Error::Timeout && limits.cancel.is_cancelled() { Error::Cancelled } else { error }
}

/// A server that answers before a commit is on its disk loses acknowledged changes when it falls.
fn warn_of_lost_commits(pool: &Arc<Pool>) -> Result<(), Error> {
    let mut lease = pool.take(Moment::now() + WRITE_TIMEOUT)?;
    if let Connection::Postgres(c) = lease.connection()
        && c.simple("SHOW synchronous_commit")?.first() == Some(&Some("off".to_owned()))
    {
        tracing::warn!("synchronous_commit is off: a fall of the database server loses changes that were acknowledged");
    }
    Ok(())
}

/// Two connections try the same advisory lock: only one may get it.
fn advisory_locks_exclude(pool: &Arc<Pool>) -> Result<bool, Error> {
    let deadline = Moment::now() + WRITE_TIMEOUT;
    let (mut one, mut two) = (pool.take(deadline)?, pool.take(deadline)?);
    let key: i64 = rand::random();
    let tries = |lease: &mut Lease| match lease.connection() {
        Connection::Postgres(c) => {
            c.simple(&format!("BEGIN; SELECT pg_try_advisory_xact_lock({key})")).map(|row| row.first() == Some(&Some("t".to_owned())))
        }
        Connection::Sqlite(_) => Ok(true),
    };
    let first = tries(&mut one).unwrap_or(false);
    let second = tries(&mut two).unwrap_or(true);
    one.connection().batch("ROLLBACK")?;
    two.connection().batch("ROLLBACK")?;
    Ok(first && !second)
}
