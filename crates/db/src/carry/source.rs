//! A database that is read as a whole, in one snapshot, while others write on.

use std::path::Path;
use std::time::Duration;

use super::{Applied, Next, Sum, Table, reading, shape};
use crate::connection::{Connection, Shape, postgres, sqlite};
use crate::{Engine, Error, dialect, migrate};

/// One snapshot of a database, whichever version of the product it is of, as long as this program knows that version.
pub struct Source {
    connection: Connection,
    engine: Engine,
    applied: Vec<Applied>,
    tables: Vec<Table>,
}

impl Source {
    /// Begins the snapshot. Nothing is changed, also where migrations are pending.
    ///
    /// Errors: [`Error::Address`], [`Error::Unreachable`]; [`Error::Newer`] and [`Error::Torn`] where it is not what this program knows.
    pub fn open(url: &str) -> Result<Source, Error> {
        let (mut connection, engine) = connect(url, sqlite::Role::Reader)?;
        connection.batch(dialect::begin_snapshot(engine))?;
        Source::begun(connection, engine)
    }

    /// As [`Source::open`], with nobody beside: no server or command has the database open, and none can write to it until this ends.
    ///
    /// On SQLite that is the engine's own lock of the file; on PostgreSQL the lock that every writing transaction shares, held by this
    /// session: both go with the process, however it ends. Error: [`Error::Busy`] where somebody has it open.
    pub fn alone(url: &str) -> Result<Source, Error> {
        let (mut connection, engine) = connect(url, sqlite::Role::Owner)?;
        if let Some(others) = dialect::others_connected(engine) {
            // A connection that was just closed is seen for a moment longer.
            let mut looks = 0;
            while !connection.query(others, &[], Shape::Once)?.is_empty() {
                looks += 1;
                if looks > 15 {
                    return Err(Error::Busy);
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        for statement in dialect::begin_alone(engine) {
            connection.batch(statement)?;
        }
        Source::begun(connection, engine)
    }

    /// True when this program has migrations that the database lacks.
    pub fn is_behind(&self) -> bool {
        !migrate::pending(&self.applied).is_empty()
    }

    /// Marks that the data went elsewhere: from here on this database is not served. For a source that is [`Source::alone`].
    pub fn mark_moved(mut self, to: &str) -> Result<(), Error> {
        self.connection.batch("COMMIT")?;
        self.connection.execute(dialect::mark_moved(self.engine), &[to.into()], Shape::Once).map(|_| ())
    }

    fn begun(mut connection: Connection, engine: Engine) -> Result<Source, Error> {
        let applied = migrate::applied(&mut connection, engine)?;
        if applied.is_empty() {
            return Err(Error::Engine("there is no Stagecraft database".into()));
        }
        migrate::judge(&applied)?;
        let system = shape::system(|number| applied.iter().any(|one| one.number == number))?;
        let tables = shape::actual(&mut connection, engine, system)?;
        Ok(Source { connection, engine, applied, tables })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The migrations that it has.
    pub fn applied(&self) -> &[Applied] {
        &self.applied
    }

    /// Its tables: those of the product first, each behind what it refers to.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The last number that was given to an event.
    pub fn last_event(&mut self) -> Result<i64, Error> {
        last_event(&mut self.connection, self.engine)
    }

    /// Gives `f` the rows of a table, one after the other, and says what they come to.
    pub fn rows<T>(&mut self, table: &Table, f: impl FnOnce(&mut Next<'_>) -> Result<T, Error>) -> Result<(T, Sum), Error> {
        summed(&mut self.connection, self.engine, table, f)
    }
}

/// Rows with what those that were taken come to.
pub(super) fn summed<T>(
    c: &mut Connection,
    engine: Engine,
    table: &Table,
    f: impl FnOnce(&mut Next<'_>) -> Result<T, Error>,
) -> Result<(T, Sum), Error> {
    let mut sum = Sum::default();
    let done = reading::rows(c, engine, table, |next| {
        f(&mut || {
            let row = next()?;
            if let Some(row) = &row {
                sum.add(row);
            }
            Ok(row)
        })
    })?;
    Ok((done, sum))
}

pub(super) fn last_event(c: &mut Connection, engine: Engine) -> Result<i64, Error> {
    c.query(dialect::last_event(engine), &[], Shape::Once)?.first().map_or(Ok(0), |row| row.get(0))
}

/// A connection of one's own, without limits of time.
pub(super) fn connect(url: &str, role: sqlite::Role) -> Result<(Connection, Engine), Error> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        let c = sqlite::Connection::open(Path::new(path.strip_prefix("//").unwrap_or(path)), role)?;
        return Ok((Connection::Sqlite(Box::new(c)), Engine::Sqlite));
    }
    let mut c = postgres::Connection::open(&postgres::config(url)?, Duration::ZERO)?;
    c.batch("SET idle_in_transaction_session_timeout = 0")?;
    Ok((Connection::Postgres(Box::new(c)), Engine::Postgres))
}
