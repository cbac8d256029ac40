//! A process tried on the past: which moves that were made would its gates have held back? And on the present: which open
//! deals could go no further under it?
//!
//! Nothing is judged here but by the judge of all moves; what is new is which facts it is given and how its answers are counted.

use std::collections::{BTreeMap, BTreeSet};

use super::moves::{Facts, MoveKind, Mover, Verdict, judge};
use super::stay::{How, Stay};
use super::tasks::{Task, TaskState};
use super::{FixableBy, Gates, Owner, Requirement, applicable};
use crate::condition::World;
use crate::field::{Choice, StageType};
use crate::{Id, Instant, Record};

/// Whoever moved had the right to: what is tried are the gates, not the roles.
const MOVER: Mover = Mover {
    may_move: true,
    may_reopen: true,
    may_edit: true,
    may_unlock: true,
    may_change_process: true,
    may_bypass: true,
    is_owner: true,
};

/// A move that was made, with the deal as it was.
#[derive(Clone, Copy, Debug)]
pub struct PastMove<'a> {
    /// The deal before it; without a stage when it was created.
    pub before: &'a Record,
    /// With the values that came along with the move, and nothing yet of what followed from it.
    pub after: &'a Record,
    /// The stays before it, oldest first, the last one as it stood: see [`reopened`].
    pub stays: &'a [Stay],
    /// The stay that it began.
    pub entered: &'a Stay,
    /// Tasks as they would have stood: see [`tasks_then`].
    pub tasks: &'a [Task],
    /// Objects of which records were created along with it.
    pub creating: &'a [String],
    /// The owner of the deal, for what begins in the process.
    pub owner: Option<Owner<'a>>,
}

/// Judges a move that was made as if `gates` had been in force.
pub fn judge_past(gates: &Gates, options: &[Choice], world: &World, past: &PastMove<'_>) -> Verdict {
    let facts = Facts {
        gates,
        options,
        record: past.before,
        after: past.after,
        stays: past.stays,
        world,
        mover: MOVER,
        now: past.entered.entered_at,
        reason: past.entered.reason.as_deref(),
        reopening: past.entered.how == How::Reopen,
        changing_process: past.entered.how == How::ChangeProcess,
        tasks: past.tasks,
        pending: None,
        creating: past.creating,
        bypass: false,
    };
    let mut verdict = judge(&facts, &past.entered.stage);
    let takes = matches!(verdict.kind, MoveKind::Start | MoveKind::ChangeProcess);
    if takes && applicable(std::slice::from_ref(gates), past.owner, past.after, world).is_empty() {
        // What follows from the process is not asked for on top of it.
        let refused = Requirement::new("process.not_permitted", &past.entered.stage, FixableBy::Administrator);
        verdict.requirements = vec![refused.with("name", gates.process.name.as_str())];
    }
    verdict
}

/// A stay as it was before it was left.
pub fn reopened(stay: &Stay) -> Stay {
    if stay.is_terminal() { stay.clone() } else { Stay { left_at: None, to_stage: None, left_by: None, ..stay.clone() } }
}

/// A task that a deal has, with what is known of its past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastTask {
    pub task: Task,
    pub arisen_at: Instant,
    /// When it was done (true) and reopened (false), in the order of time.
    pub turns: Vec<(Instant, bool)>,
}

impl PastTask {
    /// Whether it stood as done just before an instant.
    fn was_done(&self, at: Instant) -> bool {
        self.turns.iter().rev().find(|(turned, _)| *turned < at).is_some_and(|(_, done)| *done)
    }
}

