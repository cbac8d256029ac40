//! Sales processes: ordered stages with their rules, and the decisions made about moving through them.
//!
//! A [`Process`] is what an administrator writes; [`Gates`] is the same with its conditions resolved; [`judge`] decides a
//! move from plain data, and [`path`] asks the same judge about every stage, so that what a screen promises is what happens.

mod check;
mod choose;
mod definition;
mod differences;
pub mod due;
pub mod figures;
mod gates;
mod mentions;
mod moves;
mod options;
mod parties;
mod path;
pub mod reminding;
pub mod replay;
mod requirement;
mod shipped;
mod slip;
pub mod stay;
mod tasks;
pub mod totals;
mod versions;

pub use check::{Around, Checked, check};
pub use choose::{Owner, applicable, choose};
pub use definition::{CreateOnEntry, DepartmentScope, Fill, Link, NeededTasks, Process, StageRules, TimeIn, Who};
pub use differences::{Difference, DifferenceKind, differences};
pub use gates::{Gates, StageGates};
pub use mentions::{NamedCondition, NamedField};
pub use moves::{Facts, MoveKind, Mover, Pending, Verdict, judge, reopen_target};
pub use options::check_options;
pub use parties::{Party, Reminder, When};
pub use path::{Path, PathStage, StageState, path};
pub use requirement::{FixableBy, Requirement};
pub use shipped::{SHIPPED, shipped, shipped_in};
pub use slip::{Slip, SlipKind, slips};
pub use stay::{Entering, How, Stay, advance};
pub use tasks::{StageTask, Task, TaskAct, TaskState, in_the_way, standing};
pub use versions::{Earlier, InForce, without_given_up};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod walks;
