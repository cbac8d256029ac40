//! Versions of a process: who published what when, what became of running deals, what differs, and the way back.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Row, Write};
use model::process::{Process, differences};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UpdateStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::drafts;
use super::following::Why;
use super::running::{self, Outcome, Running};
use crate::records::Refs;
use crate::{Ctx, Error, Result, meta};

/// What became of running deals, as it is kept with the version.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Published {
    /// Where they go whose stage is gone.
    pub mapping: BTreeMap<String, String>,
    pub outcome: Outcome,
}

/// A published version.
struct Version {
    process: Process,
    version: i64,
    at: Instant,
    by: Id,
    note: Option<String>,
    running: Option<String>,
    published: Published,
}

/// `POST /processes/{id}/revert`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revert {
    pub version: i64,
}

fn select(process: Id) -> SelectStatement {
    Query::select()
        .columns(["doc", "version", "at", "by_id", "note", "running", "mapping"])
        .from("process_version")
        .and_where(Expr::col("process").eq(process.0))
        .to_owned()
}

fn read(row: &Row) -> Result<Version> {
    let published = match row.get::<Option<String>>("mapping")? {
        Some(text) => serde_json::from_str(&text).map_err(|e| Error::Internal(e.to_string()))?,
        None => Published::default(),
    };
    Ok(Version {
        process: meta::doc(row)?,
        version: row.get("version")?,
        at: Instant(row.get("at")?),
        by: row.get("by_id")?,
        note: row.get("note")?,
        running: row.get("running")?,
        published,
    })
}

fn load(tx: &mut Read, process: Id, number: i64) -> Result<Option<Version>> {
    tx.optional(select(process).and_where(Expr::col("version").eq(number)))?.as_ref().map(read).transpose()
}

pub(super) fn put(tx: &mut Write, process: &Process, at: Instant, by: Id) -> Result<()> {
    tx.execute(Query::insert().into_table("process_version").columns(["process", "version", "doc", "at", "by_id"]).values_panic([
        process.id.0.into(),
        process.version.into(),
        meta::text(process)?.into(),
        at.0.into(),
        by.0.into(),
    ]))?;
    Ok(())
}

/// Notes with a version what its publisher said, and what became of running deals.
pub(super) fn tell_of(tx: &mut Write, process: &Process, running: Running, note: Option<&str>, published: &Published) -> Result<()> {
    let mut update = all_of(process.id);
    update.value("running", running.key()).value("note", note).value("mapping", meta::text(published)?);
    tx.execute(update.and_where(Expr::col("version").eq(process.version)).to_owned())?;
    Ok(())
}

/// Notes which versions are obeyed besides the newest.
pub(super) fn keep_in_force(tx: &mut Write, newest: &Process, obeyed: &BTreeSet<i64>) -> Result<()> {
    tx.execute(all_of(newest.id).value("in_force", None::<i64>).and_where(Expr::col("in_force").eq(1_i64)).to_owned())?;
    let earlier: Vec<i64> = obeyed.iter().copied().filter(|version| *version < newest.version).collect();
    if !earlier.is_empty() {
        tx.execute(all_of(newest.id).value("in_force", 1_i64).and_where(Expr::col("version").is_in(earlier)).to_owned())?;
    }
    Ok(())
}

fn all_of(process: Id) -> UpdateStatement {
    Query::update().table("process_version").and_where(Expr::col("process").eq(process.0)).to_owned()
}

/// Where the deals go that follow a version, and what is said of it.
pub(super) fn why(tx: &mut Read, process: Id, number: i64) -> Result<Why> {
    let version = load(tx, process, number)?.ok_or(Error::NotFound)?;
    Ok(Why { mapping: version.published.mapping, note: version.note })
}

/// What became of running deals when this version was published.
pub(super) fn outcome(tx: &mut Read, process: Id, number: i64) -> Result<Outcome> {
    Ok(load(tx, process, number)?.ok_or(Error::NotFound)?.published.outcome)
}

/// The versions of a process, the newest first; administrators only.
pub fn list(cx: &Ctx, tx: &mut Read, process: Id) -> Result<Json> {
    cx.administrators_only("read", "sales_process")?;
    let present = cx.meta.process(&process.to_string()).ok_or(Error::NotFound)?;
    let open = obeying(cx, tx, present)?;
    let versions = tx.all(select(process).order_by("version", Order::Desc))?.iter().map(read).collect::<Result<Vec<Version>>>()?;
    let mut refs = Refs::default();
    let items: Vec<Json> = versions
        .iter()
        .enumerate()
        .map(|(at, version)| {
            refs.note("employee", version.by);
            let changes = versions.get(at + 1).map_or(0, |before| differences(&before.process, &version.process).len());
            tell(version, changes, present, &open)
        })
        .collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": null}))
}

/// One version with its document and what differs from the one before; administrators only.
pub fn one(cx: &Ctx, tx: &mut Read, process: Id, number: i64) -> Result<Json> {
    cx.administrators_only("read", "sales_process")?;
    let present = cx.meta.process(&process.to_string()).ok_or(Error::NotFound)?;
    let version = load(tx, process, number)?.ok_or(Error::NotFound)?;
    let before = load(tx, process, number - 1)?;
    let found = before.map(|before| differences(&before.process, &version.process)).unwrap_or_default();
    let mut refs = Refs::default();
    refs.note("employee", version.by);
    let mut told = tell(&version, found.len(), present, &obeying(cx, tx, present)?);
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

/// How many open deals obey each version.
fn obeying(cx: &Ctx, tx: &mut Read, present: &Process) -> Result<BTreeMap<i64, i64>> {
    let mut open = BTreeMap::new();
    for alike in running::standing(tx, &cx.meta, present)? {
        *open.entry(alike.obeys).or_default() += alike.count;
    }
    Ok(open)
}

fn tell(version: &Version, changes: usize, present: &Process, open: &BTreeMap<i64, i64>) -> Json {
    json!({
        "version": version.version, "at": version.at.to_string(), "by": version.by.to_string(), "note": version.note,
        "running": version.running, "mapping": version.published.mapping, "moved": version.published.outcome.moved,
        "changes": changes, "current": version.version == present.version, "open": open.get(&version.version).copied().unwrap_or_default(),
    })
}
