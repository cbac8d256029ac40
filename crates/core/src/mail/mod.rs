//! E-mail to people: what tells them of a notice at once, and the digest of a day.
//!
//! An e-mail is written down in the transaction of what it tells, with the Message-ID that it will always have. Servers claim some for a
//! while (a lease that is renewed as long as they live), send each, and write down at once that it is sent; so a server that falls leaves one
//! message of which nobody knows whether it went, and that one goes again with the same Message-ID. What an e-mail says is made when it
//! is sent, with the eyes of its reader: what he no longer sees is not told. The server speaks SMTP; here is everything else.

mod compose;
mod digest;
mod outgoing;
mod settings;
mod show;

pub use compose::{Letter, compose};
pub use digest::work as digest;
pub(crate) use digest::{reschedule, wanted as wants_digest};
pub use outgoing::{LEASE, Letterhead, Outcome, Outgoing, claim, extend, next, prune, put_off, release};
pub(crate) use outgoing::{New, counts, write};
pub(crate) use settings::load;
pub use settings::{Own, Secret, Security, Settings, UpdateMail, Way, judge, password, read, to_try, update};
pub use show::{MailRequest, list, retry};
