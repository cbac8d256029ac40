//! Rows of text to changes of records, outside any transaction that writes: what all rows share is settled once, then each row is read, and its
//! keys are held against those of the rows before it.

mod keys;
mod settle;

pub use keys::{Seen, comparable};

use std::collections::BTreeMap;
use std::sync::Arc;

use model::field::FieldType;
use model::{Id, Instant, Number, Object, Patch, Record, Value, Violation};

use super::cells::{Cell, Reader, parts, regarded};
use super::columns::{Column, Columns};
use super::found::{Found, Kind};
use super::lookup::{Lookup, Wanted, digest};
use super::options::{By, Missing, OnBlank, Options};
use super::past;
use super::plan::Prepare;
use super::problem::Problem;
use super::table::Line;
use crate::Meta;
use crate::ctx::Who;
use crate::save::Historic;

/// A row that is ready to be saved, or refused already.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place below the first line.
    pub index: u64,
    pub line: u64,
    pub cells: Arc<Line>,
    pub external: Option<String>,
    pub id: Option<Id>,
    pub key: Option<Value>,
    pub patch: Patch,
    pub past: Option<Historic>,
    /// It has a reference to a record that may be a later row.
    pub waits: bool,
    /// References to records that are to be made of their names.
    pub missing: Vec<Made>,
    /// Fields that would refer to what is not there yet, in a dry run.
    pub planned: Vec<String>,
    /// An earlier row has the same key: this one only adds to its record.
    pub repeats: bool,
    /// Records that hang on the row's own, by their place among the options' sub-objects.
    pub subs: Vec<(usize, Patch)>,
    pub problems: Vec<Problem>,
    pub refused: bool,
}

/// A record that is to be made of a name.
#[derive(Clone, Debug)]
pub struct Made {
    pub field: String,
    pub object: String,
    pub by: By,
    pub name: String,
    pub column: String,
    /// Among the row's sub-objects; none: the row's own record.
    pub sub: Option<usize>,
}

/// Everything that a step knows before it begins to save.
pub struct Prepared {
    pub options: Options,
    pub meta: Arc<Meta>,
    pub object: Object,
    pub who: Who,
    pub file: Found,
    pub columns: Columns,
    /// The instant taken where a row's own is not known.
    pub at: Instant,
    pub dry_run: bool,
    pub prepare: Option<Prepare>,
    factors: BTreeMap<String, Number>,
    constants: Patch,
    sub_constants: Vec<Patch>,
    /// In a dry run: every row would be of a process or a stage that is yet to be made, so none can be judged as a whole.
    unprepared: bool,
    default_owner: Option<Id>,
}

impl Prepared {
    fn reader<'r>(&'r self, lookup: &'r Lookup, later: bool) -> Reader<'r> {
        let named = self.options.currency.as_ref().and_then(|code| code.parse().ok());
        Reader {
            meta: &self.meta,
            lookup,
            object: &self.object.key,
            currency: named.unwrap_or(self.meta.organisation.main_currency),
            later,
            create_values: &self.options.create_values,
            prepare: self.prepare.as_ref(),
        }
    }

    /// What a cell says, after the mapping of values; `None` when it is blank.
    pub fn text<'t>(&'t self, row: &'t Line, column: usize) -> Option<&'t str> {
        let text = unguarded(row.text(column));
        let mapped = self.options.values.get(&self.file.columns[column].name).and_then(|values| values.get(text)).map(|to| to.trim());
        Some(mapped.unwrap_or(text)).filter(|text| !text.is_empty())
    }

