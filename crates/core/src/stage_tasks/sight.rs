//! What tasks let their assignees see: the deal, while the task is open. Who is to edit it may edit it.

use std::collections::{BTreeMap, BTreeSet};

use db::access::Grant;
use db::outbox::Event;
use db::{Limits, Read, Write};
use model::process::TaskAct;
use model::sharing::Level;
use model::{Id, Object, Record, Schema, Via};

use super::store::{self, Kept};
use crate::jobs::WORKER;
use crate::sight::Sight;
use crate::{Ctx, House, Result};

/// Why an assignee sees the deal; the task's id comes behind.
const WHY: &str = "stage_task:";
/// Tasks that are looked at together.
const CHUNK: u64 = 200;
const DEAL: &str = "opportunity";

/// The stage task by which something is given.
pub(crate) fn by_task(why: &str) -> Option<Id> {
    why.strip_prefix(WHY)?.parse().ok()
}

/// What whoever has such a task must be able to do with the deal.
pub(super) fn level(schema: &Schema, act: &TaskAct) -> Level {
    let is_part = |object: &str| schema.object(object).and_then(|object| object.master()).is_some_and(|(_, master)| master == DEAL);
    match act {
        TaskAct::EditObject { of: None, .. } | TaskAct::EditSubObjects { .. } => Level::ReadWrite,
        TaskAct::CreateObject { object, .. } if is_part(object) => Level::ReadWrite,
        TaskAct::EditObject { .. } | TaskAct::CreateObject { .. } | TaskAct::ChecklistItem => Level::Read,
    }
}

/// What a task gives of its deal; nothing to the owner, who has it all.
fn given(kept: &Kept, owner: Option<Id>) -> Option<Grant> {
    let principal = kept.task.assignee.filter(|assignee| kept.is_open() && Some(*assignee) != owner)?;
    let (record, level) = (kept.task.opportunity, kept.level.key().to_owned());
    Some(Grant { record, principal, why: format!("{WHY}{}", kept.task.id), level, role: None })
}

/// A task before and after a change, each with the owner of its deal.
pub(super) type Turned<'a> = (Option<(&'a Kept, Option<Id>)>, (&'a Kept, Option<Id>));

/// Gives and takes what these tasks mean now; the deals of which somebody has gained or lost sight.
pub(super) fn hand_over<'a>(tx: &mut Write, object: &Object, turned: impl Iterator<Item = Turned<'a>>) -> Result<BTreeSet<Id>> {
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for (before, (after, owner)) in turned {
        let (stood, due) = (before.and_then(|(kept, owner)| given(kept, owner)), given(after, owner));
        if stood != due {
            gone.extend(stood);
            new.extend(due);
        }
    }
    let concerned = gone.iter().chain(&new).map(|grant| grant.record).collect();
    db::access::take_for(tx, &object.key, &gone.into_iter().map(|grant| grant.why).collect::<Vec<_>>())?;
    db::access::add_shares(tx, object, &new)?;
    Ok(concerned)
}

/// Events tell whoever sees the deals now.
pub(super) fn look_again(cx: &Ctx, tx: &mut Read, object: &Object, deals: &[&Record], events: &mut [Event]) -> Result<()> {
    if deals.is_empty() {
        return Ok(());
    }
    let sight = Sight::of(cx, tx, object, deals.iter().map(|record| (Some(*record), *record)))?;
    for event in events {
        if let Some(record) = deals.iter().find(|record| record.id == event.record) {
            event.after = sight.present(record);
        }
    }
    Ok(())
}

/// Where what these tasks have given differs from what they should: how much stands, and (given, too much?).
pub(crate) fn differing(tx: &mut Read, tasks: &[Kept], owners: &BTreeMap<Id, Option<Id>>) -> Result<(usize, Vec<(Grant, bool)>)> {
    let reasons: Vec<String> = tasks.iter().map(|kept| format!("{WHY}{}", kept.task.id)).collect();
    let stands: BTreeSet<Grant> = db::access::given_for(tx, &reasons)?.into_iter().map(|(_, grant)| grant).collect();
    let owner = |kept: &Kept| owners.get(&kept.task.opportunity).copied().flatten();
    let due: BTreeSet<Grant> = tasks.iter().filter_map(|kept| given(kept, owner(kept))).collect();
    let too_much = stands.difference(&due).map(|one| (one.clone(), true));
    let missing = due.difference(&stands).map(|one| (one.clone(), false));
    Ok((stands.len(), too_much.chain(missing).collect()))
}

/// The next tasks behind one, and the owners of their deals.
pub(crate) fn some(cx: &Ctx, tx: &mut Read, after: Option<Id>) -> Result<(Vec<Kept>, BTreeMap<Id, Option<Id>>)> {
    let tasks = store::after(tx, after, CHUNK)?;
    let deals: BTreeSet<Id> = tasks.iter().map(|kept| kept.task.opportunity).collect();
    let deals: Vec<Id> = deals.into_iter().collect();
    let Some(object) = cx.meta.schema.object(DEAL) else { return Ok((tasks, BTreeMap::new())) };
    let owners = db::access::holders(tx, object, &deals)?.into_iter().map(|holder| (holder.record, holder.owner)).collect();
    Ok((tasks, owners))
}

/// Puts right what every task has given; of how many it was otherwise. The server may go on meanwhile.
pub(crate) fn repair(house: &House) -> Result<u64> {
    let (mut after, mut count) = (None, 0);
    loop {
        let (last, changed) = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
            let Some(object) = cx.meta.schema.object(DEAL).cloned() else { return Ok((None, 0)) };
            let (tasks, _) = some(cx, tx, after)?;
            let deals: Vec<Id> = tasks.iter().map(|kept| kept.task.opportunity).collect();
            tx.lock_rows_late(DEAL, &deals)?;
            // Read again under the locks.
            let (tasks, owners) = some(cx, tx, after)?;
            let (_, differing) = differing(tx, &tasks, &owners)?;
            let changed = differing.len() as u64;
            for (grant, too_much) in differing {
                match too_much {
                    true => db::access::take(tx, DEAL, &grant)?,
                    false => db::access::add_shares(tx, &object, &[grant])?,
                }
            }
            if changed > 0 {
                // Whoever listens looks again at what he sees.
                tx.publish_meta()?;
            }
            Ok((tasks.last().map(|kept| kept.task.id), changed))
        })?;
        count += changed;
        after = last;
        if after.is_none() {
            return Ok(count);
        }
    }
}
