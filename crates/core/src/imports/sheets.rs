//! Spreadsheets to rows: one sheet of an XLSX file, cell by cell as they pass, never all at once.
//!
//! Such a file is an archive, and what it says of its size need not be true. So everything that will be read is inflated once for nothing,
//! against limits of size, of ratio and of what a reader would have to hold at a time, before anybody reads it in earnest.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use calamine::{DataRef, Reader, Xlsx};
use model::Violation;
use zip::ZipArchive;

use super::table::{MAX_COLUMNS, MAX_ROW};
use crate::Result;

/// Bytes of XML in all.
const MAX_XML: u64 = 320 << 20;
/// Bytes of a part that a reader holds as a whole.
const MAX_PART: u64 = 8 << 20;
/// Bytes of the texts that cells share.
const MAX_SHARED: u64 = 48 << 20;
/// Files in the archive.
const MAX_ENTRIES: u64 = 4_096;
/// How much larger a part may be than it is packed, once it is large at all.
const MAX_RATIO: u64 = 250;
const LARGE: u64 = 16 << 20;
/// Bytes of one cell.
const MAX_CELL: u64 = 8 << 20;
/// Cells that are merged.
const MAX_MERGED: u64 = 100_000;

type Workbook = Xlsx<BufReader<File>>;

/// An opened spreadsheet.
pub struct Sheets {
    workbook: Workbook,
}

impl Sheets {
    /// Opens a file after looking at what is in it.
    ///
    /// Errors: `import.not_a_spreadsheet`, `import.archive_too_large`.
    pub fn open(mut file: File) -> Result<Sheets> {
        inspect(&mut file)?;
        file.rewind().map_err(|_| broken())?;
        let workbook = Xlsx::new(BufReader::new(file)).map_err(|_| broken())?;
        if workbook.sheet_names().is_empty() {
            return Err(broken());
        }
        Ok(Sheets { workbook })
    }

    /// Names of the sheets.
    pub fn names(&self) -> Vec<String> {
        self.workbook.sheet_names()
    }

    /// Gives every row of a sheet that is not blank: its line and its cells. What is merged downwards stands in each of its rows.
    ///
    /// Errors: `import.sheet_unknown`, `import.not_a_spreadsheet`, `import.too_many`, `import.row_too_long`, and those of `each`.
    pub fn rows(&mut self, sheet: &str, mut each: impl FnMut(u64, Vec<String>) -> Result<()>) -> Result<()> {
        if !self.names().iter().any(|name| name == sheet) {
            return Err(Violation::new("import.sheet_unknown", "sheet").with("value", sheet).into());
        }
        let mut merged = Merged::of(&mut self.workbook, sheet)?;
        let mut cells = self.workbook.worksheet_cells_reader(sheet).map_err(|_| broken())?;
        let (mut row, mut texts, mut bytes): (u32, Vec<String>, usize) = (0, Vec::new(), 0);
        loop {
            let cell = cells.next_cell().map_err(|_| in_line(row))?;
            let place = cell.as_ref().map(calamine::Cell::get_position);
            if place.is_none_or(|(next, _)| next != row) {
                merged.fill(row, &mut texts);
                if texts.iter().any(|text| !text.trim().is_empty()) {
                    each(u64::from(row) + 1, std::mem::take(&mut texts))?;
                }
                texts.clear();
                bytes = 0;
            }
            let (Some(cell), Some((next, column))) = (cell, place) else { return Ok(()) };
            row = next;
            let text = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            let column = column as usize;
            if column > MAX_COLUMNS {
                return Err(Violation::new("import.too_many", "header").with("max", MAX_COLUMNS).into());
            }
            if texts.len() <= column {
                texts.resize(column + 1, String::new());
            }
            bytes += text.len();
            if bytes > MAX_ROW {
                return Err(Violation::new("import.row_too_long", "file").with("line", row + 1).with("max", MAX_ROW >> 20).into());
            }
            texts[column] = text;
        }
    }
}

