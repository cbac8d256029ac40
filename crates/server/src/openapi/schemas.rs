//! The shapes of bodies, for the description. The core makes the real ones; tests hold real answers against these.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// A text in the languages of the product.
#[derive(ToSchema)]
pub struct Label {
    pub en: String,
    #[schema(rename = "zh-CN")]
    pub zh_cn: Option<String>,
}

/// An exact amount in one currency.
#[derive(ToSchema)]
pub struct Money {
    #[schema(example = "1054.00")]
    pub amount: String,
    #[schema(example = "USD")]
    pub currency: String,
}

/// A record of any object.
#[derive(ToSchema)]
pub struct Regarding {
    pub object: String,
    pub id: String,
}

/// `{"all":[…]}`, `{"any":[…]}`, `{"not":…}`, `{"field":"amount","op":"ge","value":"1000"}` or
/// `{"exists":{"object":"contact_role","where":…,"at_least":1}}`.
#[derive(ToSchema)]
#[schema(value_type = Object)]
pub struct Condition(pub Value);

// Refusals

/// One reason for a refusal.
#[derive(ToSchema)]
pub struct Violation {
    #[schema(example = "field.required")]
    pub code: String,
    /// The field or place in the document.
    pub path: String,
    /// What is wrong and what to do, in the reader's language.
    pub message: String,
    pub params: BTreeMap<String, Value>,
}

/// RFC 9457.
#[derive(ToSchema)]
pub struct Problem {
    #[schema(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    #[schema(example = "stage.requirements_unmet")]
    pub code: String,
    pub request_id: String,
    /// All of them at once.
    pub violations: Vec<Violation>,
    /// The present record, when somebody else was faster.
    pub record: Option<Record>,
}

// Signing in

#[derive(ToSchema)]
pub struct DemoPerson {
    pub email: String,
    pub name: String,
    pub title: Option<String>,
}

#[derive(ToSchema)]
pub struct SetupState {
    pub needs_setup: bool,
    pub demo: bool,
    pub demo_people: Vec<DemoPerson>,
    pub organisation: String,
    pub language: String,
    pub languages: Vec<String>,
    pub version: String,
}

#[derive(ToSchema)]
pub struct SetUp {
    pub organisation: String,
    #[schema(example = "USD")]
    pub main_currency: String,
    #[schema(example = "Europe/Berlin")]
    pub time_zone: String,
    #[schema(example = "en")]
    pub language: String,
    pub name: String,
    pub email: String,
    /// At least 10 characters.
    pub password: String,
}

#[derive(ToSchema)]
pub struct Login {
    pub email: String,
    pub password: String,
}

#[derive(ToSchema)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
}

#[derive(ToSchema)]
pub struct RoleName {
    pub key: String,
    pub name: Label,
}

#[derive(ToSchema)]
pub struct Me {
    pub person: Person,
    pub roles: Vec<RoleName>,
    /// What one may do, by object.
    pub acts: BTreeMap<String, Vec<String>>,
    pub admin: bool,
    pub language: String,
    pub time_zone: String,
    /// For `X-CSRF-Token`; null for programs.
    pub csrf_token: Option<String>,
    pub organisation: Organisation,
    pub meta_version: i64,
}

#[derive(ToSchema)]
pub struct UpdateMe {
    pub language: Option<String>,
    pub time_zone: Option<String>,
}

#[derive(ToSchema)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

#[derive(ToSchema)]
pub struct SetPassword {
    pub password: String,
}

