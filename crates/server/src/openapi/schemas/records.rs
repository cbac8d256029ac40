//! Records and what is done to all of them.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::Money;

/// The name of something mentioned.
#[derive(ToSchema)]
pub struct Ref {
    pub object: String,
    pub name: String,
}

#[derive(ToSchema)]
pub struct ExternalId {
    pub source: String,
    pub id: String,
}

/// A record. `fields` holds plain values; `refs` names every id mentioned that the reader may see.
#[derive(ToSchema)]
pub struct Record {
    #[schema(example = "opportunity")]
    pub object: String,
    pub id: String,
    /// Counts what people edited; what If-Match compares.
    pub version: i64,
    /// Counts every stored change.
    pub revision: i64,
    pub fields: BTreeMap<String, Value>,
    pub refs: Option<BTreeMap<String, Ref>>,
    /// The acts open to the reader; with single records.
    pub can: Option<Vec<String>>,
    /// Acts that one may do, but a rule stands against; with single records.
    pub cannot: Option<Vec<Cannot>>,
    /// Fields that cannot be changed as the record stands; with single quotes and orders.
    pub frozen: Option<Vec<String>>,
    /// The lock that holds it: its own, or that of what it lives in; with single records.
    pub lock: Option<Lock>,
    /// Where a record in the recycle bin leads that has become one with another; with single records.
    pub merged_into: Option<super::MergedInto>,
    /// The approval for which it waits; null or absent where none runs.
    pub approval: Option<RecordApproval>,
    /// Of a deal: its amount is what its lines come to, and nobody types another; with single records.
    pub amount_follows_lines: Option<bool>,
    pub external_ids: Option<Vec<ExternalId>>,
}

/// An approval that runs, as its record tells of it.
#[derive(ToSchema)]
pub struct RecordApproval {
    pub id: String,
    /// The act that waits: `create`, `edit`, `stage` …
    #[schema(example = "stage")]
    pub what: String,
    /// `running`, or `returned` to its initiator.
    pub state: String,
    /// Where the deal goes when it is approved.
    pub to_stage: Option<String>,
    /// The people whose turn it is.
    pub waiting_for: Vec<String>,
    /// What the reader may do with it: `agree`, `reject`, `withdraw` …; with single records.
    pub can: Option<Vec<String>>,
}

/// What was set aside is submitted again.
#[derive(ToSchema)]
pub struct Submit {
    /// An approval that ended as failed: what it asked for is asked for again.
    pub approval: Option<String>,
    pub reason: Option<String>,
    /// Leaves the approval out, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Cannot {
    pub act: String,
    /// The rule, as `record.locked`.
    pub code: String,
}

#[derive(ToSchema)]
pub struct Lock {
    /// What is locked: the record itself, or what it lives in.
    pub object: String,
    pub record: String,
    pub by: Option<String>,
    pub at: Option<String>,
}

#[derive(ToSchema)]
pub struct LetGo {
    pub object: String,
    pub field: String,
    pub count: i64,
}

#[derive(ToSchema)]
pub struct Deleted {
    /// `deleted`, or `pending_approval`.
    pub result: String,
    /// The approval that began with it.
    pub approval: Option<String>,
    /// Null, unless it waits.
    pub record: Option<Record>,
    /// How many records that lived in it went along, by object.
    pub along: BTreeMap<String, i64>,
    /// References that were taken away.
    pub let_go: Vec<LetGo>,
    pub dry_run: bool,
}

