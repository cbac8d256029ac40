//! Approvals among what waits for a person.

use db::Read;
use model::{Id, Instant};
use sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use serde_json::{Value as Json, json};

use super::seen::Reader;
use super::{list, store};
use crate::records::Refs;
use crate::{Ctx, Result};

/// As the list calls them.
pub(crate) const KIND: &str = "approval";

fn open(people: &[Id]) -> SelectStatement {
    let mut select = Query::select();
    select.from("approval_task").and_where(Expr::col("state").eq("open"));
    select.and_where(Expr::col("person").is_in(people.iter().map(|id| id.0)));
    select
}

/// How many of these people's tasks are overdue, due today, later, and at no time.
pub(crate) fn count(tx: &mut Read, people: &[Id], now: Instant, end_of_day: Instant) -> Result<[i64; 4]> {
    let some = |condition: String| Expr::cust(format!("COALESCE(SUM(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)"));
    let (now, end) = (now.0, end_of_day.0);
    let select = open(people)
        .expr_as(some(format!("due_at <= {now}")), "overdue")
        .expr_as(some(format!("due_at > {now} AND due_at <= {end}")), "today")
        .expr_as(some(format!("due_at > {now} AND due_at > {end}")), "later")
        .expr_as(some("due_at IS NULL".to_owned()), "never")
        .to_owned();
    let row = tx.one(&select)?;
    Ok([row.get("overdue")?, row.get("today")?, row.get("later")?, row.get("never")?])
}

/// Those behind a place, the first due first: approval, task, and when it is due.
pub(crate) fn tasks(
    tx: &mut Read,
    people: &[Id],
    after: Option<(Option<Instant>, Id)>,
    limit: u64,
) -> Result<Vec<(Id, i64, Option<Instant>)>> {
    let mut found = Vec::new();
    for dated in [true, false] {
        if found.len() as u64 >= limit || dated && after.is_some_and(|(due, _)| due.is_none()) {
            continue;
        }
        let mut select = open(people);
        select.columns(["approval", "n", "due_at"]);
        if dated {
            select.and_where(Expr::col("due_at").is_not_null()).order_by("due_at", Order::Asc);
            if let Some((Some(due), id)) = after {
                let same = Expr::col("due_at").eq(due.0).and(Expr::col("approval").gt(id.0));
                select.and_where(Expr::col("due_at").gte(due.0)).cond_where(Cond::any().add(Expr::col("due_at").gt(due.0)).add(same));
            }
        } else {
            select.and_where(Expr::col("due_at").is_null());
            if let Some((None, id)) = after {
                select.and_where(Expr::col("approval").gt(id.0));
            }
        }
        select.order_by("approval", Order::Asc).order_by("n", Order::Asc).limit(limit - found.len() as u64);
        for row in tx.all(&select)? {
            found.push((row.get("approval")?, row.get("n")?, row.get::<Option<i64>>("due_at")?.map(Instant)));
        }
    }
    Ok(found)
}

/// These tasks as the list shows them, in their order.
pub(crate) fn show(cx: &Ctx, tx: &mut Read, tasks: &[(Id, i64)], refs: &mut Refs) -> Result<Vec<((Id, i64), Json)>> {
    let approvals = store::some(tx, &tasks.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let reader = Reader::of(cx, tx, &approvals)?;
    let mut shown = Vec::with_capacity(tasks.len());
    for (id, n) in tasks {
        let Some(approval) = approvals.iter().find(|approval| approval.id == *id) else { continue };
        let one = list::summary(&reader, approval, Some(*n as usize), refs)?;
        let seen = reader.record(approval).is_some();
        let can: Vec<&Json> = one["can"].as_array().into_iter().flatten().filter(|can| *can == "agree" || *can == "reject").collect();
        let assignee = approval.run.tasks.get(*n as usize).map(|task| task.person.to_string());
        let item = json!({
            "kind": KIND, "id": id.to_string(), "title": one["record_name"].as_str().unwrap_or(one["flow_name"].as_str().unwrap_or_default()),
            "object": seen.then_some(&approval.object), "record": seen.then(|| approval.record.to_string()), "item_object": KIND,
            "version": approval.version, "due_at": one["due_at"], "overdue": one["overdue"], "priority": null, "assignee": assignee, "can": can,
            "on_behalf_of": one["on_behalf_of"], "task": n, "what": one["what"], "flow_name": one["flow_name"], "node_name": one["node_name"],
        });
        shown.push(((*id, *n), item));
    }
    Ok(shown)
}
