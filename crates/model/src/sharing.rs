//! Sharing rules: what an organisation gives to whom because of what a record is (spec/01, Access 2).

use serde::{Deserialize, Serialize};

use crate::{Condition, Id};

/// A rule: records that meet the condition are given to these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharingRule {
    pub id: Id,
    pub object: String,
    pub name: String,
    /// One that is not gives nothing.
    pub active: bool,
    /// Over the record's own stored fields; every record of the object when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    pub to: Vec<Recipient>,
    pub level: Level,
    /// Counts its changes.
    pub version: i64,
}

/// Somebody to whom records are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    pub kind: RecipientKind,
    pub id: Id,
}

/// Whom an id means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecipientKind {
    Person,
    /// Everybody in it and below it.
    Department,
    Group,
}

impl RecipientKind {
    /// The object whose records it means.
    pub fn object(self) -> &'static str {
        match self {
            RecipientKind::Person => "employee",
            RecipientKind::Department => "department",
            RecipientKind::Group => "user_group",
        }
    }
}

/// How much somebody may do with a record that is his by right; his roles say the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Read,
    ReadWrite,
}

impl Level {
    /// As stored and as the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Level::Read => "read",
            Level::ReadWrite => "read_write",
        }
    }

    /// The level of a key.
    pub fn of(key: &str) -> Option<Level> {
        [Level::Read, Level::ReadWrite].into_iter().find(|level| level.key() == key)
    }
}
