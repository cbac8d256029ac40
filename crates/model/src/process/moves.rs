//! May this deal go to that stage? The one judge of all ways: board, form, API, import, creation, reopening.

use serde::Serialize;
use serde_json::Value as Json;

use super::stay::{Stay, completed_ever, completed_in_run, left_for_terminal};
use super::tasks::{Task, in_the_way};
use super::{CreateOnEntry, FixableBy, Gates, Requirement, StageGates, StageRules};
use crate::approval::{FIELD, Trigger};
use crate::condition::{Condition, Resolved, World};
use crate::field::{Choice, StageType};
use crate::objects::lifecycle;
use crate::{Id, Instant, Record};

/// All that a decision about stages looks at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub gates: &'a Gates,
    /// Options of the Opportunity Stage field.
    pub options: &'a [Choice],
    /// The deal as it is; without a stage when it is about to be created.
    pub record: &'a Record,
    /// The deal as it would be with the values given along with the move.
    pub after: &'a Record,
    /// All its stays, oldest first.
    pub stays: &'a [Stay],
    /// What conditions look at around it.
    pub world: &'a World,
    pub mover: Mover,
    pub now: Instant,
    /// Why, as the mover says it.
    pub reason: Option<&'a str>,
    /// The act is to reopen a closed deal, not to move one. A path of a closed deal shows where it may be reopened to.
    pub reopening: bool,
    /// The act is to bring the deal into the process of `gates` from another one.
    pub changing_process: bool,
    /// All its stage tasks, oldest first.
    pub tasks: &'a [Task],
    /// The stage approval that is running.
    pub pending: Option<&'a Pending>,
    /// Objects of which a record is created along with the move, each as often as there are records.
    pub creating: &'a [String],
    /// The mover passes the gates by, with a reason, where he may.
    pub bypass: bool,
}

/// A stage approval that is running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub approval: Id,
    /// The stage that is entered when it is agreed to.
    pub to: String,
}

/// What the person who moves may do with this deal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mover {
    pub may_move: bool,
    pub may_reopen: bool,
    pub may_edit: bool,
    /// Passes the record's lock.
    pub may_unlock: bool,
    pub may_change_process: bool,
    /// Passes gates by, with a reason.
    pub may_bypass: bool,
    pub is_owner: bool,
}

/// What sort of move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// Into the process, on creation.
    Start,
    /// To a later In Progress stage.
    Forward,
    /// To an earlier one: no gates, but a reason.
    Back,
    /// To Won, Lost or Invalid.
    Terminal,
    /// From a terminal stage to an In Progress one.
    Reopen,
    /// Into an In Progress stage of another process.
    ChangeProcess,
}

/// The decision about one target.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub kind: MoveKind,
    /// All that stands against it; empty when the move may be made.
    pub requirements: Vec<Requirement>,
    /// In Progress stages jumped over which were not completed in this run.
    pub skipped: Vec<String>,
    /// What stood against it and was passed by.
    pub bypassed: Vec<Requirement>,
    /// Fields which the dialog of the move asks for.
    pub asks: Vec<String>,
    /// Records which it asks for, created together with the move.
    pub asks_records: Vec<CreateOnEntry>,
    /// Whether it asks for a reason.
    pub asks_reason: bool,
}

impl Verdict {
    /// Of a move that nothing stands against yet.
    fn of(kind: MoveKind) -> Verdict {
        let (requirements, bypassed, skipped) = (Vec::new(), Vec::new(), Vec::new());
        Verdict { kind, requirements, skipped, bypassed, asks: Vec::new(), asks_records: Vec::new(), asks_reason: false }
    }

    /// True when nothing stands against the move.
    pub fn passes(&self) -> bool {
        self.requirements.is_empty()
    }

    /// True when nothing stands against it but what the dialog of the move asks for.
    pub fn is_reachable(&self) -> bool {
        self.requirements.iter().all(Requirement::is_asked_for)
    }
}

