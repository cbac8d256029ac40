//! What a calendar must be like.

use jiff::tz::TimeZone;

use super::{BusinessCalendar, DayKind, Span, WEEKDAYS};
use crate::{Violation, Violations};

/// Spans in a day, special days in a calendar, characters in a name.
const SPANS: usize = 12;
const DAYS: usize = 2_000;
const NAME: usize = 200;

/// All that stands against a calendar.
pub fn check(calendar: &BusinessCalendar) -> Violations {
    let mut found = Violations::new();
    text(&calendar.name, "name", true, &mut found);
    if calendar.time_zone.as_ref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
        found.push(Violation::new("field.invalid", "time_zone").with("expected", "a time zone, as Europe/Berlin"));
    }
    for (day, hours) in &calendar.week {
        if WEEKDAYS.contains(&day.as_str()) {
            spans(hours, &format!("week/{day}"), &mut found);
        } else {
            found.push(Violation::new("field.not_an_option", format!("week/{day}")).with("options", WEEKDAYS.to_vec()));
        }
    }
    if calendar.days.len() > DAYS {
        found.push(Violation::new("calendar.too_many_days", "days").with("max", DAYS));
    }
    for (at, day) in calendar.days.iter().enumerate().take(DAYS) {
        let path = |field: &str| format!("days/{at}/{field}");
        text(&day.name, &path("name"), false, &mut found);
        // Of those that come every year a range may go over New Year.
        if day.to < day.from && !day.yearly {
            found.push(Violation::new("calendar.ends_before_it_begins", path("to")));
        }
        if !(1..=9999).contains(&day.from.year()) || !(1..=9999).contains(&day.to.year()) {
            found.push(Violation::new("field.invalid", path("from")).with("expected", "a day, as 2026-11-23"));
        }
        spans(&day.hours, &path("hours"), &mut found);
        match day.kind {
            DayKind::Holiday if !day.hours.is_empty() => found.push(Violation::new("calendar.holiday_with_hours", path("hours"))),
            DayKind::HalfDay if day.hours.is_empty() => found.push(Violation::new("field.required", path("hours"))),
            _ => {}
        }
        if let Some(like) = &day.like
            && (day.kind != DayKind::WorkingDay || !WEEKDAYS.contains(&like.as_str()))
        {
            found.push(Violation::new("field.not_an_option", path("as")).with("options", WEEKDAYS.to_vec()));
        }
    }
    found
}

fn text(text: &str, path: &str, required: bool, found: &mut Violations) {
    if required && text.trim().is_empty() {
        found.push(Violation::new("field.required", path));
    }
    if !crate::text::storable(text) {
        found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
    }
    if text.chars().count() > NAME {
        found.push(Violation::new("field.too_long", path).with("max", NAME));
    }
}

/// In their order, each longer than nothing, none reaching into the next.
fn spans(spans: &[Span], path: &str, found: &mut Violations) {
    let mut before = None;
    for (at, span) in spans.iter().enumerate() {
        if span.from >= span.to {
            found.push(Violation::new("calendar.ends_before_it_begins", format!("{path}/{at}")));
        }
        if before.is_some_and(|end| span.from < end) {
            found.push(Violation::new("calendar.hours_overlap", format!("{path}/{at}")));
        }
        before = Some(span.to);
    }
    if spans.len() > SPANS {
        found.push(Violation::new("calendar.too_many_hours", path).with("max", SPANS));
    }
}
