//! Names in the place of ids: what a document says of people, departments, groups and other definitions.
//!
//! `person:kim@example.com`, `department:Sales / North`, `group:Bid team`, `process:Project sales`, `pool:lead/North`, `calendar:Berlin`,
//! `chart:opportunity/Won`, `view:opportunity/Large`, `record:account/Acme`. A text that happens to look so is written behind `text:`.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use db::records::Scope;
use model::Id;
use serde_json::Value as Json;

use crate::{Ctx, Result, charts, views};

/// What a reference may begin with.
const KINDS: [&str; 9] = ["person", "department", "group", "process", "pool", "calendar", "chart", "view", "record"];
/// Before a text that would be read as a reference.
const TEXT: &str = "text:";
const WHY: Scope<'static> = Scope::All("names of those whom definitions name");

/// Who and what can be named here.
#[derive(Clone, Default)]
pub(super) struct Names {
    by_id: BTreeMap<Id, String>,
    /// None: more than one is called so.
    by_name: BTreeMap<String, Option<Id>>,
}

/// A reference that leads nowhere, with its place in the document.
pub(super) type Missing = Vec<(String, String)>;

impl Names {
    /// People, departments and groups, and the definitions that others name.
    pub fn load(cx: &Ctx, tx: &mut Read) -> Result<Names> {
        let mut names = Names::default();
        if let Some(employee) = cx.meta.schema.object("employee") {
            let ids = db::records::ids_after(tx, employee, None, u64::from(u32::MAX))?;
            let fields: Vec<_> = ["name", "email"].iter().filter_map(|key| employee.field(key)).collect();
            for person in db::records::load_fields(tx, employee, &fields, &ids)? {
                let email = person.text("email");
                names.add(person.id, format!("person:{}", if email.is_empty() { person.text("name") } else { email }));
            }
        }
        names.departments(tx)?;
        if let Some(group) = cx.meta.schema.object("user_group") {
            let ids = db::records::ids_after(tx, group, None, u64::from(u32::MAX))?;
            for (id, name) in db::records::names(tx, &cx.meta.schema, group, &WHY, &ids)? {
                names.add(id, format!("group:{name}"));
            }
        }
        names.definitions(cx, tx)?;
        Ok(names)
    }

    /// Each by its name under those of the departments above it.
    fn departments(&mut self, tx: &mut Read) -> Result<()> {
        let all: BTreeMap<Id, db::people::Department> = db::people::departments(tx)?.into_iter().map(|one| (one.id, one)).collect();
        for department in all.values() {
            let (mut path, mut at) = (department.name.clone(), department.parent);
            let mut seen = BTreeSet::from([department.id]);
            while let Some(above) = at.filter(|id| seen.insert(*id)).and_then(|id| all.get(&id)) {
                path = format!("{} / {path}", above.name);
                at = above.parent;
            }
            self.add(department.id, format!("department:{path}"));
        }
        Ok(())
    }

    /// The definitions that others name, as they stand now.
    pub fn definitions(&mut self, cx: &Ctx, tx: &mut Read) -> Result<()> {
        self.by_name.retain(|name, _| ["person:", "department:", "group:", "record:"].iter().any(|kind| name.starts_with(kind)));
        for process in &cx.meta.processes {
            self.add(process.id, format!("process:{}", process.name));
        }
        for pool in &cx.meta.pools {
            self.add(pool.id, format!("pool:{}/{}", pool.object, pool.name));
        }
        for kept in &cx.meta.calendars {
            self.add(kept.id, format!("calendar:{}", kept.calendar.name));
        }
        let shown = |of: &Json, object: &Json| {
            let id: Option<Id> = of["id"].as_str().and_then(|id| id.parse().ok());
            id.map(|id| (id, format!("{}/{}", object.as_str().unwrap_or_default(), of["name"].as_str().unwrap_or_default())))
        };
        let mut charts = charts::list(cx, tx)?["items"].as_array().cloned().unwrap_or_default();
        charts.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
        for (id, name) in charts.iter().filter_map(|chart| shown(chart, &chart["chart"]["object"])) {
            self.add_numbered(id, format!("chart:{name}"));
        }
        let mut views = views::list(cx, tx, None)?["items"].as_array().cloned().unwrap_or_default();
        views.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
        for (id, name) in views.iter().filter_map(|view| shown(view, &view["object"])) {
            self.add_numbered(id, format!("view:{name}"));
        }
        Ok(())
    }

    fn add(&mut self, id: Id, name: String) {
        self.by_name.entry(name.clone()).and_modify(|known| *known = known.filter(|known| *known == id)).or_insert(Some(id));
        self.by_id.insert(id, name);
    }

    /// Those that share a name are told apart by a number, the first having none.
    fn add_numbered(&mut self, id: Id, name: String) {
        let free = (1..).map(|n| if n == 1 { name.clone() } else { format!("{name} #{n}") }).find(|name| !self.by_name.contains_key(name));
        self.add(id, free.unwrap_or(name));
    }

