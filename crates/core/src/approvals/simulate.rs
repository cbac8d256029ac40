//! Which flow would catch a record, and who would approve: asked without starting anything. What the act would make of the record is found out
//! by the same steps that a save takes, in a transaction that is given up.

use std::sync::Arc;

use db::Write;
use model::approval::{Act, By, Facts, Flow, Initiator, Kind, Method, Run, StepState, Trigger, begin, decide};
use model::condition::{Resolved, World};
use model::{Id, Object, Record, Violation};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::document::{self, Wanted};
use super::{catching, effects, facts, judging};
use crate::records::{self, Refs};
use crate::save::{self, Change, Deed, Working};
use crate::{Ctx, Error, Result, world};

/// Answers in one approval.
const MOST_ANSWERS: usize = 1000;

/// The body of `POST /approval-flows/simulate`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    pub object: String,
    /// One that is there; one that is to be created when absent.
    #[serde(default)]
    pub record: Option<Id>,
    pub act: Trigger,
    /// What the act gives fields; with `change_owner` also to whom it goes, as `owner`.
    #[serde(default)]
    pub fields: Map<String, Json>,
    /// With `stage`: the stage that is entered; the next when absent.
    #[serde(default)]
    pub stage: Option<String>,
    /// Who does it; the caller when absent.
    #[serde(default)]
    pub submitter: Option<Id>,
    /// A flow as it is being drawn, tried in the place of the saved one.
    #[serde(default)]
    pub flow: Option<Wanted>,
}

/// Tries the flows; administrators only. Nothing is started and nothing stored.
pub fn simulate(cx: &Ctx, tx: &mut Write, wanted: &Simulation) -> Result<Json> {
    cx.only_asks(true);
    cx.administrators_only("read", "approval_flow")?;
    tx.abandon();
    let object = cx.object(&wanted.object)?.clone();
    let (flows, drawn) = flows(cx, tx, wanted)?;
    let submitter = wanted.submitter.unwrap_or(cx.who.id);
    somebody(cx, tx, submitter)?;
    let by = effects::by_submitter(cx, submitter);
    let change = change(cx, tx, &object, wanted, submitter)?;
    let mut tried = Vec::new();
    let mut caught = None;
    let item = save::trial(&by, tx, &object, change, |tx, item| {
        (tried, caught) = try_all(&by, tx, &object, &flows, wanted, item)?;
        Ok(())
    })?;
    let mut refs = Refs::default();
    refs.note("employee", submitter);
    let shown = caught.clone().or(drawn);
    let way = match &shown {
        Some(flow) => way(&by, tx, flow, &object, &item.after, submitter, &mut refs)?,
        None => json!({"path": [], "initiator": null, "ends": null}),
    };
    let mut answer = json!({
        "flow": caught.as_ref().map(|flow| brief(flow)), "tried": tried, "path_of": shown.as_ref().map(|flow| brief(flow)),
        "refused": item.findings.iter().chain(&item.unmet).collect::<Vec<_>>(), "submitter": submitter.to_string(),
    });
    for (key, value) in way.as_object().into_iter().flatten() {
        answer[key] = value.clone();
    }
    answer["refs"] = refs.names(cx, tx)?;
    Ok(answer)
}

/// The flows of the object in their order, the one that is being drawn in its place or last.
fn flows(cx: &Ctx, tx: &mut Write, wanted: &Simulation) -> Result<(Vec<Arc<Flow>>, Option<Arc<Flow>>)> {
    let mut flows: Vec<Arc<Flow>> = cx.meta.flows.iter().filter(|flow| flow.object == wanted.object).cloned().collect();
    let Some(sent) = &wanted.flow else { return Ok((flows, None)) };
    let before = sent.id.and_then(|id| flows.iter().find(|flow| flow.id == id)).map(|flow| Flow::clone(flow));
    let (position, version) = before.as_ref().map_or((i64::MAX, 0), |before| (before.position, before.version));
    let read = document::read(sent, sent.id.unwrap_or(document::NOBODY), position, version);
    let mut found = read.found;
    found.extend(judging::judge(cx, tx, &cx.meta, &read.flow, before.as_ref(), read.whole)?);
    // What it is called does not matter yet.
    found.retain(|violation| !["name", "api_name", "description"].contains(&violation.path.as_str()));
    if !found.is_empty() {
        found.iter_mut().for_each(|violation| violation.path = format!("flow.{}", violation.path));
        return Err(found.into());
    }
    let drawn = Arc::new(read.flow);
    match flows.iter_mut().find(|flow| flow.id == drawn.id) {
        Some(saved) => *saved = drawn.clone(),
        None => flows.push(drawn.clone()),
    }
    Ok((flows, Some(drawn)))
}

