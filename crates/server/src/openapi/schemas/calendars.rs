//! Business calendars.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::Ref;

/// From an hour on, up to another.
#[derive(ToSchema)]
pub struct WorkingSpan {
    #[schema(example = "09:00")]
    pub from: String,
    /// No longer included; `24:00` is the end of the day.
    #[schema(example = "12:00")]
    pub to: String,
}

#[derive(ToSchema)]
pub struct SpecialDay {
    pub name: String,
    /// First day; of one that comes every year the year says nothing.
    #[schema(example = "2026-10-01")]
    pub from: String,
    /// Last day, included.
    #[schema(example = "2026-10-07")]
    pub to: String,
    pub yearly: bool,
    /// `holiday`, `half_day` or `working_day`.
    #[schema(example = "holiday")]
    pub kind: String,
    /// Of a half day or a working day.
    pub hours: Vec<WorkingSpan>,
    /// The day of the week whose hours a working day has, where it has none of its own.
    #[schema(example = "friday")]
    pub r#as: Option<String>,
}

#[derive(ToSchema)]
pub struct BusinessCalendar {
    pub id: String,
    pub version: i64,
    pub name: String,
    /// The organisation's when absent.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: Option<String>,
    /// The hours of `monday` … `sunday`.
    pub week: BTreeMap<String, Vec<WorkingSpan>>,
    pub days: Vec<SpecialDay>,
    /// The organisation's own.
    pub standard: bool,
    /// Departments for which it holds, with those below that have no other.
    pub departments: Vec<String>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct BusinessCalendars {
    pub items: Vec<BusinessCalendar>,
    pub refs: BTreeMap<String, Ref>,
}

/// A calendar as it shall be. `id`, `version` and `refs` may stand in it and change nothing.
#[derive(ToSchema)]
pub struct SaveBusinessCalendar {
    pub name: String,
    pub time_zone: Option<String>,
    pub week: Option<BTreeMap<String, Vec<WorkingSpan>>>,
    pub days: Option<Vec<SpecialDay>>,
    pub standard: Option<bool>,
    pub departments: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct Reckon {
    #[schema(example = "2026-11-27T08:00:00Z")]
    pub from: String,
    pub to: Option<String>,
    /// Working time to be added.
    pub seconds: Option<i64>,
}

#[derive(ToSchema)]
pub struct Reckoned {
    /// Whether `from` is working time.
    pub is_working: bool,
    /// When working time is next; `from` itself where it is.
    pub next_opening: Option<String>,
    /// Working time up to `to`.
    pub seconds: Option<i64>,
    /// When `seconds` of working time have passed; absent where so much is not to come.
    pub at: Option<String>,
    /// The hours of the day of `from`.
    pub hours: Vec<WorkingSpan>,
    /// The name of the special day, where it is one.
    pub day: Option<String>,
    pub time_zone: String,
}

#[derive(ToSchema)]
pub struct DaysText {
    pub text: String,
}

#[derive(ToSchema)]
pub struct UnreadLine {
    pub line: u32,
    pub text: String,
}

#[derive(ToSchema)]
pub struct DaysRead {
    pub days: Vec<SpecialDay>,
    pub unread: Vec<UnreadLine>,
}
