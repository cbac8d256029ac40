//! Approval flows.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Condition, Ref, Violation};

/// A definition of who must agree to an act.
#[derive(ToSchema)]
pub struct ApprovalFlow {
    pub id: String,
    /// Fixed after creation.
    #[schema(example = "big_deals")]
    pub api_name: String,
    pub name: String,
    pub description: String,
    #[schema(example = "opportunity")]
    pub object: String,
    /// The act that it catches: `create`, `edit`, `void`, `restore`, `delete`, `change_owner`, `claim`, `return`, `stage`, `convert`, `import`.
    #[schema(example = "create")]
    pub trigger: String,
    /// With the trigger `edit`: the change of one of these; of any field when empty.
    pub fields: Vec<String>,
    /// With the trigger `stage`: the completion of one of these; of any that the process has approved when empty.
    pub stages: Vec<String>,
    /// What the record must be, as it would be after the act; every record when absent.
    pub condition: Option<Condition>,
    /// Its place: the lower is asked first.
    pub position: i64,
    /// One that is not catches nothing any more; what runs goes on.
    pub active: bool,
    /// `submitter` or `owner`.
    #[schema(example = "submitter")]
    pub initiated_as: String,
    /// Whether the record's owner may take it back, besides the initiator and administrators.
    pub owner_may_withdraw: bool,
    pub nodes: Vec<ApprovalNode>,
    /// What follows when it is approved, and when it is not.
    pub approved: Vec<ApprovalEffect>,
    pub rejected: Vec<ApprovalEffect>,
    /// Counts its saves; a running approval keeps the version with which it began.
    pub version: i64,
    /// Approvals of it that run.
    pub running: Option<i64>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

/// A step of the graph.
#[derive(ToSchema)]
pub struct ApprovalNode {
    /// One in the flow.
    #[schema(example = "manager")]
    pub key: String,
    pub name: Option<String>,
    /// Where the editor draws it: x and y.
    pub at: Option<Vec<i32>>,
    pub does: ApprovalNodeDoes,
}

/// What a node does; which of these it has depends on its `type`.
#[derive(ToSchema)]
pub struct ApprovalNodeDoes {
    /// `start`, `approve`, `branch`, `fork`, `join`, `task`, `approved`, `rejected`.
    #[schema(rename = "type", example = "approve")]
    pub kind: String,
    /// start, approve, join, task: the node that follows.
    pub next: Option<String>,
    /// approve: how those who are asked come to one answer.
    pub method: Option<ApprovalMethod>,
    /// approve, task: who is asked.
    pub who: Option<Vec<ApprovalSource>>,
    /// approve, task: what becomes of it when that is nobody.
    pub nobody: Option<ApprovalNobody>,
    /// approve: fields that whoever is asked may change while he agrees.
    pub may_edit: Option<Vec<String>>,
    /// approve, task: fields that he must fill.
    pub must_fill: Option<Vec<String>>,
    /// approve: where it goes when the node does not agree.
    pub rejects: Option<ApprovalRejects>,
    /// approve: when the one to be asked is the submitter: `asks`, `agrees` or `manager`.
    pub submitter: Option<String>,
    /// approve: who has agreed already in this approval is not asked again.
    pub agreed_already: Option<bool>,
    /// approve: whoever agrees must say something.
    pub comment_required: Option<bool>,
    /// approve, task.
    pub limit: Option<ApprovalLimit>,
    /// task: what is to be done.
    pub instruction: Option<String>,
    /// branch: the first whose condition holds is taken. Objects with `name`, `when` (a condition) and `to`. fork: keys of nodes.
    pub ways: Option<Vec<Value>>,
    /// branch: the node when no way is open.
    pub otherwise: Option<String>,
    /// fork: where all ways come together.
    pub join: Option<String>,
}

#[derive(ToSchema)]
pub struct ApprovalMethod {
    /// `standard` (whoever answers first), `countersign`, `step_by_step`, `named_order`.
    #[schema(rename = "type", example = "standard")]
    pub kind: String,
    /// countersign: so many of a hundred; all when absent.
    pub percent: Option<u8>,
    /// step_by_step: `owner` or `submitter`, whose line of managers is followed.
    pub of: Option<String>,
    /// step_by_step: `{"type": "levels", "n": 2}`, `{"type": "role", "role": …}` or `{"type": "department_head"}`.
    #[schema(value_type = Option<Object>)]
    pub until: Option<Value>,
}

/// Who is asked.
#[derive(ToSchema)]
pub struct ApprovalSource {
    /// `person`, `department`, `department_head`, `group`, `role`, `owner`, `submitter`, `manager`, `team`, `field`.
    #[schema(rename = "type", example = "manager")]
    pub kind: String,
    /// person, department, group.
    pub id: Option<String>,
    /// department: those of the departments below it, too.
    pub with_sub: Option<bool>,
    /// manager, department_head: of the `owner` or the `submitter`.
    pub of: Option<String>,
    /// manager, department_head: so many levels above that.
    pub up: Option<u32>,
    /// role; team: those who play this part, all of it when absent.
    pub role: Option<String>,
    /// field: whom it names, here or across references.
    #[schema(example = "account.owner")]
    pub path: Option<String>,
}

#[derive(ToSchema)]
pub struct ApprovalNobody {
    /// `skip`, `person`, `administrators`, `fail`.
    #[schema(rename = "type", example = "administrators")]
    pub kind: String,
    pub id: Option<String>,
}

#[derive(ToSchema)]
pub struct ApprovalRejects {
    /// `end`, `previous`, `node`, `initiator`.
    #[schema(rename = "type", example = "end")]
    pub kind: String,
    /// node: an earlier one.
    pub node: Option<String>,
    /// initiator: it comes back to the node that rejected, not to the start.
    pub back_to_node: Option<bool>,
}

/// How long somebody has, in hours of the calendar.
#[derive(ToSchema)]
pub struct ApprovalLimit {
    pub hours: u32,
    pub remind_hours_before: Option<Vec<u32>>,
    /// `remind`, `agree`, `reject`, `manager`.
    #[schema(example = "remind")]
    pub then: Option<String>,
}

/// What follows from an outcome; which of these it has depends on its `type`.
#[derive(ToSchema)]
pub struct ApprovalEffect {
    /// `set`, `change_owner`, `lock`, `unlock`, `notify`, `create_task`, `webhook`.
    #[schema(rename = "type", example = "set")]
    pub kind: String,
    /// set.
    pub field: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub value: Option<Value>,
    /// change_owner: a person.
    pub to: Option<String>,
    /// notify, create_task.
    pub who: Option<Vec<ApprovalSource>>,
    /// notify.
    pub text: Option<String>,
    /// create_task.
    pub subject: Option<String>,
    pub due_in_days: Option<u32>,
    /// webhook: what it is told.
    pub name: Option<String>,
}

/// An approval flow as it shall be. The product's own (`version`, `position`, `running`, `refs`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveApprovalFlow {
    /// Where it is only checked: which flow is being drawn.
    pub id: Option<String>,
    /// Small letters, digits and underscores; at most 100.
    pub api_name: String,
    /// At most 100 characters.
    pub name: String,
    /// At most 500 characters.
    pub description: Option<String>,
    #[schema(example = "opportunity")]
    pub object: String,
    #[schema(example = "create")]
    pub trigger: String,
    pub fields: Option<Vec<String>>,
    pub stages: Option<Vec<String>>,
    /// `changed`, `changed_from` and `changed_to` have a meaning with the trigger `edit`.
    pub condition: Option<Condition>,
    pub active: Option<bool>,
    #[schema(example = "submitter")]
    pub initiated_as: Option<String>,
    pub owner_may_withdraw: Option<bool>,
    pub nodes: Vec<ApprovalNode>,
    pub approved: Option<Vec<ApprovalEffect>>,
    pub rejected: Option<Vec<ApprovalEffect>>,
}