fn somebody(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    let employee = cx.object("employee")?;
    let gone = || Violation::new("field.reference_not_found", "submitter").with("id", id.to_string());
    match db::records::load(tx, &cx.meta.schema, employee, &cx.scope(), &[id])?.pop() {
        Some(person) if crate::identity::is_active(&person) => Ok(()),
        _ => Err(gone().into()),
    }
}

/// The change that is tried.
fn change(cx: &Ctx, tx: &mut Write, object: &Object, wanted: &Simulation, submitter: Id) -> Result<Change> {
    let mut fields = wanted.fields.clone();
    let receiver = fields.get("owner").and_then(Json::as_str).and_then(|id| id.parse::<Id>().ok());
    let before = match wanted.record {
        Some(id) => Some(records::load(cx, tx, object, id)?),
        None => None,
    };
    let deed = match (wanted.act, &before) {
        (Trigger::Create | Trigger::Import, _) => Deed::Create,
        (_, None) => return Err(Violation::new("field.required", "record").into()),
        (Trigger::ChangeOwner, _) => Deed::ChangeOwner { to: receiver.unwrap_or(submitter), keep_as: None },
        (Trigger::Stage, Some(before)) => match wanted.stage.clone().or_else(|| next_stage(cx, before)) {
            Some(stage) => Deed::Move { stage },
            None => return Err(Violation::new("field.required", "stage").into()),
        },
        (Trigger::Void, _) => Deed::Void,
        (Trigger::Restore, _) => Deed::Restore,
        (Trigger::Claim, _) => Deed::Claim,
        (Trigger::Return, _) => Deed::Return { pool: None },
        (Trigger::Convert, _) => Deed::Convert(save::Became::default()),
        // What is deleted is as it is.
        (Trigger::Edit | Trigger::Delete, _) => Deed::Edit,
    };
    if wanted.act == Trigger::ChangeOwner {
        fields.remove("owner");
    }
    let creates = deed == Deed::Create;
    let mut change = Change::new(&object.key, deed);
    change.id = wanted.record.filter(|_| !creates);
    change.patch = records::read_fields(cx, object, &fields)?;
    change.reason = Some(".".into());
    if creates && object.owned && !change.patch.contains_key("owner") {
        change.patch.insert("owner".into(), model::Value::Ref(submitter));
    }
    Ok(change)
}

fn next_stage(cx: &Ctx, record: &Record) -> Option<String> {
    let stages = &cx.meta.process_of(record)?.stages;
    let at = stages.iter().position(|stage| stage.stage == record.text("stage"))?;
    stages.get(at + 1).map(|stage| stage.stage.clone())
}

/// Every flow with why it does not catch, and the one that does.
fn try_all(
    cx: &Ctx,
    tx: &mut Write,
    object: &Object,
    flows: &[Arc<Flow>],
    wanted: &Simulation,
    item: &Working,
) -> Result<(Vec<Json>, Option<Arc<Flow>>)> {
    let reading = cx.system_reading();
    let resolved: Vec<Option<Resolved>> = flows
        .iter()
        .map(|flow| flow.condition.as_ref().and_then(|condition| condition.resolve_for_change(&object.key, &reading).ok()))
        .collect();
    let states: Vec<&Record> = item.before.iter().chain([&item.after]).collect();
    let mut world = world::around(cx, tx, &states, resolved.iter().flatten())?;
    item.before.iter().for_each(|before| world.was(before.clone()));
    // As the save asks: a row of an import is first offered to flows for imports.
    let triggers = match wanted.act {
        Trigger::Import => vec![Trigger::Import, Trigger::Create],
        act => vec![act],
    };
    let why: Vec<Option<Json>> =
        flows.iter().zip(&resolved).map(|(flow, condition)| why_not(cx, flow, condition.as_ref(), &triggers, item, &world)).collect();
    let fitting = |trigger: &Trigger| flows.iter().zip(&why).find(|(flow, why)| why.is_none() && flow.trigger == *trigger);
    let caught = triggers.iter().find_map(fitting).map(|(flow, _)| flow.clone());
    let earlier = |flow: &Arc<Flow>| match &caught {
        Some(by) if by.id != flow.id => json!({"code": "earlier", "by": by.name}),
        _ => Json::Null,
    };
    let tried = flows.iter().zip(why).map(|(flow, why)| json!({"flow": brief(flow), "why_not": why.unwrap_or_else(|| earlier(flow))}));
    Ok((tried.collect(), caught))
}

