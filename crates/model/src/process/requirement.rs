//! One thing that stands between an opportunity and a stage.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::Violation;

/// A stable code, the stage it guards, where to fix it and who can (spec/02, Running).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requirement {
    /// `stage.missing_field`, `stage.not_skippable` …
    pub code: &'static str,
    /// The stage somebody wants to enter.
    pub stage: String,
    /// The field where it is fixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What the message speaks of.
    pub params: Map<String, Json>,
    pub fixable_by: FixableBy,
}

/// Who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FixableBy {
    You,
    Owner,
    Administrator,
}

impl FixableBy {
    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            FixableBy::You => "you",
            FixableBy::Owner => "owner",
            FixableBy::Administrator => "administrator",
        }
    }
}

impl Requirement {
    /// A requirement of entering `stage`.
    pub fn new(code: &'static str, stage: &str, fixable_by: FixableBy) -> Requirement {
        Requirement { code, stage: stage.to_owned(), path: None, params: Map::new(), fixable_by }
    }

    /// Fixed in this field.
    #[must_use]
    pub fn in_field(mut self, field: &str) -> Requirement {
        self.path = Some(field.to_owned());
        self
    }

    /// Adds what the message speaks of.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Requirement {
        self.params.insert(key.to_owned(), value.into());
        self
    }

    /// True for what the dialog of the move asks for there and then: a field, the reason.
    pub fn is_asked_for(&self) -> bool {
        matches!(self.code, "stage.missing_field" | "stage.terminal_action" | "stage.reason_required")
    }
}

impl From<Requirement> for Violation {
    /// The same as the answer to a refused move, placed at the field or at `stage`.
    fn from(requirement: Requirement) -> Violation {
        let mut violation = Violation::new(requirement.code, requirement.path.unwrap_or_else(|| "stage".to_owned()));
        violation.params = requirement.params;
        violation.with("stage", requirement.stage).with("fixable_by", requirement.fixable_by.key())
    }
}