/// The tasks of the stage that a deal was in, as they would have stood at an instant had these been the stage's tasks: one that
/// the deal has stands as it stood then, one that it never had arises open. The keys of the latter are told apart.
/// `arises` says for each task of the stage whether its condition held when the stage was entered.
pub fn tasks_then(gates: &Gates, visit: &Stay, tasks: &[PastTask], arises: &[bool], at: Instant) -> (Vec<Task>, BTreeSet<String>) {
    let (mut then, mut new) = (Vec::new(), BTreeSet::new());
    let Some(rules) = gates.process.stage(&visit.stage).filter(|_| visit.process == gates.process.id) else { return (then, new) };
    for (place, wanted) in rules.tasks.iter().enumerate() {
        let of_this = |past: &&PastTask| {
            past.task.process == visit.process && past.task.stage == visit.stage && past.task.key == wanted.key && past.arisen_at < at
        };
        let known: Vec<&PastTask> = tasks.iter().filter(of_this).collect();
        let holds = arises.get(place).copied().unwrap_or(true);
        // What was done in an earlier visit stays done, unless it arises anew each time.
        let earlier = known.iter().find(|past| !(wanted.repeat && holds) && past.task.stay != visit.id && past.was_done(at));
        let here = known.iter().rev().find(|past| past.task.stay == visit.id);
        let task = match (earlier, here, holds) {
            (Some(past), ..) => Task { state: TaskState::Done, ..past.task.clone() },
            (None, Some(past), true) => {
                let state = if past.was_done(at) { TaskState::Done } else { TaskState::Open };
                Task { state, ..past.task.clone() }
            }
            (None, None, true) => {
                new.insert(wanted.key.clone());
                arisen(visit, &wanted.key)
            }
            (None, _, false) => continue,
        };
        then.push(Task { name: wanted.name.clone(), required: wanted.required, ..task });
    }
    (then, new)
}

fn arisen(visit: &Stay, key: &str) -> Task {
    Task {
        id: Id::SYSTEM,
        opportunity: visit.opportunity,
        process: visit.process,
        process_version: visit.process_version,
        stage: visit.stage.clone(),
        key: key.to_owned(),
        stay: visit.id,
        run: visit.run,
        name: String::new(),
        required: true,
        state: TaskState::Open,
        assignee: None,
        due_at: None,
    }
}

/// One thing that a process asks for, whichever deal it is asked of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gate {
    /// Whose gate it is: the stage that is entered, left, or not jumped over.
    pub stage: String,
    pub code: &'static str,
    /// The field, task, object or stage that it is about.
    pub what: String,
}

impl Gate {
    /// As the API names it.
    pub fn key(&self) -> String {
        let code = self.code.trim_start_matches("stage.");
        if self.what.is_empty() { format!("{}:{code}", self.stage) } else { format!("{}:{code}:{}", self.stage, self.what) }
    }

    /// The gates that an unmet requirement is about, each with the requirement as far as it speaks of that gate alone.
    fn of(requirement: &Requirement) -> Vec<(Gate, Requirement)> {
        let text = |key: &str| requirement.params.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let gate = |stage: String, what: String| Gate { stage, code: requirement.code, what };
        let mut said = requirement.clone();
        // What one deal lacks, and which task of its own it is, does not speak of the gate.
        said.params.remove("unmet");
        said.params.remove("task");
        let stages = requirement.params.get("stages").and_then(|stages| stages.as_array());
        match (requirement.code, stages) {
            ("stage.not_skippable" | "stage.prerequisite_stage", Some(stages)) => stages
                .iter()
                .filter_map(|stage| stage.as_str())
                .map(|stage| {
                    let gate = match requirement.code {
                        "stage.not_skippable" => gate(stage.to_owned(), String::new()),
                        _ => gate(requirement.stage.clone(), stage.to_owned()),
                    };
                    (gate, said.clone().with("stages", vec![stage]))
                })
                .collect(),
            ("stage.task_open", _) => vec![(gate(text("leaving"), text("key")), said)],
            ("stage.completion_condition", _) => vec![(gate(text("leaving"), String::new()), said)],
            _ => {
                let what = if requirement.params.contains_key("object") { text("object") } else { text("field") };
                vec![(gate(requirement.stage.clone(), what), said)]
            }
        }
    }
}

/// What a gate came to.
#[derive(Clone, Debug, PartialEq)]
pub struct GateCount {
    /// What it says of one of the moves; the words are those of the gate.
    pub says: Requirement,
    /// Moves that it would have held back.
    pub moves: u64,
    /// Those which nothing else stood against.
    pub alone: u64,
    pub deals: u64,
    /// The dialog of the move asks for it, so it would have cost an answer and not the move.
    pub asked: bool,
    /// A task that the deals never had.
    pub new_task: bool,
    last: Option<Id>,
}

