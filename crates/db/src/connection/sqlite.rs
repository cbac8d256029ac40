//! SQLite: a file, called directly.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::Id;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, OpenFlags, ffi, params_from_iter};
use uuid::Uuid;

use super::Shape;
use crate::cancel::{CancelFlag, Limits};
use crate::param::Param;
use crate::row::Cell;
use crate::{Error, Row};

/// Statements kept prepared on a connection.
pub(crate) const STATEMENTS: usize = 200;
/// Bytes of a write-ahead log that stay when it is begun anew: somewhat less than what is called large of it.
pub(crate) const KEPT: i64 = 120 << 20;
/// The same while much is written.
pub(crate) const KEPT_BY_MUCH: i64 = 376 << 20;
/// Steps of the virtual machine between two looks at deadline and flag: about a millisecond.
const STEPS: i32 = 10_000;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Reader,
    Writer,
    Checkpointer,
    /// Has the file for itself.
    Owner,
}

pub(crate) struct Connection {
    inner: rusqlite::Connection,
    cancel: Option<CancelFlag>,
}

impl Connection {
    pub fn open(path: &Path, role: Role) -> Result<Connection, Error> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if role == Role::Writer {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let inner =
            rusqlite::Connection::open_with_flags(path, flags).map_err(|e| Error::Unreachable(format!("{}: {e}", path.display())))?;
        let patience = if role == Role::Owner { 1 } else { 5 };
        inner.busy_timeout(Duration::from_secs(patience)).map_err(error)?;
        if role == Role::Owner {
            inner.execute_batch("PRAGMA locking_mode = EXCLUSIVE").map_err(error)?;
        }
        inner.set_prepared_statement_cache_capacity(STATEMENTS);
        // FULL: an acknowledged commit survives a power cut. Checkpoints are the checkpointer's, off the path of commits (core rule 7).
        inner
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;
                 PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF",
            )
            .map_err(error)?;
        if role == Role::Writer {
            inner.execute_batch(&format!("PRAGMA journal_size_limit = {KEPT}")).map_err(error)?;
        }
        if role == Role::Reader {
            // A mapped file makes scattered reads about 1.6 times quicker; it is bounded, since every reader's mapping counts as memory.
            inner.execute_batch("PRAGMA query_only = ON; PRAGMA mmap_size = 33554432").map_err(error)?;
        }
        Ok(Connection { inner, cancel: None })
    }

    /// Sets what bounds the statements to come; `cancel` only for reads.
    pub fn guard(&mut self, deadline: Instant, limits: &Limits, cancellable: bool) -> Result<(), Error> {
        let flag = cancellable.then(|| limits.cancel.clone());
        self.cancel.clone_from(&flag);
        self.inner
            .progress_handler(STEPS, Some(move || Instant::now() >= deadline || flag.as_ref().is_some_and(CancelFlag::is_cancelled)))
            .map_err(error)
    }

    /// Removes the bounds.
    pub fn unguard(&mut self) {
        self.cancel = None;
        let none: Option<fn() -> bool> = None;
        let _ = self.inner.progress_handler(0, none);
    }

    pub fn query(&mut self, sql: &str, params: &[Param], shape: Shape) -> Result<Vec<Row>, Error> {
        let read = || -> rusqlite::Result<Vec<Row>> {
            match shape {
                Shape::Fixed => rows(&mut *self.inner.prepare_cached(sql)?, params),
                Shape::Once => rows(&mut self.inner.prepare(sql)?, params),
            }
        };
        read().map_err(|e| self.say(e))
    }

    /// The ids in the first column.
    pub fn ids(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Id>, Error> {
        let read = || -> rusqlite::Result<Vec<Id>> {
            let mut statement = self.inner.prepare(sql)?;
            let mut rows = statement.query(params_from_iter(params))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let id = uuid::Uuid::from_slice(row.get_ref(0)?.as_blob()?);
                found.push(Id(id.map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(e)))?));
            }
            Ok(found)
        };
        read().map_err(|e| self.say(e))
    }

    pub fn execute(&mut self, sql: &str, params: &[Param], shape: Shape) -> Result<u64, Error> {
        let run = || -> rusqlite::Result<usize> {
            match shape {
                Shape::Fixed => self.inner.prepare_cached(sql)?.execute(params_from_iter(params)),
                Shape::Once => self.inner.prepare(sql)?.execute(params_from_iter(params)),
            }
        };
        run().map(|n| n as u64).map_err(|e| self.say(e))
    }

    /// Runs a statement once for every row: looked up once.
    pub fn execute_each(&mut self, sql: &str, rows: &[Vec<Param>]) -> Result<(), Error> {
        let run = || -> rusqlite::Result<()> {
            let mut statement = self.inner.prepare_cached(sql)?;
            rows.iter().try_for_each(|row| statement.execute(params_from_iter(row)).map(|_| ()))
        };
        run().map_err(|e| self.say(e))
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.inner.execute_batch(sql).map_err(|e| self.say(e))
    }

    pub fn forget_statements(&mut self) {
        self.inner.flush_prepared_statement_cache();
    }

    /// The driver's own connection: for rows that are never all in memory.
    pub fn raw(&self) -> &rusqlite::Connection {
        &self.inner
    }

    /// False while a transaction is open.
    pub fn is_idle(&self) -> bool {
        self.inner.is_autocommit()
    }

    fn say(&self, e: rusqlite::Error) -> Error {
        match error(e) {
            Error::Timeout if self.cancel.as_ref().is_some_and(CancelFlag::is_cancelled) => Error::Cancelled,
            other => other,
        }
    }
}

