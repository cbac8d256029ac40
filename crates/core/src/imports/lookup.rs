//! Names and ids of other systems to records, all of a file's at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Read;
use db::records::{Query, Sort};
use model::field::Kind;
use model::{Id, Object, Value};

use super::nearness::nearest;
use crate::{Ctx, Result};

/// Most names that are looked through for a near one.
const MOST_NAMES: usize = 50_000;

/// What a text refers to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    One(Id),
    Several,
    Nothing,
}

/// Records by what a file calls them, per object.
#[derive(Debug, Default)]
pub struct Lookup {
    found: HashMap<String, HashMap<String, Found>>,
    offered: HashMap<String, HashMap<String, String>>,
}

impl Lookup {
    /// Finds the records that the caller may see under these texts: by the id in another system, by name or a unique text, or by our id.
    /// For texts that name nothing, looks for a near name to offer.
    pub fn load(cx: &Ctx, tx: &mut Read, wanted: &BTreeMap<String, BTreeSet<String>>, source: Option<&str>) -> Result<Lookup> {
        let mut lookup = Lookup::default();
        for (key, texts) in wanted {
            let Ok(object) = cx.object(key).cloned() else { continue };
            let found = find(cx, tx, &object, texts, source)?;
            let lost: Vec<&String> = texts.iter().filter(|text| !found.contains_key(*text)).collect();
            if !lost.is_empty() {
                let names = names(cx, tx, &object)?;
                let near =
                    lost.into_iter().filter_map(|text| Some((text.clone(), nearest(text, names.iter().map(String::as_str))?.to_owned())));
                lookup.offered.insert(key.clone(), near.collect());
            }
            lookup.found.insert(key.clone(), found);
        }
        Ok(lookup)
    }

    /// What `text` refers to among the records of `object`.
    pub fn get(&self, object: &str, text: &str) -> Found {
        self.found.get(object).and_then(|texts| texts.get(text)).copied().unwrap_or(Found::Nothing)
    }

    /// The near name to offer for a text that refers to nothing.
    pub fn offer(&self, object: &str, text: &str) -> Option<&str> {
        self.offered.get(object)?.get(text).map(String::as_str)
    }

    /// From now on `text` refers to this record.
    pub fn learn(&mut self, object: &str, text: &str, id: Id) {
        self.found.entry(object.to_owned()).or_default().insert(text.to_owned(), Found::One(id));
    }
}

fn find(cx: &Ctx, tx: &mut Read, object: &Object, texts: &BTreeSet<String>, source: Option<&str>) -> Result<HashMap<String, Found>> {
    let all: Vec<String> = texts.iter().cloned().collect();
    let mut ids: Vec<(String, Id)> = Vec::new();
    if let Some(source) = source {
        ids.extend(db::external::find(tx, object, source, &all)?);
    }
    let mut by_fold: HashMap<String, Vec<&String>> = HashMap::new();
    for text in &all {
        by_fold.entry(model::text::fold(text)).or_default().push(text);
    }
    let values: Vec<Value> = all.iter().map(|text| Value::Text(text.clone())).collect();
    let mut named: Vec<(String, Id)> = Vec::new();
    for field in object.fields.iter().filter(|field| field.kind.kind() == Kind::Text && (field.unique || field.key == "name")) {
        for (value, id) in db::records::find_by(tx, object, &field.key, &values)? {
            let texts = value.as_text().and_then(|text| by_fold.get(&model::text::fold(text)));
            named.extend(texts.into_iter().flatten().map(|text| ((*text).clone(), id)));
        }
    }
    named.extend(all.iter().filter_map(|text| Some((text.clone(), text.parse::<Id>().ok()?))));

    let mentioned: BTreeSet<Id> = ids.iter().chain(&named).map(|(_, id)| *id).collect();
    let mentioned: Vec<Id> = mentioned.into_iter().collect();
    let mut seen: BTreeSet<Id> = BTreeSet::new();
    for part in mentioned.chunks(1_000) {
        seen.extend(db::records::names(tx, &cx.meta.schema, object, &cx.scope(), part)?.into_iter().map(|(id, _)| id));
    }
    let mut found: HashMap<String, Found> = HashMap::new();
    // The other system's own id is surer than a name, so it is not made doubtful by a namesake.
    for (text, id) in ids.into_iter().filter(|(_, id)| seen.contains(id)) {
        found.insert(text, Found::One(id));
    }
    let sure: BTreeSet<String> = found.keys().cloned().collect();
    for (text, id) in named.into_iter().filter(|(text, id)| seen.contains(id) && !sure.contains(text)) {
        found
            .entry(text)
            .and_modify(|before| {
                if *before != Found::One(id) {
                    *before = Found::Several;
                }
            })
            .or_insert(Found::One(id));
    }
    Ok(found)
}

/// The names that the caller may see.
fn names(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut cursor = None;
    while names.len() < MOST_NAMES {
        let sort = Sort { field: "name".into(), descending: false };
        let query = Query { condition: None, words: None, sort, cursor, limit: 200, bin: db::records::Bin::Out };
        let page = db::records::list(tx, &cx.meta.schema, object, &cx.scope(), &query)?;
        names.extend(page.records.iter().map(|record| record.text("name").to_owned()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(names)
}
