//! Which records a pool may take back from their owners, and when each is looked at next: one row for each, kept with every change of its owner.
//!
//! The instant that stands there is never too late: what moves the date (a follow-up, another stage) moves it on, so it is reckoned anew when it
//! has come. When a pool is made or changed, a row for the pool itself has its records looked through, in short steps.

use db::{Read, Write};
use model::pool::{Pool, earliest};
use model::{Id, Instant, Object, Record};
use sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement, Value as Sql};

use super::{find, log, named_in, of, settle};
use crate::{Ctx, Result, leads};

/// What is looked at where a pool itself is named.
pub(super) const POOL: &str = "pool";

/// What a change does to the watch over a record.
pub(crate) struct Turn {
    record: Id,
    /// The pool that may take it back; none: nobody watches any more.
    pool: Option<Id>,
    next_at: Instant,
    since: Instant,
    /// Its owner has it only from now on.
    anew: bool,
}

/// The pool that may take a record back as it stands: that from which its owner has it, else the one whose condition it meets.
pub(super) fn watching<'a>(cx: &'a Ctx, object: &'a Object, record: &Record) -> Option<&'a Pool> {
    let over = record.text("lifecycle_status") == model::objects::lifecycle::VOIDED
        || !record.get("closed_at").is_null()
        || !leads::is_open(object, record);
    if over || record.owner().is_none() {
        return None;
    }
    let from = named_in(record).and_then(|pool| find(&cx.meta, pool)).filter(|pool| pool.active);
    from.or_else(|| settle::taking(cx, object, record)).filter(|pool| !pool.reclaim.is_empty())
}

/// What a save does to it. Nothing where no pool of the object takes anything back.
pub(crate) fn turn(cx: &Ctx, object: &Object, before: Option<&Record>, after: &Record, at: Instant) -> Option<Turn> {
    if !object.ownerless || !of(cx, &object.key).any(|pool| !pool.reclaim.is_empty()) {
        return None;
    }
    let (was, is) = (before.and_then(|before| watching(cx, object, before)), watching(cx, object, after));
    let anew = before.is_none_or(|before| before.owner() != after.owner());
    if !anew && was.map(|pool| pool.id) == is.map(|pool| pool.id) {
        return None;
    }
    let next_at = is.map_or(at, |pool| first(pool, at));
    Some(Turn { record: after.id, pool: is.map(|pool| pool.id), next_at, since: at, anew })
}

fn first(pool: &Pool, since: Instant) -> Instant {
    pool.reclaim.iter().map(|rule| earliest(rule, since)).min().unwrap_or(since)
}

/// Writes down what the changes of a save come to.
pub(crate) fn write(tx: &mut Write, object: &Object, turns: &[Turn]) -> Result<()> {
    for turn in turns {
        match turn.pool {
            None => forget(tx, turn.record)?,
            Some(pool) => put(tx, turn.record, &object.key, pool, turn.since, turn.next_at, turn.anew)?,
        }
    }
    Ok(())
}

/// `anew`: what stood there before was of another owner.
fn put(tx: &mut Write, record: Id, object: &str, pool: Id, since: Instant, next_at: Instant, anew: bool) -> Result<()> {
    let mut again = OnConflict::column("record");
    again.update_columns(["pool", "next_at"]);
    if anew {
        again.update_columns(["since", "warned"]);
    }
    tx.execute(
        Query::insert()
            .into_table("pool_watch")
            .columns(["record", "object", "pool", "since", "next_at", "warned"])
            .values_panic([record.0.into(), object.into(), pool.0.into(), since.0.into(), next_at.0.into(), Sql::String(None).into()])
            .on_conflict(again),
    )?;
    Ok(())
}

pub(super) fn forget(tx: &mut Write, record: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("pool_watch").and_where(Expr::col("record").eq(record.0)))?;
    Ok(())
}

/// A pool has become another: what it watches is looked at at once, and so is what it may watch from now on.
pub(super) fn changed(cx: &Ctx, tx: &mut Write, pool: Id) -> Result<()> {
    let now = cx.at;
    tx.execute(Query::update().table("pool_watch").value("next_at", now.0).and_where(Expr::col("pool").eq(pool.0)))?;
    put(tx, pool, POOL, pool, now, now, true)
}

/// What is due by now, the earliest first.
pub(super) fn due(cx: &Ctx, limit: u64) -> SelectStatement {
    Query::select()
        .columns(["record", "object", "pool", "since", "next_at", "warned"])
        .from("pool_watch")
        .and_where(Expr::col("next_at").lte(cx.at.0))
        .order_by("next_at", sea_query::Order::Asc)
        .order_by("record", sea_query::Order::Asc)
        .limit(limit)
        .to_owned()
}

/// Moves a row on.
pub(super) fn move_on(tx: &mut Write, record: Id, next_at: Instant, warned: Option<&str>) -> Result<()> {
    tx.execute(
        Query::update()
            .table("pool_watch")
            .value("next_at", next_at.0)
            .value("warned", warned.map(str::to_owned))
            .and_where(Expr::col("record").eq(record.0)),
    )?;
    Ok(())
}

/// Looks at the next records of the pool's object; the row says how far it has come, and goes when all have been looked at.
pub(super) fn look_through(cx: &Ctx, tx: &mut Write, id: Id, after: Option<Id>) -> Result<()> {
    const MANY: u64 = 200;
    let object = find(&cx.meta, id).and_then(|pool| cx.meta.schema.object(&pool.object)).cloned();
    let Some(object) = object else { return forget(tx, id) };
    let ids = db::records::ids_after(tx, &object, after, MANY)?;
    let scope = db::records::Scope::All("what a pool may take back");
    for record in db::records::load(tx, &cx.meta.schema, &object, &scope, &ids)? {
        let watching = watching(cx, &object, &record).filter(|pool| pool.id == id);
        if watching.is_none() || is_watched(tx, record.id, id)? {
            continue;
        }
        let since = since(tx, &record)?;
        put(tx, record.id, &object.key, id, since, cx.at, false)?;
    }
    match ids.last().filter(|_| ids.len() as u64 == MANY) {
        Some(last) => move_on(tx, id, cx.at, Some(&last.to_string())),
        None => forget(tx, id),
    }
}

fn is_watched(tx: &mut Read, record: Id, pool: Id) -> Result<bool> {
    let select = Query::select()
        .column("record")
        .from("pool_watch")
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("pool").eq(pool.0))
        .to_owned();
    Ok(tx.optional(&select)?.is_some())
}

/// Since when its owner has it, as far as pools know; else since it was created.
fn since(tx: &mut Read, record: &Record) -> Result<Instant> {
    let given = match record.owner() {
        Some(owner) => log::given_at(tx, record.id, owner)?,
        None => None,
    };
    Ok(given.or_else(|| record.get("created_at").as_instant()).unwrap_or_default())
}
