//! Processes, settings, roles.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Condition, Label, Violation};

#[derive(ToSchema)]
pub struct DepartmentScope {
    pub id: String,
    pub with_sub: bool,
}

/// Who may use a process, judged on the record's owner. All empty: everybody.
#[derive(ToSchema)]
pub struct Who {
    pub departments: Vec<DepartmentScope>,
    pub people: Vec<String>,
    pub roles: Vec<String>,
}

#[derive(ToSchema)]
pub struct StageRules {
    pub stage: String,
    pub duration_seconds: Option<i64>,
    pub allow_skip: Option<bool>,
    pub win_rate: Option<String>,
    pub forecast_category: Option<String>,
    pub guidance: Option<String>,
    pub completion_condition: Option<Condition>,
    pub entry_condition: Option<Condition>,
    pub required_fields: Option<Vec<String>>,
    pub ignore_normal: Option<bool>,
    pub must_have_completed: Option<Vec<String>>,
    pub prompt: Option<String>,
}

#[derive(ToSchema)]
pub struct Process {
    /// Absent in a new one.
    pub id: Option<String>,
    pub name: String,
    pub description: Option<String>,
    pub active: Option<bool>,
    pub precedence: Option<i64>,
    pub version: Option<i64>,
    pub object: Option<String>,
    pub field: Option<String>,
    pub back_moves: Option<bool>,
    pub who: Option<Who>,
    pub entry_condition: Option<Condition>,
    pub stages: Vec<StageRules>,
}

#[derive(ToSchema)]
pub struct Processes {
    pub items: Vec<Process>,
}

#[derive(ToSchema)]
pub struct SavedProcess {
    pub process: Process,
    pub warnings: Vec<Violation>,
}

#[derive(ToSchema)]
pub struct Organisation {
    pub name: String,
    pub main_currency: String,
    pub time_zone: String,
    pub week_start: String,
    pub fiscal_year_start_month: i8,
    pub language: String,
}

#[derive(ToSchema)]
pub struct UpdateOrganisation {
    pub name: Option<String>,
    pub main_currency: Option<String>,
    pub time_zone: Option<String>,
    pub week_start: Option<String>,
    pub fiscal_year_start_month: Option<i8>,
    pub language: Option<String>,
}

#[derive(ToSchema)]
pub struct Rate {
    #[schema(example = "EUR")]
    pub currency: String,
    #[schema(example = "2026-11-23")]
    pub day: String,
    #[schema(example = "1.08")]
    pub rate: String,
}

#[derive(ToSchema)]
pub struct Rates {
    pub items: Vec<Rate>,
}

#[derive(ToSchema)]
pub struct ObjectRights {
    pub acts: Vec<String>,
    /// Fields that differ from writing: `hidden` or `read`.
    pub fields: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct Role {
    pub key: String,
    pub name: Label,
    pub see_all: bool,
    pub administrator: bool,
    /// Reads the trace of everything.
    pub reads_audit: bool,
    /// By object; `*` stands for every object not named.
    pub objects: BTreeMap<String, ObjectRights>,
}

#[derive(ToSchema)]
pub struct Roles {
    pub items: Vec<Role>,
}
