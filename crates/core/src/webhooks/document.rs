//! A webhook as it is written, and what may be wrong with it.

use std::collections::BTreeSet;

use model::{Condition, Violation, Violations};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Ctx, Result};

/// Acts that can be told, as the outbox has them, each with what the type of its events ends in.
pub const ACTS: [(&str, &str); 21] = [
    ("create", "created"),
    ("edit", "updated"),
    ("move", "moved"),
    ("reopen", "reopened"),
    ("change_owner", "owner_changed"),
    ("team", "team_changed"),
    ("comment", "commented"),
    ("convert", "converted"),
    // What became of a quote.
    ("quote_sent", "sent"),
    ("quote_accepted", "accepted"),
    ("quote_rejected", "rejected"),
    ("quote_reopened", "reopened"),
    // And of an order.
    ("order_confirmed", "confirmed"),
    ("order_cancelled", "cancelled"),
    ("void", "voided"),
    ("restore", "restored"),
    // Of the record that others have become, or of which they were taken apart again.
    ("merge", "merged"),
    ("lock", "locked"),
    ("unlock", "unlocked"),
    ("delete", "deleted"),
    // What a flow tells when its approval has ended, under a name of its own.
    ("approval_effect", "approval_effect"),
];

/// Characters of a name, a description and an address.
const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 1_000;
const LONGEST_ADDRESS: usize = 2_000;
/// Kinds of records of one webhook.
const MOST_SUBSCRIPTIONS: usize = 50;

/// What is stored of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Document {
    pub name: String,
    pub description: String,
    pub address: String,
    pub subscriptions: Vec<Subscription>,
}

/// What is told of the records of one object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Subscription {
    pub object: String,
    pub acts: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Json>,
}

/// The body of `POST /webhooks` and `PUT /webhooks/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub address: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub subscriptions: Vec<WantedSubscription>,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "eyes")]
    _eyes: IgnoredAny,
    #[serde(default, rename = "state")]
    _state: IgnoredAny,
    #[serde(default, rename = "failing_since")]
    _failing_since: IgnoredAny,
    #[serde(default, rename = "failures")]
    _failures: IgnoredAny,
    #[serde(default, rename = "succeeded_at")]
    _succeeded_at: IgnoredAny,
    #[serde(default, rename = "paused_at")]
    _paused_at: IgnoredAny,
    #[serde(default, rename = "paused_why")]
    _paused_why: IgnoredAny,
    #[serde(default, rename = "gap_until")]
    _gap_until: IgnoredAny,
    #[serde(default, rename = "former_secret_until")]
    _former_secret_until: IgnoredAny,
    #[serde(default, rename = "waiting")]
    _waiting: IgnoredAny,
    #[serde(default, rename = "failed")]
    _failed: IgnoredAny,
    #[serde(default, rename = "secret")]
    _secret: IgnoredAny,
    #[serde(default, rename = "created_at")]
    _created_at: IgnoredAny,
    #[serde(default, rename = "created_by")]
    _created_by: IgnoredAny,
    #[serde(default, rename = "updated_at")]
    _updated_at: IgnoredAny,
    #[serde(default, rename = "refs")]
    _refs: IgnoredAny,
}

/// What is wanted of the records of one object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedSubscription {
    pub object: String,
    #[serde(default)]
    pub acts: Vec<String>,
    #[serde(default)]
    pub condition: Option<Json>,
}

fn yes() -> bool {
    true
}

/// What the type of an act's events ends in.
pub(super) fn suffix(act: &str) -> &str {
    ACTS.iter().find(|(key, _)| *key == act).map_or(act, |(_, suffix)| suffix)
}

/// The act by which an event is told. What comes with its past is new here all the same.
pub(super) fn told_as(act: &str) -> &str {
    if act == "import_history" { "create" } else { act }
}

/// The webhook that a document describes. `found` is what stands against its address. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, wanted: &Wanted, mut found: Violations) -> Result<Document> {
    let name = text(&wanted.name, "name", LONGEST_NAME, true, &mut found);
    let description = text(&wanted.description, "description", LONGEST_DESCRIPTION, false, &mut found);
    let address = text(&wanted.address, "address", LONGEST_ADDRESS, true, &mut found);
    if wanted.subscriptions.is_empty() {
        found.push(Violation::new("field.required", "subscriptions"));
    } else if wanted.subscriptions.len() > MOST_SUBSCRIPTIONS {
        found.push(Violation::new("field.too_long", "subscriptions").with("max", MOST_SUBSCRIPTIONS));
    }
    let mut named = BTreeSet::new();
    let mut subscriptions = Vec::new();
    for (at, one) in wanted.subscriptions.iter().enumerate().take(MOST_SUBSCRIPTIONS) {
        let path = format!("subscriptions/{at}");
        if cx.object(&one.object).is_err() {
            found.push(Violation::new("field.unknown", format!("{path}/object")).with("field", one.object.as_str()));
            continue;
        }
        if !named.insert(&one.object) {
            found.push(Violation::new("field.not_unique", format!("{path}/object")).with("value", one.object.as_str()));
        }
        let acts = acts(&one.acts, &path, &mut found);
        judge_condition(cx, &one.object, one.condition.as_ref(), &path, &mut found);
        let condition = one.condition.clone().filter(|json| !json.is_null());
        subscriptions.push(Subscription { object: one.object.clone(), acts, condition });
    }
    if found.is_empty() { Ok(Document { name, description, address, subscriptions }) } else { Err(found.into()) }
}

fn text(wanted: &str, path: &str, longest: usize, required: bool, found: &mut Violations) -> String {
    let text = wanted.trim().to_owned();
    if text.is_empty() && required && !found.iter().any(|violation| violation.path == path) {
        found.push(Violation::new("field.required", path));
    } else if !model::text::storable(&text) {
        found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
    } else if text.chars().count() > longest {
        found.push(Violation::new("field.too_long", path).with("max", longest));
    }
    text
}

/// In the order of [`ACTS`], each once.
fn acts(wanted: &[String], path: &str, found: &mut Violations) -> Vec<String> {
    let path = format!("{path}/acts");
    if wanted.is_empty() {
        found.push(Violation::new("field.required", path.as_str()));
    }
    for unknown in wanted.iter().filter(|act| !ACTS.iter().any(|(key, _)| key == *act)) {
        let options: Vec<&str> = ACTS.iter().map(|(key, _)| *key).collect();
        found.push(Violation::new("field.not_an_option", path.as_str()).with("value", unknown.as_str()).with("options", options));
    }
    ACTS.iter().filter(|(key, _)| wanted.iter().any(|act| act == key)).map(|(key, _)| (*key).to_owned()).collect()
}

/// A condition is read with the eyes of whoever writes it, as it is judged afterwards.
fn judge_condition(cx: &Ctx, object: &str, json: Option<&Json>, path: &str, found: &mut Violations) {
    let Some(json) = json.filter(|json| !json.is_null()) else { return };
    let place = format!("{path}/condition");
    let condition = match Condition::from_json(json) {
        Ok(condition) => condition,
        Err(violation) => return found.push(Violation { path: place, ..violation }),
    };
    let seen = cx.seen_schema();
    if let Err(wrong) = condition.resolve_for_change(object, &cx.reading(&seen, &[])) {
        found.extend(wrong.into_iter().map(|violation| {
            let field = violation.path.clone();
            let mut placed = Violation { path: place.clone(), ..violation };
            placed.params.entry("field").or_insert(field.into());
            placed
        }));
    }
}
