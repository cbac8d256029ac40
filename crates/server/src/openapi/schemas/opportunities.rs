//! What only opportunities have.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::definitions::{Fill, Link, NeededTasks};
use super::{Label, Money, Record, Ref, StageTask};

#[derive(ToSchema)]
pub struct MoveStage {
    #[schema(example = "proposal")]
    pub stage: String,
    /// Saved with the move.
    pub fields: Option<BTreeMap<String, Value>>,
    /// Records that entering the stage asks for, saved with the move.
    pub create: Option<Vec<RecordAlong>>,
    pub reason: Option<String>,
    /// What stands against it is passed by, where one may.
    pub bypass: Option<bool>,
    /// Leaves the approval of the stage out, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Reopen {
    pub stage: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
    pub create: Option<Vec<RecordAlong>>,
    pub reason: Option<String>,
    pub bypass: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct ChangeProcess {
    pub process: String,
    /// The first of the process where it is not said.
    pub stage: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
    pub create: Option<Vec<RecordAlong>>,
    pub reason: Option<String>,
    pub bypass: Option<bool>,
    pub dry_run: Option<bool>,
}

/// A record that comes to be along with a move. The link to the deal is the product's to set; fields that are absent begin with what the
/// process fills them with.
#[derive(ToSchema)]
pub struct RecordAlong {
    #[schema(example = "task")]
    pub object: String,
    pub fields: Option<BTreeMap<String, Value>>,
}

/// What became of a move.
#[derive(ToSchema)]
pub struct Moved {
    /// `moved`, `saved`, or `pending_approval`.
    pub result: String,
    /// The approval that began with it.
    pub approval: Option<String>,
    pub changed: bool,
    pub record: Option<Record>,
    pub dry_run: bool,
    /// Codes of what stood against it and was passed by.
    pub bypassed: Option<Vec<String>>,
    /// Records that came to be with it.
    pub created: Option<Vec<CreatedRecord>>,
}

#[derive(ToSchema)]
pub struct CreatedRecord {
    pub object: String,
    pub id: String,
}

#[derive(ToSchema)]
pub struct ProcessName {
    pub id: String,
    pub name: String,
}

/// The process that holds for a deal.
#[derive(ToSchema)]
pub struct ProcessInForce {
    pub id: String,
    pub name: String,
    /// The version that it obeys.
    pub version: i64,
    /// It obeys an earlier version until it moves.
    pub pinned: bool,
}

#[derive(ToSchema)]
pub struct OtherProcesses {
    pub items: Vec<OtherProcess>,
}

#[derive(ToSchema)]
pub struct OtherProcess {
    pub id: String,
    pub name: String,
    pub stages: Vec<StageToBegin>,
}

/// A stage in which a deal may begin in another process.
#[derive(ToSchema)]
pub struct StageToBegin {
    pub key: String,
    pub label: Label,
    /// Nothing stands in the way but what the dialog asks for.
    pub reachable: bool,
    pub requirements: Vec<Requirement>,
    pub asks: Vec<String>,
}

/// A record that a move asks for.
#[derive(ToSchema)]
pub struct AskedRecord {
    pub object: String,
    /// Its field that refers to the deal.
    pub link: String,
    /// Fields to ask for, besides those that the object requires.
    pub fields: Vec<String>,
    pub fill: Vec<Fill>,
    /// What the fills give now.
    pub values: BTreeMap<String, Value>,
}

/// What the caller may do with a deal's stage.
#[derive(ToSchema)]
pub struct PathActs {
    #[schema(rename = "move")]
    pub to_move: bool,
    pub reopen: bool,
    pub change_process: bool,
    /// Pass by what stands against a move.
    pub bypass: bool,
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
    pub links: Option<Vec<Link>>,
    /// Which of its tasks complete it.
    pub needed_tasks: NeededTasks,
    pub prompt: Option<String>,
    /// Nothing stands in the way but what the dialog of the move asks for.
    pub reachable: bool,
    pub requirements: Vec<Requirement>,
    pub asks: Vec<String>,
    /// Records that the dialog of the move asks for.
    pub asks_records: Vec<AskedRecord>,
    pub asks_reason: bool,
    /// Those that the opportunity has of it, the oldest first.
    pub tasks: Vec<StageTask>,
}

#[derive(ToSchema)]
pub struct Path {
    pub process: ProcessInForce,
    /// The record's.
    pub version: i64,
    pub current: String,
    /// The current stage is complete as it stands.
    pub complete: bool,
    /// The stage that is offered then: the next In Progress one, else Won.
    pub next: Option<String>,
    pub stages: Vec<PathStage>,
    pub refs: BTreeMap<String, Ref>,
    pub can: PathActs,
    /// The approval for which the deal waits.
    pub approval: Option<super::RecordApproval>,
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
    /// Counts the runs of a deal: each reopening and each change of process begins another.
    pub run: i64,
    /// Codes of what stood against the entering and was passed by.
    pub bypassed: Vec<String>,
    pub process: Option<ProcessName>,
    /// Version of the process under which it was entered.
    pub process_version: i64,
    pub terminal: bool,
    /// What was to be done in it.
    pub tasks: Vec<StayTask>,
}

#[derive(ToSchema)]
pub struct StayTask {
    pub id: String,
    pub name: String,
    pub required: bool,
    /// `open`, `done` or `skipped`.
    #[schema(example = "done")]
    pub state: String,
}

#[derive(ToSchema)]
pub struct Stays {
    pub items: Vec<Stay>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub struct SlipsQuery {
    cursor: Option<String>,
    /// At most 200; 50 when absent.
    limit: Option<u32>,
}

/// One push of a close date, cut of an amount or step back.
#[derive(ToSchema)]
pub struct Slip {
    pub id: String,
    /// `close_date`, `amount` or `stage`.
    #[schema(example = "close_date")]
    pub kind: String,
    /// The field's value before, and after: null where it was emptied.
    pub old: Value,
    pub new: Value,
    /// By how many the close date was pushed.
    pub days: Option<i64>,
    pub reason: Option<String>,
    #[schema(format = DateTime)]
    pub at: String,
    pub by: String,
    /// Of one that has just been explained.
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct SlipCounts {
    pub close_date: i64,
    pub amount: i64,
    pub stage: i64,
}

#[derive(ToSchema)]
pub struct Slips {
    pub items: Vec<Slip>,
    pub counts: SlipCounts,
    /// By how many days the close date was pushed in all.
    pub days: i64,
    /// `explain`: one may say why.
    pub can: Vec<String>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct SlipReason {
    #[schema(example = "Their budget is decided in January")]
    pub reason: String,
}

#[derive(ToSchema)]
pub struct BoardColumn {
    pub stage: String,
    pub label: Option<Label>,
    #[schema(rename = "type")]
    pub kind: Option<String>,
    pub colour: Option<String>,
    pub win_rate: Option<String>,
    /// The process has given it up, and deals stand in it all the same.
    pub given_up: bool,
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