    /// Rows in their order, those left out that `distinct` leaves out.
    pub fn rows(&self, lines: &[Arc<Line>], lookup: &Lookup, seen: &mut Seen) -> Vec<Row> {
        let only = self.options.distinct.as_deref().and_then(|name| self.file.column(name));
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            if let Some(column) = only {
                let Some(text) = self.text(line, column) else { continue };
                if !seen.distinct.insert(digest(text)) {
                    continue;
                }
            }
            let mut row = self.row(line, lookup);
            self.check_key(&mut row, seen);
            self.check_unique(&mut row, seen);
            rows.push(row);
        }
        rows
    }

    /// Takes in the keys of rows that are through already, as the import goes on behind them.
    pub fn pass(&self, lines: &[Arc<Line>], seen: &mut Seen) {
        self.rows(lines, &Lookup::default(), seen);
    }

    /// The rows' references to records of the same object, now that all of them are in.
    pub fn second_look(&self, lines: &[Arc<Line>], lookup: &Lookup) -> Vec<Row> {
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let mut row = self.blank(line);
            self.keys(&mut row);
            let reader = self.reader(lookup, false);
            for column in self.columns.mapped.iter().filter(|column| column.field.kind.leads_to() == Some(&self.object.key)) {
                self.cell(&mut row, column, &reader, None);
            }
            rows.push(row);
        }
        rows
    }

    fn blank(&self, line: &Arc<Line>) -> Row {
        Row {
            index: line.index - self.file.first_row(),
            line: line.number,
            cells: line.clone(),
            external: None,
            id: None,
            key: None,
            patch: Patch::new(),
            past: None,
            waits: false,
            missing: Vec::new(),
            planned: Vec::new(),
            repeats: false,
            subs: Vec::new(),
            problems: Vec::new(),
            refused: false,
        }
    }

    fn row(&self, line: &Arc<Line>, lookup: &Lookup) -> Row {
        let mut row = self.blank(line);
        if let Some(violation) = self.misshapen(line) {
            self.refuse(&mut row, "", "", &violation);
            return row;
        }
        row.patch.clone_from(&self.constants);
        let reader = self.reader(lookup, true);
        for column in &self.columns.mapped {
            self.cell(&mut row, column, &reader, None);
        }
        for (field, template) in &self.options.templates {
            let text =
                self.fill(template, line).or_else(|| self.columns.external.and_then(|column| self.text(line, column)).map(str::to_owned));
            if let Some(text) = text {
                row.patch.insert(field.clone(), Value::Text(text));
            }
        }
        for (at, sub) in self.columns.subs.iter().enumerate() {
            if sub.mapped.iter().all(|column| self.text(line, column.index).is_none()) {
                continue;
            }
            row.subs.push((at, self.sub_constants[at].clone()));
            for column in &sub.mapped {
                self.cell(&mut row, column, &reader, Some(at));
            }
            self.name_sub(&mut row, at);
        }
        self.keys(&mut row);
        if self.options.history {
            past::take(self, &mut row);
        }
        row
    }

    /// A line that must have a name and whose file gives it none is called as what it refers to: by its product.
    fn name_sub(&self, row: &mut Row, at: usize) {
        let sub = &self.columns.subs[at];
        let unnamed =
            sub.object.field("name").is_some_and(|name| name.required) && sub.mapped.iter().all(|column| column.field.key != "name");
        let leads = sub.mapped.iter().find(|column| column.field.kind.target().is_some());
        let Some(text) = leads.filter(|_| unnamed).and_then(|column| self.text(&row.cells, column.index)).map(str::to_owned) else {
            return;
        };
        if let Some(patch) = self.patch_of(row, Some(at)) {
            patch.entry("name".to_owned()).or_insert(Value::Text(text));
        }
    }

    /// Rows of a sheet end with their last cell that is filled; those of a text are all as wide as the first line.
    fn misshapen(&self, line: &Line) -> Option<Violation> {
        let (cells, columns) = (line.cells.len(), self.file.columns.len());
        let whole = self.file.kind == Kind::Csv && self.file.header;
        let beyond = || line.cells.iter().skip(columns).any(|cell| !cell.trim().is_empty());
        let wrong = if whole { cells != columns } else { beyond() };
        wrong.then(|| Violation::new("import.row_shape", "").with("cells", cells).with("columns", columns))
    }

    /// Refuses the row for what a column says.
    pub fn refuse(&self, row: &mut Row, column: &str, value: &str, violation: &Violation) {
        row.refused = true;
        row.problems.push(Problem::new(row.line, column, value, violation, &self.who.language));
    }

    fn cell(&self, row: &mut Row, column: &Column, reader: &Reader<'_>, sub: Option<usize>) {
        let line = row.cells.clone();
        let Some(text) = self.text(&line, column.index) else {
            if sub.is_none() && self.options.on_blank == OnBlank::Clear && !super::columns::PAST.contains(&column.field.key.as_str()) {
                row.patch.entry(column.field.key.clone()).or_insert(Value::Null);
            }
            return;
        };
        // An amount that names no currency is in that of its column of currencies.
        let code = column.currency.filter(|_| !text.contains(char::is_alphabetic)).and_then(|at| self.text(&line, at));
        let told = code.map(|code| format!("{code} {text}"));
        match reader.read(column, told.as_deref().unwrap_or(text), self.factors.get(&column.name)) {
            Cell::Value(value) if value.is_null() => {}
            Cell::Value(value) => self.patch_of(row, sub).map(|patch| patch.insert(column.field.key.clone(), value)).map_or((), drop),
            Cell::Later => row.waits = true,
            Cell::Planned => row.planned.push(column.field.key.clone()),
            Cell::Missing => row.missing.push(Made {
                field: column.field.key.clone(),
                object: column.field.kind.target().unwrap_or_default().to_owned(),
                by: column.reference.by,
                name: text.to_owned(),
                column: column.name.clone(),
                sub,
            }),
            Cell::Unplaced(violation, near) => {
                let needed = column.reference.missing == Missing::Error && column.field.kind.leads_to().is_some();
                let violation = if needed { Violation::new("import.reference_needed", &column.field.key) } else { violation };
                row.refused |= needed;
                let problem = Problem::new(row.line, &column.name, text, &violation, &self.who.language);
                row.problems.push(Problem { offer: near, ..problem });
            }
        }
    }

    fn patch_of<'r>(&self, row: &'r mut Row, sub: Option<usize>) -> Option<&'r mut Patch> {
        match sub {
            None => Some(&mut row.patch),
            Some(at) => row.subs.iter_mut().find(|(of, _)| *of == at).map(|(_, patch)| patch),
        }
    }

    /// `{product} – {account}` with the row's texts; `None` when one of them is blank or unknown.
    fn fill(&self, template: &str, line: &Line) -> Option<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}')?;
            text.push_str(before);
            text.push_str(self.text(line, self.file.column(name)?)?);
            rest = tail;
        }
        text.push_str(rest);
        Some(text)
    }

    /// A record with what a line says of some fields of text, as far as that can be told by the line alone.
    pub fn foretold(&self, line: &Line, fields: &[&str]) -> Record {
        let mut record = Record::new(&self.object.key, Id::SYSTEM);
        for field in fields.iter().filter_map(|key| self.object.field(key)) {
            let column = self.columns.mapped.iter().find(|column| column.field.key == field.key);
            let said = match self.options.templates.get(&field.key) {
                Some(template) => self.fill(template, line),
                None => column.and_then(|column| self.text(line, column.index)).map(str::to_owned),
            };
            let value = said.map(|said| field.parse(&said.into(), self.meta.organisation.main_currency));
            if let Some(Ok(value)) = value {
                record.set(&field.key, value);
            }
        }
        record
    }

    /// The column that fills a field and what it says in this row.
    pub fn said<'r>(&'r self, row: &'r Row, field: &str, sub: Option<usize>) -> (&'r str, &'r str) {
        let of = match sub {
            None => &self.columns.mapped,
            Some(at) => &self.columns.subs[at].mapped,
        };
        let Some(column) = of.iter().find(|column| column.field.key == field) else { return ("", "") };
        (&column.name, row.cells.cells.get(column.index).map_or("", String::as_str))
    }

    /// True where the column that fills a field fills another one too.
    pub fn tells_more_than(&self, field: &str) -> bool {
        let of = self.columns.mapped.iter().find(|column| column.field.key == field);
        of.is_some_and(|of| self.columns.mapped.iter().any(|column| column.index == of.index && column.field.key != field))
    }

    /// True for a row that a dry run cannot judge as a whole, since its stage or process is yet to be made.
    pub fn is_beyond_judging(&self, row: &Row) -> bool {
        self.unprepared || row.planned.iter().any(|field| field == "stage" || field == "sales_process")
    }

    /// For whom a new record is, where the row names nobody.
    pub fn default_owner(&self) -> Option<Id> {
        self.default_owner.filter(|_| self.object.owned)
    }

    /// True where no row can refer to what one before it makes, so that all of them are read the same whatever has been saved by then.
    pub fn rows_stand_alone(&self) -> bool {
        let stands = |column: &Column| {
            let makes = column.reference.missing == Missing::Create || self.options.create_values.contains_key(&column.name);
            !makes && column.field.kind != FieldType::Regarding && column.field.kind.leads_to() != Some(&self.object.key)
        };
        !self.dry_run && self.options.sub_objects.is_empty() && self.columns.mapped.iter().all(stands)
    }

    /// Texts of references by the object they refer to.
    pub fn references(&self, lines: &[Arc<Line>]) -> Wanted {
        let mut wanted = Wanted::new();
        for column in self.columns.mapped.iter().chain(self.columns.subs.iter().flat_map(|sub| &sub.mapped)) {
            if column.field.kind == FieldType::Regarding {
                for text in lines.iter().filter_map(|line| self.text(line, column.index)) {
                    for (object, text) in regarded(&self.meta, text) {
                        wanted.entry((object, column.reference.by)).or_default().insert(text.to_owned());
                    }
                }
                continue;
            }
            let Some(target) = column.field.kind.leads_to() else { continue };
            let texts = wanted.entry((target.to_owned(), column.reference.by)).or_default();
            for line in lines {
                let Some(text) = self.text(line, column.index) else { continue };
                let several = column.field.kind.listed().is_some();
                for text in if several { parts(text).collect() } else { vec![text] } {
                    if !texts.contains(text) {
                        texts.insert(text.to_owned());
                    }
                }
            }
        }
        wanted
    }
}

/// A text as it was before a file that the product gave back kept spreadsheets from reading it as a formula.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(crate::exports::FORMULAS) => rest,
        _ => text,
    }
}
