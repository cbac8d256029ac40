//! Rows as both engines give them.

use std::sync::Arc;

use model::{Date, Id, Instant};
use uuid::Uuid;

use crate::Error;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    Id(Id),
}

/// One row of an answer.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// The value of a column, by name or position. Error: the column is not there or holds something else.
    pub fn get<T: FromCell>(&self, column: impl Column) -> Result<T, Error> {
        let at = column.position(self)?;
        let cell = self.cells.get(at).unwrap_or(&Cell::Null);
        T::from_cell(cell).ok_or_else(|| Error::decode(self.columns.get(at).map_or("?", String::as_str), format!("{cell:?}")))
    }

    pub(crate) fn cell(&self, at: usize) -> &Cell {
        self.cells.get(at).unwrap_or(&Cell::Null)
    }
}

/// How a column is named: by its name or its position.
pub trait Column {
    /// Its position in the row.
    fn position(&self, row: &Row) -> Result<usize, Error>;
}

impl Column for usize {
    fn position(&self, row: &Row) -> Result<usize, Error> {
        if *self < row.cells.len() { Ok(*self) } else { Err(Error::decode(&self.to_string(), "no such column")) }
    }
}

impl Column for &str {
    fn position(&self, row: &Row) -> Result<usize, Error> {
        row.columns.iter().position(|name| name == self).ok_or_else(|| Error::decode(self, "no such column"))
    }
}

impl Column for &String {
    fn position(&self, row: &Row) -> Result<usize, Error> {
        self.as_str().position(row)
    }
}

/// Types that a cell can be read as.
pub trait FromCell: Sized {
    /// `None` when the cell holds something else.
    fn from_cell(cell: &Cell) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: &Cell) -> Option<i64> {
        match cell {
            Cell::Int(n) => Some(*n),
            _ => None,
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: &Cell) -> Option<String> {
        match cell {
            Cell::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromCell for bool {
    /// Truth is kept as 0 or 1 on both engines.
    fn from_cell(cell: &Cell) -> Option<bool> {
        match cell {
            Cell::Int(n) => Some(*n != 0),
            _ => None,
        }
    }
}

impl FromCell for Id {
    fn from_cell(cell: &Cell) -> Option<Id> {
        match cell {
            Cell::Id(id) => Some(*id),
            Cell::Bytes(bytes) => Uuid::from_slice(bytes).ok().map(Id),
            _ => None,
        }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: &Cell) -> Option<Vec<u8>> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes.clone()),
            // SQLite does not tell sixteen bytes from an id.
            Cell::Id(id) => Some(id.bytes().to_vec()),
            _ => None,
        }
    }
}

impl FromCell for Instant {
    fn from_cell(cell: &Cell) -> Option<Instant> {
        i64::from_cell(cell).map(Instant)
    }
}

impl FromCell for Date {
    fn from_cell(cell: &Cell) -> Option<Date> {
        match cell {
            Cell::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: &Cell) -> Option<Option<T>> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}
