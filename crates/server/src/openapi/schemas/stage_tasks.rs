//! What is to be done while a deal stands in a stage.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Record, Ref};

/// The record that an edit task is about.
#[derive(ToSchema)]
pub struct StageTaskRecord {
    pub id: String,
    pub version: i64,
}

/// A record that was created or chosen through a task.
#[derive(ToSchema)]
pub struct LinkedRecord {
    pub object: String,
    pub record: String,
}

/// What a task asks for; which of these there are depends on the kind.
#[derive(ToSchema)]
pub struct StageTaskAct {
    /// `edit_object`, `create_object`, `edit_sub_objects`, `checklist_item`.
    #[schema(example = "edit_object")]
    pub kind: String,
    /// Of an edit task: the field of the opportunity that refers to the record; absent for the opportunity itself.
    pub of: Option<String>,
    /// Fields to be filled.
    pub fields: Option<Vec<String>>,
    /// Those of them that are not filled.
    pub missing: Option<Vec<String>>,
    /// The record that is edited; null where there is none, or none that one sees.
    pub record: Option<StageTaskRecord>,
    /// Of what is edited, created or listed.
    pub object: Option<String>,
    /// The field of a new record that refers to the opportunity.
    pub link: Option<String>,
    pub create_only: Option<bool>,
    /// An existing record may be chosen instead of a new one.
    pub may_choose: Option<bool>,
    /// How many records or rows there must be.
    pub minimum: Option<i64>,
    /// What a new record begins with, while the task is open.
    pub values: Option<BTreeMap<String, Value>>,
    pub linked: Option<Vec<LinkedRecord>>,
    /// How many sub-objects there are.
    pub rows: Option<i64>,
}

/// A task as it stands on an opportunity.
#[derive(ToSchema)]
pub struct StageTask {
    pub id: String,
    pub opportunity: String,
    #[schema(example = "proposal")]
    pub stage: String,
    /// Of the process's task.
    pub key: String,
    pub name: String,
    pub instructions: Option<String>,
    pub required: bool,
    /// It stands in the way of leaving the present stage.
    pub needed: bool,
    /// `open`, `done`, `skipped`.
    pub state: String,
    pub assignee: Option<String>,
    pub due_at: Option<String>,
    pub overdue: bool,
    pub arisen_at: String,
    pub done_at: Option<String>,
    pub done_by: Option<String>,
    pub note: Option<String>,
    pub version: i64,
    /// Null where the process knows of it no more.
    pub act: Option<StageTaskAct>,
    /// `complete`, `reopen`, `reassign`.
    pub can: Vec<String>,
}

#[derive(ToSchema)]
pub struct StageTasks {
    pub items: Vec<StageTask>,
    pub refs: BTreeMap<String, Ref>,
}

/// A task with the names of what it speaks of.
#[derive(ToSchema)]
pub struct NamedStageTask {
    #[serde(flatten)]
    pub task: StageTask,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct NewTaskRecord {
    pub fields: BTreeMap<String, Value>,
}

/// A row of a grid: a new one without an id, a changed one, or one that is removed.
#[derive(ToSchema)]
pub struct RowChange {
    pub id: Option<String>,
    pub version: Option<i64>,
    pub fields: Option<BTreeMap<String, Value>>,
    pub delete: Option<bool>,
}

#[derive(ToSchema)]
pub struct CompleteStageTask {
    /// Of the record that is edited.
    pub fields: Option<BTreeMap<String, Value>>,
    /// New records; what the task fills in need not be given.
    pub create: Option<Vec<NewTaskRecord>>,
    /// Ids of records that are there.
    pub choose: Option<Vec<String>>,
    pub rows: Option<Vec<RowChange>>,
    pub note: Option<String>,
    /// What is given is saved; the task stays open.
    pub keep_open: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct ReopenStageTask {
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct ReassignStageTask {
    /// Id of an employee.
    pub assignee: String,
    pub dry_run: Option<bool>,
}

/// The next stage, nothing of the present one standing in the way.
#[derive(ToSchema)]
pub struct StageOffer {
    pub stage: String,
    /// Nothing stands in the way but what the dialog of the move asks for.
    pub reachable: bool,
}

/// What has become of a task; all null where one has lost sight of the opportunity by it.
#[derive(ToSchema)]
pub struct DoneStageTask {
    pub task: Option<NamedStageTask>,
    /// The opportunity.
    pub record: Option<Record>,
    pub offer: Option<StageOffer>,
    pub dry_run: bool,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StageTaskChoicesQuery {
    /// Words of the records.
    pub q: Option<String>,
    pub cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct StageTaskChoice {
    pub id: String,
    pub name: String,
}

#[derive(ToSchema)]
pub struct StageTaskChoices {
    /// Null where nothing may be chosen.
    pub object: Option<String>,
    pub items: Vec<StageTaskChoice>,
    pub next_cursor: Option<String>,
}
