//! Notices: what the product tells a person of, because it concerns him and somebody else, or the clock, has brought it about.
//!
//! A notice is written in the transaction of that of which it tells, so none is lost and none is invented. One with a key is told once
//! only. Nobody is told of what he did himself. What is said of a record is shown only while its reader sees the record. Rooms tell with
//! [`tell`]; when something is due, [`crate::reminders`] tells; e-mail is [`crate::mail`]'s.

pub(crate) mod assigned;
pub mod deputies;
mod kind;
mod list;
pub mod preferences;
mod prune;
mod store;

use db::Write;
use model::Id;
use serde_json::{Value as Json, json};

use crate::{Ctx, Result};

pub use kind::Kind;
pub use list::{Mark, NoticesRequest, list, news, read, unread};
pub(crate) use list::{show, to_write};
pub(crate) use prune::prune;
pub(crate) use store::STREAM;

/// What one person is to be told.
#[derive(Clone, Debug)]
pub struct Notice {
    pub to: Id,
    pub kind: Kind,
    /// The record that it is about; it is shown only while its reader sees it.
    pub object: Option<String>,
    pub record: Option<Id>,
    /// What its words speak of beside the record's name and who did it. No values of fields: they would be told to those who may not know them.
    pub params: Json,
    /// Of how many things it tells.
    pub count: i64,
    /// Told once for a person, kind and key, whoever tells it again.
    pub key: Option<String>,
    /// One with the same key is added to instead: its count grows, and it is unread again.
    pub gathers: bool,
    /// The absent person whose deputy is told.
    pub on_behalf_of: Option<Id>,
}

impl Notice {
    /// A notice about nothing in particular.
    pub fn new(to: Id, kind: Kind) -> Notice {
        Notice { to, kind, object: None, record: None, params: json!({}), count: 1, key: None, gathers: false, on_behalf_of: None }
    }

    /// About a record.
    #[must_use]
    pub fn about(self, object: &str, record: Id) -> Notice {
        Notice { object: Some(object.to_owned()), record: Some(record), ..self }
    }

    /// With what its words speak of.
    #[must_use]
    pub fn with(self, params: Json) -> Notice {
        Notice { params, ..self }
    }

    /// Once only.
    #[must_use]
    pub fn once(self, key: impl Into<String>) -> Notice {
        Notice { key: Some(key.into()), ..self }
    }
}

/// Tells somebody something, in the caller's transaction.
pub fn tell(cx: &Ctx, tx: &mut Write, notice: Notice) -> Result<()> {
    tell_all(cx, tx, vec![notice])
}

/// As [`tell`], many together.
pub fn tell_all(cx: &Ctx, tx: &mut Write, notices: Vec<Notice>) -> Result<()> {
    let himself = |notice: &Notice| notice.to == cx.who.id || notice.to == Id::SYSTEM;
    let notices: Vec<Notice> = notices.into_iter().filter(|notice| !himself(notice)).collect();
    let mut notices = notices;
    notices.extend(deputies::besides(cx, tx, &notices)?);
    store::insert(cx, tx, notices)
}
