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