fn broken() -> crate::Error {
    Violation::new("import.not_a_spreadsheet", "file").into()
}

fn in_line(row: u32) -> crate::Error {
    Violation::new("import.not_a_spreadsheet", "file").with("line", row + 1).into()
}

fn too_large(part: &str, max: u64) -> crate::Error {
    Violation::new("import.archive_too_large", "file").with("part", part).with("max", max >> 20).into()
}

/// A cell as a file of text would have it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => number(*n),
        DataRef::String(text) => text.replace('\0', ""),
        DataRef::SharedString(text) => text.replace('\0', ""),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(at) if at.is_duration() => number(at.as_f64()),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
            match (at.as_f64() < 1.0, hour, minute, second, milli) {
                (true, ..) => format!("{hour:02}:{minute:02}:{second:02}"),
                (_, 0, 0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// A number without what binary fractions add: spreadsheets keep fifteen digits.
fn number(n: f64) -> String {
    let rounded: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    format!("{rounded}")
}

/// Cells merged downwards, by column: until which row, and what stands in them.
struct Merged {
    starts: HashMap<(u32, u32), u32>,
    open: HashMap<u32, (u32, String)>,
}

impl Merged {
    fn of(workbook: &mut Workbook, sheet: &str) -> Result<Merged> {
        let regions = workbook.merge_cells_by_sheet_name(sheet).map_err(|_| broken())?;
        let down = regions.into_iter().filter(|region| region.end.0 > region.start.0).map(|region| (region.start, region.end.0));
        Ok(Merged { starts: down.collect(), open: HashMap::new() })
    }

    fn fill(&mut self, row: u32, texts: &mut Vec<String>) {
        if self.starts.is_empty() || texts.is_empty() {
            return;
        }
        self.open.retain(|_, (until, _)| *until >= row);
        for (column, (_, text)) in &self.open {
            let column = *column as usize;
            if texts.len() <= column {
                texts.resize(column + 1, String::new());
            }
            if texts[column].is_empty() {
                texts[column].clone_from(text);
            }
        }
        for (column, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            if let Some(until) = self.starts.get(&(row, column as u32)) {
                self.open.insert(column as u32, (*until, text.clone()));
            }
        }
    }
}

/// Inflates every part for nothing, against the limits.
fn inspect(file: &mut File) -> Result<()> {
    check_directory(file)?;
    file.rewind().map_err(|_| broken())?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| broken())?;
    let mut left = MAX_XML;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|_| broken())?;
        let name = part.name().map_err(|_| broken())?.to_ascii_lowercase();
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        let sheet = name.contains("worksheets/") && name.ends_with(".xml");
        let max = if sheet {
            left
        } else if name.ends_with("sharedstrings.xml") {
            MAX_SHARED.min(left)
        } else if ["workbook", "styles", "_rels", "content_types", "theme"].iter().any(|known| name.contains(known)) {
            MAX_PART.min(left)
        } else {
            continue;
        };
        let packed = part.compressed_size().max(1);
        let mut guard = Guard { sheet, ..Guard::default() };
        let mut piece = vec![0; 64 << 10];
        loop {
            let read = part.read(&mut piece).map_err(|_| broken())?;
            if read == 0 {
                break;
            }
            if !guard.take(&piece[..read]) || guard.bytes > max || guard.bytes > LARGE && guard.bytes / packed > MAX_RATIO {
                return Err(too_large(&name, max));
            }
        }
        left -= guard.bytes;
    }
    Ok(())
}

