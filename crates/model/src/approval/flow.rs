//! An approval flow as it is written, stored and sent.

use serde::{Deserialize, Serialize};

use serde_json::Value as Json;

use crate::{Condition, Id};

/// A definition of who must agree to an act. The document of the API and of the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    pub id: Id,
    /// Fixed after creation.
    pub api_name: String,
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub object: String,
    pub trigger: Trigger,
    /// With the trigger `edit`: the change of one of these is caught; of any field when empty.
    #[serde(default)]
    pub fields: Vec<String>,
    /// With the trigger `stage`: the completion of one of these is caught; of any that the process has approved when empty.
    #[serde(default)]
    pub stages: Vec<String>,
    /// What the record must be, as it would be after the act; every record when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// The lower is asked first; the first that matches catches.
    pub position: i64,
    /// One that is not catches nothing any more; what runs goes on.
    pub active: bool,
    /// Who counts as its initiator.
    #[serde(default)]
    pub initiated_as: Initiator,
    /// Whether the record's owner may take it back, besides the initiator and administrators.
    #[serde(default = "yes")]
    pub owner_may_withdraw: bool,
    pub nodes: Vec<Node>,
    /// What follows when it is approved, and when it is not.
    #[serde(default)]
    pub approved: Vec<Effect>,
    #[serde(default)]
    pub rejected: Vec<Effect>,
    /// Counts its changes; a running approval keeps the version with which it began.
    pub version: i64,
}

fn yes() -> bool {
    true
}

/// The act that a flow catches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    Create,
    Edit,
    Void,
    Restore,
    Delete,
    ChangeOwner,
    Claim,
    Return,
    /// A stage of the sales process is complete and left for a later one.
    Stage,
    Convert,
    /// A row of an import that creates.
    Import,
}

impl Trigger {
    pub const ALL: [Trigger; 11] = [
        Trigger::Create,
        Trigger::Edit,
        Trigger::Void,
        Trigger::Restore,
        Trigger::Delete,
        Trigger::ChangeOwner,
        Trigger::Claim,
        Trigger::Return,
        Trigger::Stage,
        Trigger::Convert,
        Trigger::Import,
    ];

    /// As the API says it, and as the record's field [`super::FIELD`] holds it.
    pub fn key(self) -> &'static str {
        match self {
            Trigger::Create => "create",
            Trigger::Edit => "edit",
            Trigger::Void => "void",
            Trigger::Restore => "restore",
            Trigger::Delete => "delete",
            Trigger::ChangeOwner => "change_owner",
            Trigger::Claim => "claim",
            Trigger::Return => "return",
            Trigger::Stage => "stage",
            Trigger::Convert => "convert",
            Trigger::Import => "import",
        }
    }

    /// True where a record comes to be: it is there while the approval runs, and does not count yet.
    pub fn makes(self) -> bool {
        matches!(self, Trigger::Create | Trigger::Import)
    }

    /// True where the record keeps its values, and what is asked for is held beside it.
    pub fn holds_a_patch(self) -> bool {
        matches!(self, Trigger::Edit | Trigger::ChangeOwner)
    }
}

/// Who counts as the initiator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    #[default]
    Submitter,
    Owner,
}

/// A step of the graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// One in the flow.
    pub key: String,
    #[serde(default)]
    pub name: String,
    /// Where the editor draws it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(i32, i32)>,
    pub does: Kind,
}

/// What a node does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Kind {
    Start {
        next: String,
    },
    Approve(Box<Approve>),
    /// The first way whose condition the record meets; else the last.
    Branch {
        ways: Vec<Way>,
        otherwise: String,
    },
    /// All ways at once, until each has come to `join`.
    Fork {
        ways: Vec<String>,
        join: String,
    },
    Join {
        next: String,
    },
    /// Somebody must fill fields of the record.
    Task {
        who: Vec<Source>,
        #[serde(default)]
        nobody: Nobody,
        #[serde(default)]
        instruction: String,
        must_fill: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<Limit>,
        next: String,
    },
    Approved,
    Rejected,
}

/// A way out of a branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    #[serde(default)]
    pub name: String,
    pub when: Condition,
    pub to: String,
}

/// A node at which somebody agrees or does not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    pub method: Method,
    pub who: Vec<Source>,
    #[serde(default)]
    pub nobody: Nobody,
    /// Fields that whoever is asked may change while he agrees, and those that he must fill.
    #[serde(default)]
    pub may_edit: Vec<String>,
    #[serde(default)]
    pub must_fill: Vec<String>,
    /// Where it goes when the node does not agree.
    #[serde(default)]
    pub rejects: Rejects,
    /// Who is asked although he is the submitter.
    #[serde(default)]
    pub submitter: Alike,
    /// Who has agreed already in this run is not asked again; never where there are fields to fill.
    #[serde(default = "yes")]
    pub agreed_already: bool,
    /// Whoever agrees must say something; who rejects always must.
    #[serde(default)]
    pub comment_required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    pub next: String,
}

