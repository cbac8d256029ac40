//! Moving deals: the facts gathered, the verdict asked for, figures and stays drawn from it. One way for all.

use std::collections::BTreeMap;

use db::Write;
use model::condition::World;
use model::field::StageType;
use model::objects::lifecycle;
use model::process::figures::{self, Occasion};
use model::process::{
    Entering, Facts, Gates, How, InForce, Mover, Process, StageRules, Stay, Task, advance, judge as verdict, reopen_target,
};
use model::role::Act;
use model::{Id, Instant, Number, Object, Record, Value, Violation};

use super::{due, in_force, stays};
use crate::save::{Deed, Historic, Under, Working};
use crate::{Ctx, Error, Result, approvals, stage_tasks, world};

/// The resolved process of an id.
pub(crate) fn gates_of(cx: &Ctx, process: &str) -> Result<Gates> {
    let process = cx.meta.process(process).ok_or_else(|| Error::Internal(format!("no process {process}")))?;
    Gates::resolve(process, &cx.system_reading()).map_err(Error::Invalid)
}

/// What the caller may do with a deal he may write.
pub(crate) fn mover(cx: &Ctx, record: &Record) -> Mover {
    let may = |act| cx.who.rights.may(act, &record.object);
    Mover {
        may_move: may(Act::Move),
        may_reopen: may(Act::Reopen),
        may_edit: may(Act::Edit),
        may_unlock: may(Act::Unlock),
        may_change_process: may(Act::ChangeProcess),
        may_bypass: may(Act::BypassGates),
        is_owner: record.owner() == Some(cx.who.id),
    }
}

/// Judges every entering of a stage: creation, move, reopening, change of process. Imported history passes: it tells what has been.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let entering: Vec<usize> = (0..work.len()).filter(|i| work[*i].error.is_none() && enters(&work[*i])).collect();
    if entering.is_empty() {
        return Ok(());
    }
    let ids: Vec<Id> = entering.iter().filter_map(|i| work[*i].before.as_ref()).map(|record| record.id).collect();
    let (mut all_stays, mut all_tasks) = (BTreeMap::new(), BTreeMap::new());
    if !ids.is_empty() {
        all_stays = stays::load(tx, &ids)?;
        all_tasks = stage_tasks::rows(tx, &ids)?;
    }
    let waiting: Vec<&Record> =
        entering.iter().filter(|i| !is_part_of_approval(&work[**i])).filter_map(|i| work[*i].before.as_ref()).collect();
    let mut pending = approvals::pending(tx, &waiting)?;
    let mut gates: BTreeMap<String, Gates> = BTreeMap::new();
    let mut judged: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for i in entering {
        // Where it goes was said when the version was published.
        if let Deed::Follow { stage } = &work[i].change.deed {
            (work[i].target, work[i].how) = (Some(stage.clone()), Some(How::Follow));
            work[i].stays = all_stays.remove(&work[i].after.id).unwrap_or_default();
            work[i].tasks = all_tasks.remove(&work[i].after.id).unwrap_or_default();
            continue;
        }
        // What tells of its past stands where that has led; it begins no process.
        if matches!(work[i].change.deed, Deed::TakeEffect | Deed::Submit) && all_stays.contains_key(&work[i].after.id) {
            continue;
        }
        work[i].pending = pending.remove(&work[i].after.id);
        let (before, after) = (work[i].before.as_ref(), &work[i].after);
        let process = in_force::group(cx, before, after);
        if !gates.contains_key(&process) {
            match in_force::gates_for(cx, before, after) {
                Ok(found) => gates.insert(process.clone(), found),
                // A deal whose process cannot be found or read is not moved by no rules at all.
                Err(Error::Invalid(list)) => {
                    work[i].findings.extend(list);
                    continue;
                }
                // Told already: no process for it was found.
                Err(_) if !work[i].findings.is_empty() => continue,
                Err(other) => return Err(other),
            };
        }
        judged.entry(process).or_default().push(i);
    }
    for (process, items) in judged {
        let gates = &gates[&process];
        // What the conditions look at is read once for all deals of a process, not deal by deal.
        let records: Vec<&Record> = items.iter().map(|i| &work[*i].after).collect();
        let world = world::around(cx, tx, &records, gates.conditions())?;
        for i in items {
            let stays = all_stays.remove(&work[i].after.id).unwrap_or_default();
            let kept = all_tasks.remove(&work[i].after.id).unwrap_or_default();
            let tasks: Vec<Task> = kept.iter().map(|one| one.task.clone()).collect();
            let item = &mut work[i];
            judge_one(cx, object, item, Known { gates, stays: &stays, tasks: &tasks, world: &world });
            (item.stays, item.tasks) = (stays, kept);
        }
    }
    Ok(())
}