    /// Learns the names of records that documents mention: `record:account/Acme`.
    pub fn learn_records(&mut self, cx: &Ctx, tx: &mut Read, documents: &[&Json]) -> Result<()> {
        let mut unknown = BTreeSet::new();
        documents.iter().for_each(|document| ids_in(document, &mut unknown));
        let unknown: Vec<Id> = unknown.into_iter().filter(|id| !self.by_id.contains_key(id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        for object in cx.meta.schema.objects() {
            for (id, name) in db::records::names(tx, &cx.meta.schema, object, &WHY, &unknown)? {
                self.add(id, format!("record:{}/{name}", object.key));
            }
        }
        Ok(())
    }

    /// Finds the records that a document names.
    pub fn find_records(&mut self, cx: &Ctx, tx: &mut Read, document: &Json) -> Result<()> {
        let mut wanted = BTreeSet::new();
        references_in(document, &mut |reference| {
            if reference.starts_with("record:") {
                wanted.insert(reference.to_owned());
            }
        });
        for reference in wanted.into_iter().filter(|reference| !self.by_name.contains_key(reference)).collect::<Vec<_>>() {
            let Some((object, name)) = reference["record:".len()..].split_once('/') else { continue };
            let Some(object) = cx.meta.schema.object(object) else { continue };
            let found = db::records::find_by(tx, object, "name", &[name.into()])?;
            for (_, id) in found {
                self.add(id, reference.clone());
            }
        }
        Ok(())
    }

    /// A document with names in the place of ids.
    pub fn written(&self, document: &Json) -> Json {
        map_texts(document, "", &mut |text, _| match text.parse::<Id>() {
            Ok(id) if text.len() == 36 => self.by_id.get(&id).map_or_else(|| text.to_owned(), Clone::clone),
            _ if is_reference(text) || text.starts_with(TEXT) => format!("{TEXT}{text}"),
            _ => text.to_owned(),
        })
    }

    /// A document with ids in the place of names; references that lead nowhere are told.
    pub fn read(&self, document: &Json, missing: &mut Missing) -> Json {
        map_texts(document, "", &mut |text, path| {
            if let Some(plain) = text.strip_prefix(TEXT) {
                return plain.to_owned();
            }
            if !is_reference(text) {
                return text.to_owned();
            }
            match self.by_name.get(text).copied().flatten() {
                Some(id) => id.to_string(),
                None => {
                    missing.push((path.to_owned(), text.to_owned()));
                    text.to_owned()
                }
            }
        })
    }
}

/// True for a text that names somebody or something: `person:kim@example.com`.
fn is_reference(text: &str) -> bool {
    text.split_once(':').is_some_and(|(kind, name)| KINDS.contains(&kind) && !name.is_empty() && !name.starts_with(char::is_whitespace))
}

/// Calls for every reference in a document.
pub(super) fn references_in(document: &Json, f: &mut impl FnMut(&str)) {
    match document {
        Json::String(text) if is_reference(text) => f(text),
        Json::Array(list) => list.iter().for_each(|one| references_in(one, f)),
        Json::Object(map) => map.values().for_each(|one| references_in(one, f)),
        _ => {}
    }
}

fn ids_in(document: &Json, found: &mut BTreeSet<Id>) {
    match document {
        Json::String(text) if text.len() == 36 => found.extend(text.parse::<Id>().ok()),
        Json::Array(list) => list.iter().for_each(|one| ids_in(one, found)),
        Json::Object(map) => map.values().for_each(|one| ids_in(one, found)),
        _ => {}
    }
}

fn map_texts(document: &Json, path: &str, f: &mut impl FnMut(&str, &str) -> String) -> Json {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    match document {
        Json::String(text) => f(text, path).into(),
        Json::Array(list) => list.iter().enumerate().map(|(at, one)| map_texts(one, &below(&at.to_string()), f)).collect(),
        Json::Object(map) => map.iter().map(|(key, one)| (key.clone(), map_texts(one, &below(key), f))).collect(),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_become_names_and_names_ids() {
        let mut names = Names::default();
        let kim = Id::from_parts(1, [7; 10]);
        names.add(kim, "person:kim@example.com".into());
        let document = json!({"who": [{"id": kim.to_string()}], "label": "person:of trust", "note": "text:x", "group": "group: all"});
        let written = names.written(&document);
        assert_eq!(
            written,
            json!({"who": [{"id": "person:kim@example.com"}], "label": "text:person:of trust", "note": "text:text:x", "group": "group: all"})
        );
        let mut missing = Missing::new();
        assert_eq!(names.read(&written, &mut missing), document);
        assert!(missing.is_empty());
        names.read(&json!({"to": ["person:nobody@example.com"]}), &mut missing);
        assert_eq!(missing, [("to/0".to_owned(), "person:nobody@example.com".to_owned())]);
    }

    #[test]
    fn two_of_one_name_name_nobody() {
        let mut names = Names::default();
        names.add(Id::from_parts(1, [1; 10]), "group:Bids".into());
        names.add(Id::from_parts(1, [2; 10]), "group:Bids".into());
        let mut missing = Missing::new();
        names.read(&json!("group:Bids"), &mut missing);
        assert_eq!(missing.len(), 1);
    }
}
