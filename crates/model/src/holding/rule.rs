//! What an administrator writes down of holding.

use serde::{Deserialize, Serialize};

use crate::{Condition, Id};

/// When a record of an object counts at all; every rule stands on top of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub object: String,
    /// Every record that is not in the recycle bin when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Counts its changes.
    pub version: i64,
}

/// A rule: how many records somebody may have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldingRule {
    pub id: Id,
    pub object: String,
    pub name: String,
    /// One that is not limits nobody.
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub subject: Subject,
    /// Which records count, within the definition; all that it counts when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Condition>,
    pub limit: Limit,
    /// Counts its changes.
    pub version: i64,
}

/// Whom a rule limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Subject {
    /// Each person by himself; everybody when there is no condition.
    Employees {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// Each of these departments as a whole: those whose primary department it is, or one below it.
    Departments { ids: Vec<Id>, with_sub: bool },
    /// Each of these user groups as a whole.
    Groups { ids: Vec<Id> },
}

/// How many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Limit {
    Number {
        number: u32,
    },
    /// A field of Employee: of the person, or the sum over the active members of the department or group. Blank: no limit.
    Variable {
        field: String,
    },
}
