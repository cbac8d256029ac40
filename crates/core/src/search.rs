//! Search: records of every object by words in their names, numbers, phones, e-mails and texts that are unique or fast.
//!
//! The words stand in an index that every save keeps ([`db::search`]). Whoever searches finds what he may see, by fields that he may
//! know of; the recycle bin is left out.

use std::collections::BTreeMap;

use db::records::Scope;
use db::search::Words;
use db::{Db, Read, Write};
use model::field::Kind;
use model::role::FieldAccess;
use model::search::{asked, name_field, searched};
use model::{Field, Id, Object, Record, Schema};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::identity::digest;
use crate::{Ctx, Error, Result};

/// Hits of each object, when all are searched.
const OF_EACH: usize = 3;
/// Hits of one object.
const OF_ONE: usize = 50;
/// Records entered in one transaction: a few milliseconds of the writer (core rule 7).
const CHUNK: u64 = 300;
/// All of an object's records have been entered.
const DONE: i64 = i64::MAX;

/// The query of `GET /search`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    #[serde(default)]
    pub q: String,
    /// Records of this object alone.
    pub object: Option<String>,
    /// Hits of each object: 3 when absent, at most 50.
    pub limit: Option<usize>,
}

/// The words of a question, as this caller may ask for them.
pub(crate) fn words(cx: &Ctx, object: &Object, q: &str) -> Result<Option<Words>> {
    if q.len() > 2000 || model::text::fold(q).len() > 500 || q.contains('\0') {
        return Err(Error::Malformed("q: at most 500 characters, without U+0000".into()));
    }
    let fields = searched(object).filter(|field| known(cx, object, field)).map(|field| field.key.clone()).collect();
    Ok(Words::of(q, fields))
}

/// What is found, object by object in the order of navigation; names that are or begin with the question come first. `more` names
/// the objects of which there is more.
pub fn search(cx: &Ctx, tx: &mut Read, request: &SearchRequest) -> Result<Json> {
    let limit = request.limit.unwrap_or(OF_EACH);
    if !(1..=OF_ONE).contains(&limit) {
        return Err(Error::Malformed(format!("limit: a whole number from 1 to {OF_ONE}")));
    }
    let objects: Vec<&Object> = match &request.object {
        Some(key) => vec![cx.object(key)?],
        // Lines and what else lives in a record are found through it.
        None => cx.meta.order.iter().filter_map(|key| cx.object(key).ok()).filter(|object| object.master().is_none()).collect(),
    };
    let mut wanted: Vec<(&Object, Words)> = Vec::new();
    for object in objects {
        if let Some(words) = words(cx, object, &request.q)? {
            wanted.push((object, words));
        }
    }
    let found = db::search::find(tx, &cx.meta.schema, &cx.scope(), &wanted, limit + 1)?;
    let (mut items, mut more) = (Vec::new(), Vec::new());
    let asked = asked(&request.q);
    for (object, _) in &wanted {
        let Some(ids) = found.get(&object.key) else { continue };
        if ids.len() > limit {
            more.push(object.key.as_str());
        }
        let ids = &ids[..ids.len().min(limit)];
        let records = db::records::load(tx, &cx.meta.schema, object, &cx.scope(), ids)?;
        let records: BTreeMap<Id, Record> = records.into_iter().map(|record| (record.id, record)).collect();
        for record in ids.iter().filter_map(|id| records.get(id)) {
            items.push(json!({
                "object": object.key, "id": record.id.to_string(), "name": name(cx, object, record), "detail": detail(cx, object, record),
                "matched": matched(cx, object, record, &asked),
            }));
        }
    }
    Ok(json!({"items": items, "more": more}))
}

/// True for a field that the caller may know of.
fn known(cx: &Ctx, object: &Object, field: &Field) -> bool {
    cx.who.rights.field(&object.key, field) > FieldAccess::Hidden
}

/// What a record is called, as far as the caller may know it.
pub(crate) fn name(cx: &Ctx, object: &Object, record: &Record) -> String {
    name_field(object).filter(|field| known(cx, object, field)).map_or("", |field| record.text(&field.key)).to_owned()
}

