//! Records that wait for somebody, by when they are due.

use model::field::Kind;
use model::{Id, Object, Schema};
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement, Value};

use super::Scope;
use super::list::ROOT;
use crate::columns::table;
use crate::condition::{Writer, not_voided};
use crate::row::Cell;
use crate::{Error, Read, dialect};

/// Which records wait for whom.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    pub object: &'a Object,
    /// The field that holds the person.
    pub of: &'a str,
    pub people: &'a [Id],
    /// The one who looks, where he sees by himself what is his: asking of each of ten thousand tasks whether he does took a quarter of a second.
    pub own: Option<Id>,
    /// Fields of choices that must hold this.
    pub is: &'a [(&'a str, &'a str)],
    /// The field by which they are due, a date or an instant.
    pub due: Option<&'a str>,
    /// Only those that are due, and before this.
    pub before: Option<Value>,
    /// Only those that are due at some time.
    pub dated: bool,
    /// Only the newest, by the field that comes second, of those that regard the same.
    pub newest: Option<(&'a str, &'a str)>,
}

/// The place behind which a page begins: a due value, or a blank one, and the id.
#[derive(Clone, Debug)]
pub enum After {
    Value(Value, Id),
    /// At or after a due value, whatever the id.
    From(Value),
    Blank(Id),
}

/// A record that waits, and its due value as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Due {
    Day(String),
    At(i64),
    Never,
}

/// Those that are seen, the first due first and those without a due value last.
pub fn waiting(
    tx: &mut Read,
    schema: &Schema,
    scope: &Scope<'_>,
    wanted: &Waiting<'_>,
    after: Option<&After>,
    limit: u64,
) -> Result<Vec<(Id, Due)>, Error> {
    let mut found = Vec::new();
    let id = || Expr::col((ROOT, "id"));
    if let Some(due) = wanted.due {
        let at = || Expr::col((ROOT, due.to_owned()));
        let mut select = select(tx, schema, scope, wanted);
        select.column((ROOT, "id")).column((ROOT, due.to_owned())).and_where(at().is_not_null());
        match after {
            Some(After::Blank(_)) => {
                select.and_where(dialect::never());
            }
            Some(After::From(value)) => {
                select.and_where(at().gte(value.clone()));
            }
            Some(After::Value(value, last)) => {
                let same = Cond::all().add(at().eq(value.clone())).add(id().gt(last.0));
                select.and_where(at().gte(value.clone())).cond_where(Cond::any().add(at().gt(value.clone())).add(same));
            }
            None => {}
        }
        select.order_by((ROOT, due.to_owned()), Order::Asc).order_by((ROOT, "id"), Order::Asc).limit(limit);
        if !matches!(after, Some(After::Blank(_))) {
            for row in tx.all_once(&select)? {
                let due = match row.cell(1) {
                    Cell::Int(at) => Due::At(*at),
                    Cell::Text(day) => Due::Day(day.clone()),
                    _ => Due::Never,
                };
                found.push((row.get(0)?, due));
            }
        }
        if wanted.before.is_some() || wanted.dated {
            return Ok(found);
        }
    }
    if (found.len() as u64) < limit {
        let mut select = select(tx, schema, scope, wanted);
        select.column((ROOT, "id"));
        if let Some(due) = wanted.due {
            select.and_where(Expr::col((ROOT, due.to_owned())).is_null());
        }
        if let Some(After::Blank(last)) = after {
            select.and_where(id().gt(last.0));
        }
        select.order_by((ROOT, "id"), Order::Asc).limit(limit - found.len() as u64);
        for row in tx.all_once(&select)? {
            found.push((row.get(0)?, Due::Never));
        }
    }
    Ok(found)
}

