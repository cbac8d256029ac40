//! What an act with a pool makes of a record, and which pool takes what comes in without an owner.

use model::condition::World;
use model::pool::{FIELD, Pool};
use model::{Id, Object, Record, Value, Violation};

use super::{find, named_in, of};
use crate::save::{Deed, Working};
use crate::{Ctx, leads};

/// Gives the record what the act makes of it.
pub(crate) fn settle(cx: &Ctx, object: &Object, item: &mut Working) {
    match item.change.deed.clone() {
        Deed::Claim => item.after.set("owner", cx.who.id),
        Deed::Return { pool } => give_back(cx, object, item, pool),
        Deed::MovePool { pool } => {
            if let Some(pool) = target(cx, object, item, pool) {
                item.after.set(FIELD, pool.to_string());
            }
        }
        _ => {}
    }
}

/// A pool that takes records of the object, if it is one.
fn target(cx: &Ctx, object: &Object, item: &mut Working, pool: Id) -> Option<Id> {
    match of(cx, &object.key).find(|known| known.id == pool) {
        None => item.findings.push(Violation::new("field.reference_not_found", FIELD).with("id", pool.to_string())),
        Some(known) if !known.active => item.findings.push(Violation::new("pool.inactive", FIELD).with("pool", known.name.as_str())),
        Some(known) => return Some(known.id),
    }
    None
}

/// Without a pool it goes back to the one from which its owner had it, else to the first that takes such records.
fn give_back(cx: &Ctx, object: &Object, item: &mut Working, wanted: Option<Id>) {
    let Some(before) = item.before.as_ref().filter(|before| before.owner().is_some()) else { return };
    let came_from = named_in(before).and_then(|pool| find(&cx.meta, pool)).filter(|pool| pool.active).map(|pool| pool.id);
    let by_itself = || taking(cx, object, before).map(|pool| pool.id);
    let to = match wanted {
        Some(pool) => target(cx, object, item, pool),
        None => {
            let found = came_from.or_else(by_itself);
            if found.is_none() {
                item.findings.push(Violation::new("pool.none_takes_it", FIELD));
            }
            found
        }
    };
    let Some(pool) = to.and_then(|pool| find(&cx.meta, pool)) else { return };
    item.after.set("owner", Value::Null);
    item.after.set("owner_department", Value::Null);
    item.after.set(FIELD, pool.id.to_string());
    for field in &pool.clears.fields {
        item.after.set(field, Value::Null);
    }
}

/// True where the record loses its team with this change.
pub(crate) fn clears_team(cx: &Ctx, item: &Working) -> bool {
    let comes_in = matches!(item.change.deed, Deed::Return { .. }) && item.is_sound() && item.begun.is_none();
    comes_in && named_in(&item.after).and_then(|pool| find(&cx.meta, pool)).is_some_and(|pool| pool.clears.team)
}

/// The first active pool, by name, whose condition the record meets.
pub(super) fn taking<'a>(cx: &'a Ctx, object: &'a Object, record: &Record) -> Option<&'a Pool> {
    let world = World::default();
    let meets = |pool: &&Pool| {
        let resolved = pool.condition.as_ref().map(|condition| condition.resolve(&pool.object, &cx.system_reading()));
        resolved.and_then(|resolved| resolved.ok()).is_some_and(|condition| condition.holds(record, &world))
    };
    of(cx, &object.key).filter(|pool| pool.active).find(meets)
}

/// What comes in and still has no owner, after the rules of assignment have had their turn, goes into the pool that takes such records.
pub(crate) fn enter(cx: &Ctx, object: &Object, work: &mut [Working]) {
    if !object.ownerless || of(cx, &object.key).next().is_none() {
        return;
    }
    for item in work.iter_mut().filter(|item| item.is_sound() && item.before.is_none()) {
        if item.after.owner().is_none() && item.after.get(FIELD).is_null() && leads::is_open(object, &item.after) {
            let taken = taking(cx, object, &item.after).map(|pool| pool.id.to_string());
            item.after.set(FIELD, taken.map_or(Value::Null, Value::Text));
        }
    }
}
