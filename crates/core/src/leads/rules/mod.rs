//! Who gets a lead that comes in without an owner: the first rule in force that means it, and of its receivers the one whose turn it is.
//!
//! For an administrator: "leads from Germany go to Sales North, in turn". For a programmer: rules are read with the metadata; a turn is taken
//! under a lock of its rule, so of two leads that come in the same instant on two servers each goes to the next ([`turn`]). Whoever is disabled,
//! or may not work on leads, is passed over.

mod define;
mod document;
mod trial;
mod turn;

pub use define::{delete, list, one, order, save};
pub(crate) use document::{Live, load, uses};
pub use document::{Order, Wanted};
pub use trial::{Trial, trial};
pub(crate) use turn::{asks, give, leave_open};