/// Judges the move to `target`, in the order of D52, and tells everything that is unmet at once. Where the target makes no
/// sense at all (unknown, already there, a closed deal that is not being reopened) only that is told.
pub fn judge(facts: &Facts<'_>, target: &str) -> Verdict {
    let current = facts.record.text("stage");
    let target_type = facts.active_type(target);
    let kind = facts.kind(current, target, target_type);
    let mut verdict = Verdict::of(kind);
    let (Some((position, rules, gates)), Some(target_type)) = (facts.gates.stage(target), target_type) else {
        verdict.requirements.push(Requirement::new("stage.unknown", target, FixableBy::Administrator).with("value", target));
        return verdict;
    };
    if let Some(nonsense) = facts.nonsense(current, target, target_type) {
        verdict.requirements.push(nonsense);
        return verdict;
    }
    let entering = Entering { facts, current, target, position, terminal: target_type.is_terminal(), rules, gates, kind };
    verdict.skipped = entering.skipped();
    if kind != MoveKind::Back {
        verdict.asks.clone_from(&rules.required_fields);
        verdict.asks_records.clone_from(&rules.creates);
    }
    verdict.asks_reason = facts.bypass || matches!(kind, MoveKind::Back | MoveKind::Reopen | MoveKind::ChangeProcess);
    let found = &mut verdict.requirements;
    found.extend(entering.locked());
    found.extend(entering.permission());
    found.extend(entering.pending());
    let mut gates = Vec::new();
    gates.extend(entering.allowed(&verdict.skipped));
    gates.extend(entering.prerequisites());
    gates.extend(entering.open_tasks());
    gates.extend(entering.completion());
    gates.extend(entering.entry());
    entering.missing_fields(&mut gates);
    entering.missing_records(&mut gates);
    if facts.bypass && facts.mover.may_bypass {
        verdict.bypassed = gates;
    } else {
        found.extend(gates);
    }
    if verdict.asks_reason && facts.reason.is_none_or(|reason| reason.trim().is_empty()) {
        found.push(Requirement::new("stage.reason_required", target, FixableBy::You).in_field("reason"));
    }
    verdict
}

/// Where a closed deal goes when it is reopened and nobody says where: the In Progress stage it was closed from, else the
/// first (D58).
pub fn reopen_target(gates: &Gates, options: &[Choice], stays: &[Stay]) -> Option<String> {
    let usable = |key: &str| {
        let option = options.iter().find(|option| option.key == key && option.active);
        gates.process.position(key).is_some() && option.and_then(|o| o.stage_type) == Some(StageType::InProgress)
    };
    left_for_terminal(stays, gates.process.id)
        .filter(|stage| usable(stage))
        .or_else(|| gates.process.stages.iter().map(|rules| rules.stage.as_str()).find(|stage| usable(stage)))
        .map(str::to_owned)
}

impl<'a> Facts<'a> {
    /// True where the stage that the deal stands in is complete as it stands: its needed tasks are done and its condition holds. One that
    /// closes a deal has nothing to complete.
    pub fn is_complete(&self) -> bool {
        !self.is_closed() && self.incomplete().is_none() && self.tasks_in_the_way().is_empty()
    }

