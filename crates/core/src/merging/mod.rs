//! Records that are one: merging them, taking that back, and finding which there are.
//!
//! The winner stays; the losers go into the recycle bin and lead to it. What refers to a loser, lives in it, hangs on it or was written
//! about it moves to the winner, all in one transaction, every record through [`crate::save`]. What was moved, and what stood there
//! before, is kept with the merge ([`kept`]), from which it can be taken back for thirty days ([`undo`]).
//!
//! The past of a loser stays with it: its history, and of deals the visits to stages, their tasks and slips. It is what happened to that
//! record, and so it is there again when the merge is taken back.

mod asked;
mod beside;
pub mod groups;
mod kept;
mod lock;
mod moving;
mod show;
mod undo;

use std::collections::BTreeMap;

use db::Write;
use model::role::Act;
use model::{Id, Object, Patch, Record, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use self::asked::Asked;
use self::kept::{Kept, Loser, Owner, Taken};
use crate::audit::{self, Note};
use crate::save::{Change, Deed, Saved, save};
use crate::{Ctx, Error, Result, records};

pub(crate) use show::{Happened, happened, led_to};
pub use show::{again, of_record, one};
pub use undo::{Undo, undo};

/// Records that are made one at most, the winner counted: what fits beside each other on a screen.
pub const MOST_RECORDS: usize = 5;
/// References that are moved in one transaction at most; a record with more of them should win.
pub const MOST_REFERENCES: usize = 5_000;
/// For how long a merge can be taken back, in seconds.
const UNDOABLE: i64 = 30 * 86_400;
/// Why the product writes what it moves.
const WHY: &str = "records become one";

/// `POST /records/{object}/{id}/merge`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The records that become one with this one.
    pub losers: Vec<String>,
    /// Fields of which another record's value is taken, with that record; the winner's own stands where nothing is said.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The versions of the records as they were seen, by id.
    #[serde(default)]
    pub versions: BTreeMap<String, i64>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub dry_run: bool,
}

/// What was offered and ordered was said to a customer as it is: of such there are never two that are one.
const APART: [&str; 2] = [model::objects::quote::KEY, model::objects::sales_order::KEY];

/// True where records of the object can be made one: those that belong to somebody.
pub(crate) fn concerns(object: &Object) -> bool {
    object.owned && object.hangs_by().is_none() && object.master().is_none() && !APART.contains(&object.key.as_str())
}

/// Makes records one. A dry run tells what would be moved.
///
/// Errors: [`Error::Forbidden`] without the right or the access to one of them, `merge.voided`, `merge.converted`, `merge.too_many` …, and
/// whatever stands against the values that are taken.
pub fn merge(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Merge) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    if !concerns(&object) {
        return Err(Error::NotFound);
    }
    let losers = match asked::losers(id, wanted) {
        Ok(losers) => losers,
        // Whether it is there for the caller comes before what is wrong with the request.
        Err(error) => return Err(records::load(cx, tx, &object, id).map_or_else(|missing| missing, |_| error)),
    };
    lock::to_merge(cx, tx, &object, id, &losers, wanted)?;
    let asked = asked::read(cx, tx, &object, id, &losers, version, wanted)?;
    let references = moving::references(cx, tx, &object, &asked)?;
    let merge = cx.new_id();
    let mut kept = Kept { reason: asked.reason.clone(), ..Kept::default() };
    give_up(cx, tx, &object, &asked, &mut kept)?;
    moving::forth(cx, tx, &asked, &references, &mut kept)?;
    take_over(cx, tx, &object, &asked, &mut kept)?;
    beside::forth(cx, tx, &object, &asked, &mut kept)?;
    groups::merged(cx, tx, &object, &losers)?;
    let moved = kept.counts();
    let until = kept::write(cx, tx, &object, merge, &asked, &kept)?;
    tell(cx, tx, &object, &asked, merge, &moved)?;
    let record = match records::load(cx, tx, &object, id) {
        Ok(record) => records::show_one(cx, tx, &object, &record)?,
        Err(Error::NotFound) => Json::Null,
        Err(other) => return Err(other),
    };
    if wanted.dry_run {
        tx.abandon();
    }
    let choices = asked::choices(cx, &object, &asked.winner);
    let merge = (!wanted.dry_run).then(|| merge.to_string());
    Ok(json!({
        "result": "merged", "merge": merge, "record": record, "moved": moved, "choices": choices,
        "undo_until": until.to_string(), "dry_run": wanted.dry_run,
    }))
}

