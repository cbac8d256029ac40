//! The trail as one reads it: who has done what, on whose behalf and when, what he has said, and how long it took.

use model::approval::{Entry, Flow, Run, StepState, What};
use model::{Id, Instant};
use serde_json::{Value as Json, json};

use super::store;
use crate::records::Refs;

/// Whole seconds between two instants.
pub(super) fn seconds(from: Instant, until: Instant) -> i64 {
    (until.0 - from.0) / 1_000_000
}

/// What of a trail is worth telling. What follows by itself, as whose turn it is, is told by the steps.
pub(super) fn trail(flow: &Flow, mut run: Run, entries: &[Entry], tokens: &[Json], refs: &mut Refs) -> Vec<Json> {
    let mut told = Vec::new();
    for (n, entry) in entries.iter().enumerate() {
        if let Some(mut one) = one(flow, &run, entry, refs) {
            for person in [Some(entry.by), entry.on_behalf_of].into_iter().flatten().filter(|person| *person != Id::SYSTEM) {
                refs.note("employee", person);
            }
            one["n"] = n.into();
            one["at"] = entry.at.to_string().into();
            one["by"] = (entry.by != Id::SYSTEM).then(|| entry.by.to_string()).into();
            one["on_behalf_of"] = entry.on_behalf_of.map(|id| id.to_string()).into();
            one["comment"] = entry.comment.clone().into();
            one["token"] = tokens.get(n).cloned().unwrap_or_default();
            told.push(one);
        }
        run.apply(entry);
    }
    told
}

fn one(flow: &Flow, run: &Run, entry: &Entry, refs: &mut Refs) -> Option<Json> {
    let step_of = |task: usize| run.tasks.get(task).and_then(|task| run.steps.get(task.step));
    let named = |key: Option<&str>| key.and_then(|key| flow.node(key)).map(|node| node.name.clone());
    let at_node = |what: &str, key: Option<&str>| json!({"what": what, "node": key, "node_name": named(key), "person": null, "to": null, "outcome": null, "by_itself": false, "took_seconds": null});
    let at_task = |what: &str, task: usize| {
        let mut shown = at_node(what, step_of(task).map(|step| step.node.as_str()));
        let since = run.tasks.get(task).and_then(|task| task.since);
        shown["took_seconds"] = since.map(|since| seconds(since, entry.at)).into();
        shown["person"] = run.tasks.get(task).map(|task| task.person.to_string()).into();
        shown
    };
    let mut person = |id: Id| {
        refs.note("employee", id);
        id.to_string()
    };
    Some(match &entry.what {
        What::Submitted => at_node("submitted", None),
        What::Entered { node, .. } if flow.node(node).is_some_and(model::approval::Node::asks) => at_node("entered", Some(node)),
        What::Agreed { task, by_itself } => {
            let mut shown = at_task("agreed", *task);
            run.tasks.get(*task).into_iter().for_each(|task| _ = person(task.person));
            shown["by_itself"] = (*by_itself).into();
            shown
        }
        What::Rejected { task, by_itself } => {
            let mut shown = at_task("rejected", *task);
            run.tasks.get(*task).into_iter().for_each(|task| _ = person(task.person));
            shown["by_itself"] = (*by_itself).into();
            shown
        }
        What::Commented => at_node("commented", None),
        What::Reassigned { task, from, to } => {
            let mut shown = at_task("reassigned", *task);
            (shown["person"], shown["to"]) = (person(*from).into(), person(*to).into());
            shown
        }
        // Whom the node asks is told by its step; who is added by somebody is told here.
        What::Asked { step, person: added, .. } if entry.by != Id::SYSTEM => {
            let mut shown = at_node("signer_added", run.steps.get(*step).map(|step| step.node.as_str()));
            shown["to"] = person(*added).into();
            shown
        }
        What::Retrieved { task } => at_task("retrieved", *task),
        What::Urged => at_node("urged", None),
        What::StepEnded { step, state: StepState::Skipped } => at_node("skipped", run.steps.get(*step).map(|step| step.node.as_str())),
        What::SentBack { to } => at_node("sent_back", Some(to)),
        What::Returned { step, .. } => at_node("returned", run.steps.get(*step).map(|step| step.node.as_str())),
        What::Resubmitted => at_node("resubmitted", None),
        What::Jumped { to } => at_node("jumped", Some(to)),
        What::Ended { outcome } => {
            let mut shown = at_node("ended", None);
            shown["outcome"] = outcome.key().into();
            shown
        }
        _ => return None,
    })
}

/// Every node at which people were asked, with them, and how long it took.
pub(super) fn steps(flow: &Flow, run: &Run, now: Instant, refs: &mut Refs) -> Vec<Json> {
    let mut told = Vec::new();
    for (n, step) in run.steps.iter().enumerate() {
        let Some(node) = flow.node(&step.node).filter(|node| node.asks()) else { continue };
        let mut people: Vec<_> = run.tasks_of(n).collect();
        people.sort_by_key(|(task, of)| (of.seat, of.place, *task));
        let people: Vec<Json> = people
            .into_iter()
            .map(|(task, of)| {
                let by = of.by.filter(|by| *by != Id::SYSTEM);
                for person in [Some(of.person), by].into_iter().flatten() {
                    refs.note("employee", person);
                }
                json!({
                    "task": task, "person": of.person.to_string(), "seat": of.seat, "place": of.place, "state": store::task_state(of.state),
                    "since": of.since.map(|at| at.to_string()), "ended_at": of.ended.map(|at| at.to_string()), "by": by.map(|by| by.to_string()),
                    "by_itself": of.by_itself, "due_at": store::due_at(flow, run, task).map(|at| at.to_string()),
                    "took_seconds": of.since.map(|since| seconds(since, of.ended.unwrap_or(now))),
                })
            })
            .collect();
        let does = serde_json::to_value(&node.does).unwrap_or_default();
        told.push(json!({
            "n": n, "node": node.key, "node_name": node.name, "type": does["type"], "method": does["method"]["type"],
            "instruction": does["instruction"], "state": step.state, "began_at": step.began.to_string(),
            "ended_at": step.ended.map(|at| at.to_string()), "took_seconds": seconds(step.began, step.ended.unwrap_or(now)), "people": people,
        }));
    }
    told
}
