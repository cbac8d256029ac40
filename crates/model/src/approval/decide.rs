//! Judging an act: who may, whether it fits how the run stands, and what follows.

use super::act::{Act, By, Facts};
use super::entry::{Entry, What};
use super::flow::{Flow, Kind};
use super::run::{Added, Outcome, Run, StepState, TaskState};
use super::walk::Walk;
use crate::{Id, Violation};

/// Added signers of one seat.
const MOST_IN_SEAT: usize = 10;

/// The first entries of an approval. Errors: nobody can be asked at its first node, where the flow says that this is a fault.
pub fn begin(flow: &Flow, facts: &Facts, submitter: Id, initiator: Id) -> Result<Vec<Entry>, Violation> {
    let mut walk = Walk::new(flow, facts, Run::new(submitter, initiator));
    walk.did(submitter, None, None, What::Submitted);
    start(&mut walk);
    match &walk.run.outcome {
        Some(Outcome::Failed { code }) if code == "approval.nobody" => {
            Err(Violation::new("approval.nobody", "").with("flow", flow.name.as_str()))
        }
        _ => Ok(walk.entries),
    }
}

fn start(walk: &mut Walk<'_>) {
    let Some(start) = walk.flow.start().map(|node| node.key.clone()) else {
        return walk.end(Outcome::Failed { code: "approval.node_unknown".into() });
    };
    walk.enter(&start, None, Vec::new());
}

/// What follows from an act. Errors: the one reason for which it is refused.
pub fn decide(flow: &Flow, run: &Run, facts: &Facts, by: &By, act: &Act, comment: Option<&str>) -> Result<Vec<Entry>, Violation> {
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    if !run.is_running() {
        return Err(Violation::new("approval.over", "").with("outcome", run.outcome.as_ref().map_or("", Outcome::key)));
    }
    let mut walk = Walk::new(flow, facts, run.clone());
    match act {
        Act::Agree { task } => {
            let asked = asked(run, *task, by)?;
            let (needs, missing) = wants(flow, run, *task);
            if needs && comment.is_none() {
                return Err(Violation::new("approval.comment_required", "comment"));
            }
            if missing && let Some(field) = facts.missing.first() {
                return Err(Violation::new("field.required", field));
            }
            answer(&mut walk, *task, asked, by, comment, true);
        }
        Act::Reject { task } => {
            let asked = asked(run, *task, by)?;
            if matches!(node_of(flow, run, *task), Some(Kind::Task { .. })) {
                return Err(Violation::new("approval.nothing_to_reject", ""));
            }
            if comment.is_none() {
                return Err(Violation::new("approval.comment_required", "comment"));
            }
            answer(&mut walk, *task, asked, by, comment, false);
        }
        Act::Comment => {
            if comment.is_none() {
                return Err(Violation::new("approval.comment_required", "comment"));
            }
            walk.did(by.id, None, comment, What::Commented);
        }
        Act::Reassign { task, to } => {
            let asked = asked(run, *task, by)?;
            hand_on(&mut walk, *task, *to, by.id, asked, comment)?;
        }
        Act::Replace { task, to } => {
            administers(by)?;
            left(run, *task)?;
            hand_on(&mut walk, *task, *to, by.id, None, comment)?;
        }
        Act::AddSigner { task, person, place } => {
            let asked = asked(run, *task, by)?;
            add_signer(&mut walk, *task, *person, *place, by, asked, comment)?;
        }
        Act::Withdraw => {
            let own = by.id == run.initiator || by.id == run.submitter || by.administrator || (by.owner && flow.owner_may_withdraw);
            if !own {
                return Err(Violation::new("approval.not_yours", ""));
            }
            walk.end_by(by.id, comment, Outcome::Withdrawn);
        }
        Act::Retrieve { task } => retrieve(&mut walk, *task, by, comment)?,
        Act::Urge => {
            let own = by.id == run.initiator || by.id == run.submitter || by.administrator || by.owner;
            if !own {
                return Err(Violation::new("approval.not_yours", ""));
            }
            walk.did(by.id, None, comment, What::Urged);
        }
        Act::Resubmit => {
            if by.id != run.initiator && by.id != run.submitter && !by.administrator {
                return Err(Violation::new("approval.not_yours", ""));
            }
            let Some(returned) = &run.returned else { return Err(Violation::new("approval.not_returned", "")) };
            walk.did(by.id, None, comment, What::Resubmitted);
            match &returned.back_to {
                Some(node) => {
                    let from = run.steps.get(returned.step).and_then(|step| step.from);
                    walk.enter(node, from, Vec::new());
                }
                None => start(&mut walk),
            }
        }
        Act::Jump { node } => {
            administers(by)?;
            let to = flow.node(node).ok_or_else(|| Violation::new("approval.node_unknown", "node").with("node", node.as_str()))?;
            if super::check::is_inside_a_fork(flow, &to.key) || matches!(to.does, Kind::Join { .. } | Kind::Start { .. }) {
                return Err(Violation::new("approval.jump_inside", "node").with("node", node.as_str()));
            }
            walk.drop_all();
            walk.did(by.id, None, comment, What::Jumped { to: node.clone() });
            walk.enter(node, None, Vec::new());
        }
        Act::End { approve } => {
            administers(by)?;
            walk.end_by(by.id, comment, if *approve { Outcome::Approved } else { Outcome::Rejected });
        }
        Act::Expire { task } => {
            product(by)?;
            expire(&mut walk, *task)?;
        }
        Act::Depart { task } => {
            product(by)?;
            left(run, *task)?;
            let person = run.tasks[*task].person;
            let to = facts.managers.get(&person).copied().or_else(|| facts.administrators.iter().copied().find(|other| *other != person));
            let to = to.ok_or_else(|| Violation::new("approval.nobody", ""))?;
            hand_on(&mut walk, *task, to, Id::SYSTEM, None, None)?;
        }
        Act::Close { outcome } => {
            product(by)?;
            walk.end(outcome.clone());
        }
    }
    Ok(walk.entries)
}

