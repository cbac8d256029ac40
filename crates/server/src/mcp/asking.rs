//! Who asks, and the way from a tool to the API.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use model::role::Act;
use model::{Id, Instant};
use serde_json::Value as Json;
use tower::ServiceExt;

use super::Mcp;
use super::running::Key;
use crate::edge::{Assisted, Caller, Spoken, object_of};
use crate::messages::Language;
use crate::problem::{Problem, Untold};

/// Headers of the client that say who asks and from where.
const PASSED_ON: [&str; 7] =
    ["authorization", "user-agent", "accept-language", "host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];
/// Bytes of an answer that is read at all.
const MOST: usize = 16 << 20;

/// One client's message.
pub struct Asking {
    pub mcp: Mcp,
    pub who: Who,
    headers: HeaderMap,
    peer: Option<ConnectInfo<SocketAddr>>,
    spoken: Spoken,
    session: String,
}

/// The person behind the token.
pub struct Who {
    pub id: Id,
    pub at: Instant,
    /// The token may change something.
    pub writes: bool,
    /// Keys of the objects that he may know of.
    pub objects: Vec<String>,
    /// By which plans are sealed.
    pub key: [u8; 32],
}

/// A request to the API.
#[derive(Default)]
pub struct Wanted {
    pub method: Method,
    /// With its query.
    pub path: String,
    pub body: Option<Json>,
    pub version: Option<i64>,
    pub once: Option<String>,
    pub assisted: Assisted,
}

/// Why the API has not done it.
#[derive(Debug)]
pub struct Refusal {
    pub problem: Arc<Problem>,
    /// The object whose fields are meant.
    pub about: String,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal { problem: Arc::new(problem), about: String::new() }
    }
}

impl Asking {
    /// Learns who asks. Errors: the token does not hold.
    pub async fn of(mcp: Mcp, mut parts: Parts, session: String) -> Result<Asking, Problem> {
        let app = mcp.0.app.clone();
        let spoken = parts.extensions.get::<Spoken>().cloned().unwrap_or_default();
        parts.extensions.insert(Assisted::default());
        let caller = Caller::from_request_parts(&mut parts, &app).await?;
        let look = |cx: &stagecraft_core::Ctx, tx: &mut db::Read| {
            let objects = cx.meta.order.iter().filter(|key| cx.who.rights.may(Act::Read, key)).cloned().collect();
            let writes = cx.proof.scopes.as_ref().is_none_or(|scopes| scopes.write_something());
            Ok(Who { id: cx.who.id, at: cx.at, writes, objects, key: tx.key_for("plans of assistants") })
        };
        let who = app.door.read(&caller, look).await?;
        let mut headers = HeaderMap::new();
        for name in PASSED_ON {
            for value in parts.headers.get_all(name) {
                headers.append(name, value.clone());
            }
        }
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().copied();
        Ok(Asking { mcp, who, headers, peer, spoken, session })
    }

    /// The language of the person.
    pub fn language(&self) -> Language {
        self.spoken.language()
    }

    /// By what a call is found that is to be given up. None: it could be another client's.
    pub fn running(&self, id: &Json) -> Option<Key> {
        (!self.session.is_empty() && self.session.len() <= 100 && !id.is_null())
            .then(|| (self.who.id, self.session.clone(), id.to_string()))
    }

    /// Reads at an address of the API.
    pub async fn read(&self, path: impl Into<String>) -> Result<Json, Refusal> {
        self.ask(Wanted { path: path.into(), ..Wanted::default() }).await
    }

    /// Asks the API.
    pub async fn ask(&self, wanted: Wanted) -> Result<Json, Refusal> {
        let about = object_of(&format!("/api/v1{}", wanted.path)).to_owned();
        let refuse = |problem: Problem| Refusal { problem: Arc::new(problem), about: about.clone() };
        let mut request = Request::builder().method(wanted.method).uri(&wanted.path);
        if let Some(headers) = request.headers_mut() {
            headers.extend(self.headers.clone());
        }
        if wanted.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(version) = wanted.version {
            request = request.header(header::IF_MATCH, format!("\"v{version}\""));
        }
        if let Some(once) = &wanted.once {
            request = request.header("idempotency-key", once);
        }
        let body = wanted.body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        let mut request = request.body(body).map_err(|error| refuse(Problem::malformed(error.to_string())))?;
        request.extensions_mut().insert(self.spoken.clone());
        request.extensions_mut().insert(wanted.assisted);
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        let response = match self.mcp.0.api.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        if let Some(Untold(problem)) = parts.extensions.get() {
            return Err(Refusal { problem: problem.clone(), about });
        }
        if !parts.status.is_success() {
            return Err(refuse(Problem::new(parts.status, "request.malformed").with("note", "")));
        }
        let bytes =
            to_bytes(body, MOST).await.map_err(|_| refuse(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "assistant.too_large")))?;
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }
}
