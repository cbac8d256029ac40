//! References to records.

use serde_json::Value as Json;

use super::Field;
use crate::{Id, Value, Violation};

pub fn parse(field: &Field, json: &Json) -> Result<Value, Violation> {
    id(json).map(Value::Ref).ok_or_else(|| field.invalid("the id of a record"))
}

pub fn parse_regarding(field: &Field, json: &Json) -> Result<Value, Violation> {
    let object = json.get("object").and_then(Json::as_str);
    let id = json.get("id").and_then(id);
    match (object, id) {
        (Some(object), Some(id)) => Ok(Value::Regarding { object: object.to_owned(), id }),
        _ => Err(field.invalid("a record, as {\"object\": …, \"id\": …}")),
    }
}

/// A process is kept by its id as text, always in one spelling.
pub fn parse_process(field: &Field, json: &Json) -> Result<Value, Violation> {
    id(json).map(|id| Value::Text(id.to_string())).ok_or_else(|| field.invalid("the id of a sales process"))
}

/// Files are kept by their ids as texts, in the order of their coming.
pub fn parse_files(field: &Field, json: &Json) -> Result<Value, Violation> {
    let expected = || field.invalid("a list of ids of files");
    let list = json.as_array().ok_or_else(expected)?;
    if list.len() > MOST_FILES {
        return Err(Violation::new("field.too_long", &field.key).with("max", MOST_FILES).with("length", list.len()));
    }
    let mut keys: Vec<String> = list.iter().map(|one| id(one).map(|id| id.to_string()).ok_or_else(expected)).collect::<Result<_, _>>()?;
    keys.sort();
    keys.dedup();
    Ok(if keys.is_empty() { Value::Null } else { Value::Keys(keys) })
}

/// Files in one field.
const MOST_FILES: usize = 50;

fn id(json: &Json) -> Option<Id> {
    json.as_str().and_then(|text| text.parse().ok())
}
