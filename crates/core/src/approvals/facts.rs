//! What is known around an approval: who is asked at each node, which ways of its branches are open, who manages whom.

use std::collections::BTreeMap;

use db::{Read, Write};
use model::approval::{Facts, Flow, Kind, Method, Nobody, Run, Source, TaskState};
use model::condition::Resolved;
use model::{Id, Object, Record};
use sea_query::{Expr, ExprTrait, Query};

use super::sources::Asking;
use crate::{Ctx, Result, holding, identity, world};

/// Everything that the nodes of a flow ask, for a record as it would be.
pub(super) fn of(cx: &Ctx, tx: &mut Write, flow: &Flow, object: &Object, record: &Record, submitter: Id) -> Result<Facts> {
    gather(cx, tx, flow, object, record, submitter, &[])
}

/// As [`of`], where an approval runs: whose managers may have to step in is known of all whom it has asked so far.
pub(super) fn of_run(cx: &Ctx, tx: &mut Write, flow: &Flow, object: &Object, record: &Record, run: &Run) -> Result<Facts> {
    let asked: Vec<Id> = run.tasks.iter().map(|task| task.person).collect();
    gather(cx, tx, flow, object, record, run.submitter, &asked)
}

fn gather(cx: &Ctx, tx: &mut Read, flow: &Flow, object: &Object, record: &Record, submitter: Id, asked: &[Id]) -> Result<Facts> {
    let holds = holds(cx, tx, flow, object, record)?;
    let team = team(tx, flow, object, record)?;
    let mut asking = Asking::new(cx, tx, flow, record, submitter, &team)?;
    let mut found = BTreeMap::new();
    for node in flow.nodes.iter().filter(|node| node.asks()) {
        let mut whom: Vec<Id> = Vec::new();
        if let Kind::Approve(approve) = &node.does
            && let Method::StepByStep { of, until } = &approve.method
        {
            whom.extend(asking.line(tx, *of, until)?);
        }
        for source in node.sources() {
            whom.extend(asking.whom(tx, source)?);
        }
        found.insert(node.key.clone(), asking.here(tx, whom)?);
    }
    let everybody: Vec<Id> = found.values().flatten().copied().chain([submitter]).chain(asked.iter().copied()).collect();
    let managers = asking.managers(tx, everybody)?;
    // They are asked where nobody else is, and where somebody has gone whom nobody manages.
    let finds_nobody = |node: &&model::approval::Node| found.get(&node.key).is_some_and(Vec::is_empty);
    let nobody = |node: &model::approval::Node| *node.nobody() == Nobody::Administrators && finds_nobody(&node);
    let mut gone = BTreeMap::new();
    for node in flow.nodes.iter().filter(finds_nobody) {
        if let Nobody::Person { id } = node.nobody() {
            let here = asking.here(tx, vec![*id])?.first().copied();
            if here != Some(*id) {
                gone.insert(*id, here);
            }
        }
    }
    let alone = asked.iter().any(|person| !managers.contains_key(person)) || gone.values().any(Option::is_none);
    let administrators = match alone || flow.nodes.iter().any(nobody) {
        true => identity::administrators(cx, tx)?,
        false => Vec::new(),
    };
    Ok(Facts { now: cx.at, found, holds, administrators, managers, gone, missing: Vec::new() })
}

/// Whom sources name, for a record as it is.
pub(super) fn whom(
    cx: &Ctx,
    tx: &mut Write,
    flow: &Flow,
    (object, record): (&Object, &Record),
    submitter: Id,
    who: &[Source],
) -> Result<Vec<Id>> {
    // They are asked as the people of a node are.
    let does = Kind::Task {
        who: who.to_vec(),
        nobody: Nobody::Skip,
        instruction: String::new(),
        must_fill: Vec::new(),
        limit: None,
        next: String::new(),
    };
    let node = model::approval::Node { key: "who".into(), name: String::new(), at: None, does };
    let flow = Flow { nodes: vec![node], ..flow.clone() };
    let team = team(tx, &flow, object, record)?;
    let mut asking = Asking::new(cx, tx, &flow, record, submitter, &team)?;
    let mut found = Vec::new();
    for source in who {
        found.extend(asking.whom(tx, source)?);
    }
    asking.here(tx, found)
}

/// Which ways of each branch are open.
fn holds(cx: &Ctx, tx: &mut Read, flow: &Flow, object: &Object, record: &Record) -> Result<BTreeMap<String, Vec<bool>>> {
    let reading = cx.system_reading();
    let mut ways: Vec<(&str, Vec<Option<Resolved>>)> = Vec::new();
    for node in &flow.nodes {
        if let Kind::Branch { ways: of, .. } = &node.does {
            ways.push((&node.key, of.iter().map(|way| way.when.resolve(&object.key, &reading).ok()).collect()));
        }
    }
    if ways.is_empty() {
        return Ok(BTreeMap::new());
    }
    let world = world::around(cx, tx, &[record], ways.iter().flat_map(|(_, of)| of.iter().flatten()))?;
    let open = |condition: &Option<Resolved>| condition.as_ref().is_some_and(|condition| condition.holds(record, &world));
    Ok(ways.into_iter().map(|(node, of)| (node.to_owned(), of.iter().map(open).collect())).collect())
}

/// Who is in the record's team, with his part; asked for only where a node names it.
fn team(tx: &mut Read, flow: &Flow, object: &Object, record: &Record) -> Result<Vec<(Id, String)>> {
    if !flow.nodes.iter().flat_map(model::approval::Node::sources).any(|source| matches!(source, Source::Team { .. })) {
        return Ok(Vec::new());
    }
    let grants = db::access::grants(tx, &object.key, &[record.id])?;
    let members = grants.into_iter().filter(|grant| grant.why == "team");
    Ok(members.map(|grant| (grant.principal, grant.role.unwrap_or_default())).collect())
}

/// The version of a flow with which an approval began.
pub(super) fn flow_of(tx: &mut Read, flow: Id, version: i64) -> Result<Flow> {
    let select = Query::select()
        .column("doc")
        .from("approval_flow_version")
        .and_where(Expr::col("flow").eq(flow.0))
        .and_where(Expr::col("version").eq(version))
        .to_owned();
    let row = tx.optional(&select)?.ok_or_else(|| crate::Error::Internal("an approval of an unknown version".into()))?;
    crate::meta::doc(&row)
}

/// Who is asked instead of one who has left: the nearest manager above him who works here and is not asked in this step already, else an
/// administrator (D41).
pub(super) fn instead(cx: &Ctx, tx: &mut Write, run: &Run, task: usize, known: &mut Facts) -> Result<()> {
    let people = holding::everybody(cx, tx)?;
    let Some(of) = run.tasks.get(task) else { return Ok(()) };
    let asked = |id: Id| run.tasks_of(of.step).any(|(_, other)| other.person == id && other.state != TaskState::Dropped);
    let above = |id: Id| people.person(id).and_then(|person| person.record.reference("manager"));
    let mut line: Vec<Id> = Vec::new();
    let mut at = above(of.person);
    while let Some(id) = at.filter(|id| !line.contains(id) && *id != of.person) {
        line.push(id);
        at = above(id);
    }
    line.extend(identity::administrators(cx, tx)?);
    let works_here = |id: &Id| people.person(*id).is_some_and(|person| identity::is_active(&person.record));
    if let Some(to) = line.into_iter().find(|id| *id != of.person && !asked(*id) && works_here(id)) {
        known.managers.insert(of.person, to);
    }
    Ok(())
}
