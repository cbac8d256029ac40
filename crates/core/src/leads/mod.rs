//! Leads: people who may want to buy, until it is known whether there is a deal.
//!
//! For a salesperson: a lead comes in, somebody gets it, gets in touch, and converts it or says why nothing will come of it. For a
//! programmer: a lead is a record like any other and its changes come through `save`; this room says what its status is after each of them
//! ([`standing`]) and brings the acts that only leads have ([`acts`]). A lead without an owner is seen by those who may assign it, which is
//! kept where all that is given is kept (`grant_to`).

mod acts;
pub mod conversion;
pub mod rules;
mod standing;

pub(crate) use acts::receiver;
pub use acts::{Assign, MarkInvalid, TakeUp, assign, mark_invalid, take_up};
pub(crate) use standing::{followed, is_converted, is_invalid, is_open, judge, settle};
