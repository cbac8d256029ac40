//! Names of things in the languages of the product.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A name in several languages, by language tag (`en`, `zh-CN`). English is always there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(pub BTreeMap<String, String>);

impl Label {
    /// A name in English alone.
    pub fn en(text: &str) -> Label {
        Label(BTreeMap::from([("en".to_owned(), text.to_owned())]))
    }

    /// A name in English and Simplified Chinese.
    pub fn new(en: &str, zh: &str) -> Label {
        Label(BTreeMap::from([("en".to_owned(), en.to_owned()), ("zh-CN".to_owned(), zh.to_owned())]))
    }

    /// The name in `language`, else in English, else any.
    pub fn in_language(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get("en")).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }
}
