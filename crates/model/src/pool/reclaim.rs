//! When a record is taken back, and what its owner is told before.

use std::collections::BTreeMap;

use super::Reclaim;
use crate::Instant;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// What is to be done by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing before this instant.
    Wait(Instant),
    /// Its owner is told that it is taken back at `due`. Those of more days before count as sent with it.
    Warn { days: u32, due: Instant },
    /// It is taken back.
    TakeBack,
}

/// What a rule comes to. `from` is since when what it asks for has not come to pass; `sent` are its warnings since then, by days, with
/// when they went out. Nothing is taken back before a warning that went out late has run its days.
pub fn step(rule: &Reclaim, from: Instant, sent: &BTreeMap<u32, Instant>, now: Instant) -> Step {
    let after = |at: Instant, days: u32| at.plus_seconds(i64::from(days) * DAY);
    let promised = sent.iter().map(|(days, at)| after(*at, *days));
    let due = promised.fold(after(from, rule.days), std::cmp::max);
    let warned_at = |days: u32| due.plus_seconds(-i64::from(days) * DAY);
    // Whoever has been told of fewer days need not be told of more.
    let left = |days: &&u32| sent.keys().all(|known| known > *days);
    let waiting: Vec<u32> = rule.warn_days_before.iter().filter(left).copied().collect();
    let pending = waiting.iter().copied().filter(|days| warned_at(*days) <= now);
    // Too late for all of them: the one of the most days gives him time.
    let next = if due <= now { pending.max() } else { pending.min() };
    match next {
        Some(days) => Step::Warn { days, due: std::cmp::max(due, after(now, if due <= now { days } else { 0 })) },
        None if due <= now => Step::TakeBack,
        None => Step::Wait(waiting.into_iter().map(warned_at).fold(due, std::cmp::min)),
    }
}

/// The earliest instant at which a rule may have something done, whatever happens.
pub fn earliest(rule: &Reclaim, from: Instant) -> Instant {
    let most = rule.warn_days_before.iter().copied().max().unwrap_or(0);
    from.plus_seconds(i64::from(rule.days.saturating_sub(most)) * DAY)
}

#[cfg(test)]
mod tests {
    use super::super::Without;
    use super::*;

    fn day(n: i64) -> Instant {
        Instant(0).plus_seconds(n * DAY)
    }

    fn rule(days: u32, warn: &[u32]) -> Reclaim {
        Reclaim { key: "idle".into(), without: Without::FollowUp, days, warn_days_before: warn.to_vec() }
    }

    fn at(rule: &Reclaim, known: &[(u32, i64)], now: i64) -> Step {
        let sent = known.iter().map(|(days, at)| (*days, day(*at))).collect();
        step(rule, day(0), &sent, day(now))
    }

    #[test]
    fn warnings_come_before_and_once() {
        let rule = rule(30, &[7, 1]);
        assert_eq!(at(&rule, &[], 0), Step::Wait(day(23)));
        assert_eq!(at(&rule, &[], 23), Step::Warn { days: 7, due: day(30) });
        assert_eq!(at(&rule, &[(7, 23)], 23), Step::Wait(day(29)));
        assert_eq!(at(&rule, &[(7, 23)], 29), Step::Warn { days: 1, due: day(30) });
        assert_eq!(at(&rule, &[(7, 23), (1, 29)], 29), Step::Wait(day(30)));
        assert_eq!(at(&rule, &[(7, 23), (1, 29)], 30), Step::TakeBack);
        // Between the two, the nearer one is enough.
        assert_eq!(at(&rule, &[], 29), Step::Warn { days: 1, due: day(30) });
        assert_eq!(at(&rule, &[(1, 29)], 29), Step::Wait(day(30)));
    }

    #[test]
    fn a_late_warning_gives_its_days() {
        let rule = rule(30, &[7, 1]);
        assert_eq!(at(&rule, &[], 100), Step::Warn { days: 7, due: day(107) });
        assert_eq!(at(&rule, &[(7, 100)], 100), Step::Wait(day(106)));
        assert_eq!(at(&rule, &[(7, 100)], 106), Step::Warn { days: 1, due: day(107) });
        assert_eq!(at(&rule, &[(7, 100), (1, 106)], 107), Step::TakeBack);
    }

    #[test]
    fn without_warnings_it_is_taken_when_it_is_due() {
        let plain = rule(3, &[]);
        assert_eq!(at(&plain, &[], 2), Step::Wait(day(3)));
        assert_eq!(at(&plain, &[], 3), Step::TakeBack);
        assert_eq!(earliest(&rule(3, &[2, 1]), day(0)), day(1));
    }
}
