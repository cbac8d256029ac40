//! The pipeline and the forecast.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::ConversionProcess;

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
