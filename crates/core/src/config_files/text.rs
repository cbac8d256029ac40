//! Documents as YAML: in an order that a reader expects, the same bytes every time.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::{Error, Result};

/// What stands first in a document, in this order; the rest follows by the alphabet.
const FIRST: [&str; 30] = [
    "key",
    "api_name",
    "role",
    "name",
    "of",
    "object",
    "label",
    "plural",
    "description",
    "help",
    "type",
    "active",
    "position",
    "trigger",
    "stage",
    "field",
    "op",
    "value",
    "kind",
    "does",
    "method",
    "who",
    "when",
    "to",
    "required",
    "condition",
    "message",
    "en",
    "zh-CN",
    "next",
];

/// The text of a document.
pub(super) fn write(document: &Json) -> Result<String> {
    // A text of one line stays on its line: folded anew, a changed word would change all lines after it.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: 100_000 };
    serde_saphyr::to_string_with_options(&Ordered(document), options).map_err(|error| Error::Internal(error.to_string()))
}

/// The document of a text. Error: why it cannot be read, with its line.
pub(super) fn read(text: &str) -> std::result::Result<Json, String> {
    // As YAML 1.2 has it: `no` is a word, not a value.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
}

/// A document without members that say nothing. What a rule sets or compares with may be nothing, and stays.
pub(super) fn without_nothing(document: &Json) -> Json {
    match document {
        Json::Object(map) => {
            let says = |(name, value): &(&String, &Json)| !value.is_null() || ["value", "default"].contains(&name.as_str());
            map.iter().filter(says).map(|(name, value)| (name.clone(), without_nothing(value))).collect()
        }
        Json::Array(list) => list.iter().map(without_nothing).collect(),
        plain => plain.clone(),
    }
}

struct Ordered<'a>(&'a Json);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Json::Object(map) => {
                let place = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
                let mut entries: Vec<(&String, &Json)> = map.iter().collect();
                entries.sort_by_key(|(key, _)| (place(key), key.as_str()));
                let mut out = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    out.serialize_entry(key, &Ordered(value))?;
                }
                out.end()
            }
            Json::Array(list) => {
                let mut out = serializer.serialize_seq(Some(list.len()))?;
                for value in list {
                    out.serialize_element(&Ordered(value))?;
                }
                out.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_comes_back_as_it_was_written() {
        let document = json!({
            "words": ["no", "yes", "on", "null", "~", "1", "1.50", "0x10", "2026-01-05", "12:30:45", "- x", "a: b", "a # b", "@x", "*x", " x ", ""],
            "long": "word ".repeat(60), "lines": "one\n\n  two  \nthree", "ends": "one\n", "tab": "a\tb", "多": "名称",
            "numbers": [1, -7, true, false], "none": {"value": null}, "empty": [[], {}],
        });
        assert_eq!(read(&write(&document).unwrap()).unwrap(), document);
    }

    #[test]
    fn what_a_reader_looks_for_stands_first() {
        let text = write(&json!({"zeta": 1, "label": {"zh-CN": "大", "en": "Large"}, "alpha": 2, "key": "x_large"})).unwrap();
        assert_eq!(text, "key: x_large\nlabel:\n  en: Large\n  zh-CN: 大\nalpha: 2\nzeta: 1\n");
    }

    #[test]
    fn a_key_that_is_said_twice_is_not_guessed_at() {
        assert!(read("a: 1\na: 2\n").unwrap_err().contains("line 2"));
    }
}
