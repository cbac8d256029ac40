//! One approval as it stands, drawn from its trail.

use serde::{Deserialize, Serialize};

use super::entry::{Entry, What};
use crate::{Id, Instant};

/// An approval of a flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub submitter: Id,
    pub initiator: Id,
    /// Every node that was come to, in order; a node may come more than once.
    pub steps: Vec<Step>,
    /// Everybody who was asked, in order.
    pub tasks: Vec<Task>,
    /// From this step on agreements count for who has agreed already.
    #[serde(default)]
    pub counts_from: usize,
    /// It lies with its initiator, who changes it and submits again: from the start, or at this node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// Where it goes on when it is submitted again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    pub step: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_to: Option<String>,
}

/// How an approval has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outcome {
    Approved,
    Rejected,
    Withdrawn,
    /// It was agreed to and could not be done, or nobody could be asked; the code says why.
    Failed {
        code: String,
    },
    /// A terminal stage that ignores normal settings was entered meanwhile.
    Superseded,
}

impl Outcome {
    /// As the API says it.
    pub fn key(&self) -> &'static str {
        match self {
            Outcome::Approved => "approved",
            Outcome::Rejected => "rejected",
            Outcome::Withdrawn => "withdrawn",
            Outcome::Failed { .. } => "failed",
            Outcome::Superseded => "superseded",
        }
    }
}

/// A node that was come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub node: String,
    /// The step out of which it was come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<usize>,
    /// The forks inside which it lies, as steps, the innermost last.
    #[serde(default)]
    pub within: Vec<usize>,
    pub state: StepState,
    pub began: Instant,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Instant>,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Open,
    Passed,
    Rejected,
    /// Nobody was to be asked.
    Skipped,
    /// It is not needed any more.
    Dropped,
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub step: usize,
    pub person: Id,
    /// Who was added before or after somebody sits in his seat: together they give one answer, in the order of their places.
    pub seat: usize,
    pub place: usize,
    pub state: TaskState,
    /// Since when it is his turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Instant>,
    /// Who has answered, where it was not he himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Id>,
    /// Nobody was asked.
    #[serde(default)]
    pub by_itself: bool,
}

/// How a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Others come first.
    Waiting,
    Open,
    Agreed,
    Rejected,
    Dropped,
}

impl TaskState {
    /// True while something is still to come of it.
    pub fn is_left(self) -> bool {
        matches!(self, TaskState::Waiting | TaskState::Open)
    }
}

/// Where somebody is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Added {
    Before,
    After,
}

impl Run {
    /// Before anything has happened.
    pub fn new(submitter: Id, initiator: Id) -> Run {
        Run { submitter, initiator, steps: Vec::new(), tasks: Vec::new(), counts_from: 0, returned: None, outcome: None }
    }

    /// The run that a trail tells of.
    pub fn replay(submitter: Id, initiator: Id, trail: &[Entry]) -> Run {
        let mut run = Run::new(submitter, initiator);
        trail.iter().for_each(|entry| run.apply(entry));
        run
    }

