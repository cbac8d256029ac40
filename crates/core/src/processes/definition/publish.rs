//! Publishing a draft: from then on it is the version that deals obey.

use db::records::Scope;
use db::{Read, Write};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::process::Process;
use model::{Id, Value, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::versions::Publication;
use super::{drafts, judge};
use crate::audit::{self, Note};
use crate::{Ctx, Error, Meta, Result, meta};

/// `POST /processes/{id}/publish`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publish {
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
    checked.refusals.extend(occupied(cx, tx, &meta, &process)?);
    let note = worded(wanted.note.as_deref(), &mut checked.refusals);
    if !checked.refusals.is_empty() {
        return Err(Error::Invalid(checked.refusals));
    }
    super::put_as(tx, &process, cx.at, cx.who.id, &Publication { note: note.clone() })?;
    drafts::forget(tx, id)?;
    let mut told = Note::new("publish", "process").of(&process.object).subject(process.name.as_str()).changed(&before, &process);
    if let Some(note) = &note {
        told = told.also("note", note.as_str());
    }
    audit::note(cx, tx, told)?;
    if wanted.dry_run {
        tx.abandon();
    }
    Ok(json!({"process": process, "warnings": checked.warnings}))
}

/// What was published, for a request that comes again.
pub fn published(cx: &Ctx, id: &str) -> Result<Json> {
    Ok(json!({"process": super::one(cx, id)?, "warnings": []}))
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

/// Stages in which open deals of the process stand and which it does not have any more.
pub(super) fn occupied(_cx: &Ctx, tx: &mut Read, meta: &Meta, process: &Process) -> Result<Violations> {
    let object = meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let equals = |field: &str, key: &str| {
        Resolved::Test(Test {
            hops: Vec::new(),
            field: field.into(),
            kind: Kind::Key,
            folded: false,
            check: Check::Equal(Value::Text(key.into())),
        })
    };
    let open = Resolved::All(vec![equals("sales_process", &process.id.to_string()), equals("stage_type", "in_progress")]);
    let everywhere = Scope::All("occupied stages");
    let totals = db::records::totals(tx, &meta.schema, object, &everywhere, Some(&open), None, "stage", "amount", &["amount"], None)?;
    let mut stages = std::collections::BTreeMap::new();
    for total in totals {
        *stages.entry(total.group.as_text().unwrap_or_default().to_owned()).or_insert(0_u64) += total.count.unsigned_abs();
    }
    stages.retain(|stage, count| process.position(stage).is_none() && *count > 0);
    let refusal = |(stage, count)| Violation::new("process.stage_occupied", "stages").with("stage", stage).with("count", count);
    Ok(stages.into_iter().map(refusal).collect())
}
