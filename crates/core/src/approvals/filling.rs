//! What is filled in with an act: fields that a node opens to whoever agrees, and what the initiator mends before he submits again.
//!
//! It is saved with the act, or not at all. Where what is asked for is held beside the record it goes there, and is judged when that is done;
//! else the record itself takes it at once.

use db::Write;
use model::approval::{Act, Flow, Run};
use model::role::FieldAccess;
use model::{Object, Patch, Record, Violation, Violations};
use serde_json::{Map, Value as Json};

use super::act::asked_at;
use super::effects;
use super::store::Approval;
use crate::records::read_fields;
use crate::save::{Change, Deed, Under, save};
use crate::{Ctx, Result, files, veil};

/// Takes what was given with an act; true where the record has changed. Errors: fields that are not open here, values that are none, fields
/// that must be filled and are not; whatever the rules of a save refuse.
pub(super) fn fill(
    cx: &Ctx,
    tx: &mut Write,
    approval: &mut Approval,
    (object, record): (&Object, &Record),
    flow: &Flow,
    act: &Act,
    fields: &Map<String, Json>,
) -> Result<bool> {
    let changed = match act {
        Act::Agree { task } => {
            let (must_fill, may_edit) = asked_at(flow, &approval.run, *task);
            let open = |key: &String| must_fill.contains(key) || may_edit.contains(key);
            refuse(fields.keys().filter(|key| !open(key)))?;
            // The node opens them, whatever his role lets him write.
            let by = cx.as_system("fields that the node opens");
            let changed = take(cx, &by, tx, approval, (object, record), fields)?;
            must_be_filled(cx, tx, approval, object, (flow, *task))?;
            changed
        }
        Act::Resubmit => {
            // What is held may be mended in what it gives, nothing else put beside it.
            let held = !effects::what(approval).makes();
            let open = |key: &String| !held || effects::what(approval).holds_a_patch() || approval.asked.patch.contains_key(key);
            refuse(fields.keys().filter(|key| !open(key)))?;
            take(cx, cx, tx, approval, (object, record), fields)?
        }
        _ => {
            refuse(fields.keys())?;
            false
        }
    };
    Ok(changed)
}

fn refuse<'a>(fields: impl Iterator<Item = &'a String>) -> Result<()> {
    let found: Violations = fields.map(|field| Violation::new("approval.field_not_open", field)).collect();
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// `by` is whose rights count for writing.
fn take(
    cx: &Ctx,
    by: &Ctx,
    tx: &mut Write,
    approval: &mut Approval,
    (object, record): (&Object, &Record),
    fields: &Map<String, Json>,
) -> Result<bool> {
    if fields.is_empty() {
        return Ok(false);
    }
    let patch = read_fields(cx, object, fields)?;
    let holds = effects::what(approval).holds_a_patch();
    let (held, own): (Patch, Patch) = patch.into_iter().partition(|(key, _)| holds || held_beside(approval, key));
    let may = |key: &String| {
        let field = object.field(key);
        field.is_some_and(|field| !field.system && !field.read_only && by.who.rights.field(&object.key, field) == FieldAccess::Write)
    };
    let found: Violations = held.keys().filter(|key| !may(key)).map(|key| Violation::new("field.read_only", key)).collect();
    if !found.is_empty() {
        return Err(found.into());
    }
    let mut would_be = effects::as_asked(cx, object, record, approval);
    let stands = would_be.clone();
    held.iter().for_each(|(key, value)| would_be.set(key, value.clone()));
    let unknown = files::unknown(cx, tx, object, &stands, &would_be)?;
    if !unknown.is_empty() {
        return Err(unknown.into());
    }
    files::hang(tx, object, Some(&stands), &would_be)?;
    for (key, value) in held {
        approval.asked.before.entry(key.clone()).or_insert_with(|| model::field::show(record.get(&key)));
        approval.asked.patch.insert(key, model::field::show(&value));
    }
    if own.is_empty() {
        return Ok(false);
    }
    let mut change = Change::of(&object.key, record.id, Deed::Edit);
    (change.patch, change.under) = (own, Some(Under::Fills(approval.id)));
    tx.next_act();
    Ok(save(by, tx, change)?.changed)
}

/// True where the field is given by what waits, so that the record would lose what it got meanwhile.
fn held_beside(approval: &Approval, field: &str) -> bool {
    !effects::what(approval).makes() && approval.asked.patch.contains_key(field)
}

/// Fields that the task's node asks for and that are blank.
pub(super) fn missing(flow: &Flow, run: &Run, task: usize, would_be: &Record) -> Vec<String> {
    let (must_fill, _) = asked_at(flow, run, task);
    must_fill.iter().filter(|field| would_be.get(field).is_null()).cloned().collect()
}

fn must_be_filled(cx: &Ctx, tx: &mut Write, approval: &Approval, object: &Object, (flow, task): (&Flow, usize)) -> Result<()> {
    let scope = db::records::Scope::All("what the node asks for is looked at whoever answers");
    let Some(record) = db::records::load(tx, &cx.meta.schema, object, &scope, &[approval.record])?.pop() else { return Ok(()) };
    let would_be = effects::as_asked(cx, object, &record, approval);
    let missing = missing(flow, &approval.run, task, &would_be);
    let found: Violations = missing.into_iter().map(|field| Violation::new("field.required", field)).collect();
    if found.is_empty() { Ok(()) } else { Err(veil::over(cx, object, found).into()) }
}
