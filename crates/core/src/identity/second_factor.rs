//! The second factor: codes of an authenticator app, and recovery codes for when it is lost.

use db::{Limits, Read, Write};
use model::{Id, Instant, Via};
use qrcode::QrCode;
use qrcode::render::svg;
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::session::How;
use super::{digest, password, totp};
use crate::audit::{self, Note};
use crate::{Credential, Ctx, Error, House, Result, sealed};

/// Recovery codes that are made at once.
const CODES: usize = 10;
/// What they are made of: letters and digits that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// `POST /me/second-factor`: the password, unless one has just signed in.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    #[serde(default)]
    pub password: Option<String>,
}

/// `POST /me/second-factor/confirm`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    pub code: String,
}

/// `POST /me/second-factor/disable` and `/recovery-codes`: a code, or the password.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProveSecondFactor {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
}

struct Stored {
    /// As it is kept: sealed, where the server has a key.
    secret: String,
    confirmed_at: Option<i64>,
}

impl Stored {
    fn bytes(&self, tx: &Read, person: Id) -> Result<Vec<u8>> {
        let secret = sealed::open(tx, &sealed::second_factor(person), &self.secret)?;
        totp::from_base32(&secret).ok_or_else(|| Error::Internal("a stored secret cannot be read".into()))
    }
}

fn stored(tx: &mut Read, person: Id) -> Result<Option<Stored>> {
    let row =
        tx.optional(Query::select().columns(["secret", "confirmed_at"]).from("second_factor").and_where(Expr::col("person").eq(person.0)))?;
    row.map(|row| Ok(Stored { secret: row.get("secret")?, confirmed_at: row.get("confirmed_at")? })).transpose()
}

/// True when a code is asked of the person.
pub(crate) fn is_on(tx: &mut Read, person: Id) -> Result<bool> {
    Ok(stored(tx, person)?.is_some_and(|stored| stored.confirmed_at.is_some()))
}

/// How the person's second factor stands.
pub(crate) fn state(tx: &mut Read, person: Id) -> Result<Json> {
    let since = stored(tx, person)?.and_then(|stored| stored.confirmed_at);
    let left =
        tx.one(Query::select().expr_as(Expr::col("hash").count(), "n").from("recovery_code").and_where(Expr::col("person").eq(person.0)))?;
    Ok(json!({"on": since.is_some(), "since": since.map(|at| Instant(at).to_string()), "recovery_codes_left": left.get::<i64>("n")?}))
}

/// How one's own second factor stands.
pub fn second_factor(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.as_oneself()?;
    let mut shown = state(tx, cx.who.id)?;
    shown["required"] = cx.meta.sign_in.second_factor.of(cx.who.rights.administrator).into();
    shown["has_password"] = password::stored_hash(tx, cx.who.id)?.is_some().into();
    Ok(shown)
}

/// Begins: a secret for the app, as a text and as a picture. Nothing is asked for until a code confirms it.
pub fn begin_second_factor(house: &House, credential: &Credential, limits: Limits, wanted: &BeginSecondFactor) -> Result<Json> {
    password::prove(house, credential, limits.clone(), wanted.password.as_deref(), "password", false)?;
    house.write(credential, limits, Via::Screen, |cx, tx| {
        if is_on(tx, cx.who.id)? {
            return Err(Error::invalid("second_factor.on_already", ""));
        }
        let bytes: [u8; 20] = rand::random();
        let secret = totp::base32(&bytes);
        let kept = sealed::seal(tx, &sealed::second_factor(cx.who.id), &secret)?;
        tx.execute(
            Query::insert()
                .into_table("second_factor")
                .columns(["person", "secret", "last_step", "confirmed_at", "created_at"])
                .values_panic([cx.who.id.0.into(), kept.into(), 0_i64.into(), None::<i64>.into(), cx.at.0.into()])
                .on_conflict(OnConflict::column("person").update_columns(["secret", "last_step", "confirmed_at", "created_at"]).to_owned()),
        )?;
        let uri = uri(cx, &secret);
        Ok(json!({"secret": secret, "uri": uri, "qr": qr(&uri)?}))
    })
}

/// What authenticator apps read.
fn uri(cx: &Ctx, secret: &str) -> String {
    let issuer = if cx.meta.organisation.name.is_empty() { "Stagecraft" } else { &cx.meta.organisation.name };
    let (issuer, account) = (escaped(issuer), escaped(&cx.who.email));
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={}", totp::PERIOD)
}

fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}

fn qr(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(|error| Error::Internal(format!("a QR code cannot be drawn: {error}")))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).build())
}

