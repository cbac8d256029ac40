//! What is said of a group: that its records are several, or that they have become one.

use std::collections::BTreeSet;

use db::Write;
use model::role::Act;
use model::{Id, Object};
use serde_json::{Value as Json, json};

use super::list;
use super::store::{self, Head, State};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result};

/// Says that the records of a group are several. Pairs of them are in no group from then on.
pub fn dismiss(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    decided(cx, tx, id, State::Dismissed)
}

/// Takes that back.
pub fn reopen(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    decided(cx, tx, id, State::Open)
}

fn decided(cx: &Ctx, tx: &mut Write, id: Id, state: State) -> Result<Json> {
    let head = store::load(tx, id)?;
    let object = cx.object(&head.object)?.clone();
    let members = store::members(tx, &[id])?;
    // Whoever sees no two of them does not see the group.
    if list::seen(cx, tx, &object, &members)?.len() < 2 {
        return Err(Error::NotFound);
    }
    cx.attempts(if state == State::Open { "reopen" } else { "dismiss" }, &object.key, None);
    cx.must_be_allowed(Act::Merge, &object.key)?;
    if head.state != state && head.state != State::Merged {
        store::decide(cx, tx, id, state)?;
        let act = if state == State::Open { "reopen" } else { "dismiss" };
        let records: Vec<String> = members.iter().map(|member| member.record.to_string()).collect();
        audit::note(cx, tx, Note::new(act, "duplicate_group").of(&object.key).detail(json!({"records": records})))?;
    }
    let head = store::load(tx, id)?;
    Ok(json!({"id": id.to_string(), "object": head.object, "state": head.state.key()}))
}

/// The groups of a merge's records are done with as far as fewer than two of their records are left.
pub(in crate::merging) fn merged(cx: &Ctx, tx: &mut Write, object: &Object, losers: &[Id]) -> Result<()> {
    for head in groups_of(tx, losers, State::Open)? {
        let members = store::members(tx, &[head.id])?;
        let ids: Vec<Id> = members.iter().map(|member| member.record).collect();
        let left = crate::merging::any(cx, tx, object, &ids)?.iter().filter(|record| record.text("lifecycle_status") != "voided").count();
        if left < 2 {
            store::decide(cx, tx, head.id, State::Merged)?;
        }
    }
    Ok(())
}

/// They are open again once the merge is taken back.
pub(in crate::merging) fn unmerged(cx: &Ctx, tx: &mut Write, losers: &[Id]) -> Result<()> {
    for head in groups_of(tx, losers, State::Merged)? {
        store::decide(cx, tx, head.id, State::Open)?;
    }
    Ok(())
}

fn groups_of(tx: &mut Write, records: &[Id], state: State) -> Result<Vec<Head>> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for record in records {
        let heads = store::of_record(tx, *record)?;
        found.extend(heads.into_iter().filter(|head| head.state == state && known.insert(head.id)));
    }
    Ok(found)
}
