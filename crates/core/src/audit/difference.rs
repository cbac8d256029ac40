//! What differs between two states of a definition, place by place.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// Places that are told; a definition made anew from end to end says no more by more.
const MOST: usize = 200;
/// Depth below which a value is told as a whole.
const DEPTH: usize = 6;

/// `[{path, old, new}]` in the order of the paths.
pub(super) fn between(before: &Json, after: &Json) -> Vec<Json> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    flatten(before, "", 0, &mut old);
    flatten(after, "", 0, &mut new);
    let mut paths: Vec<&String> = old.keys().chain(new.keys().filter(|path| !old.contains_key(*path))).collect();
    paths.sort_unstable();
    let differing = paths.into_iter().filter(|path| old.get(*path) != new.get(*path));
    differing.take(MOST).map(|path| json!({"path": path, "old": shown(path, old.get(path)), "new": shown(path, new.get(path))})).collect()
}

/// Definitions hold no secrets; should one come to, the trace is not where it is read.
fn shown(path: &str, value: Option<&Json>) -> Json {
    const SECRET: [&str; 4] = ["password", "secret", "token", "hash"];
    let last = path.rsplit('/').next().unwrap_or(path);
    match value {
        Some(value) if !value.is_null() && SECRET.iter().any(|word| last.contains(word)) => "…".into(),
        Some(value) => value.clone(),
        None => Json::Null,
    }
}

/// Leaves by their paths. Members of a list that have a key or an id stand under it, so one put in between moves none of the others.
fn flatten(value: &Json, path: &str, depth: usize, into: &mut BTreeMap<String, Json>) {
    let under = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    match value {
        Json::Object(members) if depth < DEPTH => members.iter().for_each(|(name, value)| flatten(value, &under(name), depth + 1, into)),
        Json::Array(members) if depth < DEPTH && !members.is_empty() && members.iter().all(|member| name_of(member).is_some()) => {
            members.iter().for_each(|member| flatten(member, &under(name_of(member).unwrap_or_default()), depth + 1, into));
        }
        Json::Null => {}
        leaf => {
            into.insert(path.to_owned(), leaf.clone());
        }
    }
}

fn name_of(member: &Json) -> Option<&str> {
    member.get("key").or_else(|| member.get("id")).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_lists_are_told_by_their_keys() {
        let before = json!({"name": "A", "stages": [{"key": "one", "rank": 1}, {"key": "two", "rank": 2}], "tags": ["x"]});
        let after =
            json!({"name": "A", "stages": [{"key": "new", "rank": 1}, {"key": "one", "rank": 1}, {"key": "two", "rank": 3}], "tags": []});
        let told: Vec<String> = between(&before, &after).iter().map(|one| one["path"].as_str().unwrap().to_owned()).collect();
        assert_eq!(told, ["stages/new/key", "stages/new/rank", "stages/two/rank", "tags"]);
    }

    #[test]
    fn secrets_are_not_told() {
        let told = between(&json!({"client_secret": "old"}), &json!({"client_secret": "new"}));
        assert_eq!(told, [json!({"path": "client_secret", "old": "…", "new": "…"})]);
    }
}
