//! What was done with what lies in pools, kept with the act itself.

use db::{Read, Row, Write};
use model::pool::FIELD;
use model::{Id, Instant, Object};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, Value as Sql};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{find, judge, named_in};
use crate::records::Refs;
use crate::save::{Deed, Working};
use crate::{Ctx, Error, Result};

/// Entries of one page.
const PAGE: u64 = 50;
const COLUMNS: [&str; 12] =
    ["id", "pool", "object", "record", "act", "at", "by_id", "from_owner", "to_owner", "reason", "rule", "from_pool"];

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub id: Id,
    pub pool: Id,
    /// In which it lay, or from which its owner had it, where that is another.
    pub from_pool: Option<Id>,
    pub object: String,
    pub record: Id,
    /// `put`, `claim`, `assign`, `return`, `move`, `reclaim`, `warn`.
    pub act: String,
    pub at: Instant,
    pub by: Id,
    pub from_owner: Option<Id>,
    pub to_owner: Option<Id>,
    pub reason: Option<String>,
    pub rule: Option<String>,
}

/// What a change tells the log: nothing where it is none of a pool's business.
pub(crate) fn of_change(cx: &Ctx, object: &Object, item: &Working) -> Option<Entry> {
    // What waits for its approval has not come about.
    if !object.ownerless || item.begun.is_some() {
        return None;
    }
    let rule = item.change.reclaimed_by.clone();
    let act = match &item.change.deed {
        Deed::Create | Deed::Historic(_) if item.after.owner().is_none() => "put",
        Deed::Claim => "claim",
        Deed::Assign { .. } => "assign",
        Deed::Return { .. } if rule.is_some() => "reclaim",
        Deed::Return { .. } => "return",
        Deed::MovePool { .. } => "move",
        _ => return None,
    };
    let pool = named_in(&item.after)?;
    Some(Entry {
        id: cx.new_id(),
        pool,
        from_pool: item.before.as_ref().and_then(named_in).filter(|from| *from != pool),
        object: object.key.clone(),
        record: item.after.id,
        act: act.to_owned(),
        at: item.at,
        by: cx.who.id,
        from_owner: item.before.as_ref().and_then(|before| before.owner()),
        to_owner: item.after.owner(),
        reason: item.change.reason().map(str::to_owned),
        rule,
    })
}

/// Keeps entries.
pub(crate) fn write(tx: &mut Write, entries: &[Entry]) -> Result<()> {
    let row = |entry: &Entry| {
        vec![
            Sql::from(entry.id.0),
            Sql::from(entry.pool.0),
            Sql::from(entry.object.as_str()),
            Sql::from(entry.record.0),
            Sql::from(entry.act.as_str()),
            Sql::from(entry.at.0),
            Sql::from(entry.by.0),
            Sql::Uuid(entry.from_owner.map(|id| id.0)),
            Sql::Uuid(entry.to_owner.map(|id| id.0)),
            Sql::String(entry.reason.clone()),
            Sql::String(entry.rule.clone()),
            Sql::Uuid(entry.from_pool.map(|id| id.0)),
        ]
    };
    Ok(tx.insert_later("pool_event", &COLUMNS, entries.iter().map(row).collect())?)
}

/// How many records somebody has claimed from a pool since.
pub(super) fn claims(tx: &mut Read, pool: Id, person: Id, since: Instant) -> Result<i64> {
    let select = Query::select()
        .expr(Expr::cust("COUNT(1)"))
        .from("pool_event")
        .and_where(Expr::col("pool").eq(pool.0))
        .and_where(Expr::col("to_owner").eq(person.0))
        .and_where(Expr::col("act").eq("claim"))
        .and_where(Expr::col("at").gte(since.0))
        .to_owned();
    Ok(tx.one(&select)?.get(0)?)
}

/// When somebody last gave a record back, or lost it to a pool.
pub(super) fn lost_at(tx: &mut Read, record: Id, person: Id) -> Result<Option<Instant>> {
    let select = Query::select()
        .expr(Expr::cust("MAX(at)"))
        .from("pool_event")
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("from_owner").eq(person.0))
        .and_where(Expr::col("act").is_in(["return", "reclaim"]))
        .to_owned();
    Ok(tx.one(&select)?.get::<Option<i64>>(0)?.map(Instant))
}

