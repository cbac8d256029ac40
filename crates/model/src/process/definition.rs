//! A sales process as it is written, stored and sent.

use serde::{Deserialize, Serialize};

use super::parties::Reminder;
use super::tasks::StageTask;
use crate::{Condition, Id, Number};

/// An ordered set of stages with their rules ("pipeline" elsewhere). The document of the API and of the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Given by the product; absent in the document of a new process.
    #[serde(default = "no_id")]
    pub id: Id,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// An inactive process takes no new deals; those in it go on (D62).
    #[serde(default = "yes")]
    pub active: bool,
    /// The lower goes first where several processes apply.
    #[serde(default)]
    pub precedence: i64,
    /// Counts the published versions.
    #[serde(default)]
    pub version: i64,
    /// Always `opportunity`.
    #[serde(default = "opportunity")]
    pub object: String,
    /// Always `stage`.
    #[serde(default = "stage")]
    pub field: String,
    /// Whether a deal may go back to an earlier stage (D57).
    #[serde(default = "yes")]
    pub back_moves: bool,
    #[serde(default)]
    pub who: Who,
    /// What a record must be to take this process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_condition: Option<Condition>,
    #[serde(default)]
    pub stages: Vec<StageRules>,
}

/// Who may use a process, judged on the record's owner (D46). All empty: everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    #[serde(default)]
    pub departments: Vec<DepartmentScope>,
    #[serde(default)]
    pub people: Vec<Id>,
    /// User groups.
    #[serde(default)]
    pub groups: Vec<Id>,
    /// Role keys.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A department, with or without those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentScope {
    pub id: Id,
    #[serde(default)]
    pub with_sub: bool,
}

/// One stage's place and rules in a process. What the stage means (in progress, won …) is told by its option.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageRules {
    /// Key of an Opportunity Stage option.
    pub stage: String,
    /// How long an owner may stay before the deal is overdue (D50). In progress only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<i64>,
    /// Which time counts.
    #[serde(default, skip_serializing_if = "is_calendar")]
    pub duration_in: TimeIn,
    /// Who is told before and after the deal is overdue. In progress, with a duration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminder>,
    /// May be jumped over. In progress only.
    #[serde(default)]
    pub allow_skip: bool,
    /// Percent put on the deal on entry unless typed by hand. In progress only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win_rate: Option<Number>,
    /// Likewise. In progress only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast_category: Option<String>,
    /// Shown to the salesperson who stands in this stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
    /// Shown below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// What is to be done in this stage. In progress only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<StageTask>,
    /// Which of them must be done before the stage is complete. In progress only.
    #[serde(default, skip_serializing_if = "NeededTasks::is_default")]
    pub needed_tasks: NeededTasks,
    /// What must hold before the stage is complete. In progress only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion_condition: Option<Condition>,
    /// Completing it asks for an approval, by the flow that catches it. In progress only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval: bool,
    /// What must hold to enter the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_condition: Option<Condition>,
    /// Fields that must be filled to enter the stage; the move asks for them.
    #[serde(default)]
    pub required_fields: Vec<String>,
    /// Enters past the normal stages' completion and skip rules (D54). Terminal only.
    #[serde(default)]
    pub ignore_normal: bool,
    /// In Progress stages which must have been completed before. Terminal only.
    #[serde(default)]
    pub must_have_completed: Vec<String>,
    /// Up to 100 characters, shown when somebody enters the stage. Terminal only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Records to be created upon entry, together with the move. Terminal only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub creates: Vec<CreateOnEntry>,
}

/// Which time a duration counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeIn {
    /// Every hour.
    #[default]
    Calendar,
    /// The hours of the owner's business calendar; a day is as long as its working day.
    Working,
}

/// A page that helps in a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub label: String,
    /// `https://…` or `http://…`.
    pub url: String,
}

/// Which tasks of a stage complete it (D63).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "which", rename_all = "snake_case", deny_unknown_fields)]
pub enum NeededTasks {
    /// All that are marked as required.
    #[default]
    Required,
    /// These, by their keys.
    Chosen { tasks: Vec<String> },
    /// So many of all there are; all of them where there are fewer.
    Number { n: i64 },
}

/// An object of which a record is created when a terminal stage is entered (D66).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateOnEntry {
    pub object: String,
    /// The field of the new record that refers to the deal.
    pub link: String,
    /// Fields which the dialog asks for, besides those that the object requires.
    #[serde(default)]
    pub fields: Vec<String>,
    /// What the new record begins with, from the deal.
    #[serde(default)]
    pub fill: Vec<Fill>,
}

/// A field of a new record, filled from a field of the deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// Of the new record.
    pub field: String,
    /// Of the deal, one step through a reference included: `account`, `account.industry`.
    pub from: String,
}

fn is_calendar(time: &TimeIn) -> bool {
    *time == TimeIn::Calendar
}
fn no_id() -> Id {
    Id::SYSTEM
}
fn yes() -> bool {
    true
}
fn opportunity() -> String {
    "opportunity".to_owned()
}
fn stage() -> String {
    "stage".to_owned()
}

impl Process {
    /// An active process of these stages, for everybody.
    pub fn new(id: Id, name: &str, stages: Vec<StageRules>) -> Process {
        Process {
            id,
            name: name.to_owned(),
            description: String::new(),
            active: true,
            precedence: 0,
            version: 1,
            object: opportunity(),
            field: stage(),
            back_moves: true,
            who: Who::default(),
            entry_condition: None,
            stages,
        }
    }

    /// The rules of a stage.
    pub fn stage(&self, key: &str) -> Option<&StageRules> {
        self.stages.iter().find(|rules| rules.stage == key)
    }

    /// Where a stage stands in the order.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.stages.iter().position(|rules| rules.stage == key)
    }
}

impl StageRules {
    /// A stage without rules.
    pub fn new(stage: &str) -> StageRules {
        StageRules { stage: stage.to_owned(), ..StageRules::default() }
    }
}

impl NeededTasks {
    fn is_default(&self) -> bool {
        *self == NeededTasks::Required
    }
}

impl Who {
    /// True when nobody is named, which means everybody.
    pub fn is_everybody(&self) -> bool {
        self.departments.is_empty() && self.people.is_empty() && self.groups.is_empty() && self.roles.is_empty()
    }
}