#[derive(ToSchema)]
pub struct Clone {
    /// Values that the new record has instead.
    pub fields: Option<BTreeMap<String, Value>>,
    /// Sub-objects whose records come along.
    pub with: Option<Vec<String>>,
    /// The team comes along.
    pub team: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Cloned {
    /// `cloned`.
    pub result: String,
    pub changed: bool,
    pub record: Option<Record>,
    /// How many records came along, by sub-object.
    pub taken: BTreeMap<String, i64>,
    /// Fields that had a value and stayed behind.
    pub not_copied: Vec<String>,
    pub dry_run: bool,
}

#[derive(ToSchema)]
pub struct Page {
    pub items: Vec<Record>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
    pub count: Option<i64>,
}

/// The sum of a field over one group.
#[derive(ToSchema)]
pub struct GroupTotal {
    pub field: String,
    /// Of amounts: each record converted into the main currency, then summed.
    pub main_amount: Option<String>,
    /// Of amounts: by the currency they are in.
    pub by_currency: Option<Vec<Money>>,
    /// Of numbers and percents.
    pub sum: Option<String>,
}

#[derive(ToSchema)]
pub struct Group {
    /// Null where the field is blank.
    pub value: Value,
    pub count: i64,
    /// Records that wait for the approval of their creation, or did not get it: they are in no sum.
    pub not_counted: i64,
    pub totals: Option<Vec<GroupTotal>>,
}

#[derive(ToSchema)]
pub struct Groups {
    pub items: Vec<Group>,
    pub refs: BTreeMap<String, Ref>,
    /// There are more than 200.
    pub more: bool,
    pub main_currency: String,
}

#[derive(ToSchema)]
pub struct Create {
    pub fields: BTreeMap<String, Value>,
    pub external_ids: Option<Vec<ExternalId>>,
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Update {
    pub fields: BTreeMap<String, Value>,
    pub reason: Option<String>,
    /// The reason that a stage among the fields asks for.
    pub stage_reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Saved {
    /// `saved`, `moved`, or `pending_approval`.
    pub result: String,
    /// The approval that began with it.
    pub approval: Option<String>,
    /// False when nothing differed.
    pub changed: bool,
    /// Null when the writer no longer sees it.
    pub record: Option<Record>,
    pub dry_run: bool,
}

#[derive(ToSchema)]
pub struct FieldChange {
    pub field: String,
    pub old: Value,
    pub new: Value,
}

#[derive(ToSchema)]
pub struct HistoryItem {
    pub at: String,
    pub by: String,
    /// `screen`, `api`, `mcp`, `import`, `web_form`, `command_line`, `system`.
    pub via: String,
    /// The name of the access token by which it was done, where it was done by one.
    pub token: Option<String>,
    pub act: String,
    pub reason: Option<String>,
    /// Null for what is no change of the record's own fields.
    pub revision: Option<i64>,
    pub changes: Vec<FieldChange>,
    /// With the act `team`: its members before and after.
    pub team: Option<TeamChange>,
    /// Records over which it was saved although it is like them.
    pub alike: Option<Vec<super::DuplicateOver>>,
}

#[derive(ToSchema)]
pub struct TeamChange {
    pub old: Vec<TeamMember>,
    pub new: Vec<TeamMember>,
}

#[derive(ToSchema)]
pub struct History {
    pub items: Vec<HistoryItem>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct ChangeOwner {
    pub owner: String,
    /// `read` or `read_write`: the former owner stays in the team.
    pub keep_as: Option<String>,
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Reason {
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct TeamMember {
    pub person: String,
    pub role: Option<String>,
    /// `read` or `read_write`.
    pub access: String,
    /// Percent of the revenue.
    pub share: Option<String>,
}

#[derive(ToSchema)]
pub struct SetTeam {
    pub members: Vec<TeamMember>,
    /// Of the team that one has seen; without it whatever is there is replaced.
    pub version: Option<String>,
}

#[derive(ToSchema)]
pub struct Team {
    pub members: Vec<TeamMember>,
    pub refs: BTreeMap<String, Ref>,
    /// Tells whether the team has been changed since one has seen it.
    pub version: String,
}

#[derive(ToSchema)]
pub struct Hit {
    pub object: String,
    pub id: String,
    pub name: String,
    /// What tells namesakes apart.
    pub detail: String,
    /// The field in which the words stand.
    pub matched: Option<String>,
}

#[derive(ToSchema)]
pub struct Found {
    pub items: Vec<Hit>,
    /// Objects of which there is more.
    pub more: Vec<String>,
}

#[derive(ToSchema)]
pub struct RecentRecord {
    pub object: String,
    pub id: String,
    pub name: String,
    /// When one looked at it.
    pub at: String,
}

#[derive(ToSchema)]
pub struct Recent {
    pub items: Vec<RecentRecord>,
}

#[derive(ToSchema)]
pub struct LookedAt {
    #[schema(example = "opportunity")]
    pub object: String,
    pub id: String,
}
