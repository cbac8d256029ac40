//! Deals as they stand, and what is expected of them.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::analysis::{self, PipelineDealsRequest, PipelineRequest};

use super::analysis::ready;
use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// The pipeline.
///
/// Deals in progress as they stand now, by stage, owner, department, product, source or forecast category: how many, their amounts, their
/// forecast amounts (*weighted*) and how long ago they were created on average; and those that are won. Deals count that meet the filter
/// and that the caller sees; those in the recycle bin or in review do not. Amounts are in the main currency.
#[utoipa::path(get, path = "/analysis/pipeline", tag = "Analysis", params(schemas::PipelineQuery), responses((status = 200, body = schemas::Pipeline)))]
pub async fn pipeline(State(app): State<App>, caller: Caller, Params(request): Params<PipelineRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::pipeline(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}

/// The deals behind a figure of the pipeline.
#[utoipa::path(get, path = "/analysis/pipeline/deals", tag = "Analysis", params(schemas::PipelineDealsQuery), responses((status = 200, body = schemas::RecordsBehind)))]
pub async fn pipeline_deals(State(app): State<App>, caller: Caller, Params(request): Params<PipelineDealsRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::pipeline_deals(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}
