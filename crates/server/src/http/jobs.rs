//! Jobs: work that goes on after the answer.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::jobs::{self, JobsRequest};

use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// Jobs, the newest first.
///
/// Administrators see all of them, others those that they asked for; 50 a page.
#[utoipa::path(get, path = "/jobs", tag = "Jobs",
    params(("state" = Option<String>, Query, description = "`waiting`, `running`, `done`, `failed` or `cancelled`."), ("kind" = Option<String>, Query),
        ("mine" = Option<bool>, Query, description = "Only those that the caller asked for."), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = schemas::Jobs), (status = 422, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(asked): Params<JobsRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| jobs::list(cx, tx, &asked)).await?))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{id}", tag = "Jobs", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Job), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(job): Path<String>) -> Answer {
    let job = id(&job)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| jobs::one(cx, tx, job)).await?))
}

/// Try a failed job again.
///
/// Administrators, and whoever asked for a bulk act.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "Jobs", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Job), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn retry(State(app): State<App>, caller: Caller, Path(job): Path<String>, body: Body<Value>) -> Answer {
    let job = id(&job)?;
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let (status, job) =
        app.door.write(&caller, move |cx, tx| once.run(cx, tx, |tx| jobs::retry(cx, tx, job), |tx, _| jobs::one(cx, tx, job))).await?;
    Ok(json(status, job))
}

/// Give a job up.
///
/// A bulk act that waits or goes on: what it has done stands, and can be undone. Administrators, and whoever asked for it.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "Jobs", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Job), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn cancel(State(app): State<App>, caller: Caller, Path(job): Path<String>, body: Body<Value>) -> Answer {
    let job = id(&job)?;
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let (status, job) =
        app.door.write(&caller, move |cx, tx| once.run(cx, tx, |tx| jobs::cancel_one(cx, tx, job), |tx, _| jobs::one(cx, tx, job))).await?;
    Ok(json(status, job))
}
