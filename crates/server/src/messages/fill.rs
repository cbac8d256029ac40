//! Filling a text's places: `{field}` is the label of what the path names, others are parameters, shown as a person would.

#[cfg(test)]
use std::collections::BTreeSet;

use model::Label;
use serde_json::{Map, Value as Json};
use stagecraft_core::Meta;

use super::{Language, chinese, condition};

/// What is needed to name things.
pub(super) struct Filler<'a> {
    pub language: Language,
    pub meta: &'a Meta,
    /// Key of the object whose fields are meant.
    pub about: &'a str,
}

/// The names of a text's places.
#[cfg(test)]
pub(super) fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

impl Filler<'_> {
    /// The text with its places filled. A place without a value is left empty.
    pub fn fill(&self, text: &str, path: &str, params: &Map<String, Json>) -> String {
        let mut filled = String::with_capacity(text.len() + 40);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, tail)) = after.split_once('}') else { break };
            filled.push_str(&self.place(name, path, params));
            rest = tail;
        }
        filled.push_str(rest);
        filled.trim_end().to_owned()
    }

    fn place(&self, name: &str, path: &str, params: &Map<String, Json>) -> String {
        let value = params.get(name);
        match name {
            "field" => match (value.and_then(Json::as_str), params.get("object").and_then(Json::as_str)) {
                // A record that is missing is named as what it would be.
                (None, Some(object)) if path.starts_with("create/") => self.one(object).unwrap_or_else(|| object.to_owned()),
                (given, _) => self.of_object(params).field(given.unwrap_or(path)),
            },
            "condition" => value.map(|json| condition::in_words(json, self)).unwrap_or_default(),
            "stage" | "stages" | "leaving" | "current" | "after" | "option" | "to_stage" => {
                value.map(|v| self.each(v, |key| self.stage(key))).unwrap_or_default()
            }
            "object" => value.map(|v| self.each(v, |key| self.object(key))).unwrap_or_default(),
            "act" => value.map(|v| self.each(v, |key| self.act(key))).unwrap_or_default(),
            // A text in several languages is told in the reader's.
            "name" | "text" | "from" | "to" if value.is_some_and(Json::is_object) => value
                .and_then(|json| serde_json::from_value::<Label>(json.clone()).ok())
                .map(|label| self.label(&label))
                .unwrap_or_default(),
            "kind" | "state" | "type" | "function" | "outcome" | "waits_for" => {
                value.map(|v| self.each(v, |key| self.word(key))).unwrap_or_default()
            }
            "expected" | "found" => value.map(|v| self.each(v, |text| self.expected(text))).unwrap_or_default(),
            "reason" => value.map(|v| self.each(v, |text| self.reason(text))).unwrap_or_default(),
            // A way through several fields, in its order.
            "path" => match value {
                Some(Json::Array(way)) => way.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" → "),
                _ => value.map(|v| self.each(v, str::to_owned)).unwrap_or_default(),
            },
            _ => value.map(|v| self.each(v, str::to_owned)).unwrap_or_default(),
        }
    }

    /// Where a finding is about another object than the answer: one that comes to be along with a move.
    fn of_object<'a>(&'a self, params: &'a Map<String, Json>) -> Filler<'a> {
        Filler { language: self.language, meta: self.meta, about: params.get("of").and_then(Json::as_str).unwrap_or(self.about) }
    }

    fn each(&self, value: &Json, show: impl Fn(&str) -> String) -> String {
        match value {
            Json::Null => String::new(),
            Json::String(text) => show(text),
            Json::Array(items) => {
                let comma = if self.language == Language::Chinese { "、" } else { ", " };
                items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), &show)).collect::<Vec<_>>().join(comma)
            }
            other => other.to_string(),
        }
    }

    /// The label of the field that a path points at (`amount`, `account.sector`, `stages/2/win_rate`), else the path's last part.
    pub fn field(&self, path: &str) -> String {
        let last = path.rsplit('/').next().unwrap_or(path);
        if last.is_empty() {
            return String::new();
        }
        // Where several records are made at once, each finding is under the object of its own.
        let named = path.split_once('/').and_then(|(first, _)| self.meta.schema.object(first));
        let about = named.or_else(|| self.meta.schema.object(self.about));
        if about.is_none() && last == path {
            return self.place_name(last);
        }
        let mut object = about;
        let mut words = Vec::new();
        for key in last.split('.') {
            let field = object.and_then(|o| o.field(key)).or_else(|| words.is_empty().then(|| self.anywhere(key)).flatten());
            let Some(field) = field else { return self.place_name(last) };
            words.push(self.label(&field.label));
            object = field.kind.target().and_then(|target| self.meta.schema.object(target));
        }
        words.join(" › ")
    }

    fn anywhere(&self, key: &str) -> Option<&model::Field> {
        self.meta.order.iter().filter_map(|object| self.meta.schema.object(object)).find_map(|object| object.field(key))
    }

    /// A place that is no field: a name of the table, else the word itself.
    fn place_name(&self, place: &str) -> String {
        if self.language == Language::Chinese
            && let Some((_, name)) = chinese::PLACES.iter().find(|(key, _)| *key == place)
        {
            return (*name).to_owned();
        }
        let words = place.replace('_', " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// The label of a stage, else the key.
    pub fn stage(&self, key: &str) -> String {
        let options = self.meta.schema.object("opportunity").map(|o| o.options("stage")).unwrap_or(&[]);
        options.iter().find(|option| option.key == key).map_or_else(|| key.to_owned(), |option| self.label(&option.label))
    }

    fn object(&self, key: &str) -> String {
        self.meta.schema.object(key).map_or_else(|| key.replace('_', " "), |object| self.label(&object.plural))
    }

    /// What one of an object's records is called.
    pub fn one(&self, key: &str) -> Option<String> {
        self.meta.schema.object(key).map(|object| self.label(&object.label))
    }

    /// A word of the API, as a person would say it.
    fn word(&self, key: &str) -> String {
        match self.language {
            Language::English => key.replace('_', " "),
            Language::Chinese => {
                chinese::WORDS.iter().find(|(word, _)| *word == key).map_or_else(|| key.to_owned(), |(_, name)| (*name).to_owned())
            }
        }
    }

    fn act(&self, key: &str) -> String {
        match self.language {
            Language::English => key.replace('_', " "),
            Language::Chinese => {
                chinese::ACTS.iter().find(|(act, _)| *act == key).map_or_else(|| key.to_owned(), |(_, name)| (*name).to_owned())
            }
        }
    }

    /// Why something is not: a sentence, or a word of the API such as a lifecycle status.
    fn reason(&self, text: &str) -> String {
        let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if self.language == Language::English && is_word { self.word(text) } else { self.expected(text) }
    }

    fn expected(&self, text: &str) -> String {
        match self.language {
            Language::English => text.to_owned(),
            Language::Chinese => {
                chinese::EXPECTED.iter().find_map(|(en, zh)| carried_over(text, en, zh)).unwrap_or_else(|| text.to_owned())
            }
        }
    }

    pub fn label(&self, label: &Label) -> String {
        label.in_language(self.language.tag()).to_owned()
    }
}

/// `zh` with what stands in `text` at the places `{}` of `en`; `None` when the text is not of that form.
pub(super) fn carried_over(text: &str, en: &str, zh: &str) -> Option<String> {
    let mut parts = en.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut filled = zh.to_owned();
    for part in parts {
        let at = if part.is_empty() { rest.len() } else { rest.find(part)? };
        filled = filled.replacen("{}", &rest[..at], 1);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(filled)
}
