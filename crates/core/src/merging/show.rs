//! Merges as they are told: to those who see the records.

use db::outbox::Event;
use db::{Read, Write};
use model::role::{Act, FieldAccess};
use model::{Id, Instant, Object};
use serde_json::{Value as Json, json};

use super::kept::{self, Stored};
use crate::records::{self, Refs};
use crate::sight::Sight;
use crate::{Ctx, Error, Result};

/// One merge, for those who see the winner or a loser.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let merge = kept::load(tx, id)?;
    let object = cx.object(&merge.object)?.clone();
    let ids: Vec<Id> = std::iter::once(merge.winner).chain(merge.kept.losers.iter().map(|loser| loser.id)).collect();
    if db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &ids)?.is_empty() {
        return Err(Error::NotFound);
    }
    let mut refs = Refs::default();
    let mut shown = show(cx, &object, &merge, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// The merges in which a record took part, newest first.
pub fn of_record(cx: &Ctx, tx: &mut Read, object: &str, id: Id) -> Result<Json> {
    let object = cx.object(object)?.clone();
    records::load(cx, tx, &object, id)?;
    let mut refs = Refs::default();
    let items: Vec<Json> = kept::of(tx, id)?.iter().map(|merge| show(cx, &object, merge, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": null}))
}

/// What a request for a merge that was done already is told: the last one that the record has won.
pub fn again(cx: &Ctx, tx: &mut Read, object: &str, id: Id) -> Result<Json> {
    let last = kept::of(tx, id)?.into_iter().find(|merge| merge.winner == id).ok_or(Error::NotFound)?;
    let record = match records::read(cx, tx, object, id) {
        Ok(record) => record,
        Err(Error::NotFound) => Json::Null,
        Err(other) => return Err(other),
    };
    Ok(json!({
        "result": "merged", "merge": last.id.to_string(), "record": record, "moved": last.kept.counts(), "choices": [],
        "undo_until": last.undo_until.to_string(), "dry_run": false,
    }))
}

fn show(cx: &Ctx, object: &Object, merge: &Stored, refs: &mut Refs) -> Json {
    let losers: Vec<String> = merge.kept.losers.iter().map(|loser| loser.id.to_string()).collect();
    merge.kept.losers.iter().for_each(|loser| refs.note(&object.key, loser.id));
    refs.note(&object.key, merge.winner);
    [Some(merge.by), merge.undone_by].into_iter().flatten().for_each(|by| refs.note("employee", by));
    let known = |key: &str| object.field(key).is_some_and(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let taken: serde_json::Map<String, Json> = merge
        .kept
        .taken
        .iter()
        .filter(|taken| known(&taken.field))
        .map(|taken| (taken.field.clone(), taken.from.to_string().into()))
        .collect();
    // Of what the caller may not know even the number is none of his.
    let mut moved = merge.kept.counts();
    moved.retain(|key, _| cx.meta.schema.object(key).is_none() || cx.object(key).is_ok());
    let open = merge.undone_at.is_none() && cx.at <= merge.undo_until && cx.who.rights.may(Act::Merge, &object.key);
    json!({
        "id": merge.id.to_string(), "object": merge.object, "winner": merge.winner.to_string(), "losers": losers, "at": merge.at.to_string(),
        "by": merge.by.to_string(), "reason": merge.kept.reason, "fields": taken, "moved": moved, "undo_until": merge.undo_until.to_string(),
        "undone_at": merge.undone_at.map(|at| at.to_string()), "undone_by": merge.undone_by.map(|by| by.to_string()),
        "can": if open { vec!["undo"] } else { Vec::new() },
    })
}

/// Where a record in the recycle bin leads: the record that it has become one with, by its name where the caller sees it.
pub(crate) fn led_to(cx: &Ctx, tx: &mut Read, object: &Object, id: Id) -> Result<Option<Json>> {
    if !super::concerns(object) {
        return Ok(None);
    }
    let Some((merge, winner)) = kept::lost(tx, id)? else { return Ok(None) };
    let named = records::names_of(cx, tx, object, &[winner])?.into_iter().next();
    let (id, name) = named.map_or((None, None), |(id, name)| (Some(id.to_string()), Some(name)));
    Ok(Some(json!({"object": object.key, "id": id, "name": name, "merge": merge.to_string()})))
}

/// What a record's timeline tells of a merge.
pub(crate) struct Happened {
    pub merge: Id,
    pub at: Instant,
    pub by: Id,
    pub object: String,
    pub winner: Id,
    pub losers: Vec<Id>,
    pub undone: bool,
    pub reason: Option<String>,
}

/// Merges of a record and the undoing of them, newest first.
pub(crate) fn happened(tx: &mut Read, record: Id) -> Result<Vec<Happened>> {
    let mut found = Vec::new();
    for merge in kept::of(tx, record)? {
        let told = |at, by, undone, reason| Happened {
            merge: merge.id,
            at,
            by,
            object: merge.object.clone(),
            winner: merge.winner,
            losers: merge.kept.losers.iter().map(|loser| loser.id).collect(),
            undone,
            reason,
        };
        found.push(told(merge.at, merge.by, false, merge.kept.reason.clone()));
        if let (Some(at), Some(by)) = (merge.undone_at, merge.undone_by) {
            found.push(told(at, by, true, None));
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse((one.at, one.merge)));
    Ok(found)
}

/// Tells whoever looks at the winner that there is more to see.
pub(super) fn announce(cx: &Ctx, tx: &mut Write, object: &Object, winner: Id) -> Result<()> {
    let Some(record) = super::any(cx, tx, object, &[winner])?.into_iter().next() else { return Ok(()) };
    let sight = Sight::of(cx, tx, object, std::iter::once((Some(&record), &record)))?;
    let eyes = sight.present(&record);
    let event = Event {
        object: object.key.clone(),
        record: winner,
        revision: record.revision,
        act: Act::Merge.key().to_owned(),
        at: cx.at,
        by: cx.who.id,
        columns: vec!["merge".to_owned()],
        before: eyes.clone(),
        after: eyes,
    };
    Ok(db::outbox::insert(tx, &[event])?)
}
