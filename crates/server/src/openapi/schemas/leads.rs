//! Leads.

use utoipa::ToSchema;

#[derive(ToSchema)]
pub struct Assign {
    /// Who gets it.
    pub owner: String,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct MarkInvalid {
    /// An option of the field `invalid_reason`.
    #[schema(example = "no_interest")]
    pub invalid_reason: String,
    /// More in words, kept with the history.
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}
