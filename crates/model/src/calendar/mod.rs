//! Business calendars: when people work, and how long something lasts in working time.
//!
//! A calendar says for each day of the week at which hours one works, and which days are otherwise: holidays, half days, working days swapped
//! in. An instant is working time when the clock of its time zone then shows an hour at which one works on that day; so a span keeps
//! its clock times when clocks are put forward or back, and lasts as long as it then lasts.

mod check;
mod import;
mod reckon;
mod time;

use std::collections::BTreeMap;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::Date;

pub use check::check;
pub use import::{Unread, read_days};
pub use reckon::Reckoner;
pub use time::{Clock, Span};

/// Days of the week as they are written, Monday first.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// When people work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessCalendar {
    pub name: String,
    /// IANA name, as `Asia/Shanghai`; the organisation's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The hours of each day of the week; one that is absent or has none is free.
    #[serde(default)]
    pub week: BTreeMap<String, Vec<Span>>,
    /// Days on which it is otherwise.
    #[serde(default)]
    pub days: Vec<SpecialDay>,
}

/// A day, or several in a row, with hours of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    #[serde(default)]
    pub name: String,
    /// First and last day, both included. Of one that comes every year the year says nothing.
    pub from: Date,
    pub to: Date,
    #[serde(default)]
    pub yearly: bool,
    pub kind: DayKind,
    /// A half day's hours; those of a working day, where it has none of its own the hours of the day of the week in `as`.
    #[serde(default)]
    pub hours: Vec<Span>,
    /// The day of the week whose hours a working day has: a Sunday worked as a Friday.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
}

/// What is otherwise on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Nobody works.
    Holiday,
    /// One works at other hours than usual, as on the day before a feast.
    HalfDay,
    /// One works although the day is free otherwise.
    WorkingDay,
}

impl BusinessCalendar {
    /// Monday to Friday, nine to noon and one to six: what a new organisation begins with.
    pub fn usual(name: &str) -> BusinessCalendar {
        let hours = vec![Span::of(9 * 60, 12 * 60), Span::of(13 * 60, 18 * 60)];
        BusinessCalendar {
            name: name.to_owned(),
            time_zone: None,
            week: WEEKDAYS[..5].iter().map(|day| ((*day).to_owned(), hours.clone())).collect(),
            days: Vec::new(),
        }
    }

    /// The hours of a day, and the special day that says so. Where several hold for a day, a working day goes before a half day, that before
    /// a holiday; then one of this year before one of every year; then the one further down the list.
    pub fn hours_on(&self, day: Date) -> (&[Span], Option<&SpecialDay>) {
        let special = self.days.iter().enumerate().filter(|(_, special)| special.holds_on(day));
        match special.max_by_key(|(at, special)| (special.kind as u8, !special.yearly, *at)) {
            Some((_, special)) => (self.hours_of(special, day), Some(special)),
            None => (self.hours_in_week(name_of(day.weekday())), None),
        }
    }

    fn hours_of<'a>(&'a self, special: &'a SpecialDay, day: Date) -> &'a [Span] {
        match special.kind {
            DayKind::Holiday => &[],
            DayKind::WorkingDay if special.hours.is_empty() => {
                self.hours_in_week(special.like.as_deref().unwrap_or_else(|| name_of(day.weekday())))
            }
            DayKind::HalfDay | DayKind::WorkingDay => &special.hours,
        }
    }

    fn hours_in_week(&self, day: &str) -> &[Span] {
        self.week.get(day).map_or(&[], Vec::as_slice)
    }
}

impl SpecialDay {
    /// True for the days that it is about.
    pub fn holds_on(&self, day: Date) -> bool {
        if !self.yearly {
            return (self.from..=self.to).contains(&day);
        }
        let place = |date: Date| (date.month(), date.day());
        let (from, to, day) = (place(self.from), place(self.to), place(day));
        // From Christmas over New Year.
        if from <= to { from <= day && day <= to } else { day >= from || day <= to }
    }
}

/// The day of the week as it is written.
pub fn name_of(day: Weekday) -> &'static str {
    WEEKDAYS[usize::from(day.to_monday_zero_offset().unsigned_abs()).min(6)]
}
