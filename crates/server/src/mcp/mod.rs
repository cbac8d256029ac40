//! What assistants do: the Model Context Protocol at `/mcp`.
//!
//! A tool is a call of the API, or a few of them, described for an assistant. [`asking`] sends it through the API's own routes inside
//! this process, so that rights, rules, limits and words are those of the API, and there is no second way to anything. Whatever changes
//! something is tried first: all of it is done and undone, and the answer is a [`plan`] without which the same call changes nothing.

mod answers;
mod asking;
mod call;
mod guide;
mod plan;
mod reading;
mod running;
mod schema;
mod tools;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::edge::own_address;
use crate::problem::Problem;
use asking::Asking;
use running::Running;
use wire::Message;

/// Bytes of a message.
const MESSAGE: usize = 1 << 20;
/// Messages that may come together, as an old version of the protocol has it.
const TOGETHER: usize = 20;
/// The header that tells one client's conversation from another's.
const SESSION: &str = "mcp-session-id";
/// The header by which a client names the version that was agreed on.
const VERSION: &str = "mcp-protocol-version";

/// What all conversations share.
#[derive(Clone)]
pub struct Mcp(Arc<Inner>);

struct Inner {
    app: App,
    /// The API, as it is asked inside.
    api: Router,
    running: Running,
}

/// The routes of the protocol.
pub fn routes<S: Clone + Send + Sync + 'static>(app: App, api: Router) -> Router<S> {
    let mcp = Mcp(Arc::new(Inner { app, api, running: Running::default() }));
    Router::new().route("/mcp", post(answer)).with_state(mcp)
}

async fn answer(State(mcp): State<Mcp>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let app = &mcp.0.app;
    if is_foreign(&parts, app) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "assistant.origin"));
    }
    // A browser's cookie opens nothing here: a page elsewhere could make the browser send it.
    if !parts.headers.contains_key(header::AUTHORIZATION) {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "auth.required"));
    }
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").trim().to_owned();
    if !text("content-type").to_ascii_lowercase().starts_with("application/json") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type"));
    }
    let (version, session) = (text(VERSION), text(SESSION));
    if !version.is_empty() && !wire::VERSIONS.contains(&version.as_str()) {
        return Err(Problem::malformed(format!("{VERSION}: {}", wire::VERSIONS.join(", "))));
    }
    let asking = Asking::of(mcp.clone(), parts, session).await?;
    let body = to_bytes(body, MESSAGE).await.map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large"))?;
    let sent: Json = serde_json::from_slice(&body).map_err(|error| Problem::malformed(error.to_string()))?;
    if let Json::Array(messages) = &sent {
        if messages.is_empty() || messages.len() > TOGETHER {
            return Err(Problem::malformed(format!("1 to {TOGETHER} messages at once")));
        }
        let mut answers = Vec::new();
        for message in messages {
            answers.extend(one(&asking, message).await);
        }
        return Ok(if answers.is_empty() { StatusCode::ACCEPTED.into_response() } else { axum::Json(answers).into_response() });
    }
    let Some(answer) = one(&asking, &sent).await else { return Ok(StatusCode::ACCEPTED.into_response()) };
    let begins = sent["method"] == "initialize" && !answer["result"].is_null();
    let mut response = axum::Json(answer).into_response();
    if begins && let Ok(value) = HeaderValue::from_str(&conversation()) {
        response.headers_mut().insert(SESSION, value);
    }
    Ok(response)
}

/// True for a page of another site that makes somebody's browser ask: where a name is made to lead to this machine, too.
fn is_foreign(parts: &Parts, app: &App) -> bool {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return false };
    own_address(parts, &app.edge).is_none_or(|own| !origin.as_bytes().eq_ignore_ascii_case(own.as_bytes()))
}

/// A number by which what one client cancels is told from another's. Nothing is kept of it.
fn conversation() -> String {
    rand::random::<[u8; 16]>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One message; a notice, and what was given up meanwhile, have no answer.
async fn one(asking: &Asking, message: &Json) -> Option<Json> {
    match wire::read(message) {
        Message::Asks { id, method, params } => {
            let work = asked(asking, method, params);
            let done = match asking.mcp.0.running.begin(asking.running(&id)) {
                Some(given_up) => tokio::select! {
                    done = work => done,
                    () = given_up.wait() => return None,
                },
                None => work.await,
            };
            Some(match done {
                Ok(result) => wire::result(&id, &result),
                Err(fault) => wire::error(&id, &fault),
            })
        }
        Message::Tells { method: "notifications/cancelled", params } => {
            asking.mcp.0.running.give_up(&asking.running(&params["requestId"]));
            None
        }
        Message::Tells { .. } => None,
        Message::Strange { id } => Some(wire::error(&id, &wire::Fault::new(wire::INVALID_REQUEST, "This is no request of JSON-RPC 2.0."))),
    }
}

async fn asked(asking: &Asking, method: &str, params: &Json) -> Result<Json, wire::Fault> {
    match method {
        "initialize" => Ok(json!({
            "protocolVersion": wire::agreed(params["protocolVersion"].as_str().unwrap_or("")),
            "capabilities": {"tools": {}, "resources": {}},
            "serverInfo": {"name": "stagecraft", "title": "Stagecraft", "version": env!("CARGO_PKG_VERSION")},
            "instructions": guide::INSTRUCTIONS,
        })),
        "ping" => Ok(json!({})),
        "tools/list" => Ok(json!({"tools": tools::described(asking)})),
        "tools/call" => call::call(asking, params).await,
        "resources/list" => Ok(reading::resources(asking).await),
        "resources/templates/list" => Ok(reading::templates()),
        "resources/read" => reading::resource(asking, params["uri"].as_str().unwrap_or("")).await,
        other => Err(wire::Fault::new(wire::NO_METHOD, &format!("There is no method {other} here."))),
    }
}
