//! One deal, brought back to how it was and led again through its moves.

use std::collections::BTreeSet;

use model::condition::World;
use model::process::replay::{PastMove, judge_past, reopened, tasks_then};
use model::process::{How, Stay, Verdict};
use model::{Instant, Record};

use super::past::{Past, Pasts};
use super::trial::Trial;
use crate::Result;
use crate::processes::choosing;

/// The stays of a deal that began by a move which is tried, and the process's moves that are not.
pub(super) struct Span {
    pub from: Instant,
    pub until: Instant,
}

/// Moves that are left out, each for its own reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// Made past the gates, with a reason.
    pub bypassed: u64,
    /// Told by imported history.
    pub imported: u64,
    /// Made by a mapping when a version was published.
    pub mapped: u64,
}

/// What was found out about one move.
pub(super) struct Judged<'a> {
    pub deal: &'a Past,
    /// The stay that it began, and the one before.
    pub stay: &'a Stay,
    pub from: Option<&'a Stay>,
    pub verdict: Verdict,
    pub new_tasks: BTreeSet<String>,
}

impl Span {
    fn holds(&self, stay: &Stay) -> bool {
        (self.from..=self.until).contains(&stay.entered_at)
    }
}

/// Why a stay is not one that somebody moved a deal into by the gates.
fn left_out(stay: &Stay, left: &mut LeftOut) -> bool {
    let counter = match stay.how {
        How::Import => &mut left.imported,
        How::Follow => &mut left.mapped,
        _ if !stay.bypassed.is_empty() => &mut left.bypassed,
        _ => return false,
    };
    *counter += 1;
    true
}

/// Leads each deal through its moves again and tells what the process would have said.
pub(super) fn walk(trial: &mut Trial<'_>, pasts: &Pasts, span: &Span, left: &mut LeftOut, tell: &mut impl FnMut(Judged<'_>)) -> Result<()> {
    for deal in &pasts.deals {
        let mut wanted = Vec::new();
        for (n, stay) in deal.stays.iter().enumerate() {
            if stay.process == trial.id() && span.holds(stay) && !left_out(stay, left) {
                wanted.push(n);
            }
        }
        if let Some(first) = wanted.first() {
            Walk::begin(deal, *first).through(trial, pasts, &wanted, tell)?;
        }
    }
    Ok(())
}

/// A deal on its way from an earlier state to the present one.
struct Walk<'a> {
    deal: &'a Past,
    /// The stay at which it begins.
    start: usize,
    /// As it was just before what comes next.
    record: Record,
    /// Changes up to here are in it.
    next: usize,
    /// Its stays so far, the last one as it stood.
    stays: Vec<Stay>,
}

impl<'a> Walk<'a> {
    /// Just before the stay that comes before the first move to judge.
    fn begin(deal: &'a Past, first: usize) -> Walk<'a> {
        let start = first.saturating_sub(1);
        let entered = deal.stays[start].entered_at;
        let next = deal.changes.partition_point(|told| told.at < entered);
        let mut record = deal.record.clone();
        for told in deal.changes[next..].iter().rev() {
            record.set(&told.change.field, told.change.old.clone());
        }
        let (stays, stage) = match start.checked_sub(1) {
            Some(last) => (deal.stays[..last].iter().cloned().chain([reopened(&deal.stays[last])]).collect(), &deal.stays[last].stage),
            None => (Vec::new(), &deal.stays[0].stage),
        };
        record.set("stage", stage.as_str());
        Walk { deal, start, record, next, stays }
    }

    fn through(mut self, trial: &mut Trial<'_>, pasts: &Pasts, wanted: &[usize], tell: &mut impl FnMut(Judged<'_>)) -> Result<()> {
        let last = wanted.last().copied().unwrap_or_default();
        let mut arises: Vec<bool> = Vec::new();
        for (n, stay) in self.deal.stays.iter().enumerate().take(last + 1).skip(self.start) {
            let own = self.up_to(stay);
            if wanted.binary_search(&n).is_ok() {
                let (verdict, new_tasks) = self.judge(trial, pasts, stay, own, &arises)?;
                let from = n.checked_sub(1).map(|before| &self.deal.stays[before]);
                tell(Judged { deal: self.deal, stay, from, verdict, new_tasks });
            }
            self.enter(n, own);
            if n < last && trial.has_choosy_tasks() {
                arises = self.arises(trial, &pasts.world, stay)?;
            }
        }
        Ok(())
    }