/// What became of the moves that were tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    pub judged: u64,
    pub held_back: u64,
    /// Held back by nothing but what the dialog of the move asks for.
    pub only_asked: u64,
    /// Held back by nothing but tasks that the deals never had.
    pub only_new_tasks: u64,
    pub deals: u64,
    pub deals_held_back: u64,
    pub gates: BTreeMap<Gate, GateCount>,
    last: Option<Id>,
    last_held_back: Option<Id>,
}

impl Tally {
    /// Counts a verdict; the moves of a deal come one after the other. Gives the gates that stood against it.
    pub fn add(&mut self, deal: Id, verdict: &Verdict, new_tasks: &BTreeSet<String>) -> Vec<Gate> {
        self.judged += 1;
        self.deals += u64::from(self.last.replace(deal) != Some(deal));
        if verdict.passes() {
            return Vec::new();
        }
        self.held_back += 1;
        self.deals_held_back += u64::from(self.last_held_back.replace(deal) != Some(deal));
        self.only_asked += u64::from(verdict.is_reachable());
        let is_new = |unmet: &Requirement| {
            unmet.code == "stage.task_open"
                && unmet.params.get("key").and_then(|key| key.as_str()).is_some_and(|key| new_tasks.contains(key))
        };
        self.only_new_tasks += u64::from(verdict.requirements.iter().all(is_new));
        let mut found: BTreeMap<Gate, (Requirement, bool)> = BTreeMap::new();
        for unmet in &verdict.requirements {
            let new_task = is_new(unmet);
            found.extend(Gate::of(unmet).into_iter().map(|(gate, says)| (gate, (says, new_task))));
        }
        let alone = found.len() == 1;
        for (gate, (says, new_task)) in &found {
            let asked = says.is_asked_for();
            let count = self.gates.entry(gate.clone()).or_insert_with(|| GateCount {
                says: says.clone(),
                moves: 0,
                alone: 0,
                deals: 0,
                asked,
                new_task: false,
                last: None,
            });
            count.moves += 1;
            count.alone += u64::from(alone);
            count.deals += u64::from(count.last.replace(deal) != Some(deal));
            count.new_task |= *new_task;
        }
        found.into_keys().collect()
    }
}

/// Why an open deal goes no further.
#[derive(Clone, Debug, PartialEq)]
pub enum Stuck {
    /// The process does not have its stage.
    StageMissing,
    /// No stage ahead can be reached: what stands before the nearest.
    NothingAhead(Vec<Requirement>),
}

/// Whether an open deal can go on as it stands: into a later In Progress stage or to Won, perhaps after an answer in the dialog.
/// That it can be lost is no way on.
pub fn stuck(
    gates: &Gates,
    options: &[Choice],
    record: &Record,
    stays: &[Stay],
    tasks: &[Task],
    world: &World,
    now: Instant,
) -> Option<Stuck> {
    let Some(here) = gates.process.position(record.text("stage")) else { return Some(Stuck::StageMissing) };
    let facts = Facts {
        gates,
        options,
        record,
        after: record,
        stays,
        world,
        mover: MOVER,
        now,
        reason: None,
        reopening: false,
        changing_process: false,
        tasks,
        pending: None,
        creating: &[],
        bypass: false,
    };
    let leads_on = |stage: &&str| matches!(facts.stage_type(stage), Some(StageType::InProgress | StageType::Won));
    let mut nearest = None;
    for stage in gates.process.stages[here + 1..].iter().map(|rules| rules.stage.as_str()).filter(leads_on) {
        let verdict = judge(&facts, stage);
        if verdict.is_reachable() {
            return None;
        }
        nearest.get_or_insert(verdict.requirements);
    }
    Some(Stuck::NothingAhead(nearest.unwrap_or_default()))
}

#[cfg(test)]
mod tests;
