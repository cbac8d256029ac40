//! The departments as one tree, with how many people are in each.

use std::collections::BTreeMap;

use db::Read;
use db::records::Grouping;
use model::condition::{Check, Resolved, Test};
use model::field::Kind;
use model::role::{Act, FieldAccess};
use model::{Id, Object, Value};
use serde_json::{Value as Json, json};

use crate::access::department_chain;
use crate::records::Refs;
use crate::{Ctx, Result};

/// Departments at most.
const MOST: u32 = 10_000;

/// `GET /departments`: every department that the caller sees, by name, with the active people whose primary department it is, and those
/// in it and below it.
pub fn departments(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    let object = cx.object("department")?;
    let ids = db::records::ids_after(tx, object, None, u64::from(MOST))?;
    let mut found = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &ids)?;
    found.retain(|department| department.text("lifecycle_status") != "voided");
    found.sort_by_key(|department| (model::text::fold(department.text("name")), department.id));
    let own = people(cx, tx)?;
    let mut below: BTreeMap<Id, i64> = BTreeMap::new();
    for (department, count) in own.iter().flatten() {
        for above in department_chain(&cx.meta.departments, *department) {
            *below.entry(above).or_default() += count;
        }
    }
    let known = |key: &str| object.field(key).filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden);
    let mut refs = Refs::default();
    let mut items = Vec::with_capacity(found.len());
    for department in &found {
        let mut shown = json!({"id": department.id.to_string(), "version": department.version});
        for key in ["name", "parent", "head", "assistants"] {
            if let Some(field) = known(key) {
                refs.note_value(&field.kind, department.get(key));
                shown[key] = model::field::show(department.get(key));
            }
        }
        let count = |counts: &BTreeMap<Id, i64>| counts.get(&department.id).copied().unwrap_or(0);
        shown["people"] = own.as_ref().map(|own| own.get(&Some(department.id)).copied().unwrap_or(0)).into();
        shown["people_below"] = own.as_ref().map(|_| count(&below)).into();
        items.push(shown);
    }
    let nowhere = own.map(|own| own.get(&None).copied().unwrap_or(0));
    Ok(json!({"items": items, "without_department": nowhere, "refs": refs.names(cx, tx)?}))
}

/// Active people by primary department; `None` for one who may not know of it.
fn people(cx: &Ctx, tx: &mut Read) -> Result<Option<BTreeMap<Option<Id>, i64>>> {
    let may = |employee: &Object| {
        let known = |key: &str| employee.field(key).is_some_and(|field| cx.who.rights.field("employee", field) > FieldAccess::Hidden);
        cx.who.rights.may(Act::Read, "employee") && known("department") && known("active")
    };
    let Some(employee) = cx.meta.schema.object("employee").filter(|employee| may(employee)) else { return Ok(None) };
    let grouping = Grouping { field: "department", amounts: &[], numbers: &[], limit: MOST };
    let groups = db::records::groups(tx, &cx.meta.schema, employee, &cx.scope(), Some(&active()), None, &grouping)?;
    Ok(Some(groups.into_iter().map(|group| (group.value.as_id(), group.count)).collect()))
}

/// Works here.
fn active() -> Resolved {
    Resolved::Test(Test {
        hops: Vec::new(),
        field: "active".to_owned(),
        kind: Kind::Bool,
        folded: false,
        check: Check::Equal(Value::Bool(true)),
    })
}
