//! Telling what is due.

use db::{Limits, Read, Row, Write};
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::Value as Json;

use super::{following, watching};
use crate::notices::{Kind, Notice, tell_all};
use crate::{Credential, Ctx, House, Result, approvals, pools};

/// Told in one transaction: about 20 ms of work, so that nobody waits (core rule 7).
const CHUNK: u64 = 100;
const TELLER: Credential = Credential::System("what is due");

/// Tells some of what is due; true when there may be more.
pub fn work(house: &House) -> Result<bool> {
    let taking_back = pools::reclaim::work(house)? | approvals::clock::work(house)?;
    // Asked without writing first: mostly nothing is due, and SQLite has one writer.
    let due = house.read(&TELLER, Limits::default(), |cx, tx| Ok(tx.optional(&due(cx, 1))?.is_some()))?;
    if !due {
        return Ok(taking_back);
    }
    Ok(house.write(&TELLER, Limits::default(), Via::System, some)? || taking_back)
}

/// By the clock of the database.
fn due(cx: &Ctx, limit: u64) -> SelectStatement {
    Query::select()
        .columns(["id", "kind", "object", "record", "nth", "person", "at", "every_seconds", "params"])
        .from("reminder")
        .and_where(Expr::col("at").lte(cx.at.0))
        .order_by("at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .to_owned()
}

/// Claims some, tells of them, and removes them or moves them on: one transaction, so each is told once. True when there may be more.
pub fn some(cx: &Ctx, tx: &mut Write) -> Result<bool> {
    let rows = tx.claim(&due(cx, CHUNK))?;
    let (mut watched, mut plain) = (Vec::new(), Vec::new());
    let mut more = rows.len() as u64 == CHUNK;
    for row in &rows {
        let to: Id = row.get("person")?;
        if row.get::<String>("kind")? == following::KIND {
            more |= following::follow(cx, tx, row)?;
        } else if to == Id::SYSTEM {
            watched.push(row);
        } else {
            plain.push(row);
        }
    }
    let mut notices = watching::tell(cx, tx, &watched)?;
    let mut gone = Vec::new();
    for row in plain {
        let (id, at, every): (Id, Instant, Option<i64>) = (row.get("id")?, row.get("at")?, row.get("every_seconds")?);
        notices.extend(notice(row, at)?);
        match every.filter(|seconds| *seconds > 0) {
            None => gone.push(id),
            Some(seconds) => {
                // What was missed while no server ran is told once and not as often as it was missed.
                let missed = cx.at.seconds_since(at) / seconds;
                let next = at.plus_seconds((missed + 1) * seconds);
                tx.execute(Query::update().table("reminder").value("at", next.0).and_where(Expr::col("id").eq(id.0)))?;
            }
        }
    }
    if !gone.is_empty() {
        tx.execute(Query::delete().from_table("reminder").and_where(Expr::col("id").is_in(gone.iter().map(|id| id.0))))?;
    }
    let notices = standing(cx, tx, notices)?;
    tell_all(cx, tx, notices)?;
    Ok(more)
}

/// Without next steps that something newer has overtaken.
fn standing(cx: &Ctx, tx: &mut Read, notices: Vec<Notice>) -> Result<Vec<Notice>> {
    let steps: Vec<Id> = notices.iter().filter(|notice| notice.kind == Kind::FollowUpDue).filter_map(|notice| notice.record).collect();
    let Some(object) = cx.meta.schema.object("activity").filter(|_| !steps.is_empty()) else { return Ok(notices) };
    let newest = db::records::newest(tx, &cx.meta.schema, object, ("regarding", "happened_at"), &steps)?;
    let overtaken = |notice: &Notice| notice.kind == Kind::FollowUpDue && !notice.record.is_some_and(|record| newest.contains(&record));
    Ok(notices.into_iter().filter(|notice| !overtaken(notice)).collect())
}

fn notice(row: &Row, at: Instant) -> Result<Option<Notice>> {
    let Some(kind) = Kind::of(&row.get::<String>("kind")?) else { return Ok(None) };
    let (object, record, nth): (String, Id, String) = (row.get("object")?, row.get("record")?, row.get("nth")?);
    let params: Json = serde_json::from_str(&row.get::<String>("params")?).unwrap_or_default();
    let key = format!("{record}.{nth}.{}", at.0);
    let notice = Notice::new(row.get("person")?, kind).with(params).once(key);
    // Whoever asked to join does not see the record, and is told all the same that nobody has answered.
    let unseen = kind == Kind::JoinExpired && !notice.params["manager"].is_string();
    Ok(Some(if unseen { notice } else { notice.about(&object, record) }))
}
