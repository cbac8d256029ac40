//! Text to rows: which character divides the columns, and what the first line names.

use csv::{ReaderBuilder, StringRecord};
use model::{Violation, Violations};

/// Characters that divide columns, in the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Most rows of one file.
const MAX_ROWS: usize = 1_000_000;
/// Most columns of one file.
const MAX_COLUMNS: usize = 1_000;

/// A file as rows of text.
#[derive(Debug)]
pub struct Table {
    /// Names of the columns, trimmed; empty for a column that has neither a name nor a value.
    pub columns: Vec<String>,
    pub rows: Vec<Line>,
    pub delimiter: char,
}

/// One row with the number of the line on which it begins.
#[derive(Debug)]
pub struct Line {
    pub number: u64,
    pub cells: StringRecord,
}

impl Table {
    /// Reads CSV text. `named` is the delimiter where the caller knows it.
    ///
    /// Errors, all at once: `import.empty`, `import.header_blank`, `import.header_twice`, `import.too_many`.
    pub fn read(text: &str, named: Option<char>) -> Result<Table, Violations> {
        let delimiter = match named {
            Some(c) => {
                u8::try_from(c).map_err(|_| vec![Violation::new("field.invalid", "delimiter").with("expected", "one of , ; | or a tab")])?
            }
            None => guess(text),
        };
        let mut records = reader(text, delimiter).into_records();
        let header = match records.next() {
            Some(Ok(header)) if header.iter().any(|name| !name.trim().is_empty()) => header,
            _ => return Err(vec![Violation::new("import.empty", "file")]),
        };
        let mut rows = Vec::new();
        let mut lines = Lines { bytes: text.as_bytes(), at: 0, line: 1 };
        for record in records {
            // Text that is valid UTF-8 and read with a flexible number of cells has no other way to fail.
            let Ok(cells) = record else { return Err(vec![Violation::new("import.not_text", "file")]) };
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if rows.len() == MAX_ROWS {
                return Err(vec![Violation::new("import.too_many", "file").with("max", MAX_ROWS)]);
            }
            rows.push(Line { number: lines.of(cells.position().map_or(0, csv::Position::byte)), cells });
        }
        let columns: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        check_header(&columns, &rows)?;
        Ok(Table { columns, rows, delimiter: char::from(delimiter) })
    }

    /// The place of a column by its name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes())
}

fn check_header(columns: &[String], rows: &[Line]) -> Result<(), Violations> {
    let mut found = Violations::new();
    if columns.len() > MAX_COLUMNS {
        found.push(Violation::new("import.too_many", "header").with("max", MAX_COLUMNS));
    }
    for (i, name) in columns.iter().enumerate() {
        if name.is_empty() {
            if rows.iter().any(|row| row.cells.get(i).is_some_and(|cell| !cell.trim().is_empty())) {
                found.push(Violation::new("import.header_blank", format!("header/{i}")).with("number", i + 1));
            }
        } else if columns[..i].contains(name) {
            found.push(Violation::new("import.header_twice", format!("header/{i}")).with("column", name.as_str()));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Counts lines. The reader's own count is one behind where lines end with a carriage return as well.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the row begins whose place is `byte`, or just behind the line ends there. Places come in their order.
    fn of(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(b) = self.bytes.get(self.at) {
            if self.at >= byte && !matches!(b, b'\r' | b'\n') {
                break;
            }
            let ends = *b == b'\n' || *b == b'\r' && self.bytes.get(self.at + 1) != Some(&b'\n');
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// The delimiter that cuts the first rows into the most columns, evenly.
fn guess(text: &str) -> u8 {
    let mut best = (0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let widths: Vec<usize> = reader(text, delimiter).into_records().take(20).flatten().map(|record| record.len()).collect();
        let Some(first) = widths.first().copied().filter(|width| *width > 1) else { continue };
        let even = widths.iter().filter(|width| **width == first).count() * 1000 / widths.len();
        let score = even * 1000 + first.min(999);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        Table::read(text, None).err().map(|found| found.iter().map(|v| v.code).collect()).unwrap_or_default()
    }

    #[test]
    fn finds_the_delimiter_out() {
        for (text, delimiter, columns) in [
            ("a,b\n1,2\n", ',', 2),
            ("name;price\n\"Mill; brook\";1,50\nTwo;2,75\n", ';', 2),
            ("a\tb\tc\n1,5\t2,5\t3\n", '\t', 3),
            ("a|b\n1|2", '|', 2),
            ("only\none\n", ',', 1),
        ] {
            let table = Table::read(text, None).unwrap();
            assert_eq!((table.delimiter, table.columns.len()), (delimiter, columns), "{text}");
        }
    }

    #[test]
    fn keeps_quotes_line_breaks_and_line_numbers() {
        let table = Table::read("name,note\r\n\"A \"\"B\"\"\",\"two\nlines, one cell\"\r\n\r\n,\r\nC,3\r\n", None).unwrap();
        let rows: Vec<(u64, &str, &str)> = table.rows.iter().map(|row| (row.number, &row.cells[0], &row.cells[1])).collect();
        assert_eq!(rows, [(2, "A \"B\"", "two\nlines, one cell"), (6, "C", "3")]);
    }

    #[test]
    fn says_what_is_wrong_with_the_first_line() {
        assert_eq!(codes(""), ["import.empty"]);
        assert_eq!(codes(" , ,\n1,2,3"), ["import.empty"]);
        assert_eq!(codes("a,b,a\n1,2,3"), ["import.header_twice"]);
        assert_eq!(codes("a,,b\n1,2,3"), ["import.header_blank"]);
        assert_eq!(codes("a,b,\n1,2,\n"), Vec::<&str>::new());
    }
}
