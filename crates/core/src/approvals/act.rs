//! Acting on an approval: the record is locked first, then the approval is read, decided and written, and what follows is done.

use std::collections::BTreeSet;

use db::Write;
use db::records::Scope;
use model::approval::{Act, Added, By, Facts, Kind, Run, decide};
use model::{Id, Object, Record, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::store::{self, Approval};
use super::{can, effects, facts, filling, one, seen};
use crate::audit::{self, Note};
use crate::notices::deputies::Standing;
use crate::{Ctx, Error, Result, access, identity};

/// `POST /approvals/{id}/act`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acting {
    pub act: Name,
    /// The task that is meant; the caller's own when absent.
    #[serde(default)]
    pub task: Option<usize>,
    #[serde(default)]
    pub comment: Option<String>,
    /// With `agree`: what the node asks for; with `resubmit`: what is changed in what was asked for.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// With `reassign` and `replace`.
    #[serde(default)]
    pub to: Option<Id>,
    /// With `add_signer`.
    #[serde(default)]
    pub person: Option<Id>,
    #[serde(default)]
    pub place: Option<Added>,
    /// With `jump`.
    #[serde(default)]
    pub node: Option<String>,
    /// With `end`.
    #[serde(default)]
    pub approve: Option<bool>,
}

/// What people may do; whatever else there is, the product does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    Agree,
    Reject,
    Comment,
    Reassign,
    AddSigner,
    Withdraw,
    Retrieve,
    Urge,
    Resubmit,
    Jump,
    Replace,
    End,
}

const WHY: Scope<'static> = Scope::All("an approval goes on whoever sees its record");

/// Does one act and shows the approval as it stands then. Errors: not there for the caller; whatever `model::approval` refuses.
pub fn act(cx: &Ctx, tx: &mut Write, id: Id, acting: &Acting) -> Result<Json> {
    go(cx, tx, id, acting)?;
    one::one(cx, tx, id)
}

/// Does one act.
pub(super) fn go(cx: &Ctx, tx: &mut Write, id: Id, acting: &Acting) -> Result<()> {
    cx.at_large()?;
    let stands_in_for: BTreeSet<Id> = Standing::load(cx, tx)?.by_person(cx.who.id).into_iter().collect();
    one::found(cx, tx, id, &stands_in_for)?;
    let (mut approval, object, mut record) = lock(cx, tx, id)?;
    let flow = facts::flow_of(tx, approval.flow, approval.flow_version)?;
    let by = seen::by(cx, &stands_in_for, Some(&record));
    let act = acting.act(&approval.run, &by, |run| can::retrievable(&flow, run, &by))?;
    let comment = acting.comment.as_deref();
    // Whether he may comes before what is wrong with his values.
    decide(&flow, &approval.run, &Facts::default(), &by, &act, comment)?;
    if let Act::Reassign { to: person, .. } | Act::Replace { to: person, .. } | Act::AddSigner { person, .. } = &act {
        must_work_here(cx, tx, *person, if matches!(act, Act::AddSigner { .. }) { "person" } else { "to" })?;
    }
    if filling::fill(cx, tx, &mut approval, (&object, &record), &flow, &act, &acting.fields)? {
        record = load(cx, tx, &object, approval.record)?;
    }
    if act == Act::Urge {
        super::urging::urge(cx, tx, &approval, &object)?;
    }
    perform(cx, tx, approval, &Doing { object: &object, record: &record, by: &by, act: &act, comment })?;
    if let Act::Jump { .. } | Act::Replace { .. } | Act::End { .. } = act {
        let note = Note::new("intervene", "approval").record(&object.key, record.id).subject(flow.name.as_str());
        audit::note(cx, tx, note.detail(json!({"approval": id.to_string(), "act": act, "comment": comment})))?;
    }
    Ok(())
}

impl Acting {
    /// As the judge understands it. Errors: what it needs is missing.
    fn act(&self, run: &Run, by: &By, retrievable: impl Fn(&Run) -> Option<usize>) -> Result<Act> {
        let mine = |run: &Run| run.open().find(|(_, task)| task.person == by.id).or_else(|| stood_in(run, by)).map(|(n, _)| n);
        let task = |found: Option<usize>| self.task.or(found).ok_or_else(|| Violation::new("approval.not_asked", ""));
        let needed = |path: &str| Violation::new("field.required", path);
        let to = || self.to.ok_or_else(|| needed("to"));
        Ok(match self.act {
            Name::Agree => Act::Agree { task: task(mine(run))? },
            Name::Reject => Act::Reject { task: task(mine(run))? },
            Name::Comment => Act::Comment,
            Name::Reassign => Act::Reassign { task: task(mine(run))?, to: to()? },
            Name::AddSigner => Act::AddSigner {
                task: task(mine(run))?,
                person: self.person.ok_or_else(|| needed("person"))?,
                place: self.place.ok_or_else(|| needed("place"))?,
            },
            Name::Withdraw => Act::Withdraw,
            Name::Retrieve => Act::Retrieve {
                task: self.task.or_else(|| retrievable(run)).ok_or_else(|| Violation::new("approval.nothing_to_retrieve", ""))?,
            },
            Name::Urge => Act::Urge,
            Name::Resubmit => Act::Resubmit,
            Name::Jump => Act::Jump { node: self.node.clone().ok_or_else(|| needed("node"))? },
            Name::Replace => {
                let left = run.tasks.iter().position(|task| task.state.is_left());
                Act::Replace { task: self.task.or(left).ok_or_else(|| Violation::new("approval.task_unknown", "task"))?, to: to()? }
            }
            Name::End => Act::End { approve: self.approve.ok_or_else(|| needed("approve"))? },
        })
    }
}

