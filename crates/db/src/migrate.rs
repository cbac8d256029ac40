//! One numbered list of migrations for both engines, in the program itself.

use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::carry::{Applied, shape};
use crate::connection::{Connection, Shape};
use crate::param::Param;
use crate::{Db, Engine, Error, dialect, reporting};

struct Migration {
    number: i64,
    name: &'static str,
    text: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "core", text: include_str!("../../../migrations/0001_core.sql") },
    Migration { number: 2, name: "objects", text: include_str!("../../../migrations/0002_objects.sql") },
    Migration { number: 3, name: "views", text: include_str!("../../../migrations/0003_views.sql") },
    Migration { number: 4, name: "access", text: include_str!("../../../migrations/0004_access.sql") },
    Migration { number: 5, name: "sign_in", text: include_str!("../../../migrations/0005_sign_in.sql") },
    Migration { number: 6, name: "trace", text: include_str!("../../../migrations/0006_trace.sql") },
    Migration { number: 8, name: "calendars", text: include_str!("../../../migrations/0008_calendars.sql") },
    Migration { number: 9, name: "board totals", text: include_str!("../../../migrations/0009_board_total.sql") },
    Migration { number: 10, name: "deleted", text: include_str!("../../../migrations/0010_deleted.sql") },
    Migration { number: 11, name: "audit of a record", text: include_str!("../../../migrations/0011_audit_record.sql") },
    Migration { number: 12, name: "activities", text: include_str!("../../../migrations/0012_activities.sql") },
    Migration { number: 13, name: "notices", text: include_str!("../../../migrations/0013_notices.sql") },
    Migration { number: 14, name: "webhooks", text: include_str!("../../../migrations/0014_webhooks.sql") },
    Migration { number: 15, name: "leads", text: include_str!("../../../migrations/0015_leads.sql") },
    Migration { number: 16, name: "imports", text: include_str!("../../../migrations/0016_imports.sql") },
    Migration { number: 20, name: "lists of jobs", text: include_str!("../../../migrations/0020_jobs.sql") },
    Migration { number: 21, name: "order of the outbox", text: include_str!("../../../migrations/0021_outbox_order.sql") },
    Migration { number: 22, name: "sales process", text: include_str!("../../../migrations/0022_sales_process.sql") },
    Migration { number: 23, name: "where files lie", text: include_str!("../../../migrations/0023_files.sql") },
    Migration { number: 24, name: "duplicates and holding", text: include_str!("../../../migrations/0024_duplicates_and_holding.sql") },
    Migration { number: 25, name: "approvals", text: include_str!("../../../migrations/0025_approvals.sql") },
    Migration { number: 26, name: "letterhead", text: include_str!("../../../migrations/0026_letterhead.sql") },
    Migration { number: 27, name: "charts and homes", text: include_str!("../../../migrations/0027_charts_and_homes.sql") },
    Migration { number: 28, name: "forecast", text: include_str!("../../../migrations/0028_forecast.sql") },
    Migration { number: 29, name: "as of", text: include_str!("../../../migrations/0029_as_of.sql") },
    Migration { number: 30, name: "which schema", text: include_str!("../../../migrations/0030_which_schema.sql") },
    Migration { number: 31, name: "servers and marks", text: include_str!("../../../migrations/0031_watching.sql") },
    Migration { number: 33, name: "through tokens", text: include_str!("../../../migrations/0033_through_tokens.sql") },
];

/// All migrations that this program knows.
#[cfg(not(debug_assertions))]
fn known() -> &'static [Migration] {
    MIGRATIONS
}

/// All migrations that this program knows. A build for development takes one more from the file that STAGECRAFT_NEXT_MIGRATION names, and is
/// thereby the version that comes after: so that two processes can show what becomes of the one before it.
#[cfg(debug_assertions)]
fn known() -> &'static [Migration] {
    static KNOWN: std::sync::OnceLock<Vec<Migration>> = std::sync::OnceLock::new();
    KNOWN.get_or_init(|| {
        let next = std::env::var_os("STAGECRAFT_NEXT_MIGRATION").map(|file| {
            let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            Migration { number: MIGRATIONS[MIGRATIONS.len() - 1].number + 1, name: "next", text: text.leak() }
        });
        let of = |one: &Migration| Migration { number: one.number, name: one.name, text: one.text };
        MIGRATIONS.iter().map(of).chain(next).collect()
    })
}

/// The last migration that this program knows.
pub(crate) fn last() -> i64 {
    known().last().map_or(0, |migration| migration.number)
}

/// Identifies the list as a whole: for tests that keep a migrated database to copy from.
pub fn checksum() -> String {
    let mut hash = Sha256::new();
    for migration in known() {
        hash.update(migration.text);
    }
    hex(&hash.finalize())
}

/// All migrations with their texts, in their order.
pub(crate) fn texts() -> impl Iterator<Item = (i64, &'static str)> {
    known().iter().map(|migration| (migration.number, migration.text))
}

/// A migration that a database lacks, and what it took where it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationStep {
    pub number: i64,
    pub name: &'static str,
    pub took: Option<Duration>,
}

/// The migrations that a database has. None where it is not one of ours yet.
pub(crate) fn applied(c: &mut Connection, engine: Engine) -> Result<Vec<Applied>, Error> {
    if c.query(dialect::table_columns(engine), &["schema_migration".into()], Shape::Once)?.is_empty() {
        return Ok(Vec::new());
    }
    let rows = c.query("SELECT number, name, checksum FROM schema_migration ORDER BY number", &[], Shape::Once)?;
    rows.iter().map(|row| Ok(Applied { number: row.get(0)?, name: row.get(1)?, checksum: row.get(2)? })).collect()
}

