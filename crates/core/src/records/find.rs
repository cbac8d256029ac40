//! Finding records by another system's id and by words.

use db::Read;
use db::records::{Query, Sort};
use model::field::Kind;
use model::role::FieldAccess;
use model::{Field, Object, Record};
use serde_json::{Value as Json, json};

use crate::{Ctx, Error, Result};

/// The record that another system knows as `external`.
pub fn by_external(cx: &Ctx, tx: &mut Read, object: &str, source: &str, external: &str) -> Result<Json> {
    let object = cx.object(object)?.clone();
    if !model::text::storable(source) || !model::text::storable(external) {
        return Err(Error::NotFound);
    }
    let found = db::external::find(tx, &object, source, &[external.to_owned()])?;
    let (_, id) = found.into_iter().next().ok_or(Error::NotFound)?;
    super::read(cx, tx, &object.key, id)
}

/// Records of all objects whose name has the words: at most three of each, in scope.
pub fn search(cx: &Ctx, tx: &mut Read, q: &str) -> Result<Json> {
    let words = model::text::fold(q);
    if words.len() > 500 || words.contains('\0') {
        return Err(Error::Malformed("q: at most 500 characters, without U+0000".into()));
    }
    let mut items = Vec::new();
    if words.is_empty() {
        return Ok(json!({ "items": items }));
    }
    for key in &cx.meta.order {
        let Ok(object) = cx.object(key) else { continue };
        if object.master().is_some() || !object.field("name").is_some_and(|name| known(cx, object, name)) {
            continue;
        }
        let sort = Sort { field: "name".into(), descending: false };
        let query = Query { condition: None, words: Some(&words), sort, cursor: None, limit: 3, voided: false };
        for record in db::records::list(tx, &cx.meta.schema, object, &cx.scope(), &query)?.records {
            items.push(
                json!({"object": key, "id": record.id.to_string(), "name": record.text("name"), "detail": detail(cx, object, &record)}),
            );
        }
    }
    Ok(json!({ "items": items }))
}

/// True for a field that the caller may know of.
fn known(cx: &Ctx, object: &Object, field: &Field) -> bool {
    cx.who.rights.field(&object.key, field) > FieldAccess::Hidden
}

/// What tells namesakes apart: the first filled field that reads as text.
fn detail(cx: &Ctx, object: &Object, record: &Record) -> String {
    object
        .fields
        .iter()
        .filter(|field| field.key != "name" && !field.system && field.kind.kind() == Kind::Text && known(cx, object, field))
        .map(|field| record.text(&field.key))
        .find(|text| !text.is_empty())
        .unwrap_or("")
        .to_owned()
}
