//! Rules and room as they are told to somebody: only what he may know of.

use std::collections::BTreeMap;

use db::Read;
use model::holding::judge::Full;
use model::holding::{HoldingRule, Limit, Subject};
use model::{Id, Label};
use serde_json::{Value as Json, json};

use super::live::Live;
use crate::{Ctx, Result, records, veil};

/// The object of whom a rule limits.
pub(super) fn object_of(subject: &Subject) -> &'static str {
    match subject {
        Subject::Employees { .. } => "employee",
        Subject::Departments { .. } => "department",
        Subject::Groups { .. } => "user_group",
    }
}

/// True where the caller may know of every field by which a rule counts and limits.
pub(super) fn is_known(cx: &Ctx, rule: &HoldingRule) -> bool {
    let meaning = rule.meaning(&cx.meta.holding.definition(&rule.object));
    let people = match &rule.subject {
        Subject::Employees { condition: Some(condition) } => veil::hides_condition(cx, "employee", condition),
        _ => false,
    };
    let variable = matches!(&rule.limit, Limit::Variable { field } if veil::hides(cx, "employee", field));
    !people && !variable && !veil::hides_condition(cx, &rule.object, &meaning)
}

pub(super) fn in_sight(cx: &Ctx, object: &str, rules: &[Live], rule: Id) -> bool {
    debug_assert!(rules.iter().all(|live| live.rule.object == object), "rules of one object");
    rules.iter().find(|live| live.rule.id == rule).is_some_and(|live| is_known(cx, &live.rule))
}

/// Where a limit comes from: `number`, or the variable with its label.
pub(super) fn limit_from(cx: &Ctx, limit: &Limit) -> Json {
    match limit {
        Limit::Number { .. } => json!("number"),
        Limit::Variable { field } => {
            let label: Option<&Label> = cx.meta.schema.object("employee").and_then(|object| object.field(field)).map(|field| &field.label);
            json!({"field": field, "label": label})
        }
    }
}

/// What people, departments and groups are called, as far as the caller sees them.
pub(super) fn names(cx: &Ctx, tx: &mut Read, rules: &[Live], met: &[&Full]) -> Result<BTreeMap<Id, String>> {
    let mut wanted: BTreeMap<&str, Vec<Id>> = BTreeMap::new();
    for full in met {
        if let Some(live) = rules.iter().find(|live| live.rule.id == full.room.rule) {
            wanted.entry(object_of(&live.rule.subject)).or_default().push(full.room.subject);
        }
    }
    let mut names = BTreeMap::new();
    for (key, mut ids) in wanted {
        ids.sort_unstable();
        ids.dedup();
        if let Ok(object) = cx.object(key) {
            names.extend(records::names_of(cx, tx, object, &ids)?);
        }
    }
    Ok(names)
}

/// A rule without room.
pub(super) fn full(cx: &Ctx, rules: &[Live], full: &Full, names: &BTreeMap<Id, String>) -> Json {
    let Some(live) = rules.iter().find(|live| live.rule.id == full.room.rule) else { return Json::Null };
    let (rule, subject) = (&live.rule, full.room.subject);
    json!({
        "rule": rule.id.to_string(), "name": rule.name,
        "subject": {"object": object_of(&rule.subject), "id": subject.to_string(), "name": names.get(&subject)},
        "limit": full.room.limit, "limit_from": limit_from(cx, &rule.limit), "held": full.room.held, "asked": full.asked,
        "room": full.room.left().map(|left| left.max(0)),
    })
}

/// Rules that would have stood against an act, for the trace.
pub(super) fn passed(cx: &Ctx, met: &[Full]) -> Vec<Json> {
    let name = |full: &Full| cx.meta.holding.rules(None).find(|rule| rule.id == full.room.rule).map(|rule| rule.name.clone());
    met.iter()
        .map(|full| {
            let room = &full.room;
            json!({
                "rule": room.rule.to_string(), "name": name(full), "subject": room.subject.to_string(), "limit": room.limit,
                "held": room.held,
            })
        })
        .collect()
}

/// Rules over which an act went, as the trace has them: those that the caller may know of, by name. How much somebody holds is no one else's to
/// know.
pub(crate) fn passed_by(cx: &Ctx, detail: &Json) -> Vec<Json> {
    let known = |id: &str| cx.meta.holding.rules(None).find(|rule| rule.id.to_string() == id).filter(|rule| is_known(cx, rule));
    let rules = detail["rules"].as_array().into_iter().flatten().filter_map(|one| known(one["rule"].as_str()?));
    rules.map(|rule| json!({"id": rule.id.to_string(), "name": rule.name})).collect()
}
