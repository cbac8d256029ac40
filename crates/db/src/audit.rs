//! The trace of acts that are no changes of a record, and of acts that were refused: rows are added, never changed and never removed.

use std::collections::BTreeMap;

use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, OnConflict, Query, Value as Sql};

use crate::{Error, Read, Write};

/// An act, done or refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub id: Id,
    pub at: Instant,
    pub by: Id,
    /// The way it came in, and from where.
    pub via: String,
    pub origin: Option<i64>,
    pub act: String,
    /// What kind of thing it was done to.
    pub kind: String,
    pub object: Option<String>,
    pub record: Option<Id>,
    /// The thing in words or by its key, as it was called then.
    pub subject: String,
    pub refused: bool,
    /// Why it was refused, divided by blanks.
    pub codes: String,
    /// JSON.
    pub detail: Option<String>,
    /// How often, where the same was refused again and again.
    pub times: i64,
}

const COLUMNS: [&str; 14] =
    ["id", "at", "by_id", "via", "origin", "act", "kind", "object", "record", "subject", "outcome", "codes", "detail", "times"];

/// Adds entries.
pub fn insert(tx: &mut Write, entries: &[Entry]) -> Result<(), Error> {
    let rows = entries
        .iter()
        .map(|entry| {
            vec![
                Sql::from(entry.id.0),
                Sql::from(entry.at.0),
                Sql::from(entry.by.0),
                Sql::from(entry.via.as_str()),
                Sql::BigInt(entry.origin),
                Sql::from(entry.act.as_str()),
                Sql::from(entry.kind.as_str()),
                Sql::String(entry.object.clone()),
                Sql::Uuid(entry.record.map(|id| id.0)),
                Sql::from(entry.subject.as_str()),
                Sql::from(if entry.refused { "refused" } else { "done" }),
                Sql::from(entry.codes.as_str()),
                Sql::String(entry.detail.clone()),
                Sql::from(entry.times),
            ]
        })
        .collect();
    tx.insert_rows("audit", &COLUMNS, rows)
}

/// Keeps what an origin's number stands for.
pub fn put_origin(tx: &mut Write, id: i64, address: &str, agent: &str, at: Instant) -> Result<(), Error> {
    let insert = Query::insert()
        .into_table("origin")
        .columns(["id", "address", "agent", "at"])
        .values_panic([id.into(), address.into(), agent.into(), at.0.into()])
        .on_conflict(OnConflict::column("id").do_nothing().to_owned())
        .to_owned();
    tx.execute(insert).map(|_| ())
}

/// Address and program of origins, by their numbers.
pub fn origins(tx: &mut Read, ids: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, (String, String)>, Error> {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let select = Query::select()
            .columns(["id", "address", "agent"])
            .from("origin")
            .and_where(Expr::col("id").is_in(chunk.iter().copied()))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        }
    }
    Ok(found)
}
