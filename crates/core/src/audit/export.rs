//! The audit log as a file.

use std::collections::{BTreeMap, BTreeSet};

use db::{Limits, Read};
use model::{Id, Value};
use serde::Deserialize;

use super::log::{AuditRequest, Line, known, page, wanted};
use super::{Note, Origin};
use crate::exports::{Cell, Head, Sink, Table, named_moment};
use crate::records::names_of;
use crate::{Credential, Ctx, Error, House, Result};

/// Lines of a file.
const MOST: usize = 1_000_000;
/// Lines read together.
const PAGE: u32 = 500;

/// The query of `GET /audit/export`: that of the log, without a page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditExport {
    /// `csv` or `xlsx`.
    pub format: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub by: Option<String>,
    pub kind: Option<String>,
    pub object: Option<String>,
    pub record: Option<String>,
    pub act: Option<String>,
    pub outcome: Option<String>,
    pub code: Option<String>,
    pub q: Option<String>,
}

impl AuditExport {
    fn request(&self) -> AuditRequest {
        let one = self.clone();
        AuditRequest {
            from: one.from,
            until: one.until,
            by: one.by,
            kind: one.kind,
            object: one.object,
            record: one.record,
            act: one.act,
            outcome: one.outcome,
            code: one.code,
            q: one.q,
            limit: None,
            cursor: None,
        }
    }
}

/// The titles of the file, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct AuditWords {
    pub sheet: &'static str,
    /// When, who, act, kind, object, what, outcome, codes, times, reason, changes, way, address, program.
    pub titles: [&'static str; 14],
    pub done: &'static str,
    pub refused: &'static str,
}

/// Refuses an export that cannot be, before anything is begun; else what is noted of it.
pub fn judge_export(cx: &Ctx, request: &AuditExport) -> Result<Note> {
    wanted(cx, &request.request())?;
    let format = format(request)?;
    let detail = serde_json::json!({
        "format": format, "from": request.from, "until": request.until, "by": request.by, "kind": request.kind, "object": request.object,
        "record": request.record, "act": request.act, "outcome": request.outcome, "code": request.code, "q": request.q,
    });
    Ok(Note::new("export", "audit").detail(detail))
}

fn format(request: &AuditExport) -> Result<&'static str> {
    match request.format.as_deref() {
        None | Some("csv") => Ok("csv"),
        Some("xlsx") => Ok("xlsx"),
        Some(_) => Err(Error::Malformed("format: csv or xlsx".into())),
    }
}

/// Makes the file, in one snapshot.
pub fn export(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    limits: Limits,
    request: &AuditExport,
    words: fn(&str) -> AuditWords,
    sink: &mut dyn Sink,
) -> Result<()> {
    let mut begun = false;
    let file = house.read_from(credential, limits, origin, |cx, tx| {
        if std::mem::replace(&mut begun, true) {
            return Err(Error::Internal("an export was broken off by the database".into()));
        }
        let wanted = wanted(cx, &request.request())?;
        let words = words(&cx.who.language);
        let format = format(request)?;
        let head = Head::new(&format!("audit-{}", cx.today()), format);
        let mut table = Table::begin(format, words.sheet, &words.titles.map(str::to_owned), head, sink)?;
        let (mut stand, mut lines_told) = (None, 0);
        loop {
            if sink.is_gone() {
                return Err(db::Error::Cancelled.into());
            }
            let (lines, next) = page(tx, &wanted, stand, PAGE)?;
            lines_told += lines.len();
            table.page(&rows(cx, tx, &lines, words)?, sink)?;
            stand = next;
            if stand.is_none() || lines_told >= MOST {
                return table.end(sink);
            }
        }
    })?;
    file.map_or(Ok(()), |file| file.send(sink))
}

