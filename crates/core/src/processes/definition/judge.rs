//! What stands against a process, whoever is about to keep it.

use std::collections::{BTreeMap, BTreeSet};

use db::Read;
use model::process::{Around, Checked, Party, Process, check};
use model::{Id, Violation, Violations};
use serde_json::Value as Json;

use crate::{Ctx, Error, Meta, Result};

/// The process of a document.
pub(super) fn read(document: &Json) -> Result<Process> {
    if !document.is_object() {
        return Err(Error::Malformed("a process is an object".into()));
    }
    let mut process: Process = serde_json::from_value(document.clone()).map_err(|e| Error::Malformed(e.to_string()))?;
    process.name = process.name.trim().to_owned();
    Ok(process)
}

/// Everything that stands against this process among the others in force.
pub(super) fn judge(cx: &Ctx, tx: &mut Read, meta: &Meta, process: &Process) -> Result<Checked> {
    let object = meta.schema.object("opportunity").ok_or(Error::NotFound)?;
    let reading = cx.system_reading_of(meta);
    let around = Around { options: object.options("stage"), occupied: &BTreeMap::new(), reading: &reading };
    let mut checked = check(process, &around);
    if meta.processes.iter().any(|other| other.id != process.id && other.name == process.name) {
        checked.refusals.push(Violation::new("field.not_unique", "name").with("value", process.name.as_str()));
    }
    checked.refusals.extend(worded(process));
    checked.refusals.extend(unknown_who(cx, tx, meta, process)?);
    checked.refusals.extend(unknown_parties(cx, tx, meta, process)?);
    Ok(checked)
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
fn unknown_who(cx: &Ctx, tx: &mut Read, meta: &Meta, process: &Process) -> Result<Violations> {
    let mut found = Violations::new();
    let departments: Vec<Id> = process.who.departments.iter().map(|scope| scope.id).collect();
    for (object, path, ids) in [
        ("department", "who/departments", &departments),
        ("employee", "who/people", &process.who.people),
        ("user_group", "who/groups", &process.who.groups),
    ] {
        let object = meta.schema.object(object).ok_or(Error::NotFound)?;
        let there: BTreeSet<Id> = db::records::names(tx, &meta.schema, object, &cx.scope(), ids)?.into_iter().map(|(id, _)| id).collect();
        for (at, id) in ids.iter().enumerate().filter(|(_, id)| !there.contains(id)) {
            found.push(Violation::new("field.reference_not_found", format!("{path}/{at}")).with("id", id.to_string()));
        }
    }
    for (at, role) in process.who.roles.iter().enumerate().filter(|(_, role)| meta.role(role).is_none()) {
        found.push(Violation::new("field.reference_not_found", format!("who/roles/{at}")).with("id", role.as_str()));
    }
    Ok(found)
}

/// People who are told or have tasks, and roles of teams, that are not there.
fn unknown_parties(cx: &Ctx, tx: &mut Read, meta: &Meta, process: &Process) -> Result<Violations> {
    let mut named: Vec<(String, &Party)> = Vec::new();
    for (at, stage) in process.stages.iter().enumerate() {
        for (n, reminder) in stage.reminders.iter().enumerate() {
            named.extend(reminder.to.iter().enumerate().map(|(i, party)| (format!("stages/{at}/reminders/{n}/to/{i}"), party)));
        }
        for (t, task) in stage.tasks.iter().enumerate() {
            let place = format!("stages/{at}/tasks/{t}");
            named.extend(task.assignees.iter().enumerate().map(|(i, party)| (format!("{place}/assignees/{i}"), party)));
            for (n, reminder) in task.reminders.iter().enumerate() {
                named.extend(reminder.to.iter().enumerate().map(|(i, party)| (format!("{place}/reminders/{n}/to/{i}"), party)));
            }
        }
    }
    let people: BTreeSet<Id> =
        named.iter().filter_map(|(_, party)| if let Party::Person { id } = party { Some(*id) } else { None }).collect();
    let employee = meta.schema.object("employee").ok_or(Error::NotFound)?;
    let people: Vec<Id> = people.into_iter().collect();
    let there: BTreeSet<Id> = db::records::names(tx, &meta.schema, employee, &cx.scope(), &people)?.into_iter().map(|(id, _)| id).collect();
    let missing = |(place, party): (String, &Party)| {
        let (setting, value) = match party {
            Party::Person { id } if !there.contains(id) => ("id", id.to_string()),
            Party::TeamRole { role } if !meta.organisation.team_roles.iter().any(|known| known.key == *role) => ("role", role.clone()),
            _ => return None,
        };
        Some(Violation::new("field.reference_not_found", format!("{place}/{setting}")).with("id", value))
    };
    Ok(named.into_iter().filter_map(missing).collect())
}
