//! Databases to measure on: a file in a folder of its own, and a database of its own on the server.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{Db, Options};
use stagecraft_core::House;
use testkit::Database;

use crate::Fallible;

/// An empty database.
pub struct Place {
    pub engine: &'static str,
    pub url: String,
    home: Home,
}

enum Home {
    Folder(PathBuf),
    /// Left where it is: what took minutes to fill is used again.
    Kept,
    /// Dropped with it.
    Server(#[allow(dead_code, reason = "held so that the database lives as long")] Box<Database>),
}

/// One of each engine that is at hand, or of the one that `STAGECRAFT_BENCH_ONLY` names (`sqlite`, `postgres`).
pub fn all() -> Fallible<Vec<Place>> {
    let only = std::env::var("STAGECRAFT_BENCH_ONLY").ok();
    let mut places = Vec::new();
    if only.as_deref() != Some("postgres") {
        places.push(sqlite()?);
    }
    if only.as_deref() != Some("sqlite") && std::env::var_os("STAGECRAFT_TEST_POSTGRES").is_some() {
        let database = Database::postgres();
        places.push(Place { engine: "PostgreSQL", url: database.url().to_owned(), home: Home::Server(Box::new(database)) });
    }
    Ok(places)
}

/// One of each engine that stays until somebody removes it: files in the folder of `STAGECRAFT_BENCH_DIR` (`stagecraft-bench-L` among the
/// temporary files when that is not set), and a database on the server of `STAGECRAFT_TEST_POSTGRES`, for as long as there is one.
pub fn kept() -> Fallible<Vec<Place>> {
    let folder = std::env::var_os("STAGECRAFT_BENCH_DIR").map_or_else(|| std::env::temp_dir().join("stagecraft-bench-L"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let url = format!("sqlite:{}", folder.join("bench.sqlite").display());
    let mut places = vec![Place { engine: "SQLite", url, home: Home::Kept }];
    if std::env::var_os("STAGECRAFT_TEST_POSTGRES").is_some() {
        places.push(Place { engine: "PostgreSQL", url: Database::kept_on_postgres("stagecraft_bench_l"), home: Home::Kept });
    }
    Ok(places)
}

/// On a disk, not in memory: durability is part of what a save costs.
fn sqlite() -> Fallible<Place> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let folder = std::env::temp_dir().join(format!("stagecraft-bench-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    std::fs::create_dir_all(&folder)?;
    let url = format!("sqlite:{}", folder.join("bench.sqlite").display());
    Ok(Place { engine: "SQLite", url, home: Home::Folder(folder) })
}

impl Place {
    /// Opens it with the clock of the system.
    pub fn open(&self) -> Fallible<House> {
        Ok(House::open(Db::open(&self.url, Options::default())?)?)
    }

    /// A copy of the data as they stand, where the engine's files can be copied: SQLite, with nobody connected.
    pub fn copy(&self) -> Fallible<Option<Db>> {
        let Home::Folder(folder) = &self.home else { return Ok(None) };
        let copy = folder.join("copy.sqlite");
        for suffix in ["", "-wal"] {
            let file = folder.join(format!("bench.sqlite{suffix}"));
            if file.exists() {
                std::fs::copy(&file, folder.join(format!("copy.sqlite{suffix}")))?;
            }
        }
        Ok(Some(Db::open(&format!("sqlite:{}", copy.display()), Options::default())?))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Home::Folder(folder) = &self.home {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}
