//! Pages of records: filter, words, sort, keyset.

use std::collections::BTreeSet;

use db::Read;
use db::records::{Bin, Query, Sort};
use db::search::Words;
use jiff::tz::TimeZone;
use model::condition::{Reading, Resolved};
use model::role::Act;
use model::time::Calendar;
use model::{Condition, Id, Object, Schema, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Refs, show_rows};
use crate::views::{self, View};
use crate::{Ctx, Error, Result, access, reckoning, search};

/// The query of `GET /records/{object}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRequest {
    /// The id of a view: its filter holds besides, its sort and columns where none are given.
    pub view: Option<String>,
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words by which records are found.
    pub q: Option<String>,
    /// `field` or `-field`.
    pub sort: Option<String>,
    /// Keys divided by commas.
    pub fields: Option<String>,
    /// At most 200; 50 when absent.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// `exact` or `none`.
    pub count: Option<String>,
    /// `only` for the recycle bin alone, which those see who may restore.
    pub voided: Option<String>,
}

/// What a list, a board or a count asks for, settled for its reader.
pub(crate) struct Asked {
    pub condition: Option<Resolved>,
    pub words: Option<Words>,
    pub view: Option<View>,
}

/// Reads view, filter and words with the caller's eyes: a field that he may not know of is unknown.
pub(crate) fn asked(cx: &Ctx, tx: &mut Read, object: &Object, view: Option<&str>, filter: Option<&str>, q: Option<&str>) -> Result<Asked> {
    let words = q.map_or(Ok(None), |q| search::words(cx, object, q))?;
    let view = view.map(str::trim).filter(|id| !id.is_empty()).map(|id| views::named(cx, tx, object, id)).transpose()?;
    let mut parts = Vec::new();
    if let Some((view, filter)) = view.as_ref().and_then(|view| Some((view, view.document.filter.as_ref()?))) {
        // What "today" is in a private view, the reader's own day says.
        let own = (view.document.sharing.scope == views::Scope::Private).then(|| calendar_of(cx));
        parts.push(resolve(cx, tx, &object.key, filter, own.as_ref().unwrap_or(&cx.meta.calendar))?);
    }
    if let Some(filter) = filter.map(str::trim).filter(|text| !text.is_empty()) {
        let json: Json = serde_json::from_str(filter).map_err(|e| Error::Malformed(format!("filter: {e}")))?;
        parts.push(resolve(cx, tx, &object.key, &json, &cx.meta.calendar)?);
    }
    let condition = if parts.len() > 1 { Some(Resolved::All(parts)) } else { parts.pop() };
    Ok(Asked { condition, words, view })
}

impl Asked {
    /// The sort that holds: the one given, else the view's.
    pub fn sort<'a>(&'a self, given: Option<&'a str>) -> Option<&'a str> {
        given.or_else(|| self.view.as_ref()?.document.sort.as_deref())
    }

    /// The view's columns, as far as the caller may know of them; `None` where there is no view, or it names none.
    fn columns(&self, cx: &Ctx) -> Option<BTreeSet<String>> {
        let view = self.view.as_ref().filter(|view| !view.document.columns.is_empty())?;
        Some(view.known_columns(cx).into_iter().map(str::to_owned).collect())
    }
}

/// A condition over an object as the caller means it, by what he may know of. Errors: what stands against it.
pub(crate) fn resolve(cx: &Ctx, tx: &mut Read, object: &str, filter: &Json, calendar: &Calendar) -> Result<Resolved> {
    let condition = Condition::from_json(filter)?;
    let below: Vec<Id> = if filter.to_string().contains("my_subordinates") { access::subordinates(cx, tx)? } else { Vec::new() };
    let schema: Schema = cx.seen_schema();
    condition.resolve(object, &Reading { calendar, ..cx.reading(&schema, &below) }).map_err(Error::Invalid)
}

/// The organisation's calendar in the caller's time zone.
fn calendar_of(cx: &Ctx) -> Calendar {
    let calendar = &cx.meta.calendar;
    Calendar { zone: TimeZone::get(&cx.who.time_zone).unwrap_or_else(|_| calendar.zone.clone()), ..calendar.clone() }
}

