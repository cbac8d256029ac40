//! The product on one database: opens transactions, knows who asks, keeps the metadata warm.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use db::{Db, Limits, Read, Write};
use model::{Id, Instant, Via};

use crate::audit::{self, Attempt, Note, Origin, Origins, Refusals};
use crate::ctx::{Credential, Ctx, Proof, Purpose, Who};
use crate::identity::{How, Seen};
use crate::{Error, Meta, Result, analysis, calendars, duplicates, files, identity, mail, meta, objects, search, totals, views};

/// The product on one database. Cheap to share.
pub struct House {
    db: Db,
    meta: Mutex<Arc<Meta>>,
    /// People by id, as of a version of the metadata: any change of a person publishes a new one.
    people: Mutex<(i64, HashMap<Id, Who>)>,
    /// Sessions and tokens used lately, until that is written down.
    seen: Mutex<Seen>,
    ids: Arc<Ids>,
    origins: Origins,
    refusals: Refusals,
    /// The way of e-mail that the server's configuration names.
    own_mail: OnceLock<mail::Own>,
    /// Where the contents of files lie that are not in the database.
    directory: OnceLock<files::Directory>,
    /// All deals, as they are analysed.
    analysis: analysis::Memory,
    /// How they stood on the past days that were asked for lately.
    past: analysis::Past,
    /// The courses that they took.
    courses: analysis::Courses,
}

/// From where a call came, with the token that it turned out to come with.
fn came(origin: &Origin, attempt: &Mutex<Attempt>) -> Origin {
    origin.through(attempt.lock().unwrap_or_else(PoisonError::into_inner).token.as_deref())
}

/// Whoever asks, with what he has shown.
struct Asker {
    who: Who,
    csrf: Option<String>,
    proof: Proof,
}

/// Makes ids.
pub struct Ids {
    /// The one made last: those of one millisecond ascend, so that what is saved together stays in its order.
    last: Mutex<Id>,
    /// Tests count instead of throwing dice.
    counter: Option<AtomicU64>,
}

impl Ids {
    /// Ids that count.
    pub(crate) fn counting() -> Ids {
        Ids { last: Mutex::new(Id::SYSTEM), counter: Some(AtomicU64::new(1)) }
    }

    /// The next id at an instant.
    pub fn next(&self, at: Instant) -> Id {
        let millis = u64::try_from(at.0 / 1000).unwrap_or(0);
        let Some(counter) = &self.counter else {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let above = if last.millis() == millis { last.following(rand::random()) } else { None };
            *last = above.unwrap_or_else(|| Id::from_parts(millis, rand::random()));
            return *last;
        };
        let n = counter.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&n);
        Id::from_parts(millis, bytes)
    }
}

impl House {
    /// Brings the database up to date, installs what the product ships, and opens the door.
    pub fn open(db: Db) -> Result<House> {
        House::with_ids(db, Ids { last: Mutex::new(Id::SYSTEM), counter: None })
    }

    /// As [`House::open`], with ids that count: for tests that compare whole answers.
    pub fn counting(db: Db) -> Result<House> {
        House::with_ids(db, Ids::counting())
    }

    fn with_ids(db: Db, ids: Ids) -> Result<House> {
        db.migrate()?;
        meta::install(&db)?;
        calendars::install(&db)?;
        views::install(&db)?;
        duplicates::install(&db)?;
        let meta = db.read::<_, Error>(Meta::load)?;
        search::fill(&db, &meta.schema)?;
        totals::fill(&db, &meta.schema)?;
        let house = House {
            db,
            meta: Mutex::new(Arc::new(meta)),
            people: Mutex::new((0, HashMap::new())),
            seen: Mutex::default(),
            ids: Arc::new(ids),
            origins: Origins::default(),
            refusals: Refusals::default(),
            own_mail: OnceLock::new(),
            directory: OnceLock::new(),
            analysis: analysis::Memory::default(),
            past: analysis::Past::default(),
            courses: analysis::Courses::default(),
        };
        objects::resume(&house)?;
        duplicates::index::keep_up(&house)?;
        Ok(house)
    }

    /// All deals, as they are analysed.
    pub fn analysis(&self) -> &analysis::Memory {
        &self.analysis
    }

    /// How deals stood on past days.
    pub fn past(&self) -> &analysis::Past {
        &self.past
    }

