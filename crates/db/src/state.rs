//! What can be told of the database itself: which it is, how large, and how its clock goes.

use std::path::Path;
use std::time::{Duration, Instant as Moment, SystemTime, UNIX_EPOCH};

use sea_query::{Expr, Query};

use crate::{Db, Engine, Error, Limits, Read, dialect, migrate};

/// What was found out.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub engine: Engine,
    /// The engine's version, as it tells it.
    pub version: String,
    /// Bytes.
    pub size: u64,
    /// Bytes of SQLite's write-ahead log.
    pub log: Option<u64>,
    /// The last migration that was applied, and the last that this program knows.
    pub schema: i64,
    pub known: i64,
    /// How long the engine takes to answer the simplest question.
    pub latency: Duration,
    /// By how many µs this machine's clock is ahead of the database's; none where they are the same.
    pub ahead: Option<i64>,
}

/// Looks at the database.
pub fn state(db: &Db, limits: Limits) -> Result<State, Error> {
    let engine = db.engine();
    db.read_with(limits, |tx| {
        let version: String = text(tx, dialect::version(engine))?;
        let size: i64 = number(tx, dialect::size(engine))?;
        let schema: i64 = tx.one(Query::select().expr(Expr::cust("MAX(number)")).from("schema_migration"))?.get(0)?;
        let before = (Moment::now(), SystemTime::now());
        let clock: i64 = number(tx, dialect::clock(engine))?;
        let latency = before.0.elapsed();
        let ahead = (engine == Engine::Postgres).then(|| {
            // The engine read its clock somewhere in the middle of the round trip.
            let middle = before.1.duration_since(UNIX_EPOCH).unwrap_or_default() + latency / 2;
            i64::try_from(middle.as_micros()).unwrap_or(i64::MAX) - clock
        });
        let bytes = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(State { engine, version, size: bytes(size), log: db.file().map(log_of), schema, known: migrate::last(), latency, ahead })
    })
}

fn text(tx: &mut Read, sql: &str) -> Result<String, Error> {
    tx.all_sql(sql, &[])?.first().ok_or(Error::NoRow)?.get(0)
}

fn number(tx: &mut Read, sql: &str) -> Result<i64, Error> {
    tx.all_sql(sql, &[])?.first().ok_or(Error::NoRow)?.get(0)
}

/// Bytes of the write-ahead log beside a file; nothing where there is none yet.
fn log_of(file: &Path) -> u64 {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(name).map_or(0, |log| log.len())
}