/// Whether a database that has these migrations is one whose way this program knows.
///
/// Errors: [`Error::Newer`] where it has one that this program does not know; [`Error::Torn`] where one in between is missing or another one.
pub(crate) fn judge(applied: &[Applied]) -> Result<(), Error> {
    if let Some(newer) = applied.last().filter(|one| one.number > last()) {
        return Err(Error::Newer { found: newer.number, known: last() });
    }
    let mut expected = known().iter();
    for one in applied {
        let Some(migration) = expected.next() else { return Err(Error::Newer { found: one.number, known: last() }) };
        if one.number != migration.number {
            let told = if one.number > migration.number {
                format!("migration {} ({}) is missing though {} is there", migration.number, migration.name, one.number)
            } else {
                format!("it has a migration {} ({}) that this program does not have", one.number, one.name)
            };
            return Err(Error::Torn(told));
        }
        if one.checksum != hex(&Sha256::digest(migration.text)) {
            return Err(Error::Torn(format!("migration {} ({}) is not the one that was applied to it", migration.number, migration.name)));
        }
    }
    Ok(())
}

/// Applies what is missing, all or nothing; gives what was done and the database's secret. Tells each as it is done.
pub(crate) fn told(db: &Db, tell: &mut dyn FnMut(&MigrationStep)) -> Result<(Vec<MigrationStep>, String), Error> {
    let engine = db.engine();
    db.bare(|c| {
        // The list itself is the lock: several servers may start at once.
        c.batch(match engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => {
                "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(91759315477860)"
            }
        })?;
        let there = applied(c, engine)?;
        judge(&there)?;
        if !there.is_empty() {
            // What the list says is there has to be there: nothing is built on half a house.
            shape::actual(c, engine, shape::system(|number| there.iter().any(|one| one.number == number))?)?;
        }
        if there.len() < known().len() && engine == Engine::Postgres {
            // Servers of the version before may be writing: what they have begun ends first, and what they begin afterwards is refused.
            c.batch(dialect::LOCK_META)?;
        }
        if there.len() < known().len() {
            // A table that views name can hardly be changed; they are made anew by whoever serves.
            reporting::drop_all(c, engine)?;
        }
        let steps = apply(c, engine, &mut |_| true, tell)?;
        let secret = secret(c, engine)?;
        if !steps.is_empty() {
            c.batch(&format!("UPDATE meta SET schema = {}", last()))?;
        }
        c.batch("COMMIT")?;
        Ok((steps, secret))
    })
}

/// Applies those of the missing migrations that `which` names, in the transaction that is open.
pub(crate) fn apply(
    c: &mut Connection,
    engine: Engine,
    which: &mut dyn FnMut(i64) -> bool,
    tell: &mut dyn FnMut(&MigrationStep),
) -> Result<Vec<MigrationStep>, Error> {
    c.batch(&dialect::migration(
        engine,
        "CREATE TABLE IF NOT EXISTS schema_migration (number {int} NOT NULL PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL, at {int} NOT NULL) {strict}",
    ))?;
    let there = applied(c, engine)?;
    let mut steps = Vec::new();
    for migration in known() {
        if there.iter().any(|one| one.number == migration.number) || !which(migration.number) {
            continue;
        }
        let began = Instant::now();
        c.batch(&dialect::migration(engine, migration.text))?;
        let mark = match engine {
            Engine::Sqlite => "INSERT INTO schema_migration (number, name, checksum, at) VALUES (?1, ?2, ?3, unixepoch() * 1000000)",
            Engine::Postgres => {
                "INSERT INTO schema_migration (number, name, checksum, at) VALUES ($1, $2, $3, extract(epoch FROM now())::bigint * 1000000)"
            }
        };
        let checksum = hex(&Sha256::digest(migration.text));
        c.execute(mark, &[migration.number.into(), migration.name.into(), checksum.into()], Shape::Once)?;
        let step = MigrationStep { number: migration.number, name: migration.name, took: Some(began.elapsed()) };
        tell(&step);
        steps.push(step);
    }
    Ok(steps)
}

/// The migrations that a database lacks.
pub(crate) fn pending(applied: &[Applied]) -> Vec<MigrationStep> {
    let lacks = |migration: &&Migration| !applied.iter().any(|one| one.number == migration.number);
    known().iter().filter(lacks).map(|migration| MigrationStep { number: migration.number, name: migration.name, took: None }).collect()
}

/// The key by which cursors are signed: made once, the same on all servers of a database.
fn secret(c: &mut Connection, engine: Engine) -> Result<String, Error> {
    if let Some(row) = c.query("SELECT secret FROM meta", &[], Shape::Once)?.first() {
        return row.get(0);
    }
    let secret = hex(&rand::random::<[u8; 32]>());
    let insert = match engine {
        Engine::Sqlite => "INSERT INTO meta (only_row, version, secret) VALUES (1, 1, ?1)",
        Engine::Postgres => "INSERT INTO meta (only_row, version, secret) VALUES (1, 1, $1)",
    };
    c.execute(insert, &[Param::from(secret.as_str())], Shape::Once)?;
    Ok(secret)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
