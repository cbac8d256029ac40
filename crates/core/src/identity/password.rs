//! Passwords: what they must be, and argon2id, never in a transaction while hashing.

use std::collections::HashSet;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use db::{Limits, Read, Write};
use model::{Id, Via, Violation, Violations};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;

use super::settings::Passwords;
use super::{lock_out, session};
use crate::audit::{self, Note};
use crate::{Credential, Ctx, Error, House, Result};

/// No setting allows shorter ones.
const SHORTEST: usize = 8;
/// Seconds after signing in during which one need not show the password once more.
const FRESH: i64 = 600;

/// `POST /me/password`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

/// What is too common to be a secret: words without what stands around them, in small letters.
static COMMONEST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("commonest.txt").split_whitespace().collect());

/// What stands against a password under these settings; `name` and `email` are its owner's.
pub fn judge_password(settings: &Passwords, password: &str, name: &str, email: &str, path: &str) -> Violations {
    let mut found = Violations::new();
    if password.chars().count() < settings.min_length {
        found.push(Violation::new("field.too_short", path).with("min", settings.min_length));
    }
    if password.len() > 1024 {
        found.push(Violation::new("field.too_long", path).with("max", 1024));
    }
    if settings.refuse_guessable {
        if is_common(password) {
            found.push(Violation::new("password.common", path));
        }
        if is_personal(password, name, email) {
            found.push(Violation::new("password.personal", path));
        }
    }
    found
}

/// One of the commonest, also with signs for letters and with digits around it; few characters repeated; a run of neighbours.
fn is_common(password: &str) -> bool {
    let plain = password.trim().to_lowercase();
    let unmasked: String = plain.chars().map(unmask).collect();
    let kernel = |text: &str| text.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    let inner: String = kernel(&plain).chars().map(unmask).collect();
    let candidates = [plain.clone(), unmasked.clone(), kernel(&plain), kernel(&unmasked), inner, halved(&plain)];
    let different: HashSet<char> = plain.chars().collect();
    candidates.iter().any(|candidate| COMMONEST.contains(candidate.as_str())) || different.len() < 4 || is_run(&plain)
}

/// Letters that are often written as something else.
fn unmask(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// The half of a text that is twice the same.
fn halved(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (first, second) = letters.split_at(letters.len() / 2);
    if first == second { first.iter().collect() } else { String::new() }
}

/// Each character is the next, or the one before, of the one before it.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let next = |by: i64| {
        codes
            .windows(2)
            .all(|pair| pair[1] - pair[0] == by || (pair[0], pair[1], by) == (57, 48, 1) || (pair[0], pair[1], by) == (48, 57, -1))
    };
    codes.len() > 2 && (next(1) || next(-1))
}

/// A part of one's name or address stands in it.
fn is_personal(password: &str, name: &str, email: &str) -> bool {
    let password = password.to_lowercase();
    let local = email.split('@').next().unwrap_or("");
    let parts = [name, local].into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let telling = |part: &String| part.chars().count() >= 4 || (part.chars().count() >= 2 && !part.is_ascii());
    parts.map(str::to_lowercase).filter(telling).any(|part| password.contains(&part))
}

