//! Stage tasks that wait for somebody, by when they are due: rows beside the deals, seen with them.

use model::{Id, Object, Schema};
use sea_query::{Cond, Expr, ExprTrait, JoinType, Order, Query, SelectStatement, Value};

use super::Scope;
use super::list::ROOT;
use crate::columns::table;
use crate::condition::Writer;
use crate::{Error, Read, dialect};

const TASK: &str = "waiting";

/// Whose tasks are looked for.
#[derive(Clone, Copy, Debug)]
pub struct TasksOf<'a> {
    /// The object of deals.
    pub object: &'a Object,
    pub people: &'a [Id],
    /// The one who looks: what he is to do he sees by that.
    pub own: Option<Id>,
}

/// Those that are seen, behind a place, the first due first and those that are due at no time last.
pub fn waiting_tasks(
    tx: &mut Read,
    schema: &Schema,
    scope: &Scope<'_>,
    of: TasksOf<'_>,
    after: Option<(Option<i64>, Id)>,
    limit: u64,
) -> Result<Vec<(Id, Option<i64>)>, Error> {
    let (due, id) = (|| Expr::col((TASK, "due_at")), || Expr::col((TASK, "id")));
    let mut found = Vec::new();
    if !matches!(after, Some((None, _))) {
        let mut select = select(tx, schema, scope, of);
        select.column((TASK, "id")).column((TASK, "due_at")).and_where(due().is_not_null());
        if let Some((Some(at), last)) = after {
            let same = Cond::all().add(due().eq(at)).add(id().gt(last.0));
            select.and_where(due().gte(at)).cond_where(Cond::any().add(due().gt(at)).add(same));
        }
        select.order_by((TASK, "due_at"), Order::Asc).order_by((TASK, "id"), Order::Asc).limit(limit);
        for row in tx.all_once(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    if (found.len() as u64) < limit {
        let mut select = select(tx, schema, scope, of);
        select.column((TASK, "id")).and_where(due().is_null());
        if let Some((None, last)) = after {
            select.and_where(id().gt(last.0));
        }
        select.order_by((TASK, "id"), Order::Asc).limit(limit - found.len() as u64);
        for row in tx.all_once(&select)? {
            found.push((row.get(0)?, None));
        }
    }
    Ok(found)
}

/// How many are due before the first of the bounds, then before the second, then later, and at no time.
pub fn count_waiting_tasks(
    tx: &mut Read,
    schema: &Schema,
    scope: &Scope<'_>,
    of: TasksOf<'_>,
    bounds: [Value; 2],
) -> Result<[i64; 4], Error> {
    let due = || Expr::col((TASK, "due_at"));
    let mut select = select(tx, schema, scope, of);
    select.expr(Expr::cust("COUNT(1)"));
    for bound in bounds {
        select.expr(dialect::count_where(due().lt(bound)));
    }
    select.expr(Expr::from(sea_query::Func::count(due())));
    let rows = tx.all_once(&select)?;
    let row = rows.first().ok_or(Error::NoRow)?;
    let before = [row.get::<Option<i64>>(1)?.unwrap_or(0), row.get::<Option<i64>>(2)?.unwrap_or(0), row.get::<i64>(3)?];
    let all: i64 = row.get(0)?;
    Ok([before[0], before[1] - before[0], before[2] - before[1], all - before[2]])
}

fn select(tx: &Read, schema: &Schema, scope: &Scope<'_>, of: TasksOf<'_>) -> SelectStatement {
    let assignee = || Expr::col((TASK, "assignee"));
    let mut select = Query::select();
    select.from_as("stage_task", TASK);
    select.and_where(assignee().is_in(of.people.iter().map(|id| id.0))).and_where(Expr::col((TASK, "state")).eq("open"));
    // Of his own he sees the deals: they are given to him.
    if of.own.is_some_and(|own| of.people == [own]) {
        return select;
    }
    if let Some(visible) = Writer::new(tx.engine(), schema, scope).visible(of.object, ROOT) {
        let same = Expr::col((ROOT, "id")).equals((TASK, "opportunity"));
        select.join_as(JoinType::InnerJoin, table(&of.object.key), ROOT, same);
        select.and_where(match of.own {
            Some(own) => assignee().eq(own.0).or(visible),
            None => visible,
        });
    }
    select
}
