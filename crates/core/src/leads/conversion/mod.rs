//! Conversion: a lead becomes an account, a contact and an opportunity, in one transaction or not at all.
//!
//! For a salesperson: the dialog is filled in by the mapping, offers accounts and contacts that look alike, and says at once all that stands
//! against it. For a programmer: each part is a plain `save` by the caller, so rights, required fields, the gates of the first stage and
//! whatever else is asked of new records are asked here too; the lead is saved last, with links to what it became. Nothing moves: what hangs on
//! the lead stays there and is shown with what it became.

mod alike;
mod mapping;
mod offer;
mod turn;

pub use mapping::{Wanted, mapping, save_mapping};
pub(crate) use mapping::{in_force, uses};
pub use offer::offer;
pub(crate) use turn::carry_out;
pub use turn::{Convert, Part, again, convert};
