//! Stage conversion.

use std::collections::BTreeMap;

use utoipa::{IntoParams, ToSchema};

use super::{Record, Ref};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversionQuery {
    /// The first active process when absent.
    pub process: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    /// A condition over the opportunity as JSON: owner, department, type, periods, anything.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// When a deal first came into the process, in days of the organisation, both included: `2026-01-01..2026-03-31`; either may be left out.
    pub entered: Option<String>,
    /// `csv` or `xlsx`: a file, for those who may export opportunities.
    pub format: Option<String>,
}

/// What became of the deals that have been in a stage.
#[derive(ToSchema)]
pub struct ConversionStage {
    #[schema(example = "proposal")]
    pub stage: String,
    pub label: Option<BTreeMap<String, String>>,
    pub colour: Option<String>,
    /// No stage of the version in force any more: shown for its history.
    pub former: bool,
    /// Deals that have been there.
    pub total: u64,
    /// What they count in analysis together, in the main currency; null to those who may not know it.
    #[schema(example = "206.00")]
    pub amount: Option<String>,
    /// All their time there, over `total`; null where there are none.
    pub average_seconds: Option<i64>,
    pub transitioned: u64,
    pub retained: u64,
    pub lost: u64,
    /// `lost` in percent of `total`.
    #[schema(example = "25")]
    pub loss_rate: Option<String>,
    /// `total` in percent of that of the first stage; null for former stages.
    #[schema(example = "75")]
    pub conversion: Option<String>,
    /// Where the deals behind each figure are: `total`, `amount`, `average`, `transitioned`, `retained`, `lost`, `loss_rate`, `conversion`.
    pub behind: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct ConversionProcess {
    pub id: String,
    pub name: String,
}

/// The stage conversion of a process.
#[derive(ToSchema)]
pub struct StageConversion {
    pub process: ConversionProcess,
    /// The stages in progress, in order; former ones behind.
    pub stages: Vec<ConversionStage>,
    /// Deals that count.
    pub deals: u64,
    /// Those of them that are won now.
    pub won: u64,
    /// From creation to winning, one won deal with another.
    pub sales_cycle_seconds: Option<i64>,
    /// What a won deal is worth, one with another, in the main currency.
    #[schema(example = "2360.91")]
    pub average_deal_size: Option<String>,
    #[schema(example = "USD")]
    pub main_currency: String,
    /// The instant of the figures: what is open ends then.
    pub at: String,
    /// Where the deals behind each figure are, relative to the root of the API: `deals`, `won`, `cycle`, `size`.
    pub behind: BTreeMap<String, String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BehindQuery {
    /// The first active process when absent.
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    pub q: Option<String>,
    pub entered: Option<String>,
    /// A stage in progress; absent: of the process as a whole.
    pub stage: Option<String>,
    /// Of a stage: `total`, `transitioned`, `retained`, `lost`; `total` when absent.
    pub part: Option<String>,
    /// Of the process: `deals`, `won`, or `sized`, those won with an amount; `won` when absent.
    pub of: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// The records behind a figure of an analysis, those first that are worth most.
#[derive(ToSchema)]
pub struct RecordsBehind {
    #[schema(example = "opportunity")]
    pub object: String,
    pub items: Vec<Record>,
    /// How many there are: as many as the figure counts.
    pub count: u64,
    /// What they come to in the main currency, as the figure says; null where it says no amount, and to those who may not know it.
    pub amount: Option<String>,
    pub main_currency: String,
    /// Where the next page begins.
    pub next: Option<String>,
    pub refs: BTreeMap<String, Ref>,
}
