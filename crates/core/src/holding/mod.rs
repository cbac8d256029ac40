//! Holding: how many records a person, a department or a group may have (spec/05).
//!
//! For an administrator: a definition says when a record counts at all, and rules on top of it limit who has how many. For a programmer: rules are
//! read with the metadata ([`live`]); every save that gives a record to somebody is judged by all of them that mean him and count it, under locks
//! of those whom they limit ([`judge`](judge::judge)). What is held is kept by every write where it follows from a record's own stored fields, and
//! asked of the records else ([`count`]); who belongs to a department or group is known as of the metadata ([`standing`]).

mod count;
mod define;
mod document;
mod judge;
mod live;
mod mine;
mod places;
mod preview;
mod room;
mod show;
mod standing;
mod told;
mod waiting;

pub use define::{define, delete, rebuild, save};
pub use document::{Wanted, WantedDefinition, variables};
pub(crate) use judge::judge;
pub use live::Holding;
pub(crate) use live::{named_in, uses};
pub use mine::{Request, me, person, team};
pub use preview::{preview, preview_definition, usage};
pub use room::{Asked, check};
pub(crate) use room::{full, room_of};
pub use show::{definition, list, one};
pub(crate) use standing::{Known, Person, at_hand, of as everybody};
pub(crate) use told::passed_by;
pub use waiting::{Wait, leave, place, tell, tell_waiting, wait, waits};
