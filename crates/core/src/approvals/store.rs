//! Approvals in the database.

use std::collections::{BTreeMap, BTreeSet};

use db::{Read, Row, Write};
use model::approval::{Entry, Flow, Outcome, Run, TaskState};
use model::{Id, Instant, Object, Violations};
use sea_query::{Expr, ExprTrait, Order, Query, Value};

use super::asked::Asked;
use super::begin::Begun;
use super::{clock, sight};
use crate::notices::{self, Kind, Notice};
use crate::{Ctx, Error, Result, meta};

/// One approval as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Approval {
    pub id: Id,
    pub flow: Id,
    pub flow_version: i64,
    pub object: String,
    pub record: Id,
    pub what: String,
    pub asked: Asked,
    pub run: Run,
    pub began_at: Instant,
    pub ended_at: Option<Instant>,
    pub failed: Option<Json>,
    pub version: i64,
}

type Json = serde_json::Value;

const COLUMNS: [&str; 12] =
    ["id", "flow", "flow_version", "object", "record", "what", "asks", "run", "began_at", "ended_at", "failed", "version"];

/// An approval. Errors: not there.
pub(crate) fn load(tx: &mut Read, id: Id) -> Result<Approval> {
    some(tx, &[id])?.pop().ok_or(Error::NotFound)
}

/// Those of these that there are, in any order.
pub(crate) fn some(tx: &mut Read, ids: &[Id]) -> Result<Vec<Approval>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let ids = chunk.iter().map(|id| id.0);
        let select = Query::select().columns(COLUMNS).from("approval").and_where(Expr::col("id").is_in(ids)).to_owned();
        for row in tx.all(&select)? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

fn read(row: &Row) -> Result<Approval> {
    let unreadable = |e: serde_json::Error| Error::Internal(format!("a stored approval cannot be read: {e}"));
    let failed = row.get::<Option<String>>("failed")?.map(|text| serde_json::from_str(&text)).transpose();
    Ok(Approval {
        id: row.get("id")?,
        flow: row.get("flow")?,
        flow_version: row.get("flow_version")?,
        object: row.get("object")?,
        record: row.get("record")?,
        what: row.get("what")?,
        asked: serde_json::from_str(&row.get::<String>("asks")?).map_err(unreadable)?,
        run: serde_json::from_str(&row.get::<String>("run")?).map_err(unreadable)?,
        began_at: row.get("began_at")?,
        ended_at: row.get("ended_at")?,
        failed: failed.map_err(unreadable)?,
        version: row.get("version")?,
    })
}

/// From where what stands in the trail of an approval was done, entry by entry.
pub(super) fn origins(tx: &mut Read, id: Id) -> Result<Vec<Option<i64>>> {
    let select = Query::select()
        .column("origin")
        .from("approval_entry")
        .and_where(Expr::col("approval").eq(id.0))
        .order_by("n", Order::Asc)
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok(row.get(0)?)).collect()
}

/// The trail of an approval.
pub(crate) fn trail(tx: &mut Read, id: Id) -> Result<Vec<Entry>> {
    let select =
        Query::select().column("doc").from("approval_entry").and_where(Expr::col("approval").eq(id.0)).order_by("n", Order::Asc).to_owned();
    tx.all(&select)?.iter().map(meta::doc).collect()
}

/// Writes one that begins.
pub(super) fn insert(cx: &Ctx, tx: &mut Write, object: &Object, record: Id, begun: &Begun) -> Result<()> {
    let (flow, run) = (&begun.caught.flow, &begun.run);
    tx.execute(
        Query::insert()
            .into_table("approval")
            .columns([
                "id",
                "flow",
                "flow_version",
                "object",
                "record",
                "what",
                "state",
                "submitter",
                "initiator",
                "began_at",
                "ended_at",
                "receiver",
                "asks",
                "run",
                "version",
                "origin",
            ])
            .values_panic([
                begun.id.0.into(),
                flow.id.0.into(),
                flow.version.into(),
                object.key.as_str().into(),
                record.0.into(),
                begun.caught.what.key().into(),
                state(run).into(),
                run.submitter.0.into(),
                run.initiator.0.into(),
                cx.at.0.into(),
                run.outcome.as_ref().map(|_| cx.at.0).into(),
                begun.receiver.map(|id| id.0).into(),
                meta::text(&begun.asked)?.into(),
                meta::text(run)?.into(),
                1_i64.into(),
                cx.origin.into(),
            ])
            .to_owned(),
    )?;
    let new = Run::new(run.submitter, run.initiator);
    follow(cx, tx, (object, record), begun.id, &Step { flow, before: &new, run, entries: &begun.trail }, 0)
}