fn stood_in<'a>(run: &'a Run, by: &By) -> Option<(usize, &'a model::approval::Task)> {
    run.open().find(|(_, task)| by.stands_in_for.contains(&task.person))
}

/// Somebody is asked who is there to answer, and whom the caller knows.
fn must_work_here(cx: &Ctx, tx: &mut Write, person: Id, path: &str) -> Result<()> {
    let employee = cx.object("employee")?;
    match db::records::load(tx, &cx.meta.schema, employee, &cx.scope(), &[person])?.pop() {
        Some(person) if identity::is_active(&person) => Ok(()),
        Some(_) => Err(Violation::new("owner.not_active", path).into()),
        None => Err(Violation::new("field.reference_not_found", path).into()),
    }
}

fn load(cx: &Ctx, tx: &mut Write, object: &Object, record: Id) -> Result<Record> {
    db::records::load(tx, &cx.meta.schema, object, &WHY, &[record])?.pop().ok_or(Error::NotFound)
}

/// The record, unless it was deleted.
pub(super) fn present(cx: &Ctx, tx: &mut db::Read, object: &Object, record: Id) -> Result<Option<Record>> {
    Ok(db::records::load(tx, &cx.meta.schema, object, &WHY, &[record])?.pop())
}

/// Locks the record and reads the approval as it stands then.
pub(super) fn lock(cx: &Ctx, tx: &mut Write, id: Id) -> Result<(Approval, Object, Record)> {
    let known = store::load(tx, id)?;
    // Whoever is asked may answer even where his role does not let him read the object; he is shown nothing of it.
    let object = cx.meta.schema.object(&known.object).ok_or(Error::NotFound)?.as_ref().clone();
    // What it lives in comes first, as with every save of it.
    let lives_in = match object.lives_in() {
        Some((field, _)) => access::parent(field, &load(cx, tx, &object, known.record)?),
        None => None,
    };
    let above = lives_in.and_then(|(key, id)| Some((cx.meta.schema.object(&key)?.rank, key, id)));
    let mut rows = vec![(object.rank, object.key.as_str(), vec![known.record])];
    rows.extend(above.iter().map(|(rank, key, id)| (*rank, key.as_str(), vec![*id])));
    tx.lock_rows(&rows)?;
    let approval = store::load(tx, id)?;
    let record = load(cx, tx, &object, approval.record)?;
    Ok((approval, object, record))
}

/// An act, with the record and all that it is judged by.
pub(super) struct Doing<'a> {
    pub object: &'a Object,
    pub record: &'a Record,
    pub by: &'a By,
    pub act: &'a Act,
    pub comment: Option<&'a str>,
}

/// Decides an act, writes what follows, and does what was approved.
pub(super) fn perform(cx: &Ctx, tx: &mut Write, mut approval: Approval, doing: &Doing<'_>) -> Result<()> {
    let Doing { object, record, by, act, comment } = *doing;
    let flow = facts::flow_of(tx, approval.flow, approval.flow_version)?;
    let would_be = effects::as_asked(cx, object, record, &approval);
    let mut known = facts::of_run(cx, tx, &flow, object, &would_be, &approval.run)?;
    if let Act::Agree { task } | Act::Expire { task } = act {
        known.missing = filling::missing(&flow, &approval.run, *task, &would_be);
    }
    if let Act::Depart { task } = act {
        facts::instead(cx, tx, &approval.run, *task, &mut known)?;
    }
    let mut entries = decide(&flow, &approval.run, &known, by, act, comment)?;
    if entries.is_empty() {
        return Ok(());
    }
    let failed = effects::follow(cx, tx, &mut approval, &flow, (object, record), &mut entries)?;
    let mut run: Run = approval.run.clone();
    entries.iter().for_each(|entry| run.apply(entry));
    store::update(
        cx,
        tx,
        object,
        &approval,
        &store::Step { flow: &flow, before: &approval.run, run: &run, entries: &entries },
        failed.as_ref(),
    )
}

/// The fields that a task's node asks for, and those that it lets change.
pub(super) fn asked_at<'a>(flow: &'a model::approval::Flow, run: &Run, task: usize) -> (&'a [String], &'a [String]) {
    let node = run.tasks.get(task).and_then(|task| run.steps.get(task.step)).and_then(|step| flow.node(&step.node));
    match node.map(|node| &node.does) {
        Some(Kind::Approve(approve)) => (&approve.must_fill, &approve.may_edit),
        Some(Kind::Task { must_fill, .. }) => (must_fill, &[]),
        _ => (&[], &[]),
    }
}
