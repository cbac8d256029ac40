//! Stage tasks: what is to be done while a deal stands in a stage.
//!
//! They arise in the save by which a deal enters a stage, for those who are named by what they are to the deal; they appear on the deal, in what
//! waits for a person, and as notices; they are done by saving what they ask for; and those that are open when the stage is left are skipped.
//! Which of them stand in the way of leaving a stage is decided by `model::process`, from the very rows that are kept here.

mod acts;
mod assign;
mod choices;
mod complete;
mod define;
mod follow;
mod leave;
mod log;
mod may;
mod offer;
mod parts;
mod saving;
mod settle;
mod show;
pub(crate) mod sight;
mod store;
mod tell;
pub(crate) mod waiting;

pub use crate::lines::RowChange;
pub use acts::{Reassign, ReopenTask, reassign, reopen};
pub use choices::{ChoicesRequest, choices};
pub use complete::{Complete, NewRecord, again, complete};
pub(crate) use follow::{Turn, follow};
pub(crate) use leave::leave;
pub(crate) use log::{Happened, happened, turns};
pub(crate) use show::of_deal;
pub use show::{list, one};
pub(crate) use store::{Kept, load, remove, rows};
