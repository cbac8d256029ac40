//! Ids of records and rows.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The id of a record: a UUID, version 7 where the product makes it, so that new rows lie together. Opaque to clients.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub Uuid);

impl Id {
    /// The id used where no person acts: the product itself.
    pub const SYSTEM: Id = Id(Uuid::nil());

    /// A version 7 id from an instant in milliseconds and ten random bytes; the caller gives both, so tests can repeat them.
    pub fn from_parts(millis: u64, random: [u8; 10]) -> Id {
        Id(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The next id of the same millisecond: above this one, by a step that nobody foresees. None where there is no room left above.
    pub fn following(&self, step: u32) -> Option<Id> {
        const VERSION: u128 = 0xf << 76;
        const VARIANT: u128 = 0b11 << 62;
        const LOW: u128 = (1 << 62) - 1;
        // What is counted lies on both sides of the variant: 12 bits above it and 62 below.
        let whole = self.0.as_u128();
        let (high, low) = ((whole >> 64) & 0xfff, whole & LOW);
        let next = (high << 62 | low) + 1 + u128::from(step);
        let fixed = whole & (!0 << 80 | VERSION | VARIANT);
        (next >> 74 == 0).then(|| Id(Uuid::from_u128(fixed | (next >> 62) << 64 | next & LOW)))
    }

    /// The milliseconds by which a version 7 id is ordered.
    pub fn millis(&self) -> u64 {
        self.bytes()[..6].iter().fold(0, |millis, byte| millis << 8 | u64::from(*byte))
    }

    /// The 16 bytes as both databases keep them.
    pub fn bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Id, uuid::Error> {
        Uuid::parse_str(text).map(Id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_ascend() {
        let mut last = Id::from_parts(1_790_000_000_000, [0xa5; 10]);
        for step in [0, 1, 7, u32::MAX, u32::MAX, 0] {
            let next = last.following(step).unwrap();
            assert!(next > last && next.bytes() > last.bytes());
            assert_eq!((next.millis(), next.0.get_version_num(), next.0.get_variant()), (last.millis(), 7, uuid::Variant::RFC4122));
            last = next;
        }
        // What overflows below the variant is counted above it.
        let low = [0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        let carried = Id::from_parts(5, low).following(0).unwrap();
        assert_eq!(carried, Id::from_parts(5, [0, 2, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(Id::from_parts(5, [0xff; 10]).following(0), None);
    }
}
