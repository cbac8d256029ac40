//! Leaving an approval out: an act of its own (`skip_approval`), for a reason, and told in the trace.

use db::Write;
use model::approval::Flow;
use model::role::Act;
use model::{Id, Object, Via, Violation};
use serde_json::json;

use crate::audit::{self, Note};
use crate::save::{Under, Working};
use crate::{Ctx, Error, Result};

/// Whether somebody may.
pub(super) fn judge(cx: &Ctx, object: &Object, item: &mut Working) {
    if item.change.under != Some(Under::Skips) {
        return;
    }
    if !cx.who.rights.may(Act::SkipApproval, &object.key) {
        item.error = Some(Error::Forbidden { act: Act::SkipApproval.key().to_owned(), object: object.key.clone() });
    } else if item.change.reason().is_none() {
        item.findings.push(Violation::new("approval.reason_required", "reason"));
    }
}

/// An approval that was left out.
pub(crate) struct Skipped {
    pub record: Id,
    pub name: String,
    pub flow: std::sync::Arc<Flow>,
    pub reason: Option<String>,
}

impl Skipped {
    /// What a save has left out.
    pub fn of(object: &Object, item: &mut Working) -> Option<Skipped> {
        let flow = item.left_out.take()?;
        let name = model::search::name_field(object).map_or("", |field| item.after.text(&field.key)).to_owned();
        Some(Skipped { record: item.after.id, name, flow, reason: item.change.reason().map(str::to_owned) })
    }
}

/// Tells of those that were left out. Of an import it is told once, with the import.
pub(crate) fn note(cx: &Ctx, tx: &mut Write, object: &Object, skipped: Vec<Skipped>) -> Result<()> {
    for one in skipped.into_iter().filter(|_| cx.via != Via::Import) {
        let note = Note::new(Act::SkipApproval.key(), "record").record(&object.key, one.record).subject(one.name);
        let flow = json!({"id": one.flow.id.to_string(), "name": one.flow.name, "trigger": one.flow.trigger});
        audit::note(cx, tx, note.detail(json!({"flow": flow, "reason": one.reason})))?;
    }
    Ok(())
}
