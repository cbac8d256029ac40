//! Rules by which a record counts as one that there is already, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use serde_json::Value;
use stagecraft_core::duplicates::{self, WantedRule};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Duplicate rules.
///
/// By object and name. Administrators only.
#[utoipa::path(get, path = "/duplicate-rules", tag = "Duplicates",
    responses((status = 200, body = schemas::DuplicateRules), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, duplicates::list).await?))
}

/// One duplicate rule.
///
/// Administrators only.
#[utoipa::path(get, path = "/duplicate-rules/{id}", tag = "Duplicates", params(("id" = String, Path)),
    responses((status = 200, body = schemas::DuplicateRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let rule = id(&rule)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| duplicates::one(cx, tx, rule)).await?))
}

/// Make a duplicate rule.
///
/// Two records are alike where all rows of one of the groups hold. The next save obeys it, on every server. Administrators only.
#[utoipa::path(post, path = "/duplicate-rules", tag = "Duplicates", request_body = schemas::SaveDuplicateRule, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::DuplicateRule), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<WantedRule>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, rule) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| duplicates::save(cx, tx, None, None, &body.value);
            once.run(cx, tx, first, |tx, made| made.record.map_or(Ok(Value::Null), |rule| duplicates::one(cx, tx, rule)))
        })
        .await?;
    Ok(versioned(status, rule))
}

/// Replace a duplicate rule.
///
/// The whole of it, as `GET` gave it; its object stays. Administrators only.
#[utoipa::path(put, path = "/duplicate-rules/{id}", tag = "Duplicates", request_body = schemas::SaveDuplicateRule,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::DuplicateRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(rule): Path<String>, body: Body<WantedRule>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| duplicates::save(cx, tx, Some(rule), seen, &body.value)).await?))
}

/// Remove a duplicate rule.
///
/// What went on over it stays on record. Administrators only.
#[utoipa::path(delete, path = "/duplicate-rules/{id}", tag = "Duplicates", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| duplicates::delete(cx, tx, rule, seen)).await?;
    Ok(done())
}
