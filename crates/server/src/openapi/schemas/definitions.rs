//! Processes and settings.

use utoipa::ToSchema;

use super::{Condition, Label};

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
pub struct Organisation {
    pub name: String,
    pub main_currency: String,
    pub time_zone: String,
    pub week_start: String,
    pub fiscal_year_start_month: i8,
    pub language: String,
    /// Currencies in which amounts may be entered; all when there are none.
    #[schema(example = json!(["EUR", "USD"]))]
    pub currencies: Vec<String>,
    pub team_roles: Vec<TeamRole>,
}

/// A part that members of a record's team play.
#[derive(ToSchema)]
pub struct TeamRole {
    /// Made from the label when absent.
    #[schema(example = "pre_sales")]
    pub key: Option<String>,
    pub label: Label,
    /// One that is not stays where it is and cannot be chosen anew.
    pub active: Option<bool>,
}

#[derive(ToSchema)]
pub struct UpdateOrganisation {
    pub name: Option<String>,
    pub main_currency: Option<String>,
    pub time_zone: Option<String>,
    pub week_start: Option<String>,
    pub fiscal_year_start_month: Option<i8>,
    pub language: Option<String>,
    /// Currencies in which amounts may be entered; none for all.
    pub currencies: Option<Vec<String>>,
    /// The whole list, in its order.
    pub team_roles: Option<Vec<TeamRole>>,
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
pub struct ManyRates {
    pub rates: Vec<Rate>,
}

#[derive(ToSchema)]
pub struct RatesSet {
    pub count: i64,
}

#[derive(ToSchema)]
pub struct Rates {
    pub items: Vec<Rate>,
}
