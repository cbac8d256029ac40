//! Roles.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::Label;

#[derive(ToSchema)]
pub struct ObjectRights {
    /// As `GET /roles/acts` has them.
    #[schema(example = json!(["read", "create", "edit"]))]
    pub acts: Vec<String>,
    /// Fields that differ from writing: `hidden` or `read`.
    pub fields: BTreeMap<String, String>,
}

#[derive(ToSchema)]
pub struct Role {
    #[schema(example = "salesperson")]
    pub key: String,
    pub name: Label,
    pub description: Option<Label>,
    /// Sees every record of every object that it may read.
    pub see_all: bool,
    /// May shape the product: objects, processes, people, settings.
    pub administrator: bool,
    /// Reads the trace of everything.
    pub reads_audit: bool,
    /// By object; `*` stands for every object not named.
    pub objects: BTreeMap<String, ObjectRights>,
    /// Shipped with the product.
    pub preset: bool,
    /// How many of those who work here have it.
    pub people: i64,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct Roles {
    pub items: Vec<Role>,
}

/// A role as it shall be. The product's own (`preset`, `people`, `version`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveRole {
    /// Made from the name when absent; cannot be changed.
    pub key: Option<String>,
    pub name: Label,
    pub description: Option<Label>,
    pub see_all: Option<bool>,
    pub administrator: Option<bool>,
    pub reads_audit: Option<bool>,
    pub objects: Option<BTreeMap<String, ObjectRights>>,
}

#[derive(ToSchema)]
pub struct ActsOfObject {
    /// `*` stands for every object not named.
    #[schema(example = "opportunity")]
    pub key: String,
    pub acts: Vec<String>,
}

#[derive(ToSchema)]
pub struct RoleActs {
    pub objects: Vec<ActsOfObject>,
}
