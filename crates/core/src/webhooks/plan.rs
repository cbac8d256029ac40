//! From the outbox to deliveries.

use std::collections::{BTreeMap, BTreeSet};

use db::outbox::{Event, Position};
use db::{Limits, Write};
use model::condition::Resolved;
use model::{Condition, Id, Instant, Object, Via};
use sea_query::{Expr, ExprTrait, OnConflict, Query, Value as Sql};

use super::document::{Subscription, told_as};
use super::store::{self, Hook, paused};
use super::then::{self, Then};
use super::{keep, notice, payload};
use crate::events::{self, Listener};
use crate::{Credential, Ctx, Error, House, Result, world};

/// Events of one transaction: it holds back the horizon for everybody, so it is short.
const MANY: u32 = 100;

const WORKER: Credential = Credential::System("to tell webhooks what happens");

/// Goes through what has happened since for every webhook, one step each; true where there is more.
pub fn plan(house: &House) -> Result<bool> {
    let due = house.read(&WORKER, Limits::default(), |_, tx| {
        let mut due = Vec::new();
        for hook in store::all(tx)?.into_iter().filter(|hook| hook.active && hook.paused.is_none()) {
            if !events::after(tx, &hook.position, 1)?.0.is_empty() {
                due.push((hook.id, hook.eyes));
            }
        }
        Ok(due)
    })?;
    let mut more = false;
    for (id, eyes) in due {
        match house.write(&Credential::Person(eyes), Limits::default(), Via::System, |cx, tx| step(cx, tx, id)) {
            Ok(Step::More) => more = true,
            Ok(Step::Enough) => {}
            Ok(Step::Stopped(why)) => stop(house, id, why)?,
            // Whoever it saw by has left.
            Err(Error::Unauthenticated(_)) => stop(house, id, paused::EYES)?,
            Err(error) => tracing::warn!(webhook = %id, %error, "a webhook has to wait"),
        }
    }
    Ok(more)
}

enum Step {
    More,
    Enough,
    Stopped(&'static str),
}

fn stop(house: &House, id: Id, why: &'static str) -> Result<()> {
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let Some(hook) = store::held(tx, id)?.filter(|hook| hook.paused.is_none()) else { return Ok(()) };
        store::pause(cx, tx, id, why)?;
        notice::stopped(cx, tx, &hook, why)
    })
}