fn rows(statement: &mut rusqlite::Statement<'_>, params: &[Param]) -> rusqlite::Result<Vec<Row>> {
    let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
    let width = columns.len();
    let mut found = Vec::new();
    let mut rows = statement.query(params_from_iter(params))?;
    while let Some(row) = rows.next()? {
        let mut cells = Vec::with_capacity(width);
        for at in 0..width {
            cells.push(match row.get_ref(at)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(n) => Cell::Int(n),
                // There are no REAL columns; an aggregate over none is 0.
                ValueRef::Real(x) => Cell::Int(x as i64),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                // Nearly all are ids, which need no memory of their own.
                ValueRef::Blob(bytes) => match Uuid::from_slice(bytes) {
                    Ok(id) => Cell::Id(Id(id)),
                    Err(_) => Cell::Bytes(bytes.to_vec()),
                },
            });
        }
        found.push(Row { columns: columns.clone(), cells });
    }
    Ok(found)
}

/// An error in the words of [`Error`].
pub(crate) fn error(e: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqliteFailure(failure, message) = &e {
        let text = message.as_deref().unwrap_or("");
        return match (failure.code, failure.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
                Error::Unique { constraint: unique(text) }
            }
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Error::Busy,
            (ErrorCode::OperationInterrupted, _) => Error::Timeout,
            // So much as a page of the log's index may find no room.
            (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => Error::Full(e.to_string()),
            // A folder that went away, a disk that gives up, a volume that has become read-only: it may come back.
            (ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly, _) => Error::Unreachable(e.to_string()),
            _ => Error::Engine(e.to_string()),
        };
    }
    Error::Engine(e.to_string())
}

/// `UNIQUE constraint failed: t.a, t.b` as `t.a,b`.
fn unique(message: &str) -> String {
    let list = message.split_once(": ").map_or(message, |(_, list)| list);
    let mut columns = list.split(", ");
    let mut named = columns.next().unwrap_or("").to_owned();
    for column in columns {
        named.push(',');
        named.push_str(column.split_once('.').map_or(column, |(_, c)| c));
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_such_and_what_there_is_stays() {
        let folder = std::env::temp_dir().join(format!("stagecraft-full-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut connection = Connection::open(&folder.join("x.sqlite"), Role::Writer).unwrap();
        // The engine says the same where the file may not grow as where the disk has no room.
        connection.batch("CREATE TABLE t (x BLOB); INSERT INTO t VALUES (x'00'); PRAGMA max_page_count = 8").unwrap();
        connection.batch("BEGIN IMMEDIATE").unwrap();
        let written = connection.execute("INSERT INTO t VALUES (randomblob(100000))", &[], Shape::Fixed);
        assert!(matches!(written, Err(Error::Full(_))), "{written:?}");
        let _ = connection.batch("ROLLBACK");
        let rows = connection.query("SELECT count(*) FROM t", &[], Shape::Fixed).unwrap();
        assert_eq!(rows[0].get::<i64>(0).unwrap(), 1);
        connection.batch("INSERT INTO t VALUES (x'01')").unwrap();
        drop(connection);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
