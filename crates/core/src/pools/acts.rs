//! Acts on records that lie in pools, or go into them.

use db::Write;
use model::{Id, Object, Violation};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::records::answer;
use crate::save::{Change, Deed, save};
use crate::{Ctx, Error, Result};

/// `POST /records/{object}/{id}/claim`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/{object}/{id}/return`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Into which; the one from which it came, or that takes such records, when absent.
    #[serde(default)]
    pub pool: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/{object}/{id}/move-pool`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovePool {
    #[serde(default)]
    pub pool: Option<String>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// Takes a record that lies in a pool for oneself.
pub fn claim(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Claim) -> Result<Json> {
    turn(cx, tx, object, id, version, Deed::Claim, None, wanted.dry_run)
}

/// Gives a record up into a pool.
pub fn take_back(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Return) -> Result<Json> {
    let deed = deed_of(BulkPool::Return, wanted.pool.as_deref())?;
    turn(cx, tx, object, id, version, deed, wanted.reason.as_ref(), wanted.dry_run)
}

/// Puts a record that nobody has into another pool.
pub fn move_pool(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &MovePool) -> Result<Json> {
    let deed = deed_of(BulkPool::Move, wanted.pool.as_deref())?;
    turn(cx, tx, object, id, version, deed, wanted.reason.as_ref(), wanted.dry_run)
}

/// Acts that name a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkPool {
    Return,
    Move,
}

/// What is done, with the pool as it is typed.
pub(crate) fn deed_of(act: BulkPool, pool: Option<&str>) -> Result<Deed> {
    let unreadable = |_| Error::from(Violation::new("field.invalid", "pool").with("expected", "the id of a pool"));
    let pool: Option<Id> = pool.map(|pool| pool.parse().map_err(unreadable)).transpose()?;
    match (act, pool) {
        (BulkPool::Return, pool) => Ok(Deed::Return { pool }),
        (BulkPool::Move, Some(pool)) => Ok(Deed::MovePool { pool }),
        (BulkPool::Move, None) => Err(Violation::new("field.required", "pool").into()),
    }
}

/// The object, if its records may lie in pools.
pub(crate) fn with_pools(cx: &Ctx, object: &str) -> Result<Object> {
    Ok(cx.object(object)?.clone()).and_then(|object| if object.ownerless { Ok(object) } else { Err(Error::NotFound) })
}

#[allow(clippy::too_many_arguments)]
fn turn(
    cx: &Ctx,
    tx: &mut Write,
    object: &str,
    id: Id,
    version: Option<i64>,
    deed: Deed,
    reason: Option<&String>,
    dry_run: bool,
) -> Result<Json> {
    cx.only_asks(dry_run);
    let object = with_pools(cx, object)?;
    let mut change = Change::of(&object.key, id, deed);
    change.if_version = version;
    change.reason = reason.cloned();
    let saved = save(cx, tx, change)?;
    answer(cx, tx, &object, &saved, dry_run)
}
