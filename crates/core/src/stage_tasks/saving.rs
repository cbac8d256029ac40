//! Saving what a task asks for, and whether it is enough.

use db::Write;
use model::process::{Fill, TaskAct};
use model::{Id, Object, Patch, Record, Violation, Violations};

use super::complete::{Complete, Doing};
use super::{parts, store};
use crate::lines::{Placed, RowChange, save_rows, under};
use crate::processes::filling;
use crate::records::read_fields;
use crate::save::{Change, Deed, save, save_all, save_as_system};
use crate::{Error, Result, prices, veil};

/// Records together in one task.
const MOST: usize = 500;

/// Records that are to be linked through the task, and of which object.
pub(super) type Linked = Option<(String, Vec<Id>)>;

/// Saves what is given, as the caller's own doing.
pub(super) fn given(doing: &Doing<'_>, tx: &mut Write, wanted: &Complete) -> Result<Linked> {
    if wanted.create.len() + wanted.choose.len() + wanted.rows.len() > MOST {
        return Err(Error::Malformed(format!("at most {MOST} records at once")));
    }
    match &doing.task.act {
        TaskAct::EditObject { of, .. } => edit(doing, tx, of.as_deref(), wanted).map(|()| None),
        TaskAct::CreateObject { object, link, fill, .. } => create(doing, tx, object, link, fill, wanted).map(Some),
        TaskAct::EditSubObjects { object, .. } => rows(doing, tx, object, &wanted.rows).map(|()| None),
        TaskAct::ChecklistItem => Ok(None),
    }
}

/// The record that is edited; a reference that leads nowhere for the caller is told under its own name.
fn target(doing: &Doing<'_>, of: Option<&str>) -> Result<(String, Id)> {
    match of {
        None => Ok((doing.object.key.clone(), doing.deal.id)),
        Some(of) => parts::target(doing.object, doing.deal, of).ok_or_else(|| {
            veil::over(
                doing.cx,
                doing.object,
                vec![Violation::new("task.no_target", of).with("field", of).with("task", doing.task.name.as_str())],
            )
            .into()
        }),
    }
}

fn edit(doing: &Doing<'_>, tx: &mut Write, of: Option<&str>, wanted: &Complete) -> Result<()> {
    let cx = doing.cx;
    let (key, id) = target(doing, of)?;
    // Out of sight is as good as not there.
    let out_of_sight = || Error::from(Violation::new(veil::OUT_OF_SIGHT, ""));
    let object = cx.object(&key).map_err(|_| out_of_sight())?.clone();
    let found = db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &[id])?;
    if found.is_empty() {
        return Err(out_of_sight());
    }
    let mut change = Change::of(&key, id, Deed::Edit);
    change.patch = read_fields(cx, &object, &wanted.fields)?;
    if key == doing.object.key && change.patch.contains_key("stage") {
        return Err(Error::Malformed("the stage is changed by a move, not by a task".into()));
    }
    tx.next_act();
    save(cx, tx, change)?;
    Ok(())
}

