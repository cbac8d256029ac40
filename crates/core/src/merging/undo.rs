//! Taking a merge back: the losers are there again, and what came from them and is still with the winner goes back to them. What somebody
//! has changed since stays as it is, and is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Write;
use model::role::Act;
use model::{Field, Id, Object, Patch, Record, Value, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::kept::{self, Kept, Stored};
use super::{WHY, beside, gives, groups, lock, moving, show};
use crate::audit::{self, Note};
use crate::save::{Change, Deed, locks, save};
use crate::{Ctx, Error, Result, access, approvals, records};

/// `POST /merges/{id}/undo`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// What was left as it is, because it was changed since.
#[derive(Default)]
struct Stayed {
    fields: Vec<String>,
    references: usize,
}

/// Takes a merge back.
///
/// Errors: `merge.undone`, `merge.too_late`, `merge.deleted`, `merge.winner_voided`; [`Error::Forbidden`] without the right or the access.
pub fn undo(cx: &Ctx, tx: &mut Write, id: Id, wanted: &Undo) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let merge = kept::load(tx, id)?;
    let object = cx.object(&merge.object)?.clone();
    lock_all(cx, tx, &object, &merge)?;
    // Read again under the locks: of two who take it back at once, the second finds it done.
    let merge = kept::load(tx, id)?;
    let (winner, losers) = judge(cx, tx, &object, &merge)?;
    let kept = &merge.kept;
    let inner = cx.as_system(WHY);
    let mut stayed = Stayed::default();
    let (mut fields, mut of_losers) = (put_back(tx, &object, &winner, kept, &mut stayed)?, gave_up(tx, &object, kept)?);
    let (files, back) = moving::files_back(tx, &object, &winner, kept)?;
    fields.extend(files);
    // Files are the losers' own as far as they are still there.
    for patch in of_losers.values_mut() {
        patch.retain(|key, _| object.field(key).is_some_and(|field| !moving::is_of_files(field)));
    }
    for (loser, patch) in back {
        of_losers.entry(loser).or_default().extend(patch);
    }
    if !fields.is_empty() {
        tx.next_act();
        let edit = Change { patch: fields, reason: reason(wanted), merging: true, ..Change::of(&object.key, winner.id, Deed::Edit) };
        save(&inner, tx, edit)?;
    }
    if let Some(owner) = &kept.owner {
        match owner.before {
            Some(before) if winner.owner() == Some(owner.after) => {
                tx.next_act();
                save(cx, tx, Change { merging: true, ..Change::of(&object.key, winner.id, gives(&winner, before)) })?;
            }
            // What had no owner is not given up by the product.
            _ => stayed.fields.push("owner".to_owned()),
        }
    }
    let restored = restore(cx, tx, &object, &losers, of_losers, wanted)?;
    let (moved, references) = moving::back(cx, tx, winner.id, kept)?;
    stayed.references = references;
    let present = super::any(cx, tx, &object, &[winner.id])?.into_iter().next().ok_or(Error::NotFound)?;
    beside::back(cx, tx, &object, &present, kept)?;
    groups::unmerged(cx, tx, &restored)?;
    kept::undone(cx, tx, id)?;
    tell(cx, tx, &object, &merge, &winner, &losers, wanted)?;
    let shown = match records::load(cx, tx, &object, winner.id) {
        Ok(record) => records::show_one(cx, tx, &object, &record)?,
        Err(Error::NotFound) => Json::Null,
        Err(other) => return Err(other),
    };
    if wanted.dry_run {
        tx.abandon();
    }
    let ids: Vec<String> = restored.iter().map(Id::to_string).collect();
    Ok(json!({
        "result": "undone", "merge": id.to_string(), "record": shown, "restored": ids, "moved": moved,
        "stayed": {"fields": stayed.fields, "references": stayed.references}, "dry_run": wanted.dry_run,
    }))
}

fn reason(wanted: &Undo) -> Option<String> {
    wanted.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned)
}

fn lock_all(cx: &Ctx, tx: &mut Write, object: &Object, merge: &Stored) -> Result<()> {
    let ids: Vec<Id> = std::iter::once(merge.winner).chain(merge.kept.losers.iter().map(|loser| loser.id)).collect();
    let records = super::any(cx, tx, object, &ids)?;
    let referring: Vec<(Arc<Object>, Field, Vec<Id>)> = merge
        .kept
        .references
        .iter()
        .filter_map(|moved| {
            let object = cx.meta.schema.object(&moved.object)?.clone();
            let field = object.field(&moved.field)?.clone();
            Some((object, field, moved.records.iter().map(|one| one.id).collect()))
        })
        .collect();
    lock::all(cx, tx, object, merge.winner, &records, Vec::new(), &referring)
}

