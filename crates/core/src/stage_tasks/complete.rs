//! Doing a task: what it asks for is saved like everything else, judged like everything else, and ticked off in the same transaction.
//!
//! What is given is saved first, which locks the deal and all that follows from it in the one order there is; then the task is read under the
//! lock and judged. Whoever comes second finds it done, and nothing of his is stored.

use db::Write;
use model::process::{StageTask, TaskAct, TaskState};
use model::{Id, Object, Record, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::may::May;
use super::store::{self, Kept};
use super::{define, log, offer, saving, settle, show};
use crate::lines::RowChange;
use crate::records::{self, show_one};
use crate::save::locks;
use crate::{Ctx, Error, Result};

/// Characters of a note.
const LONGEST_NOTE: usize = 2000;

/// `POST /stage-tasks/{id}/complete`: what belongs to the sort of task, and nothing else.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// Of the record that is edited.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// New records.
    #[serde(default)]
    pub create: Vec<NewRecord>,
    /// Records that are there.
    #[serde(default)]
    pub choose: Vec<String>,
    /// Sub-objects that are added, changed or removed.
    #[serde(default)]
    pub rows: Vec<RowChange>,
    #[serde(default)]
    pub note: Option<String>,
    /// What is given is saved; the task stays open.
    #[serde(default)]
    pub keep_open: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// A record to be created.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    #[serde(default)]
    pub fields: Map<String, Json>,
}

/// A task that is about to be done.
pub(super) struct Doing<'a> {
    pub cx: &'a Ctx,
    pub object: &'a Object,
    pub deal: &'a Record,
    pub kept: &'a Kept,
    pub task: &'a StageTask,
}

/// Does a task, or a part of it.
pub fn complete(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Complete) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let kept = store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?;
    let (object, deal) = show::deal(cx, tx, kept.task.opportunity)?;
    cx.attempts("complete", &object.key, Some((deal.id, deal.text("name"))));
    let may = May::of(cx, tx, &object, &deal)?;
    if !may.has(&kept) {
        return Err(not_allowed("complete"));
    }
    stands(cx, tx, (&object, &deal), &kept, version)?;
    let note = note(wanted.note.as_deref())?;
    let task = define::all(cx, tx, std::iter::once(&kept.task))?.remove(&id);
    let task = task.ok_or_else(|| Error::Internal(format!("no version of the process has the task {id}")))?;
    fits(&task.act, wanted)?;
    let doing = Doing { cx, object: &object, deal: &deal, kept: &kept, task: &task };
    let linked = saving::given(&doing, tx, wanted)?;
    // From here on nobody else is at the deal or its tasks.
    tx.lock_rows_late(&object.key, &[deal.id])?;
    let (deal, kept) = (records::load(cx, tx, &object, deal.id)?, store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?);
    stands(cx, tx, (&object, &deal), &kept, version)?;
    free(cx, tx, &object, &deal)?;
    if let Some((of, records)) = &linked {
        let known: Vec<Id> = store::linked(tx, &[id])?.into_iter().map(|(_, _, record)| record).collect();
        let fresh: Vec<Id> = records.iter().filter(|record| !known.contains(record)).copied().collect();
        store::link(tx, id, of, &fresh)?;
    }
    let doing = Doing { cx, object: &object, deal: &deal, kept: &kept, task: &task };
    let mut after = kept.clone();
    after.version += 1;
    after.note = note.clone().or(after.note);
    let mut event = None;
    if !wanted.keep_open {
        saving::enough(&doing, tx)?;
        after.task.state = TaskState::Done;
        (after.done_at, after.done_by) = (Some(cx.at), Some(cx.who.id));
        event = Some((log::Event::Done, note));
    }
    settle::settle(cx, tx, (&object, &deal), &kept, &after, event)?;
    answer(cx, tx, &object, &after, wanted.dry_run)
}

/// `{task, record, offer}` after an act; a dry run then leaves no trace.
pub(super) fn answer(cx: &Ctx, tx: &mut Write, object: &Object, kept: &Kept, dry_run: bool) -> Result<Json> {
    // Whoever saw the deal for this task alone may see it no more.
    let answer = match records::load(cx, tx, object, kept.task.opportunity) {
        Ok(deal) => json!({
            "task": show::alone(cx, tx, object, &deal, kept)?, "record": show_one(cx, tx, object, &deal)?,
            "offer": offer::offer(cx, tx, &deal)?, "dry_run": dry_run,
        }),
        Err(Error::NotFound) => json!({"task": null, "record": null, "offer": null, "dry_run": dry_run}),
        Err(other) => return Err(other),
    };
    if dry_run {
        tx.abandon();
    }
    Ok(answer)
}

/// What has become of a task, for one who asks again with the same key.
pub fn again(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    let kept = store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?;
    let object = cx.object("opportunity")?.clone();
    answer(cx, tx, &object, &kept, false)
}

pub(super) fn not_allowed(act: &str) -> Error {
    Error::Forbidden { act: act.to_owned(), object: "opportunity".to_owned() }
}

/// A task is done once, while it is open, and as whoever does it has seen it.
fn stands(cx: &Ctx, tx: &mut Write, (object, deal): (&Object, &Record), kept: &Kept, version: Option<i64>) -> Result<()> {
    as_seen(cx, tx, (object, deal), kept, version)?;
    if kept.is_open() {
        Ok(())
    } else {
        Err(Violation::new("task.not_open", "").with("task", kept.task.name.as_str()).with("state", kept.task.state.key()).into())
    }
}

/// Nobody has changed it since.
pub(super) fn as_seen(cx: &Ctx, tx: &mut Write, (object, deal): (&Object, &Record), kept: &Kept, version: Option<i64>) -> Result<()> {
    match version {
        Some(version) if version != kept.version => Err(Error::Conflict { record: Box::new(show::alone(cx, tx, object, deal, kept)?) }),
        _ => Ok(()),
    }
}

/// Nothing holds the deal.
pub(super) fn free(cx: &Ctx, tx: &mut Write, object: &Object, deal: &Record) -> Result<()> {
    if deal.text("lifecycle_status") == "voided" {
        return Err(Violation::new("record.voided", "").into());
    }
    match locks::stands_against(cx, locks::holder(cx, tx, object, deal)?.as_ref()) {
        true => Err(Violation::new("record.locked", "").into()),
        false => Ok(()),
    }
}

/// A note, or a reason, without blanks around it; an empty one is none.
pub(super) fn note(text: Option<&str>) -> Result<Option<String>> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if !model::text::storable(text) {
        return Err(Violation::new("field.invalid", "note").with("expected", "text without the character U+0000").into());
    }
    if text.chars().count() > LONGEST_NOTE {
        return Err(Violation::new("field.too_long", "note").with("max", LONGEST_NOTE).into());
    }
    Ok(Some(text.to_owned()))
}

/// What is given belongs to this sort of task.
fn fits(act: &TaskAct, wanted: &Complete) -> Result<()> {
    let given = [
        ("fields", !wanted.fields.is_empty(), matches!(act, TaskAct::EditObject { .. })),
        ("create", !wanted.create.is_empty(), matches!(act, TaskAct::CreateObject { .. })),
        ("choose", !wanted.choose.is_empty(), matches!(act, TaskAct::CreateObject { .. })),
        ("rows", !wanted.rows.is_empty(), matches!(act, TaskAct::EditSubObjects { .. })),
    ];
    match given.iter().find(|(_, given, fits)| *given && !fits) {
        Some((what, ..)) => Err(Error::Malformed(format!("{what}: not what this sort of task asks for"))),
        None => Ok(()),
    }
}
