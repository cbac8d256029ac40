//! Browser sessions.

use db::{Limits, Read, Write};
use model::{Id, Instant, Via};
use sea_query::{Expr, ExprTrait, Query};

use super::{digest, password, secret};
use crate::{Credential, Error, House, Result};

/// How long a session lasts.
const DAYS: i64 = 14;
/// Wrong passwords in a row before an account rests.
const MAX_FAILED: i64 = 8;
/// How long it rests, in seconds.
const REST: i64 = 300;

/// A session that has just begun: the secrets are told this once.
#[derive(Debug)]
pub struct SignedIn {
    pub token: String,
    pub csrf: String,
    pub person: Id,
    /// Seconds that the cookie should live.
    pub max_age: i64,
}

/// A running session.
pub struct Session {
    pub person: Id,
    pub csrf: String,
}

/// The session of a cookie; refused when it is unknown or over.
pub fn session(tx: &mut Read, token: &str, at: Instant) -> Result<Session> {
    let row = tx
        .optional(
            Query::select()
                .columns(["person", "csrf"])
                .from("session")
                .and_where(Expr::col("token_hash").eq(digest(token)))
                .and_where(Expr::col("expires_at").gt(at.0)),
        )?
        .ok_or(Error::Unauthenticated("auth.required"))?;
    Ok(Session { person: row.get("person")?, csrf: row.get("csrf")? })
}

/// Signs a person in. An unknown e-mail, a wrong password and a person who may not sign in answer the same and take as long.
pub fn sign_in(house: &House, limits: Limits, email: &str, password: &str, agent: &str) -> Result<SignedIn> {
    let system = Credential::System("to sign somebody in");
    let found = house.read(&system, limits.clone(), |cx, tx| {
        let Some(employee) = cx.meta.schema.object("employee").filter(|_| model::text::storable(email)) else { return Ok(None) };
        let ids = db::records::find_by(tx, employee, "email", &[email.into()])?;
        let Some((_, id)) = ids.into_iter().next() else { return Ok(None) };
        let row = tx.optional(
            Query::select().columns(["password_hash", "locked_until"]).from("credential").and_where(Expr::col("person").eq(id.0)),
        )?;
        let Some(row) = row else { return Ok(None) };
        let rest = (row.get::<i64>("locked_until")? - cx.at.0) / 1_000_000;
        if rest > 0 {
            return Err(Error::TooMany { code: "auth.too_many", retry_after: rest.unsigned_abs() + 1 });
        }
        Ok(Some((id, row.get::<String>("password_hash")?)))
    })?;
    let right = password::verify(password, found.as_ref().map(|(_, hash)| hash.as_str()));
    let Some((person, _)) = found else { return Err(Error::Unauthenticated("auth.wrong_password")) };
    house
        .write(&system, limits, Via::Screen, |cx, tx| {
            if !right {
                let row = tx.optional(Query::select().column("failed").from("credential").and_where(Expr::col("person").eq(person.0)))?;
                let failed = row.map(|r| r.get::<i64>("failed")).transpose()?.unwrap_or(0) + 1;
                let (failed, until) = if failed >= MAX_FAILED { (0, cx.at.plus_seconds(REST).0) } else { (failed, 0) };
                tx.execute(
                    Query::update()
                        .table("credential")
                        .value("failed", failed)
                        .value("locked_until", until)
                        .and_where(Expr::col("person").eq(person.0)),
                )?;
                return Ok(None);
            }
            // Also refuses those who are no longer active.
            if super::load_who(tx, &cx.meta, person).is_err() {
                return Ok(None);
            }
            tx.execute(Query::update().table("credential").value("failed", 0_i64).and_where(Expr::col("person").eq(person.0)))?;
            begin(tx, cx.at, person, agent).map(Some)
        })?
        .ok_or(Error::Unauthenticated("auth.wrong_password"))
}

/// Begins a session.
pub(crate) fn begin(tx: &mut Write, at: Instant, person: Id, agent: &str) -> Result<SignedIn> {
    let (token, csrf) = (secret(), secret());
    let max_age = DAYS * 86_400;
    tx.execute(Query::delete().from_table("session").and_where(Expr::col("expires_at").lte(at.0)))?;
    tx.execute(
        Query::insert()
            .into_table("session")
            .columns(["token_hash", "person", "csrf", "created_at", "last_seen_at", "expires_at", "agent"])
            .values_panic([
                digest(&token).into(),
                person.0.into(),
                csrf.as_str().into(),
                at.0.into(),
                at.0.into(),
                at.plus_seconds(max_age).0.into(),
                agent.chars().take(200).collect::<String>().into(),
            ]),
    )?;
    Ok(SignedIn { token, csrf, person, max_age })
}

/// Ends a session. One that is not there is ended already.
pub fn sign_out(house: &House, limits: Limits, token: &str) -> Result<()> {
    house.write(&Credential::System("to sign somebody out"), limits, Via::Screen, |_, tx| {
        tx.execute(Query::delete().from_table("session").and_where(Expr::col("token_hash").eq(digest(token))))?;
        Ok(())
    })
}
