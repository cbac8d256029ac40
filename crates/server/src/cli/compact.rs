//! `stagecraft compact`.

use stagecraft_core::objects;

use super::{Outcome, open, say};
use crate::config::Store;

/// Drops the columns of fields that are gone for good, and lets their keys be used again.
pub fn run(store: &Store) -> Outcome {
    let house = open::house(store, false)?;
    let dropped = objects::compact(&house).map_err(|error| open::sentence(&house, error, "opportunity"))?;
    if dropped.is_empty() {
        return say("Nothing is left over.");
    }
    dropped.iter().try_for_each(|column| say(&format!("dropped {column}")))
}
