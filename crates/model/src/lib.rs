//! The language of the domain: values, fields, objects, conditions, stages and the decisions made about them.
//!
//! Nothing here reads a clock, a file or a database; everything can be replayed with the same data.

pub mod analysis;
pub mod approval;
pub mod calendar;
pub mod change;
pub mod condition;
pub mod currency;
pub mod duplicate;
pub mod field;
pub mod formula;
pub mod holding;
pub mod id;
pub mod label;
pub mod lead;
pub mod money;
pub mod number;
pub mod object;
pub mod objects;
pub mod organisation;
pub mod period;
pub mod pool;
pub mod pricing;
pub mod process;
pub mod quote;
pub mod record;
pub mod role;
pub mod schema;
pub mod search;
pub mod sharing;
pub mod text;
pub mod time;
pub mod value;
pub mod violation;

pub use change::{Patch, Via};
pub use condition::Condition;
pub use currency::Currency;
pub use field::{Field, FieldType};
pub use formula::Formula;
pub use id::Id;
pub use label::Label;
pub use money::{Amount, Money};
pub use number::Number;
pub use object::{Base, Layout, Object, Section, Validation};
pub use record::Record;
pub use schema::Schema;
pub use time::{Date, Instant};
pub use value::Value;
pub use violation::{Violation, Violations};
