//! Records by their ids and by those they refer to.

use std::collections::HashMap;

use model::{Field, Id, Object, Record, Schema};
use sea_query::{Expr, ExprTrait, Query, SelectStatement};

use super::Scope;
use super::list::{ROOT, columns_of};
use crate::columns::{decode, decode_value, of_field, table};
use crate::condition::{Writer, not_voided};
use crate::row::Cell;
use crate::{Error, Read, Write, dialect};

/// Ids in one statement.
const CHUNK: usize = 512;

/// The records of these ids that may be seen, long texts and the recycle bin's included, in no particular order.
pub fn load(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, ids: &[Id]) -> Result<Vec<Record>, Error> {
    let mut records = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let writer = Writer::new(tx.engine(), schema, scope);
        let mut select = columns_of(&writer, object);
        select.and_where(Expr::col((ROOT, "id")).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        if let Some(visible) = writer.visible(object, ROOT) {
            select.and_where(visible);
        }
        for row in tx.all(&select)? {
            records.push(decode(object, &row)?);
        }
    }
    add_long_texts(tx, object, &mut records)?;
    scope.cover(&mut records);
    Ok(records)
}

/// The records of these ids with the values of some fields alone, the recycle bin's included, in no particular order: for those who look at very
/// many for one thing. Whoever asks is the product itself.
pub fn load_fields(tx: &mut Read, object: &Object, fields: &[&Field], ids: &[Id]) -> Result<Vec<Record>, Error> {
    let mut records = Vec::with_capacity(ids.len());
    let columns: Vec<String> = fields.iter().flat_map(|field| of_field(field)).map(|(name, _)| name).collect();
    for chunk in ids.chunks(CHUNK) {
        let mut select = Query::select();
        select.column("id").columns(columns.iter().cloned()).from(table(&object.key));
        select.and_where(Expr::col("id").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        for row in tx.all(&select)? {
            let mut record = Record::new(&object.key, row.get::<Id>(0)?);
            let mut at = 1;
            for field in fields {
                let kind = field.kind.kind();
                let value = decode_value(kind, &row, at).ok_or_else(|| Error::decode(&field.key, format!("{:?}", row.cell(at))))?;
                if let (model::field::Kind::Money, Cell::Int(main)) = (kind, row.cell(at + 2)) {
                    record.mains.insert(field.key.clone(), model::Amount(*main));
                }
                if !value.is_null() {
                    record.set(&field.key, value);
                }
                at += of_field(field).len();
            }
            records.push(record);
        }
    }
    if fields.iter().any(|field| of_field(field).is_empty()) {
        add_long_texts(tx, object, &mut records)?;
    }
    Ok(records)
}

/// Ids of the records whose field `via` refers to one of these and that may be seen, each behind the one that it refers to; by name, those in the
/// recycle bin left out, `limit` at most.
pub fn children(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    via: &str,
    scope: &Scope<'_>,
    ids: &[Id],
    limit: usize,
) -> Result<Vec<(Id, Id)>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let writer = Writer::new(tx.engine(), schema, scope);
        let mut select = Query::select();
        select.column((ROOT, via.to_owned())).column((ROOT, "id"));
        writer.from(&mut select, object, ROOT);
        select.and_where(Expr::col((ROOT, via.to_owned())).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        if let Some(kept) = not_voided(object, ROOT) {
            select.and_where(kept);
        }
        if let Some(visible) = writer.visible(object, ROOT) {
            select.and_where(visible);
        }
        if let Some(name) = model::search::name_field(object) {
            select.order_by((ROOT, name.key.clone()), sea_query::Order::Asc);
        }
        select.order_by((ROOT, "id"), sea_query::Order::Asc).limit((limit.saturating_sub(found.len())) as u64);
        for row in tx.all(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// The records of `object` whose field `via` refers to one of these ids and that may be seen; the recycle bin's are left out.
pub fn referring(tx: &mut Read, schema: &Schema, object: &Object, via: &str, scope: &Scope<'_>, ids: &[Id]) -> Result<Vec<Record>, Error> {
    refer(tx, schema, object, scope, (via, ids), None)
}

/// As [`referring`], of those alone that refer by another field to one of few others.
pub fn referring_to_both(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    by: (&str, &[Id]),
    and: (&str, &[Id]),
) -> Result<Vec<Record>, Error> {
    refer(tx, schema, object, scope, by, Some(and))
}

fn refer(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    (via, ids): (&str, &[Id]),
    and: Option<(&str, &[Id])>,
) -> Result<Vec<Record>, Error> {
    let mut records = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let writer = Writer::new(tx.engine(), schema, scope);
        let mut select = columns_of(&writer, object);
        let refers = |via: &str, ids: &[Id]| Expr::col((ROOT, via.to_owned())).is_in(dialect::padded(ids).into_iter().map(|id| id.0));
        select.and_where(refers(via, chunk)).and_where_option(and.map(|(via, ids)| refers(via, ids)));
        if let Some(kept) = not_voided(object, ROOT) {
            select.and_where(kept);
        }
        if let Some(visible) = writer.visible(object, ROOT) {
            select.and_where(visible);
        }
        select.order_by((ROOT, "id"), sea_query::Order::Asc);
        for row in tx.all(&select)? {
            records.push(decode(object, &row)?);
        }
    }
    add_long_texts(tx, object, &mut records)?;
    scope.cover(&mut records);
    Ok(records)
}

/// Names of the records of these ids that may be seen.
pub fn names(tx: &mut Read, schema: &Schema, object: &Object, scope: &Scope<'_>, ids: &[Id]) -> Result<Vec<(Id, String)>, Error> {
    let mut names = Vec::with_capacity(ids.len());
    let name = model::search::name_field(object).map(|field| field.key.clone());
    for chunk in ids.chunks(CHUNK) {
        let writer = Writer::new(tx.engine(), schema, scope);
        let mut select = Query::select();
        select.column((ROOT, "id"));
        writer.from(&mut select, object, ROOT);
        match &name {
            Some(name) => select.column((ROOT, name.clone())),
            None => select.expr(Expr::cust("NULL")),
        };
        select.and_where(Expr::col((ROOT, "id")).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        if let Some(visible) = writer.visible(object, ROOT) {
            select.and_where(visible);
        }
        for row in tx.all(&select)? {
            names.push((row.get(0)?, row.get::<Option<String>>(1)?.unwrap_or_default()));
        }
    }
    Ok(names)
}

/// The records of these ids that may be seen, kept from being deleted until the transaction ends: what is about to refer to them must not
/// come to lead nowhere. Nobody who changes them waits.
pub fn hold(tx: &mut Write, schema: &Schema, object: &Object, scope: &Scope<'_>, ids: &[Id]) -> Result<Vec<Id>, Error> {
    let mut held = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let writer = Writer::new(tx.engine(), schema, scope);
        let mut select = Query::select();
        select.column((ROOT, "id")).from_as(table(&object.key), ROOT);
        select.and_where(Expr::col((ROOT, "id")).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        if let Some(visible) = writer.visible(object, ROOT) {
            select.and_where(visible);
        }
        dialect::hold(tx.engine(), &mut select, ROOT);
        for row in tx.all(&select)? {
            held.push(row.get(0)?);
        }
    }
    Ok(held)
}

/// Puts their long texts on records that were listed without.
pub fn add_long_texts(tx: &mut Read, object: &Object, records: &mut [Record]) -> Result<(), Error> {
    let fields: Vec<&Field> = object.long_texts().collect();
    if fields.is_empty() || records.is_empty() {
        return Ok(());
    }
    let places: HashMap<Id, usize> = records.iter().enumerate().map(|(at, record)| (record.id, at)).collect();
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    for chunk in ids.chunks(CHUNK) {
        for row in tx.all(&long_texts(&object.key, chunk))? {
            let field: String = row.get(1)?;
            if let Some(at) = places.get(&row.get::<Id>(0)?)
                && fields.iter().any(|known| known.key == field)
            {
                records[*at].set(&field, row.get::<String>(2)?);
            }
        }
    }
    Ok(())
}

fn long_texts(object: &str, ids: &[Id]) -> SelectStatement {
    Query::select()
        .columns(["record", "field", "value"])
        .from("long_text")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").is_in(dialect::padded(ids).into_iter().map(|id| id.0)))
        .to_owned()
}
