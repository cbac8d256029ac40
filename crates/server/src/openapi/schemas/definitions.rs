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
    /// User groups.
    pub groups: Option<Vec<String>>,
    pub roles: Vec<String>,
}

/// Somebody, or several, named by what they are to a deal.
#[derive(ToSchema)]
pub struct Party {
    /// `owner`, `owner_manager`, `department_manager`, `creator`, `team`, `team_role`, `person`, `field`.
    pub kind: String,
    /// With `team_role`.
    pub role: Option<String>,
    /// With `person`.
    pub id: Option<String>,
    /// With `field`: one of the deal's that refers to an employee.
    pub field: Option<String>,
}

/// Who is told, and when, before or after something is due.
#[derive(ToSchema)]
pub struct StageReminder {
    /// `before`, `after`.
    pub when: String,
    /// 0 is the instant itself.
    pub seconds: i64,
    /// Only after: again every so many days.
    pub every_days: Option<i64>,
    pub to: Vec<Party>,
    pub text: Option<String>,
}

/// A page that helps in a stage.
#[derive(ToSchema)]
pub struct Link {
    pub label: String,
    pub url: String,
}

/// Which tasks of a stage complete it.
#[derive(ToSchema)]
pub struct NeededTasks {
    /// `required`, `chosen`, `number`.
    pub which: String,
    /// With `chosen`: keys of tasks.
    pub tasks: Option<Vec<String>>,
    /// With `number`.
    pub n: Option<i64>,
}

/// A field of a new record, filled from one of the deal, or of what the deal refers to.
#[derive(ToSchema)]
pub struct Fill {
    pub field: String,
    #[schema(example = "account.industry")]
    pub from: String,
}

/// A record that is created when a terminal stage is entered.
#[derive(ToSchema)]
pub struct CreateOnEntry {
    pub object: String,
    /// Its field that refers to the deal.
    pub link: String,
    pub fields: Option<Vec<String>>,
    pub fill: Option<Vec<Fill>>,
}

/// What a task asks to be done.
#[derive(ToSchema)]
pub struct TaskAct {
    /// `edit_object`, `create_object`, `edit_sub_objects`, `checklist_item`.
    pub kind: String,
    /// With `edit_object`: a reference of the deal; absent: the deal itself.
    pub of: Option<String>,
    /// With `edit_object`: fields to be filled.
    pub fields: Option<Vec<String>>,
    /// With `create_object` and `edit_sub_objects`.
    pub object: Option<String>,
    /// With `create_object`: the field that refers to the deal.
    pub link: Option<String>,
    pub fill: Option<Vec<Fill>>,
    /// An existing record may not be chosen instead.
    pub create_only: Option<bool>,
    /// Which existing ones may be chosen.
    pub choose_from: Option<Condition>,
    pub minimum: Option<i64>,
}

/// A task of a stage.
#[derive(ToSchema)]
pub struct StageTaskRules {
    /// One of the process.
    pub key: String,
    pub name: String,
    pub instructions: Option<String>,
    pub required: Option<bool>,
    pub act: TaskAct,
    /// The owner where nobody is named.
    pub assignees: Option<Vec<Party>>,
    pub due_seconds: Option<i64>,
    /// `calendar`, `working`.
    pub due_in: Option<String>,
    pub reminders: Option<Vec<StageReminder>>,
    /// It arises only for such deals.
    pub condition: Option<Condition>,
    /// It arises anew when the stage is entered again.
    pub repeat: Option<bool>,
}

#[derive(ToSchema)]
pub struct StageRules {
    pub stage: String,
    pub duration_seconds: Option<i64>,
    /// `calendar`, `working`.
    pub duration_in: Option<String>,
    pub reminders: Option<Vec<StageReminder>>,
    pub allow_skip: Option<bool>,
    /// Completing it needs an approval, by the flow that catches it.
    pub approval: Option<bool>,
    pub win_rate: Option<String>,
    pub forecast_category: Option<String>,
    pub guidance: Option<String>,
    pub links: Option<Vec<Link>>,
    pub tasks: Option<Vec<StageTaskRules>>,
    pub needed_tasks: Option<NeededTasks>,
    pub completion_condition: Option<Condition>,
    pub entry_condition: Option<Condition>,
    pub required_fields: Option<Vec<String>>,
    pub ignore_normal: Option<bool>,
    pub must_have_completed: Option<Vec<String>>,
    pub prompt: Option<String>,
    /// Records created upon entry. Terminal only.
    pub creates: Option<Vec<CreateOnEntry>>,
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
    /// ISO 3166 code of two letters, blank for none: phones written without a country are of this one.
    #[schema(example = "DE")]
    pub country: String,
    /// Currencies in which amounts may be entered; all when there are none.
    #[schema(example = json!(["EUR", "USD"]))]
    pub currencies: Vec<String>,
    pub team_roles: Vec<TeamRole>,
    /// Where a deal's amount comes from: `lines`: it is what its lines come to; `typed`: somebody types it.
    #[schema(example = "lines")]
    pub deal_amount: String,
    /// Which department forecasts and attainment count a deal for: `owner`: its owner's primary department now; `deal`: the one that stands in the deal.
    #[schema(example = "owner")]
    pub department_of_deals: String,
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
    pub country: Option<String>,
    /// Currencies in which amounts may be entered; none for all.
    pub currencies: Option<Vec<String>>,
    /// The whole list, in its order.
    pub team_roles: Option<Vec<TeamRole>>,
    /// `lines` or `typed`. With `lines` open deals are brought along in the background; closed ones stay as they are.
    pub deal_amount: Option<String>,
    /// `owner` or `deal`.
    pub department_of_deals: Option<String>,
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
    /// Currencies whose open amounts are still being converted by a rate that was set or removed: totals in the main currency are of both rates.
    #[schema(example = json!(["EUR"]))]
    pub converting: Vec<String>,
}
