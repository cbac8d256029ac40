//! Sharing rules: records of an object that meet a condition are given to people, departments and groups, to read or to write.
//!
//! For a salesperson: "deals above a million are read by the board". For a programmer: what a rule gives stands in `grant_to` beside the
//! teams, so whoever looks asks one index. It is kept by every write of a record in its transaction ([`keep`]), and made anew when a rule
//! changes: with the rule itself where few records are concerned, else by a job ([`settle`]) while the rule is settling. A condition may look
//! at the record's own stored fields only, so nothing but a write of the record changes what it gives (core rules 24 and 26).

mod define;
mod document;
mod keep;
mod live;
mod settle;
mod show;

pub use define::{delete, preview, save};
pub use document::{Preview, Wanted, WantedRecipient};
pub(crate) use document::{condition, foreign_amount, is_known, recipients};
pub(crate) use keep::{Kept, follow, follow_ids, kept, write};
pub use live::Live;
pub(crate) use live::{by_reason, load, named_in, to_person, uses};
pub(crate) use settle::step;
pub use settle::{differences, repair};
pub use show::{list, one};
