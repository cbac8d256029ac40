//! Deals as they stand, and what is expected of them.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::analysis::{self, PipelineDealsRequest, PipelineRequest};
use stagecraft_core::forecast::{self, Adjust, DealsRequest, ForecastRequest, GridRequest, HistoryRequest, Submit, Wanted, Withdraw};

use super::analysis::{ready, show};
use super::once::Once;
use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// The pipeline.
///
/// Deals in progress as they stand now, by stage, owner, department, product, source or forecast category: how many, their amounts, their
/// forecast amounts (*weighted*) and how long ago they were created on average; and those that are won. Deals count that meet the filter
/// and that the caller sees; those in the recycle bin or in review do not. Amounts are in the main currency. With `format` a file, for those who may export opportunities.
#[utoipa::path(get, path = "/analysis/pipeline", tag = "Analysis", params(schemas::PipelineQuery), responses((status = 200, body = schemas::Pipeline)))]
pub async fn pipeline(State(app): State<App>, caller: Caller, Params(request): Params<PipelineRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::pipeline_told(cx, tx, house.analysis(), &request)).await?;
    show(&app, &caller, told).await
}

/// The deals behind a figure of the pipeline.
#[utoipa::path(get, path = "/analysis/pipeline/deals", tag = "Analysis", params(schemas::PipelineDealsQuery), responses((status = 200, body = schemas::RecordsBehind)))]
pub async fn pipeline_deals(State(app): State<App>, caller: Caller, Params(request): Params<PipelineDealsRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::pipeline_deals(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}

/// The forecast.
///
/// What a month, a quarter or a fiscal year is expected to bring, for a person with his whole line, a department with all below it, or the whole
/// organisation: deals in progress by forecast category and the day on which they are to close, deals won in the period, what people have
/// said and what those above them made of it, and what is to be reached. Rows add up to the total. Only for whom one sees: oneself and those
/// below, departments that one leads; others are not there.
#[utoipa::path(get, path = "/analysis/forecast", tag = "Forecast", params(schemas::ForecastQuery),
    responses((status = 200, body = schemas::Forecast), (status = 404, body = schemas::Problem)))]
pub async fn forecast(State(app): State<App>, caller: Caller, Params(request): Params<ForecastRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| forecast::forecast_told(cx, tx, house.analysis(), &request)).await?;
    show(&app, &caller, told).await
}

/// The deals or orders behind a figure of the forecast.
#[utoipa::path(get, path = "/analysis/forecast/deals", tag = "Forecast", params(schemas::ForecastDealsQuery),
    responses((status = 200, body = schemas::RecordsBehind), (status = 404, body = schemas::Problem)))]
pub async fn forecast_deals(State(app): State<App>, caller: Caller, Params(request): Params<DealsRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| forecast::deals(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}

/// What somebody has said that a month will bring.
///
/// Everything that was said and everything that those above made of it, with how the deals stood each time; the latest first.
#[utoipa::path(get, path = "/analysis/forecast/history", tag = "Forecast", params(schemas::ForecastHistoryQuery),
    responses((status = 200, body = schemas::ForecastHistory), (status = 404, body = schemas::Problem)))]
pub async fn forecast_history(State(app): State<App>, caller: Caller, Params(request): Params<HistoryRequest>) -> Answer {
    let figures = figures(&app, &caller, request.clone()).await?;
    let told = app.door.read(&caller, move |cx, tx| forecast::history(cx, tx, &request, &figures)).await?;
    Ok(json(StatusCode::OK, told))
}

/// Say what a month will bring.
///
/// Of one's own deals, or of one's whole line where others report to one: the whole month, with what is won already. It may be said anew until
/// the month is over (`forecast.over`); nothing that was said is lost.
#[utoipa::path(post, path = "/analysis/forecast/submissions", tag = "Forecast", request_body = schemas::SubmitForecast, params(schemas::OnceHeader),
    responses((status = 200, body = schemas::ForecastHistory), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn submit(State(app): State<App>, caller: Caller, body: Body<Submit>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let of = HistoryRequest { person: None, period: Some(body.value.period.clone()), covers: Some(body.value.covers) };
    let figures = figures(&app, &caller, of.clone()).await?;
    let (status, told) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(cx, tx, |tx| forecast::submit(cx, tx, &body.value, &figures), |tx, _| forecast::history(cx, tx, &of, &figures))
        })
        .await?;
    Ok(json(status, told))
}

/// Put otherwise what somebody below has said.
///
/// With a note that says why. It stands, in every sum above, until it is withdrawn or put otherwise again.
#[utoipa::path(post, path = "/analysis/forecast/adjustments", tag = "Forecast", request_body = schemas::AdjustForecast, params(schemas::OnceHeader),
    responses((status = 200, body = schemas::ForecastHistory), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn adjust(State(app): State<App>, caller: Caller, body: Body<Adjust>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let (person, period) = (Some(body.value.person.clone()), Some(body.value.period.clone()));
    let of = HistoryRequest { person, period, covers: Some(body.value.covers) };
    let figures = figures(&app, &caller, of.clone()).await?;
    let (status, told) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(cx, tx, |tx| forecast::adjust(cx, tx, &body.value, &figures), |tx, _| forecast::history(cx, tx, &of, &figures))
        })
        .await?;
    Ok(json(status, told))
}

/// Withdraw an adjustment.
///
/// What was said holds again.
#[utoipa::path(post, path = "/analysis/forecast/adjustments/withdraw", tag = "Forecast", request_body = schemas::WithdrawAdjustment,
    params(schemas::OnceHeader),
    responses((status = 200, body = schemas::ForecastHistory), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn withdraw(State(app): State<App>, caller: Caller, body: Body<Withdraw>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let (person, period) = (Some(body.value.person.clone()), Some(body.value.period.clone()));
    let of = HistoryRequest { person, period, covers: Some(body.value.covers) };
    let figures = figures(&app, &caller, of.clone()).await?;
    let (status, told) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(cx, tx, |tx| forecast::withdraw(cx, tx, &body.value, &figures), |tx, _| forecast::history(cx, tx, &of, &figures))
        })
        .await?;
    Ok(json(status, told))
}

/// How the deals stand of which somebody speaks: told from memory, and so by a read of its own.
async fn figures(app: &App, caller: &Caller, of: HistoryRequest) -> Result<Value, crate::problem::Problem> {
    ready(app).await?;
    let house = app.door.house().clone();
    app.door.read(caller, move |cx, tx| forecast::figures_now(cx, tx, house.analysis(), &of)).await
}

/// Targets of a fiscal year.
///
/// Of oneself and those below, and of departments that one leads; of everybody for those who see everything. A department comes before its
/// people and those below it. `effective` tells what holds for each period: what was set for it, else the sum of its parts.
#[utoipa::path(get, path = "/targets", tag = "Forecast", params(schemas::TargetsQuery),
    responses((status = 200, body = schemas::Targets), (status = 404, body = schemas::Problem)))]
pub async fn targets(State(app): State<App>, caller: Caller, Params(request): Params<GridRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| forecast::grid(cx, tx, &request)).await?))
}

/// Set targets.
///
/// Administrators for all, managers for those below them, heads for departments below theirs. What is left out stays; null takes away. All of it is
/// saved or nothing; a row whose version is another one meanwhile is a conflict (409 with the present grid).
#[utoipa::path(put, path = "/targets", tag = "Forecast", request_body = schemas::SetTargets,
    responses((status = 200, body = schemas::Targets), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn set_targets(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| forecast::save(cx, tx, &body.value)).await?))
}
