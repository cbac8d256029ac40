//! Names and ids of other systems to records, a batch of rows at a time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use db::Read;
use db::records::{Query, Sort};
use model::field::Kind;
use model::role::FieldAccess;
use model::{Field, Id, Object, Value};

use super::nearness::nearest;
use super::options::By;
use crate::{Ctx, Result, veil};

/// Most names that are looked through for a near one, and how many texts that name nothing are compared with them.
const MOST_NAMES: usize = 20_000;
const MOST_LOST: usize = 200;
/// Texts that are remembered.
const REMEMBERED: usize = 200_000;

/// What a text refers to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    One(Id),
    Several,
    /// A record that an earlier row would make, were this not a dry run.
    Planned,
    Nothing,
}

/// Texts by the object they refer to, and by what they name its records.
pub type Wanted = BTreeMap<(String, By), BTreeSet<String>>;

/// Records by what a file calls them, per object.
#[derive(Debug, Default)]
pub struct Lookup {
    found: HashMap<(String, By), HashMap<String, Found>>,
    /// The near name to offer for a text that names nothing, if there is one.
    offered: HashMap<String, HashMap<String, Option<String>>>,
    names: HashMap<String, Vec<String>>,
    lost: usize,
    /// What the rows of a dry run would make, by object, and how the first of it is called: that may be meant as well.
    planned: HashMap<String, HashSet<u128>>,
    planned_names: HashMap<String, Vec<String>>,
}

impl Lookup {
    /// Finds the records that the caller may see under these texts: by the id in another system, by name or a unique text, or by our id.
    /// For texts that name nothing, looks for a near name to offer.
    pub fn extend(&mut self, cx: &Ctx, tx: &mut Read, wanted: &Wanted, source: Option<&str>) -> Result<()> {
        for ((key, by), texts) in wanted {
            let Ok(object) = cx.object(key).cloned() else { continue };
            let known = self.found.entry((key.clone(), *by)).or_default();
            if known.len() > REMEMBERED {
                known.clear();
            }
            let fresh: BTreeSet<String> = texts.iter().filter(|text| !known.contains_key(*text)).cloned().collect();
            if fresh.is_empty() {
                continue;
            }
            let mut found = find(cx, tx, &object, *by, &fresh, source)?;
            let lost: Vec<&String> = fresh.iter().filter(|text| !found.contains_key(*text)).collect();
            let lost: Vec<String> = lost.into_iter().cloned().collect();
            for text in &lost {
                found.insert(text.clone(), Found::Nothing);
            }
            known.extend(found);
            self.look_near(cx, tx, &object, lost)?;
        }
        Ok(())
    }

    fn look_near(&mut self, cx: &Ctx, tx: &mut Read, object: &Object, mut lost: Vec<String>) -> Result<()> {
        lost.truncate(MOST_LOST.saturating_sub(self.lost));
        if lost.is_empty() {
            return Ok(());
        }
        self.lost += lost.len();
        if !self.names.contains_key(&object.key) {
            self.names.insert(object.key.clone(), names(cx, tx, object)?);
        }
        let names = &self.names[&object.key];
        let planned = self.planned_names.get(&object.key).into_iter().flatten();
        let offered = self.offered.entry(object.key.clone()).or_default();
        for text in lost {
            let known = names.iter().chain(planned.clone()).map(String::as_str);
            let near = nearest(&text, known).map(str::to_owned);
            offered.insert(text, near);
        }
        Ok(())
    }

    /// What `text` refers to among the records of `object`.
    pub fn get(&self, object: &str, by: By, text: &str) -> Found {
        // Keys of two parts cannot be borrowed one by one.
        let found = self.found.iter().find(|((key, how), _)| key == object && *how == by).and_then(|(_, texts)| texts.get(text));
        match found.copied().unwrap_or(Found::Nothing) {
            Found::Nothing if by != By::Id && self.is_planned(object, text) => Found::Planned,
            found => found,
        }
    }

    /// The near name to offer for a text that refers to nothing.
    pub fn offer(&self, object: &str, text: &str) -> Option<&str> {
        self.offered.get(object)?.get(text)?.as_deref()
    }

