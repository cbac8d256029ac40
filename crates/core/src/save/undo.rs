//! Deleting for good what an act created, many records at once, as far as nobody has gone on from there.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Write};
use model::{Id, Object, Record, Value};

use super::delete::{ALL, References, Tree, let_go, lock, references, remove, tree};
use super::locks;
use crate::{Ctx, Result, approvals};

/// What became of the records.
#[derive(Default)]
pub(crate) struct Undone {
    /// Records, by object, from which references to deleted ones were taken: they were created by the same act and are to go themselves.
    pub let_go: BTreeMap<String, Vec<Id>>,
    /// Records that stay, with the code of the reason.
    pub stays: BTreeMap<Id, String>,
}

/// Deletes records that still stand at these versions. `mine` tells which of some records the same act has created: what others have hung
/// on a record, or refer to it with, keeps it.
pub(crate) fn undo_created(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    wanted: &[(Id, i64)],
    mine: impl Fn(&mut Read, &str, &[Id]) -> Result<Vec<Id>>,
) -> Result<Undone> {
    let inner = cx.as_system("what an import created is taken back");
    let ids: Vec<Id> = wanted.iter().map(|(id, _)| *id).collect();
    lock(&inner, tx, object, &ids)?;
    let mut undone = Undone::default();
    let mut going: BTreeMap<Id, Record> =
        db::records::load(tx, &inner.meta.schema, object, &ALL, &ids)?.into_iter().map(|record| (record.id, record)).collect();
    for (id, version) in wanted {
        // What somebody has deleted meanwhile is gone already.
        let Some(record) = going.get(id) else { continue };
        let why = if record.version != *version {
            Some("record.version_conflict")
        } else if locks::stands_against(cx, locks::holder(cx, tx, object, record)?.as_ref()) {
            Some("record.locked")
        } else if locks::waiting(cx, tx, object, record)?.is_some() {
            Some("record.in_approval")
        } else if object.key == "employee" && db::history::has_acted(tx, *id)? {
            Some("delete.has_acted")
        } else if cx.meta.versions_in_force().any(|process| serde_json::to_string(process).is_ok_and(|text| text.contains(&id.to_string())))
        {
            Some("delete.in_process")
        } else {
            None
        };
        if let Some(why) = why {
            going.remove(id);
            undone.stays.insert(*id, why.to_owned());
        }
    }
    let (tree, found) = loop {
        if going.is_empty() {
            return Ok(undone);
        }
        let tree = tree(&inner, tx, object, going.values().cloned().collect())?;
        let found = references(&inner, tx, &tree)?;
        let held = held(&inner, tx, &tree, &found, &mine)?;
        if held.is_empty() {
            break (tree, found);
        }
        for (id, why) in held {
            going.remove(&id);
            undone.stays.insert(id, why.to_owned());
        }
    };
    for (other, _, ids) in &found {
        undone.let_go.entry(other.key.clone()).or_default().extend(ids);
    }
    for ids in undone.let_go.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    let_go(&inner, tx, &tree, &found)?;
    let mut tree = tree;
    for (part, records) in &mut tree {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        *records = db::records::load(tx, &inner.meta.schema, part, &ALL, &ids)?;
    }
    // The entries in the history are the person's own.
    remove(cx, tx, &tree, None)?;
    Ok(undone)
}

/// Records of the tree's root that cannot go: others have hung something on them, or refer to them.
fn held(
    cx: &Ctx,
    tx: &mut Write,
    tree: &Tree,
    references: &References,
    mine: &impl Fn(&mut Read, &str, &[Id]) -> Result<Vec<Id>>,
) -> Result<BTreeMap<Id, &'static str>> {
    let mut held = BTreeMap::new();
    // Whose part a part is, up to the root.
    let mut root: BTreeMap<Id, Id> = tree[0].1.iter().map(|record| (record.id, record.id)).collect();
    for (part, records) in tree.iter().skip(1) {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let own: BTreeSet<Id> = mine(tx, &part.key, &ids)?.into_iter().collect();
        let Some((field, _)) = part.lives_in() else { continue };
        for record in records {
            let Some(above) = record.reference(&field.key).and_then(|id| root.get(&id).copied()) else { continue };
            root.insert(record.id, above);
            if approvals::waits_for(record).is_some() {
                held.insert(above, "record.in_approval");
            } else if !own.contains(&record.id) {
                held.insert(above, "delete.in_use");
            }
        }
    }
    for (other, field, ids) in references {
        let own: BTreeSet<Id> = mine(tx, &other.key, ids)?.into_iter().collect();
        // One that cannot be without it, or is kept by the product, was to go before.
        let loose = !(field.required || field.system);
        let foreign: Vec<Id> = ids.iter().filter(|id| !(loose && own.contains(id))).copied().collect();
        for record in db::records::load(tx, &cx.meta.schema, other, &ALL, &foreign)? {
            for id in referred(record.get(&field.key)) {
                if let Some(above) = root.get(&id) {
                    held.insert(*above, "delete.in_use");
                }
            }
        }
    }
    Ok(held)
}

fn referred(value: &Value) -> Vec<Id> {
    match value {
        Value::Ref(id) | Value::Regarding { id, .. } => vec![*id],
        Value::Keys(keys) => keys.iter().filter_map(|key| key.parse().ok()).collect(),
        _ => Vec::new(),
    }
}
