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
    /// The customer's own.
    pub own: bool,
    /// Older records are still being reckoned anew.
    pub settling: bool,
    /// Of calculated fields.
    pub formula: Option<String>,
    /// What a calculated or statistical field comes to: `text`, `number`, `currency`, `percent`, `boolean`, `date`, `datetime`.
    pub result: Option<String>,
    pub indexed: Option<bool>,
    /// Of statistical fields: the object whose records are reckoned over, its field that refers here, and how.
    pub of: Option<String>,
    pub via: Option<String>,
    pub function: Option<String>,
    pub field: Option<String>,
    pub condition: Option<Condition>,
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
    /// A key of the screen's list of pictures.
    pub icon: Option<String>,
    /// How the caller's form and page are laid out; by default when absent.
    pub layout: Option<Layout>,
}

#[derive(ToSchema)]
pub struct Layout {
    pub sections: Vec<super::LayoutSection>,
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
