//! Duplicates: when a record is one that there is already (spec/04).
//!
//! [`rule`] is what an administrator writes down; [`matching`] says how values are compared and by which keys alike ones are found; [`judge`]
//! puts the two together for a record and those found.

pub mod groups;
pub mod judge;
pub mod matching;
pub mod rule;

pub use groups::{Grouped, Member, Pair, groups};
pub use judge::{Found, Reason, Verdict, judge};
pub use rule::{Blank, DuplicateRule, Group, Kind, Kinds, Method, Row, Scope, Shown, Strictness};
