//! Rows of text to changes of records, outside any transaction.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use model::{Instant, Number, Object, Patch, Value, Violation, Violations};

use super::cells::{Cell, Reader, parts};
use super::columns::{Column, Columns};
use super::lookup::Lookup;
use super::options::Options;
use super::past;
use super::problem::{Offers, Problem};
use super::table::{Line, Table};
use crate::Meta;
use crate::ctx::Who;
use crate::save::Historic;

/// A row that is ready to be saved, or refused already.
#[derive(Debug)]
pub struct Row {
    /// Its place in the table.
    pub index: usize,
    pub line: u64,
    pub external: Option<String>,
    pub key: Option<Value>,
    pub patch: Patch,
    pub past: Option<Historic>,
    /// It has a reference to a record that may be a later row.
    pub waits: bool,
    pub problems: Vec<Problem>,
    pub refused: bool,
}

/// Everything that an import knows before it begins to save.
pub struct Prepared<'a> {
    pub options: &'a Options,
    pub meta: &'a Meta,
    pub object: &'a Object,
    pub who: &'a Who,
    pub table: &'a Table,
    pub columns: &'a Columns,
    /// The instant taken where a row's own is not known.
    pub at: Instant,
    factors: BTreeMap<String, Number>,
    constants: Patch,
}

