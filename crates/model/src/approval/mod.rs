//! Approvals: who must agree before something is done (spec/03).
//!
//! A [`Flow`] is a definition: which act on which records it catches, and a graph of [`Node`]s from start to end. A [`Run`] is one approval of
//! it. Nothing here knows a database or a clock: [`decide`] gets the run as it stands, plain facts and an act, and answers with the [`Entry`]s
//! that follow, or says why not; [`Run::apply`] draws the next state from each. So the trail is the truth: replayed, it gives the same run.

mod act;
mod check;
mod decide;
mod entry;
mod flow;
mod names;
mod run;
mod walk;

pub use act::{Act, By, Facts};
pub use check::{check, is_filled_in};
pub use decide::{begin, decide};
pub use entry::{Entry, What};
pub use flow::{
    Alike, Approve, Effect, Expiry, Flow, Initiator, Kind, Limit, Method, Nobody, Node, Rejects, Source, Trigger, Until, Way, Whose,
};
pub use names::Named;
pub use run::{Added, Outcome, Run, Step, StepState, Task, TaskState};

/// The field of every object that says for what a record waits while an approval runs: the key of the [`Trigger`].
pub const FIELD: &str = "in_approval";

#[cfg(test)]
mod random;
#[cfg(test)]
mod tests;
