//! A new record like one that is there: what one may know and write of it, with what lives in it if that is wanted.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::field::{FieldType, Kind};
use model::objects::sales_order;
use model::role::{Act, FieldAccess};
use model::{Field, Id, Object, Patch, Record, Value, Violation, Violations};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{read_fields, show_one, team};
use crate::audit::{self, Note};
use crate::save::{Change, Deed, Under, save, save_all};
use crate::{Ctx, Error, Result, processes, quotes};

/// Records of one sub-object that are taken along.
const MOST: usize = 1000;

/// Fields of a deal that tell how far it has come: a clone starts anew.
const PROGRESS: [&str; 6] = ["sales_process", "stage", "win_rate", "forecast_category", "lost_reason", "lost_note"];

/// Fields of an order that tell what has become of it.
const ORDERED: [&str; 3] = [sales_order::STATUS, "order_date", "cancelled_reason"];

/// `POST …/clone`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clone {
    /// Values that the new record has instead.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// Sub-objects whose records are taken along, by key.
    #[serde(default)]
    pub with: Vec<String>,
    /// The team comes along, apart from the new owner.
    #[serde(default)]
    pub team: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// Makes a record like another. It belongs to the caller unless he gives it to somebody; how far the other has come, its external ids,
/// numbers, unique values, files and history stay with it, and so does what he may not know or write.
pub fn clone(cx: &Ctx, tx: &mut Write, object: &str, id: Id, wanted: &Clone) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let from = super::load(cx, tx, &object, id)?;
    cx.attempts(Act::Clone.key(), &object.key, Some((id, from.text("name"))));
    cx.must_be_allowed(Act::Clone, &object.key)?;
    if from.text("lifecycle_status") == "voided" {
        return Err(Violation::new("record.voided", "").into());
    }
    let overrides = read_fields(cx, &object, &wanted.fields)?;
    let parts = parts(cx, &object, &wanted.with)?;
    let mut left: BTreeSet<String> = BTreeSet::new();
    let mut change = Change::new(&object.key, Deed::Create);
    change.patch = copied(cx, tx, &object, &[&from], &mut left)?.pop().unwrap_or_default();
    left.retain(|key| !overrides.contains_key(key));
    change.patch.extend(overrides);
    let saved = save(cx, tx, change)?;
    let new = saved.record.id;
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for (part, field) in parts {
        tx.next_act();
        taken.insert(part.key.clone(), take_along(cx, tx, &part, &field, id, (new, saved.approval.map(Under::Fills)))?);
    }
    if wanted.team && object.owned {
        tx.next_act();
        team::take_along(cx, tx, &object, &from, &saved.record)?;
    }
    let detail = json!({"from": id.to_string(), "with": taken, "team": wanted.team});
    audit::note(cx, tx, Note::new(Act::Clone.key(), "record").record(&object.key, new).subject(saved.record.text("name")).detail(detail))?;
    // Read again: lines have made sums of it.
    let record = super::load(cx, tx, &object, new)?;
    let shown = show_one(cx, tx, &object, &record)?;
    if wanted.dry_run {
        tx.abandon();
    }
    Ok(json!({"result": "cloned", "changed": true, "record": shown, "taken": taken, "not_copied": left, "dry_run": wanted.dry_run}))
}

/// The objects named, each with the field by which its records live in the cloned one.
fn parts(cx: &Ctx, object: &Object, with: &[String]) -> Result<Vec<(Object, String)>> {
    let (mut parts, mut found) = (Vec::new(), Violations::new());
    for (at, key) in with.iter().enumerate() {
        let part = cx.object(key).ok().filter(|part| part.lives_in().is_some_and(|(_, whole)| whole == object.key));
        match part.and_then(|part| Some((part.clone(), part.lives_in()?.0.key.clone()))) {
            Some(part) if parts.iter().all(|(known, _): &(Object, String)| known.key != part.0.key) => parts.push(part),
            Some(_) => {}
            None => found.push(Violation::new("clone.no_part", format!("with/{at}")).with("object", key.as_str())),
        }
    }
    if found.is_empty() { Ok(parts) } else { Err(found.into()) }
}