impl<'a> Prepared<'a> {
    /// Settles what all rows share. Errors, all at once: `field.invalid` for a factor or currency, and what stands against a constant.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        options: &'a Options,
        meta: &'a Meta,
        object: &'a Object,
        who: &'a Who,
        table: &'a Table,
        columns: &'a Columns,
        lookup: &Lookup,
        at: Instant,
    ) -> Result<Prepared<'a>, Violations> {
        let mut found = Violations::new();
        let mut factors = BTreeMap::new();
        for (column, text) in &options.factors {
            match Number::parse(text) {
                Some(factor) => {
                    factors.insert(column.clone(), factor);
                }
                None => found.push(Violation::new("field.invalid", format!("factors/{column}")).with("expected", "a number")),
            }
        }
        let mut prepared = Prepared { options, meta, object, who, table, columns, at, factors, constants: Patch::new() };
        if options.currency.as_ref().is_some_and(|code| code.parse::<model::Currency>().is_err()) {
            found.push(Violation::new("field.invalid", "currency").with("expected", "a currency of ISO 4217, as USD"));
        }
        let reader = prepared.reader(lookup, false);
        let mut constants = Patch::new();
        for (key, text) in &options.constants {
            let Some(field) = object.field(key).cloned() else {
                found.push(Violation::new("field.unknown", format!("constants/{key}")));
                continue;
            };
            let column = Column { index: 0, name: key.clone(), field, decimal: super::spelling::DecimalMark::Point, dates: None };
            match reader.read(&column, text, None) {
                Cell::Value(value) => {
                    constants.insert(key.clone(), value);
                }
                Cell::Unplaced(mut violation, _) => {
                    violation.path = format!("constants/{key}");
                    found.push(violation.with("value", text.as_str()));
                }
                Cell::Later => {}
            }
        }
        prepared.constants = constants;
        if found.is_empty() { Ok(prepared) } else { Err(found) }
    }

    fn reader<'r>(&self, lookup: &'r Lookup, later: bool) -> Reader<'r>
    where
        'a: 'r,
    {
        let named = self.options.currency.as_ref().and_then(|code| code.parse().ok());
        Reader { meta: self.meta, lookup, object: &self.object.key, currency: named.unwrap_or(self.meta.organisation.main_currency), later }
    }

    /// What a cell says, after the mapping of values; `None` when it is blank.
    pub fn text(&self, row: &'a Line, column: usize) -> Option<&'a str> {
        let text = row.cells.get(column)?.trim();
        let mapped = self.options.values.get(&self.table.columns[column]).and_then(|values| values.get(text)).map(|to| to.trim());
        Some(mapped.unwrap_or(text)).filter(|text| !text.is_empty())
    }

    /// All rows, in their order. Counts values for which a known one is near.
    pub fn rows(&self, lookup: &Lookup, offers: &mut Offers) -> Vec<Row> {
        let mut keys: HashSet<String> = HashSet::new();
        let mut distinct: HashSet<&str> = HashSet::new();
        let only = self.options.distinct.as_deref().and_then(|name| self.table.column(name));
        let mut rows = Vec::with_capacity(self.table.rows.len());
        for (index, line) in self.table.rows.iter().enumerate() {
            if let Some(column) = only {
                let Some(text) = self.text(line, column) else { continue };
                if !distinct.insert(text) {
                    continue;
                }
            }
            let mut row = self.row(index, line, lookup, offers);
            self.check_key(&mut row, line, &mut keys);
            rows.push(row);
        }
        rows
    }

    /// The rows' references to records of the same object, now that all of them are in.
    pub fn second_look(&self, waiting: &[usize], lookup: &Lookup, offers: &mut Offers) -> Vec<Row> {
        let mut rows = Vec::with_capacity(waiting.len());
        for index in waiting {
            let line = &self.table.rows[*index];
            let mut row = self.blank(*index, line);
            self.keys(&mut row, line);
            let reader = self.reader(lookup, false);
            for column in self.columns.mapped.iter().filter(|column| column.field.kind.leads_to() == Some(&self.object.key)) {
                self.cell(&mut row, line, column, &reader, offers);
            }
            rows.push(row);
        }
        rows
    }

    fn blank(&self, index: usize, line: &Line) -> Row {
        Row {
            index,
            line: line.number,
            external: None,
            key: None,
            patch: Patch::new(),
            past: None,
            waits: false,
            problems: Vec::new(),
            refused: false,
        }
    }

    fn row(&self, index: usize, line: &'a Line, lookup: &Lookup, offers: &mut Offers) -> Row {
        let mut row = self.blank(index, line);
        let (cells, columns) = (line.cells.len(), self.table.columns.len());
        if cells != columns {
            row.refused = true;
            let violation = Violation::new("import.row_shape", "").with("cells", cells).with("columns", columns);
            row.problems.push(Problem::new(line.number, "", "", &violation, &self.who.language));
            return row;
        }
        row.patch.clone_from(&self.constants);
        let reader = self.reader(lookup, true);
        for column in &self.columns.mapped {
            self.cell(&mut row, line, column, &reader, offers);
        }
        for (field, template) in &self.options.templates {
            let text =
                self.fill(template, line).or_else(|| self.columns.external.and_then(|column| self.text(line, column)).map(str::to_owned));
            if let Some(text) = text {
                row.patch.insert(field.clone(), Value::Text(text));
            }
        }
        self.keys(&mut row, line);
        if self.options.history {
            past::take(self, &mut row);
        }
        row
    }

    fn cell(&self, row: &mut Row, line: &'a Line, column: &Column, reader: &Reader<'_>, offers: &mut Offers) {
        let Some(text) = self.text(line, column.index) else { return };
        match reader.read(column, text, self.factors.get(&column.name)) {
            Cell::Value(value) if value.is_null() => {}
            Cell::Value(value) => {
                row.patch.insert(column.field.key.clone(), value);
            }
            Cell::Later => row.waits = true,
            Cell::Unplaced(violation, near) => {
                row.problems.push(Problem::new(row.line, &column.name, text, &violation, &self.who.language));
                if let Some(near) = near {
                    *offers.entry((column.name.clone(), text.to_owned(), near)).or_default() += 1;
                }
            }
        }
    }

    /// `{product} – {account}` with the row's texts; `None` when one of them is blank or unknown.
    fn fill(&self, template: &str, line: &'a Line) -> Option<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}')?;
            text.push_str(before);
            text.push_str(self.text(line, self.table.column(name)?)?);
            rest = tail;
        }
        text.push_str(rest);
        Some(text)
    }

    fn keys(&self, row: &mut Row, line: &'a Line) {
        row.external = self.columns.external.and_then(|column| self.text(line, column)).map(str::to_owned);
        if let Some(key) = &self.columns.key {
            row.key = row.patch.get(key).cloned().or_else(|| {
                let column = self.columns.mapped.iter().find(|column| column.field.key == *key)?;
                self.text(line, column.index).map(|text| Value::Text(text.to_owned()))
            });
        }
    }

    /// A row without a key is refused where rows have keys, and so is the second row of one key.
    fn check_key(&self, row: &mut Row, line: &'a Line, seen: &mut HashSet<String>) {
        if row.refused {
            return;
        }
        let (column, key) = match (self.columns.external, &row.external, &row.key) {
            (Some(column), external, _) => (self.table.columns[column].as_str(), external.clone()),
            (None, _, Some(key)) => ("", Some(comparable(key))),
            (None, _, None) => return,
        };
        let code = match key {
            None => "import.key_blank",
            Some(key) if key.len() > 255 => "field.too_long",
            Some(key) if seen.contains(&key) => "import.key_twice",
            Some(key) => {
                seen.insert(key);
                return;
            }
        };
        row.refused = true;
        let value = self
            .columns
            .external
            .and_then(|column| self.text(line, column))
            .or_else(|| row.key.as_ref().and_then(Value::as_text))
            .unwrap_or_default();
        row.problems.push(Problem::new(line.number, column, value, &Violation::new(code, "").with("max", 255), &self.who.language));
    }

    /// The column that fills a field and what it says in this row.
    pub fn said(&self, row: &Row, field: &str) -> (&str, &str) {
        let Some(column) = self.columns.mapped.iter().find(|column| column.field.key == field) else { return ("", "") };
        (&column.name, self.table.rows[row.index].cells.get(column.index).unwrap_or_default())
    }

    /// Texts of references by the object they refer to.
    pub fn references(options: &Options, table: &Table, columns: &Columns) -> BTreeMap<String, BTreeSet<String>> {
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for column in &columns.mapped {
            let Some(target) = column.field.kind.leads_to() else { continue };
            let texts = wanted.entry(target.to_owned()).or_default();
            let values = options.values.get(&column.name);
            for cell in table.rows.iter().filter_map(|row| row.cells.get(column.index)).map(str::trim) {
                let text = values.and_then(|values| values.get(cell)).map_or(cell, |to| to.trim());
                let several = column.field.kind.listed().is_some();
                for text in if several { parts(text).collect() } else { vec![text] } {
                    if !text.is_empty() && !texts.contains(text) {
                        texts.insert(text.to_owned());
                    }
                }
            }
        }
        wanted
    }
}

/// A key as keys are compared: texts folded.
pub fn comparable(value: &Value) -> String {
    match value {
        Value::Text(text) => model::text::fold(text),
        other => format!("{other:?}"),
    }
}
