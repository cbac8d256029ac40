//! Deleting for good: the record, what lives in it, and every reference to either.
//!
//! Everything is found and judged first; nothing is written while anything stands against it. Records that refer to what goes are let go
//! through `save`, so their histories tell of it. The history of what is gone stays, and its name with it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use db::Write;
use db::history::Entry;
use db::outbox::{Event, Eyes};
use db::records::Scope;
use model::role::Act;
use model::{Field, Id, Object, Patch, Record, Value, Violation, Violations};
use serde_json::json;

use super::change::{Change, Deed, Under};
use super::{instant, locks, save, save_all, write};
use crate::audit::{self, Note};
use crate::reckoning::locks::Planned;
use crate::sight::Sight;
use crate::{
    Ctx, Error, Result, access, analysis, approvals, files, pools, processes, reckoning, records, reminders, stage_tasks, webhooks,
};

/// References that are let go at most; more of them are a sign that the record is the wrong one to delete.
const MOST: usize = 1000;
/// Records that live in one at most.
const PARTS: usize = 10_000;
/// How deep records live in records.
const DEPTH: usize = 4;
/// Names told of the records that stand against it.
const NAMED: usize = 5;

pub(super) const ALL: Scope<'static> = Scope::All("what is deleted goes with all that hangs on it");

/// What goes and what is let go.
pub(crate) struct Deleted {
    /// How many records that lived in it went along, by object.
    pub along: BTreeMap<String, usize>,
    /// How many references were taken away, by object and field.
    pub let_go: BTreeMap<(String, String), usize>,
    /// Nothing has gone yet: it waits for this approval.
    pub approval: Option<Id>,
}

/// Objects with their records, the deleted one first.
pub(crate) type Tree = Vec<(Arc<Object>, Vec<Record>)>;
/// References from outside: by object and field, whose they are.
pub(crate) type References = Vec<(Arc<Object>, Field, Vec<Id>)>;

/// Deletes one record for good, for a reason, perhaps as part of an approval. It must be in the recycle bin. What a flow catches waits there.
pub(crate) fn delete(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    id: Id,
    if_version: Option<i64>,
    (reason, under): (Option<&str>, Option<Under>),
) -> Result<Deleted> {
    lock(cx, tx, object, &[id])?;
    let record = records::load(cx, tx, object, id)?;
    cx.attempts(Act::Delete.key(), &object.key, Some((id, record.text("name"))));
    cx.must_be_allowed(Act::Delete, &object.key)?;
    if !access::writable(cx, tx, object, &[&record])?.contains(&id) {
        return Err(Error::Forbidden { act: Act::Delete.key().to_owned(), object: object.key.clone() });
    }
    if if_version.is_some_and(|version| version != record.version) {
        return Err(Error::Conflict { record: Box::new(records::show_one(cx, tx, object, &record)?) });
    }
    if record.text("lifecycle_status") != "voided" {
        return Err(Violation::new("delete.not_voided", "").into());
    }
    let tree = tree(cx, tx, object, vec![record])?;
    let references = references(cx, tx, &tree)?;
    judge(cx, tx, &tree, &references)?;
    if !matches!(under, Some(Under::Executes(_))) {
        let mut change = Change::of(&object.key, id, Deed::Delete);
        (change.reason, change.under) = (reason.map(str::to_owned), under);
        // All that it locks is locked already, what lives in it as well.
        tx.next_act();
        if approvals::concern(cx, object, &change, &tree[0].1[0])
            && let Some(approval) = save(cx, tx, change)?.approval
        {
            return Ok(Deleted { along: BTreeMap::new(), let_go: BTreeMap::new(), approval: Some(approval) });
        }
    }
    let let_go = let_go(cx, tx, &tree, &references)?;
    // What was let go may have changed a sum of what goes.
    let mut tree = tree;
    for (part, records) in &mut tree {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        *records = db::records::load(tx, &cx.meta.schema, part, &ALL, &ids)?;
    }
    remove(cx, tx, &tree, reason)?;
    let along: BTreeMap<String, usize> = tree.iter().skip(1).map(|(part, records)| (part.key.clone(), records.len())).collect();
    let gone = &tree[0].1[0];
    let told: BTreeMap<String, usize> = let_go.iter().map(|((object, field), count)| (format!("{object}.{field}"), *count)).collect();
    let note = Note::new(Act::Delete.key(), "record").record(&object.key, id).subject(name(object, gone));
    audit::note(cx, tx, note.detail(json!({"along": along, "let_go": told, "reason": reason})))?;
    Ok(Deleted { along, let_go, approval: None })
}

