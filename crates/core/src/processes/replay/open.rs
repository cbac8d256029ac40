//! The deals that are open: which of them would become overdue or could go no further.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Moment};

use db::Read;
use db::records::Scope;
use model::process::replay::{Stuck, stuck};
use model::process::{Gates, Process, Requirement, Stay};
use model::{Id, Instant, Record, Value};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::BATCH;
use super::trial::Trial;
use crate::processes::{due, in_force, stays};
use crate::{Ctx, Result, stage_tasks, world};

const SCOPE: Scope<'static> = Scope::All("rules are tried on everything");

/// What was found out about the open deals.
#[derive(Default)]
pub(super) struct Open {
    pub judged: u64,
    /// All that there are were looked at.
    pub is_complete: bool,
    /// How many are overdue by the rules in force, and by those on trial.
    pub overdue: (u64, u64),
    pub stuck: (u64, u64),
    pub becomes_overdue: Vec<Late>,
    pub becomes_stuck: Vec<Halted>,
}

/// An open deal that becomes overdue.
pub(super) struct Late {
    pub deal: Id,
    pub owner: Option<Id>,
    pub amount: Value,
    pub stage: String,
    pub entered_at: Instant,
    pub due_at: Instant,
    pub due_before: Option<Instant>,
}

/// An open deal that can go no further.
pub(super) struct Halted {
    pub deal: Id,
    pub owner: Option<Id>,
    pub amount: Value,
    pub stage: String,
    pub stage_missing: bool,
    pub requirements: Vec<Requirement>,
}

/// What holds for deals today: of each version that some of them obey. None where it cannot be read.
#[derive(Default)]
struct InForce(BTreeMap<String, Option<Gates>>);

impl InForce {
    fn learn(&mut self, cx: &Ctx, deal: &Record) {
        self.0.entry(in_force::group(cx, Some(deal), deal)).or_insert_with(|| in_force::gates_of(cx, deal).ok());
    }

    fn of(&self, cx: &Ctx, deal: &Record) -> Option<&Gates> {
        self.0.get(&in_force::group(cx, Some(deal), deal))?.as_ref()
    }
}

/// Looks at every open deal of the process, those longest in their stage first.
pub(super) fn look(trial: &mut Trial<'_>, tx: &mut Read, patience: Duration) -> Result<Open> {
    let ids = standing(tx, trial.id())?;
    let mut open = Open { is_complete: true, ..Open::default() };
    let began = Moment::now();
    let mut in_force = InForce::default();
    for batch in ids.chunks(BATCH) {
        if began.elapsed() > patience {
            open.is_complete = false;
            break;
        }
        one_batch(trial, tx, batch, &mut in_force, &mut open)?;
    }
    open.becomes_overdue.sort_by_key(|late| (late.due_at, late.deal));
    Ok(open)
}

/// Deals that stand in a stage of the process.
fn standing(tx: &mut Read, process: Id) -> Result<Vec<Id>> {
    let select = Query::select()
        .column("opportunity")
        .from("stage_stay")
        .and_where(Expr::col("process").eq(process.0))
        .and_where(Expr::col("left_at").is_null())
        .order_by("entered_at", Order::Asc)
        .order_by("opportunity", Order::Asc)
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok(row.get(0)?)).collect()
}

fn one_batch(trial: &mut Trial<'_>, tx: &mut Read, ids: &[Id], in_force: &mut InForce, open: &mut Open) -> Result<()> {
    let (cx, object, options) = (trial.cx, trial.object, trial.options);
    let mut records = db::records::load(tx, &cx.meta.schema, object, &SCOPE, ids)?;
    records.retain(|record| record.text("lifecycle_status") != model::objects::lifecycle::VOIDED);
    let all_stays = stays::load(tx, ids)?;
    let tasks = stage_tasks::load(tx, ids)?;
    let gates = trial.gates(cx.at)?;
    records.iter().for_each(|record| in_force.learn(cx, record));
    let conditions = gates.conditions().chain(in_force.0.values().flatten().flat_map(Gates::conditions));
    let world = world::around(cx, tx, &records.iter().collect::<Vec<_>>(), conditions)?;
    for record in &records {
        let Some(here) = all_stays.get(&record.id).and_then(|stays| stays.last()) else { continue };
        open.judged += 1;
        overdue(cx, &gates.process, record, here, open);
        let stays = all_stays.get(&record.id).map_or(&[][..], Vec::as_slice);
        let tasks = tasks.get(&record.id).map_or(&[][..], Vec::as_slice);
        let look = |gates: &Gates| stuck(gates, options, record, stays, tasks, &world, cx.at);
        let before = in_force.of(cx, record).and_then(look);
        let then = look(gates);
        open.stuck.0 += u64::from(before.is_some());
        open.stuck.1 += u64::from(then.is_some());
        if let (None, Some(then)) = (before, then) {
            let (stage_missing, requirements) = match then {
                Stuck::StageMissing => (true, Vec::new()),
                Stuck::NothingAhead(requirements) => (false, requirements),
            };
            let (owner, amount, stage) = (record.owner(), record.get("amount").clone(), here.stage.clone());
            open.becomes_stuck.push(Halted { deal: record.id, owner, amount, stage, stage_missing, requirements });
        }
    }
    Ok(())
}

fn overdue(cx: &Ctx, process: &Process, record: &Record, here: &Stay, open: &mut Open) {
    let due_before = record.get("stage_due_at").as_instant();
    let due = process.stage(&here.stage).and_then(|rules| due::of_stage(cx, record, rules, here.entered_at));
    let is_over = |due: Option<Instant>| due.is_some_and(|due| due < cx.at);
    open.overdue.0 += u64::from(is_over(due_before));
    open.overdue.1 += u64::from(is_over(due));
    if let (Some(due_at), false) = (due.filter(|_| is_over(due)), is_over(due_before)) {
        let (owner, amount, stage) = (record.owner(), record.get("amount").clone(), here.stage.clone());
        open.becomes_overdue.push(Late { deal: record.id, owner, amount, stage, entered_at: here.entered_at, due_at, due_before });
    }
}
