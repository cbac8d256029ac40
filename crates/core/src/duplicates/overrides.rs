//! What records went on over: matches that were warned of, blocks that a role passes, what came in unasked.

use db::{Read, Write};
use model::duplicate::Found;
use model::{Id, Instant, Object};
use sea_query::{Expr, ExprTrait, Order, Query};

use super::Live;
use crate::{Ctx, Result};

/// How it went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// Whoever saved it was warned and went on.
    Warned,
    /// A role of his passes the block.
    Exempt,
    /// Nobody could be asked.
    Unasked,
}

impl How {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            How::Warned => "warned",
            How::Exempt => "exempt",
            How::Unasked => "unasked",
        }
    }
}

/// A match that a record goes on over.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    rule: Id,
    found_object: String,
    found: Id,
    score: u8,
    how: How,
}

impl Override {
    /// Of what a rule has found.
    pub fn of(live: &Live, found: &Found, how: How) -> Override {
        Override { rule: live.rule.id, found_object: found.object.clone(), found: found.record, score: found.score, how }
    }
}

/// Keeps what these records went on over.
pub(crate) fn write(cx: &Ctx, tx: &mut Write, object: &Object, passed: Vec<(Id, Instant, Override)>) -> Result<()> {
    const COLUMNS: [&str; 10] = ["id", "rule", "object", "record", "found_object", "found", "score", "how", "at", "by_id"];
    let rows: Vec<Vec<sea_query::Value>> = passed
        .into_iter()
        .map(|(record, at, one)| {
            vec![
                cx.new_id().0.into(),
                one.rule.0.into(),
                object.key.as_str().into(),
                record.0.into(),
                one.found_object.into(),
                one.found.0.into(),
                i64::from(one.score).into(),
                one.how.key().into(),
                at.0.into(),
                cx.who.id.0.into(),
            ]
        })
        .collect();
    if rows.is_empty() { Ok(()) } else { Ok(tx.insert_rows("duplicate_override", &COLUMNS, rows)?) }
}

/// A match that a record went on over, as kept.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub id: Id,
    pub rule: Id,
    pub found_object: String,
    pub found: Id,
    pub score: i64,
    pub how: String,
    pub at: Instant,
    pub by: Id,
}

/// What a record went on over, the latest first.
pub(crate) fn of_record(tx: &mut Read, object: &str, record: Id) -> Result<Vec<Kept>> {
    let select = Query::select()
        .columns(["id", "rule", "found_object", "found", "score", "how", "at", "by_id"])
        .from("duplicate_override")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").eq(record.0))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned();
    let read = |row: &db::Row| -> Result<Kept> {
        Ok(Kept {
            id: row.get(0)?,
            rule: row.get(1)?,
            found_object: row.get(2)?,
            found: row.get(3)?,
            score: row.get(4)?,
            how: row.get(5)?,
            at: Instant(row.get(6)?),
            by: row.get(7)?,
        })
    };
    tx.all(&select)?.iter().map(read).collect()
}
