//! The signed-in person: settings, password, tokens.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json as object;
use stagecraft_core::Purpose;
use stagecraft_core::identity::{self, ChangePassword, CreateToken, UpdateMe};
use stagecraft_core::recent::{self, LookedAt};

use super::once::Once;
use super::show::{Answer, done, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// `POST /people/{id}/password`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    pub password: String,
}

/// Who one is, and what one may do.
#[utoipa::path(get, path = "/me", tag = "Me", responses((status = 200, body = schemas::Me), (status = 401, body = schemas::Problem)))]
pub async fn me(State(app): State<App>, caller: Caller) -> Answer {
    // Also for one who has yet to set up a second factor: it says so.
    let caller = caller.with_purpose(Purpose::Enrolling);
    Ok(json(StatusCode::OK, app.door.read(&caller, identity::me).await?))
}

/// Choose one's language and time zone.
#[utoipa::path(patch, path = "/me", tag = "Me", request_body = schemas::UpdateMe,
    responses((status = 200, body = schemas::Me), (status = 422, body = schemas::Problem)))]
pub async fn update_me(State(app): State<App>, caller: Caller, body: Body<UpdateMe>) -> Answer {
    app.door.write(&caller, move |cx, tx| identity::update_me(cx, tx, &body.value)).await?;
    Ok(json(StatusCode::OK, app.door.read(&caller, identity::me).await?))
}

/// Change one's password.
///
/// Ends one's other sessions.
#[utoipa::path(post, path = "/me/password", tag = "Me", request_body = schemas::ChangePassword,
    responses((status = 204), (status = 422, body = schemas::Problem)))]
pub async fn change_password(State(app): State<App>, caller: Caller, body: Body<ChangePassword>) -> Answer {
    let credential = caller.credential.clone();
    app.door.run(Lane::Hash, move |house, limits| identity::change_password(house, &credential, limits, &body.value)).await?;
    app.live.look_again();
    Ok(done())
}

/// One's access tokens.
#[utoipa::path(get, path = "/me/tokens", tag = "Me", responses((status = 200, body = schemas::Tokens)))]
pub async fn tokens(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, identity::tokens).await?))
}

/// Make an access token.
///
/// Its secret is told in this answer and never again; a repetition with the same Idempotency-Key does not tell it either.
#[utoipa::path(post, path = "/me/tokens", tag = "Me", request_body = schemas::CreateToken,
    responses((status = 201, body = schemas::Token), (status = 422, body = schemas::Problem)))]
pub async fn create_token(State(app): State<App>, caller: Caller, body: Body<CreateToken>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, token) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(cx, tx, |tx| identity::create_token(cx, tx, &body.value), |_, made| {
                Ok(object!({"id": made.record.map(|id| id.to_string()), "name": body.value.name.trim(), "expires_at": body.value.expires_at}))
            })
        })
        .await?;
    Ok(json(status, token))
}

/// Revoke an access token.
#[utoipa::path(delete, path = "/me/tokens/{id}", tag = "Me", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = schemas::Problem)))]
pub async fn revoke_token(State(app): State<App>, caller: Caller, Path(token): Path<String>) -> Answer {
    let token = id(&token)?;
    app.door.write(&caller, move |cx, tx| identity::revoke_token(cx, tx, token)).await?;
    app.live.look_again();
    Ok(done())
}

/// What one has looked at last.
///
/// The last 20 records, the latest first, as far as one still sees them.
#[utoipa::path(get, path = "/me/recent", tag = "Me", responses((status = 200, body = schemas::Recent)))]
pub async fn recent(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, recent::list).await?))
}

/// Note that one looks at a record.
#[utoipa::path(post, path = "/me/recent", tag = "Me", request_body = schemas::LookedAt,
    responses((status = 204), (status = 404, body = schemas::Problem)))]
pub async fn look_at(State(app): State<App>, caller: Caller, body: Body<LookedAt>) -> Answer {
    app.door.write(&caller, move |cx, tx| recent::note(cx, tx, &body.value)).await?;
    Ok(done())
}

/// Let a person sign in with a password.
///
/// Administrators only. Ends the person's sessions.
#[utoipa::path(post, path = "/people/{id}/password", tag = "People", params(("id" = String, Path)), request_body = schemas::SetPassword,
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn set_password(State(app): State<App>, caller: Caller, Path(person): Path<String>, body: Body<SetPassword>) -> Answer {
    let person = id(&person)?;
    let password = body.value.password;
    // Whether he may comes before the work of hashing.
    let typed = password.clone();
    app.door.read(&caller, move |cx, tx| identity::may_set_password(cx, tx, person, &typed)).await?;
    let hash = app.door.run(Lane::Hash, move |_, _| identity::hash_password(&password)).await?;
    app.door.write(&caller, move |cx, tx| identity::set_password(cx, tx, person, &hash)).await?;
    app.live.look_again();
    Ok(done())
}
