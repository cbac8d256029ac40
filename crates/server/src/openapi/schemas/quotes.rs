//! Quotes.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::Record;

#[derive(ToSchema)]
pub struct NewQuote {
    /// The deal's name when absent.
    pub name: Option<String>,
    #[schema(example = "EUR")]
    pub currency: Option<String>,
    /// The deal's when absent, as long as it holds and is in the currency.
    pub price_book: Option<String>,
    #[schema(example = "2026-12-31")]
    pub valid_until: Option<String>,
    /// The deal's lines come along; true when absent.
    pub with_lines: Option<bool>,
    /// Other fields of the quote.
    pub fields: Option<BTreeMap<String, Value>>,
    pub dry_run: Option<bool>,
}

/// A price that was converted.
#[derive(ToSchema)]
pub struct ConvertedPrice {
    /// The line's name.
    pub name: Option<String>,
    pub from: QuoteMoney,
    pub to: QuoteMoney,
}

#[derive(ToSchema)]
pub struct QuoteMoney {
    #[schema(example = "1054.00")]
    pub amount: String,
    #[schema(example = "USD")]
    pub currency: String,
}

#[derive(ToSchema)]
pub struct QuoteMade {
    /// `saved`, or `pending_approval`: then it does not count yet.
    pub result: String,
    pub changed: bool,
    pub record: Option<Record>,
    /// Prices of the deal's lines that were in another currency.
    pub converted: Vec<ConvertedPrice>,
    /// Fields of lines that the caller may not write, and that have stayed behind.
    pub not_copied: Vec<String>,
    pub approval: Option<String>,
    pub dry_run: bool,
}

#[derive(ToSchema)]
pub struct NewQuoteVersion {
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct TurnQuote {
    /// `sent`, `accepted`, `rejected`.
    #[schema(example = "accepted")]
    pub status: String,
    /// Why it was rejected; why an acceptance is taken back.
    pub reason: Option<String>,
    /// Leaves approvals out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct QuoteTurned {
    /// `saved`, or `pending_approval`: then it is in review.
    pub result: String,
    pub changed: bool,
    pub record: Option<Record>,
    /// The deal after an acceptance or one that was taken back, as far as the caller sees it.
    pub opportunity: Option<Record>,
    pub approval: Option<String>,
    pub dry_run: bool,
}
