//! Signing in by the provider: the way there, and the way back.
//!
//! Both are visits of the browser itself, so they answer with the page to go to, whatever happens; the sign-in page says what went wrong.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json as object;
use stagecraft_core::Error;
use stagecraft_core::identity::settings::Provider;
use stagecraft_core::identity::{self, Entered, Word};

use super::show::{Answer, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Anybody, Body, Caller, Params, flow_cookie, pending_cookie, session_cookie};
use crate::openapi::schemas;
use crate::problem::Problem;
use crate::provider::{Fault, Flow, local_path};

/// `GET /auth/provider`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    #[serde(default)]
    pub to: Option<String>,
}

/// `GET /auth/provider/callback`; providers add what they like.
#[derive(Deserialize)]
pub struct Callback {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub error: Option<String>,
    #[serde(default)]
    pub iss: Option<String>,
}

/// `POST /sign-in-settings/try-provider`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TryProvider {
    pub issuer: String,
}

/// What both ways must know.
struct Known {
    provider: Provider,
    secret: String,
    key: [u8; 32],
    now: i64,
}

async fn known(app: &App) -> Result<Known, &'static str> {
    let known = app
        .door
        .read_openly("to sign somebody in by the provider", |cx, tx| {
            let secret = identity::client_secret(tx)?.unwrap_or_default();
            let key = tx.key_for("the way to the sign-in provider");
            Ok(cx.meta.sign_in.active_provider().cloned().map(|provider| Known { provider, secret, key, now: cx.at.0 / 1_000_000 }))
        })
        .await;
    known.map_err(|problem| problem.code)?.ok_or("auth.provider_off")
}

/// Sign in by the provider.
///
/// Sends the browser to the provider; `to` is the page to come to afterwards. A visit, not a call of a program.
#[utoipa::path(get, path = "/auth/provider", tag = "Signing in", security(()), params(("to" = Option<String>, Query)), responses((status = 303)))]
pub async fn begin(State(app): State<App>, Anybody(caller): Anybody, Params(query): Params<Begin>) -> Response {
    let to = local_path(query.to.as_deref());
    match beginning(&app, &caller, &to).await {
        Ok((place, cookie)) => {
            let mut response = go(&place);
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(code) => refused(code, &to),
    }
}

async fn beginning(app: &App, caller: &Caller, to: &str) -> Result<(String, HeaderValue), &'static str> {
    let known = known(app).await?;
    let flow = Flow::new(&known.provider.issuer, &redirect_uri(caller).ok_or("auth.public_url_needed")?, to, known.now);
    let place = app.providers.beginning(&known.provider, &flow).await.map_err(|fault| told(&fault))?;
    Ok((place, flow_cookie(&flow.sealed(&known.key), flow.until - known.now, caller.peer.secure)))
}

/// Come back from the provider.
///
/// Begins a session, or leads to the code where our own second factor is asked for besides. A visit, not a call of a program.
#[utoipa::path(get, path = "/auth/provider/callback", tag = "Signing in", security(()),
    params(("code" = Option<String>, Query), ("state" = Option<String>, Query), ("error" = Option<String>, Query), ("iss" = Option<String>, Query)),
    responses((status = 303)))]
pub async fn callback(State(app): State<App>, Anybody(caller): Anybody, Params(query): Params<Callback>) -> Response {
    let secure = caller.peer.secure;
    let mut response = match entered(&app, &caller, query).await {
        Ok((Entered::SignedIn(signed_in), to)) => {
            let mut response = go(&to);
            response.headers_mut().append(header::SET_COOKIE, session_cookie(&signed_in.token, signed_in.max_age, secure));
            response
        }
        Ok((Entered::CodeNeeded(pending), to)) => {
            let mut response = go(&format!("/sign-in?step=code&to={}", escaped(&to)));
            response.headers_mut().append(header::SET_COOKIE, pending_cookie(&pending.token, pending.max_age, secure));
            response
        }
        Err((code, to)) => refused(code, &to),
    };
    // A way is gone once, whether or not it led anywhere.
    response.headers_mut().append(header::SET_COOKIE, flow_cookie("", 0, secure));
    response
}

