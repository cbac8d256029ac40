//! Definitions of sales processes: documents that an administrator writes whole.

use std::collections::BTreeMap;

use db::records::Scope;
use db::{Read, Write};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::process::{Around, Process, check};
use model::{Id, Instant, Object, Value};
use sea_query::{OnConflict, Query};
use serde_json::{Value as Json, json};

use crate::{Ctx, Error, Result, meta};

/// All processes in their order.
pub fn list(cx: &Ctx) -> Json {
    json!({ "items": cx.meta.processes })
}

/// One process.
pub fn one(cx: &Ctx, id: &str) -> Result<Json> {
    cx.meta.process(id).map(|process| json!(process)).ok_or(Error::NotFound)
}

/// Saves a process: a new one without `id`. Refusals and warnings as spec/02; a dry run tells them and changes nothing.
/// The version saved is published at once; the one before stays in the list of versions.
pub fn save_process(cx: &Ctx, tx: &mut Write, id: Option<&str>, document: &Json, dry_run: bool) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    let mut process: Process = serde_json::from_value(document.clone()).map_err(|e| Error::Malformed(e.to_string()))?;
    process.name = process.name.trim().to_owned();
    match id {
        Some(id) => {
            let before = cx.meta.process(id).ok_or(Error::NotFound)?;
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
        checked.refusals.push(model::Violation::new("field.not_unique", "name").with("value", process.name.as_str()));
    }
    if !checked.refusals.is_empty() {
        return Err(Error::Invalid(checked.refusals));
    }
    put(tx, &process, cx.at, cx.who.id)?;
    if dry_run {
        tx.abandon();
    }
    Ok(json!({"process": process, "warnings": checked.warnings}))
}

/// Stages in which open deals of the process stand, with their number.
fn occupied(cx: &Ctx, tx: &mut Read, object: &Object, process: &str) -> Result<BTreeMap<String, u64>> {
    let equals = |field: &str, key: &str| {
        Resolved::Test(Test { hops: Vec::new(), field: field.into(), kind: Kind::Key, folded: false, check: Check::Equal(Value::Text(key.into())) })
    };
    let open = Resolved::All(vec![equals("sales_process", process), equals("stage_type", "in_progress")]);
    let totals = db::records::totals(tx, &cx.meta.schema, object, &Scope::All("occupied stages"), Some(&open), None, "stage", "amount", &["amount"])?;
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
            .values_panic([process.id.0.into(), doc.as_str().into(), i64::from(process.active).into(), process.precedence.into(), process.version.into()])
            .on_conflict(OnConflict::column("id").update_columns(["doc", "active", "precedence", "version"]).to_owned()),
    )?;
    tx.execute(
        Query::insert()
            .into_table("process_version")
            .columns(["process", "version", "doc", "at", "by_id"])
            .values_panic([process.id.0.into(), process.version.into(), doc.into(), at.0.into(), by.0.into()]),
    )?;
    Ok(())
}
