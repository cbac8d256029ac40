//! Answers.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Id;
use serde_json::Value;

use crate::problem::Problem;

/// What a handler gives.
pub type Answer = Result<Response, Problem>;

/// A JSON answer.
pub fn json(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

/// A record with its ETag; the record is the body itself, or its `record`.
pub fn record(status: StatusCode, body: Value) -> Response {
    let tag = etag(body.get("record").unwrap_or(&body));
    let mut response = json(status, body);
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn etag(record: &Value) -> Option<HeaderValue> {
    let (version, revision) = (record.get("version")?.as_i64()?, record.get("revision")?.as_i64()?);
    HeaderValue::from_str(&format!("\"v{version}.r{revision}\"")).ok()
}

/// A document with its version as ETag.
pub fn versioned(status: StatusCode, document: Value) -> Response {
    let tag = document["version"].as_i64().and_then(|version| HeaderValue::from_str(&format!("\"v{version}\"")).ok());
    let mut response = json(status, document);
    if let Some(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A body that the client may keep while its tag holds.
pub fn tagged(headers: &HeaderMap, tag: &str, body: Value) -> Response {
    let tag = format!("\"{tag}\"");
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let same = known.flat_map(|line| line.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { json(StatusCode::OK, body) };
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// Nothing to say.
pub fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// An id of a path; what is not an id names nothing.
pub fn id(text: &str) -> Result<Id, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}