/// Confirms what was begun by a first code, and gives the recovery codes, this once.
pub fn confirm_second_factor(cx: &Ctx, tx: &mut Write, wanted: &ConfirmSecondFactor) -> Result<Json> {
    cx.as_oneself()?;
    let Some(found) = stored(tx, cx.who.id)? else { return Err(Error::invalid("second_factor.not_begun", "")) };
    if found.confirmed_at.is_some() {
        return Err(Error::invalid("second_factor.on_already", ""));
    }
    let bytes = found.bytes(tx, cx.who.id)?;
    let Some(step) = totp::step_of(&bytes, &wanted.code, cx.at.0 / 1_000_000) else {
        return Err(Error::invalid("second_factor.wrong_code", "code"));
    };
    // Of two who confirm at once one is first; the other must not make other recovery codes.
    let confirmed = tx.execute(
        Query::update()
            .table("second_factor")
            .value("confirmed_at", cx.at.0)
            .value("last_step", step)
            .and_where(Expr::col("person").eq(cx.who.id.0))
            .and_where(Expr::col("secret").eq(found.secret.as_str()))
            .and_where(Expr::col("confirmed_at").is_null()),
    )?;
    if confirmed == 0 {
        return Err(Error::invalid("second_factor.on_already", ""));
    }
    note(cx, tx, "set_up_second_factor")?;
    Ok(json!({"recovery_codes": new_codes(tx, cx.who.id)?}))
}

/// Notes what one does with one's own second factor.
fn note(cx: &Ctx, tx: &mut Write, act: &str) -> Result<()> {
    audit::note(cx, tx, Note::new(act, "person").record("employee", cx.who.id).subject(cx.who.name.as_str()))
}

/// Takes a code that is typed at signing in, so that nobody can take it again; gives what it was.
pub(crate) fn take(cx: &Ctx, tx: &mut Write, person: Id, typed: &str) -> Result<Option<How>> {
    let Some(found) = stored(tx, person)?.filter(|stored| stored.confirmed_at.is_some()) else { return Ok(None) };
    let bytes = found.bytes(tx, person)?;
    if let Some(step) = totp::step_of(&bytes, typed, cx.at.0 / 1_000_000) {
        // The engine lets one of two through who come with the same code at once.
        let first = tx.execute(
            Query::update()
                .table("second_factor")
                .value("last_step", step)
                .and_where(Expr::col("person").eq(person.0))
                .and_where(Expr::col("last_step").lt(step)),
        )?;
        return Ok((first == 1).then_some(How::SecondFactor));
    }
    let used = tx.execute(
        Query::delete()
            .from_table("recovery_code")
            .and_where(Expr::col("person").eq(person.0))
            .and_where(Expr::col("hash").eq(digest(&tidy(typed)))),
    )?;
    Ok((used == 1).then_some(How::RecoveryCode))
}

/// A recovery code as it is digested: without what people type between its groups.
fn tidy(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// New recovery codes instead of the old ones. 80 bits each, so a plain digest of them is safe.
fn new_codes(tx: &mut Write, person: Id) -> Result<Vec<String>> {
    tx.execute(Query::delete().from_table("recovery_code").and_where(Expr::col("person").eq(person.0)))?;
    let code = || {
        let bytes: [u8; 16] = rand::random();
        let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
        letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    };
    let codes: Vec<String> = (0..CODES).map(|_| code()).collect();
    let rows = codes.iter().map(|code| vec![person.0.into(), digest(&tidy(code)).into()]).collect();
    tx.insert_rows("recovery_code", &["person", "hash"], rows)?;
    Ok(codes)
}

/// Shows once more who one is: by a code, else by the password.
fn prove(house: &House, credential: &Credential, limits: Limits, wanted: &ProveSecondFactor) -> Result<()> {
    let Some(code) = wanted.code.as_deref().filter(|code| !code.trim().is_empty()) else {
        password::prove(house, credential, limits, wanted.password.as_deref(), "password", true)?;
        return Ok(());
    };
    let right = house.write(credential, limits, Via::Screen, |cx, tx| {
        cx.as_oneself()?;
        super::lock_out::in_turn(tx, cx.who.id)?;
        super::lock_out::refuse_resting(cx, tx, cx.who.id)?;
        let right = take(cx, tx, cx.who.id, code)?.is_some();
        if !right {
            super::lock_out::failed(cx, tx, cx.who.id, "auth.wrong_code")?;
        }
        Ok(right)
    })?;
    if right { Ok(()) } else { Err(Error::invalid("second_factor.wrong_code", "code")) }
}

/// Turns one's own second factor off. Where it is required, it can only be set up anew.
pub fn disable_second_factor(house: &House, credential: &Credential, limits: Limits, wanted: &ProveSecondFactor) -> Result<()> {
    prove(house, credential, limits.clone(), wanted)?;
    house.write(credential, limits, Via::Screen, |cx, tx| {
        remove(tx, cx.who.id)?;
        note(cx, tx, "turn_off_second_factor")
    })
}

/// New recovery codes instead of those that are left.
pub fn remake_recovery_codes(house: &House, credential: &Credential, limits: Limits, wanted: &ProveSecondFactor) -> Result<Json> {
    prove(house, credential, limits.clone(), wanted)?;
    house.write(credential, limits, Via::Screen, |cx, tx| {
        if !is_on(tx, cx.who.id)? {
            return Err(Error::invalid("second_factor.not_begun", ""));
        }
        note(cx, tx, "new_recovery_codes")?;
        Ok(json!({"recovery_codes": new_codes(tx, cx.who.id)?}))
    })
}

/// Forgets a person's second factor with its recovery codes.
pub(crate) fn remove(tx: &mut Write, person: Id) -> Result<()> {
    for table in ["second_factor", "recovery_code", "pending_sign_in"] {
        tx.execute(Query::delete().from_table(table).and_where(Expr::col("person").eq(person.0)))?;
    }
    Ok(())
}
