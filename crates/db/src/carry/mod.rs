//! A whole database as neither engine has it: its tables, row by row, for backups and for carrying it to the other engine.
//!
//! A [`Source`] reads one snapshot; a [`Target`] takes rows into an empty place, all or nothing. Both stream: no table is ever held in memory.
//! What the engines keep in ways of their own is the same here: ids are ids, and the outbox is numbered in the order in which it is told.

mod reading;
pub(crate) mod shape;
mod source;
mod sum;
mod target;
mod trial;

pub use shape::{Index, Kind, Table};
pub use source::Source;
pub use sum::Sum;
pub use target::Target;
pub use trial::Trial;

use crate::{Cell, Error};

/// One row, in the order of its table's columns.
pub type Cells = Vec<Cell>;

/// Gives one row after the other, then none.
pub type Next<'a> = dyn FnMut() -> Result<Option<Cells>, Error> + 'a;

/// A migration that was applied to a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub number: i64,
    pub name: String,
    pub checksum: String,
}
