//! What was refused or failed in the last hour, minute by minute.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Minutes that are kept.
const KEPT: u64 = 60;

/// Status and code.
type Of = (u16, &'static str);

/// Counts of the last hour.
pub(super) struct Lately {
    began: Instant,
    minutes: Mutex<VecDeque<(u64, BTreeMap<Of, u64>)>>,
}

impl Default for Lately {
    fn default() -> Lately {
        Lately { began: Instant::now(), minutes: Mutex::default() }
    }
}

impl Lately {
    pub fn add(&self, status: u16, code: &'static str) {
        self.add_at(self.minute(), status, code);
    }

    /// Status, code and how often, the most frequent first.
    pub fn last_hour(&self) -> Vec<(u16, &'static str, u64)> {
        self.hour_before(self.minute())
    }

    fn minute(&self) -> u64 {
        self.began.elapsed().as_secs() / 60
    }

    fn add_at(&self, minute: u64, status: u16, code: &'static str) {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.back().is_none_or(|(last, _)| *last != minute) {
            minutes.push_back((minute, BTreeMap::new()));
        }
        while minutes.front().is_some_and(|(first, _)| first + KEPT <= minute) {
            minutes.pop_front();
        }
        if let Some((_, counts)) = minutes.back_mut() {
            *counts.entry((status, code)).or_default() += 1;
        }
    }

    fn hour_before(&self, minute: u64) -> Vec<(u16, &'static str, u64)> {
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: BTreeMap<Of, u64> = BTreeMap::new();
        for (of, count) in minutes.iter().filter(|(at, _)| at + KEPT > minute).flat_map(|(_, counts)| counts) {
            *all.entry(*of).or_default() += count;
        }
        let mut told: Vec<_> = all.into_iter().map(|((status, code), count)| (status, code, count)).collect();
        told.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_an_hour_is_forgotten() {
        let lately = Lately::default();
        lately.add_at(0, 500, "server.internal");
        lately.add_at(59, 422, "record.invalid");
        lately.add_at(59, 422, "record.invalid");
        assert_eq!(lately.hour_before(59), [(422, "record.invalid", 2), (500, "server.internal", 1)]);
        assert_eq!(lately.hour_before(60), [(422, "record.invalid", 2)]);
        lately.add_at(118, 503, "server.busy");
        assert_eq!(lately.hour_before(118).len(), 2);
        lately.add_at(119, 503, "server.busy");
        assert_eq!(lately.hour_before(119), [(503, "server.busy", 2)]);
        assert_eq!(lately.minutes.lock().unwrap().len(), 2);
    }
}