/// When somebody was last given a record that lay in a pool.
pub(super) fn given_at(tx: &mut Read, record: Id, person: Id) -> Result<Option<Instant>> {
    let select = Query::select()
        .expr(Expr::cust("MAX(at)"))
        .from("pool_event")
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("to_owner").eq(person.0))
        .and_where(Expr::col("act").is_in(["claim", "assign"]))
        .to_owned();
    Ok(tx.one(&select)?.get::<Option<i64>>(0)?.map(Instant))
}

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from("pool_event").to_owned()
}

fn read(row: &Row) -> Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        pool: row.get(1)?,
        object: row.get(2)?,
        record: row.get(3)?,
        act: row.get(4)?,
        at: Instant(row.get(5)?),
        by: row.get(6)?,
        from_owner: row.get(7)?,
        to_owner: row.get(8)?,
        reason: row.get(9)?,
        rule: row.get(10)?,
        from_pool: row.get(11)?,
    })
}

/// The query of `GET /pools/{id}/log`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRequest {
    /// Entries of this record alone.
    pub record: Option<String>,
    pub cursor: Option<String>,
}

/// What was done in a pool, newest first: for its administrators and those of the product. Records that the caller does not see are not named.
pub fn list(cx: &Ctx, tx: &mut Read, id: Id, request: &LogRequest) -> Result<Json> {
    let pool = find(&cx.meta, id).ok_or(Error::NotFound)?;
    judge::must_be_in(cx, pool)?;
    if !cx.is_administrator() && !super::administers(cx, id) {
        return Err(Error::Forbidden { act: "administer".into(), object: "pool".into() });
    }
    let strange = |what: &str| Error::Malformed(format!("{what}: not one of this list's"));
    let mut page = select();
    // What has gone from it into another was done in both.
    page.and_where(Expr::col("pool").eq(id.0).or(Expr::col("from_pool").eq(id.0)));
    if let Some(record) = &request.record {
        let record: Id = record.parse().map_err(|_| strange("record"))?;
        page.and_where(Expr::col("record").eq(record.0));
    }
    if let Some(cursor) = &request.cursor {
        let (at, last) = cursor.split_once('-').ok_or_else(|| strange("cursor"))?;
        let at: i64 = at.parse().map_err(|_| strange("cursor"))?;
        let last: Id = last.parse().map_err(|_| strange("cursor"))?;
        page.and_where(Expr::tuple([Expr::col("at"), Expr::col("id")]).lt(Expr::tuple([Expr::val(at), Expr::val(last.0)])));
    }
    page.order_by("at", Order::Desc).order_by("id", Order::Desc).limit(PAGE + 1);
    let mut entries = tx.all(&page)?.iter().map(read).collect::<Result<Vec<Entry>>>()?;
    let more = entries.len() as u64 > PAGE;
    entries.truncate(PAGE as usize);
    let next = entries.last().filter(|_| more).map(|entry| format!("{}-{}", entry.at.0, entry.id));
    let mut refs = Refs::default();
    let items: Vec<Json> = entries.iter().map(|entry| show(entry, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}

/// An entry as the API shows it.
pub(crate) fn show(entry: &Entry, refs: &mut Refs) -> Json {
    refs.note(&entry.object, entry.record);
    for person in [Some(entry.by), entry.from_owner, entry.to_owner].into_iter().flatten() {
        refs.note("employee", person);
    }
    let text = |id: Option<Id>| id.map(|id| id.to_string());
    json!({
        "id": entry.id.to_string(), "act": entry.act, "at": entry.at, "by": entry.by.to_string(), "object": entry.object,
        "record": entry.record.to_string(), FIELD: entry.pool.to_string(), "from_owner": text(entry.from_owner),
        "to_owner": text(entry.to_owner), "reason": entry.reason, "rule": entry.rule, "from_pool": text(entry.from_pool),
    })
}
