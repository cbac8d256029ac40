//! Whose task it is: the first of the parties named who there is.

use std::collections::BTreeMap;

use db::Read;
use model::process::{Party, StageTask};
use model::{Id, Record};

use super::store::Kept;
use crate::processes::parties;
use crate::{Ctx, Result};

const OWNER: [Party; 1] = [Party::Owner];

/// Somebody, and which of the parties he is.
pub(super) type Whose = (Option<Id>, Option<Party>);

/// To whom each task of a deal falls. Where nobody is named, or nobody of those named is there, it is the owner's.
pub(super) fn whose(cx: &Ctx, tx: &mut Read, asked: &[(&Record, &[Party])]) -> Result<Vec<Whose>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    // The owner stands at the end of every list.
    let lists: Vec<Vec<Party>> = asked.iter().map(|(_, parties)| parties.iter().chain(&OWNER).cloned().collect()).collect();
    let asked: Vec<(&Record, &[Party])> = asked.iter().zip(&lists).map(|((record, _), list)| (*record, list.as_slice())).collect();
    let named = parties::named(cx, tx, &asked)?;
    let first = |(found, list): (Vec<parties::Named>, &Vec<Party>)| match found.first() {
        Some(named) => (Some(named.person), list.get(named.party).cloned()),
        // Also an owner who has left has it, until somebody takes the deal over.
        None => (None, Some(Party::Owner)),
    };
    let mut found: Vec<Whose> = named.into_iter().zip(&lists).map(first).collect();
    for (whose, (record, _)) in found.iter_mut().zip(&asked) {
        whose.0 = whose.0.or_else(|| record.owner());
    }
    Ok(found)
}

/// True for those who are others when the owner, or this field of the deal, is another.
pub(super) fn follows(party: &Party, owner: bool, fields: &dyn Fn(&str) -> bool) -> bool {
    match party {
        Party::Owner | Party::OwnerManager | Party::DepartmentManager => owner,
        Party::Field { field } => fields(field),
        Party::Creator | Party::Team | Party::TeamRole { .. } | Party::Person { .. } => false,
    }
}

/// Whose open tasks are now, after a change of the deal; those that somebody was given by hand stay his. In the order of `tasks`.
pub(super) fn anew(
    cx: &Ctx,
    tx: &mut Read,
    tasks: &[(&Record, &Kept)],
    definitions: &BTreeMap<Id, Option<StageTask>>,
) -> Result<Vec<Whose>> {
    let parties = |kept: &Kept| match definitions.get(&kept.task.id) {
        Some(Some(task)) => task.assignees.clone(),
        // The task is in the process no more: who he was is who he is.
        _ => kept.party.clone().into_iter().collect(),
    };
    let lists: Vec<Vec<Party>> = tasks.iter().map(|(_, kept)| parties(kept)).collect();
    let asked: Vec<(&Record, &[Party])> = tasks.iter().zip(&lists).map(|((record, _), list)| (*record, list.as_slice())).collect();
    whose(cx, tx, &asked)
}
