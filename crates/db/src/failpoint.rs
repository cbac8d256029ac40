//! For tests only: a writing transaction that breaks off at its n-th statement, and a digest of all that is stored.
//!
//! The feature `failpoint` is switched on by the tests of other crates and by nothing else. A program that is built with it for use is
//! refused below, and `make check` looks at what the binary is built of.

#[cfg(not(debug_assertions))]
compile_error!("the feature failpoint is for tests, which are not built for use");

use std::cell::Cell;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::connection::Shape;
use crate::{Db, Engine, Error, dialect, row};

thread_local! {
    static AT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Runs `f` on this thread; the first transaction in it that comes to its `n`-th statement (its beginning counts as the first and cannot be broken off, its commit as the last)
/// breaks off there. True where one did.
pub fn at<T>(n: u32, f: impl FnOnce() -> T) -> (T, bool) {
    AT.set(Some(n));
    let done = f();
    (done, AT.take().is_none())
}

/// The statement that is about to run. Error: it is the one at which the transaction breaks off.
pub(crate) fn pass(statement: u32) -> Result<(), Error> {
    match AT.get() {
        Some(n) if n == statement => {
            AT.set(None);
            Err(Error::Engine(format!("broken off at statement {n}")))
        }
        _ => Ok(()),
    }
}

thread_local! {
    static OFF: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Runs `f` on this thread without the mutexes whose names begin so: for proofs that without them it would go wrong.
pub fn without_locks<T>(beginning: &'static str, f: impl FnOnce() -> T) -> T {
    let before = OFF.replace(Some(beginning));
    let done = f();
    OFF.set(before);
    done
}

/// True for a mutex that is switched off on this thread.
pub(crate) fn is_off(key: &str) -> bool {
    OFF.get().is_some_and(|beginning| key.starts_with(beginning))
}

/// What is stored, by table.
pub fn digests(db: &Db) -> Result<BTreeMap<String, String>, Error> {
    let engine = db.engine();
    db.bare(|c| {
        let tables = match engine {
            Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Engine::Postgres => "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        };
        let tables: Vec<String> = c.query(tables, &[], Shape::Once)?.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
        let mut found = BTreeMap::new();
        for table in tables {
            let columns: Vec<String> = c
                .query(dialect::table_columns(engine), &[table.as_str().into()], Shape::Once)?
                .iter()
                .map(|row| row.get(0))
                .collect::<Result<_, _>>()?;
            let cells = columns.iter().map(|column| match engine {
                Engine::Sqlite => format!("quote(\"{column}\")"),
                Engine::Postgres => format!("quote_nullable(\"{column}\"::text)"),
            });
            let select = format!("SELECT {} FROM \"{table}\"", cells.collect::<Vec<_>>().join(" || ',' || "));
            let mut rows: Vec<String> =
                c.query(&select, &[], Shape::Once)?.iter().map(|row: &row::Row| row.get(0)).collect::<Result<_, _>>()?;
            rows.sort_unstable();
            let digest = Sha256::digest(rows.join("\n"));
            found.insert(table, format!("{} rows, {}", rows.len(), digest.iter().map(|b| format!("{b:02x}")).collect::<String>()));
        }
        Ok(found)
    })
}