/// What an act makes of an approval: how it stood, how it stands, and what is entered in its trail.
pub(super) struct Step<'a> {
    pub flow: &'a Flow,
    pub before: &'a Run,
    pub run: &'a Run,
    pub entries: &'a [Entry],
}

/// Writes what an act has made of one.
pub(super) fn update(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    approval: &Approval,
    step: &Step<'_>,
    failed: Option<&Violations>,
) -> Result<()> {
    let run = step.run;
    let failed = failed.map(meta::text).transpose()?;
    tx.execute(
        Query::update()
            .table("approval")
            .value("state", state(run))
            .value("ended_at", run.outcome.as_ref().map(|_| approval.ended_at.unwrap_or(cx.at).0))
            .value("asks", meta::text(&approval.asked)?)
            .value("run", meta::text(run)?)
            .value("failed", failed)
            .value("version", approval.version + 1)
            .and_where(Expr::col("id").eq(approval.id.0))
            .to_owned(),
    )?;
    let select = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("approval_entry")
        .and_where(Expr::col("approval").eq(approval.id.0))
        .to_owned();
    let so_far: i64 = tx.one(&select)?.get("n")?;
    follow(cx, tx, (object, approval.record), approval.id, step, so_far)
}

pub(super) fn state(run: &Run) -> &'static str {
    match (&run.outcome, &run.returned) {
        (Some(outcome), _) => outcome.key(),
        (None, Some(_)) => "returned",
        (None, None) => "running",
    }
}

/// Tasks, trail, who sees the record for it, and who is told.
fn follow(cx: &Ctx, tx: &mut Write, (object, record): (&Object, Id), approval: Id, step: &Step<'_>, so_far: i64) -> Result<()> {
    let Step { flow, before, run, entries } = *step;
    let rows = entries
        .iter()
        .zip(so_far..)
        .map(|(entry, n)| {
            let doc = meta::text(entry)?;
            // What follows by itself comes from nowhere.
            let origin = cx.origin.filter(|_| entry.by != Id::SYSTEM);
            Ok(vec![Value::from(approval.0), n.into(), entry.at.0.into(), entry.by.0.into(), doc.into(), origin.into()])
        })
        .collect::<Result<Vec<_>>>()?;
    tx.insert_rows("approval_entry", &["approval", "n", "at", "by_id", "doc", "origin"], rows)?;
    for (n, task) in run.tasks.iter().enumerate() {
        if before.tasks.get(n) != Some(task) {
            let handed_on = before.tasks.get(n).is_some_and(|was| was.person != task.person);
            put_task(cx, tx, approval, flow, run, (n, handed_on))?;
        }
    }
    let scope = db::records::Scope::All("who sees what is asked for");
    if let Some(record) = db::records::load(tx, &cx.meta.schema, object, &scope, &[record])?.pop() {
        sight::give(cx, tx, (object, &record), approval, run)?;
    }
    tell(cx, tx, object, record, approval, before, run)
}

/// Writes one task as it stands now. Whoever it is given to, and whenever his turn comes, his time begins anew.
fn put_task(cx: &Ctx, tx: &mut Write, approval: Id, flow: &Flow, run: &Run, (n, handed_on): (usize, bool)) -> Result<()> {
    let task = &run.tasks[n];
    let due = due_at(flow, run, n);
    let answered = matches!(task.state, TaskState::Agreed | TaskState::Rejected);
    let values: [Value; 11] = [
        approval.0.into(),
        (n as i64).into(),
        task.person.0.into(),
        run.steps[task.step].node.as_str().into(),
        task_state(task.state).into(),
        task.since.map(|at| at.0).into(),
        task.ended.map(|at| at.0).into(),
        Value::Uuid(answered.then(|| task.by.unwrap_or(task.person).0)),
        due.map(|at| at.0).into(),
        clock::next(flow, run, n, cx.at).map(|at| at.0).into(),
        Value::BigInt(None),
    ];
    const COLUMNS: [&str; 11] =
        ["approval", "n", "person", "node", "state", "since", "ended_at", "answered_by", "due_at", "next_at", "urged_at"];
    // Whoever has it now has not been urged.
    let changes = COLUMNS.into_iter().filter(|column| !["approval", "n", "node"].contains(column) && (handed_on || *column != "urged_at"));
    tx.execute(
        Query::insert()
            .into_table("approval_task")
            .columns(COLUMNS)
            .values_panic(values.map(sea_query::Expr::val))
            .on_conflict(sea_query::OnConflict::columns(["approval", "n"]).update_columns(changes).to_owned())
            .to_owned(),
    )?;
    Ok(())
}

