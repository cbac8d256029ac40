//! The condition as it is written and stored.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use crate::Violation;

/// A condition as people write it.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Row(Row),
    Exists(Exists),
}

/// One row: field, operator, value.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `amount`, or across references `account.sector`.
    pub field: String,
    pub op: Op,
    pub value: Json,
}

/// Records of another object that refer to this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Exists {
    pub object: String,
    /// The referring field, where the object has several.
    pub via: Option<String>,
    pub filter: Option<Box<Condition>>,
    pub at_least: u32,
}

macro_rules! ops {
    ($($name:ident $key:literal),* $(,)?) => {
        /// The operators.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Op { $($name),* }

        impl Op {
            /// All of them.
            pub const ALL: &'static [Op] = &[$(Op::$name),*];

            /// As stored.
            pub fn key(self) -> &'static str {
                match self { $(Op::$name => $key),* }
            }
        }
    };
}

ops! {
    Eq "eq", Ne "ne", Lt "lt", Le "le", Gt "gt", Ge "ge", Between "between", In "in", NotIn "not_in",
    Contains "contains", NotContains "not_contains", StartsWith "starts_with", EndsWith "ends_with",
    IsEmpty "is_empty", IsNotEmpty "is_not_empty", Within "within", InDepartment "in_department",
    IsMe "is_me", MyDepartment "my_department", MySubordinates "my_subordinates",
    Changed "changed", ChangedFrom "changed_from", ChangedTo "changed_to",
}

impl Op {
    /// True for those that have a meaning only where a change is judged.
    pub fn judges_change(self) -> bool {
        matches!(self, Op::Changed | Op::ChangedFrom | Op::ChangedTo)
    }
}

/// Deepest nesting of a condition.
const MAX_DEPTH: usize = 10;
/// Most rows in one condition.
const MAX_ROWS: usize = 200;

impl Condition {
    /// Reads the stored JSON. Errors name the place: `condition.invalid` with `reason`.
    pub fn from_json(json: &Json) -> Result<Condition, Violation> {
        let mut rows = 0;
        read(json, "", 0, &mut rows)
    }

    /// A test of one field.
    pub fn row(field: &str, op: Op, value: impl Into<Json>) -> Condition {
        Condition::Row(Row { field: field.to_owned(), op, value: value.into() })
    }

    /// The stored JSON.
    pub fn to_json(&self) -> Json {
        match self {
            Condition::All(list) => json!({"all": list.iter().map(Condition::to_json).collect::<Vec<_>>()}),
            Condition::Any(list) => json!({"any": list.iter().map(Condition::to_json).collect::<Vec<_>>()}),
            Condition::Not(inner) => json!({"not": inner.to_json()}),
            Condition::Row(row) if row.value.is_null() => json!({"field": row.field, "op": row.op.key()}),
            Condition::Row(row) => json!({"field": row.field, "op": row.op.key(), "value": row.value}),
            Condition::Exists(exists) => {
                let mut map = Map::new();
                map.insert("object".into(), exists.object.clone().into());
                if let Some(via) = &exists.via {
                    map.insert("via".into(), via.clone().into());
                }
                if let Some(filter) = &exists.filter {
                    map.insert("where".into(), filter.to_json());
                }
                if exists.at_least != 1 {
                    map.insert("at_least".into(), exists.at_least.into());
                }
                json!({"exists": map})
            }
        }
    }
}

impl Condition {
    /// The fields of the record itself that the condition reads, where it reads nothing else and its answer changes only when they do:
    /// no references, no other records, no "today" and no "me". `None` where that is not so.
    pub fn own_fields(&self) -> Option<BTreeSet<String>> {
        match self {
            Condition::All(list) | Condition::Any(list) => list.iter().try_fold(BTreeSet::new(), |mut fields, one| {
                fields.extend(one.own_fields()?);
                Some(fields)
            }),
            Condition::Not(inner) => inner.own_fields(),
            Condition::Exists(_) => None,
            Condition::Row(row) => {
                let unsteady = [Op::Within, Op::IsMe, Op::MyDepartment, Op::MySubordinates, Op::InDepartment].contains(&row.op);
                let unsteady = unsteady || row.op.judges_change();
                (!unsteady && !row.field.contains('.')).then(|| BTreeSet::from([row.field.clone()]))
            }
        }
    }
}

fn wrong(path: &str, reason: &str) -> Violation {
    Violation::new("condition.invalid", path).with("reason", reason)
}

