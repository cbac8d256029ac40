//! Who sees what, and why.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Recipient, Ref};

/// Why somebody sees a record.
#[derive(ToSchema)]
pub struct AccessReason {
    /// `owner`, `manager`, `head`, `assistant`, `team`, `share`, `task` (an open one about it), `assignee` (of the task itself), `stage_task`
    /// (an open one of the stage in which it stands), `approval` (one that runs asks him, or has), `pool` (is in the pool in which it lies), `ownerless`, `parent`, `role` (sees all records),
    /// `public`.
    #[schema(example = "manager")]
    pub why: String,
    /// What it lets one do: `read` or `read_write`; roles say the rest.
    pub level: String,
    /// Of a manager the people from the owner's manager up to him, of heads and assistants the departments from the owner's up to theirs.
    pub chain: Option<Vec<String>>,
    /// Of heads and assistants, the one that they lead.
    pub department: Option<String>,
    /// The part in the team, or the role that sees all.
    pub role: Option<String>,
    /// The open task, or stage task, by which it is given.
    pub task: Option<String>,
    /// The approval that asks him.
    pub approval: Option<String>,
    /// Of a share; blank where it looks at what one may not know of.
    pub rule: Option<String>,
    /// Of one that lies in a pool; blank where one is not in the pool oneself.
    pub pool: Option<String>,
    pub name: Option<String>,
    pub to: Option<Recipient>,
    /// Of a parent: the record that this one belongs to, and the field that says so.
    pub object: Option<String>,
    pub record: Option<String>,
    pub field: Option<String>,
    /// Why he sees the parent; none where one does not see it oneself.
    #[schema(no_recursion)]
    pub reasons: Option<Vec<AccessReason>>,
}

#[derive(ToSchema)]
pub struct SeeingPerson {
    pub person: String,
    /// `read` or `read_write`.
    pub level: String,
    /// The acts that his roles allow him on it.
    pub acts: Vec<String>,
    pub reasons: Vec<AccessReason>,
}

#[derive(ToSchema)]
pub struct RecordAccess {
    /// `private`, `public_read`, `public_write`, or `{"by_parent": field}`.
    pub base: Value,
    /// What whoever may read the object may do with the record; blank where it is not for everybody.
    pub everybody: Option<String>,
    pub people: Vec<SeeingPerson>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
    pub count: i64,
}

#[derive(ToSchema)]
pub struct Missing {
    /// `inactive`, `no_read_right`, `not_given`.
    pub code: String,
    pub params: Value,
}

#[derive(ToSchema)]
pub struct PersonAccess {
    pub person: String,
    pub sees: bool,
    /// `none`, `read` or `read_write`.
    pub level: String,
    pub acts: Vec<String>,
    pub reasons: Vec<AccessReason>,
    pub missing: Vec<Missing>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct Below {
    pub count: i64,
    /// The first of them.
    pub people: Vec<String>,
}

#[derive(ToSchema)]
pub struct SeenBy {
    /// `owner`, `below`, `team`, `share`, `task`.
    pub why: String,
    pub count: i64,
}

#[derive(ToSchema)]
pub struct SightOfObject {
    pub object: String,
    pub base: Value,
    pub acts: Vec<String>,
    /// Records that he sees.
    pub visible: i64,
    /// By what; a record may count for several.
    pub by: Vec<SeenBy>,
    pub hidden_fields: Vec<String>,
    pub read_only_fields: Vec<String>,
}

#[derive(ToSchema)]
pub struct Sight {
    pub person: String,
    pub active: bool,
    pub roles: Vec<String>,
    pub sees_all: bool,
    pub administrator: bool,
    /// His own and those above them.
    pub departments: Vec<String>,
    pub groups: Vec<String>,
    pub below: Below,
    pub objects: Vec<SightOfObject>,
    pub refs: BTreeMap<String, Ref>,
}

/// A record with the reasons.
#[derive(ToSchema)]
pub struct SeenRecord {
    pub object: String,
    pub id: String,
    pub version: i64,
    pub revision: i64,
    /// Its name and a little more.
    pub fields: BTreeMap<String, Value>,
    pub level: Option<String>,
    pub reasons: Vec<AccessReason>,
}

#[derive(ToSchema)]
pub struct SeenRecords {
    pub items: Vec<SeenRecord>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}
