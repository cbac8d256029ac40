//! Conditions: the one language of rules and filters, stored as JSON, with two readers (memory here, SQL in `db`).
//!
//! A condition is resolved against a schema first: paths are followed, operators and constants typed, relative dates and
//! "me" put in. Both readers read only the resolved form, in which these meanings are settled:
//! a test of a blank value is false, but `ne`, `not_in` and `not_contains` are true of it; `not` is plain negation;
//! whether a field changes is asked only by rules that judge a change ([`Condition::resolve_for_change`]), and only in memory;
//! text is compared folded ([`crate::text::fold`]), options exactly, money in the main currency; what one may not see is blank.

mod ast;
mod memory;
mod mentions;
mod resolve;

pub use ast::{Condition, Exists, Op, Row};
pub use memory::World;
pub use mentions::{Mentioned, of_path};
pub use resolve::{ChangeTest, Check, ExistsTest, Hop, Reading, Resolved, Test};
