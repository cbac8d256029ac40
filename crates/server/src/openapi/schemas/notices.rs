//! What one is told.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Ref;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NoticesQuery {
    /// Only those that are unread.
    pub unread: Option<bool>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// One thing that one is told.
#[derive(ToSchema)]
pub struct Notice {
    pub id: String,
    /// `mention`, `assigned`, `task_assigned`, `task_due`, `stage_due`, `stage_overdue`, `stage_task`, `stage_task_due`, `reminder`,
    /// `follow_up_due`, `lead_arrived`, `holding_room`, `import_ended`, `job_failed`, `webhook_failing`, `quote_accepted`, `quote_rejected`,
    /// `order_confirmed`, `order_cancelled`, `join_asked`, `join_answered`,
    /// `join_expired`.
    #[schema(example = "assigned")]
    pub kind: String,
    /// In one's language.
    pub title: String,
    pub text: String,
    /// What it is about.
    pub object: Option<String>,
    pub record: Option<String>,
    /// Where that is in the web app.
    #[schema(example = "/o/opportunity/0192…")]
    pub link: Option<String>,
    /// Of how many things it tells.
    pub count: i64,
    pub at: String,
    pub read_at: Option<String>,
    /// Who brought it about; absent: the product itself.
    pub by: Option<String>,
    /// The absent person whose deputy one is.
    pub on_behalf_of: Option<String>,
    /// What its words speak of.
    #[schema(value_type = Object)]
    pub params: BTreeMap<String, Value>,
}

#[derive(ToSchema)]
pub struct Notices {
    pub items: Vec<Notice>,
    /// How many are unread, of all.
    pub unread: i64,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

/// Which notices: by their ids, or all.
#[derive(ToSchema)]
pub struct MarkNotices {
    pub ids: Option<Vec<String>>,
    pub all: Option<bool>,
    /// With `all`: those told up to then.
    pub until: Option<String>,
}

#[derive(ToSchema)]
pub struct Unread {
    pub unread: i64,
}

/// How one kind is told.
#[derive(ToSchema)]
pub struct NoticeKind {
    pub kind: String,
    /// In one's language.
    pub label: String,
    pub in_app: bool,
    /// `never`, `at_once`, `digest`.
    #[schema(example = "digest")]
    pub email: String,
}

#[derive(ToSchema)]
pub struct NoticePreferences {
    pub kinds: Vec<NoticeKind>,
    /// By one's own clock.
    #[schema(example = "08:00")]
    pub digest_at: String,
    /// `monday` to `sunday`.
    pub digest_days: Vec<String>,
    pub email_available: bool,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct SaveNoticeKind {
    pub kind: String,
    pub in_app: bool,
    pub email: String,
}

#[derive(ToSchema)]
pub struct SaveNoticePreferences {
    pub kinds: Vec<SaveNoticeKind>,
    #[schema(example = "08:00")]
    pub digest_at: String,
    pub digest_days: Vec<String>,
    pub version: Option<i64>,
}
