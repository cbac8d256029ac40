//! What things cost, and grids of lines.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{Record, Ref};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PricesQuery {
    /// `opportunity`, `quote`, `sales_order`.
    #[param(example = "quote")]
    pub object: String,
    pub id: String,
    /// Ids of products with commas between them, at most 200; none: only the book and the currency are told.
    pub products: Option<String>,
}

/// What a product costs.
#[derive(ToSchema)]
pub struct Price {
    pub product: String,
    /// An amount with its currency; null where nothing says what it costs in this currency.
    pub list_price: Option<Value>,
    /// `book`: an entry of the price book; `product`: the product's own price.
    #[schema(example = "book")]
    pub from: Option<String>,
    pub book: Option<String>,
}

#[derive(ToSchema)]
pub struct Prices {
    pub items: Vec<Price>,
    /// In which lines there are priced.
    #[schema(example = "EUR")]
    pub currency: String,
    /// The price book that holds.
    pub book: Option<String>,
    pub refs: BTreeMap<String, Ref>,
}

/// A row of a grid: a new one where it has no id.
#[derive(ToSchema)]
pub struct LineRow {
    pub id: Option<String>,
    /// The version that was seen.
    pub version: Option<i64>,
    /// Of a changed row those that change.
    pub fields: Option<BTreeMap<String, Value>>,
}

#[derive(ToSchema)]
pub struct PutLines {
    pub rows: Option<Vec<LineRow>>,
    /// Ids of the rows that are removed.
    pub removed: Option<Vec<String>>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct SavedLines {
    /// `saved`.
    pub result: String,
    pub changed: bool,
    /// What the lines are in, with its totals as they then are.
    pub record: Record,
    /// The rows of the request as they then are, in its order; null in the answer to a repetition.
    pub rows: Option<Vec<Record>>,
    pub refs: BTreeMap<String, Ref>,
    pub dry_run: bool,
}
