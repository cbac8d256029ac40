//! Publishing a draft: from then on it is the version that deals obey.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::process::Process;
use model::{Id, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::following::{AT_ONCE, Why};
use super::running::{Outcome, Running, Standing};
use super::versions::Published;
use super::{drafts, following, judge, running, versions};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Meta, Result, meta};

/// `POST /processes/{id}/publish`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
    /// What becomes of the deals that are under way.
    #[serde(default)]
    pub running: Running,
    /// Where those go whose stage is given up, by the key of that stage: to an In Progress stage of the new version.
    #[serde(default)]
    pub mapping: BTreeMap<String, String>,
    /// What the publisher says of it.
    #[serde(default)]
    pub note: Option<String>,
    /// It is only judged.
    #[serde(default)]
    pub dry_run: bool,
}

/// Publishes the draft of a process; administrators only. `seen` is the draft's version that the caller worked on. Nothing is published
/// over a version that the draft's author has not seen.
pub fn publish(cx: &Ctx, tx: &mut Write, id: Id, seen: Option<i64>, wanted: &Publish) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    cx.administrators_only("edit", "sales_process")?;
    // From here on nobody else writes: a deal that enters a stage meanwhile waits, or is counted.
    let (_, meta) = meta::publish(cx, tx)?;
    let before = meta.process(&id.to_string());
    let draft = match (drafts::load(tx, id)?, before) {
        (Some(draft), _) => draft,
        (None, Some(before)) if seen.is_some() => return Err(Error::Conflict { record: Box::new(json!(before)) }),
        (None, _) => return Err(Error::NotFound),
    };
    drafts::not_overtaken(cx, tx, Some(&draft), seen)?;
    if let Some(before) = before.filter(|before| before.version != draft.based_on) {
        return Err(Error::Conflict { record: Box::new(json!(before)) });
    }
    let mut process = draft.process;
    process.version = before.map_or(1, |before| before.version + 1);
    if let Some(before) = before {
        (process.active, process.precedence) = (before.active, before.precedence);
    }
    let mut checked = judge::judge(cx, tx, &meta, &process)?;
    let note = worded(wanted.note.as_deref(), &mut checked.refusals);
    let release = Release { before, process: &process, running: wanted.running, mapping: &wanted.mapping, note: note.as_deref() };
    let (standing, mut outcome) = release.plan(tx, &meta, &mut checked.refusals)?;
    if !checked.refusals.is_empty() {
        return Err(Error::Invalid(checked.refusals));
    }
    let answer = |outcome: &Outcome| json!({"process": process, "warnings": checked.warnings, "running": outcome});
    if wanted.dry_run {
        tx.abandon();
        return Ok(answer(&outcome));
    }
    release.put(cx, tx, &standing, &mut outcome)?;
    drafts::forget(tx, id)?;
    let told = Note::new("publish", "process").of(&process.object).subject(process.name.as_str());
    let mut told = told.changed(&before, &process).also("running", wanted.running.key()).also("deals", json!(outcome));
    if let Some(note) = &note {
        told = told.also("note", note.as_str());
    }
    audit::note(cx, tx, told)?;
    Ok(answer(&outcome))
}

/// What was published, for a request that comes again.
pub fn published(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let process = cx.meta.process(&id.to_string()).ok_or(Error::NotFound)?;
    Ok(json!({"process": process, "warnings": [], "running": versions::outcome(tx, id, process.version)?}))
}

fn worded(note: Option<&str>, found: &mut Violations) -> Option<String> {
    let note = note.map(str::trim).filter(|note| !note.is_empty())?;
    if !model::text::storable(note) {
        found.push(Violation::new("field.invalid", "note").with("expected", "text without the character U+0000"));
    } else if note.chars().count() > 2000 {
        found.push(Violation::new("field.too_long", "note").with("max", 2000));
    }
    Some(note.to_owned())
}

/// A version that is about to come into force.
pub(super) struct Release<'a> {
    pub before: Option<&'a Process>,
    pub process: &'a Process,
    pub running: Running,
    pub mapping: &'a BTreeMap<String, String>,
    pub note: Option<&'a str>,
}

impl Release<'_> {
    /// What becomes of running deals, and where they stand now.
    ///
    /// Errors: see [`running::plan`]; `process.still_following` while deals are still being taken along by the version before.
    pub fn plan(&self, tx: &mut Read, meta: &Meta, refusals: &mut Violations) -> Result<(Vec<Standing>, Outcome)> {
        let Some(before) = self.before else { return Ok((Vec::new(), Outcome::default())) };
        if following::goes_on(tx, before.id)? {
            refusals.push(Violation::new("process.still_following", "").with("version", before.version));
            return Ok((Vec::new(), Outcome::default()));
        }
        let standing = running::standing(tx, meta, before)?;
        let outcome = running::plan(meta, &standing, self.process, self.running, self.mapping, refusals);
        Ok((standing, outcome))
    }

    /// Publishes it, and takes running deals along or has a job do it.
    pub fn put(&self, cx: &Ctx, tx: &mut Write, standing: &[Standing], outcome: &mut Outcome) -> Result<()> {
        super::put(tx, self.process, cx.at, cx.who.id)?;
        let moved = outcome.many_moved();
        if moved > AT_ONCE {
            outcome.job = Some(following::enqueue(cx, tx, self.process, moved)?);
        }
        let published = Published { mapping: self.mapping.clone(), outcome: outcome.clone() };
        versions::tell_of(tx, self.process, self.running, self.note, &published)?;
        // Until they are taken along, what they obey is kept.
        let obeyed = |by_job| running::still_obeyed(standing, self.process, self.running, by_job);
        versions::keep_in_force(tx, self.process, &obeyed(moved > 0))?;
        if moved > 0 && outcome.job.is_none() {
            let inner = following::under(cx, tx)?;
            let why = Why { mapping: self.mapping.clone(), note: self.note.map(str::to_owned) };
            if let (_, Some(error)) = following::take_along(&inner, tx, self.process, &why, AT_ONCE as u32)? {
                return Err(error);
            }
            versions::keep_in_force(tx, self.process, &obeyed(false))?;
        }
        Ok(())
    }
}