fn enters(item: &Working) -> bool {
    matches!(item.change.deed, Deed::Create | Deed::Move { .. } | Deed::Reopen { .. } | Deed::ChangeProcess { .. } | Deed::Follow { .. })
        || matches!(item.change.deed, Deed::TakeEffect | Deed::Submit)
}

/// What is known around a deal that enters a stage.
#[derive(Clone, Copy)]
struct Known<'a> {
    gates: &'a Gates,
    stays: &'a [Stay],
    tasks: &'a [Task],
    world: &'a World,
}

fn judge_one(cx: &Ctx, object: &Object, item: &mut Working, known: Known<'_>) {
    let Known { gates, stays, tasks, world } = known;
    let blank = Record::new(&object.key, item.after.id);
    let options = object.options("stage");
    let reopening = matches!(item.change.deed, Deed::Reopen { .. });
    let target = match &item.change.deed {
        Deed::Move { stage } => stage.clone(),
        Deed::Reopen { stage } => stage.clone().or_else(|| reopen_target(gates, options, stays)).unwrap_or_default(),
        Deed::ChangeProcess { stage, .. } => {
            stage.clone().or_else(|| gates.process.stages.first().map(|rules| rules.stage.clone())).unwrap_or_default()
        }
        _ => item.after.text("stage").to_owned(),
    };
    let mut mover = mover(cx, item.before.as_ref().unwrap_or(&item.after));
    // One who creates a deal fills it himself, whatever he may do with others.
    mover.may_edit |= item.before.is_none();
    let facts = Facts {
        gates,
        options,
        // What was created and is approved now enters its first stage as if it were new.
        record: item.before.as_ref().filter(|_| !matches!(item.change.deed, Deed::TakeEffect | Deed::Submit)).unwrap_or(&blank),
        after: &item.after,
        stays,
        world,
        mover,
        now: item.at,
        reason: item.change.reason(),
        reopening,
        changing_process: matches!(item.change.deed, Deed::ChangeProcess { .. }),
        tasks,
        pending: item.pending.as_ref(),
        creating: &item.change.creating,
        bypass: item.change.bypass,
    };
    let found = verdict(&facts, &target);
    item.moving = Some(found.kind);
    item.how = Some(How::of(found.kind, &found.skipped));
    item.skipped = found.skipped;
    item.bypassed = found.bypassed.iter().map(|requirement| requirement.code.to_owned()).collect();
    item.bypassed.dedup();
    item.unmet.extend(found.requirements.into_iter().map(Violation::from));
    item.target = Some(target);
}

/// What an approval itself does waits for none.
fn is_part_of_approval(item: &Working) -> bool {
    matches!(item.change.under, Some(Under::Executes(_)))
}

/// Draws figures and stays from the verdict. Called for every save of a deal, with the patch applied and nothing against it.
pub(crate) fn derive(cx: &Ctx, object: &Object, work: &mut [Working]) {
    for item in work.iter_mut().filter(|item| item.is_sound()) {
        let process = match &item.target {
            Some(target) => cx.meta.entered_under(item.before.as_ref(), item.after.text("sales_process"), target),
            None if item.before.is_none() => cx.meta.process(item.after.text("sales_process")),
            None => cx.meta.in_force(&item.after).map(InForce::process),
        };
        let Some(process) = process else { continue };
        let given = |field: &str| item.change.patch.contains_key(field) && item.changes(field);
        let occasion = Occasion { win_rate_given: given("win_rate"), category_given: given("forecast_category"), ..Occasion::default() };
        if let Deed::Historic(past) = item.change.deed.clone() {
            historic(cx, object, item, &past, process, occasion);
        } else if item.caught.is_some() && (item.before.is_none() || item.change.deed == Deed::Submit) {
            // It waits outside its process; it enters when it is approved.
            item.target = None;
            let stage = item.after.text("stage").to_owned();
            if let Some(option) = object.options("stage").iter().find(|option| option.key == stage) {
                figures::derive(&mut item.after, option, &rules_of(process, &stage), occasion);
            }
        } else if let Some(target) = item.target.take() {
            enter(cx, object, item, &target, process, occasion);
        } else {
            let stage = item.after.text("stage").to_owned();
            if let Some(option) = object.options("stage").iter().find(|option| option.key == stage) {
                figures::derive(&mut item.after, option, &rules_of(process, &stage), occasion);
            }
        }
        freeze_rate(cx, item.before.as_ref(), &mut item.after);
        outside(&mut item.after);
    }
}

/// What has not come into its process, or never will, is neither forecast nor analysed.
pub(crate) fn outside(deal: &mut Record) {
    if matches!(deal.text("lifecycle_status"), lifecycle::UNDER_REVIEW | lifecycle::INEFFECTIVE) {
        for field in ["forecast_amount", "analysis_amount"] {
            deal.set(field, Value::Null);
            deal.mains.remove(field);
        }
    }
}

