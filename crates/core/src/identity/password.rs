//! Passwords: argon2id, never in a transaction while hashing.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use db::Write;
use model::{Id, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;

use crate::audit::{self, Note};
use crate::{Credential, Ctx, Error, House, Result};

/// Shortest password.
const MIN_LENGTH: usize = 10;

/// `POST /me/password`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

/// The argon2id hash of a password; refused when it is too short or too long.
pub fn hash_password(password: &str) -> Result<String> {
    if password.chars().count() < MIN_LENGTH {
        return Err(Violation::new("field.too_short", "password").with("min", MIN_LENGTH).into());
    }
    if password.len() > 1024 {
        return Err(Violation::new("field.too_long", "password").with("max", 1024).into());
    }
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| Error::Internal(e.to_string()))
}

/// True when the password belongs to the hash. Without a hash the same work is done, so that an unknown e-mail takes as long.
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    // Hash of a secret nobody knows, with the default parameters.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3RhZ2VjcmFmdC1ub2JvZHk$Y2Fubm90LW1hdGNoLWFueXRoaW5nLWF0LWFsbC0wMDA";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    let matches = parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    matches && hash.is_some()
}

/// Changes one's own password and ends one's other sessions.
pub fn change_password(house: &House, credential: &Credential, limits: db::Limits, change: &ChangePassword) -> Result<()> {
    let (person, stored) = house.read(credential, limits.clone(), |cx, tx| Ok((cx.who.id, stored_hash(tx, cx.who.id)?)))?;
    if !verify(&change.current, stored.as_deref()) {
        return Err(Violation::new("auth.wrong_password", "current").into());
    }
    let hash = hash_password(&change.new).map_err(|e| at_field(e, "new"))?;
    let keep = match credential {
        Credential::Session { token, .. } => super::digest(token),
        _ => String::new(),
    };
    house.write(credential, limits, model::Via::Screen, |cx, tx| {
        put(cx, tx, person, &hash)?;
        tx.execute(
            Query::delete()
                .from_table("session")
                .and_where(Expr::col("person").eq(person.0))
                .and_where(Expr::col("token_hash").ne(keep.as_str())),
        )?;
        audit::note(cx, tx, Note::new("change_password", "person").record("employee", person).subject(cx.who.name.as_str()))
    })
}

/// Lets a person sign in with a password; administrators only. `hash` comes from [`hash_password`], made outside the transaction.
pub fn set_password(cx: &Ctx, tx: &mut Write, person: Id, hash: &str) -> Result<()> {
    cx.administrators_only("set_password", "employee")?;
    set_password_of(cx, tx, person, hash)
}

/// As [`set_password`], for set-up and the command line.
pub fn set_password_of(cx: &Ctx, tx: &mut Write, person: Id, hash: &str) -> Result<()> {
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = db::records::load(tx, &cx.meta.schema, employee, &db::records::Scope::All("to set a password"), &[person])?;
    let record = found.first().ok_or(Error::NotFound)?;
    if record.text("email").is_empty() {
        return Err(Violation::new("field.required", "email").into());
    }
    put(cx, tx, person, hash)?;
    tx.execute(Query::delete().from_table("session").and_where(Expr::col("person").eq(person.0)))?;
    audit::note(cx, tx, Note::new("set_password", "person").record("employee", person).subject(record.text("name")))
}

fn put(cx: &Ctx, tx: &mut Write, person: Id, hash: &str) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("credential")
            .columns(["person", "password_hash", "failed", "locked_until", "changed_at"])
            .values_panic([person.0.into(), hash.into(), 0_i64.into(), 0_i64.into(), cx.at.0.into()])
            .on_conflict(OnConflict::column("person").update_columns(["password_hash", "failed", "locked_until", "changed_at"]).to_owned()),
    )?;
    Ok(())
}

pub(crate) fn stored_hash(tx: &mut db::Read, person: Id) -> Result<Option<String>> {
    let row = tx.optional(Query::select().column("password_hash").from("credential").and_where(Expr::col("person").eq(person.0)))?;
    Ok(row.map(|row| row.get::<String>("password_hash")).transpose()?)
}

fn at_field(error: Error, field: &str) -> Error {
    match error {
        Error::Invalid(list) => Error::Invalid(
            list.into_iter()
                .map(|mut v| {
                    v.path = field.to_owned();
                    v
                })
                .collect(),
        ),
        other => other,
    }
}
