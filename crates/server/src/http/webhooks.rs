//! Webhooks, as documents, and what was sent.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use model::{Violation, Violations};
use serde_json::Value;
use stagecraft_core::webhooks::{self, DeliveriesRequest, ReplayRequest, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// Webhooks.
///
/// By name. Administrators only.
#[utoipa::path(get, path = "/webhooks", tag = "Webhooks", responses((status = 200, body = schemas::Webhooks), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, webhooks::list).await?))
}

/// One webhook.
///
/// Administrators only. Its secret is not told again.
#[utoipa::path(get, path = "/webhooks/{id}", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Webhook), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(webhook): Path<String>) -> Answer {
    let webhook = id(&webhook)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| webhooks::one(cx, tx, webhook)).await?))
}

/// Make a webhook.
///
/// The answer holds its `secret`, this once. It is told of what happens from now on, as the caller sees it. Administrators only.
#[utoipa::path(post, path = "/webhooks", tag = "Webhooks", request_body = schemas::SaveWebhook, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::Webhook), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let against = against(&app, &body.value.address);
    let (status, made) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| webhooks::save(cx, tx, None, None, &body.value, against.clone());
            once.run(cx, tx, first, |tx, made| made.record.map_or(Ok(Value::Null), |webhook| webhooks::one(cx, tx, webhook)))
        })
        .await?;
    Ok(versioned(status, made))
}

/// Replace a webhook.
///
/// The whole of it, as `GET` gave it. From now on it sees with the eyes of whoever has saved it. Administrators only.
#[utoipa::path(put, path = "/webhooks/{id}", tag = "Webhooks", request_body = schemas::SaveWebhook,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Webhook), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(webhook): Path<String>, body: Body<Wanted>) -> Answer {
    let (webhook, seen) = (id(&webhook)?, caller.version()?);
    let against = against(&app, &body.value.address);
    let saved = app.door.write(&caller, move |cx, tx| webhooks::save(cx, tx, Some(webhook), seen, &body.value, against.clone())).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Delete a webhook.
///
/// With what it has sent and was to send. Administrators only.
#[utoipa::path(delete, path = "/webhooks/{id}", tag = "Webhooks", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(webhook): Path<String>) -> Answer {
    let (webhook, seen) = (id(&webhook)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| webhooks::delete(cx, tx, webhook, seen)).await?;
    Ok(done())
}

/// Give a new secret.
///
/// The answer holds it, this once. For a day both sign, the new one first. Administrators only.
#[utoipa::path(post, path = "/webhooks/{id}/secret", tag = "Webhooks", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Webhook), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn roll(State(app): State<App>, caller: Caller, Path(webhook): Path<String>, body: Body<Value>) -> Answer {
    let webhook = id(&webhook)?;
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let (status, rolled) = app
        .door
        .write(&caller, move |cx, tx| once.run(cx, tx, |tx| webhooks::roll(cx, tx, webhook), |tx, _| webhooks::one(cx, tx, webhook)))
        .await?;
    Ok(versioned(status, rolled))
}

/// Go on with a paused webhook.
///
/// What has happened meanwhile is told now. Administrators only.
#[utoipa::path(post, path = "/webhooks/{id}/resume", tag = "Webhooks", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Webhook), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn resume(State(app): State<App>, caller: Caller, Path(webhook): Path<String>, body: Body<Value>) -> Answer {
    let webhook = id(&webhook)?;
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let (status, resumed) = app
        .door
        .write(&caller, move |cx, tx| once.run(cx, tx, |tx| webhooks::resume(cx, tx, webhook), |tx, _| webhooks::one(cx, tx, webhook)))
        .await?;
    Ok(versioned(status, resumed))
}

