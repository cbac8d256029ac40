//! To which processes a deal may change, and what stands between it and their stages.

use db::Read;
use model::Id;
use model::field::StageType;
use model::process::{Facts, Requirement, judge};
use serde_json::{Value as Json, json};

use super::choosing::Takers;
use super::{acts, path, standing};
use crate::{Ctx, Result, veil, world};

/// The processes that the deal may take besides its own, by precedence, with the stages in which it may begin there.
pub fn processes(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let (object, record) = acts::deal(cx, tx, id)?;
    if veil::hides(cx, &object.key, "sales_process") {
        return Ok(json!({ "items": [] }));
    }
    let takers = Takers::of(cx, tx, &[&record])?;
    let own = record.text("sales_process");
    let others: Vec<_> = takers.applicable(&record).into_iter().filter(|gates| gates.process.id.to_string() != own).collect();
    let standing = standing::of(cx, tx, &record)?;
    let world = world::around(cx, tx, &[&record], others.iter().flat_map(|gates| gates.conditions()))?;
    let mut items = Vec::with_capacity(others.len());
    for gates in others {
        let facts = Facts { gates, world: &world, reopening: false, changing_process: true, ..standing.facts() };
        let in_progress = |key: &str| object.options("stage").iter().find(|o| o.key == key && o.stage_type == Some(StageType::InProgress));
        let mut stages = Vec::new();
        for option in gates.process.stages.iter().filter_map(|rules| in_progress(&rules.stage)) {
            let mut verdict = judge(&facts, &option.key);
            verdict.asks.retain(|field| !veil::hides(cx, &object.key, field));
            path::requirements(cx, &object, &mut verdict.requirements);
            let reachable = verdict.requirements.iter().all(Requirement::is_asked_for);
            stages.push(json!({
                "key": option.key, "label": option.label, "reachable": reachable, "requirements": verdict.requirements, "asks": verdict.asks,
            }));
        }
        items.push(json!({"id": gates.process.id.to_string(), "name": gates.process.name, "stages": stages}));
    }
    Ok(json!({ "items": items }))
}