/// What holds in a stage; nothing, of one that the process does not have.
fn rules_of(process: &Process, stage: &str) -> StageRules {
    process.stage(stage).cloned().unwrap_or_else(|| StageRules::new(stage))
}

fn enter(cx: &Ctx, object: &Object, item: &mut Working, target: &str, process: &Process, occasion: Occasion) {
    let Some(option) = object.options("stage").iter().find(|option| option.key == target) else { return };
    let terminal = option.stage_type.is_some_and(StageType::is_terminal);
    let mut last = item.stays.pop();
    let entering = Entering {
        id: cx.new_id(),
        opportunity: item.after.id,
        process: process.id,
        process_version: process.version,
        stage: target.to_owned(),
        terminal,
        how: item.how.unwrap_or(How::Start),
        by: cx.who.id,
        reason: item.change.reason().map(str::to_owned),
        skipped: std::mem::take(&mut item.skipped),
        bypassed: std::mem::take(&mut item.bypassed),
        at: item.at,
    };
    let was_open = last.as_ref().is_some_and(Stay::is_open);
    let stay = advance(last.as_mut(), entering);
    item.left = last.filter(|_| was_open);
    item.after.set("process_version", Number::whole(process.version));
    let rules = rules_of(process, target);
    let due_at = due::of_stage(cx, &item.after, &rules, stay.entered_at);
    figures::derive(&mut item.after, option, &rules, Occasion { entering: Some(stay.entered_at), due_at, ..occasion });
    item.entered.push(stay);
}

/// The stages of imported history, entered one after the other at the instants that the data gives; none is added.
fn historic(cx: &Ctx, object: &Object, item: &mut Working, past: &Historic, process: &Process, occasion: Occasion) {
    let created = item.after.get("created_at").as_instant().unwrap_or(item.at);
    let mut entered: Vec<(String, Instant)> = past.entered.clone();
    if entered.is_empty() {
        entered.push((item.after.text("stage").to_owned(), created));
    }
    for pair in entered.windows(2) {
        if pair[1].1 <= pair[0].1 {
            item.findings.push(Violation::new("import.stages_not_in_order", "stage").with("stage", pair[1].0.as_str()));
            return;
        }
    }
    // What was may have been in stages that are given up; what goes on stands in one that there is.
    let stands_in = |stage: &str| object.options("stage").iter().find(|option| option.key == stage).and_then(|option| option.stage_type);
    if let Some((last, _)) = entered.last()
        && stands_in(last) == Some(StageType::InProgress)
        && process.position(last).is_none()
    {
        item.findings.push(Violation::new("stage.unknown", "stage").with("value", last.as_str()).with("stage", last.as_str()));
        return;
    }
    item.after.set("process_version", Number::whole(process.version));
    // The stays of a deal begin with it.
    item.after.set("created_at", entered[0].1);
    for (stage, at) in entered {
        let Some(option) = object.options("stage").iter().find(|option| option.key == stage) else {
            item.findings.push(Violation::new("stage.unknown", "stage").with("value", stage));
            return;
        };
        let terminal = option.stage_type.is_some_and(StageType::is_terminal);
        let entering = Entering {
            id: cx.new_id(),
            opportunity: item.after.id,
            process: process.id,
            process_version: process.version,
            stage: stage.clone(),
            terminal,
            how: How::Import,
            by: cx.who.id,
            reason: None,
            skipped: Vec::new(),
            bypassed: Vec::new(),
            at,
        };
        let next = advance(item.entered.last_mut(), entering);
        item.entered.push(next);
        let rules = rules_of(process, &stage);
        let due_at = due::of_stage(cx, &item.after, &rules, at);
        figures::derive(&mut item.after, option, &rules, Occasion { entering: Some(at), due_at, ..occasion });
    }
}

/// A deal that closes keeps the rate of that day; an open one has none.
pub(crate) fn freeze_rate(cx: &Ctx, before: Option<&Record>, deal: &mut Record) {
    let Some((closed, money)) = deal.get("closed_at").as_instant().zip(deal.get("amount").as_money()) else {
        deal.set("main_rate", Value::Null);
        return;
    };
    let same = |before: &Record| {
        before.get("amount").as_money().is_some_and(|m| m.currency == money.currency) && before.get("closed_at") == deal.get("closed_at")
    };
    if before.is_some_and(same) && !deal.get("main_rate").is_null() {
        return;
    }
    let day = closed.date_in(&cx.meta.calendar.zone);
    let rate = cx.meta.rates.on(money.currency, day).map(Value::Number);
    deal.set("main_rate", Value::from(rate));
}
