//! Deals whose time in their stage is watched.

use model::{Instant, Object, Record};

use super::watching::Watch;
use crate::{Ctx, processes};

/// What a change of a deal does to the reminders of its stage. Nothing is written for deals in stages that have none.
pub(crate) fn of_stage(cx: &Ctx, object: &Object, before: Option<&Record>, after: &Record) -> Option<Watch> {
    if !processes::concerns(object) {
        return None;
    }
    let stood = before.and_then(|deal| watched(cx, deal));
    let stands = watched(cx, after);
    let same = before.is_some_and(|before| before.get("stage_entered_at") == after.get("stage_entered_at")) && stood == stands;
    if same || stood.is_none() && stands.is_none() {
        return None;
    }
    let (due_at, reminders) = stands.unzip();
    Some(Watch::stage(cx, after.id, due_at, reminders.unwrap_or_default()))
}

/// Until when a deal may stay in its stage, and who is reminded of it, if anybody is.
fn watched<'a>(cx: &'a Ctx, deal: &Record) -> Option<(Instant, &'a [model::process::Reminder])> {
    if deal.text("lifecycle_status") == "voided" || !deal.get("closed_at").is_null() {
        return None;
    }
    let rules = cx.meta.in_force(deal)?.process().stage(deal.text("stage"))?;
    Some((deal.get("stage_due_at").as_instant()?, rules.reminders.as_slice())).filter(|(_, reminders)| !reminders.is_empty())
}
