//! Webhooks as the API tells them; never a secret.

use db::Read;
use model::Id;
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};

use super::store::{self, Hook};
use crate::records::Refs;
use crate::{Ctx, Result};

/// How far deliveries are counted.
pub(super) const COUNTED: u64 = 10_000;

/// All webhooks, by name; administrators only.
pub fn list(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "webhook")?;
    let mut refs = Refs::default();
    let mut items = Vec::new();
    for hook in store::all(tx)?.iter().filter(|hook| hook.is_known(cx)) {
        items.push(show(cx, tx, hook, &mut refs)?);
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// One webhook; administrators only.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "webhook")?;
    let hook = store::known(cx, tx, id)?;
    saved(cx, tx, &hook)
}

/// A webhook by itself, with the names of those in it.
pub(super) fn saved(cx: &Ctx, tx: &mut Read, hook: &Hook) -> Result<Json> {
    let mut refs = Refs::default();
    let mut shown = show(cx, tx, hook, &mut refs)?;
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn show(cx: &Ctx, tx: &mut Read, hook: &Hook, refs: &mut Refs) -> Result<Json> {
    refs.note("employee", hook.eyes);
    refs.note("employee", hook.created_by);
    let mut shown = json!(hook.document);
    for one in shown["subscriptions"].as_array_mut().into_iter().flatten() {
        let condition = one["condition"].take();
        one["condition"] = condition;
    }
    let (paused_at, paused_why) = hook.paused.clone().unzip();
    let former = hook.former.as_ref().map(|(_, until)| *until).filter(|until| *until > cx.at);
    shown["id"] = hook.id.to_string().into();
    shown["version"] = hook.version.into();
    shown["active"] = hook.active.into();
    shown["eyes"] = hook.eyes.to_string().into();
    shown["state"] = state(hook).into();
    shown["failing_since"] = hook.failing_since.map(|at| at.to_string()).into();
    shown["failures"] = hook.failures.into();
    shown["succeeded_at"] = hook.succeeded_at.map(|at| at.to_string()).into();
    shown["paused_at"] = paused_at.map(|at| at.to_string()).into();
    shown["paused_why"] = paused_why.into();
    shown["gap_until"] = hook.gap_until.map(|at| at.to_string()).into();
    shown["former_secret_until"] = former.map(|at| at.to_string()).into();
    shown["waiting"] = count(tx, hook.id, "waiting")?.into();
    shown["failed"] = count(tx, hook.id, "failed")?.into();
    shown["created_at"] = hook.created_at.to_string().into();
    shown["created_by"] = hook.created_by.to_string().into();
    shown["updated_at"] = hook.updated_at.to_string().into();
    Ok(shown)
}

/// In one word. A receiver that stumbles once is not failing yet.
fn state(hook: &Hook) -> &'static str {
    match &hook.paused {
        Some((_, why)) if why == store::paused::GONE => "gone",
        _ if !hook.active => "off",
        Some(_) => "paused",
        None if hook.failing_since.is_some() => "failing",
        None if hook.succeeded_at.is_none() => "new",
        None => "healthy",
    }
}

/// Deliveries in a state, counted no further than [`COUNTED`].
pub(super) fn count(tx: &mut Read, webhook: Id, state: &str) -> Result<i64> {
    let some = Query::select()
        .column("id")
        .from("webhook_delivery")
        .and_where(Expr::col("webhook").eq(webhook.0))
        .and_where(Expr::col("state").eq(state))
        .limit(COUNTED)
        .to_owned();
    Ok(tx.one(Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(some, "some"))?.get(0)?)
}