    /// The stage that comes after the one the deal stands in, which is offered when this one is complete: the next In Progress one, else
    /// Won.
    pub fn next(&self) -> Option<&'a str> {
        let gates: &'a Gates = self.gates;
        let here = gates.process.position(self.record.text("stage")).filter(|_| !self.is_closed())?;
        let after = || gates.process.stages[here + 1..].iter().map(|rules| rules.stage.as_str());
        let of_type = |wanted| after().find(|stage| self.active_type(stage) == Some(wanted));
        of_type(StageType::InProgress).or_else(|| of_type(StageType::Won))
    }

    /// The condition that completes the stage the deal stands in, where it does not hold.
    fn incomplete(&self) -> Option<Unmet<'a>> {
        let gates: &'a Gates = self.gates;
        let (_, rules, stage) = gates.stage(self.record.text("stage"))?;
        self.unmet(rules.completion_condition.as_ref()?, stage.completion.as_ref()?)
    }

    fn unmet<'w>(&self, written: &'w Condition, resolved: &Resolved) -> Option<Unmet<'w>> {
        let parts = resolved.unmet(written, self.after, self.world);
        (!resolved.holds(self.after, self.world)).then_some(Unmet { written, parts })
    }

    /// Tasks of that stage which must be done first.
    fn tasks_in_the_way(&self) -> Vec<&'a Task> {
        let process: &'a Gates = self.gates;
        let Some(rules) = process.process.stage(self.record.text("stage")) else { return Vec::new() };
        in_the_way(rules, process.process.id, self.tasks)
    }

    /// What a stage means; `None` when there is no such option.
    pub(super) fn stage_type(&self, key: &str) -> Option<StageType> {
        self.options.iter().find(|option| option.key == key).and_then(|option| option.stage_type)
    }

    /// Likewise, of a stage that may still be entered.
    fn active_type(&self, key: &str) -> Option<StageType> {
        self.options.iter().find(|option| option.key == key && option.active).and_then(|option| option.stage_type)
    }

    fn is_closed(&self) -> bool {
        self.stage_type(self.record.text("stage")).is_some_and(StageType::is_terminal)
    }

    fn kind(&self, current: &str, target: &str, target_type: Option<StageType>) -> MoveKind {
        let position = |key: &str| self.gates.process.position(key);
        if current.is_empty() {
            MoveKind::Start
        } else if self.changing_process {
            MoveKind::ChangeProcess
        } else if target_type.is_some_and(StageType::is_terminal) {
            MoveKind::Terminal
        } else if self.is_closed() {
            MoveKind::Reopen
        } else if matches!((position(target), position(current)), (Some(to), Some(from)) if to < from) {
            MoveKind::Back
        } else {
            MoveKind::Forward
        }
    }

    /// The one thing to say where the act does not fit the deal's state.
    fn nonsense(&self, current: &str, target: &str, target_type: StageType) -> Option<Requirement> {
        let already_there = || Requirement::new("stage.already_there", target, FixableBy::You);
        if current == target && !self.changing_process {
            return Some(already_there());
        }
        // From Lost to Won leads through an In Progress stage, too.
        if self.is_closed() && (!self.reopening || target_type.is_terminal()) {
            let who = if self.mover.may_reopen { FixableBy::You } else { FixableBy::Administrator };
            return Some(Requirement::new("stage.use_reopen", target, who).with("current", current));
        }
        if self.reopening && !self.is_closed() {
            // An open deal needs no reopening.
            return Some(already_there().with("current", current));
        }
        // Another process is begun on the way, not at the end.
        (self.changing_process && target_type.is_terminal())
            .then(|| Requirement::new("stage.unknown", target, FixableBy::You).with("value", target).with("expected", "in_progress"))
    }

    /// In Progress stages of the process at these positions, by key.
    fn in_progress(&self, positions: impl Iterator<Item = usize>) -> Vec<String> {
        positions
            .map(|at| &self.gates.process.stages[at].stage)
            .filter(|key| self.stage_type(key) == Some(StageType::InProgress))
            .cloned()
            .collect()
    }
}

/// A condition that does not hold, and its parts that do not.
struct Unmet<'a> {
    written: &'a Condition,
    parts: Vec<&'a Condition>,
}

impl Unmet<'_> {
    fn told(self, requirement: Requirement) -> Requirement {
        let parts: Vec<Json> = self.parts.into_iter().map(Condition::to_json).collect();
        requirement.with("condition", self.written.to_json()).with("unmet", parts)
    }
}

