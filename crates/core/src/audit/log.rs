//! The audit log: changes of records, acts and refusals in one list, newest first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use db::Read;
use db::audit::{Entry, From, Place, Wanted};
use db::history;
use model::role::{Act, FieldAccess};
use model::{Id, Instant, Object, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::records::Refs;
use crate::{Ctx, Error, Result};

/// The query of `GET /audit`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRequest {
    /// RFC 3339; entries from then on.
    pub from: Option<String>,
    /// RFC 3339; entries before.
    pub until: Option<String>,
    /// Who did it.
    pub by: Option<String>,
    /// `record`, `object`, `process`, `role`, `view`, `organisation`, `currency_rate`, `person` …
    pub kind: Option<String>,
    pub object: Option<String>,
    pub record: Option<String>,
    pub act: Option<String>,
    /// `done` or `refused`.
    pub outcome: Option<String>,
    /// Part of a code by which an act was refused.
    pub code: Option<String>,
    /// Part of what it was done to, of a code, or of a reason given.
    pub q: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// One line of the log.
pub(super) enum Line {
    Act(Entry),
    Change(history::Entry),
}

/// The order of the list: by instant, acts before changes, each by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stand(Reverse<Instant>, bool, Reverse<Id>);

impl Line {
    fn stand(&self) -> Stand {
        match self {
            Line::Act(entry) => Stand(Reverse(entry.at), false, Reverse(entry.id)),
            Line::Change(entry) => Stand(Reverse(entry.at), true, Reverse(entry.record)),
        }
    }

    pub(super) fn origin(&self) -> Option<i64> {
        match self {
            Line::Act(entry) => entry.origin,
            Line::Change(entry) => entry.origin,
        }
    }
}

impl Stand {
    fn show(self) -> String {
        format!("{}.{}.{}", self.0.0.0, if self.1 { "change" } else { "act" }, self.2.0)
    }

    fn read(text: &str) -> Option<Stand> {
        let mut parts = text.splitn(3, '.');
        let at = Instant(parts.next()?.parse().ok()?);
        let change = match parts.next()? {
            "act" => false,
            "change" => true,
            _ => return None,
        };
        Some(Stand(Reverse(at), change, Reverse(parts.next()?.parse().ok()?)))
    }
}

/// The log; not there for whoever reads no trace.
pub fn log(cx: &Ctx, tx: &mut Read, request: &AuditRequest) -> Result<Json> {
    let wanted = wanted(cx, request)?;
    let limit = request.limit.unwrap_or(50).clamp(1, 200);
    let stand = match &request.cursor {
        Some(text) => Some(Stand::read(text).ok_or_else(|| Error::Malformed("cursor: not one of this list's".into()))?),
        None => None,
    };
    let (lines, next) = page(tx, &wanted, stand, limit)?;
    let mut refs = Refs::default();
    let origins = db::audit::origins(tx, lines.iter().filter_map(Line::origin))?;
    let items: Vec<Json> = lines.iter().map(|line| show(cx, line, &origins, &mut refs)).collect();
    Ok(json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": next.map(Stand::show)}))
}

/// What is wanted, as the caller may ask for it.
pub(super) fn wanted(cx: &Ctx, request: &AuditRequest) -> Result<Wanted> {
    if !cx.who.rights.reads_audit {
        return Err(Error::NotFound);
    }
    let malformed = |what: &str| Error::Malformed(what.to_owned());
    let instant = |name: &str, text: &Option<String>| -> Result<Option<Instant>> {
        let Some(text) = text else { return Ok(None) };
        let at = Instant::parse(text).ok_or_else(|| malformed(&format!("{name}: an instant, as 2026-11-25T08:00:00Z")))?;
        Ok(Some(at))
    };
    let id = |name: &str, text: &Option<String>| match text {
        Some(text) => text.parse::<Id>().map(Some).map_err(|_| malformed(&format!("{name}: an id"))),
        None => Ok(None),
    };
    let text = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let unknown = |key: &String| cx.meta.schema.object(key).is_some() && !cx.who.rights.may(Act::Read, key);
    Ok(Wanted {
        from: instant("from", &request.from)?,
        until: instant("until", &request.until)?,
        by: id("by", &request.by)?,
        kind: text(&request.kind),
        object: text(&request.object),
        record: id("record", &request.record)?,
        act: text(&request.act),
        refused: match request.outcome.as_deref() {
            None => None,
            Some("done") => Some(false),
            Some("refused") => Some(true),
            Some(_) => return Err(malformed("outcome: done or refused")),
        },
        code: text(&request.code),
        words: text(&request.q).filter(|words| model::text::storable(words)),
        without: cx.meta.order.iter().filter(|key| unknown(key)).cloned().collect(),
    })
}

/// The next lines, and where those after them begin.
pub(super) fn page(tx: &mut Read, wanted: &Wanted, stand: Option<Stand>, limit: u32) -> Result<(Vec<Line>, Option<Stand>)> {
    let place = |changes: bool| -> Option<Option<Place>> {
        let Some(Stand(Reverse(at), in_changes, Reverse(id))) = stand else { return Some(None) };
        Some(Some(match (in_changes, changes) {
            (false, true) => (at, None),
            // All acts of that instant are told before its changes.
            (true, false) => (Instant(at.0 - 1), None),
            _ => (at, Some(id)),
        }))
    };
    let mut lines: Vec<Line> = Vec::new();
    if let Some(place) = place(false) {
        lines.extend(db::audit::list(tx, wanted, place, limit + 1)?.into_iter().map(Line::Act));
    }
    if let (true, Some(place)) = (wanted.changes(), place(true)) {
        lines.extend(history::list_all(tx, wanted, place, limit + 1)?.into_iter().map(Line::Change));
    }
    lines.sort_by_key(Line::stand);
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = if more { lines.last().map(Line::stand) } else { None };
    Ok((lines, next))
}

/// The fields that a change tells of, as far as the reader may know of them.
pub(super) fn known<'a>(cx: &'a Ctx, entry: &'a history::Entry) -> impl Iterator<Item = (&'a model::Field, &'a Value, &'a Value)> {
    let object: Option<&Object> = cx.meta.schema.object(&entry.object).map(AsRef::as_ref);
    entry.changes.iter().filter_map(move |change| {
        let field = object?.field(&change.field)?;
        let known = cx.who.rights.field(&entry.object, field) > FieldAccess::Hidden;
        known.then_some((field, &change.old, &change.new))
    })
}

fn show(cx: &Ctx, line: &Line, origins: &BTreeMap<i64, From>, refs: &mut Refs) -> Json {
    let place = line.origin().and_then(|id| origins.get(&id));
    let (address, agent) = (place.map(|from| &from.address), place.map(|from| &from.agent));
    let token = place.and_then(|from| from.token.as_ref());
    match line {
        Line::Act(entry) => {
            refs.note("employee", entry.by);
            if let (Some(object), Some(record)) = (&entry.object, entry.record) {
                refs.note(object, record);
            }
            let detail: Json = entry.detail.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            let codes: Vec<&str> = entry.codes.split(' ').filter(|code| !code.is_empty()).collect();
            json!({
                "id": entry.id.to_string(), "at": entry.at.to_string(), "by": entry.by.to_string(), "via": entry.via, "address": address,
                "agent": agent, "token": token, "act": entry.act, "kind": entry.kind, "object": entry.object,
                "record": entry.record.map(|id| id.to_string()), "subject": entry.subject,
                "outcome": if entry.refused { "refused" } else { "done" }, "codes": codes, "times": entry.times, "reason": null,
                "changes": [], "detail": detail,
            })
        }
        Line::Change(entry) => {
            refs.note("employee", entry.by);
            refs.note(&entry.object, entry.record);
            let mut changes = Vec::new();
            for (field, old, new) in known(cx, entry) {
                for value in [old, new] {
                    match (value, field.kind.target()) {
                        (Value::Ref(id), Some(target)) => refs.note(target, *id),
                        (Value::Regarding { object, id }, _) => refs.note(object, *id),
                        _ => {}
                    }
                }
                changes.push(json!({"field": field.key, "old": model::field::show(old), "new": model::field::show(new)}));
            }
            json!({
                "id": format!("{}.{}", entry.record, entry.revision), "at": entry.at.to_string(), "by": entry.by.to_string(),
                "via": entry.via, "address": address, "agent": agent, "token": token, "act": entry.act, "kind": "record", "object": entry.object,
                "record": entry.record.to_string(), "subject": "", "outcome": "done", "codes": [], "times": 1, "reason": entry.reason,
                "changes": changes, "detail": null,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_as_it_is_shown() {
        let stand = Stand(Reverse(Instant(17)), true, Reverse(Id::SYSTEM));
        assert_eq!(Stand::read(&stand.show()), Some(stand));
        for wrong in ["", "17", "17.act", "17.other.x", "x.act.y"] {
            assert_eq!(Stand::read(wrong), None, "{wrong}");
        }
    }
}
