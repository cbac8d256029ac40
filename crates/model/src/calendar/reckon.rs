//! Working time between instants, and instants after working time.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::{BusinessCalendar, Clock, Span};
use crate::{Date, Instant};

/// How far into the future working time is looked for: beyond, there is as good as none.
const YEARS: i64 = 100;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// A calendar in its time zone, ready to reckon.
pub struct Reckoner<'a> {
    calendar: &'a BusinessCalendar,
    zone: TimeZone,
}

/// A stretch of working time, in µs since 1970: the end is not included.
type Stretch = (i64, i64);

impl<'a> Reckoner<'a> {
    /// In the calendar's time zone; where it has none of its own in the organisation's.
    pub fn new(calendar: &'a BusinessCalendar, organisation: &TimeZone) -> Reckoner<'a> {
        let own = calendar.time_zone.as_ref().and_then(|zone| TimeZone::get(zone).ok());
        Reckoner { calendar, zone: own.unwrap_or_else(|| organisation.clone()) }
    }

    /// The time zone that holds.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The hours of a working day, in seconds: those that most days of the week have, of several the longest; of a week without work eight.
    pub fn day_seconds(&self) -> i64 {
        let lengths: Vec<u16> = self.calendar.week.values().map(|spans| spans.iter().map(Span::minutes).sum()).filter(|m| *m > 0).collect();
        let often = |length: &u16| (lengths.iter().filter(|other| *other == length).count(), *length);
        i64::from(lengths.iter().copied().max_by_key(often).unwrap_or(8 * 60)) * 60
    }

    /// True in working time.
    pub fn is_working(&self, at: Instant) -> bool {
        self.working(at, Instant(at.0 + 1)).next().is_some()
    }

    /// Whole seconds of working time from one instant to another; 0 when that is earlier.
    pub fn working_between(&self, from: Instant, to: Instant) -> i64 {
        self.working(from, to).map(|(from, to)| to - from).sum::<i64>() / SECOND
    }

    /// The first instant by which so much working time has passed; `from` itself for none. `None` when there is not so much to come.
    pub fn add_working(&self, from: Instant, seconds: i64) -> Option<Instant> {
        let mut left = seconds.max(0).checked_mul(SECOND)?;
        if left == 0 {
            return Some(from);
        }
        for (begins, ends) in self.working(from, horizon(from)) {
            if ends - begins >= left {
                return Some(Instant(begins + left));
            }
            left -= ends - begins;
        }
        None
    }

    /// The first instant of working time, now or later. `None` when there is none to come.
    pub fn next_opening(&self, from: Instant) -> Option<Instant> {
        self.working(from, horizon(from)).next().map(|(begins, _)| Instant(begins))
    }

    /// The working time between two instants, in its order. Between two changes of the clocks local time runs as evenly as time itself, so each
    /// such piece is gone through day by day.
    fn working(&self, from: Instant, to: Instant) -> impl Iterator<Item = Stretch> {
        let (from, to) = (from.0, to.0);
        Pieces { zone: &self.zone, at: from, to }.flat_map(move |(begins, ends, offset)| {
            let (first, last) = ((begins + offset).div_euclid(DAY), (ends - 1 + offset).div_euclid(DAY));
            (first..=last).flat_map(move |day| {
                let hours = date_of(day).map_or(&[][..], |date| self.calendar.hours_on(date).0);
                let at = move |clock: Clock| day * DAY + i64::from(clock.0) * 60 * SECOND - offset;
                hours.iter().map(move |span| (at(span.from).max(begins), at(span.to).min(ends))).filter(|(begins, ends)| begins < ends)
            })
        })
    }
}

/// The time from `at` to `to`, cut where clocks are put forward or back: from, to, the offset of local time in µs.
struct Pieces<'a> {
    zone: &'a TimeZone,
    at: i64,
    to: i64,
}

impl Iterator for Pieces<'_> {
    type Item = (i64, i64, i64);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.to {
            return None;
        }
        let (begins, here) = (self.at, timestamp(self.at));
        let offset: Offset = self.zone.to_offset(here);
        let change = self.zone.following(here).next().map(|change| change.timestamp().as_microsecond());
        // A change that is not later would stand still.
        let ends = change.filter(|change| *change > begins).map_or(self.to, |change| change.min(self.to));
        self.at = ends;
        Some((begins, ends, i64::from(offset.seconds()) * SECOND))
    }
}

fn timestamp(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or(if at < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The date of a day counted since 1970.
fn date_of(day: i64) -> Option<Date> {
    const BEGINNING: Date = Date::constant(1970, 1, 1);
    BEGINNING.checked_add(i32::try_from(day).ok()?.days()).ok()
}

fn horizon(from: Instant) -> Instant {
    let last = Timestamp::MAX.as_microsecond();
    Instant(from.0.saturating_add(YEARS * 366 * DAY).min(last))
}

#[cfg(test)]
mod tests;
