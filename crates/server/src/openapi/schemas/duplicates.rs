//! Duplicate rules and what they find.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Condition, Ref};

/// Where a rule judges.
#[derive(ToSchema)]
pub struct DuplicateKinds {
    /// What is created or edited by hand, by a program, by conversion.
    pub new: bool,
    pub import: bool,
    /// What is looked for with the duplicate check tool.
    pub tool: bool,
}

/// Which records a rule compares with.
#[derive(ToSchema)]
pub struct DuplicateScope {
    /// Over found records of the rule's own object; every one when absent.
    pub condition: Option<Condition>,
    /// With those in the recycle bin, true when absent; a match with one only warns.
    pub voided: Option<bool>,
    /// With those that the caller may not see, true when absent.
    pub unseen: Option<bool>,
}

/// A field of the record against a field of the other.
#[derive(ToSchema)]
pub struct DuplicateRow {
    #[schema(example = "name")]
    pub field: String,
    /// The field of the same key when absent.
    #[schema(example = "name")]
    pub other: Option<String>,
    /// `exact`, `fuzzy`, `contains`, `same_digits` (phones), `same_domain` (e-mail, pages), `within_days`, `within_percent`.
    #[schema(example = "fuzzy")]
    pub method: String,
    /// For `fuzzy`: alike by at least so many percent, 50 to 100, 85 when absent.
    pub threshold: Option<u8>,
    /// For `within_days`: 1 to 3650.
    pub days: Option<u32>,
    /// For `within_percent`: 1 to 100.
    pub percent: Option<u32>,
    /// `never` (a blank is like nothing, as when absent) or `equal` (two blanks are alike).
    pub blank: Option<String>,
}

/// Rows that must all hold.
#[derive(ToSchema)]
pub struct DuplicateGroup {
    /// Whose records are compared with; the rule's own object when absent.
    #[schema(example = "account")]
    pub object: Option<String>,
    pub rows: Vec<DuplicateRow>,
}

/// Each `by_method` (groups of exact rows alone block, others warn), `warn` or `block`.
#[derive(ToSchema)]
pub struct DuplicateStrictness {
    #[schema(example = "by_method")]
    pub new: String,
    #[schema(example = "by_method")]
    pub import: String,
}

/// Fields that are told of a found record, whoever meets it; `owner` tells the owner's name.
#[derive(ToSchema)]
pub struct DuplicateShown {
    #[schema(example = "account")]
    pub object: String,
    pub fields: Vec<String>,
}

#[derive(ToSchema)]
pub struct DuplicateRule {
    pub id: String,
    #[schema(example = "account")]
    pub object: String,
    pub name: String,
    pub active: bool,
    pub kinds: DuplicateKinds,
    /// Which records it judges; every one when absent.
    pub when: Option<Condition>,
    pub scope: DuplicateScope,
    /// Alike in any of them is alike.
    pub groups: Vec<DuplicateGroup>,
    pub strictness: DuplicateStrictness,
    /// Keys of roles that its blocks do not stop.
    pub exempt_roles: Vec<String>,
    pub shows: Vec<DuplicateShown>,
    /// Records that are told at most, 1 to 100.
    pub most: u32,
    pub version: i64,
}

#[derive(ToSchema)]
pub struct DuplicateRules {
    pub items: Vec<DuplicateRule>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

/// A rule as it shall be. The product's own (`id`, `version`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveDuplicateRule {
    #[schema(example = "account")]
    pub object: String,
    /// At most 100 characters.
    pub name: String,
    pub active: Option<bool>,
    /// Everywhere when absent.
    pub kinds: Option<DuplicateKinds>,
    pub when: Option<Condition>,
    pub scope: Option<DuplicateScope>,
    pub groups: Vec<DuplicateGroup>,
    /// `by_method` when absent.
    pub strictness: Option<DuplicateStrictness>,
    pub exempt_roles: Option<Vec<String>>,
    pub shows: Option<Vec<DuplicateShown>>,
    /// 20 when absent.
    pub most: Option<u32>,
}

/// Why two records are alike.
#[derive(ToSchema)]
pub struct DuplicateReason {
    #[schema(example = "name")]
    pub field: String,
    pub other: String,
    /// In percent.
    pub score: u8,
}

