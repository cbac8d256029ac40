//! What stands against an act with a pool.

use std::collections::BTreeMap;

use db::Write;
use model::approval::Trigger;
use model::pool::{Mode, Pool};
use model::role::Act;
use model::{Id, Instant, Object, Record, Violation};

use super::{administers, find, is_in, lies_in, log, named_in, reclaim};
use crate::save::{Change, Deed, Under, Working};
use crate::{Ctx, Error, Result, approvals};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// True where it is the pool in which the record lies that lets the caller do this: claim as its member, give out and move as one of its
/// administrators, whatever his roles let him write. `by_role` tells whether a role allows the act.
pub(crate) fn allowed(cx: &Ctx, object: &Object, change: &Change, record: &Record, by_role: bool) -> bool {
    let Some(pool) = lies_in(object, record) else { return false };
    match change.deed {
        Deed::Claim => by_role,
        Deed::Assign { .. } | Deed::MovePool { .. } => administers(cx, pool),
        _ => false,
    }
}

/// Who claims what he saw in a pool, and does not see any more because somebody has it, is told that.
pub(crate) fn came_too_late(cx: &Ctx, tx: &mut Write, object: &Object, id: Id) -> Result<Option<Error>> {
    let scope = db::records::Scope::All("whether somebody was faster");
    let found = db::records::load(tx, &cx.meta.schema, object, &scope, &[id])?;
    let taken = found.first().is_some_and(|record| record.owner().is_some() && named_in(record).is_some_and(|pool| is_in(cx, pool)));
    Ok(taken.then(|| Violation::new("pool.claimed_already", "").into()))
}

/// What is told to whoever claims what somebody has, and what he may still see.
pub(crate) fn claimed_already(record: &Record) -> Error {
    let code = if named_in(record).is_some() { "pool.claimed_already" } else { "pool.not_claimable" };
    Violation::new(code, "").into()
}

/// Judges acts with pools.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    let concerned = |item: &Working| {
        matches!(item.change.deed, Deed::Claim | Deed::Return { .. } | Deed::MovePool { .. } | Deed::Assign { .. } | Deed::Convert(_))
    };
    if !work.iter().any(|item| item.error.is_none() && concerned(item)) {
        return Ok(());
    }
    // One person's claims from one pool pass here one after the other, so that each counts those before it.
    let limited: Vec<String> = work.iter().filter_map(|item| claims_lock(cx, item)).collect();
    if !limited.is_empty() {
        tx.lock(&limited)?;
    }
    // How many of each pool the caller has claimed today, those of this very act included.
    let mut claimed: BTreeMap<Id, i64> = BTreeMap::new();
    for item in work.iter_mut().filter(|item| item.error.is_none() && concerned(item)) {
        let Some(before) = item.before.clone() else { continue };
        let found = match item.change.deed {
            // That he might was judged when he asked.
            Deed::Claim if matches!(item.change.under, Some(Under::Executes(_))) => still_there(cx, &before),
            Deed::Claim => claim(cx, tx, item, &before, &mut claimed)?,
            Deed::Return { .. } => match item.change.reclaimed_by.clone() {
                Some(rule) if reclaim::still_due(cx, tx, object, &before, &rule)? => None,
                Some(_) => Some(Violation::new("pool.not_due", "")),
                None => give_back(item, &before),
            },
            Deed::MovePool { .. } => before.owner().map(|_| Violation::new("pool.has_owner", "")),
            Deed::Assign { .. } => assign(object, &before),
            // Whoever would convert it has it first.
            Deed::Convert(_) => lies_in(object, &before).map(|_| Violation::new("pool.claim_first", "")),
            _ => None,
        };
        item.findings.extend(found);
    }
    Ok(())
}

/// Gives out nothing that somebody has.
fn assign(object: &Object, before: &Record) -> Option<Violation> {
    let stands = before.owner().is_some() && object.key != model::objects::lead::KEY;
    stands.then(|| Violation::new("owner.use_change_owner", "owner"))
}

fn give_back(item: &Working, before: &Record) -> Option<Violation> {
    if before.owner().is_none() {
        Some(Violation::new("pool.nobody_has_it", ""))
    } else {
        item.change.reason().is_none().then(|| Violation::new("pool.reason_required", "reason"))
    }
}

