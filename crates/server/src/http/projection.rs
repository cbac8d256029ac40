//! What a period will bring by the organisation's own history.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::analysis::{self, BackTestRequest, ProjectionDealsRequest, ProjectionRequest};

use super::analysis::show;
use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// What a period will bring, by the organisation's own stage history.
///
/// How likely each open deal is won in the period follows from how deals went on before that stood in the same stage for as long, learnt from
/// all deals that the caller sees; new deals come as lately. The range from `p10` to `p90` is as wide as earlier projections erred. `reliable`
/// says whether it held: between 65 and 95 times out of a hundred; `why` says what stands against it. Amounts are in the main currency.
#[utoipa::path(get, path = "/analysis/projection", tag = "Analysis", params(schemas::ProjectionQuery), responses((status = 200, body = schemas::Projection)))]
pub async fn projection(State(app): State<App>, caller: Caller, Params(request): Params<ProjectionRequest>) -> Answer {
    let house = app.door.house().clone();
    let told = app.door.read_slowly(&caller, move |cx, tx| analysis::projection_told(cx, tx, house.courses(), &request)).await?;
    show(&app, &caller, told).await
}

/// The deals behind a projection.
///
/// Open ones with their chance to be won at all and in the period, when half of their like are won, and what they bring by that; those that
/// bring most first. Or those that were won in the period already.
#[utoipa::path(get, path = "/analysis/projection/deals", tag = "Analysis", params(schemas::ProjectionDealsQuery), responses((status = 200, body = schemas::RecordsBehind)))]
pub async fn projection_deals(State(app): State<App>, caller: Caller, Params(request): Params<ProjectionDealsRequest>) -> Answer {
    let house = app.door.house().clone();
    let told = app.door.read_slowly(&caller, move |cx, tx| analysis::projection_deals(cx, tx, house.courses(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}

/// How projections of past periods would have fallen.
///
/// Each made with nothing but what was known when its period began, beside naive methods: the win rates of stages, the same period of the
/// year before, the period before. The summary is about stretches of that length beginning with every month of two years.
#[utoipa::path(get, path = "/analysis/projection/back-test", tag = "Analysis", params(schemas::BackTestQuery), responses((status = 200, body = schemas::BackTest)))]
pub async fn projection_back_test(State(app): State<App>, caller: Caller, Params(request): Params<BackTestRequest>) -> Answer {
    let house = app.door.house().clone();
    let told = app.door.read_slowly(&caller, move |cx, tx| analysis::projection_back_test_told(cx, tx, house.courses(), &request)).await?;
    show(&app, &caller, told).await
}
