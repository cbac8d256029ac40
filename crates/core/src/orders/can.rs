//! What can be done with an order at present, told with it, so that whoever shows it needs no rules.

use model::objects::sales_order::{KEY, STATUS, status};
use model::objects::sales_order_line;
use model::role::{Act, FieldAccess};
use model::{Object, Record};
use serde_json::{Value as Json, json};

use super::standing;
use crate::Ctx;

/// Adds to an order that is shown the steps that are open (`confirm`, `cancel`, `edit_lines`), those that a lock or an approval stands against,
/// and in `frozen` the fields that cannot be changed as it stands.
pub(crate) fn tell(cx: &Ctx, object: &Object, record: &Record, shown: &mut Json) {
    if object.key != KEY {
        return;
    }
    let frozen: Vec<&str> = standing::frozen(object, record).into_iter().filter(|field| shown["fields"].get(field).is_some()).collect();
    let held = shown["cannot"].as_array().and_then(|acts| acts.iter().find(|one| one["act"] == "edit")).map(|one| one["code"].clone());
    let edits = shown["can"].as_array().is_some_and(|acts| acts.iter().any(|act| act == "edit"));
    for act in if edits || held.is_some() { open(cx, object, record) } else { Vec::new() } {
        let (list, one) = match &held {
            None => ("can", Json::from(act)),
            Some(code) => ("cannot", json!({"act": act, "code": code})),
        };
        if let Some(acts) = shown[list].as_array_mut() {
            acts.push(one);
        }
    }
    shown["frozen"] = frozen.into();
}

fn open(cx: &Ctx, object: &Object, record: &Record) -> Vec<&'static str> {
    let turns = object.field(STATUS).is_some_and(|field| cx.who.rights.field(KEY, field) == FieldAccess::Write);
    let lines = [Act::Create, Act::Edit].iter().any(|act| cx.who.rights.may(*act, sales_order_line::KEY));
    let mut open = Vec::new();
    match record.text(STATUS) {
        status::DRAFT => {
            open.extend(turns.then_some(["confirm", "cancel"]).into_iter().flatten());
            open.extend(lines.then_some("edit_lines"));
        }
        status::CONFIRMED => open.extend(turns.then_some("cancel")),
        _ => {}
    }
    open
}
