//! The trace of acts that are no changes of a record, and of acts that were refused: rows are added, never changed and never removed.

use std::collections::BTreeMap;

use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Func, LikeExpr, OnConflict, Order, Query, SelectStatement, Value as Sql};

use crate::{Engine, Error, Read, Row, Write, dialect};

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

/// What of the trace is wanted; whatever is absent is not asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub from: Option<Instant>,
    /// Before this.
    pub until: Option<Instant>,
    pub by: Option<Id>,
    pub kind: Option<String>,
    pub object: Option<String>,
    pub record: Option<Id>,
    pub act: Option<String>,
    pub refused: Option<bool>,
    /// Part of a code.
    pub code: Option<String>,
    /// Part of the subject, of a code or of a reason, whatever the case.
    pub words: Option<String>,
    /// Objects that the reader may not know of.
    pub without: Vec<String>,
}

impl Wanted {
    /// True where changes of records may be among what is wanted.
    pub fn changes(&self) -> bool {
        self.kind.as_deref().is_none_or(|kind| kind == "record") && self.refused != Some(true) && self.code.is_none()
    }

    pub(crate) fn narrow(&self, engine: Engine, select: &mut SelectStatement) {
        let mut test = |condition: Option<Expr>| {
            condition.map(|condition| select.and_where(condition));
        };
        test(self.from.map(|at| Expr::col("at").gte(at.0)));
        test(self.until.map(|at| Expr::col("at").lt(at.0)));
        test(self.by.map(|id| Expr::col("by_id").eq(id.0)));
        // Without a record the way is by time: an object has too many changes to be sorted for a page.
        let by_time = self.record.is_none();
        test(
            self.object
                .as_deref()
                .map(|object| if by_time { dialect::by_other_ways(engine, "object") } else { Expr::col("object") }.eq(object)),
        );
        test(self.record.map(|id| Expr::col("record").eq(id.0)));
        test(self.act.as_deref().map(|act| Expr::col("act").eq(act)));
    }
}

/// A text that holds another, whatever the case.
pub(crate) fn holds(column: &'static str, words: &str) -> Expr {
    let mut pattern = String::from("%");
    for c in words.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Func::lower(Expr::col(column)).like(LikeExpr::new(pattern).escape('\\'))
}

/// Behind this instant, and at it behind this id; without an id, all at it.
pub type Place = (Instant, Option<Id>);

pub(crate) fn behind(select: &mut SelectStatement, key: &'static str, place: Place) {
    let (at, id) = place;
    select.and_where(Expr::col("at").lte(at.0));
    if let Some(id) = id {
        select.and_where(Expr::col("at").lt(at.0).or(Expr::col(key).lt(id.0)));
    }
}

/// Acts and refusals, newest first.
pub fn list(tx: &mut Read, wanted: &Wanted, place: Option<Place>, limit: u32) -> Result<Vec<Entry>, Error> {
    let mut select = Query::select();
    select.columns(COLUMNS).from("audit").order_by("at", Order::Desc).order_by("id", Order::Desc).limit(u64::from(limit));
    wanted.narrow(tx.engine(), &mut select);
    if let Some(kind) = &wanted.kind {
        select.and_where(Expr::col("kind").eq(kind.as_str()));
    }
    if !wanted.without.is_empty() {
        select.and_where(Expr::col("object").is_null().or(Expr::col("object").is_not_in(wanted.without.iter().map(String::as_str))));
    }
    if let Some(refused) = wanted.refused {
        select.and_where(Expr::col("outcome").eq(if refused { "refused" } else { "done" }));
    }
    if let Some(code) = &wanted.code {
        select.and_where(holds("codes", code));
    }
    if let Some(words) = &wanted.words {
        select.and_where(holds("subject", words).or(holds("codes", words)));
    }
    if let Some(place) = place {
        behind(&mut select, "id", place);
    }
    let rows = tx.all_once(&select)?;
    let read = |row: &Row| {
        Ok(Entry {
            id: row.get(0)?,
            at: row.get(1)?,
            by: row.get(2)?,
            via: row.get(3)?,
            origin: row.get(4)?,
            act: row.get(5)?,
            kind: row.get(6)?,
            object: row.get(7)?,
            record: row.get(8)?,
            subject: row.get(9)?,
            refused: row.get::<String>(10)? == "refused",
            codes: row.get(11)?,
            detail: row.get(12)?,
            times: row.get(13)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Keeps the names of records that are deleted for good.
pub fn bury(tx: &mut Write, object: &str, names: &[(Id, String)], at: Instant, by: Id) -> Result<(), Error> {
    let row =
        |(id, name): &(Id, String)| vec![Sql::from(object), Sql::from(id.0), Sql::from(name.as_str()), Sql::from(at.0), Sql::from(by.0)];
    tx.insert_rows("deleted_record", &["object", "record", "name", "at", "by_id"], names.iter().map(row).collect())
}

/// The names that deleted records of an object had.
pub fn buried(tx: &mut Read, object: &str, ids: &[Id]) -> Result<Vec<(Id, String)>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let select = Query::select()
            .columns(["record", "name"])
            .from("deleted_record")
            .and_where(Expr::col("object").eq(object))
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        for row in tx.all_once(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

/// Where a call came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct From {
    pub address: String,
    /// The program, as it names itself.
    pub agent: String,
    /// The name of the token that it came with.
    pub token: Option<String>,
}

/// Keeps what an origin's number stands for.
pub fn put_origin(tx: &mut Write, id: i64, from: &From, at: Instant) -> Result<(), Error> {
    let insert = Query::insert()
        .into_table("origin")
        .columns(["id", "address", "agent", "token", "at"])
        .values_panic([id.into(), from.address.as_str().into(), from.agent.as_str().into(), from.token.clone().into(), at.0.into()])
        .on_conflict(OnConflict::column("id").do_nothing().to_owned())
        .to_owned();
    tx.execute(insert).map(|_| ())
}

/// What the numbers of origins stand for.
pub fn origins(tx: &mut Read, ids: impl IntoIterator<Item = i64>) -> Result<BTreeMap<i64, From>, Error> {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(500) {
        let select = Query::select()
            .columns(["id", "address", "agent", "token"])
            .from("origin")
            .and_where(Expr::col("id").is_in(chunk.iter().copied()))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert(row.get(0)?, From { address: row.get(1)?, agent: row.get(2)?, token: row.get(3)? });
        }
    }
    Ok(found)
}
