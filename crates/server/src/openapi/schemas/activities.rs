//! What happened about a record, and what people say of it.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Ref;

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
    pub reason: Option<String>,
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
