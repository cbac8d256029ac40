//! Acts that every object has: change owner, void, restore, lock, unlock.

use db::Write;
use model::Id;
use model::objects::task;
use serde::Deserialize;
use serde_json::Value as Json;

use super::edit::{Update, answer, update};
use crate::save::{Change, Deed, save};
use crate::{Ctx, Error, Result, approvals};

/// `POST …/change-owner`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOwner {
    pub owner: String,
    /// `read` or `read_write`: the former owner stays in the team.
    #[serde(default)]
    pub keep_as: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may; with a reason.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST …/void`, `…/restore`, `…/lock`, `…/unlock`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    #[serde(default)]
    pub reason: Option<String>,
    /// Leaves the approval out that would catch it, where one may; with a reason.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST …/submit`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// Of an approval that ended as failed: what it asked for is asked for again.
    #[serde(default)]
    pub approval: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// Submits again what was set aside, judged as if it were new; or what was agreed to and could not be done.
pub fn submit(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Submit) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let mut change = match &wanted.approval {
        None => Change::of(&object.key, id, Deed::Submit),
        Some(approval) => {
            super::load(cx, tx, &object, id)?;
            let approval: Id = approval.parse().map_err(|_| Error::invalid("field.invalid", "approval"))?;
            approvals::again(cx, tx, &object, id, approval)?
        }
    }
    .skipping(wanted.skip_approval);
    change.if_version = version;
    change.reason = wanted.reason.clone().or(change.reason);
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, wanted.dry_run)
}

/// Gives a record to somebody else.
pub fn change_owner(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &ChangeOwner) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    super::load(cx, tx, &object, id)?;
    if !object.owned {
        return Err(Error::NotFound);
    }
    let to: Id = wanted.owner.parse().map_err(|_| Error::invalid("field.invalid", "owner"))?;
    if let Some(level) = &wanted.keep_as {
        super::team::check_level(level, "keep_as")?;
    }
    let mut change = Change::of(&object.key, id, Deed::ChangeOwner { to, keep_as: wanted.keep_as.clone() }).skipping(wanted.skip_approval);
    change.if_version = version;
    change.reason.clone_from(&wanted.reason);
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, wanted.dry_run)
}

/// Puts a record into the recycle bin: read-only, and out of every count.
pub fn void(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    turn(cx, tx, object, id, version, wanted, Deed::Void)
}

/// Takes a record out of the recycle bin.
pub fn restore(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    turn(cx, tx, object, id, version, wanted, Deed::Restore)
}

/// Locks a record: nobody changes it, nor what lives in it, but those who may unlock.
pub fn lock(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    turn(cx, tx, object, id, version, wanted, Deed::Lock)
}

/// Takes the lock off.
pub fn unlock(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    turn(cx, tx, object, id, version, wanted, Deed::Unlock)
}

/// Says that a task is done.
pub fn complete_task(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    turn_task(cx, tx, id, version, wanted, task::DONE)
}

/// Opens a task again.
pub fn reopen_task(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    turn_task(cx, tx, id, version, wanted, task::OPEN)
}

/// An edit like any other, judged as one.
fn turn_task(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Reason, status: &str) -> Result<Json> {
    let fields = serde_json::Map::from_iter([("task_status".to_owned(), status.into())]);
    let edit = Update { fields, reason: wanted.reason.clone(), dry_run: wanted.dry_run, ..Update::default() };
    update(cx, tx, task::KEY, id, version, &edit)
}

fn turn(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Reason, deed: Deed) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let mut change = Change::of(&object.key, id, deed).skipping(wanted.skip_approval);
    change.if_version = version;
    change.reason.clone_from(&wanted.reason);
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, wanted.dry_run)
}