    /// From now on `text` refers to this record.
    pub fn learn(&mut self, object: &str, by: By, text: &str, id: Id) {
        self.found.entry((object.to_owned(), by)).or_default().insert(text.to_owned(), Found::One(id));
    }

    /// Forgets what was not found, since there are more records by now.
    pub fn forget_nothing(&mut self, object: &str) {
        for (_, texts) in self.found.iter_mut().filter(|((key, _), _)| key == object) {
            texts.retain(|_, found| *found != Found::Nothing);
        }
    }

    /// A dry run would make a record of this name or id.
    pub fn plan(&mut self, object: &str, text: &str) {
        let is_new = self.planned.entry(object.to_owned()).or_default().insert(digest(text));
        let names = self.planned_names.entry(object.to_owned()).or_default();
        if is_new && names.len() < MOST_NAMES {
            names.push(text.to_owned());
        }
    }

    fn is_planned(&self, object: &str, text: &str) -> bool {
        self.planned.get(object).is_some_and(|planned| planned.contains(&digest(text)))
    }
}

/// A text as it is remembered among very many.
pub fn digest(text: &str) -> u128 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, model::text::fold(text)).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

fn find(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    by: By,
    texts: &BTreeSet<String>,
    source: Option<&str>,
) -> Result<HashMap<String, Found>> {
    let all: Vec<String> = texts.iter().filter(|text| text.len() <= 1_000).cloned().collect();
    let mut ids: Vec<(String, Id)> = Vec::new();
    if let (Some(source), By::Any | By::External) = (source, by) {
        ids.extend(db::external::find(tx, object, source, &all)?);
    }
    let mut by_fold: HashMap<String, Vec<&String>> = HashMap::new();
    for text in &all {
        by_fold.entry(model::text::fold(text)).or_default().push(text);
    }
    let values: Vec<Value> = all.iter().map(|text| Value::Text(text.clone())).collect();
    let mut named: Vec<(String, Id)> = Vec::new();
    // What one may not know of a record does not lead to it.
    let known = |field: &&Field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden;
    let asked = |field: &&Field| match by {
        By::Any => field.unique || field.key == "name",
        By::Name => field.key == "name",
        By::Code => field.unique,
        By::Id | By::External => false,
    };
    for field in object.fields.iter().filter(|field| field.kind.kind() == Kind::Text).filter(asked).filter(known) {
        let found = db::records::find_by(tx, object, &field.key, &values)?;
        let covered = covered(cx, tx, object, &field.key, found.iter().map(|(_, id)| *id))?;
        for (value, id) in found.into_iter().filter(|(_, id)| !covered.contains(id)) {
            let texts = value.as_text().and_then(|text| by_fold.get(&model::text::fold(text)));
            named.extend(texts.into_iter().flatten().map(|text| ((*text).clone(), id)));
        }
    }
    if matches!(by, By::Any | By::Id) {
        named.extend(all.iter().filter_map(|text| Some((text.clone(), text.parse::<Id>().ok()?))));
    }

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

/// Those of these records that lie in a pool which hides the field from the caller: by what stands there nothing leads to them.
pub(super) fn covered(cx: &Ctx, tx: &mut Read, object: &Object, field: &str, ids: impl Iterator<Item = Id>) -> Result<BTreeSet<Id>> {
    let scope = cx.scope();
    if scope.veils(&object.key).iter().all(|veil| !veil.fields.contains(field)) {
        return Ok(BTreeSet::new());
    }
    let seen = db::records::load(tx, &cx.meta.schema, object, &scope, &ids.collect::<Vec<_>>())?;
    Ok(seen.iter().filter(|record| veil::covers(cx, Some(record), field)).map(|record| record.id).collect())
}

/// The names that the caller may see.
fn names(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<Vec<String>> {
    let known = object.field("name").is_some_and(|name| cx.who.rights.field(&object.key, name) > FieldAccess::Hidden);
    let (mut names, mut cursor) = (Vec::new(), None);
    while known && names.len() < MOST_NAMES {
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
