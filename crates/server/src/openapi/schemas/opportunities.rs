//! What only opportunities have.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Label, Money, Record, Ref};

#[derive(ToSchema)]
pub struct MoveStage {
    #[schema(example = "proposal")]
    pub stage: String,
    /// Saved with the move.
    pub fields: Option<BTreeMap<String, Value>>,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Reopen {
    pub stage: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct ProcessName {
    pub id: String,
    pub name: String,
}

/// One thing that stands between a deal and a stage.
#[derive(ToSchema)]
pub struct Requirement {
    pub code: String,
    pub stage: String,
    pub message: String,
    pub path: Option<String>,
    pub params: BTreeMap<String, Value>,
    /// `you`, `owner`, `administrator`.
    pub fixable_by: String,
}

#[derive(ToSchema)]
pub struct PathStage {
    pub key: String,
    pub label: Label,
    /// `in_progress`, `won`, `lost`, `invalid`.
    #[schema(rename = "type")]
    pub kind: String,
    /// `done`, `current`, `skipped`, `upcoming`.
    pub state: String,
    pub entered_at: Option<String>,
    pub left_at: Option<String>,
    pub seconds: Option<i64>,
    pub due_at: Option<String>,
    pub overdue: bool,
    pub win_rate: Option<String>,
    pub guidance: Option<String>,
    pub prompt: Option<String>,
    /// Nothing stands in the way but what the dialog of the move asks for.
    pub reachable: bool,
    pub requirements: Vec<Requirement>,
    pub asks: Vec<String>,
    pub asks_reason: bool,
}

#[derive(ToSchema)]
pub struct Path {
    pub process: ProcessName,
    pub version: i64,
    pub current: String,
    pub stages: Vec<PathStage>,
}

#[derive(ToSchema)]
pub struct Stay {
    pub stage: String,
    pub entered_at: String,
    pub left_at: Option<String>,
    pub to_stage: Option<String>,
    pub entered_by: Option<String>,
    pub left_by: Option<String>,
    /// `start`, `advance`, `skip`, `back`, `terminal`, `reopen` …
    pub how: Option<String>,
    pub reason: Option<String>,
    /// In Progress stages that were jumped over on entering.
    pub skipped: Vec<String>,
    /// Until it was left, or now.
    pub seconds: i64,
    /// Counts the runs of a deal: each reopening begins another.
    pub run: i64,
    pub terminal: bool,
}

#[derive(ToSchema)]
pub struct Stays {
    pub items: Vec<Stay>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct BoardColumn {
    pub stage: String,
    pub label: Option<Label>,
    #[schema(rename = "type")]
    pub kind: Option<String>,
    pub colour: Option<String>,
    pub win_rate: Option<String>,
    pub count: i64,
    pub totals: Vec<Money>,
    /// All amounts, in the main currency.
    pub amount_main: String,
    /// Amounts times win rates, in the main currency.
    pub weighted_main: String,
    pub overdue: i64,
    pub items: Vec<Record>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct Board {
    pub process: ProcessName,
    pub columns: Vec<BoardColumn>,
    pub main_currency: String,
    pub refs: BTreeMap<String, Ref>,
}
