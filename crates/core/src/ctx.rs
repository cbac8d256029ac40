//! Who acts, why, when, and the metadata that holds in this transaction.

use std::sync::{Arc, Mutex, PoisonError};

use db::records::{Scope, Viewer};
use model::{Date, Id, Instant, Via};

use crate::audit::Attempt;
use crate::house::Ids;
use crate::identity::Scopes;
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
    /// The same proof, for a purpose that asks less of it.
    For(Purpose, Box<Credential>),
}

/// Why somebody shows his proof where more is open to it, or less follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Listening to what happens: an open window alone does not keep a session alive.
    Listening,
    /// Setting up the second factor without which nothing else is open.
    Enrolling,
}

/// What the caller has shown.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// His session, and since when it lasts.
    pub session: Option<Id>,
    pub since: Option<Instant>,
    /// He came by the sign-in provider.
    pub by_provider: bool,
    /// What his token is limited to; none: nothing but his own rights.
    pub scopes: Option<Arc<Scopes>>,
    /// The name of the token that he came with.
    pub token: Option<Arc<str>>,
    /// He cannot do without a second factor and has none yet.
    pub must_enrol: bool,
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
    pub rights: crate::access::Rights,
    pub viewer: Viewer,
    /// Why the product acts by itself; such calls pass every right.
    pub system: Option<&'static str>,
}

/// One request inside its transaction.
pub struct Ctx {
    pub meta: Arc<Meta>,
    pub who: Who,
    pub via: Via,
    /// From where: the number that entries of the trace carry.
    pub origin: Option<i64>,
    /// The clock of the transaction: the database's on PostgreSQL.
    pub at: Instant,
    /// What the session's writes must carry; for the answer of `GET /me`.
    pub csrf: Option<String>,
    pub proof: Proof,
    /// Tokens of matches over which the caller goes on.
    pub(crate) accepted: Arc<Vec<String>>,
    /// What the chunks of a dry run before this one would have made.
    pub(crate) tried: Option<Arc<crate::duplicates::Tried>>,
    /// The job of which this is a part: what it tells people of is told once for all of it.
    pub(crate) part_of: Option<Id>,
    /// What is saved puts back what was before, or makes records one: what follows from it is nobody's doing.
    pub(crate) takes_back: bool,
    /// What the job remembers of the records with which duplicate rules compare.
    pub(crate) remembered: Option<crate::duplicates::index::Remembered>,
    pub(crate) ids: Arc<Ids>,
    /// What the call is about to do, should it be refused.
    pub(crate) attempt: Arc<Mutex<Attempt>>,
}

impl Ctx {
    /// A new id, ordered by time.
    pub fn new_id(&self) -> Id {
        self.ids.next(self.at)
    }

    /// The same call with the rights of the product itself, still on behalf of the caller: for what follows from an act whose right was
    /// judged.
    pub(crate) fn as_system(&self, why: &'static str) -> Ctx {
        let mut who = self.who.clone();
        who.system = Some(why);
        who.rights = self.who.rights.on_behalf();
        Ctx {
            meta: self.meta.clone(),
            who,
            via: self.via,
            origin: self.origin,
            at: self.at,
            csrf: None,
            proof: self.proof.clone(),
            accepted: self.accepted.clone(),
            tried: self.tried.clone(),
            part_of: self.part_of,
            takes_back: self.takes_back,
            remembered: self.remembered.clone(),
            ids: self.ids.clone(),
            // What follows is not what the caller was about to do.
            attempt: Arc::default(),
        }
    }

    /// The same moment with somebody else's eyes: for what he is told when nobody asks.
    pub(crate) fn seen_by(&self, who: Who) -> Ctx {
        Ctx { who, csrf: None, proof: Proof::default(), attempt: Arc::default(), ..self.again() }
    }

    /// The same call under other definitions: those that it has published itself.
    pub(crate) fn under(self, meta: Arc<Meta>) -> Ctx {
        Ctx { meta, ..self }
    }

    /// The same call as part of a job.
    pub(crate) fn within(&self, job: Id) -> Ctx {
        Ctx { part_of: Some(job), ..self.again() }
    }

    /// The same call where it puts back what was before.
    pub(crate) fn taking_back(&self) -> Ctx {
        Ctx { takes_back: true, ..self.again() }
    }

    /// The same call by one who remembers what there is.
    pub fn remembering(&self, remembered: Option<&crate::duplicates::index::Remembered>) -> Ctx {
        Ctx { remembered: remembered.cloned(), ..self.again() }
    }

    /// The same call by one who goes on over these matches, by their tokens.
    pub fn accepting(&self, tokens: Vec<String>) -> Ctx {
        Ctx { accepted: Arc::new(tokens), ..self.again() }
    }

    /// The same call as a chunk of a dry run, behind others.
    pub(crate) fn trying(&self, tried: Arc<crate::duplicates::Tried>) -> Ctx {
        Ctx { tried: Some(tried), ..self.again() }
    }

    fn again(&self) -> Ctx {
        Ctx {
            meta: self.meta.clone(),
            who: self.who.clone(),
            via: self.via,
            origin: self.origin,
            at: self.at,
            csrf: self.csrf.clone(),
            proof: self.proof.clone(),
            accepted: self.accepted.clone(),
            tried: self.tried.clone(),
            part_of: self.part_of,
            takes_back: self.takes_back,
            remembered: self.remembered.clone(),
            ids: self.ids.clone(),
            attempt: self.attempt.clone(),
        }
    }

    /// Tells what the call is about to do, for the trace of what is refused.
    pub(crate) fn attempts(&self, act: &str, object: &str, record: Option<(Id, &str)>) {
        let mut attempt = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        attempt.act = act.to_owned();
        attempt.object = Some(object.to_owned());
        attempt.record = record.map(|(id, _)| id);
        attempt.subject = record.map(|(_, name)| name.to_owned()).unwrap_or_default();
    }

    /// Tells whether the call is only a question, which leaves no trace.
    pub fn only_asks(&self, dry_run: bool) {
        self.attempt.lock().unwrap_or_else(PoisonError::into_inner).asks |= dry_run;
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

    /// Refuses a limited token where one looks after one's own account.
    pub fn as_oneself(&self) -> Result<()> {
        if self.proof.scopes.is_some() { Err(Error::Unauthenticated("auth.scope")) } else { Ok(()) }
    }

    /// Refuses a token that may not write whatever its person may: for what is no record of one object.
    pub fn at_large(&self) -> Result<()> {
        match &self.proof.scopes {
            Some(scopes) if !scopes.write_all() => Err(Error::Unauthenticated("auth.scope")),
            _ => Ok(()),
        }
    }

    /// Refuses everybody but administrators.
    pub fn administrators_only(&self, act: &str, object: &str) -> Result<()> {
        if self.is_administrator() { Ok(()) } else { Err(Error::Forbidden { act: act.to_owned(), object: object.to_owned() }) }
    }
}