#[derive(ToSchema)]
pub struct CreateToken {
    pub name: String,
    /// RFC 3339; without it the token does not expire.
    pub expires_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Token {
    pub id: String,
    pub name: String,
    /// The secret; only in the answer to its making.
    pub token: Option<String>,
    pub created_at: Option<String>,
    pub expires_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Tokens {
    pub items: Vec<Token>,
}

// Objects

/// An option of a select field.
#[derive(ToSchema)]
pub struct Choice {
    pub key: Option<String>,
    pub label: Label,
    pub active: Option<bool>,
    /// Of stages: `in_progress`, `won`, `lost`, `invalid`.
    pub stage_type: Option<String>,
    pub colour: Option<String>,
}

#[derive(ToSchema)]
pub struct Field {
    pub key: String,
    pub label: Label,
    pub help: Option<Label>,
    #[schema(rename = "type", example = "currency")]
    pub kind: String,
    pub required: bool,
    pub unique: bool,
    pub read_only: bool,
    pub system: bool,
    pub sortable: bool,
    pub filterable: bool,
    pub default: Option<Value>,
    /// `read` or `write`.
    pub access: String,
    pub options: Option<Vec<Choice>>,
    /// The object that a reference leads to.
    pub object: Option<String>,
    pub scale: Option<u32>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub max_length: Option<u32>,
    pub pattern: Option<String>,
    pub required_when: Option<Condition>,
    pub visible_when: Option<Condition>,
}

#[derive(ToSchema)]
pub struct Master {
    pub object: String,
    pub field: String,
}

#[derive(ToSchema)]
pub struct Object {
    pub key: String,
    pub label: Label,
    pub plural: Label,
    pub preset: bool,
    pub owned: bool,
    /// Who sees a record when nothing else gives it: `private`, `public_read`, `public_write`, `{by_parent: field}`.
    pub base: Value,
    pub name_field: String,
    pub master: Option<Master>,
    pub acts: Vec<String>,
    pub fields: Vec<Field>,
}

#[derive(ToSchema)]
pub struct Objects {
    pub meta_version: i64,
    pub objects: Vec<Object>,
}

#[derive(ToSchema)]
pub struct SetOptions {
    /// The whole list in its order. An option without a key gets one from its label.
    pub options: Vec<Choice>,
}

#[derive(ToSchema)]
pub struct Options {
    pub options: Vec<Choice>,
    pub meta_version: i64,
}

// Records

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
    pub external_ids: Option<Vec<ExternalId>>,
}

#[derive(ToSchema)]
pub struct Page {
    pub items: Vec<Record>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
    pub count: Option<i64>,
}

#[derive(ToSchema)]
pub struct Create {
    pub fields: BTreeMap<String, Value>,
    pub external_ids: Option<Vec<ExternalId>>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Update {
    pub fields: BTreeMap<String, Value>,
    pub reason: Option<String>,
    /// The reason that a stage among the fields asks for.
    pub stage_reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Saved {
    /// `saved` or `moved`.
    pub result: String,
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
    /// `screen`, `api`, `import`, `command_line`, `system`.
    pub via: String,
    pub act: String,
    pub reason: Option<String>,
    pub revision: i64,
    pub changes: Vec<FieldChange>,
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
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Reason {
    pub reason: Option<String>,
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
}

#[derive(ToSchema)]
pub struct Team {
    pub members: Vec<TeamMember>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct Hit {
    pub object: String,
    pub id: String,
    pub name: String,
    pub detail: String,
}

#[derive(ToSchema)]
pub struct Found {
    pub items: Vec<Hit>,
}

// Opportunities

#[derive(ToSchema)]
pub struct MoveStage {
    #[schema(example = "proposal")]
    pub stage: String,
    /// Saved with the move.
    pub fields: Option<BTreeMap<String, Value>>,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Reopen {
    pub stage: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct ProcessName {
    pub id: String,
    pub name: String,
}

/// One thing that stands between a deal and a stage.
#[derive(ToSchema)]
pub struct Requirement {
    pub code: String,
    pub stage: String,
    pub message: String,
    pub path: Option<String>,
    pub params: BTreeMap<String, Value>,
    /// `you`, `owner`, `administrator`.
    pub fixable_by: String,
}

#[derive(ToSchema)]
pub struct PathStage {
    pub key: String,
    pub label: Label,
    /// `in_progress`, `won`, `lost`, `invalid`.
    #[schema(rename = "type")]
    pub kind: String,
    /// `done`, `current`, `skipped`, `upcoming`.
    pub state: String,
    pub entered_at: Option<String>,
    pub left_at: Option<String>,
    pub seconds: Option<i64>,
    pub due_at: Option<String>,
    pub overdue: bool,
    pub win_rate: Option<String>,
    pub guidance: Option<String>,
    pub prompt: Option<String>,
    /// Nothing stands in the way but what the dialog of the move asks for.
    pub reachable: bool,
    pub requirements: Vec<Requirement>,
    pub asks: Vec<String>,
    pub asks_reason: bool,
}

#[derive(ToSchema)]
pub struct Path {
    pub process: ProcessName,
    pub version: i64,
    pub current: String,
    pub stages: Vec<PathStage>,
}

#[derive(ToSchema)]
pub struct Stay {
    pub stage: String,
    pub entered_at: String,
    pub left_at: Option<String>,
    pub to_stage: Option<String>,
    pub entered_by: Option<String>,
    pub left_by: Option<String>,
    /// `start`, `advance`, `skip`, `back`, `terminal`, `reopen` …
    pub how: Option<String>,
    pub reason: Option<String>,
    /// In Progress stages that were jumped over on entering.
    pub skipped: Vec<String>,
    /// Until it was left, or now.
    pub seconds: i64,
    /// Counts the runs of a deal: each reopening begins another.
    pub run: i64,
    pub terminal: bool,
}

#[derive(ToSchema)]
pub struct Stays {
    pub items: Vec<Stay>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct BoardColumn {
    pub stage: String,
    pub label: Option<Label>,
    #[schema(rename = "type")]
    pub kind: Option<String>,
    pub colour: Option<String>,
    pub win_rate: Option<String>,
    pub count: i64,
    pub totals: Vec<Money>,
    /// All amounts, in the main currency.
    pub amount_main: String,
    /// Amounts times win rates, in the main currency.
    pub weighted_main: String,
    pub overdue: i64,
    pub items: Vec<Record>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct Board {
    pub process: ProcessName,
    pub columns: Vec<BoardColumn>,
    pub main_currency: String,
    pub refs: BTreeMap<String, Ref>,
}

// Definitions

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
    /// By object; `*` stands for every object not named.
    pub objects: BTreeMap<String, ObjectRights>,
}

#[derive(ToSchema)]
pub struct Roles {
    pub items: Vec<Role>,
}

// Imports

#[derive(ToSchema)]
pub struct ImportKeys {
    pub external_source: Option<String>,
    pub external_column: Option<String>,
    pub field: Option<String>,
}

/// What an import does with a file.
#[derive(ToSchema)]
pub struct ImportOptions {
    pub object: String,
    /// The field, or fields, of each column; null leaves one out.
    pub mapping: Option<BTreeMap<String, Value>>,
    pub keys: Option<ImportKeys>,
    /// What a column's texts stand for: `{"product": {"GTXPro": "GTX Pro"}}`.
    pub values: Option<BTreeMap<String, BTreeMap<String, String>>>,
    /// Records carry their past; needs the act `import_history`.
    pub history: Option<bool>,
    pub before_close: Option<String>,
    pub dry_run: Option<bool>,
    /// Columns of references whose unknown names are made into records.
    pub create_missing: Option<Vec<String>>,
    pub constants: Option<BTreeMap<String, String>>,
    pub templates: Option<BTreeMap<String, String>>,
    pub distinct: Option<String>,
    pub factors: Option<BTreeMap<String, String>>,
    pub dates: Option<BTreeMap<String, Value>>,
    pub currency: Option<String>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportForm {
    #[schema(value_type = String, format = Binary)]
    pub file: Vec<u8>,
    /// [`ImportOptions`] as JSON.
    pub options: String,
}

#[derive(ToSchema)]
pub struct ImportProblem {
    pub line: u64,
    pub column: String,
    pub code: String,
    pub value: String,
    pub message: String,
}

#[derive(ToSchema)]
pub struct OfferedValue {
    pub column: String,
    pub from: String,
    pub to: String,
    pub rows: u64,
}

#[derive(ToSchema)]
pub struct Import {
    pub id: String,
    pub object: String,
    pub file: String,
    /// `running`, `done`, `failed`.
    pub state: String,
    pub rows: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub failed: u64,
    /// The first 200; all of them in `problems.csv`.
    pub problems: Vec<ImportProblem>,
    pub offered_values: Vec<OfferedValue>,
    pub started_at: String,
    pub ended_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Imports {
    pub items: Vec<Import>,
}

// Live

/// Something one may see has changed.
#[derive(ToSchema)]
pub struct Hint {
    pub object: String,
    pub id: String,
    pub revision: i64,
    pub columns: Vec<String>,
    pub act: String,
}

/// Something one no longer sees.
#[derive(ToSchema)]
pub struct Gone {
    pub object: String,
    pub id: String,
}

/// Definitions or rights have changed.
#[derive(ToSchema)]
pub struct MetaNews {
    pub meta_version: i64,
}

// Queries and headers

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words in the name.
    pub q: Option<String>,
    /// `field` or `-field`.
    pub sort: Option<String>,
    /// Keys divided by commas.
    pub fields: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// `exact` or `none`.
    pub count: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoardQuery {
    /// The first active process when absent.
    pub process: Option<String>,
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words in the name.
    pub q: Option<String>,
    /// Cards in each column: at most 100, 25 when absent, 0 for totals alone.
    pub limit: Option<u32>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DryRunQuery {
    /// Judge and answer, leave no trace.
    pub dry_run: Option<bool>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatchHeader {
    /// The record's ETag, or its version in quotes: the write is refused when somebody else was faster.
    #[param(rename = "If-Match")]
    pub if_match: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OnceHeader {
    /// 1 to 200 characters: the same request with the same key is done once, within 24 hours.
    #[param(rename = "Idempotency-Key")]
    pub idempotency_key: Option<String>,
}
