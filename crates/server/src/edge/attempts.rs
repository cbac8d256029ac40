//! How often an address may fail to sign in.
//!
//! Every address has a bucket of attempts that refills slowly; an attempt that succeeds is given back. The core counts failures
//! of each account besides.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Failures that an address has free.
const FULL: f64 = 20.0;
/// Seconds for one more.
const REFILL_SECONDS: f64 = 6.0;
/// Addresses remembered before full buckets are swept out.
const MANY: usize = 10_000;

/// Attempts by address.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<IpAddr, Bucket>>);

struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn refill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        self.left = (self.left + seconds / REFILL_SECONDS).min(FULL);
        self.at = now;
    }
}

impl Attempts {
    /// Takes one attempt. Error: seconds until the next one.
    pub fn take(&self, address: IpAddr) -> Result<(), u64> {
        self.take_at(key(address), Instant::now())
    }

    /// Gives an attempt back that succeeded.
    pub fn give_back(&self, address: IpAddr) {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&key(address)) {
            bucket.left = (bucket.left + 1.0).min(FULL);
        }
    }

    fn take_at(&self, address: IpAddr, now: Instant) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, bucket| {
                bucket.refill(now);
                bucket.left < FULL
            });
        }
        let bucket = buckets.entry(address).or_insert(Bucket { left: FULL, at: now });
        bucket.refill(now);
        if bucket.left < 1.0 {
            return Err(((1.0 - bucket.left) * REFILL_SECONDS).ceil() as u64);
        }
        bucket.left -= 1.0;
        Ok(())
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
            assert_eq!(attempts.take_at(bad, now), Ok(()));
        }
        assert_eq!(attempts.take_at(bad, now), Err(6));
        assert_eq!(attempts.take_at(good, now), Ok(()));
        assert_eq!(attempts.take_at(bad, now + Duration::from_secs(7)), Ok(()));
    }
}