/// How many are due before the first of the bounds, then before the second, then later, and at no time.
pub fn count_waiting(
    tx: &mut Read,
    schema: &Schema,
    scope: &Scope<'_>,
    wanted: &Waiting<'_>,
    bounds: [Value; 2],
) -> Result<[i64; 4], Error> {
    let mut select = select(tx, schema, scope, wanted);
    let mut before = [0, 0, 0];
    select.expr(Expr::cust("COUNT(1)"));
    if let Some(due) = wanted.due {
        for bound in bounds {
            select.expr(dialect::count_where(Expr::col((ROOT, due.to_owned())).lt(bound)));
        }
        select.expr(Expr::from(sea_query::Func::count(Expr::col((ROOT, due.to_owned())))));
    }
    let rows = tx.all_once(&select)?;
    let row = rows.first().ok_or(Error::NoRow)?;
    if wanted.due.is_some() {
        before = [row.get::<Option<i64>>(1)?.unwrap_or(0), row.get::<Option<i64>>(2)?.unwrap_or(0), row.get(3)?];
    }
    let all: i64 = row.get(0)?;
    Ok([before[0], before[1] - before[0], before[2] - before[1], all - before[2]])
}

fn select(tx: &Read, schema: &Schema, scope: &Scope<'_>, wanted: &Waiting<'_>) -> SelectStatement {
    let writer = Writer::new(tx.engine(), schema, scope);
    let here = |field: &str| Expr::col((ROOT, field.to_owned()));
    let mut select = Query::select();
    select.from_as(table(&wanted.object.key), ROOT).and_where(here(wanted.of).is_in(wanted.people.iter().map(|id| id.0)));
    for (field, value) in wanted.is {
        select.and_where(here(field).eq(*value));
    }
    if let Some(due) = wanted.due {
        if wanted.dated {
            select.and_where(here(due).is_not_null());
        }
        if let Some(before) = &wanted.before {
            select.and_where(here(due).lt(before.clone()));
        }
    }
    if let Some(kept) = not_voided(wanted.object, ROOT) {
        select.and_where(kept);
    }
    if let Some((regarding, by)) = wanted.newest {
        select.and_where(Expr::exists(newer(&writer, wanted.object, regarding, by)).not());
    }
    if let Some(visible) = writer.visible(wanted.object, ROOT) {
        match wanted.own {
            Some(own) if wanted.people == [own] => {}
            Some(own) => {
                select.and_where(here(wanted.of).eq(own.0).or(visible));
            }
            None => {
                select.and_where(visible);
            }
        }
    }
    select
}

/// Those of these records to which nothing newer regards the same.
pub fn newest(tx: &mut Read, schema: &Schema, object: &Object, (regarding, by): (&str, &str), ids: &[Id]) -> Result<Vec<Id>, Error> {
    let writer = Writer::new(tx.engine(), schema, &Scope::All("what was followed is followed"));
    let mut select = Query::select();
    select.column((ROOT, "id")).from_as(table(&object.key), ROOT);
    select.and_where(Expr::col((ROOT, "id")).is_in(dialect::padded(ids).into_iter().map(|id| id.0)));
    select.and_where(Expr::exists(newer(&writer, object, regarding, by)).not());
    tx.all_once(&select)?.iter().map(|row| row.get(0)).collect()
}

/// A newer one that regards the same. Whether the reader sees it does not matter: what was followed is followed.
fn newer(writer: &Writer<'_>, object: &Object, regarding: &str, by: &str) -> SelectStatement {
    let alias = writer.alias();
    let there = |column: &str| Expr::col((alias.clone(), column.to_owned()));
    let same = |column: String| Expr::col((alias.clone(), column.clone())).equals((ROOT, column));
    let mut select = Query::select();
    select.expr(Expr::cust("1")).from_as(table(&object.key), alias.clone()).and_where(same(regarding.to_owned()));
    if object.field(regarding).is_some_and(|field| field.kind.kind() == Kind::Regarding) {
        select.and_where(same(format!("{regarding}_object")));
    }
    let later = there(by).gt(Expr::col((ROOT, by.to_owned())));
    let same_time = there(by).eq(Expr::col((ROOT, by.to_owned()))).and(there("id").gt(Expr::col((ROOT, "id"))));
    select.and_where(later.or(same_time));
    if let Some(kept) = not_voided(object, &alias) {
        select.and_where(kept);
    }
    select
}