    /// True while something is to come.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none()
    }

    /// Tasks whose turn it is, with their numbers.
    pub fn open(&self) -> impl Iterator<Item = (usize, &Task)> {
        self.tasks.iter().enumerate().filter(|(_, task)| task.state == TaskState::Open)
    }

    /// The tasks of a step, with their numbers.
    pub fn tasks_of(&self, step: usize) -> impl Iterator<Item = (usize, &Task)> {
        self.tasks.iter().enumerate().filter(move |(_, task)| task.step == step)
    }

    /// Everybody whom it concerns now: who is asked, who will be in an open step, and who has answered.
    pub fn concerned(&self) -> Vec<Id> {
        let mut people: Vec<Id> =
            self.tasks.iter().filter(|task| task.state != TaskState::Dropped && !task.by_itself).map(|task| task.person).collect();
        people.sort_unstable();
        people.dedup();
        people
    }

    /// The steps that followed from one, itself not among them.
    pub fn after(&self, step: usize) -> Vec<usize> {
        let mut found = vec![step];
        for (n, other) in self.steps.iter().enumerate().skip(step + 1) {
            if other.from.is_some_and(|from| found.contains(&from)) {
                found.push(n);
            }
        }
        found.remove(0);
        found
    }

    /// The steps out of which one was come to, the nearest first.
    pub fn before(&self, step: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = self.steps.get(step).and_then(|step| step.from);
        while let Some(n) = at {
            found.push(n);
            at = self.steps[n].from;
        }
        found
    }

    /// Draws the next state from what has happened.
    pub fn apply(&mut self, entry: &Entry) {
        let at = entry.at;
        match &entry.what {
            What::Submitted | What::Commented | What::Urged => {}
            What::Entered { node, from, within } => self.steps.push(Step {
                node: node.clone(),
                from: *from,
                within: within.clone(),
                state: StepState::Open,
                began: at,
                ended: None,
            }),
            What::Asked { step, person, seat, place, open } => {
                for task in self.tasks.iter_mut().filter(|task| task.step == *step && task.seat == *seat && task.place >= *place) {
                    task.place += 1;
                }
                let state = if *open { TaskState::Open } else { TaskState::Waiting };
                self.tasks.push(Task {
                    step: *step,
                    person: *person,
                    seat: *seat,
                    place: *place,
                    state,
                    since: open.then_some(at),
                    ended: None,
                    by: None,
                    by_itself: false,
                });
            }
            What::Turn { task } => self.turn(*task, TaskState::Open, at),
            What::Waits { task } => self.turn(*task, TaskState::Waiting, at),
            What::Agreed { task, by_itself } => self.answer(*task, TaskState::Agreed, *by_itself, entry),
            What::Rejected { task, by_itself } => self.answer(*task, TaskState::Rejected, *by_itself, entry),
            What::Dropped { task } => {
                if let Some(task) = self.tasks.get_mut(*task) {
                    (task.state, task.ended) = (TaskState::Dropped, Some(at));
                }
            }
            What::Retrieved { task } => self.turn(*task, TaskState::Open, at),
            What::Reassigned { task, to, .. } => {
                if let Some(task) = self.tasks.get_mut(*task) {
                    (task.person, task.since) = (*to, task.since.map(|_| at));
                }
            }
            What::StepEnded { step, state } => {
                if let Some(step) = self.steps.get_mut(*step) {
                    (step.state, step.ended) = (*state, Some(at));
                }
            }
            What::StepReopened { step } => {
                if let Some(step) = self.steps.get_mut(*step) {
                    (step.state, step.ended) = (StepState::Open, None);
                }
            }
            What::SentBack { .. } => self.counts_from = self.steps.len(),
            What::Jumped { .. } => {
                self.counts_from = self.steps.len();
                self.returned = None;
            }
            What::Returned { step, back_to } => self.returned = Some(Returned { step: *step, back_to: back_to.clone() }),
            What::Resubmitted => {
                self.returned = None;
                self.counts_from = self.steps.len();
            }
            What::Ended { outcome } => {
                self.outcome.get_or_insert_with(|| outcome.clone());
                self.returned = None;
            }
        }
    }

    fn turn(&mut self, task: usize, state: TaskState, at: Instant) {
        if let Some(task) = self.tasks.get_mut(task) {
            task.state = state;
            task.since = (state == TaskState::Open).then_some(at);
            (task.ended, task.by, task.by_itself) = (None, None, false);
        }
    }

    fn answer(&mut self, task: usize, state: TaskState, by_itself: bool, entry: &Entry) {
        if let Some(task) = self.tasks.get_mut(task) {
            (task.state, task.ended, task.by_itself) = (state, Some(entry.at), by_itself);
            task.by = Some(entry.by).filter(|by| *by != task.person);
        }
    }
}
