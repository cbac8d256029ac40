//! Who asks.

use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use model::{Id, Via};
use stagecraft_core::audit::Origin;
use stagecraft_core::{Credential, Purpose};

use super::cookie::{flow_of, pending_of, session_of};
use super::{Peer, Spoken, own_address};
use crate::app::App;
use crate::problem::Problem;

/// Who asks, and under which conditions.
#[derive(Clone, Debug)]
pub struct Caller {
    pub credential: Credential,
    pub via: Via,
    pub peer: Peer,
    /// The program, as it names itself.
    pub agent: String,
    /// `Idempotency-Key`.
    pub key: Option<String>,
    /// Method and path with query: what a repeated key must repeat.
    pub asked: String,
    /// The language of the answer.
    pub spoken: Spoken,
    /// A sign-in of which the first half is done.
    pub pending: Option<String>,
    /// A way to the sign-in provider that has been begun.
    pub flow: Option<String>,
    /// The address that the server is known by, where that is known.
    pub own_address: Option<String>,
    if_match: Option<String>,
    accepted: Accepted,
    /// A page of another site has sent it, as the browser says.
    foreign: bool,
    /// It is a part of what an assistant asks for.
    assisted: Option<Assisted>,
}

/// What a request is that an assistant's call is made of. No header says this: only the server itself does, inside.
#[derive(Clone, Debug, Default)]
pub struct Assisted {
    /// All of it is done and then undone.
    pub tries: bool,
    /// What it is about, as it was when it was tried.
    pub seen: Option<Seen>,
}

/// A state of what an act is about.
#[derive(Clone, Debug)]
pub struct Seen {
    /// A record of this object; an approval where there is none.
    pub object: Option<String>,
    pub id: Id,
    pub version: i64,
}

/// Tokens of found duplicates over which a request goes on: they stand at the top of its body, whatever else it says, and are taken out there.
#[derive(Clone, Debug, Default)]
pub struct Accepted(Arc<OnceLock<Vec<String>>>);

impl Accepted {
    /// What the body said.
    pub fn say(&self, tokens: Vec<String>) {
        let _ = self.0.set(tokens);
    }
}

impl Caller {
    /// Tokens of found duplicates over which the request goes on.
    pub fn accepted(&self) -> &[String] {
        self.accepted.0.get().map_or(&[], Vec::as_slice)
    }

    /// True where all of it is done and then undone.
    pub fn tries(&self) -> bool {
        self.assisted.as_ref().is_some_and(|assisted| assisted.tries)
    }

    /// What it is about, as it must be still.
    pub fn seen(&self) -> Option<Seen> {
        self.assisted.as_ref().and_then(|assisted| assisted.seen.clone())
    }

    /// Refuses what a page of another site sends in the name of whoever looks at it. Browsers say so, and no page can keep them from it; what
    /// says nothing is no browser of today, and the token of the session stands against it.
    pub fn refuse_foreign(&self) -> Result<(), Problem> {
        if self.foreign { Err(Problem::new(StatusCode::FORBIDDEN, "auth.csrf")) } else { Ok(()) }
    }

    /// The same request with another proof of who asks.
    pub fn proven_by(&self, credential: Credential) -> Caller {
        Caller { credential, ..self.clone() }
    }

    /// The same request for a purpose that asks less of its proof.
    pub fn with_purpose(&self, purpose: Purpose) -> Caller {
        self.proven_by(Credential::For(purpose, Box::new(self.credential.clone())))
    }

    /// The way it came in, and from where.
    pub fn origin(&self) -> Origin {
        Origin::at(self.via, &self.peer.address.to_string(), &self.agent)
    }

    /// The version that a write is based on. Error: the header cannot be read.
    pub fn version(&self) -> Result<Option<i64>, Problem> {
        self.if_match.as_deref().map_or(Ok(None), if_match)
    }
}

/// The version of an `If-Match`: the record's ETag, or its version in quotes; `*` is any. The revision is not compared.
pub fn if_match(value: &str) -> Result<Option<i64>, Problem> {
    let value = value.trim();
    if value == "*" {
        return Ok(None);
    }
    let inner = value.strip_prefix("W/").unwrap_or(value).trim_matches('"');
    let version = inner.split('.').next().unwrap_or("");
    let version = version.strip_prefix('v').unwrap_or(version);
    version.parse().map(Some).map_err(|_| Problem::new(StatusCode::PRECONDITION_FAILED, "record.if_match"))
}

/// Who asks, where nobody has to be signed in.
pub struct Anybody(pub Caller);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, Problem> {
        let Anybody(caller) = Anybody::from_request_parts(parts, app).await?;
        // Whoever shows nothing is turned away before his request is looked at.
        if matches!(caller.credential, Credential::Nobody) {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "auth.required"));
        }
        if !parts.method.is_safe() && matches!(caller.credential, Credential::Session { .. }) {
            caller.refuse_foreign()?;
        }
        Ok(caller)
    }
}

impl FromRequestParts<App> for Anybody {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Anybody, Problem> {
        let text = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let key = match parts.headers.get("idempotency-key").map(|value| value.to_str()) {
            None => None,
            Some(Ok(key)) => Some(key.to_owned()),
            Some(Err(_)) => return Err(Problem::malformed("Idempotency-Key: 1 to 200 visible characters")),
        };
        let (credential, via) = credential(&parts.headers)?;
        let assisted = parts.extensions.get::<Assisted>().cloned();
        let via = if assisted.is_some() { Via::Mcp } else { via };
        let accepted = parts.extensions.get_or_insert_default::<Accepted>().clone();
        Ok(Anybody(Caller {
            credential,
            via,
            peer: Peer::of(parts, &app.edge),
            agent: text(header::USER_AGENT).unwrap_or_default(),
            key,
            asked: format!("{} {}", parts.method, parts.uri),
            pending: pending_of(&parts.headers),
            flow: flow_of(&parts.headers),
            own_address: own_address(parts, &app.edge),
            spoken: parts.extensions.get::<Spoken>().cloned().unwrap_or_default(),
            // One that is not text must be refused as unreadable, not passed over: the write would go through unguarded.
            if_match: parts.headers.get(header::IF_MATCH).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            accepted,
            assisted,
            foreign: text(header::HeaderName::from_static("sec-fetch-site"))
                .is_some_and(|site| !matches!(site.as_str(), "same-origin" | "none")),
        }))
    }
}

fn credential(headers: &HeaderMap) -> Result<(Credential, Via), Problem> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        // A program that names itself wrongly must not be taken for the browser beside it.
        let token = value.to_str().ok().and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        return match token {
            Some((_, token)) => Ok((Credential::Token(token.trim().to_owned()), Via::Api)),
            None => Err(Problem::new(StatusCode::UNAUTHORIZED, "auth.required")),
        };
    }
    Ok(match session_of(headers) {
        Some(token) => {
            let csrf = headers.get("x-csrf-token").and_then(|value| value.to_str().ok()).map(str::to_owned);
            (Credential::Session { token, csrf }, Via::Screen)
        }
        None => (Credential::Nobody, Via::Api),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_takes_the_etag_or_the_version_and_compares_the_version_alone() {
        for (value, version) in
            [("\"v12.r57\"", Some(12)), ("\"v12\"", Some(12)), ("\"12\"", Some(12)), ("W/\"v3.r4\"", Some(3)), ("*", None)]
        {
            assert_eq!(if_match(value).unwrap(), version, "{value}");
        }
        for value in ["\"x\"", "", "\"v.r1\""] {
            assert_eq!(if_match(value).unwrap_err().status, StatusCode::PRECONDITION_FAILED, "{value}");
        }
    }
}
