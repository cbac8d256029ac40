//! What somebody wants to change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Record, Value};

/// Typed new values by field key; `Null` empties a field.
pub type Patch = BTreeMap<String, Value>;

/// The way a change came in; kept in the history. The rules do not ask for it: they hold on every way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    Screen,
    Api,
    /// An assistant that speaks the Model Context Protocol.
    Mcp,
    Import,
    /// A form on somebody's website.
    WebForm,
    CommandLine,
    System,
}

impl Via {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Via::Screen => "screen",
            Via::Api => "api",
            Via::Mcp => "mcp",
            Via::Import => "import",
            Via::WebForm => "web_form",
            Via::CommandLine => "command_line",
            Via::System => "system",
        }
    }
}

/// One field's change, as the history keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    pub field: String,
    pub old: Value,
    pub new: Value,
}

/// The fields in which two states of a record differ, by key.
pub fn differences(old: Option<&Record>, new: &Record) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    let null = Value::Null;
    let keys: std::collections::BTreeSet<&String> = old.iter().flat_map(|r| r.values.keys()).chain(new.values.keys()).collect();
    for key in keys {
        let before = old.and_then(|r| r.values.get(key)).unwrap_or(&null);
        let after = new.values.get(key).unwrap_or(&null);
        if before != after {
            changes.push(FieldChange { field: key.clone(), old: before.clone(), new: after.clone() });
        }
    }
    changes
}
