//! The edge of the server: who asks, in which language, from where; what every answer carries.

mod attempts;
mod body;
mod caller;
mod cookie;
mod network;
mod outer;
mod params;
pub mod policy;

pub use attempts::{Arrivals, Attempts, Checks};
pub use body::{Body, read as read_json};
pub use caller::{Anybody, Assisted, Caller, Seen, if_match};
pub use cookie::{SESSION, cleared_cookie, flow_cookie, pending_cookie, session_cookie};
pub use network::{Network, Peer, own_address};
pub use outer::{Spoken, object_of, outer};
pub use params::{DryRun, Params};
