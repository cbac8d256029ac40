//! Records that are made one.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Record, Ref};

#[derive(ToSchema)]
pub struct Merge {
    /// The records that become one with this one: one to four.
    pub losers: Vec<String>,
    /// Fields with the record whose value is taken; `owner` makes that record's owner the owner.
    pub fields: Option<BTreeMap<String, String>>,
    /// The versions of the records as they were seen, by id.
    pub versions: Option<BTreeMap<String, i64>>,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Merged {
    /// `merged`.
    pub result: String,
    /// Null in a dry run.
    pub merge: Option<String>,
    /// The winner; null when one no longer sees it.
    pub record: Option<Record>,
    /// How many records moved, by object; beside them `comments`, `files`, `team` and `external_ids`.
    pub moved: BTreeMap<String, i64>,
    /// Fields of which the caller may say whose value is taken.
    pub choices: Vec<String>,
    #[schema(format = DateTime)]
    pub undo_until: String,
    pub dry_run: bool,
}

#[derive(ToSchema)]
pub struct MergeTold {
    pub id: String,
    #[schema(example = "account")]
    pub object: String,
    pub winner: String,
    pub losers: Vec<String>,
    #[schema(format = DateTime)]
    pub at: String,
    pub by: String,
    pub reason: Option<String>,
    /// Fields with the loser whose value was taken.
    pub fields: BTreeMap<String, String>,
    pub moved: BTreeMap<String, i64>,
    #[schema(format = DateTime)]
    pub undo_until: String,
    #[schema(format = DateTime)]
    pub undone_at: Option<String>,
    pub undone_by: Option<String>,
    /// `undo`.
    pub can: Vec<String>,
    /// With a single one.
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct Merges {
    pub items: Vec<MergeTold>,
    pub refs: BTreeMap<String, Ref>,
    /// Null.
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct MergeStayed {
    /// Fields of the winner that were changed since.
    pub fields: Vec<String>,
    /// Records that were led elsewhere since.
    pub references: i64,
}

#[derive(ToSchema)]
pub struct Unmerged {
    /// `undone`.
    pub result: String,
    pub merge: String,
    pub record: Option<Record>,
    /// Records that are out of the recycle bin again.
    pub restored: Vec<String>,
    /// How many records moved back, by object.
    pub moved: BTreeMap<String, i64>,
    pub stayed: MergeStayed,
    pub dry_run: bool,
}

/// Where a record in the recycle bin leads.
#[derive(ToSchema)]
pub struct MergedInto {
    #[schema(example = "account")]
    pub object: String,
    /// Null where one may not see it.
    pub id: Option<String>,
    pub name: Option<String>,
    pub merge: String,
}

#[derive(ToSchema)]
pub struct TimelineMerge {
    pub id: String,
    pub winner: String,
    pub losers: Vec<String>,
    /// It was taken back.
    pub undone: bool,
}

#[derive(ToSchema)]
pub struct ScanWanted {
    #[schema(example = "account")]
    pub object: String,
}

#[derive(ToSchema)]
pub struct ScanTold {
    pub id: String,
    pub object: Option<String>,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Records looked at, of `total`.
    pub done: i64,
    pub total: Option<i64>,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub ended_at: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DuplicateGroupsQuery {
    #[param(example = "account")]
    pub object: String,
    /// `open` when absent; `dismissed`, `merged`.
    pub state: Option<String>,
    pub cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct GroupRule {
    pub id: String,
    /// Null where the rule is gone.
    pub name: Option<String>,
}

#[derive(ToSchema)]
pub struct GroupRecord {
    pub id: String,
    pub name: Option<String>,
    pub version: i64,
    /// How alike it is to the one of the group that it is most alike to, in percent.
    pub score: i64,
    pub rule: GroupRule,
    /// What it was compared by, its owner and when it was created.
    pub fields: BTreeMap<String, Value>,
}

#[derive(ToSchema)]
pub struct DuplicateGroupTold {
    pub id: String,
    #[schema(example = "account")]
    pub object: String,
    /// `open`, `dismissed`, `merged`.
    pub state: String,
    /// The least of the likenesses that hold the group together, in percent.
    pub score: i64,
    #[schema(format = DateTime)]
    pub found_at: String,
    #[schema(format = DateTime)]
    pub decided_at: Option<String>,
    pub decided_by: Option<String>,
    pub records: Vec<GroupRecord>,
}

#[derive(ToSchema)]
pub struct DuplicateGroups {
    pub items: Vec<DuplicateGroupTold>,
    pub refs: BTreeMap<String, Ref>,
    /// The last search; null where there was none.
    pub scan: Option<ScanTold>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct GroupDecided {
    pub id: String,
    pub object: String,
    pub state: String,
}
