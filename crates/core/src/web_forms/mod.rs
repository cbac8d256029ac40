//! Web forms: leads come in from websites by a public key, without anybody signing in.
//!
//! For an administrator: a form says which fields are asked for, what is set besides, which sites may send it, who gets the leads, and where
//! visitors are thanked. For a programmer: a form is a document; what comes in is taken by [`receive`] and saved like everything else, with the
//! form as its author ([`model::Via::WebForm`], its name as the reason). The same content of one form counts once a day, so a double click
//! makes one lead.

mod define;
mod document;
mod receive;

pub use define::{delete, list, one, save};
pub(crate) use document::uses;
pub use document::{Assigned, Form, Offered, Wanted};
pub use receive::{Received, open, receive};
