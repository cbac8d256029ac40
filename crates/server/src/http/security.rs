//! What administrators see and do of how people sign in.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value as Json;
use stagecraft_core::identity::{self, UpdateSignIn};

use super::provider::redirect_uri;
use super::show::{Answer, done, id, json};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// How one signs in.
///
/// Administrators only.
#[utoipa::path(get, path = "/sign-in-settings", tag = "Definitions",
    responses((status = 200, body = schemas::SignInSettings), (status = 403, body = schemas::Problem)))]
pub async fn settings(State(app): State<App>, caller: Caller) -> Answer {
    let settings = app.door.read(&caller, identity::sign_in_settings).await?;
    Ok(json(StatusCode::OK, with_redirect_uri(settings, &caller)))
}

/// Change how one signs in.
///
/// Administrators only. Each member is given whole; what is absent stays. What is settled holds for running sessions too.
#[utoipa::path(patch, path = "/sign-in-settings", tag = "Definitions", request_body = schemas::UpdateSignInSettings, params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::SignInSettings), (status = 403, body = schemas::Problem), (status = 409, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn update_settings(State(app): State<App>, caller: Caller, body: Body<UpdateSignIn>) -> Answer {
    let seen = caller.version()?;
    let settings = app.door.write(&caller, move |cx, tx| identity::update_sign_in(cx, tx, seen, &body.value)).await?;
    // Sessions may have become too long.
    app.live.look_again();
    Ok(json(StatusCode::OK, with_redirect_uri(settings, &caller)))
}

fn with_redirect_uri(mut settings: Json, caller: &Caller) -> Json {
    settings["redirect_uri"] = redirect_uri(caller).into();
    settings
}

/// How a person signs in, and where he is signed in.
///
/// Administrators only.
#[utoipa::path(get, path = "/people/{id}/security", tag = "People", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Security), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn security(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| identity::security(cx, tx, person)).await?))
}

/// End all sessions of a person.
///
/// Administrators only; of oneself, all others.
#[utoipa::path(delete, path = "/people/{id}/sessions", tag = "People", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn end_sessions(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    app.door.write(&caller, move |cx, tx| identity::end_sessions_of(cx, tx, person)).await?;
    app.live.look_again();
    Ok(done())
}

/// End one session of a person.
///
/// Administrators only.
#[utoipa::path(delete, path = "/people/{id}/sessions/{session}", tag = "People", params(("id" = String, Path), ("session" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn end_session(State(app): State<App>, caller: Caller, Path((person, session)): Path<(String, String)>) -> Answer {
    let (person, session) = (id(&person)?, id(&session)?);
    app.door.write(&caller, move |cx, tx| identity::end_session_of(cx, tx, person, session)).await?;
    app.live.look_again();
    Ok(done())
}

/// Let a person try again at once whose account rests after too many failures.
///
/// Administrators only.
#[utoipa::path(post, path = "/people/{id}/unlock", tag = "People", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn unlock(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    app.door.write(&caller, move |cx, tx| identity::unlock(cx, tx, person)).await?;
    Ok(done())
}

/// Forget a person's second factor.
///
/// Administrators only: the phone is lost, and so are the recovery codes.
#[utoipa::path(post, path = "/people/{id}/reset-second-factor", tag = "People", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn reset_second_factor(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    app.door.write(&caller, move |cx, tx| identity::reset_second_factor(cx, tx, person)).await?;
    Ok(done())
}

/// Forget who a person is at the sign-in provider.
///
/// Administrators only. The next sign-in there finds him by his verified e-mail once more.
#[utoipa::path(post, path = "/people/{id}/unlink", tag = "People", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn unlink(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    app.door.write(&caller, move |cx, tx| identity::unlink(cx, tx, person)).await?;
    Ok(done())
}
