//! Stage tasks among what waits for a person.

use std::collections::BTreeMap;

use db::Read;
use db::records::TasksOf;
use model::process::TaskAct;
use model::role::Act;
use model::{Id, Instant, Object, Record};
use sea_query::Value as Sql;
use serde_json::{Value as Json, json};

use super::{define, store};
use crate::records::Refs;
use crate::{Ctx, Result, veil};

/// As the list calls them.
pub(crate) const KIND: &str = "stage_task";

/// The object of deals, where the caller may know in which stage they are.
pub(crate) fn deals(cx: &Ctx) -> Option<Object> {
    let object = cx.object("opportunity").ok()?;
    (!veil::hides(cx, &object.key, "stage")).then(|| object.clone())
}

/// How many of these people's tasks are overdue, due today, later, and at no time.
pub(crate) fn count(cx: &Ctx, tx: &mut Read, object: &Object, people: &[Id], bounds: [Sql; 2]) -> Result<[i64; 4]> {
    Ok(db::records::count_waiting_tasks(tx, &cx.meta.schema, &cx.scope(), of(object, people), bounds)?)
}

/// Those behind a place, with when they are due.
pub(crate) fn ids(
    cx: &Ctx,
    tx: &mut Read,
    object: &Object,
    people: &[Id],
    after: Option<(Option<Instant>, Id)>,
    limit: u64,
) -> Result<Vec<(Id, Option<Instant>)>> {
    let after = after.map(|(due, id)| (due.map(|at| at.0), id));
    let found = db::records::waiting_tasks(tx, &cx.meta.schema, &cx.scope(), of(object, people), after, limit)?;
    Ok(found.into_iter().map(|(id, due)| (id, due.map(Instant))).collect())
}

/// The caller comes first among those whose tasks are looked for.
fn of<'a>(object: &'a Object, people: &'a [Id]) -> TasksOf<'a> {
    TasksOf { object, people, own: people.first().copied() }
}

/// These tasks as the list shows them. What is nothing but to be ticked may be ticked in the list.
pub(crate) fn show(cx: &Ctx, tx: &mut Read, object: &Object, ids: &[Id], refs: &mut Refs) -> Result<BTreeMap<Id, Json>> {
    let tasks = store::some(tx, ids)?;
    let defined = define::all(cx, tx, tasks.iter().map(|kept| &kept.task))?;
    let deals: Vec<Id> = tasks.iter().map(|kept| kept.task.opportunity).collect();
    let found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &deals)?;
    let deals: BTreeMap<Id, Record> = found.into_iter().map(|deal| (deal.id, deal)).collect();
    let mut shown = BTreeMap::new();
    for kept in &tasks {
        let task = &kept.task;
        let Some(deal) = deals.get(&task.opportunity) else { continue };
        refs.note(&object.key, deal.id);
        task.assignee.iter().for_each(|person| refs.note("employee", *person));
        let held = deal.get("locked").is_true() && !cx.who.rights.may(Act::Unlock, &object.key);
        let act = defined.get(&task.id).map(|task| &task.act);
        let can: &[&str] = if act == Some(&TaskAct::ChecklistItem) && !held { &["complete"] } else { &[] };
        let item = json!({
            "kind": KIND, "id": task.id.to_string(), "title": task.name, "object": object.key, "record": deal.id.to_string(),
            "item_object": KIND, "version": kept.version, "due_at": task.due_at.map(|at| at.to_string()),
            "overdue": task.due_at.is_some_and(|at| at <= cx.at), "priority": null, "assignee": task.assignee.map(|id| id.to_string()),
            "can": can, "on_behalf_of": task.assignee.filter(|id| *id != cx.who.id).map(|id| id.to_string()),
            "stage": task.stage, "required": task.required,
        });
        shown.insert(task.id, item);
    }
    Ok(shown)
}
