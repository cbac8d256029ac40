//! What must be done now and then, whoever is there: rates of a new day, things kept for a while and no longer.

use db::Limits;
use model::Via;
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::{
    Credential, House, Result, files, idempotency, imports, jobs, mail, merging, notices, organisation, search, watching, webhooks,
};

/// How long events are kept for listeners who were away, in seconds.
const EVENTS_KEPT: i64 = 7 * 86_400;

/// How often the engine counts what is in its tables, in seconds: its plans are only as good as what it knows of them.
const COUNTED_EVERY: i64 = 3_600;

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Amounts converted anew.
    pub converted: u64,
    /// Events, keys and sessions that were let go.
    pub swept: u64,
}

/// One round. Any number of servers may make it at any time: each step finds what is left to do.
pub fn round(house: &House) -> Result<Done> {
    let housekeeping = Credential::System("housekeeping");
    let converted = organisation::settle_rates(house)?;
    // Fields that have come to be searched without anybody entering them.
    search::fill(house.db(), &house.meta().schema)?;
    house.settle_refusals(house.read(&housekeeping, Limits::default(), |cx, _| Ok(cx.at))?)?;
    let swept = house.write(&housekeeping, Limits::default(), Via::System, |cx, tx| {
        let keys = idempotency::sweep(cx, tx)?;
        let mut sessions = 0;
        for table in ["session", "pending_sign_in"] {
            sessions += tx.execute(Query::delete().from_table(table).and_where(Expr::col("expires_at").lte(cx.at.0)))?;
        }
        // What a webhook has yet to be told of is kept for longer.
        let old = cx.at.plus_seconds(-EVENTS_KEPT);
        let needed = webhooks::unread_since(cx, tx)?;
        let events = db::outbox::prune(tx, needed.map_or(old, |needed| std::cmp::min(needed, old)))?;
        Ok(keys
            + sessions
            + events
            + files::sweep(cx, tx)?
            + webhooks::sweep(cx, tx)?
            + imports::sweep(cx, tx)?
            + jobs::sweep(cx, tx)?
            + watching::sweep(cx, tx)?)
    })?;
    let swept = swept + notices::prune(house)? + mail::prune(house)? + files::tidy_directory(house)?;
    house.write(&housekeeping, Limits::default(), Via::System, merging::groups::again)?;
    if house.write(&housekeeping, Limits::default(), Via::System, |cx, tx| is_due(tx, "counted_at", cx.at.0 / 1_000_000))? {
        house.db().analyse()?;
    }
    Ok(Done { converted, swept })
}

/// True for one server of all when the last time is long enough ago; from then on it counts as done.
fn is_due(tx: &mut db::Write, key: &str, now: i64) -> Result<bool> {
    tx.lock(&[key.to_owned()])?;
    let last = tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(key)))?;
    if last.map(|row| row.get::<i64>("n")).transpose()?.is_some_and(|last| now - last < COUNTED_EVERY) {
        return Ok(false);
    }
    tx.execute(
        Query::insert()
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([key.into(), now.into()])
            .on_conflict(OnConflict::column("key").update_columns(["n"]).to_owned()),
    )?;
    Ok(true)
}
