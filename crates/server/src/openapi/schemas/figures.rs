//! Figures of charts, and the analyses that are made of them.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Chart, ConversionProcess};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FiguresQuery {
    /// The id of a chart, or a chart as JSON.
    pub chart: String,
    /// The id of a view of its object, whose filter holds besides.
    pub view: Option<String>,
    /// A condition besides, over its object, as JSON.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`: a file, for those who may export the object.
    pub format: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FigureRecordsQuery {
    pub chart: String,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    /// The key of a group, nothing for those without a value; all groups when absent.
    pub group: Option<String>,
    pub series: Option<String>,
    /// What remains behind the groups that are shown.
    pub group_rest: Option<bool>,
    pub series_rest: Option<bool>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// The figure of a series within a group.
#[derive(ToSchema)]
pub struct ChartCell {
    pub key: Option<String>,
    pub rest: bool,
    /// A count as a number, an amount in the main currency or another number as text; null of nothing.
    pub value: Value,
    pub records: u64,
    pub behind: BTreeMap<String, String>,
}

/// The records with one value.
#[derive(ToSchema)]
pub struct ChartGroup {
    /// Null where it is blank, and of the rest. Of time the first day.
    pub key: Option<String>,
    /// In the reader's language; null where it is blank, out of his sight, or the rest.
    pub label: Option<String>,
    pub colour: Option<String>,
    /// What remains behind the others.
    pub rest: bool,
    /// Of time: the first day and the last.
    pub from: Option<String>,
    pub to: Option<String>,
    pub value: Value,
    pub records: u64,
    /// `value`.
    pub behind: BTreeMap<String, String>,
    /// In the order of the chart's series.
    pub series: Option<Vec<ChartCell>>,
}

#[derive(ToSchema)]
pub struct ChartSeries {
    pub key: Option<String>,
    pub label: Option<String>,
    pub colour: Option<String>,
    pub rest: bool,
    pub from: Option<String>,
    pub to: Option<String>,
}

#[derive(ToSchema)]
pub struct ChartTotal {
    pub value: Value,
    pub records: u64,
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct ChartMeasured {
    /// `count`, `sum`, `average`, `min`, `max`.
    pub kind: String,
    pub field: Option<String>,
    pub label: BTreeMap<String, String>,
    /// `count`, `amount`, `number`, `percent`.
    pub r#type: String,
}

/// The figures of a chart.
#[derive(ToSchema)]
pub struct ChartFigures {
    pub chart: Chart,
    pub groups: Vec<ChartGroup>,
    pub series: Vec<ChartSeries>,
    pub total: ChartTotal,
    pub measure: ChartMeasured,
    pub main_currency: String,
    pub at: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WinLossQuery {
    /// `lost_reason` (when absent), `competitor`, `lead_source`, `product`, `owner`, `owner_department`, `opportunity_type`.
    pub by: Option<String>,
    /// When they were closed: `2026-01-01..2026-03-31`, either end left out, or a period of the fiscal year: `2026-11`, `2026-Q4`, `2026`.
    pub closed: Option<String>,
    /// Deals of all processes when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    /// A condition over the opportunity as JSON.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

/// Deals of one kind that were won and that were lost.
#[derive(ToSchema)]
pub struct WinLossRow {
    /// Null where it is blank; absent of the total.
    pub key: Option<String>,
    pub label: Option<String>,
    pub colour: Option<String>,
    pub rest: Option<bool>,
    pub won: u64,
    pub lost: u64,
    /// In the main currency; null to those who may not know amounts.
    pub won_amount: Option<String>,
    pub lost_amount: Option<String>,
    /// Won in percent of both.
    #[schema(example = "62.5")]
    pub win_rate: Option<String>,
    /// `won`, `lost`, `won_amount`, `lost_amount`, `win_rate`; without those of which there are none.
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct WinLoss {
    pub by: String,
    pub rows: Vec<WinLossRow>,
    pub total: WinLossRow,
    pub main_currency: String,
    pub at: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgeingQuery {
    /// Deals of all processes when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    /// A condition over the opportunity as JSON.
    pub filter: Option<String>,
    pub q: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

#[derive(ToSchema)]
pub struct AgeingBand {
    /// `0_7`, `8_30`, `31_90`, `over_90`: whole days in the stage.
    pub key: String,
    pub from_days: u32,
    pub to_days: Option<u32>,
}

#[derive(ToSchema)]
pub struct AgeingFigure {
    pub key: String,
    pub count: u64,
    pub amount: Option<String>,
    pub behind: BTreeMap<String, String>,
}

/// Open deals of a stage.
#[derive(ToSchema)]
pub struct AgeingStage {
    /// Absent of the total.
    pub key: Option<String>,
    pub label: Option<BTreeMap<String, String>>,
    pub colour: Option<String>,
    pub count: u64,
    /// In the main currency; null to those who may not know amounts.
    pub amount: Option<String>,
    /// Those that have been there for longer than they may.
    pub overdue: Option<u64>,
    pub overdue_amount: Option<String>,
    pub bands: Vec<AgeingFigure>,
    /// `count`, `amount`, `overdue`, `overdue_amount`; without those of which there are none.
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct Ageing {
    pub process: Option<ConversionProcess>,
    pub bands: Vec<AgeingBand>,
    pub stages: Vec<AgeingStage>,
    pub total: AgeingStage,
    pub main_currency: String,
    pub at: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LeaderboardQuery {
    /// `won_amount` (when absent), `won_count`, `ordered_amount`, `activities`, `new_deals`.
    pub metric: Option<String>,
    /// `2026-01-01..2026-03-31` or a period of the fiscal year: `2026-11`, `2026-Q4`, `2026`; this quarter when absent.
    pub period: Option<String>,
    /// A condition over what is counted (opportunities, sales orders or activities), as JSON.
    pub filter: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

#[derive(ToSchema)]
pub struct LeaderboardRow {
    /// The person; null of what has no owner.
    pub key: Option<String>,
    pub label: Option<String>,
    pub rest: bool,
    pub value: Value,
    pub records: u64,
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct Leaderboard {
    pub metric: String,
    /// What is counted.
    pub object: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub rows: Vec<LeaderboardRow>,
    pub total: ChartTotal,
    pub measure: ChartMeasured,
    pub main_currency: String,
    pub at: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// `2026-01-01..2026-03-31` or a period of the fiscal year; this quarter when absent.
    pub period: Option<String>,
    /// A condition over the activity as JSON.
    pub filter: Option<String>,
    /// `csv` or `xlsx`.
    pub format: Option<String>,
}

#[derive(ToSchema)]
pub struct ActivityKind {
    pub key: Option<String>,
    pub records: u64,
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct ActivityRow {
    pub key: Option<String>,
    pub label: Option<String>,
    pub rest: bool,
    pub records: u64,
    pub behind: BTreeMap<String, String>,
    /// In the order of `kinds`.
    pub kinds: Vec<ActivityKind>,
}

#[derive(ToSchema)]
pub struct ActivityTotal {
    pub records: u64,
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct ActivityFigures {
    pub from: Option<String>,
    pub to: Option<String>,
    pub kinds: Vec<ChartSeries>,
    pub rows: Vec<ActivityRow>,
    pub total: ActivityTotal,
    pub at: String,
}
