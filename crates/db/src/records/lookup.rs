//! What the product looks up for itself, whoever asks: it answers with ids and truths, never with records.

use std::collections::HashMap;

use model::field::Kind;
use model::{Amount, Currency, Field, Id, Instant, Object, Value};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use super::list::ROOT;
use crate::columns::{compared, constant, decode_value, table};
use crate::condition::not_voided;
use crate::param::{self, Param};
use crate::row::Cell;
use crate::{Engine, Error, Read, dialect};

/// Values in one statement.
const CHUNK: usize = 512;

/// Ids of the records that have one of these values in `field`: for unique fields and for look-ups of imports, which see everything.
/// Texts are compared folded. Gives the value as it was asked for.
pub fn find_by(tx: &mut Read, object: &Object, field: &str, values: &[Value]) -> Result<Vec<(Value, Id)>, Error> {
    let kind = object.field(field).map(|f| f.kind.kind()).ok_or_else(|| Error::decode(field, "no such field"))?;
    let column = compared(field, kind);
    // As stored → as asked for.
    let mut asked: HashMap<Value, Vec<&Value>> = HashMap::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        asked.entry(stored(kind, value)).or_default().push(value);
    }
    let looked: Vec<&Value> = asked.keys().collect();
    let mut found = Vec::new();
    for chunk in looked.chunks(CHUNK) {
        let mut constants: Vec<sea_query::Value> = chunk.iter().filter_map(|value| constant(value)).collect();
        if let Some(last) = constants.last().cloned() {
            constants.resize(constants.len().next_power_of_two(), last);
        } else {
            continue;
        }
        let select = Query::select()
            .columns([column.clone(), "id".to_owned()])
            .from(table(&object.key))
            .and_where(Expr::col(column.clone()).is_in(constants))
            .to_owned();
        for row in tx.all(&select)? {
            let id: Id = row.get(1)?;
            let key = match row.cell(0) {
                Cell::Text(text) if kind == Kind::Date => text.parse().map(Value::Date).unwrap_or_default(),
                Cell::Text(text) => Value::Text(text.clone()),
                Cell::Int(n) if kind == Kind::Instant => Value::Instant(Instant(*n)),
                Cell::Int(n) if kind == Kind::Bool => Value::Bool(*n != 0),
                Cell::Int(n) => Value::Number(model::Number(*n)),
                Cell::Null => Value::Null,
                _ => Value::Ref(row.get(0)?),
            };
            found.extend(asked.get(&key).into_iter().flatten().map(|value| ((*value).clone(), id)));
        }
    }
    Ok(found)
}

/// A value as the column has it by which it is compared.
fn stored(kind: Kind, value: &Value) -> Value {
    match value {
        Value::Text(text) if kind == Kind::Text => Value::Text(model::text::fold(text)),
        other => other.clone(),
    }
}

/// A value, and the first and last instant of a range.
pub(crate) type Within<'a> = (&'a Value, Instant, Instant);

/// Of records that have a value in `field` and lie in a range by `between`, both ends included, the latest of that range, at most `most`; for
/// each of the questions by its place. Texts are compared folded; what is blank is never found.
pub(crate) fn find_within(
    tx: &mut Read,
    object: &Object,
    (field, between): (&Field, &Field),
    asked: &[Within<'_>],
    most: u64,
) -> Result<Vec<(usize, Id)>, Error> {
    let kind = field.kind.kind();
    let engine = tx.engine();
    let mut rows: Vec<(i64, Param, Instant, Instant)> = Vec::with_capacity(asked.len());
    for (place, (value, from, to)) in asked.iter().enumerate() {
        if let Some(value) = constant(&stored(kind, value)).map(param::from_value).transpose()? {
            rows.push((place as i64, value, *from, *to));
        }
    }
    let Some(first) = rows.first().map(|(_, value, ..)| value) else { return Ok(Vec::new()) };
    let most = Param::from(i64::try_from(most).unwrap_or(i64::MAX));
    let sql = dialect::having_within(engine, &table(&object.key), (&compared(&field.key, kind), &between.key), first);
    let together = match engine {
        Engine::Sqlite => rows
            .into_iter()
            .map(|(place, value, from, to)| vec![most.clone(), place.into(), value, from.0.into(), to.0.into()])
            .collect::<Vec<_>>(),
        // A round trip costs: all of them in one.
        Engine::Postgres => {
            let mut values = first.column(rows.len());
            let (mut places, mut begins, mut ends) = (Vec::new(), Vec::new(), Vec::new());
            for (place, value, from, to) in rows {
                values.push(value)?;
                places.push(Some(place));
                begins.push(Some(from.0));
                ends.push(Some(to.0));
            }
            vec![vec![most, Param::Ints(places), values, Param::Ints(begins), Param::Ints(ends)]]
        }
    };
    let mut found = Vec::new();
    for params in together {
        for row in tx.all_sql(&sql, &params)? {
            let place: i64 = row.get(0)?;
            found.push((usize::try_from(place).unwrap_or_default(), row.get(1)?));
        }
    }
    Ok(found)
}

/// Ids of an object's records after one, the recycle bin's too: for jobs that go through all of them.
pub fn ids_after(tx: &mut Read, object: &Object, after: Option<Id>, limit: u64) -> Result<Vec<Id>, Error> {
    let mut select = Query::select();
    select.column("id").from(table(&object.key));
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after.0));
    }
    select.order_by("id", Order::Asc).limit(limit);
    tx.all(&select)?.iter().map(|row| row.get(0)).collect()
}

