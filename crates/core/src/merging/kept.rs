//! What is kept of a merge: what was moved and what stood there before.

use std::collections::BTreeMap;

use db::{Read, Row, Write};
use model::{Id, Instant, Object};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};

use super::UNDOABLE;
use super::asked::Asked;
use crate::{Ctx, Error, Result};

/// What was done in a merge. Values that were replaced stand in the history, at the revisions named here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    pub losers: Vec<Loser>,
    pub taken: Vec<Taken>,
    /// The revision of the winner that took the values over.
    pub taken_at: Option<i64>,
    pub owner: Option<Owner>,
    pub references: Vec<Moved>,
    pub files: Vec<MovedFile>,
    /// The winner's team, where it became another.
    pub team: Option<Teams>,
    /// Ids in other systems: source, id, and the loser that had it.
    pub external: Vec<(String, String, Id)>,
    /// Rows written about a record, by table.
    pub beside: BTreeMap<String, Vec<(Id, Id)>>,
    pub reason: Option<String>,
}

/// A record that went into the winner.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Loser {
    pub id: Id,
    /// The revision at which it gave up its files and unique values.
    pub gave_up: Option<i64>,
}

/// A field whose value was taken from a loser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Taken {
    pub field: String,
    pub from: Id,
}

/// Another owner.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Owner {
    pub before: Option<Id>,
    pub after: Id,
}

/// Records that referred to a loser by one field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Moved {
    pub object: String,
    pub field: String,
    pub records: Vec<Referring>,
}

/// A record that referred to losers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Referring {
    pub id: Id,
    pub losers: Vec<Id>,
    /// It referred to the winner as well, or is the winner.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub both: bool,
}

/// A file that hung on a loser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MovedFile {
    pub id: Id,
    pub field: String,
    pub loser: Id,
}

/// The winner's team before and after: person, part, access, share.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Teams {
    pub before: Vec<(Id, String, String, Option<i64>)>,
    pub after: Vec<(Id, String, String, Option<i64>)>,
}

impl Kept {
    /// How much was moved, by object; what is no record by what it is.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts: BTreeMap<String, std::collections::BTreeSet<Id>> = BTreeMap::new();
        for moved in &self.references {
            counts.entry(moved.object.clone()).or_default().extend(moved.records.iter().map(|one| one.id));
        }
        let mut counts: BTreeMap<String, usize> = counts.into_iter().map(|(object, ids)| (object, ids.len())).collect();
        let team = self.team.as_ref().map_or(0, |team| team.after.iter().filter(|one| !team.before.contains(one)).count());
        let beside = |table: &str| self.beside.get(table).map_or(0, Vec::len);
        for (what, n) in
            [("files", self.files.len()), ("team", team), ("external_ids", self.external.len()), ("comments", beside("comment"))]
        {
            if n > 0 {
                counts.insert(what.to_owned(), n);
            }
        }
        counts
    }
}

/// A merge as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub id: Id,
    pub object: String,
    pub winner: Id,
    pub at: Instant,
    pub by: Id,
    pub undo_until: Instant,
    pub undone_at: Option<Instant>,
    pub undone_by: Option<Id>,
    pub kept: Kept,
}

const COLUMNS: [&str; 9] = ["id", "object", "winner", "at", "by_id", "undo_until", "undone_at", "undone_by", "doc"];

/// Writes a merge down; until when it can be taken back.
pub(super) fn write(cx: &Ctx, tx: &mut Write, object: &Object, id: Id, asked: &Asked, kept: &Kept) -> Result<Instant> {
    let until = cx.at.plus_seconds(UNDOABLE);
    let doc = serde_json::to_string(kept).map_err(|error| Error::Internal(error.to_string()))?;
    let row = [
        id.0.into(),
        object.key.as_str().into(),
        asked.winner.id.0.into(),
        cx.at.0.into(),
        cx.who.id.0.into(),
        until.0.into(),
        doc.as_str().into(),
    ];
    let columns = ["id", "object", "winner", "at", "by_id", "undo_until", "doc"];
    tx.execute(Query::insert().into_table("merge").columns(columns).values_panic(row))?;
    for loser in &asked.losers {
        tx.execute(Query::insert().into_table("merge_loser").columns(["merge", "record"]).values_panic([id.0.into(), loser.id.0.into()]))?;
    }
    Ok(until)
}

/// Notes that a merge was taken back.
pub(super) fn undone(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let update = Query::update()
        .table("merge")
        .value("undone_at", cx.at.0)
        .value("undone_by", cx.who.id.0)
        .and_where(Expr::col("id").eq(id.0))
        .to_owned();
    tx.execute(update)?;
    Ok(())
}

/// A merge. Error: there is none.
pub(super) fn load(tx: &mut Read, id: Id) -> Result<Stored> {
    let row = tx.optional(Query::select().columns(COLUMNS).from("merge").and_where(Expr::col("id").eq(id.0)))?;
    stored(&row.ok_or(Error::NotFound)?)
}

/// The merges in which a record took part, as the winner or as a loser, newest first.
pub(super) fn of(tx: &mut Read, record: Id) -> Result<Vec<Stored>> {
    let lost = Query::select().column("merge").from("merge_loser").and_where(Expr::col("record").eq(record.0)).to_owned();
    let select = Query::select()
        .columns(COLUMNS)
        .from("merge")
        .cond_where(sea_query::Cond::any().add(Expr::col("winner").eq(record.0)).add(Expr::col("id").in_subquery(lost)))
        .order_by("at", Order::Desc)
        .order_by("id", Order::Desc)
        .to_owned();
    tx.all(&select)?.iter().map(stored).collect()
}

/// The merge by which a record lost, where it was not taken back: its id and the winner.
pub(super) fn lost(tx: &mut Read, record: Id) -> Result<Option<(Id, Id)>> {
    let lost = Query::select().column("merge").from("merge_loser").and_where(Expr::col("record").eq(record.0)).to_owned();
    let select = Query::select()
        .columns(["id", "winner"])
        .from("merge")
        .and_where(Expr::col("id").in_subquery(lost))
        .and_where(Expr::col("undone_at").is_null())
        .order_by("at", Order::Desc)
        .limit(1)
        .to_owned();
    match tx.optional(&select)? {
        Some(row) => Ok(Some((row.get(0)?, row.get(1)?))),
        None => Ok(None),
    }
}

fn stored(row: &Row) -> Result<Stored> {
    let kept = serde_json::from_str(&row.get::<String>("doc")?).map_err(|error| Error::Internal(format!("a stored merge: {error}")))?;
    Ok(Stored {
        id: row.get("id")?,
        object: row.get("object")?,
        winner: row.get("winner")?,
        at: row.get("at")?,
        by: row.get("by_id")?,
        undo_until: row.get("undo_until")?,
        undone_at: row.get("undone_at")?,
        undone_by: row.get("undone_by")?,
        kept,
    })
}
