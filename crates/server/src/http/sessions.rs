//! One's own sessions.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::identity;

use super::show::{Answer, done, id, json};
use crate::app::App;
use crate::edge::Caller;
use crate::openapi::schemas;

/// Where one is signed in.
///
/// `last_seen_at` is exact to a few minutes; `this` marks the session that asks.
#[utoipa::path(get, path = "/me/sessions", tag = "Me", responses((status = 200, body = schemas::Sessions)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, identity::sessions).await?))
}

/// End one's other sessions.
#[utoipa::path(delete, path = "/me/sessions", tag = "Me", responses((status = 204)))]
pub async fn end_others(State(app): State<App>, caller: Caller) -> Answer {
    app.door.write(&caller, identity::end_other_sessions).await?;
    app.live.look_again();
    Ok(done())
}

/// End a session of one's own.
///
/// Its stream of events ends with it.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "Me", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = schemas::Problem)))]
pub async fn end(State(app): State<App>, caller: Caller, Path(session): Path<String>) -> Answer {
    let session = id(&session)?;
    app.door.write(&caller, move |cx, tx| identity::end_session(cx, tx, session)).await?;
    app.live.look_again();
    Ok(done())
}
