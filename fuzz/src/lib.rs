//! What reads strangers' bytes in the core and the database's crate, taken from their own files without all that those crates need besides: an
//! instrumented build of everything takes longer than it runs. The names around them are the ones that they use.

use std::io::Write;

use model::{Id, Violation, Violations};

/// As the core has it, as far as these files know it; a place in a list is refused by the database's.
#[derive(Debug, PartialEq)]
pub enum Error {
    Invalid(Violations),
    Internal(String),
    Cursor,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Violation> for Error {
    fn from(violation: Violation) -> Error {
        Error::Invalid(vec![violation])
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Error {
        Error::Invalid(violations)
    }
}

/// A transaction, as far as a place in a list knows it.
pub struct Read {
    pub secret: String,
}

impl Read {
    pub fn meta_version(&self) -> i64 {
        1
    }
}

#[allow(dead_code)]
mod config_files;
#[allow(dead_code)]
mod duplicates;
#[allow(dead_code)]
mod imports;
#[allow(dead_code)]
#[path = "../../crates/db/src/page.rs"]
mod page;

pub use config_files::{read as read_configuration, write as write_configuration};
pub use page::{Cursor, Sort};

use imports::decode::{self, Evidence};
use imports::profile::Profiles;
use imports::sheets::Sheets;
use imports::table::{self, Line, Rows};

/// Rows with the line of each.
pub type Lines = Vec<(u64, Vec<String>)>;

/// The rows of a text as an import reads them. With `plainly` it is UTF-8 with commas, whatever it looks like.
pub fn text(content: &[u8], plainly: bool) -> Result<Lines> {
    if decode::is_binary(content) {
        return Err(Violation::new("import.not_text", "file").into());
    }
    let encoding = if plainly { encoding_rs::UTF_8 } else { Evidence::of(content).map_err(table::unreadable)?.encoding() };
    let delimiter = if plainly { b',' } else { table::guess(&encoding.decode(content).0) };
    let mut rows = Rows::new(decode::Text::new(content, encoding), delimiter);
    let mut found = Vec::new();
    while let Some((line, record)) = rows.next()? {
        found.push((line, record.iter().map(str::to_owned).collect()));
    }
    profiled(&found);
    Ok(found)
}

/// The rows of every sheet of a spreadsheet.
pub fn sheets(content: &[u8]) -> Result<Lines> {
    let fault = |error: std::io::Error| Error::Internal(error.to_string());
    let mut aside = tempfile::tempfile().map_err(fault)?;
    aside.write_all(content).map_err(fault)?;
    let mut sheets = Sheets::open(aside)?;
    let mut all = Vec::new();
    for name in sheets.names() {
        let mut found = Vec::new();
        sheets.rows(&name, |line, cells| {
            found.push((line, cells));
            Ok(())
        })?;
        profiled(&found);
        all.extend(found);
    }
    Ok(all)
}

/// What the columns look like, as it is found out while the rows pass.
fn profiled(rows: &Lines) {
    let mut profiles = Profiles::default();
    for ((number, cells), index) in rows.iter().zip(0..) {
        profiles.take(&Line { number: *number, index, cells: cells.clone() });
    }
    if let Some((_, first)) = rows.first() {
        table::check_header(first, |at| profiles.0.get(at).is_some_and(|profile| profile.filled > 0));
    }
}

/// What stands for a match of a duplicate rule is opened by the rule's secret, and is what it was.
pub fn token(text: &str) {
    let live = duplicates::Live { rule: duplicates::Rule { id: Id::SYSTEM }, secret: "of the rule".to_owned() };
    let rules = [live];
    if let Some((object, record)) = duplicates::open(&rules, text) {
        assert_eq!(duplicates::open(&rules, &duplicates::seal(&rules[0], &object, record)), Some((object, record)));
    }
    let sealed = duplicates::seal(&rules[0], text, Id::SYSTEM);
    assert_eq!(duplicates::open(&rules, &sealed), Some((text.to_owned(), Id::SYSTEM)));
    // Whatever is changed in it, it is none.
    let at = text.len() % sealed.len();
    let other = if sealed.as_bytes()[at] == b'A' { "B" } else { "A" };
    let changed = format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]);
    assert_eq!(duplicates::open(&rules, &changed), None);
}
