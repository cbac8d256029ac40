//! Refusals.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// One reason for a refusal.
#[derive(ToSchema)]
pub struct Violation {
    #[schema(example = "field.required")]
    pub code: String,
    /// The field or place in the document.
    pub path: String,
    /// What is wrong and what to do, in the reader's language.
    pub message: String,
    pub params: BTreeMap<String, Value>,
}

/// RFC 9457.
#[derive(ToSchema)]
pub struct Problem {
    #[schema(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    #[schema(example = "stage.requirements_unmet")]
    pub code: String,
    pub request_id: String,
    /// All of them at once.
    pub violations: Vec<Violation>,
    /// What is there at present, when somebody else was faster: the record, or the document as `GET` gives it.
    pub record: Option<Value>,
}