async fn entered(app: &App, caller: &Caller, query: Callback) -> Result<(Entered, String), (&'static str, String)> {
    let nowhere = |code: &'static str| (code, "/".to_owned());
    let address = caller.peer.address;
    app.attempts.take(address).map_err(|_| nowhere("auth.too_many"))?;
    let known = known(app).await.map_err(nowhere)?;
    let flow = caller.flow.as_deref().and_then(|cookie| Flow::unsealed(cookie, &known.key, known.now));
    // Only the browser that was sent may come back, and only with the answer to its own question.
    let flow = flow.filter(|flow| query.state.as_deref() == Some(flow.state.as_str())).ok_or(nowhere("auth.sign_in_expired"))?;
    let to = flow.to.clone();
    let word = word(app, &known, &flow, query).await.map_err(|code| (code, to.clone()))?;
    let origin = caller.origin();
    let entered = app.door.run(Lane::Write, move |house, limits| identity::enter_by_provider(house, limits, &word, &origin)).await;
    let entered = entered.map_err(|problem| (problem.code, to.clone()))?;
    app.attempts.give_back(address);
    Ok((entered, to))
}

async fn word(app: &App, known: &Known, flow: &Flow, query: Callback) -> Result<Word, &'static str> {
    if let Some(error) = query.error {
        tracing::info!(error = %error.chars().take(100).collect::<String>().escape_debug(), "the sign-in provider has refused somebody");
        return Err("auth.provider_refused");
    }
    // The settings may have changed meanwhile, and an answer may be another provider's (RFC 9207).
    if flow.issuer != known.provider.issuer || query.iss.is_some_and(|issuer| issuer != flow.issuer) {
        return Err("auth.provider_invalid");
    }
    let code = query.code.filter(|code| !code.is_empty()).ok_or("auth.provider_invalid")?;
    app.providers.word(&known.provider, &known.secret, flow, &code, known.now).await.map_err(|fault| told(&fault))
}

/// Try a provider out.
///
/// Administrators only. Asks it what a sign-in would ask: what it says of itself, and its keys.
#[utoipa::path(post, path = "/sign-in-settings/try-provider", tag = "Definitions", request_body = schemas::TryProvider,
    responses((status = 200, body = schemas::TriedProvider), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn try_out(State(app): State<App>, caller: Caller, body: Body<TryProvider>) -> Answer {
    let issuer = body.value.issuer.trim().to_owned();
    let named = issuer.clone();
    app.door
        .read(&caller, move |cx, _| {
            cx.administrators_only("edit", "organisation")?;
            if identity::settings::may_be_asked(&named) { Ok(()) } else { Err(Error::from(identity::settings::no_issuer("issuer"))) }
        })
        .await?;
    let answer = match app.providers.try_out(&issuer).await {
        Ok(keys) => object!({"ok": true, "keys": keys, "reason": null}),
        Err(fault) => object!({"ok": false, "keys": 0, "reason": fault.reason()}),
    };
    Ok(json(StatusCode::OK, answer))
}

/// Where the provider sends the browser back to; it must know this address beforehand.
pub fn redirect_uri(caller: &Caller) -> Option<String> {
    caller.own_address.as_ref().map(|address| format!("{address}/api/v1/auth/provider/callback"))
}

fn told(fault: &Fault) -> &'static str {
    tracing::warn!(reason = fault.reason(), "the sign-in provider's word cannot be had");
    fault.code()
}

fn refused(code: &str, to: &str) -> Response {
    let to = if to == "/" { String::new() } else { format!("&to={}", escaped(to)) };
    go(&format!("/sign-in?error={}{to}", escaped(code)))
}

fn escaped(text: &str) -> String {
    crate::provider::escaped(text)
}

fn go(place: &str) -> Response {
    let Ok(place) = HeaderValue::from_str(place) else { return Problem::not_found().into_response() };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, place);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