/// The task's person, where `by` stands in for him. Errors: it is not his, or not his turn.
fn asked(run: &Run, task: usize, by: &By) -> Result<Option<Id>, Violation> {
    let found = run.tasks.get(task).ok_or_else(|| Violation::new("approval.task_unknown", "task"))?;
    let on_behalf_of = if found.person == by.id {
        None
    } else if by.stands_in_for.contains(&found.person) {
        Some(found.person)
    } else {
        return Err(Violation::new("approval.not_asked", ""));
    };
    match found.state {
        TaskState::Open => Ok(on_behalf_of),
        TaskState::Waiting => Err(Violation::new("approval.not_yet", "")),
        TaskState::Agreed | TaskState::Rejected | TaskState::Dropped => Err(Violation::new("approval.decided", "")),
    }
}

fn left(run: &Run, task: usize) -> Result<(), Violation> {
    let found = run.tasks.get(task).ok_or_else(|| Violation::new("approval.task_unknown", "task"))?;
    if found.state.is_left() { Ok(()) } else { Err(Violation::new("approval.decided", "")) }
}

fn administers(by: &By) -> Result<(), Violation> {
    if by.administrator { Ok(()) } else { Err(Violation::new("approval.administrators_only", "")) }
}

fn product(by: &By) -> Result<(), Violation> {
    if by.id == Id::SYSTEM { Ok(()) } else { Err(Violation::new("approval.not_asked", "")) }
}

fn node_of<'a>(flow: &'a Flow, run: &Run, task: usize) -> Option<&'a Kind> {
    let step = run.steps.get(run.tasks.get(task)?.step)?;
    flow.node(&step.node).map(|node| &node.does)
}

/// Whether agreeing needs a comment, and whether fields must be filled: of the person of the node, not of whom he has added.
fn wants(flow: &Flow, run: &Run, task: usize) -> (bool, bool) {
    match node_of(flow, run, task) {
        Some(Kind::Approve(approve)) => (approve.comment_required, approve.asks_for_fields()),
        Some(Kind::Task { .. }) => (false, true),
        _ => (false, false),
    }
}

fn answer(walk: &mut Walk<'_>, task: usize, on_behalf_of: Option<Id>, by: &By, comment: Option<&str>, agrees: bool) {
    let step = walk.run.tasks[task].step;
    let what = if agrees { What::Agreed { task, by_itself: false } } else { What::Rejected { task, by_itself: false } };
    walk.did(by.id, on_behalf_of, comment, what);
    walk.settle(step);
}

/// Gives a task to somebody else.
fn hand_on(walk: &mut Walk<'_>, task: usize, to: Id, by: Id, on_behalf_of: Option<Id>, comment: Option<&str>) -> Result<(), Violation> {
    let (step, from) = (walk.run.tasks[task].step, walk.run.tasks[task].person);
    if from == to || is_asked(&walk.run, step, to) {
        return Err(Violation::new("approval.already_asked", "to"));
    }
    walk.did(by, on_behalf_of, comment, What::Reassigned { task, from, to });
    walk.settle(step);
    Ok(())
}

/// True where somebody is asked in this step, or has answered.
fn is_asked(run: &Run, step: usize, person: Id) -> bool {
    run.tasks_of(step).any(|(_, task)| task.person == person && task.state != TaskState::Dropped)
}

