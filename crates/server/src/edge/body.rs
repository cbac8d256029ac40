//! The JSON body of a request.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use model::Violation;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::caller::Accepted;
use crate::problem::Problem;

/// Where a body names the found duplicates over which it goes on.
const ACCEPT: &str = "accept_duplicates";
/// Tokens in one body.
const MOST_ACCEPTED: usize = 1000;

/// A typed body, and the text that it was read from.
pub struct Body<T> {
    pub value: T,
    pub text: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let is_json = is_json(request.headers());
        let accepted = request.extensions().get::<Accepted>().cloned();
        let text = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large"),
            _ => Problem::malformed(rejection.body_text()),
        })?;
        if text.is_empty() {
            // An act without anything to say about it.
            let value = read(b"{}")?;
            return Ok(Body { value, text });
        }
        if !is_json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type"));
        }
        match accepted.filter(|_| text.windows(ACCEPT.len()).any(|part| part == ACCEPT.as_bytes())) {
            Some(accepted) => Ok(Body { value: read(&without_accepted(&text, &accepted)?)?, text }),
            None => Ok(Body { value: read(&text)?, text }),
        }
    }
}

/// Takes the tokens out that stand at the top of a body: every act that saves a record may carry them, and none has them as its own.
fn without_accepted(text: &[u8], accepted: &Accepted) -> Result<Vec<u8>, Problem> {
    let mut body: Json = read(text)?;
    if let Some(tokens) = body.as_object_mut().and_then(|body| body.remove(ACCEPT)) {
        let tokens = serde_json::from_value::<Vec<String>>(tokens).ok().filter(|tokens| tokens.len() <= MOST_ACCEPTED);
        let expected = || Violation::new("field.invalid", ACCEPT).with("expected", "a list of at most 1000 tokens of found duplicates");
        accepted.say(tokens.ok_or_else(expected)?);
    }
    Ok(body.to_string().into_bytes())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads JSON. A field that nobody knows is named as such: a typo must not go unnoticed, nor look like broken JSON.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(text).map_err(|error| {
        let note = error.to_string();
        match note.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
            Some((field, _)) => Violation::new("field.unknown", field).into(),
            None => Problem::malformed(note),
        }
    })
}
