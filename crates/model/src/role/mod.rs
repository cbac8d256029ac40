//! Roles: what a person may do, as data.

mod shipped;

pub use shipped::{is_preset, shipped, shown};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::Label;

/// An act on records of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Create,
    Read,
    Edit,
    Delete,
    Import,
    ImportHistory,
    Export,
    ChangeOwner,
    Claim,
    Assign,
    Return,
    Void,
    Restore,
    Lock,
    Unlock,
    Merge,
    Clone,
    Convert,
    MarkInvalid,
    Move,
    SkipApproval,
    /// Passes the gates of a sales process by, with a reason.
    BypassGates,
    ChangeProcess,
    Reopen,
    Team,
    /// Puts a record without an owner into another pool.
    MovePool,
    /// Looks with the duplicate check for what there is, also where he may not see it.
    DuplicateTool,
    /// No holding limit stops him; it is kept when one would have.
    HoldingExempt,
}

impl Act {
    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            Act::Create => "create",
            Act::Read => "read",
            Act::Edit => "edit",
            Act::Delete => "delete",
            Act::Import => "import",
            Act::ImportHistory => "import_history",
            Act::Export => "export",
            Act::ChangeOwner => "change_owner",
            Act::Claim => "claim",
            Act::Assign => "assign",
            Act::Return => "return",
            Act::Void => "void",
            Act::Restore => "restore",
            Act::Lock => "lock",
            Act::Unlock => "unlock",
            Act::Merge => "merge",
            Act::Clone => "clone",
            Act::Convert => "convert",
            Act::MarkInvalid => "mark_invalid",
            Act::Move => "move",
            Act::SkipApproval => "skip_approval",
            Act::BypassGates => "bypass_gates",
            Act::ChangeProcess => "change_process",
            Act::Reopen => "reopen",
            Act::Team => "team",
            Act::MovePool => "move_pool",
            Act::DuplicateTool => "duplicate_tool",
            Act::HoldingExempt => "holding_exempt",
        }
    }
}

/// What one may know and do of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldAccess {
    Hidden,
    Read,
    Write,
}

/// Rights over one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectRights {
    #[serde(default)]
    pub acts: BTreeSet<Act>,
    /// Fields that differ from writing; the others are written by those who may edit.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldAccess>,
}

/// A role. A person may have several; the highest right counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub key: String,
    pub name: Label,
    /// Whom it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Label>,
    /// Sees every record of every object.
    #[serde(default)]
    pub see_all: bool,
    /// May shape the product: objects, processes, people, settings.
    #[serde(default)]
    pub administrator: bool,
    /// Reads the trace of everything: changes of every record, acts, and what was refused.
    #[serde(default)]
    pub reads_audit: bool,
    /// By object key; `*` stands for every object not named.
    pub objects: BTreeMap<String, ObjectRights>,
    /// Counts its changes, so that of two who change it at once the second is shown what the first did.
    #[serde(default)]
    pub version: i64,
}

/// The role that cannot be taken from the product: whoever has it may always mend the others.
pub const ADMINISTRATOR: &str = "administrator";

impl Role {
    /// Rights over `object`.
    pub fn rights(&self, object: &str) -> Option<&ObjectRights> {
        self.objects.get(object).or_else(|| self.objects.get("*"))
    }
}
