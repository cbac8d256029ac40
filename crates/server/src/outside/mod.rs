//! The way out: requests that this server makes to others, at addresses that somebody has typed in.
//!
//! [`address`] judges where a request may go at all; [`exchange`] makes one request of its own, without proxy, redirect or cookie, within
//! limits of time and size, at the very address that was judged.

pub mod address;
pub mod exchange;

pub use address::{Outside, Refused};
pub use exchange::{Answer, Exchange, Failure};
