//! Ids that count.

use std::sync::atomic::{AtomicU64, Ordering};

use model::Id;

/// Makes ids in rising order, the same in every run.
#[derive(Debug, Default)]
pub struct Ids(AtomicU64);

impl Ids {
    /// Counts from 1.
    pub const fn new() -> Ids {
        Ids(AtomicU64::new(0))
    }

    /// The next one.
    pub fn next(&self) -> Id {
        let n = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&n.to_be_bytes());
        Id::from_parts(n, bytes)
    }
}