fn add_signer(
    walk: &mut Walk<'_>,
    task: usize,
    person: Id,
    place: Added,
    by: &By,
    on_behalf_of: Option<Id>,
    comment: Option<&str>,
) -> Result<(), Violation> {
    let of = walk.run.tasks[task].clone();
    if is_asked(&walk.run, of.step, person) {
        return Err(Violation::new("approval.already_asked", "person"));
    }
    if walk.run.tasks_of(of.step).filter(|(_, task)| task.seat == of.seat).count() > MOST_IN_SEAT {
        return Err(Violation::new("approval.too_many_signers", "person").with("max", MOST_IN_SEAT));
    }
    let before = place == Added::Before;
    let at = if before { of.place } else { of.place + 1 };
    walk.did(by.id, on_behalf_of, comment, What::Asked { step: of.step, person, seat: of.seat, place: at, open: before });
    if before {
        walk.follows(What::Waits { task });
    }
    walk.settle(of.step);
    Ok(())
}

/// Takes one's own agreement back.
fn retrieve(walk: &mut Walk<'_>, task: usize, by: &By, comment: Option<&str>) -> Result<(), Violation> {
    let run = &walk.run;
    let found = run.tasks.get(task).ok_or_else(|| Violation::new("approval.task_unknown", "task"))?;
    let gave_it = found.by.unwrap_or(found.person) == by.id;
    if !gave_it || found.by_itself {
        return Err(Violation::new("approval.not_asked", ""));
    }
    if found.state != TaskState::Agreed {
        return Err(Violation::new("approval.nothing_to_retrieve", ""));
    }
    let (step, seat, place) = (found.step, found.seat, found.place);
    let on_behalf_of = Some(found.person).filter(|person| *person != by.id);
    let state = run.steps[step].state;
    let following = run.after(step);
    let in_turn = walk.run.tasks_of(step).filter(|(_, other)| {
        let answered = matches!(other.state, TaskState::Agreed | TaskState::Rejected) && !other.by_itself;
        let later = other.seat == seat && other.place > place || other.seat > seat && walk.is_in_order(step);
        answered && later
    });
    let acted = |n: &usize| {
        let answered = |task: &super::run::Task| matches!(task.state, TaskState::Agreed | TaskState::Rejected) && !task.by_itself;
        run.tasks_of(*n).any(|(_, task)| answered(task)) || run.steps[*n].state == StepState::Rejected
    };
    if in_turn.count() > 0 || following.iter().any(acted) || !matches!(state, StepState::Open | StepState::Passed) || run.returned.is_some()
    {
        return Err(Violation::new("approval.next_has_acted", ""));
    }
    let to_drop: Vec<usize> = following
        .into_iter()
        .filter(|n| matches!(walk.run.steps[*n].state, StepState::Open | StepState::Passed | StepState::Skipped))
        .collect();
    walk.did(by.id, on_behalf_of, comment, What::Retrieved { task });
    to_drop.into_iter().for_each(|step| walk.drop_step(step));
    if state == StepState::Passed {
        walk.follows(What::StepReopened { step });
    }
    // Whoever did not need to answer any more is asked again, and whose turn had come by this waits.
    walk.ask_again(step, seat, place);
    Ok(())
}

fn expire(walk: &mut Walk<'_>, task: usize) -> Result<(), Violation> {
    use super::flow::Expiry;
    let found = walk.run.tasks.get(task).ok_or_else(|| Violation::new("approval.task_unknown", "task"))?;
    if found.state != TaskState::Open {
        return Err(Violation::new("approval.decided", ""));
    }
    let (step, person) = (found.step, found.person);
    let node = walk.flow.node(&walk.run.steps[step].node);
    match node.and_then(|node| node.limit()).map(|limit| limit.then) {
        // Where there is something to fill in, nobody does it by doing nothing.
        Some(Expiry::Agree) if walk.facts.missing.is_empty() => {
            walk.follows(What::Agreed { task, by_itself: true });
            walk.settle(step);
        }
        Some(Expiry::Reject) if matches!(node.map(|node| &node.does), Some(Kind::Approve(_))) => {
            walk.follows(What::Rejected { task, by_itself: true });
            walk.settle(step);
        }
        Some(Expiry::Manager) => {
            let manager = walk.facts.managers.get(&person).copied().filter(|manager| !is_asked(&walk.run, step, *manager));
            if let Some(to) = manager {
                walk.follows(What::Reassigned { task, from: person, to });
                walk.settle(step);
            }
        }
        _ => {}
    }
    Ok(())
}
