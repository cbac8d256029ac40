//! Fields that the product reckons, kept beside what people edit: whose values depend on a record, and writing them set by set.

use model::condition::Hop;
use model::process::totals::{BY, SUMMED};
use model::{Field, Id, Object, Record};
use sea_query::{Expr, ExprTrait, JoinType, Order, Query, Value};

use super::kept;
use crate::columns::{HEAD, encode, of_field, table};
use crate::{Error, Read, Write, dialect, followed};

/// Rows in one statement.
const CHUNK: usize = 500;

/// Ids of the records of `object` from which following `hops` leads to one of `ids`, at most `limit`; the recycle bin's too, since what
/// lies in it comes back.
pub fn depending(tx: &mut Read, object: &Object, hops: &[Hop], ids: &[Id], limit: u64) -> Result<Vec<Id>, Error> {
    let Some((last, before)) = hops.split_last() else { return Ok(ids.to_vec()) };
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let mut select = Query::select();
        select.distinct().column(("d0", "id")).from_as(table(&object.key), "d0");
        let mut at = "d0".to_owned();
        for (i, hop) in before.iter().enumerate() {
            let to = format!("d{}", i + 1);
            let joins = Expr::col((to.clone(), "id")).equals((at, hop.field.clone()));
            select.join_as(JoinType::InnerJoin, table(&hop.object), to.clone(), joins);
            at = to;
        }
        select.and_where(Expr::col((at, last.field.clone())).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        select.order_by(("d0", "id"), Order::Asc).limit(limit);
        for row in tx.all(&select)? {
            found.push(row.get(0)?);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// How many records an object has, the recycle bin's too.
pub fn size(tx: &mut Read, object: &Object) -> Result<i64, Error> {
    tx.one(Query::select().expr(Expr::cust("COUNT(1)")).from(table(&object.key)))?.get(0)
}

/// Stores these fields and the revision of records whose rows are locked; their version stays, since nobody edited them.
pub fn set_reckoned(tx: &mut Write, object: &Object, fields: &[&Field], records: &[Record]) -> Result<(), Error> {
    let columns: Vec<String> = fields.iter().flat_map(|field| of_field(field)).map(|(name, _)| name).collect();
    // The department of those who move, for one, is what boards are kept by.
    let counted = fields.iter().any(|field| BY.iter().chain(&SUMMED).any(|key| *key == field.key));
    let names: Vec<&str> = std::iter::once(HEAD[2]).chain(columns.iter().map(String::as_str)).collect();
    for chunk in records.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .map(|record| {
                let mut row = vec![Value::BigInt(Some(record.revision))];
                fields.iter().for_each(|field| row.extend(encode(field, record)));
                row.push(Value::Uuid(Some(record.id.0)));
                row
            })
            .collect();
        let ids: Vec<Id> = chunk.iter().map(|record| record.id).collect();
        let concerned = fields.iter().any(|field| tx.followed().reads(&object.key, &field.key));
        followed::around(tx, object, &ids, concerned, |tx| match counted {
            true => kept::around(tx, object, &ids, |tx| tx.update_rows(&table(&object.key), &names, rows)),
            false => tx.update_rows(&table(&object.key), &names, rows),
        })?;
    }
    Ok(())
}
