//! CSV as spreadsheets open it: UTF-8 with a byte order mark, lines that end as RFC 4180 says, no text that would be run as a formula.

use super::cells::Cell;
use crate::{Error, Result};

/// With what a text begins that a spreadsheet takes for a formula; the wide signs are typed on Chinese and Japanese keyboards.
pub(crate) const FORMULAS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// By it spreadsheets know UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A file that is made page by page.
pub(crate) struct CsvFile {
    /// What stands before the first page.
    head: Vec<u8>,
}

impl CsvFile {
    pub fn new(titles: &[String]) -> Result<CsvFile> {
        let line = lines(std::iter::once(titles.iter().map(|title| harmless(title)).collect::<Vec<String>>()))?;
        Ok(CsvFile { head: [MARK, &line].concat() })
    }

    /// The next rows as bytes.
    pub fn page(&mut self, rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
        let mut bytes = std::mem::take(&mut self.head);
        bytes.append(&mut lines(rows.iter().map(|row| row.iter().map(text).collect::<Vec<String>>()))?);
        Ok(bytes)
    }
}

fn lines(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(|e| Error::Internal(e.to_string()))?;
    }
    writer.into_inner().map_err(|e| Error::Internal(e.to_string()))
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Number(number) => number.clone(),
        Cell::Date(day) => day.to_string(),
        Cell::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Cell::Truth(_, word) => (*word).to_owned(),
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn harmless(text: &str) -> String {
    if text.starts_with(FORMULAS) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_numbers_stay_numbers() {
        let mut file = CsvFile::new(&["=cmd".to_owned(), "Name".to_owned()]).unwrap();
        let cell = |text: &str| Cell::Text(text.to_owned());
        let rows = [
            vec![cell("=1+1"), Cell::Number("-5".into())],
            vec![cell("+49 421"), cell("-x")],
            vec![cell("@x"), cell("\tx")],
            vec![cell("\rx"), cell("\nx, \"y\"")],
            vec![cell("＝1+1"), cell("＠x")],
            vec![cell("a=b"), Cell::Blank],
        ];
        let text = String::from_utf8(file.page(&rows).unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}'=cmd,Name\r\n'=1+1,-5\r\n'+49 421,'-x\r\n'@x,'\tx\r\n\"'\rx\",\"'\nx, \"\"y\"\"\"\r\n'＝1+1,'＠x\r\na=b,\r\n"
        );
        assert_eq!(file.page(&[]).unwrap(), b"");
    }
}