/// Send a test event.
///
/// Of type `webhook.test`; the answer is its delivery, to be looked at again by `GET /webhooks/deliveries/{id}`. Administrators only.
#[utoipa::path(post, path = "/webhooks/{id}/test", tag = "Webhooks", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 202, body = schemas::WebhookDelivery), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn test(State(app): State<App>, caller: Caller, Path(webhook): Path<String>, body: Body<Value>) -> Answer {
    let webhook = id(&webhook)?;
    let once = Once::new(&caller, &body.text, StatusCode::ACCEPTED, false);
    let (status, delivery) = app
        .door
        .write(&caller, move |cx, tx| {
            let again = |tx: &mut Write, made: &stagecraft_core::idempotency::Done| {
                made.record.map_or(Ok(Value::Null), |delivery| webhooks::delivery(cx, tx, delivery))
            };
            once.run(cx, tx, |tx| webhooks::test(cx, tx, webhook), again)
        })
        .await?;
    Ok(json(status, delivery))
}

/// What was sent, and what waits.
///
/// The newest first, 50 a page; those that came to an end are kept for 30 days. Administrators only.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", tag = "Webhooks",
    params(("id" = String, Path), ("state" = Option<String>, Query, description = "`waiting`, `delivered` or `failed`."),
        ("record" = Option<String>, Query, description = "Only those about this record."), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = schemas::WebhookDeliveries), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    Path(webhook): Path<String>,
    Params(asked): Params<DeliveriesRequest>,
) -> Answer {
    let webhook = id(&webhook)?;
    let page = app.door.read(&caller, move |cx, tx| webhooks::deliveries(cx, tx, webhook, &asked)).await?;
    Ok(json(StatusCode::OK, page))
}

/// One delivery, with its attempts.
///
/// `body` is blank for whoever may not see all that the webhook sees. Administrators only.
#[utoipa::path(get, path = "/webhooks/deliveries/{id}", tag = "Webhooks", params(("id" = String, Path)),
    responses((status = 200, body = schemas::WebhookDelivery), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn delivery(State(app): State<App>, caller: Caller, Path(delivery): Path<String>) -> Answer {
    let delivery = id(&delivery)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| webhooks::delivery(cx, tx, delivery)).await?))
}

/// Send a delivery again.
///
/// The same body under the same `webhook-id`, so a receiver that has it already can tell. Administrators only.
#[utoipa::path(post, path = "/webhooks/deliveries/{id}/replay", tag = "Webhooks", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 202, body = schemas::WebhookDelivery), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replay(State(app): State<App>, caller: Caller, Path(delivery): Path<String>, body: Body<Value>) -> Answer {
    let delivery = id(&delivery)?;
    let once = Once::new(&caller, &body.text, StatusCode::ACCEPTED, false);
    let (status, queued) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(cx, tx, |tx| webhooks::replay(cx, tx, delivery), |tx, _| webhooks::delivery(cx, tx, delivery))
        })
        .await?;
    Ok(json(status, queued))
}

/// Send again what happened in a span of time.
///
/// In the order of each record's revisions, at most 10,000 deliveries; with `dry_run` they are only counted. Administrators only.
#[utoipa::path(post, path = "/webhooks/{id}/replay", tag = "Webhooks", request_body = schemas::ReplayWebhook,
    params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 202, body = schemas::ReplayedWebhook), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replay_span(State(app): State<App>, caller: Caller, Path(webhook): Path<String>, body: Body<ReplayRequest>) -> Answer {
    let webhook = id(&webhook)?;
    let once = Once::new(&caller, &body.text, StatusCode::ACCEPTED, body.value.dry_run);
    let (status, counted) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| webhooks::replay_span(cx, tx, webhook, &body.value);
            // They wait or have been sent again by now; how many there were is not kept.
            once.run(cx, tx, first, |_, _| Ok(serde_json::json!({"deliveries": null, "dry_run": false})))
        })
        .await?;
    Ok(json(status, counted))
}

fn against(app: &App, address: &str) -> Violations {
    if address.trim().is_empty() {
        return Violations::new();
    }
    app.telling.outside.judge(address.trim()).err().map(|refused| Violation::new(refused.code(), "address")).into_iter().collect()
}
