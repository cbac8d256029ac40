//! How deals go through their stages.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::analysis::{self, BehindRequest, ConversionRequest};

use super::show::{Answer, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;
use crate::problem::Problem;

/// The stage conversion of a process.
///
/// How many deals came to each stage, what became of them there (transitioned, retained, lost), how long it took, and what won deals are
/// worth. Deals count that have been in the process, meet the filter and that the caller sees; those in the recycle bin or in review do not.
/// Amounts are in the main currency. Averages and rates of nothing are null.
#[utoipa::path(get, path = "/analysis/stage-conversion", tag = "Analysis", params(schemas::ConversionQuery), responses((status = 200, body = schemas::StageConversion)))]
pub async fn stage_conversion(State(app): State<App>, caller: Caller, Params(request): Params<ConversionRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::conversion(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}

/// The deals behind a figure of the stage conversion.
///
/// With the same filter: those that have been in a stage, or a part of them; without a stage those of the whole process. As many as the figure
/// counts, and worth together what it says; those first that count most.
#[utoipa::path(get, path = "/analysis/stage-conversion/deals", tag = "Analysis", params(schemas::BehindQuery), responses((status = 200, body = schemas::RecordsBehind)))]
pub async fn stage_conversion_deals(State(app): State<App>, caller: Caller, Params(request): Params<BehindRequest>) -> Answer {
    ready(&app).await?;
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::conversion_deals(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}

/// Reading all deals for the first time is nothing for which other reads should wait.
pub(super) async fn ready(app: &App) -> Result<(), Problem> {
    if app.door.house().analysis().is_ready() {
        return Ok(());
    }
    app.door.run(Lane::Slow, |house, _| analysis::prepare(house)).await
}
