//! How e-mail leaves the house, and what is on its way.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json as object};
use stagecraft_core::mail::{self, MailRequest, UpdateMail};

use super::show::{Answer, id, json, versioned};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;
use crate::post;

/// How e-mail leaves the house.
///
/// Administrators only. The password is never shown.
#[utoipa::path(get, path = "/organisation/mail", tag = "E-mail",
    responses((status = 200, body = schemas::MailSettings), (status = 403, body = schemas::Problem)))]
pub async fn settings(State(app): State<App>, caller: Caller) -> Answer {
    let settings = app.door.read(&caller, mail::read).await?;
    Ok(versioned(StatusCode::OK, with_links(&app, settings)))
}

/// Choose how e-mail leaves the house.
///
/// The whole of it; without a host none is sent. Administrators only; refused where the server's configuration says it (`mail.fixed`).
#[utoipa::path(put, path = "/organisation/mail", tag = "E-mail", request_body = schemas::SaveMailSettings, params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::MailSettings), (status = 403, body = schemas::Problem), (status = 409, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn update(State(app): State<App>, caller: Caller, body: Body<UpdateMail>) -> Answer {
    let seen = caller.version()?;
    let saved = app.door.write(&caller, move |cx, tx| mail::update(cx, tx, seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, with_links(&app, saved)))
}

fn with_links(app: &App, mut settings: Value) -> Value {
    settings["links"] = app.edge.public_url.clone().into();
    settings
}

/// Send an e-mail to oneself.
///
/// By the settings that hold, at once; what goes wrong is said as the mail server said it. Administrators only.
#[utoipa::path(post, path = "/organisation/mail/test", tag = "E-mail",
    responses((status = 200, body = schemas::MailTried), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn test(State(app): State<App>, caller: Caller) -> Answer {
    let (way, name, address, message_id) = app
        .door
        .read(&caller, |cx, tx| {
            let way = mail::to_try(cx, tx)?;
            Ok((way, cx.who.name.clone(), cx.who.email.clone(), cx.new_id()))
        })
        .await?;
    let language = caller.spoken.language();
    let to = address.clone();
    let tried = app
        .door
        .run(Lane::Slow, move |_, _| {
            let (settings, password) = way;
            Ok(post::try_out(&settings, password.as_ref(), &name, &to, language, &message_id.0.simple().to_string()))
        })
        .await?;
    Ok(json(StatusCode::OK, object!({"ok": tried.is_ok(), "address": address, "reason": tried.err()})))
}

/// E-mail on its way.
///
/// The newest first, with what became of each. Administrators only; what an e-mail says besides its subject is its reader's.
#[utoipa::path(get, path = "/mail", tag = "E-mail", params(schemas::MailQuery),
    responses((status = 200, body = schemas::Mails), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(request): Params<MailRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| mail::list(cx, tx, &request)).await?))
}

/// Try an e-mail that failed again.
///
/// Administrators only.
#[utoipa::path(post, path = "/mail/{id}/retry", tag = "E-mail", params(("id" = String, Path)),
    responses((status = 200, body = schemas::OneMail), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn retry(State(app): State<App>, caller: Caller, Path(mail): Path<String>) -> Answer {
    let one = id(&mail)?;
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| mail::retry(cx, tx, one)).await?))
}
