//! What rows of an analysis are called.

use std::collections::{BTreeSet, HashMap};

use db::Read;
use model::analysis::{By, Key};
use model::{Id, Object};
use serde_json::{Value as Json, json};

use crate::records::names_of;
use crate::{Ctx, Result};

/// Names and options of one field's values.
pub(super) struct Labels<'a> {
    object: &'a Object,
    field: &'static str,
    names: HashMap<Id, String>,
}

impl Labels<'_> {
    /// What these are called, as far as the caller may know it.
    pub fn of<'a, 'k>(cx: &Ctx, tx: &mut Read, object: &'a Object, by: By, keys: impl Iterator<Item = &'k Key>) -> Result<Labels<'a>> {
        let ids: BTreeSet<Id> = keys.filter_map(|key| if let Key::Id(id) = key { Some(*id) } else { None }).collect();
        let target = object.field(by.field()).and_then(|field| field.kind.target()).and_then(|target| cx.object(target).ok());
        let names = match target {
            Some(target) => names_of(cx, tx, target, &ids.into_iter().collect::<Vec<_>>())?.into_iter().collect(),
            None => HashMap::new(),
        };
        Ok(Labels { object, field: by.field(), names })
    }

    /// The key, what it is called, and its colour.
    pub fn show(&self, key: &Key) -> (Json, Json, Json) {
        match key {
            Key::Blank => (Json::Null, Json::Null, Json::Null),
            Key::Id(id) => (json!(id.to_string()), json!(self.names.get(id)), Json::Null),
            Key::Option(key) => {
                let option = self.object.options(self.field).iter().find(|option| option.key == *key);
                (json!(key), json!(option.map(|option| &option.label)), json!(option.and_then(|option| option.colour.as_ref())))
            }
        }
    }

    /// Where an option stands among all; those that are none any more come behind them.
    pub fn place(&self, key: &Key) -> usize {
        let options = self.object.options(self.field);
        match key {
            Key::Option(key) => options.iter().position(|option| option.key == *key).unwrap_or(options.len()),
            _ => 0,
        }
    }
}

/// The key in an address; nothing for what is blank.
pub(super) fn in_address(key: &Key) -> String {
    match key {
        Key::Blank => String::new(),
        Key::Id(id) => id.to_string(),
        Key::Option(key) => key.clone(),
    }
}

/// The key that an address names.
pub(super) fn from_address(by: By, text: &str) -> Key {
    match by {
        _ if text.is_empty() => Key::Blank,
        By::Owner | By::OwnerDepartment | By::Product => text.parse().map_or_else(|_| Key::Option(text.to_owned()), Key::Id),
        By::Stage | By::LeadSource | By::ForecastCategory => Key::Option(text.to_owned()),
    }
}
