//! What the tests of this module share: a reading of the preset schema, and a deal that goes through a process.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::figures::{Occasion, derive};
use super::{Entering, Facts, Gates, How, Mover, Process, Stay, Task, Verdict, advance, judge};
use crate::condition::{Reading, World};
use crate::field::{Choice, StageType};
use crate::money::Rates;
use crate::organisation::Organisation;
use crate::{Currency, Id, Instant, Record, Schema, Value, objects};

/// Calls `f` with the system's reading of the preset objects.
pub fn reading<T>(f: impl FnOnce(&Reading<'_>) -> T) -> T {
    let (schema, departments) = (Schema::new(objects::preset()), BTreeMap::new());
    let (calendar, rates) = (Organisation::default().calendar(), Rates::new(Currency::USD));
    f(&Reading {
        schema: &schema,
        me: None,
        my_department: None,
        subordinates: &[],
        departments: &departments,
        now: Instant(0),
        calendar: &calendar,
        rates: &rates,
    })
}

/// A process ready to judge.
pub fn resolve(process: &Process, reading: &Reading<'_>) -> Gates {
    Gates::resolve(process, reading).expect("conditions that resolve")
}

/// Somebody who may do everything.
pub const MAY_ALL: Mover = Mover {
    may_move: true,
    may_reopen: true,
    may_edit: true,
    may_unlock: true,
    may_change_process: true,
    may_bypass: true,
    is_owner: true,
};

/// A deal with its history, and somebody who moves it.
#[derive(Clone)]
pub struct Deal {
    pub gates: Gates,
    pub options: Vec<Choice>,
    pub record: Record,
    pub stays: Vec<Stay>,
    pub tasks: Vec<Task>,
    pub world: World,
    pub mover: Mover,
    pub now: Instant,
}

impl Deal {
    /// A deal that stands in no stage yet.
    pub fn unborn(process: &Process, options: Vec<Choice>) -> Deal {
        let mut record = Record::new("opportunity", Id(Uuid::from_u128(1)));
        record.set("lifecycle_status", "normal");
        let gates = reading(|reading| resolve(process, reading));
        Deal {
            gates,
            options,
            record,
            stays: Vec::new(),
            tasks: Vec::new(),
            world: World::default(),
            mover: MAY_ALL,
            now: Instant(1_000_000),
        }
    }

    /// A deal in the first stage of a process over the preset stages.
    pub fn new(process: &Process) -> Deal {
        let mut deal = Deal::unborn(process, objects::opportunity::object().options("stage").to_vec());
        deal.enter(&process.stages[0].stage.clone(), How::Start, Vec::new());
        deal
    }

    /// Judges with the values, the reason and the act given.
    pub fn judged(&self, target: &str, patch: &[(&str, Value)], reason: Option<&str>, reopening: bool) -> Verdict {
        let mut after = self.record.clone();
        for (field, value) in patch {
            after.set(field, value.clone());
        }
        judge(&self.facts(&after, reason, reopening), target)
    }

    /// What a judge looks at.
    pub fn facts<'a>(&'a self, after: &'a Record, reason: Option<&'a str>, reopening: bool) -> Facts<'a> {
        Facts {
            gates: &self.gates,
            options: &self.options,
            record: &self.record,
            after,
            stays: &self.stays,
            world: &self.world,
            mover: self.mover,
            now: self.now,
            reason,
            reopening,
            changing_process: false,
            tasks: &self.tasks,
            pending: None,
            creating: &[],
            bypass: false,
        }
    }

    /// What stands against a move, each as `code:field` or `code`.
    pub fn blocked(&self, target: &str) -> Vec<String> {
        told(&self.judged(target, &[], None, false))
    }

    /// Enters a stage without asking.
    pub fn enter(&mut self, stage: &str, how: How, skipped: Vec<String>) {
        let choice = self.options.iter().find(|option| option.key == stage).expect("a known stage").clone();
        let rules = self.gates.process.stage(stage).cloned().unwrap_or_default();
        let id = Id(Uuid::from_u128(100 + self.stays.len() as u128));
        let entering = Entering {
            id,
            opportunity: self.record.id,
            process: self.gates.process.id,
            process_version: 1,
            stage: stage.to_owned(),
            terminal: choice.stage_type.is_some_and(StageType::is_terminal),
            how,
            by: Id::SYSTEM,
            reason: None,
            skipped,
            bypassed: Vec::new(),
            at: self.now,
        };
        let stay = advance(self.stays.last_mut(), entering);
        let due_at = rules.duration_seconds.map(|seconds| stay.entered_at.plus_seconds(seconds));
        derive(&mut self.record, &choice, &rules, Occasion { entering: Some(stay.entered_at), due_at, ..Occasion::default() });
        self.now = stay.entered_at.plus_seconds(60);
        self.stays.push(stay);
    }

    /// Moves, and fails the test when something stands against it.
    pub fn moves(&mut self, target: &str) -> &mut Deal {
        let closed = self.record.text("stage_type") != "in_progress";
        let verdict = self.judged(target, &[], Some("because"), closed);
        assert_eq!(told(&verdict), Vec::<String>::new(), "to {target}");
        self.enter(target, How::of(verdict.kind, &verdict.skipped), verdict.skipped);
        self
    }
}

/// Requirements as `code:field` or `code`.
pub fn told(verdict: &Verdict) -> Vec<String> {
    let one = |r: &super::Requirement| r.path.as_ref().map_or(r.code.to_owned(), |path| format!("{}:{path}", r.code));
    verdict.requirements.iter().map(one).collect()
}
