//! The trace.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{FieldChange, Ref};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// RFC 3339; entries from then on.
    pub from: Option<String>,
    /// RFC 3339; entries before.
    pub until: Option<String>,
    /// The id of who did it.
    pub by: Option<String>,
    /// `record`, `object`, `process`, `role`, `view`, `organisation`, `currency_rate`, `person`, `audit` …
    pub kind: Option<String>,
    /// The key of an object.
    pub object: Option<String>,
    /// The id of a record.
    pub record: Option<String>,
    /// `create`, `edit`, `move`, `void`, `export`, `import`, `bulk` …
    pub act: Option<String>,
    /// `done` or `refused`.
    pub outcome: Option<String>,
    /// Part of a code by which an act was refused.
    pub code: Option<String>,
    /// Part of what it was done to, of a code, or of a reason given.
    pub q: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditExportQuery {
    /// `csv` or `xlsx`; the former when absent.
    pub format: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub by: Option<String>,
    pub kind: Option<String>,
    pub object: Option<String>,
    pub record: Option<String>,
    pub act: Option<String>,
    pub outcome: Option<String>,
    pub code: Option<String>,
    pub q: Option<String>,
}

#[derive(ToSchema)]
pub struct AuditItem {
    pub id: String,
    pub at: String,
    pub by: String,
    /// `screen`, `api`, `mcp`, `import`, `web_form`, `command_line`, `system`.
    pub via: String,
    /// From where it came; absent for what the product did itself.
    pub address: Option<String>,
    /// The program, as it names itself.
    pub agent: Option<String>,
    /// The name of the access token that it came with.
    pub token: Option<String>,
    pub act: String,
    /// What kind of thing it was done to.
    pub kind: String,
    pub object: Option<String>,
    pub record: Option<String>,
    /// The thing as it was called then, where it is no record whose name is among the `refs`.
    pub subject: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Why it was refused.
    pub codes: Vec<String>,
    /// How often the same was refused.
    pub times: i64,
    pub reason: Option<String>,
    /// Fields of a record, as far as one may know of them.
    pub changes: Vec<FieldChange>,
    /// More about an act: what differs of a definition as `changes: [{path, old, new}]`, the filter of an export …
    pub detail: Option<Value>,
}

#[derive(ToSchema)]
pub struct AuditLog {
    pub items: Vec<AuditItem>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}
