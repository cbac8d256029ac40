//! Objects and their fields.

use serde_json::Value;
use utoipa::ToSchema;

use super::{Condition, Label};

/// An option of a select field.
#[derive(ToSchema)]
pub struct Choice {
    pub key: Option<String>,
    pub label: Label,
    pub active: Option<bool>,
    /// Of stages: `in_progress`, `won`, `lost`, `invalid`.
    pub stage_type: Option<String>,
    pub colour: Option<String>,
}

#[derive(ToSchema)]
pub struct Field {
    pub key: String,
    pub label: Label,
    pub help: Option<Label>,
    #[schema(rename = "type", example = "currency")]
    pub kind: String,
    pub required: bool,
    pub unique: bool,
    pub read_only: bool,
    pub system: bool,
    pub sortable: bool,
    pub filterable: bool,
    pub default: Option<Value>,
    /// `read` or `write`.
    pub access: String,
    pub options: Option<Vec<Choice>>,
    /// The object that a reference leads to.
    pub object: Option<String>,
    pub scale: Option<u32>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub max_length: Option<u32>,
    pub pattern: Option<String>,
    pub required_when: Option<Condition>,
    pub visible_when: Option<Condition>,
}

#[derive(ToSchema)]
pub struct Master {
    pub object: String,
    pub field: String,
}

#[derive(ToSchema)]
pub struct Object {
    pub key: String,
    pub label: Label,
    pub plural: Label,
    pub preset: bool,
    pub owned: bool,
    /// Who sees a record when nothing else gives it: `private`, `public_read`, `public_write`, `{by_parent: field}`.
    pub base: Value,
    pub name_field: String,
    pub master: Option<Master>,
    pub acts: Vec<String>,
    pub fields: Vec<Field>,
}

#[derive(ToSchema)]
pub struct Objects {
    pub meta_version: i64,
    pub objects: Vec<Object>,
}

#[derive(ToSchema)]
pub struct SetOptions {
    /// The whole list in its order. An option without a key gets one from its label.
    pub options: Vec<Choice>,
}

#[derive(ToSchema)]
pub struct Options {
    pub options: Vec<Choice>,
    pub meta_version: i64,
}
