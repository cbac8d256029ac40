//! People who are named by what they are to a deal, and when they are told.

use serde::{Deserialize, Serialize};

use crate::Id;

/// Somebody, or several, named by what they are to a deal (D65). Who is nobody at the moment (no manager, an empty field) is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Party {
    Owner,
    OwnerManager,
    /// Of the owner's department, else of the nearest one above it that has a manager.
    DepartmentManager,
    Creator,
    /// Everybody in the deal's team.
    Team,
    /// Those in the team with this role.
    TeamRole {
        role: String,
    },
    Person {
        id: Id,
    },
    /// Who stands in this field of the deal: a reference to an employee.
    Field {
        field: String,
    },
}

/// Who is told, and when, before or after something is due (D51). Told once per stay or task, person and repetition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reminder {
    pub when: When,
    /// How long before or after; 0 is the instant itself. Calendar time.
    #[serde(default)]
    pub seconds: i64,
    /// After the first time, again every so many days until the stage is left or the task is done. Only after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_days: Option<i64>,
    pub to: Vec<Party>,
    /// In the administrator's own words; else the product's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// On which side of the due instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Before,
    After,
}
