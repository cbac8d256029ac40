//! What is due in approvals: reminders before a task's time is over, each once, and what is set to be done when it is.

use model::Instant;
use model::approval::{Flow, Run};

use super::store;

/// When the product looks at a task again: at the next reminder after `now`, or when its time is over.
pub(super) fn next(flow: &Flow, run: &Run, task: usize, now: Instant) -> Option<Instant> {
    let due = store::due_at(flow, run, task)?;
    let node = flow.node(&run.steps[run.tasks[task].step].node)?;
    let reminders = node.limit()?.remind_hours_before.iter().map(|hours| due.plus_seconds(-i64::from(*hours) * 3600));
    reminders.chain([due]).filter(|at| *at > now).min()
}