/// The losers give up what only one record may have, and go into the recycle bin.
fn give_up(cx: &Ctx, tx: &mut Write, object: &Object, asked: &Asked, kept: &mut Kept) -> Result<()> {
    let inner = cx.as_system(WHY);
    for loser in &asked.losers {
        let mut patch = Patch::new();
        for field in object.fields.iter().filter(|field| !loser.get(&field.key).is_null()) {
            let goes_over = field.unique && asked.taken.get(&field.key).is_some_and(|(from, _)| *from == loser.id);
            if goes_over || moving::is_of_files(field) {
                patch.insert(field.key.clone(), Value::Null);
            }
        }
        let mut gave_up = None;
        if !patch.is_empty() {
            tx.next_act();
            let saved = save(&inner, tx, Change { patch, merging: true, ..Change::of(&object.key, loser.id, Deed::LetGo) })?;
            gave_up = Some(saved.record.revision);
        }
        tx.next_act();
        let away = Change { reason: asked.reason.clone(), merging: true, ..Change::of(&object.key, loser.id, Deed::Void) };
        save(&inner, tx, away)?;
        kept.losers.push(Loser { id: loser.id, gave_up });
    }
    Ok(())
}

/// The winner takes over the values that were chosen, by the caller's own rights, and the files.
fn take_over(cx: &Ctx, tx: &mut Write, object: &Object, asked: &Asked, kept: &mut Kept) -> Result<()> {
    let winner = &asked.winner;
    let files = moving::files_forth(tx, object, asked, kept)?;
    if !files.is_empty() {
        tx.next_act();
        save(&cx.as_system(WHY), tx, Change { patch: files, merging: true, ..Change::of(&object.key, winner.id, Deed::Edit) })?;
    }
    let patch: Patch = asked.taken.iter().map(|(field, (_, value))| (field.clone(), value.clone())).collect();
    if !patch.is_empty() {
        tx.next_act();
        let edit = Change { patch, reason: asked.reason.clone(), merging: true, ..Change::of(&object.key, winner.id, Deed::Edit) };
        let saved = save(cx, tx, edit)?;
        if let Some(revision) = changed_by(&saved) {
            let of = |(field, (from, _)): (&String, &(Id, Value))| Taken { field: field.clone(), from: *from };
            kept.taken = asked.taken.iter().map(of).collect();
            kept.taken_at = Some(revision);
        }
    }
    if let Some(to) = asked.owner {
        tx.next_act();
        save(cx, tx, Change { reason: asked.reason.clone(), merging: true, ..Change::of(&object.key, winner.id, gives(winner, to)) })?;
        kept.owner = Some(Owner { before: winner.owner(), after: to });
    }
    Ok(())
}

/// What lies without an owner is assigned, what somebody has is handed over.
fn gives(record: &Record, to: Id) -> Deed {
    if record.owner().is_none() { Deed::Assign { to: Some(to) } } else { Deed::ChangeOwner { to, keep_as: None } }
}

fn changed_by(saved: &Saved) -> Option<i64> {
    saved.changed.then_some(saved.record.revision)
}

/// Notes the merge with each of the records, and tells those who look at the winner.
fn tell(cx: &Ctx, tx: &mut Write, object: &Object, asked: &Asked, merge: Id, moved: &BTreeMap<String, usize>) -> Result<()> {
    for record in std::iter::once(&asked.winner).chain(&asked.losers) {
        let note = Note::new(Act::Merge.key(), "record").record(&object.key, record.id).subject(record.text("name"));
        let losers: Vec<String> = asked.losers.iter().map(|loser| loser.id.to_string()).collect();
        let detail = json!({
            "merge": merge.to_string(), "winner": asked.winner.id.to_string(), "losers": losers, "moved": moved, "reason": asked.reason,
        });
        audit::note(cx, tx, note.detail(detail))?;
    }
    show::announce(cx, tx, object, asked.winner.id)
}

/// A record by its id, whoever may see it.
fn any(cx: &Ctx, tx: &mut db::Read, object: &Object, ids: &[Id]) -> Result<Vec<Record>> {
    Ok(db::records::load(tx, &cx.meta.schema, object, &db::records::Scope::All(WHY), ids)?)
}
