//! What happened about a record, and what people say of it.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Ref, Slip};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub struct TimelineQuery {
    cursor: Option<String>,
    /// At most 100; 30 when absent.
    limit: Option<u32>,
    /// `activity`, `task`, `comment`, `team`, `created`, `stage`, `owner`, `converted`, `voided`, `restored`, `locked`, `unlocked`, `file`, `change`,
    /// divided by commas; all when absent.
    kinds: Option<String>,
    /// Of an account: what happened about its opportunities too.
    related: Option<bool>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub struct CommentsQuery {
    cursor: Option<String>,
    /// At most 200; 50 when absent.
    limit: Option<u32>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
pub struct MentionableQuery {
    /// A part of a name.
    q: Option<String>,
}

#[derive(ToSchema)]
pub struct CommentText {
    #[schema(example = "Could you look at this, @[Kim Lee](employee:019b8d62-7a80-7000-8000-00000000005a)?")]
    pub text: String,
}

#[derive(ToSchema)]
pub struct CommentCan {
    pub edit: bool,
    pub delete: bool,
}

#[derive(ToSchema)]
pub struct Comment {
    pub id: String,
    pub object: String,
    pub record: String,
    pub text: String,
    #[schema(format = DateTime)]
    pub at: String,
    pub by: String,
    /// The name of the access token by which it was written.
    pub token: Option<String>,
    #[schema(format = DateTime)]
    pub edited_at: Option<String>,
    pub version: i64,
    pub can: CommentCan,
    /// Ids of people, departments and groups in the text.
    pub mentions: Vec<String>,
    /// Of those mentioned who do not see the record and were not told; only in the answer to writing.
    pub not_seeing: Vec<String>,
    /// With a comment that comes alone.
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct Comments {
    pub items: Vec<Comment>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct MentionableOne {
    pub id: String,
    pub name: String,
    /// `employee`, `department` or `user_group`.
    pub kind: String,
    /// Of a person: he sees the record.
    pub sees: bool,
}

#[derive(ToSchema)]
pub struct Mentionable {
    pub items: Vec<MentionableOne>,
    pub more: bool,
}

#[derive(ToSchema)]
pub struct TimelineChange {
    pub field: String,
    pub old: Value,
    pub new: Value,
}

#[derive(ToSchema)]
pub struct TimelineItem {
    #[schema(format = DateTime)]
    pub at: String,
    #[schema(example = "activity")]
    pub kind: String,
    pub id: String,
    pub by: Option<String>,
    /// About which record, where it is not the one asked for.
    pub object: String,
    pub record_id: String,
    /// The activity or the task, with `can`.
    #[schema(value_type = Option<Object>)]
    pub record: Option<Value>,
    pub comment: Option<Comment>,
    pub changes: Vec<TimelineChange>,
    /// Of a changed team: `old` and `new` members.
    #[schema(value_type = Option<Object>)]
    pub team: Option<Value>,
    pub via: Option<String>,
    /// The name of the access token by which it was done.
    pub token: Option<String>,
    pub reason: Option<String>,
    /// Of a deal that entered a stage: how, and from where.
    #[schema(rename = "move")]
    pub moved: Option<TimelineMove>,
    pub slip: Option<Slip>,
    pub stage_task: Option<TimelineStageTask>,
    /// Of records that became one, or of its undoing.
    pub merge: Option<super::TimelineMerge>,
    /// Of an act that went over holding limits, because whoever did it is exempt.
    pub holding: Option<TimelineHolding>,
    /// Kind `alike`: records over which it was saved although it is like them.
    pub alike: Option<Vec<super::DuplicateOver>>,
    pub approval: Option<super::TimelineApproval>,
}

/// Limits that did not stop an act.
#[derive(ToSchema)]
pub struct TimelineHolding {
    /// Who has the record by it.
    pub owner: Option<String>,
    /// The rules, as far as one may know of them.
    pub rules: Vec<super::HoldingRuleRef>,
}

/// How a deal entered a stage.
#[derive(ToSchema)]
pub struct TimelineMove {
    pub from: Option<String>,
    pub to: String,
    /// `start`, `advance`, `skip`, `back`, `terminal`, `reopen`, `change_process` …
    pub how: String,
    /// Stages that were jumped over.
    pub skipped: Vec<String>,
    /// Codes of what stood against it and was passed by.
    pub bypassed: Vec<String>,
    /// How long it had stood where it was.
    pub seconds: Option<i64>,
    pub from_process: Option<TimelineProcess>,
    pub process: Option<TimelineProcess>,
}

#[derive(ToSchema)]
pub struct TimelineProcess {
    pub id: String,
    pub name: String,
    pub version: i64,
}

/// What was done about a task of a stage.
#[derive(ToSchema)]
pub struct TimelineStageTask {
    pub id: String,
    pub name: String,
    pub stage: String,
    /// `done`, `reopened`, `reassigned` or `skipped`.
    #[schema(example = "done")]
    pub event: String,
    pub note: Option<String>,
    /// To whom it was given.
    pub assignee: Option<String>,
}

#[derive(ToSchema)]
pub struct TimelineRelated {
    /// Opportunities whose timelines are told too.
    pub records: i64,
    /// There are older ones besides.
    pub more: bool,
}

#[derive(ToSchema)]
pub struct Timeline {
    pub items: Vec<TimelineItem>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
    pub related: TimelineRelated,
}
