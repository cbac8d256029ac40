//! E-mail on its way, for those who look after it.

use db::{Read, Write};
use model::{Id, Instant, Violation};
use sea_query::{Cond, Expr, ExprTrait, Order, Query, Value as Sql};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::outgoing::counts;
use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// The query of `GET /mail`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailRequest {
    /// `waiting`, `sent`, `failed`, `dropped`.
    pub state: Option<String>,
    pub cursor: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

const STATES: [&str; 4] = ["waiting", "sent", "failed", "dropped"];
const COLUMNS: [&str; 12] =
    ["id", "message_id", "person", "kind", "state", "attempts", "run_at", "address", "subject", "message", "created_at", "ended_at"];

/// E-mails, the newest first; administrators only. What they say is nobody's but their readers', save for the subject.
pub fn list(cx: &Ctx, tx: &mut Read, request: &MailRequest) -> Result<Json> {
    cx.administrators_only("read", "organisation")?;
    let limit = request.limit.unwrap_or(50).clamp(1, 200);
    let mut select = Query::select();
    select.columns(COLUMNS).from("mail");
    if let Some(state) = &request.state {
        if !STATES.contains(&state.as_str()) {
            return Err(Error::Malformed("state: waiting, sent, failed or dropped".into()));
        }
        select.and_where(Expr::col("state").eq(state.as_str()));
    }
    if let Some(text) = &request.cursor {
        let place = text.split_once('.').and_then(|(at, id)| Some((at.parse::<i64>().ok()?, id.parse::<Id>().ok()?)));
        let (at, id) = place.ok_or_else(|| Error::Malformed("cursor: not one of this list's".into()))?;
        let same = Cond::all().add(Expr::col("created_at").eq(at)).add(Expr::col("id").lt(id.0));
        select.and_where(Expr::col("created_at").lte(at));
        select.cond_where(Cond::any().add(Expr::col("created_at").lt(at)).add(same));
    }
    select.order_by("created_at", Order::Desc).order_by("id", Order::Desc).limit(u64::from(limit) + 1);
    let rows = tx.all(&select)?;
    let kept = &rows[..rows.len().min(limit as usize)];
    let mut refs = Refs::default();
    let items = kept.iter().map(|row| show(row, &mut refs)).collect::<Result<Vec<Json>>>()?;
    let next = match kept.last().filter(|_| rows.len() > kept.len()) {
        Some(last) => Some(format!("{}.{}", last.get::<i64>("created_at")?, last.get::<Id>("id")?)),
        None => None,
    };
    let (waiting, failed) = counts(tx)?;
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next, "counts": {"waiting": waiting, "failed": failed}}))
}

fn show(row: &db::Row, refs: &mut Refs) -> Result<Json> {
    let person: Id = row.get("person")?;
    refs.note("employee", person);
    let (run_at, created_at): (Instant, Instant) = (row.get("run_at")?, row.get("created_at")?);
    let ended_at: Option<Instant> = row.get("ended_at")?;
    let text = |column: &str| row.get::<Option<String>>(column);
    Ok(json!({
        "id": row.get::<Id>("id")?.to_string(), "message_id": text("message_id")?, "person": person.to_string(), "kind": text("kind")?,
        "state": text("state")?, "attempts": row.get::<i64>("attempts")?, "run_at": run_at.to_string(), "address": text("address")?,
        "subject": text("subject")?, "message": text("message")?, "created_at": created_at.to_string(),
        "ended_at": ended_at.map(|at| at.to_string()),
    }))
}

/// Tries one that failed again, from the beginning; administrators only.
pub fn retry(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    // Of one e-mail nobody else knows that there is it.
    if !cx.is_administrator() {
        return Err(Error::NotFound);
    }
    let one = || Query::select().columns(COLUMNS).from("mail").and_where(Expr::col("id").eq(id.0)).to_owned();
    let row = tx.optional(&one())?.ok_or(Error::NotFound)?;
    let update = Query::update()
        .table("mail")
        .value("state", "waiting")
        .value("attempts", 0_i64)
        .value("run_at", cx.at.0)
        .value("created_at", cx.at.0)
        .value("message", Sql::String(None))
        .value("ended_at", Sql::BigInt(None))
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("state").eq("failed"))
        .to_owned();
    if tx.execute(&update)? == 0 {
        return Err(Violation::new("mail.not_failed", "").into());
    }
    audit::note(cx, tx, Note::new("retry", "mail").subject(row.get::<Option<String>>("address")?.unwrap_or_default()))?;
    let row = tx.one(&one())?;
    let mut refs = Refs::default();
    let shown = show(&row, &mut refs)?;
    Ok(json!({"mail": shown, "refs": refs.names(cx, tx)?}))
}
