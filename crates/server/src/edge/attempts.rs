//! How often an address may fail to sign in.
//!
//! Every address has a bucket of attempts that refills slowly; an attempt that succeeds is given back. The core counts failures
//! of each account besides.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use model::Id;

/// Failures that an address has free.
const FULL: f64 = 20.0;
/// Seconds for one more.
const REFILL_SECONDS: f64 = 6.0;
/// Addresses remembered before full buckets are swept out.
const MANY: usize = 10_000;

/// Attempts by address.
#[derive(Default)]
pub struct Attempts(Buckets<IpAddr>);

/// How often leads may come in by web forms: by address, so that nobody floods us, and by form, so that many together do not.
pub struct Arrivals {
    addresses: Buckets<IpAddr>,
    forms: Buckets<String>,
}

/// How often a person may ask what is alike while he types: as much as typing takes, and too little to try out all the names there are.
pub struct Checks(Buckets<Id>);

/// A bucket for each of many.
struct Buckets<K> {
    full: f64,
    refill_seconds: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn refill(&mut self, now: Instant, full: f64, refill_seconds: f64) {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = (self.left + seconds / refill_seconds).min(full);
        self.at = now;
    }
}

impl<K: Eq + Hash> Default for Buckets<K> {
    fn default() -> Buckets<K> {
        Buckets::of(FULL, REFILL_SECONDS)
    }
}

impl<K: Eq + Hash> Buckets<K> {
    fn of(full: f64, refill_seconds: f64) -> Buckets<K> {
        Buckets { full, refill_seconds, buckets: Mutex::default() }
    }

    fn take(&self, of: K, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, bucket| {
                bucket.refill(now, self.full, self.refill_seconds);
                bucket.left < self.full
            });
        }
        let bucket = buckets.entry(of).or_insert(Bucket { left: self.full, at: now });
        bucket.refill(now, self.full, self.refill_seconds);
        if bucket.left < 1.0 {
            return Err(((1.0 - bucket.left) * self.refill_seconds).ceil() as u64);
        }
        bucket.left -= 1.0;
        Ok(())
    }

    fn give_back(&self, of: &K) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(of) {
            bucket.left = (bucket.left + 1.0).min(self.full);
        }
    }
}

impl Default for Checks {
    /// Two hundred at once and then one in twelve seconds.
    fn default() -> Checks {
        Checks(Buckets::of(200.0, 12.0))
    }
}

impl Checks {
    /// Takes one. Error: seconds until the next one.
    pub fn take(&self, person: Id) -> Result<(), u64> {
        self.0.take(person, Instant::now())
    }
}

impl Default for Arrivals {
    /// Twelve at once and then one in ten seconds from an address; a hundred at once and then two a second by a form.
    fn default() -> Arrivals {
        Arrivals { addresses: Buckets::of(12.0, 10.0), forms: Buckets::of(100.0, 0.5) }
    }
}

impl Arrivals {
    /// Takes one. Error: seconds until the next one.
    pub fn take(&self, address: IpAddr, form: &str) -> Result<(), u64> {
        let now = Instant::now();
        self.addresses.take(key(address), now)?;
        self.forms.take(form.to_owned(), now)
    }
}

impl Attempts {
    /// Takes one attempt. Error: seconds until the next one.
    pub fn take(&self, address: IpAddr) -> Result<(), u64> {
        self.0.take(key(address), Instant::now())
    }

    /// Gives an attempt back that succeeded.
    pub fn give_back(&self, address: IpAddr) {
        self.0.give_back(&key(address));
    }
}

/// One household has a whole /64 of IPv6 addresses.
fn key(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_address_that_keeps_failing_has_to_wait_and_others_do_not() {
        let attempts = Attempts::default();
        let (bad, good) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let now = Instant::now();
        for _ in 0..20 {
            assert_eq!(attempts.0.take(bad, now), Ok(()));
        }
        assert_eq!(attempts.0.take(bad, now), Err(6));
        assert_eq!(attempts.0.take(good, now), Ok(()));
        assert_eq!(attempts.0.take(bad, now + Duration::from_secs(7)), Ok(()));
    }

    #[test]
    fn who_tries_names_out_has_to_wait_and_who_types_does_not() {
        let checks = Checks::default();
        let (one, other) = (Id::from_parts(1, [1; 10]), Id::from_parts(1, [2; 10]));
        let now = Instant::now();
        let let_through = (0..1_000).filter(|_| checks.0.take(one, now).is_ok()).count();
        assert_eq!((let_through, checks.0.take(one, now), checks.0.take(other, now)), (200, Err(12), Ok(())));
        let in_an_hour = (0..3_600).filter(|second| checks.0.take(one, now + Duration::from_secs(*second)).is_ok()).count();
        assert!((299..=300).contains(&in_an_hour), "{in_an_hour}");
    }

    #[test]
    fn leads_are_counted_by_address_and_by_form() {
        let arrivals = Arrivals::default();
        let address = |n: u8| IpAddr::from([10, 0, 1, n]);
        for _ in 0..12 {
            assert_eq!(arrivals.take(address(1), "a"), Ok(()));
        }
        assert!(arrivals.take(address(1), "b").is_err());
        let many = (0..200).filter(|n| arrivals.take(address(10 + n / 12), "a").is_ok()).count();
        assert!((88..=90).contains(&many), "{many}");
        assert_eq!(arrivals.take(address(200), "b"), Ok(()));
    }
}
