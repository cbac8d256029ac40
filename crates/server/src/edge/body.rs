//! The JSON body of a request.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use model::Violation;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A typed body, and the text that it was read from.
pub struct Body<T> {
    pub value: T,
    pub text: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let is_json = is_json(request.headers());
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
        Ok(Body { value: read(&text)?, text })
    }
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
