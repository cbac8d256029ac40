//! Opening a task again, and giving it to somebody else.

use db::records::Scope;
use db::{Read, Write};
use model::process::{Task, TaskState};
use model::{Id, Object, Violation};
use serde::Deserialize;
use serde_json::Value as Json;

use super::complete::{answer, as_seen, free, not_allowed, note};
use super::may::May;
use super::store::{self, Kept};
use super::{log, settle, show};
use crate::{Ctx, Error, Result, identity, records};

/// `POST /stage-tasks/{id}/reopen`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenTask {
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /stage-tasks/{id}/reassign`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    pub assignee: String,
    #[serde(default)]
    pub dry_run: bool,
}

/// A task whose deal is locked, and what the caller may do with it.
fn locked(cx: &Ctx, tx: &mut Write, id: Id, act: &str) -> Result<(Object, model::Record, Kept, May)> {
    let kept = store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?;
    let (object, deal) = show::deal(cx, tx, kept.task.opportunity)?;
    tx.lock_rows(&[(object.rank, &object.key, vec![deal.id])])?;
    cx.attempts(act, &object.key, Some((deal.id, deal.text("name"))));
    let (deal, kept) = (records::load(cx, tx, &object, deal.id)?, store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?);
    let may = May::of(cx, tx, &object, &deal)?;
    Ok((object, deal, kept, may))
}

/// Opens a task again that was done: it stands in the way again where it is needed.
pub fn reopen(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &ReopenTask) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let (object, deal, kept, may) = locked(cx, tx, id, "reopen_task")?;
    if !may.edits && !may.has(&kept) {
        return Err(not_allowed("reopen_task"));
    }
    as_seen(cx, tx, (&object, &deal), &kept, version)?;
    free(cx, tx, &object, &deal)?;
    let all: Vec<Task> = store::load(tx, &[deal.id])?.remove(&deal.id).unwrap_or_default();
    if !may.reopens(&kept, &deal) || !show::counts(&kept, &all) {
        return Err(Violation::new("task.not_reopenable", "")
            .with("task", kept.task.name.as_str())
            .with("state", kept.task.state.key())
            .into());
    }
    let mut after = kept.clone();
    after.task.state = TaskState::Open;
    (after.done_at, after.done_by, after.note) = (None, None, None);
    after.version += 1;
    settle::settle(cx, tx, (&object, &deal), &kept, &after, Some((log::Event::Reopened, note(wanted.reason.as_deref())?)))?;
    answer(cx, tx, &object, &after, wanted.dry_run)
}

/// Gives an open task to somebody else. He sees the deal for it, so either he does already, or whoever gives it may edit the deal.
pub fn reassign(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Reassign) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let (object, deal, kept, may) = locked(cx, tx, id, "reassign")?;
    if !may.edits && !may.has(&kept) {
        return Err(not_allowed("reassign"));
    }
    as_seen(cx, tx, (&object, &deal), &kept, version)?;
    free(cx, tx, &object, &deal)?;
    if !may.reassigns(&kept) {
        return Err(Violation::new("task.not_open", "").with("task", kept.task.name.as_str()).with("state", kept.task.state.key()).into());
    }
    let to: Id = wanted.assignee.parse().map_err(|_| Error::invalid("field.invalid", "assignee"))?;
    let employee = cx.object("employee")?.clone();
    let person = db::records::load(tx, &cx.meta.schema, &employee, &cx.scope(), &[to])?.pop();
    let person = person.ok_or_else(|| Error::invalid("field.reference_not_found", "assignee"))?;
    if !identity::is_active(&person) {
        return Err(Error::invalid("task.assignee_not_active", "assignee"));
    }
    if !may.edits && !sees(cx, tx, &object, deal.id, &person)? {
        return Err(Error::invalid("task.assignee_not_seeing", "assignee"));
    }
    let mut after = kept.clone();
    after.task.assignee = Some(to);
    // Chosen by hand: it stays his when the deal changes hands.
    after.party = None;
    after.version += 1;
    settle::settle(cx, tx, (&object, &deal), &kept, &after, Some((log::Event::Reassigned, None)))?;
    answer(cx, tx, &object, &after, wanted.dry_run)
}

fn sees(cx: &Ctx, tx: &mut Read, object: &Object, deal: Id, person: &model::Record) -> Result<bool> {
    let who = identity::who_of(tx, &cx.meta, person)?;
    Ok(!db::records::names(tx, &cx.meta.schema, object, &Scope::Of(&who.viewer), &[deal])?.is_empty())
}
