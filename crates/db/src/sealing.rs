//! Keys for sealing, made of one that is kept outside of the database: one for each place, so that what is sealed for one opens at no other.

use sha2::{Digest, Sha256};

/// What all keys of an installation are made of.
pub(crate) fn outer(text: &str) -> [u8; 32] {
    Sha256::new().chain_update("outside of the database\0").chain_update(text).finalize().into()
}

pub(crate) fn of_place(outer: [u8; 32], place: &str) -> [u8; 32] {
    Sha256::new().chain_update(outer).chain_update(place).finalize().into()
}

/// The key for sealing one thing that this text would give, whatever key the database was told.
pub fn sealing_key(text: &str, place: &str) -> [u8; 32] {
    of_place(outer(text), place)
}
