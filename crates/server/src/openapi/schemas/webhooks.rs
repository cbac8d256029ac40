//! Webhooks.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use super::{Condition, Ref};

#[derive(ToSchema)]
pub struct WebhookSubscription {
    #[schema(example = "opportunity")]
    pub object: String,
    /// Of `create`, `edit`, `move`, `reopen`, `change_owner`, `team`, `comment`, `convert`, `void`, `restore`, `lock`, `unlock`, `delete`.
    pub acts: Vec<String>,
    /// Judged with the record as it is after the event; `changed`, `changed_from` and `changed_to` may stand in it.
    pub condition: Option<Condition>,
}

#[derive(ToSchema)]
pub struct Webhook {
    pub id: String,
    pub version: i64,
    pub name: String,
    pub description: String,
    #[schema(example = "https://hooks.example.com/stagecraft")]
    pub address: String,
    pub active: bool,
    pub subscriptions: Vec<WebhookSubscription>,
    /// The person by whose eyes it sees: whoever saved it last.
    pub eyes: String,
    /// `new`, `healthy`, `failing`, `paused`, `gone` or `off`.
    pub state: String,
    pub failing_since: Option<String>,
    /// Failed attempts in a row.
    pub failures: i64,
    pub succeeded_at: Option<String>,
    pub paused_at: Option<String>,
    /// `failing`, `gone`, `eyes` or `condition`.
    pub paused_why: Option<String>,
    /// What happened before this and had not been told by then was let go.
    pub gap_until: Option<String>,
    /// Until when the former secret signs as well.
    pub former_secret_until: Option<String>,
    /// Deliveries that wait, counted up to 10,000.
    pub waiting: i64,
    /// Deliveries that were given up and are still kept, counted up to 10,000.
    pub failed: i64,
    pub created_at: String,
    pub created_by: String,
    pub updated_at: String,
    /// Only in the answer that made it or gave a new one.
    pub secret: Option<String>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct Webhooks {
    pub items: Vec<Webhook>,
    pub refs: BTreeMap<String, Ref>,
}

/// A webhook as it shall be. The product's own may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveWebhook {
    /// At most 100 characters.
    pub name: String,
    pub description: Option<String>,
    /// By https, to an address that is public or that the server's configuration names.
    pub address: String,
    pub active: Option<bool>,
    pub subscriptions: Vec<WebhookSubscription>,
}

#[derive(ToSchema)]
pub struct WebhookAttempt {
    pub number: i64,
    pub at: String,
    pub took_ms: i64,
    /// What was answered; blank where there was no answer.
    pub status: Option<i64>,
    /// `status`, `redirect`, `gone`, `timeout`, `unreachable`, `no_such_host`, `untrusted`, `broken`, `address_malformed`, `address_not_https`,
    /// `address_not_public`; blank where it arrived.
    pub error: Option<String>,
    pub detail: Option<String>,
    /// Headers that were sent.
    pub request: BTreeMap<String, String>,
    /// The first 4 kB of the answer.
    pub answer: Option<String>,
}

#[derive(ToSchema)]
pub struct WebhookDelivery {
    pub id: String,
    /// `webhook-id`: the same over all attempts.
    pub message: String,
    pub webhook: String,
    pub object: Option<String>,
    pub record: Option<String>,
    pub revision: Option<i64>,
    pub act: String,
    #[schema(rename = "type", example = "opportunity.updated")]
    pub kind: String,
    /// When it happened.
    pub at: String,
    pub created_at: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    pub attempts: i64,
    pub ended_at: Option<String>,
    /// What is sent; only where one delivery is asked for.
    pub body: Option<String>,
    pub attempt_list: Option<Vec<WebhookAttempt>>,
    /// When it is tried next.
    pub due_at: Option<String>,
    pub refs: Option<BTreeMap<String, Ref>>,
}

#[derive(ToSchema)]
pub struct WebhookDeliveries {
    pub items: Vec<WebhookDelivery>,
    pub refs: BTreeMap<String, Ref>,
    pub next_cursor: Option<String>,
}

#[derive(ToSchema)]
pub struct ReplayWebhook {
    #[schema(example = "2026-11-25T08:00:00Z")]
    pub from: String,
    #[schema(example = "2026-11-25T09:00:00Z")]
    pub until: String,
    /// `delivered` or `failed`; both when absent.
    pub state: Option<String>,
    pub dry_run: Option<bool>,
}

#[derive(ToSchema)]
pub struct ReplayedWebhook {
    /// How many; blank where the call was repeated.
    pub deliveries: Option<i64>,
    pub dry_run: bool,
}