    /// Makes the changes before a stay was entered; gives the end of those that its entering brought along.
    fn up_to(&mut self, stay: &Stay) -> usize {
        let changes = &self.deal.changes;
        let before = changes[self.next..].iter().take_while(|told| told.at < stay.entered_at).count();
        self.apply(self.next + before);
        // What was reckoned at the same instant came after it.
        let of_move = changes.get(self.next).filter(|told| told.at == stay.entered_at).map(|told| told.revision);
        self.next + changes[self.next..].iter().take_while(|told| Some(told.revision) == of_move).count()
    }

    fn apply(&mut self, until: usize) {
        for told in &self.deal.changes[self.next..until] {
            self.record.set(&told.change.field, told.change.new.clone());
        }
        self.next = until;
    }

    fn judge(
        &mut self,
        trial: &mut Trial<'_>,
        pasts: &Pasts,
        stay: &Stay,
        own: usize,
        arises: &[bool],
    ) -> Result<(Verdict, BTreeSet<String>)> {
        let at = stay.entered_at;
        let born = !self.stays.is_empty();
        let blank = Record::new(&self.record.object, self.record.id);
        let mut after = self.record.clone();
        if born {
            let mut entered = self.record.clone();
            let brought = &self.deal.changes[self.next..own];
            brought.iter().for_each(|told| entered.set(&told.change.field, told.change.new.clone()));
            for told in brought.iter().filter(|told| trial.is_given(&told.change.field, &entered)) {
                after.set(&told.change.field, told.change.new.clone());
            }
        } else {
            trial.unborn(&mut after);
        }
        trial.reckon(&mut after, at);
        let creating: Vec<String> = self.deal.created.iter().filter(|(_, created)| *created == at).map(|(key, _)| key.clone()).collect();
        let (cx, options) = (trial.cx, trial.options);
        let gates = trial.gates(at)?;
        let (tasks, new) = match self.stays.last() {
            Some(visit) => tasks_then(gates, visit, &self.deal.tasks, arises, at),
            None => Default::default(),
        };
        let verdict = choosing::with_owner(cx, &pasts.roles, &after, |owner| {
            let before = if born { &self.record } else { &blank };
            let past = PastMove { before, after: &after, stays: &self.stays, entered: stay, tasks: &tasks, creating: &creating, owner };
            judge_past(gates, options, &pasts.world, &past)
        });
        Ok((verdict, new))
    }

    /// The deal stands in the stage, with all that came along and followed.
    fn enter(&mut self, n: usize, own: usize) {
        self.apply(own);
        let stay = &self.deal.stays[n];
        self.record.set("stage", stay.stage.as_str());
        if let (Some(left), Some(before)) = (self.stays.last_mut(), n.checked_sub(1)) {
            *left = self.deal.stays[before].clone();
        }
        self.stays.push(reopened(stay));
    }

    /// For which tasks of its stage the deal is such as they ask for, now that it has entered it.
    fn arises(&mut self, trial: &mut Trial<'_>, world: &World, stay: &Stay) -> Result<Vec<bool>> {
        trial.reckon(&mut self.record, stay.entered_at);
        let gates = trial.gates(stay.entered_at)?;
        let Some((_, _, stage)) = gates.stage(&stay.stage) else { return Ok(Vec::new()) };
        Ok(stage.tasks.iter().map(|condition| condition.as_ref().is_none_or(|it| it.holds(&self.record, world))).collect())
    }
}
