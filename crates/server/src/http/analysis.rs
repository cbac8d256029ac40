//! How deals go through their stages.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::analysis::{self, ConversionRequest};

use super::show::{Answer, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// The stage conversion of a process.
///
/// How many deals came to each stage, what became of them there (transitioned, retained, lost), how long it took, and what won deals are
/// worth. Deals count that have been in the process, meet the filter and that the caller sees; those in the recycle bin or in review do not.
/// Amounts are in the main currency. Averages and rates of nothing are null.
#[utoipa::path(get, path = "/analysis/stage-conversion", tag = "Analysis", params(schemas::ConversionQuery), responses((status = 200, body = schemas::StageConversion)))]
pub async fn stage_conversion(State(app): State<App>, caller: Caller, Params(request): Params<ConversionRequest>) -> Answer {
    // Reading all deals for the first time is nothing for which other reads should wait.
    if !app.door.house().analysis().is_ready() {
        app.door.run(Lane::Slow, |house, _| analysis::prepare(house)).await?;
    }
    let house = app.door.house().clone();
    let told = app.door.read(&caller, move |cx, tx| analysis::conversion(cx, tx, house.analysis(), &request)).await?;
    Ok(json(StatusCode::OK, told))
}