/// The next events of one webhook, as the person by whose eyes it sees.
fn step(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Step> {
    // Another server may be at it, or an administrator.
    let free = tx.free(store::select().and_where(Expr::col("id").eq(id.0)), "webhook")?;
    let Some(hook) = free.first().map(store::read).transpose()?.filter(|hook| hook.active && hook.paused.is_none()) else {
        return Ok(Step::Enough);
    };
    if hook.eyes != cx.who.id || keep::is_full(tx, id)? {
        return Ok(Step::Enough);
    }
    let (mut found, _) = events::after(tx, &hook.position, MANY)?;
    let whole = found.len() == MANY as usize;
    let cut = in_order(tx, &found)?;
    found.truncate(cut);
    let Some(reached) = found.last().map(|(at, _)| *at) else { return Ok(Step::Enough) };
    let listener = events::listener(cx, tx)?;
    let Some(deliveries) = concerned(cx, tx, &hook, &listener, &found)? else { return Ok(Step::Stopped(paused::CONDITION)) };
    queue(cx, tx, id, &deliveries)?;
    tx.execute(Query::update().table("webhook").value("position", reached.to_string()).and_where(Expr::col("id").eq(id.0)))?;
    Ok(if whole && cut == MANY as usize { Step::More } else { Step::Enough })
}

/// How many of these events may be gone through: up to the first of a record of which an earlier revision stands further behind.
fn in_order(tx: &mut Write, found: &[(Position, Event)]) -> Result<usize> {
    let Some((end, _)) = found.last() else { return Ok(0) };
    let records: BTreeSet<Id> = found.iter().map(|(_, event)| event.record).collect();
    let behind = db::outbox::behind(tx, end, &records.into_iter().collect::<Vec<_>>())?;
    let early = |(_, event): &(Position, Event)| behind.get(&event.record).is_some_and(|revision| *revision < event.revision);
    Ok(found.iter().position(early).unwrap_or(found.len()))
}

/// What is to be sent.
struct Delivery {
    object: String,
    record: Id,
    revision: i64,
    act: String,
    kind: String,
    at: Instant,
    body: String,
}

/// What of these events is told. `None` where a condition cannot be judged any more.
fn concerned(cx: &Ctx, tx: &mut Write, hook: &Hook, listener: &Listener, found: &[(Position, Event)]) -> Result<Option<Vec<Delivery>>> {
    let mut by_object: BTreeMap<&str, Vec<(usize, &Event)>> = BTreeMap::new();
    for (at, (_, event)) in found.iter().enumerate().filter(|(_, (_, event))| event.at >= hook.begins_at) {
        by_object.entry(&event.object).or_default().push((at, event));
    }
    let mut told: Vec<(usize, Delivery)> = Vec::new();
    for subscription in &hook.document.subscriptions {
        let Some(events) = by_object.get(subscription.object.as_str()) else { continue };
        let Ok(object) = cx.object(&subscription.object).cloned() else { continue };
        let wanted = |event: &Event| subscription.acts.iter().any(|act| act == told_as(&event.act));
        // One who loses sight of a record is not told what becomes of it; that it was deleted he is.
        let seen = |event: &Event| match listener.sees(event) {
            (before, _) if event.act == "delete" => before,
            (_, after) => after,
        };
        let events: Vec<(usize, &Event)> = events.iter().filter(|(_, event)| wanted(event) && seen(event)).copied().collect();
        let stood = then::of(cx, tx, &object, &events.iter().map(|(_, event)| *event).collect::<Vec<_>>())?;
        let Some(kept) = judge(cx, tx, &object, subscription, &stood)? else { return Ok(None) };
        for (((at, event), then), _) in events.into_iter().zip(&stood).zip(kept).filter(|(_, kept)| *kept) {
            let delivery = Delivery {
                object: event.object.clone(),
                record: event.record,
                revision: event.revision,
                act: told_as(&event.act).to_owned(),
                kind: payload::kind(&event.object, &event.act),
                at: event.at,
                body: payload::body(cx, &object, event, then),
            };
            told.push((at, delivery));
        }
    }
    told.sort_by_key(|(at, _)| *at);
    Ok(Some(told.into_iter().map(|(_, delivery)| delivery).collect()))
}

/// Which of these meet the condition, as the person by whose eyes it sees reads it.
fn judge(cx: &Ctx, tx: &mut Write, object: &Object, subscription: &Subscription, stood: &[Then]) -> Result<Option<Vec<bool>>> {
    let Some(json) = &subscription.condition else { return Ok(Some(vec![true; stood.len()])) };
    let Some(condition) = resolved(cx, tx, &object.key, json)? else { return Ok(None) };
    let mut kept = Vec::with_capacity(stood.len());
    for then in stood {
        let Some(after) = &then.after else {
            // Nothing is known of it any more, so nothing can be said against it.
            kept.push(true);
            continue;
        };
        // What he may not read decides nothing: that something is sent would tell it.
        let (mut after, mut before) = (after.clone(), then.before());
        let states = std::iter::once(&after).chain(&before);
        let covered: BTreeSet<String> = states.filter_map(|record| cx.scope().covered(record)).flatten().cloned().collect();
        std::iter::once(&mut after).chain(&mut before).for_each(|record| db::veil::blank(record, &covered));
        let mut around = world::around_within(cx, tx, &[&after], std::iter::once(&condition), &cx.scope())?;
        if let Some(before) = before {
            around.was(before);
        }
        kept.push(condition.holds(&after, &around));
    }
    Ok(Some(kept))
}

fn resolved(cx: &Ctx, tx: &mut Write, object: &str, json: &serde_json::Value) -> Result<Option<Resolved>> {
    let below = crate::access::subordinates(cx, tx)?;
    let seen = cx.seen_schema();
    let condition = Condition::from_json(json).ok();
    Ok(condition.and_then(|condition| condition.resolve_for_change(object, &cx.reading(&seen, &below)).ok()))
}

const COLUMNS: [&str; 15] = [
    "id",
    "webhook",
    "object",
    "record",
    "revision",
    "nth",
    "act",
    "kind",
    "at",
    "created_at",
    "state",
    "attempts",
    "tries",
    "queued_at",
    "body",
];

fn queue(cx: &Ctx, tx: &mut Write, webhook: Id, deliveries: &[Delivery]) -> Result<()> {
    let rows = deliveries
        .iter()
        .enumerate()
        .map(|(nth, one)| {
            vec![
                Sql::from(cx.new_id().0),
                webhook.0.into(),
                one.object.as_str().into(),
                one.record.0.into(),
                one.revision.into(),
                (cx.at.0 + nth as i64).into(),
                one.act.as_str().into(),
                one.kind.as_str().into(),
                one.at.0.into(),
                // Lists have them in the order in which they happened.
                (cx.at.0 + nth as i64).into(),
                "waiting".into(),
                0_i64.into(),
                0_i64.into(),
                cx.at.0.into(),
                one.body.as_str().into(),
            ]
        })
        .collect();
    tx.insert_rows("webhook_delivery", &COLUMNS, rows)?;
    let records: BTreeSet<Id> = deliveries.iter().map(|one| one.record).collect();
    records.into_iter().try_for_each(|record| open_lane(cx, tx, webhook, record))
}

/// Has a record's deliveries sent. Whoever sends them meanwhile finds what was queued before he gives the record up, or this waits for him.
pub(super) fn open_lane(cx: &Ctx, tx: &mut Write, webhook: Id, record: Id) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("webhook_lane")
            .columns(["webhook", "record", "due_at"])
            .values_panic([webhook.0.into(), record.0.into(), cx.at.0.into()])
            .on_conflict(OnConflict::columns(["webhook", "record"]).value("due_at", Expr::col(("webhook_lane", "due_at"))).to_owned()),
    )?;
    Ok(())
}

/// Queues an event that nothing has happened for, about no record.
pub(super) fn queue_test(cx: &Ctx, tx: &mut Write, hook: &Hook) -> Result<Id> {
    let id = cx.new_id();
    let row = vec![
        id.0.into(),
        hook.id.0.into(),
        "".into(),
        id.0.into(),
        0_i64.into(),
        cx.at.0.into(),
        "test".into(),
        "webhook.test".into(),
        cx.at.0.into(),
        cx.at.0.into(),
        "waiting".into(),
        0_i64.into(),
        0_i64.into(),
        cx.at.0.into(),
        payload::test(hook.id, cx.at).into(),
    ];
    tx.insert_rows("webhook_delivery", &COLUMNS, vec![row])?;
    open_lane(cx, tx, hook.id, id)?;
    Ok(id)
}
