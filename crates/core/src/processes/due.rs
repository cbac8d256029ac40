//! When a stage, or a task in it, is due: by the calendar that holds for the owner of the deal.

use model::calendar::Reckoner;
use model::process::{StageRules, TimeIn, due};
use model::{Id, Instant, Record};

use crate::{Ctx, calendars};

/// The instant at which so much time is up that began at `from`, in the working time of people in this department or in every hour.
/// `paused` is what passed without counting, as [`passed`] tells it. `None` where that much working time never comes.
pub fn instant(cx: &Ctx, department: Option<Id>, from: Instant, seconds: i64, time: TimeIn, paused: i64) -> Option<Instant> {
    due::due(reckoner(cx, department).as_ref(), from, seconds, time, paused)
}

/// Seconds between two instants, of the time that counts: what a pause is added to a due instant with.
pub fn passed(cx: &Ctx, department: Option<Id>, from: Instant, to: Instant, time: TimeIn) -> i64 {
    due::passed(reckoner(cx, department).as_ref(), from, to, time)
}

/// Until when a deal that enters a stage may stay there.
pub fn of_stage(cx: &Ctx, record: &Record, rules: &StageRules, entered: Instant) -> Option<Instant> {
    instant(cx, record.reference("owner_department"), entered, rules.duration_seconds?, rules.duration_in, 0)
}

fn reckoner(cx: &Ctx, department: Option<Id>) -> Option<Reckoner<'_>> {
    calendars::of_department(&cx.meta, department).map(|kept| Reckoner::new(&kept.calendar, &cx.meta.calendar.zone))
}
