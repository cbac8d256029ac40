//! Own charts.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::charts::{self, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// The charts that one may use.
///
/// One's own and those shared with one, by name. A chart that names a field which one may not know of is not there.
#[utoipa::path(get, path = "/charts", tag = "Analysis", responses((status = 200, body = schemas::Charts)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, charts::list).await?))
}

/// One chart.
#[utoipa::path(get, path = "/charts/{id}", tag = "Analysis", params(("id" = String, Path)),
    responses((status = 200, body = schemas::KeptChart), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(chart): Path<String>) -> Answer {
    let chart = id(&chart)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| charts::one(cx, tx, chart)).await?))
}

/// Save a chart.
///
/// For oneself; administrators may share it.
#[utoipa::path(post, path = "/charts", tag = "Analysis", request_body = schemas::SaveChart, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::KeptChart), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, chart) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| charts::save(cx, tx, None, None, &body.value),
                |tx, made| made.record.map_or(Ok(Value::Null), |chart| charts::one(cx, tx, chart)),
            )
        })
        .await?;
    Ok(versioned(status, chart))
}

/// Replace a chart.
///
/// The whole of it, as `GET` gave it.
#[utoipa::path(put, path = "/charts/{id}", tag = "Analysis", request_body = schemas::SaveChart,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::KeptChart), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(chart): Path<String>, body: Body<Wanted>) -> Answer {
    let (chart, seen) = (id(&chart)?, caller.version()?);
    let saved = app.door.write(&caller, move |cx, tx| charts::save(cx, tx, Some(chart), seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Remove a chart.
#[utoipa::path(delete, path = "/charts/{id}", tag = "Analysis", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(chart): Path<String>) -> Answer {
    let chart = id(&chart)?;
    app.door.write(&caller, move |cx, tx| charts::delete(cx, tx, chart)).await?;
    Ok(done())
}
