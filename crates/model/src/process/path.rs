//! The path of a deal through its process, as the screen shows it.

use serde::Serialize;

use super::stay::{Stay, completed_in_run, run_of};
use super::{CreateOnEntry, Facts, Link, NeededTasks, Requirement, StageRules, judge};
use crate::field::StageType;
use crate::{Id, Instant, Label, Number};

/// The path. Every stage's requirements come from [`judge`], so what it promises is what a move does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Path {
    pub process: ProcessName,
    /// The record's, for the move that may follow.
    pub version: i64,
    pub current: String,
    /// The current stage is complete as it stands.
    pub complete: bool,
    /// The stage that is offered then.
    pub next: Option<String>,
    pub stages: Vec<PathStage>,
}

/// Which process.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProcessName {
    pub id: Id,
    pub name: String,
    /// The one that holds for the deal.
    pub version: i64,
}

/// One stage on the path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathStage {
    pub key: String,
    pub label: Label,
    #[serde(rename = "type")]
    pub stage_type: StageType,
    pub state: StageState,
    /// Of the latest visit in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Instant>,
    /// Spent there in this run, all visits together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    pub overdue: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub win_rate: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Which of its tasks complete it.
    pub needed_tasks: NeededTasks,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// Nothing stands against the move but what its dialog asks for.
    pub reachable: bool,
    pub requirements: Vec<Requirement>,
    pub asks: Vec<String>,
    /// Records which the dialog asks for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks_records: Vec<CreateOnEntry>,
    pub asks_reason: bool,
}

/// Where a stage lies, seen from where the deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    Done,
    Current,
    /// Behind the deal, and not visited in this run.
    Skipped,
    Upcoming,
}

/// The path of a deal. The stage it stands in has no requirements: one is there.
pub fn path(facts: &Facts<'_>) -> Path {
    let process = &facts.gates.process;
    let current = facts.record.text("stage");
    let stages = process.stages.iter().enumerate().map(|(at, rules)| stage(facts, current, at, rules)).collect();
    Path {
        process: ProcessName { id: process.id, name: process.name.clone(), version: process.version },
        version: facts.record.version,
        current: current.to_owned(),
        complete: facts.is_complete(),
        next: facts.next().map(str::to_owned),
        stages,
    }
}

fn stage(facts: &Facts<'_>, current: &str, at: usize, rules: &StageRules) -> PathStage {
    let key = rules.stage.as_str();
    let option = facts.options.iter().find(|option| option.key == key);
    let is_current = key == current;
    let visits: Vec<&Stay> = run_of(facts.stays, facts.gates.process.id).filter(|stay| stay.stage == key).collect();
    let last = visits.last();
    let mut verdict = judge(facts, key);
    let reachable = !is_current && verdict.is_reachable();
    if is_current {
        verdict.requirements.clear();
        verdict.asks.clear();
        verdict.asks_records.clear();
        verdict.asks_reason = false;
    }
    let due_at = if is_current { facts.record.get("stage_due_at").as_instant() } else { None };
    let known_entry = if is_current { facts.record.get("stage_entered_at").as_instant() } else { None };
    PathStage {
        key: key.to_owned(),
        label: option.map_or_else(|| Label::en(key), |option| option.label.clone()),
        stage_type: option.and_then(|option| option.stage_type).unwrap_or(StageType::InProgress),
        state: state(facts, current, at, key, !visits.is_empty()),
        entered_at: last.map(|stay| stay.entered_at).or(known_entry),
        left_at: last.and_then(|stay| stay.left_at),
        seconds: (!visits.is_empty()).then(|| visits.iter().map(|stay| stay.seconds(facts.now)).sum()),
        due_at,
        overdue: due_at.is_some_and(|due| due < facts.now),
        win_rate: rules.win_rate,
        guidance: rules.guidance.clone(),
        links: rules.links.clone(),
        needed_tasks: rules.needed_tasks.clone(),
        prompt: rules.prompt.clone(),
        reachable,
        requirements: verdict.requirements,
        asks: verdict.asks,
        asks_records: verdict.asks_records,
        asks_reason: verdict.asks_reason,
    }
}

fn state(facts: &Facts<'_>, current: &str, at: usize, key: &str, visited: bool) -> StageState {
    let process = &facts.gates.process;
    if key == current {
        return StageState::Current;
    }
    let terminal = |key: &str| facts.stage_type(key).is_some_and(StageType::is_terminal);
    let behind = process.position(current).is_some_and(|here| at < here);
    match (terminal(key), terminal(current)) {
        (true, _) => StageState::Upcoming,
        // Of a closed deal every In Progress stage is behind.
        (false, true) if visited => StageState::Done,
        (false, true) => StageState::Skipped,
        _ if completed_in_run(facts.stays, process, key) => StageState::Done,
        _ if behind && visited => StageState::Done,
        _ if behind => StageState::Skipped,
        _ => StageState::Upcoming,
    }
}

#[cfg(test)]
mod tests;
