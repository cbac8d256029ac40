//! What an administrator writes down of duplicates.

use serde::{Deserialize, Serialize};

use crate::{Condition, Id};

/// Similarity from which two texts are alike, where a rule says no other, in percent.
pub const USUAL_THRESHOLD: u8 = 85;

/// A rule: records that are alike in any of its groups are told, or refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateRule {
    pub id: Id,
    /// The object whose records it judges.
    pub object: String,
    pub name: String,
    /// One that is not judges nothing.
    pub active: bool,
    /// Where it judges.
    pub kinds: Kinds,
    /// Which records it judges, over the record that is being saved; every one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Which records it compares with.
    #[serde(default)]
    pub scope: Scope,
    /// Alike in any of them is alike.
    pub groups: Vec<Group>,
    pub strictness: Strictness,
    /// Roles by key that its blocks do not stop; it is kept when one is passed.
    #[serde(default)]
    pub exempt_roles: Vec<String>,
    /// What is shown of a record that is found, to whoever met it, by object.
    #[serde(default)]
    pub shows: Vec<Shown>,
    /// Records that are told at most, the most alike first.
    #[serde(default = "most")]
    pub most: u32,
    /// Counts its changes.
    pub version: i64,
}

fn most() -> u32 {
    20
}

/// Where a rule judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// What is created or edited by hand, by a program, by conversion.
    pub new: bool,
    pub import: bool,
    /// What is looked for before it is begun.
    pub tool: bool,
}

/// One of the places where rules judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    New,
    Import,
    Tool,
}

impl Kinds {
    /// True where the rule judges in that place.
    pub fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::New => self.new,
            Kind::Import => self.import,
            Kind::Tool => self.tool,
        }
    }
}

/// Which records a rule compares with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Over the found record of the rule's own object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// With those in the recycle bin; a match with one only warns.
    #[serde(default = "yes")]
    pub voided: bool,
    /// With those that the caller may not see.
    #[serde(default = "yes")]
    pub unseen: bool,
}

fn yes() -> bool {
    true
}

impl Default for Scope {
    fn default() -> Scope {
        Scope { condition: None, voided: true, unseen: true }
    }
}

/// Rows that must all hold between the record and one of `object`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Whose records it is compared with: the rule's own object, or another.
    pub object: String,
    pub rows: Vec<Row>,
}

/// A field of the record against a field of the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Of the record that is judged.
    pub field: String,
    /// Of the record that it is compared with.
    pub other: String,
    #[serde(flatten)]
    pub method: Method,
    #[serde(default)]
    pub blank: Blank,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Method {
    /// Their normal forms are the same.
    Exact,
    /// Their normal forms are alike by so many percent, 50 to 100.
    Fuzzy {
        #[serde(default = "usual_threshold")]
        threshold: u8,
    },
    /// The normal form of one is a part of the other's.
    Contains,
    /// Phones with the same digits.
    SameDigits,
    /// E-mail addresses or addresses of pages under the same domain, public mail services left out.
    SameDomain,
    /// Days or instants no further apart.
    WithinDays { days: u32 },
    /// Amounts or numbers that differ by no more than so many percent of the larger.
    WithinPercent { percent: u32 },
}

fn usual_threshold() -> u8 {
    USUAL_THRESHOLD
}

impl Method {
    /// True for methods that say for certain that two values are the same.
    pub fn is_exact(self) -> bool {
        matches!(self, Method::Exact | Method::SameDigits)
    }
}

/// What a blank value comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blank {
    /// It is like nothing.
    #[default]
    Never,
    /// Two blanks are alike.
    Equal,
}

/// Whether those alike are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Strictness {
    pub new: Strict,
    pub import: Strict,
}

/// How a match stands against a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strict {
    /// Groups of exact rows alone block, the others warn.
    ByMethod,
    Warn,
    Block,
}

/// What is shown of found records of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    pub object: String,
    /// By key; `owner` shows the owner's name.
    pub fields: Vec<String>,
}
