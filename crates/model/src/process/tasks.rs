//! Stage tasks: what is to be done while a deal stands in a stage, as it is written, and as it stands on a deal.

use serde::{Deserialize, Serialize};

use super::definition::{Fill, NeededTasks, StageRules, TimeIn};
use super::parties::{Party, Reminder};
use crate::{Condition, Id, Instant};

/// A task of a stage, as an administrator writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageTask {
    /// One of the process; stays with the task through all its versions.
    pub key: String,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    #[serde(default = "yes")]
    pub required: bool,
    pub act: TaskAct,
    /// Whose task it is; the owner's where nobody is named. Several: the first who there is.
    #[serde(default)]
    pub assignees: Vec<Party>,
    /// How long after the stage is entered it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_seconds: Option<i64>,
    #[serde(default, skip_serializing_if = "is_calendar")]
    pub due_in: TimeIn,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminder>,
    /// It arises only for deals that are such when they enter the stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Arises anew when the stage is entered again, though it was done.
    #[serde(default)]
    pub repeat: bool,
}

/// What is to be done (D63, D64).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TaskAct {
    /// Fields to be filled, of the deal or of a record it refers to; done when it is saved with all of them.
    EditObject {
        /// A reference field of the deal; absent: the deal itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        fields: Vec<String>,
    },
    /// Records to be created, or chosen where that is allowed; done when there are enough that were linked through the task.
    CreateObject {
        object: String,
        /// Its field that refers to the deal.
        link: String,
        #[serde(default)]
        fill: Vec<Fill>,
        /// An existing record may not be chosen instead.
        #[serde(default)]
        create_only: bool,
        /// Which existing ones may be chosen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choose_from: Option<Condition>,
        #[serde(default = "one")]
        minimum: i64,
    },
    /// Sub-objects to be added or changed in a grid; done when they are saved, with at least so many rows.
    EditSubObjects {
        object: String,
        #[serde(default)]
        minimum: i64,
    },
    /// Nothing but to be ticked.
    ChecklistItem,
}

/// A task as it stands on a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: Id,
    pub opportunity: Id,
    pub process: Id,
    /// Version of the process under which it arose.
    pub process_version: i64,
    pub stage: String,
    /// Of the process's task.
    pub key: String,
    /// The visit in which it arose.
    pub stay: Id,
    pub run: i64,
    pub name: String,
    pub required: bool,
    pub state: TaskState,
    pub assignee: Option<Id>,
    pub due_at: Option<Instant>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    Open,
    Done,
    /// Left open when its stage was left.
    Skipped,
}

impl TaskState {
    const ALL: [TaskState; 3] = [TaskState::Open, TaskState::Done, TaskState::Skipped];

    /// As the database and the API say it.
    pub fn key(self) -> &'static str {
        match self {
            TaskState::Open => "open",
            TaskState::Done => "done",
            TaskState::Skipped => "skipped",
        }
    }

    /// Reads what [`TaskState::key`] wrote.
    pub fn from_key(key: &str) -> Option<TaskState> {
        TaskState::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// The last of each key that a deal has of a stage: what was done in an earlier visit stays done.
pub fn standing<'a>(stage: &str, process: Id, tasks: &'a [Task]) -> Vec<&'a Task> {
    let mut found: Vec<&Task> = Vec::new();
    for task in tasks.iter().filter(|task| task.process == process && task.stage == stage) {
        found.retain(|earlier| earlier.key != task.key);
        found.push(task);
    }
    found
}

/// Tasks of a deal that must be done before its stage is complete, and are not. A task that never arose on the deal (its condition did not
/// hold, or it was added to the process later) does not stand in the way; nor does one that was skipped in an earlier visit and did not
/// arise anew.
pub fn in_the_way<'a>(rules: &StageRules, process: Id, tasks: &'a [Task]) -> Vec<&'a Task> {
    let mut standing = standing(&rules.stage, process, tasks);
    standing.retain(|task| task.state != TaskState::Skipped);
    let done = standing.iter().filter(|task| task.state == TaskState::Done).count();
    let all = standing.len();
    let open = standing.into_iter().filter(|task| task.state != TaskState::Done);
    match &rules.needed_tasks {
        NeededTasks::Required => open.filter(|task| task.required).collect(),
        NeededTasks::Chosen { tasks } => open.filter(|task| tasks.contains(&task.key)).collect(),
        NeededTasks::Number { n } if done >= usize::try_from(*n).unwrap_or(0).min(all) => Vec::new(),
        NeededTasks::Number { .. } => open.collect(),
    }
}

fn yes() -> bool {
    true
}
fn one() -> i64 {
    1
}
fn is_calendar(time: &TimeIn) -> bool {
    *time == TimeIn::Calendar
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn task(n: u128, key: &str, required: bool, state: TaskState) -> Task {
        let id = |n: u128| Id(Uuid::from_u128(n));
        Task {
            id: id(n),
            opportunity: id(100),
            process: id(200),
            process_version: 1,
            stage: "a".to_owned(),
            key: key.to_owned(),
            stay: id(300),
            run: 1,
            name: key.to_owned(),
            required,
            state,
            assignee: None,
            due_at: None,
        }
    }

    fn found(needed: NeededTasks, tasks: &[Task]) -> Vec<u128> {
        let rules = StageRules { needed_tasks: needed, ..StageRules::new("a") };
        in_the_way(&rules, tasks[0].process, tasks).iter().map(|task| task.id.0.as_u128()).collect()
    }

    #[test]
    fn what_is_needed_and_open_stands_in_the_way() {
        use TaskState::{Done, Open, Skipped};
        let tasks = [
            task(1, "x", true, Skipped),
            task(2, "y", true, Done),
            // The stage is entered again: x arises anew, z, which was skipped, does not.
            task(3, "z", true, Skipped),
            task(4, "x", true, Open),
            task(5, "w", false, Open),
        ];
        assert_eq!(found(NeededTasks::Required, &tasks), [4]);
        let chosen = |keys: &[&str]| NeededTasks::Chosen { tasks: keys.iter().map(|key| (*key).to_owned()).collect() };
        assert_eq!(found(chosen(&["w", "y", "z"]), &tasks), [5]);
        assert_eq!(found(NeededTasks::Number { n: 1 }, &tasks), [] as [u128; 0]);
        assert_eq!(found(NeededTasks::Number { n: 2 }, &tasks), [4, 5]);
        // All of them where there are fewer; what was skipped counts as none.
        assert_eq!(found(NeededTasks::Number { n: 9 }, &tasks), [4, 5]);
        assert_eq!(found(NeededTasks::Number { n: 9 }, &tasks[1..3]), [] as [u128; 0]);
    }
}