/// An object that takes flows.
#[derive(ToSchema)]
pub struct ApprovalObject {
    #[schema(example = "opportunity")]
    pub object: String,
    /// The acts on its records that can be caught.
    pub triggers: Vec<String>,
}

#[derive(ToSchema)]
pub struct ApprovalFlows {
    pub items: Vec<ApprovalFlow>,
    pub objects: Vec<ApprovalObject>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct ApprovalFlowOrder {
    /// Every flow, topmost first.
    pub ids: Vec<String>,
}

/// A flow as it was saved once.
#[derive(ToSchema)]
pub struct ApprovalFlowVersion {
    pub version: i64,
    pub at: String,
    pub by: String,
    pub flow: ApprovalFlow,
}

#[derive(ToSchema)]
pub struct ApprovalFlowVersions {
    pub items: Vec<ApprovalFlowVersion>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct ApprovalFlowChecked {
    /// None: it can be saved.
    pub violations: Vec<Violation>,
}

/// What is asked about: an act of somebody on a record.
#[derive(ToSchema)]
pub struct ApprovalSimulation {
    #[schema(example = "opportunity")]
    pub object: String,
    /// One that is there; one that is to be created when absent.
    pub record: Option<String>,
    /// A trigger: `create`, `edit`, `stage` …
    #[schema(example = "create")]
    pub act: String,
    /// What the act gives fields; with `change_owner`, as `owner`, to whom it goes.
    #[schema(value_type = Option<Object>)]
    pub fields: Option<Value>,
    /// With `stage`: the stage that is entered; the next when absent.
    pub stage: Option<String>,
    /// Who does it; the caller when absent.
    pub submitter: Option<String>,
    /// A flow as it is being drawn, tried in the place of the saved one; last when it is new.
    pub flow: Option<SaveApprovalFlow>,
}

/// A flow in short; `id` is null for one that is not saved yet.
#[derive(ToSchema)]
pub struct ApprovalFlowName {
    pub id: Option<String>,
    pub name: String,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct ApprovalFlowTried {
    pub flow: ApprovalFlowName,
    /// Null for the one that catches. `code`: `trigger`, `inactive`, `stage_not_approved` (the process does not have this stage approved, or it
    /// is no such move), `stage`, `fields` (none of its fields changes), `condition` with the `rows` that do not hold, `earlier` with the name of
    /// the one above that catches, as `by`.
    #[schema(value_type = Option<Object>)]
    pub why_not: Option<Value>,
}

/// A node that is come to where everybody agrees.
#[derive(ToSchema)]
pub struct ApprovalStepAhead {
    pub node: String,
    pub name: String,
    /// `standard`, `countersign`, `step_by_step`, `named_order`, or `task`.
    #[schema(example = "standard")]
    pub how: String,
    pub people: Vec<String>,
    /// Those of them who do not need to answer: the submitter himself, or who has agreed before.
    pub agree_by_themselves: Vec<String>,
    /// The fork inside which it lies.
    pub fork: Option<String>,
    /// Nobody is found, and the node is passed by.
    pub skipped: bool,
}

#[derive(ToSchema)]
pub struct ApprovalSimulated {
    /// The flow that catches it; none: it is done at once.
    pub flow: Option<ApprovalFlowName>,
    pub tried: Vec<ApprovalFlowTried>,
    /// The flow whose way is told: the one that catches, else the one that was sent.
    pub path_of: Option<ApprovalFlowName>,
    pub path: Vec<ApprovalStepAhead>,
    pub submitter: String,
    pub initiator: Option<String>,
    /// `approved`; `rejected`, where the way leads there by itself; `failed`, where nobody can be asked.
    pub ends: Option<String>,
    /// Why it fails.
    #[schema(value_type = Option<Object>)]
    pub fails: Option<Value>,
    /// What stands against the act itself: it would be refused before any flow is asked.
    pub refused: Vec<Violation>,
    pub refs: BTreeMap<String, Ref>,
}
