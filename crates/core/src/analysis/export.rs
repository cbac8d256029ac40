//! An analysis as a file: its rows as a spreadsheet has them, for those who may export what it is about.

use model::role::Act;
use model::{Label, Number};
use serde_json::{Value as Json, json};

use crate::audit::Note;
use crate::exports::{Cell, Head, Sink, Table};
use crate::{Ctx, Error, Result};

/// What an analysis answers: itself, or a file.
#[derive(Debug)]
pub enum Told {
    Answer(Json),
    File { head: Head, bytes: Vec<u8>, object: String },
}

/// A column of a file.
pub(crate) struct Column {
    title: Label,
    /// Where in a row, as a JSON pointer.
    place: String,
    number: bool,
}

impl Column {
    /// Of words: a label in the languages there are, or a text.
    pub fn text(title: Label, place: impl Into<String>) -> Column {
        Column { title, place: place.into(), number: false }
    }

    /// Of figures.
    pub fn figure(title: Label, place: impl Into<String>) -> Column {
        Column { title, place: place.into(), number: true }
    }

    fn cell(&self, cx: &Ctx, row: &Json) -> Cell {
        match row.pointer(&self.place) {
            None | Some(Json::Null) => Cell::Blank,
            Some(Json::String(text)) if self.number && Number::parse(text).is_some() => Cell::Number(text.clone()),
            Some(Json::String(text)) => Cell::Text(text.clone()),
            Some(Json::Number(number)) => Cell::Number(number.to_string()),
            Some(label @ Json::Object(_)) => match serde_json::from_value::<Label>(label.clone()) {
                Ok(label) => Cell::Text(label.in_language(&cx.who.language).to_owned()),
                Err(_) => Cell::Blank,
            },
            Some(other) => Cell::Text(other.to_string()),
        }
    }
}

/// The rows of an analysis under titles.
pub(crate) struct Sheet {
    /// Of the file, before the day.
    pub name: &'static str,
    pub title: Label,
    pub columns: Vec<Column>,
    pub rows: Vec<Json>,
}

/// The answer itself, or the file that `format` (`csv`, `xlsx`) asks for; `object`: of whose records it is made.
pub(crate) fn told(cx: &Ctx, format: Option<&str>, object: &str, answer: Json, sheet: impl FnOnce(&Json) -> Sheet) -> Result<Told> {
    let format = match format {
        None => return Ok(Told::Answer(answer)),
        Some(format @ ("csv" | "xlsx")) => format,
        Some(_) => return Err(Error::Malformed("format: csv or xlsx".into())),
    };
    cx.must_be_allowed(Act::Export, object)?;
    let sheet = sheet(&answer);
    let language = &cx.who.language;
    let titles: Vec<String> = sheet.columns.iter().map(|column| column.title.in_language(language).to_owned()).collect();
    let rows: Vec<Vec<Cell>> = sheet.rows.iter().map(|row| sheet.columns.iter().map(|column| column.cell(cx, row)).collect()).collect();
    let head = Head::new(&format!("{}-{}", sheet.name, cx.today()), format);
    let mut whole = Whole(Vec::new());
    let mut table = Table::begin(format, sheet.title.in_language(language), &titles, head.clone(), &mut whole)?;
    table.page(&rows, &mut whole)?;
    if let Some(file) = table.end(&mut whole)? {
        file.send(&mut whole)?;
    }
    Ok(Told::File { head, bytes: whole.0, object: object.to_owned() })
}

/// Notes that somebody takes an analysis away with him, and which.
pub fn note_export(object: &str, name: &str) -> Note {
    Note::new(Act::Export.key(), "analysis").of(object).subject(name).detail(json!({"file": name}))
}

/// A file that is small enough to be held.
struct Whole(Vec<u8>);

impl Sink for Whole {
    fn begin(&mut self, _head: Head) -> Result<()> {
        Ok(())
    }

    fn send(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.0.extend(bytes);
        Ok(())
    }

    fn is_gone(&self) -> bool {
        false
    }
}

/// The name of a group, or what those without one are called; what remains behind the others.
pub(crate) fn named(row: &Json) -> Json {
    let mut row = row.clone();
    if row["label"].is_null() {
        row["label"] = json!(match &row["rest"] {
            Json::Bool(true) => Label::new("Others", "其他"),
            _ if row["key"].is_null() => Label::new("(blank)", "（空）"),
            _ => Label::new("(out of sight)", "（不可见）"),
        });
    }
    row
}
