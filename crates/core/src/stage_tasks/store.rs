//! Tasks and the records linked through them, as rows.

use std::collections::BTreeMap;

use db::{Read, Row, Write};
use model::process::{Party, Task, TaskState};
use model::sharing::Level;
use model::{Id, Instant};
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, Value as Sql};

use crate::{Error, Result};

const COLUMNS: [&str; 20] = [
    "id",
    "opportunity",
    "process",
    "process_version",
    "stage",
    "key",
    "stay",
    "run",
    "name",
    "required",
    "state",
    "assignee",
    "party",
    "level",
    "due_at",
    "arisen_at",
    "done_at",
    "done_by",
    "note",
    "version",
];

/// Rows in one statement.
const CHUNK: usize = 500;

/// A task with what is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    pub task: Task,
    /// Which of the parties named its assignee is; none: he was chosen by hand.
    pub party: Option<Party>,
    /// What its assignee may do with the deal while it is open.
    pub level: Level,
    pub arisen_at: Instant,
    pub done_at: Option<Instant>,
    pub done_by: Option<Id>,
    pub note: Option<String>,
    pub version: i64,
}

impl Kept {
    pub fn is_open(&self) -> bool {
        self.task.state == TaskState::Open
    }
}

/// The tasks of these deals, oldest first.
pub(crate) fn load(tx: &mut Read, deals: &[Id]) -> Result<BTreeMap<Id, Vec<Task>>> {
    let rows = rows(tx, deals)?;
    Ok(rows.into_iter().map(|(deal, kept)| (deal, kept.into_iter().map(|one| one.task).collect())).collect())
}

/// As [`load`], with what is kept beside them.
pub(crate) fn rows(tx: &mut Read, deals: &[Id]) -> Result<BTreeMap<Id, Vec<Kept>>> {
    let mut found: BTreeMap<Id, Vec<Kept>> = BTreeMap::new();
    for chunk in deals.chunks(CHUNK) {
        let wanted = select().and_where(Expr::col("opportunity").is_in(chunk.iter().map(|id| id.0))).to_owned();
        for row in &tx.all(&wanted)? {
            let kept = read(row)?;
            found.entry(kept.task.opportunity).or_default().push(kept);
        }
    }
    Ok(found)
}

/// These tasks, those that are there.
pub(crate) fn some(tx: &mut Read, ids: &[Id]) -> Result<Vec<Kept>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let wanted = select().and_where(Expr::col("id").is_in(chunk.iter().map(|id| id.0))).to_owned();
        for row in &tx.all(&wanted)? {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// The open tasks of a person.
pub(crate) fn of_assignee(tx: &mut Read, person: Id) -> Result<Vec<Kept>> {
    let open = Expr::col("assignee").eq(person.0).and(Expr::col("state").eq(TaskState::Open.key()));
    tx.all(&select().and_where(open).to_owned())?.iter().map(read).collect()
}

/// The next tasks after one, by id.
pub(crate) fn after(tx: &mut Read, after: Option<Id>, limit: u64) -> Result<Vec<Kept>> {
    let mut wanted = Query::select();
    wanted.columns(COLUMNS).from("stage_task").order_by("id", Order::Asc).limit(limit);
    if let Some(after) = after {
        wanted.and_where(Expr::col("id").gt(after.0));
    }
    tx.all(&wanted)?.iter().map(read).collect()
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select.columns(COLUMNS).from("stage_task");
    // Those of one visit as its stage names them: ids are given in that order.
    ["opportunity", "arisen_at", "id"].into_iter().for_each(|column| {
        select.order_by(column, Order::Asc);
    });
    select
}

fn read(row: &Row) -> Result<Kept> {
    let (state, party): (String, Option<String>) = (row.get("state")?, row.get("party")?);
    let party = party.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| Error::Internal(error.to_string()))?;
    let task = Task {
        id: row.get("id")?,
        opportunity: row.get("opportunity")?,
        process: row.get("process")?,
        process_version: row.get("process_version")?,
        stage: row.get("stage")?,
        key: row.get("key")?,
        stay: row.get("stay")?,
        run: row.get("run")?,
        name: row.get("name")?,
        required: row.get::<i64>("required")? != 0,
        state: TaskState::from_key(&state).ok_or_else(|| Error::Internal(format!("a task that is “{state}”")))?,
        assignee: row.get("assignee")?,
        due_at: row.get("due_at")?,
    };
    Ok(Kept {
        task,
        party,
        level: Level::of(&row.get::<String>("level")?).unwrap_or(Level::Read),
        arisen_at: row.get("arisen_at")?,
        done_at: row.get("done_at")?,
        done_by: row.get("done_by")?,
        note: row.get("note")?,
        version: row.get("version")?,
    })
}

/// Writes new tasks, all together.
pub(crate) fn insert(tx: &mut Write, tasks: &[Kept]) -> Result<()> {
    let rows = tasks.iter().map(row).collect::<Result<Vec<Vec<Sql>>>>()?;
    Ok(tx.insert_rows("stage_task", &COLUMNS, rows)?)
}

