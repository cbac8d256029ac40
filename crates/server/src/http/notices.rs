//! What one is told, and how one wishes to be told.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::notices::preferences::{self, Wanted};
use stagecraft_core::notices::{self, Mark, NoticesRequest};

use super::show::{Answer, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::messages::notices::{word, word_kinds};
use crate::openapi::schemas;

/// What one is told.
///
/// Newest first, worded in one's language. A notice about a record is there only while one sees the record. `unread` counts all that are
/// unread, not only those of the page. The stream of events tells of each as it comes (`notice`).
#[utoipa::path(get, path = "/notifications", tag = "Notices", params(schemas::NoticesQuery),
    responses((status = 200, body = schemas::Notices)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(request): Params<NoticesRequest>) -> Answer {
    let mut answer = app.door.read(&caller, move |cx, tx| notices::list(cx, tx, &request)).await?;
    word(&mut answer, caller.spoken.language(), &app.door.house().meta());
    Ok(json(StatusCode::OK, answer))
}

/// Mark notices as read.
///
/// By their ids, at most 500, or `all` of them, up to the instant `until` where that is given. Ids that are not one's own change nothing.
#[utoipa::path(post, path = "/notifications/read", tag = "Notices", request_body = schemas::MarkNotices,
    responses((status = 200, body = schemas::Unread), (status = 422, body = schemas::Problem)))]
pub async fn read(State(app): State<App>, caller: Caller, body: Body<Mark>) -> Answer {
    mark(app, caller, body, true).await
}

/// Mark notices as unread.
#[utoipa::path(post, path = "/notifications/unread", tag = "Notices", request_body = schemas::MarkNotices,
    responses((status = 200, body = schemas::Unread), (status = 422, body = schemas::Problem)))]
pub async fn unread(State(app): State<App>, caller: Caller, body: Body<Mark>) -> Answer {
    mark(app, caller, body, false).await
}

async fn mark(app: App, caller: Caller, body: Body<Mark>, is_read: bool) -> Answer {
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| notices::read(cx, tx, &body.value, is_read)).await?))
}

/// How one wishes to be told.
///
/// Every kind with what holds for it. `email_available` is false while no e-mail can be sent from here.
#[utoipa::path(get, path = "/me/notification-preferences", tag = "Notices",
    responses((status = 200, body = schemas::NoticePreferences)))]
pub async fn preferences(State(app): State<App>, caller: Caller) -> Answer {
    Ok(worded(&caller, app.door.read(&caller, preferences::show).await?))
}

/// Choose how one wishes to be told.
///
/// The whole of it, as `GET` gave it; kinds that are left out stay as they are.
#[utoipa::path(put, path = "/me/notification-preferences", tag = "Notices", request_body = schemas::SaveNoticePreferences,
    params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::NoticePreferences), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn choose(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let seen = caller.version()?;
    let saved = app.door.write(&caller, move |cx, tx| preferences::save(cx, tx, seen, &body.value)).await?;
    Ok(worded(&caller, saved))
}

fn worded(caller: &Caller, mut preferences: Value) -> axum::response::Response {
    word_kinds(&mut preferences, caller.spoken.language());
    versioned(StatusCode::OK, preferences)
}
