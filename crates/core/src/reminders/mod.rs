//! What somebody is to be told at an instant: that a task is due, that a next step is.
//!
//! A reminder is set in the transaction of the record that asks for it, and moved or cleared in the same way. When its instant has come by
//! the clock of the database, whoever is free claims it, and in one transaction the notice (with its e-mail) is written and the reminder
//! removed or moved on: told exactly once, by however many servers, and however one of them ends (core rule 29). What a sales process has
//! people reminded of waits as one row for all of them ([`watching`]).

mod due;
mod following;
mod stages;
pub(crate) mod watching;
mod work;

use db::Write;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Query, Value as Sql};
use serde_json::{Value as Json, json};

use crate::notices::Kind;
use crate::{Ctx, Result};

pub(crate) use due::{change, on_save};
pub(crate) use following::published;
pub(crate) use stages::of_stage;
pub use work::{some, work};

/// What one person is to be told at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Reminder {
    pub kind: Kind,
    pub object: String,
    pub record: Id,
    /// Which of the record's: one of a record, kind and person stands at most once.
    pub nth: String,
    pub to: Id,
    pub at: Instant,
    /// It comes again after so many seconds, until it is cleared.
    pub every: Option<i64>,
    pub params: Json,
}

impl Reminder {
    /// Told once, at that instant.
    pub fn new(kind: Kind, (object, record): (&str, Id), nth: &str, to: Id, at: Instant) -> Reminder {
        Reminder { kind, object: object.to_owned(), record, nth: nth.to_owned(), to, at, every: None, params: json!({}) }
    }
}

/// Sets reminders; where one of the same record, kind, number and person stands, it is moved.
pub fn set(cx: &Ctx, tx: &mut Write, reminders: &[Reminder]) -> Result<()> {
    for one in reminders {
        clear(tx, one.record, one.kind, Some(&one.nth), Some(one.to))?;
    }
    insert(cx, tx, reminders)
}

fn insert(cx: &Ctx, tx: &mut Write, reminders: &[Reminder]) -> Result<()> {
    let rows = reminders.iter().map(|one| {
        vec![
            Sql::from(cx.new_id().0),
            Sql::from(one.kind.key()),
            Sql::from(one.object.as_str()),
            Sql::from(one.record.0),
            Sql::from(one.nth.as_str()),
            Sql::from(one.to.0),
            Sql::from(one.at.0),
            Sql::BigInt(one.every),
            Sql::from(one.params.to_string()),
        ]
    });
    let rows = rows.collect();
    Ok(tx.insert_rows("reminder", &["id", "kind", "object", "record", "nth", "person", "at", "every_seconds", "params"], rows)?)
}

/// Clears a record's reminders of a kind; of one number, of one person, where these are given.
pub fn clear(tx: &mut Write, record: Id, kind: Kind, nth: Option<&str>, to: Option<Id>) -> Result<()> {
    let mut delete = Query::delete();
    delete.from_table("reminder").and_where(Expr::col("record").eq(record.0)).and_where(Expr::col("kind").eq(kind.key()));
    if let Some(nth) = nth {
        delete.and_where(Expr::col("nth").eq(nth));
    }
    if let Some(to) = to {
        delete.and_where(Expr::col("person").eq(to.0));
    }
    tx.execute(&delete)?;
    Ok(())
}

/// Lets go of what was due by an instant, without telling it: what lies before a house's first day is no news.
pub(crate) fn forget_until(tx: &mut Write, at: Instant) -> Result<()> {
    watching::start_from(tx, at)?;
    tx.execute(Query::delete().from_table("reminder").and_where(Expr::col("at").lte(at.0)))?;
    Ok(())
}

/// Those of records that are deleted for good.
pub(crate) fn remove(tx: &mut Write, records: &[Id]) -> Result<()> {
    for chunk in records.chunks(500) {
        let ids = chunk.iter().map(|id| id.0);
        tx.execute(Query::delete().from_table("reminder").and_where(Expr::col("record").is_in(ids)))?;
    }
    Ok(())
}