impl Approve {
    /// True where whoever agrees has something to fill in: nobody is passed by there.
    pub fn asks_for_fields(&self) -> bool {
        !self.must_fill.is_empty()
    }
}

/// How those who are asked come to one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Method {
    /// Whoever answers first.
    Standard,
    /// All of them; or so many of a hundred, when a ratio is given.
    Countersign {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<u8>,
    },
    /// Up the line of managers of `of`, one after another.
    StepByStep { of: Whose, until: Until },
    /// One after another in the order of the list.
    NamedOrder,
}

/// How far a line of managers is followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Until {
    Levels {
        n: u32,
    },
    /// The first with this role, he included.
    Role {
        role: String,
    },
    /// The head of the department in which `of` works.
    DepartmentHead,
}

/// From whom one starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    #[default]
    Owner,
    Submitter,
}

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Source {
    Person {
        id: Id,
    },
    /// Everybody in it, and below it.
    Department {
        id: Id,
        #[serde(default)]
        with_sub: bool,
    },
    /// The head of the department of `of`, or of one `up` levels above it.
    DepartmentHead {
        of: Whose,
        #[serde(default)]
        up: u32,
    },
    Group {
        id: Id,
    },
    Role {
        role: String,
    },
    Owner,
    Submitter,
    /// The manager of `of`, or one `up` levels above him.
    Manager {
        of: Whose,
        #[serde(default)]
        up: u32,
    },
    /// Those in the record's team who play this part; all of it when absent.
    Team {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<String>,
    },
    /// Whom a field of the record names, or of a record it refers to: `account.owner`.
    Field {
        path: String,
    },
}

/// What becomes of a node for which nobody is found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Nobody {
    Skip,
    Person {
        id: Id,
    },
    #[default]
    Administrators,
    /// The approval cannot begin; one that runs ends as failed.
    Fail,
}

/// Where a rejection goes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Rejects {
    /// The approval ends.
    #[default]
    End,
    /// The node that was decided before.
    Previous,
    /// An earlier node.
    Node { node: String },
    /// The initiator, who changes it and submits again: from the start, or back to the node that rejected.
    Initiator {
        #[serde(default)]
        back_to_node: bool,
    },
}

/// What is done where the one to be asked is the submitter himself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alike {
    #[default]
    Asks,
    Agrees,
    /// His manager is asked instead.
    Manager,
}

/// How long somebody has, in hours of the calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub hours: u32,
    /// Hours before the end at which whoever is asked is reminded, each once.
    #[serde(default)]
    pub remind_hours_before: Vec<u32>,
    #[serde(default)]
    pub then: Expiry,
}

/// What is done when the time is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    #[default]
    Remind,
    Agree,
    Reject,
    Manager,
}

/// What follows from an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Effect {
    /// Fields of the record take these values.
    Set {
        field: String,
        value: Json,
    },
    ChangeOwner {
        to: Id,
    },
    Lock,
    Unlock,
    Notify {
        who: Vec<Source>,
        text: String,
    },
    CreateTask {
        subject: String,
        who: Vec<Source>,
        due_in_days: u32,
    },
    /// A webhook that listens for `approval.effect` is told this name.
    Webhook {
        name: String,
    },
}

impl Flow {
    /// The node of a key.
    pub fn node(&self, key: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.key == key)
    }

    /// Where it begins.
    pub fn start(&self) -> Option<&Node> {
        self.nodes.iter().find(|node| matches!(node.does, Kind::Start { .. }))
    }
}

impl Node {
    /// Every node to which it leads.
    pub fn leads_to(&self) -> Vec<&str> {
        match &self.does {
            Kind::Start { next } | Kind::Join { next } | Kind::Task { next, .. } => vec![next],
            Kind::Approve(approve) => vec![&approve.next],
            Kind::Branch { ways, otherwise } => ways.iter().map(|way| way.to.as_str()).chain([otherwise.as_str()]).collect(),
            Kind::Fork { ways, .. } => ways.iter().map(String::as_str).collect(),
            Kind::Approved | Kind::Rejected => Vec::new(),
        }
    }

    /// Who is asked at it.
    pub fn sources(&self) -> &[Source] {
        match &self.does {
            Kind::Approve(approve) => &approve.who,
            Kind::Task { who, .. } => who,
            _ => &[],
        }
    }

    /// What becomes of it when that is nobody.
    pub fn nobody(&self) -> &Nobody {
        match &self.does {
            Kind::Approve(approve) => &approve.nobody,
            Kind::Task { nobody, .. } => nobody,
            _ => &Nobody::Skip,
        }
    }

    /// True where people are asked.
    pub fn asks(&self) -> bool {
        matches!(self.does, Kind::Approve(_) | Kind::Task { .. })
    }

    /// How long they have.
    pub fn limit(&self) -> Option<&Limit> {
        match &self.does {
            Kind::Approve(approve) => approve.limit.as_ref(),
            Kind::Task { limit, .. } => limit.as_ref(),
            _ => None,
        }
    }
}
