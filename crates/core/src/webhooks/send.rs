//! Handing deliveries out to be sent, and what becomes of them.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Limits, Write};
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::Value as Json;

use super::notice;
use super::store::{self, Hook, paused};
use crate::{Credential, Ctx, House, Result};

const WORKER: Credential = Credential::System("to tell webhooks what happens");
/// How long a server has a record of a webhook for itself, in seconds; much longer than one attempt may take.
const LEASE: i64 = 60;
/// Attempts of one webhook under way on one server.
const AT_ONCE: usize = 8;
/// Failures in a row after which the receiver is taken to be down: then it is asked by one delivery at a time.
const DOWN: i64 = 3;
/// A receiver that is down is asked at least as often as the delay of this number has it.
const PROBE: usize = 3;
/// Attempts that a delivery has at least, however long it stood behind others.
const FEWEST: i64 = 5;
/// Longest that a receiver may ask to be left alone, in seconds.
const LONGEST_ASKED: i64 = 86_400;
/// After how many delays of failing administrators are told.
const TOLD_AFTER: usize = 5;

/// How long is waited before each further attempt, the last over and over.
#[derive(Clone, Debug)]
pub struct Pace(Vec<Duration>);

impl Default for Pace {
    /// 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h and 12 h five times: somewhat more than three days.
    fn default() -> Pace {
        const SECONDS: [u64; 14] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200, 43_200, 43_200, 43_200, 43_200];
        Pace(SECONDS.into_iter().map(Duration::from_secs).collect())
    }
}

impl Pace {
    /// These delays; none where there is none.
    pub fn of(delays: Vec<Duration>) -> Option<Pace> {
        (!delays.is_empty()).then_some(Pace(delays))
    }

    /// The delay after so many attempts, give or take a fifth, so that not all come back at once.
    fn after(&self, tries: i64, limit: usize) -> i64 {
        let at = usize::try_from(tries - 1).unwrap_or(0).min(limit).min(self.0.len() - 1);
        let micros = self.0[at].as_micros() as f64 * (0.8 + 0.4 * rand::random::<f64>());
        micros as i64
    }

    /// For how long is tried.
    fn altogether(&self) -> i64 {
        self.0.iter().map(Duration::as_micros).sum::<u128>() as i64
    }

    /// How long it takes to this delay.
    fn up_to(&self, delays: usize) -> i64 {
        self.0.iter().take(delays).map(Duration::as_micros).sum::<u128>() as i64
    }
}

/// One attempt to be made.
#[derive(Clone, Debug)]
pub struct Sending {
    pub webhook: Id,
    pub record: Id,
    pub delivery: Id,
    pub lease: Id,
    /// When it was taken up, by the database's clock: receivers refuse what is signed five minutes away from theirs, so it must not be the clock of
    /// whichever server sends it.
    pub at: Instant,
    pub address: String,
    /// The same over all attempts.
    pub message: String,
    pub secrets: Vec<String>,
    pub body: String,
}

/// What became of an attempt.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub at: Instant,
    pub took: Duration,
    /// What was answered, if anything.
    pub status: Option<u16>,
    /// Why there is no answer, or why it does not count: a code, and more after a colon.
    pub error: Option<String>,
    /// Headers that were sent.
    pub request: Json,
    /// The beginning of the answer's body.
    pub answer: Option<String>,
    /// Seconds for which the receiver asks to be left alone.
    pub retry_after: Option<i64>,
}

