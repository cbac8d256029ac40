//! How e-mail leaves the house: what administrators choose, or the server's own configuration.

use std::fmt;
use std::sync::Arc;

use db::{Read, Write};
use model::{Violation, Violations};
use sea_query::{OnConflict, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, sealed};

/// How the way to the mail server is kept from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Not at all.
    None,
    /// By TLS once both have greeted; nothing is said where the server does not know it.
    #[default]
    Starttls,
    /// By TLS from the first byte.
    Tls,
}

/// A mail server and who sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    #[serde(default)]
    pub security: Security,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub sender_name: String,
    pub sender_address: String,
}

/// A password, which no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What the server's own configuration says; then nobody chooses on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    pub settings: Settings,
    pub password: Option<Secret>,
}

/// The way that holds.
#[derive(Clone, Debug)]
pub struct Way {
    pub settings: Arc<Settings>,
    /// The password of the configuration; that of the database is read when it is needed.
    pub own: Option<Option<Secret>>,
    pub version: i64,
}

impl Way {
    /// As the server's configuration says.
    pub(crate) fn own(own: &Own) -> Way {
        Way { settings: Arc::new(own.settings.clone()), own: Some(own.password.clone()), version: 0 }
    }
}

/// `PUT /organisation/mail`: the whole of it. Without a host no e-mail is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateMail {
    #[serde(default)]
    pub host: Option<String>,
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub security: Security,
    #[serde(default)]
    pub user: Option<String>,
    /// Written and never shown; the one that stands stays where it is absent and server and user are the same.
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    pub sender_name: Option<String>,
    #[serde(default)]
    pub sender_address: Option<String>,
}

/// What the database says.
pub(crate) fn load(tx: &mut Read) -> Result<Option<Way>> {
    Ok(row(tx)?.and_then(|(settings, version, _)| Some(Way { settings: Arc::new(settings?), own: None, version })))
}

/// With the password as it is kept.
type Row = (Option<Settings>, i64, Option<String>);

fn row(tx: &mut Read) -> Result<Option<Row>> {
    let Some(row) = tx.optional(&Query::select().columns(["doc", "version", "password"]).from("mail_settings").to_owned())? else {
        return Ok(None);
    };
    let settings = serde_json::from_str(&row.get::<String>("doc")?)
        .map_err(|error| Error::Internal(format!("stored mail settings cannot be read: {error}")))?;
    Ok(Some((settings, row.get("version")?, row.get("password")?)))
}

/// The password of the way that holds.
pub fn password(cx: &Ctx, tx: &mut Read) -> Result<Option<Secret>> {
    match cx.meta.mail.as_ref().map(|way| &way.own) {
        Some(Some(own)) => Ok(own.clone()),
        Some(None) => {
            let kept = row(tx)?.and_then(|(_, _, password)| password);
            Ok(kept.map(|kept| sealed::open(tx, sealed::MAIL, &kept)).transpose()?.map(Secret))
        }
        None => Ok(None),
    }
}

/// The way that holds, for an administrator who tries it.
pub fn to_try(cx: &Ctx, tx: &mut Read) -> Result<(Arc<Settings>, Option<Secret>)> {
    cx.administrators_only("edit", "organisation")?;
    let way = cx.meta.mail.as_ref().ok_or_else(|| Error::invalid("mail.not_configured", ""))?;
    Ok((way.settings.clone(), password(cx, tx)?))
}

/// The settings, for administrators.
pub fn read(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "organisation")?;
    let (version, kept) = row(tx)?.map_or((0, false), |(_, version, password)| (version, password.is_some()));
    let way = cx.meta.mail.as_ref();
    let fixed = way.is_some_and(|way| way.own.is_some());
    let has_password = way.and_then(|way| way.own.as_ref()).map_or(kept, Option::is_some);
    Ok(show(way.map(|way| &*way.settings), fixed, has_password, version))
}

fn show(settings: Option<&Settings>, fixed: bool, has_password: bool, version: i64) -> Json {
    json!({
        "configured": settings.is_some(), "fixed": fixed, "host": settings.map(|s| &s.host), "port": settings.map(|s| s.port),
        "security": settings.map_or(Security::default(), |s| s.security), "user": settings.and_then(|s| s.user.as_ref()),
        "has_password": has_password, "sender_name": settings.map(|s| &s.sender_name),
        "sender_address": settings.map(|s| &s.sender_address), "version": version,
    })
}

