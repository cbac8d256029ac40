//! Pages of records: filter, words, sort, keyset.

use std::collections::BTreeSet;

use db::Read;
use db::records::{Query, Sort};
use model::condition::Resolved;
use model::{Condition, Id, Object, Schema, Violation};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Refs, show};
use crate::{Ctx, Error, Result, access};

/// The query of `GET /records/{object}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRequest {
    /// A condition as JSON.
    pub filter: Option<String>,
    /// Words in the name.
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
}

/// What a list, a board or a count asks for, settled for its reader.
pub(crate) struct Asked {
    pub condition: Option<Resolved>,
    pub words: Option<String>,
}

/// Reads filter and words with the caller's eyes: a field that he may not know of is unknown.
pub(crate) fn asked(cx: &Ctx, tx: &mut Read, object: &Object, filter: Option<&str>, q: Option<&str>) -> Result<Asked> {
    let words = q.map(model::text::fold).filter(|words| !words.is_empty());
    if words.as_ref().is_some_and(|words| words.len() > 500 || words.contains('\0')) {
        return Err(Error::Malformed("q: at most 500 characters, without U+0000".into()));
    }
    let Some(filter) = filter.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(Asked { condition: None, words }) };
    let json: Json = serde_json::from_str(filter).map_err(|e| Error::Malformed(format!("filter: {e}")))?;
    let condition = Condition::from_json(&json)?;
    let below: Vec<Id> = if filter.contains("my_subordinates") { access::subordinates(cx, tx)? } else { Vec::new() };
    let schema: Schema = cx.seen_schema();
    let resolved = condition.resolve(&object.key, &cx.reading(&schema, &below)).map_err(Error::Invalid)?;
    Ok(Asked { condition: Some(resolved), words })
}

/// A page of records.
pub fn list(cx: &Ctx, tx: &mut Read, object: &str, request: &ListRequest) -> Result<Json> {
    let object = cx.object(object)?.clone();
    let asked = asked(cx, tx, &object, request.filter.as_deref(), request.q.as_deref())?;
    let sort = sort(cx, &object, request.sort.as_deref())?;
    let only = fields(cx, &object, request.fields.as_deref())?;
    let limit = request.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::Malformed("limit: a whole number from 1 to 200".into()));
    }
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let cursor = match &request.cursor {
        Some(text) => Some(db::page::Cursor::decode(text, &sort).map_err(|_| strange())?),
        None => None,
    };
    let query = Query { condition: asked.condition.as_ref(), words: asked.words.as_deref(), sort, cursor, limit, voided: false };
    let page = db::records::list(tx, &cx.meta.schema, &object, &cx.scope(), &query).map_err(|error| match error {
        // Only where it is used it shows that its signature is none of ours.
        db::Error::Cursor => strange(),
        other => other.into(),
    })?;
    let mut refs = Refs::default();
    page.records.iter().for_each(|record| refs.note_record(&object, record));
    let items: Vec<Json> = page.records.iter().map(|record| show(cx, &object, record, only.as_ref())).collect();
    let mut answer = json!({"items": items, "refs": refs.names(cx, tx)?, "next_cursor": page.next.map(|cursor| cursor.encode())});
    match request.count.as_deref() {
        None | Some("none") => {}
        Some("exact") => {
            answer["count"] =
                db::records::count(tx, &cx.meta.schema, &object, &cx.scope(), asked.condition.as_ref(), asked.words.as_deref())?.into();
        }
        Some(_) => return Err(Error::Malformed("count: exact or none".into())),
    }
    Ok(answer)
}

/// The sort asked for; newest first when nothing is asked.
fn sort(cx: &Ctx, object: &Object, asked: Option<&str>) -> Result<Sort> {
    let (field, descending) = match asked {
        None => ("created_at", true),
        Some(text) => text.strip_prefix('-').map_or((text, false), |field| (field, true)),
    };
    let known = object.field(field).filter(|f| cx.who.rights.field(&object.key, f) > model::role::FieldAccess::Hidden);
    let known = known.ok_or_else(|| Error::from(Violation::new("field.unknown", field)))?;
    use model::field::Kind;
    if matches!(known.kind.kind(), Kind::LongText | Kind::Keys | Kind::Regarding) {
        return Err(Violation::new("field.not_sortable", field).into());
    }
    Ok(Sort { field: field.to_owned(), descending })
}

fn fields(cx: &Ctx, object: &Object, asked: Option<&str>) -> Result<Option<BTreeSet<String>>> {
    let Some(asked) = asked else { return Ok(None) };
    let mut wanted = BTreeSet::new();
    for key in asked.split(',').map(str::trim).filter(|key| !key.is_empty()) {
        let known =
            key == "overdue" || object.field(key).is_some_and(|f| cx.who.rights.field(&object.key, f) > model::role::FieldAccess::Hidden);
        if !known {
            return Err(Violation::new("field.unknown", key).into());
        }
        wanted.insert(key.to_owned());
    }
    Ok(Some(wanted))
}
