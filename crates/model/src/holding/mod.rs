//! Holding: how many records a person, a department or a group may have (spec/05).
//!
//! [`rule`] is what an administrator writes down; [`judge`] decides from plain counts whether somebody may get one more.

pub mod judge;
pub mod rule;

pub use judge::{Ask, Full, Room, judge};
pub use rule::{Definition, HoldingRule, Limit, Subject, variable_kind};
