//! Sales orders: what a customer has ordered, once a deal is won or a quote accepted.
//!
//! For a salesperson: the order begins with what the quote or the deal says, lines and all; it is put together as a draft, and holds once it is
//! confirmed. From then on it is as it is: it counts in what was ordered, at the rate of that day, and its customer is a customer; it can only
//! be cancelled, for a reason. For a programmer: an order is a record like any other and its changes come through `save`, on every path. What a
//! new one begins with is [`begin`]'s, what may become of it [`standing`]'s, that its account becomes a customer [`customer`]'s; what follows
//! once it is written [`following`]'s. [`making`] and [`status`] are the acts that screens have.

mod begin;
mod can;
mod checking;
mod copying;
mod customer;
mod following;
mod making;
mod standing;
mod status;

pub(crate) use making::lines_of;
pub use making::{MakeOrder, of_deal, of_quote};
pub use status::{SetStatus, set_status};

pub(crate) use begin::{begin, prefilled, rows};
pub(crate) use can::tell as tell_what_may_be;
pub(crate) use checking::faults;
use copying::Copied;
pub(crate) use customer::customers;
pub(crate) use following::{Turn, act_of, follow};
pub(crate) use standing::{holds_deal, is_confirmed, judge, there};
