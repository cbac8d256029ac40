//! Own charts.

use utoipa::ToSchema;

use super::{Condition, PersonName, SaveSharing, Sharing};

/// The figure of each group.
#[derive(ToSchema)]
pub struct ChartMeasure {
    /// `count`, `sum`, `average`, `min`, `max`.
    #[schema(example = "sum")]
    pub kind: String,
    /// An amount, a number or a percent; none where records are counted.
    #[schema(example = "amount")]
    pub field: Option<String>,
}

/// By what records are told apart.
#[derive(ToSchema)]
pub struct ChartBy {
    #[schema(example = "stage")]
    pub field: String,
    /// Of days and instants: `day`, `week`, `month`, `quarter`, `year`, in the organisation's days and fiscal years; `month` when absent.
    pub by: Option<String>,
}

/// What a chart draws.
#[derive(ToSchema)]
pub struct Chart {
    #[schema(example = "opportunity")]
    pub object: String,
    /// `column`, `bar`, `line`, `pie`, `funnel`, `number` (without groups), `table`.
    #[schema(example = "column")]
    pub chart_type: String,
    pub measure: ChartMeasure,
    pub group: Option<ChartBy>,
    /// Of columns, bars, lines and tables.
    pub series: Option<ChartBy>,
    pub filter: Option<Condition>,
    /// `value`, `label`, `order`; when absent options and time in their order, others by value.
    pub sort: Option<String>,
    /// The greatest of so many groups, at most 200; what remains is one behind them.
    pub most: Option<u32>,
}

/// A chart that is kept.
#[derive(ToSchema)]
pub struct KeptChart {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub chart: Chart,
    pub sharing: Sharing,
    pub owner: Option<PersonName>,
    pub mine: bool,
    /// `edit`, `delete`, `share`.
    pub can: Vec<String>,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct Charts {
    pub items: Vec<KeptChart>,
}

/// What a chart says. The product's own (`id`, `owner`, `mine`, `can`, `version`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveChart {
    /// At most 100 characters.
    pub name: String,
    /// At most 500 characters.
    pub description: Option<String>,
    pub chart: Chart,
    pub sharing: Option<SaveSharing>,
}
