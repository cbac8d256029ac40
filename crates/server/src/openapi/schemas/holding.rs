//! Holding limits.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Condition, Label, Ref};

#[derive(ToSchema)]
pub struct HoldingDefinition {
    #[schema(example = "opportunity")]
    pub object: String,
    /// Every record that is not in the recycle bin when absent.
    pub condition: Option<Condition>,
    /// 0 while it is as shipped.
    pub version: i64,
}

/// A definition as it shall be. The product's own (`object`, `version`) may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveHoldingDefinition {
    pub condition: Option<Condition>,
}

/// Whom a rule limits.
#[derive(ToSchema)]
pub struct HoldingSubject {
    /// `employees`: each person by himself; `departments` and `groups`: each as a whole.
    #[schema(example = "employees")]
    pub kind: String,
    /// Which people; everybody when absent. For `employees`.
    pub condition: Option<Condition>,
    /// For `departments` and `groups`.
    pub ids: Option<Vec<String>>,
    /// With all that is below. For `departments`.
    pub with_sub: Option<bool>,
}

/// How many.
#[derive(ToSchema)]
pub struct HoldingLimit {
    /// `number` or `variable`.
    #[schema(example = "number")]
    pub kind: String,
    pub number: Option<u32>,
    /// A field of people.
    pub field: Option<String>,
}

#[derive(ToSchema)]
pub struct HoldingRule {
    pub id: String,
    #[schema(example = "opportunity")]
    pub object: String,
    pub name: String,
    pub active: bool,
    pub note: Option<String>,
    pub subject: HoldingSubject,
    /// Which records count, within the definition; all that it counts when absent.
    pub counts: Option<Condition>,
    pub limit: HoldingLimit,
    pub version: i64,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct HoldingRules {
    pub items: Vec<HoldingRule>,
    pub refs: BTreeMap<String, Ref>,
}

/// A rule as it shall be. The product's own (`id`, `version`, `refs`) may stand in it and changes nothing; in a preview `id` says which rule it
/// would replace.
#[derive(ToSchema)]
pub struct SaveHoldingRule {
    #[schema(example = "opportunity")]
    pub object: String,
    /// At most 100 characters.
    pub name: String,
    pub active: Option<bool>,
    /// At most 1,000 characters.
    pub note: Option<String>,
    pub subject: HoldingSubject,
    pub counts: Option<Condition>,
    pub limit: HoldingLimit,
    pub id: Option<String>,
}

#[derive(ToSchema)]
pub struct HoldingVariable {
    pub field: String,
    pub label: Label,
    /// `number`, `calculated` or `statistical`.
    #[schema(example = "number")]
    pub kind: String,
}

#[derive(ToSchema)]
pub struct HoldingVariables {
    pub items: Vec<HoldingVariable>,
}

#[derive(ToSchema)]
pub struct HoldingUser {
    pub id: String,
    /// `employee`, `department` or `user_group`.
    #[schema(example = "employee")]
    pub object: String,
    /// None is set for this one when absent.
    pub limit: Option<i64>,
    /// Where it comes from: `"number"`, or the field as `{field, label}`.
    pub limit_from: serde_json::Value,
    pub held: i64,
    pub over: bool,
    pub over_before: bool,
}

#[derive(ToSchema)]
pub struct HoldingUsage {
    pub subjects: Vec<HoldingUser>,
    /// How many are not among `subjects`.
    pub more: i64,
    /// People whom it reaches.
    pub people: i64,
    pub over: i64,
    pub newly_over: i64,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct HoldingRuleRef {
    pub id: String,
    pub name: String,
}

#[derive(ToSchema)]
pub struct HoldingRuleUsage {
    pub rule: HoldingRuleRef,
    pub subjects: Vec<HoldingUser>,
    pub more: i64,
    pub people: i64,
    pub over: i64,
    pub newly_over: i64,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct HoldingDefinitionUsage {
    pub over: i64,
    pub newly_over: i64,
    pub rules: Vec<HoldingRuleUsage>,
}

#[derive(ToSchema)]
pub struct HoldingRuleNote {
    pub id: String,
    pub name: String,
    pub note: Option<String>,
}

#[derive(ToSchema)]
pub struct HoldingSubjectRef {
    /// `employee`, `department` or `user_group`.
    #[schema(example = "employee")]
    pub object: String,
    pub id: String,
}

/// A rule as it stands for somebody.
#[derive(ToSchema)]
pub struct Holding {
    pub rule: HoldingRuleNote,
    #[schema(example = "opportunity")]
    pub object: String,
    /// He himself, or his department or group.
    pub subject: HoldingSubjectRef,
    /// Others hold together with him.
    pub shared: bool,
    /// None is set when absent.
    pub limit: Option<i64>,
    /// Where it comes from: `"number"`, or the field as `{field, label}`.
    pub limit_from: serde_json::Value,
    pub held: i64,
    /// What of that is his own.
    pub mine: Option<i64>,
    /// How many more there is room for; no end when absent.
    pub room: Option<i64>,
    pub over: bool,
    /// Finds his records that count.
    pub filter: Option<Condition>,
    /// How many more were asked for; where it stands against something.
    pub asked: Option<i64>,
}

#[derive(ToSchema)]
pub struct Holdings {
    pub items: Vec<Holding>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct MemberHoldings {
    pub person: String,
    pub department: Option<String>,
    pub items: Vec<Holding>,
}

#[derive(ToSchema)]
pub struct TeamHoldings {
    pub people: Vec<MemberHoldings>,
    /// Departments and groups to which those of the page belong.
    pub shared: Vec<Holding>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

/// What somebody might get.
#[derive(ToSchema)]
pub struct CheckHoldings {
    #[schema(example = "opportunity")]
    pub object: String,
    /// Oneself when absent.
    pub person: Option<String>,
    /// A record that might be.
    pub fields: Option<BTreeMap<String, serde_json::Value>>,
    /// Records that are there; at most 1,000.
    pub records: Option<Vec<String>>,
    /// For one more under this rule alone, whatever it is: what a refusal is followed up by.
    pub rule: Option<String>,
}

/// A record that would free room.
#[derive(ToSchema)]
pub struct FreesRoom {
    pub id: String,
    pub name: Option<String>,
    /// When it was last followed up; when it was made where it never was.
    pub stale_since: Option<String>,
    pub last_followed_at: Option<String>,
    pub stage: Option<String>,
}

#[derive(ToSchema)]
pub struct HoldingCheck {
    pub allowed: bool,
    /// Every rule that counts one of the records and means the person, as far as one may know of it: first those without room, then the tightest.
    pub rules: Vec<Holding>,
    pub frees: Vec<FreesRoom>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct WaitForRoom {
    #[schema(example = "opportunity")]
    pub object: String,
    /// For this record; for any when absent.
    pub record: Option<String>,
    /// Without a record: under these rules, as a refusal names them; under those that count every record when absent.
    pub rules: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct HoldingWait {
    pub id: String,
    pub object: String,
    pub record: Option<String>,
    pub since: String,
    /// In line, from 1.
    pub place: i64,
    pub told_at: Option<String>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct HoldingWaits {
    pub items: Vec<HoldingWait>,
    pub refs: BTreeMap<String, Ref>,
}
