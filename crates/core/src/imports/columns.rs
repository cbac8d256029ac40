//! Which field each column fills.

use std::collections::BTreeSet;

use model::field::{FieldType, Kind};
use model::role::FieldAccess;
use model::{Field, Object, Violation, Violations};
use serde_json::{Value as Json, json};

use super::options::Options;
use super::spelling::{DateOrder, DecimalMark, date_order, decimal_mark};
use super::table::Table;
use crate::ctx::Who;

/// The fields in which an imported record's past is told.
pub const PAST: [&str; 3] = ["created_at", "stage_entered_at", "closed_at"];

/// A column and the field it fills.
#[derive(Debug)]
pub struct Column {
    pub index: usize,
    pub name: String,
    pub field: Field,
    pub decimal: DecimalMark,
    pub dates: Option<DateOrder>,
}

/// All that is known of a file's columns.
#[derive(Debug)]
pub struct Columns {
    /// A column that fills several fields comes several times.
    pub mapped: Vec<Column>,
    /// Place of the column with ids of another system.
    pub external: Option<usize>,
    /// Field by which a row finds its record, where it is not an external id.
    pub key: Option<String>,
}

impl Columns {
    /// Settles the columns for a caller.
    ///
    /// Errors, all at once: `import.column_unknown`, `import.header_unknown` when no column is a field's, `import.field_twice`, `field.unknown`,
    /// `field.read_only`, `field.no_access`, `import.key_unknown`.
    pub fn settle(table: &Table, object: &Object, who: &Who, options: &Options) -> Result<Columns, Violations> {
        let mut found = Violations::new();
        named_columns(table, options, &mut found);
        let mut mapped: Vec<Column> = Vec::new();
        for (index, name) in table.columns.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            for key in fields_of(object, who, options, name) {
                match writable(object, who, options, &key) {
                    Ok(field) => mapped.push(column(table, options, index, name, field)),
                    Err(code) => found.push(Violation::new(code, format!("mapping/{name}")).with("field", key)),
                }
            }
        }
        let mut taken = BTreeSet::new();
        let fixed = options.constants.keys().chain(options.templates.keys());
        for key in mapped.iter().map(|column| &column.field.key).chain(fixed) {
            if !taken.insert(key.clone()) {
                found.push(Violation::new("import.field_twice", "mapping").with("field", key.as_str()));
            }
        }
        if mapped.is_empty() && found.is_empty() {
            let named: Vec<&str> = table.columns.iter().map(String::as_str).take(20).collect();
            found.push(Violation::new("import.header_unknown", "file").with("columns", named));
        }
        let external = options.keys.as_ref().and_then(|keys| keys.external_column.as_deref()).and_then(|name| table.column(name));
        let key = key_field(object, options, &taken, external, &mut found);
        if found.is_empty() { Ok(Columns { mapped, external, key }) } else { Err(found) }
    }

    /// As the answer shows it, for correction: every column with its field and what was found out about it.
    pub fn show(&self, table: &Table) -> Json {
        let one = |(index, name): (usize, &String)| {
            let of: Vec<&Column> = self.mapped.iter().filter(|column| column.index == index).collect();
            let fields: Vec<&str> = of.iter().map(|column| column.field.key.as_str()).collect();
            let mut shown =
                json!({"column": name, "field": match fields[..] { [] => Json::Null, [one] => one.into(), _ => json!(fields) }});
            if let Some(column) = of.first() {
                match column.field.kind.kind() {
                    Kind::Number | Kind::Money => shown["decimal_mark"] = json!(column.decimal),
                    Kind::Date | Kind::Instant => shown["date_order"] = json!(column.dates),
                    _ => {}
                }
            }
            shown
        };
        table.columns.iter().enumerate().filter(|(_, name)| !name.is_empty()).map(one).collect()
    }
}

/// Columns that the options speak of must be there.
fn named_columns(table: &Table, options: &Options, found: &mut Violations) {
    let keys = options.keys.iter().flat_map(|keys| &keys.external_column);
    let named = options.mapping.keys().chain(options.values.keys()).chain(options.factors.keys()).chain(options.dates.keys());
    let named: BTreeSet<&String> = named.chain(&options.create_missing).chain(&options.distinct).chain(keys).collect();
    for name in named.into_iter().filter(|name| table.column(name).is_none()) {
        found.push(Violation::new("import.column_unknown", "mapping").with("column", name.as_str()));
    }
}

fn fields_of(object: &Object, who: &Who, options: &Options, name: &str) -> Vec<String> {
    match options.mapping.get(name) {
        Some(Some(target)) => target.fields().to_vec(),
        Some(None) => Vec::new(),
        None => guess(object, who, options, name).into_iter().collect(),
    }
}

/// The field whose key or label in any language is the column's name.
fn guess(object: &Object, who: &Who, options: &Options, name: &str) -> Option<String> {
    let plain = |text: &str| model::text::fold(text).replace([' ', '_', '-', '’', '\''], "");
    let wanted = plain(name);
    object
        .fields
        .iter()
        .filter(|field| writable(object, who, options, &field.key).is_ok())
        .find(|field| plain(&field.key) == wanted || field.label.0.values().any(|label| plain(label) == wanted))
        .map(|field| field.key.clone())
}

/// The field, if this caller may fill it by an import; else the code of the refusal.
fn writable(object: &Object, who: &Who, options: &Options, key: &str) -> Result<Field, &'static str> {
    let access = |field: &Field| if who.system.is_some() { FieldAccess::Write } else { who.rights.field(&object.key, field) };
    let field = object.field(key).filter(|field| access(field) > FieldAccess::Hidden).ok_or("field.unknown")?;
    let past = options.history && PAST.contains(&key);
    if past || key == "owner" {
        return Ok(field.clone());
    }
    if field.read_only || field.system || matches!(field.kind, FieldType::AutoNumber { .. }) {
        return Err("field.read_only");
    }
    if access(field) < FieldAccess::Write { Err("field.no_access") } else { Ok(field.clone()) }
}

fn column(table: &Table, options: &Options, index: usize, name: &str, field: Field) -> Column {
    let texts = || table.rows.iter().filter_map(|row| row.cells.get(index)).map(str::trim).filter(|text| !text.is_empty());
    let kind = field.kind.kind();
    let decimal = if matches!(kind, Kind::Number | Kind::Money) { decimal_mark(texts()) } else { DecimalMark::Point };
    let dates =
        options.dates.get(name).copied().or_else(|| if matches!(kind, Kind::Date | Kind::Instant) { date_order(texts()) } else { None });
    Column { index, name: name.to_owned(), field, decimal, dates }
}

/// The key of rows without an external id: the field asked for, else a unique one that is filled, else the name.
fn key_field(
    object: &Object,
    options: &Options,
    filled: &BTreeSet<String>,
    external: Option<usize>,
    found: &mut Violations,
) -> Option<String> {
    if external.is_some() {
        return None;
    }
    if let Some(key) = options.keys.as_ref().and_then(|keys| keys.field.clone()) {
        let kind = object.field(&key).map(|field| field.kind.kind());
        if !filled.contains(&key) || !matches!(kind, Some(Kind::Text | Kind::Key | Kind::Number | Kind::Date)) {
            found.push(Violation::new("import.key_unknown", "keys/field").with("field", key.as_str()));
        }
        return Some(key);
    }
    let unique = object.fields.iter().find(|field| field.unique && filled.contains(&field.key));
    unique.or_else(|| object.field("name").filter(|name| filled.contains(&name.key))).map(|field| field.key.clone())
}
