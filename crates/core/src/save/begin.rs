//! Locking the roots, loading in scope, and the right to the act.

use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::{Id, Object, Patch, Record};

use super::change::{Change, Deed, Working};
use super::instant;
use crate::reckoning::locks::{Planned, Rows};
use crate::{Ctx, Error, Result, access, orders, pools, quotes, reckoning, records};

pub(super) fn begin(cx: &Ctx, tx: &mut Write, object: &Object, changes: Vec<Change>) -> Result<Vec<Working>> {
    let ids: Vec<Id> = changes.iter().filter_map(|change| change.id).collect();
    lock_roots(cx, tx, object, &changes, &ids)?;
    let mut loaded: BTreeMap<Id, Record> = BTreeMap::new();
    if !ids.is_empty() {
        for record in db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)? {
            loaded.insert(record.id, record);
        }
    }
    // Whoever may do something with a record changes all of it, whatever of it he may read.
    if !cx.scope().veils(&object.key).is_empty() && !loaded.is_empty() {
        let whole = db::records::Scope::All("what is covered is kept as it is");
        let seen: Vec<Id> = loaded.keys().copied().collect();
        for record in db::records::load(tx, &cx.meta.schema, object, &whole, &seen)? {
            loaded.insert(record.id, record);
        }
    }
    let writable = access::writable(cx, tx, object, &loaded.values().collect::<Vec<_>>())?;
    // One that is to be saved alone is told in the trace, should it be refused; those of a bulk have their outcome each.
    if let [change] = changes.as_slice() {
        let known = change.id.and_then(|id| loaded.get(&id));
        cx.attempts(change.act().key(), &object.key, known.map(|record| (record.id, record.text("name"))));
    }
    let mut work = Vec::with_capacity(changes.len());
    for mut change in changes {
        let before = change.id.and_then(|id| loaded.get(&id).cloned());
        stage_edit_is_a_move(object, before.as_ref(), &mut change);
        let error = match (&before, change.id) {
            (None, Some(id)) if matches!(change.deed, Deed::Claim) => {
                Some(pools::came_too_late(cx, tx, object, id)?.unwrap_or(Error::NotFound))
            }
            (None, Some(_)) => Some(Error::NotFound),
            (Some(record), Some(_)) if matches!(change.deed, Deed::Claim) && record.owner().is_some() => {
                Some(pools::claimed_already(record))
            }
            (Some(record), _) if change.if_version.is_some_and(|version| version != record.version) => {
                Some(Error::Conflict { record: Box::new(records::show_one(cx, tx, object, record)?) })
            }
            (Some(record), Some(id)) => {
                let by_role = allowed(cx, &change);
                if pools::allowed(cx, object, &change, record, by_role.is_ok()) {
                    None
                } else {
                    by_role.err().or_else(|| (!writable.contains(&id)).then(|| forbidden(&change, record)))
                }
            }
            _ => allowed(cx, &change).err(),
        };
        let at = instant(cx, before.as_ref());
        let after = before.clone().unwrap_or_else(|| Record::new(&object.key, cx.new_id()));
        work.push(Working::new(change, before, after, at, error));
    }
    Ok(work)
}

/// A stage changed by a plain edit takes the way of every move.
fn stage_edit_is_a_move(object: &Object, before: Option<&Record>, change: &mut Change) {
    let (Some(before), Deed::Edit) = (before, &change.deed) else { return };
    if !crate::processes::concerns(object) {
        return;
    }
    let wanted = change.patch.get("stage").and_then(|value| value.as_text()).map(str::to_owned);
    if let Some(stage) = wanted {
        change.patch.remove("stage");
        if stage != before.text("stage") {
            change.deed = Deed::Move { stage };
        }
    }
}

fn allowed(cx: &Ctx, change: &Change) -> Result<()> {
    cx.must_be_allowed(change.act(), &change.object)?;
    // Fields that come along with a move are an edit as well.
    let also_edits =
        matches!(change.deed, Deed::Move { .. } | Deed::Reopen { .. } | Deed::ChangeProcess { .. }) && !change.patch.is_empty();
    if also_edits { cx.must_be_allowed(model::role::Act::Edit, &change.object) } else { Ok(()) }
}

fn forbidden(change: &Change, record: &Record) -> Error {
    Error::Forbidden { act: change.act().key().to_owned(), object: record.object.clone() }
}

/// The root row is the mutex of its children: masters are locked with what is changed, and whatever follows from the change, all at
/// once and in one order.
fn lock_roots(cx: &Ctx, tx: &mut Write, object: &Object, changes: &[Change], ids: &[Id]) -> Result<()> {
    let mut rows = Rows::new();
    let master = object.master().map(|(field, master)| (field.key.clone(), master.to_owned()));
    let reaches_out = reckoning::locks::reaches_out(cx, &object.key);
    let patches: Vec<&Patch> = changes.iter().map(|change| &change.patch).collect();
    let follows = changes.iter().any(|change| reckoning::follow_ups::follows(object, change.id.is_none(), &change.patch));
    let hangs = object.hangs_by();
    let mut present = Vec::new();
    let turns = changes.iter().any(|change| quotes::may_turn(object, change));
    if !ids.is_empty() && (master.is_some() || reaches_out || follows || hangs.is_some() || turns) {
        // Read without a lock to learn what they hang on; read again under it.
        present = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), ids)?;
    }
    if let Some((field, master)) = master {
        let of_present = present.iter().filter_map(|line| line.reference(&field));
        let given = changes.iter().filter_map(|change| change.patch.get(&field)?.as_id());
        rows.entry(master).or_default().extend(of_present.chain(given));
    }
    if turns {
        rows.entry("opportunity".to_owned()).or_default().extend(quotes::deals_of(object, changes, &present));
    }
    if let Some(field) = hangs {
        let of_present = present.iter().filter_map(|record| access::parent(field, record));
        let given = patches.iter().filter_map(|patch| access::parent_in(field, patch.get(&field.key)?));
        for (of, id) in of_present.chain(given) {
            rows.entry(of).or_default().insert(id);
        }
    }
    orders::rows(cx, tx, object, changes, &present, &mut rows)?;
    if reaches_out || follows {
        let planned = Planned { patches, present, fields: touched(object, changes) };
        for (other, ids) in reckoning::locks::of(cx, tx, object, &planned)? {
            rows.entry(other).or_default().extend(ids);
        }
    }
    rows.entry(object.key.clone()).or_default().extend(ids);
    let mut sorted: Vec<(u16, &str, Vec<Id>)> = Vec::new();
    for (key, ids) in &rows {
        if let Some(object) = cx.meta.schema.object(key).filter(|_| !ids.is_empty()) {
            sorted.push((object.rank, key, ids.iter().copied().collect()));
        }
    }
    if !sorted.is_empty() {
        tx.lock_rows(&sorted)?;
    }
    Ok(())
}

/// The fields that these changes may touch: what is given, and the figures that the product draws from it. `None`: any.
fn touched(object: &Object, changes: &[Change]) -> Option<BTreeSet<String>> {
    if changes.iter().any(|change| change.deed != Deed::Edit) {
        return None;
    }
    let figures = object.fields.iter().filter(|field| field.read_only && !field.system).map(|field| field.key.clone());
    Some(changes.iter().flat_map(|change| change.patch.keys().cloned()).chain(figures).collect())
}
