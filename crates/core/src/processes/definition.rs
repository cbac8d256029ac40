//! Definitions of sales processes: documents that an administrator writes whole.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use db::{Read, Write};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::process::{Around, Process, check};
use model::{Condition, Id, Instant, Object, Value, Violation, Violations};
use sea_query::{OnConflict, Query};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta, veil};

/// All processes in their order.
pub fn list(cx: &Ctx) -> Json {
    json!({ "items": cx.meta.processes.iter().map(|process| show(cx, process)).collect::<Vec<_>>() })
}

/// A process without what looks at fields that the caller may not know of; administrators, who write it whole, are given it whole.
fn show(cx: &Ctx, process: &Process) -> Json {
    if cx.is_administrator() {
        return json!(process);
    }
    let mut known = process.clone();
    let keep = |condition: &mut Option<Condition>| {
        condition.take_if(|condition| veil::hides_condition(cx, &process.object, condition));
    };
    keep(&mut known.entry_condition);
    for stage in &mut known.stages {
        keep(&mut stage.completion_condition);
        keep(&mut stage.entry_condition);
        stage.required_fields.retain(|field| !veil::hides(cx, &process.object, field));
    }
    json!(known)
}

/// One process.
pub fn one(cx: &Ctx, id: &str) -> Result<Json> {
    cx.meta.process(id).map(|process| show(cx, process)).ok_or(Error::NotFound)
}

/// Saves a process: a new one without `id`. Refusals and warnings as spec/02; a dry run tells them and changes nothing.
/// The version saved is published at once; the one before stays in the list of versions. `seen` is the version that the
/// caller worked on: where another was published meanwhile, he is shown it and nothing is overwritten.
pub fn save_process(cx: &Ctx, tx: &mut Write, id: Option<&str>, seen: Option<i64>, document: &Json, dry_run: bool) -> Result<Json> {
    cx.only_asks(dry_run);
    cx.administrators_only("edit", "sales_process")?;
    if !document.is_object() {
        return Err(Error::Malformed("a process is an object".into()));
    }
    let mut process: Process = serde_json::from_value(document.clone()).map_err(|e| Error::Malformed(e.to_string()))?;
    process.name = process.name.trim().to_owned();
    match id {
        Some(id) => {
            let before = cx.meta.process(id).ok_or(Error::NotFound)?;
            if seen.is_some_and(|version| version != before.version) {
                return Err(Error::Conflict { record: Box::new(json!(before)) });
            }
            process.id = before.id;
            process.version = before.version + 1;
        }
        None => {
            process.id = cx.new_id();
            process.version = 1;
        }
    }
    // From here on nobody else writes: a deal that enters a stage meanwhile waits, or is counted.
    tx.publish_meta()?;
    let object = cx.object("opportunity")?.clone();
    let occupied = occupied(cx, tx, &object, &process.id.to_string())?;
    let reading = cx.system_reading();
    let around = Around { options: object.options("stage"), occupied: &occupied, reading: &reading };
    let mut checked = check(&process, &around);
    if cx.meta.processes.iter().any(|other| other.id != process.id && other.name == process.name) {
        checked.refusals.push(Violation::new("field.not_unique", "name").with("value", process.name.as_str()));
    }
    checked.refusals.extend(worded(&process));
    checked.refusals.extend(unknown_who(cx, tx, &process)?);
    if !checked.refusals.is_empty() {
        return Err(Error::Invalid(checked.refusals));
    }
    put(tx, &process, cx.at, cx.who.id)?;
    let before = cx.meta.processes.iter().find(|known| known.id == process.id);
    let note = Note::new(if before.is_some() { "edit" } else { "create" }, "process").of(&object.key).subject(process.name.as_str());
    audit::note(cx, tx, note.changed(&before, &process))?;
    if dry_run {
        tx.abandon();
    }
    Ok(json!({"process": process, "warnings": checked.warnings}))
}

/// Words too long, or such as no database can store.
fn worded(process: &Process) -> Violations {
    let mut found = Violations::new();
    for (path, text, max) in [("name", &process.name, 200), ("description", &process.description, 10_000)] {
        if !model::text::storable(text) {
            found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
        } else if text.chars().count() > max {
            found.push(Violation::new("field.too_long", path).with("max", max));
        }
    }
    found
}

/// Departments, people and roles that are not there: a process for nobody would be saved without a word.
fn unknown_who(cx: &Ctx, tx: &mut Read, process: &Process) -> Result<Violations> {
    let mut found = Violations::new();
    let departments: Vec<Id> = process.who.departments.iter().map(|scope| scope.id).collect();
    for (object, path, ids) in [("department", "who/departments", &departments), ("employee", "who/people", &process.who.people)] {
        let object = cx.meta.schema.object(object).ok_or(Error::NotFound)?;
        let there: BTreeSet<Id> =
            db::records::names(tx, &cx.meta.schema, object, &cx.scope(), ids)?.into_iter().map(|(id, _)| id).collect();
        for (at, id) in ids.iter().enumerate().filter(|(_, id)| !there.contains(id)) {
            found.push(Violation::new("field.reference_not_found", format!("{path}/{at}")).with("id", id.to_string()));
        }
    }
    for (at, role) in process.who.roles.iter().enumerate().filter(|(_, role)| cx.meta.role(role).is_none()) {
        found.push(Violation::new("field.reference_not_found", format!("who/roles/{at}")).with("id", role.as_str()));
    }
    Ok(found)
}

/// Stages in which open deals of the process stand, with their number.
fn occupied(cx: &Ctx, tx: &mut Read, object: &Object, process: &str) -> Result<BTreeMap<String, u64>> {
    let equals = |field: &str, key: &str| {
        Resolved::Test(Test {
            hops: Vec::new(),
            field: field.into(),
            kind: Kind::Key,
            folded: false,
            check: Check::Equal(Value::Text(key.into())),
        })
    };
    let open = Resolved::All(vec![equals("sales_process", process), equals("stage_type", "in_progress")]);
    let totals = db::records::totals(
        tx,
        &cx.meta.schema,
        object,
        &Scope::All("occupied stages"),
        Some(&open),
        None,
        "stage",
        "amount",
        &["amount"],
        None,
    )?;
    let mut stages = BTreeMap::new();
    for total in totals {
        *stages.entry(total.group.as_text().unwrap_or_default().to_owned()).or_default() += total.count.unsigned_abs();
    }
    Ok(stages)
}

/// Stores a process and its version.
pub(crate) fn put(tx: &mut Write, process: &Process, at: Instant, by: Id) -> Result<()> {
    let doc = meta::text(process)?;
    tx.execute(
        Query::insert()
            .into_table("process")
            .columns(["id", "doc", "active", "precedence", "version"])
            .values_panic([
                process.id.0.into(),
                doc.as_str().into(),
                i64::from(process.active).into(),
                process.precedence.into(),
                process.version.into(),
            ])
            .on_conflict(OnConflict::column("id").update_columns(["doc", "active", "precedence", "version"]).to_owned()),
    )?;
    tx.execute(Query::insert().into_table("process_version").columns(["process", "version", "doc", "at", "by_id"]).values_panic([
        process.id.0.into(),
        process.version.into(),
        doc.into(),
        at.0.into(),
        by.0.into(),
    ]))?;
    Ok(())
}
