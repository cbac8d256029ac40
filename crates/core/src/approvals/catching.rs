//! Which flow catches an act: the topmost in force whose trigger and condition fit.

use std::sync::Arc;

use db::Write;
use model::approval::{Flow, Trigger};
use model::condition::Resolved;
use model::objects::lifecycle;
use model::process::MoveKind;
use model::{Object, Record, Via};

use crate::save::{Deed, Under, Working};
use crate::{Ctx, Result, world};

/// An act that a flow has caught.
#[derive(Clone, Debug)]
pub(crate) struct Caught {
    pub flow: Arc<Flow>,
    pub what: Trigger,
}

/// Finds the flows that catch these changes. Called when everything is judged and nothing is drawn from it yet.
pub(crate) fn catch(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    restored(cx, tx, object, work)?;
    let flows: Vec<&Arc<Flow>> = cx.meta.flows.iter().filter(|flow| flow.active && flow.object == object.key).collect();
    if flows.is_empty() || cx.who.system.is_some() {
        return Ok(());
    }
    let asked: Vec<(usize, Vec<Trigger>)> = (0..work.len())
        .filter(|at| work[*at].is_sound() && is_caught(&work[*at]))
        .map(|at| (at, triggers(cx, &work[at])))
        .filter(|(_, triggers)| flows.iter().any(|flow| triggers.contains(&flow.trigger)))
        .collect();
    if asked.is_empty() {
        return Ok(());
    }
    let reading = cx.system_reading();
    let resolved: Vec<(&Arc<Flow>, Option<Resolved>)> = flows
        .into_iter()
        .filter_map(|flow| match &flow.condition {
            None => Some((flow, None)),
            Some(condition) => Some((flow, Some(condition.resolve_for_change(&object.key, &reading).ok()?))),
        })
        .collect();
    let states: Vec<&Record> = asked.iter().flat_map(|(at, _)| work[*at].before.iter().chain([&work[*at].after])).collect();
    let mut world = world::around(cx, tx, &states, resolved.iter().filter_map(|(_, condition)| condition.as_ref()))?;
    asked.iter().filter_map(|(at, _)| work[*at].before.clone()).for_each(|before| world.was(before));
    for (at, triggers) in asked {
        let item = &work[at];
        // A row of an import is caught by flows for imports; where there is none that fits, by those for whatever is created.
        let found = triggers.iter().find_map(|trigger| {
            let fits = |flow: &Flow| flow.trigger == *trigger && concerns(flow, item);
            let holds = |condition: &Option<Resolved>| condition.as_ref().is_none_or(|condition| condition.holds(&item.after, &world));
            resolved.iter().find(|(flow, condition)| fits(flow) && holds(condition)).map(|(flow, _)| (*flow).clone())
        });
        match work[at].change.under {
            Some(Under::Skips) => work[at].left_out = found,
            _ => work[at].caught = found.map(|flow| Caught { what: flow.trigger, flow }),
        }
    }
    Ok(())
}

/// What was never approved is set aside as before when it comes out of the recycle bin.
fn restored(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let comes_back = |item: &Working| item.is_sound() && item.change.deed == Deed::Restore;
    let asks = |flow: &Arc<Flow>| flow.object == object.key && flow.trigger.makes();
    if !cx.meta.flows.iter().any(asks) || !work.iter().any(comes_back) {
        return Ok(());
    }
    let back: Vec<_> = work.iter().filter(|item| comes_back(item)).map(|item| item.after.id).collect();
    let refused = super::store::never_approved(tx, &back)?;
    for item in work.iter_mut().filter(|item| refused.contains(&item.after.id)) {
        item.after.set("lifecycle_status", lifecycle::INEFFECTIVE);
    }
    Ok(())
}

/// What is part of an approval is caught by none, nor is what makes records one.
fn is_caught(item: &Working) -> bool {
    !item.change.merging && matches!(item.change.under, None | Some(Under::Skips))
}

/// As what an act may be caught, the most particular first.
fn triggers(cx: &Ctx, item: &Working) -> Vec<Trigger> {
    // What was set aside counts for nothing until it is submitted again, and is then approved as a whole.
    let aside = item.before.as_ref().is_some_and(|before| before.text("lifecycle_status") == lifecycle::INEFFECTIVE);
    if aside && item.change.deed != Deed::Submit {
        return Vec::new();
    }
    match &item.change.deed {
        Deed::Create | Deed::Historic(_) if cx.via == Via::Import => vec![Trigger::Import, Trigger::Create],
        Deed::Create | Deed::Submit => vec![Trigger::Create],
        Deed::Edit => vec![Trigger::Edit],
        Deed::Void => vec![Trigger::Void],
        Deed::Restore => vec![Trigger::Restore],
        Deed::Delete => vec![Trigger::Delete],
        Deed::ChangeOwner { .. } => vec![Trigger::ChangeOwner],
        Deed::Claim => vec![Trigger::Claim],
        Deed::Return { .. } => vec![Trigger::Return],
        Deed::Convert(_) => vec![Trigger::Convert],
        Deed::Move { .. } if completes_for_approval(cx, item) => vec![Trigger::Stage],
        _ => Vec::new(),
    }
}

/// True where a move completes a stage that the process has approved: forward, or to an end that does not ignore normal settings.
pub(super) fn completes_for_approval(cx: &Ctx, item: &Working) -> bool {
    let Some(before) = &item.before else { return false };
    let Some(process) = cx.meta.process_of(before) else { return false };
    let asks = process.stage(before.text("stage")).is_some_and(|rules| rules.approval);
    let ignores = item.target.as_deref().and_then(|target| process.stage(target)).is_some_and(|rules| rules.ignore_normal);
    asks && !ignores && matches!(item.moving, Some(MoveKind::Forward | MoveKind::Terminal))
}

/// True where the flow means what is changed, or the stage that is completed.
pub(super) fn concerns(flow: &Flow, item: &Working) -> bool {
    match flow.trigger {
        Trigger::Edit => {
            let own = flow.fields.is_empty() && item.change.patch.keys().any(|field| item.changes(field));
            own || flow.fields.iter().any(|field| item.changes(field))
        }
        Trigger::Stage => {
            let stage = item.before.as_ref().map_or("", |before| before.text("stage"));
            flow.stages.is_empty() || flow.stages.iter().any(|one| one == stage)
        }
        _ => true,
    }
}
