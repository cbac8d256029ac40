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

/// A notice has come for one (`notice`), or fewer are unread; then the rest is null.
#[derive(ToSchema)]
pub struct NoticeNews {
    pub unread: i64,
    pub id: Option<String>,
    pub kind: Option<String>,
    /// In one's language.
    pub title: Option<String>,
}

/// Definitions or rights have changed.
#[derive(ToSchema)]
pub struct MetaNews {
    pub meta_version: i64,
}
