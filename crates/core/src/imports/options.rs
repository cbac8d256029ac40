//! What an import is asked to do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::spelling::DateOrder;

/// The `options` of `POST /imports`, and the body of a plan's step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Key of the object whose records the rows are.
    pub object: String,
    /// Field of each column; `null` leaves a column out. Columns not named here are mapped when their name is a field's key or label.
    #[serde(default)]
    pub mapping: BTreeMap<String, Option<Target>>,
    #[serde(default)]
    pub keys: Option<Keys>,
    /// What a column's texts stand for: `{"product": {"GTXPro": "GTX Pro"}}`.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Records carry their past: `created_at`, `stage_entered_at` and `closed_at` may be mapped. Needs the act `import_history`.
    #[serde(default)]
    pub history: bool,
    /// With `history`: the stage in which a closed deal stood from `stage_entered_at` until `closed_at`.
    #[serde(default)]
    pub before_close: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
    /// Columns of references whose unknown names are made into records.
    #[serde(default)]
    pub create_missing: Vec<String>,
    /// Fields that every row has alike, written as a cell would be.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// Text fields put together from columns: `{"name": "{product} – {account}"}`; the row's external id where one of them is blank.
    #[serde(default)]
    pub templates: BTreeMap<String, String>,
    /// Takes only the first row of each value of this column.
    #[serde(default)]
    pub distinct: Option<String>,
    /// Columns in thousands or millions: `{"revenue": "1000000"}`.
    #[serde(default)]
    pub factors: BTreeMap<String, String>,
    /// Columns whose dates could be read both ways.
    #[serde(default)]
    pub dates: BTreeMap<String, DateOrder>,
    /// Currency of amounts that name none; the main currency when absent.
    #[serde(default)]
    pub currency: Option<String>,
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub delimiter: Option<char>,
}

/// Where a column goes: one field, or several that it tells at once.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Target {
    One(String),
    Several(Vec<String>),
}

impl Target {
    /// The fields.
    pub fn fields(&self) -> &[String] {
        match self {
            Target::One(field) => std::slice::from_ref(field),
            Target::Several(fields) => fields,
        }
    }
}

/// How a row finds its record again.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Name of the other system.
    #[serde(default)]
    pub external_source: Option<String>,
    /// Column with its ids.
    #[serde(default)]
    pub external_column: Option<String>,
    /// A field to find the record by when no external column is given: a unique field, else the name.
    #[serde(default)]
    pub field: Option<String>,
}
