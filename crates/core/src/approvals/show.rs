//! Approvals as the API tells them.

use db::Read;
use model::Id;
use serde_json::{Value as Json, json};

use super::store;
use crate::{Ctx, Error, Result};

/// Errors: the caller neither sees the record nor has to do with the approval.
pub(super) fn must_concern(cx: &Ctx, tx: &mut Read, id: Id) -> Result<()> {
    let approval = store::load(tx, id)?;
    let run = &approval.run;
    let own = [run.submitter, run.initiator].contains(&cx.who.id) || run.tasks.iter().any(|task| task.person == cx.who.id);
    if own || cx.is_administrator() {
        return Ok(());
    }
    let object = cx.object(&approval.object)?;
    match db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &[approval.record])?.is_empty() {
        false => Ok(()),
        true => Err(Error::NotFound),
    }
}

/// One approval with its trail.
pub fn one(cx: &Ctx, tx: &mut Read, id: Id) -> Result<Json> {
    must_concern(cx, tx, id)?;
    let approval = store::load(tx, id)?;
    let trail = store::trail(tx, id)?;
    let text = |e: serde_json::Error| Error::Internal(e.to_string());
    Ok(json!({
        "id": id.to_string(), "flow": approval.flow.to_string(), "flow_version": approval.flow_version, "object": approval.object,
        "record": approval.record.to_string(), "what": approval.what, "began_at": approval.began_at.to_string(),
        "ended_at": approval.ended_at.map(|at| at.to_string()), "version": approval.version, "failed": approval.failed,
        "outcome": approval.run.outcome.as_ref().map(|outcome| outcome.key()),
        "asks": {"patch": approval.asked.patch, "before": approval.asked.before, "stage": approval.asked.stage, "reason": approval.asked.reason},
        "run": serde_json::to_value(&approval.run).map_err(text)?, "trail": serde_json::to_value(&trail).map_err(text)?,
    }))
}
