//! Leads.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::{Condition, Record, Ref};

#[derive(ToSchema)]
pub struct Assign {
    /// Who gets it.
    pub owner: String,
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct MarkInvalid {
    /// An option of the field `invalid_reason`.
    #[schema(example = "no_interest")]
    pub invalid_reason: String,
    /// More in words, kept with the history.
    pub reason: Option<String>,
    pub dry_run: Option<bool>,
}

/// A record that is there (`id`), or the fields of a new one.
#[derive(ToSchema)]
pub struct ConversionPart {
    pub id: Option<String>,
    pub fields: Option<BTreeMap<String, Value>>,
}

#[derive(ToSchema)]
pub struct Convert {
    pub account: Option<ConversionPart>,
    pub contact: Option<ConversionPart>,
    pub opportunity: Option<ConversionPart>,
    pub reason: Option<String>,
    /// Leaves approvals out that would catch it, where one may (`skip_approval`); with a reason.
    pub skip_approval: Option<bool>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct Converted {
    /// `saved`, or `pending_approval`: then nothing has come to be yet.
    pub result: String,
    /// The approval that began with it.
    pub approval: Option<String>,
    pub lead: Option<Record>,
    pub account: Option<Record>,
    pub contact: Option<Record>,
    pub opportunity: Option<Record>,
    pub dry_run: bool,
}

/// What may be meant, with the reasons.
#[derive(ToSchema)]
pub struct ConversionCandidate {
    pub object: String,
    pub id: String,
    pub version: i64,
    pub revision: i64,
    /// Its name and a few fields more.
    pub fields: BTreeMap<String, Value>,
    /// `domain` (it has a page under the lead's domain), `contact` (a contact of it looks alike).
    pub why: Vec<String>,
    /// What the duplicate rules say: of the lead, or of what it would become.
    pub alike: Option<ConversionAlike>,
}

/// What a duplicate rule says of a candidate.
#[derive(ToSchema)]
pub struct ConversionAlike {
    pub rule: super::DuplicateRuleNamed,
    /// `warn`, or `block`: a new one would be refused.
    pub verdict: String,
    pub score: Option<u8>,
    pub reasons: Vec<super::DuplicateReason>,
}

#[derive(ToSchema)]
pub struct ConversionOffered {
    pub may_create: bool,
    /// As the mapping fills them.
    pub fields: BTreeMap<String, Value>,
    /// Keys of fields that must be filled; the first stage may ask for more, which a dry run tells.
    pub required: Vec<String>,
    pub candidates: Vec<ConversionCandidate>,
}

#[derive(ToSchema)]
pub struct ConvertedLead {
    pub id: String,
    pub version: i64,
    pub name: String,
}

#[derive(ToSchema)]
pub struct BecameIds {
    pub account: Option<String>,
    pub contact: Option<String>,
    pub opportunity: Option<String>,
}

#[derive(ToSchema)]
pub struct ConversionOffer {
    pub lead: ConvertedLead,
    pub can: bool,
    /// Why not.
    pub code: Option<String>,
    /// What it became, once it has been converted.
    pub became: Option<BecameIds>,
    /// By `account`, `contact`, `opportunity`: those that the caller may read at all.
    pub parts: BTreeMap<String, ConversionOffered>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct FieldPair {
    #[schema(example = "company")]
    pub from: String,
    #[schema(example = "name")]
    pub to: String,
}

#[derive(ToSchema)]
pub struct SaveLeadConversion {
    pub account: Option<Vec<FieldPair>>,
    pub contact: Option<Vec<FieldPair>>,
    pub opportunity: Option<Vec<FieldPair>>,
}

/// Where a field of a lead fits.
#[derive(ToSchema)]
pub struct FieldChoices {
    pub from: String,
    pub account: Vec<String>,
    pub contact: Vec<String>,
    pub opportunity: Vec<String>,
}

#[derive(ToSchema)]
pub struct LeadConversion {
    pub account: Vec<FieldPair>,
    pub contact: Vec<FieldPair>,
    pub opportunity: Vec<FieldPair>,
    /// 0 while it is the shipped one.
    pub version: i64,
    pub shipped: bool,
    pub choices: Vec<FieldChoices>,
}

#[derive(ToSchema)]
pub struct LeadReceiver {
    /// `person`, `department` or `group`.
    pub kind: String,
    pub id: String,
}

#[derive(ToSchema)]
pub struct SaveLeadRule {
    pub name: String,
    pub active: Option<bool>,
    /// Which leads it means; all when absent.
    pub condition: Option<Condition>,
    pub to: Vec<LeadReceiver>,
}

#[derive(ToSchema)]
pub struct LeadRule {
    pub id: String,
    pub name: String,
    pub active: bool,
    pub condition: Option<Condition>,
    pub to: Vec<LeadReceiver>,
    /// Whose turn it is; null where nobody can get one.
    pub next: Option<String>,
    pub version: i64,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct LeadRules {
    pub items: Vec<LeadRule>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct LeadRuleOrder {
    pub ids: Vec<String>,
}

#[derive(ToSchema)]
pub struct LeadRuleTrial {
    /// A lead that is there.
    pub lead: Option<String>,
    /// Or the fields of one that might be.
    pub fields: Option<BTreeMap<String, Value>>,
}

#[derive(ToSchema)]
pub struct LeadRuleJudged {
    pub id: String,
    pub name: String,
    /// It means the lead.
    pub means: bool,
    /// Who can get leads by it.
    pub receivers: Vec<String>,
}

#[derive(ToSchema)]
pub struct LeadRuleTried {
    /// The rule that would take it.
    pub rule: Option<String>,
    /// Who would get it.
    pub person: Option<String>,
    pub rules: Vec<LeadRuleJudged>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct WebFormField {
    #[schema(example = "email")]
    pub field: String,
    pub required: Option<bool>,
    /// The field's own label when empty.
    pub label: Option<String>,
}

#[derive(ToSchema)]
pub struct WebFormAssignment {
    /// `rules`, `person` or `nobody`.
    pub by: String,
    pub person: Option<String>,
}

#[derive(ToSchema)]
pub struct SaveWebForm {
    pub name: String,
    pub active: Option<bool>,
    /// `en` or `zh-CN`.
    pub language: Option<String>,
    pub title: Option<String>,
    pub fields: Vec<WebFormField>,
    /// Set besides, by field.
    pub values: Option<BTreeMap<String, Value>>,
    /// Sites that may send it; `*` is any.
    pub origins: Option<Vec<String>>,
    pub thanks_url: Option<String>,
    pub thanks: Option<String>,
    pub assignment: Option<WebFormAssignment>,
    pub minimum_seconds: Option<u32>,
}

#[derive(ToSchema)]
pub struct WebForm {
    pub id: String,
    pub public_key: String,
    pub name: String,
    pub active: bool,
    pub language: String,
    pub title: String,
    pub fields: Vec<WebFormField>,
    pub values: BTreeMap<String, Value>,
    pub origins: Vec<String>,
    pub thanks_url: Option<String>,
    pub thanks: String,
    pub assignment: WebFormAssignment,
    pub minimum_seconds: u32,
    pub version: i64,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct WebForms {
    pub items: Vec<WebForm>,
    pub refs: BTreeMap<String, Ref>,
}

#[derive(ToSchema)]
pub struct WebFormSnippet {
    pub html: String,
    /// The form's own page.
    pub page: String,
}

/// The fields of a form by their keys, or these under `fields`.
#[derive(ToSchema)]
pub struct SentLead {
    pub fields: BTreeMap<String, Value>,
}

#[derive(ToSchema)]
pub struct ReceivedLead {
    /// `received`.
    pub result: String,
    pub message: String,
}
