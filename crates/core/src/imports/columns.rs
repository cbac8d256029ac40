//! Which field each column fills.

use std::collections::BTreeSet;

use model::field::{FieldType, Kind};
use model::role::FieldAccess;
use model::{Field, Object, Schema, Violation, Violations};
use serde_json::{Value as Json, json};

use super::found::{Found, order, sign};
use super::options::{Mode, Options, Reference, SubObject};
use super::spelling::{DateOrder, DecimalMark};
use crate::ctx::Who;

/// The fields in which an imported record's past is told.
pub const PAST: [&str; 3] = ["created_at", "stage_entered_at", "closed_at"];

/// A column and the field it fills.
#[derive(Clone, Debug)]
pub struct Column {
    pub index: usize,
    pub name: String,
    pub field: Field,
    pub decimal: DecimalMark,
    pub dates: Option<DateOrder>,
    /// Place of the column that tells the currency of its amounts.
    pub currency: Option<usize>,
    pub reference: Reference,
}

/// All that is known of a file's columns.
#[derive(Clone, Debug)]
pub struct Columns {
    /// A column that fills several fields comes several times.
    pub mapped: Vec<Column>,
    /// Place of the column with ids of another system.
    pub external: Option<usize>,
    /// Place of the column with our own ids.
    pub id: Option<usize>,
    /// Field by which a row finds its record, where it is no id.
    pub key: Option<String>,
    /// Records that hang on the row's own.
    pub subs: Vec<Sub>,
}

/// Columns of a record that hangs on the row's own.
#[derive(Clone, Debug)]
pub struct Sub {
    pub object: Object,
    /// The field that refers to the row's own.
    pub via: String,
    pub mapped: Vec<Column>,
    pub keys: Vec<String>,
}

