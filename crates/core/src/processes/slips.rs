//! The ledger of slips: every push of a close date, cut of an amount and step back of a deal, written by `save` in the transaction of the
//! change, whatever way it came. It is not edited; a slip without a reason may be given one.

use std::collections::BTreeSet;

use db::records::Bound;
use db::{Read, Row, Write};
use model::process::{How, Slip, SlipKind, slips};
use model::role::Act;
use model::{Id, Instant, Object, Record, Violation};
use sea_query::{Expr, ExprTrait, Func, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::records::{self, Refs};
use crate::save::Working;
use crate::{Ctx, Error, Result, access, veil};

const COLUMNS: [&str; 9] = ["id", "opportunity", "kind", "old", "new", "days", "reason", "at", "by_id"];
/// In one answer.
const PAGE: u32 = 50;
const LONGEST: usize = 2_000;

/// A slip as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub id: Id,
    pub kind: SlipKind,
    pub old: Json,
    pub new: Json,
    pub days: Option<i64>,
    pub reason: Option<String>,
    pub at: Instant,
    pub by: Id,
}

/// What a change that is being saved lets slip, or takes back of what slipped before.
pub(crate) enum Turn {
    Slips(Id, Slip, Option<String>, Instant),
    TakenBack(Id, Slip),
}

/// The turns of one change. What puts back the values of before does not slip by it, and what slipped by those is forgotten.
pub(crate) fn turns(object: &Object, item: &Working) -> Vec<Turn> {
    let Some(before) = item.before.as_ref().filter(|_| super::concerns(object)) else { return Vec::new() };
    let id = item.after.id;
    if item.change.takes_back || item.change.merging {
        return slips(&item.after, before, false).into_iter().map(|slip| Turn::TakenBack(id, slip)).collect();
    }
    let stepped_back = item.entered.last().is_some_and(|stay| stay.how == How::Back);
    let reason = item.change.reason().map(str::to_owned);
    slips(before, &item.after, stepped_back).into_iter().map(|slip| Turn::Slips(id, slip, reason.clone(), item.at)).collect()
}

/// Writes down what slipped in deals that nobody edited: their amounts have followed their lines, or what put those back.
pub(crate) fn follow(cx: &Ctx, tx: &mut Write, object: &Object, pairs: &[(Record, Record)]) -> Result<()> {
    if !super::concerns(object) {
        return Ok(());
    }
    let mut turns = Vec::new();
    for (before, after) in pairs.iter().filter(|(before, after)| before.get("amount") != after.get("amount")) {
        let at = crate::save::instant(cx, Some(before));
        match cx.takes_back {
            true => turns.extend(slips(after, before, false).into_iter().map(|slip| Turn::TakenBack(before.id, slip))),
            false => turns.extend(slips(before, after, false).into_iter().map(|slip| Turn::Slips(before.id, slip, None, at))),
        }
    }
    write(cx, tx, &turns)
}

/// Writes down what slipped.
pub(crate) fn write(cx: &Ctx, tx: &mut Write, turns: &[Turn]) -> Result<()> {
    let mut rows = Vec::new();
    for turn in turns {
        match turn {
            Turn::Slips(deal, slip, reason, at) => rows.push(vec![
                cx.new_id().0.into(),
                deal.0.into(),
                slip.kind.key().into(),
                text(&slip.old).into(),
                text(&slip.new).into(),
                slip.days().into(),
                reason.clone().into(),
                at.0.into(),
                cx.who.id.0.into(),
            ]),
            Turn::TakenBack(deal, slip) => {
                let same = |column: &'static str, value: &model::Value| match text(value) {
                    Some(text) => Expr::col(column).eq(text),
                    None => Expr::col(column).is_null(),
                };
                let of = Expr::col("opportunity").eq(deal.0).and(Expr::col("kind").eq(slip.kind.key()));
                let these = of.and(same("old", &slip.old)).and(same("new", &slip.new));
                tx.execute(Query::delete().from_table("slip").and_where(these))?;
            }
        }
    }
    Ok(tx.insert_rows("slip", &COLUMNS, rows)?)
}

/// A value as it is kept: as the API shows it.
fn text(value: &model::Value) -> Option<String> {
    (!value.is_null()).then(|| model::field::show(value).to_string())
}

/// Those of deals that are deleted for good.
pub(crate) fn remove(tx: &mut Write, deals: &[Id]) -> Result<()> {
    for chunk in deals.chunks(500) {
        tx.execute(Query::delete().from_table("slip").and_where(Expr::col("opportunity").is_in(chunk.iter().map(|id| id.0))))?;
    }
    Ok(())
}

/// A deal with the fields that are blank to the caller while it lies in a pool.
pub(crate) struct Of<'a> {
    pub deal: Id,
    pub covered: &'a BTreeSet<String>,
}

/// The slips of a deal of which the caller may know, newest first, behind a place.
pub(crate) fn before(cx: &Ctx, tx: &mut Read, of: &Of<'_>, bound: Option<Bound>, limit: u32) -> Result<Vec<Kept>> {
    let mut select = Query::select();
    select.columns(COLUMNS).from("slip").and_where(known(cx, of));
    if let Some(bound) = bound {
        select.and_where(bound.met(Expr::col("at"), Expr::col("id")));
    }
    select.order_by("at", Order::Desc).order_by("id", Order::Desc).limit(u64::from(limit));
    tx.all(&select)?.iter().map(read).collect()
}

/// Of this deal, and of fields that the caller may know of.
fn known(cx: &Ctx, of: &Of<'_>) -> Expr {
    let hides = |field: &str| of.covered.contains(field) || veil::hides(cx, model::objects::opportunity::KEY, field);
    let kinds = SlipKind::ALL.into_iter().filter(|kind| !hides(kind.field()));
    Expr::col("opportunity").eq(of.deal.0).and(Expr::col("kind").is_in(kinds.map(SlipKind::key)))
}