/// Locks what goes, what refers to it and what follows from either, all at once and in one order (core rule 3). Read without locks, so
/// everything is read again under them.
pub(super) fn lock(cx: &Ctx, tx: &mut Write, object: &Object, ids: &[Id]) -> Result<()> {
    let records = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), ids)?;
    if records.is_empty() {
        return Ok(());
    }
    let tree = tree(cx, tx, object, records)?;
    let references = references(cx, tx, &tree)?;
    let mut rows = reckoning::locks::Rows::new();
    for (part, records) in &tree {
        rows.entry(part.key.clone()).or_default().extend(records.iter().map(|record| record.id));
        if let Some((field, above)) = part.lives_in() {
            rows.entry(above.to_owned()).or_default().extend(records.iter().filter_map(|record| record.reference(&field.key)));
        }
        if reckoning::locks::reaches_out(cx, &part.key) || reckoning::follow_ups::concerns(part) {
            let planned = Planned { patches: Vec::new(), present: records.clone(), fields: None };
            for (other, ids) in reckoning::locks::of(cx, tx, part, &planned)? {
                rows.entry(other).or_default().extend(ids);
            }
        }
    }
    for (other, _, ids) in &references {
        rows.entry(other.key.clone()).or_default().extend(ids);
    }
    let sorted: Vec<(u16, &str, Vec<Id>)> = rows
        .iter()
        .filter_map(|(key, ids)| Some((cx.meta.schema.object(key)?.rank, key.as_str(), ids.iter().copied().collect())))
        .collect();
    tx.next_act();
    tx.lock_rows(&sorted)?;
    for (part, records) in &tree {
        tx.lock_to_delete(&part.key, &records.iter().map(|record| record.id).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Records with all that lives in them, and in that.
pub(super) fn tree(cx: &Ctx, tx: &mut Write, object: &Object, records: Vec<Record>) -> Result<Tree> {
    let whole = cx.meta.schema.object(&object.key).cloned().ok_or(Error::NotFound)?;
    let mut tree: Tree = vec![(whole, records)];
    let mut at = 0;
    while at < tree.len() && at < DEPTH * 8 {
        let (above, ids) = (tree[at].0.clone(), tree[at].1.iter().map(|record| record.id).collect::<Vec<_>>());
        for key in &cx.meta.order {
            let Some(part) = cx.meta.schema.object(key).cloned() else { continue };
            let Some(field) = part.goes_with(&above).cloned() else { continue };
            let found = db::records::holding(tx, &part, &field, &ids, PARTS + 1)?;
            if found.len() > PARTS {
                return Err(Violation::new("delete.too_many", "").with("object", key.as_str()).with("max", PARTS).into());
            }
            let found = db::records::load(tx, &cx.meta.schema, &part, &ALL, &found)?;
            match tree.iter_mut().find(|(known, _)| known.key == part.key) {
                Some((_, records)) => {
                    let fresh: Vec<Record> = found.into_iter().filter(|one| records.iter().all(|known| known.id != one.id)).collect();
                    records.extend(fresh);
                }
                None if !found.is_empty() => tree.push((part, found)),
                None => {}
            }
        }
        at += 1;
    }
    Ok(tree)
}

/// Every reference to what goes, from what stays.
pub(crate) fn references(cx: &Ctx, tx: &mut Write, tree: &Tree) -> Result<References> {
    let going: BTreeSet<Id> = tree.iter().flat_map(|(_, records)| records.iter().map(|record| record.id)).collect();
    let mut references = Vec::new();
    for key in &cx.meta.order {
        let Some(object) = cx.meta.schema.object(key).cloned() else { continue };
        for field in object.fields.iter().filter(|field| !field.is_reckoned()) {
            let mut ids = Vec::new();
            for (gone, records) in tree {
                let leads = match &field.kind {
                    model::field::FieldType::Regarding => true,
                    kind => kind.leads_to() == Some(gone.key.as_str()),
                };
                if leads {
                    let wanted: Vec<Id> = records.iter().map(|record| record.id).collect();
                    ids.extend(db::records::holding(tx, &object, field, &wanted, MOST + PARTS + 1)?);
                }
            }
            ids.retain(|id| !going.contains(id));
            ids.sort_unstable();
            ids.dedup();
            if !ids.is_empty() {
                references.push((object.clone(), field.clone(), ids));
            }
        }
    }
    Ok(references)
}

/// Everything that stands against it, at once.
fn judge(cx: &Ctx, tx: &mut Write, tree: &Tree, references: &References) -> Result<()> {
    let mut found = Violations::new();
    for (object, records) in tree {
        for record in records {
            if locks::stands_against(cx, locks::holder(cx, tx, object, record)?.as_ref()) {
                found.push(Violation::new("record.locked", ""));
                break;
            }
        }
    }
    let gone = &tree[0].1[0];
    // Its own approval is judged by the save that holds the deletion back.
    let above = locks::waiting(cx, tx, &tree[0].0, gone)?.filter(|waits| waits.id != gone.id);
    let parts = tree.iter().skip(1).flat_map(|(_, records)| records).find(|part| approvals::waits_for(part).is_some()).cloned();
    if let Some(waits) = above.or(parts) {
        found.push(approvals::in_approval(tx, &waits, "")?);
    }
    if gone.object == "employee" && db::history::has_acted(tx, gone.id)? {
        found.push(Violation::new("delete.has_acted", ""));
    }
    // Definitions name people, departments and groups by their ids.
    let id = gone.id.to_string();
    for process in cx.meta.versions_in_force().filter(|process| serde_json::to_string(process).is_ok_and(|text| text.contains(&id))) {
        found.push(Violation::new("delete.in_process", "").with("process", process.name.as_str()));
    }
    let mut loose = 0;
    for (object, field, ids) in references {
        // What cannot be without it, and what the product keeps itself.
        if field.required || field.system {
            let named: Vec<Id> = ids.iter().take(NAMED).copied().collect();
            let names: Vec<String> =
                db::records::names(tx, &cx.meta.schema, object, &cx.scope(), &named)?.into_iter().map(|(_, name)| name).collect();
            let used = Violation::new("delete.in_use", "").with("object", object.key.as_str()).with("name", json!(field.label));
            found.push(used.with("count", ids.len()).with("records", names));
        } else {
            loose += ids.len();
        }
    }
    if loose > MOST {
        found.push(Violation::new("delete.too_many_uses", "").with("max", MOST).with("count", loose));
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// Takes the references away, as the product itself on behalf of the caller.
pub(super) fn let_go(cx: &Ctx, tx: &mut Write, tree: &Tree, references: &References) -> Result<BTreeMap<(String, String), usize>> {
    let going: BTreeSet<Id> = tree.iter().flat_map(|(_, records)| records.iter().map(|record| record.id)).collect();
    let mut patches: BTreeMap<&str, BTreeMap<Id, Patch>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for (object, field, ids) in references {
        counts.insert((object.key.clone(), field.key.clone()), ids.len());
        let standing = match field.kind.kind() {
            model::field::Kind::Keys => db::records::load(tx, &cx.meta.schema, object, &ALL, ids)?,
            _ => Vec::new(),
        };
        for id in ids {
            let value =
                standing.iter().find(|record| record.id == *id).map_or(Value::Null, |record| without(record.get(&field.key), &going));
            patches.entry(&object.key).or_default().entry(*id).or_default().insert(field.key.clone(), value);
        }
    }
    let inner = cx.as_system("a record that was referred to is deleted");
    for (object, patches) in patches {
        tx.next_act();
        let changes =
            patches.into_iter().map(|(id, patch)| Change { patch, ..Change::of(object, id, Deed::LetGo) }).collect::<Vec<Change>>();
        for result in save_all(&inner, tx, object, changes)? {
            result?;
        }
    }
    Ok(counts)
}

/// A list of records without those that go.
fn without(value: &Value, going: &BTreeSet<Id>) -> Value {
    let Value::Keys(keys) = value else { return Value::Null };
    let left: Vec<String> = keys.iter().filter(|key| key.parse().is_ok_and(|id: Id| !going.contains(&id))).cloned().collect();
    if left.is_empty() { Value::Null } else { Value::Keys(left) }
}

/// Removes the records and all that is kept beside them, and tells of it.
pub(super) fn remove(cx: &Ctx, tx: &mut Write, tree: &Tree, reason: Option<&str>) -> Result<()> {
    // By whom they are seen is read while what they belong to is still there.
    let mut eyes: BTreeMap<Id, Eyes> = BTreeMap::new();
    for (object, records) in tree {
        let sight = Sight::of(cx, tx, object, records.iter().map(|record| (Some(record), record)))?;
        eyes.extend(records.iter().map(|record| (record.id, sight.present(record))));
    }
    for (object, records) in tree {
        let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
        let entry = |record: &Record| Entry {
            object: object.key.clone(),
            record: record.id,
            revision: record.revision + 1,
            at: instant(cx, Some(record)),
            by: cx.who.id,
            via: cx.via.key().to_owned(),
            act: Act::Delete.key().to_owned(),
            reason: reason.map(str::to_owned),
            origin: cx.origin,
            changes: Vec::new(),
        };
        let event = |record: &Record| Event {
            object: object.key.clone(),
            record: record.id,
            revision: record.revision + 1,
            act: Act::Delete.key().to_owned(),
            at: instant(cx, Some(record)),
            by: cx.who.id,
            columns: Vec::new(),
            before: eyes.get(&record.id).cloned().unwrap_or_default(),
            after: Eyes::default(),
        };
        db::history::insert(tx, &records.iter().map(entry).collect::<Vec<_>>())?;
        db::outbox::insert(tx, &records.iter().map(event).collect::<Vec<_>>())?;
        let names: Vec<(Id, String)> = records.iter().map(|record| (record.id, name(object, record).to_owned())).collect();
        webhooks::keep_last(cx, tx, object, records)?;
        db::audit::bury(tx, &object.key, &names, cx.at, cx.who.id)?;
        analysis::bury(tx, object, &records.iter().map(|record| (record, instant(cx, Some(record)))).collect::<Vec<_>>())?;
        db::records::delete(tx, object, &ids)?;
        files::remove(tx, object, &ids)?;
        reminders::remove(tx, &ids)?;
        pools::reclaim::remove(tx, &ids)?;
        stage_tasks::remove(tx, &ids, processes::concerns(object))?;
        if processes::concerns(object) {
            processes::stays::remove(tx, &ids)?;
            processes::slips::remove(tx, &ids)?;
        }
    }
    for (object, records) in tree {
        if reckoning::locks::reaches_out(cx, &object.key) || reckoning::follow_ups::concerns(object) {
            let pairs = records.iter().map(|record| (Some(record.clone()), None)).collect();
            reckoning::after(cx, tx, &object.key, pairs)?;
        }
        write::people_changed(tx, object, &BTreeSet::from(["lifecycle_status".to_owned()]))?;
    }
    Ok(())
}

fn name<'a>(object: &Object, record: &'a Record) -> &'a str {
    model::search::name_field(object).map_or("", |field| record.text(&field.key))
}
