//! Instants, dates and the bounds of days, weeks, months and quarters in a time zone.

use std::fmt;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A day of the calendar without a time zone, kept as ISO text (`2026-11-23`), which sorts rightly.
pub type Date = jiff::civil::Date;

/// A point in time: microseconds since 1970 in UTC. Both databases keep it as BIGINT.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Instant(pub i64);

impl Instant {
    /// The later of `self` and one microsecond after `last`: the instants of one record never stand still or go back (spec/02).
    pub fn after(self, last: Instant) -> Instant {
        Instant(self.0.max(last.0 + 1))
    }

    /// Reads RFC 3339 (`2026-11-23T15:48:00Z`); `None` when it is not that or lies outside the years 1 to 9999.
    pub fn parse(text: &str) -> Option<Instant> {
        text.parse::<Timestamp>().ok().map(|t| Instant(t.as_microsecond()))
    }

    /// The first instant of `date` in `zone`.
    pub fn start_of(date: Date, zone: &TimeZone) -> Instant {
        let at = date.to_zoned_datetime(zone.clone()).map(|z| z.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        Instant(at.as_microsecond())
    }

    /// The day on which this instant falls in `zone`.
    pub fn date_in(self, zone: &TimeZone) -> Date {
        self.timestamp().to_zoned_datetime(zone.clone()).date()
    }

    /// Day, hour and minute in `zone`, as a person reads them: `2026-11-23 15:48`.
    pub fn clock_in(self, zone: &TimeZone) -> String {
        let at = self.timestamp().to_zoned_datetime(zone.clone()).datetime();
        format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
    }

    /// Whole seconds from `earlier` to `self`, never negative.
    pub fn seconds_since(self, earlier: Instant) -> i64 {
        ((self.0 - earlier.0) / 1_000_000).max(0)
    }

    /// `seconds` later.
    pub fn plus_seconds(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.timestamp())
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    /// Takes the text that is written.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(deserializer)?;
        Instant::parse(&text).ok_or_else(|| serde::de::Error::custom("an instant was expected, as 2026-11-23T15:48:00Z"))
    }
}

impl serde::Serialize for Instant {
    /// As RFC 3339 text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// 1970-01-01 as [`nth_day`] counts.
pub const EPOCH: i64 = 719_163;

/// A day by its number from the first of the first year, which is 1.
pub fn nth_day(n: i64) -> Option<Date> {
    let days = jiff::Span::new().try_days(n - EPOCH).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(days).ok()
}

/// From when on a clock in `zone` is how many microseconds ahead of UTC, in order, from 1970 to 2100.
pub fn clock(zone: &TimeZone) -> Vec<(Instant, i64)> {
    let ahead = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1_000_000;
    let mut clock = vec![(Instant(i64::MIN), ahead(zone.to_offset(Timestamp::UNIX_EPOCH)))];
    let last = jiff::civil::date(2100, 1, 1);
    for change in zone.following(Timestamp::UNIX_EPOCH) {
        let at = change.timestamp();
        if at.to_zoned_datetime(TimeZone::UTC).date() >= last {
            break;
        }
        clock.push((Instant(at.as_microsecond()), ahead(change.offset())));
    }
    clock
}

/// How the organisation counts its days; what "this week" and "this quarter" mean.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The organisation's time zone.
    pub zone: TimeZone,
    /// First day of a week.
    pub week_start: Weekday,
    /// Month (1–12) in which the fiscal year begins.
    pub fiscal_year_start_month: i8,
}

