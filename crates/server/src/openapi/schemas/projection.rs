//! What a period will bring.

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProjectionQuery {
    /// A month, a quarter of the fiscal year or a fiscal year: `2026-11`, `2026-Q4`, `2026`; this quarter when absent.
    #[param(example = "2026-Q4")]
    pub period: Option<String>,
    /// Deals of one process; of all when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    /// A condition over the opportunity as JSON.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`: the answer as a file.
    pub format: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProjectionDealsQuery {
    #[param(example = "2026-Q4")]
    pub period: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `open` (when absent), each with `chance`, `in_period`, `expected_close` and `expected_amount`; or `closed`, won in the period.
    pub of: Option<String>,
    /// Of open ones, what `amount` adds up: `amount` (when absent), what they are worth, or `weighted`, what they bring.
    pub worth: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BackTestQuery {
    /// `month`, `quarter` (when absent) or `year`.
    pub length: Option<String>,
    /// Past periods that are told, 8 when absent.
    pub periods: Option<u32>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`: the answer as a file.
    pub format: Option<String>,
}

/// Deals of a projection.
#[derive(ToSchema)]
pub struct ProjectionClosed {
    pub count: u64,
    pub amount: Option<String>,
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct ProjectionOpen {
    pub count: u64,
    /// What they are worth.
    pub amount: Option<String>,
    /// What they bring in the period, each by its chance.
    pub weighted: Option<String>,
    pub behind: BTreeMap<String, String>,
}

/// What is learnt from.
#[derive(ToSchema)]
pub struct ProjectionTrained {
    pub won: u64,
    pub lost: u64,
    /// When the first deal began that is known.
    pub since: Option<String>,
}

/// How often what came lay within the range.
#[derive(ToSchema)]
pub struct ProjectionCoverage {
    /// Past stretches of the period's length, one beginning with every month of two years.
    pub quarters: u64,
    pub within: u64,
    #[schema(example = "81.25")]
    pub percent: Option<String>,
}

/// How deals go on from a stage.
#[derive(ToSchema)]
pub struct ProjectionStage {
    pub stage: String,
    pub label: Option<BTreeMap<String, String>>,
    pub process: Option<String>,
    /// To be won in the end, in percent.
    #[schema(example = "23.5")]
    pub chance: String,
    /// Half of those that are won are won after so many days.
    pub median_days: Option<i64>,
    /// Deals that have been there.
    pub deals: u64,
}

#[derive(ToSchema)]
pub struct ProjectionFactors {
    pub stages: Vec<ProjectionStage>,
}

/// What a period will bring; amounts in the main currency, null to those who may not know them.
#[derive(ToSchema)]
pub struct Projection {
    pub period: String,
    pub from: String,
    pub to: String,
    pub at: String,
    /// Won in the period already.
    pub closed: ProjectionClosed,
    pub open: ProjectionOpen,
    /// Closed, open and coming together, one time with another.
    pub expected: Option<String>,
    /// Of it, from deals that are not there yet.
    pub coming: Option<String>,
    /// It comes to less with a chance of ten, fifty, ninety percent.
    pub p10: Option<String>,
    pub p50: Option<String>,
    pub p90: Option<String>,
    pub reliable: bool,
    /// `too_few_closed`, `too_few_quarters`, `coverage_low`, `coverage_high`.
    pub why: Option<String>,
    pub trained: ProjectionTrained,
    pub coverage: ProjectionCoverage,
    pub factors: ProjectionFactors,
    pub main_currency: String,
}

/// What a naive method would have said.
#[derive(ToSchema)]
pub struct NaiveTested {
    pub expected: Option<String>,
    /// In percent of what came.
    pub error: Option<String>,
}

#[derive(ToSchema)]
pub struct NaiveMethods {
    /// Each open deal expected to close in the period, times the share of its stage that was won.
    pub stage_rates: NaiveTested,
    /// As the same period of the year before.
    pub last_year: NaiveTested,
    /// As the period before.
    pub period_before: NaiveTested,
}

/// A past period, projected with what was known on the day before it began.
#[derive(ToSchema)]
pub struct BackTestPeriod {
    pub period: String,
    pub from: String,
    pub to: String,
    /// The last day of which anything was known.
    pub cut: String,
    /// What it brought.
    pub actual: Option<String>,
    pub expected: Option<String>,
    pub p10: Option<String>,
    pub p50: Option<String>,
    pub p90: Option<String>,
    pub within: bool,
    /// By how much the expectation missed, in percent of what came.
    #[schema(example = "-12.4")]
    pub error: Option<String>,
    pub naive: NaiveMethods,
}

#[derive(ToSchema)]
pub struct BackTestErrors {
    pub projection: Option<String>,
    pub stage_rates: Option<String>,
    pub last_year: Option<String>,
    pub period_before: Option<String>,
}

#[derive(ToSchema)]
pub struct BackTestSummary {
    /// Stretches that were tested.
    pub periods: u64,
    pub within: u64,
    /// In percent.
    pub coverage: Option<String>,
    /// By how much each method missed, one stretch with another, in percent of what came.
    pub mean_absolute_error: BackTestErrors,
    pub reliable: bool,
    pub why: Option<String>,
}

/// How projections would have fallen.
#[derive(ToSchema)]
pub struct BackTest {
    pub length: String,
    pub rows: Vec<BackTestPeriod>,
    pub summary: BackTestSummary,
    pub main_currency: String,
}
