//! What is sent.

use db::outbox::Event;
use model::role::FieldAccess;
use model::{Id, Instant, Object};
use serde_json::{Value as Json, json};

use super::document::{suffix, told_as};
use super::then::Then;
use crate::{Ctx, records, veil};

/// Bytes of a body; texts are left out of a longer one.
const LONGEST: usize = 256 << 10;

/// The type of an event, as `opportunity.updated`.
pub(super) fn kind(object: &str, act: &str) -> String {
    format!("{object}.{}", suffix(told_as(act)))
}

/// The body for one event: what the person by whose eyes it is sent may know of, and no more.
pub(super) fn body(cx: &Ctx, object: &Object, event: &Event, then: &Then) -> String {
    let known = |field: &str| object.field(field).is_some_and(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let changes: Vec<Json> = then
        .changes
        .iter()
        .filter(|change| known(&change.field) && !veil::covers(cx, then.after.as_ref(), &change.field))
        .map(|change| json!({"field": change.field, "old": model::field::show(&change.old), "new": model::field::show(&change.new)}))
        .collect();
    let fields = then.after.as_ref().map(|record| records::shown_fields(cx, object, record));
    let mut message = json!({
        "type": kind(&event.object, &event.act),
        "timestamp": event.at.to_string(),
        "data": {
            "object": event.object, "id": event.record.to_string(), "revision": event.revision, "act": told_as(&event.act),
            "by": by(event.by), "changes": changes, "fields": fields, "left_out": [],
        },
    });
    if event.act == "approval_effect" {
        message["data"]["name"] = event.columns.first().map(String::as_str).into();
    }
    let text = message.to_string();
    if text.len() <= LONGEST { text } else { shortened(&mut message) }
}

/// The product itself has no id.
fn by(id: Id) -> Json {
    if id == Id::SYSTEM { Json::Null } else { id.to_string().into() }
}

/// The body without its longest texts, which it names.
fn shortened(message: &mut Json) -> String {
    let data = &mut message["data"];
    let mut left_out: Vec<(usize, String)> = data["fields"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(field, value)| value.as_str().map(|text| (text.len(), field.clone())))
        .collect();
    left_out.sort_unstable_by(|a, b| b.cmp(a));
    let mut names: Vec<String> = Vec::new();
    for (_, field) in left_out {
        data["fields"][&field] = Json::Null;
        for change in data["changes"].as_array_mut().into_iter().flatten().filter(|change| change["field"] == field.as_str()) {
            (change["old"], change["new"]) = (Json::Null, Json::Null);
        }
        names.push(field);
        if data.to_string().len() <= LONGEST - 1_024 {
            break;
        }
    }
    data["left_out"] = names.into();
    message.to_string()
}

/// The body of an event that nothing has happened for.
pub(super) fn test(webhook: Id, at: Instant) -> String {
    json!({"type": "webhook.test", "timestamp": at.to_string(), "data": {"webhook": webhook.to_string()}}).to_string()
}
