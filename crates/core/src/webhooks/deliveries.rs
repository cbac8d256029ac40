//! What was sent, what came of it, and what waits.

use db::{Read, Row};
use model::{Id, Instant, Violation};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::store;
use crate::records::Refs;
use crate::{Ctx, Error, Result};

const STATES: [&str; 3] = ["waiting", "delivered", "failed"];
const COLUMNS: [&str; 13] =
    ["id", "webhook", "object", "record", "revision", "act", "kind", "at", "created_at", "state", "attempts", "ended_at", "queued_at"];
/// Deliveries of a page.
const PAGE: u64 = 50;

/// The query of `GET /webhooks/{id}/deliveries`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveriesRequest {
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub record: Option<String>,
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Deliveries of a webhook, the newest first; administrators only.
pub fn deliveries(cx: &Ctx, tx: &mut Read, id: Id, request: &DeliveriesRequest) -> Result<Json> {
    cx.administrators_only("read", "webhook")?;
    store::known(cx, tx, id)?;
    let mut select = select();
    select.and_where(Expr::col("webhook").eq(id.0));
    if let Some(state) = request.state.as_deref() {
        if !STATES.contains(&state) {
            return Err(Violation::new("field.not_an_option", "state").with("value", state).with("options", STATES.to_vec()).into());
        }
        select.and_where(Expr::col("state").eq(state));
    }
    if let Some(record) = request.record.as_deref() {
        let record: Id = record.parse().map_err(|_| Error::Malformed("record: an id".into()))?;
        select.and_where(Expr::col("record").eq(record.0));
    }
    if let Some(cursor) = &request.cursor {
        let place = cursor.split_once('.').and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id.parse::<Id>().ok()?)));
        let (at, id) = place.ok_or_else(|| Error::Malformed("cursor: not one of this list's".into()))?;
        select.and_where(Expr::tuple([Expr::col("created_at"), Expr::col("id")]).lt(Expr::tuple([Expr::val(at), Expr::val(id.0)])));
    }
    select.order_by("created_at", Order::Desc).order_by("id", Order::Desc).limit(PAGE);
    let rows = tx.all(&select)?;
    let mut refs = Refs::default();
    let items = rows.iter().map(|row| show(row, &mut refs)).collect::<Result<Vec<Json>>>()?;
    let next = match rows.last().filter(|_| rows.len() == PAGE as usize) {
        Some(row) => Some(format!("{}.{}", row.get::<i64>("created_at")?, row.get::<Id>("id")?)),
        None => None,
    };
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}

/// One delivery with its attempts; administrators only.
pub fn delivery(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    cx.administrators_only("read", "webhook")?;
    let webhook = webhook_of(cx, tx, id)?;
    let row = tx.optional(select().column("body").and_where(Expr::col("id").eq(id.0)))?.ok_or(Error::NotFound)?;
    let mut refs = Refs::default();
    let mut shown = show(&row, &mut refs)?;
    let hook = store::known(cx, tx, webhook)?;
    // What was sent is what one person may see; another may not.
    let own = hook.eyes == cx.who.id || row.get::<String>("object")?.is_empty() || sees_all(cx, &row.get::<String>("object")?);
    let body: String = row.get("body")?;
    shown["body"] = if own { body.into() } else { Json::Null };
    let attempts = Query::select()
        .columns(["nth", "at", "took_ms", "status", "error", "request", "answer"])
        .from("webhook_attempt")
        .and_where(Expr::col("delivery").eq(id.0))
        .order_by("nth", Order::Asc)
        .limit(200)
        .to_owned();
    let attempts = tx.all(&attempts)?.iter().map(attempt).collect::<Result<Vec<Json>>>()?;
    shown["attempt_list"] = attempts.into();
    shown["due_at"] = due(tx, webhook, row.get("record")?)?.filter(|_| shown["state"] == "waiting").map(|at| at.to_string()).into();
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

/// No field of the object is hidden from the caller, and he sees every record.
fn sees_all(cx: &Ctx, object: &str) -> bool {
    let Ok(of) = cx.object(object) else { return false };
    cx.who.viewer.sees_all && of.fields.iter().all(|field| cx.who.rights.field(object, field) > model::role::FieldAccess::Hidden)
}

fn due(tx: &mut Read, webhook: Id, record: Id) -> Result<Option<Instant>> {
    let select = Query::select()
        .column("due_at")
        .from("webhook_lane")
        .and_where(Expr::col("webhook").eq(webhook.0))
        .and_where(Expr::col("record").eq(record.0))
        .to_owned();
    Ok(tx.optional(&select)?.map(|row| row.get(0)).transpose()?)
}

fn attempt(row: &Row) -> Result<Json> {
    let request: Json = serde_json::from_str(&row.get::<String>("request")?).unwrap_or_default();
    let error: Option<String> = row.get("error")?;
    let (code, detail) = match error.as_deref().map(|error| error.split_once(": ").unwrap_or((error, ""))) {
        Some((code, detail)) => (Some(code), Some(detail).filter(|detail| !detail.is_empty())),
        None => (None, None),
    };
    Ok(json!({
        "number": row.get::<i64>("nth")?, "at": row.get::<Instant>("at")?.to_string(), "took_ms": row.get::<i64>("took_ms")?,
        "status": row.get::<Option<i64>>("status")?, "error": code, "detail": detail, "request": request,
        "answer": row.get::<Option<String>>("answer")?,
    }))
}

/// The webhook of a delivery, which the caller must know.
pub(super) fn webhook_of(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Id> {
    let select = Query::select().column("webhook").from("webhook_delivery").and_where(Expr::col("id").eq(id.0)).to_owned();
    let webhook: Id = tx.optional(&select)?.ok_or(Error::NotFound)?.get(0)?;
    store::known(cx, tx, webhook).map(|hook| hook.id)
}

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from("webhook_delivery").to_owned()
}

fn show(row: &Row, refs: &mut Refs) -> Result<Json> {
    let object: String = row.get("object")?;
    let record: Id = row.get("record")?;
    let about = !object.is_empty();
    if about {
        refs.note(&object, record);
    }
    let id: Id = row.get("id")?;
    Ok(json!({
        "id": id.to_string(), "message": format!("msg_{id}"), "webhook": row.get::<Id>("webhook")?.to_string(),
        "object": about.then_some(object), "record": about.then(|| record.to_string()),
        "revision": about.then_some(row.get::<i64>("revision")?), "act": row.get::<String>("act")?, "type": row.get::<String>("kind")?,
        "at": row.get::<Instant>("at")?.to_string(), "created_at": row.get::<Instant>("created_at")?.to_string(),
        "state": row.get::<String>("state")?, "attempts": row.get::<i64>("attempts")?,
        "ended_at": row.get::<Option<Instant>>("ended_at")?.map(|at| at.to_string()),
    }))
}
