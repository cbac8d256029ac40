//! People and departments.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Ref, Violation};

#[derive(ToSchema)]
pub struct DepartmentInTree {
    pub id: String,
    pub version: i64,
    pub name: Option<String>,
    pub parent: Option<String>,
    pub head: Option<String>,
    pub assistants: Option<Vec<String>>,
    /// Active people whose primary department it is; null for one who may not know of it.
    pub people: Option<i64>,
    /// The same with the departments below it.
    pub people_below: Option<i64>,
}

#[derive(ToSchema)]
pub struct Departments {
    pub items: Vec<DepartmentInTree>,
    /// Active people without a primary department.
    pub without_department: Option<i64>,
    pub refs: BTreeMap<String, Ref>,
}

/// How many records of an object a person owns: open and closed ones apart where there are both.
#[derive(ToSchema)]
pub struct Owns {
    pub object: String,
    /// `open`, `closed` or `all`.
    pub part: String,
    pub count: i64,
}

#[derive(ToSchema)]
pub struct Standing {
    pub person: String,
    pub owns: Vec<Owns>,
    /// Who reports to him.
    pub reports: Vec<String>,
    pub groups: Vec<String>,
    /// Departments whose head he is.
    pub heads: Vec<String>,
    /// Departments in which he assists.
    pub assists: Vec<String>,
    /// Approval flows that name him; told to administrators.
    pub approval_flows: Vec<FlowNaming>,
    pub refs: BTreeMap<String, Ref>,
}

/// A record that goes to somebody certain.
#[derive(ToSchema)]
pub struct NamedRecord {
    pub id: String,
    pub to: String,
}

/// Who gets the records of one object.
#[derive(ToSchema)]
pub struct Spread {
    pub object: String,
    /// `open` or `closed` opportunities; `all` of other objects, also when absent.
    pub part: Option<String>,
    /// People among whom they are spread evenly.
    pub receivers: Option<Vec<String>>,
    pub records: Option<Vec<NamedRecord>>,
    /// The pool into which what goes to nobody else is put.
    pub pool: Option<String>,
    /// They stay with him; closed opportunities only.
    pub stay: Option<bool>,
}

/// Who takes a place; nobody when null.
#[derive(ToSchema)]
pub struct Heir {
    pub to: Option<String>,
}

#[derive(ToSchema)]
pub struct Disable {
    pub spread: Option<Vec<Spread>>,
    /// The manager of those who reported to him; his own when absent.
    pub reports: Option<Heir>,
    /// The head of the departments that he led; nobody when absent.
    pub heads: Option<Heir>,
    /// Who takes his place in teams; he stays in them when absent.
    pub teams: Option<Heir>,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Receiver {
    pub person: String,
    pub gets: i64,
    /// What he has already.
    pub holds: i64,
    /// How many more he may have; null without a limit.
    pub room: Option<i64>,
}

#[derive(ToSchema)]
pub struct HandedOver {
    pub object: String,
    pub part: String,
    pub count: i64,
    /// Whether they may stay with somebody who leaves.
    pub may_stay: bool,
    pub stays: bool,
    /// Those whom nobody gets yet.
    pub nobodys: i64,
    /// The pool that gets what goes to nobody else, and how many that are.
    pub pool: Option<String>,
    pub into_pool: i64,
    pub receivers: Vec<Receiver>,
}

#[derive(ToSchema)]
pub struct PeopleTo {
    pub people: Vec<String>,
    pub to: Option<String>,
}

#[derive(ToSchema)]
pub struct DepartmentsTo {
    pub departments: Vec<String>,
    pub to: Option<String>,
}

#[derive(ToSchema)]
pub struct DepartmentsLeft {
    pub departments: Vec<String>,
}

#[derive(ToSchema)]
pub struct GroupsLeft {
    pub groups: Vec<String>,
}

#[derive(ToSchema)]
pub struct RuleLeft {
    pub id: String,
    pub name: String,
    pub object: String,
    /// It gave to him alone, and is in force no more.
    pub put_aside: bool,
}

#[derive(ToSchema)]
pub struct Teams {
    /// How many records they are of.
    pub records: i64,
    pub leaves: bool,
    pub to: Option<String>,
}

#[derive(ToSchema)]
pub struct TasksBack {
    pub count: i64,
}

/// What became of it, or would. The answer to a repetition has its first three and `repeated` alone.
#[derive(ToSchema)]
pub struct Disabled {
    /// `disabled`.
    pub result: String,
    pub dry_run: bool,
    pub person: String,
    pub repeated: Option<bool>,
    pub objects: Option<Vec<HandedOver>>,
    pub reports: Option<PeopleTo>,
    pub heads: Option<DepartmentsTo>,
    pub assists: Option<DepartmentsLeft>,
    pub groups: Option<GroupsLeft>,
    /// Open tasks that went back to whoever had asked him.
    pub tasks: Option<TasksBack>,
    /// Rules that gave to him by name, and give to him no more.
    pub sharing_rules: Option<Vec<RuleLeft>>,
    /// Approval flows that name him: they stay as they are, and his manager is asked in his place.
    pub approval_flows: Option<Vec<FlowNaming>>,
    pub teams: Option<Teams>,
    /// Sessions and tokens that end.
    pub sessions: Option<i64>,
    pub tokens: Option<i64>,
    /// Of a dry run: what stands against it.
    pub violations: Option<Vec<Violation>>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

/// An approval flow that names somebody.
#[derive(ToSchema)]
pub struct FlowNaming {
    pub id: String,
    pub name: String,
    pub object: String,
    pub active: bool,
}

#[derive(ToSchema)]
pub struct Enable {
    pub reason: Option<String>,
}

#[derive(ToSchema)]
pub struct Enabled {
    /// `enabled`.
    pub result: String,
    pub person: String,
}
