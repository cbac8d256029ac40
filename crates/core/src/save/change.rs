//! What is to be saved, and what becomes of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::approval::Flow;
use model::process::{How, MoveKind, Pending, Stay};
use model::role::Act;
use model::{Currency, Id, Instant, Number, Patch, Record, Violations};

use serde::{Deserialize, Serialize};

use serde_json::Value as Json;

use crate::Error;
use crate::approvals::{Begun, Caught};
use crate::processes::NewRecord;
use crate::stage_tasks::Kept;

/// One change of one record.
#[derive(Clone, Debug)]
pub struct Change {
    pub object: String,
    /// Absent: a new record.
    pub id: Option<Id>,
    pub deed: Deed,
    pub patch: Patch,
    /// The version that the caller has seen.
    pub if_version: Option<i64>,
    pub reason: Option<String>,
    /// Ids of other systems for a new record: (source, id).
    pub external: Vec<(String, String)>,
    /// Whether the rules of assignment say who gets a new record without an owner; by the way it comes in when nothing is said.
    pub by_rules: Option<bool>,
    /// What stands against a move is passed by, where the caller may.
    pub bypass: bool,
    /// It goes on over duplicates that are only warned of.
    pub despite_warnings: bool,
    /// It puts back what was before another change.
    pub takes_back: bool,
    /// It is part of making records one, or of taking that back: what is alike does not stand against it, and it is no slip.
    pub merging: bool,
    /// Objects of which records are created along with a move, each as often as there are records.
    pub creating: Vec<String>,
    /// Those records as they are asked for, kept where the move waits for an approval.
    pub along: Vec<NewRecord>,
    /// What a lead is to become, kept where the conversion waits for an approval.
    pub becomes: Option<Json>,
    /// The pool's rule by which the product takes it back.
    pub reclaimed_by: Option<String>,
    /// It is part of an approval, and caught by none.
    pub under: Option<Under>,
}

/// As what a change is part of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Under {
    /// What was asked for is done, or the record let go.
    Executes(Id),
    /// Whoever is asked fills fields, or the initiator mends what came back to him.
    Fills(Id),
    /// Somebody leaves the approval out, who may, with a reason.
    Skips,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Create,
    /// A plain edit. With another stage among the fields it becomes a move.
    Edit,
    Move {
        stage: String,
    },
    Reopen {
        stage: Option<String>,
    },
    /// Into a stage of another process; the first where none is named.
    ChangeProcess {
        process: Id,
        stage: Option<String>,
    },
    /// A new version of the process has given up the stage where the deal stands: the product takes it to this one, whatever state the
    /// record is in.
    Follow {
        stage: String,
    },
    ChangeOwner {
        to: Id,
        keep_as: Option<String>,
    },
    /// Gives a record that lies without an owner to somebody.
    /// To whom the rules say, where nobody is named.
    Assign {
        to: Option<Id>,
    },
    /// Takes a record that lies in a pool for oneself.
    Claim,
    /// Gives a record up: it lies in this pool, or in the one from which it came.
    Return {
        pool: Option<Id>,
    },
    /// Puts a record that nobody has into another pool.
    MovePool {
        pool: Id,
    },
    /// Nothing will come of a lead: for which of the reasons there are.
    MarkInvalid {
        why: String,
    },
    /// Takes an invalid lead up again.
    Revive,
    /// The lead has become these.
    Convert(Became),
    Void,
    Restore,
    /// For good, out of the recycle bin: as what a deletion is held back that a flow catches.
    Delete,
    /// Nobody may change it, nor what lives in it, but those who may unlock.
    Lock,
    Unlock,
    /// Submits again what was not approved.
    Submit,
    /// The product: what was created is approved and counts from now on.
    TakeEffect,
    /// The product: what was asked for was not approved, and the record is as it was; one that was created is set aside.
    Release {
        ineffective: bool,
    },
    /// Lets go of a record that is deleted for good, or has become one with another: the product itself takes the reference away, or leads it
    /// to the other, whatever state the record is in.
    LetGo,
    /// A new record that carries its past (act `import_history`): any stage, with the instants of entering.
    Historic(Historic),
}

/// What a lead has become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Became {
    pub account: Option<Id>,
    pub contact: Option<Id>,
    pub opportunity: Option<Id>,
}

/// The past of an imported record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Historic {
    /// When it was created elsewhere; the import's own instant when it is not known.
    pub created_at: Option<Instant>,
    /// Stages with the instant of entering, in order; the last is the present one.
    pub entered: Vec<(String, Instant)>,
}

impl Change {
    /// A change without fields.
    pub fn new(object: &str, deed: Deed) -> Change {
        Change {
            object: object.to_owned(),
            id: None,
            deed,
            patch: Patch::new(),
            if_version: None,
            reason: None,
            external: Vec::new(),
            by_rules: None,
            bypass: false,
            despite_warnings: false,
            takes_back: false,
            merging: false,
            creating: Vec::new(),
            along: Vec::new(),
            becomes: None,
            reclaimed_by: None,
            under: None,
        }
    }

    /// A change of an existing record.
    pub fn of(object: &str, id: Id, deed: Deed) -> Change {
        Change { id: Some(id), ..Change::new(object, deed) }
    }

