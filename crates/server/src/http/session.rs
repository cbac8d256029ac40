//! Signing in and out, and the first set-up.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json as object;
use stagecraft_core::identity::{self, Entered, SetUp, SignedIn};
use stagecraft_core::{Credential, Ctx, Error, Purpose};

use super::show::{Answer, done, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Anybody, Body, Caller, cleared_cookie, pending_cookie, session_cookie};
use crate::openapi::schemas;
use crate::problem::Problem;

/// `POST /auth/login`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub email: String,
    pub password: String,
}

/// `POST /auth/second-factor`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
}

/// What the sign-in page must know.
///
/// Open to all. `needs_setup` is true while nobody can sign in; `demo_people` are there to pick from in a demo installation.
#[utoipa::path(get, path = "/setup", tag = "Signing in", security(()), responses((status = 200, body = schemas::SetupState)))]
pub async fn setup_state(State(app): State<App>) -> Answer {
    let state = app.door.read_openly("what the sign-in page must know", identity::setup_state).await?;
    Ok(json(StatusCode::OK, state))
}

/// Set up an empty installation.
///
/// Whoever comes first becomes its administrator and is signed in. Refused (`setup.done`) as soon as somebody can sign in.
#[utoipa::path(post, path = "/setup", tag = "Signing in", security(()), request_body = schemas::SetUp,
    responses((status = 200, body = schemas::Me), (status = 409, body = schemas::Problem)))]
pub async fn set_up(State(app): State<App>, Anybody(caller): Anybody, body: Body<SetUp>) -> Answer {
    caller.refuse_foreign()?;
    let (origin, wanted) = (caller.origin(), body.value);
    let signed_in = app.door.run(Lane::Hash, move |house, limits| identity::set_up(house, limits, &wanted, &origin)).await?;
    welcome(&app, &caller, signed_in).await
}

/// Sign in.
///
/// Sets the cookie `stagecraft_session`. An unknown e-mail and a wrong password answer the same; who fails too often waits. Where the
/// person has a second factor the answer is 202, and `POST /auth/second-factor` completes the sign-in within five minutes.
#[utoipa::path(post, path = "/auth/login", tag = "Signing in", security(()), request_body = schemas::Login,
    responses((status = 200, body = schemas::Me), (status = 202, body = schemas::CodeNeeded), (status = 401, body = schemas::Problem),
        (status = 403, body = schemas::Problem), (status = 429, body = schemas::Problem)))]
pub async fn log_in(State(app): State<App>, Anybody(caller): Anybody, body: Body<Login>) -> Answer {
    // Or a page could sign somebody in as somebody else, who then reads what he writes.
    caller.refuse_foreign()?;
    let address = caller.peer.address;
    app.attempts.take(address).map_err(|seconds| Problem::too_many("auth.too_many", seconds))?;
    let (origin, Login { email, password }) = (caller.origin(), body.value);
    let entered = app.door.run(Lane::Hash, move |house, limits| identity::sign_in(house, limits, &email, &password, &origin)).await?;
    app.attempts.give_back(address);
    match entered {
        Entered::SignedIn(signed_in) => welcome(&app, &caller, signed_in).await,
        Entered::CodeNeeded(pending) => {
            let mut response = json(StatusCode::ACCEPTED, object!({"code_needed": true, "expires_in": pending.max_age}));
            let cookie = pending_cookie(&pending.token, pending.max_age, caller.peer.secure);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
    }
}

/// Complete a sign-in by a code.
///
/// A code of the authenticator app, or a recovery code, each good once. Goes with the cookie `stagecraft_pending` that the first half
/// has set; wrong codes count as wrong passwords do.
#[utoipa::path(post, path = "/auth/second-factor", tag = "Signing in", security(()), request_body = schemas::Code,
    responses((status = 200, body = schemas::Me), (status = 401, body = schemas::Problem), (status = 429, body = schemas::Problem)))]
pub async fn second_factor(State(app): State<App>, Anybody(caller): Anybody, body: Body<Code>) -> Answer {
    caller.refuse_foreign()?;
    let address = caller.peer.address;
    let Some(pending) = caller.pending.clone() else { return Err(Error::Unauthenticated("auth.sign_in_expired").into()) };
    app.attempts.take(address).map_err(|seconds| Problem::too_many("auth.too_many", seconds))?;
    let (origin, code) = (caller.origin(), body.value.code);
    let signed_in =
        app.door.run(Lane::Write, move |house, limits| identity::sign_in_by_code(house, limits, &pending, &code, &origin)).await?;
    app.attempts.give_back(address);
    let mut response = welcome(&app, &caller, signed_in).await?;
    response.headers_mut().append(header::SET_COOKIE, pending_cookie("", 0, caller.peer.secure));
    Ok(response)
}

/// Sign out.
///
/// Ends the session of the cookie. One that is not there has ended already. Where one came by the sign-in provider and is to sign out there
/// as well, the answer says where.
#[utoipa::path(post, path = "/auth/logout", tag = "Signing in", security(("session" = [], "csrf" = []), ()),
    responses((status = 200, body = schemas::SignOut), (status = 204)))]
pub async fn log_out(State(app): State<App>, Anybody(caller): Anybody) -> Answer {
    let mut way_out = None;
    if let Credential::Session { token, csrf } = &caller.credential {
        // Nobody is signed out by a stranger's page, but a session that is over may go.
        let (credential, given) = (caller.with_purpose(Purpose::Enrolling).credential, csrf.clone());
        let (ended, origin) = (token.clone(), caller.origin());
        let provider = app
            .door
            .run(Lane::Write, move |house, limits| {
                let of_provider = |cx: &Ctx| {
                    cx.meta.sign_in.active_provider().filter(|provider| provider.sign_out_there && cx.proof.by_provider).cloned()
                };
                let provider = match house.read(&credential, limits.clone(), |cx, _| Ok((cx.csrf.clone(), of_provider(cx)))) {
                    Ok((csrf, _)) if csrf != given => return Err(Error::Unauthenticated("auth.csrf")),
                    Ok((_, provider)) => provider,
                    Err(Error::Unauthenticated(_)) => None,
                    Err(other) => return Err(other),
                };
                identity::sign_out(house, limits, &ended, &origin)?;
                Ok(provider)
            })
            .await?;
        app.live.session_ended(token);
        if let (Some(provider), Some(address)) = (provider, &caller.own_address) {
            way_out = app.providers.way_out(&provider, &format!("{address}/sign-in")).await;
        }
    }
    let mut response = match way_out {
        Some(place) => json(StatusCode::OK, object!({ "provider": place })),
        None => done(),
    };
    response.headers_mut().insert(header::SET_COOKIE, cleared_cookie(caller.peer.secure));
    Ok(response)
}

async fn welcome(app: &App, caller: &Caller, signed_in: SignedIn) -> Result<Response, Problem> {
    let cookie = session_cookie(&signed_in.token, signed_in.max_age, caller.peer.secure);
    let credential = Credential::Session { token: signed_in.token, csrf: None };
    let me = app.door.read(&caller.proven_by(credential).with_purpose(Purpose::Enrolling), identity::me).await?;
    let mut response = json(StatusCode::OK, me);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
