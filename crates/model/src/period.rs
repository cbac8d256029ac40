//! Months, quarters and years for which one plans: those of the organisation's fiscal year.
//!
//! A fiscal year bears the number of the calendar year in which it begins, and its quarters are counted from there: where it begins in April,
//! `2026-Q1` is April to June 2026 and `2026` ends with March 2027. Months are those of the calendar.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use crate::Date;
use crate::time::{Calendar, Days};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    Month,
    Quarter,
    Year,
}

/// A month (`2026-11`), a quarter of a fiscal year (`2026-Q4`) or a fiscal year (`2026`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    length: Length,
    /// The month or the quarter, from 1; of a year nothing.
    n: i8,
}

/// Years for which one plans.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9000;

impl Period {
    /// The period of this length in which a day lies.
    pub fn of(length: Length, day: Date, calendar: &Calendar) -> Period {
        let begins = calendar.fiscal_year_start_month;
        let year = if day.month() < begins { day.year() - 1 } else { day.year() };
        match length {
            Length::Month => Period { year: day.year(), length, n: day.month() },
            Length::Quarter => Period { year, length, n: (day.month() - begins).rem_euclid(12) / 3 + 1 },
            Length::Year => Period { year, length, n: 0 },
        }
    }

    /// The fiscal year of this number.
    pub fn fiscal_year(year: i16) -> Option<Period> {
        YEARS.contains(&year).then_some(Period { year, length: Length::Year, n: 0 })
    }

    pub fn length(self) -> Length {
        self.length
    }

    /// Its first and its last day.
    pub fn days(self, calendar: &Calendar) -> Days {
        let begins = calendar.fiscal_year_start_month;
        let (first, months) = match self.length {
            Length::Month => (month(self.year, self.n), 1),
            Length::Quarter => (month(self.year, begins).saturating_add((3 * (i32::from(self.n) - 1)).months()), 3),
            Length::Year => (month(self.year, begins), 12),
        };
        Days { first, last: first.saturating_add((months - 1).months()).last_of_month() }
    }

    /// The one so many behind it; before it where that is negative.
    #[must_use]
    pub fn plus(self, many: i32) -> Period {
        let of_year = match self.length {
            Length::Month => 12,
            Length::Quarter => 4,
            Length::Year => 1,
        };
        let place = i32::from(self.year) * of_year + i32::from(self.n.max(1)) - 1 + many;
        let year = place.div_euclid(of_year).clamp(i32::from(*YEARS.start()), i32::from(*YEARS.end())) as i16;
        let n = if self.length == Length::Year { 0 } else { (place.rem_euclid(of_year) + 1) as i8 };
        Period { year, length: self.length, n }
    }

    /// What it is made of: a year of quarters, a quarter of months; a month of nothing smaller.
    pub fn parts(self, calendar: &Calendar) -> Vec<Period> {
        let first = self.days(calendar).first;
        match self.length {
            Length::Year => (1..=4).map(|n| Period { year: self.year, length: Length::Quarter, n }).collect(),
            Length::Quarter => (0..3).map(|n| Period::of(Length::Month, first, calendar).plus(n)).collect(),
            Length::Month => Vec::new(),
        }
    }

    /// Its months; a month is its own.
    pub fn months(self, calendar: &Calendar) -> Vec<Period> {
        match self.length {
            Length::Month => vec![self],
            _ => self.parts(calendar).into_iter().flat_map(|part| part.months(calendar)).collect(),
        }
    }
}

fn month(year: i16, month: i8) -> Date {
    Date::new(year, month, 1).unwrap_or(Date::MAX)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Length::Month => write!(f, "{:04}-{:02}", self.year, self.n),
            Length::Quarter => write!(f, "{:04}-Q{}", self.year, self.n),
            Length::Year => write!(f, "{:04}", self.year),
        }
    }
}

/// The text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPeriod;

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Period, NoPeriod> {
        let digits = |text: &str, many: usize| {
            (text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse::<i16>().ok())
                .flatten()
                .ok_or(NoPeriod)
        };
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let year = digits(year, 4)?;
        let (length, n) = match part {
            None => (Length::Year, 0),
            Some(part) => match part.strip_prefix('Q') {
                Some(quarter) => (Length::Quarter, digits(quarter, 1)?),
                None => (Length::Month, digits(part, 2)?),
            },
        };
        let most = match length {
            Length::Month => 12,
            Length::Quarter => 4,
            Length::Year => 0,
        };
        let fits = YEARS.contains(&year) && (length == Length::Year || (1..=most).contains(&n));
        if fits { Ok(Period { year, length, n: n as i8 }) } else { Err(NoPeriod) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Weekday, date};
    use jiff::tz::TimeZone;

    use super::*;

    fn calendar(fiscal_year_start_month: i8) -> Calendar {
        Calendar { zone: TimeZone::UTC, week_start: Weekday::Monday, fiscal_year_start_month }
    }

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn fiscal_years_bear_the_number_of_the_year_in_which_they_begin() {
        let april = calendar(4);
        let days = |text: &str| (period(text).days(&april).first, period(text).days(&april).last);
        assert_eq!(days("2026"), (date(2026, 4, 1), date(2027, 3, 31)));
        assert_eq!(days("2026-Q1"), (date(2026, 4, 1), date(2026, 6, 30)));
        assert_eq!(days("2026-Q4"), (date(2027, 1, 1), date(2027, 3, 31)));
        assert_eq!(days("2027-02"), (date(2027, 2, 1), date(2027, 2, 28)));
        let of = |length, day| Period::of(length, day, &april).to_string();
        assert_eq!(of(Length::Year, date(2027, 3, 31)), "2026");
        assert_eq!(of(Length::Quarter, date(2027, 3, 31)), "2026-Q4");
        assert_eq!(of(Length::Month, date(2027, 3, 31)), "2027-03");
        let months: Vec<String> = period("2026-Q3").months(&april).iter().map(Period::to_string).collect();
        assert_eq!(months, ["2026-10", "2026-11", "2026-12"]);
        assert_eq!(period("2026").months(&april).len(), 12);
        assert_eq!(period("2026").months(&april)[11], period("2027-03"));
    }

    /// Every day lies in the period that is said to be its own, and its parts cover it without a gap.
    #[test]
    fn every_day_lies_in_one_month_quarter_and_year() {
        for begins in 1..=12 {
            let calendar = calendar(begins);
            let mut day = date(2025, 1, 1);
            while day < date(2028, 3, 1) {
                for length in [Length::Month, Length::Quarter, Length::Year] {
                    let period = Period::of(length, day, &calendar);
                    let days = period.days(&calendar);
                    assert!((days.first..=days.last).contains(&day), "{period} {day} {begins}");
                    assert_eq!(period.to_string().parse(), Ok(period));
                    let next = period.plus(1).days(&calendar).first;
                    assert_eq!(days.last.tomorrow().unwrap(), next, "{period} {begins}");
                    assert_eq!(period.plus(1).plus(-1), period);
                    let months = period.months(&calendar);
                    assert_eq!((months[0].days(&calendar).first, months[months.len() - 1].days(&calendar).last), (days.first, days.last));
                }
                day = day.saturating_add(17.days());
            }
        }
    }

    #[test]
    fn what_is_no_period_is_not_read() {
        for text in
            ["", "26", "2026-", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-q1", "2026-1", "2026-011", "+026", "2026-11-01", "0001"]
        {
            assert_eq!(text.parse::<Period>(), Err(NoPeriod), "{text}");
        }
    }
}
