//! Imports.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

#[derive(ToSchema)]
pub struct ImportKeys {
    pub external_source: Option<String>,
    pub external_column: Option<String>,
    pub field: Option<String>,
}

/// What an import does with a file.
#[derive(ToSchema)]
pub struct ImportOptions {
    pub object: String,
    /// The field, or fields, of each column; null leaves one out.
    pub mapping: Option<BTreeMap<String, Value>>,
    pub keys: Option<ImportKeys>,
    /// What a column's texts stand for: `{"product": {"GTXPro": "GTX Pro"}}`.
    pub values: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Records carry their past; needs the act `import_history`.
    pub history: Option<bool>,
    pub before_close: Option<String>,
    pub dry_run: Option<bool>,
    /// Columns of references whose unknown names are made into records.
    pub create_missing: Option<Vec<String>>,
    pub constants: Option<BTreeMap<String, String>>,
    pub templates: Option<BTreeMap<String, String>>,
    pub distinct: Option<String>,
    pub factors: Option<BTreeMap<String, String>>,
    pub dates: Option<BTreeMap<String, Value>>,
    pub currency: Option<String>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportForm {
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// [`ImportOptions`] as JSON.
    pub options: String,
}

#[derive(ToSchema)]
pub struct ImportProblem {
    pub line: u64,
    pub column: String,
    pub code: String,
    pub value: String,
    pub message: String,
}

#[derive(ToSchema)]
pub struct OfferedValue {
    pub column: String,
    pub from: String,
    pub to: String,
    pub rows: u64,
}

#[derive(ToSchema)]
pub struct Import {
    pub id: String,
    pub object: String,
    pub file: String,
    /// `running`, `done`, `failed`.
    pub state: String,
    pub rows: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub failed: u64,
    /// The first 200; all of them in `problems.csv`.
    pub problems: Vec<ImportProblem>,
    pub offered_values: Vec<OfferedValue>,
    pub started_at: String,
    pub ended_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Imports {
    pub items: Vec<Import>,
}
