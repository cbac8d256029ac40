//! Text to rows: which character divides the columns, and on which line each row begins.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::rc::Rc;

use csv::{ReaderBuilder, StringRecord};
use model::{Violation, Violations};

use super::decode::{Ends, Text, Unreadable};
use crate::{Error, Result};

/// Characters that divide columns, in the order of preference.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Most rows of one file.
pub const MAX_ROWS: u64 = 1_000_000;
/// Most columns of one file.
pub const MAX_COLUMNS: usize = 1_000;
/// Bytes of one row.
pub const MAX_ROW: usize = 8 << 20;

/// One row with the number of the line on which it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub number: u64,
    /// Its place among the rows of the file, the first line among them.
    pub index: u64,
    pub cells: Vec<String>,
}

impl Line {
    /// A cell's text without the blanks around it; empty where there is none.
    pub fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// The rows of a CSV file as they pass.
pub struct Rows<R> {
    reader: csv::Reader<Text<R>>,
    ends: Rc<RefCell<Ends>>,
    since: Rc<Cell<usize>>,
    record: StringRecord,
    /// Of the last row: its line, the quotation marks before it, and whether it goes over several lines.
    last: (u64, u64, bool),
}

impl<R: Read> Rows<R> {
    /// Rows of a text.
    pub fn new(text: Text<R>, delimiter: u8) -> Rows<R> {
        let (ends, since) = (text.ends(), text.since());
        let reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text);
        Rows { reader, ends, since, record: StringRecord::new(), last: (0, 0, false) }
    }

    /// The next row that is not blank: its line and its cells.
    ///
    /// Errors: `import.not_text`, `import.row_too_long`, `import.quote_open`.
    pub fn next(&mut self) -> Result<Option<(u64, &StringRecord)>> {
        loop {
            self.since.set(0);
            let at = self.reader.position().byte();
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return self.ended(),
                Ok(true) => {}
                Err(error) => return Err(self.refusal(error, at)),
            }
            let line = self.ends.borrow_mut().line_of(self.record.position().map_or(0, csv::Position::byte));
            if self.record.as_slice().len() > MAX_ROW {
                return Err(Violation::new("import.row_too_long", "file").with("line", line).with("max", MAX_ROW >> 20).into());
            }
            let quotes = self.ends.borrow().quotes().0;
            self.last = (line, quotes, self.record.iter().any(|cell| cell.contains(['\n', '\r'])));
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some((line, &self.record)));
            }
        }
    }

    /// A quotation mark that is never closed makes one cell of all that follows.
    fn ended(&self) -> Result<Option<(u64, &StringRecord)>> {
        let (line, before, several) = self.last;
        let open = several && (self.ends.borrow().quotes().1 - before) % 2 == 1;
        if open { Err(Violation::new("import.quote_open", "file").with("line", line).into()) } else { Ok(None) }
    }

    fn refusal(&self, error: csv::Error, at: u64) -> Error {
        let line = self.ends.borrow().last();
        match error.into_kind() {
            csv::ErrorKind::Io(error) => match unreadable(error) {
                Error::Invalid(found) if found[0].code == "import.row_too_long" => {
                    let line = self.ends.borrow_mut().line_of(at);
                    Error::Invalid(found.into_iter().map(|violation| violation.with("line", line)).collect())
                }
                other => other,
            },
            _ => Violation::new("import.not_text", "file").with("line", line).into(),
        }
    }
}

/// The refusal that a reader's error carries.
pub fn unreadable(error: std::io::Error) -> Error {
    match error.into_inner().map(|inner| inner.downcast::<Unreadable>()) {
        Some(Ok(refused)) => refused.0.into(),
        Some(Err(other)) => Error::Internal(format!("a file cannot be read: {other}")),
        None => Error::Internal("a file cannot be read".into()),
    }
}

/// The delimiter that somebody names.
///
/// Error: `field.invalid`.
pub fn named(delimiter: char) -> std::result::Result<u8, Violations> {
    let expected = "one of , ; | or a tab";
    let one = u8::try_from(delimiter).ok().filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n' | 0));
    one.ok_or_else(|| vec![Violation::new("field.invalid", "delimiter").with("expected", expected)])
}

