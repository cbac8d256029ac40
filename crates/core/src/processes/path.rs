//! The path of a deal: every stage with what stands between here and it.

use std::collections::BTreeMap;

use db::Read;
use model::process::{CreateOnEntry, FixableBy, InForce, PathStage, Requirement};
use model::role::Act;
use model::{Id, Object};
use serde_json::{Map, Value as Json, json};

use super::{acts, filling, standing};
use crate::records::Refs;
use crate::{Ctx, Result, approvals, stage_tasks, veil};

/// The path of a deal, judged by the very function that judges the move.
pub fn path(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let (object, record) = acts::deal(cx, tx, id)?;
    let standing = standing::of(cx, tx, &record)?;
    let facts = standing.facts();
    let mut path = model::process::path(&facts);
    let mut records = BTreeMap::new();
    for stage in &mut path.stages {
        veiled(cx, &object, stage);
        if !stage.asks_records.is_empty() {
            records.insert(stage.key.clone(), asked(cx, tx, &record, &stage.asks_records)?);
        }
    }
    let mut shown = json!(path);
    let mut refs = Refs::default();
    let tasks = stage_tasks::of_deal(cx, tx, &object, &record, &mut refs)?;
    for stage in shown["stages"].as_array_mut().into_iter().flatten() {
        let key = stage["key"].as_str().unwrap_or_default().to_owned();
        stage["tasks"] = tasks.iter().filter(|task| task["stage"] == key.as_str()).cloned().collect();
        stage["asks_records"] = records.remove(&key).unwrap_or_default().into();
    }
    shown["approval"] = approvals::awaited(cx, tx, &record, &mut refs)?;
    shown["refs"] = refs.names(cx, tx)?;
    shown["process"]["pinned"] = matches!(cx.meta.in_force(&record), Some(InForce::Pinned(_))).into();
    let mover = facts.mover;
    shown["can"] = json!({
        "move": mover.may_move, "reopen": mover.may_reopen, "change_process": mover.may_change_process, "bypass": mover.may_bypass,
    });
    Ok(shown)
}

/// A stage as the caller may know it: nothing tells of what is hidden from him.
fn veiled(cx: &Ctx, object: &Object, stage: &mut PathStage) {
    stage.asks.retain(|field| !veil::hides(cx, &object.key, field));
    stage.asks_records.retain(|wanted| cx.object(&wanted.object).is_ok());
    requirements(cx, object, &mut stage.requirements);
    stage.reachable &= stage.requirements.iter().all(Requirement::is_asked_for);
}

/// What stands against a move as the caller may know it. What asks for a record which he may not create is not his to mend.
pub(super) fn requirements(cx: &Ctx, object: &Object, found: &mut [Requirement]) {
    for requirement in found {
        if veil::tells(cx, object, requirement.path.as_deref().unwrap_or_default(), &requirement.params) {
            *requirement = Requirement::new(veil::OUT_OF_SIGHT, &requirement.stage, FixableBy::Administrator);
        } else if requirement.params.get("object").and_then(Json::as_str).is_some_and(|object| !cx.who.rights.may(Act::Create, object)) {
            requirement.fixable_by = FixableBy::Administrator;
        }
    }
}

/// Records that a move asks for, with what each begins with.
fn asked(cx: &Ctx, tx: &mut Read, deal: &model::Record, wanted: &[CreateOnEntry]) -> Result<Vec<Json>> {
    let mut shown = Vec::with_capacity(wanted.len());
    for one in wanted {
        let mut asked = json!(one);
        let mut values = Map::new();
        if let Ok(object) = cx.object(&one.object).cloned() {
            let known = |field: &String| !veil::hides(cx, &object.key, field);
            if !known(&one.link) {
                asked["link"] = "".into();
            }
            asked["fields"] = one.fields.iter().filter(|field| known(field)).map(|field| json!(field)).collect();
            asked["fill"] = one.fill.iter().filter(|fill| known(&fill.field)).map(|fill| json!(fill)).collect();
            let filled = filling::values(cx, tx, deal, &object, &one.fill)?;
            let mut own = crate::orders::prefilled(cx, tx, deal, &object)?;
            own.extend(crate::deals::prefilled(cx, tx, deal, &object)?);
            values.extend(own.iter().map(|(field, value)| (field.clone(), model::field::show(value))));
            values.extend(filled.his.iter().map(|(field, value)| (field.clone(), model::field::show(value))));
        }
        asked["values"] = values.into();
        shown.push(asked);
    }
    Ok(shown)
}
