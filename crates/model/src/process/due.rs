//! When something is due that is given so much time, in every hour or in working hours alone.

use super::TimeIn;
use crate::Instant;
use crate::calendar::Reckoner;

const DAY: i64 = 86_400;

/// The instant at which the time is up: that at which it began, and so much of the time that counts. `paused` is what passed of that time
/// without counting, as [`passed`] tells it. In working time a whole day is a working day of the calendar, however many hours that has;
/// what is left over is hours. `None` where so much working time never comes. Without a calendar every hour is worked.
pub fn due(calendar: Option<&Reckoner<'_>>, from: Instant, seconds: i64, time: TimeIn, paused: i64) -> Option<Instant> {
    match calendar.filter(|_| time == TimeIn::Working) {
        Some(calendar) => calendar.add_working(from, seconds.div_euclid(DAY) * calendar.day_seconds() + seconds.rem_euclid(DAY) + paused),
        None => Some(from.plus_seconds(seconds + paused)),
    }
}

/// Seconds that passed of the time that counts; 0 where `to` is earlier.
pub fn passed(calendar: Option<&Reckoner<'_>>, from: Instant, to: Instant, time: TimeIn) -> i64 {
    match calendar.filter(|_| time == TimeIn::Working) {
        Some(calendar) => calendar.working_between(from, to),
        None => to.seconds_since(from).max(0),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::{BusinessCalendar, Span};

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn with<T>(calendar: &BusinessCalendar, f: impl FnOnce(&Reckoner<'_>) -> T) -> T {
        f(&Reckoner::new(calendar, &TimeZone::UTC))
    }

    #[test]
    fn every_hour_counts_or_those_that_are_worked() {
        // 2026-11-25 is a Wednesday; 9 to 12 and 13 to 18 are worked.
        let usual = BusinessCalendar::usual("Usual");
        let from = at("2026-11-25T15:00:00Z");
        with(&usual, |calendar| {
            let working = |seconds| due(Some(calendar), from, seconds, TimeIn::Working, 0);
            assert_eq!(due(Some(calendar), from, 2 * DAY, TimeIn::Calendar, 0), Some(at("2026-11-27T15:00:00Z")));
            assert_eq!(working(5 * DAY), Some(at("2026-12-02T15:00:00Z")), "five working days are a week");
            assert_eq!(working(DAY), Some(at("2026-11-26T15:00:00Z")));
            assert_eq!(working(4 * 3_600), Some(at("2026-11-26T10:00:00Z")), "three hours are left of the day, and one more");
            assert_eq!(working(DAY + 3_600), Some(at("2026-11-26T16:00:00Z")));
            assert_eq!(working(0), Some(from));
        });
        assert_eq!(due(None, from, DAY, TimeIn::Working, 0), Some(at("2026-11-26T15:00:00Z")));
    }

    #[test]
    fn what_was_paused_is_added_in_the_time_that_counts() {
        let usual = BusinessCalendar::usual("Usual");
        with(&usual, |calendar| {
            // Waiting from Friday 17:00 to Monday 10:00: two working hours, and 65 of the clock.
            let (from, began, ended) = (at("2026-11-25T09:00:00Z"), at("2026-11-27T17:00:00Z"), at("2026-11-30T10:00:00Z"));
            let of = |time| due(Some(calendar), from, 5 * DAY, time, passed(Some(calendar), began, ended, time));
            assert_eq!(passed(Some(calendar), began, ended, TimeIn::Working), 2 * 3_600);
            assert_eq!(passed(Some(calendar), ended, began, TimeIn::Calendar), 0);
            assert_eq!(of(TimeIn::Working), Some(at("2026-12-02T11:00:00Z")));
            assert_eq!(of(TimeIn::Calendar), Some(at("2026-12-03T02:00:00Z")));
        });
    }

    #[test]
    fn a_working_day_is_as_long_as_most_of_the_week() {
        let mut shifts = BusinessCalendar::usual("Shifts");
        shifts.week.insert("friday".into(), vec![Span::of(9 * 60, 13 * 60)]);
        shifts.week.insert("saturday".into(), vec![Span::of(9 * 60, 13 * 60)]);
        with(&shifts, |calendar| {
            assert_eq!(calendar.day_seconds(), 8 * 3_600);
            // Friday and Saturday are half a day each.
            assert_eq!(due(Some(calendar), at("2026-11-26T09:00:00Z"), 2 * DAY, TimeIn::Working, 0), Some(at("2026-11-28T13:00:00Z")));
        });
        let never = BusinessCalendar { week: [].into(), ..BusinessCalendar::usual("Never") };
        with(&never, |calendar| assert_eq!(due(Some(calendar), at("2026-11-26T09:00:00Z"), DAY, TimeIn::Working, 0), None));
    }

    proptest! {
        #[test]
        fn what_is_due_leaves_just_the_time_given(from in 0..4_000_000_000_i64, hours in 1..400_i64, paused in 0..200_000_i64) {
            let usual = BusinessCalendar::usual("Usual");
            let from = Instant(from * 1_000_000);
            let seconds = hours * 3_600 % DAY;
            with(&usual, |calendar| {
                let due = due(Some(calendar), from, seconds, TimeIn::Working, paused).unwrap();
                prop_assert_eq!(passed(Some(calendar), from, due, TimeIn::Working), seconds + paused);
                Ok(())
            })?;
        }
    }
}
