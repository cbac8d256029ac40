//! Sharing rules, as documents.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use model::Id;
use serde::Deserialize;
use serde_json::Value;
use stagecraft_core::sharing::{self, Preview, Wanted};
use stagecraft_core::{Limits, jobs};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;
use crate::problem::Problem;

/// How long the answer waits for what a rule gives.
const PATIENCE: Duration = Duration::from_secs(2);

/// The query of `GET /sharing-rules`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    pub object: Option<String>,
}

/// Sharing rules.
///
/// By object and name. Administrators only.
#[utoipa::path(get, path = "/sharing-rules", tag = "Sharing",
    params(("object" = Option<String>, Query, description = "Rules of this object; of all when absent.", example = "opportunity")),
    responses((status = 200, body = schemas::SharingRules), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(of): Params<Of>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| sharing::list(cx, tx, of.object.as_deref())).await?))
}

/// One sharing rule.
///
/// Administrators only.
#[utoipa::path(get, path = "/sharing-rules/{id}", tag = "Sharing", params(("id" = String, Path)),
    responses((status = 200, body = schemas::SharingRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let rule = id(&rule)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| sharing::one(cx, tx, rule)).await?))
}

/// How many records a condition means.
///
/// Those in the recycle bin are not counted. Administrators only.
#[utoipa::path(post, path = "/sharing-rules/preview", tag = "Sharing", request_body = schemas::SharingPreview,
    responses((status = 200, body = schemas::SharingCount), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn preview(State(app): State<App>, caller: Caller, body: Body<Preview>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| sharing::preview(cx, tx, &body.value)).await?))
}

/// Make a sharing rule.
///
/// Records that meet the condition are given to these people, departments (all in them and below) and groups. The condition looks at the
/// record's own stored fields only (`sharing.condition_not_own`). Where many records are concerned the rule is `settling` for a while.
/// Administrators only.
#[utoipa::path(post, path = "/sharing-rules", tag = "Sharing", request_body = schemas::SaveSharingRule, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::SharingRule), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let ((status, rule), job) = app
        .door
        .write(&caller, move |cx, tx| {
            let mut job = None;
            let first = |tx: &mut Write| {
                let (rule, begun) = sharing::save(cx, tx, None, None, &body.value)?;
                job = begun;
                Ok(rule)
            };
            let made = once.run(cx, tx, first, |tx, made| made.record.map_or(Ok(Value::Null), |rule| sharing::one(cx, tx, rule)))?;
            Ok((made, job))
        })
        .await?;
    settled(&app, &caller, status, rule, job).await
}

/// Replace a sharing rule.
///
/// The whole of it, as `GET` gave it; its object stays. Administrators only.
#[utoipa::path(put, path = "/sharing-rules/{id}", tag = "Sharing", request_body = schemas::SaveSharingRule,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::SharingRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(rule): Path<String>, body: Body<Wanted>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    let (saved, job) = app.door.write(&caller, move |cx, tx| sharing::save(cx, tx, Some(rule), seen, &body.value)).await?;
    settled(&app, &caller, StatusCode::OK, saved, job).await
}

/// Take a sharing rule back.
///
/// With everything that it has given. Administrators only.
#[utoipa::path(delete, path = "/sharing-rules/{id}", tag = "Sharing", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    let job = app.door.write(&caller, move |cx, tx| sharing::delete(cx, tx, rule, seen)).await?;
    work_on(&app, job).await?;
    Ok(done())
}

/// The rule as it stands after a moment's work on what it gives.
async fn settled(app: &App, caller: &Caller, status: StatusCode, saved: Value, job: Option<Id>) -> Answer {
    let rule: Option<Id> = saved["id"].as_str().and_then(|id| id.parse().ok());
    let (Some(rule), Some(_)) = (rule, job) else { return Ok(versioned(status, saved)) };
    work_on(app, job).await?;
    Ok(versioned(status, app.door.read(caller, move |cx, tx| sharing::one(cx, tx, rule)).await?))
}

async fn work_on(app: &App, job: Option<Id>) -> Result<(), Problem> {
    match job {
        Some(job) => app.door.run(Lane::Slow, move |house, _: Limits| jobs::run(house, job, PATIENCE)).await,
        None => Ok(()),
    }
}
