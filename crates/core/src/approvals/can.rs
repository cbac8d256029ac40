//! What somebody may do with an approval: asked of the same judge that decides it.

use model::Id;
use model::approval::{Act, Added, By, Facts, Flow, Kind, Run, TaskState, decide};

/// The acts that are open to `by`. `task` is the one that is his to do now.
pub(super) fn can(flow: &Flow, run: &Run, by: &By, task: Option<usize>) -> Vec<&'static str> {
    if !run.is_running() {
        return Vec::new();
    }
    let nobody = Id::SYSTEM;
    let mut acts: Vec<(&'static str, Act)> = Vec::new();
    if let Some(task) = task {
        acts.push(("agree", Act::Agree { task }));
        acts.push(("reject", Act::Reject { task }));
        acts.push(("reassign", Act::Reassign { task, to: nobody }));
        acts.push(("add_signer", Act::AddSigner { task, person: nobody, place: Added::After }));
    }
    acts.extend(retrievable(flow, run, by).map(|task| ("retrieve", Act::Retrieve { task })));
    acts.extend([("comment", Act::Comment), ("withdraw", Act::Withdraw), ("resubmit", Act::Resubmit)]);
    if run.returned.is_none() {
        acts.push(("urge", Act::Urge));
    }
    if by.administrator {
        acts.extend(jumps(flow, run, by).first().map(|node| ("jump", Act::Jump { node: (*node).to_owned() })));
        acts.extend(left(run).map(|task| ("replace", Act::Replace { task, to: nobody })));
        acts.push(("end", Act::End { approve: false }));
    }
    acts.into_iter().filter(|(_, act)| is_open(flow, run, by, act)).map(|(key, _)| key).collect()
}

/// The agreement that he may take back, if there is one.
pub(super) fn retrievable(flow: &Flow, run: &Run, by: &By) -> Option<usize> {
    let given = |n: &usize| run.tasks[*n].state == TaskState::Agreed && is_open(flow, run, by, &Act::Retrieve { task: *n });
    (0..run.tasks.len()).rev().find(given)
}

/// The nodes to which an administrator may take it.
pub(super) fn jumps<'a>(flow: &'a Flow, run: &Run, by: &By) -> Vec<&'a str> {
    let keys = flow.nodes.iter().filter(|node| !matches!(node.does, Kind::Start { .. })).map(|node| node.key.as_str());
    keys.filter(|key| is_open(flow, run, by, &Act::Jump { node: (*key).to_owned() })).collect()
}

fn left(run: &Run) -> Option<usize> {
    run.tasks.iter().position(|task| task.state.is_left())
}

/// What follows is of no interest here, so nothing is known of whom the next nodes ask.
fn is_open(flow: &Flow, run: &Run, by: &By, act: &Act) -> bool {
    decide(flow, run, &Facts::default(), by, act, Some("-")).is_ok()
}
