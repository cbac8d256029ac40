//! Locking the roots, loading in scope, and the right to the act.

use std::collections::BTreeMap;

use db::Write;
use model::{Id, Object, Record};

use super::change::{Change, Deed, Working};
use super::instant;
use crate::{Ctx, Error, Result, access, records};

pub(super) fn begin(cx: &Ctx, tx: &mut Write, object: &Object, changes: Vec<Change>) -> Result<Vec<Working>> {
    let ids: Vec<Id> = changes.iter().filter_map(|change| change.id).collect();
    lock_roots(cx, tx, object, &changes, &ids)?;
    let mut loaded: BTreeMap<Id, Record> = BTreeMap::new();
    if !ids.is_empty() {
        for record in db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)? {
            loaded.insert(record.id, record);
        }
    }
    let writable = access::writable(cx, tx, object, &loaded.values().collect::<Vec<_>>())?;
    let mut work = Vec::with_capacity(changes.len());
    for mut change in changes {
        let before = change.id.and_then(|id| loaded.get(&id).cloned());
        stage_edit_is_a_move(object, before.as_ref(), &mut change);
        let error = match (&before, change.id) {
            (None, Some(_)) => Some(Error::NotFound),
            (Some(record), _) if change.if_version.is_some_and(|version| version != record.version) => {
                Some(Error::Conflict { record: Box::new(records::show_one(cx, tx, object, record)?) })
            }
            (Some(record), Some(id)) => {
                allowed(cx, &change).err().or_else(|| (!writable.contains(&id)).then(|| forbidden(&change, record)))
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
    let also_edits = matches!(change.deed, Deed::Move { .. } | Deed::Reopen { .. }) && !change.patch.is_empty();
    if also_edits { cx.must_be_allowed(model::role::Act::Edit, &change.object) } else { Ok(()) }
}

fn forbidden(change: &Change, record: &Record) -> Error {
    Error::Forbidden { act: change.act().key().to_owned(), object: record.object.clone() }
}

/// The root row is the mutex of its children: masters are locked with what is changed, all at once and in one order.
fn lock_roots(cx: &Ctx, tx: &mut Write, object: &Object, changes: &[Change], ids: &[Id]) -> Result<()> {
    let mut rows: Vec<(u16, &str, Vec<Id>)> = Vec::new();
    let master = object.master().and_then(|(field, master)| cx.meta.schema.object(master).map(|m| (field.key.clone(), m)));
    if let Some((field, master)) = &master {
        let mut masters: Vec<Id> = changes.iter().filter_map(|c| c.patch.get(field).and_then(|v| v.as_id())).collect();
        if !ids.is_empty() {
            // Read without a lock to learn the masters; read again under it.
            for line in db::records::load(tx, &cx.meta.schema, object, &cx.scope(), ids)? {
                masters.extend(line.reference(field));
            }
        }
        rows.push((master.rank, &master.key, masters));
    }
    if !ids.is_empty() {
        rows.push((object.rank, &object.key, ids.to_vec()));
    }
    rows.retain(|(_, _, ids)| !ids.is_empty());
    if !rows.is_empty() {
        tx.lock_rows(&rows)?;
    }
    Ok(())
}
