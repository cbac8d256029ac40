//! What differs between two versions of a process, setting by setting.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::Process;

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Where: `name`, `stages/proposal`, `stages/proposal/win_rate`, `stages/proposal/tasks/visit/name`.
    pub path: String,
    pub kind: DifferenceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Key of a stage task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Which setting; empty where a stage or a task as a whole came, went or was moved.
    pub setting: String,
    /// What was; of what was moved the place, counted from 1.
    pub old: Json,
    pub new: Json,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    Added,
    Removed,
    Changed,
    /// It stands elsewhere among the others.
    Moved,
}

/// Settings that are no part of a version: whether it is active and its place among others change without one.
const NOT_VERSIONED: [&str; 6] = ["id", "version", "active", "precedence", "object", "field"];

/// What differs, in the order of the document; stages and tasks that are gone come last of theirs.
pub fn differences(old: &Process, new: &Process) -> Vec<Difference> {
    let (mut old, mut new) = (json!(old), json!(new));
    let (old_stages, new_stages) = (take_list(&mut old, "stages"), take_list(&mut new, "stages"));
    let mut found = Vec::new();
    let whole = Place { path: String::new(), stage: None, task: None };
    whole.settings(&old, &new, &NOT_VERSIONED, &mut found);
    whole.list("stages", "stage", &old_stages, &new_stages, &mut found);
    found
}

fn take_list(document: &mut Json, key: &str) -> Vec<Json> {
    match document.as_object_mut().and_then(|map| map.remove(key)) {
        Some(Json::Array(items)) => items,
        _ => Vec::new(),
    }
}

/// Where in the document.
#[derive(Clone, Debug)]
struct Place {
    path: String,
    stage: Option<String>,
    task: Option<String>,
}

impl Place {
    fn found(&self, kind: DifferenceKind, setting: &str, old: Json, new: Json) -> Difference {
        let path = match (self.path.as_str(), setting) {
            (path, "") => path.to_owned(),
            ("", setting) => setting.to_owned(),
            (path, setting) => format!("{path}/{setting}"),
        };
        Difference { path, kind, stage: self.stage.clone(), task: self.task.clone(), setting: setting.to_owned(), old, new }
    }

