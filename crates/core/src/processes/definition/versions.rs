//! Versions of a process: who published what when, what differs, and the way back.

use db::{Read, Row, Write};
use model::process::{Process, differences};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::drafts;
use crate::records::Refs;
use crate::{Ctx, Error, Result, meta};

/// What the publisher of a version said with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Publication {
    pub note: Option<String>,
}

/// A published version.
struct Version {
    process: Process,
    version: i64,
    at: Instant,
    by: Id,
    note: Option<String>,
}

/// `POST /processes/{id}/revert`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revert {
    pub version: i64,
}

fn select(process: Id) -> SelectStatement {
    Query::select()
        .columns(["doc", "version", "at", "by_id", "note"])
        .from("process_version")
        .and_where(Expr::col("process").eq(process.0))
        .to_owned()
}

fn read(row: &Row) -> Result<Version> {
    Ok(Version {
        process: meta::doc(row)?,
        version: row.get("version")?,
        at: Instant(row.get("at")?),
        by: row.get("by_id")?,
        note: row.get("note")?,
    })
}

pub(super) fn put(tx: &mut Write, process: &Process, at: Instant, by: Id, publication: &Publication) -> Result<()> {
    tx.execute(Query::insert().into_table("process_version").columns(["process", "version", "doc", "at", "by_id", "note"]).values_panic(
        [
            process.id.0.into(),
            process.version.into(),
            meta::text(process)?.into(),
            at.0.into(),
            by.0.into(),
            publication.note.clone().into(),
        ],
    ))?;
    Ok(())
}

/// The versions of a process, the newest first; administrators only.
pub fn list(cx: &Ctx, tx: &mut Read, process: Id) -> Result<Json> {
    cx.administrators_only("read", "sales_process")?;
    let present = cx.meta.process(&process.to_string()).ok_or(Error::NotFound)?.version;
    let versions = tx.all(select(process).order_by("version", Order::Desc))?.iter().map(read).collect::<Result<Vec<Version>>>()?;
    let mut refs = Refs::default();
    let items: Vec<Json> = versions
        .iter()
        .enumerate()
        .map(|(at, version)| {
            refs.note("employee", version.by);
            let changes = versions.get(at + 1).map_or(0, |before| differences(&before.process, &version.process).len());
            tell(version, changes, present)
        })
        .collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": null}))
}

/// One version with its document and what differs from the one before; administrators only.
pub fn one(cx: &Ctx, tx: &mut Read, process: Id, number: i64) -> Result<Json> {
    cx.administrators_only("read", "sales_process")?;
    let present = cx.meta.process(&process.to_string()).ok_or(Error::NotFound)?.version;
    let version = load(tx, process, number)?.ok_or(Error::NotFound)?;
    let before = load(tx, process, number - 1)?;
    let found = before.map(|before| differences(&before.process, &version.process)).unwrap_or_default();
    let mut refs = Refs::default();
    refs.note("employee", version.by);
    let mut told = tell(&version, found.len(), present);
    told["process"] = json!(version.process);
    told["differences"] = json!(found);
    told["refs"] = json!(refs.names(cx, tx)?);
    Ok(told)
}

/// Makes a draft of an earlier version; administrators only. `seen` is the version of the draft that it replaces, if there is one.
pub fn revert(cx: &Ctx, tx: &mut Write, process: Id, seen: Option<i64>, wanted: Revert) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    cx.meta.process(&process.to_string()).ok_or(Error::NotFound)?;
    let version = load(tx, process, wanted.version)?.ok_or(Error::NotFound)?;
    drafts::replace(cx, tx, Process { id: process, ..version.process }, seen)
}

fn load(tx: &mut Read, process: Id, number: i64) -> Result<Option<Version>> {
    tx.optional(select(process).and_where(Expr::col("version").eq(number)))?.as_ref().map(read).transpose()
}

fn tell(version: &Version, changes: usize, present: i64) -> Json {
    json!({
        "version": version.version, "at": version.at.to_string(), "by": version.by.to_string(), "note": version.note,
        "changes": changes, "current": version.version == present,
    })
}
