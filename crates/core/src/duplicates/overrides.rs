//! What records went on over: matches that were warned of, blocks that a role passes, what came in unasked. One row for a save, with the matches
//! that were most alike: an import may meet twenty with every row.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::duplicate::Found;
use model::{Id, Instant, Object};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};

use super::Live;
use crate::{Ctx, Error, Result, meta};

/// Matches of a rule that are kept of one save, the most alike.
const KEPT: usize = 5;

/// How it went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    /// Whoever saved it was warned and went on.
    Warned,
    /// A role of his passes the block.
    Exempt,
    /// Nobody could be asked.
    Unasked,
}

/// A match that a record goes on over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Override {
    pub rule: Id,
    pub object: String,
    pub found: Id,
    pub score: u8,
    pub how: How,
}

impl Override {
    /// Of what a rule has found.
    pub fn of(live: &Live, found: &Found, how: How) -> Override {
        Override { rule: live.rule.id, object: found.object.clone(), found: found.record, score: found.score, how }
    }
}

/// Those that are kept: of each rule the first, which are the most alike.
fn kept(passed: Vec<Override>) -> Vec<Override> {
    let mut of_rule: BTreeMap<Id, usize> = BTreeMap::new();
    let first = |one: &Override| {
        let many = of_rule.entry(one.rule).or_default();
        *many += 1;
        *many <= KEPT
    };
    passed.into_iter().filter(first).collect()
}

/// Keeps what these records went on over.
pub(crate) fn write(cx: &Ctx, tx: &mut Write, object: &Object, passed: Vec<(Id, Instant, Vec<Override>)>) -> Result<()> {
    const COLUMNS: [&str; 6] = ["id", "object", "record", "matches", "at", "by_id"];
    let mut rows: Vec<Vec<sea_query::Value>> = Vec::with_capacity(passed.len());
    for (record, at, matches) in passed {
        rows.push(vec![
            cx.new_id().0.into(),
            object.key.as_str().into(),
            record.0.into(),
            meta::text(&kept(matches))?.into(),
            at.0.into(),
            cx.who.id.0.into(),
        ]);
    }
    if rows.is_empty() { Ok(()) } else { Ok(tx.insert_rows("duplicate_override", &COLUMNS, rows)?) }
}

/// A save that went on over matches.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub id: Id,
    pub matches: Vec<Override>,
    pub at: Instant,
    pub by: Id,
}

/// What a record went on over, the latest first.
pub(crate) fn of_record(tx: &mut Read, object: &str, record: Id) -> Result<Vec<Kept>> {
    let select = Query::select()
        .columns(["id", "matches", "at", "by_id"])
        .from("duplicate_override")
        .and_where(Expr::col("object").eq(object))
        .and_where(Expr::col("record").eq(record.0))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned();
    let read = |row: &db::Row| -> Result<Kept> {
        let matches: String = row.get("matches")?;
        let matches =
            serde_json::from_str(&matches).map_err(|fault| Error::Internal(format!("matches that a save went on over: {fault}")))?;
        Ok(Kept { id: row.get("id")?, matches, at: Instant(row.get("at")?), by: row.get("by_id")? })
    };
    tx.all(&select)?.iter().map(read).collect()
}