    /// Settings that differ; one that is not written down is as good as null.
    fn settings(&self, old: &Json, new: &Json, but: &[&str], found: &mut Vec<Difference>) {
        let empty = Map::new();
        let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
        let mut keys: Vec<&String> = old.keys().chain(new.keys()).filter(|key| !but.contains(&key.as_str())).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let value = |map: &Map<String, Json>| map.get(key).cloned().unwrap_or_default();
            let (before, after) = (value(old), value(new));
            if before != after {
                let kind = match (is_nothing(&before), is_nothing(&after)) {
                    (true, false) => DifferenceKind::Added,
                    (false, true) => DifferenceKind::Removed,
                    _ => DifferenceKind::Changed,
                };
                found.push(self.found(kind, key, before, after));
            }
        }
    }

    /// Things in order, each with a key of its own: stages, and the tasks of a stage.
    fn list(&self, list: &str, key: &str, old: &[Json], new: &[Json], found: &mut Vec<Difference>) {
        let named = |item: &Json| item[key].as_str().unwrap_or_default().to_owned();
        let places: Vec<(String, Option<usize>)> = new
            .iter()
            .map(|item| {
                let name = named(item);
                let at = old.iter().position(|other| named(other) == name);
                (name, at)
            })
            .collect();
        let stays = in_order(&places.iter().filter_map(|(_, at)| *at).collect::<Vec<_>>());
        for (at, item) in new.iter().enumerate() {
            let (name, before) = &places[at];
            let place = self.of(list, name);
            let Some(before) = *before else {
                found.push(place.found(DifferenceKind::Added, "", Json::Null, item.clone()));
                continue;
            };
            if !stays.contains(&before) {
                found.push(place.found(DifferenceKind::Moved, "", json!(before + 1), json!(at + 1)));
            }
            let (mut old, mut new) = (old[before].clone(), item.clone());
            if list == "stages" {
                let (old_tasks, new_tasks) = (take_list(&mut old, "tasks"), take_list(&mut new, "tasks"));
                place.settings(&old, &new, &[key], found);
                place.list("tasks", "key", &old_tasks, &new_tasks, found);
            } else {
                place.settings(&old, &new, &[key], found);
            }
        }
        for item in old.iter().filter(|item| !places.iter().any(|(name, _)| *name == named(item))) {
            found.push(self.of(list, &named(item)).found(DifferenceKind::Removed, "", item.clone(), Json::Null));
        }
    }

    fn of(&self, list: &str, name: &str) -> Place {
        let path = if self.path.is_empty() { format!("{list}/{name}") } else { format!("{}/{list}/{name}", self.path) };
        match list {
            "stages" => Place { path, stage: Some(name.to_owned()), task: None },
            _ => Place { path, stage: self.stage.clone(), task: Some(name.to_owned()) },
        }
    }
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Of former places in their new order the most that still follow each other: all others were moved.
fn in_order(places: &[usize]) -> Vec<usize> {
    // For each place the longest rising sequence that ends with it; lists are short.
    let mut best: Vec<Vec<usize>> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let mut longest: Vec<usize> = (0..at)
            .filter(|before| places[*before] < *place)
            .map(|before| &best[before])
            .max_by_key(|one| one.len())
            .cloned()
            .unwrap_or_default();
        longest.push(*place);
        best.push(longest);
    }
    best.into_iter().rev().max_by_key(Vec::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::{StageRules, shipped};
    use super::*;
    use crate::Number;

    fn told(change: impl FnOnce(&mut Process)) -> Vec<(String, DifferenceKind)> {
        let mut new = shipped();
        change(&mut new);
        differences(&shipped(), &new).into_iter().map(|found| (found.path, found.kind)).collect()
    }

    #[test]
    fn each_setting_is_told_with_its_place() {
        use DifferenceKind::{Added, Changed, Moved, Removed};
        assert_eq!(told(|_| {}), []);
        assert_eq!(told(|p| p.name = "Other".into()), [("name".to_owned(), Changed)]);
        assert_eq!(told(|p| (p.active, p.precedence, p.version) = (false, 9, 7)), []);
        assert_eq!(told(|p| p.stages[2].win_rate = Some(Number::whole(55))), [("stages/proposal/win_rate".to_owned(), Changed)]);
        assert_eq!(told(|p| p.stages[2].guidance = None), [("stages/proposal/guidance".to_owned(), Removed)]);
        assert_eq!(
            told(|p| p.stages[0].required_fields = vec!["amount".into()]),
            [("stages/prospecting/required_fields".to_owned(), Added)]
        );
        assert_eq!(told(|p| drop(p.stages.remove(1))), [("stages/qualification".to_owned(), Removed)]);
        assert_eq!(told(|p| p.stages.insert(1, StageRules::new("demo"))), [("stages/demo".to_owned(), Added)]);
        // The one that was taken elsewhere was moved, not all those that it was taken past.
        assert_eq!(
            told(|p| {
                let first = p.stages.remove(0);
                p.stages.insert(3, first);
            }),
            [("stages/prospecting".to_owned(), Moved)]
        );
    }

    #[test]
    fn tasks_are_told_one_by_one() {
        let task = |name: &str| -> super::super::StageTask {
            serde_json::from_value(json!({"key": "visit", "name": name, "act": {"kind": "checklist_item"}})).unwrap()
        };
        let (mut old, mut new) = (shipped(), shipped());
        new.stages[0].tasks.push(task("Visit"));
        let added = differences(&old, &new);
        assert_eq!(
            (added[0].path.as_str(), added[0].task.as_deref(), added[0].kind),
            ("stages/prospecting/tasks/visit", Some("visit"), DifferenceKind::Added)
        );
        old.stages[0].tasks.push(task("Call"));
        let changed = differences(&old, &new);
        assert_eq!(changed.len(), 1);
        assert_eq!((changed[0].path.as_str(), changed[0].setting.as_str()), ("stages/prospecting/tasks/visit/name", "name"));
        assert_eq!((&changed[0].old, &changed[0].new), (&json!("Call"), &json!("Visit")));
    }
}