/// The argon2id hash of a password; refused when it is too short or too long under whatever settings.
pub fn hash_password(password: &str) -> Result<String> {
    let hard = Passwords { allowed: true, min_length: SHORTEST, refuse_guessable: false };
    let found = judge_password(&hard, password, "", "", "password");
    if !found.is_empty() {
        return Err(found.into());
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

/// Whoever has just signed in, and whoever has no password, need not show it once more; everybody else does, and failures count.
pub(crate) fn prove(house: &House, credential: &Credential, limits: Limits, typed: Option<&str>, path: &str, always: bool) -> Result<Id> {
    let (person, stored) = house.read(credential, limits.clone(), |cx, tx| {
        cx.as_oneself()?;
        lock_out::refuse_resting(cx, tx, cx.who.id)?;
        let fresh = cx.proof.since.is_some_and(|since| cx.at.0 - since.0 < FRESH * 1_000_000);
        let stored = if fresh && !always { None } else { stored_hash(tx, cx.who.id)? };
        Ok((cx.who.id, stored))
    })?;
    let Some(stored) = stored else { return if always { Err(Error::invalid("auth.wrong_password", path)) } else { Ok(person) } };
    let Some(typed) = typed.filter(|typed| !typed.is_empty()) else { return Err(Error::invalid("field.required", path)) };
    if verify(typed, Some(&stored)) {
        return Ok(person);
    }
    house.write(&Credential::System("to count a failure"), limits, Via::Screen, |cx, tx| {
        lock_out::in_turn(tx, person)?;
        lock_out::failed(cx, tx, person, "auth.wrong_password")
    })?;
    Err(Error::invalid("auth.wrong_password", path))
}

/// Changes one's own password and ends one's other sessions.
pub fn change_password(house: &House, credential: &Credential, limits: Limits, change: &ChangePassword) -> Result<()> {
    let person = prove(house, credential, limits.clone(), Some(&change.current), "current", true)?;
    house.read(credential, limits.clone(), |cx, _| {
        let found = judge_password(&cx.meta.sign_in.passwords, &change.new, &cx.who.name, &cx.who.email, "new");
        if found.is_empty() { Ok(()) } else { Err(found.into()) }
    })?;
    let hash = hash_password(&change.new)?;
    house.write(credential, limits, Via::Screen, |cx, tx| {
        put(cx, tx, person, &hash)?;
        session::end_all(cx, tx, person, cx.proof.session)?;
        audit::note(cx, tx, Note::new("change_password", "person").record("employee", person).subject(cx.who.name.as_str()))
    })
}

/// Whether an administrator may give a person this password; before the work of hashing it.
pub fn may_set_password(cx: &Ctx, tx: &mut Read, person: Id, password: &str) -> Result<()> {
    cx.administrators_only("set_password", "employee")?;
    let employee = cx.meta.schema.object("employee").ok_or(Error::NotFound)?;
    let found = db::records::load(tx, &cx.meta.schema, employee, &db::records::Scope::All("to judge a password"), &[person])?;
    let record = found.first().ok_or(Error::NotFound)?;
    let found = judge_password(&cx.meta.sign_in.passwords, password, record.text("name"), record.text("email"), "password");
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
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
    lock_out::clear(tx, person)?;
    session::end_all(cx, tx, person, None)?;
    audit::note(cx, tx, Note::new("set_password", "person").record("employee", person).subject(record.text("name")))
}

fn put(cx: &Ctx, tx: &mut Write, person: Id, hash: &str) -> Result<()> {
    tx.execute(
        Query::insert()
            .into_table("credential")
            .columns(["person", "password_hash", "changed_at"])
            .values_panic([person.0.into(), hash.into(), cx.at.0.into()])
            .on_conflict(OnConflict::column("person").update_columns(["password_hash", "changed_at"]).to_owned()),
    )?;
    Ok(())
}

pub(crate) fn stored_hash(tx: &mut Read, person: Id) -> Result<Option<String>> {
    let row = tx.optional(Query::select().column("password_hash").from("credential").and_where(Expr::col("person").eq(person.0)))?;
    Ok(row.map(|row| row.get::<String>("password_hash")).transpose()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<&'static str> {
        let found = judge_password(&Passwords::default(), password, "Rosa Harbour", "r.quill@example.com", "password");
        found.iter().map(|violation| violation.code).collect()
    }

    #[test]
    fn what_is_easily_guessed_is_refused() {
        for common in [
            "password123",
            "P@ssw0rd2026!",
            "Passwort!!",
            "1234567890",
            "9876543210",
            "abcdefghijk",
            "aaaaaaaaaa",
            "qwertyuiop",
            "letmein!!!!",
            "adminadmin1",
            "welcomewelcome",
            "Stagecraft1",
            "1212121212",
        ] {
            assert_eq!(codes(common), ["password.common"], "{common}");
        }
        for personal in ["my-harbour-view", "quillquill-77x", "Harbour rocks 9"] {
            assert_eq!(codes(personal), ["password.personal"], "{personal}");
        }
        assert_eq!(codes("short"), ["field.too_short"]);
        for good in ["correct horse", "a password for me", "anna's bicycle", "stagecraft-demo", "long enough", "中文密码也可以的吧好"]
        {
            assert_eq!(codes(good), Vec::<&str>::new(), "{good}");
        }
        let han = judge_password(&Passwords::default(), "我是王小明你好吗今天", "王小明", "", "password");
        assert_eq!(han.iter().map(|v| v.code).collect::<Vec<_>>(), ["password.personal"]);
    }
}
