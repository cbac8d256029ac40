//! What a leaver was to do goes to whoever owns the deal, and on with it.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use db::records::Scope;
use model::process::Party;
use model::{Id, Record};

use super::store::{self, Kept};
use super::{log, settle, sight, tell};
use crate::sight::Sight;
use crate::{Ctx, Result};

const WHY: Scope<'static> = Scope::All("somebody leaves, and what he was to do stays");

/// Hands on the open tasks of somebody who leaves; how many they are.
pub(crate) fn leave(cx: &Ctx, tx: &mut Write, leaver: Id) -> Result<usize> {
    let Some(object) = cx.meta.schema.object("opportunity").cloned() else { return Ok(0) };
    let ids: Vec<Id> =
        store::of_assignee(tx, leaver)?.iter().map(|kept| kept.task.opportunity).collect::<BTreeSet<Id>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(0);
    }
    tx.lock_rows_late(&object.key, &ids)?;
    // Read again under the locks.
    let stood = store::of_assignee(tx, leaver)?;
    let deals = db::records::load(tx, &cx.meta.schema, &object, &WHY, &ids)?;
    let owners: BTreeMap<Id, Option<Id>> = deals.iter().map(|deal| (deal.id, deal.owner())).collect();
    let owner = |kept: &Kept| owners.get(&kept.task.opportunity).copied().flatten();
    let given: Vec<Kept> = stood
        .iter()
        .map(|kept| {
            let mut after = kept.clone();
            // A deal that is still his takes them along when it is handed over.
            (after.task.assignee, after.party) = (owner(kept), Some(Party::Owner));
            after
        })
        .collect();
    let mut by_owner: BTreeMap<Option<Id>, Vec<Id>> = BTreeMap::new();
    given.iter().for_each(|kept| by_owner.entry(kept.task.assignee).or_default().push(kept.task.id));
    let before = Sight::of(cx, tx, &object, deals.iter().map(|deal| (Some(deal), deal)))?;
    let seen: Vec<_> = deals.iter().map(|deal| before.present(deal)).collect();
    for (owner, tasks) in &by_owner {
        store::give(tx, tasks, *owner, Some(&Party::Owner))?;
    }
    sight::hand_over(tx, &object, stood.iter().zip(&given).map(|(before, after)| (Some((before, owner(before))), (after, owner(after)))))?;
    let moved = || given.iter().filter(|kept| kept.task.assignee != Some(leaver));
    log::write(cx, tx, log::Event::Reassigned, cx.at, moved().map(|kept| (kept.task.opportunity, kept.task.id, None, kept.task.assignee)))?;
    let deals: Vec<(&Record, _)> = deals.iter().zip(seen).collect();
    settle::look_again(cx, tx, &object, deals)?;
    tell::given(cx, tx, moved())?;
    Ok(stood.len())
}
