//! A row as a line of JSON: `["018f…", 3, null, "Rail"]`. Bytes are Base64; what a text stands for is said by its column's kind.

use std::io::{BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::Cell;
use db::carry::{Cells, Kind, Table};
use serde_json::Value as Json;

use crate::{Error, Result};

pub(crate) fn write(to: &mut impl Write, row: &Cells) -> std::io::Result<()> {
    let mut before: &[u8] = b"[";
    for cell in row {
        to.write_all(before)?;
        before = b",";
        match cell {
            Cell::Null => to.write_all(b"null")?,
            Cell::Int(n) => write!(to, "{n}")?,
            Cell::Text(text) => serde_json::to_writer(&mut *to, text)?,
            Cell::Bytes(bytes) => write!(to, "\"{}\"", STANDARD.encode(bytes))?,
            Cell::Id(id) => write!(to, "\"{id}\"")?,
        }
    }
    to.write_all(b"]\n")
}

/// The next row; none behind the last. `line` is used again and again.
pub(crate) fn read(from: &mut impl BufRead, table: &Table, line: &mut String) -> Result<Option<Cells>> {
    line.clear();
    let spoilt = |why: &str| {
        Error::Spoilt(format!("the table {} of the backup cannot be read ({why}): it was damaged; use another backup", table.name))
    };
    if from.read_line(line).map_err(|error| spoilt(&error.to_string()))? == 0 {
        return Ok(None);
    }
    let cells: Vec<Json> = serde_json::from_str(line).map_err(|error| spoilt(&error.to_string()))?;
    if cells.len() != table.columns.len() {
        return Err(spoilt("a row has another number of values than there are columns"));
    }
    let one = |(json, (column, kind)): (Json, &(String, Kind))| {
        Ok(match (kind, json) {
            (_, Json::Null) => Cell::Null,
            (Kind::Int, Json::Number(n)) => Cell::Int(n.as_i64().ok_or_else(|| spoilt(column))?),
            (Kind::Text, Json::String(text)) => Cell::Text(text),
            (Kind::Bytes, Json::String(text)) => Cell::Bytes(STANDARD.decode(text).map_err(|_| spoilt(column))?),
            (Kind::Id, Json::String(text)) => Cell::Id(text.parse().map_err(|_| spoilt(column))?),
            _ => return Err(spoilt(column)),
        })
    };
    cells.into_iter().zip(&table.columns).map(one).collect::<Result<Cells>>().map(Some)
}
