//! Object Management: definitions, formulas, jobs, bulk acts, files.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Choice, Condition, Label, Ref, Violation};

#[derive(ToSchema)]
pub struct LayoutSection {
    pub label: Label,
    /// Keys of fields in their order.
    pub fields: Vec<String>,
    /// Folded until somebody opens it.
    pub collapsed: Option<bool>,
}

#[derive(ToSchema)]
pub struct ObjectLayout {
    /// For people with one of these roles; empty: for everybody whom no other layout names.
    pub roles: Vec<String>,
    pub sections: Vec<LayoutSection>,
}

/// What a record must not be, and what to say of it.
#[derive(ToSchema)]
pub struct Validation {
    pub key: Option<String>,
    /// A record that meets it is refused.
    pub condition: Condition,
    pub message: Label,
    /// Where the message is shown.
    pub field: Option<String>,
    pub active: Option<bool>,
}

/// Work that goes on after the answer.
#[derive(ToSchema)]
pub struct Job {
    pub id: String,
    /// `make_object`, `make_field`, `drop_field`, `drop_object`, `recalculate`, `bulk`, `undo_bulk`, `share`, `follow_version`, `import`, `undo_import`, `fill_matches`, `drop_matches`, `scan_duplicates`, `follow_lines`.
    pub kind: String,
    pub object: Option<String>,
    pub field: Option<String>,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    pub done: i64,
    pub total: Option<i64>,
    /// How often it was begun without getting further.
    pub attempts: i64,
    /// Why it failed or has to wait.
    pub message: Option<String>,
    pub created_at: String,
    pub by: String,
    pub ended_at: Option<String>,
    /// `retry` and `cancel`, as far as they are open to the caller; where jobs themselves are asked for.
    pub can: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct Jobs {
    pub items: Vec<Job>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

/// A field as its administrators see it.
#[derive(ToSchema)]
pub struct FieldDefinition {
    pub key: String,
    pub label: Label,
    pub help: Option<Label>,
    #[schema(rename = "type", example = "calculated")]
    pub kind: String,
    pub required: bool,
    pub unique: bool,
    pub fast: bool,
    pub read_only: bool,
    pub system: bool,
    pub sortable: bool,
    pub filterable: bool,
    pub access: String,
    /// The customer's own.
    pub own: bool,
    /// The product counts on it: it can be named anew, not put aside.
    pub essential: bool,
    /// `preparing`, `filling`, `live`, `disabled`, `hidden`.
    pub state: String,
    /// Its definition has changed, and older records are still being reckoned anew.
    pub settling: bool,
    pub hidden_at: Option<String>,
    /// When it will be gone for good.
    pub drops_at: Option<String>,
    pub job: Option<Job>,
    pub default: Option<Value>,
    pub required_when: Option<Condition>,
    pub visible_when: Option<Condition>,
    pub options: Option<Vec<Choice>>,
    pub object: Option<String>,
    pub scale: Option<u32>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub max_length: Option<u32>,
    pub pattern: Option<String>,
    pub formula: Option<String>,
    pub result: Option<String>,
    pub indexed: Option<bool>,
    pub of: Option<String>,
    pub via: Option<String>,
    pub function: Option<String>,
    pub field: Option<String>,
    pub condition: Option<Condition>,
}

#[derive(ToSchema)]
pub struct Room {
    /// Own fields, those that are gone counted.
    pub fields: u32,
    pub limit: u32,
    pub indexes: u32,
    pub index_limit: u32,
}

/// The whole definition of an object.
#[derive(ToSchema)]
pub struct Definition {
    pub key: String,
    pub label: Label,
    pub plural: Label,
    pub preset: bool,
    pub owned: bool,
    /// `private`, `public_read`, `public_write`, `{by_parent: field}`.
    pub base: Value,
    pub icon: Option<String>,
    pub state: String,
    pub hidden_at: Option<String>,
    pub drops_at: Option<String>,
    pub job: Option<Job>,
    /// Counts the changes of the definition; for `If-Match`.
    pub version: i64,
    /// Absent from the list of definitions.
    pub fields: Option<Vec<FieldDefinition>>,
    pub field_count: Option<u32>,
    pub layouts: Vec<ObjectLayout>,
    pub validations: Vec<Validation>,
    /// Keys of fields that are gone; they do not come again.
    pub retired: Vec<String>,
    pub room: Room,
}

#[derive(ToSchema)]
pub struct Definitions {
    pub items: Vec<Definition>,
}

#[derive(ToSchema)]
pub struct CreateObject {
    /// From the name when absent; begins with `x_`.
    #[schema(example = "x_site_visit")]
    pub key: Option<String>,
    pub label: Label,
    pub plural: Label,
    /// Its records have an owner and a team; true when absent.
    pub owned: Option<bool>,
    /// `private` when absent, `public_read`, `public_write`, or `{"by_parent": object}`: whoever sees the record that it belongs to,
    /// which makes a field that refers to it.
    pub base: Option<Value>,
    /// With `by_parent`: it is created with its parent and lives in it.
    pub sub_object: Option<bool>,
    pub icon: Option<String>,
    pub name_label: Option<Label>,
    /// Its name is a number that the product gives, as `SV-{yyyy}-{0000}`.
    pub name_number: Option<String>,
    /// Every role gets the rights that it has over this object: `account`, or `contact_role` for what has no owner, when absent.
    pub rights_like: Option<String>,
}

#[derive(ToSchema)]
pub struct UpdateObject {
    pub label: Option<Label>,
    pub plural: Option<Label>,
    pub icon: Option<String>,
    pub base: Option<Value>,
    /// The whole list.
    pub layouts: Option<Vec<ObjectLayout>>,
    /// The whole list; a rule without a key gets one.
    pub validations: Option<Vec<Validation>>,
}

#[derive(ToSchema)]
pub struct ChangedObject {
    pub object: Option<Definition>,
    pub job: Option<Job>,
    pub meta_version: i64,
}

/// A field as it is asked for. Which settings it may have depends on its type.
#[derive(ToSchema)]
pub struct FieldSettings {
    /// From the label when absent; begins with `x_`. Fixed afterwards.
    pub key: Option<String>,
    pub label: Option<Label>,
    pub help: Option<Label>,
    /// Fixed afterwards.
    #[schema(rename = "type", example = "number")]
    pub kind: Option<String>,
    pub required: Option<bool>,
    pub unique: Option<bool>,
    /// With an index of its own: large lists are sorted and filtered by it quickly.
    pub fast: Option<bool>,
    pub read_only: Option<bool>,
    pub default: Option<Value>,
    pub required_when: Option<Condition>,
    pub visible_when: Option<Condition>,
    /// Of text.
    pub max_length: Option<u32>,
    /// Of text, a regular expression for the whole of it; of auto_number, as `SV-{yyyy}-{0000}`.
    pub pattern: Option<String>,
    /// Of number and percent, 0 to 6.
    pub scale: Option<u32>,
    pub min: Option<String>,
    pub max: Option<String>,
    /// Of select and multi_select.
    pub options: Option<Vec<Choice>>,
    /// Of reference and master.
    pub object: Option<String>,
    /// Of calculated.
    #[schema(example = "amount * win_rate / 100")]
    pub formula: Option<String>,
    /// Of calculated: `text`, `number`, `currency`, `percent`, `boolean`, `date`, `datetime`.
    pub result: Option<String>,
    /// Of calculated: stored, and kept at every change, so that lists can be filtered and sorted by it.
    pub indexed: Option<bool>,
    /// Of statistical: the object whose records are reckoned over, and its field that refers here.
    pub of: Option<String>,
    pub via: Option<String>,
    /// Of statistical: `count`, `sum`, `min`, `max`, `average`.
    pub function: Option<String>,
    /// Of statistical: the field that is reckoned over.
    pub field: Option<String>,
    /// Of statistical: which records count, over their own fields.
    pub condition: Option<Condition>,
}

#[derive(ToSchema)]
pub struct ChangedField {
    pub field: Option<FieldDefinition>,
    pub job: Option<Job>,
    pub meta_version: i64,
}

#[derive(ToSchema)]
pub struct Acting {
    /// `disable`, `enable`, `hide`, `recover`, `drop`.
    pub act: String,
}

#[derive(ToSchema)]
pub struct FieldUse {
    /// `calculated_field`, `statistical_field`, `required_when`, `visible_when`, `validation`, `view`, `process`, `index`, `reference`.
    pub kind: String,
    /// As a label or as it was typed.
    pub name: Value,
    pub object: String,
    pub id: Option<String>,
    pub path: String,
    /// The screen on which it can be changed.
    pub link: String,
}

#[derive(ToSchema)]
pub struct Uses {
    pub items: Vec<FieldUse>,
}

#[derive(ToSchema)]
pub struct TryFormula {
    #[schema(example = "amount * win_rate / 100")]
    pub formula: String,
    /// `text`, `number`, `currency`, `percent`, `boolean`, `date`, `datetime`.
    pub result: String,
    pub scale: Option<u32>,
    /// The field that it is meant for, where it is there already.
    pub key: Option<String>,
    /// The record to try it on; the newest when absent.
    pub record: Option<String>,
}

#[derive(ToSchema)]
pub struct Named {
    pub id: String,
    pub name: String,
}

#[derive(ToSchema)]
pub struct TriedFormula {
    pub ok: bool,
    /// What is wrong, with the places `from` and `to` among the params, in characters from 0.
    pub violations: Vec<Violation>,
    pub value: Option<Value>,
    /// Why the value is blank although nothing was missing.
    pub note: Option<Violation>,
    /// The fields that it reads.
    pub paths: Vec<String>,
    pub indexable: bool,
    /// Why it cannot be indexed.
    pub not_indexable: Option<Vec<Violation>>,
    pub record: Option<Named>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct FormulaFunction {
    pub name: String,
    pub signature: String,
    pub help: Label,
    pub example: String,
}

#[derive(ToSchema)]
pub struct FormulaFunctions {
    pub items: Vec<FormulaFunction>,
}

#[derive(ToSchema)]
pub struct BulkRequest {
    /// The records, by id; or else all that the filter, the words and the view choose.
    pub ids: Option<Vec<String>>,
    pub filter: Option<Condition>,
    pub q: Option<String>,
    pub view: Option<String>,
    /// Every record: where nothing narrows the choice.
    pub all: Option<bool>,
    /// `edit`, `move`, `change_owner`, `assign`, `claim`, `return`, `move_pool`, `void`, `restore`, `lock`, `unlock`, `delete`.
    pub act: String,
    /// With `move`.
    pub stage: Option<String>,
    /// With `edit`; with `move` what the stage asks for.
    pub fields: Option<BTreeMap<String, Value>>,
    /// With `change_owner` and `assign`.
    pub owner: Option<String>,
    /// With `return`, where it is not the pool from which they came, and `move_pool`.
    pub pool: Option<String>,
    pub keep_as: Option<String>,
    pub reason: Option<String>,
    /// Leaves approvals out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct BulkResult {
    pub id: String,
    pub name: Option<String>,
    /// `saved`, `unchanged`, `pending_approval`, `refused`.
    pub result: String,
    /// The approval for which it waits.
    pub approval: Option<String>,
    pub code: Option<String>,
    pub violations: Vec<Violation>,
}

#[derive(ToSchema)]
pub struct BulkState {
    /// Absent of a dry run.
    pub id: Option<String>,
    pub object: String,
    pub act: String,
    /// The bulk act that this one undoes.
    pub undoes: Option<String>,
    /// `running`, `done`, `undone`, `failed`, `cancelled`.
    pub state: String,
    pub total: i64,
    pub done: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub pending_approval: i64,
    pub refused: i64,
    pub message: Option<String>,
    pub dry_run: bool,
    /// It can be undone.
    pub undo: bool,
    /// The refused first, at most 1,000.
    pub results: Vec<BulkResult>,
}

/// A file that hangs on a record.
#[derive(ToSchema)]
pub struct FileInfo {
    pub id: String,
    pub name: String,
    /// In bytes.
    pub size: i64,
    pub media_type: String,
}