/// The recycle bin alone, for those who may restore, or what is not in it.
pub(crate) fn bin(cx: &Ctx, object: &Object, voided: Option<&str>) -> Result<Bin> {
    match voided {
        None => Ok(Bin::Out),
        Some("only") => {
            cx.must_be_allowed(Act::Restore, &object.key)?;
            Ok(Bin::Alone)
        }
        Some(_) => Err(Error::Malformed("voided: only".into())),
    }
}

/// A page of records.
pub fn list(cx: &Ctx, tx: &mut Read, object: &str, request: &ListRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    let bin = bin(cx, &object, request.voided.as_deref())?;
    let asked = asked(cx, tx, &object, request.view.as_deref(), request.filter.as_deref(), request.q.as_deref())?;
    let sort = sort(cx, &object, asked.sort(request.sort.as_deref()))?;
    let only = match request.fields.as_deref() {
        None => asked.columns(cx),
        given => fields(cx, &object, given)?,
    };
    let limit = request.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::Malformed("limit: a whole number from 1 to 200".into()));
    }
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let cursor = match &request.cursor {
        Some(text) => Some(db::page::Cursor::decode(text, &sort).map_err(|_| strange())?),
        None => None,
    };
    let query = Query { condition: asked.condition.as_ref(), words: asked.words.as_ref(), sort, cursor, limit, bin };
    let mut page = db::records::list(tx, &cx.meta.schema, &object, &cx.scope(), &query).map_err(|error| match error {
        // Only where it is used it shows that its signature is none of ours.
        db::Error::Cursor => strange(),
        other => other.into(),
    })?;
    // Long texts lie apart, and are read only where somebody asks for one by name.
    if only.as_ref().is_some_and(|only| object.long_texts().any(|field| only.contains(&field.key))) {
        db::records::add_long_texts(tx, &object, &mut page.records)?;
    }
    reckoning::on_read(cx, tx, &object, &mut page.records, only.as_ref())?;
    let mut refs = Refs::default();
    let items = show_rows(cx, tx, &object, &page.records, only.as_ref(), &mut refs)?;
    let mut answer = json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": page.next.map(|cursor| cursor.encode())});
    match request.count.as_deref() {
        None | Some("none") => {}
        Some("exact") => {
            answer["count"] =
                db::records::count(tx, &cx.meta.schema, &object, &cx.scope(), asked.condition.as_ref(), asked.words.as_ref(), bin)?.into();
        }
        Some(_) => return Err(Error::Malformed("count: exact or none".into())),
    }
    Ok(answer)
}

/// The sort asked for; newest first when nothing is asked.
pub(crate) fn sort(cx: &Ctx, object: &Object, asked: Option<&str>) -> Result<Sort> {
    let (field, descending) = match asked {
        // Ids are made in the order of time.
        None if crate::veil::hides(cx, &object.key, "created_at") => return Ok(Sort { field: "id".into(), descending: true }),
        None => ("created_at", true),
        Some(text) => text.strip_prefix('-').map_or((text, false), |field| (field, true)),
    };
    let known = object.field(field).filter(|f| cx.who.rights.field(&object.key, f) > model::role::FieldAccess::Hidden);
    let known = known.ok_or_else(|| Error::from(Violation::new("field.unknown", field)))?;
    if !views::is_sortable(known) {
        return Err(Violation::new("field.not_sortable", field).into());
    }
    Ok(Sort { field: field.to_owned(), descending })
}

fn fields(cx: &Ctx, object: &Object, asked: Option<&str>) -> Result<Option<BTreeSet<String>>> {
    let Some(asked) = asked else { return Ok(None) };
    let mut wanted = BTreeSet::new();
    for key in asked.split(',').map(str::trim).filter(|key| !key.is_empty()) {
        let known = key == "overdue" && crate::processes::shows_overdue(cx, object)
            || object.field(key).is_some_and(|f| cx.who.rights.field(&object.key, f) > model::role::FieldAccess::Hidden);
        if !known {
            return Err(Violation::new("field.unknown", key).into());
        }
        wanted.insert(key.to_owned());
    }
    Ok(Some(wanted))
}
