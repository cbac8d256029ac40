//! The clock of a stage stands still while the deal waits for its approval: nothing is due then, and the time it took is added afterwards.

use std::collections::BTreeMap;

use db::Read;
use model::approval::Trigger;
use model::process::{InForce, StageRules};
use model::{Id, Instant, Object, Record, Value};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::waits_for;
use crate::processes::{self, due};
use crate::save::{Deed, Working};
use crate::{Ctx, Result};

/// When stage approvals of these deals began and ended; one that runs has no end.
pub(crate) type Pauses = BTreeMap<Id, Vec<(Instant, Option<Instant>)>>;

/// Of these deals.
pub(crate) fn pauses(tx: &mut Read, records: &[Id]) -> Result<Pauses> {
    let mut found = Pauses::new();
    for chunk in records.chunks(500) {
        let select = Query::select()
            .columns(["record", "began_at", "ended_at"])
            .from("approval")
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("what").eq(Trigger::Stage.key()))
            .order_by("began_at", Order::Asc)
            .to_owned();
        for row in tx.all(&select)? {
            found.entry(row.get("record")?).or_default().push((row.get("began_at")?, row.get("ended_at")?));
        }
    }
    Ok(found)
}

/// Until when a deal may stay in its stage; nothing while it waits.
pub(crate) fn due_at(cx: &Ctx, deal: &Record, rules: &StageRules, entered: Instant, pauses: &Pauses, now: Instant) -> Option<Instant> {
    if waits_for(deal) == Some(Trigger::Stage) {
        return None;
    }
    let department = deal.reference("owner_department");
    let of_stay = pauses.get(&deal.id).into_iter().flatten().filter(|(began, _)| *began >= entered);
    let paused = of_stay.map(|(began, ended)| due::passed(cx, department, *began, ended.unwrap_or(now), rules.duration_in)).sum();
    due::instant(cx, department, entered, rules.duration_seconds?, rules.duration_in, paused)
}

/// Sets the clock going again of deals that stay where they are after their approval.
pub(crate) fn resume(cx: &Ctx, tx: &mut Read, object: &Object, work: &mut [Working]) -> Result<()> {
    let stays = |item: &Working| {
        let waited = item.before.as_ref().is_some_and(|before| waits_for(before) == Some(Trigger::Stage));
        item.is_sound() && waited && matches!(item.change.deed, Deed::Release { .. })
    };
    if !processes::concerns(object) || !work.iter().any(stays) {
        return Ok(());
    }
    let pauses = pauses(tx, &work.iter().filter(|item| stays(item)).map(|item| item.after.id).collect::<Vec<_>>())?;
    for item in work.iter_mut().filter(|item| stays(item)) {
        let process = cx.meta.in_force(&item.after).map(InForce::process);
        let rules = process.and_then(|process| process.stage(item.after.text("stage")));
        let (Some(rules), Some(entered)) = (rules, item.after.get("stage_entered_at").as_instant()) else { continue };
        let due_at = due_at(cx, &item.after, rules, entered, &pauses, item.at);
        item.after.set("stage_due_at", Value::from(due_at.map(Value::Instant)));
    }
    Ok(())
}
