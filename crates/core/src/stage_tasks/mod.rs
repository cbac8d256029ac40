//! Stage tasks: what is to be done while a deal stands in a stage.
//!
//! They arise in the save by which a deal enters a stage, for those who are named by what they are to the deal; they appear on the deal, in what
//! waits for a person, and as notices; they are done by saving what they ask for; and those that are open when the stage is left are skipped.
//! Which of them stand in the way of leaving a stage is decided by `model::process`, from the very rows that are kept here.

#[allow(dead_code)] // What arises and is done comes next.
mod log;
#[allow(dead_code)]
mod store;

#[allow(unused_imports)]
pub(crate) use log::{Event, Happened, happened, turns};
#[allow(unused_imports)]
pub(crate) use store::{Kept, load, remove, rows};
