//! Tasks as the API shows them: what is asked for, with what there is of it already, as far as the reader may know.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::process::{InForce, StageTask, Task, TaskAct, TaskState, in_the_way, standing};
use model::role::Act;
use model::{Id, Object, Record};
use serde_json::{Map, Value as Json, json};

use super::may::May;
use super::store::{self, Kept};
use super::{define, parts};
use crate::processes::filling;
use crate::records::{self, Refs};
use crate::{Ctx, Error, Result, access, veil};

/// The deal of tasks, if the caller may know of its stage.
pub(super) fn deal(cx: &Ctx, tx: &mut Read, id: Id) -> Result<(Object, Record)> {
    let object = cx.object("opportunity")?.clone();
    let deal = records::load(cx, tx, &object, id)?;
    if veil::hides(cx, &object.key, "stage") { Err(Error::NotFound) } else { Ok((object, deal)) }
}

/// All tasks of a deal, oldest first.
pub fn list(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let (object, deal) = deal(cx, tx, id)?;
    let kept = store::rows(tx, &[id])?.remove(&id).unwrap_or_default();
    let mut refs = Refs::default();
    let items = show(cx, tx, &object, &deal, &kept, &mut refs)?;
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?}))
}

/// The tasks that a deal has of the process in which it is, oldest first.
pub(crate) fn of_deal(cx: &Ctx, tx: &mut Read, object: &Object, deal: &Record, refs: &mut Refs) -> Result<Vec<Json>> {
    let mut kept = store::rows(tx, &[deal.id])?.remove(&deal.id).unwrap_or_default();
    kept.retain(|one| deal.text("sales_process") == one.task.process.to_string());
    show(cx, tx, object, deal, &kept, refs)
}

/// One task, with its names beside.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let kept = store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?;
    let (object, deal) = deal(cx, tx, kept.task.opportunity)?;
    alone(cx, tx, &object, &deal, &kept)
}

/// A task with its names beside.
pub(super) fn alone(cx: &Ctx, tx: &mut Read, object: &Object, deal: &Record, kept: &Kept) -> Result<Json> {
    // What is needed depends on the others.
    let all = store::rows(tx, &[deal.id])?.remove(&deal.id).unwrap_or_default();
    let mut refs = Refs::default();
    let shown = show(cx, tx, object, deal, &all, &mut refs)?;
    let mut found = shown.into_iter().find(|task| task["id"] == kept.task.id.to_string()).ok_or(Error::NotFound)?;
    found["refs"] = refs.names(cx, tx)?;
    Ok(found)
}

/// The tasks of a deal; those of which the caller may know.
fn show(cx: &Ctx, tx: &mut Read, object: &Object, deal: &Record, all: &[Kept], refs: &mut Refs) -> Result<Vec<Json>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let may = May::of(cx, tx, object, deal)?;
    let defined = define::all(cx, tx, all.iter().map(|kept| &kept.task))?;
    let needed = needed(cx, deal, all);
    let about = About::of(cx, tx, object, deal, &defined, all)?;
    let owner_hidden = veil::hides(cx, &object.key, "owner");
    let mut shown = Vec::with_capacity(all.len());
    for kept in all {
        let task = &kept.task;
        let definition = defined.get(&task.id);
        let assignee = task.assignee.filter(|person| !owner_hidden || *person == cx.who.id);
        assignee.into_iter().chain(kept.done_by).for_each(|person| refs.note("employee", person));
        let reaches = definition.is_some_and(|definition| may.reaches(cx, definition, about.edits_target(object, deal, &may, definition)));
        let mut can = Vec::new();
        let open = [("complete", may.completes(kept) && reaches), ("reopen", may.reopens(kept, deal)), ("reassign", may.reassigns(kept))];
        can.extend(open.into_iter().filter(|(_, open)| *open).map(|(act, _)| act));
        shown.push(json!({
            "id": task.id.to_string(), "opportunity": task.opportunity.to_string(), "stage": task.stage, "key": task.key, "name": task.name,
            "instructions": definition.and_then(|definition| definition.instructions.as_deref()), "required": task.required,
            "needed": needed.contains(&task.id), "state": task.state.key(), "assignee": assignee.map(|id| id.to_string()),
            "due_at": task.due_at.map(|at| at.to_string()), "overdue": kept.is_open() && task.due_at.is_some_and(|at| at <= cx.at),
            "arisen_at": kept.arisen_at.to_string(), "done_at": kept.done_at.map(|at| at.to_string()),
            "done_by": kept.done_by.map(|id| id.to_string()), "note": kept.note, "version": kept.version,
            "act": match definition { Some(definition) => about.act(cx, tx, object, deal, kept, definition, refs)?, None => Json::Null },
            "can": can,
        }));
    }
    Ok(shown)
}

