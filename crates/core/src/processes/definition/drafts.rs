//! Drafts: what an administrator works on, and nobody obeys yet. One a process; a half-finished one is kept and told what it lacks.

use db::{Read, Row, Write};
use model::process::{Process, differences};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use serde_json::{Map, Value as Json, json};

use super::judge;
use crate::audit::{self, Note};
use crate::records::Refs;
use crate::{Ctx, Error, Meta, Result, meta};

/// A draft as it is stored.
pub(super) struct Draft {
    pub process: Process,
    /// Counts its savings.
    pub version: i64,
    /// The published version that it was begun from, or that its author has seen since; 0 for a process that has none.
    pub based_on: i64,
    at: Instant,
    by: Id,
}

fn select() -> SelectStatement {
    Query::select().columns(["doc", "version", "based_on", "at", "by_id"]).from("process_draft").to_owned()
}

fn read(row: &Row) -> Result<Draft> {
    Ok(Draft {
        process: meta::doc(row)?,
        version: row.get("version")?,
        based_on: row.get("based_on")?,
        at: Instant(row.get("at")?),
        by: row.get("by_id")?,
    })
}

pub(super) fn load(tx: &mut Read, process: Id) -> Result<Option<Draft>> {
    tx.optional(select().and_where(Expr::col("process").eq(process.0)))?.as_ref().map(read).transpose()
}

/// Likewise, before it is written: nobody else writes it meanwhile.
fn held(tx: &mut Write, process: Id) -> Result<Option<Draft>> {
    tx.lock(&[format!("process_draft:{process}")])?;
    load(tx, process)
}

/// All drafts in short, by the process's id.
pub(super) fn all(_cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let mut drafts = Map::new();
    for row in tx.all(select().order_by("process", Order::Asc))? {
        let draft = read(&row)?;
        let told = json!({
            "name": draft.process.name, "version": draft.version, "based_on": draft.based_on,
            "at": draft.at.to_string(), "by": draft.by.to_string(),
        });
        drafts.insert(draft.process.id.to_string(), told);
    }
    Ok(Json::Object(drafts))
}

/// The draft of a process; administrators only.
pub fn one(cx: &Ctx, tx: &mut Read, process: Id) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    let draft = load(tx, process)?.ok_or(Error::NotFound)?;
    tell(cx, tx, &cx.meta, &draft)
}

/// Begins the draft of a new process; administrators only.
pub fn begin(cx: &Ctx, tx: &mut Write, document: &Json) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    let process = Process { id: cx.new_id(), version: 0, ..judge::read(document)? };
    keep(cx, tx, process, None, 0)
}

/// Saves the draft of a process, the first or the next; administrators only. `seen` is the draft's version that the caller worked on. The
/// document's own `version` tells which published one its author has before him: a draft that another publication has overtaken is up
/// to date again once it was saved with that one in view.
pub fn save(cx: &Ctx, tx: &mut Write, process: Id, seen: Option<i64>, document: &Json) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    let wanted = judge::read(document)?;
    let before = held(tx, process)?;
    let present = cx.meta.process(&process.to_string());
    if before.is_none() && present.is_none() {
        return Err(Error::NotFound);
    }
    not_overtaken(cx, tx, before.as_ref(), seen)?;
    let newest = present.map_or(0, |present| present.version);
    let began = before.as_ref().map(|draft| draft.based_on);
    let based_on = match began {
        Some(began) if wanted.version != newest => began,
        None if (1..newest).contains(&wanted.version) => wanted.version,
        _ => newest,
    };
    keep(cx, tx, Process { id: process, ..wanted }, before.as_ref(), based_on)
}

/// Puts a document in the draft's place, whatever was in it; the caller has seen that, if anything was.
pub(super) fn replace(cx: &Ctx, tx: &mut Write, process: Process, seen: Option<i64>) -> Result<Json> {
    let before = held(tx, process.id)?;
    if let (Some(draft), None) = (&before, seen) {
        return Err(Error::Conflict { record: Box::new(tell(cx, tx, &cx.meta, draft)?) });
    }
    not_overtaken(cx, tx, before.as_ref(), seen)?;
    let newest = cx.meta.process(&process.id.to_string()).map_or(0, |present| present.version);
    keep(cx, tx, process, before.as_ref(), newest)
}

