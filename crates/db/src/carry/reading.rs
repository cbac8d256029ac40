//! Rows of a table as a stream, on either engine.

use rusqlite::types::ValueRef;

use super::{Cells, Kind, Next, Table};
use crate::connection::{Connection, Shape};
use crate::row::{Cell, FromCell};
use crate::{Engine, Error, dialect};

/// Rows of one round trip to PostgreSQL. Where contents of files lie in them, few: each may have megabytes.
const TOGETHER: u32 = 500;

/// Gives `f` the rows of a table, one after the other.
pub(super) fn rows<T>(
    c: &mut Connection,
    engine: Engine,
    table: &Table,
    f: impl FnOnce(&mut Next<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let select = dialect::carried(engine, &table.name, &columns);
    match c {
        Connection::Sqlite(c) => {
            let mut statement = c.raw().prepare(&select).map_err(crate::connection::sqlite::error)?;
            let mut rows = statement.query([]).map_err(crate::connection::sqlite::error)?;
            f(&mut || {
                let Some(row) = rows.next().map_err(crate::connection::sqlite::error)? else { return Ok(None) };
                let mut cells = Vec::with_capacity(table.columns.len());
                for (at, (column, kind)) in table.columns.iter().enumerate() {
                    let cell = match row.get_ref(at).map_err(crate::connection::sqlite::error)? {
                        ValueRef::Null => Cell::Null,
                        ValueRef::Integer(n) => Cell::Int(n),
                        ValueRef::Text(text) => match std::str::from_utf8(text) {
                            Ok(text) => Cell::Text(text.to_owned()),
                            Err(e) => return Err(Error::decode(column, format!("no UTF-8: {e}"))),
                        },
                        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
                        ValueRef::Real(x) => return Err(Error::decode(column, format!("{x}"))),
                    };
                    cells.push(typed(cell, *kind, &table.name, column)?);
                }
                Ok(Some(cells))
            })
        }
        Connection::Postgres(c) => {
            c.batch(&format!("DECLARE carried NO SCROLL CURSOR FOR {select}"))?;
            let fetch = format!("FETCH FORWARD {} FROM carried", if table.holds_bytes() { 1 } else { TOGETHER });
            let mut waiting = Vec::new().into_iter();
            let mut over = false;
            let done = f(&mut || {
                loop {
                    if let Some(row) = waiting.next() {
                        let row: crate::Row = row;
                        let typed =
                            row.cells.into_iter().zip(&table.columns).map(|(cell, (column, kind))| typed(cell, *kind, &table.name, column));
                        return typed.collect::<Result<Cells, Error>>().map(Some);
                    }
                    if over {
                        return Ok(None);
                    }
                    let rows = c.query(&fetch, &[], Shape::Once)?;
                    over = rows.is_empty();
                    waiting = rows.into_iter();
                }
            })?;
            c.batch("CLOSE carried")?;
            Ok(done)
        }
    }
}

/// A cell as its column's kind has it. Error: it is of another.
fn typed(cell: Cell, kind: Kind, table: &str, column: &str) -> Result<Cell, Error> {
    match (kind, &cell) {
        (_, Cell::Null)
        | (Kind::Int, Cell::Int(_))
        | (Kind::Text, Cell::Text(_))
        | (Kind::Id, Cell::Id(_))
        | (Kind::Bytes, Cell::Bytes(_)) => Ok(cell),
        (Kind::Id, Cell::Bytes(_)) => {
            model::Id::from_cell(&cell).map(Cell::Id).ok_or_else(|| Error::decode(&format!("{table}.{column}"), "no id"))
        }
        _ => Err(Error::decode(&format!("{table}.{column}"), format!("{cell:?} where {} is expected", kind.key()))),
    }
}