    /// Leaves an approval out that would catch it, where `skip` says so.
    #[must_use]
    pub fn skipping(mut self, skip: bool) -> Change {
        if skip {
            self.under = Some(Under::Skips);
        }
        self
    }

    /// The right it needs.
    pub fn act(&self) -> Act {
        match self.deed {
            Deed::Create | Deed::Submit | Deed::TakeEffect => Act::Create,
            Deed::Edit | Deed::LetGo | Deed::Release { .. } => Act::Edit,
            Deed::Move { .. } | Deed::Follow { .. } => Act::Move,
            Deed::Reopen { .. } | Deed::Revive => Act::Reopen,
            Deed::ChangeProcess { .. } => Act::ChangeProcess,
            Deed::ChangeOwner { .. } => Act::ChangeOwner,
            Deed::Assign { .. } => Act::Assign,
            Deed::Claim => Act::Claim,
            Deed::Return { .. } => Act::Return,
            Deed::MovePool { .. } => Act::MovePool,
            Deed::MarkInvalid { .. } => Act::MarkInvalid,
            Deed::Convert(_) => Act::Convert,
            Deed::Void => Act::Void,
            Deed::Restore => Act::Restore,
            Deed::Delete => Act::Delete,
            Deed::Lock => Act::Lock,
            Deed::Unlock => Act::Unlock,
            Deed::Historic(_) => Act::ImportHistory,
        }
    }

    /// The reason given, without blanks around it; an empty one counts as none.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty())
    }
}

/// A saved record.
#[derive(Clone, Debug)]
pub struct Saved {
    pub record: Record,
    pub created: bool,
    /// False when nothing differed.
    pub changed: bool,
    /// It changed its stage.
    pub moved: bool,
    /// Codes of what stood against that and was passed by.
    pub bypassed: Vec<String>,
    /// It waits for this approval, which began with it.
    pub approval: Option<Id>,
    /// What it is like, where an import brings it in all the same: a `duplicate.found` for each rule.
    pub alike: Violations,
}

/// A change on its way through `save`.
pub(crate) struct Working {
    pub change: Change,
    pub before: Option<Record>,
    pub after: Record,
    /// The instant of this write.
    pub at: Instant,
    /// All that stands against it.
    pub findings: Violations,
    /// Findings of the process: answered as unmet requirements.
    pub unmet: Violations,
    /// Ended early: not there, not allowed, changed meanwhile.
    pub error: Option<Error>,
    /// The stage it enters, how, and over which others; its stays so far.
    pub target: Option<String>,
    pub how: Option<How>,
    pub moving: Option<MoveKind>,
    pub skipped: Vec<String>,
    pub bypassed: Vec<String>,
    pub stays: Vec<Stay>,
    /// The matches that it goes on over.
    pub passed_duplicates: Vec<crate::duplicates::Override>,
    /// The same, to be told with the row of an import.
    pub alike: Violations,
    /// Its stage tasks, as they were judged.
    pub tasks: Vec<Kept>,
    /// Its owner is whose turn it was.
    pub by_rules: bool,
    /// The stay that ends, and those that begin.
    pub left: Option<Stay>,
    pub entered: Vec<Stay>,
    /// The flow that has caught it, and the approval that begins with it.
    pub caught: Option<Caught>,
    pub begun: Option<Begun>,
    /// The flow that somebody has left out.
    pub left_out: Option<Arc<Flow>>,
    /// The stage approval for which the deal waits, and the one that it goes on without.
    pub pending: Option<Pending>,
    pub superseded: Option<Id>,
    /// The rate at which amounts of a currency stay in what it lives in.
    pub frozen: Option<(Currency, Number)>,
    /// Fields that the product has put on it, whose values the caller need not see.
    pub carried: BTreeSet<String>,
}

impl Working {
    /// A change before anything is known against it.
    pub fn new(change: Change, before: Option<Record>, after: Record, at: Instant, error: Option<Error>) -> Working {
        Working {
            change,
            before,
            after,
            at,
            findings: Vec::new(),
            unmet: Vec::new(),
            error,
            target: None,
            how: None,
            moving: None,
            skipped: Vec::new(),
            bypassed: Vec::new(),
            stays: Vec::new(),
            passed_duplicates: Vec::new(),
            alike: Vec::new(),
            tasks: Vec::new(),
            by_rules: false,
            left: None,
            entered: Vec::new(),
            caught: None,
            begun: None,
            left_out: None,
            pending: None,
            superseded: None,
            frozen: None,
            carried: BTreeSet::new(),
        }
    }

    /// True while nothing stands against it.
    pub fn is_sound(&self) -> bool {
        self.error.is_none() && self.findings.is_empty() && self.unmet.is_empty()
    }

    /// True when this change gives the field another value.
    pub fn changes(&self, field: &str) -> bool {
        self.before.as_ref().map_or(!self.after.get(field).is_null(), |before| before.get(field) != self.after.get(field))
    }

    /// True when this change gives the field another amount in the main currency.
    pub fn changes_main(&self, field: &str) -> bool {
        self.before.as_ref().is_some_and(|before| before.mains.get(field) != self.after.mains.get(field))
    }
}
