//! Sharing rules.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Condition, Ref};

#[derive(ToSchema)]
pub struct Recipient {
    /// `person`, `department` (everybody in it and below) or `group`.
    #[schema(example = "department")]
    pub kind: String,
    pub id: String,
}

#[derive(ToSchema)]
pub struct SharingRule {
    pub id: String,
    #[schema(example = "opportunity")]
    pub object: String,
    pub name: String,
    pub active: bool,
    /// Over the record's own stored fields; every record when absent.
    pub condition: Option<Condition>,
    pub to: Vec<Recipient>,
    /// `read` or `read_write`.
    #[schema(example = "read")]
    pub level: String,
    pub version: i64,
    /// What it gives is still being worked out.
    pub settling: bool,
    /// Records that it gives at present.
    pub records: i64,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct SharingRules {
    pub items: Vec<SharingRule>,
    pub refs: BTreeMap<String, Ref>,
}

/// A rule as it shall be. The product's own (`id`, `version`, `settling`, `records`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveSharingRule {
    #[schema(example = "opportunity")]
    pub object: String,
    /// At most 100 characters.
    pub name: String,
    pub active: Option<bool>,
    pub condition: Option<Condition>,
    pub to: Vec<Recipient>,
    pub level: String,
}

#[derive(ToSchema)]
pub struct SharingPreview {
    #[schema(example = "opportunity")]
    pub object: String,
    pub condition: Option<Condition>,
}

#[derive(ToSchema)]
pub struct SharingCount {
    pub records: i64,
}
