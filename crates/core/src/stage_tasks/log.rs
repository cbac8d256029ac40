//! What was done about tasks, for the timeline of their deal.

use std::collections::BTreeMap;

use db::records::Bound;
use db::{Read, Row, Write};
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, JoinType, Order, Query};

use crate::{Ctx, Error, Result};

/// What was done about a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Done,
    Reopened,
    Reassigned,
    /// It was open when its stage was left.
    Skipped,
}

impl Event {
    const ALL: [Event; 4] = [Event::Done, Event::Reopened, Event::Reassigned, Event::Skipped];

    /// As stored and sent.
    pub fn key(self) -> &'static str {
        match self {
            Event::Done => "done",
            Event::Reopened => "reopened",
            Event::Reassigned => "reassigned",
            Event::Skipped => "skipped",
        }
    }

    fn of(key: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.key() == key)
    }
}

/// One thing that was done about a task.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    pub id: Id,
    pub task: Id,
    pub event: Event,
    pub at: Instant,
    pub by: Id,
    /// From where.
    pub origin: Option<i64>,
    /// The note of who did it, or the reason of who opened it again.
    pub note: Option<String>,
    /// To whom it was given.
    pub assignee: Option<Id>,
    /// What the task is called, and in which stage it is.
    pub name: String,
    pub stage: String,
}

const COLUMNS: [&str; 9] = ["id", "opportunity", "task", "act", "at", "by_id", "note", "assignee", "origin"];

/// Writes down what the caller has done about tasks of which he is told no more than their ids: deal, task, note and new assignee.
pub(super) fn write(
    cx: &Ctx,
    tx: &mut Write,
    event: Event,
    at: Instant,
    tasks: impl Iterator<Item = (Id, Id, Option<String>, Option<Id>)>,
) -> Result<()> {
    let row = |(deal, task, note, assignee): (Id, Id, Option<String>, Option<Id>)| {
        vec![
            cx.new_id().0.into(),
            deal.0.into(),
            task.0.into(),
            event.key().into(),
            at.0.into(),
            cx.who.id.0.into(),
            note.into(),
            assignee.map(|id: Id| id.0).into(),
            cx.origin.into(),
        ]
    };
    Ok(tx.insert_rows("stage_task_event", &COLUMNS, tasks.map(row).collect())?)
}

/// What was done about the tasks of a deal, newest first, behind a place on its timeline.
pub(crate) fn happened(tx: &mut Read, deal: Id, bound: Option<Bound>, limit: u32) -> Result<Vec<Happened>> {
    let mut select = Query::select();
    select.columns(COLUMNS.map(|column| ("e", column))).columns([("t", "name"), ("t", "stage")]);
    select.from_as("stage_task_event", "e").join_as(JoinType::InnerJoin, "stage_task", "t", Expr::col(("t", "id")).equals(("e", "task")));
    select.and_where(Expr::col(("e", "opportunity")).eq(deal.0));
    if let Some(bound) = bound {
        select.and_where(bound.met(Expr::col(("e", "at")), Expr::col(("e", "id"))));
    }
    select.order_by(("e", "at"), Order::Desc).order_by(("e", "id"), Order::Desc).limit(u64::from(limit));
    tx.all(&select)?.iter().map(read).collect()
}

/// When the tasks of these deals were done (true) and reopened (false), by task and in the order of time.
pub(crate) fn turns(tx: &mut Read, deals: &[Id]) -> Result<BTreeMap<Id, Vec<(Instant, bool)>>> {
    let mut found: BTreeMap<Id, Vec<(Instant, bool)>> = BTreeMap::new();
    for chunk in deals.chunks(500) {
        let select = Query::select()
            .columns(["task", "at", "act"])
            .from("stage_task_event")
            .and_where(Expr::col("opportunity").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("act").is_in([Event::Done.key(), Event::Reopened.key()]))
            .order_by("opportunity", Order::Asc)
            .order_by("at", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        for row in &tx.all(&select)? {
            let act: String = row.get("act")?;
            found.entry(row.get("task")?).or_default().push((row.get("at")?, act == Event::Done.key()));
        }
    }
    Ok(found)
}

fn read(row: &Row) -> Result<Happened> {
    let act: String = row.get("act")?;
    Ok(Happened {
        id: row.get("id")?,
        task: row.get("task")?,
        event: Event::of(&act).ok_or_else(|| Error::Internal(format!("something done about a task: “{act}”")))?,
        at: row.get("at")?,
        by: row.get("by_id")?,
        origin: row.get("origin")?,
        note: row.get("note")?,
        assignee: row.get("assignee")?,
        name: row.get("name")?,
        stage: row.get("stage")?,
    })
}
