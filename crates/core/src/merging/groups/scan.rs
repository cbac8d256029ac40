//! Looking for duplicates among the records there are, by the rules of their object: a job, resumed by anybody after a fall.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant as Moment;

use db::{Limits, Read, Write};
use model::condition::Resolved;
use model::duplicate::{Kind as Place, Pair, groups};
use model::role::Act;
use model::{Id, Object, Record, Violation};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{MOST, store};
use crate::duplicates::{self, Live};
use crate::jobs::{self, Job, Kind, New, SLICE, Step, WORKER};
use crate::{Ctx, Error, House, Result, leads, world};

/// Records that are compared together.
const CHUNK: u64 = 50;
/// A scan that somebody has asked for once is made again after so many seconds.
const EVERY: i64 = 7 * 86_400;

/// `POST /duplicates/scan`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    pub object: String,
}

/// Begins a scan of an object, or tells of the one that goes on.
///
/// Error: `duplicate.no_rule`: no active rule compares its records with each other.
pub fn scan(cx: &Ctx, tx: &mut Write, wanted: &Scan) -> Result<Json> {
    let object = cx.object(&wanted.object)?.clone();
    if !crate::merging::concerns(&object) {
        return Err(Error::NotFound);
    }
    cx.attempts("scan", &object.key, None);
    cx.must_be_allowed(Act::Merge, &object.key)?;
    tx.lock(&[format!("scan:{}", object.key)])?;
    if let Some(last) = last(tx, &object.key)? {
        if matches!(last.stage, jobs::Stage::Waiting | jobs::Stage::Running) {
            return Ok(show(&last));
        }
        // One that was given up has left what it came by.
        store::forget_pairs(tx, last.id)?;
    }
    if rules(cx, &object).is_empty() {
        return Err(Violation::new("duplicate.no_rule", "object").into());
    }
    let id = jobs::enqueue(cx, tx, New::on(Kind::ScanDuplicates, &object.key, None))?;
    Ok(show(&jobs::load(tx, id)?))
}

/// As the list of groups tells it: how far it is, and when it ended.
pub(super) fn show(job: &Job) -> Json {
    json!({
        "id": job.id.to_string(), "object": job.object, "state": job.stage.key(), "done": job.done, "total": job.total,
        "created_at": job.created_at.to_string(), "ended_at": job.ended_at.map(|at| at.to_string()),
    })
}

/// The last scan of an object.
pub(super) fn last(tx: &mut Read, object: &str) -> Result<Option<Job>> {
    let select = Query::select()
        .column("id")
        .from("job")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("kind").eq(Kind::ScanDuplicates.key()))
        .order_by("created_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(1)
        .to_owned();
    match tx.optional(&select)? {
        Some(row) => jobs::load(tx, row.get(0)?).map(Some),
        None => Ok(None),
    }
}

/// Asks for the scans whose week is over.
pub(crate) fn again(cx: &Ctx, tx: &mut Write) -> Result<()> {
    let keys: Vec<String> =
        cx.meta.order.iter().filter(|key| cx.meta.schema.object(key).is_some_and(|one| crate::merging::concerns(one))).cloned().collect();
    for key in keys {
        let Some(object) = cx.meta.schema.object(&key).cloned() else { continue };
        tx.lock(&[format!("scan:{key}")])?;
        let due = last(tx, &key)?.is_some_and(|job| job.ended_at.is_some_and(|ended| ended.plus_seconds(EVERY) <= cx.at));
        if due && !rules(cx, &object).is_empty() {
            jobs::enqueue(cx, tx, New::on(Kind::ScanDuplicates, &key, None))?;
        }
    }
    Ok(())
}

/// The rules that compare records of an object with each other.
fn rules<'a>(cx: &'a Ctx, object: &Object) -> Vec<&'a Live> {
    let compares = |live: &&Live| live.rule.object == object.key && live.rule.groups.iter().any(|group| group.object == object.key);
    cx.meta.duplicate_rules.iter().filter(|live| live.rule.active).filter(compares).collect()
}

