//! Drafts and versions of processes.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Process, Ref, Violation};

#[derive(ToSchema)]
pub struct Processes {
    pub items: Vec<Process>,
    /// Drafts by the process's id; for administrators.
    pub drafts: Option<BTreeMap<String, DraftInShort>>,
}

#[derive(ToSchema)]
pub struct DraftInShort {
    pub name: String,
    /// Counts its savings.
    pub version: i64,
    /// The published version that it was begun from; 0: none was published yet.
    pub based_on: i64,
    #[schema(example = "2026-11-26T08:00:00Z")]
    pub at: String,
    pub by: String,
}

#[derive(ToSchema)]
pub struct SavedProcess {
    pub process: Process,
    pub warnings: Vec<Violation>,
}

/// What an administrator works on, and nobody obeys yet.
#[derive(ToSchema)]
pub struct ProcessDraft {
    pub process: Process,
    /// Counts its savings; for `If-Match`.
    pub version: i64,
    /// The published version that it was begun from; 0: none was published yet.
    pub based_on: i64,
    #[schema(example = "2026-11-26T08:00:00Z")]
    pub at: String,
    pub by: String,
    /// What stands against publishing it.
    pub problems: Vec<Violation>,
    pub warnings: Vec<Violation>,
    /// From the version in force.
    pub differences: Vec<ProcessDifference>,
    /// Another version was published since it was begun.
    pub outdated: bool,
    pub refs: BTreeMap<String, Ref>,
}

/// A setting that differs.
#[derive(ToSchema)]
pub struct ProcessDifference {
    #[schema(example = "stages/proposal/win_rate")]
    pub path: String,
    /// `added`, `removed`, `changed`, `moved`.
    #[schema(example = "changed")]
    pub kind: String,
    pub stage: Option<String>,
    /// Key of a stage task.
    pub task: Option<String>,
    /// Empty where a stage or a task as a whole came, went or was moved.
    #[schema(example = "win_rate")]
    pub setting: String,
    /// What was; of what was moved the place, counted from 1.
    pub old: Value,
    pub new: Value,
}

#[derive(ToSchema)]
pub struct PublishProcess {
    /// What becomes of deals that are under way: `follow` (when nothing is said) or `stay`.
    #[schema(example = "follow")]
    pub running: Option<String>,
    /// Where those go whose stage is given up, by the key of that stage: to an In Progress stage of the new version.
    #[schema(example = json!({"proposal": "negotiation"}))]
    pub mapping: Option<BTreeMap<String, String>>,
    /// What the publisher says of it.
    pub note: Option<String>,
    /// It is only judged.
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct PublishedProcess {
    pub process: Process,
    pub warnings: Vec<Violation>,
    pub running: RunningDeals,
}

/// What becomes of open deals; those in the recycle bin are counted, since they may come back.
#[derive(ToSchema)]
pub struct RunningDeals {
    pub open: i64,
    /// They obey the new version.
    pub following: i64,
    /// They obey an earlier one until they move.
    pub staying: i64,
    /// Of those that follow the ones that are taken to another stage.
    pub moved: Vec<MovedDeals>,
    /// The job that takes them there, where they are more than 500; until then they obey the version before.
    pub job: Option<String>,
}

#[derive(ToSchema)]
pub struct MovedDeals {
    pub stage: String,
    pub to: String,
    pub count: i64,
}

#[derive(ToSchema)]
pub struct ProcessVersions {
    pub items: Vec<ProcessVersionInShort>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct ProcessVersionInShort {
    pub version: i64,
    #[schema(example = "2026-11-26T08:00:00Z")]
    pub at: String,
    pub by: String,
    pub note: Option<String>,
    /// What became of deals that were under way: `follow` or `stay`.
    pub running: Option<String>,
    pub mapping: BTreeMap<String, String>,
    pub moved: Vec<MovedDeals>,
    /// How many settings differ from the version before.
    pub changes: i64,
    /// New deals take it.
    pub current: bool,
    /// Open deals that obey it now.
    pub open: i64,
}

#[derive(ToSchema)]
pub struct ProcessVersion {
    pub version: i64,
    #[schema(example = "2026-11-26T08:00:00Z")]
    pub at: String,
    pub by: String,
    pub note: Option<String>,
    pub running: Option<String>,
    pub mapping: BTreeMap<String, String>,
    pub moved: Vec<MovedDeals>,
    pub changes: i64,
    pub current: bool,
    /// Open deals that obey it now.
    pub open: i64,
    pub process: Process,
    /// From the version before.
    pub differences: Vec<ProcessDifference>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct RevertProcess {
    pub version: i64,
}

#[derive(ToSchema)]
pub struct ProcessOrder {
    /// All processes, the first first.
    pub ids: Vec<String>,
}
