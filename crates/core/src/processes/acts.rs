//! What people do with a deal's stage: move it, reopen it, bring it into another process.

use db::Write;
use model::process::CreateOnEntry;
use model::{Id, Object, Record};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::creating::{Created, Creating, Wanted};
use crate::audit::{self, Note};
use crate::records::{self, answer, read_fields};
use crate::save::{Change, Deed, Saved, Under, save, tried};
use crate::{Ctx, Error, Result};

/// `POST /records/opportunity/{id}/move`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveStage {
    pub stage: String,
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// Records that entering the stage asks for.
    #[serde(default)]
    pub create: Vec<NewRecord>,
    #[serde(default)]
    pub reason: Option<String>,
    /// What stands against it is passed by, where one may.
    #[serde(default)]
    pub bypass: bool,
    /// The stage's approval is left out, where one may.
    #[serde(default)]
    pub skip_approval: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/opportunity/{id}/reopen`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub create: Vec<NewRecord>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub bypass: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// `POST /records/opportunity/{id}/change-process`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeProcess {
    pub process: String,
    /// The first of the process where it is not said.
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub create: Vec<NewRecord>,
    #[serde(default)]
    pub reason: Option<String>,
    #[serde(default)]
    pub bypass: bool,
    #[serde(default)]
    pub dry_run: bool,
}

/// A record that comes to be along with a move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    pub object: String,
    #[serde(default)]
    pub fields: Map<String, Json>,
}

/// Moves a deal to another stage, with the fields and records that the move asks for.
pub fn move_stage(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &MoveStage) -> Result<Json> {
    let along = Along {
        fields: &wanted.fields,
        create: &wanted.create,
        reason: wanted.reason.as_deref(),
        bypass: wanted.bypass,
        skip_approval: false,
    };
    let along = Along { skip_approval: wanted.skip_approval, ..along };
    act(cx, tx, id, version, Deed::Move { stage: wanted.stage.clone() }, along, wanted.dry_run)
}

/// Takes a closed deal up again.
pub fn reopen(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &Reopen) -> Result<Json> {
    let along = Along {
        fields: &wanted.fields,
        create: &wanted.create,
        reason: wanted.reason.as_deref(),
        bypass: wanted.bypass,
        skip_approval: false,
    };
    act(cx, tx, id, version, Deed::Reopen { stage: wanted.stage.clone() }, along, wanted.dry_run)
}

/// Brings a deal into a stage of another process.
pub fn change_process(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, wanted: &ChangeProcess) -> Result<Json> {
    let along = Along {
        fields: &wanted.fields,
        create: &wanted.create,
        reason: wanted.reason.as_deref(),
        bypass: wanted.bypass,
        skip_approval: false,
    };
    // Whether the deal is there for the caller comes before what is wrong with what he asks.
    records::load(cx, tx, &cx.object("opportunity")?.clone(), id)?;
    let process = cx.meta.process(&wanted.process).map(|process| process.id);
    let process = process.ok_or_else(|| Error::invalid("field.reference_not_found", "process"))?;
    act(cx, tx, id, version, Deed::ChangeProcess { process, stage: wanted.stage.clone() }, along, wanted.dry_run)
}

/// What comes along with a move.
#[derive(Clone, Copy)]
struct Along<'a> {
    fields: &'a Map<String, Json>,
    create: &'a [NewRecord],
    reason: Option<&'a str>,
    bypass: bool,
    skip_approval: bool,
}

fn act(cx: &Ctx, tx: &mut Write, id: Id, version: Option<i64>, deed: Deed, along: Along<'_>, dry_run: bool) -> Result<Json> {
    cx.only_asks(dry_run);
    let object = cx.object("opportunity")?.clone();
    let mut change = Change::of(&object.key, id, deed).skipping(along.skip_approval);
    change.patch = match read_fields(cx, &object, along.fields) {
        Ok(patch) => patch,
        // Whether the deal is there for the caller comes before what is wrong with his values.
        Err(error) => return Err(records::load(cx, tx, &object, id).map_or_else(|missing| missing, |_| error)),
    };
    if change.patch.remove("stage").is_some() {
        return Err(Error::Malformed("the stage stands beside the fields, not among them".into()));
    }
    change.if_version = version;
    change.reason = along.reason.map(str::to_owned);
    change.bypass = along.bypass;
    change.creating = along.create.iter().map(|record| record.object.clone()).collect();
    // The deal goes first: whoever comes second waits at it, and finds out before anything else is made.
    let (saved, created) = if along.create.is_empty() {
        (save(cx, tx, change)?, Vec::new())
    } else {
        change.along = along.create.to_vec();
        let before = records::load(cx, tx, &object, id)?;
        with_records(cx, tx, &before, change)?
    };
    note_bypass(cx, tx, &saved, along.reason)?;
    let mut answer = answer(cx, tx, &object, &saved, dry_run)?;
    // Told where there are some: a repetition of the request, which reads the deal again, knows of neither.
    if !saved.bypassed.is_empty() {
        answer["bypassed"] = json!(saved.bypassed);
    }
    if !created.is_empty() {
        answer["created"] = created.iter().map(|one| json!({"object": one.object, "id": one.id.to_string()})).collect();
    }
    Ok(answer)
}

/// Records that the stage asks for which the deed enters.
fn asked(cx: &Ctx, deal: &Record, deed: &Deed) -> Vec<CreateOnEntry> {
    let Deed::Move { stage } = deed else { return Vec::new() };
    let process = cx.meta.process_of(deal);
    process.and_then(|process| process.stage(stage).map(|rules| rules.creates.clone())).unwrap_or_default()
}

/// Saves the deal and the records together. All that stands against any of them is told at once; then nothing is stored. A move that waits
/// for an approval has them wait with it.
pub(crate) fn with_records(cx: &Ctx, tx: &mut Write, deal: &Record, change: Change) -> Result<(Saved, Vec<Created>)> {
    let asked = asked(cx, deal, &change.deed);
    let (wanted, under) = (change.along.clone(), change.under);
    let mut creating = Creating::new(cx, under);
    let saved = creating.deal(save(cx, tx, change))?;
    let after = saved.as_ref().map_or(deal, |saved| &saved.record).clone();
    let created = match saved.as_ref().and_then(|saved| saved.approval) {
        Some(approval) => {
            let creating = Creating::new(cx, Some(Under::Executes(approval)));
            tried(tx, |tx| bring(tx, creating, &after, &asked, &wanted))??;
            Vec::new()
        }
        None => bring(tx, creating, &after, &asked, &wanted)?,
    };
    Ok((saved.ok_or_else(|| Error::Internal("a move that was neither made nor refused".into()))?, created))
}

fn bring(tx: &mut Write, mut creating: Creating<'_>, deal: &Record, asked: &[CreateOnEntry], wanted: &[NewRecord]) -> Result<Vec<Created>> {
    let mut open = asked.to_vec();
    for (at, record) in wanted.iter().enumerate() {
        let place = format!("create/{at}");
        match open.iter().position(|one| one.object == record.object) {
            Some(i) => {
                let one = open.remove(i);
                let (object, link, fill) = (&one.object, &one.link, &one.fill);
                creating.create(tx, deal, &Wanted { object, link, fill, fields: &record.fields, place: &place })?;
            }
            None => creating.not_asked(&record.object, &place),
        }
    }
    creating.finish()
}

/// Passing gates by is the act of somebody who may, and is told in the trace.
fn note_bypass(cx: &Ctx, tx: &mut Write, saved: &Saved, reason: Option<&str>) -> Result<()> {
    if saved.bypassed.is_empty() {
        return Ok(());
    }
    let record = &saved.record;
    let note = Note::new("bypass_gates", "record").record(&record.object, record.id).subject(record.text("name"));
    audit::note(cx, tx, note.detail(json!({"stage": record.text("stage"), "codes": saved.bypassed, "reason": reason})))
}

/// The object that goes through processes, and a deal of it that the caller sees.
pub(super) fn deal(cx: &Ctx, tx: &mut db::Read, id: Id) -> Result<(Object, Record)> {
    let object = cx.object("opportunity")?.clone();
    let record = records::load(cx, tx, &object, id)?;
    if crate::veil::hides(cx, &object.key, "stage") {
        return Err(Error::NotFound);
    }
    Ok((object, record))
}
