//! Who acts, why, when, and the metadata that holds in this transaction.

use std::sync::Arc;

use db::records::{Scope, Viewer};
use model::{Date, Id, Instant, Via};

use crate::access::Rights;
use crate::house::Ids;
use crate::{Error, Meta, Result};

/// How a caller proves who he is.
#[derive(Clone, Debug)]
pub enum Credential {
    /// Nobody.
    Nobody,
    /// A browser's session. A write must carry the session's CSRF token.
    Session { token: String, csrf: Option<String> },
    /// A personal access token.
    Token(String),
    /// A person known to the caller: the command line on the machine itself, and tests.
    Person(Id),
    /// The product itself, with the reason.
    System(&'static str),
}

/// The person behind a request.
#[derive(Clone, Debug)]
pub struct Who {
    /// `Id::SYSTEM` for the product itself.
    pub id: Id,
    pub name: String,
    pub email: String,
    pub department: Option<Id>,
    pub language: String,
    pub time_zone: String,
    pub rights: Rights,
    pub viewer: Viewer,
    /// Why the product acts by itself; such calls pass every right.
    pub system: Option<&'static str>,
}

/// One request inside its transaction.
pub struct Ctx {
    pub meta: Arc<Meta>,
    pub who: Who,
    pub via: Via,
    /// The clock of the transaction: the database's on PostgreSQL.
    pub at: Instant,
    /// What the session's writes must carry; for the answer of `GET /me`.
    pub csrf: Option<String>,
    pub(crate) ids: Arc<Ids>,
}

impl Ctx {
    /// A new id, ordered by time.
    pub fn new_id(&self) -> Id {
        self.ids.next(self.at)
    }

    /// Today in the organisation's time zone.
    pub fn today(&self) -> Date {
        self.at.date_in(&self.meta.calendar.zone)
    }

    /// What the caller may see.
    pub fn scope(&self) -> Scope<'_> {
        match self.who.system {
            Some(why) => Scope::All(why),
            None => Scope::Of(&self.who.viewer),
        }
    }

    /// True for the product itself and for administrators.
    pub fn is_administrator(&self) -> bool {
        self.who.system.is_some() || self.who.rights.administrator
    }

    /// Refuses everybody but administrators.
    pub fn administrators_only(&self, act: &str, object: &str) -> Result<()> {
        if self.is_administrator() { Ok(()) } else { Err(Error::Forbidden { act: act.to_owned(), object: object.to_owned() }) }
    }
}
