//! Browser sessions: begun, looked at, listed, ended.

use std::collections::HashMap;

use db::{Limits, Read, Write};
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value as Json, json};

use super::settings::SignIn;
use super::{agent, digest, secret};
use crate::audit::{self, Note, Origin};
use crate::{Credential, Ctx, Error, House, Result};

/// How old the mark of last use may grow before it is written again, in seconds.
const SEEN_EVERY: i64 = 120;

/// A session that has just begun: the secrets are told this once.
#[derive(Debug)]
pub struct SignedIn {
    pub token: String,
    pub csrf: String,
    pub person: Id,
    /// Seconds that the cookie should live.
    pub max_age: i64,
}

/// How somebody has shown who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Password,
    SecondFactor,
    RecoveryCode,
    Provider,
}

impl How {
    /// As it is stored and shown.
    pub fn key(self) -> &'static str {
        match self {
            How::Password => "password",
            How::SecondFactor => "second_factor",
            How::RecoveryCode => "recovery_code",
            How::Provider => "provider",
        }
    }
}

/// A running session.
pub struct Session {
    pub id: Id,
    pub person: Id,
    pub csrf: String,
    pub how: String,
    pub created_at: Instant,
    /// The mark of last use is old enough to be written anew.
    pub stale: bool,
    pub has_second_factor: bool,
}

impl Session {
    /// True when its person must set up a second factor first. Whoever comes by the provider has shown there what is asked of him,
    /// unless ours is asked for besides.
    pub fn must_enrol(&self, settings: &SignIn, administrator: bool) -> bool {
        let asked = settings.second_factor.of(administrator) && !self.has_second_factor;
        asked && (self.how != How::Provider.key() || settings.active_provider().is_some_and(|provider| provider.ask_second_factor))
    }
}

/// What was used when, kept in memory until it is written down together: no request writes for the mark alone.
#[derive(Default)]
pub struct Seen {
    sessions: HashMap<Id, Instant>,
    tokens: HashMap<Id, Instant>,
}

impl Seen {
    /// Notes that a session was used.
    pub fn session(&mut self, id: Id, at: Instant) {
        self.sessions.insert(id, at);
    }

    /// Notes that a token was used.
    pub fn token(&mut self, id: Id, at: Instant) {
        self.tokens.insert(id, at);
    }
}

/// True when a mark of last use is old enough to be written anew.
pub(crate) fn is_stale(marked: i64, at: Instant) -> bool {
    at.0 - marked >= SEEN_EVERY * 1_000_000
}

/// Writes down what was used lately. Any server does so for what it has seen.
pub fn keep_seen(house: &House) -> Result<usize> {
    let seen = house.take_seen();
    let count = seen.sessions.len() + seen.tokens.len();
    if count == 0 {
        return Ok(0);
    }
    house.write(&Credential::System("to note what is used"), Limits::default(), Via::System, |_, tx| {
        for (table, column, marks) in [("session", "last_seen_at", &seen.sessions), ("token", "last_used_at", &seen.tokens)] {
            // In one order on every server.
            let mut marks: Vec<(&Id, &Instant)> = marks.iter().collect();
            marks.sort_unstable();
            for (id, at) in marks {
                tx.execute(Query::update().table(table).value(column, at.0).and_where(Expr::col("id").eq(id.0)))?;
            }
        }
        Ok(())
    })?;
    Ok(count)
}

/// The session of a cookie; refused when it is unknown or over. What is settled now holds for sessions that began before.
pub fn session(tx: &mut Read, settings: &SignIn, token: &str, at: Instant) -> Result<Session> {
    let idle = settings.sessions.idle_minutes.map_or(i64::MIN, |minutes| at.plus_seconds(-minutes * 60).0);
    let has_second_factor = Query::select()
        .expr(Expr::val(1_i64))
        .from("second_factor")
        .and_where(Expr::col(("second_factor", "person")).equals(("session", "person")))
        .and_where(Expr::col("confirmed_at").is_not_null())
        .to_owned();
    let row = tx
        .optional(
            Query::select()
                .columns(["id", "person", "csrf", "how", "created_at", "last_seen_at"])
                .expr_as(Expr::case(Expr::exists(has_second_factor), 1_i64).finally(0_i64), "has_second_factor")
                .from("session")
                .and_where(Expr::col("token_hash").eq(digest(token)))
                .and_where(Expr::col("expires_at").gt(at.0))
                .and_where(Expr::col("created_at").gt(at.plus_seconds(-settings.sessions.hours * 3_600).0))
                .and_where(Expr::col("last_seen_at").gt(idle)),
        )?
        .ok_or(Error::Unauthenticated("auth.required"))?;
    Ok(Session {
        id: row.get("id")?,
        person: row.get("person")?,
        csrf: row.get("csrf")?,
        how: row.get("how")?,
        created_at: Instant(row.get("created_at")?),
        stale: is_stale(row.get("last_seen_at")?, at),
        has_second_factor: row.get::<i64>("has_second_factor")? == 1,
    })
}

