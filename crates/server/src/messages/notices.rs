//! Notices in words: made where they are read, in the reader's language, so that a person who changes it finds all of them changed.

use serde_json::{Map, Value as Json, json};
use stagecraft_core::Meta;

use super::fill::Filler;
use super::{Language, chinese, english};

/// How a kind of notice is worded.
pub(super) struct Words {
    pub kind: &'static str,
    /// What it is called where one chooses how to be told.
    pub label: &'static str,
    /// `{name}` is what it is about, `{by}` who did it, `{count}` of how many things it tells.
    pub title: &'static str,
    /// The title of one that tells of several things; empty: the same.
    pub several: &'static str,
    pub text: &'static str,
}

impl Language {
    fn notice(self, kind: &str) -> Option<&'static Words> {
        let table = match self {
            Language::English => english::NOTICES,
            Language::Chinese => chinese::NOTICES,
        };
        table.iter().find(|words| words.kind == kind)
    }
}

/// Adds `title`, `text` and `link` to every notice in `items`.
pub fn word(answer: &mut Json, language: Language, meta: &Meta) {
    let refs = answer["refs"].clone();
    let filler = Filler { language, meta, about: "" };
    for item in answer["items"].as_array_mut().into_iter().flatten() {
        let (title, text) = words(item, &refs, &filler);
        item["title"] = title.into();
        item["text"] = text.into();
        item["link"] = link(item);
    }
}

/// Adds `label` to every kind.
pub fn word_kinds(preferences: &mut Json, language: Language) {
    for kind in preferences["kinds"].as_array_mut().into_iter().flatten() {
        let label = language.notice(kind["kind"].as_str().unwrap_or("")).map_or("", |words| words.label);
        kind["label"] = label.into();
    }
}

fn words(item: &Json, refs: &Json, filler: &Filler<'_>) -> (String, String) {
    let Some(words) = filler.language.notice(item["kind"].as_str().unwrap_or("")) else { return Default::default() };
    let name = |id: &Json| refs[id.as_str().unwrap_or("")]["name"].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    let mut params: Map<String, Json> = item["params"].as_object().cloned().unwrap_or_default();
    // A record whose name one may not know is called by what it is.
    let called = name(&item["record"]).or_else(|| filler.one(item["object"].as_str()?)).map(Json::from);
    if let Some(called) = called {
        params.insert("name".into(), called);
    }
    params.insert("by".into(), name(&item["by"]).unwrap_or_else(|| "Stagecraft".into()).into());
    params.insert("count".into(), item["count"].clone());
    params.insert("object".into(), item["object"].clone());
    let title = if item["count"].as_i64() > Some(1) && !words.several.is_empty() { words.several } else { words.title };
    (filler.fill(title, "", &params), filler.fill(words.text, "", &params))
}

/// Where the thing is in the web app.
fn link(item: &Json) -> Json {
    let task = item["params"]["id"].as_str().filter(|_| matches!(item["kind"].as_str(), Some("stage_task" | "stage_task_due")));
    if let (Some(record), Some(task)) = (item["record"].as_str(), task) {
        return json!(format!("/o/opportunity/{record}#task-{task}"));
    }
    // An approval stays readable by those who took part when its record does not.
    if let Some(approval) = item["params"]["approval"].as_str() {
        return json!(format!("/approvals/{approval}"));
    }
    match (item["object"].as_str(), item["record"].as_str(), item["kind"].as_str()) {
        (_, _, Some("join_asked")) => json!("/join-requests"),
        (_, _, Some("join_answered")) => json!("/join-requests?box=mine"),
        // The owner's manager is led to the record itself.
        (None, _, Some("join_expired")) => json!("/join-requests?box=mine"),
        (Some(object), Some(record), _) => json!(format!("/o/{object}/{record}")),
        (Some(object), None, _) => json!(format!("/o/{object}")),
        (None, _, Some("import_ended")) => json!("/imports"),
        (None, _, Some("job_failed")) => json!("/admin/jobs"),
        (None, _, Some("webhook_failing")) => json!("/admin/webhooks"),
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use stagecraft_core::notices::Kind;

    use super::super::fill::places;
    use super::*;

    #[test]
    fn every_kind_is_worded_in_both_languages_with_the_same_places() {
        let keys: Vec<&str> = Kind::ALL.iter().map(|kind| kind.key()).collect();
        for table in [english::NOTICES, chinese::NOTICES] {
            assert_eq!(table.iter().map(|words| words.kind).collect::<Vec<_>>(), keys);
        }
        for (en, zh) in english::NOTICES.iter().zip(chinese::NOTICES) {
            for (a, b) in [(en.title, zh.title), (en.several, zh.several), (en.text, zh.text)] {
                assert_eq!(places(a), places(b), "{}", en.kind);
            }
            assert!(!en.label.is_empty() && zh.label.chars().any(|c| c > '\u{2e80}'), "{}", en.kind);
        }
    }
}
