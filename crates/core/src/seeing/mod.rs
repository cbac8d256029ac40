//! Who sees a record, and why; what a person sees, and by what.
//!
//! The answer is reckoned from the same facts as the scope of every list: who stands above whom ([`db::access::Chart`]), what has been given
//! ([`db::access::grants`]), the bases of objects, what a record belongs to, and roles. A few statements for each object on the way, however
//! many people there are.

mod facts;
mod person;
mod record;

pub(crate) use facts::{Facts, Person, everybody};
pub use person::{SeenRequest, person, seen_by};
pub use record::{AccessRequest, everyone, one};