/// The list of the archive's files is read as a whole, so it must not be long.
fn check_directory(file: &mut File) -> Result<()> {
    let length = file.seek(SeekFrom::End(0)).map_err(|_| broken())?;
    let tail = length.min(66_000);
    file.seek(SeekFrom::End(-(tail as i64))).map_err(|_| broken())?;
    let mut end = vec![0; tail as usize];
    file.read_exact(&mut end).map_err(|_| broken())?;
    let at = end.windows(4).rposition(|four| four == b"PK\x05\x06").filter(|at| at + 22 <= end.len()).ok_or_else(broken)?;
    let entries = u64::from(u16::from_le_bytes([end[at + 10], end[at + 11]]));
    let directory = u64::from(u32::from_le_bytes([end[at + 12], end[at + 13], end[at + 14], end[at + 15]]));
    // The marks of an archive of more than 65,535 files or 4 GB fall under the same limit.
    if entries > MAX_ENTRIES || directory > MAX_PART {
        return Err(too_large("directory", MAX_PART));
    }
    Ok(())
}

/// What passes through, looked at for what a reader would have to hold at once.
#[derive(Default)]
struct Guard {
    sheet: bool,
    bytes: u64,
    /// Since the last `<`, and since the last cell or row.
    run: u64,
    cell: u64,
    merged: u64,
    /// The first letters of the tag that has begun.
    tag: [u8; 3],
    letters: Option<usize>,
}

impl Guard {
    /// False for what is not to be read.
    fn take(&mut self, bytes: &[u8]) -> bool {
        self.bytes += bytes.len() as u64;
        let mut rest = bytes;
        while let Some((first, tail)) = rest.split_first() {
            if let Some(letters) = self.letters {
                self.tag[letters] = *first;
                self.run += 1;
                rest = tail;
                self.letters = (letters < 2).then_some(letters + 1);
                if letters == 2 && !self.tag_begins() {
                    return false;
                }
                continue;
            }
            let until = rest.iter().position(|byte| *byte == b'<');
            self.run += until.unwrap_or(rest.len()) as u64;
            if self.run > MAX_CELL {
                return false;
            }
            match until {
                Some(until) => {
                    self.cell += self.run + 1;
                    self.run = 0;
                    self.letters = Some(0);
                    rest = &rest[until + 1..];
                }
                None => break,
            }
        }
        !self.sheet || self.cell + self.run <= 2 * MAX_CELL
    }

    fn tag_begins(&mut self) -> bool {
        match self.tag {
            [b'c', b' ' | b'>' | b'/', _] | [b'r', b'o', b'w'] => self.cell = 0,
            [b'm', b'e', b'r'] => self.merged += 1,
            // Definitions and sections of raw text: no spreadsheet program writes them, and both can hide what is large.
            [b'!', b'D' | b'[', _] => return false,
            _ => {}
        }
        self.merged <= MAX_MERGED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_more_digits_than_were_typed() {
        assert_eq!([0.1 + 0.2, 1234.5, 1e15, -3.0, 1e-7].map(number), ["0.3", "1234.5", "1000000000000000", "-3", "0.0000001"]);
    }

    #[test]
    fn the_guard_stops_what_would_be_held_at_once() {
        let passes = |pieces: &[&[u8]], sheet: bool| {
            let mut guard = Guard { sheet, ..Guard::default() };
            pieces.iter().all(|piece| guard.take(piece))
        };
        let long = vec![b'a'; (MAX_CELL + 1) as usize];
        assert!(passes(&[b"<row><c r=\"A1\"><v>1</v></c></row>"], true));
        assert!(!passes(&[b"<c r=\"A1\"><is><t>", &long, b"</t></is></c>"], true));
        assert!(!passes(&[b"<!DOCTYPE x [<!ENTITY a \"b\">]>"], true));
        assert!(!passes(&[b"<![CDATA[", b"x]]>"], false));
        let runs = b"<r><t>aaaaaaaaaaaaaaaaaaaaaaaa</t></r>".repeat(1_000_000);
        assert!(!passes(&[b"<c r=\"A1\"><is>", &runs], true), "one cell of many runs");
        let cells = b"<c r=\"A1\"><v>12</v></c>".repeat(1_000_000);
        assert!(passes(&[&cells], true));
    }
}
