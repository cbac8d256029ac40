//! At which instants somebody is reminded of what is due: before it, at it, after it, and again every so many days.

use super::{Reminder, When};
use crate::Instant;

const DAY: i64 = 86_400;

impl Reminder {
    /// When it is told for the first time of what is due at an instant.
    pub fn first(&self, due: Instant) -> Instant {
        match self.when {
            When::Before => due.plus_seconds(-self.seconds),
            When::After => due.plus_seconds(self.seconds),
        }
    }

    /// Seconds until it is told again.
    fn every(&self) -> Option<i64> {
        self.every_days.filter(|days| *days > 0 && self.when == When::After).map(|days| days.saturating_mul(DAY))
    }

    /// The last time that it is told in a stretch of time, both ends included, counted from 0. What came before it in that stretch was missed
    /// and is not told any more.
    pub fn last_within(&self, due: Instant, from: Instant, to: Instant) -> Option<i64> {
        let first = self.first(due);
        if to < first {
            return None;
        }
        let nth = self.every().map_or(0, |every| to.seconds_since(first) / every);
        (self.nth(due, nth) >= from).then_some(nth)
    }

    /// When it is told next, later than an instant.
    pub fn next_after(&self, due: Instant, after: Instant) -> Option<Instant> {
        let first = self.first(due);
        if first > after {
            return Some(first);
        }
        let every = self.every()?;
        Some(self.nth(due, after.seconds_since(first) / every + 1))
    }

    fn nth(&self, due: Instant, nth: i64) -> Instant {
        self.first(due).plus_seconds(nth.saturating_mul(self.every().unwrap_or(0)))
    }

    /// What tells it from the others of its stage or task, however these are put into another order.
    pub fn mark(&self) -> String {
        let when = if self.when == When::Before { "before" } else { "after" };
        format!("{when}.{}", self.seconds)
    }
}

/// When any of these is told next, later than an instant.
pub fn next(reminders: &[Reminder], due: Instant, after: Instant) -> Option<Instant> {
    reminders.iter().filter_map(|reminder| reminder.next_after(due, after)).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reminder(when: When, seconds: i64, every_days: Option<i64>) -> Reminder {
        Reminder { when, seconds, every_days, to: Vec::new(), text: None }
    }

    fn at(seconds: i64) -> Instant {
        Instant(0).plus_seconds(seconds)
    }

    #[test]
    fn before_it_once_and_after_it_again_and_again() {
        let due = at(100 * DAY);
        let early = reminder(When::Before, 3_600, Some(2));
        assert_eq!(early.next_after(due, at(0)), Some(at(100 * DAY - 3_600)));
        assert_eq!(early.next_after(due, at(100 * DAY - 3_600)), None, "told once only, whatever it says");
        let late = reminder(When::After, DAY, Some(2));
        assert_eq!(late.next_after(due, at(0)), Some(at(101 * DAY)));
        assert_eq!(late.next_after(due, at(101 * DAY)), Some(at(103 * DAY)));
        assert_eq!(late.next_after(due, at(102 * DAY)), Some(at(103 * DAY)));
        let once = reminder(When::After, 0, None);
        assert_eq!((once.next_after(due, at(99 * DAY)), once.next_after(due, due)), (Some(due), None));
        assert_eq!(next(&[late.clone(), once, early], due, at(0)), Some(at(100 * DAY - 3_600)));
        // Three were missed: the last of them is told.
        assert_eq!(late.last_within(due, at(101 * DAY), at(106 * DAY)), Some(2));
        assert_eq!(late.last_within(due, at(106 * DAY), at(106 * DAY)), None);
        assert_eq!(late.last_within(due, at(0), at(100 * DAY)), None);
        assert_eq!((late.mark(), reminder(When::Before, 0, None).mark()), ("after.86400".to_owned(), "before.0".to_owned()));
    }

    proptest! {
        #[test]
        fn whoever_goes_from_one_to_the_next_tells_each_once(
            before in prop::bool::ANY, seconds in 0..10 * DAY, every in prop::option::of(0..4_i64), due in 0..40 * DAY, until in 0..60 * DAY,
        ) {
            let one = reminder(if before { When::Before } else { When::After }, seconds, every);
            let (due, until) = (at(due), at(until));
            let (mut now, mut told) = (at(-1), Vec::new());
            while let Some(next) = one.next_after(due, now).filter(|next| *next <= until) {
                prop_assert!(next > now);
                told.push(one.last_within(due, next, next));
                now = next;
            }
            let numbers: Vec<i64> = told.iter().copied().flatten().collect();
            prop_assert_eq!(numbers.len(), told.len());
            prop_assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1));
            // In one go only the last of them.
            prop_assert_eq!(one.last_within(due, at(0), until), told.last().copied().flatten());
        }
    }
}
