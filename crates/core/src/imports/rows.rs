//! Rows of text to changes of records, outside any transaction that writes.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use model::field::FieldType;
use model::{Id, Instant, Number, Object, Patch, Value, Violation, Violations};

use super::cells::{Cell, Reader, parts, regarded};
use super::columns::{Column, Columns};
use super::found::{Found, Kind};
use super::lookup::{Lookup, Wanted, digest};
use super::options::{By, Missing, OnBlank, Options, Reference};
use super::past;
use super::plan::Prepare;
use super::problem::Problem;
use super::spelling::DecimalMark;
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

/// Keys and unique values that the rows so far have.
#[derive(Default)]
pub struct Seen {
    keys: HashSet<u128>,
    distinct: HashSet<u128>,
    unique: HashSet<u128>,
}

impl Prepared {
    /// Settles what all rows share. Errors, all at once: `field.invalid` for a factor or currency, and what stands against a constant or the
    /// default owner.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        options: &Options,
        meta: Arc<Meta>,
        object: &Object,
        who: &Who,
        file: &Found,
        columns: Columns,
        lookup: &Lookup,
        at: Instant,
        dry_run: bool,
        prepare: Option<Prepare>,
    ) -> Result<Prepared, Violations> {
        let mut found = Violations::new();
        let mut factors = BTreeMap::new();
        for column in file.names() {
            match options.factor(column).map(Number::parse) {
                Some(Some(factor)) => {
                    factors.insert(column.to_owned(), factor);
                }
                Some(None) => found.push(Violation::new("field.invalid", format!("factors/{column}")).with("expected", "a number")),
                None => {}
            }
        }
        if options.currency.as_ref().is_some_and(|code| code.parse::<model::Currency>().is_err()) {
            found.push(Violation::new("field.invalid", "currency").with("expected", "a currency of ISO 4217, as USD"));
        }
        let mut prepared = Prepared {
            options: options.clone(),
            meta,
            object: object.clone(),
            who: who.clone(),
            file: file.clone(),
            columns,
            at,
            dry_run,
            prepare,
            factors,
            constants: Patch::new(),
            sub_constants: Vec::new(),
            unprepared: false,
            default_owner: None,
        };
        let mut planned = Vec::new();
        prepared.constants = prepared.constants_of(object, &options.constants, "constants", lookup, &mut found, &mut planned);
        prepared.unprepared = planned.iter().any(|field| field == "stage" || field == "sales_process");
        for (at, sub) in options.sub_objects.iter().enumerate() {
            let object = prepared.columns.subs.get(at).map(|sub| sub.object.clone());
            let constants = object.map(|object| {
                prepared.constants_of(&object, &sub.constants, &format!("sub_objects/{at}/constants"), lookup, &mut found, &mut planned)
            });
            prepared.sub_constants.push(constants.unwrap_or_default());
        }
        if let Some(owner) = &options.default_owner {
            match lookup.get("employee", By::Any, owner) {
                super::lookup::Found::One(id) => prepared.default_owner = Some(id),
                super::lookup::Found::Planned => {}
                _ => found.push(Violation::new("field.reference_not_found", "default_owner").with("value", owner.as_str())),
            }
        }
        if found.is_empty() { Ok(prepared) } else { Err(found) }
    }

    fn constants_of(
        &self,
        object: &Object,
        said: &BTreeMap<String, String>,
        path: &str,
        lookup: &Lookup,
        found: &mut Violations,
        planned: &mut Vec<String>,
    ) -> Patch {
        let reader = self.reader(lookup, false);
        let mut constants = Patch::new();
        for (key, text) in said {
            let field = match super::columns::writable(object, &self.who, &self.options, key) {
                Ok(field) => field,
                Err(code) => {
                    found.push(Violation::new(code, format!("{path}/{key}")));
                    continue;
                }
            };
            let column =
                Column { index: 0, name: key.clone(), field, decimal: DecimalMark::Point, dates: None, reference: Reference::default() };
            match reader.read(&column, text, None) {
                Cell::Value(value) => {
                    constants.insert(key.clone(), value);
                }
                Cell::Unplaced(mut violation, _) => {
                    violation.path = format!("{path}/{key}");
                    found.push(violation.with("value", text.as_str()));
                }
                Cell::Later | Cell::Missing => {}
                Cell::Planned => planned.push(key.clone()),
            }
        }
        constants
    }

    /// Texts that the constants and the default owner refer to.
    pub fn constant_references(options: &Options, object: &Object, columns: &Columns) -> Wanted {
        let mut wanted = Wanted::new();
        let subs = options.sub_objects.iter().zip(&columns.subs).flat_map(|(sub, of)| sub.constants.iter().map(|said| (&of.object, said)));
        for (object, (key, text)) in options.constants.iter().map(|said| (object, said)).chain(subs) {
            let Some(field) = object.field(key) else { continue };
            if let Some(target) = field.kind.target() {
                wanted.entry((target.to_owned(), By::Any)).or_default().insert(text.clone());
            } else if let Some(listed) = field.kind.listed() {
                wanted.entry((listed.to_owned(), By::Any)).or_default().extend(parts(text).map(str::to_owned));
            }
        }
        if let Some(owner) = &options.default_owner {
            wanted.entry(("employee".to_owned(), By::Any)).or_default().insert(owner.clone());
        }
        wanted
    }

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
        match reader.read(column, text, self.factors.get(&column.name)) {
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

    fn keys(&self, row: &mut Row) {
        let said = |column: Option<usize>| column.and_then(|column| self.text(&row.cells, column)).map(str::to_owned);
        let (external, id) = (said(self.columns.external), said(self.columns.id));
        row.external = external;
        if let Some(text) = id {
            row.id = text.parse().ok();
            if row.id.is_none() {
                let name = self.columns.id.map(|column| self.file.columns[column].name.clone()).unwrap_or_default();
                self.refuse(row, &name, &text, &Violation::new("import.id_invalid", ""));
            }
        }
        if let Some(key) = &self.columns.key {
            row.key = row.patch.get(key).filter(|value| !value.is_null()).cloned().or_else(|| {
                let column = self.columns.mapped.iter().find(|column| column.field.key == *key)?;
                self.text(&row.cells, column.index).map(|text| Value::Text(text.to_owned()))
            });
        }
    }

    /// A row without a key is refused where rows have keys, and so is the second row of one key, unless it adds to the same record.
    fn check_key(&self, row: &mut Row, seen: &mut Seen) {
        if row.refused {
            return;
        }
        let (column, key) = match (self.columns.external, self.columns.id, &row.external, &row.key, row.id) {
            (Some(column), _, external, ..) => (self.file.columns[column].name.as_str(), external.clone()),
            (None, Some(_), _, _, id) => match id {
                Some(id) => ("", Some(id.to_string())),
                // A row without an id is a new record.
                None => return,
            },
            (None, None, _, Some(key), _) => ("", Some(comparable(key))),
            (None, None, _, None, _) => return,
        };
        let code = match &key {
            None => "import.key_blank",
            Some(key) if key.len() > 255 => "field.too_long",
            Some(key) if !seen.keys.insert(digest(key)) => {
                row.repeats = !self.columns.subs.is_empty();
                if row.repeats { return } else { "import.key_twice" }
            }
            Some(_) => return,
        };
        let said = self.columns.external.and_then(|column| self.text(&row.cells, column)).map(str::to_owned);
        let value = said.or_else(|| row.key.as_ref().and_then(Value::as_text).map(str::to_owned)).unwrap_or_default();
        let column = column.to_owned();
        self.refuse(row, &column, &value, &Violation::new(code, "").with("max", 255));
    }

    /// In a dry run nothing is stored that a later row could meet, so the file itself is held against what must be unique.
    fn check_unique(&self, row: &mut Row, seen: &mut Seen) {
        if !self.dry_run || row.refused || row.repeats {
            return;
        }
        for column in self.columns.mapped.iter().filter(|column| column.field.unique) {
            let Some(value) = row.patch.get(&column.field.key).filter(|value| !value.is_null()) else { continue };
            if !seen.unique.insert(digest(&format!("{}\0{}", column.field.key, comparable(value)))) {
                let said = row.cells.text(column.index).to_owned();
                let name = column.name.clone();
                self.refuse(row, &name, &said, &Violation::new("import.would_not_be_unique", &column.field.key));
            }
        }
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

    /// True for a row that a dry run cannot judge as a whole, since its stage or process is yet to be made.
    pub fn is_beyond_judging(&self, row: &Row) -> bool {
        self.unprepared || row.planned.iter().any(|field| field == "stage" || field == "sales_process")
    }

    /// For whom a new record is, where the row names nobody.
    pub fn default_owner(&self) -> Option<Id> {
        self.default_owner.filter(|_| self.object.owned)
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
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// A key as keys are compared: texts folded.
pub fn comparable(value: &Value) -> String {
    match value {
        Value::Text(text) => model::text::fold(text),
        other => format!("{other:?}"),
    }
}
