//! One's own second factor.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::Purpose;
use stagecraft_core::identity::{self, BeginSecondFactor, ConfirmSecondFactor, ProveSecondFactor};

use super::show::{Answer, done, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// How one's second factor stands.
#[utoipa::path(get, path = "/me/second-factor", tag = "Me", responses((status = 200, body = schemas::SecondFactor)))]
pub async fn read(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller.with_purpose(Purpose::Enrolling), identity::second_factor).await?))
}

/// Begin a second factor.
///
/// Answers the secret for an authenticator app, as a text, as an `otpauth` address and as a picture (SVG). Nothing is asked for until
/// a code confirms it. Takes the password, unless one has signed in within the last ten minutes.
#[utoipa::path(post, path = "/me/second-factor", tag = "Me", request_body = schemas::BeginSecondFactor,
    responses((status = 200, body = schemas::Enrolment), (status = 422, body = schemas::Problem)))]
pub async fn begin(State(app): State<App>, caller: Caller, body: Body<BeginSecondFactor>) -> Answer {
    let credential = caller.with_purpose(Purpose::Enrolling).credential;
    let run = move |house: &_, limits| identity::begin_second_factor(house, &credential, limits, &body.value);
    Ok(json(StatusCode::OK, app.door.run(Lane::Hash, run).await?))
}

/// Confirm it by a first code.
///
/// From now on a code is asked for at signing in. The recovery codes are told in this answer and never again.
#[utoipa::path(post, path = "/me/second-factor/confirm", tag = "Me", request_body = schemas::Code,
    responses((status = 200, body = schemas::RecoveryCodes), (status = 422, body = schemas::Problem)))]
pub async fn confirm(State(app): State<App>, caller: Caller, body: Body<ConfirmSecondFactor>) -> Answer {
    let caller = caller.with_purpose(Purpose::Enrolling);
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| identity::confirm_second_factor(cx, tx, &body.value)).await?))
}

/// Turn one's second factor off.
///
/// Takes a code, or the password.
#[utoipa::path(post, path = "/me/second-factor/disable", tag = "Me", request_body = schemas::ProveSecondFactor,
    responses((status = 204), (status = 422, body = schemas::Problem)))]
pub async fn disable(State(app): State<App>, caller: Caller, body: Body<ProveSecondFactor>) -> Answer {
    let credential = caller.credential;
    app.door.run(Lane::Hash, move |house, limits| identity::disable_second_factor(house, &credential, limits, &body.value)).await?;
    Ok(done())
}

/// New recovery codes.
///
/// Instead of those that are left. Takes a code, or the password.
#[utoipa::path(post, path = "/me/second-factor/recovery-codes", tag = "Me", request_body = schemas::ProveSecondFactor,
    responses((status = 200, body = schemas::RecoveryCodes), (status = 422, body = schemas::Problem)))]
pub async fn recovery_codes(State(app): State<App>, caller: Caller, body: Body<ProveSecondFactor>) -> Answer {
    let credential = caller.credential;
    let run = move |house: &_, limits| identity::remake_recovery_codes(house, &credential, limits, &body.value);
    Ok(json(StatusCode::OK, app.door.run(Lane::Hash, run).await?))
}
