//! What has happened, for those who listen: written with the change itself, read in an order in which nothing slips in behind the
//! reader's back (core rule 6).

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Query, Value};

use crate::param::Param;
use crate::{Engine, Error, Read, Row, Write, dialect};

/// Among those to whom a record is given: whoever may read its object.
pub const EVERYBODY: Id = Id(uuid::Uuid::max());

/// By whose eyes a record is seen: of itself, and of what it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Eyes {
    /// Owners; whoever stands above one of them sees it as well.
    pub owners: Vec<Id>,
    /// People, departments and groups to whom it is given; nobody above them sees it for that.
    pub given: Vec<Id>,
}

/// One stored change of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub object: String,
    pub record: Id,
    /// The revision that the change made.
    pub revision: i64,
    pub act: String,
    pub at: Instant,
    pub by: Id,
    /// Fields that changed.
    pub columns: Vec<String>,
    /// Who saw the record before.
    pub before: Eyes,
    /// And after.
    pub after: Eyes,
}

/// A place in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Position {
    /// PostgreSQL's transaction number; 0 on SQLite, whose one writer makes `seq` enough.
    xid: i64,
    seq: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.xid, self.seq)
    }
}

impl FromStr for Position {
    type Err = ();
    fn from_str(text: &str) -> Result<Position, ()> {
        let (xid, seq) = text.split_once('.').ok_or(())?;
        let number = |text: &str| text.parse::<i64>().ok().filter(|n| *n >= 0).ok_or(());
        Ok(Position { xid: number(xid)?, seq: number(seq)? })
    }
}

const COLUMNS: [&str; 9] = ["object", "record", "revision", "act", "at", "by_id", "columns", "before_ids", "after_ids"];

/// Stores events; they are read once the transaction, and every older one, has ended.
pub fn insert(tx: &mut Write, events: &[Event]) -> Result<(), Error> {
    let rows = events
        .iter()
        .map(|event| {
            vec![
                Value::from(event.object.as_str()),
                Value::from(event.record.0),
                Value::from(event.revision),
                Value::from(event.act.as_str()),
                Value::from(event.at.0),
                Value::from(event.by.0),
                Value::from(event.columns.join(",")),
                Value::from(text(&event.before)),
                Value::from(text(&event.after)),
            ]
        })
        .collect();
    for event in events {
        match tx.stored.get_mut(&event.act) {
            Some(many) => *many += 1,
            None => drop(tx.stored.insert(event.act.clone(), 1)),
        }
    }
    tx.insert_later("outbox", &COLUMNS, rows)
}

/// Events after a position, oldest first, each with its own, and the position to ask from next.
pub fn after(tx: &mut Read, position: &Position, limit: u32) -> Result<(Vec<(Position, Event)>, Position), Error> {
    let rows = tx.all_sql(dialect::outbox_after(tx.engine()), &dialect::outbox_place(tx.engine(), position.xid, position.seq, limit))?;
    let events = rows.iter().map(event).collect::<Result<Vec<_>, Error>>()?;
    let next = events.last().map_or(*position, |(at, _)| *at);
    Ok((events, next))
}

/// The lowest revision of each of these records that stands behind a position, committed though it may not be readable yet. A transaction
/// that began earlier may end later, so the stream is not always in the order of a record's revisions; that order is the truth.
pub fn behind(tx: &mut Read, position: &Position, records: &[Id]) -> Result<HashMap<Id, i64>, Error> {
    let mut found = HashMap::new();
    // One writer, so what stands behind is younger.
    if tx.engine() == crate::Engine::Sqlite {
        return Ok(found);
    }
    for chunk in records.chunks(512) {
        for row in tx.all_sql(dialect::OUTBOX_BEHIND, &dialect::outbox_behind(position.xid, position.seq, chunk))? {
            found.insert(row.get(0)?, row.get(1)?);
        }
    }
    Ok(found)
}

/// Records of an object that were written behind a position, as far as this transaction sees them, its own included, with their latest
/// revisions.
pub fn written_behind(tx: &mut Read, position: &Position, object: &str) -> Result<Vec<(Id, i64)>, Error> {
    let params = asked_of(tx.engine(), position, object);
    tx.all_sql(dialect::outbox_written(tx.engine()), &params)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// How the engine finds them.
pub fn plan_of_written_behind(tx: &mut Read, position: &Position, object: &str) -> Result<String, Error> {
    let params = asked_of(tx.engine(), position, object);
    tx.plan_sql(dialect::outbox_written(tx.engine()), &params)
}

fn asked_of(engine: Engine, position: &Position, object: &str) -> Vec<Param> {
    let [xid, seq, _] = dialect::outbox_place(engine, position.xid, position.seq, 0);
    match engine {
        Engine::Sqlite => vec![seq, Param::from(object)],
        Engine::Postgres => vec![xid, seq, Param::from(object)],
    }
}

/// The position behind everything that can be read by now.
pub fn head(tx: &mut Read) -> Result<Position, Error> {
    let rows = tx.all_sql(dialect::outbox_head(tx.engine()), &[] as &[Param])?;
    let row = rows.first().ok_or(Error::NoRow)?;
    Ok(Position { xid: row.get(0)?, seq: row.get(1)? })
}

/// The instant of the oldest event that is still kept.
pub fn oldest(tx: &mut Read) -> Result<Option<Instant>, Error> {
    tx.one(Query::select().expr(Expr::cust("MIN(at)")).from("outbox"))?.get(0)
}

/// Removes events from before an instant; how many.
pub fn prune(tx: &mut Write, before: Instant) -> Result<u64, Error> {
    tx.execute(Query::delete().from_table("outbox").and_where(Expr::col("at").lt(before.0)))
}

fn event(row: &Row) -> Result<(Position, Event), Error> {
    let columns: String = row.get("columns")?;
    Ok((
        Position { xid: row.get("xid")?, seq: row.get("seq")? },
        Event {
            object: row.get("object")?,
            record: row.get("record")?,
            revision: row.get("revision")?,
            act: row.get("act")?,
            at: row.get("at")?,
            by: row.get("by_id")?,
            columns: columns.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            before: read_eyes(row, "before_ids")?,
            after: read_eyes(row, "after_ids")?,
        },
    ))
}

/// Owners, a semicolon, and those to whom it is given.
fn text(eyes: &Eyes) -> String {
    let list = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>().join(",");
    format!("{};{}", list(&eyes.owners), list(&eyes.given))
}

fn read_eyes(row: &Row, column: &str) -> Result<Eyes, Error> {
    let text: String = row.get(column)?;
    let list = |text: &str| {
        let ids = text.split(',').filter(|id| !id.is_empty());
        ids.map(|id| id.parse().map_err(|_| Error::decode(column, id))).collect::<Result<Vec<Id>, Error>>()
    };
    match text.split_once(';') {
        Some((owners, given)) => Ok(Eyes { owners: list(owners)?, given: list(given)? }),
        // Written by an older version, which did not tell them apart.
        None => Ok(Eyes { owners: list(&text)?, given: list(&text)? }),
    }
}
