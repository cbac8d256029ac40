//! The pipeline of past days.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// The day at whose end it stood so, in the organisation's time zone; today, as it stands, when absent.
    #[param(example = "2026-09-30")]
    pub day: Option<String>,
    /// `stage` (when absent), `owner`, `owner_department`, `forecast_category`, `product`, `lead_source`.
    pub by: Option<String>,
    /// Deals of one process; of all when absent.
    pub process: Option<String>,
    /// The id of a view whose filter holds besides.
    pub view: Option<String>,
    /// A condition over the opportunity as JSON, of how it was then; it may look at `known_fields` alone.
    pub filter: Option<String>,
    /// `csv` or `xlsx`: the answer as a file.
    pub format: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfDealsQuery {
    #[param(example = "2026-09-30")]
    pub day: Option<String>,
    pub by: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// The key of a row, nothing for the blank one; all deals when absent.
    pub key: Option<String>,
    /// What `amount` adds up and the order is by: `amount` (when absent) or `weighted`.
    pub worth: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// What deals of a row came to.
#[derive(ToSchema)]
pub struct AsOfRow {
    /// A stage, a person, a department, a category …; null where there was none.
    pub key: Option<String>,
    /// What it is called today: a text, or a label by language.
    #[schema(value_type = Option<Object>)]
    pub label: Json,
    pub colour: Option<String>,
    pub count: u64,
    #[schema(example = "1200.00")]
    pub amount: Option<String>,
    #[schema(example = "480.00")]
    pub weighted: Option<String>,
    /// For how long they had been there, one with another.
    pub average_age_seconds: Option<i64>,
    /// Where the deals behind each figure are, relative to the root of the API.
    pub behind: BTreeMap<String, String>,
}

/// All of them together.
#[derive(ToSchema)]
pub struct AsOfTotal {
    pub count: u64,
    pub amount: Option<String>,
    pub weighted: Option<String>,
    pub average_age_seconds: Option<i64>,
    pub behind: BTreeMap<String, String>,
}

/// The pipeline as it stood at the end of a day.
#[derive(ToSchema)]
pub struct AsOf {
    pub day: String,
    /// The instant at which the day ended; now, of today.
    pub at: String,
    pub by: String,
    pub process: Option<super::ConversionProcess>,
    pub rows: Vec<AsOfRow>,
    pub total: AsOfTotal,
    pub main_currency: String,
    /// Fields of which it is known what they were: a filter may look at these.
    pub known_fields: Vec<String>,
    /// The first day of which anything is known.
    pub known_from: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaterfallQuery {
    /// The day at whose end it begins; the one before this quarter began when absent.
    #[param(example = "2026-06-30")]
    pub from: Option<String>,
    /// The day at whose end it ends; today when absent.
    #[param(example = "2026-09-30")]
    pub to: Option<String>,
    /// Only deals expected to close from this day on.
    pub period_from: Option<String>,
    /// Only deals expected to close up to this day.
    pub period_to: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// `csv` or `xlsx`: the answer as a file.
    pub format: Option<String>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaterfallDealsQuery {
    #[param(example = "2026-06-30")]
    pub from: Option<String>,
    #[param(example = "2026-09-30")]
    pub to: Option<String>,
    pub period_from: Option<String>,
    pub period_to: Option<String>,
    pub process: Option<String>,
    pub view: Option<String>,
    pub filter: Option<String>,
    /// A part of the answer, `opening` or `closing`; `closing` when absent.
    #[param(example = "won")]
    pub part: Option<String>,
    /// What `amount` adds up and the order is by: `amount` (when absent) or `weighted`.
    pub worth: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// A part of the difference. What takes away is less than nothing.
#[derive(ToSchema)]
pub struct WaterfallPart {
    /// `new`, `reopened`, `restored`, `moved_in` (its expected close came into the period), `handed_in` (it came to be what the filter asks
    /// for), `grown`, `shrunk`, `revalued` (only the rate is another), `moved_out`, `handed_out`, `won`, `lost`, `removed`.
    #[schema(example = "won")]
    pub part: String,
    /// By how many the pipeline has more; what grew is no more than it was.
    pub count: i64,
    /// How many deals stand behind it.
    pub deals: u64,
    #[schema(example = "-900.00")]
    pub amount: Option<String>,
    pub weighted: Option<String>,
    /// Where the deals behind each figure are, relative to the root of the API.
    pub behind: BTreeMap<String, String>,
}

/// What became of the pipeline between two days. Opening and parts add up to the closing, in count, amount and weighted amount.
#[derive(ToSchema)]
pub struct Waterfall {
    pub from: String,
    pub to: String,
    pub period_from: Option<String>,
    pub period_to: Option<String>,
    pub opening: WaterfallPart,
    pub parts: Vec<WaterfallPart>,
    pub closing: WaterfallPart,
    pub main_currency: String,
}
