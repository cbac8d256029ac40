//! Which process comes first, and which take new deals: that changes without a version.

use std::collections::BTreeSet;

use db::Write;
use model::process::Process;
use model::{Id, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta};

/// `POST /processes/order`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// All processes, the first first.
    pub ids: Vec<Id>,
}

/// Puts the processes into this order; administrators only. All are named, so that nobody orders what he has not seen.
pub fn order(cx: &Ctx, tx: &mut Write, wanted: &Order) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let there: BTreeSet<Id> = meta.processes.iter().map(|process| process.id).collect();
    let named: BTreeSet<Id> = wanted.ids.iter().copied().collect();
    if named != there || wanted.ids.len() != there.len() {
        return Err(Violation::new("process.order_incomplete", "ids").into());
    }
    let place = |process: &Process| wanted.ids.iter().position(|id| *id == process.id).map_or(0, |at| at as i64 + 1);
    let mut ordered: Vec<Process> = meta.processes.iter().map(|old| Process { precedence: place(old), ..old.clone() }).collect();
    ordered.sort_by_key(|process| process.precedence);
    for process in ordered.iter().filter(|process| !meta.processes.contains(process)) {
        super::put_present(tx, process)?;
    }
    let names = |processes: &[Process]| processes.iter().map(|process| process.name.clone()).collect::<Vec<_>>();
    if names(&ordered) != names(&meta.processes) {
        let note = Note::new("edit", "process").of("opportunity");
        audit::note(cx, tx, note.changed(&json!({"order": names(&meta.processes)}), &json!({"order": names(&ordered)})))?;
    }
    Ok(json!({ "items": ordered }))
}

/// Lets a process take new deals; administrators only.
pub fn activate(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    turn(cx, tx, id, true)
}

/// Lets it take none any more; those in it go on (D62). Administrators only.
pub fn deactivate(cx: &Ctx, tx: &mut Write, id: Id) -> Result<Json> {
    turn(cx, tx, id, false)
}

fn turn(cx: &Ctx, tx: &mut Write, id: Id, active: bool) -> Result<Json> {
    cx.administrators_only("edit", "sales_process")?;
    let (_, meta) = meta::publish(cx, tx)?;
    let before = meta.process(&id.to_string()).ok_or(Error::NotFound)?;
    let process = Process { active, ..before.clone() };
    if process != *before {
        super::put_present(tx, &process)?;
        let note = Note::new(if active { "activate" } else { "deactivate" }, "process");
        audit::note(cx, tx, note.of(&process.object).subject(process.name.as_str()))?;
    }
    Ok(json!(process))
}
