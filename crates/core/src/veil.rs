//! What stands against an act is told to whoever acts, in his words: where it lies in a field that his roles hide, or in a condition that looks
//! at one, he is told that something does, and neither where nor what (core rule 25).

use model::condition::Mentioned;
use model::role::FieldAccess;
use model::{Condition, Object, Record, Violation, Violations};
use serde_json::Value as Json;

use crate::Ctx;

/// What is said instead.
pub(crate) const OUT_OF_SIGHT: &str = "field.out_of_sight";

/// True for a field of this object that the caller may not know of; never for what is no field.
pub(crate) fn hides(cx: &Ctx, object: &str, field: &str) -> bool {
    let of = cx.meta.schema.object(object);
    cx.who.system.is_none()
        && of.and_then(|of| of.field(field)).is_some_and(|field| cx.who.rights.field(object, field) == FieldAccess::Hidden)
}

/// True for a field of this record that is blank to the caller while nobody has it.
pub(crate) fn covers(cx: &Ctx, record: Option<&Record>, field: &str) -> bool {
    record.and_then(|record| cx.scope().covered(record)).is_some_and(|covered| covered.contains(field))
}

/// True where the caller may not know of something that these are.
pub(crate) fn hides_any(cx: &Ctx, mentioned: &Mentioned) -> bool {
    mentioned.iter().any(|(object, field)| hides(cx, object, field))
}

/// True where the caller may not know of something that a condition looks at.
pub(crate) fn hides_condition(cx: &Ctx, object: &str, condition: &Condition) -> bool {
    hides_any(cx, &condition.mentions(object, &cx.meta.schema))
}

/// True where a condition, as a message has it, looks at something that the caller may not know of.
fn hides_told(cx: &Ctx, object: &str, params: &serde_json::Map<String, Json>) -> bool {
    let condition = params.get("condition").and_then(|json| Condition::from_json(json).ok());
    condition.is_some_and(|condition| hides_condition(cx, object, &condition))
}

/// True where a message names an object that the caller may not know of.
fn hides_object(cx: &Ctx, params: &serde_json::Map<String, Json>) -> bool {
    let named = params.get("object").and_then(Json::as_str).filter(|key| cx.meta.schema.object(key).is_some());
    cx.who.system.is_none() && named.is_some_and(|key| cx.object(key).is_err())
}

/// True where a finding names something that the caller may not know of.
pub(crate) fn tells(cx: &Ctx, object: &Object, path: &str, params: &serde_json::Map<String, Json>) -> bool {
    let place = path.rsplit('/').next().unwrap_or(path);
    let first = place.split('.').next().unwrap_or(place);
    hides(cx, &object.key, first) || hides_told(cx, &object.key, params) || hides_object(cx, params)
}

/// Findings as the caller may know them. What he has named himself is told to be unknown, as if it had never been.
pub(crate) fn over(cx: &Ctx, object: &Object, found: Violations) -> Violations {
    let (mut told, mut veiled) = (Violations::with_capacity(found.len()), false);
    for violation in found {
        if violation.code != "field.unknown" && tells(cx, object, &violation.path, &violation.params) {
            // Once is enough, and their number would tell as well.
            if !std::mem::replace(&mut veiled, true) {
                told.push(Violation::new(OUT_OF_SIGHT, ""));
            }
        } else {
            told.push(violation);
        }
    }
    told
}
