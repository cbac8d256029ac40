//! `stagecraft check`.

use std::time::{Duration, Instant};

use stagecraft_core::{Limits, check};

use super::open::AT_THE_MACHINE;
use super::{Outcome, open, say};
use crate::config::Store;

/// How long a check of a large database may take.
const LONG: Duration = Duration::from_secs(3_600);

/// Tells every disagreement; an error when there is one.
pub fn run(store: &Store) -> Outcome {
    let house = open::house(store, false)?;
    let limits = Limits { deadline: Some(Instant::now() + LONG), ..Limits::default() };
    let report = house.read(&AT_THE_MACHINE, limits, check::all).map_err(|error| open::sentence(&house, error, "opportunity"))?;
    let mut faults = 0;
    for fault in report["faults"].as_array().into_iter().flatten() {
        let count = fault["count"].as_u64().unwrap_or(0);
        faults += count;
        say(&format!("{}: {count}", fault["check"].as_str().unwrap_or("")))?;
        for example in fault["examples"].as_array().into_iter().flatten() {
            say(&format!("  {}", example.as_str().unwrap_or("")))?;
        }
    }
    if faults > 0 {
        return Err(format!("{faults} things do not agree"));
    }
    let checked = report["checked"].as_object().into_iter().flatten().map(|(what, n)| format!("{n} {what}")).collect::<Vec<_>>().join(", ");
    say(&format!("Everything agrees: {checked}."))
}