/// Those that stand in the way of leaving the stage in which the deal is, as the judge of its moves finds them.
fn needed(cx: &Ctx, deal: &Record, all: &[Kept]) -> BTreeSet<Id> {
    let Some(process) = cx.meta.in_force(deal).map(InForce::process) else { return BTreeSet::new() };
    let Some(rules) = process.stage(deal.text("stage")) else { return BTreeSet::new() };
    let tasks: Vec<Task> = all.iter().map(|kept| kept.task.clone()).collect();
    in_the_way(rules, process.id, &tasks).into_iter().map(|task| task.id).collect()
}

/// What tasks are about, read for all of them together.
pub(super) struct About {
    /// Records that the deal refers to, seen by the caller, each with whether he may edit it.
    targets: BTreeMap<(String, Id), (Record, bool)>,
    linked: Vec<(Id, String, Id)>,
    /// Those of them that the caller sees.
    seen: BTreeSet<Id>,
    rows: BTreeMap<String, usize>,
}

impl About {
    pub fn of(cx: &Ctx, tx: &mut Read, object: &Object, deal: &Record, defined: &BTreeMap<Id, StageTask>, all: &[Kept]) -> Result<About> {
        let (mut wanted, mut parts) = (BTreeMap::<String, BTreeSet<Id>>::new(), BTreeSet::new());
        let mut creating = Vec::new();
        for kept in all {
            match defined.get(&kept.task.id).map(|task| &task.act) {
                Some(TaskAct::EditObject { of: Some(of), .. }) => {
                    if let Some((target, id)) = parts::target(object, deal, of) {
                        wanted.entry(target).or_default().insert(id);
                    }
                }
                Some(TaskAct::CreateObject { .. }) => creating.push(kept.task.id),
                Some(TaskAct::EditSubObjects { object, .. }) => {
                    parts.insert(object.clone());
                }
                _ => {}
            }
        }
        let mut targets = BTreeMap::new();
        for (key, ids) in wanted {
            let Ok(of) = cx.object(&key).cloned() else { continue };
            let found = db::records::load(tx, &cx.meta.schema, &of, &cx.scope(), &ids.into_iter().collect::<Vec<_>>())?;
            let writable = access::writable(cx, tx, &of, &found.iter().collect::<Vec<_>>())?;
            let may = cx.who.rights.may(Act::Edit, &key);
            targets.extend(found.into_iter().map(|record| {
                let edits = may && writable.contains(&record.id) && record.text("lifecycle_status") != "voided";
                ((key.clone(), record.id), (record, edits))
            }));
        }
        let linked = if creating.is_empty() { Vec::new() } else { store::linked(tx, &creating)? };
        let mut seen = BTreeSet::new();
        let mut by_object: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
        linked.iter().for_each(|(_, object, record)| by_object.entry(object).or_default().push(*record));
        for (key, ids) in by_object {
            let Ok(of) = cx.object(key) else { continue };
            seen.extend(db::records::names(tx, &cx.meta.schema, of, &cx.scope(), &ids)?.into_iter().map(|(id, _)| id));
        }
        let mut rows = BTreeMap::new();
        for key in parts {
            if cx.object(&key).is_ok() {
                let count = parts::rows(cx, tx, deal.id, &key)?;
                rows.insert(key, count);
            }
        }
        Ok(About { targets, linked, seen, rows })
    }