/// A record that is alike.
#[derive(ToSchema)]
pub struct DuplicateMatch {
    /// Stands for this match where one goes on over it, asks to join or claims.
    pub token: String,
    #[schema(example = "account")]
    pub object: String,
    /// Null where the caller may not open it.
    pub id: Option<String>,
    pub name: Option<String>,
    /// `warn` or `block`.
    pub verdict: String,
    /// In percent, by the reasons that are told; null where it was found only by fields that the caller may not know of.
    pub score: Option<u8>,
    pub reasons: Vec<DuplicateReason>,
    /// It lies in the recycle bin.
    pub voided: bool,
    /// The caller may open it.
    pub visible: bool,
    /// What the rule shows of it.
    pub fields: BTreeMap<String, Value>,
    pub owner: Option<String>,
    /// The pool from which it can be claimed.
    pub pool: Option<String>,
    /// Of `open`, `claim`, `join`, `restore`.
    pub can: Vec<String>,
}

#[derive(ToSchema)]
pub struct DuplicateRuleNamed {
    pub id: String,
    pub name: String,
    pub object: String,
}

/// What a rule has found.
#[derive(ToSchema)]
pub struct DuplicateHit {
    pub rule: DuplicateRuleNamed,
    /// `warn` or `block`.
    pub verdict: String,
    /// The most alike first.
    pub matches: Vec<DuplicateMatch>,
}

#[derive(ToSchema)]
pub struct DuplicatesFound {
    pub items: Vec<DuplicateHit>,
    /// `none`, `warn` or `block`.
    pub verdict: String,
    pub refs: BTreeMap<String, Ref>,
    /// Of a check: the fields that rules look at. Where there are none, a form need not ask.
    pub watched: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct DuplicateCheck {
    #[schema(example = "account")]
    pub object: String,
    pub fields: Option<BTreeMap<String, Value>>,
    /// The record that is edited.
    pub id: Option<String>,
}

#[derive(ToSchema)]
pub struct DuplicateSearch {
    /// All objects that rules of the tool judge when absent.
    pub object: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
    /// At most 255 characters.
    pub text: Option<String>,
}

#[derive(ToSchema)]
pub struct DuplicateOverrideRule {
    pub id: String,
    /// Null where it is not in force any more.
    pub name: Option<String>,
}

#[derive(ToSchema)]
pub struct DuplicateOverrideFound {
    pub object: String,
    /// Null where the caller may not open it.
    pub id: Option<String>,
    pub name: Option<String>,
}

/// A match that a record went on over.
#[derive(ToSchema)]
pub struct DuplicateOverride {
    /// Of the save, which may have gone on over several.
    pub id: String,
    pub rule: DuplicateOverrideRule,
    pub found: DuplicateOverrideFound,
    /// In percent; null where it is not known any more.
    pub score: Option<u8>,
    /// `warned`: whoever saved it went on. `exempt`: a role of his passes the block. `unasked`: nobody could be asked.
    pub how: String,
    pub at: String,
    pub by: String,
}

/// A record over which another was saved although it is like it.
#[derive(ToSchema)]
pub struct DuplicateOver {
    pub rule: DuplicateOverrideRule,
    pub found: DuplicateOverrideFound,
    /// In percent; null where it is not known any more.
    pub score: Option<u8>,
    /// `warned`, `exempt` or `unasked`.
    pub how: String,
}

#[derive(ToSchema)]
pub struct DuplicatesOfRecord {
    pub items: Vec<DuplicateOverride>,
    /// What is alike now.
    pub alike: Vec<DuplicateHit>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct DuplicateExample {
    pub record: String,
    /// Of the other.
    pub object: String,
    pub other: String,
    pub score: u8,
    pub reasons: Vec<DuplicateReason>,
}

#[derive(ToSchema)]
pub struct DuplicatePreview {
    /// Pairs that were found.
    pub matches: i64,
    /// Records that were tried.
    pub tried: i64,
    pub examples: Vec<DuplicateExample>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct JoinDuplicate {
    /// Of the match.
    pub token: String,
    /// At most 1000 characters.
    pub reason: Option<String>,
}

#[derive(ToSchema)]
pub struct AnswerJoin {
    /// On accepting: `read` (when absent) or `read_write`.
    pub level: Option<String>,
    pub answer: Option<String>,
}

/// Somebody asks to join the team of a record.
#[derive(ToSchema)]
pub struct JoinRequest {
    pub id: String,
    pub object: String,
    /// Null for whoever does not see it.
    pub record: Option<String>,
    pub name: Option<String>,
    pub by: String,
    /// Who is asked.
    pub of: String,
    pub reason: Option<String>,
    pub level: String,
    pub asked_at: String,
    pub answer_by: String,
    /// `open`, `accepted`, `declined`, `expired`, `withdrawn`.
    pub state: String,
    pub answered_at: Option<String>,
    pub answer: Option<String>,
    /// Of `accept`, `decline`, `withdraw`.
    pub can: Vec<String>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct JoinRequests {
    pub items: Vec<JoinRequest>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}
