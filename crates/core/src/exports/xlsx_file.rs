//! XLSX with typed cells: texts are always texts, so nothing in them is run; numbers, days and moments are what they are.

use std::fs::File;
use std::io::{Read, Seek};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::Sink;
use super::cells::Cell;
use crate::{Error, Result};

/// Characters of a cell.
const LONGEST: usize = 32_767;
/// Digits that a spreadsheet keeps of a number.
const DIGITS: usize = 15;
/// Bytes handed on at once.
const PART: usize = 64 << 10;

/// A file whose rows are laid down on disk as they come.
pub(crate) struct XlsxFile {
    workbook: Workbook,
    row: u32,
    day: Format,
    moment: Format,
}

impl XlsxFile {
    pub fn new(name: &str, titles: &[String]) -> Result<XlsxFile> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(fault)?;
        sheet.set_name(sheet_name(name)).map_err(fault)?;
        sheet.set_freeze_panes(1, 0).map_err(fault)?;
        let bold = Format::new().set_bold();
        for (at, title) in titles.iter().enumerate() {
            sheet.write_string_with_format(0, place(at)?, shortened(title), &bold).map_err(fault)?;
        }
        let format = |code: &str| Format::new().set_num_format(code);
        Ok(XlsxFile { workbook, row: 0, day: format("yyyy-mm-dd"), moment: format("yyyy-mm-dd hh:mm") })
    }

    /// Adds rows.
    pub fn page(&mut self, rows: &[Vec<Cell>]) -> Result<()> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(fault)?;
        for row in rows {
            self.row += 1;
            for (at, cell) in row.iter().enumerate() {
                let (row, at) = (self.row, place(at)?);
                match cell {
                    Cell::Blank => continue,
                    Cell::Text(text) => sheet.write_string(row, at, shortened(text)),
                    Cell::Number(number) => match exact(number) {
                        Some(number) => sheet.write_number(row, at, number),
                        None => sheet.write_string(row, at, number),
                    },
                    Cell::Date(day) => match ExcelDateTime::from_ymd(day.year().unsigned_abs(), day.month() as u8, day.day() as u8) {
                        Ok(there) if day.year() >= 1900 => sheet.write_datetime_with_format(row, at, &there, &self.day),
                        // Before the first day that spreadsheets know.
                        _ => sheet.write_string(row, at, day.to_string()),
                    },
                    Cell::Moment(when) => {
                        let there = ExcelDateTime::from_ymd(when.year().unsigned_abs(), when.month() as u8, when.day() as u8)
                            .and_then(|day| day.and_hms(when.hour() as u16, when.minute() as u8, f64::from(when.second())));
                        match there {
                            Ok(there) if when.year() >= 1900 => sheet.write_datetime_with_format(row, at, &there, &self.moment),
                            _ => sheet.write_string(row, at, when.strftime("%Y-%m-%d %H:%M").to_string()),
                        }
                    }
                    Cell::Truth(truth, _) => sheet.write_boolean(row, at, *truth),
                }
                .map_err(fault)?;
            }
        }
        Ok(())
    }

    /// Puts the file together and hands it on. It has no name on the disk, so it is gone whatever happens.
    pub fn send(mut self, sink: &mut dyn Sink) -> Result<()> {
        let mut file: File = tempfile::tempfile().map_err(on_disk)?;
        self.workbook.save_to_writer(&mut file).map_err(fault)?;
        drop(self.workbook);
        file.rewind().map_err(on_disk)?;
        loop {
            let mut part = Vec::with_capacity(PART);
            file.by_ref().take(PART as u64).read_to_end(&mut part).map_err(on_disk)?;
            if part.is_empty() {
                return Ok(());
            }
            sink.send(part)?;
        }
    }
}

/// A name as sheets may have one.
fn sheet_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    if name.trim().is_empty() { "Export".to_owned() } else { name }
}

/// A text that fits into a cell.
fn shortened(text: &str) -> String {
    if text.len() <= LONGEST || text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// The number, unless a spreadsheet would lose digits of it.
fn exact(number: &str) -> Option<f64> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').len();
    if significant > DIGITS { None } else { number.parse().ok() }
}

fn place(column: usize) -> Result<u16> {
    u16::try_from(column).map_err(|_| Error::Internal("too many columns for a sheet".into()))
}

fn fault(error: XlsxError) -> Error {
    Error::Internal(format!("a sheet cannot be written: {error}"))
}

fn on_disk(error: std::io::Error) -> Error {
    Error::Internal(format!("a file cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_texts_fit() {
        assert_eq!(sheet_name("A/B: [all] the opportunities of the world"), "AB all the opportunities of the");
        assert_eq!(sheet_name("***"), "Export");
        assert_eq!((exact("1054.00"), exact("-0.5"), exact("9223372036854.775807")), (Some(1054.0), Some(-0.5), None));
        assert_eq!(shortened(&"界".repeat(40_000)).chars().count(), LONGEST);
    }
}
