//! The history of a record: who changed which fields from what to what, when and by which way.

use db::Read;
use model::Id;
use model::role::FieldAccess;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::Refs;
use crate::{Ctx, Error, Result};

/// The query of `GET …/history`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// Changes of a record, newest first; fields that one may not know of are left out.
pub fn history(cx: &Ctx, tx: &mut Read, object: &str, id: Id, request: &HistoryRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    super::load(cx, tx, &object, id)?;
    let limit = request.limit.unwrap_or(50).clamp(1, 200);
    let before = match &request.cursor {
        Some(text) => Some(text.parse::<i64>().map_err(|_| Error::Malformed("cursor: not one of this list's".into()))?),
        None => None,
    };
    let entries = db::history::list(tx, &object.key, id, before, limit)?;
    let next = (entries.len() == limit as usize).then(|| entries.last().map(|entry| entry.revision.to_string())).flatten();
    let mut refs = Refs::default();
    let mut items = Vec::with_capacity(entries.len());
    for entry in &entries {
        refs.note("employee", entry.by);
        let mut changes = Vec::new();
        for change in &entry.changes {
            let Some(field) = object.field(&change.field) else { continue };
            if cx.who.rights.field(&object.key, field) == FieldAccess::Hidden {
                continue;
            }
            for value in [&change.old, &change.new] {
                refs.note_value(&field.kind, value);
            }
            changes.push(json!({"field": change.field, "old": model::field::show(&change.old), "new": model::field::show(&change.new)}));
        }
        items.push(json!({
            "at": entry.at.to_string(), "by": entry.by.to_string(), "via": entry.via, "act": entry.act, "reason": entry.reason,
            "revision": entry.revision, "changes": changes,
        }));
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}
