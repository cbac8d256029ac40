//! Webhooks: what happens to records is told to a program elsewhere, signed by the rules of Standard Webhooks.
//!
//! For an administrator: "tell the warehouse when a deal is won". For a programmer: [`plan`] goes through the outbox behind its safe horizon
//! and makes deliveries of what concerns a webhook, in one transaction with the place where it then stands, so none is lost and none
//! invented, however many servers there are. [`send`] hands deliveries out, one at a time for each record of a webhook and in the order of
//! its revisions, and notes what became of them; the sending itself is the server's.

mod define;
mod deliveries;
mod document;
mod keep;
mod notice;
mod payload;
mod plan;
mod pulse;
mod replay;
mod secret;
mod send;
mod show;
mod store;
mod then;

pub use define::{delete, resume, roll, save, test};
pub use deliveries::{DeliveriesRequest, deliveries, delivery};
pub use document::{ACTS, Wanted};
pub(crate) use keep::{keep_last, sweep, unread_since};
pub use plan::plan;
pub use pulse::Pulse;
pub(crate) use pulse::pulse;
pub use replay::{ReplayRequest, replay, replay_span};
pub use secret::sign;
pub use send::{Outcome, Pace, Sending, claim, finish};
pub use show::{list, one};
pub(crate) use store::{named_in, uses};
