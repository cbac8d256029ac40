//! Sales orders.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::Record;

#[derive(ToSchema)]
pub struct MakeOrder {
    /// An accepted quote of the deal; the accepted one where it is not said. Not of an order from a quote.
    pub quote: Option<String>,
    /// What it has instead of what it would begin with.
    pub fields: Option<BTreeMap<String, Value>>,
    /// `false`: without lines.
    pub with_lines: Option<bool>,
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

/// Lines whose prices were in another currency.
#[derive(ToSchema)]
pub struct LinesConverted {
    #[schema(example = "EUR")]
    pub currency: String,
    pub lines: u64,
}

#[derive(ToSchema)]
pub struct OrderMade {
    /// `saved`, or `pending_approval`.
    pub result: String,
    pub changed: bool,
    /// The approval that began with it.
    pub approval: Option<String>,
    pub record: Option<Record>,
    /// How many lines came along; not told when a request comes again.
    pub lines: Option<u64>,
    pub converted: Option<Vec<LinesConverted>>,
    pub dry_run: bool,
}

#[derive(ToSchema)]
pub struct SetOrderStatus {
    /// `confirmed` or `cancelled`.
    #[schema(example = "confirmed")]
    pub status: String,
    /// Why it is cancelled: kept on the order, and with the history.
    pub reason: Option<String>,
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}
