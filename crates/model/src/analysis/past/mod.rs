//! How deals stood at the end of a past day.
//!
//! Changes are taken back from how they stand, the latest first: what is left is how they stood before. What a field was, the change tells
//! that came next; a deal that was created since was not there. [`Deals`] holds nothing of rates and rights: amounts are in their own
//! currencies, and whoever asks says at which rates they count ([`Then`]).

mod columns;
mod figures;
mod waterfall;

#[cfg(test)]
mod tests;

pub use columns::Deals;
pub use figures::{Asked, Then};
pub use waterfall::{Delta, Ends, Part, waterfall};

/// Fields of a deal of which it is known what they were: references and choices first, then amounts, then numbers and instants.
pub const FIELDS: [&str; 18] = [
    "owner",
    "owner_department",
    "account",
    "product",
    "sales_process",
    "stage",
    "stage_type",
    "lifecycle_status",
    "forecast_category",
    "opportunity_type",
    "lead_source",
    "expected_close_date",
    "amount",
    "forecast_amount",
    "main_rate",
    "created_at",
    "closed_at",
    "stage_entered_at",
];

/// The place of a field in [`FIELDS`].
pub fn place_of(field: &str) -> Option<usize> {
    FIELDS.iter().position(|known| *known == field)
}
