//! Answers as assistants get them: compact, in the person's language, and within a size.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::asking::{Asking, Refusal};
use crate::messages::{Language, advice, tell};
use crate::problem::Problem;

/// Bytes of an answer.
const MOST: usize = 60_000;
/// What only screens have a use for.
const OF_SCREENS: [&str; 9] =
    ["behind", "colour", "icon", "layout", "csrf_token", "stream_position", "meta_version", "revision", "request_id"];
/// Fields that follow from any change.
const FOLLOWS: [&str; 2] = ["updated_at", "updated_by"];

/// What a tool came to.
pub fn given(asking: &Asking, answer: Json) -> Json {
    let answer = if answer.is_object() { answer } else { json!({"result": answer}) };
    let text = answer.to_string();
    if text.len() > MOST {
        let problem = Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, "assistant.too_large");
        return refused(asking, &Refusal::from(problem.with("max", MOST / 1000)));
    }
    json!({"content": [{"type": "text", "text": text}], "structuredContent": answer, "isError": false})
}

/// Why a tool has not done it: code, sentence, all that stands in the way, and what to do.
pub fn refused(asking: &Asking, refusal: &Refusal) -> Json {
    let language = asking.language();
    let meta = asking.mcp.0.app.door.house().meta();
    let mut told = compact(tell(&refusal.problem, language, &meta, &refusal.about, ""), language);
    if let Some(map) = told.as_object_mut() {
        map.retain(|key, _| !["type", "status"].contains(&key.as_str()));
    }
    let advice = advice(refusal.problem.code, language);
    if let Some(advice) = advice {
        told["advice"] = advice.into();
    }
    if let Some(seconds) = refusal.problem.retry_after {
        told["retry_after_seconds"] = seconds.into();
    }
    let mut text = format!("{} ({})", told["title"].as_str().unwrap_or_default(), refusal.problem.code);
    let mut line = |said: Option<&str>| {
        if let Some(said) = said.filter(|said| !said.is_empty()) {
            text.push('\n');
            text.push_str(said);
        }
    };
    line(told["detail"].as_str());
    for violation in told["violations"].as_array().into_iter().flatten() {
        let (code, path) = (violation["code"].as_str().unwrap_or_default(), violation["path"].as_str().unwrap_or_default());
        let place = if path.is_empty() { code.to_owned() } else { format!("{code}: {path}") };
        line(Some(&format!("- {} ({place})", violation["message"].as_str().unwrap_or_default())));
        // Without it nobody could go on over what is only alike.
        if let Some(matches) = violation["params"].get("matches").filter(|_| code.starts_with("duplicate.")) {
            line(Some(&matches.to_string()));
        }
    }
    line(advice);
    json!({"content": [{"type": "text", "text": text}], "structuredContent": told, "isError": true})
}

/// Without what says nothing here: nulls, empty lists, what only screens use; labels in one language, names of what is referred to by id.
pub fn compact(json: Json, language: Language) -> Json {
    match json {
        Json::Object(map) => {
            if let Some(label) = label(&map, language) {
                return label;
            }
            let mut told = Map::new();
            for (key, value) in map {
                if value.is_null() || OF_SCREENS.contains(&key.as_str()) {
                    continue;
                }
                if key == "refs" {
                    let names: Map<String, Json> =
                        value.as_object().into_iter().flatten().map(|(id, of)| (id.clone(), of["name"].clone())).collect();
                    if !names.is_empty() {
                        told.insert("names".to_owned(), names.into());
                    }
                    continue;
                }
                let inner = compact(value, language);
                let says_nothing = match &inner {
                    Json::Array(items) => items.is_empty() && key != "items",
                    Json::Object(inner) => inner.is_empty(),
                    _ => false,
                };
                if !says_nothing {
                    told.insert(key, inner);
                }
            }
            told.into()
        }
        Json::Array(items) => items.into_iter().map(|item| compact(item, language)).collect(),
        other => other,
    }
}

/// A name in several languages in the one that is wanted.
fn label(map: &Map<String, Json>, language: Language) -> Option<Json> {
    if !map.contains_key("en") || map.keys().any(|key| !["en", "zh-CN"].contains(&key.as_str())) {
        return None;
    }
    map.get(language.tag()).or_else(|| map.get("en")).cloned()
}

/// What an act would do, from what there is and what there would be.
pub fn would(asking: &Asking, before: Option<&Json>, after: Json) -> Json {
    let language = asking.language();
    let mut told = after;
    let record = told.as_object_mut().and_then(|map| map.remove("record")).unwrap_or_default();
    let about = if record.is_object() { record } else { Json::Null };
    if let Some(map) = told.as_object_mut() {
        map.remove("dry_run");
        map.remove("changed");
    }
    let same = before.filter(|before| before["fields"].is_object() && (before["id"] == about["id"]));
    let mut would = match (same, about.is_object()) {
        (Some(before), true) => {
            let changes = changes(asking, before, &about);
            let mut told = compact(told, language);
            told["changes"] = changes;
            told
        }
        (None, true) => {
            let mut told = compact(told, language);
            told["record"] = not_there(compact(about, language));
            told
        }
        // A comment, which is not there yet.
        (_, false) if before.is_none() => not_there(compact(told, language)),
        // An approval: what it would be itself.
        (_, false) => compact(told, language),
    };
    if let Some(before) = before.filter(|before| before["fields"].is_object() && same.is_none()) {
        would["of"] = json!({"object": before["object"], "id": before["id"], "name": before["fields"]["name"]});
    }
    would
}

/// What is only tried has no number of its own: the next trial would have another.
fn not_there(mut told: Json) -> Json {
    if let Some(map) = told.as_object_mut() {
        map.retain(|key, _| !["id", "version", "can", "token"].contains(&key.as_str()));
    }
    told
}

/// Field by field what differs, with labels and names as people know them.
fn changes(asking: &Asking, before: &Json, after: &Json) -> Json {
    let language = asking.language();
    let meta = asking.mcp.0.app.door.house().meta();
    let object = after["object"].as_str().and_then(|key| meta.schema.object(key));
    let none = Map::new();
    let fields = |record: &'_ Json| record["fields"].as_object().cloned().unwrap_or_else(|| none.clone());
    let (old, new) = (fields(before), fields(after));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).filter(|key| !FOLLOWS.contains(&key.as_str())).collect();
    let named = |value: &Json| {
        let name = value.as_str().and_then(|id| [after, before].into_iter().find_map(|record| record["refs"][id]["name"].as_str()));
        match name {
            Some(name) => json!({"id": value, "name": name}),
            None => value.clone(),
        }
    };
    let mut changes = Vec::new();
    for key in keys {
        let (from, to) = (old.get(key).unwrap_or(&Json::Null), new.get(key).unwrap_or(&Json::Null));
        if from != to {
            let label = object.and_then(|object| object.field(key)).map(|field| field.label.in_language(language.tag()));
            changes.push(json!({"field": key, "label": label.unwrap_or(key), "from": named(from), "to": named(to)}));
        }
    }
    changes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_say_what_is_of_use_in_one_language() {
        let full = json!({
            "id": "1", "revision": 3, "note": null, "list": [], "label": {"en": "Stage", "zh-CN": "阶段"}, "refs": {"9": {"name": "Kim", "object": "employee"}},
            "items": [], "fields": {"a": null, "b": {"amount": "1.00", "currency": "EUR"}},
        });
        let told = json!({
            "id": "1", "label": "阶段", "names": {"9": "Kim"}, "items": [], "fields": {"b": {"amount": "1.00", "currency": "EUR"}},
        });
        assert_eq!(compact(full, Language::Chinese), told);
    }
}
