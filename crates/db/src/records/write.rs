//! Records go in, change, go away. Only `save` calls this.

use std::borrow::Borrow;

use model::{Amount, Id, Object, Record};
use sea_query::{Expr, ExprTrait, OnConflict, Query, Value};

use super::kept;
use crate::columns::{HEAD, all, encode, fields, of_field, table};
use crate::{Error, Write, dialect, followed, search};

/// Rows in one statement: memory stays small, and the text is the same for any number.
const CHUNK: usize = 1000;

/// Stores new records, with their long texts and the words by which they are found. Error: [`Error::Unique`].
pub fn insert(tx: &mut Write, object: &Object, records: &[impl Borrow<Record>]) -> Result<(), Error> {
    let columns = all(object);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let records: Vec<&Record> = records.iter().map(Borrow::borrow).collect();
    for chunk in records.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .map(|record| {
                let mut row = Vec::with_capacity(names.len());
                row.extend([Value::Uuid(Some(record.id.0)), Value::BigInt(Some(record.version)), Value::BigInt(Some(record.revision))]);
                fields(object).for_each(|field| row.extend(encode(field, record)));
                row
            })
            .collect();
        tx.insert_rows(&table(&object.key), &names, rows)?;
        let texts = chunk.iter().flat_map(|record| long_texts(object, record)).collect();
        tx.insert_rows("long_text", &["object", "record", "field", "value", "fold"], texts)?;
        search::insert(tx, object, chunk)?;
        chunk.iter().for_each(|record| kept::changed(tx, object, None, Some(record)));
        followed::changed(tx, object, &chunk.iter().map(|record| (None, Some(*record))).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn long_texts<'a>(object: &'a Object, record: &'a Record) -> impl Iterator<Item = Vec<Value>> + 'a {
    object.long_texts().filter_map(|field| {
        let text = record.get(&field.key).as_text()?;
        Some(vec![
            Value::from(object.key.as_str()),
            Value::Uuid(Some(record.id.0)),
            Value::from(field.key.as_str()),
            Value::from(text),
            Value::from(model::text::fold(text)),
        ])
    })
}

/// Stores what differs between `before` and `after`, and the latter's version and revision. False when the stored version is not
/// `expected_version`: then nothing was stored.
pub fn update(tx: &mut Write, object: &Object, expected_version: i64, before: &Record, after: &Record) -> Result<bool, Error> {
    let mut update = Query::update();
    update.table(table(&object.key)).value(HEAD[1], after.version).value(HEAD[2], after.revision);
    for field in fields(object) {
        let (old, new) = (encode(field, before), encode(field, after));
        if old != new {
            for ((name, _), value) in of_field(field).into_iter().zip(new) {
                update.value(name, value);
            }
        }
    }
    update.and_where(Expr::col("id").eq(after.id.0)).and_where(Expr::col("version").eq(expected_version));
    if tx.execute(&update)? == 0 {
        return Ok(false);
    }
    for field in object.long_texts().filter(|field| before.get(&field.key) != after.get(&field.key)) {
        match after.get(&field.key).as_text() {
            Some(text) => put_long_text(tx, &object.key, after.id, &field.key, text)?,
            None => remove_long_texts(tx, &object.key, &[after.id], Some(&field.key))?,
        }
    }
    search::update(tx, object, before, after)?;
    kept::changed(tx, object, Some(before), Some(after));
    followed::changed(tx, object, &[(Some(before), Some(after))])?;
    Ok(true)
}

fn put_long_text(tx: &mut Write, object: &str, id: Id, field: &str, text: &str) -> Result<(), Error> {
    let insert = Query::insert()
        .into_table("long_text")
        .columns(["object", "record", "field", "value", "fold"])
        .values_panic([object.into(), id.0.into(), field.into(), text.into(), model::text::fold(text).into()])
        .on_conflict(OnConflict::columns(["object", "record", "field"]).update_columns(["value", "fold"]).to_owned())
        .to_owned();
    tx.execute(insert).map(|_| ())
}

fn remove_long_texts(tx: &mut Write, object: &str, ids: &[Id], field: Option<&str>) -> Result<(), Error> {
    let mut delete = Query::delete();
    delete
        .from_table("long_text")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").is_in(dialect::padded(ids).into_iter().map(|id| id.0)));
    if let Some(field) = field {
        delete.and_where(Expr::col("field").eq(field));
    }
    tx.execute(&delete).map(|_| ())
}

/// Removes records for good, with their long texts, external ids, grants, words and whoever has looked at them. Their history stays.
pub fn delete(tx: &mut Write, object: &Object, ids: &[Id]) -> Result<(), Error> {
    for chunk in ids.chunks(CHUNK) {
        let padded = || dialect::padded(chunk).into_iter().map(|id| id.0);
        followed::around(tx, object, chunk, true, |tx| {
            kept::around(tx, object, chunk, |tx| {
                let delete = Query::delete().from_table(table(&object.key)).and_where(Expr::col("id").is_in(padded())).to_owned();
                tx.execute(delete).map(|_| ())
            })
        })?;
        for side in ["long_text", "external_id", "grant_to", "search_word", "recent", "comment"] {
            tx.execute(
                Query::delete()
                    .from_table(side)
                    .and_where(Expr::col("object").eq(object.key.as_str()))
                    .and_where(Expr::col("record").is_in(padded()))
                    .to_owned(),
            )?;
        }
    }
    Ok(())
}

/// Stores amounts in the main currency, as when a rate changes. Neither version nor revision moves: nobody edited the records.
pub fn set_mains(tx: &mut Write, object: &Object, field: &str, mains: &[(Id, Amount)]) -> Result<(), Error> {
    let column = format!("{field}_main");
    for chunk in mains.chunks(CHUNK) {
        let ids: Vec<Id> = chunk.iter().map(|(id, _)| *id).collect();
        let rows = chunk.iter().map(|(id, main)| vec![Value::BigInt(Some(main.0)), Value::Uuid(Some(id.0))]).collect();
        let concerned = tx.followed().reads(&object.key, field);
        followed::around(tx, object, &ids, concerned, |tx| {
            kept::around(tx, object, &ids, |tx| tx.update_rows(&table(&object.key), &[&column], rows))
        })?;
    }
    Ok(())
}

/// Carries a reference over into a list of several, where that is blank. Neither version nor revision moves: nobody edited the records.
pub fn take_over(tx: &mut Write, object: &Object, from: &str, to: &str) -> Result<(), Error> {
    let held = Query::select()
        .columns(["id", from].map(str::to_owned))
        .from(table(&object.key))
        .and_where(Expr::col(from.to_owned()).is_not_null())
        .and_where(Expr::col(to.to_owned()).is_null())
        .to_owned();
    for row in tx.all(&held)? {
        let (record, held): (Id, Id) = (row.get(0)?, row.get(1)?);
        tx.execute(
            Query::update().table(table(&object.key)).value(to.to_owned(), format!("|{held}|")).and_where(Expr::col("id").eq(record.0)),
        )?;
    }
    Ok(())
}