/// Why a flow does not mean what is done: `inactive`, `trigger`, `stage_not_approved`, `stage`, `fields`, `condition` with the rows that do not
/// hold. None: it would catch it.
fn why_not(cx: &Ctx, flow: &Flow, condition: Option<&Resolved>, triggers: &[Trigger], item: &Working, world: &World) -> Option<Json> {
    let code = |code: &str| Some(json!({ "code": code }));
    if !triggers.contains(&flow.trigger) {
        return code("trigger");
    }
    if !flow.active {
        return code("inactive");
    }
    if flow.trigger == Trigger::Stage && !catching::completes_for_approval(cx, item) {
        return code("stage_not_approved");
    }
    if !catching::concerns(flow, item) {
        return code(if flow.trigger == Trigger::Stage { "stage" } else { "fields" });
    }
    let written = flow.condition.as_ref()?;
    match condition {
        Some(condition) if condition.holds(&item.after, world) => None,
        Some(condition) => {
            let rows: Vec<Json> = condition.unmet(written, &item.after, world).into_iter().map(model::Condition::to_json).collect();
            Some(json!({"code": "condition", "rows": rows}))
        }
        // Something that it names is gone.
        None => Some(json!({"code": "condition", "rows": [written.to_json()]})),
    }
}

fn brief(flow: &Flow) -> Json {
    let id = (flow.id != document::NOBODY).then(|| flow.id.to_string());
    json!({"id": id, "name": flow.name, "version": flow.version})
}

/// The way that the approval takes where everybody agrees, with whom each node asks.
fn way(cx: &Ctx, tx: &mut Write, flow: &Flow, object: &Object, record: &Record, submitter: Id, refs: &mut Refs) -> Result<Json> {
    let known = facts::of(cx, tx, flow, object, record, submitter)?;
    let initiator = match flow.initiated_as {
        Initiator::Submitter => submitter,
        Initiator::Owner => record.owner().unwrap_or(submitter),
    };
    refs.note("employee", initiator);
    let initiator_shown = initiator.to_string();
    let run = match begin(flow, &known, submitter, initiator) {
        Ok(trail) => agreed(flow, &known, Run::replay(submitter, initiator, &trail))?,
        Err(violation) => return Ok(json!({"path": [], "initiator": initiator_shown, "ends": "failed", "fails": violation})),
    };
    let mut path = Vec::new();
    for (n, step) in run.steps.iter().enumerate() {
        let Some(node) = flow.node(&step.node).filter(|node| node.asks()) else { continue };
        let tasks: Vec<_> = run.tasks_of(n).map(|(_, task)| task).collect();
        tasks.iter().for_each(|task| refs.note("employee", task.person));
        let people: Vec<String> = tasks.iter().map(|task| task.person.to_string()).collect();
        let by_itself: Vec<String> = tasks.iter().filter(|task| task.by_itself).map(|task| task.person.to_string()).collect();
        let within = step.within.last().map(|fork| run.steps[*fork].node.clone());
        path.push(json!({
            "node": node.key, "name": node.name, "how": how(&node.does), "people": people, "agree_by_themselves": by_itself, "fork": within,
            "skipped": step.state == StepState::Skipped,
        }));
    }
    let (ends, fails) = match &run.outcome {
        Some(model::approval::Outcome::Failed { code }) => ("failed", json!({"code": code})),
        Some(outcome) => (outcome.key(), Json::Null),
        None => ("running", Json::Null),
    };
    Ok(json!({"path": path, "initiator": initiator_shown, "ends": ends, "fails": fails}))
}

fn how(kind: &Kind) -> Json {
    match kind {
        Kind::Approve(approve) => match &approve.method {
            Method::Standard => json!("standard"),
            Method::Countersign { .. } => json!("countersign"),
            Method::StepByStep { .. } => json!("step_by_step"),
            Method::NamedOrder => json!("named_order"),
        },
        _ => json!("task"),
    }
}

/// Everybody agrees whose turn it is, until it is over.
fn agreed(flow: &Flow, known: &Facts, mut run: Run) -> Result<Run> {
    for _ in 0..MOST_ANSWERS {
        let Some((task, person)) = run.open().next().map(|(n, task)| (n, task.person)) else { break };
        let by = By { id: person, stands_in_for: Default::default(), administrator: false, owner: false };
        let entries = decide(flow, &run, known, &by, &Act::Agree { task }, Some(".")).map_err(Error::from)?;
        entries.iter().for_each(|entry| run.apply(entry));
        if !run.is_running() {
            break;
        }
    }
    Ok(run)
}
