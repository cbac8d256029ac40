//! Jobs: work that goes on after the answer.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::jobs;

use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::Caller;
use crate::openapi::schemas;

/// The newest jobs.
///
/// Administrators only.
#[utoipa::path(get, path = "/jobs", tag = "Jobs", responses((status = 200, body = schemas::Jobs), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, jobs::list).await?))
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
/// Administrators only.
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "Jobs", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Job), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn retry(State(app): State<App>, caller: Caller, Path(job): Path<String>) -> Answer {
    let job = id(&job)?;
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| jobs::retry(cx, tx, job)).await?))
}
