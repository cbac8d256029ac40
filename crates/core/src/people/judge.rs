//! What stands against a change of people and departments.

use std::collections::BTreeSet;

use db::Write;
use db::records::{Bin, Query, Scope, Sort};
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::{Id, Object, Record, Value, Violation};

use super::leaving;
use super::managers::{LINES, Lines};
use crate::save::{Deed, Working};
use crate::{Ctx, Result, approvals};

const WHY: Scope<'static> = Scope::All("to know what is in a department");

/// No circle of managers or departments, nobody in a department that is not there, only administrators give roles, and one remains.
pub(crate) fn judge(cx: &Ctx, tx: &mut Write, object: &Object, work: &mut [Working]) -> Result<()> {
    approvals::uses::keep_named(cx, tx, object, work)?;
    let (upward, places): (_, &[&str]) = match object.key.as_str() {
        "employee" => ("manager", &["department", "further_departments"]),
        "department" => ("parent", &["parent"]),
        _ => return Ok(()),
    };
    let moves = |item: &Working| {
        let turned = matches!(item.change.deed, Deed::Void | Deed::Restore);
        item.error.is_none() && (turned || item.changes(upward) || places.iter().any(|place| item.changes(place)))
    };
    if work.iter().any(&moves) {
        tx.lock(&[LINES.to_owned()])?;
        circles(tx, object, upward, work)?;
        voided_places(cx, tx, places, work)?;
        if object.key == "department" {
            emptied(cx, tx, work)?;
        }
    }
    if object.key == "employee" {
        leavers(cx, tx, work)?;
        roles(cx, tx, work)?;
    }
    Ok(())
}

/// Who no longer works here owns nothing that others are to go on with.
fn leavers(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    let leaves = |item: &Working| {
        item.error.is_none() && item.before.as_ref().is_some_and(crate::identity::is_active) && !crate::identity::is_active(&item.after)
    };
    let people: Vec<Id> = work.iter().filter(|item| leaves(item)).map(|item| item.after.id).collect();
    if people.is_empty() {
        return Ok(());
    }
    let mut held = leaving::judge(cx, tx, &people)?;
    for item in work.iter_mut() {
        item.findings.extend(held.remove(&item.after.id));
    }
    Ok(())
}

fn circles(tx: &mut Write, object: &Object, upward: &str, work: &mut [Working]) -> Result<()> {
    let mut lines = Lines::load(tx, object, upward)?;
    for item in work.iter_mut().filter(|item| item.error.is_none() && item.changes(upward)) {
        let above = item.after.reference(upward);
        if lines.lead(above, item.after.id) {
            item.findings.push(Violation::new("people.circle", upward));
        } else {
            lines.put(item.after.id, above);
        }
    }
    Ok(())
}

/// Nobody is put into a department that is in the recycle bin.
fn voided_places(cx: &Ctx, tx: &mut Write, places: &[&str], work: &mut [Working]) -> Result<()> {
    let Some(department) = cx.meta.schema.object("department") else { return Ok(()) };
    // Under the lock, which the metadata of this transaction is older than.
    let voided: BTreeSet<Id> = db::records::all_in_bin(tx, department)?.into_iter().collect();
    if voided.is_empty() {
        return Ok(());
    }
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        let restored = matches!(item.change.deed, Deed::Restore);
        for place in places {
            let held = |record: &Record| -> BTreeSet<Id> {
                let value = record.get(place);
                value.as_id().into_iter().chain(value.ids()).collect()
            };
            let known = item.before.as_ref().filter(|_| !restored).map(held).unwrap_or_default();
            if held(&item.after).iter().any(|id| voided.contains(id) && !known.contains(id)) {
                item.findings.push(Violation::new("people.department_voided", *place));
            }
        }
    }
    Ok(())
}

/// A department is voided once nobody and nothing is in it: what is, is told.
fn emptied(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none() && item.change.deed == Deed::Void) {
        let id = item.after.id;
        let one = |kind: Kind, field: &str, check: Check| {
            Resolved::Test(Test { hops: Vec::new(), field: field.to_owned(), kind, folded: false, check })
        };
        let within = |field: &str| one(Kind::Ref, field, Check::Equal(Value::Ref(id)));
        let further = one(Kind::Keys, "further_departments", Check::HasAny(vec![id.to_string()]));
        let (people, some) = held(cx, tx, "employee", &Resolved::Any(vec![within("department"), further]))?;
        if people > 0 {
            let found = Violation::new("department.has_people", "").with("count", people).with("names", some);
            item.findings.push(found);
        }
        let (below, some) = held(cx, tx, "department", &within("parent"))?;
        if below > 0 {
            item.findings.push(Violation::new("department.has_departments", "").with("count", below).with("names", some));
        }
    }
    Ok(())
}

/// How many records meet a condition, and the names of the first.
fn held(cx: &Ctx, tx: &mut Write, object: &str, condition: &Resolved) -> Result<(i64, Vec<String>)> {
    const TOLD: u32 = 5;
    let object = cx.object(object)?;
    let count = db::records::count(tx, &cx.meta.schema, object, &WHY, Some(condition), None, Bin::Out)?;
    let sort = Sort { field: "name".into(), descending: false };
    let query = Query { condition: Some(condition), words: None, sort, cursor: None, limit: TOLD, bin: Bin::Out };
    let page = db::records::list(tx, &cx.meta.schema, object, &WHY, &query)?;
    Ok((count, page.records.iter().map(|record| record.text("name").to_owned()).collect()))
}

fn roles(cx: &Ctx, tx: &mut Write, work: &mut [Working]) -> Result<()> {
    for item in work.iter_mut().filter(|item| item.error.is_none()) {
        if item.changes("roles") && !cx.is_administrator() {
            item.findings.push(Violation::new("field.no_access", "roles"));
        }
    }
    let last = work.iter().any(|item| loses_administrator(cx, item));
    if last { crate::identity::keep_one_administrator(cx, tx, work) } else { Ok(()) }
}

fn loses_administrator(cx: &Ctx, item: &Working) -> bool {
    let is = |record: &Record| crate::identity::administers(&cx.meta, record);
    item.error.is_none() && item.before.as_ref().is_some_and(is) && !is(&item.after)
}
