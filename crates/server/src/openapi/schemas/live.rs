//! Live changes.

use utoipa::ToSchema;

/// Something one may see has changed.
#[derive(ToSchema)]
pub struct Hint {
    pub object: String,
    pub id: String,
    pub revision: i64,
    pub columns: Vec<String>,
    pub act: String,
}

/// Something one no longer sees.
#[derive(ToSchema)]
pub struct Gone {
    pub object: String,
    pub id: String,
}

/// Definitions or rights have changed.
#[derive(ToSchema)]
pub struct MetaNews {
    pub meta_version: i64,
}
