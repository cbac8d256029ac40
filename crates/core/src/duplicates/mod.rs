//! Duplicates: rules that tell or refuse a record that there is already (spec/04).
//!
//! [`document`] and [`define`] make rules, [`live`] keeps those in force with the metadata, [`shipped`] are those that the product comes with.
//! [`judging`] judges saves by what [`finding`] finds; [`telling`] says what is told of it, and [`overrides`] keeps over what somebody went on.

mod asking;
mod batch;
mod define;
mod document;
mod finding;
mod joining;
mod judging;
mod live;
mod overrides;
mod shipped;
mod telling;
mod token;
mod tried;
pub(crate) mod waiting;

pub mod index;

pub(crate) use asking::{Alike, alike, begun};
pub use asking::{Check, Search, check, note_search, of_record, preview, search};
pub use define::{delete, list, one, save};
pub use document::WantedRule;
pub(crate) use finding::found;
pub use joining::{Answer, Join, Turn, join, requests, turn};
pub(crate) use judging::judge;
pub(crate) use live::{Live, load, uses, uses_of_object};
pub(crate) use overrides::{Happened, Override, happened, write as keep_overrides};
pub(crate) use shipped::install;
pub use shipped::shipped;
pub(crate) use tried::Tried;
