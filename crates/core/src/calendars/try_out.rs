//! Trying a calendar, and reading days for it.

use db::Read;
use model::calendar::{Reckoner, read_days};
use model::{Id, Instant, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::named;
use crate::{Ctx, Result};

/// `POST /calendars/{id}/reckon`: from an instant, to another or after so much working time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reckon {
    pub from: String,
    #[serde(default)]
    pub to: Option<String>,
    #[serde(default)]
    pub seconds: Option<i64>,
}

/// Seconds that are added at most: a hundred years.
const MOST: i64 = 3_200_000_000;

/// What the calendar says: whether `from` is working time and when working time is next; the working seconds up to `to`, and the instant
/// after so many.
pub fn reckon(cx: &Ctx, _: &mut Read, id: Id, wanted: &Reckon) -> Result<Json> {
    let kept = named(&cx.meta, id)?;
    let reckoner = Reckoner::new(&kept.calendar, &cx.meta.calendar.zone);
    let mut found = Violations::new();
    let mut instant = |text: &str, path: &str| {
        let at = Instant::parse(text);
        if at.is_none() {
            found.push(Violation::new("field.invalid", path).with("expected", "an instant, as 2026-11-23T15:48:00Z"));
        }
        at
    };
    let from = instant(&wanted.from, "from");
    let to = wanted.to.as_deref().and_then(|to| instant(to, "to"));
    if wanted.seconds.is_some_and(|seconds| !(0..=MOST).contains(&seconds)) {
        found.push(Violation::new("field.out_of_range", "seconds").with("min", 0).with("max", MOST));
    }
    let Some(from) = from.filter(|_| found.is_empty()) else { return Err(found.into()) };
    let hours = kept.calendar.hours_on(from.date_in(reckoner.zone()));
    Ok(json!({
        "is_working": reckoner.is_working(from),
        "next_opening": reckoner.next_opening(from),
        "seconds": to.map(|to| reckoner.working_between(from, to)),
        "at": wanted.seconds.and_then(|seconds| reckoner.add_working(from, seconds)),
        "hours": hours.0,
        "day": hours.1.map(|special| special.name.as_str()),
        "time_zone": kept.calendar.time_zone.as_ref().unwrap_or(&cx.meta.organisation.time_zone),
    }))
}

/// `POST /calendars/days`: a calendar file, rows of a table, or days one below the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub text: String,
}

/// The special days in a text, to be put into a calendar, and the lines that are none.
pub fn days(wanted: &Text) -> Json {
    let (days, unread) = read_days(&wanted.text);
    let unread: Vec<Json> = unread.iter().map(|one| json!({"line": one.line, "text": one.text})).collect();
    json!({"days": days, "unread": unread})
}