fn rows(cx: &Ctx, tx: &mut Read, lines: &[Line], words: AuditWords) -> Result<Vec<Vec<Cell>>> {
    let names = names(cx, tx, lines)?;
    let origins = db::audit::origins(tx, lines.iter().filter_map(Line::origin))?;
    let text = |text: &str| if text.is_empty() { Cell::Blank } else { Cell::Text(text.to_owned()) };
    let person = |id: Id| text(names.get(&id).map_or("", String::as_str));
    let label = |object: Option<&str>| {
        let known = object.and_then(|key| cx.meta.schema.object(key));
        text(known.map_or(object.unwrap_or_default(), |object| object.label.in_language(&cx.who.language)))
    };
    let row = |line: &Line| {
        let place = line.origin().and_then(|id| origins.get(&id));
        let mut row = match line {
            Line::Act(entry) => {
                let name = entry.record.and_then(|id| names.get(&id)).map_or(entry.subject.as_str(), String::as_str);
                let outcome = if entry.refused { words.refused } else { words.done };
                vec![
                    named_moment(cx, entry.at),
                    person(entry.by),
                    text(&entry.act),
                    text(&entry.kind),
                    label(entry.object.as_deref()),
                    text(name),
                    text(outcome),
                    text(&entry.codes),
                    Cell::Number(entry.times.to_string()),
                    Cell::Blank,
                    text(entry.detail.as_deref().unwrap_or_default()),
                    text(&entry.via),
                ]
            }
            Line::Change(entry) => {
                let name = names.get(&entry.record).map_or("", String::as_str);
                let shown = |value: &Value| match value {
                    Value::Ref(id) | Value::Regarding { id, .. } => names.get(id).cloned().unwrap_or_default(),
                    other => match model::field::show(other) {
                        serde_json::Value::Null => String::new(),
                        serde_json::Value::String(text) => text,
                        json => json.to_string(),
                    },
                };
                let changes: Vec<String> = known(cx, entry)
                    .map(|(field, old, new)| format!("{}: {} → {}", field.label.in_language(&cx.who.language), shown(old), shown(new)))
                    .collect();
                vec![
                    named_moment(cx, entry.at),
                    person(entry.by),
                    text(&entry.act),
                    text("record"),
                    label(Some(&entry.object)),
                    text(name),
                    text(words.done),
                    Cell::Blank,
                    Cell::Number("1".into()),
                    text(entry.reason.as_deref().unwrap_or_default()),
                    text(&changes.join("; ")),
                    text(&entry.via),
                ]
            }
        };
        row.extend([text(place.map_or("", |from| &from.address)), text(place.map_or("", |from| &from.agent))]);
        row
    };
    Ok(lines.iter().map(row).collect())
}

/// The names of all that these lines tell of, as far as the reader sees it.
fn names(cx: &Ctx, tx: &mut Read, lines: &[Line]) -> Result<BTreeMap<Id, String>> {
    let mut wanted: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
    for line in lines {
        match line {
            Line::Act(entry) => {
                wanted.entry("employee").or_default().insert(entry.by);
                if let (Some(object), Some(record)) = (&entry.object, entry.record) {
                    wanted.entry(object).or_default().insert(record);
                }
            }
            Line::Change(entry) => {
                wanted.entry("employee").or_default().insert(entry.by);
                wanted.entry(&entry.object).or_default().insert(entry.record);
                for (field, old, new) in known(cx, entry) {
                    for value in [old, new] {
                        match (value, field.kind.target()) {
                            (Value::Ref(id), Some(target)) => wanted.entry(target).or_default().insert(*id),
                            _ => false,
                        };
                    }
                }
            }
        }
    }
    let mut names = BTreeMap::new();
    for (key, ids) in wanted {
        let Ok(object) = cx.object(key) else { continue };
        let ids: Vec<Id> = ids.into_iter().filter(|id| *id != Id::SYSTEM).collect();
        names.extend(names_of(cx, tx, object, &ids)?);
        let missing: Vec<Id> = ids.into_iter().filter(|id| !names.contains_key(id)).collect();
        names.extend(db::audit::buried(tx, key, &missing)?);
    }
    Ok(names)
}
