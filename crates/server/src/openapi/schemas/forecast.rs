//! The pipeline and the forecast.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{ConversionProcess, Ref};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PipelineQuery {
    /// `stage`, `owner`, `owner_department`, `product`, `lead_source` or `forecast_category`; by stage when absent.
    pub by: Option<String>,
    /// Deals of one process; of all when absent.
    pub process: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    /// A condition over the opportunity as JSON.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// When a deal first came into its process, in days of the organisation, both included: `2026-01-01..2026-03-31`; either may be left out.
    pub entered: Option<String>,
    /// `csv` or `xlsx`: a file.
    pub format: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PipelineDealsQuery {
    pub by: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// A row; empty for the one without a value. All deals in progress when absent.
    pub key: Option<String>,
    /// Those that are won instead.
    pub won: Option<bool>,
    /// What they are added up by: `amount` or `weighted`; `amount` when absent.
    pub worth: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// What some deals in progress come to.
#[derive(ToSchema)]
pub struct PipelineFigures {
    pub count: u64,
    /// In the main currency; null to those who may not know it.
    #[schema(example = "1200.00")]
    pub amount: Option<String>,
    /// Their forecast amounts: each amount as far as it is likely to come.
    #[schema(example = "480.00")]
    pub weighted: Option<String>,
    /// Since their creation, one deal with another; null where there are none.
    pub average_age_seconds: Option<i64>,
    /// Where the deals behind each figure are, relative to the root of the API.
    pub behind: BTreeMap<String, String>,
}

/// A row of the pipeline.
#[derive(ToSchema)]
pub struct PipelineRow {
    /// Null for deals without a value.
    #[schema(example = "proposal")]
    pub key: Option<String>,
    /// An option's label by language, or a name; null where there is none, or the caller may not see it.
    pub label: Option<Value>,
    pub colour: Option<String>,
    #[serde(flatten)]
    pub figures: PipelineFigures,
}

#[derive(ToSchema)]
pub struct PipelineWon {
    pub count: u64,
    pub amount: Option<String>,
    pub behind: BTreeMap<String, String>,
}

/// Deals in progress as they stand.
#[derive(ToSchema)]
pub struct Pipeline {
    pub by: String,
    pub process: Option<ConversionProcess>,
    /// Stages and other options in their order, stages with nothing in them too; other values with the largest amount first. What has no value comes last.
    pub rows: Vec<PipelineRow>,
    pub total: PipelineFigures,
    /// Those that are won now.
    pub won: PipelineWon,
    pub main_currency: String,
    pub at: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForecastQuery {
    /// A month (`2026-11`), a quarter (`2026-Q4`) or a fiscal year (`2026`, by the calendar year in which it begins); this month when absent.
    pub period: Option<String>,
    /// How many periods that follow each other, at most 12; 1 when absent.
    pub periods: Option<u32>,
    /// A person with his whole line. Without person and department: oneself; whoever sees everything: the organisation.
    pub person: Option<String>,
    /// A department with all below it: people by their primary department.
    pub department: Option<String>,
    /// `won_amount`, `ordered_amount` or `won_count`: what targets and `actual` are told for; `won_amount` when absent.
    pub metric: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    /// A condition over the opportunity as JSON.
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// `csv` or `xlsx`: a file.
    pub format: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForecastDealsQuery {
    pub period: Option<String>,
    pub person: Option<String>,
    pub department: Option<String>,
    /// With everybody below the person; so it is when absent.
    pub line: Option<bool>,
    /// Of a department: those of the department itself alone, without the ones below it.
    pub here: Option<bool>,
    /// Of a department: this owner's alone.
    pub owner: Option<String>,
    /// Of a department: those of owners alone whose primary department is not the department itself.
    pub elsewhere: Option<bool>,
    /// Those without an owner, for whoever sees everything.
    pub nobody: Option<bool>,
    /// `commit`, `best_case`, `pipeline`, `omitted`, `open` (the first three), `closed` or `ordered`; `open` when absent.
    pub of: Option<String>,
    /// What they are added up by: `amount` or `weighted`; `amount` when absent.
    pub worth: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForecastHistoryQuery {
    /// Oneself when absent.
    pub person: Option<String>,
    /// A month; this one when absent.
    pub period: Option<String>,
    /// `own` deals, or those of the whole `line`; `own` when absent.
    pub covers: Option<String>,
}

/// Whom a forecast is about.
#[derive(ToSchema)]
pub struct ForecastOf {
    /// `person`, `department` or `organisation`.
    pub kind: String,
    pub id: Option<String>,
    pub name: Option<String>,
}

#[derive(ToSchema)]
pub struct ForecastPeriod {
    #[schema(example = "2026-11")]
    pub period: String,
    pub from: String,
    pub to: String,
    /// Its last day has passed: nothing more is said of it.
    pub over: bool,
}

/// What some deals of a period come to.
#[derive(ToSchema)]
pub struct ForecastFigure {
    pub count: u64,
    #[schema(example = "1200.00")]
    pub amount: Option<String>,
    /// Their forecast amounts.
    #[schema(example = "480.00")]
    pub weighted: Option<String>,
    /// Where the deals are, relative to the root of the API: `count`, `amount`, `weighted`.
    pub behind: BTreeMap<String, String>,
}

/// What the deals promise, with what is won.
#[derive(ToSchema)]
pub struct ForecastOutlook {
    /// Closed and commit.
    pub commit: Option<String>,
    /// Closed, commit and best case.
    pub best_case: Option<String>,
    /// Closed, and the weighted amounts of what is open.
    pub weighted: Option<String>,
}

/// What was said, added up; null where nobody has said anything.
#[derive(ToSchema)]
pub struct ForecastSaid {
    pub commit: Option<String>,
    pub best_case: Option<String>,
    /// How many people have, or have had it said for them by a word for their line.
    pub people: u64,
    /// Of how many who work here.
    pub of: u64,
}

/// What was said, as those above put it.
#[derive(ToSchema)]
pub struct ForecastAdjusted {
    pub commit: Option<String>,
    pub best_case: Option<String>,
    pub is_adjusted: bool,
}

/// One row in one period.
#[derive(ToSchema)]
pub struct ForecastCell {
    pub period: String,
    pub commit: ForecastFigure,
    pub best_case: ForecastFigure,
    pub pipeline: ForecastFigure,
    /// Left out of every other figure.
    pub omitted: ForecastFigure,
    /// Commit, best case and pipeline.
    pub open: ForecastFigure,
    /// Won in the period.
    pub closed: ForecastFigure,
    pub outlook: ForecastOutlook,
    pub submitted: ForecastSaid,
    pub adjusted: ForecastAdjusted,
    /// What is to be reached: of people the sum of theirs, of a department its own. Text, or a whole number where deals are counted.
    pub target: Option<Value>,
    /// Of a department: the sum of its people.
    pub people_target: Option<Value>,
    /// `target` less `people_target`.
    pub difference: Option<Value>,
    /// People of the row who have a target.
    pub with_target: u64,
    pub actual: Option<Value>,
    /// `actual` in percent of `target`.
    #[schema(example = "83.33")]
    pub attainment: Option<String>,
    /// `target` less `actual`; below nothing where more was reached.
    pub gap: Option<Value>,
    /// Where the deals or orders of `actual` are.
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct ForecastRowCan {
    pub submit: bool,
    pub adjust: bool,
}

/// A row of the forecast.
#[derive(ToSchema)]
pub struct ForecastRow {
    /// `own` (the asked person's own deals), `person`, `department`, `elsewhere` (a department's deals
    /// of people of others, where deals count for the department that stands in them), `nobody` (deals without an owner) or `total`.
    pub kind: String,
    pub id: Option<String>,
    pub name: Option<String>,
    pub active: bool,
    /// There are rows below it.
    pub has_line: bool,
    pub people: u64,
    pub can: ForecastRowCan,
    /// One for each period.
    pub cells: Vec<ForecastCell>,
}

#[derive(ToSchema)]
pub struct ForecastCan {
    pub submit: bool,
    pub targets: bool,
}

/// What periods are expected to bring.
#[derive(ToSchema)]
pub struct Forecast {
    pub of: ForecastOf,
    /// One step up, where one may open it.
    pub up: Option<ForecastOf>,
    pub metric: String,
    pub periods: Vec<ForecastPeriod>,
    pub rows: Vec<ForecastRow>,
    pub total: ForecastRow,
    pub main_currency: String,
    pub at: String,
    pub can: ForecastCan,
}

/// How the deals stood.
#[derive(ToSchema)]
pub struct ForecastFigures {
    pub closed: Option<String>,
    pub commit: Option<String>,
    pub best_case: Option<String>,
    pub pipeline: Option<String>,
    pub weighted: Option<String>,
}

/// Something that was said, or made of it.
#[derive(ToSchema)]
pub struct ForecastEntry {
    pub n: i64,
    /// `submission`, `adjustment` or `withdrawal` of an adjustment.
    pub kind: String,
    pub commit: Option<String>,
    pub best_case: Option<String>,
    pub note: String,
    pub at: String,
    pub by: String,
    pub figures: ForecastFigures,
}

#[derive(ToSchema)]
pub struct ForecastPerson {
    pub id: String,
    pub name: Option<String>,
}

#[derive(ToSchema)]
pub struct ForecastSuggested {
    pub commit: Option<String>,
    pub best_case: Option<String>,
}

/// All that was said of one month by or about somebody.
#[derive(ToSchema)]
pub struct ForecastHistory {
    pub person: ForecastPerson,
    pub period: String,
    pub from: String,
    pub to: String,
    pub over: bool,
    /// `own` or `line`.
    pub covers: String,
    pub has_line: bool,
    /// How many entries there are: what says something new must name it.
    pub version: i64,
    pub submission: Option<ForecastEntry>,
    /// The one that stands.
    pub adjustment: Option<ForecastEntry>,
    /// It was said anew after the adjustment.
    pub stale: bool,
    /// What the deals promise now.
    pub suggested: ForecastSuggested,
    /// The latest first.
    pub entries: Vec<ForecastEntry>,
    /// `submit`, `adjust`, `withdraw`.
    pub can: Vec<String>,
    pub main_currency: String,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct SubmitForecast {
    #[schema(example = "2026-11")]
    pub period: String,
    /// `own` when absent.
    pub covers: Option<String>,
    #[schema(example = "12000.00")]
    pub commit: String,
    #[schema(example = "15000.00")]
    pub best_case: String,
    pub note: Option<String>,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct AdjustForecast {
    pub person: String,
    #[schema(example = "2026-11")]
    pub period: String,
    pub covers: Option<String>,
    pub commit: String,
    pub best_case: String,
    /// Why.
    pub note: String,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct WithdrawAdjustment {
    pub person: String,
    #[schema(example = "2026-11")]
    pub period: String,
    pub covers: Option<String>,
    pub note: Option<String>,
    pub version: i64,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TargetsQuery {
    /// The fiscal year, by the calendar year in which it begins; this one when absent.
    pub year: Option<i16>,
    /// `won_amount`, `ordered_amount` or `won_count`; `won_amount` when absent.
    pub metric: Option<String>,
    /// One department with all below it.
    pub department: Option<String>,
}

#[derive(ToSchema)]
pub struct TargetPeriod {
    #[schema(example = "2026-Q1")]
    pub period: String,
    /// `year`, `quarter` or `month`.
    pub length: String,
    pub from: String,
    pub to: String,
}

#[derive(ToSchema)]
pub struct EffectiveTarget {
    pub value: Value,
    /// `set`, or the sum of its `parts`.
    pub from: String,
}

/// The targets of one person or department.
#[derive(ToSchema)]
pub struct TargetRow {
    /// `department` or `person`.
    pub kind: String,
    pub id: String,
    pub name: Option<String>,
    /// The department above it; of a person the primary one.
    pub parent: Option<String>,
    pub active: bool,
    pub can_set: bool,
    pub version: i64,
    /// What was set, by period.
    pub values: BTreeMap<String, Value>,
    /// What holds, by period.
    pub effective: BTreeMap<String, EffectiveTarget>,
}

#[derive(ToSchema)]
pub struct TargetsCan {
    pub set: bool,
}

/// Targets of a fiscal year.
#[derive(ToSchema)]
pub struct Targets {
    pub year: i64,
    pub metric: String,
    /// The year, then each quarter with its months.
    pub periods: Vec<TargetPeriod>,
    pub rows: Vec<TargetRow>,
    /// By department and period: the sum of its people, those of departments below it included.
    pub people: BTreeMap<String, BTreeMap<String, Value>>,
    pub main_currency: String,
    pub can: TargetsCan,
}

#[derive(ToSchema)]
pub struct SetTargetRow {
    /// `department` or `person`.
    pub kind: String,
    pub id: String,
    /// The one that `GET` gave; 0 where nothing was set.
    pub version: i64,
    /// By period: an amount in the main currency, or a whole number; null takes away.
    pub values: BTreeMap<String, Option<Value>>,
}

#[derive(ToSchema)]
pub struct SetTargets {
    #[schema(example = 2026)]
    pub year: i16,
    pub metric: Option<String>,
    pub rows: Vec<SetTargetRow>,
}
