//! Taking back what nobody works on, with warnings before.
//!
//! A row of the watch that is due is taken by one server of all (those that another has are passed over), and in one transaction the warning is
//! told and the row moves on. What is to go back does so in a transaction of its own that takes the record first, as whoever works on it does,
//! and judges once more under its lock. So each happens once, however many servers there are and however one of them ends.

use std::collections::BTreeMap;

use db::records::{Bin, Query, Scope, Sort};
use db::{Limits, Read, Row, Write};
use model::condition::{Check, Resolved, Test};
use model::field::Kind as Kept;
use model::pool::{Pool, Reclaim, Step, Without, step};
use model::{Id, Instant, Object, Record, Via};
use sea_query::{Expr, ExprTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{log, watch};
use crate::notices::{Kind, Notice, tell_all};
use crate::save::{Change, Deed, save};
use crate::{Credential, Ctx, Error, House, Result};

const KEEPER: Credential = Credential::System("what pools take back");
const ALL: Scope<'static> = Scope::All("what pools take back");
/// Seconds until what was refused is tried again.
const LATER: i64 = 86_400;
/// Rows in one round.
const ROUND: usize = 50;

/// Warnings sent, by rule: since when it was reckoned, and by days when they went out.
type Warned = BTreeMap<String, Told>;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Told {
    from: i64,
    sent: BTreeMap<u32, i64>,
}

/// Works on some of what is due; true when there may be more.
pub fn work(house: &House) -> Result<bool> {
    for _ in 0..ROUND {
        // Asked without writing first: mostly nothing is due, and SQLite has one writer.
        let due = house.read(&KEEPER, Limits::default(), |cx, tx| Ok(tx.optional(&watch::due(cx, 1))?.is_some()))?;
        let next = if due { house.write(&KEEPER, Limits::default(), Via::System, one)? } else { Next::Nothing };
        match next {
            Next::Nothing => return Ok(false),
            Next::Looked => {}
            Next::Back(due) => house.write(&KEEPER, Limits::default(), Via::System, |cx, tx| goes_back(cx, tx, &due))?,
        }
    }
    Ok(true)
}

/// What has become of one row.
enum Next {
    /// None is due, or others are at work on all that are.
    Nothing,
    Looked,
    Back(Due),
}

/// A record that is to go back, by which rule of the pool that watches it.
struct Due {
    object: String,
    record: Id,
    rule: String,
}

/// One row of the watch.
struct Watched {
    record: Id,
    object: String,
    pool: Id,
    since: Instant,
    warned: Option<String>,
}

impl Watched {
    fn read(row: &Row) -> Result<Watched> {
        Ok(Watched {
            record: row.get("record")?,
            object: row.get("object")?,
            pool: row.get("pool")?,
            since: Instant(row.get("since")?),
            warned: row.get("warned")?,
        })
    }
}

/// Takes one row that is due and tells its warnings.
fn one(cx: &Ctx, tx: &mut Write) -> Result<Next> {
    let rows = tx.claim(&watch::due(cx, 1))?;
    let Some(row) = rows.first().map(Watched::read).transpose()? else { return Ok(Next::Nothing) };
    if row.object == watch::POOL {
        let after = row.warned.as_deref().and_then(|id| id.parse().ok());
        watch::look_through(cx, tx, row.pool, after)?;
        return Ok(Next::Looked);
    }
    let Some((object, record)) = stands(cx, tx, &row.object, row.record)? else {
        watch::forget(tx, row.record)?;
        return Ok(Next::Looked);
    };
    let Some(pool) = watch::watching(cx, &object, &record).cloned() else {
        watch::forget(tx, row.record)?;
        return Ok(Next::Looked);
    };
    look(cx, tx, &object, &record, &pool, &row)
}

fn stands(cx: &Ctx, tx: &mut Read, object: &str, record: Id) -> Result<Option<(Object, Record)>> {
    let Some(object) = cx.meta.schema.object(object) else { return Ok(None) };
    let found = db::records::load(tx, &cx.meta.schema, object, &ALL, &[record])?.pop();
    Ok(found.map(|record| (Object::clone(object), record)))
}

fn look(cx: &Ctx, tx: &mut Write, object: &Object, record: &Record, pool: &Pool, row: &Watched) -> Result<Next> {
    let before: Warned = row.warned.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let (mut warned, mut next, mut notices, mut entries) = (Warned::new(), Instant(i64::MAX), Vec::new(), Vec::new());
    for rule in &pool.reclaim {
        let from = from(cx, tx, object, record, rule, row.since)?;
        let mut told =
            before.get(&rule.key).filter(|told| told.from == from.0).cloned().unwrap_or(Told { from: from.0, sent: BTreeMap::new() });
        match step(rule, from, &told.sent(), cx.at) {
            Step::TakeBack => return Ok(Next::Back(Due { object: object.key.clone(), record: record.id, rule: rule.key.clone() })),
            Step::Wait(until) => next = std::cmp::min(next, until),
            Step::Warn { days, due } => {
                told.sent.insert(days, cx.at.0);
                notices.extend(record.owner().map(|owner| warning(record, pool, rule, owner, from, days, due)));
                entries.push(entry(cx, object, record, pool, rule));
                // What comes after it is looked at at once.
                next = std::cmp::min(next, cx.at);
            }
        }
        warned.insert(rule.key.clone(), told);
    }
    log::write(tx, &entries)?;
    tell_all(cx, tx, notices)?;
    let text = serde_json::to_string(&warned).map_err(|error| Error::Internal(error.to_string()))?;
    watch::move_on(tx, record.id, next, Some(&text))?;
    Ok(Next::Looked)
}

impl Told {
    fn sent(&self) -> BTreeMap<u32, Instant> {
        self.sent.iter().map(|(days, at)| (*days, Instant(*at))).collect()
    }
}

/// Since when what a rule asks for has not come to pass.
fn from(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record, rule: &Reclaim, since: Instant) -> Result<Instant> {
    let instant = |field: &str| record.get(field).as_instant();
    let came = match rule.without {
        Without::FollowUp => instant("last_followed_at"),
        Without::StageProgress => instant("stage_entered_at"),
        Without::Win if object.key == "account" => last_won(cx, tx, record.id)?,
        Without::Win => None,
    };
    Ok(came.map_or(since, |at| std::cmp::max(at, since)))
}

/// When a deal with an account was last won.
fn last_won(cx: &Ctx, tx: &mut Read, account: Id) -> Result<Option<Instant>> {
    let Some(deal) = cx.meta.schema.object(model::objects::opportunity::KEY) else { return Ok(None) };
    let test = |field: &str, kind: Kept, check: Check| {
        Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
    };
    let won = Resolved::All(vec![
        test("account", Kept::Ref, Check::Equal(model::Value::Ref(account))),
        test("stage_type", Kept::Key, Check::Equal("won".into())),
    ]);
    let query = Query { condition: Some(&won), words: None, sort: Sort::descending("closed_at"), cursor: None, limit: 1, bin: Bin::Out };
    let page = db::records::list(tx, &cx.meta.schema, deal, &ALL, &query)?;
    Ok(page.records.first().and_then(|deal| deal.get("closed_at").as_instant()))
}

fn warning(record: &Record, pool: &Pool, rule: &Reclaim, owner: Id, from: Instant, days: u32, due: Instant) -> Notice {
    let key = format!("{}.{}.{}.{days}", record.id, rule.key, from.0);
    let params = json!({"pool": pool.name, "days": days, "due": due.to_string()});
    Notice::new(owner, Kind::PoolWarning).about(&record.object, record.id).with(params).once(key)
}

fn entry(cx: &Ctx, object: &Object, record: &Record, pool: &Pool, rule: &Reclaim) -> log::Entry {
    log::Entry {
        id: cx.new_id(),
        pool: pool.id,
        from_pool: None,
        object: object.key.clone(),
        record: record.id,
        act: "warn".to_owned(),
        at: cx.at,
        by: Id::SYSTEM,
        from_owner: record.owner(),
        to_owner: None,
        reason: None,
        rule: Some(rule.key.clone()),
    }
}

fn goes_back(cx: &Ctx, tx: &mut Write, due: &Due) -> Result<()> {
    let Some((object, record)) = stands(cx, tx, &due.object, due.record)? else { return Ok(()) };
    let Some(pool) = watch::watching(cx, &object, &record).cloned() else { return Ok(()) };
    let mut change = Change::of(&object.key, record.id, Deed::Return { pool: Some(pool.id) });
    change.reclaimed_by = Some(due.rule.clone());
    match save(cx, tx, change) {
        Ok(_) => {
            let params = json!({"pool": pool.name, "called": record.text("name")});
            let told = record.owner().map(|owner| Notice::new(owner, Kind::PoolReclaimed).about(&object.key, record.id).with(params));
            tell_all(cx, tx, told.into_iter().collect())
        }
        // Somebody has worked on it in this very moment, or something stands against it: it is looked at again.
        Err(Error::Invalid(found)) => {
            let moved = found.iter().any(|violation| violation.code == "pool.not_due");
            if !moved {
                tracing::warn!("a pool does not get {} {} back: {found:?}", object.key, record.id);
            }
            let next = cx.at.plus_seconds(if moved { 1 } else { LATER });
            tx.execute(
                sea_query::Query::update().table("pool_watch").value("next_at", next.0).and_where(Expr::col("record").eq(record.id.0)),
            )?;
            Ok(())
        }
        Err(other) => Err(other),
    }
}

/// True where a rule takes the record back as it stands under its lock.
pub(super) fn still_due(cx: &Ctx, tx: &mut Read, object: &Object, record: &Record, rule: &str) -> Result<bool> {
    let Some(pool) = watch::watching(cx, object, record) else { return Ok(false) };
    let Some(rule) = pool.reclaim.iter().find(|known| known.key == rule) else { return Ok(false) };
    let select = sea_query::Query::select()
        .columns(["record", "object", "pool", "since", "next_at", "warned"])
        .from("pool_watch")
        .and_where(Expr::col("record").eq(record.id.0))
        .to_owned();
    let Some(row) = tx.optional(&select)?.as_ref().map(Watched::read).transpose()? else { return Ok(false) };
    let from = from(cx, tx, object, record, rule, row.since)?;
    let warned: Warned = row.warned.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let sent = warned.get(&rule.key).filter(|told| told.from == from.0).map(Told::sent).unwrap_or_default();
    Ok(step(rule, from, &sent, cx.at) == Step::TakeBack)
}

/// Nobody watches what is deleted for good.
pub(crate) fn remove(tx: &mut Write, records: &[Id]) -> Result<()> {
    for chunk in records.chunks(500) {
        let ids = chunk.iter().map(|id| id.0);
        tx.execute(sea_query::Query::delete().from_table("pool_watch").and_where(Expr::col("record").is_in(ids)))?;
    }
    Ok(())
}
