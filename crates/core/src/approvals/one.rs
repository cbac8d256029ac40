//! One approval: what is asked for, where it stands, who has done what.

use db::Read;
use model::Id;
use model::approval::{Kind, Node, Run};
use serde_json::{Value as Json, json};

use super::seen::{self, Reader};
use super::store::{self, Approval};
use super::{can, list, trail};
use crate::audit::Tokens;
use crate::records::Refs;
use crate::{Ctx, Error, Result, veil};

/// One approval with its trail. Errors: not there for the caller.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    let approval = store::load(tx, id)?;
    let approvals = [approval];
    let reader = Reader::of(cx, tx, &approvals)?;
    let [approval] = &approvals;
    seen::must_concern(cx, tx, approval, &reader.stands_in_for)?;
    let entries = store::trail(tx, id)?;
    let (flow, run) = (reader.flow(approval)?, &approval.run);
    let mut refs = Refs::default();
    let mut shown = list::summary(&reader, approval, None, &mut refs)?;
    shown["flow_version"] = approval.flow_version.into();
    shown["description"] = flow.description.as_str().into();
    shown["outcome"] = run.outcome.as_ref().map(model::approval::Outcome::key).into();
    shown["failed"] = failed(&reader, approval);
    shown["record_readable"] = reader.record(approval).is_some().into();
    shown["steps"] = trail::steps(flow, run, cx.at, &mut refs).into();
    let origins = store::origins(tx, id)?;
    let tokens = Tokens::of(tx, origins.iter().copied())?;
    let tokens: Vec<Json> = origins.into_iter().map(|origin| tokens.name(origin)).collect();
    shown["trail"] = trail::trail(flow, Run::new(run.submitter, run.initiator), &entries, &tokens, &mut refs).into();
    shown["nodes"] = flow.nodes.iter().filter(|node| node.asks()).map(|node| json!({"node": node.key, "name": node.name})).collect();
    let jumps = can::jumps(flow, run, &reader.by(approval));
    shown["jump_to"] = jumps.iter().filter_map(|key| flow.node(key)).map(place).collect();
    shown["retrieves"] = can::retrievable(flow, run, &reader.by(approval)).into();
    let mine = reader.tasks(run).first().map(|(task, _)| *task);
    let (may_edit, must_fill, comment) = asked_at(&reader, approval, mine)?;
    shown["values"] = reader.values(approval, &[may_edit.clone(), must_fill.clone()].concat(), &mut refs);
    (shown["may_edit"], shown["must_fill"], shown["comment_required"]) = (may_edit.into(), must_fill.into(), comment.into());
    shown["refs"] = refs.names(cx, tx)?;
    Ok(shown)
}

fn place(node: &Node) -> Json {
    let does = serde_json::to_value(&node.does).unwrap_or_default();
    json!({"node": node.key, "name": node.name, "type": does["type"]})
}

/// Fields that one may change and must fill with the task, as far as one knows of them, and whether agreeing asks for a comment. What came
/// back to its initiator may be changed in what was asked for.
fn asked_at(reader: &Reader<'_>, approval: &Approval, task: Option<usize>) -> Result<(Vec<String>, Vec<String>, bool)> {
    let known = |fields: &[String]| fields.iter().filter(|field| reader.knows(approval, field)).cloned().collect::<Vec<_>>();
    let run = &approval.run;
    if run.returned.is_some() && reader.can(approval)?.contains(&"resubmit") {
        let asked: Vec<String> = approval.asked.patch.keys().cloned().collect();
        return Ok((known(&asked), Vec::new(), false));
    }
    let flow = reader.flow(approval)?;
    Ok(match task.and_then(|task| node_of(run, task)).and_then(|key| flow.node(key)).map(|node| &node.does) {
        Some(Kind::Approve(approve)) => (known(&approve.may_edit), known(&approve.must_fill), approve.comment_required),
        Some(Kind::Task { must_fill, .. }) => (Vec::new(), known(must_fill), false),
        _ => (Vec::new(), Vec::new(), false),
    })
}

fn node_of(run: &Run, task: usize) -> Option<&str> {
    run.tasks.get(task).and_then(|task| run.steps.get(task.step)).map(|step| step.node.as_str())
}

/// What messages speak of that is no value of a record.
const OF_DEFINITIONS: [&str; 9] = ["stage", "stages", "leaving", "to_stage", "field", "condition", "act", "min", "max"];

/// Why what was agreed to could not be done, as far as the reader may know.
fn failed(reader: &Reader<'_>, approval: &Approval) -> Json {
    let Some(found) = approval.failed.as_ref().and_then(Json::as_array) else { return Json::Null };
    let object = reader.cx.object(&approval.object).ok();
    let sees = reader.record(approval).is_some();
    let mut told = Vec::new();
    for violation in found {
        let (code, path) = (violation["code"].as_str().unwrap_or_default(), violation["path"].as_str().unwrap_or_default());
        let mut params = violation["params"].as_object().cloned().unwrap_or_default();
        let known = object.is_some_and(|object| !veil::tells(reader.cx, object, path, &params));
        // Of a record that he does not see any more he is told no values.
        params.retain(|key, _| sees || OF_DEFINITIONS.contains(&key.as_str()));
        // What was found alike may be out of this reader's sight.
        told.push(match known {
            true if code.starts_with("duplicate.") => json!({"code": code, "path": path, "params": {}}),
            true => json!({"code": code, "path": path, "params": params}),
            false => json!({"code": veil::OUT_OF_SIGHT, "path": "", "params": {}}),
        });
    }
    told.dedup();
    told.into()
}

/// Errors of a caller for whom it is not there.
pub(super) fn found(cx: &Ctx, tx: &mut Read, id: Id, stands_in_for: &std::collections::BTreeSet<Id>) -> Result<Approval> {
    let approval = store::load(tx, id)?;
    seen::must_concern(cx, tx, &approval, stands_in_for).map(|()| approval).map_err(|error| match error {
        Error::Forbidden { .. } => Error::NotFound,
        other => other,
    })
}