/// When the time of a task is over whose turn it is, where its node gives it one.
pub(super) fn due_at(flow: &Flow, run: &Run, task: usize) -> Option<Instant> {
    let task = run.tasks.get(task).filter(|task| task.state == TaskState::Open)?;
    let limit = flow.node(&run.steps.get(task.step)?.node)?.limit()?;
    Some(task.since?.plus_seconds(i64::from(limit.hours) * 3600))
}

/// Whose turn has come is told, and the initiator of the end.
fn tell(cx: &Ctx, tx: &mut Write, object: &Object, record: Id, approval: Id, before: &Run, run: &Run) -> Result<()> {
    let was_open: BTreeSet<(usize, Id)> = before.open().map(|(n, task)| (n, task.person)).collect();
    let mut notices: Vec<Notice> = Vec::new();
    let params = serde_json::json!({"approval": approval.to_string()});
    for (_, task) in run.open().filter(|(n, task)| !was_open.contains(&(*n, task.person))) {
        notices.push(Notice::new(task.person, Kind::ApprovalAsked).about(&object.key, record).with(params.clone()));
    }
    if before.outcome.is_none()
        && let Some(outcome) = &run.outcome
    {
        let params = serde_json::json!({"approval": approval.to_string(), "outcome": outcome.key()});
        let whom: BTreeSet<Id> = [run.submitter, run.initiator].into();
        notices.extend(whom.into_iter().map(|to| Notice::new(to, Kind::ApprovalEnded).about(&object.key, record).with(params.clone())));
    }
    if before.returned.is_none() && run.returned.is_some() {
        notices.push(Notice::new(run.initiator, Kind::ApprovalReturned).about(&object.key, record).with(params));
    }
    notices::tell_all(cx, tx, notices)
}

pub(super) fn task_state(state: TaskState) -> &'static str {
    match state {
        TaskState::Waiting => "waiting",
        TaskState::Open => "open",
        TaskState::Agreed => "agreed",
        TaskState::Rejected => "rejected",
        TaskState::Dropped => "dropped",
    }
}

/// What an outcome is stored as, for those that a trail ends with.
pub(super) fn outcome_of(entries: &[Entry]) -> Option<Outcome> {
    entries.iter().rev().find_map(|entry| match &entry.what {
        model::approval::What::Ended { outcome } => Some(outcome.clone()),
        _ => None,
    })
}

/// When the creation of these records was approved, of those that waited for it.
pub(crate) fn took_effect(tx: &mut Read, records: &[Id]) -> Result<BTreeMap<Id, Instant>> {
    let mut found = BTreeMap::new();
    for chunk in records.chunks(500) {
        let select = Query::select()
            .columns(["record", "ended_at"])
            .from("approval")
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("what").is_in(["create", "import"]))
            .and_where(Expr::col("state").eq("approved"))
            .to_owned();
        for row in tx.all(&select)? {
            found.insert(row.get("record")?, row.get("ended_at")?);
        }
    }
    Ok(found)
}

/// Those of these records whose creation was asked for and never approved.
pub(super) fn never_approved(tx: &mut Read, records: &[Id]) -> Result<BTreeSet<Id>> {
    let mut asked = BTreeSet::new();
    for chunk in records.chunks(500) {
        let select = Query::select()
            .distinct()
            .column("record")
            .from("approval")
            .and_where(Expr::col("record").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("what").is_in(["create", "import"]))
            .to_owned();
        for row in tx.all(&select)? {
            asked.insert(row.get("record")?);
        }
    }
    let approved = took_effect(tx, &asked.iter().copied().collect::<Vec<_>>())?;
    Ok(asked.into_iter().filter(|record| !approved.contains_key(record)).collect())
}

/// What waits to be given to these people: whose it would be, and the records.
pub(crate) fn coming(tx: &mut Read, object: &str, receivers: &[Id]) -> Result<Vec<(Id, Id)>> {
    let mut found = Vec::new();
    for chunk in receivers.chunks(500) {
        let select = Query::select()
            .columns(["receiver", "record"])
            .from("approval")
            .and_where(Expr::col("receiver").is_in(chunk.iter().map(|id| id.0)))
            .and_where(Expr::col("ended_at").is_null())
            .and_where(Expr::col("object").eq(object))
            .to_owned();
        for row in tx.all(&select)? {
            found.push((row.get("receiver")?, row.get("record")?));
        }
    }
    Ok(found)
}

/// Objects of which something waits to be given to somebody.
pub(crate) fn given(tx: &mut Read) -> Result<BTreeSet<String>> {
    let select = Query::select()
        .distinct()
        .column("object")
        .from("approval")
        .and_where(Expr::col("ended_at").is_null())
        .and_where(Expr::col("receiver").is_not_null())
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok(row.get("object")?)).collect()
}