impl Outcome {
    fn arrived(&self) -> bool {
        self.error.is_none() && self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// It is there and will not have it, whenever it is asked.
    fn refused(&self) -> bool {
        self.status.is_some_and(|status| (300..500).contains(&status) && !matches!(status, 408 | 425 | 429))
    }

    fn gone(&self) -> bool {
        self.status == Some(410)
    }
}

/// Attempts that are due and that nobody else makes, at most `room`; `under_way` are those of this server by webhook.
pub fn claim(house: &House, room: usize, under_way: &BTreeMap<Id, usize>) -> Result<Vec<Sending>> {
    if room == 0 {
        return Ok(Vec::new());
    }
    // Without a look nobody waits for the writer.
    if house.read(&WORKER, Limits::default(), |cx, tx| Ok(tx.all(&due(cx, &[], 1))?.is_empty()))? {
        return Ok(Vec::new());
    }
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        let hooks: BTreeMap<Id, Hook> = store::all(tx)?.into_iter().map(|hook| (hook.id, hook)).collect();
        let mut left: BTreeMap<Id, usize> = hooks
            .values()
            .map(|hook| {
                let most = if hook.failures >= DOWN { 1 } else { AT_ONCE };
                (hook.id, most.saturating_sub(under_way.get(&hook.id).copied().unwrap_or(0)))
            })
            .collect();
        let busy: Vec<Id> = left.iter().filter(|(_, left)| **left == 0).map(|(id, _)| *id).collect();
        let mut claimed = Vec::new();
        for lane in tx.free(&due(cx, &busy, room as u64), "webhook_lane")? {
            let (webhook, record): (Id, Id) = (lane.get(0)?, lane.get(1)?);
            let (Some(hook), Some(left)) = (hooks.get(&webhook), left.get_mut(&webhook).filter(|left| **left > 0)) else { continue };
            *left -= 1;
            let lease = cx.new_id();
            match next(cx, tx, hook, record, lease)? {
                Some(sending) => {
                    lease_lane(cx, tx, &sending)?;
                    claimed.push(sending);
                }
                None => close_lane(tx, webhook, record)?,
            }
        }
        Ok(claimed)
    })
}

/// Lanes that are due, the longest first, of webhooks that are told and not busy.
fn due(cx: &Ctx, busy: &[Id], limit: u64) -> SelectStatement {
    let told = Query::select()
        .column("id")
        .from("webhook")
        .and_where(Expr::col("active").eq(1_i64))
        .and_where(Expr::col("paused_at").is_null())
        .to_owned();
    let mut select = Query::select();
    select
        .columns(["webhook", "record"])
        .from("webhook_lane")
        .and_where(Expr::col("due_at").lte(cx.at.0))
        .and_where(Expr::col("lease_until").is_null().or(Expr::col("lease_until").lte(cx.at.0)))
        .and_where(Expr::col("webhook").in_subquery(told))
        .order_by("due_at", Order::Asc)
        .order_by("record", Order::Asc)
        .limit(limit);
    if !busy.is_empty() {
        select.and_where(Expr::col("webhook").is_not_in(busy.iter().map(|id| id.0)));
    }
    select
}

