//! Where a deal stands: all that the judge of its moves looks at, gathered once.

use db::Read;
use model::condition::World;
use model::process::{Facts, Gates, Mover, Pending, Stay, Task};
use model::{Instant, Object, Record};

use super::moving::mover;
use super::{in_force, stays};
use crate::{Ctx, Result, access, approvals, stage_tasks, world};

/// A deal with what a decision about its stages looks at.
pub(crate) struct Standing {
    pub object: Object,
    pub record: Record,
    pub gates: Gates,
    pub stays: Vec<Stay>,
    pub tasks: Vec<Task>,
    pub world: World,
    pub mover: Mover,
    pub at: Instant,
    /// The stage approval for which it waits.
    pub pending: Option<Pending>,
}

/// Of a deal that the caller sees.
pub(crate) fn of(cx: &Ctx, tx: &mut Read, record: &Record) -> Result<Standing> {
    let object = cx.object(&record.object)?.clone();
    let gates = in_force::gates_of(cx, record)?;
    let stays = stays::load(tx, &[record.id])?.remove(&record.id).unwrap_or_default();
    let tasks = stage_tasks::load(tx, &[record.id])?.remove(&record.id).unwrap_or_default();
    let world = world::around(cx, tx, &[record], gates.conditions())?;
    let mut mover = mover(cx, record);
    if !access::writable(cx, tx, &object, &[record])?.contains(&record.id) {
        mover = Mover { is_owner: mover.is_owner, ..Mover::default() };
    }
    let pending = approvals::pending(tx, &[record])?.remove(&record.id);
    Ok(Standing { object, record: record.clone(), gates, stays, tasks, world, mover, at: cx.at, pending })
}

impl Standing {
    /// For a judgement of the deal as it is.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            gates: &self.gates,
            options: self.object.options("stage"),
            record: &self.record,
            after: &self.record,
            stays: &self.stays,
            world: &self.world,
            mover: self.mover,
            now: self.at,
            reason: None,
            // A closed deal is not moved, but reopened.
            reopening: self.is_closed(),
            changing_process: false,
            tasks: &self.tasks,
            pending: self.pending.as_ref(),
            creating: &[],
            bypass: false,
        }
    }

    /// Whether it has come to an end.
    pub fn is_closed(&self) -> bool {
        !self.record.get("closed_at").is_null()
    }
}
