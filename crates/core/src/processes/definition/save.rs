//! A whole process, published at once.

use std::collections::BTreeMap;

use db::Write;
use serde_json::{Value as Json, json};

use super::judge;
use super::publish::Release;
use super::running::Running;
use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta};

/// Saves a process: a new one without `id`. Refusals and warnings as spec/02; a dry run tells them and changes nothing.
/// The version saved is published at once, and running deals follow it; the one before stays in the list of versions. `seen` is the
/// version that the caller worked on: where another was published meanwhile, he is shown it and nothing is overwritten.
pub fn save_process(cx: &Ctx, tx: &mut Write, id: Option<&str>, seen: Option<i64>, document: &Json, dry_run: bool) -> Result<Json> {
    cx.only_asks(dry_run);
    cx.administrators_only("edit", "sales_process")?;
    let mut process = judge::read(document)?;
    // From here on nobody else writes: a deal that enters a stage meanwhile waits, or is counted.
    let (_, meta) = meta::publish(cx, tx)?;
    let before = id.map(|id| meta.process(id).ok_or(Error::NotFound)).transpose()?;
    if let Some(before) = before
        && seen.is_some_and(|version| version != before.version)
    {
        return Err(Error::Conflict { record: Box::new(json!(before)) });
    }
    (process.id, process.version) = before.map_or_else(|| (cx.new_id(), 1), |before| (before.id, before.version + 1));
    let mut checked = judge::judge(cx, tx, &meta, &process)?;
    let release = Release { before, process: &process, running: Running::Follow, mapping: &BTreeMap::new(), note: None };
    let (standing, mut outcome) = release.plan(tx, &meta, &mut checked.refusals)?;
    if !checked.refusals.is_empty() {
        return Err(Error::Invalid(checked.refusals));
    }
    release.put(cx, tx, &standing, &mut outcome)?;
    let note = Note::new(if before.is_some() { "edit" } else { "create" }, "process").of(&process.object).subject(process.name.as_str());
    audit::note(cx, tx, note.changed(&before, &process))?;
    if dry_run {
        tx.abandon();
    }
    Ok(json!({"process": process, "warnings": checked.warnings}))
}