fn read(json: &Json, path: &str, depth: usize, rows: &mut usize) -> Result<Condition, Violation> {
    *rows += 1;
    if depth > MAX_DEPTH || *rows > MAX_ROWS {
        return Err(wrong(path, "too deep or too long"));
    }
    let Some(map) = json.as_object() else { return Err(wrong(path, "not an object")) };
    let list = |key: &str, rows: &mut usize| -> Result<Vec<Condition>, Violation> {
        let items = map[key].as_array().ok_or_else(|| wrong(path, "a list was expected"))?;
        items.iter().enumerate().map(|(i, item)| read(item, &format!("{path}/{key}/{i}"), depth + 1, rows)).collect()
    };
    let only = |allowed: &[&str]| match map.keys().find(|key| !allowed.contains(&key.as_str())) {
        Some(other) => Err(wrong(path, &format!("“{other}” has no place here"))),
        None => Ok(()),
    };
    if map.contains_key("all") {
        only(&["all"])?;
        Ok(Condition::All(list("all", rows)?))
    } else if map.contains_key("any") {
        only(&["any"])?;
        Ok(Condition::Any(list("any", rows)?))
    } else if let Some(inner) = map.get("not") {
        only(&["not"])?;
        Ok(Condition::Not(Box::new(read(inner, &format!("{path}/not"), depth + 1, rows)?)))
    } else if let Some(exists) = map.get("exists") {
        only(&["exists"])?;
        read_exists(exists, &format!("{path}/exists"), depth, rows).map(Condition::Exists)
    } else {
        only(&["field", "op", "value"])?;
        let field = map.get("field").and_then(Json::as_str).ok_or_else(|| wrong(path, "“field” is missing"))?;
        let op = map.get("op").and_then(Json::as_str).ok_or_else(|| wrong(path, "“op” is missing"))?;
        let op = Op::ALL.iter().find(|known| known.key() == op).ok_or_else(|| wrong(path, &format!("unknown operator “{op}”")))?;
        Ok(Condition::Row(Row { field: field.to_owned(), op: *op, value: map.get("value").cloned().unwrap_or(Json::Null) }))
    }
}

fn read_exists(json: &Json, path: &str, depth: usize, rows: &mut usize) -> Result<Exists, Violation> {
    let Some(map) = json.as_object() else { return Err(wrong(path, "not an object")) };
    if let Some(other) = map.keys().find(|key| !["object", "via", "where", "at_least"].contains(&key.as_str())) {
        return Err(wrong(path, &format!("“{other}” has no place here")));
    }
    let object = map.get("object").and_then(Json::as_str).ok_or_else(|| wrong(path, "“object” is missing"))?;
    let via = match map.get("via") {
        None | Some(Json::Null) => None,
        Some(via) => Some(via.as_str().ok_or_else(|| wrong(path, "“via” is the key of a field"))?.to_owned()),
    };
    let filter = match map.get("where") {
        None | Some(Json::Null) => None,
        Some(inner) => Some(Box::new(read(inner, &format!("{path}/where"), depth + 1, rows)?)),
    };
    let at_least = match map.get("at_least") {
        None | Some(Json::Null) => 1,
        Some(n) => {
            n.as_u64().filter(|n| (1..=1000).contains(n)).ok_or_else(|| wrong(path, "“at_least” is a whole number from 1 to 1000"))? as u32
        }
    };
    Ok(Exists { object: object.to_owned(), via, filter, at_least })
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Condition::from_json(&json).map_err(|v| serde::de::Error::custom(format!("{} at {}", v.params["reason"], v.path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let json = json!({"all": [
            {"field": "account.sector", "op": "eq", "value": "medical"},
            {"not": {"any": [{"field": "amount", "op": "is_empty"}]}},
            {"exists": {"object": "contact_role", "where": {"field": "role", "op": "eq", "value": "decision_maker"}}},
        ]});
        assert_eq!(Condition::from_json(&json).unwrap().to_json(), json);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (json, path) in [
            (json!([]), ""),
            (json!({"all": [{"field": "a"}]}), "/all/0"),
            (json!({"field": "a", "op": "like"}), ""),
            (json!({"all": [], "any": []}), ""),
            (json!({"exists": {"object": "x", "at_least": 0}}), "/exists"),
        ] {
            let violation = Condition::from_json(&json).unwrap_err();
            assert_eq!((violation.code, violation.path.as_str()), ("condition.invalid", path), "{json}");
        }
        let mut deep = json!({"field": "a", "op": "is_empty"});
        for _ in 0..50 {
            deep = json!({"not": deep});
        }
        assert!(Condition::from_json(&deep).is_err());
    }
}