impl Columns {
    /// Settles the columns for a caller.
    ///
    /// Errors, all at once: what stands against the file itself, `import.column_unknown`, `import.header_unknown` when no column is a field's,
    /// `import.field_twice`, `field.unknown`, `field.read_only`, `field.no_access`, `import.key_unknown`, `import.via_unknown`.
    pub fn settle(file: &Found, schema: &Schema, object: &Object, who: &Who, options: &Options) -> Result<Columns, Violations> {
        let mut found: Violations = file.faults.iter().map(super::found::Fault::violation).collect();
        if !found.is_empty() {
            return Err(found);
        }
        named_columns(file, options, &mut found);
        let mut mapped: Vec<Column> = Vec::new();
        for (index, name) in file.names().enumerate().filter(|(_, name)| !name.is_empty()) {
            for key in fields_of(object, who, options, name) {
                match writable(object, who, options, &key) {
                    Ok(field) => mapped.push(column(file, options, index, name, field)),
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
        let place = |name: Option<&String>| name.and_then(|name| file.column(name));
        let keys = options.keys.as_ref();
        let external = place(keys.and_then(|keys| keys.external_column.as_ref()));
        let id = place(keys.and_then(|keys| keys.id_column.as_ref()));
        if mapped.is_empty() && id.is_none() && found.is_empty() {
            let named: Vec<&str> = file.names().take(20).collect();
            found.push(Violation::new("import.header_unknown", "file").with("columns", named));
        }
        let key = if external.is_some() || id.is_some() { None } else { key_field(object, options, &taken, &mut found) };
        let subs = options.sub_objects.iter().enumerate();
        let subs = subs.filter_map(|(at, sub)| sub_columns(file, schema, object, who, options, (at, sub), &mut found)).collect();
        let columns = Columns { mapped, external, id, key, subs };
        if found.is_empty() { Ok(columns) } else { Err(found) }
    }

    /// As the answer shows it, for correction: every column with its field and what was found out about it.
    pub fn show(&self, file: &Found) -> Json {
        let one = |(index, name): (usize, &str)| {
            let of: Vec<&Column> = self.mapped.iter().filter(|column| column.index == index).collect();
            let fields: Vec<&str> = of.iter().map(|column| column.field.key.as_str()).collect();
            let mut shown =
                json!({"column": name, "field": match fields[..] { [] => Json::Null, [one] => one.into(), _ => json!(fields) }});
            if let Some(column) = of.first() {
                match column.field.kind.kind() {
                    Kind::Number | Kind::Money => shown["decimal_mark"] = json!(sign(column.decimal)),
                    Kind::Date | Kind::Instant => shown["date_order"] = json!(column.dates.map(order)),
                    _ => {}
                }
            }
            shown
        };
        file.names().enumerate().filter(|(_, name)| !name.is_empty()).map(one).collect()
    }
}

/// The columns of a record that hangs on the row's own.
fn sub_columns(
    file: &Found,
    schema: &Schema,
    master: &Object,
    who: &Who,
    options: &Options,
    (at, sub): (usize, &SubObject),
    found: &mut Violations,
) -> Option<Sub> {
    let path = |rest: &str| format!("sub_objects/{at}/{rest}");
    let known = schema.object(&sub.object).filter(|object| who.rights.may(model::role::Act::Read, &object.key));
    let Some(object) = known else {
        found.push(Violation::new("field.unknown", path("object")).with("field", sub.object.as_str()));
        return None;
    };
    let leads = |field: &&Field| field.kind.target() == Some(master.key.as_str());
    let via = match &sub.via {
        Some(via) => object.field(via).filter(leads),
        None => object.master().map(|(field, _)| field).filter(leads).or_else(|| object.fields.iter().find(leads)),
    };
    let Some(via) = via else {
        found.push(Violation::new("import.via_unknown", path("via")).with("object", sub.object.as_str()));
        return None;
    };
    let plain = Options { history: false, ..options.clone() };
    let mut mapped = Vec::new();
    for (name, key) in &sub.mapping {
        let Some(index) = file.column(name) else {
            found.push(Violation::new("import.column_unknown", path("mapping")).with("column", name.as_str()));
            continue;
        };
        match writable(object, who, &plain, key) {
            Ok(field) => mapped.push(column(file, options, index, name, field)),
            Err(code) => found.push(Violation::new(code, path(&format!("mapping/{name}"))).with("field", key.as_str())),
        }
    }
    for key in sub.keys.iter().filter(|key| !sub.mapping.values().any(|field| field == *key)) {
        found.push(Violation::new("import.key_unknown", path("keys")).with("field", key.as_str()));
    }
    Some(Sub { object: (**object).clone(), via: via.key.clone(), mapped, keys: sub.keys.clone() })
}

/// Columns that the options speak of must be there.
fn named_columns(file: &Found, options: &Options, found: &mut Violations) {
    let keys = options.keys.iter().flat_map(|keys| keys.external_column.iter().chain(&keys.id_column));
    let named = options.mapping.keys().chain(options.values.keys()).chain(options.factors.keys()).chain(options.dates.keys());
    let named = named.chain(options.references.keys()).chain(options.create_values.keys()).chain(options.formats.keys());
    let named = named.chain(options.formats.values().filter_map(|format| format.currency.as_ref()));
    let named: BTreeSet<&String> = named.chain(&options.create_missing).chain(&options.distinct).chain(keys).collect();
    for name in named.into_iter().filter(|name| file.column(name).is_none()) {
        found.push(Violation::new("import.column_unknown", "mapping").with("column", name.as_str()));
    }
}

fn fields_of(object: &Object, who: &Who, options: &Options, name: &str) -> Vec<String> {
    match options.mapping.get(name) {
        Some(Some(target)) => target.fields().to_vec(),
        Some(None) => Vec::new(),
        None if options.sub_objects.iter().any(|sub| sub.mapping.contains_key(name)) => Vec::new(),
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
pub fn writable(object: &Object, who: &Who, options: &Options, key: &str) -> Result<Field, &'static str> {
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

fn column(file: &Found, options: &Options, index: usize, name: &str, field: Field) -> Column {
    let found = &file.columns[index];
    let format = options.formats.get(name);
    let decimal = format.and_then(|format| format.decimal).unwrap_or_else(|| file.decimal_of(found));
    let said = format.and_then(|format| format.dates).or_else(|| options.dates.get(name).copied());
    let dates = said.or_else(|| file.order_of(found)).filter(|_| matches!(field.kind.kind(), Kind::Date | Kind::Instant));
    let named = format.and_then(|format| format.currency.as_ref()).filter(|_| field.kind.kind() == Kind::Money);
    let currency = named.and_then(|name| file.column(name));
    Column { index, name: name.to_owned(), field, decimal, dates, currency, reference: options.reference(name) }
}

/// The key of rows without ids: the field asked for, else a unique one that is filled, else the name. Where only new records are wanted
/// and no key is named, there is none.
fn key_field(object: &Object, options: &Options, filled: &BTreeSet<String>, found: &mut Violations) -> Option<String> {
    if let Some(key) = options.keys.as_ref().and_then(|keys| keys.field.clone()) {
        let kind = object.field(&key).map(|field| field.kind.kind());
        if !filled.contains(&key) || !matches!(kind, Some(Kind::Text | Kind::Key | Kind::Number | Kind::Date)) {
            found.push(Violation::new("import.key_unknown", "keys/field").with("field", key.as_str()));
        }
        return Some(key);
    }
    if options.mode == Mode::Insert {
        return None;
    }
    let unique = object.fields.iter().find(|field| field.unique && filled.contains(&field.key));
    unique.or_else(|| object.field("name").filter(|name| filled.contains(&name.key))).map(|field| field.key.clone())
}