/// The first delivery that waits in a lane.
fn next(cx: &Ctx, tx: &mut Write, hook: &Hook, record: Id, lease: Id) -> Result<Option<Sending>> {
    let select = Query::select()
        .columns(["id", "body"])
        .from("webhook_delivery")
        .and_where(Expr::col("webhook").eq(hook.id.0))
        .and_where(Expr::col("record").eq(record.0))
        .and_where(Expr::col("state").eq("waiting"))
        .order_by("revision", Order::Asc)
        .order_by("nth", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(1)
        .to_owned();
    let Some(row) = tx.optional(&select)? else { return Ok(None) };
    let delivery: Id = row.get(0)?;
    Ok(Some(Sending {
        webhook: hook.id,
        record,
        delivery,
        lease,
        at: cx.at,
        address: hook.document.address.clone(),
        message: format!("msg_{delivery}"),
        secrets: hook.secrets(tx, cx.at)?,
        body: row.get(1)?,
    }))
}

fn lease_lane(cx: &Ctx, tx: &mut Write, sending: &Sending) -> Result<()> {
    let mut update = lane(sending.webhook, sending.record);
    update.value("lease", sending.lease.0).value("lease_until", cx.at.plus_seconds(LEASE).0);
    tx.execute(&update)?;
    Ok(())
}

fn lane(webhook: Id, record: Id) -> sea_query::UpdateStatement {
    Query::update()
        .table("webhook_lane")
        .and_where(Expr::col("webhook").eq(webhook.0))
        .and_where(Expr::col("record").eq(record.0))
        .to_owned()
}

fn close_lane(tx: &mut Write, webhook: Id, record: Id) -> Result<()> {
    let closed = Query::delete()
        .from_table("webhook_lane")
        .and_where(Expr::col("webhook").eq(webhook.0))
        .and_where(Expr::col("record").eq(record.0))
        .to_owned();
    tx.execute(&closed)?;
    Ok(())
}

/// Everything that a webhook is still to be told is due now.
pub(super) fn wake(cx: &Ctx, tx: &mut Write, webhook: Id) -> Result<()> {
    let update = Query::update()
        .table("webhook_lane")
        .value("due_at", cx.at.0)
        .and_where(Expr::col("webhook").eq(webhook.0))
        .and_where(Expr::col("due_at").gt(cx.at.0))
        .to_owned();
    tx.execute(&update)?;
    Ok(())
}

/// Notes what became of an attempt. With the next one of the same record, where it may be made at once.
pub fn finish(house: &House, sending: &Sending, outcome: &Outcome, pace: &Pace) -> Result<Option<Sending>> {
    house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
        // The webhook before its lanes, as everybody locks them.
        let Some(hook) = store::held(tx, sending.webhook)? else { return Ok(None) };
        let mine = Query::select()
            .column("record")
            .from("webhook_lane")
            .and_where(Expr::col("webhook").eq(sending.webhook.0))
            .and_where(Expr::col("record").eq(sending.record.0))
            .and_where(Expr::col("lease").eq(sending.lease.0))
            .to_owned();
        // Somebody else has it by now, or it was removed: what this attempt came to is told by another.
        if tx.held(&mine, "webhook_lane")?.is_none() {
            return Ok(None);
        }
        let Some((tries, queued_at)) = note_attempt(tx, sending, outcome)? else {
            release(tx, sending, cx.at)?;
            return Ok(None);
        };
        if outcome.arrived() {
            end(cx, tx, sending.delivery, "delivered")?;
            succeeded(cx, tx, &hook)?;
            return go_on(cx, tx, &hook, sending);
        }
        let long_enough = tries >= FEWEST && cx.at.0 - queued_at.0 >= pace.altogether();
        // Where the receiver takes others, or answers that it will not have this one, it is this one that is given up. One that is down as a
        // whole is paused, and what waits for it goes on waiting.
        let takes_others = hook.succeeded_at.is_some_and(|at| at > queued_at);
        let given_up = outcome.gone() || (long_enough && (takes_others || outcome.refused()));
        if given_up {
            end(cx, tx, sending.delivery, "failed")?;
        }
        let delay = std::cmp::max(pace.after(tries, usize::MAX), asked(outcome));
        release(tx, sending, if given_up { cx.at } else { Instant(cx.at.0 + delay) })?;
        failed(cx, tx, &hook, outcome, pace, given_up)?;
        Ok(None)
    })
}

/// The next of the same record, which stays this server's; a record of which nothing waits is let go.
fn go_on(cx: &Ctx, tx: &mut Write, hook: &Hook, sending: &Sending) -> Result<Option<Sending>> {
    if !hook.active || hook.paused.is_some() {
        release(tx, sending, cx.at)?;
        return Ok(None);
    }
    let next = next(cx, tx, hook, sending.record, sending.lease)?;
    match &next {
        Some(next) => lease_lane(cx, tx, next)?,
        None => close_lane(tx, sending.webhook, sending.record)?,
    }
    Ok(next)
}

/// Lets others have the record, not before an instant.
fn release(tx: &mut Write, sending: &Sending, due: Instant) -> Result<()> {
    let mut update = lane(sending.webhook, sending.record);
    update.value("due_at", due.0).value("lease", None::<Id>.map(|id| id.0)).value("lease_until", None::<i64>);
    tx.execute(&update)?;
    Ok(())
}

/// For how long the receiver asks to be left alone, in microseconds.
fn asked(outcome: &Outcome) -> i64 {
    outcome.retry_after.unwrap_or(0).clamp(0, LONGEST_ASKED) * 1_000_000
}