/// A run of days, first and last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Calendar {
    /// The days that a relative name means on `today`: `today`, `this_week`, `last_n_days` and so on; `None` for an unknown name.
    /// `n` is the number of `last_n_…` and `next_n_…`: `last_n_days` are the n days before today and today, `next_n_days` today and the n days after.
    pub fn days(&self, name: &str, n: i32, today: Date) -> Option<Days> {
        let week = |day: Date| {
            let first = day.saturating_sub(i32::from(day.weekday().since(self.week_start)).days());
            Days { first, last: first.saturating_add(6.days()) }
        };
        let month = |day: Date| Days { first: day.first_of_month(), last: day.last_of_month() };
        let quarter = |day: Date| {
            let first = day.first_of_month().saturating_sub(i32::from((day.month() - self.fiscal_year_start_month).rem_euclid(3)).months());
            Days { first, last: first.saturating_add(2.months()).last_of_month() }
        };
        let year = |day: Date| {
            let back = i32::from((day.month() - self.fiscal_year_start_month).rem_euclid(12));
            let first = day.first_of_month().saturating_sub(back.months());
            Days { first, last: first.saturating_add(11.months()).last_of_month() }
        };
        let one = |day: Date| Days { first: day, last: day };
        let n = n.clamp(0, 36_500);
        Some(match name {
            "today" => one(today),
            "yesterday" => one(today.saturating_sub(1.days())),
            "tomorrow" => one(today.saturating_add(1.days())),
            "this_week" => week(today),
            "last_week" => week(today.saturating_sub(7.days())),
            "next_week" => week(today.saturating_add(7.days())),
            "this_month" => month(today),
            "last_month" => month(today.first_of_month().saturating_sub(1.months())),
            "next_month" => month(today.first_of_month().saturating_add(1.months())),
            "this_quarter" => quarter(today),
            "last_quarter" => quarter(today.first_of_month().saturating_sub(3.months())),
            "next_quarter" => quarter(today.first_of_month().saturating_add(3.months())),
            "this_year" => year(today),
            "last_year" => year(today.first_of_month().saturating_sub(12.months())),
            "next_year" => year(today.first_of_month().saturating_add(12.months())),
            "last_n_days" => Days { first: today.saturating_sub(n.days()), last: today },
            "next_n_days" => Days { first: today, last: today.saturating_add(n.days()) },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar(week_start: Weekday, fiscal: i8) -> Calendar {
        Calendar { zone: TimeZone::UTC, week_start, fiscal_year_start_month: fiscal }
    }

    #[test]
    fn weeks_begin_where_the_organisation_says() {
        let wednesday = date(2026, 11, 25);
        assert_eq!(calendar(Weekday::Monday, 1).days("this_week", 0, wednesday).unwrap().first, date(2026, 11, 23));
        assert_eq!(calendar(Weekday::Sunday, 1).days("this_week", 0, wednesday).unwrap().first, date(2026, 11, 22));
    }

    #[test]
    fn quarters_and_years_follow_the_fiscal_year() {
        let day = date(2026, 2, 10);
        let plain = calendar(Weekday::Monday, 1).days("this_quarter", 0, day).unwrap();
        assert_eq!((plain.first, plain.last), (date(2026, 1, 1), date(2026, 3, 31)));
        let fiscal = calendar(Weekday::Monday, 2).days("this_quarter", 0, day).unwrap();
        assert_eq!((fiscal.first, fiscal.last), (date(2026, 2, 1), date(2026, 4, 30)));
        let year = calendar(Weekday::Monday, 4).days("this_year", 0, day).unwrap();
        assert_eq!((year.first, year.last), (date(2025, 4, 1), date(2026, 3, 31)));
    }

    #[test]
    fn a_clock_says_the_same_day_as_the_zone() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let clock = clock(&zone);
        for hours in (0..24 * 3650).step_by(7) {
            let at = Instant((hours + 24 * 365 * 40) * 3_600_000_000);
            let (_, ahead) = clock.iter().rev().find(|(since, _)| *since <= at).unwrap();
            assert_eq!(nth_day((at.0 + ahead + EPOCH * 86_400_000_000) / 86_400_000_000), Some(at.date_in(&zone)), "{at}");
        }
        assert_eq!(super::clock(&TimeZone::UTC).len(), 1);
    }

    #[test]
    fn instants_print_and_read_the_same() {
        let at = Instant::parse("2026-11-23T15:48:00.000123Z").unwrap();
        assert_eq!(at.to_string(), "2026-11-23T15:48:00.000123Z");
        assert_eq!(Instant::parse(&at.to_string()), Some(at));
        assert_eq!(Instant(5).after(Instant(9)), Instant(10));
    }
}
