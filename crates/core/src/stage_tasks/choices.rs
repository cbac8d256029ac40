//! The records that may be chosen for a task instead of a new one.

use std::collections::BTreeMap;

use db::Read;
use db::page::Cursor;
use db::records::{Bin, Query, Sort};
use model::condition::{Check, Resolved, Test};
use model::process::TaskAct;
use model::{Id, Object};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::store;
use super::{define, parts, show};
use crate::records::names_of;
use crate::{Ctx, Error, Result, search};

/// In one answer.
const PAGE: u32 = 30;

/// The query of `GET /stage-tasks/{id}/choices`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoicesRequest {
    /// Words of the records.
    pub q: Option<String>,
    pub cursor: Option<String>,
}

/// Records of the task's object that the caller sees, are such as the task wants, and are linked to its deal or to none; the newest first.
pub fn choices(cx: &Ctx, tx: &mut Read, id: Id, request: &ChoicesRequest) -> Result<Json> {
    let kept = store::some(tx, &[id])?.pop().ok_or(Error::NotFound)?;
    let (_, deal) = show::deal(cx, tx, kept.task.opportunity)?;
    let none = || json!({"object": null, "items": [], "next_cursor": null});
    let task = define::all(cx, tx, std::iter::once(&kept.task))?.remove(&id);
    let Some(TaskAct::CreateObject { object: key, link, create_only: false, choose_from, .. }) = task.map(|task| task.act) else {
        return Ok(none());
    };
    let Ok(object) = cx.object(&key).cloned() else { return Ok(none()) };
    let wanted = parts::choice(cx, &key, choose_from.as_ref())?;
    let condition = Resolved::All([free(&object, &link, deal.id), wanted].into_iter().flatten().collect());
    let words = request.q.as_deref().map_or(Ok(None), |q| search::words(cx, &object, q))?;
    let strange = || Error::Malformed("cursor: not one of this list's".into());
    let sort = Sort::descending("id");
    let cursor = request.cursor.as_deref().map(|text| Cursor::decode(text, &sort)).transpose().map_err(|_| strange())?;
    let query = Query { condition: Some(&condition), words: words.as_ref(), sort, cursor, limit: PAGE, bin: Bin::Out };
    let (ids, next) = db::records::ids(tx, &cx.meta.schema, &object, &cx.scope(), &query).map_err(|error| match error {
        db::Error::Cursor => strange(),
        other => other.into(),
    })?;
    let names: BTreeMap<Id, String> = names_of(cx, tx, &object, &ids)?.into_iter().collect();
    let items: Vec<Json> = ids.iter().map(|id| json!({"id": id.to_string(), "name": names.get(id)})).collect();
    Ok(json!({"object": key, "items": items, "next_cursor": next.map(|cursor| cursor.encode())}))
}

/// Linked to this deal, or to nothing.
fn free(object: &Object, link: &str, deal: Id) -> Option<Resolved> {
    let field = object.field(link)?;
    let value = parts::link(object, link, deal)?;
    let test =
        |check: Check| Resolved::Test(Test { hops: Vec::new(), field: link.to_owned(), kind: field.kind.kind(), folded: false, check });
    Some(Resolved::Any(vec![test(Check::Empty), test(Check::Equal(value))]))
}
