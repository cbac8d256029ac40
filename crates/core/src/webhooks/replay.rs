//! Sending again.

use db::Write;
use model::{Id, Instant, Violation};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{deliveries, plan, store};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result};

/// Deliveries that one call sends again.
const MOST: u64 = 10_000;

/// `POST /webhooks/{id}/replay`: what happened from one instant to another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    pub from: String,
    pub until: String,
    /// Only those in this state; `delivered` and `failed` when absent.
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// Sends one delivery again, under its id; administrators only.
pub fn replay(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    cx.administrators_only("edit", "webhook")?;
    let webhook = deliveries::webhook_of(cx, tx, id)?;
    let hook = store::held(tx, webhook)?.ok_or(Error::NotFound)?;
    if !hook.active {
        return Err(Violation::new("webhook.off", "").into());
    }
    let select = Query::select().columns(["id", "record"]).from("webhook_delivery").and_where(Expr::col("id").eq(id.0)).to_owned();
    let row = tx.held(&select, "webhook_delivery")?.ok_or(Error::NotFound)?;
    again(cx, tx, webhook, &[(row.get(0)?, row.get(1)?)])?;
    audit::note(cx, tx, Note::new("replay", "webhook").subject(&hook.document.name).detail(json!({"delivery": id.to_string()})))?;
    deliveries::delivery(cx, tx, id)
}

/// Sends what happened in a span of time again, in the order of each record's revisions; administrators only.
pub fn replay_span(cx: &Ctx, tx: &mut Write, id: Id, wanted: &ReplayRequest) -> Result<Json> {
    cx.administrators_only("edit", "webhook")?;
    let hook = store::held(tx, id)?.filter(|hook| hook.is_known(cx)).ok_or(Error::NotFound)?;
    let instant = |text: &str, path: &'static str| {
        Instant::parse(text).ok_or_else(|| Violation::new("field.invalid", path).with("expected", "an instant, as 2026-11-23T15:48:00Z"))
    };
    let states: Vec<&str> = match wanted.state.as_deref() {
        None => vec!["delivered", "failed"],
        Some(state @ ("delivered" | "failed")) => vec![state],
        Some(other) => {
            return Err(Violation::new("field.not_an_option", "state")
                .with("value", other)
                .with("options", vec!["delivered", "failed"])
                .into());
        }
    };
    let (from, until) = match (instant(&wanted.from, "from"), instant(&wanted.until, "until")) {
        (Ok(from), Ok(until)) => (from, until),
        (from, until) => return Err([from.err(), until.err()].into_iter().flatten().collect::<Vec<_>>().into()),
    };
    if !hook.active {
        return Err(Violation::new("webhook.off", "").into());
    }
    let chosen = Query::select()
        .columns(["id", "record"])
        .from("webhook_delivery")
        .and_where(Expr::col("webhook").eq(id.0))
        .and_where(Expr::col("state").is_in(states))
        .and_where(Expr::col("at").between(from.0, until.0))
        .order_by("id", Order::Asc)
        .limit(MOST + 1)
        .to_owned();
    let rows = tx.all(&chosen)?;
    if rows.len() > MOST as usize {
        return Err(Violation::new("webhook.replay_too_many", "").with("max", MOST).into());
    }
    if !wanted.dry_run && !rows.is_empty() {
        let chosen = rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<Vec<(Id, Id)>>>()?;
        again(cx, tx, id, &chosen)?;
        let told = json!({"from": from.to_string(), "until": until.to_string(), "deliveries": rows.len()});
        audit::note(cx, tx, Note::new("replay", "webhook").subject(&hook.document.name).detail(told))?;
    }
    Ok(json!({"deliveries": rows.len(), "dry_run": wanted.dry_run}))
}

fn again(cx: &Ctx, tx: &mut Write, webhook: Id, chosen: &[(Id, Id)]) -> Result<()> {
    for chunk in chosen.chunks(200) {
        let update = Query::update()
            .table("webhook_delivery")
            .value("state", "waiting")
            .value("tries", 0_i64)
            .value("queued_at", cx.at.0)
            .value("ended_at", None::<i64>)
            .and_where(Expr::col("id").is_in(chunk.iter().map(|(id, _)| id.0)))
            .to_owned();
        tx.execute(&update)?;
    }
    let records: std::collections::BTreeSet<Id> = chosen.iter().map(|(_, record)| *record).collect();
    for record in records {
        plan::open_lane(cx, tx, webhook, record)?;
    }
    Ok(())
}
