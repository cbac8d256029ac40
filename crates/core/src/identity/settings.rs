//! How one signs in: what administrators choose for everybody.

use db::{Read, Write};
use model::{Violation, Violations};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value as Json, json};

use crate::audit::{self, Note};
use crate::{Ctx, Error, Result, meta, sealed};

/// How one signs in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    pub passwords: Passwords,
    pub lock_out: LockOut,
    pub sessions: Sessions,
    /// Who cannot do without a second factor.
    pub second_factor: Asked,
    /// Somebody else who says who one is.
    pub provider: Option<Provider>,
    #[serde(default, skip_deserializing)]
    pub version: i64,
}

/// What a password must be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    /// False: one signs in by the provider alone.
    pub allowed: bool,
    pub min_length: usize,
    /// The commonest ones, and those with one's own name or e-mail in them.
    pub refuse_guessable: bool,
}

/// When an account rests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockOut {
    /// Failures in a row.
    pub after: i64,
    pub minutes: i64,
}

/// How long a session lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    pub hours: i64,
    /// Minutes without use after which it ends; none: only its length counts.
    #[serde(default)]
    pub idle_minutes: Option<i64>,
}

/// Whom a second factor is asked of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    #[default]
    Nobody,
    Administrators,
    Everybody,
}

/// A provider of OpenID Connect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The button is shown.
    pub active: bool,
    /// Its address, exactly as it names itself.
    pub issuer: String,
    pub client_id: String,
    /// What stands on the button.
    #[serde(default)]
    pub button: String,
    /// The claim by which people are found at first.
    #[serde(default = "email")]
    pub email_claim: String,
    /// The provider gives only addresses that it has verified, without saying so.
    #[serde(default)]
    pub email_always_verified: bool,
    /// Whoever is not there yet is made at the first sign-in, with this role.
    #[serde(default)]
    pub make_people: bool,
    #[serde(default)]
    pub role: Option<String>,
    /// Our own second factor is asked for after the provider's sign-in too.
    #[serde(default)]
    pub ask_second_factor: bool,
    /// Whoever signs out here is led to sign out there as well.
    #[serde(default)]
    pub sign_out_there: bool,
}

fn email() -> String {
    "email".to_owned()
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords { allowed: true, min_length: 10, refuse_guessable: true }
    }
}

impl Default for LockOut {
    fn default() -> LockOut {
        LockOut { after: 8, minutes: 5 }
    }
}

impl Default for Sessions {
    fn default() -> Sessions {
        Sessions { hours: 14 * 24, idle_minutes: None }
    }
}

impl Asked {
    /// True when it is asked of such a person.
    pub fn of(self, administrator: bool) -> bool {
        match self {
            Asked::Nobody => false,
            Asked::Administrators => administrator,
            Asked::Everybody => true,
        }
    }
}

impl SignIn {
    /// The provider by which one may sign in.
    pub fn active_provider(&self) -> Option<&Provider> {
        self.provider.as_ref().filter(|provider| provider.active)
    }
}

/// `PATCH /sign-in-settings`: what is absent stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateSignIn {
    pub passwords: Option<Passwords>,
    pub lock_out: Option<LockOut>,
    pub sessions: Option<Sessions>,
    pub second_factor: Option<Asked>,
    /// `null` takes the provider away.
    #[serde(default, deserialize_with = "given")]
    pub provider: Option<Option<WantedProvider>>,
}

/// A provider, with its secret where that is new.
#[derive(Clone)]
pub struct WantedProvider {
    /// Written, never shown. Absent: the one that is stored stays.
    pub client_secret: Option<String>,
    pub provider: Provider,
}

impl<'de> Deserialize<'de> for WantedProvider {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<WantedProvider, D::Error> {
        let mut map = serde_json::Map::deserialize(deserializer)?;
        // What GET shows besides may come back.
        map.remove("has_secret");
        map.remove("redirect_uri");
        let client_secret = map.remove("client_secret").and_then(|secret| secret.as_str().map(str::to_owned));
        let provider = serde_json::from_value(Json::Object(map)).map_err(serde::de::Error::custom)?;
        Ok(WantedProvider { client_secret, provider })
    }
}

// The secret stands in no log.
impl std::fmt::Debug for WantedProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WantedProvider").field("provider", &self.provider).finish_non_exhaustive()
    }
}

fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// The settings as they are stored; those of a new house where none are.
pub(crate) fn load(tx: &mut Read) -> Result<SignIn> {
    let row = tx.optional(Query::select().columns(["doc", "version"]).from("sign_in_settings"))?;
    let Some(row) = row else { return Ok(SignIn::default()) };
    let mut settings: SignIn = serde_json::from_str(&row.get::<String>("doc")?)
        .map_err(|error| Error::Internal(format!("the stored settings of signing in cannot be read: {error}")))?;
    settings.version = row.get("version")?;
    Ok(settings)
}