/// What tells namesakes apart: the first filled field that reads as text.
fn detail(cx: &Ctx, object: &Object, record: &Record) -> String {
    let name = name_field(object).map(|field| field.key.as_str());
    let told = object.fields.iter().filter(|field| Some(field.key.as_str()) != name && !field.system && field.kind.kind() == Kind::Text);
    told.filter(|field| known(cx, object, field))
        .map(|field| record.text(&field.key))
        .find(|text| !text.is_empty())
        .unwrap_or("")
        .to_owned()
}

/// The field in which the words stand, the most of them: the name where it has as many as any.
fn matched(cx: &Ctx, object: &Object, record: &Record, asked: &[String]) -> Option<String> {
    let name = name_field(object).map(|field| field.key.as_str());
    let has = |field: &Field| {
        let words = model::search::words(object, field, record.get(&field.key));
        asked.iter().filter(|word| words.iter().any(|has| has.starts_with(word.as_str()))).count()
    };
    let fields =
        searched(object).filter(|field| known(cx, object, field)).map(|field| ((has(field), Some(field.key.as_str()) == name), field));
    fields.filter(|((count, _), _)| *count > 0).max_by_key(|(rank, _)| *rank).map(|(_, field)| field.key.clone())
}

// ---- Records from before ----

/// Enters the records of every object whose words are not in the index: a database from before there was one, or fields that have come to
/// be searched. Goes on where it was broken off; asks one question where nothing is to do.
pub fn fill(db: &Db, schema: &Schema) -> Result<()> {
    let keys: Vec<String> = schema.objects().map(|object| state(object)).collect();
    let select = Query::select().columns(["key", "n"]).from("counter").and_where(Expr::col("key").is_in(&keys)).to_owned();
    let done: BTreeMap<String, i64> =
        db.read::<_, Error>(|tx| tx.all(&select)?.iter().map(|row| Ok((row.get("key")?, row.get("n")?))).collect())?;
    for object in schema.objects() {
        match done.get(&state(object)) {
            Some(&DONE) => {}
            begun => fill_object(db, schema, object, begun.copied())?,
        }
    }
    Ok(())
}

/// Enters the records of one object in chunks. To be called after a field has come to be searched, or ceased to be.
pub fn fill_object(db: &Db, schema: &Schema, object: &Object, begun: Option<i64>) -> Result<()> {
    let state = state(object);
    // Ids are ordered by time, so the milliseconds of the last one tell where to go on; what has the same is entered again.
    let mut after = begun.map(|millis| Id::from_parts(millis.unsigned_abs(), [0; 10]));
    loop {
        let last = db.write::<_, Error>(|tx| {
            let ids = db::records::ids_after(tx, object, after, CHUNK)?;
            let Some(last) = ids.last().copied() else {
                // What was entered for other fields is not whole any more.
                let of_object = format!("search.{}.", object.key);
                let others = Query::delete()
                    .from_table("counter")
                    .and_where(Expr::col("key").gte(of_object.as_str()))
                    .and_where(Expr::col("key").lt(format!("search.{}/", object.key)))
                    .to_owned();
                tx.execute(others)?;
                put(tx, &state, DONE)?;
                return Ok(None);
            };
            tx.lock_rows(&[(object.rank, &object.key, ids.clone())])?;
            let records = db::records::load(tx, schema, object, &Scope::All("the index holds every record"), &ids)?;
            db::search::enter_anew(tx, object, &records)?;
            put(tx, &state, i64::try_from(last.millis()).unwrap_or(DONE - 1))?;
            Ok(Some(last))
        })?;
        if last.is_none() {
            return Ok(());
        }
        if after.is_none() {
            tracing::info!(object = object.key, "words of the records are entered for search");
        }
        after = last;
    }
}

/// Where it is noted how far an object's records have been entered, by the fields that are searched.
fn state(object: &Object) -> String {
    let fields: Vec<&str> = searched(object).map(|field| field.key.as_str()).collect();
    format!("search.{}.{}", object.key, &digest(&fields.join(","))[..12])
}

fn put(tx: &mut Write, key: &str, n: i64) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([key.into(), n.into()])
            .on_conflict(OnConflict::column("key").update_columns(["n"]).to_owned()),
    )?;
    Ok(())
}