/// Writes an attempt down. How many there were since it was queued, and since when; none where the delivery does not wait any more.
fn note_attempt(tx: &mut Write, sending: &Sending, outcome: &Outcome) -> Result<Option<(i64, Instant)>> {
    let counted = tx.returning(
        Query::update()
            .table("webhook_delivery")
            .value("attempts", Expr::col("attempts").add(1_i64))
            .value("tries", Expr::col("tries").add(1_i64))
            .and_where(Expr::col("id").eq(sending.delivery.0))
            .and_where(Expr::col("state").eq("waiting"))
            .returning(Query::returning().columns(["attempts", "tries", "queued_at"]))
            .to_owned(),
    )?;
    let Some(row) = counted.first() else { return Ok(None) };
    let attempt = vec![
        sending.delivery.0.into(),
        row.get::<i64>(0)?.into(),
        outcome.at.0.into(),
        i64::try_from(outcome.took.as_millis()).unwrap_or(i64::MAX).into(),
        outcome.status.map(i64::from).into(),
        outcome.error.clone().into(),
        outcome.request.to_string().into(),
        outcome.answer.clone().into(),
    ];
    tx.insert_rows("webhook_attempt", &["delivery", "nth", "at", "took_ms", "status", "error", "request", "answer"], vec![attempt])?;
    Ok(Some((row.get(1)?, row.get(2)?)))
}

fn end(cx: &Ctx, tx: &mut Write, delivery: Id, state: &str) -> Result<()> {
    let update = Query::update()
        .table("webhook_delivery")
        .value("state", state)
        .value("ended_at", cx.at.0)
        .and_where(Expr::col("id").eq(delivery.0))
        .to_owned();
    tx.execute(&update)?;
    Ok(())
}

/// The receiver answers. One that was down gets everything that waits for it.
fn succeeded(cx: &Ctx, tx: &mut Write, hook: &Hook) -> Result<()> {
    if hook.failures >= DOWN {
        wake(cx, tx, hook.id)?;
    }
    let stale = hook.succeeded_at.is_none_or(|at| cx.at.0 - at.0 > 10_000_000);
    if stale || hook.failing_since.is_some() {
        let update = Query::update()
            .table("webhook")
            .value("succeeded_at", cx.at.0)
            .value("failing_since", None::<i64>)
            .value("failures", 0_i64)
            .and_where(Expr::col("id").eq(hook.id.0))
            .to_owned();
        tx.execute(&update)?;
    }
    Ok(())
}

/// It does not, or not as it should.
fn failed(cx: &Ctx, tx: &mut Write, hook: &Hook, outcome: &Outcome, pace: &Pace, given_up: bool) -> Result<()> {
    let since = hook.failing_since.unwrap_or(cx.at);
    let failures = hook.failures + 1;
    let update = Query::update()
        .table("webhook")
        .value("failing_since", since.0)
        .value("failures", failures)
        .and_where(Expr::col("id").eq(hook.id.0))
        .to_owned();
    tx.execute(&update)?;
    if outcome.gone() {
        store::pause(cx, tx, hook.id, paused::GONE)?;
        return notice::stopped(cx, tx, hook, paused::GONE);
    }
    // What was given up makes room for the next of the record, which is tried first.
    if !given_up && cx.at.0 - since.0 >= pace.altogether() {
        store::pause(cx, tx, hook.id, paused::FAILING)?;
        return notice::stopped(cx, tx, hook, paused::FAILING);
    }
    if failures >= DOWN {
        let wait = std::cmp::max(pace.after(failures - DOWN + 1, PROBE), asked(outcome));
        let put_off = Query::update()
            .table("webhook_lane")
            .value("due_at", cx.at.0 + wait)
            .and_where(Expr::col("webhook").eq(hook.id.0))
            .and_where(Expr::col("lease").is_null())
            .and_where(Expr::col("due_at").lt(cx.at.0 + wait))
            .to_owned();
        tx.execute(&put_off)?;
    }
    if cx.at.0 - since.0 >= pace.up_to(TOLD_AFTER) {
        notice::failing(cx, tx, hook, since)?;
    }
    Ok(())
}