fn row(kept: &Kept) -> Result<Vec<Sql>> {
    let task = &kept.task;
    Ok(vec![
        task.id.0.into(),
        task.opportunity.0.into(),
        task.process.0.into(),
        task.process_version.into(),
        task.stage.as_str().into(),
        task.key.as_str().into(),
        task.stay.0.into(),
        task.run.into(),
        task.name.as_str().into(),
        i64::from(task.required).into(),
        task.state.key().into(),
        task.assignee.map(|id| id.0).into(),
        party_text(kept.party.as_ref())?.into(),
        kept.level.key().into(),
        task.due_at.map(|at| at.0).into(),
        kept.arisen_at.0.into(),
        kept.done_at.map(|at| at.0).into(),
        kept.done_by.map(|id| id.0).into(),
        kept.note.clone().into(),
        kept.version.into(),
    ])
}

fn party_text(party: Option<&Party>) -> Result<Option<String>> {
    party.map(serde_json::to_string).transpose().map_err(|error| Error::Internal(error.to_string()))
}

/// Writes what has become of one task. Its deal is locked, so nobody else is at it.
pub(crate) fn update(tx: &mut Write, kept: &Kept) -> Result<()> {
    let update = Query::update()
        .table("stage_task")
        .value("state", kept.task.state.key())
        .value("assignee", kept.task.assignee.map(|id| id.0))
        .value("party", party_text(kept.party.as_ref())?)
        .value("done_at", kept.done_at.map(|at| at.0))
        .value("done_by", kept.done_by.map(|id| id.0))
        .value("note", kept.note.clone())
        .value("version", kept.version)
        .and_where(Expr::col("id").eq(kept.task.id.0))
        .to_owned();
    tx.execute(update)?;
    Ok(())
}

/// Turns many tasks into the same state.
pub(crate) fn turn(tx: &mut Write, tasks: &[Id], state: TaskState) -> Result<()> {
    for chunk in tasks.chunks(CHUNK) {
        let update = Query::update()
            .table("stage_task")
            .value("state", state.key())
            .value("version", Expr::col("version").add(1_i64))
            .and_where(Expr::col("id").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        tx.execute(update)?;
    }
    Ok(())
}

/// Gives many tasks to the same person.
pub(crate) fn give(tx: &mut Write, tasks: &[Id], assignee: Option<Id>, party: Option<&Party>) -> Result<()> {
    for chunk in tasks.chunks(CHUNK) {
        let update = Query::update()
            .table("stage_task")
            .value("assignee", assignee.map(|id| id.0))
            .value("party", party_text(party)?)
            .value("version", Expr::col("version").add(1_i64))
            .and_where(Expr::col("id").is_in(chunk.iter().map(|id| id.0)))
            .to_owned();
        tx.execute(update)?;
    }
    Ok(())
}

/// The records linked through these tasks: task, object, record.
pub(crate) fn linked(tx: &mut Read, tasks: &[Id]) -> Result<Vec<(Id, String, Id)>> {
    let mut found = Vec::new();
    for chunk in tasks.chunks(CHUNK) {
        let wanted = Query::select()
            .columns(["task", "object", "record"])
            .from("stage_task_record")
            .and_where(Expr::col("task").is_in(chunk.iter().map(|id| id.0)))
            .order_by("task", Order::Asc)
            .order_by("record", Order::Asc)
            .to_owned();
        for row in &tx.all(&wanted)? {
            found.push((row.get("task")?, row.get("object")?, row.get("record")?));
        }
    }
    Ok(found)
}

/// Links records through a task; none of them is linked through it yet.
pub(crate) fn link(tx: &mut Write, task: Id, object: &str, records: &[Id]) -> Result<()> {
    let rows = records.iter().map(|record| vec![task.0.into(), object.into(), record.0.into()]).collect();
    Ok(tx.insert_rows("stage_task_record", &["task", "object", "record"], rows)?)
}

/// Removes what is kept of records that are deleted for good: the tasks of deals, and what was linked through any task.
pub(crate) fn remove(tx: &mut Write, records: &[Id], deals: bool) -> Result<()> {
    for chunk in records.chunks(CHUNK) {
        let these = |column: &'static str| Expr::col(column).is_in(chunk.iter().map(|id| id.0));
        tx.execute(Query::delete().from_table("stage_task_record").and_where(these("record")).to_owned())?;
        if deals {
            let tasks = Query::select().column("id").from("stage_task").and_where(these("opportunity")).to_owned();
            let through = Expr::col("task").in_subquery(tasks);
            tx.execute(Query::delete().from_table("stage_task_record").and_where(through).to_owned())?;
            tx.execute(Query::delete().from_table("stage_task_event").and_where(these("opportunity")).to_owned())?;
            tx.execute(Query::delete().from_table("stage_task").and_where(these("opportunity")).to_owned())?;
        }
    }
    Ok(())
}
