//! What is due in approvals: reminders before a task's time is over, each once; what is set to be done when it is; and whoever has left gives
//! his tasks to his manager.
//!
//! Each task holds the instant at which the product looks at it again. Whoever is free looks: one task in a transaction, the record locked first
//! as with every act, so that several servers do it once (core rule 29).

use std::collections::BTreeSet;

use db::{Limits, Read, Write};
use model::approval::{Act, By, Expiry, Flow, Run};
use model::{Id, Instant, Object, Record, Via};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::json;

use super::store::{self, Approval};
use super::{act, facts, standing};
use crate::notices::{self, Kind, Notice};
use crate::{Credential, Ctx, Error, House, Result, identity};

const WORKER: Credential = Credential::System("what is due in approvals");
/// Tasks that are looked at before others have their turn.
const SOME: u64 = 20;
/// Seconds after which a task is looked at again that could not be dealt with.
const LATER: i64 = 3600;

/// Does some of what is due; true when there may be more.
pub(crate) fn work(house: &House) -> Result<bool> {
    standing::work(house)?;
    let due = house.read(&WORKER, Limits::default(), due)?;
    for (approval, task) in &due {
        let looked = house.write(&WORKER, Limits::default(), Via::System, |cx, tx| look(cx, tx, *approval, *task));
        match looked {
            Ok(()) => {}
            // Its record is deleted for good.
            Err(Error::NotFound) => house.write(&WORKER, Limits::default(), Via::System, |_, tx| look_again(tx, *approval, *task, None))?,
            // What stands against it now may not do so later; the others do not wait for it.
            Err(Error::Invalid(_) | Error::Unmet(_) | Error::Forbidden { .. } | Error::Internal(_)) => {
                house.write(&WORKER, Limits::default(), Via::System, |cx, tx| {
                    look_again(tx, *approval, *task, Some(cx.at.plus_seconds(LATER)))
                })?;
            }
            Err(other) => return Err(other),
        }
    }
    Ok(due.len() as u64 == SOME)
}

fn due(cx: &Ctx, tx: &mut Read) -> Result<Vec<(Id, i64)>> {
    let select = Query::select()
        .columns(["approval", "n"])
        .from("approval_task")
        .and_where(Expr::col("next_at").lte(cx.at.0))
        .order_by("next_at", Order::Asc)
        .limit(SOME)
        .to_owned();
    tx.all(&select)?.iter().map(|row| Ok((row.get("approval")?, row.get("n")?))).collect()
}

/// Looks at one task, if nobody else has meanwhile.
fn look(cx: &Ctx, tx: &mut Write, id: Id, n: i64) -> Result<()> {
    let (approval, object, record) = act::lock(cx, tx, id)?;
    let select = Query::select()
        .column("next_at")
        .from("approval_task")
        .and_where(Expr::col("approval").eq(id.0))
        .and_where(Expr::col("n").eq(n))
        .and_where(Expr::col("next_at").lte(cx.at.0))
        .to_owned();
    if tx.optional(&select)?.is_none() {
        return Ok(());
    }
    let task = n as usize;
    if !approval.run.is_running() || !approval.run.tasks.get(task).is_some_and(|task| task.state.is_left()) {
        return look_again(tx, id, n, None);
    }
    if !works_here(cx, tx, approval.run.tasks[task].person)? {
        return by_product(cx, tx, approval, &object, &record, &Act::Depart { task });
    }
    let flow = facts::flow_of(tx, approval.flow, approval.flow_version)?;
    match store::due_at(&flow, &approval.run, task) {
        Some(due) if due <= cx.at => expire(cx, tx, approval, (&object, &record), &flow, task),
        Some(due) => {
            let hours = due.seconds_since(cx.at).div_euclid(3600) + i64::from(due.seconds_since(cx.at).rem_euclid(3600) > 0);
            tell(cx, tx, &approval, task, Kind::ApprovalDue, json!({"approval": id.to_string(), "hours": hours}))?;
            look_again(tx, id, n, next(&flow, &approval.run, task, cx.at))
        }
        None => look_again(tx, id, n, None),
    }
}

/// His time is over: what the node says is done; where that does nothing he is told, once.
fn expire(cx: &Ctx, tx: &mut Write, approval: Approval, (object, record): (&Object, &Record), flow: &Flow, task: usize) -> Result<()> {
    let (id, then) = (approval.id, then(flow, &approval.run, task));
    tell(cx, tx, &approval, task, Kind::ApprovalOverdue, json!({"approval": id.to_string()}))?;
    look_again(tx, id, task as i64, None)?;
    if then == Expiry::Remind { Ok(()) } else { by_product(cx, tx, approval, object, record, &Act::Expire { task }) }
}

fn then(flow: &Flow, run: &Run, task: usize) -> Expiry {
    let node = flow.node(&run.steps[run.tasks[task].step].node);
    node.and_then(|node| node.limit()).map_or(Expiry::Remind, |limit| limit.then)
}

fn by_product(cx: &Ctx, tx: &mut Write, approval: Approval, object: &Object, record: &Record, act: &Act) -> Result<()> {
    let by = By { id: Id::SYSTEM, stands_in_for: BTreeSet::new(), administrator: false, owner: false };
    act::perform(cx, tx, approval, &act::Doing { object, record, by: &by, act, comment: None })
}

fn works_here(cx: &Ctx, tx: &mut Read, person: Id) -> Result<bool> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let scope = db::records::Scope::All("whether he can still answer");
    Ok(db::records::load(tx, &cx.meta.schema, employee, &scope, &[person])?.first().is_some_and(identity::is_active))
}

fn look_again(tx: &mut Write, approval: Id, n: i64, at: Option<Instant>) -> Result<()> {
    tx.execute(
        Query::update()
            .table("approval_task")
            .value("next_at", at.map(|at| at.0))
            .and_where(Expr::col("approval").eq(approval.0))
            .and_where(Expr::col("n").eq(n))
            .to_owned(),
    )?;
    Ok(())
}

/// Tells whoever has the task.
fn tell(cx: &Ctx, tx: &mut Write, approval: &Approval, task: usize, kind: Kind, params: serde_json::Value) -> Result<()> {
    let person = approval.run.tasks[task].person;
    notices::tell(cx, tx, Notice::new(person, kind).about(&approval.object, approval.record).with(params))
}

/// When the product looks at a task again: at the next reminder after `now`, or when its time is over.
pub(super) fn next(flow: &Flow, run: &Run, task: usize, now: Instant) -> Option<Instant> {
    let due = store::due_at(flow, run, task)?;
    let node = flow.node(&run.steps[run.tasks[task].step].node)?;
    let reminders = node.limit()?.remind_hours_before.iter().map(|hours| due.plus_seconds(-i64::from(*hours) * 3600));
    reminders.chain([due]).filter(|at| *at > now).min()
}

/// These people have left: whatever they are asked is looked at at once.
pub(crate) fn left(tx: &mut Write, people: &[Id]) -> Result<()> {
    for chunk in people.chunks(500) {
        // Each has an index of its own.
        for state in ["open", "waiting"] {
            tx.execute(
                Query::update()
                    .table("approval_task")
                    .value("next_at", 0_i64)
                    .and_where(Expr::col("person").is_in(chunk.iter().map(|id| id.0)))
                    .and_where(Expr::col("state").eq(state))
                    .to_owned(),
            )?;
        }
    }
    Ok(())
}