/// Begins a session.
pub(crate) fn begin(cx: &Ctx, tx: &mut Write, person: Id, how: How, origin: &Origin) -> Result<SignedIn> {
    let (token, csrf) = (secret(), secret());
    let max_age = cx.meta.sign_in.sessions.hours * 3_600;
    let short = |text: &str, most: usize| text.chars().filter(|c| *c != '\0').take(most).collect::<String>();
    tx.execute(Query::delete().from_table("session").and_where(Expr::col("expires_at").lte(cx.at.0)))?;
    tx.execute(
        Query::insert()
            .into_table("session")
            .columns(["token_hash", "id", "person", "csrf", "how", "address", "agent", "created_at", "last_seen_at", "expires_at"])
            .values_panic([
                digest(&token).into(),
                cx.new_id().0.into(),
                person.0.into(),
                csrf.as_str().into(),
                how.key().into(),
                short(origin.address(), 60).into(),
                short(origin.agent(), 300).into(),
                cx.at.0.into(),
                cx.at.0.into(),
                cx.at.plus_seconds(max_age).0.into(),
            ]),
    )?;
    let name = super::name_of(cx, tx, person)?;
    audit::note(
        cx,
        tx,
        Note::new("sign_in", "person").record("employee", person).subject(name).by(person).detail(json!({"how": how.key()})),
    )?;
    Ok(SignedIn { token, csrf, person, max_age })
}

/// Ends a session. One that is not there is ended already.
pub fn sign_out(house: &House, limits: Limits, token: &str, origin: &Origin) -> Result<()> {
    house.write(&Credential::System("to sign somebody out"), limits, origin, |cx, tx| {
        let ended =
            Query::delete().from_table("session").and_where(Expr::col("token_hash").eq(digest(token))).returning_col("person").to_owned();
        let Some(row) = tx.returning(ended)?.into_iter().next() else { return Ok(()) };
        let person: Id = row.get("person")?;
        let name = super::name_of(cx, tx, person)?;
        audit::note(cx, tx, Note::new("sign_out", "person").record("employee", person).subject(name).by(person))
    })
}

/// One's own sessions, the one used last first.
pub fn sessions(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.as_oneself()?;
    Ok(json!({"items": of_person(cx, tx, cx.who.id)?}))
}

/// A person's sessions that still hold.
pub(crate) fn of_person(cx: &Ctx, tx: &mut Read, person: Id) -> Result<Vec<Json>> {
    let settings = &cx.meta.sign_in.sessions;
    let idle = settings.idle_minutes.map_or(i64::MIN, |minutes| cx.at.plus_seconds(-minutes * 60).0);
    let rows = tx.all(
        Query::select()
            .columns(["id", "how", "address", "agent", "created_at", "last_seen_at", "expires_at"])
            .from("session")
            .and_where(Expr::col("person").eq(person.0))
            .and_where(Expr::col("expires_at").gt(cx.at.0))
            .and_where(Expr::col("created_at").gt(cx.at.plus_seconds(-settings.hours * 3_600).0))
            .and_where(Expr::col("last_seen_at").gt(idle))
            .order_by("last_seen_at", Order::Desc)
            .order_by("id", Order::Desc),
    )?;
    rows.iter()
        .map(|row| {
            let id: Id = row.get("id")?;
            let name: String = row.get("agent")?;
            let agent = agent::of(&name);
            let ends = Ord::min(row.get::<i64>("expires_at")?, row.get::<i64>("created_at")? + settings.hours * 3_600_000_000);
            Ok(json!({
                "id": id.to_string(), "device": agent.device, "browser": agent.browser, "system": agent.system, "agent": name,
                "address": row.get::<String>("address")?, "how": row.get::<String>("how")?,
                "signed_in_at": Instant(row.get("created_at")?).to_string(), "last_seen_at": Instant(row.get("last_seen_at")?).to_string(),
                "expires_at": Instant(ends).to_string(), "this": cx.proof.session == Some(id),
            }))
        })
        .collect()
}

/// Ends one of one's own sessions.
pub fn end_session(cx: &Ctx, tx: &mut Write, id: Id) -> Result<()> {
    cx.as_oneself()?;
    end_one(cx, tx, cx.who.id, id)
}

/// Ends one's own sessions but this one.
pub fn end_other_sessions(cx: &Ctx, tx: &mut Write) -> Result<()> {
    cx.as_oneself()?;
    end_all(cx, tx, cx.who.id, cx.proof.session)?;
    Ok(())
}

/// Ends one session of a person.
pub(crate) fn end_one(cx: &Ctx, tx: &mut Write, person: Id, id: Id) -> Result<()> {
    let gone =
        tx.execute(Query::delete().from_table("session").and_where(Expr::col("id").eq(id.0)).and_where(Expr::col("person").eq(person.0)))?;
    if gone == 0 {
        return Err(Error::NotFound);
    }
    ended(cx, tx, person, 1)
}

fn ended(cx: &Ctx, tx: &mut Write, person: Id, sessions: u64) -> Result<()> {
    let name = super::name_of(cx, tx, person)?;
    audit::note(cx, tx, Note::new("end_sessions", "person").record("employee", person).subject(name).detail(json!({"sessions": sessions})))
}

/// Ends a person's sessions, all or all but one.
pub(crate) fn end_all(cx: &Ctx, tx: &mut Write, person: Id, but: Option<Id>) -> Result<u64> {
    let mut delete = Query::delete().from_table("session").and_where(Expr::col("person").eq(person.0)).to_owned();
    if let Some(kept) = but {
        delete.and_where(Expr::col("id").ne(kept.0));
    }
    // Whoever is between password and code begins anew as well.
    tx.execute(Query::delete().from_table("pending_sign_in").and_where(Expr::col("person").eq(person.0)))?;
    let gone = tx.execute(delete)?;
    if gone > 0 {
        ended(cx, tx, person, gone)?;
    }
    Ok(gone)
}
