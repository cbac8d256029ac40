//! Entering what was there before a part was, taking out what nobody needs, and telling what there should be.

use std::collections::BTreeSet;

use model::{Id, Object, Record};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::{COLUMNS, TABLE, drawn, rows};
use crate::followed::{Followed, Part};
use crate::param::Param;
use crate::{Error, Read, Write, dialect};

/// Entries in one statement.
const CHUNK: usize = 2000;

/// An entry: part, key, record.
pub type Entry = (i64, i64, Id);

/// The parts of an object.
pub fn parts<'a>(followed: &'a Followed, object: &str) -> Vec<&'a Part> {
    followed.parts.iter().filter(|part| part.object == object).collect()
}

/// Enters these records in a part; what is entered already stays. Their rows must be locked.
pub fn enter(tx: &mut Write, followed: &Followed, part: &Part, object: &Object, records: &[Record]) -> Result<(), Error> {
    let entries = due(followed, part, object, records);
    tx.enter_rows(TABLE, &COLUMNS, rows(entries.into_iter().collect()))
}

/// Takes up to about `most` entries out of a part that nobody keeps any more; false when there are none left.
pub fn forget(tx: &mut Write, part: i64, most: u64) -> Result<bool, Error> {
    let of_part = Expr::col("part").eq(part);
    let select = Query::select()
        .column("key")
        .from(TABLE)
        .and_where(of_part.clone())
        .order_by("part", Order::Asc)
        .order_by("key", Order::Asc)
        .limit(1)
        .offset(most)
        .to_owned();
    let last = tx.optional(&select)?.map(|row| row.get::<i64>(0)).transpose()?;
    let mut delete = Query::delete();
    delete.from_table(TABLE).and_where(of_part);
    if let Some(last) = last {
        delete.and_where(Expr::col("key").lte(last));
    }
    tx.execute(&delete)?;
    Ok(last.is_some())
}

/// The entries that these records should have in a part.
pub fn due(followed: &Followed, part: &Part, object: &Object, records: &[Record]) -> BTreeSet<Entry> {
    let Some(field) = object.field(&part.field) else { return BTreeSet::new() };
    let mut entries = BTreeSet::new();
    for record in records {
        entries.extend(drawn(followed, part, object, field, record).into_iter().map(|key| (part.id, key, record.id)));
    }
    entries
}

/// Those of `due` that are entered.
pub fn stored(tx: &mut Read, part: &Part, due: &BTreeSet<Entry>) -> Result<BTreeSet<Entry>, Error> {
    let due: Vec<&Entry> = due.iter().collect();
    let mut found = BTreeSet::new();
    for chunk in due.chunks(CHUNK) {
        let pairs: Vec<(i64, Id)> = chunk.iter().map(|(_, key, record)| (*key, *record)).collect();
        let mut params = vec![Param::from(part.id)];
        params.extend(dialect::pairs(tx.engine(), &pairs));
        for row in tx.all_sql(dialect::those_entered(tx.engine()), &params)? {
            found.insert((part.id, row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// How many entries a part has.
pub fn size(tx: &mut Read, part: &Part) -> Result<u64, Error> {
    let select = Query::select().expr(Expr::cust("COUNT(1)")).from(TABLE).and_where(Expr::col("part").eq(part.id)).to_owned();
    Ok(tx.one(&select)?.get::<i64>(0)?.unsigned_abs())
}
