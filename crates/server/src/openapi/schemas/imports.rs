//! Imports.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

#[derive(ToSchema)]
pub struct ImportUpload {
    #[schema(value_type = Vec<String>)]
    pub file: Vec<String>,
}

/// What was found out about the numbers of a column.
#[derive(ToSchema)]
pub struct ImportNumbers {
    /// `.` or `,`.
    pub decimal: String,
    pub grouping: Option<String>,
}

/// What was found out about the dates of a column.
#[derive(ToSchema)]
pub struct ImportDates {
    /// `ymd`, `dmy` or `mdy`; null where nothing tells.
    pub order: Option<String>,
    /// False where day and month could be exchanged.
    pub certain: bool,
    /// A text that could be read both ways.
    pub example: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportColumn {
    pub name: String,
    pub position: u64,
    /// At most five different ones.
    pub samples: Vec<String>,
    /// Rows in which it is not blank.
    pub filled: u64,
    /// `text`, `number`, `date`, `datetime`, `boolean`, `email`, `phone`, `url` or `empty`.
    pub looks: String,
    pub numbers: Option<ImportNumbers>,
    pub dates: Option<ImportDates>,
}

/// How a file was read.
#[derive(ToSchema)]
pub struct ImportFound {
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    /// Whether the first line names the columns.
    pub header: bool,
    pub sheet: Option<String>,
    pub decimal: Option<String>,
    pub date_order: Option<String>,
}

/// A template or a plan that knows the columns of a file.
#[derive(ToSchema)]
pub struct ImportMatch {
    pub template: Option<String>,
    pub plan: Option<String>,
    pub name: String,
    /// Which file of the plan it is.
    pub file: Option<String>,
    pub object: Option<String>,
}

/// A row as it stands, and as it will be read.
#[derive(ToSchema)]
pub struct ImportFirstRow {
    pub line: u64,
    pub cells: Vec<String>,
    /// `1234.50`, `2026-04-03`; null where a cell cannot be read, or could be read both ways.
    pub read: Vec<Option<String>>,
}

/// A file that waits for its import.
#[derive(ToSchema)]
pub struct ImportFile {
    pub id: String,
    pub name: String,
    pub size: u64,
    /// `csv` or `xlsx`.
    pub kind: String,
    pub sheets: Vec<String>,
    pub found: ImportFound,
    pub rows: u64,
    pub columns: Vec<ImportColumn>,
    /// The first rows, each cell as it stands and as it will be read.
    pub first: Vec<ImportFirstRow>,
    /// How it was said that it is to be read.
    pub said: ImportFileWanted,
    /// What stands against importing it.
    pub warnings: Vec<super::Violation>,
    pub matches: Vec<ImportMatch>,
    pub uploaded_at: String,
    pub expires_at: String,
}

#[derive(ToSchema)]
pub struct ImportFiles {
    pub items: Vec<ImportFile>,
    pub next_cursor: Option<String>,
}

/// How a file is to be read; what is absent is found out.
#[derive(ToSchema)]
pub struct ImportFileWanted {
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub header: Option<bool>,
    pub sheet: Option<String>,
    /// `.` or `,` in all numbers.
    pub decimal: Option<String>,
    /// `ymd`, `dmy` or `mdy` in all dates.
    pub date_order: Option<String>,
    /// The same of single columns.
    pub columns: Option<BTreeMap<String, ImportFormat>>,
}

#[derive(ToSchema)]
pub struct ImportPropose {
    pub file: String,
    pub object: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportScore {
    pub object: String,
    pub score: u64,
}

#[derive(ToSchema)]
pub struct ImportProposal {
    /// The likeliest first.
    pub objects: Vec<ImportScore>,
    pub options: Option<ImportOptions>,
}

#[derive(ToSchema)]
pub struct ImportProposePlan {
    pub files: Vec<String>,
}

#[derive(ToSchema)]
pub struct ImportPlanName {
    pub name: String,
    pub description: Option<String>,
    /// `shipped` or `guess`.
    pub source: String,
}

#[derive(ToSchema)]
pub struct ImportPlan {
    pub plan: ImportPlanName,
    pub steps: Vec<ImportPlanStep>,
    pub prepare: ImportPrepare,
}

#[derive(ToSchema)]
pub struct ImportPlanStep {
    pub file: String,
    pub file_name: String,
    pub options: ImportOptions,
}

/// What is made before the first row, where it is missing.
#[derive(ToSchema)]
pub struct ImportPrepare {
    /// Opportunity stages.
    pub stages: Vec<Value>,
    /// Sales processes.
    pub processes: Vec<Value>,
}

#[derive(ToSchema)]
pub struct ImportKeys {
    pub external_source: Option<String>,
    pub external_column: Option<String>,
    pub field: Option<String>,
    /// Column with our own ids.
    pub id_column: Option<String>,
}

/// How a column names what it refers to.
#[derive(ToSchema)]
pub struct ImportReference {
    /// `any`, `name`, `code` (a unique text), `id` or `external`.
    pub by: Option<String>,
    /// `blank` (the value stays out and is told), `error` (the row stays out) or `create`.
    pub missing: Option<String>,
}

/// How a column writes its values.
#[derive(ToSchema)]
pub struct ImportFormat {
    /// `.` or `,`.
    pub decimal: Option<String>,
    /// `ymd`, `dmy` or `mdy`.
    pub dates: Option<String>,
    /// The column that tells the currency of its amounts.
    pub currency: Option<String>,
    pub factor: Option<String>,
}

/// Records that hang on the row's own, told by further columns of it.
#[derive(ToSchema)]
pub struct ImportSubObject {
    pub object: String,
    /// The field that refers to the row's record.
    pub via: Option<String>,
    pub mapping: BTreeMap<String, String>,
    pub constants: Option<BTreeMap<String, String>>,
    /// Fields by which one is found again among those of its record.
    pub keys: Option<Vec<String>>,
}

/// Whether rows are checked for duplicates, and what becomes of those that are.
#[derive(ToSchema)]
pub struct ImportDuplicates {
    /// True when absent; rules that block hold in any case.
    pub check: Option<bool>,
    /// `refuse` (when absent), `skip`, `create` (where it is only warned of) or `update` (the record that was found).
    pub then: Option<String>,
    /// Single rows by their line in the file.
    pub rows: Option<BTreeMap<String, String>>,
}

/// What an import does with a file.
#[derive(ToSchema)]
pub struct ImportOptions {
    pub object: String,
    /// The field, or fields, of each column; null leaves one out.
    pub mapping: Option<BTreeMap<String, Value>>,
    /// `insert`, `update` or `upsert`, which is usual.
    pub mode: Option<String>,
    pub keys: Option<ImportKeys>,
    /// What a column's texts stand for: `{"product": {"GTXPro": "GTX Pro"}}`.
    pub values: Option<BTreeMap<String, BTreeMap<String, String>>>,
    pub references: Option<BTreeMap<String, ImportReference>>,
    pub formats: Option<BTreeMap<String, ImportFormat>>,
    /// Records carry their past; needs the act `import_history`.
    pub history: Option<bool>,
    pub before_close: Option<String>,
    pub dry_run: Option<bool>,
    /// Columns of references whose unknown names are made into records.
    pub create_missing: Option<Vec<String>>,
    /// Single names of such columns that are made into records.
    pub create_values: Option<BTreeMap<String, Vec<String>>>,
    pub constants: Option<BTreeMap<String, String>>,
    pub templates: Option<BTreeMap<String, String>>,
    /// Whom a new record belongs to whose row names no owner.
    pub default_owner: Option<String>,
    /// `keep`, which is usual, or `clear`.
    pub on_blank: Option<String>,
    pub sub_objects: Option<Vec<ImportSubObject>>,
    pub distinct: Option<String>,
    pub factors: Option<BTreeMap<String, String>>,
    pub dates: Option<BTreeMap<String, Value>>,
    pub currency: Option<String>,
    pub duplicates: Option<ImportDuplicates>,
    /// `run`; or `skip`, where one may (`skip_approval`), with a reason.
    pub approvals: Option<String>,
    pub reason: Option<String>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub header: Option<bool>,
    pub sheet: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportBeginStep {
    pub file: String,
    /// As a proposal tells it; not looked at.
    pub file_name: Option<String>,
    pub options: ImportOptions,
}

/// An import that is asked for: one file with its options, or several steps.
#[derive(ToSchema)]
pub struct ImportBegin {
    pub file: Option<String>,
    pub options: Option<ImportOptions>,
    pub steps: Option<Vec<ImportBeginStep>>,
    /// Judges everything and stores nothing.
    pub dry_run: Option<bool>,
    pub prepare: Option<ImportPrepare>,
    pub name: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportStepQuery {
    /// Which step, counted from 0; the first that has any when absent.
    pub step: Option<u64>,
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
    pub step: u64,
    pub line: u64,
    /// The column by its heading; a field that no column fills by its key; empty for the whole row.
    pub column: String,
    /// What the field that is meant is called in the reader's language; null for the whole row.
    pub label: Option<String>,
    pub code: String,
    pub value: String,
    pub message: String,
    /// Of `holding.limit_reached`: what `message` tells, as data.
    #[schema(value_type = Option<Object>)]
    pub params: Option<serde_json::Value>,
    /// Where the row is like a record or another row: `created` all the same, `updated`, `unchanged`, `skipped` or `failed`; in a dry run what
    /// would become of it.
    pub outcome: Option<String>,
    pub met: Option<ImportMet>,
}

/// What a row is like.
#[derive(ToSchema)]
pub struct ImportMet {
    pub object: String,
    /// The record; null where the importing person may not open it, and in a dry run for another row of the file.
    pub id: Option<String>,
    /// The line of the row of the same file that it is like.
    pub line: Option<u64>,
}

#[derive(ToSchema)]
pub struct OfferedValue {
    pub step: u64,
    pub column: String,
    pub from: String,
    /// The known value that is near, if one is.
    pub to: Option<String>,
    pub rows: u64,
}

#[derive(ToSchema)]
pub struct ImportProblemGroup {
    pub step: u64,
    pub column: String,
    /// As in [`ImportProblem`].
    pub label: Option<String>,
    pub code: String,
    /// The words of one of them.
    pub message: String,
    pub count: u64,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportProblemsQuery {
    pub step: Option<u64>,
    /// Empty for problems of whole rows.
    pub column: Option<String>,
    pub code: Option<String>,
    pub cursor: Option<String>,
    /// At most 1,000; 100 when absent.
    pub limit: Option<u64>,
}

#[derive(ToSchema)]
pub struct ImportProblems {
    pub items: Vec<ImportProblem>,
    pub next_cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportRowsQuery {
    pub step: Option<u64>,
    /// `created`, `updated`, `unchanged`, `skipped` or `failed`.
    pub outcome: Option<String>,
    pub cursor: Option<String>,
    /// At most 1,000; 100 when absent.
    pub limit: Option<u64>,
}

/// What became of a row.
#[derive(ToSchema)]
pub struct ImportRow {
    pub step: u64,
    pub line: u64,
    pub outcome: String,
    pub object: String,
    pub record: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportRows {
    pub items: Vec<ImportRow>,
    pub refs: BTreeMap<String, super::Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct ImportValuesOf {
    pub file: String,
    pub column: String,
    pub options: ImportOptions,
}

#[derive(ToSchema)]
pub struct ImportAdviceOf {
    pub file: String,
    pub options: ImportOptions,
}

/// What a mapping leaves open.
#[derive(ToSchema)]
pub struct ImportAdvice {
    /// What stands against the import as a whole.
    pub violations: Vec<super::Violation>,
    /// `import.required_unmapped` for a field that new records must have and nothing fills; `import.stage_as_move` (`_only` for those who may
    /// not import history), `import.history_without_days` and `import.history_without_closing` of the stages of deals.
    pub warnings: Vec<super::Violation>,
}

/// A text of a column.
#[derive(ToSchema)]
pub struct ImportValue {
    pub text: String,
    pub rows: u64,
    /// The key, or the id of the record, that it is taken for; null where it names nothing.
    pub to: Option<String>,
    /// What it may mean where it names nothing.
    pub near: Vec<String>,
}

#[derive(ToSchema)]
pub struct ImportValues {
    pub distinct: u64,
    pub items: Vec<ImportValue>,
    pub refs: BTreeMap<String, super::Ref>,
}

/// A step of an import.
#[derive(ToSchema)]
pub struct ImportStep {
    pub file: String,
    pub file_name: String,
    pub object: String,
    pub options: ImportOptions,
    pub columns: Vec<Value>,
    /// What its mapping left open, as `POST /imports/advice` tells it.
    pub warnings: Vec<super::Violation>,
    /// Rows of the file, and how many of them were read.
    pub rows: u64,
    pub read: u64,
    pub done: u64,
    pub created: u64,
    /// Rows whose records wait for approvals.
    pub pending_approval: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub skipped: u64,
    pub failed: u64,
    pub along: u64,
    pub problem_count: u64,
    pub notices: u64,
}

/// What may be done with an import now.
#[derive(ToSchema)]
pub struct ImportCan {
    pub cancel: bool,
    pub resume: bool,
    pub undo: bool,
}

/// How far taking it back is.
#[derive(ToSchema)]
pub struct ImportUndo {
    pub deleted: u64,
    pub put_back: u64,
    /// What was changed since, or is in use.
    pub stayed: u64,
}

#[derive(ToSchema)]
pub struct Import {
    pub id: String,
    /// The plan or template it was begun by.
    pub name: Option<String>,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`, `undoing` or `undone`.
    pub state: String,
    pub dry_run: bool,
    /// Absent where it has several steps.
    pub object: Option<String>,
    pub file: String,
    /// `rows`, `references` or `undo` while it is at work.
    pub phase: Option<String>,
    /// The step that it is in, counted from 0.
    pub step: u64,
    pub rows: u64,
    /// Rows that are through.
    pub done: u64,
    pub created: u64,
    /// Rows whose records wait for approvals.
    pub pending_approval: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Rows that were left out as was asked.
    pub skipped: u64,
    /// Rows that stayed out.
    pub failed: u64,
    /// Records that came to be with rows: what hangs on them, and what they refer to.
    pub along: u64,
    pub problem_count: u64,
    pub notices: u64,
    /// The first 200; all of them in `problems.csv`.
    pub problems: Vec<ImportProblem>,
    pub offered_values: Vec<OfferedValue>,
    /// How many problems there are of each kind, the most first; not in lists.
    pub problem_groups: Option<Vec<ImportProblemGroup>>,
    pub steps: Vec<ImportStep>,
    /// What was made before the first row.
    pub prepare: ImportPrepare,
    pub by: String,
    pub refs: Option<BTreeMap<String, super::Ref>>,
    pub started_at: String,
    pub ended_at: Option<String>,
    pub can: ImportCan,
    pub undo: Option<ImportUndo>,
    pub undo_until: Option<String>,
    /// Why it failed as a whole.
    pub error: Option<String>,
    pub violations: Option<Vec<super::Violation>>,
    /// With one step: its columns and how it was read.
    pub columns: Option<Vec<Value>>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
}

#[derive(ToSchema)]
pub struct Imports {
    pub items: Vec<Import>,
    pub refs: BTreeMap<String, super::Ref>,
    pub next_cursor: Option<String>,
}

/// A saved mapping.
#[derive(ToSchema)]
pub struct ImportTemplate {
    pub id: String,
    pub name: String,
    pub object: String,
    pub options: ImportOptions,
    /// Names of the columns that it is for.
    pub headers: Vec<String>,
    /// For everybody who may import the object.
    pub shared: bool,
    pub version: i64,
    pub by: String,
    pub updated_at: String,
    pub can: ImportTemplateCan,
}

#[derive(ToSchema)]
pub struct ImportTemplateCan {
    pub edit: bool,
    pub delete: bool,
}

#[derive(ToSchema)]
pub struct ImportTemplates {
    pub items: Vec<ImportTemplate>,
    pub refs: BTreeMap<String, super::Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct SaveImportTemplate {
    pub name: String,
    pub options: ImportOptions,
    pub headers: Option<Vec<String>>,
    pub shared: Option<bool>,
}
