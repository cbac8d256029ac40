//! Sales processes: how a deal goes from its first stage to Won, Lost or Invalid.
//!
//! A salesperson moves a deal (`acts`); `moving` gathers the facts and asks `model::process` for the verdict, which is the very same
//! one that `path` shows beforehand from where the deal stands (`standing`). What a move asks for besides fields is created with it
//! (`creating`), begun with what the deal gives (`filling`). Which process a deal takes is chosen in `choosing`. Every stage
//! change, by whatever way it comes, is judged and written here, inside `save`.
//! Definitions are documents (`definition`), visits to stages are rows (`stays`), the board is a count over all rows (`board`).

pub mod acts;
pub mod board;
mod changing;
pub(crate) mod choosing;
pub(crate) mod creating;
pub mod definition;
pub mod due;
pub(crate) mod filling;
pub mod in_force;
pub mod moving;
pub mod parties;
pub mod path;
pub mod replay;
pub mod slips;
pub(crate) mod standing;
pub mod stays;

use model::{Object, Record};

use crate::{Ctx, veil};

pub(crate) use acts::with_records;
pub use acts::{ChangeProcess, MoveStage, NewRecord, Reopen, change_process, move_stage, reopen};
pub use board::{BoardRequest, board};
pub use changing::processes;
pub use definition::{
    Order, Publish, Revert, activate, begin_draft, deactivate, discard_draft, draft, list, one, order, overview, publish, published,
    remove, revert, save_draft, save_process, version, versions,
};
pub use path::path;
pub use stays::list as stays;

/// True for objects that go through a sales process: those with a process and a stage.
pub fn concerns(object: &Object) -> bool {
    object.field("sales_process").is_some() && object.field("stage").is_some()
}

/// Fields from which it follows whether a deal stands in its stage for too long.
pub(crate) const OVERDUE_FROM: [&str; 3] = ["stage", "stage_due_at", "closed_at"];

/// True where the caller may know whether records of the object stand in their stages for too long.
pub(crate) fn shows_overdue(cx: &Ctx, object: &Object) -> bool {
    concerns(object) && !OVERDUE_FROM.iter().any(|field| veil::hides(cx, &object.key, field))
}

/// True when the deal stands in its stage for longer than it may.
pub fn overdue(cx: &Ctx, record: &Record) -> bool {
    record.get("closed_at").is_null() && record.get("stage_due_at").as_instant().is_some_and(|due| due < cx.at)
}