fn create(doing: &Doing<'_>, tx: &mut Write, key: &str, link: &str, fill: &[Fill], wanted: &Complete) -> Result<(String, Vec<Id>)> {
    if wanted.create.is_empty() && wanted.choose.is_empty() {
        return Ok((key.to_owned(), Vec::new()));
    }
    let cx = doing.cx;
    let object = cx.object(key).map_err(|_| super::complete::not_allowed("complete"))?.clone();
    let tie = parts::link(&object, link, doing.deal.id)
        .ok_or_else(|| Error::Internal(format!("{key}.{link} does not refer to an opportunity")))?;
    let filled = if wanted.create.is_empty() { filling::Filled::default() } else { filling::values(cx, tx, doing.deal, &object, fill)? };
    let (mut changes, mut found) = (Vec::with_capacity(wanted.create.len()), Violations::new());
    for (at, new) in wanted.create.iter().enumerate() {
        let mut change = Change::new(key, Deed::Create);
        match read_fields(cx, &object, &new.fields) {
            Ok(given) => change.patch = given,
            Err(Error::Invalid(list)) => found.extend(under(&format!("create/{at}"), list)),
            Err(other) => return Err(other),
        }
        // What is given goes before what would be filled in; the link is the task's.
        for (field, value) in &filled.his {
            change.patch.entry(field.clone()).or_insert_with(|| value.clone());
        }
        change.patch.insert(link.to_owned(), tie.clone());
        changes.push(change);
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    let mut linked = choose(doing, tx, &object, link, &tie, &wanted.choose)?;
    tx.next_act();
    for record in save_under(doing, tx, key, "create", changes)? {
        if !filled.products.is_empty() {
            tx.next_act();
            let change = Change { patch: filled.products.clone(), ..Change::of(key, record.id, Deed::Edit) };
            save_as_system(cx, tx, "what a task fills in that its doer may not write", change)?;
        }
        linked.push(record.id);
    }
    Ok((key.to_owned(), linked))
}

/// Records that are there already: those that may be chosen, tied to the deal where they are tied to none.
fn choose(doing: &Doing<'_>, tx: &mut Write, object: &Object, link: &str, tie: &model::Value, wanted: &[String]) -> Result<Vec<Id>> {
    let TaskAct::CreateObject { create_only, choose_from, .. } = &doing.task.act else { return Ok(Vec::new()) };
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let cx = doing.cx;
    let ids: Vec<Option<Id>> = wanted.iter().map(|id| id.parse().ok().filter(|_| !create_only)).collect();
    let there: Vec<Id> = ids.iter().flatten().copied().collect();
    let found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &there)?;
    let condition = parts::choice(cx, &object.key, choose_from.as_ref())?;
    let fit = parts::choosable(cx, tx, object, link, doing.deal.id, condition.as_ref(), found)?;
    let (mut chosen, mut refused) = (Vec::<Record>::new(), Violations::new());
    for (at, id) in ids.into_iter().enumerate() {
        match id.and_then(|id| fit.iter().find(|record| record.id == id)) {
            Some(record) if chosen.iter().all(|known| known.id != record.id) => chosen.push(record.clone()),
            Some(_) => {}
            None => refused.push(Violation::new("task.not_a_choice", format!("choose/{at}")).with("value", wanted[at].as_str())),
        }
    }
    if !refused.is_empty() {
        return Err(refused.into());
    }
    let loose: Vec<&Record> = chosen.iter().filter(|record| record.get(link).is_null()).collect();
    let patch = Patch::from([(link.to_owned(), tie.clone())]);
    let changes =
        loose.iter().map(|record| Change { patch: patch.clone(), ..Change::of(&object.key, record.id, Deed::Edit) }).collect::<Vec<_>>();
    if !changes.is_empty() {
        tx.next_act();
        save_under(doing, tx, &object.key, "choose", changes)?;
    }
    Ok(chosen.into_iter().map(|record| record.id).collect())
}

fn rows(doing: &Doing<'_>, tx: &mut Write, key: &str, wanted: &[RowChange]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let cx = doing.cx;
    let object = cx.object(key).map_err(|_| super::complete::not_allowed("complete"))?.clone();
    let placed: Vec<Placed<'_>> = Placed::all("rows", wanted).collect();
    let currency = prices::currency(cx, tx, doing.deal)?;
    save_rows(cx, tx, &object, (doing.deal.id, currency), &placed).map(|_| ())
}

/// Saves changes together; all that stands against any of them is told at once, each under its number.
fn save_under(doing: &Doing<'_>, tx: &mut Write, key: &str, place: &str, changes: Vec<Change>) -> Result<Vec<Record>> {
    let (mut saved, mut found) = (Vec::with_capacity(changes.len()), Violations::new());
    for (at, result) in save_all(doing.cx, tx, key, changes)?.into_iter().enumerate() {
        match result {
            Ok(one) => saved.push(one.record),
            Err(Error::Invalid(list) | Error::Unmet(list)) => found.extend(under(&format!("{place}/{at}"), list)),
            Err(other) => return Err(other),
        }
    }
    if found.is_empty() { Ok(saved) } else { Err(found.into()) }
}

/// Whether the task is done with what there is now; all that is missing is told at once.
pub(super) fn enough(doing: &Doing<'_>, tx: &mut Write) -> Result<()> {
    let cx = doing.cx;
    let few = |path: &str, minimum: i64, count: usize| -> Result<()> {
        if usize::try_from(minimum).unwrap_or(0) <= count {
            return Ok(());
        }
        let task = doing.task.name.as_str();
        Err(Violation::new("task.too_few", path).with("task", task).with("min", minimum).with("count", count).into())
    };
    match &doing.task.act {
        TaskAct::ChecklistItem => Ok(()),
        TaskAct::EditSubObjects { object, minimum } => few("rows", *minimum, parts::rows(cx, tx, doing.deal.id, object)?),
        TaskAct::CreateObject { object, minimum, .. } => {
            let linked: Vec<Id> = store::linked(tx, &[doing.kept.task.id])?.into_iter().map(|(_, _, record)| record).collect();
            few("create", *minimum, parts::standing(cx, tx, object, &linked)?)
        }
        TaskAct::EditObject { of, fields } => {
            let (key, id) = target(doing, of.as_deref())?;
            let object = cx.object(&key)?.clone();
            let record = db::records::load(tx, &cx.meta.schema, &object, &cx.scope(), &[id])?.pop().ok_or(Error::NotFound)?;
            let missing = fields.iter().filter(|field| record.get(field).is_null());
            let found: Violations = missing
                .map(|field| {
                    Violation::new("task.fields_missing", field).with("field", field.as_str()).with("task", doing.task.name.as_str())
                })
                .collect();
            if found.is_empty() { Ok(()) } else { Err(veil::over(cx, &object, found).into()) }
        }
    }
}
