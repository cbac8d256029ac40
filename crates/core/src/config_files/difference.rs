//! What differs between two states of an installation's definitions, place by place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::export::Definition;
use super::kinds::Kind;

/// What becomes of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Added,
    Changed,
    Removed,
}

/// A definition that would not stay as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub kind: Kind,
    pub key: String,
    pub sort: Sort,
    /// What is said otherwise: where, before and after; nothing where it is not said.
    pub places: Vec<(String, Option<Json>, Option<Json>)>,
}

/// What is to change so that `present` becomes `wanted`; what is not wanted any more stays, unless it is named.
pub(super) fn between(present: &[Definition], wanted: &[Definition], removed: &BTreeSet<(Kind, String)>) -> Vec<Change> {
    let mut changes = Vec::new();
    for after in wanted {
        let before = present.iter().find(|one| (one.kind, &one.key) == (after.kind, &after.key));
        if before.is_some_and(|before| before.document == after.document) {
            continue;
        }
        let places = places(before.map_or(&Json::Null, |before| &before.document), &after.document);
        let sort = if before.is_some() { Sort::Changed } else { Sort::Added };
        changes.push(Change { kind: after.kind, key: after.key.clone(), sort, places });
    }
    for (kind, key) in removed {
        changes.push(Change { kind: *kind, key: key.clone(), sort: Sort::Removed, places: Vec::new() });
    }
    changes.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    changes
}

fn places(before: &Json, after: &Json) -> Vec<(String, Option<Json>, Option<Json>)> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    flatten(before, "", &mut old);
    flatten(after, "", &mut new);
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut told: Vec<_> = paths
        .into_iter()
        .filter(|path| old.get(*path) != new.get(*path))
        .map(|path| (path.clone(), old.get(path).cloned(), new.get(path).cloned()))
        .collect();
    if told.is_empty() {
        // The same members in another order.
        told.push((String::new(), Some(before.clone()), Some(after.clone())));
    }
    told
}

/// Leaves by their paths. Members of a list that have names stand under them, so one put in between moves none of the others; their order is
/// told where it differs.
fn flatten(value: &Json, path: &str, into: &mut BTreeMap<String, Json>) {
    let under = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    match value {
        Json::Object(members) if !members.is_empty() => members.iter().for_each(|(name, value)| flatten(value, &under(name), into)),
        Json::Array(members) if !members.is_empty() => match names_of(members) {
            Some(names) => {
                for (name, member) in names.iter().zip(members) {
                    flatten(member, &under(name), into);
                }
                into.insert(under("(order)"), names.join(", ").into());
            }
            None => drop(into.insert(path.to_owned(), value.clone())),
        },
        Json::Null => {}
        leaf => drop(into.insert(path.to_owned(), leaf.clone())),
    }
}

/// What each member of a list is called, where each is called something else.
fn names_of(members: &[Json]) -> Option<Vec<String>> {
    const NAMES: [&str; 5] = ["key", "stage", "field", "object", "name"];
    NAMES.iter().find_map(|name| {
        let names: Vec<String> = members.iter().filter_map(|member| member.get(*name)?.as_str().map(str::to_owned)).collect();
        let distinct = names.iter().collect::<BTreeSet<_>>().len();
        (distinct == members.len()).then_some(names)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stage_put_in_between_moves_none_of_the_others() {
        let before = json!({"stages": [{"stage": "a", "win_rate": "10"}, {"stage": "c"}], "name": "P"});
        let after = json!({"stages": [{"stage": "a", "win_rate": "20"}, {"stage": "b"}, {"stage": "c"}], "name": "P"});
        let told = places(&before, &after);
        let paths: Vec<&str> = told.iter().map(|(path, ..)| path.as_str()).collect();
        assert_eq!(paths, ["stages/(order)", "stages/a/win_rate", "stages/b/stage"]);
        assert_eq!(told[1], ("stages/a/win_rate".into(), Some(json!("10")), Some(json!("20"))));
        assert_eq!(told[2].1, None);
    }
}