/// Ids of an object's latest records, the recycle bin's too.
pub fn latest_ids(tx: &mut Read, object: &Object, limit: u64) -> Result<Vec<Id>, Error> {
    let select = Query::select().column("id").from(table(&object.key)).order_by("id", Order::Desc).limit(limit).to_owned();
    tx.all(&select)?.iter().map(|row| row.get(0)).collect()
}

/// The reference in `field` of every record: for trees such as departments, which are kept in memory.
pub fn all_references(tx: &mut Read, object: &Object, field: &str) -> Result<Vec<(Id, Option<Id>)>, Error> {
    let select = Query::select().columns(["id", field].map(str::to_owned)).from(table(&object.key)).to_owned();
    tx.all(&select)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The reference in `field` of these records.
pub fn references_of(tx: &mut Read, object: &Object, field: &str, ids: &[Id]) -> Result<Vec<(Id, Option<Id>)>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let select = Query::select()
            .columns(["id", field].map(str::to_owned))
            .from(table(&object.key))
            .and_where(Expr::col("id").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// Ids of the records in the recycle bin.
pub fn all_in_bin(tx: &mut Read, object: &Object) -> Result<Vec<Id>, Error> {
    let select = Query::select().column("id").from(table(&object.key)).and_where(voided_of(object)).to_owned();
    tx.all(&select)?.iter().map(|row| row.get(0)).collect()
}

fn voided_of(object: &Object) -> Expr {
    match object.field("lifecycle_status") {
        Some(_) => Expr::col("lifecycle_status").eq("voided"),
        None => dialect::never(),
    }
}

/// Ids of the records whose multi select `field` has `key`; the recycle bin's too.
pub fn all_with_key(tx: &mut Read, object: &Object, field: &str, key: &str) -> Result<Vec<Id>, Error> {
    let select = with_value(tx, object, field, &Value::Keys(vec![key.to_owned()]));
    tx.all(&select)?.iter().map(|row| row.get(0)).collect()
}

/// The choices that stand in the multi select `field`, each with how many records have exactly that one; `only` is a boolean field that
/// must be true of them. The recycle bin's are left out.
pub fn choices_made(tx: &mut Read, object: &Object, field: &str, only: &str) -> Result<Vec<(Vec<String>, i64)>, Error> {
    let mut select = Query::select();
    select
        .column((ROOT, field.to_owned()))
        .expr(Expr::cust("COUNT(1)"))
        .from_as(table(&object.key), ROOT)
        .and_where(Expr::col((ROOT, field.to_owned())).is_not_null())
        .and_where(Expr::col((ROOT, only.to_owned())).eq(1_i64))
        .and_where_option(not_voided(object, ROOT))
        .group_by_col((ROOT, field.to_owned()));
    let rows = tx.all(&select)?;
    rows.iter()
        .map(|row| {
            let Value::Keys(keys) = decode_value(Kind::Keys, row, 0).unwrap_or_default() else { return Ok((Vec::new(), 0)) };
            Ok((keys, row.get(1)?))
        })
        .collect()
}

/// Ids of the records whose `field` refers to one of these, alone or among others; the recycle bin's too. At most `limit`.
pub fn holding(tx: &mut Read, object: &Object, field: &Field, ids: &[Id], limit: usize) -> Result<Vec<Id>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut select = Query::select();
        select.column("id").from(table(&object.key)).limit((limit - found.len()) as u64);
        match field.kind.kind() {
            Kind::Keys => {
                let column = || Expr::col(compared(&field.key, Kind::Keys));
                let meets = chunk.iter().map(|id| dialect::has_part(tx.engine(), column(), &format!("|{id}|"))).reduce(|a, b| a.or(b));
                select.and_where(meets.unwrap_or_else(dialect::never));
            }
            _ => {
                select.and_where(Expr::col(field.key.clone()).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
            }
        }
        for row in tx.all_once(&select)? {
            found.push(row.get(0)?);
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// True when a record, those in the recycle bin included, has `value` in `field`.
pub fn holds_value(tx: &mut Read, object: &Object, field: &str, value: &Value) -> Result<bool, Error> {
    let select = with_value(tx, object, field, value).limit(1).to_owned();
    Ok(tx.optional(&select)?.is_some())
}

/// True when any record has something in `field`.
pub fn holds_any(tx: &mut Read, object: &Object, field: &str) -> Result<bool, Error> {
    let select =
        Query::select().column("id").from(table(&object.key)).and_where(Expr::col(field.to_owned()).is_not_null()).limit(1).to_owned();
    Ok(tx.optional(&select)?.is_some())
}

/// An amount in its own currency and, if it is known, in the main one.
pub type AmountOf = (Id, Amount, Option<Amount>);

/// The amounts of a currency, by id, after one; of records in which the field `unless` is blank.
pub fn amounts_in(
    tx: &mut Read,
    object: &Object,
    field: &str,
    currency: Currency,
    unless: Option<&str>,
    after: Option<Id>,
    limit: u32,
) -> Result<Vec<AmountOf>, Error> {
    let mut select = amounts(object, field, currency, unless);
    if let Some(after) = after {
        select.and_where(Expr::col("id").gt(after.0));
    }
    select.order_by("id", Order::Asc).limit(u64::from(limit));
    read_amounts(tx, &select)
}

/// The same of these records alone.
pub fn amounts_of(
    tx: &mut Read,
    object: &Object,
    field: &str,
    currency: Currency,
    unless: Option<&str>,
    ids: &[Id],
) -> Result<Vec<AmountOf>, Error> {
    let mut select = amounts(object, field, currency, unless);
    select.and_where(Expr::col("id").is_in(dialect::padded(ids).into_iter().map(|id| id.0)));
    read_amounts(tx, &select)
}

fn amounts(object: &Object, field: &str, currency: Currency, unless: Option<&str>) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id".to_owned(), field.to_owned(), format!("{field}_main")])
        .from(table(&object.key))
        .and_where(Expr::col(format!("{field}_currency")).eq(currency.code()))
        .and_where(Expr::col(field.to_owned()).is_not_null());
    if let Some(key) = unless {
        select.and_where(Expr::col(key.to_owned()).is_null());
    }
    select
}

fn read_amounts(tx: &mut Read, select: &SelectStatement) -> Result<Vec<AmountOf>, Error> {
    tx.all(select)?.iter().map(|row| Ok((row.get(0)?, Amount(row.get(1)?), row.get::<Option<i64>>(2)?.map(Amount)))).collect()
}

fn with_value(tx: &Read, object: &Object, field: &str, value: &Value) -> SelectStatement {
    let kind = object.field(field).map_or(Kind::Key, |field| field.kind.kind());
    let column = Expr::col(compared(field, kind));
    let meets = match value {
        Value::Keys(keys) => keys
            .iter()
            .map(|key| dialect::has_part(tx.engine(), column.clone(), &format!("|{key}|")))
            .reduce(|a, b| a.or(b))
            .unwrap_or_else(dialect::never),
        value => constant(value).map_or_else(dialect::never, |value| column.eq(Expr::val(value))),
    };
    Query::select().column("id").from(table(&object.key)).and_where(meets).to_owned()
}

/// Values that more than one record has in `field`, the recycle bin's included: what stands against making it unique. At most `limit`.
pub fn doubles(tx: &mut Read, object: &Object, field: &Field, limit: u64) -> Result<Vec<Value>, Error> {
    let column = compared(&field.key, field.kind.kind());
    let mut select = Query::select();
    select
        .column(column.clone())
        .from(table(&object.key))
        .and_where(Expr::col(column.clone()).is_not_null())
        .group_by_col(column)
        .and_having(Expr::cust("COUNT(1) > 1"))
        .limit(limit);
    tx.all(&select)?
        .iter()
        .map(|row| {
            Ok(match row.cell(0) {
                Cell::Int(n) => Value::Number(model::Number(*n)),
                Cell::Text(text) => Value::Text(text.clone()),
                _ => Value::Ref(row.get(0)?),
            })
        })
        .collect()
}
