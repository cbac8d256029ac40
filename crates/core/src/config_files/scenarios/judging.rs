//! Whether what came of a step is what a scenario expects.

use std::collections::BTreeSet;

use model::{Violation, Violations};
use serde_json::Value as Json;

use super::super::plan::violations_of;
use super::Failure;
use super::stage::{Stage, malformed};
use crate::{Error, Result};

/// Codes and results are words, and no names of anything.
pub(super) fn without_codes(expected: &Json) -> Json {
    expected.get("record").map_or(Json::Null, |_| expected.get("fields").cloned().unwrap_or_default())
}

/// What is otherwise than expected: a word (`done`, `moved`, `saved`, `pending_approval`, `duplicate`, `over_limit`, `forbidden`, `not_there`),
/// `{blocked: [codes]}` with a code alone or `code:place`, or `{record, fields}` for how it stands then.
pub(super) fn judged(stage: &Stage, expected: &Json, fields: &Json, outcome: Result<Json>) -> Result<Option<Failure>> {
    let (result, refused) = match outcome {
        Ok(answer) => (answer["result"].as_str().unwrap_or("done").to_owned(), Violations::new()),
        Err(Error::NotFound) => ("not_there".to_owned(), Violations::new()),
        Err(Error::Forbidden { .. }) => ("forbidden".to_owned(), Violations::new()),
        Err(error) => ("refused".to_owned(), violations_of(error)?),
    };
    let has = |start: &str| refused.iter().any(|violation| violation.code.starts_with(start));
    let done = refused.is_empty() && !["not_there", "forbidden"].contains(&result.as_str());
    let (holds, told) = match expected {
        Json::String(word) => {
            let holds = match word.as_str() {
                "done" => done && result != "pending_approval",
                "duplicate" => has("duplicate."),
                "over_limit" => has("holding."),
                "blocked" => !refused.is_empty(),
                other => result == other,
            };
            (holds, word.clone())
        }
        Json::Object(map) if map.contains_key("blocked") => {
            let codes: Vec<&str> = match &map["blocked"] {
                Json::String(code) => vec![code.as_str()],
                list => list.as_array().into_iter().flatten().filter_map(Json::as_str).collect(),
            };
            let there = |wanted: &&str| refused.iter().any(|violation| is_meant(violation, wanted));
            (!refused.is_empty() && codes.iter().all(there), format!("blocked by {}", codes.join(", ")))
        }
        Json::Object(map) if map.contains_key("record") => {
            let name = map["record"].as_str().unwrap_or_default();
            let present = if done { stage.fields_of(name)? } else { Json::Null };
            let wanted = fields.as_object().cloned().unwrap_or_default();
            let differing: BTreeSet<String> = wanted
                .iter()
                .filter(|(key, value)| !alike(&present[key.as_str()], value))
                .map(|(key, value)| format!("{key} is {} and not {value}", present[key.as_str()]))
                .collect();
            if done && !differing.is_empty() {
                let got = differing.into_iter().collect::<Vec<_>>().join("; ");
                return Ok(Some(Failure { step: 0, expected: format!("{name} to stand so"), refused, got }));
            }
            (done, format!("{name} to stand so"))
        }
        other => return Err(malformed(&other.to_string())),
    };
    Ok(if holds { None } else { Some(Failure { step: 0, expected: told, refused, got: result }) })
}

/// A code, or a code with the field or place that it speaks of.
fn is_meant(violation: &Violation, wanted: &str) -> bool {
    let (code, place) = wanted.split_once(':').map_or((wanted, None), |(code, place)| (code, Some(place)));
    let speaks = |place: &str| {
        violation.path == place || violation.path.ends_with(&format!("/{place}")) || violation.params.values().any(|value| value == place)
    };
    violation.code == code && place.is_none_or(speaks)
}

/// The same value, however it is written: an amount without its noughts, nothing as null.
fn alike(present: &Json, wanted: &Json) -> bool {
    let number = |json: &Json| {
        json.as_str().map(str::to_owned).or_else(|| json.as_number().map(ToString::to_string)).and_then(|text| model::Number::parse(&text))
    };
    match (present, wanted) {
        (Json::Object(present), Json::Object(wanted)) => {
            wanted.iter().all(|(key, value)| alike(present.get(key).unwrap_or(&Json::Null), value))
        }
        _ => present == wanted || number(present).is_some() && number(present) == number(wanted),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_requirement_is_meant_by_code_and_place() {
        let missing = Violation::new("stage.missing_field", "fields/amount").with("field", "amount");
        assert!(is_meant(&missing, "stage.missing_field") && is_meant(&missing, "stage.missing_field:amount"));
        assert!(!is_meant(&missing, "stage.missing_field:owner") && !is_meant(&missing, "stage.gate"));
    }

    #[test]
    fn amounts_are_alike_however_they_are_written() {
        assert!(alike(&json!({"amount": "1000.00", "currency": "USD"}), &json!({"amount": 1000})));
        assert!(!alike(&json!("1"), &json!("2")));
    }
}