/// Copies the records of a sub-object; how many.
fn take_along(cx: &Ctx, tx: &mut Write, part: &Object, field: &str, from: Id, (to, under): (Id, Option<Under>)) -> Result<usize> {
    let records = db::records::referring(tx, &cx.meta.schema, part, field, &cx.scope(), &[from])?;
    if records.len() > MOST {
        return Err(Violation::new("clone.too_many", "with").with("object", part.key.as_str()).with("max", MOST).into());
    }
    let patches = copied(cx, tx, part, &records.iter().collect::<Vec<_>>(), &mut BTreeSet::new())?;
    let changes = patches.into_iter().map(|mut patch| {
        patch.insert(field.to_owned(), to.into());
        Change { patch, under, ..Change::new(&part.key, Deed::Create) }
    });
    let results = save_all(cx, tx, &part.key, changes.collect())?;
    let count = results.len();
    for (at, result) in results.into_iter().enumerate() {
        if let Err(error) = result {
            return Err(inside(error, &format!("with/{}/{at}", part.key)));
        }
    }
    Ok(count)
}

/// Findings of a part, told where they are.
fn inside(error: Error, place: &str) -> Error {
    match error {
        Error::Invalid(found) => Error::Invalid(
            found.into_iter().map(|violation| Violation { path: format!("{place}/{}", violation.path), ..violation }).collect(),
        ),
        other => other,
    }
}

/// What of these records goes into their likes. `left` learns the fields that had a value and stay behind, as far as one may know of them.
fn copied(cx: &Ctx, tx: &mut Read, object: &Object, records: &[&Record], left: &mut BTreeSet<String>) -> Result<Vec<Patch>> {
    let mut patches = vec![Patch::new(); records.len()];
    let seen = seen(cx, tx, object, records)?;
    for field in &object.fields {
        let access = cx.who.rights.field(&object.key, field);
        if access == FieldAccess::Hidden || field.system || field.is_reckoned() || !field.state.is_live() {
            continue;
        }
        for (patch, record) in patches.iter_mut().zip(records) {
            let value = record.get(&field.key);
            if value.is_null() {
                continue;
            }
            match kept(field, value, &seen).filter(|_| access == FieldAccess::Write && goes_along(object, field)) {
                Some(value) => {
                    patch.insert(field.key.clone(), value);
                }
                None if field.read_only => {}
                None => {
                    left.insert(field.key.clone());
                }
            }
        }
    }
    Ok(patches)
}

/// True for fields that a like has too.
fn goes_along(object: &Object, field: &Field) -> bool {
    let progress = processes::concerns(object) && PROGRESS.contains(&field.key.as_str());
    let progress = progress || object.key == sales_order::KEY && ORDERED.contains(&field.key.as_str());
    let progress = progress || object.key == model::objects::task::KEY && field.key == "task_status";
    let progress = progress || quotes::is_progress(object, &field.key);
    !(field.is_kept_by_product() || field.unique || progress || matches!(field.kind, FieldType::Attachment))
}

/// The value, as far as a new record may have it: options that may still be chosen, records that one sees.
fn kept(field: &Field, value: &Value, seen: &BTreeSet<Id>) -> Option<Value> {
    let options = field.kind.options();
    let active = |key: &str| options.is_none_or(|options| options.iter().any(|option| option.key == key && option.active));
    match value {
        Value::Text(key) if options.is_some() && !active(key) => None,
        Value::Ref(id) | Value::Regarding { id, .. } if !seen.contains(id) => None,
        Value::Keys(keys) => {
            let of_records = field.kind.leads_to().is_some();
            let may = |key: &&String| if of_records { key.parse().is_ok_and(|id| seen.contains(&id)) } else { active(key) };
            let keys: Vec<String> = keys.iter().filter(may).cloned().collect();
            (!keys.is_empty()).then_some(Value::Keys(keys))
        }
        other => Some(other.clone()),
    }
}

/// Whatever these records refer to and the caller sees.
fn seen(cx: &Ctx, tx: &mut Read, object: &Object, records: &[&Record]) -> Result<BTreeSet<Id>> {
    let mut wanted: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for field in object.fields.iter().filter(|field| matches!(field.kind.kind(), Kind::Ref | Kind::Regarding | Kind::Keys)) {
        for record in records {
            match (record.get(&field.key), field.kind.leads_to()) {
                (Value::Ref(id), Some(target)) => {
                    wanted.entry(target.to_owned()).or_default().insert(*id);
                }
                (Value::Regarding { object, id }, _) => {
                    wanted.entry(object.clone()).or_default().insert(*id);
                }
                (Value::Keys(keys), Some(target)) => {
                    wanted.entry(target.to_owned()).or_default().extend(keys.iter().filter_map(|key| key.parse::<Id>().ok()));
                }
                _ => {}
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (key, ids) in wanted {
        let Some(target) = cx.meta.schema.object(&key) else { continue };
        let ids: Vec<Id> = ids.into_iter().collect();
        seen.extend(db::records::names(tx, &cx.meta.schema, target, &cx.scope(), &ids)?.into_iter().map(|(id, _)| id));
    }
    Ok(seen)
}
