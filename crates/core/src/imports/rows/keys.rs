//! How a row is known again, and whether another row of the file is known by the same.

use std::collections::HashSet;

use model::{Value, Violation};

use super::super::lookup::digest;
use super::{Prepared, Row};

/// Keys and unique values that the rows so far have.
#[derive(Default)]
pub struct Seen {
    keys: HashSet<u128>,
    pub(super) distinct: HashSet<u128>,
    unique: HashSet<u128>,
}

impl Prepared {
    /// The row's key, as its columns say it.
    pub(super) fn keys(&self, row: &mut Row) {
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
    pub(super) fn check_key(&self, row: &mut Row, seen: &mut Seen) {
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
    pub(super) fn check_unique(&self, row: &mut Row, seen: &mut Seen) {
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
}

/// A key as keys are compared: texts folded.
pub fn comparable(value: &Value) -> String {
    match value {
        Value::Text(text) => model::text::fold(text),
        other => format!("{other:?}"),
    }
}