/// One transaction of a scan.
pub(crate) fn step(house: &House, job: &Job, lease: Id) -> Result<Step> {
    let Some(key) = &job.object else { return Ok(Step::Failed("of which object?".into())) };
    if job.position.is_none() && job.total.is_none() {
        house.write(&WORKER, Limits::default(), model::Via::System, |cx, tx| {
            let Some(object) = cx.meta.schema.object(key) else { return Ok(()) };
            let size = db::records::size(tx, object)?;
            jobs::expect(tx, job.id, size)
        })?;
    }
    let after: Option<Id> = job.position.as_deref().and_then(|id| id.parse().ok());
    jobs::slice(house, job, lease, &WORKER, model::Via::System, |cx, tx| {
        let began = Moment::now();
        let Some(object) = cx.meta.schema.object(key).cloned() else { return Ok((None, 0, Step::Done)) };
        let (mut last, mut done) = (after, 0);
        loop {
            let ids = db::records::ids_after(tx, &object, last, CHUNK)?;
            if ids.is_empty() {
                settle(cx, tx, &object, job.id)?;
                return Ok((last.map(|id| id.to_string()), done, Step::Done));
            }
            let pairs = alike(cx, tx, &object, &ids)?;
            store::note_pairs(tx, job.id, &pairs)?;
            last = ids.last().copied();
            done += ids.len() as i64;
            if began.elapsed() >= SLICE {
                return Ok((last.map(|id| id.to_string()), done, Step::More));
            }
        }
    })
}

/// What is alike to these records, in pairs.
fn alike(cx: &Ctx, tx: &mut Write, object: &Object, ids: &[Id]) -> Result<Vec<Pair>> {
    let rules = rules(cx, object);
    let records: Vec<Record> = crate::merging::any(cx, tx, object, ids)?.into_iter().filter(|record| is_compared(object, record)).collect();
    let whens: Vec<&Resolved> = rules.iter().map(|live| &live.when).collect();
    let world = world::around(cx, tx, &records.iter().collect::<Vec<_>>(), whens.into_iter())?;
    let asked: Vec<(&Record, Vec<usize>)> = records
        .iter()
        .map(|record| (record, (0..rules.len()).filter(|at| rules[*at].when.holds(record, &world)).collect::<Vec<usize>>()))
        .filter(|(_, meant)| !meant.is_empty())
        .collect();
    let (hits, facts) = duplicates::found(cx, tx, &rules, Place::Tool, &asked)?;
    let mut best: BTreeMap<(Id, Id), Pair> = BTreeMap::new();
    for ((record, _), hits) in asked.iter().zip(hits) {
        for hit in hits {
            for found in hit.found.iter().filter(|found| found.object == object.key && !found.voided) {
                if facts.of(found).is_some_and(|other| !is_compared(object, other)) {
                    continue;
                }
                let (a, b) = (record.id.min(found.record), record.id.max(found.record));
                let pair = Pair { a, b, rule: hit.live.rule.id, score: found.score };
                best.entry((a, b))
                    .and_modify(|known| {
                        if known.score < pair.score {
                            *known = pair
                        }
                    })
                    .or_insert(pair);
            }
        }
    }
    Ok(best.into_values().collect())
}

/// What lies in the recycle bin is no duplicate, and what a lead has become cannot become something else.
fn is_compared(object: &Object, record: &Record) -> bool {
    record.text("lifecycle_status") != "voided" && !leads::is_converted(object, record)
}

/// The pairs become groups, but those that somebody has said to be several.
fn settle(cx: &Ctx, tx: &mut Write, object: &Object, scan: Id) -> Result<()> {
    let several: BTreeSet<(Id, Id)> = store::dismissed(tx, &object.key)?;
    let mut pairs = store::pairs(tx, scan)?;
    pairs.retain(|pair| !several.contains(&(pair.a, pair.b)));
    store::replace_open(cx, tx, &object.key, &groups(&pairs, MOST))?;
    store::forget_pairs(tx, scan)
}
