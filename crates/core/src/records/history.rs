//! The history of a record: who changed which fields from what to what, when and by which way.

use db::Read;
use db::audit::Wanted;
use model::Id;
use model::role::{Act, FieldAccess};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::Refs;
use crate::audit::Tokens;
use crate::{Ctx, Error, Result, duplicates, veil};

/// Changes of the team that stand between two changes of the record, at most.
const TEAMS: u32 = 1000;

/// The query of `GET …/history`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRequest {
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// Only where this field was changed.
    pub field: Option<String>,
    /// Only what this person did.
    pub by: Option<String>,
}

/// A change of the team: no field of the record, but told among its changes.
fn team(entry: &db::audit::Entry, token: Json, refs: &mut Refs) -> Json {
    refs.note("employee", entry.by);
    let detail: Json = entry.detail.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for member in ["old", "new"].iter().filter_map(|side| detail[side].as_array()).flatten() {
        if let Some(person) = member["person"].as_str().and_then(|id| id.parse().ok()) {
            refs.note("employee", person);
        }
    }
    json!({
        "at": entry.at.to_string(), "by": entry.by.to_string(), "via": entry.via, "token": token, "act": entry.act, "reason": null, "revision": null,
        "changes": [], "team": {"old": detail["old"], "new": detail["new"]}, "alike": null,
    })
}

/// Changes of a record, newest first; fields that one may not know of are left out.
pub fn history(cx: &Ctx, tx: &mut Read, object: &str, id: Id, request: &HistoryRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    let record = super::load(cx, tx, &object, id)?;
    let limit = request.limit.unwrap_or(50).clamp(1, 200);
    let before = match &request.cursor {
        Some(text) => Some(text.parse::<i64>().map_err(|_| Error::Malformed("cursor: not one of this list's".into()))?),
        None => None,
    };
    let by = match &request.by {
        Some(text) => Some(text.parse::<Id>().map_err(|_| Error::Malformed("by: an id".into()))?),
        None => None,
    };
    // A field that one may not know of has no history.
    let field = match request.field.as_deref() {
        Some(key) => match object
            .field(key)
            .filter(|field| !veil::covers(cx, Some(&record), &field.key))
            .filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden)
        {
            Some(field) => Some(field.key.as_str()),
            None => return Err(Error::invalid("field.unknown", "field")),
        },
        None => None,
    };
    let entries = db::history::list_of(tx, &object.key, id, before, limit, by, field)?;
    let next = (entries.len() == limit as usize).then(|| entries.last().map(|entry| entry.revision.to_string())).flatten();
    let mut refs = Refs::default();
    let mut items = Vec::with_capacity(entries.len());
    // Which of the saves went on over records that are alike.
    let alike = if entries.is_empty() || field.is_some() { Vec::new() } else { duplicates::happened(cx, tx, &object.key, id)? };
    let tokens = Tokens::of(tx, entries.iter().map(|entry| entry.origin))?;
    for entry in &entries {
        refs.note("employee", entry.by);
        let mut changes = Vec::new();
        for change in &entry.changes {
            let Some(field) = object.field(&change.field) else { continue };
            if cx.who.rights.field(&object.key, field) == FieldAccess::Hidden || veil::covers(cx, Some(&record), &change.field) {
                continue;
            }
            for value in [&change.old, &change.new] {
                refs.note_value(&field.kind, value);
            }
            changes.push(json!({"field": change.field, "old": model::field::show(&change.old), "new": model::field::show(&change.new)}));
        }
        items.push(json!({
            "at": entry.at.to_string(), "by": entry.by.to_string(), "via": entry.via, "token": tokens.name(entry.origin), "act": entry.act, "reason": entry.reason,
            "revision": entry.revision, "changes": changes, "team": null,
            "alike": alike.iter().find(|one| (one.at, one.by) == (entry.at, entry.by)).map(|one| &one.matches),
        }));
    }
    if field.is_none() {
        let until = match before {
            Some(revision) => db::history::list(tx, &object.key, id, Some(revision + 1), 1)?.first().map(|entry| entry.at),
            None => None,
        };
        let from = next.as_ref().and_then(|_| entries.last().map(|entry| entry.at));
        let wanted = Wanted {
            from,
            until,
            by,
            object: Some(object.key.clone()),
            record: Some(id),
            act: Some(Act::Team.key().to_owned()),
            refused: Some(false),
            ..Wanted::default()
        };
        let teams = db::audit::list(tx, &wanted, None, TEAMS)?;
        let tokens = Tokens::of(tx, teams.iter().map(|entry| entry.origin))?;
        for entry in &teams {
            items.push(team(entry, tokens.name(entry.origin), &mut refs));
        }
        items.sort_by(|a, b| b["at"].as_str().cmp(&a["at"].as_str()));
    }
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next}))
}