/// Whether it may be taken back; the winner and the losers as they stand.
fn judge(cx: &Ctx, tx: &mut Write, object: &Object, merge: &Stored) -> Result<(Record, Vec<Record>)> {
    let ids: Vec<Id> = merge.kept.losers.iter().map(|loser| loser.id).collect();
    let there = super::any(cx, tx, object, &[&ids[..], &[merge.winner]].concat())?;
    let seen = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &[&ids[..], &[merge.winner]].concat())?;
    // Whoever sees none of them, or not all that is left, has nothing to do with it.
    if seen.is_empty() || seen.len() < there.len() {
        return Err(Error::NotFound);
    }
    let name = there.iter().find(|record| record.id == merge.winner).map_or("", |record| record.text("name"));
    cx.attempts("undo_merge", &object.key, Some((merge.winner, name)));
    cx.must_be_allowed(Act::Merge, &object.key)?;
    let all: Vec<&Record> = there.iter().collect();
    let writable = access::writable(cx, tx, object, &all)?;
    if all.iter().any(|record| !writable.contains(&record.id)) {
        return Err(Error::Forbidden { act: Act::Merge.key().to_owned(), object: object.key.clone() });
    }
    if merge.undone_at.is_some() {
        return Err(Violation::new("merge.undone", "").into());
    }
    let mut against = Violations::new();
    if cx.at > merge.undo_until {
        against.push(Violation::new("merge.too_late", "").with("until", merge.undo_until.to_string()));
    }
    if there.len() <= ids.len() {
        against.push(Violation::new("merge.deleted", ""));
    }
    for record in &there {
        if record.id == merge.winner && record.text("lifecycle_status") == "voided" {
            let code = if kept::lost(tx, record.id)?.is_some() { "merge.merged_again" } else { "merge.winner_voided" };
            against.push(Violation::new(code, ""));
        } else if locks::stands_against(cx, locks::holder(cx, tx, object, record)?.as_ref()) {
            against.push(Violation::new("record.locked", ""));
        } else if let Some(waits) = approvals::waits_for(record) {
            against.push(Violation::new("record.in_approval", "").with("waits_for", waits.key()));
        }
    }
    if !against.is_empty() {
        return Err(against.into());
    }
    let (winner, losers): (Vec<Record>, Vec<Record>) = there.into_iter().partition(|record| record.id == merge.winner);
    Ok((winner.into_iter().next().ok_or(Error::NotFound)?, losers))
}

/// The winner's values from before, of those fields that still hold what was taken.
fn put_back(tx: &mut Write, object: &Object, winner: &Record, kept: &Kept, stayed: &mut Stayed) -> Result<Patch> {
    let mut patch = Patch::new();
    let Some(revision) = kept.taken_at else { return Ok(patch) };
    let entry = db::history::list(tx, &object.key, winner.id, Some(revision + 1), 1)?.into_iter().find(|entry| entry.revision == revision);
    let changes = entry.map(|entry| entry.changes).unwrap_or_default();
    for taken in &kept.taken {
        let change = changes.iter().find(|change| change.field == taken.field);
        match change.filter(|_| object.field(&taken.field).is_some()) {
            Some(change) if *winner.get(&taken.field) == change.new => {
                patch.insert(taken.field.clone(), change.old.clone());
            }
            _ => stayed.fields.push(taken.field.clone()),
        }
    }
    Ok(patch)
}

/// What each loser gave up.
fn gave_up(tx: &mut Write, object: &Object, kept: &Kept) -> Result<BTreeMap<Id, Patch>> {
    let mut patches = BTreeMap::new();
    for loser in &kept.losers {
        let Some(revision) = loser.gave_up else { continue };
        let entries = db::history::list(tx, &object.key, loser.id, Some(revision + 1), 1)?;
        let Some(entry) = entries.into_iter().find(|entry| entry.revision == revision) else { continue };
        let unique_or_files = |key: &str| object.field(key).is_some_and(|field| field.unique || moving::is_of_files(field));
        let patch: Patch = entry
            .changes
            .into_iter()
            .filter(|change| unique_or_files(&change.field) && change.new == Value::Null)
            .map(|change| (change.field, change.old))
            .collect();
        patches.insert(loser.id, patch);
    }
    Ok(patches)
}

/// Takes the losers out of the recycle bin and gives back what they gave up, where nobody has given them something else since.
fn restore(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    losers: &[Record],
    mut patches: BTreeMap<Id, Patch>,
    wanted: &Undo,
) -> Result<Vec<Id>> {
    let mut restored = Vec::with_capacity(losers.len());
    for loser in losers {
        if loser.text("lifecycle_status") == "voided" {
            tx.next_act();
            let back = Change { reason: reason(wanted), merging: true, ..Change::of(&object.key, loser.id, Deed::Restore) };
            // By the caller's own right: how many somebody may have is judged as of any restoring.
            save(cx, tx, back)?;
            restored.push(loser.id);
        }
        let mut patch = patches.remove(&loser.id).unwrap_or_default();
        patch.retain(|key, _| loser.get(key).is_null());
        if !patch.is_empty() {
            tx.next_act();
            save(&cx.as_system(WHY), tx, Change { patch, merging: true, ..Change::of(&object.key, loser.id, Deed::LetGo) })?;
        }
    }
    Ok(restored)
}

fn tell(cx: &Ctx, tx: &mut Write, object: &Object, merge: &Stored, winner: &Record, losers: &[Record], wanted: &Undo) -> Result<()> {
    for record in std::iter::once(winner).chain(losers) {
        let note = Note::new("undo_merge", "record").record(&object.key, record.id).subject(record.text("name"));
        audit::note(cx, tx, note.detail(json!({"merge": merge.id.to_string(), "reason": reason(wanted)})))?;
    }
    show::announce(cx, tx, object, winner.id)
}
