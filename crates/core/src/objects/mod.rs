//! Object Management: an administrator shapes what the product keeps, without code.
//!
//! An object is a kind of record, described as data; preset objects and the customer's own are the same data. Every change of a
//! definition goes through [`change::Changing`]: it waits until nobody writes, judges the whole, and is in force with the next
//! transaction on every server. Tables and columns are made and filled by jobs ([`making`]), so nobody waits for them.

mod change;
mod define;
mod fields;
pub(crate) mod judge;
pub(crate) mod making;
mod options;
mod preview;
mod show;
mod uses;

pub use define::{CreateObject, ObjectAct, UpdateObject, act as act_on_object, create as create_object, update as update_object};
pub use fields::{FieldAct, act as act_on_field, add as add_field, update as update_field};
pub use making::compact;
pub(crate) use making::resume;
pub use options::{SetOptions, set_options};
pub use preview::{TryFormula, functions, try_formula};
pub use show::{definition, definitions, list, one};
pub use uses::uses;
