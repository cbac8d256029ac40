//! Records that are made of names which nothing is called, and what a dry run may tell of values that are taken.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use db::Write;
use model::{Id, Object, Value, Violation};

use super::lookup;
use super::options::By;
use super::problem::Problem;
use super::rows::{Made, Prepared, Row};
use super::saving::{Outcome, Part, findings, source};
use crate::save::{Change, Deed, Saved, save_all};
use crate::{Ctx, Result};

/// Ids by object, way of naming and name.
pub type Names = BTreeMap<(String, By, String), Id>;

/// What came of the names.
#[derive(Default)]
pub struct Outcomes {
    pub names: Names,
    refused: BTreeMap<(String, String), String>,
    /// What was made, with the place of the row that named it first.
    made: Vec<(usize, Part)>,
}

/// Makes records of the names that rows miss, each name once.
pub fn make(cx: &Ctx, tx: &mut Write, rows: &[Row]) -> Result<Outcomes> {
    let mut outcomes = Outcomes::default();
    let mut wanted: BTreeMap<&str, BTreeMap<String, Vec<(usize, &Made)>>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.refused) {
        for made in &row.missing {
            wanted.entry(&made.object).or_default().entry(model::text::fold(&made.name)).or_default().push((at, made));
        }
    }
    for (target, names) in wanted {
        // Two imports that miss the same name make one record of it.
        let keys: Vec<String> = names.keys().map(|name| format!("import:{target}:{name}")).collect();
        tx.lock(&keys)?;
        let object = cx.object(target)?.clone();
        let texts: Vec<Value> = names.values().filter_map(|of| Some(Value::Text(of.first()?.1.name.clone()))).collect();
        let mut there: BTreeMap<String, Id> = BTreeMap::new();
        let found = db::records::find_by(tx, &object, "name", &texts)?;
        let covered = lookup::covered(cx, tx, &object, "name", found.iter().map(|(_, id)| *id))?;
        for (value, id) in found.into_iter().filter(|(_, id)| !covered.contains(id)) {
            let seen = !db::records::names(tx, &cx.meta.schema, &object, &cx.scope(), &[id])?.is_empty();
            if let Some(text) = value.as_text().filter(|_| seen) {
                there.insert(model::text::fold(text), id);
            }
        }
        let fresh: Vec<(&String, &Vec<(usize, &Made)>)> = names.iter().filter(|(name, _)| !there.contains_key(*name)).collect();
        let changes = fresh.iter().filter_map(|(_, of)| {
            let mut change = Change::new(target, Deed::Create);
            // Named by the file itself: who else is like it is the business of the rows.
            change.despite_warnings = true;
            change.patch.insert("name".to_owned(), Value::Text(of.first()?.1.name.clone()));
            Some(change)
        });
        let changes: Vec<Change> = changes.collect();
        let saved = if changes.is_empty() { Vec::new() } else { save_all(cx, tx, target, changes)? };
        for ((name, of), result) in fresh.into_iter().zip(saved) {
            match result {
                Ok(saved) => {
                    there.insert(name.clone(), saved.record.id);
                    outcomes.made.extend(of.first().map(|(at, _)| (*at, part(target, &saved))));
                }
                Err(error) => {
                    let reasons: Vec<String> =
                        findings(error)?.iter().map(|violation| reason(violation, &object, &cx.who.language)).collect();
                    outcomes.refused.insert((target.to_owned(), name.clone()), reasons.join(", "));
                }
            }
        }
        for (name, of) in &names {
            let Some(id) = there.get(name) else { continue };
            outcomes.names.extend(of.iter().map(|(_, made)| ((target.to_owned(), made.by, made.name.clone()), *id)));
        }
    }
    if !outcomes.made.is_empty() {
        tx.next_act();
    }
    Ok(outcomes)
}

/// What stood against a record of a name, with the field by its label.
fn reason(violation: &Violation, object: &Object, language: &str) -> String {
    let sentence = Problem::new(0, "", "", violation, language).message;
    // What becomes of the row is told by the row.
    let cause = sentence.split([';', '。']).next().unwrap_or_default().split("，此").next().unwrap_or_default().trim_end_matches('.');
    object.field(&violation.path).map_or_else(|| cause.to_owned(), |field| format!("{}: {cause}", field.label.in_language(language)))
}

fn part(object: &str, saved: &Saved) -> Part {
    let record = &saved.record;
    Part {
        object: object.to_owned(),
        outcome: Outcome::Created,
        record: record.id,
        version: record.version,
        revision: record.revision,
        before: None,
    }
}

impl Outcomes {
    /// The row with what its names have come to.
    pub fn in_row<'r>(&self, prepared: &Prepared, row: &'r Row) -> Cow<'r, Row> {
        if row.missing.is_empty() || row.refused {
            return Cow::Borrowed(row);
        }
        let mut row = row.clone();
        for made in std::mem::take(&mut row.missing) {
            match self.names.get(&(made.object.clone(), made.by, made.name.clone())) {
                Some(id) => {
                    let patch = match made.sub {
                        None => Some(&mut row.patch),
                        Some(at) => row.subs.iter_mut().find(|(of, _)| *of == at).map(|(_, patch)| patch),
                    };
                    if let Some(patch) = patch {
                        patch.insert(made.field, Value::Ref(*id));
                    }
                }
                None => {
                    let reason = self.refused.get(&(made.object.clone(), model::text::fold(&made.name)));
                    let violation = Violation::new("import.not_made", &made.field).with("reason", reason.cloned().unwrap_or_default());
                    row.problems.push(Problem::new(row.line, &made.column, &made.name, &violation, &prepared.who.language));
                }
            }
        }
        Cow::Owned(row)
    }

    /// What was made with the row at this place.
    pub fn parts_of(&self, at: usize) -> impl Iterator<Item = Part> {
        self.made.iter().filter(move |(of, _)| *of == at).map(|(_, part)| part.clone())
    }
}

/// Columns whose unique value is a record's that the caller sees; `external_ids` for the id in the other system.
pub fn taken_in_sight(cx: &Ctx, tx: &mut db::Read, prepared: &Prepared, row: &Row) -> Result<BTreeSet<String>> {
    let object = &prepared.object;
    let mut taken: Vec<(String, Id)> = Vec::new();
    for field in object.fields.iter().filter(|field| field.unique) {
        let Some(value) = row.patch.get(&field.key).filter(|value| !value.is_null()) else { continue };
        let name = prepared.said(row, &field.key, None).0;
        let name = if name.is_empty() { field.key.as_str() } else { name };
        let found = db::records::find_by(tx, object, &field.key, std::slice::from_ref(value))?;
        let covered = lookup::covered(cx, tx, object, &field.key, found.iter().map(|(_, id)| *id))?;
        taken.extend(found.into_iter().filter(|(_, id)| !covered.contains(id)).map(|(_, id)| (name.to_owned(), id)));
    }
    if let (Some(source), Some(external)) = (source(prepared), &row.external) {
        let found = db::external::find(tx, object, source, std::slice::from_ref(external))?;
        taken.extend(found.into_iter().map(|(_, id)| ("external_ids".to_owned(), id)));
    }
    let ids: Vec<Id> = taken.iter().map(|(_, id)| *id).collect();
    let seen: BTreeSet<Id> = db::records::names(tx, &cx.meta.schema, object, &cx.scope(), &ids)?.into_iter().map(|(id, _)| id).collect();
    Ok(taken.into_iter().filter(|(_, id)| seen.contains(id)).map(|(name, _)| name).collect())
}
