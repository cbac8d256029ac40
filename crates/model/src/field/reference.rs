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

/// Several records are kept by their ids as texts, each once.
pub fn parse_several(field: &Field, json: &Json) -> Result<Value, Violation> {
    ids(field, json, "a list of ids of records", MOST_RECORDS)
}

/// Files are kept by their ids as texts, in the order of their coming.
pub fn parse_files(field: &Field, json: &Json) -> Result<Value, Violation> {
    ids(field, json, "a list of ids of files", MOST_FILES)
}

fn ids(field: &Field, json: &Json, expected: &str, most: usize) -> Result<Value, Violation> {
    let expected = || field.invalid(expected);
    let list = json.as_array().ok_or_else(expected)?;
    let mut keys: Vec<String> = list.iter().map(|one| id(one).map(|id| id.to_string()).ok_or_else(expected)).collect::<Result<_, _>>()?;
    keys.sort();
    keys.dedup();
    if keys.len() > most {
        return Err(Violation::new("field.too_long", &field.key).with("max", most).with("length", keys.len()));
    }
    Ok(if keys.is_empty() { Value::Null } else { Value::Keys(keys) })
}

/// Files in one field.
const MOST_FILES: usize = 50;
/// Records in one field.
pub const MOST_RECORDS: usize = 50;

fn id(json: &Json) -> Option<Id> {
    json.as_str().and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::field::FieldType;
    use crate::{Currency, Label};

    #[test]
    fn several_records_are_kept_once_each_and_not_too_many() {
        let field = Field::new("x_partners", Label::default(), FieldType::References { object: "account".to_owned() });
        let read = |json: Json| field.parse(&json, Currency::USD);
        let id = |n: usize| Id::from_parts(n as u64, [7; 10]);
        let (one, two) = (id(1), id(2));
        let upper = one.to_string().to_uppercase();
        let kept = read(json!([two.to_string(), one.to_string(), upper])).unwrap();
        assert_eq!(kept, Value::Keys(vec![one.to_string(), two.to_string()]));
        assert_eq!(field.kind.referred(&kept), [("account", one), ("account", two)]);
        assert_eq!(read(json!([])), Ok(Value::Null));
        for wrong in [json!("x"), json!([1]), json!(["not an id"]), json!(one.to_string())] {
            assert_eq!(read(wrong).unwrap_err().code, "field.invalid");
        }
        let many = |n: usize| json!((0..n).map(|at| id(at).to_string()).collect::<Vec<_>>());
        assert!(read(many(MOST_RECORDS)).is_ok());
        assert_eq!(read(many(MOST_RECORDS + 1)).unwrap_err().code, "field.too_long");
    }
}