/// The delimiter that cuts the first rows of a text into the most columns, evenly.
pub fn guess(text: &str) -> u8 {
    let mut best = (0, DELIMITERS[0]);
    for delimiter in DELIMITERS {
        let reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes());
        let widths: Vec<usize> = reader.into_records().take(20).flatten().map(|record| record.len()).collect();
        let Some(first) = widths.first().copied().filter(|width| *width > 1) else { continue };
        let even = widths.iter().filter(|width| **width == first).count() * 1000 / widths.len();
        let score = even * 1000 + first.min(999);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

/// What stands against the names of columns: `import.header_blank`, `import.header_twice`, `import.too_many`.
pub fn check_header(columns: &[String], is_filled: impl Fn(usize) -> bool) -> Violations {
    let mut found = Violations::new();
    if columns.len() > MAX_COLUMNS {
        found.push(Violation::new("import.too_many", "header").with("max", MAX_COLUMNS));
    }
    for (i, name) in columns.iter().enumerate() {
        if name.is_empty() {
            if is_filled(i) {
                found.push(Violation::new("import.header_blank", format!("header/{i}")).with("number", i + 1));
            }
        } else if columns[..i].contains(name) {
            found.push(Violation::new("import.header_twice", format!("header/{i}")).with("column", name.as_str()));
        }
    }
    found
}

/// What a column without a name is called: as in a spreadsheet.
pub fn letters(mut column: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'A' + (column % 26) as u8);
        if column < 26 {
            break;
        }
        column = column / 26 - 1;
    }
    name.iter().rev().map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(Text::new(text.as_bytes(), encoding_rs::UTF_8), delimiter);
        let mut read = Vec::new();
        while let Some((line, record)) = rows.next().unwrap() {
            read.push((line, record.iter().map(str::to_owned).collect()));
        }
        read
    }

    #[test]
    fn finds_the_delimiter_out() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("name;price\n\"Mill; brook\";1,50\nTwo;2,75\n", b';'),
            ("a\tb\tc\n1,5\t2,5\t3\n", b'\t'),
            ("a|b\n1|2", b'|'),
            ("only\none\n", b','),
        ] {
            assert_eq!(guess(text), delimiter, "{text}");
        }
    }

    #[test]
    fn keeps_quotes_line_breaks_and_line_numbers() {
        let text = "name,note\r\n\"A \"\"B\"\"\",\"two\nlines, one cell\"\r\n\r\n,\r\nC,3\rD,4\n\n\nE,5";
        let lines: Vec<(u64, String)> = rows(text, b',').into_iter().map(|(line, cells)| (line, cells.join("|"))).collect();
        let expected = [(1, "name|note"), (2, "A \"B\"|two\nlines, one cell"), (6, "C|3"), (7, "D|4"), (10, "E|5")];
        assert_eq!(lines, expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn a_quote_that_is_never_closed_and_a_row_without_end_are_refused_with_their_lines() {
        let refusal = |text: &str| {
            let mut rows = Rows::new(Text::new(text.as_bytes(), encoding_rs::UTF_8), b',');
            loop {
                match rows.next() {
                    Ok(Some(_)) => {}
                    Ok(None) => return None,
                    Err(Error::Invalid(found)) => return Some((found[0].code, found[0].params["line"].clone())),
                    Err(other) => panic!("{other}"),
                }
            }
        };
        assert_eq!(refusal("a,b\nA,x\nB,\"y\nC,z\nD,w\n"), Some(("import.quote_open", 3.into())));
        assert_eq!(refusal("a,b\nA,5\" pipe\nB,\"two\nlines\"\n"), None);
        assert_eq!(refusal(&format!("a,b\nA,{}", "x".repeat(MAX_ROW * 3))), Some(("import.row_too_long", 2.into())));
    }

    #[test]
    fn lines_are_counted_over_many_pieces() {
        let text: String = (0..40_000).map(|n| format!("{n},äöü\r\n")).collect();
        let read = rows(&text, b',');
        assert!(read.iter().enumerate().all(|(at, (line, cells))| *line == at as u64 + 1 && cells[0] == at.to_string()));
        assert_eq!(read.len(), 40_000);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_was_written_is_read(
            written in proptest::collection::vec(proptest::collection::vec("[a-zäöü深,;|\"\n\r\t 0-9']{0,12}", 1..6), 0..30),
            delimiter in proptest::sample::select(DELIMITERS.to_vec()),
            encoding in proptest::sample::select(vec![encoding_rs::UTF_8, encoding_rs::GB18030]),
        ) {
            let mut out = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
            written.iter().for_each(|row| out.write_record(row).unwrap());
            let text = String::from_utf8(out.into_inner().unwrap()).unwrap();
            let bytes = encoding.encode(&text).0;
            let mut rows = Rows::new(Text::new(&*bytes, encoding), delimiter);
            let (mut read, mut last) = (Vec::new(), 0);
            while let Some((line, record)) = rows.next().unwrap() {
                proptest::prop_assert!(line > last, "lines come in their order");
                last = line;
                read.push(record.iter().map(str::to_owned).collect::<Vec<String>>());
            }
            let filled = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
            proptest::prop_assert_eq!(read, written.iter().filter(filled).cloned().collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..3_000)) {
            let encoding = crate::imports::decode::Evidence::of(bytes.as_slice()).unwrap().encoding();
            let mut rows = Rows::new(Text::new(bytes.as_slice(), encoding), guess(&encoding.decode(&bytes).0));
            while let Ok(Some(_)) = rows.next() {}
        }
    }

    #[test]
    fn says_what_is_wrong_with_the_first_line() {
        let codes = |names: &[&str], filled: usize| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            check_header(&names, |i| i < filled).iter().map(|v| v.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&["a", "b", "a"], 3), ["import.header_twice"]);
        assert_eq!(codes(&["a", "", "b"], 3), ["import.header_blank"]);
        assert_eq!(codes(&["a", "b", ""], 2), Vec::<&str>::new());
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
