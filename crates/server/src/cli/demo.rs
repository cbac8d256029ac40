//! `stagecraft demo`.

use stagecraft_core::demo;

use super::{Outcome, open, say};
use crate::config::Store;

/// Fills an empty database.
pub fn run(store: &Store) -> Outcome {
    let house = open::house(store, false)?;
    if demo::fill(&house).map_err(|error| open::sentence(&house, error, "opportunity"))? {
        say("The demo company is there. Serve it with `stagecraft serve` and pick somebody on the sign-in page.")
    } else {
        Err("the database is not empty, so it was left as it is".to_owned())
    }
}
