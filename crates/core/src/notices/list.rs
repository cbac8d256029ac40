//! A person's notices: the newest first, how many are unread, and marking them.

use db::{Read, Row, Write};
use model::{Id, Instant};
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::store;
use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// The query of `GET /notifications`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticesRequest {
    /// Only those that are unread.
    #[serde(default)]
    pub unread: bool,
    pub cursor: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

/// `POST /notifications/read` and `/unread`: which.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    #[serde(default)]
    pub ids: Vec<String>,
    #[serde(default)]
    pub all: bool,
    /// With `all`: those told up to then, so that what has come meanwhile stays unread.
    pub until: Option<Instant>,
}

const COLUMNS: [&str; 10] = ["id", "kind", "object", "record", "params", "count", "at", "by_id", "on_behalf_of", "read_at"];
/// Most that are marked by their ids at once.
const MOST: usize = 500;

/// The caller's notices, newest first, as far as he sees what they are about.
pub fn list(cx: &Ctx, tx: &mut Read, request: &NoticesRequest) -> Result<Json> {
    let limit = request.limit.unwrap_or(50).clamp(1, 200);
    let mut select = shown(cx, tx)?;
    select.columns(COLUMNS.map(|column| ("notice", column)));
    if request.unread {
        select.and_where(Expr::col(("notice", "read_at")).is_null());
    }
    if let Some(text) = &request.cursor {
        let (at, id) = place(text).ok_or_else(|| Error::Malformed("cursor: not one of this list's".into()))?;
        let same = Cond::all().add(Expr::col(("notice", "at")).eq(at)).add(Expr::col(("notice", "id")).lt(id.0));
        // The first bound alone lets the index begin there.
        select.and_where(Expr::col(("notice", "at")).lte(at));
        select.cond_where(Cond::any().add(Expr::col(("notice", "at")).lt(at)).add(same));
    }
    select.order_by(("notice", "at"), Order::Desc).order_by(("notice", "id"), Order::Desc).limit(u64::from(limit) + 1);
    let rows = tx.all_once(&select)?;
    let mut refs = Refs::default();
    let kept = &rows[..rows.len().min(limit as usize)];
    let items = kept.iter().map(|row| show(row, &mut refs)).collect::<Result<Vec<Json>>>()?;
    let next = match kept.last().filter(|_| rows.len() > kept.len()) {
        Some(last) => Some(format!("{}.{}", last.get::<i64>("at")?, last.get::<Id>("id")?)),
        None => None,
    };
    let unread = count(cx, tx)?;
    Ok(json!({"items": items, "unread": unread, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}

/// What the caller's streams say: how many are unread, and the notice that has come, where he sees what it is about.
pub fn news(cx: &Ctx, tx: &mut Read, notice: Option<Id>) -> Result<Json> {
    let mut refs = Refs::default();
    let mut items = Vec::new();
    if let Some(notice) = notice {
        let mut select = shown(cx, tx)?;
        select.columns(COLUMNS.map(|column| ("notice", column))).and_where(Expr::col(("notice", "id")).eq(notice.0));
        items = tx.all_once(&select)?.iter().map(|row| show(row, &mut refs)).collect::<Result<Vec<Json>>>()?;
    }
    Ok(json!({"items": items, "unread": count(cx, tx)?, "refs": refs.names(cx, tx)?}))
}

/// How many are unread.
pub fn unread(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    Ok(json!({"unread": count(cx, tx)?}))
}

fn count(cx: &Ctx, tx: &mut Read) -> Result<i64> {
    let mut select = shown(cx, tx)?;
    select.expr(Expr::cust("COUNT(1)")).and_where(Expr::col(("notice", "read_at")).is_null());
    let row = tx.all_once(&select)?.into_iter().next().ok_or_else(|| Error::Internal("a count without a row".into()))?;
    Ok(row.get(0)?)
}

/// Marks notices as read, or as unread again.
pub fn read(cx: &Ctx, tx: &mut Write, mark: &Mark, is_read: bool) -> Result<Json> {
    let ids = mark.ids.iter().map(|id| id.parse::<Id>().map_err(|_| Error::NotFound)).collect::<Result<Vec<Id>>>()?;
    if ids.len() > MOST {
        return Err(model::Violation::new("field.too_long", "ids").with("max", MOST as i64).into());
    }
    if ids.is_empty() && !mark.all {
        return Err(Error::invalid("field.required", "ids"));
    }
    let mut update = Query::update();
    update.table("notice").value("read_at", is_read.then_some(cx.at.0)).and_where(Expr::col("person").eq(cx.who.id.0));
    let unread = Expr::col("read_at").is_null();
    update.and_where(if is_read { unread } else { unread.not() });
    if !mark.all {
        update.and_where(Expr::col("id").is_in(ids.iter().map(|id| id.0)));
    }
    if let Some(until) = mark.until {
        update.and_where(Expr::col("at").lte(until.0));
    }
    // Who listens elsewhere is told that fewer are unread.
    if tx.execute(&update)? > 0 {
        db::outbox::insert(tx, &[store::event(cx, cx.who.id, cx.who.id, "mark", "")])?;
    }
    self::unread(cx, tx)
}

/// The caller's notices that are about nothing which he does not see. Those of records are so by the same scope as any list.
fn shown(cx: &Ctx, tx: &mut Read) -> Result<SelectStatement> {
    let mut select = about_seen(cx, tx)?;
    Ok(select.and_where(Expr::col(("notice", "shown")).eq(1_i64)).to_owned())
}

/// A person's notices with all their columns, also those that he wishes to be told of by e-mail alone.
pub(crate) fn to_write(cx: &Ctx, tx: &mut Read) -> Result<SelectStatement> {
    let mut select = about_seen(cx, tx)?;
    Ok(select.columns(COLUMNS.map(|column| ("notice", column))).to_owned())
}

fn about_seen(cx: &Ctx, tx: &mut Read) -> Result<SelectStatement> {
    let mine = || Expr::col(("notice", "person")).eq(cx.who.id.0);
    let about = Query::select().distinct().column(("notice", "object")).from("notice").and_where(mine()).to_owned();
    let mut objects = Vec::new();
    for row in tx.all(&about)? {
        let key: Option<String> = row.get(0)?;
        objects.extend(key.and_then(|key| cx.object(&key).ok()));
    }
    let seen = db::records::about_seen(tx, &cx.meta.schema, &cx.scope(), &objects, "notice");
    Ok(Query::select().from("notice").and_where(mine()).and_where(seen).to_owned())
}

pub(crate) fn show(row: &Row, refs: &mut Refs) -> Result<Json> {
    let (object, record): (Option<String>, Option<Id>) = (row.get("object")?, row.get("record")?);
    if let (Some(object), Some(record)) = (&object, record) {
        refs.note(object, record);
    }
    let (by, behalf): (Id, Option<Id>) = (row.get("by_id")?, row.get("on_behalf_of")?);
    refs.note("employee", by);
    behalf.iter().for_each(|person| refs.note("employee", *person));
    let params: Json = serde_json::from_str(&row.get::<String>("params")?).unwrap_or_default();
    let (at, read_at): (Instant, Option<Instant>) = (row.get("at")?, row.get("read_at")?);
    Ok(json!({
        "id": row.get::<Id>("id")?.to_string(), "kind": row.get::<String>("kind")?, "object": object,
        "record": record.map(|id| id.to_string()), "params": params, "count": row.get::<i64>("count")?, "at": at.to_string(),
        "read_at": read_at.map(|at| at.to_string()), "by": (by != Id::SYSTEM).then(|| by.to_string()),
        "on_behalf_of": behalf.map(|id| id.to_string()),
    }))
}

fn place(text: &str) -> Option<(i64, Id)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
