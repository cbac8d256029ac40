//! `stagecraft check`.

use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use model::Via;
use stagecraft_core::{House, Limits, check, duplicates, holding, reckoning, sharing, totals, watching};

use super::open::AT_THE_MACHINE;
use super::{Outcome, open, say};
use crate::config::Store;

pub(super) const EXAMPLES: &str = "\
Examples:
  stagecraft check --data-dir /var/lib/stagecraft
  stagecraft check rollups --database-url postgres://…
  stagecraft check shares --repair           gives what sharing rules mean, and takes what they do not
  stagecraft check matches --repair          makes the index by which alike records are found anew; the server may go on meanwhile
  stagecraft check holdings --repair         counts anew what people hold; every other write waits meanwhile
  stagecraft check rollups --repair          reckons roll-ups, formulas, follow-ups and sums for boards anew where they differ; the server may go on meanwhile";

/// How long a check of a large database may take.
const LONG: Duration = Duration::from_secs(3_600);

/// What is checked.
#[derive(Debug, Args)]
pub struct Check {
    /// One thing alone; everything when absent
    #[arg(value_enum)]
    what: Option<What>,
    /// Put right what differs, before it is checked; roll-ups, formulas, sums for boards, what sharing rules give, the index of alike records
    /// and what people hold
    #[arg(long)]
    repair: bool,
}

impl Check {
    /// All of it, and nothing is repaired.
    pub fn everything() -> Check {
        Check { what: None, repair: false }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Statistical and calculated fields, and when records were last followed up
    Rollups,
    /// What sharing rules and tasks give
    Shares,
    /// The index by which alike records are found
    Matches,
    /// How many records people hold that holding rules count
    Holdings,
    /// The stage conversion, from memory and in plain loops over every stay
    Stays,
}

/// Tells every disagreement; an error when there is one.
pub fn run(store: &Store, how: &Check) -> Outcome {
    let house = open::house(store, false)?;
    if how.repair {
        let what = how.what.ok_or("say what is to be repaired: stagecraft check rollups --repair")?;
        let told = |error| open::sentence(&house, error, "opportunity");
        if what == What::Shares {
            for (object, count) in sharing::repair(&house).map_err(told)? {
                say(&format!("{object}: {count} put right"))?;
            }
            return check(&house, how);
        }
        if what == What::Matches {
            for (part, count) in duplicates::index::repair(&house).map_err(told)? {
                say(&format!("{part}: {count} records entered anew"))?;
            }
            return check(&house, how);
        }
        if what == What::Holdings {
            house.write(&AT_THE_MACHINE, Limits::default(), Via::CommandLine, holding::rebuild).map_err(told)?;
            return check(&house, how);
        }
        let followed = reckoning::repair_follow_ups(&house).map_err(told)?;
        for (object, field, count) in followed.into_iter().chain(reckoning::repair(&house).map_err(told)?) {
            say(&format!("{object}.{field}: {count} put right"))?;
        }
        let count = totals::repair(&house).map_err(told)?;
        if count > 0 {
            say(&format!("sums for boards: {count} put right"))?;
        }
    }
    check(&house, how)
}

fn check(house: &House, how: &Check) -> Outcome {
    let limits = Limits { deadline: Some(Instant::now() + LONG), ..Limits::default() };
    let of = match how.what {
        Some(What::Rollups) => check::rollups,
        Some(What::Shares) => check::shares,
        Some(What::Matches) => check::matches,
        Some(What::Holdings) => check::holdings,
        Some(What::Stays) => check::stays,
        None => check::all,
    };
    let told = |error| open::sentence(house, error, "opportunity");
    let mut reports = vec![house.read(&AT_THE_MACHINE, limits, of).map_err(told)?];
    if how.what.is_none() && house.directory().is_some() {
        reports.push(check::files(house).map_err(told)?);
    }
    let mut faults = 0;
    for fault in reports.iter().flat_map(|report| report["faults"].as_array()).flatten() {
        let count = fault["count"].as_u64().unwrap_or(0);
        faults += count;
        say(&format!("{}: {count}", fault["check"].as_str().unwrap_or("")))?;
        for example in fault["examples"].as_array().into_iter().flatten() {
            say(&format!("  {}", example.as_str().unwrap_or("")))?;
        }
    }
    // The page of the system's health tells of the last check of everything.
    if how.what.is_none() {
        let doc = serde_json::json!({"faults": faults});
        house.write(&AT_THE_MACHINE, Limits::default(), Via::CommandLine, |cx, tx| watching::mark(cx, tx, "check", &doc)).map_err(told)?;
    }
    if faults > 0 {
        return Err(format!("{faults} things do not agree"));
    }
    let counts = reports.iter().flat_map(|report| report["checked"].as_object()).flatten();
    let checked = counts.map(|(what, n)| format!("{n} {what}")).collect::<Vec<_>>().join(", ");
    say(&format!("Everything agrees: {checked}."))
}
