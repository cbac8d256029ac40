//! Making, changing and removing a pool; administrators only.

use db::{Read, Write};
use model::pool::{FIELD, Pool};
use model::{Id, Value, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde_json::Value as Json;

use super::document::{self, Wanted};
use super::{show, watch};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Meta, Result, approvals, meta};

/// Saves a pool, a new one without `id`. `seen` is the version that the caller worked on.
pub fn save(cx: &Ctx, tx: &mut Write, id: Option<Id>, seen: Option<i64>, wanted: &Wanted) -> Result<Json> {
    let act = if id.is_some() { "edit" } else { "create" };
    cx.administrators_only(act, "pool")?;
    // Whoever writes a record meanwhile has ended, or waits and goes by the pool as it is then.
    let (_, before_it) = meta::publish(cx, tx)?;
    let before = id.map(|id| present(cx, tx, &before_it, id, seen)).transpose()?;
    let version = before.as_ref().map_or(1, |pool| pool.version + 1);
    let pool = document::read(cx, tx, &before_it, wanted, id.unwrap_or_else(|| cx.new_id()), version)?;
    if before.as_ref().is_some_and(|before| before.object != pool.object) {
        return Err(Violation::new("field.fixed", "object").into());
    }
    tx.execute(
        Query::insert()
            .into_table("pool")
            .columns(["id", "object", "version", "doc"])
            .values_panic([pool.id.0.into(), pool.object.as_str().into(), pool.version.into(), meta::text(&pool)?.into()])
            .on_conflict(OnConflict::column("id").update_columns(["version", "doc"]).to_owned()),
    )?;
    watch::changed(cx, tx, pool.id)?;
    audit::note(cx, tx, Note::new(act, "pool").of(&pool.object).subject(&pool.name).changed(&before, &pool))?;
    show::whole(cx, tx, &pool)
}

/// Removes a pool in which nothing lies and from which nobody has anything.
pub fn delete(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("delete", "pool")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let pool = present(cx, tx, &meta, id, seen)?;
    if let Some(object) = meta.schema.object(&pool.object)
        && db::records::holds_value(tx, object, FIELD, &Value::Text(id.to_string()))?
    {
        return Err(Violation::new("pool.in_use", "").with("pool", pool.name.as_str()).into());
    }
    let flows = approvals::uses::in_use(&meta, tx)?;
    if let Some(flow) = approvals::uses::of_pool(&flows, id).next() {
        return Err(Violation::new("approval.names_it", "")
            .with("flow", flow.name.as_str())
            .with("link", approvals::uses::link(&meta, flow))
            .into());
    }
    watch::forget(tx, id)?;
    tx.execute(Query::delete().from_table("pool").and_where(Expr::col("id").eq(id.0)))?;
    audit::note(cx, tx, Note::new("delete", "pool").of(&pool.object).subject(&pool.name).changed(&Some(&pool), &None::<Pool>))
}

/// The pool as it stands now. Errors: not there; another version than the one seen.
fn present(cx: &Ctx, tx: &mut Read, meta: &Meta, id: Id, seen: Option<i64>) -> Result<Pool> {
    let pool = super::find(meta, id).cloned().ok_or(Error::NotFound)?;
    match seen {
        Some(version) if version != pool.version => Err(Error::Conflict { record: Box::new(show::whole(cx, tx, &pool)?) }),
        _ => Ok(pool),
    }
}
