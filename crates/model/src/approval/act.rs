//! What may be done with an approval, and the facts by which it is judged.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::run::{Added, Outcome};
use crate::{Id, Instant};

/// What somebody does. Tasks are told by their numbers in the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Also: has done a task of filling fields.
    Agree {
        task: usize,
    },
    Reject {
        task: usize,
    },
    Comment,
    Reassign {
        task: usize,
        to: Id,
    },
    AddSigner {
        task: usize,
        person: Id,
        place: Added,
    },
    Withdraw,
    /// Takes one's own agreement back, while nobody after it has done anything.
    Retrieve {
        task: usize,
    },
    Urge,
    /// Submits again what came back to the initiator.
    Resubmit,
    /// For administrators: takes it to a node, gives a task to somebody else, or ends it.
    Jump {
        node: String,
    },
    Replace {
        task: usize,
        to: Id,
    },
    End {
        approve: bool,
    },
    /// For the product: the time of a task is over; somebody has left; another move has made it needless; what was agreed to cannot be done.
    Expire {
        task: usize,
    },
    Depart {
        task: usize,
    },
    Close {
        outcome: Outcome,
    },
}

/// Who does it.
#[derive(Clone, Debug, PartialEq)]
pub struct By {
    pub id: Id,
    /// The absent people for whom he stands in now.
    pub stands_in_for: BTreeSet<Id>,
    pub administrator: bool,
    /// He has the record.
    pub owner: bool,
}

/// What is known besides the run.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub now: Instant,
    /// Who is asked at each node, in order, as the sources say.
    pub found: BTreeMap<String, Vec<Id>>,
    /// Of each branch the ways whose condition holds.
    pub holds: BTreeMap<String, Vec<bool>>,
    pub administrators: Vec<Id>,
    /// Each person's manager.
    pub managers: BTreeMap<Id, Id>,
    /// Who is asked in the person of somebody that a flow names for where nobody is found, and who has left; nobody: administrators.
    pub gone: BTreeMap<Id, Option<Id>>,
    /// Fields that the node of the task asks for and that are blank.
    pub missing: Vec<String>,
}
