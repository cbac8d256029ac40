//! What is kept for webhooks, and for how long.

use std::collections::BTreeSet;

use db::{Read, Write};
use model::{Instant, Object, Record};
use sea_query::{Expr, ExprTrait, Query};

use super::store;
use crate::{Ctx, Result, events};

/// How long events wait for a webhook that does not take them up, in seconds: 30 days. Then they are let go, and it is told that there is a gap.
pub(super) const WAITS: i64 = 30 * 86_400;
/// How long deliveries are kept after their end, in seconds: 30 days.
const KEPT: i64 = 30 * 86_400;
/// Deliveries let go in one round.
const ROUND: u64 = 5_000;
/// Events may stand a little out of the order of their instants.
const LOOSE: i64 = 3_600;

/// Writes down what records hold that are about to be deleted for good, where a webhook may have yet to tell of it.
pub(crate) fn keep_last(cx: &Ctx, tx: &mut Write, object: &Object, records: &[Record]) -> Result<()> {
    let follows = |hook: &store::Hook| hook.follows() && hook.document.subscriptions.iter().any(|one| one.object == object.key);
    if records.is_empty() || !store::all(tx)?.iter().any(follows) {
        return Ok(());
    }
    let rows = records
        .iter()
        .map(|record| {
            vec![
                record.id.0.into(),
                object.key.as_str().into(),
                (record.revision + 1).into(),
                db::history::pack(&record.values).into(),
                cx.at.0.into(),
            ]
        })
        .collect();
    Ok(tx.insert_rows("webhook_last", &["record", "object", "revision", "doc", "at"], rows)?)
}

/// Events from this instant on are still needed by a webhook; older ones may go. None: by no webhook.
/// Webhooks that are further behind than is waited for lose what is older, and remember until when.
pub(crate) fn unread_since(cx: &Ctx, tx: &mut Write) -> Result<Option<Instant>> {
    let mut needed: Option<Instant> = None;
    let longest = cx.at.plus_seconds(-WAITS);
    for hook in store::all(tx)?.iter().filter(|hook| hook.follows()) {
        let (next, _) = events::after(tx, &hook.position, 1)?;
        let Some((_, first)) = next.first() else { continue };
        if first.at < longest {
            let update = Query::update().table("webhook").value("gap_until", longest.0).and_where(Expr::col("id").eq(hook.id.0)).to_owned();
            tx.execute(&update)?;
        }
        let since = first.at.plus_seconds(-LOOSE).max(longest);
        needed = Some(needed.map_or(since, |other| other.min(since)));
    }
    Ok(needed)
}

/// Lets go of deliveries that came to their end long ago, and of what deleted records held.
pub(crate) fn sweep(cx: &Ctx, tx: &mut Write) -> Result<u64> {
    let old = cx.at.plus_seconds(-KEPT);
    let ended = Query::select().column("id").from("webhook_delivery").and_where(Expr::col("ended_at").lt(old.0)).limit(ROUND).to_owned();
    let ids: BTreeSet<model::Id> = tx.all(&ended)?.iter().map(|row| row.get(0)).collect::<std::result::Result<_, _>>()?;
    for chunk in ids.iter().copied().collect::<Vec<_>>().chunks(200) {
        let these = || chunk.iter().map(|id| id.0);
        tx.execute(Query::delete().from_table("webhook_attempt").and_where(Expr::col("delivery").is_in(these())))?;
        tx.execute(Query::delete().from_table("webhook_delivery").and_where(Expr::col("id").is_in(these())))?;
    }
    let last = tx.execute(Query::delete().from_table("webhook_last").and_where(Expr::col("at").lt(cx.at.plus_seconds(-WAITS).0)))?;
    Ok(ids.len() as u64 + last)
}

/// True where so much waits already that more stays in the outbox.
pub(super) fn is_full(tx: &mut Read, webhook: model::Id) -> Result<bool> {
    Ok(super::show::count(tx, webhook, "waiting")? >= super::show::COUNTED as i64)
}