/// Chooses anew. Error: another administrator was faster.
pub fn update(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &UpdateMail) -> Result<Json> {
    cx.administrators_only("edit", "organisation")?;
    if cx.meta.mail.as_ref().is_some_and(|way| way.own.is_some()) {
        return Err(Error::invalid("mail.fixed", ""));
    }
    tx.publish_meta()?;
    // Whoever published before us has changed what we know: the row is read again, behind the lock.
    let (before, version, kept) = row(tx)?.unwrap_or((None, 0, None));
    if seen.is_some_and(|seen| seen != version) {
        return Err(Error::Conflict { record: Box::new(show(before.as_ref(), false, kept.is_some(), version)) });
    }
    let after = judge(wanted)?;
    let same = |a: &Settings, b: &Settings| a.host == b.host && a.port == b.port && a.user == b.user;
    let password = match wanted.password.as_deref().filter(|given| !given.is_empty()) {
        Some(given) => Some(sealed::seal(tx, sealed::MAIL, given)?),
        // It is not carried to another server: whoever could name one would be told it.
        None => kept.filter(|_| matches!((&before, &after), (Some(before), Some(after)) if same(before, after))),
    };
    in_clear(after.as_ref(), password.is_some())?;
    let doc = serde_json::to_string(&after).map_err(|error| Error::Internal(error.to_string()))?;
    let has_password = password.is_some();
    tx.execute(
        Query::insert()
            .into_table("mail_settings")
            .columns(["only_row", "version", "doc", "password"])
            .values_panic([1_i64.into(), (version + 1).into(), doc.into(), password.into()])
            .on_conflict(OnConflict::column("only_row").update_columns(["version", "doc", "password"]).to_owned()),
    )?;
    audit::note(cx, tx, Note::new("edit", "mail_settings").changed(&before, &after))?;
    Ok(show(after.as_ref(), false, has_password, version + 1))
}

/// The settings as they are kept, or all that is wrong with them; none: no e-mail is sent.
pub fn judge(wanted: &UpdateMail) -> Result<Option<Settings>> {
    let settings = read_settings(wanted)?;
    in_clear(settings.as_ref(), wanted.password.as_deref().is_some_and(|password| !password.is_empty()))?;
    Ok(settings)
}

fn read_settings(wanted: &UpdateMail) -> Result<Option<Settings>> {
    let tidy = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let Some(host) = tidy(&wanted.host) else { return Ok(None) };
    let mut found = Violations::new();
    if host.len() > 253 || !host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c)) {
        found.push(Violation::new("field.invalid", "host").with("expected", "a name of a server, as mail.example.com"));
    }
    let usual = match wanted.security {
        Security::None => 25,
        Security::Starttls => 587,
        Security::Tls => 465,
    };
    let address = tidy(&wanted.sender_address);
    match &address {
        None => found.push(Violation::new("field.required", "sender_address")),
        Some(address) if !is_address(address) => {
            found.push(Violation::new("field.invalid", "sender_address").with("expected", "an address, as crm@example.com"));
        }
        Some(_) => {}
    }
    let name = tidy(&wanted.sender_name).unwrap_or_default();
    if name.chars().count() > 100 || name.chars().any(char::is_control) {
        found.push(Violation::new("field.too_long", "sender_name").with("max", 100));
    }
    if wanted.port == Some(0) {
        found.push(Violation::new("field.out_of_range", "port").with("min", 1).with("max", 65_535));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    Ok(Some(Settings {
        host,
        port: wanted.port.unwrap_or(usual),
        security: wanted.security,
        user: tidy(&wanted.user),
        sender_name: name,
        sender_address: address.unwrap_or_default(),
    }))
}

/// Plainly an address: what cannot stand in a header does not come near one.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !local.is_empty()
        && local.chars().all(plain)
        && domain.contains(|c: char| c.is_ascii_alphanumeric())
        && domain.chars().all(name)
        && text.len() <= 254
}

/// A password does not go over a network that others listen to.
fn in_clear(settings: Option<&Settings>, has_password: bool) -> Result<()> {
    let here = |host: &str| host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]";
    match settings {
        Some(settings) if has_password && settings.security == Security::None && !here(&settings.host) => {
            Err(Error::invalid("mail.password_in_clear", "security"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_break_out_of_a_header_is_no_address() {
        for good in ["crm@example.com", "a.b+c@localhost", "o'neil@sub.example.org"] {
            assert!(is_address(good), "{good}");
        }
        for wrong in ["", "@example.com", "crm", "crm@", "a@b\r\nBcc: c@d", "a b@example.com", "<a@b>", "a@b,c@d", "名@example.com"] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