/// Throws the draft away; administrators only.
pub fn discard(cx: &Ctx, tx: &mut Write, process: Id, seen: Option<i64>) -> Result<()> {
    cx.administrators_only("edit", "sales_process")?;
    let draft = held(tx, process)?.ok_or(Error::NotFound)?;
    not_overtaken(cx, tx, Some(&draft), seen)?;
    forget(tx, process)?;
    audit::note(cx, tx, Note::new("delete", "process_draft").of(&draft.process.object).subject(draft.process.name.as_str()))
}

/// Removes the draft's row.
pub(super) fn forget(tx: &mut Write, process: Id) -> Result<()> {
    tx.execute(Query::delete().from_table("process_draft").and_where(Expr::col("process").eq(process.0)))?;
    Ok(())
}

/// The draft that the caller has seen is the one there is; where somebody else has saved, published or thrown it away meanwhile, he is
/// shown what there is now.
pub(super) fn not_overtaken(cx: &Ctx, tx: &mut Read, draft: Option<&Draft>, seen: Option<i64>) -> Result<()> {
    match (draft, seen) {
        // 0: the caller has seen that there is none.
        (_, None) | (None, Some(0)) => Ok(()),
        (Some(draft), Some(seen)) if draft.version == seen => Ok(()),
        (Some(draft), _) => Err(Error::Conflict { record: Box::new(tell(cx, tx, &cx.meta, draft)?) }),
        (None, _) => Err(Error::Conflict { record: Box::new(Json::Null) }),
    }
}

fn keep(cx: &Ctx, tx: &mut Write, mut process: Process, before: Option<&Draft>, based_on: i64) -> Result<Json> {
    // Its place and whether it is active are not the draft's to say once it was published.
    if let Some(present) = cx.meta.process(&process.id.to_string()) {
        (process.active, process.precedence) = (present.active, present.precedence);
    }
    process.version = based_on;
    let draft = Draft { version: before.map_or(1, |draft| draft.version + 1), based_on, at: cx.at, by: cx.who.id, process };
    tx.execute(
        Query::insert()
            .into_table("process_draft")
            .columns(["process", "based_on", "version", "doc", "at", "by_id"])
            .values_panic([
                draft.process.id.0.into(),
                draft.based_on.into(),
                draft.version.into(),
                meta::text(&draft.process)?.into(),
                draft.at.0.into(),
                draft.by.0.into(),
            ])
            .on_conflict(OnConflict::column("process").update_columns(["based_on", "version", "doc", "at", "by_id"]).to_owned()),
    )?;
    if before.is_none() {
        // Further savings of a draft change nothing that anybody obeys; what came of it is told when it is published.
        let note = Note::new("create", "process_draft").of(&draft.process.object);
        audit::note(cx, tx, note.subject(draft.process.name.as_str()))?;
    }
    tell(cx, tx, &cx.meta, &draft)
}

fn tell(cx: &Ctx, tx: &mut Read, meta: &Meta, draft: &Draft) -> Result<Json> {
    let checked = judge::judge(cx, tx, meta, &draft.process)?;
    let present = meta.process(&draft.process.id.to_string());
    let mut refs = Refs::default();
    refs.note("employee", draft.by);
    Ok(json!({
        "process": draft.process, "version": draft.version, "based_on": draft.based_on,
        "at": draft.at.to_string(), "by": draft.by.to_string(),
        "problems": checked.refusals, "warnings": checked.warnings,
        "differences": present.map(|present| differences(present, &draft.process)).unwrap_or_default(),
        "outdated": present.is_some_and(|present| present.version != draft.based_on),
        "refs": refs.names(cx, tx)?,
    }))
}
