//! Saved views of lists.

use utoipa::ToSchema;

use super::Condition;

/// Who uses a view.
#[derive(ToSchema)]
pub struct Sharing {
    /// `private`, `everybody`, `roles`.
    #[schema(example = "private")]
    pub scope: String,
    /// Keys of roles, where the scope is `roles`.
    pub roles: Vec<String>,
}

#[derive(ToSchema)]
pub struct PersonName {
    pub id: String,
    pub name: String,
}

#[derive(ToSchema)]
pub struct View {
    pub id: String,
    #[schema(example = "opportunity")]
    pub object: String,
    pub name: String,
    /// `table`.
    pub kind: String,
    pub filter: Option<Condition>,
    /// Keys of fields, those left out that the reader may not know of. Empty: all.
    pub columns: Vec<String>,
    /// `field` or `-field`.
    pub sort: Option<String>,
    pub group: Option<String>,
    pub sharing: Sharing,
    /// Roles that begin with it.
    pub default_for: Vec<String>,
    pub owner: Option<PersonName>,
    pub mine: bool,
    /// `edit`, `delete`, `share`.
    pub can: Vec<String>,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct Views {
    pub items: Vec<View>,
    /// The one to begin with.
    pub default: Option<String>,
}

/// What a view says. The product's own (`id`, `owner`, `mine`, `can`, `version`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveView {
    #[schema(example = "opportunity")]
    pub object: String,
    /// At most 100 characters.
    pub name: String,
    pub kind: Option<String>,
    pub filter: Option<Condition>,
    pub columns: Option<Vec<String>>,
    pub sort: Option<String>,
    pub group: Option<String>,
    pub sharing: Option<SaveSharing>,
    pub default_for: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct SaveSharing {
    pub scope: Option<String>,
    pub roles: Option<Vec<String>>,
}
