//! Past periods, projected with nothing but what was known when each began.

use std::ops::Range;

use db::Read;
use jiff::ToSpan;
use model::analysis::projection::{Course, Window, back_test};
use model::period::{Length, Period};
use model::{Date, Id, Instant};

use super::about::About;
use super::courses::{Courses, Fell};
use super::worth::Worth;
use crate::{Ctx, Result};

/// Stretches of a period's length that are tested, one beginning with every month.
const STRETCHES: i32 = 24;
/// Closed deals without which nothing can be learnt.
pub(super) const FEWEST: u64 = 50;

/// The instants of days.
pub(super) fn instants(cx: &Ctx, first: Date, last: Date) -> Range<Instant> {
    let zone = &cx.meta.calendar.zone;
    Instant::start_of(first, zone)..Instant::start_of(last.saturating_add(1.day()), zone)
}

/// How projections of this length would have fallen for what is asked.
pub(super) fn fell(cx: &Ctx, tx: &mut Read, courses: &Courses, about: &About, length: Length, asked_as: &str) -> Result<Fell> {
    let who = if cx.who.system.is_some() { String::new() } else { cx.who.id.to_string() };
    let key = format!("{who} {length:?} {} {} {asked_as}", cx.today(), cx.meta.version);
    courses.tested(key, cx.at, || {
        let (learnt, asked) = (about.learnt(), about.asked());
        let windows = windows(cx, tx, about, &asked, length)?;
        Ok(back_test(&learnt, &asked, &windows, FEWEST))
    })
}

fn windows(cx: &Ctx, tx: &mut Read, about: &About, asked: &[&Course], length: Length) -> Result<Vec<Window>> {
    let calendar = &cx.meta.calendar;
    let months = match length {
        Length::Month => 1,
        Length::Quarter => 3,
        Length::Year => 12,
    };
    // The last stretch ends with the month before this one.
    let this = Period::of(Length::Month, cx.today(), calendar);
    let began = asked.iter().filter_map(|course| course.began()).min();
    let mut spans: Vec<(Date, Range<Instant>)> = Vec::new();
    for back in (months..months + STRETCHES).rev() {
        let first = this.plus(-back).days(calendar).first;
        let last = this.plus(-back + months - 1).days(calendar).last;
        let span = instants(cx, first, last);
        if began.is_some_and(|began| began < span.start) {
            spans.push((first, span));
        }
    }
    let Some((_, earliest)) = spans.first() else { return Ok(Vec::new()) };
    let worth = Worth::since(tx, Instant(earliest.start.0 - 1))?;
    let mut windows = Vec::with_capacity(spans.len());
    for (first, period) in spans {
        let cut = Instant(period.start.0 - 1);
        let open: Vec<Id> = asked.iter().filter(|course| course.stood(cut).is_some()).map(|course| course.id).collect();
        let known = worth.at(cx, tx, &about.held, &open, (cut, first.saturating_sub(1.day())))?;
        let year = |day: Date| day.saturating_sub(1.year());
        let last = Instant(period.end.0 - 1).date_in(&calendar.zone);
        let year_before = instants(cx, year(first), year(last).last_of_month());
        windows.push(Window { period, year_before, known });
    }
    Ok(windows)
}