/// The lock under which the caller's claims of a day are counted; none where they have no limit.
fn claims_lock(cx: &Ctx, item: &Working) -> Option<String> {
    let before = item.before.as_ref().filter(|_| item.is_sound() && matches!(item.change.deed, Deed::Claim))?;
    let pool = named_in(before).and_then(|pool| find(&cx.meta, pool)).filter(|pool| pool.claims_per_day.is_some())?;
    Some(format!("claims:{}:{}", pool.id, cx.who.id))
}

fn still_there(cx: &Ctx, before: &Record) -> Option<Violation> {
    let pool = named_in(before).and_then(|pool| find(&cx.meta, pool));
    pool.is_none().then(|| Violation::new("pool.not_claimable", ""))
}

fn claim(cx: &Ctx, tx: &mut Write, item: &Working, before: &Record, claimed: &mut BTreeMap<Id, i64>) -> Result<Option<Violation>> {
    let from = named_in(before).and_then(|pool| find(&cx.meta, pool));
    let Some(pool) = from else { return Ok(Some(Violation::new("pool.not_claimable", ""))) };
    let stands = if !pool.active {
        Some("pool.inactive")
    } else if !is_in(cx, pool.id) {
        Some("pool.not_a_member")
    } else if pool.mode != Mode::Claimable {
        Some("pool.not_claimable")
    } else {
        None
    };
    if let Some(code) = stands {
        return Ok(Some(Violation::new(code, "").with("pool", pool.name.as_str())));
    }
    if let Some(found) = again(cx, tx, pool, before, item.at)? {
        return Ok(Some(found));
    }
    let Some(most) = pool.claims_per_day else { return Ok(None) };
    let today = match claimed.get(&pool.id) {
        Some(count) => *count,
        // Those that wait for an approval are his as well.
        None => claims_today(cx, tx, pool.id)? + claims_that_wait(cx, tx, item, pool.id)?,
    };
    // Against which something stands already, it takes no place of those that come after it.
    claimed.insert(pool.id, today + i64::from(item.is_sound()));
    let full = today >= i64::from(most);
    Ok(full.then(|| Violation::new("pool.daily_limit", "").with("pool", pool.name.as_str()).with("limit", most)))
}

/// Claims of the caller from a pool in this day of the organisation.
pub(super) fn claims_today(cx: &Ctx, tx: &mut db::Read, pool: Id) -> Result<i64> {
    let since = Instant::start_of(cx.today(), &cx.meta.calendar.zone);
    log::claims(tx, pool, cx.who.id, since)
}

/// Claims of the caller from a pool that wait for their approvals.
fn claims_that_wait(cx: &Ctx, tx: &mut db::Read, item: &Working, pool: Id) -> Result<i64> {
    let Some(object) = cx.meta.schema.object(&item.change.object).filter(|_| approvals::may_catch(cx, &item.change.object, Trigger::Claim))
    else {
        return Ok(0);
    };
    let records: Vec<Id> = approvals::coming(tx, &object.key, &[cx.who.id])?.into_iter().map(|(_, record)| record).collect();
    let found = db::records::load(tx, &cx.meta.schema, object, &db::records::Scope::All("what he has claimed"), &records)?;
    let waits = |record: &&Record| approvals::waits_for(record) == Some(Trigger::Claim) && named_in(record) == Some(pool);
    Ok(found.iter().filter(waits).count() as i64)
}

/// Nobody claims again for a while what he has given back, or lost to the pool.
fn again(cx: &Ctx, tx: &mut Write, pool: &Pool, before: &Record, at: Instant) -> Result<Option<Violation>> {
    let Some(days) = pool.not_again_for_days else { return Ok(None) };
    let Some(lost) = log::lost_at(tx, before.id, cx.who.id)? else { return Ok(None) };
    let until = lost.plus_seconds(i64::from(days) * DAY);
    Ok((at < until).then(|| Violation::new("pool.not_again_yet", "").with("until", until.to_string()).with("days", days)))
}

/// Refuses who may neither by his roles nor, as its administrator, by the pool.
pub(super) fn must_be_in(cx: &Ctx, pool: &Pool) -> Result<()> {
    let sees = is_in(cx, pool.id) || cx.is_administrator() || cx.who.rights.may(Act::Assign, &pool.object);
    if sees { Ok(()) } else { Err(Error::NotFound) }
}
