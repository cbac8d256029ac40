//! Pools as administrators see them, and as those do who are in them.

use db::Read;
use db::records::{Bin, Scope};
use model::Id;
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::pool::{FIELD, Pool};
use serde_json::{Value as Json, json};

use super::{administers, claims_today, find, is_in, may};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// The pools of an object, or of all, by name: every one for administrators, for others those that they are in.
pub fn list(cx: &Ctx, tx: &mut Read, object: Option<&str>) -> Result<Json> {
    let mut refs = Refs::default();
    let mut items = Vec::new();
    for pool in cx.meta.pools.iter().filter(|pool| object.is_none_or(|object| pool.object == object) && is_there(cx, pool)) {
        items.push(show(cx, tx, pool, &mut refs)?);
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One pool.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let pool = find(&cx.meta, id).filter(|pool| is_there(cx, pool)).ok_or(Error::NotFound)?.clone();
    whole(cx, tx, &pool)
}

/// A pool by itself, with the names of those whom it names.
pub(super) fn whole(cx: &Ctx, tx: &mut Read, pool: &Pool) -> Result<Json> {
    let mut refs = Refs::default();
    let mut shown = show(cx, tx, pool, &mut refs)?;
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// True for administrators, and for those who are in it and may read its records at all.
fn is_there(cx: &Ctx, pool: &Pool) -> bool {
    let gives_out =
        cx.who.rights.may(model::role::Act::Assign, &pool.object) || cx.who.rights.may(model::role::Act::MovePool, &pool.object);
    cx.is_administrator() || cx.object(&pool.object).is_ok() && (is_in(cx, pool.id) || administers(cx, pool.id) || gives_out)
}

fn show(cx: &Ctx, tx: &mut Read, pool: &Pool, refs: &mut Refs) -> Result<Json> {
    let mut shown = if cx.is_administrator() {
        let mut shown = json!(pool);
        shown["condition"] = json!(pool.condition);
        shown["claims_per_day"] = json!(pool.claims_per_day);
        shown["not_again_for_days"] = json!(pool.not_again_for_days);
        pool.members.iter().chain(&pool.administrators).for_each(|one| refs.note(one.kind.object(), one.id));
        shown
    } else {
        // Its members know what concerns them: not its condition, nor who else is in it.
        let known = |key: &&String| !crate::veil::hides(cx, &pool.object, key);
        json!({
            "id": pool.id.to_string(), "object": pool.object, "name": pool.name, "active": pool.active, "mode": pool.mode,
            "hidden": pool.hidden.iter().filter(known).collect::<Vec<_>>(), "claims_per_day": pool.claims_per_day,
            "not_again_for_days": pool.not_again_for_days, "version": pool.version,
        })
    };
    let can = may(cx, pool);
    shown["left_today"] = match pool.claims_per_day {
        Some(most) if can.contains(&"claim") => (i64::from(most) - claims_today(cx, tx, pool.id)?).max(0).into(),
        _ => Json::Null,
    };
    shown["can"] = json!(can);
    shown["records"] = records(cx, tx, pool)?;
    Ok(shown)
}

/// How many records lie in it, as far as the caller sees them.
fn records(cx: &Ctx, tx: &mut Read, pool: &Pool) -> Result<Json> {
    let Some(object) = cx.meta.schema.object(&pool.object).filter(|object| cx.object(&object.key).is_ok()) else { return Ok(Json::Null) };
    let test = |field: &str, kind: Kind, check: Check| {
        Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
    };
    let lies = Resolved::All(vec![
        test(FIELD, Kind::Key, Check::Equal(model::Value::Text(pool.id.to_string()))),
        test("owner", Kind::Ref, Check::Empty),
    ]);
    let scope: Scope<'_> = cx.scope();
    Ok(db::records::count(tx, &cx.meta.schema, object, &scope, Some(&lies), None, Bin::Out)?.into())
}
