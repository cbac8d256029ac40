//! The first rows of a file, each cell as it stands and as it will be read: so that one sees whether it was understood.

use db::Read;
use serde_json::{Value as Json, json};

use super::chunks::RowsIn;
use super::found::{Found, FoundColumn};
use super::profile::Looks;
use super::spelling::{DateOrder, DecimalMark, ReadDate, bare_number, is_number, plain_number, read_date};
use super::table::Line;
use crate::Result;

/// Rows that are shown.
const SHOWN: usize = 20;
/// Characters of a cell that are shown.
const CELL: usize = 200;

/// `[{line, cells, read}]`; what cannot be read, or could be read both ways, is null.
pub fn rows(tx: &mut Read, found: &Found) -> Result<Vec<Json>> {
    let lines = RowsIn::from(found.id, found.reading, found.first_row()).take_in(tx, SHOWN)?;
    Ok(lines.iter().map(|line| row(found, line)).collect())
}

fn row(found: &Found, line: &Line) -> Json {
    let columns = || found.columns.iter().enumerate();
    let cells: Vec<String> = columns().map(|(at, _)| line.text(at).chars().take(CELL).collect()).collect();
    let read: Vec<Option<String>> = columns().map(|(at, column)| read(found, column, line.text(at))).collect();
    json!({"line": line.number, "cells": cells, "read": read})
}

fn read(found: &Found, column: &FoundColumn, text: &str) -> Option<String> {
    let text = text.trim();
    match column.profile.looks() {
        Looks::Number if !text.is_empty() => number(text, found.decimal_of(column)),
        Looks::Date | Looks::Datetime if !text.is_empty() => day(text, found.order_of(column)),
        _ => Some(text.chars().take(CELL).collect()),
    }
}

fn number(text: &str, mark: DecimalMark) -> Option<String> {
    let plain = |text: &str| Some(plain_number(text, mark)).filter(|plain| plain.parse::<f64>().is_ok());
    let bare = || {
        // An amount with its currency: what is left of it is the number.
        let less = text.contains(['-', '\u{2212}', '(']);
        is_number(text).then(|| plain(bare_number(text))).flatten().map(|read| if less { format!("-{read}") } else { read })
    };
    plain(text).or_else(bare)
}

fn day(text: &str, order: Option<DateOrder>) -> Option<String> {
    let ReadDate::Date(day) = read_date(text, order) else { return None };
    let time = text.split_once([' ', 'T']).map(|(_, time)| time.trim()).filter(|time| time.contains(':'));
    Some(time.map_or_else(|| day.to_string(), |time| format!("{day}T{time}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shown_as_they_will_be_read() {
        assert_eq!(number("1.234,50", DecimalMark::Comma).as_deref(), Some("1234.50"));
        assert_eq!(number("-1,234.50 EUR", DecimalMark::Point).as_deref(), Some("-1234.50"));
        assert_eq!(number("1.234,50", DecimalMark::Point), None);
        assert_eq!(day("3/4/2026", None), None);
        assert_eq!(day("3/4/2026", Some(DateOrder::DayFirst)).as_deref(), Some("2026-04-03"));
        assert_eq!(day("3/4/2026 14:30", Some(DateOrder::MonthFirst)).as_deref(), Some("2026-03-04T14:30"));
    }
}
