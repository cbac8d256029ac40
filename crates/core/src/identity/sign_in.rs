//! Signing in: by password, then by code where there is a second factor.

use db::{Limits, Write};
use model::Id;
use sea_query::{Expr, ExprTrait, Query};

use super::session::{How, SignedIn, begin};
use super::{digest, lock_out, password, second_factor, secret};
use crate::audit::{self, Note, Origin};
use crate::{Credential, Ctx, Error, House, Result};

/// Seconds between the password and the code.
const PATIENCE: i64 = 300;

/// What became of a sign-in.
#[derive(Debug)]
pub enum Entered {
    SignedIn(SignedIn),
    /// The code of the second factor is still to come.
    CodeNeeded(Pending),
}

/// A sign-in of which the first half is done.
#[derive(Debug)]
pub struct Pending {
    pub token: String,
    /// Seconds that the cookie should live.
    pub max_age: i64,
}

const SYSTEM: Credential = Credential::System("to sign somebody in");

/// Signs a person in. An unknown e-mail, a wrong password and a person who may not sign in answer the same and take as long.
pub fn sign_in(house: &House, limits: Limits, email: &str, password: &str, origin: &Origin) -> Result<Entered> {
    let found = house.read(&SYSTEM, limits.clone(), |cx, tx| {
        if !cx.meta.sign_in.passwords.allowed {
            return Err(Error::Unauthenticated("auth.passwords_off"));
        }
        let Some(employee) = cx.meta.schema.object("employee").filter(|_| model::text::storable(email)) else { return Ok(None) };
        let ids = db::records::find_by(tx, employee, "email", &[email.into()])?;
        let Some((_, id)) = ids.into_iter().next() else { return Ok(None) };
        let Some(hash) = password::stored_hash(tx, id)? else { return Ok(None) };
        lock_out::refuse_resting(cx, tx, id)?;
        Ok(Some((id, hash)))
    })?;
    let right = password::verify(password, found.as_ref().map(|(_, hash)| hash.as_str()));
    let Some((person, _)) = found else { return Err(Error::Unauthenticated("auth.wrong_password")) };
    house
        .write(&SYSTEM, limits, origin, |cx, tx| {
            lock_out::in_turn(tx, person)?;
            lock_out::refuse_resting(cx, tx, person)?;
            if !right {
                lock_out::failed(cx, tx, person, "auth.wrong_password")?;
                return Ok(None);
            }
            // Also refuses those who are no longer active.
            if super::load_who(tx, &cx.meta, person).is_err() {
                let name = super::name_of(cx, tx, person)?;
                let told = Note::new("sign_in", "person").record("employee", person).subject(name);
                audit::note(cx, tx, told.refused("auth.person_inactive"))?;
                return Ok(None);
            }
            let pending = second_factor::is_on(tx, person)?;
            enter(cx, tx, person, How::Password, pending, origin).map(Some)
        })?
        .ok_or(Error::Unauthenticated("auth.wrong_password"))
}

/// Begins a session, or waits for the code.
pub(super) fn enter(cx: &Ctx, tx: &mut Write, person: Id, how: How, code_needed: bool, origin: &Origin) -> Result<Entered> {
    tx.execute(Query::delete().from_table("pending_sign_in").and_where(Expr::col("expires_at").lte(cx.at.0)))?;
    if !code_needed {
        lock_out::clear(tx, person)?;
        return begin(cx, tx, person, how, origin).map(Entered::SignedIn);
    }
    let token = secret();
    tx.execute(Query::insert().into_table("pending_sign_in").columns(["token_hash", "person", "how", "expires_at"]).values_panic([
        digest(&token).into(),
        person.0.into(),
        how.key().into(),
        cx.at.plus_seconds(PATIENCE).0.into(),
    ]))?;
    Ok(Entered::CodeNeeded(Pending { token, max_age: PATIENCE }))
}

/// The second half: a code of the app, or a recovery code, which is used up by it. Failures count as those of passwords do.
pub fn sign_in_by_code(house: &House, limits: Limits, pending: &str, code: &str, origin: &Origin) -> Result<SignedIn> {
    house
        .write(&SYSTEM, limits, origin, |cx, tx| {
            let expired = || Error::Unauthenticated("auth.sign_in_expired");
            let row = tx
                .optional(
                    Query::select()
                        .column("person")
                        .from("pending_sign_in")
                        .and_where(Expr::col("token_hash").eq(digest(pending)))
                        .and_where(Expr::col("expires_at").gt(cx.at.0)),
                )?
                .ok_or_else(expired)?;
            let person: Id = row.get("person")?;
            lock_out::in_turn(tx, person)?;
            lock_out::refuse_resting(cx, tx, person)?;
            if super::load_who(tx, &cx.meta, person).is_err() {
                return Err(expired());
            }
            let Some(how) = second_factor::take(cx, tx, person, code)? else {
                lock_out::failed(cx, tx, person, "auth.wrong_code")?;
                return Ok(None);
            };
            // One sign-in becomes one session, however often it is sent.
            if tx.execute(Query::delete().from_table("pending_sign_in").and_where(Expr::col("token_hash").eq(digest(pending))))? == 0 {
                return Err(expired());
            }
            lock_out::clear(tx, person)?;
            begin(cx, tx, person, how, origin).map(Some)
        })?
        .ok_or(Error::Unauthenticated("auth.wrong_code"))
}
