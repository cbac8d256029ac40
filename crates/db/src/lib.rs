//! The only place that knows there are two engines: SQLite in one file, PostgreSQL by its address.
//!
//! [`Db::read`] and [`Db::write`] run a closure in a transaction; everything else happens through the [`Read`] or [`Write`] that it is given.
//! Records are read and written by [`records`], with the scope of what may be seen as an argument; the product's other tables by sea-query
//! statements. What the engines say differently is in `dialect` alone.

pub mod access;
pub mod audit;
mod cancel;
pub mod carry;
mod checkpoint;
mod columns;
mod condition;
mod connection;
pub mod ddl;
mod dialect;
mod engine;
mod error;
pub mod external;
#[cfg(feature = "failpoint")]
pub mod failpoint;
pub mod followed;
pub mod history;
pub mod holdings;
pub mod journal;
mod later;
pub mod matching;
mod migrate;
pub mod outbox;
pub mod page;
mod param;
pub mod past;
pub mod people;
mod pool;
pub mod records;
pub mod reporting;
mod row;
pub mod scope;
mod sealing;
pub mod search;
pub mod state;
mod tx;
pub mod veil;
pub mod watch;

pub use cancel::{CancelFlag, Limits};
pub use engine::{Clock, Db, Engine, Options};
pub use error::Error;
pub use migrate::{MigrationStep, checksum as migrations_checksum};
pub use pool::Filled;
pub use row::{Cell, Column, FromCell, Row};
pub use sealing::sealing_key;
pub use tx::{Read, Statement, Write};
