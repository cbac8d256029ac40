//! What an administrator writes down of holding.

use serde::{Deserialize, Serialize};

use crate::condition::Op;
use crate::field::{FieldType, Kind};
use crate::objects::{lead, lifecycle};
use crate::{Condition, Field, Id};

/// When a record of an object counts at all; every rule stands on top of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub object: String,
    /// Every record that is neither in the recycle bin nor set aside when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Counts its changes.
    pub version: i64,
}

impl Definition {
    /// The definition with which an object ships: what is still to be worked on counts, and what has ended or lies in the recycle bin does not.
    pub fn shipped(object: &str) -> Definition {
        let condition = match object {
            "opportunity" => Condition::All(vec![Condition::row("stage_type", Op::Eq, "in_progress"), kept()]),
            lead::KEY => {
                let ended = serde_json::json!([lead::status::CONVERTED, lead::status::INVALID]);
                Condition::All(vec![Condition::row("lead_status", Op::NotIn, ended), kept()])
            }
            _ => kept(),
        };
        Definition { object: object.to_owned(), condition: Some(condition), version: 0 }
    }

    /// The condition that all of its rules stand on.
    pub fn meaning(&self) -> Condition {
        self.condition.clone().unwrap_or_else(kept)
    }
}

/// Neither in the recycle bin nor set aside. What waits for an approval counts as if it had it.
fn kept() -> Condition {
    Condition::row("lifecycle_status", Op::NotIn, serde_json::json!([lifecycle::VOIDED, lifecycle::INEFFECTIVE]))
}

/// What a field is as a variable of limits: `number`, `calculated` or `statistical`; nothing for one that cannot be a limit.
pub fn variable_kind(field: &Field) -> Option<&'static str> {
    let live = field.state.is_live() && field.kind.kind() == Kind::Number;
    match &field.kind {
        FieldType::Number { .. } if live => Some("number"),
        FieldType::Calculated { indexed: true, .. } if live => Some("calculated"),
        FieldType::Statistical { .. } if live => Some("statistical"),
        _ => None,
    }
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

impl HoldingRule {
    /// Which records count: what the definition counts, within it what the rule says.
    pub fn meaning(&self, definition: &Definition) -> Condition {
        match &self.counts {
            None => definition.meaning(),
            Some(counts) => Condition::All(vec![definition.meaning(), counts.clone()]),
        }
    }
}
