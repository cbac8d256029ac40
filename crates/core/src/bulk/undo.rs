//! Taking a bulk act back.

use db::{Limits, Read, Write};
use model::{Id, Object, Violation};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Map, Value as Json, json};

use super::work::Waiting;
use super::{BulkAct, PATIENCE, note, show};
use crate::audit::{self, Note, Origin};
use crate::idempotency::{Key, job_once};
use crate::jobs::{self, Kind, New, Stage};
use crate::save::{Change, Deed};
use crate::{Credential, Ctx, Error, House, Result};

/// Undoes a bulk act: each record that still stands where the act left it goes back to where it was.
pub fn undo(house: &House, credential: &Credential, origin: impl Into<Origin>, id: Id) -> Result<Json> {
    undo_once(house, credential, origin, id, None)
}

/// As [`undo`], of a request that may come again.
pub fn undo_once(house: &House, credential: &Credential, origin: impl Into<Origin>, id: Id, key: Option<&Key>) -> Result<Json> {
    let origin = origin.into();
    let ask = |cx: &Ctx, tx: &mut Write| {
        let job = show::mine(cx, tx, id)?;
        let ended = matches!(job.stage, Stage::Done | Stage::Failed | Stage::Cancelled);
        if job.kind != Kind::Bulk || !ended || !show::is_undoable(&job) {
            return Err(Violation::new("bulk.cannot_be_undone", "").into());
        }
        let saved = Query::select()
            .columns(["record", "version", "revision"])
            .from("bulk_record")
            .and_where(Expr::col("job").eq(id.0))
            .and_where(Expr::col("outcome").eq("saved"))
            .order_by("number", Order::Desc)
            .to_owned();
        let rows: Vec<(Id, Option<(i64, i64)>)> =
            tx.all(&saved)?.iter().map(|row| Ok((row.get(0)?, Some((row.get(1)?, row.get(2)?))))).collect::<Result<_>>()?;
        // What waits for its approval is withdrawn, not taken back.
        if rows.is_empty() {
            return Err(Violation::new("bulk.cannot_be_undone", "").into());
        }
        let doc = json!({"of": id.to_string(), "act": job.doc["act"], "fields": job.doc["fields"], "origin": origin.through(cx.proof.token.as_deref()).to_json()});
        let object = job.object.clone().unwrap_or_default();
        let undoing = jobs::enqueue(cx, tx, New { doc, total: Some(rows.len() as i64), ..New::on(Kind::UndoBulk, &object, None) })?;
        note(tx, undoing, &rows)?;
        let told = Note::new("undo_bulk", "record").of(&object).subject(job.doc["act"].as_str().unwrap_or_default());
        audit::note(cx, tx, told.detail(json!({"job": undoing.to_string(), "of": id.to_string(), "records": rows.len()})))?;
        let mut doc = job.doc.clone();
        doc["undone_by"] = undoing.to_string().into();
        tx.execute(Query::update().table("job").value("doc", doc.to_string()).and_where(Expr::col("id").eq(id.0)))?;
        Ok(undoing)
    };
    let undoing = house.write(credential, Limits::default(), &origin, |cx, tx| job_once(cx, tx, key, |tx| ask(cx, tx)))?;
    jobs::run(house, undoing, PATIENCE)?;
    house.read(credential, Limits::default(), |cx, tx| show::one(cx, tx, undoing))
}

/// The change that takes one record back, told by what its history says of the act; refused where somebody has changed it since.
pub(super) fn back(tx: &mut Read, object: &Object, doc: &Json, one: &Waiting) -> Result<Change> {
    let revision = one.revision.unwrap_or_default();
    let entries = db::history::list(tx, &object.key, one.record, Some(revision + 1), 1)?;
    let act: BulkAct = serde_json::from_value(doc["act"].clone()).map_err(|e| Error::Internal(e.to_string()))?;
    let old = |field: &str| {
        let changes = entries.iter().filter(|entry| entry.revision == revision).flat_map(|entry| &entry.changes);
        changes.into_iter().find(|change| change.field == field).map(|change| change.old.clone())
    };
    let deed = match act {
        BulkAct::Edit => Deed::Edit,
        BulkAct::Void => Deed::Restore,
        BulkAct::Restore => Deed::Void,
        BulkAct::Lock => Deed::Unlock,
        BulkAct::Unlock => Deed::Lock,
        // What was assigned is somebody's; he hands it over. A visit to a stage is never taken back: going back is a move of its own.
        BulkAct::Delete | BulkAct::Assign | BulkAct::Claim | BulkAct::Return | BulkAct::MovePool | BulkAct::Move => {
            return Err(Violation::new("bulk.cannot_be_undone", "").into());
        }
        BulkAct::ChangeOwner => match old("owner").and_then(|owner| owner.as_id()) {
            Some(to) => Deed::ChangeOwner { to, keep_as: None },
            None => Deed::Edit,
        },
    };
    let mut change = Change::of(&object.key, one.record, deed);
    change.if_version = one.version;
    if act == BulkAct::Edit {
        let given = doc["fields"].as_object().into_iter().flat_map(Map::keys);
        change.patch = given.filter_map(|field| old(field).map(|value| (field.clone(), value))).collect();
    }
    Ok(change)
}
