//! What waits for one, and deputies.

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

use super::Ref;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TodoQuery {
    /// Items of one kind alone: `task`, `follow_up`, `lead`, `close_date`, `stage_overdue`, `stage_task`, `join_request`, `approval`.
    pub kind: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct TodoCounts {
    pub overdue: i64,
    /// Due before one's day ends.
    pub today: i64,
    pub later: i64,
    /// Due at no time.
    pub none: i64,
    /// What waits now: overdue, due today, and requests and approvals whenever they are to be answered.
    pub badge: i64,
    /// How many there are of each kind.
    pub kinds: BTreeMap<String, i64>,
}

/// One thing that waits.
#[derive(ToSchema)]
pub struct TodoItem {
    #[schema(example = "task")]
    pub kind: String,
    /// Of the task, the activity, the lead, the opportunity, the stage task, the request, the approval.
    pub id: String,
    pub title: String,
    /// What it is about: what a task or next step regards, else the item itself.
    pub object: Option<String>,
    pub record: Option<String>,
    /// The object of the item itself; `stage_task`, `join_request` or `approval` for one that is none.
    pub item_object: String,
    pub version: i64,
    /// Of a date: when that day is over by one's own clock.
    pub due_at: Option<String>,
    pub overdue: bool,
    pub priority: Option<String>,
    pub assignee: Option<String>,
    /// `complete`, `postpone`; of an approval `agree`, `reject`.
    pub can: Vec<String>,
    /// The absent person for whom one stands in.
    pub on_behalf_of: Option<String>,
    /// Of a stage task: the stage, and whether it is required there.
    pub stage: Option<String>,
    pub required: Option<bool>,
    /// Of a request: who asks.
    pub by: Option<String>,
    /// Of an approval: the number of one's task in it, the act that waits, the names of flow and node.
    pub task: Option<i64>,
    pub what: Option<String>,
    pub flow_name: Option<String>,
    pub node_name: Option<String>,
}

#[derive(ToSchema)]
pub struct Todo {
    pub counts: TodoCounts,
    pub items: Vec<TodoItem>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

/// Who stands in for one.
#[derive(ToSchema)]
pub struct Deputy {
    pub deputy: Option<String>,
    pub from: Option<String>,
    /// Until it is taken back, when absent.
    pub until: Option<String>,
    /// He stands in now.
    pub active: bool,
    pub version: i64,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct NameDeputy {
    /// Nobody, when absent or null.
    pub deputy: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub version: Option<i64>,
}

/// Somebody for whom one stands in.
#[derive(ToSchema)]
pub struct Absent {
    pub person: String,
    pub until: Option<String>,
}

#[derive(ToSchema)]
pub struct DeputyOf {
    pub items: Vec<Absent>,
    pub refs: BTreeMap<String, Ref>,
}
