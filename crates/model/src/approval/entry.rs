//! The trail of an approval: what has happened, one entry after another.

use serde::{Deserialize, Serialize};

use super::run::{Outcome, StepState};
use crate::{Id, Instant};

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Instant,
    /// [`Id::SYSTEM`] where the product did it by itself.
    pub by: Id,
    /// The absent person for whom `by` stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    pub what: What,
}

/// What has happened. Steps and tasks are told by their numbers, which are their places in the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What {
    Submitted,
    /// A node is come to: out of which step, and inside which forks, the innermost last.
    Entered {
        node: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<usize>,
        #[serde(default)]
        within: Vec<usize>,
    },
    /// Somebody is asked: a seat of his own, or in the seat of a task to which he was added.
    Asked {
        step: usize,
        person: Id,
        seat: usize,
        /// His place in the seat.
        place: usize,
        /// His turn has come; he waits for others otherwise.
        open: bool,
    },
    /// His turn has come.
    Turn {
        task: usize,
    },
    /// He waits again for somebody who was put before him.
    Waits {
        task: usize,
    },
    Agreed {
        task: usize,
        /// Nobody was asked: he is the submitter, has agreed already, or his time was over.
        #[serde(default)]
        by_itself: bool,
    },
    Rejected {
        task: usize,
        #[serde(default)]
        by_itself: bool,
    },
    Commented,
    Reassigned {
        task: usize,
        from: Id,
        to: Id,
    },
    /// One's own agreement is taken back.
    Retrieved {
        task: usize,
    },
    Urged,
    /// A task that nobody needs to do any more.
    Dropped {
        task: usize,
    },
    StepEnded {
        step: usize,
        state: StepState,
    },
    /// A step goes on that had ended.
    StepReopened {
        step: usize,
    },
    /// It goes back: agreements so far do not count for who has agreed already.
    SentBack {
        to: String,
    },
    /// The initiator changes it and submits again.
    Returned {
        step: usize,
        /// The node to which it comes back then; the start otherwise.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back_to: Option<String>,
    },
    Resubmitted,
    /// An administrator has taken it elsewhere.
    Jumped {
        to: String,
    },
    Ended {
        outcome: Outcome,
    },
}
