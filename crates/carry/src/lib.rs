//! A whole database in one file, and from one place to another: for backups, for bringing them back, and for moving to the other engine.
//!
//! All of it is read from one snapshot while servers write on, and taken in all or nothing. A backup is a ZIP file: `manifest.json`, one file
//! of lines a table, the contents of attachments that lie beside the database. It names no engine, so it comes back on either.

mod backup;
mod lines;
mod manifest;
mod moving;
mod open;
mod restore;

use std::io;

pub use backup::back_up;
pub use db::carry::Table;
pub use manifest::Manifest;
pub use moving::move_to;
pub use open::{Backup, verify};
pub use restore::restore;

use model::Id;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// From the database.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// The file is no backup, is not whole, or holds something else than its manifest says.
    #[error("{0}")]
    Spoilt(String),
    /// Reading or writing failed.
    #[error("{what}: {error}")]
    Io { what: String, error: io::Error },
}

/// Result of this crate's calls.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Error {
        let what = what.into();
        move |error| Error::Io { what, error }
    }
}

/// Where the contents of attachments lie that are not in the database.
pub trait Contents {
    /// Gives a content.
    fn get(&self, id: Id) -> io::Result<Vec<u8>>;
    /// Lays one down.
    fn put(&self, id: Id, content: &[u8]) -> io::Result<()>;
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The table in hand, and its number among all of them.
    pub table: &'a str,
    pub number: usize,
    pub of: usize,
    /// Rows of it so far, and of all tables.
    pub rows: u64,
    pub all_rows: u64,
}

/// Hears how far it is: before every table, every few thousand rows, and behind it.
pub type Tell<'a> = dyn FnMut(Progress<'_>) + 'a;

/// What it came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub tables: usize,
    pub rows: u64,
    /// Contents of attachments beside the database.
    pub files: u64,
}

/// Counts rows for whoever wants to know how far it is.
struct Counter<'a, 'b> {
    tell: &'a mut Tell<'b>,
    of: usize,
    number: usize,
    all_rows: u64,
}

/// Rows between two words about how far it is.
const EVERY: u64 = 5_000;

impl<'a, 'b> Counter<'a, 'b> {
    fn new(tell: &'a mut Tell<'b>, of: usize) -> Counter<'a, 'b> {
        Counter { tell, of, number: 0, all_rows: 0 }
    }

    /// The next table; gives what is to be called with every row.
    fn table(&mut self, table: &str) -> impl FnMut() {
        self.number += 1;
        let mut rows = 0;
        self.said(table, 0);
        let table = table.to_owned();
        move || {
            rows += 1;
            self.all_rows += 1;
            if rows % EVERY == 0 {
                self.said(&table, rows);
            }
        }
    }

    fn said(&mut self, table: &str, rows: u64) {
        (self.tell)(Progress { table, number: self.number, of: self.of, rows, all_rows: self.all_rows });
    }
}
