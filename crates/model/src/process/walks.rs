//! Random processes, and deals that walk through them: what holds whatever an administrator draws and whatever a salesperson does.
//!
//! Beside the judge a plain account is kept of which stages were completed, so that the promises of spec/02 are held against something that
//! does not read stays.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::testing::{Deal, MAY_ALL};
use super::*;
use crate::condition::{Condition, Op};
use crate::field::{Choice, StageType};
use crate::{Id, Instant, Label, Number, Value};

#[derive(Clone, Debug)]
struct Stage {
    allow_skip: bool,
    completion: bool,
    entry: bool,
    required: bool,
    /// Of each: whether it is required, and whether it repeats.
    tasks: Vec<(bool, bool)>,
    /// 0: the required ones; 1: the first alone; else so many.
    needed: usize,
}

#[derive(Clone, Debug)]
struct End {
    ignore: bool,
    entry: bool,
    required: bool,
    creates: usize,
    /// One bit for each stage.
    prerequisites: u8,
}

#[derive(Clone, Debug)]
struct Drawn {
    stages: Vec<Stage>,
    ends: Vec<End>,
    back_moves: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Fill { next_step: bool, account: bool },
    Do { task: usize },
    Go { to: usize, fields: bool, records: bool, reason: bool, bypass: bool, clock: i64 },
    Change { to: usize },
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let tasks = prop::collection::vec(any::<(bool, bool)>(), 0..3);
    let stage = (prop::array::uniform4(prop::bool::weighted(0.3)), tasks, 0..4usize).prop_map(
        |([completion, entry, required, skip], tasks, needed)| Stage { allow_skip: !skip, completion, entry, required, tasks, needed },
    );
    let end = (any::<bool>(), prop::bool::weighted(0.3), any::<bool>(), 0..3usize, prop::option::weighted(0.4, any::<u8>())).prop_map(
        |(ignore, entry, required, creates, prerequisites)| End {
            ignore,
            entry,
            required,
            creates,
            prerequisites: prerequisites.unwrap_or(0),
        },
    );
    (prop::collection::vec(stage, 1..5), prop::collection::vec(end, 1..3), any::<bool>()).prop_map(|(stages, ends, back_moves)| Drawn {
        stages,
        ends,
        back_moves,
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let often = || prop::bool::weighted(0.8);
    let go = (0..8usize, often(), often(), often(), prop::bool::weighted(0.1), -50..200i64)
        .prop_map(|(to, fields, records, reason, bypass, clock)| Step::Go { to, fields, records, reason, bypass, clock });
    let step = prop_oneof![
        2 => (often(), often()).prop_map(|(next_step, account)| Step::Fill { next_step, account }),
        4 => (0..6usize).prop_map(|task| Step::Do { task }),
        6 => go,
        1 => (0..8usize).prop_map(|to| Step::Change { to }),
    ];
    prop::collection::vec(step, 0..40)
}

impl Drawn {
    fn process(&self, id: u128) -> Process {
        let filled = |field: &str, wanted: bool| wanted.then(|| Condition::row(field, Op::IsNotEmpty, json!(null)));
        let asked = |wanted: bool| if wanted { vec!["amount".to_owned()] } else { vec![] };
        let task = |at: usize, n: usize, (required, repeat): (bool, bool)| StageTask {
            key: format!("t{at}_{n}"),
            name: format!("Task {n}"),
            instructions: None,
            required,
            act: TaskAct::ChecklistItem,
            assignees: vec![],
            due_seconds: None,
            due_in: TimeIn::Calendar,
            reminders: vec![],
            condition: None,
            repeat,
        };
        let open = self.stages.iter().enumerate().map(|(at, stage)| StageRules {
            allow_skip: stage.allow_skip,
            completion_condition: filled("next_step", stage.completion),
            entry_condition: filled("account", stage.entry),
            required_fields: asked(stage.required),
            tasks: stage.tasks.iter().enumerate().map(|(n, drawn)| task(at, n, *drawn)).collect(),
            needed_tasks: match stage.needed {
                0 => NeededTasks::Required,
                1 => NeededTasks::Chosen { tasks: vec![format!("t{at}_0")] },
                n => NeededTasks::Number { n: n as i64 - 1 },
            },
            ..StageRules::new(&format!("s{at}"))
        });
        let closed = self.ends.iter().enumerate().map(|(at, end)| StageRules {
            ignore_normal: end.ignore,
            entry_condition: filled("account", end.entry),
            required_fields: asked(end.required),
            must_have_completed: (0..self.stages.len()).filter(|n| end.prerequisites & (1 << n) > 0).map(|n| format!("s{n}")).collect(),
            creates: vec![CreateOnEntry { object: "task".into(), link: "regarding".into(), fields: vec![], fill: vec![] }; end.creates],
            ..StageRules::new(&format!("end{at}"))
        });
        let mut process = Process::new(Id(Uuid::from_u128(id)), "Random", open.chain(closed).collect());
        process.back_moves = self.back_moves;
        process
    }
}

/// A deal on its way, and the plain account of it.
struct Walk {
    deal: Deal,
    /// Of both processes.
    gates: [Gates; 2],
    /// Which of them it is in.
    at: usize,
    /// Stages completed in this run, and ever, by process.
    run: BTreeSet<String>,
    ever: [BTreeSet<String>; 2],
    began: Instant,
}

/// What comes along with a move.
#[derive(Clone, Copy)]
struct Along {
    fields: bool,
    records: bool,
    reason: bool,
    bypass: bool,
}

const ALL: Along = Along { fields: true, records: true, reason: true, bypass: false };

impl Walk {
    fn new(drawn: &[Drawn; 2]) -> Walk {
        let longest = drawn.iter().map(|one| one.stages.len()).max().unwrap_or(1);
        let open = (0..longest).map(|n| Choice::stage(&format!("s{n}"), Label::en("Open"), StageType::InProgress));
        let ends = [("end0", StageType::Won), ("end1", StageType::Lost)].map(|(key, is)| Choice::stage(key, Label::en(key), is));
        let options: Vec<Choice> = open.chain(ends).collect();
        let gates = [0, 1].map(|n| Deal::unborn(&drawn[n].process(70 + n as u128), options.clone()).gates);
        let deal = Deal::unborn(&gates[0].process, options);
        let mut walk = Walk { deal, gates, at: 0, run: BTreeSet::new(), ever: Default::default(), began: Instant(0) };
        walk.enter("s0", How::Start, Vec::new(), &[]);
        walk.began = walk.deal.stays[0].entered_at;
        walk
    }

    fn is_closed(&self) -> bool {
        self.deal.record.text("stage_type") != "in_progress"
    }

    fn here(&self) -> String {
        self.deal.record.text("stage").to_owned()
    }

    /// Judges with what comes along; `change` into the other process.
    fn judged(&self, target: &str, along: Along, change: bool) -> Verdict {
        let mut after = self.deal.record.clone();
        if along.fields {
            after.set("amount", Value::from(Number::whole(5)));
        }
        let creating = if along.records { vec!["task".to_owned(); 3] } else { vec![] };
        let gates = &self.gates[if change { 1 - self.at } else { self.at }];
        let facts = self.deal.facts(&after, along.reason.then_some("why"), self.is_closed() && !change);
        judge(&Facts { gates, creating: &creating, bypass: along.bypass, changing_process: change, ..facts }, target)
    }

    /// As the rooms of the product do it: what is left is skipped, and what is entered brings its tasks.
    fn enter(&mut self, stage: &str, how: How, skipped: Vec<String>, bypassed: &[Requirement]) {
        let left = self.here();
        let process = self.gates[self.at].process.id;
        for task in self.deal.tasks.iter_mut().filter(|task| task.stage == left && task.state == TaskState::Open) {
            task.state = TaskState::Skipped;
        }
        self.deal.enter(stage, how, skipped);
        let stay = self.deal.stays.last_mut().unwrap();
        stay.bypassed = bypassed.iter().map(|requirement| requirement.code.to_owned()).collect();
        let (stay, run) = (stay.id, stay.run);
        let rules = self.gates[self.at].process.stage(stage).unwrap().clone();
        for rule in &rules.tasks {
            let done = |task: &&Task| task.key == rule.key && task.process == process && task.state == TaskState::Done;
            if !rule.repeat && self.deal.tasks.iter().any(|task| done(&task)) {
                continue;
            }
            self.deal.tasks.push(Task {
                id: Id(Uuid::from_u128(1_000 + self.deal.tasks.len() as u128)),
                opportunity: self.deal.record.id,
                process,
                process_version: 1,
                stage: stage.to_owned(),
                key: rule.key.clone(),
                stay,
                run,
                name: rule.name.clone(),
                required: rule.required,
                state: TaskState::Open,
                assignee: None,
                due_at: None,
            });
        }
    }

    /// The stage is complete, told by looking at it.
    fn is_complete(&self) -> bool {
        let process = &self.gates[self.at].process;
        let rules = process.stage(&self.here()).unwrap();
        let last = |key: &str| self.deal.tasks.iter().rfind(|task| task.key == key && task.process == process.id).map(|task| task.state);
        let counted: Vec<(&StageTask, TaskState)> = rules
            .tasks
            .iter()
            .filter_map(|task| Some((task, last(&task.key)?)))
            .filter(|(_, state)| *state != TaskState::Skipped)
            .collect();
        let is_done = |state: TaskState| state == TaskState::Done;
        let tasks = match &rules.needed_tasks {
            NeededTasks::Required => counted.iter().all(|(task, state)| !task.required || is_done(*state)),
            NeededTasks::Chosen { tasks } => counted.iter().all(|(task, state)| !tasks.contains(&task.key) || is_done(*state)),
            NeededTasks::Number { n } => {
                counted.iter().filter(|(_, state)| is_done(*state)).count() as i64 >= (*n).min(counted.len() as i64)
            }
        };
        tasks && (rules.completion_condition.is_none() || !self.deal.record.get("next_step").is_null())
    }

    fn account_is_there(&self) -> bool {
        !self.deal.record.get("account").is_null()
    }

    /// Spec/02 in other words, for an open deal and one who may everything.
    fn may_close(&self, rules: &StageRules) -> bool {
        let complete = |stage: &String| self.ever[self.at].contains(stage) || *stage == self.here() && self.is_complete();
        let own = (rules.entry_condition.is_none() || self.account_is_there()) && rules.must_have_completed.iter().all(complete);
        own && (rules.ignore_normal || self.is_complete() && self.over(usize::MAX).is_empty())
    }

    /// Stages between here and a position that may neither be skipped nor were completed in this run.
    fn over(&self, position: usize) -> Vec<String> {
        let process = &self.gates[self.at].process;
        let here = process.position(&self.here()).unwrap();
        let between = process.stages.iter().enumerate().filter(|(at, rules)| *at > here && *at < position && rules.stage.starts_with('s'));
        between.filter(|(_, rules)| !rules.allow_skip && !self.run.contains(&rules.stage)).map(|(_, rules)| rules.stage.clone()).collect()
    }

    fn holds(&self) -> Result<(), TestCaseError> {
        let process = &self.gates[self.at].process;
        prop_assert_eq!(stay::check(&self.deal.stays, self.began), Ok(()));
        let shown = path(&self.deal.facts(&self.deal.record, None, self.is_closed()));
        prop_assert_eq!(shown.complete, !self.is_closed() && self.is_complete());
        for stage in shown.stages.iter().filter(|stage| stage.key != shown.current) {
            // What the path promises is what a move does.
            let nothing = Along { fields: false, records: false, reason: false, bypass: false };
            prop_assert_eq!(&stage.requirements, &self.judged(&stage.key, nothing, false).requirements);
            let answered = self.judged(&stage.key, ALL, false);
            prop_assert_eq!(stage.reachable, answered.passes(), "{} {:?}", &stage.key, &answered.requirements);
            let rules = process.stage(&stage.key).unwrap();
            if self.is_closed() {
                prop_assert!(!stage.reachable || stage.stage_type == StageType::InProgress);
            } else if stage.stage_type.is_terminal() {
                // With "ignore" from every stage as soon as its own conditions, prerequisites and actions are met; else by the normal rules.
                prop_assert_eq!(stage.reachable, self.may_close(rules), "{} {:?}", &stage.key, &stage.requirements);
            }
            // A running stage approval holds the deal, but for an end that ignores it; one of the deal itself is passed by nothing.
            let pending = Pending { approval: Id::SYSTEM, to: stage.key.clone() };
            let held = judge(&Facts { pending: Some(&pending), ..self.deal.facts(&self.deal.record, None, self.is_closed()) }, &stage.key);
            let waits = held.requirements.iter().any(|requirement| requirement.code == "stage.approval_pending");
            let nonsense = held.requirements.iter().any(|requirement| matches!(requirement.code, "stage.use_reopen" | "stage.unknown"));
            prop_assert_eq!(waits, !(nonsense || stage.stage_type.is_terminal() && rules.ignore_normal));
            let mut reviewed = self.deal.record.clone();
            reviewed.set("lifecycle_status", crate::objects::lifecycle::UNDER_REVIEW);
            let creating = vec!["task".to_owned(); 3];
            let facts = Facts { record: &reviewed, creating: &creating, ..self.deal.facts(&reviewed, Some("why"), self.is_closed()) };
            prop_assert!(!judge(&facts, &stage.key).passes());
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Fill { next_step, account } => {
                self.deal.record.set("next_step", if *next_step { Value::from("call") } else { Value::Null });
                self.deal.record.set("account", if *account { Id::SYSTEM.into() } else { Value::Null });
            }
            Step::Do { task } => {
                let mut open: Vec<&mut Task> = self.deal.tasks.iter_mut().filter(|task| task.state == TaskState::Open).collect();
                let count = open.len().max(1);
                if let Some(task) = open.get_mut(task % count) {
                    task.state = TaskState::Done;
                }
            }
            Step::Go { to, fields, records, reason, bypass, clock } => {
                let stages = &self.gates[self.at].process.stages;
                let target = stages[to % stages.len()].stage.clone();
                let along = Along { fields: *fields, records: *records, reason: *reason, bypass: *bypass };
                let verdict = self.judged(&target, along, false);
                self.deal.now = Instant(self.deal.now.0 + clock);
                if verdict.passes() {
                    self.goes(&target, verdict)?;
                }
            }
            Step::Change { to } => {
                let stages = &self.gates[1 - self.at].process.stages;
                let target = stages[to % stages.len()].stage.clone();
                let verdict = self.judged(&target, ALL, true);
                if verdict.passes() {
                    prop_assert_eq!(verdict.kind, MoveKind::ChangeProcess);
                    prop_assert!(!self.is_closed() && target.starts_with('s'));
                    self.at = 1 - self.at;
                    self.deal.gates = self.gates[self.at].clone();
                    self.run.clear();
                    self.enter(&target, How::ChangeProcess, verdict.skipped, &[]);
                }
            }
        }
        Ok(())
    }

    fn goes(&mut self, target: &str, verdict: Verdict) -> Result<(), TestCaseError> {
        let process = self.gates[self.at].process.clone();
        let (rules, position) = (process.stage(target).unwrap(), process.position(target).unwrap());
        let normal = matches!(verdict.kind, MoveKind::Forward | MoveKind::Terminal) && !rules.ignore_normal;
        let bypassed = |code: &str| verdict.bypassed.iter().any(|requirement| requirement.code == code);
        if normal {
            // Never past a stage that may not be skipped, and never out of one that is not complete, but by passing it by.
            prop_assert_eq!(self.over(position).is_empty(), !bypassed("stage.not_skippable"));
            prop_assert_eq!(self.is_complete(), !bypassed("stage.task_open") && !bypassed("stage.completion_condition"));
            if self.is_complete() {
                self.run.insert(self.here());
                self.ever[self.at].insert(self.here());
            }
        }
        if verdict.kind != MoveKind::Back {
            let entered = rules.entry_condition.is_none() || self.account_is_there();
            prop_assert_eq!(entered, !bypassed("stage.entry_condition"));
        } else {
            prop_assert_eq!(process.back_moves, !bypassed("stage.back_forbidden"));
        }
        if verdict.kind == MoveKind::Reopen {
            self.run.clear();
        }
        self.enter(target, How::of(verdict.kind, &verdict.skipped), verdict.skipped, &verdict.bypassed);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn whatever_is_drawn_and_whatever_is_done(first in drawn(), second in drawn(), steps in steps()) {
        let mut walk = Walk::new(&[first, second]);
        walk.deal.mover = MAY_ALL;
        walk.holds()?;
        for step in &steps {
            walk.step(step)?;
            walk.holds()?;
        }
    }
}