    /// True where the caller may edit the record of an edit task.
    fn edits_target(&self, object: &Object, deal: &Record, may: &May, task: &StageTask) -> bool {
        match &task.act {
            TaskAct::EditObject { of: None, .. } => may.edits,
            TaskAct::EditObject { of: Some(of), .. } => {
                let target = parts::target(object, deal, of).and_then(|target| self.targets.get(&target));
                target.is_some_and(|(_, edits)| *edits)
            }
            _ => true,
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn act(&self, cx: &Ctx, tx: &mut Read, object: &Object, deal: &Record, kept: &Kept, task: &StageTask, refs: &mut Refs) -> Result<Json> {
        let open = kept.task.state == TaskState::Open;
        Ok(match &task.act {
            TaskAct::EditObject { of, fields } => self.edit(cx, object, deal, of.as_deref(), fields, refs),
            TaskAct::CreateObject { object: key, link, fill, create_only, minimum, .. } => {
                let linked = self.linked.iter().filter(|(task, _, record)| *task == kept.task.id && self.seen.contains(record));
                let linked: Vec<Json> = linked
                    .map(|(_, object, record)| {
                        refs.note(object, *record);
                        json!({"object": object, "record": record.to_string()})
                    })
                    .collect();
                let values = if open { begins_with(cx, tx, deal, key, link, fill, refs)? } else { Json::Null };
                json!({
                    "kind": "create_object", "object": key, "link": link, "create_only": create_only, "may_choose": !create_only,
                    "minimum": minimum, "values": values, "linked": linked,
                })
            }
            TaskAct::EditSubObjects { object: key, minimum } => {
                json!({"kind": "edit_sub_objects", "object": key, "minimum": minimum, "rows": self.rows.get(key).copied().unwrap_or(0)})
            }
            TaskAct::ChecklistItem => json!({"kind": "checklist_item"}),
        })
    }

    /// The fields that are asked for, and which of them are not filled; of those that the caller may know of.
    fn edit(&self, cx: &Ctx, object: &Object, deal: &Record, of: Option<&str>, fields: &[String], refs: &mut Refs) -> Json {
        let known_of = of.is_none_or(|of| !veil::hides(cx, &object.key, of));
        let target = match of {
            None => Some((object.key.clone(), deal)),
            Some(of) => parts::target(object, deal, of)
                .filter(|_| known_of)
                .and_then(|target| self.targets.get(&target).map(|(record, _)| (target.0, record))),
        };
        let key =
            of.map_or_else(|| Some(object.key.clone()), |of| object.field(of).and_then(|field| field.kind.leads_to()).map(str::to_owned));
        let told: Vec<&String> = fields.iter().filter(|field| key.as_deref().is_some_and(|key| !veil::hides(cx, key, field))).collect();
        let missing: Vec<&String> = match &target {
            Some((_, record)) => told.iter().filter(|field| record.get(field).is_null()).copied().collect(),
            None => told.clone(),
        };
        if let Some((object, record)) = &target {
            refs.note(object, record.id);
        }
        json!({
            "kind": "edit_object", "of": of.filter(|_| known_of), "fields": told, "object": key.filter(|_| known_of),
            "record": target.map(|(_, record)| json!({"id": record.id.to_string(), "version": record.version})), "missing": missing,
        })
    }
}

/// What a new record begins with: its link to the deal, and what is filled in from there.
fn begins_with(
    cx: &Ctx,
    tx: &mut Read,
    deal: &Record,
    key: &str,
    link: &str,
    fill: &[model::process::Fill],
    refs: &mut Refs,
) -> Result<Json> {
    let Ok(of) = cx.object(key).cloned() else { return Ok(json!({})) };
    let mut values = Map::new();
    let mut patch = filling::values(cx, tx, deal, &of, fill)?.his;
    patch.extend(parts::link(&of, link, deal.id).map(|value| (link.to_owned(), value)));
    for (field, value) in patch {
        let Some(field) = of.field(&field).filter(|field| !veil::hides(cx, key, &field.key)) else { continue };
        refs.note_value(&field.kind, &value);
        values.insert(field.key.clone(), model::field::show(&value));
    }
    Ok(values.into())
}

/// True where a task is the last of its key, and so counts.
pub(super) fn counts(kept: &Kept, all: &[Task]) -> bool {
    standing(&kept.task.stage, kept.task.process, all).iter().any(|task| task.id == kept.task.id)
}