fn read(row: &Row) -> Result<Kept> {
    let kind: String = row.get("kind")?;
    let value = |column: &str| -> Result<Json> {
        let text: Option<String> = row.get(column)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    };
    Ok(Kept {
        id: row.get("id")?,
        kind: SlipKind::from_key(&kind).ok_or_else(|| Error::Internal(format!("a slip of “{kind}”")))?,
        old: value("old")?,
        new: value("new")?,
        days: row.get("days")?,
        reason: row.get("reason")?,
        at: row.get("at")?,
        by: row.get("by_id")?,
    })
}

/// A slip as the API shows it.
pub(crate) fn show(slip: &Kept, refs: &mut Refs) -> Json {
    refs.note("employee", slip.by);
    json!({
        "id": slip.id.to_string(), "kind": slip.kind.key(), "old": slip.old, "new": slip.new, "days": slip.days, "reason": slip.reason,
        "at": slip.at.to_string(), "by": slip.by.to_string(),
    })
}

/// The query of `GET …/slips`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipsRequest {
    pub cursor: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
}

/// The slips of a deal, newest first, with how many there are of each kind and by how many days the close date was pushed in all.
pub fn list(cx: &Ctx, tx: &mut Read, id: Id, request: &SlipsRequest) -> Result<Json> {
    let object = cx.object(model::objects::opportunity::KEY)?.clone();
    let record = records::load(cx, tx, &object, id)?;
    let limit = request.limit.unwrap_or(PAGE).clamp(1, 200);
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let place = request.cursor.as_deref().map(|text| place(text).ok_or_else(strange)).transpose()?;
    let covered = cx.scope().covered(&record).cloned().unwrap_or_default();
    let of = Of { deal: id, covered: &covered };
    let mut found = before(cx, tx, &of, place.map(|(at, id)| Bound::Behind(at, id)), limit + 1)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.at.0, last.id));
    let mut refs = Refs::default();
    let items: Vec<Json> = found.iter().map(|slip| show(slip, &mut refs)).collect();
    let (counts, days) = totals(cx, tx, &of)?;
    let may_explain = may_explain(cx, tx, &object, &record)?;
    Ok(json!({
        "items": items, "counts": counts, "days": days, "can": if may_explain { &["explain"][..] } else { &[] },
        "refs": refs.names(cx, tx)?, "next_cursor": next,
    }))
}

fn place(text: &str) -> Option<(Instant, Id)> {
    let (at, id) = text.split_once('.')?;
    Some((Instant(at.parse().ok()?), id.parse().ok()?))
}

/// How many of each kind, and days in all.
fn totals(cx: &Ctx, tx: &mut Read, of: &Of<'_>) -> Result<(Json, i64)> {
    let mut select = Query::select();
    select.column("kind").expr(Expr::cust("COUNT(1)")).expr(Func::sum(Expr::col("days")).cast_as("bigint"));
    select.from("slip").and_where(known(cx, of)).group_by_col("kind");
    let (mut counts, mut days) = (json!({"close_date": 0, "amount": 0, "stage": 0}), 0);
    for row in tx.all(&select)? {
        counts[row.get::<String>(0)?] = row.get::<i64>(1)?.into();
        days += row.get::<Option<i64>>(2)?.unwrap_or_default();
    }
    Ok((counts, days))
}

/// `PATCH …/slips/{slip}`: why it slipped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    pub reason: String,
}

/// Gives a slip the reason that it lacks; whoever may edit the deal.
pub fn explain(cx: &Ctx, tx: &mut Write, id: Id, slip: Id, wanted: &Explain) -> Result<Json> {
    let object = cx.object(model::objects::opportunity::KEY)?.clone();
    let record = records::load(cx, tx, &object, id)?;
    cx.attempts(Act::Edit.key(), &object.key, Some((id, record.text("name"))));
    // Of two who come at once, the second waits here and finds the reason of the first.
    tx.lock_rows(&[(object.rank, &object.key, vec![id])])?;
    let covered = cx.scope().covered(&record).cloned().unwrap_or_default();
    let of = Of { deal: id, covered: &covered };
    let kept = one(cx, tx, &of, slip)?;
    if !may_explain(cx, tx, &object, &record)? {
        return Err(Error::Forbidden { act: Act::Edit.key().to_owned(), object: object.key });
    }
    let reason = wanted.reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("field.required", "reason"));
    }
    if reason.chars().count() > LONGEST {
        return Err(Violation::new("field.too_long", "reason").with("max", LONGEST).into());
    }
    if !model::text::storable(reason) {
        return Err(Violation::new("field.invalid", "reason").with("expected", "text without the character U+0000").into());
    }
    if kept.reason.is_some() {
        return Err(Violation::new("slip.reason_given", "reason").into());
    }
    tx.execute(Query::update().table("slip").value("reason", reason).and_where(Expr::col("id").eq(slip.0)))?;
    let mut refs = Refs::default();
    let mut shown = show(&one(cx, tx, &of, slip)?, &mut refs);
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn one(cx: &Ctx, tx: &mut Read, of: &Of<'_>, slip: Id) -> Result<Kept> {
    let select = Query::select().columns(COLUMNS).from("slip").and_where(known(cx, of)).and_where(Expr::col("id").eq(slip.0)).to_owned();
    tx.optional(&select)?.as_ref().map(read).transpose()?.ok_or(Error::NotFound)
}

fn may_explain(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record) -> Result<bool> {
    Ok(cx.who.rights.may(Act::Edit, &object.key) && access::writable(cx, tx, object, &[record])?.contains(&record.id))
}
