//! One numbered list of migrations for both engines, in the program itself.

use sha2::{Digest, Sha256};

use crate::connection::{Connection, Shape};
use crate::param::Param;
use crate::{Db, Engine, Error, dialect};

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
    Migration { number: 31, name: "servers and marks", text: include_str!("../../../migrations/0031_watching.sql") },
];

/// Identifies the list as a whole: for tests that keep a migrated database to copy from.
pub fn checksum() -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATIONS {
        hash.update(migration.text);
    }
    hex(&hash.finalize())
}

/// The last migration of this program.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Applies what is missing, all or nothing; gives the database's secret.
pub(crate) fn run(db: &Db) -> Result<String, Error> {
    let engine = db.engine();
    db.bare(|c| {
        // The list itself is the lock: several servers may start at once.
        c.batch(match engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(91759315477860)",
        })?;
        c.batch(&dialect::migration(
            engine,
            "CREATE TABLE IF NOT EXISTS schema_migration (number {int} NOT NULL PRIMARY KEY, name {text} NOT NULL, checksum {text} NOT NULL, at {int} NOT NULL) {strict}",
        ))?;
        let applied = c.query("SELECT number, checksum FROM schema_migration ORDER BY number", &[], Shape::Once)?;
        let known = MIGRATIONS.last().map_or(0, |m| m.number);
        let found: i64 = applied.last().map_or(Ok(0), |row| row.get(0))?;
        if found > known {
            return Err(Error::Newer { found, known });
        }
        for migration in MIGRATIONS {
            let checksum = hex(&Sha256::digest(migration.text));
            if let Some(row) = applied.iter().find(|row| row.get::<i64>(0) == Ok(migration.number)) {
                if row.get::<String>(1)? != checksum {
                    return Err(Error::Engine(format!("migration {} ({}) is not the one that was applied to this database", migration.number, migration.name)));
                }
                continue;
            }
            c.batch(&dialect::migration(engine, migration.text))?;
            let mark = match engine {
                Engine::Sqlite => "INSERT INTO schema_migration (number, name, checksum, at) VALUES (?1, ?2, ?3, unixepoch() * 1000000)",
                Engine::Postgres => "INSERT INTO schema_migration (number, name, checksum, at) VALUES ($1, $2, $3, extract(epoch FROM now())::bigint * 1000000)",
            };
            c.execute(mark, &[migration.number.into(), migration.name.into(), checksum.into()], Shape::Once)?;
        }
        let secret = secret(c, engine)?;
        c.batch("COMMIT")?;
        Ok(secret)
    })
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
