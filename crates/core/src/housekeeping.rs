//! What must be done now and then, whoever is there: rates of a new day, things kept for a while and no longer.

use db::Limits;
use model::Via;
use sea_query::{Expr, ExprTrait, Query};

use crate::{Credential, House, Result, idempotency, organisation};

/// How long events are kept for listeners who were away, in seconds.
const EVENTS_KEPT: i64 = 7 * 86_400;

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
    let converted = house.write(&housekeeping, Limits::default(), Via::System, organisation::settle_rates)?;
    let swept = house.write(&housekeeping, Limits::default(), Via::System, |cx, tx| {
        let keys = idempotency::sweep(cx, tx)?;
        let sessions = tx.execute(Query::delete().from_table("session").and_where(Expr::col("expires_at").lte(cx.at.0)))?;
        let events = db::outbox::prune(tx, cx.at.plus_seconds(-EVENTS_KEPT))?;
        Ok(keys + sessions + events)
    })?;
    Ok(Done { converted, swept })
}