    /// The courses of all deals, from which is learnt what is to come.
    pub fn courses(&self) -> &analysis::Courses {
        &self.courses
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Keeps the contents of files in a directory from now on. To be said before anybody asks.
    pub fn keep_files_in(&self, directory: files::Directory) {
        let _ = self.directory.set(directory);
    }

    /// The directory of files, where there is one.
    pub fn directory(&self) -> Option<&files::Directory> {
        self.directory.get()
    }

    /// True when files lie in a directory: then one has to be named.
    pub fn needs_directory(&self) -> Result<bool> {
        self.db.read::<_, Error>(|tx| Ok(!files::beside(tx)?.is_empty()))
    }

    /// A new id, of no transaction.
    pub(crate) fn new_id(&self) -> Id {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        self.ids.next(Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
    }

    /// Sends e-mail as the server's configuration says, whatever is chosen on screen. To be said before anybody asks.
    pub fn send_mail_by(&self, own: mail::Own) -> Result<()> {
        let _ = self.own_mail.set(own.clone());
        let mut loaded = self.db.read::<_, Error>(Meta::load)?;
        loaded.mail = Some(mail::Way::own(&own));
        *self.meta.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded);
        Ok(())
    }

    /// The metadata as it was last seen; for drawing only, since a transaction has its own.
    pub fn meta(&self) -> Arc<Meta> {
        self.meta.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads as the caller of `credential`, in one snapshot.
    pub fn read<T>(&self, credential: &Credential, limits: Limits, f: impl FnMut(&Ctx, &mut Read) -> Result<T>) -> Result<T> {
        self.read_from(credential, limits, Via::Api, f)
    }

    /// As [`House::read`], telling from where it is asked: what is refused is kept with it.
    pub fn read_from<T>(
        &self,
        credential: &Credential,
        limits: Limits,
        origin: impl Into<Origin>,
        mut f: impl FnMut(&Ctx, &mut Read) -> Result<T>,
    ) -> Result<T> {
        let (origin, attempt) = (origin.into(), Arc::default());
        let done = self.db.read_with(limits, |tx| {
            let cx = self.ctx(tx, credential, &origin, &attempt, false)?;
            f(&cx, tx)
        });
        if let Err(error) = &done {
            self.refused(&origin, &attempt, error);
        }
        done
    }

    /// Writes as the caller of `credential`. `f` may be run again when the database asks for it.
    pub fn write<T>(
        &self,
        credential: &Credential,
        limits: Limits,
        origin: impl Into<Origin>,
        mut f: impl FnMut(&Ctx, &mut Write) -> Result<T>,
    ) -> Result<T> {
        let (origin, attempt) = (origin.into(), Arc::default());
        let done = self.db.write_with(limits, |tx| {
            let cx = self.ctx(tx, credential, &origin, &attempt, true)?;
            tx.follow(cx.meta.followed.clone());
            f(&cx, tx)
        });
        match &done {
            // What was done is done, whether or not it can be told at once from where.
            Ok(_) => self
                .origins
                .remember(&self.db, &came(&origin, &attempt))
                .unwrap_or_else(|error| tracing::warn!(%error, "an origin has to wait")),
            Err(error) => self.refused(&origin, &attempt, error),
        }
        done
    }

    /// Adds to the trace what the caller is about to read, as when he takes a list away: a request that changes nothing, so it need not carry
    /// what a write must.
    pub fn note(
        &self,
        credential: &Credential,
        limits: Limits,
        origin: impl Into<Origin>,
        mut f: impl FnMut(&Ctx) -> Result<Note>,
    ) -> Result<()> {
        let (origin, attempt) = (origin.into(), Arc::default());
        self.db.write_with(limits, |tx| {
            let cx = self.ctx(tx, credential, &origin, &attempt, false)?;
            let told = f(&cx)?;
            audit::note(&cx, tx, told)
        })?;
        self.origins.remember(&self.db, &came(&origin, &attempt))
    }

    /// Keeps a refusal. The answer is the refusal itself, whatever becomes of its trace.
    fn refused(&self, origin: &Origin, attempt: &Mutex<Attempt>, error: &Error) {
        let origin = came(origin, attempt);
        let attempt = attempt.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let kept = self.refusals.keep(&self.db, &self.ids, &origin, attempt, error);
        if let Err(fault) = kept.and_then(|()| self.origins.remember(&self.db, &origin)) {
            tracing::error!(%fault, "a refused act could not be kept");
        }
    }

    /// Writes down how often was refused what was refused again and again.
    pub(crate) fn settle_refusals(&self, now: Instant) -> Result<()> {
        self.refusals.settle(&self.db, &self.ids, now)
    }

    fn ctx(&self, tx: &mut Read, credential: &Credential, origin: &Origin, attempt: &Arc<Mutex<Attempt>>, writes: bool) -> Result<Ctx> {
        let meta = self.fresh_meta(tx)?;
        let at = tx.now();
        let Asker { who, csrf, proof } = self.asker(tx, &meta, credential, writes, at)?;
        if who.system.is_none() {
            db::watch::works_for(who.id);
        }
        // A transaction that is run again begins anew.
        *attempt.lock().unwrap_or_else(PoisonError::into_inner) =
            Attempt { by: who.system.is_none().then_some(who.id), at: Some(at), token: proof.token.clone(), ..Attempt::default() };
        Ok(Ctx {
            meta,
            who,
            via: origin.via,
            origin: origin.through(proof.token.as_deref()).id(),
            at,
            csrf,
            proof,
            accepted: Arc::default(),
            tried: None,
            part_of: None,
            takes_back: false,
            remembered: None,
            ids: self.ids.clone(),
            attempt: attempt.clone(),
        })
    }

    /// The metadata of this transaction: the warm one when its version matches, else loaded in the transaction.
    fn fresh_meta(&self, tx: &mut Read) -> Result<Arc<Meta>> {
        let warm = self.meta();
        if warm.version == tx.meta_version() {
            return Ok(warm);
        }
        let mut loaded = Meta::load(tx)?;
        if let Some(own) = self.own_mail.get() {
            loaded.mail = Some(mail::Way::own(own));
        }
        let loaded = Arc::new(loaded);
        let mut slot = self.meta.lock().unwrap_or_else(PoisonError::into_inner);
        // A slower transaction may see an older version; the newest stays warm.
        if loaded.version > slot.version {
            *slot = loaded.clone();
        }
        Ok(loaded)
    }

    fn asker(&self, tx: &mut Read, meta: &Meta, credential: &Credential, writes: bool, at: Instant) -> Result<Asker> {
        let (purpose, credential) = match credential {
            Credential::For(purpose, inner) => (Some(*purpose), &**inner),
            plain => (None, plain),
        };
        let refused = Error::Unauthenticated;
        let of = |who: Who| Asker { who, csrf: None, proof: Proof::default() };
        match credential {
            Credential::System(why) => Ok(of(identity::system(meta, why))),
            Credential::Nobody | Credential::For(..) => Err(refused("auth.required")),
            Credential::Person(id) => Ok(of(self.who(tx, meta, *id)?)),
            Credential::Session { token, csrf } => {
                let session = identity::session(tx, &meta.sign_in, token, at)?;
                if writes && csrf.as_deref() != Some(session.csrf.as_str()) {
                    return Err(refused("auth.csrf"));
                }
                let who = self.who(tx, meta, session.person)?;
                let must_enrol = session.must_enrol(&meta.sign_in, who.rights.administrator);
                if must_enrol && purpose != Some(Purpose::Enrolling) {
                    return Err(refused("auth.second_factor_required"));
                }
                if session.stale && purpose != Some(Purpose::Listening) {
                    self.seen.lock().unwrap_or_else(PoisonError::into_inner).session(session.id, at);
                }
                let proof = Proof {
                    session: Some(session.id),
                    since: Some(session.created_at),
                    by_provider: session.how == How::Provider.key(),
                    must_enrol,
                    ..Proof::default()
                };
                Ok(Asker { who, csrf: Some(session.csrf), proof })
            }
            Credential::Token(token) => {
                let token = identity::token(tx, token, at)?;
                if writes && token.scopes.as_ref().is_some_and(|scopes| !scopes.write_something()) {
                    return Err(refused("auth.scope"));
                }
                // The person is shared by all that he asks with; what limits a token is laid over a copy.
                let mut who = self.who(tx, meta, token.person)?;
                let scopes = token.scopes.map(Arc::new);
                if let Some(scopes) = &scopes {
                    who.rights = who.rights.within(scopes.clone());
                }
                if token.stale && purpose != Some(Purpose::Listening) {
                    self.seen.lock().unwrap_or_else(PoisonError::into_inner).token(token.id, at);
                }
                let token = Some(Arc::from(token.name.as_str()));
                Ok(Asker { who, csrf: None, proof: Proof { scopes, token, ..Proof::default() } })
            }
        }
    }

    /// What was used since this was asked last.
    pub(crate) fn take_seen(&self) -> Seen {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn who(&self, tx: &mut Read, meta: &Meta, id: Id) -> Result<Who> {
        {
            let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
            if people.0 == meta.version
                && let Some(who) = people.1.get(&id)
            {
                return Ok(who.clone());
            }
        }
        let who = identity::load_who(tx, meta, id)?;
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if people.0 < meta.version {
            *people = (meta.version, HashMap::new());
        }
        if people.0 == meta.version {
            people.1.insert(id, who.clone());
        }
        Ok(who)
    }
}
