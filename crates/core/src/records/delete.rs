//! Deleting for good.

use db::Write;
use model::Id;
use serde_json::{Value as Json, json};

use super::Reason;
use crate::save::{Under, delete};
use crate::{Ctx, Result};

/// Deletes a record for good, with what lives in it. It must be in the recycle bin. A dry run tells what would go along and which
/// references would be taken away.
pub fn delete_for_good(cx: &Ctx, tx: &mut Write, object: &str, id: Id, version: Option<i64>, wanted: &Reason) -> Result<Json> {
    cx.only_asks(wanted.dry_run);
    let object = cx.object(object)?.clone();
    let reason = wanted.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let under = wanted.skip_approval.then_some(Under::Skips);
    let deleted = delete(cx, tx, &object, id, version, (reason, under))?;
    if let Some(approval) = deleted.approval {
        let record = super::load(cx, tx, &object, id)?;
        let shown = super::show_one(cx, tx, &object, &record)?;
        if wanted.dry_run {
            tx.abandon();
        }
        return Ok(json!({
            "result": "pending_approval", "approval": approval.to_string(), "record": shown, "along": {}, "let_go": [], "dry_run": wanted.dry_run,
        }));
    }
    if wanted.dry_run {
        tx.abandon();
    }
    let let_go: Vec<Json> =
        deleted.let_go.iter().map(|((object, field), count)| json!({"object": object, "field": field, "count": count})).collect();
    Ok(json!({"result": "deleted", "record": null, "along": deleted.along, "let_go": let_go, "dry_run": wanted.dry_run}))
}