/// One move under judgement.
struct Entering<'a> {
    facts: &'a Facts<'a>,
    current: &'a str,
    target: &'a str,
    position: usize,
    terminal: bool,
    rules: &'a StageRules,
    gates: &'a StageGates,
    kind: MoveKind,
}

impl Entering<'_> {
    fn requirement(&self, code: &'static str, fixable_by: FixableBy) -> Requirement {
        Requirement::new(code, self.target, fixable_by)
    }

    /// Who can change the deal's own values.
    fn editor(&self) -> FixableBy {
        match self.facts.mover {
            Mover { may_edit: true, .. } => FixableBy::You,
            Mover { is_owner: true, .. } => FixableBy::Administrator,
            _ => FixableBy::Owner,
        }
    }

    /// The normal stages' completion and skip rules hold for this move.
    fn is_normal(&self) -> bool {
        match self.kind {
            MoveKind::Forward => true,
            MoveKind::Terminal => !self.rules.ignore_normal,
            MoveKind::Start | MoveKind::Back | MoveKind::Reopen | MoveKind::ChangeProcess => false,
        }
    }

    /// The stages jumped over.
    fn skipped(&self) -> Vec<String> {
        let process = &self.facts.gates.process;
        let passed = match (self.kind, process.position(self.current)) {
            (MoveKind::Forward, Some(from)) => self.facts.in_progress(from + 1..self.position),
            (MoveKind::Terminal, Some(from)) => self.facts.in_progress(from + 1..process.stages.len()),
            (MoveKind::Start, _) => self.facts.in_progress(0..self.position),
            _ => Vec::new(),
        };
        passed.into_iter().filter(|stage| !completed_in_run(self.facts.stays, process, stage)).collect()
    }

    fn locked(&self) -> Option<Requirement> {
        let record = self.facts.record;
        let status = record.text("lifecycle_status");
        let (reason, who) = match status {
            lifecycle::UNDER_REVIEW | lifecycle::IN_CHANGE => (status, FixableBy::Owner),
            lifecycle::VOIDED | lifecycle::INEFFECTIVE => (status, self.editor()),
            // That of the stage itself is told with where it leads.
            _ if record.get(FIELD).as_text().is_some_and(|what| what != Trigger::Stage.key()) => (FIELD, FixableBy::Owner),
            _ if record.get("locked").is_true() && !self.facts.mover.may_unlock => ("locked", FixableBy::Administrator),
            _ => return None,
        };
        Some(self.requirement("stage.locked", who).with("reason", reason))
    }

    fn permission(&self) -> Option<Requirement> {
        let (act, allowed) = match self.kind {
            // Creating is judged where records are created.
            MoveKind::Start => return None,
            MoveKind::Reopen => ("reopen", self.facts.mover.may_reopen),
            MoveKind::ChangeProcess => ("change_process", self.facts.mover.may_change_process),
            MoveKind::Forward | MoveKind::Back | MoveKind::Terminal => ("move", self.facts.mover.may_move),
        };
        let refused = match (allowed, self.facts.bypass && !self.facts.mover.may_bypass) {
            (false, _) => act,
            (true, true) => "bypass_gates",
            (true, false) => return None,
        };
        Some(self.requirement("stage.not_permitted", FixableBy::Administrator).with("act", refused))
    }

    /// A stage approval holds the deal where it is; a terminal stage that ignores normal settings supersedes it.
    fn pending(&self) -> Option<Requirement> {
        let pending = self.facts.pending?;
        if self.terminal && self.rules.ignore_normal {
            return None;
        }
        let waiting = self.requirement("stage.approval_pending", FixableBy::Owner);
        Some(waiting.with("approval", pending.approval.to_string()).with("to_stage", pending.to.as_str()))
    }

    /// Is the target open from here: the next one, over stages that may be skipped, back where that is allowed?
    fn allowed(&self, skipped: &[String]) -> Option<Requirement> {
        let process = &self.facts.gates.process;
        let blocking: Vec<String> = match self.kind {
            MoveKind::Back if !process.back_moves => return Some(self.requirement("stage.back_forbidden", FixableBy::Administrator)),
            MoveKind::Back | MoveKind::ChangeProcess => return None,
            // A new deal begins in the first stage (D47).
            MoveKind::Start => skipped.to_vec(),
            // A reopened one goes no further than where it was closed.
            MoveKind::Reopen => match left_for_terminal(self.facts.stays, process.id).and_then(|left| process.position(left)) {
                Some(left) => self.facts.in_progress(left..self.position),
                None => Vec::new(),
            },
            MoveKind::Terminal if self.rules.ignore_normal => return None,
            MoveKind::Forward | MoveKind::Terminal => {
                skipped.iter().filter(|stage| !process.stage(stage).is_some_and(|rules| rules.allow_skip)).cloned().collect()
            }
        };
        (!blocking.is_empty()).then(|| self.requirement("stage.not_skippable", FixableBy::Administrator).with("stages", blocking))
    }

    /// Stages that must have been completed before; the current one counts when it is complete now.
    fn prerequisites(&self) -> Option<Requirement> {
        if !self.terminal {
            return None;
        }
        let Facts { gates, stays, .. } = self.facts;
        let complete = |stage: &str| completed_ever(stays, &gates.process, stage) || stage == self.current && self.facts.is_complete();
        let open: Vec<&str> = self.rules.must_have_completed.iter().map(String::as_str).filter(|stage| !complete(stage)).collect();
        let who = if self.facts.mover.may_move { FixableBy::You } else { FixableBy::Owner };
        (!open.is_empty()).then(|| self.requirement("stage.prerequisite_stage", who).with("stages", open))
    }

    fn open_tasks(&self) -> Vec<Requirement> {
        if !self.is_normal() {
            return Vec::new();
        }
        let who = self.editor();
        let open = |task: &Task| {
            let unmet = self.requirement("stage.task_open", who).with("leaving", self.current);
            unmet.with("task", task.id.to_string()).with("key", task.key.as_str()).with("name", task.name.as_str())
        };
        self.facts.tasks_in_the_way().into_iter().map(open).collect()
    }

    fn completion(&self) -> Option<Requirement> {
        if !self.is_normal() {
            return None;
        }
        let unmet = self.facts.incomplete()?;
        Some(unmet.told(self.requirement("stage.completion_condition", self.editor()).with("leaving", self.current)))
    }

    fn entry(&self) -> Option<Requirement> {
        let condition = self.gates.entry.as_ref().filter(|_| self.kind != MoveKind::Back)?;
        let unmet = self.facts.unmet(self.rules.entry_condition.as_ref()?, condition)?;
        Some(unmet.told(self.requirement("stage.entry_condition", self.editor())))
    }

    fn missing_fields(&self, found: &mut Vec<Requirement>) {
        if self.kind == MoveKind::Back {
            return;
        }
        let code = if self.terminal { "stage.terminal_action" } else { "stage.missing_field" };
        let missing = self.rules.required_fields.iter().filter(|field| self.facts.after.get(field).is_null());
        found.extend(missing.map(|field| self.requirement(code, self.editor()).in_field(field).with("field", field.as_str())));
    }

    /// Records that entering asks for and that do not come along; of one object, as many as it is named.
    fn missing_records(&self, found: &mut Vec<Requirement>) {
        let mut coming = self.facts.creating.to_vec();
        for (at, wanted) in self.rules.creates.iter().enumerate() {
            if let Some(i) = coming.iter().position(|object| *object == wanted.object) {
                coming.remove(i);
                continue;
            }
            let missing = self.requirement("stage.terminal_action", self.editor()).in_field(&format!("create/{at}"));
            found.push(missing.with("object", wanted.object.as_str()));
        }
    }
}

#[cfg(test)]
mod tests;