/// The provider's secret; for the exchange of a code alone.
pub fn client_secret(tx: &mut Read) -> Result<Option<String>> {
    let row = tx.optional(Query::select().column("client_secret").from("sign_in_settings"))?;
    let kept = row.map(|row| row.get::<Option<String>>("client_secret")).transpose()?.flatten();
    kept.map(|kept| sealed::open(tx, sealed::PROVIDER, &kept)).transpose()
}

/// The settings, for administrators.
pub fn sign_in_settings(cx: &Ctx, tx: &mut Read) -> Result<Json> {
    cx.administrators_only("read", "organisation")?;
    show(&cx.meta.sign_in, client_secret(tx)?.is_some())
}

fn show(settings: &SignIn, has_secret: bool) -> Result<Json> {
    let mut shown = serde_json::to_value(settings).map_err(|error| Error::Internal(error.to_string()))?;
    if shown["provider"].is_object() {
        shown["provider"]["has_secret"] = has_secret.into();
    }
    Ok(shown)
}

/// Changes the settings; administrators only. `seen` is the version that the caller worked on.
pub fn update_sign_in(cx: &Ctx, tx: &mut Write, seen: Option<i64>, wanted: &UpdateSignIn) -> Result<Json> {
    cx.administrators_only("edit", "organisation")?;
    tx.publish_meta()?;
    // Whoever published before us has changed what we know: the row is read again, behind the lock.
    let present = load(tx)?;
    let kept = client_secret(tx)?;
    if seen.is_some_and(|version| version != present.version) {
        return Err(Error::Conflict { record: Box::new(show(&present, kept.is_some())?) });
    }
    let mut next = present.clone();
    let mut secret = kept;
    if let Some(passwords) = &wanted.passwords {
        next.passwords = passwords.clone();
    }
    if let Some(lock_out) = &wanted.lock_out {
        next.lock_out = lock_out.clone();
    }
    if let Some(sessions) = &wanted.sessions {
        next.sessions = sessions.clone();
    }
    next.second_factor = wanted.second_factor.unwrap_or(next.second_factor);
    let mut found = Violations::new();
    if let Some(provider) = &wanted.provider {
        next.provider = provider.as_ref().map(|wanted| tidy(&wanted.provider));
        let elsewhere = match (&present.provider, &next.provider) {
            (Some(before), Some(after)) => before.issuer != after.issuer || before.client_id != after.client_id,
            _ => true,
        };
        match provider.as_ref().and_then(|wanted| wanted.client_secret.as_deref()).map(str::trim).filter(|given| !given.is_empty()) {
            Some(given) => secret = Some(given.to_owned()),
            // A secret is not carried to another address: whoever could name one would be told it.
            None if elsewhere => secret = None,
            None => {}
        }
        if provider.is_some() && secret.is_none() {
            found.push(Violation::new("field.required", "provider.client_secret"));
        }
    }
    found.extend(judge(cx, &next));
    if !next.passwords.allowed && next.passwords.allowed != present.passwords.allowed && !signs_in_by_provider(cx, tx, &next)? {
        found.push(Violation::new("sign_in.provider_first", "passwords.allowed"));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    next.version = present.version + 1;
    put(tx, &next, secret.as_deref())?;
    audit::note(cx, tx, Note::new("edit", "sign_in_settings").changed(&stored(&present), &stored(&next)))?;
    show(&next, secret.is_some())
}

/// Lets passwords be used again, whatever the provider says; for whoever has the machine in his hands.
pub fn allow_passwords(cx: &Ctx, tx: &mut Write) -> Result<()> {
    cx.administrators_only("edit", "organisation")?;
    tx.publish_meta()?;
    let mut settings = load(tx)?;
    let secret = client_secret(tx)?;
    settings.passwords.allowed = true;
    settings.version += 1;
    put(tx, &settings, secret.as_deref())?;
    audit::note(cx, tx, Note::new("allow_passwords", "sign_in_settings"))
}

fn put(tx: &mut Write, settings: &SignIn, secret: Option<&str>) -> Result<()> {
    let kept = secret.map(|secret| sealed::seal(tx, sealed::PROVIDER, secret)).transpose()?;
    tx.execute(
        Query::insert()
            .into_table("sign_in_settings")
            .columns(["id", "doc", "version", "client_secret"])
            .values_panic([1_i64.into(), meta::text(&stored(settings))?.into(), settings.version.into(), kept.into()])
            .on_conflict(OnConflict::column("id").update_columns(["doc", "version", "client_secret"]).to_owned()),
    )?;
    Ok(())
}

/// The document without its version, which has a column of its own.
fn stored(settings: &SignIn) -> Json {
    let mut document = json!(settings);
    if let Some(map) = document.as_object_mut() {
        map.remove("version");
    }
    document
}

fn tidy(provider: &Provider) -> Provider {
    let trim = |text: &str| text.trim().to_owned();
    Provider {
        issuer: trim(&provider.issuer),
        client_id: trim(&provider.client_id),
        button: trim(&provider.button),
        email_claim: Some(trim(&provider.email_claim)).filter(|claim| !claim.is_empty()).unwrap_or_else(email),
        ..provider.clone()
    }
}

fn judge(cx: &Ctx, settings: &SignIn) -> Violations {
    let mut found = Violations::new();
    let mut within = |path: &str, value: i64, min: i64, max: i64| {
        if !(min..=max).contains(&value) {
            found.push(Violation::new("field.out_of_range", path).with("min", min).with("max", max));
        }
    };
    within("passwords.min_length", i64::try_from(settings.passwords.min_length).unwrap_or(i64::MAX), 8, 64);
    within("lock_out.after", settings.lock_out.after, 3, 100);
    within("lock_out.minutes", settings.lock_out.minutes, 1, 1_440);
    within("sessions.hours", settings.sessions.hours, 1, 8_760);
    if let Some(minutes) = settings.sessions.idle_minutes {
        within("sessions.idle_minutes", minutes, 10, 43_200);
    }
    if let Some(provider) = &settings.provider {
        found.extend(judge_provider(cx, provider));
    }
    if !settings.passwords.allowed && settings.active_provider().is_none() {
        found.push(Violation::new("sign_in.no_provider", "passwords.allowed"));
    }
    found
}

fn judge_provider(cx: &Ctx, provider: &Provider) -> Violations {
    let mut found = Violations::new();
    for (path, text, max) in [
        ("provider.issuer", &provider.issuer, 500),
        ("provider.client_id", &provider.client_id, 500),
        ("provider.button", &provider.button, 60),
        ("provider.email_claim", &provider.email_claim, 100),
    ] {
        if text.is_empty() && path != "provider.button" {
            found.push(Violation::new("field.required", path));
        } else if !model::text::storable(text) {
            found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
        } else if text.chars().count() > max {
            found.push(Violation::new("field.too_long", path).with("max", max));
        }
    }
    if !provider.issuer.is_empty() && !may_be_asked(&provider.issuer) {
        found.push(no_issuer("provider.issuer"));
    }
    match provider.role.as_deref() {
        Some(role) if cx.meta.role(role).is_none() => {
            let roles: Vec<&str> = cx.meta.roles.iter().map(|role| role.key.as_str()).collect();
            found.push(Violation::new("field.not_an_option", "provider.role").with("value", role).with("options", roles));
        }
        None if provider.make_people => found.push(Violation::new("field.required", "provider.role")),
        _ => {}
    }
    found
}

/// What is wrong with an address that no provider may be asked at.
pub fn no_issuer(path: &str) -> Violation {
    Violation::new("field.invalid", path).with("expected", "an address with https, without a query, as https://login.example.com")
}

/// An address that a server may be asked at: by https, or on this very machine.
pub fn may_be_asked(address: &str) -> bool {
    let plain = |rest: &str| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or("");
        !host.is_empty()
            && !host.contains('@')
            && rest.bytes().all(|byte| byte.is_ascii_graphic())
            && !rest.contains(['?', '#', '\\', '"', '<', '>'])
    };
    if let Some(rest) = address.strip_prefix("https://") {
        return plain(rest);
    }
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let host = rest.split('/').next().unwrap_or("");
    let name =
        if let Some(six) = host.strip_prefix('[') { six.split(']').next().unwrap_or("") } else { host.split(':').next().unwrap_or("") };
    plain(rest) && ["localhost", "127.0.0.1", "::1"].contains(&name)
}

/// True for the product itself, and for an administrator whom the provider of these settings knows: he is not shut out.
fn signs_in_by_provider(cx: &Ctx, tx: &mut Read, settings: &SignIn) -> Result<bool> {
    let Some(provider) = settings.active_provider() else { return Ok(true) };
    if cx.who.system.is_some() {
        return Ok(true);
    }
    let link = Query::select()
        .column("subject")
        .from("provider_link")
        .and_where(Expr::col("issuer").eq(provider.issuer.as_str()))
        .and_where(Expr::col("person").eq(cx.who.id.0))
        .to_owned();
    Ok(tx.optional(&link)?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_asked_by_https_or_on_this_machine() {
        for good in [
            "https://login.example.com",
            "https://login.example.com:8443/realms/sales",
            "http://127.0.0.1:9000",
            "http://localhost/x",
            "http://[::1]:1",
        ] {
            assert!(may_be_asked(good), "{good}");
        }
        for bad in [
            "http://login.example.com",
            "https://",
            "https://user@example.com",
            "https://example.com?x=1",
            "https://example.com#x",
            "ftp://example.com",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "file:///etc/passwd",
            "https://exa mple.com",
        ] {
            assert!(!may_be_asked(bad), "{bad}");
        }
    }
}
