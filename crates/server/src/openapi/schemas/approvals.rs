//! Approvals: what is asked, by whom, and where it stands.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Ref;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ApprovalsQuery {
    /// `to_do` when absent; `done`, `mine`, `all`.
    pub which: Option<String>,
    pub object: Option<String>,
    /// `running`, `returned`, `approved`, `rejected`, `withdrawn`, `failed`, `superseded`.
    pub state: Option<String>,
    /// Part of the name of the record or of the flow.
    pub q: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// A field that is asked for.
#[derive(ToSchema)]
pub struct ApprovalField {
    #[schema(example = "amount")]
    pub field: String,
    pub label: String,
    /// What stands there; null where the record is new.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// What is asked for, as far as one may know of it.
#[derive(ToSchema)]
pub struct ApprovalAsks {
    pub fields: Vec<ApprovalField>,
    /// The stage that it enters.
    pub to_stage: Option<String>,
    /// Who would own it.
    pub receiver: Option<String>,
    pub reason: Option<String>,
    /// There is more that one may not know of.
    pub out_of_sight: bool,
}

/// Something that one is asked.
#[derive(ToSchema)]
pub struct ApprovalOwnTask {
    pub task: i64,
    /// The absent person for whom one stands in.
    pub on_behalf_of: Option<String>,
}

/// An approval in short.
#[derive(ToSchema)]
pub struct ApprovalSummary {
    pub id: String,
    pub flow: String,
    pub flow_name: String,
    #[schema(example = "opportunity")]
    pub object: String,
    pub record: String,
    /// Null where one does not see it now.
    pub record_name: Option<String>,
    /// The act that waits: `create`, `edit`, `void`, `restore`, `delete`, `change_owner`, `claim`, `return`, `stage`, `convert`, `import`.
    #[schema(example = "create")]
    pub what: String,
    pub asks: ApprovalAsks,
    /// `running`, `returned`, `approved`, `rejected`, `withdrawn`, `failed`, `superseded`.
    #[schema(example = "running")]
    pub state: String,
    pub initiator: String,
    pub submitter: String,
    #[schema(format = DateTime)]
    pub began_at: String,
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    pub waiting_for: Vec<String>,
    /// The task that is one's own to do now; in a list of what is to do, the one by which it is there.
    pub my_task: Option<i64>,
    pub my_tasks: Vec<ApprovalOwnTask>,
    /// The absent person for whom `my_task` is done.
    pub on_behalf_of: Option<String>,
    pub node: Option<String>,
    pub node_name: Option<String>,
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    pub overdue: bool,
    /// `agree`, `reject`, `comment`, `reassign`, `add_signer`, `withdraw`, `retrieve`, `urge`, `resubmit`, `jump`, `replace`, `end`.
    pub can: Vec<String>,
    /// Of what is done: the answer by which it is.
    pub decided: Option<ApprovalDecided>,
    pub version: i64,
}

/// An answer that counts as one's own.
#[derive(ToSchema)]
pub struct ApprovalDecided {
    /// `agreed` or `rejected`.
    pub what: String,
    pub by: String,
    /// The absent person whose answer it is.
    pub on_behalf_of: Option<String>,
    /// Nobody was asked.
    pub by_itself: bool,
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

#[derive(ToSchema)]
pub struct Approvals {
    pub items: Vec<ApprovalSummary>,
    /// How many there are; null with `q`.
    pub total: Option<i64>,
    pub next: Option<String>,
    pub refs: BTreeMap<String, Ref>,
}

/// Somebody who is or was asked.
#[derive(ToSchema)]
pub struct ApprovalPerson {
    pub task: i64,
    pub person: String,
    /// Those of one seat give one answer together.
    pub seat: i64,
    pub place: i64,
    /// `waiting`, `open`, `agreed`, `rejected`, `dropped`.
    pub state: String,
    #[schema(format = DateTime)]
    pub since: Option<String>,
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// Who has answered for him.
    pub by: Option<String>,
    /// Nobody was asked: he is the submitter, has agreed already, or his time was over.
    pub by_itself: bool,
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    pub took_seconds: Option<i64>,
}

/// A node that was come to.
#[derive(ToSchema)]
pub struct ApprovalStep {
    pub n: i64,
    pub node: String,
    pub node_name: String,
    /// `approve`, `task`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `standard`, `countersign`, `step_by_step`, `named_order`.
    pub method: Option<String>,
    pub instruction: Option<String>,
    /// `open`, `passed`, `rejected`, `skipped`, `dropped`.
    pub state: String,
    #[schema(format = DateTime)]
    pub began_at: String,
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
    /// Until now, where it goes on.
    pub took_seconds: i64,
    pub people: Vec<ApprovalPerson>,
}

/// A line of the trail.
#[derive(ToSchema)]
pub struct ApprovalEntry {
    pub n: i64,
    #[schema(format = DateTime)]
    pub at: String,
    /// Null where the product did it by itself.
    pub by: Option<String>,
    pub on_behalf_of: Option<String>,
    /// `submitted`, `entered`, `agreed`, `rejected`, `commented`, `reassigned`, `signer_added`, `retrieved`, `urged`, `skipped`, `sent_back`,
    /// `returned`, `resubmitted`, `jumped`, `ended`.
    pub what: String,
    pub node: Option<String>,
    pub node_name: Option<String>,
    /// Whose task it was.
    pub person: Option<String>,
    /// Who has it now, or was added.
    pub to: Option<String>,
    pub outcome: Option<String>,
    pub by_itself: bool,
    /// Since it was his turn.
    pub took_seconds: Option<i64>,
    pub comment: Option<String>,
    /// The name of the access token by which it was done.
    pub token: Option<String>,
}

#[derive(ToSchema)]
pub struct ApprovalPlace {
    pub node: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// Why what was agreed to could not be done.
#[derive(ToSchema)]
pub struct ApprovalFailure {
    pub code: String,
    pub path: String,
    pub params: BTreeMap<String, Value>,
    pub message: Option<String>,
}

/// An approval with all that there is to it.
#[derive(ToSchema)]
pub struct Approval {
    #[serde(flatten)]
    pub summary: ApprovalSummary,
    pub description: String,
    pub flow_version: i64,
    pub outcome: Option<String>,
    pub failed: Option<Vec<ApprovalFailure>>,
    /// One sees the record now.
    pub record_readable: bool,
    pub steps: Vec<ApprovalStep>,
    pub trail: Vec<ApprovalEntry>,
    /// The nodes at which people are asked.
    pub nodes: Vec<ApprovalPlace>,
    /// Where an administrator may take it.
    pub jump_to: Vec<ApprovalPlace>,
    /// The agreement that one may take back.
    pub retrieves: Option<i64>,
    /// Fields that one may change with one's task; of what came back to its initiator, what was asked for.
    pub may_edit: Vec<String>,
    pub must_fill: Vec<String>,
    /// Agreeing asks for a comment; rejecting always does.
    pub comment_required: bool,
    /// Of these fields, as they would be.
    pub values: BTreeMap<String, Value>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct ActOnApproval {
    #[schema(example = "agree")]
    pub act: String,
    /// One's own when absent.
    pub task: Option<i64>,
    pub comment: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
    /// With `reassign` and `replace`.
    pub to: Option<String>,
    /// With `add_signer`.
    pub person: Option<String>,
    /// `before`, `after`.
    pub place: Option<String>,
    /// With `jump`.
    pub node: Option<String>,
    /// With `end`.
    pub approve: Option<bool>,
}

#[derive(ToSchema)]
pub struct ApprovalToAnswer {
    pub id: String,
    pub task: Option<i64>,
}

#[derive(ToSchema)]
pub struct ActOnApprovals {
    /// `agree`, `reject`.
    #[schema(example = "agree")]
    pub act: String,
    pub comment: Option<String>,
    pub items: Vec<ApprovalToAnswer>,
}

/// What became of one.
#[derive(ToSchema)]
pub struct ApprovalAnswered {
    pub id: String,
    pub task: Option<i64>,
    pub ok: bool,
    /// As it stands then.
    pub state: Option<String>,
    pub code: Option<String>,
    pub path: Option<String>,
    pub params: Option<BTreeMap<String, Value>>,
    pub message: Option<String>,
}

#[derive(ToSchema)]
pub struct ActedOnApprovals {
    pub results: Vec<ApprovalAnswered>,
    pub done: i64,
    pub refused: i64,
}

/// Of an approval that a timeline tells of.
#[derive(ToSchema)]
pub struct TimelineApproval {
    pub id: String,
    /// `submitted`, `approved`, `rejected`, `withdrawn`, `failed`, `superseded`.
    #[schema(example = "submitted")]
    pub event: String,
    pub what: String,
    pub flow_name: String,
}
