//! The live stream.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::App;
use crate::edge::{Caller, Params};
use crate::live;
use crate::openapi::schemas;
use crate::problem::Problem;

/// Where a stream begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    since: Option<String>,
}

/// What happens, as it happens.
///
/// Server-sent events: `hint` `{object, id, revision, columns, act}` for something one may see that has changed, `gone`
/// `{object, id}` for something one no longer sees, `meta` `{meta_version}` when definitions or rights have changed, `reset` `{}`
/// when too much was missed, `notice` `{unread, id, kind, title}` when one is told something (or, with nulls, when less is unread). Read again what you show. `Last-Event-ID` continues where a stream broke off.
#[utoipa::path(get, path = "/events", tag = "Live", params(schemas::EventsQuery),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 401, body = schemas::Problem), (status = 429, body = schemas::Problem)))]
pub async fn events(State(app): State<App>, caller: Caller, Params(from): Params<From>, headers: HeaderMap) -> Result<Response, Problem> {
    let last_seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()).or(from.since.as_deref());
    let stream = live::open(app, caller, last_seen).await?;
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)).text("still here")).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies hold an answer back until it is whole; this one never is.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
