//! Options of select fields; the Opportunity Stage's carry a type.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Field;
use crate::{Label, Value, Violation};

/// One option of a select.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub key: String,
    pub label: Label,
    /// An option that is not active stays on the records that have it and cannot be chosen any more.
    #[serde(default = "yes")]
    pub active: bool,
    /// Of an Opportunity Stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_type: Option<StageType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

fn yes() -> bool {
    true
}

/// What a stage means (seed, "Stage status (type) definitions").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageType {
    InProgress,
    Won,
    Lost,
    Invalid,
}

impl StageType {
    /// Won, Lost and Invalid end a deal.
    pub fn is_terminal(self) -> bool {
        self != StageType::InProgress
    }

    /// As the API says it.
    pub fn key(self) -> &'static str {
        match self {
            StageType::InProgress => "in_progress",
            StageType::Won => "won",
            StageType::Lost => "lost",
            StageType::Invalid => "invalid",
        }
    }
}

impl Choice {
    /// An active option.
    pub fn new(key: &str, label: Label) -> Choice {
        Choice { key: key.to_owned(), label, active: true, stage_type: None, colour: None }
    }

    /// An Opportunity Stage.
    pub fn stage(key: &str, label: Label, stage_type: StageType) -> Choice {
        Choice { stage_type: Some(stage_type), ..Choice::new(key, label) }
    }
}

pub fn parse_one(field: &Field, options: &[Choice], json: &Json) -> Result<Value, Violation> {
    let key = json.as_str().ok_or_else(|| field.invalid("the key of an option"))?;
    known(field, options, key).map(|key| Value::Text(key.to_owned()))
}

pub fn parse_many(field: &Field, options: &[Choice], json: &Json) -> Result<Value, Violation> {
    let list = json.as_array().ok_or_else(|| field.invalid("a list of option keys"))?;
    let mut keys = Vec::with_capacity(list.len());
    for item in list {
        let key = item.as_str().ok_or_else(|| field.invalid("a list of option keys"))?;
        keys.push(known(field, options, key)?.to_owned());
    }
    keys.sort();
    keys.dedup();
    Ok(if keys.is_empty() { Value::Null } else { Value::Keys(keys) })
}

fn known<'a>(field: &Field, options: &[Choice], key: &'a str) -> Result<&'a str, Violation> {
    if options.iter().any(|option| option.key == key) {
        return Ok(key);
    }
    let offered: Vec<&str> = options.iter().filter(|o| o.active).map(|o| o.key.as_str()).take(50).collect();
    Err(Violation::new("field.not_an_option", &field.key).with("value", key).with("options", offered))
}
