//! How deals go through their stages.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::analysis::preset::{self, ActivityRequest, AgeingRequest, LeaderboardRequest, WinLossRequest};
use stagecraft_core::analysis::{self, BehindRequest, ConversionRequest, FiguresRequest, RecordsRequest, Told};

use super::exports::file;
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
    let told = app.door.read(&caller, move |cx, tx| analysis::conversion_told(cx, tx, house.analysis(), &request)).await?;
    show(&app, &caller, told).await
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

/// The figures of a chart.
///
/// Records of any object that one reads, counted or measured (`sum`, `average`, `min`, `max` of an amount, a number or a percent), by one or two
/// of their fields; time in the organisation's days and fiscal years, amounts in the main currency. Without a field that one may know of it is
/// unknown. With `format` a file, for those who may export the object.
#[utoipa::path(get, path = "/analysis/figures", tag = "Analysis", params(schemas::FiguresQuery),
    responses((status = 200, body = schemas::ChartFigures), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn figures(State(app): State<App>, caller: Caller, Params(request): Params<FiguresRequest>) -> Answer {
    let told = app.door.read(&caller, move |cx, tx| analysis::figures(cx, tx, &request)).await?;
    show(&app, &caller, told).await
}

/// The records behind a figure of a chart.
///
/// Of a group, of one series of it, or of all; those first that are worth most where they are added up, else the newest.
#[utoipa::path(get, path = "/analysis/figures/records", tag = "Analysis", params(schemas::FigureRecordsQuery),
    responses((status = 200, body = schemas::RecordsBehind), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn records(State(app): State<App>, caller: Caller, Params(request): Params<RecordsRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| analysis::records(cx, tx, &request)).await?))
}

/// What was won and what was lost.
///
/// Deals that were won and lost, by lost reason, competitor, source, main product, owner, department or type. Given up ones (invalid) are
/// neither.
#[utoipa::path(get, path = "/analysis/win-loss", tag = "Analysis", params(schemas::WinLossQuery), responses((status = 200, body = schemas::WinLoss)))]
pub async fn win_loss(State(app): State<App>, caller: Caller, Params(request): Params<WinLossRequest>) -> Answer {
    let told = app.door.read(&caller, move |cx, tx| preset::win_loss(cx, tx, &request)).await?;
    show(&app, &caller, told).await
}

/// How long open deals have stood in their stages.
///
/// By stage and by whole days, with those that have been there for longer than they may.
#[utoipa::path(get, path = "/analysis/ageing", tag = "Analysis", params(schemas::AgeingQuery), responses((status = 200, body = schemas::Ageing)))]
pub async fn ageing(State(app): State<App>, caller: Caller, Params(request): Params<AgeingRequest>) -> Answer {
    let told = app.door.read(&caller, move |cx, tx| preset::ageing(cx, tx, &request)).await?;
    show(&app, &caller, told).await
}

/// Who has brought in most.
///
/// People by what was won (`won_amount`, `won_count`), ordered (`ordered_amount`: confirmed orders), done (`activities`) or begun
/// (`new_deals`) in a period, of the records that one sees.
#[utoipa::path(get, path = "/analysis/leaderboard", tag = "Analysis", params(schemas::LeaderboardQuery), responses((status = 200, body = schemas::Leaderboard)))]
pub async fn leaderboard(State(app): State<App>, caller: Caller, Params(request): Params<LeaderboardRequest>) -> Answer {
    let told = app.door.read(&caller, move |cx, tx| preset::leaderboard(cx, tx, &request)).await?;
    show(&app, &caller, told).await
}

/// Who has done what.
///
/// Activities in a period by person and kind, of those that one sees.
#[utoipa::path(get, path = "/analysis/activity", tag = "Analysis", params(schemas::ActivityQuery), responses((status = 200, body = schemas::ActivityFigures)))]
pub async fn activity(State(app): State<App>, caller: Caller, Params(request): Params<ActivityRequest>) -> Answer {
    let told = app.door.read(&caller, move |cx, tx| preset::activity(cx, tx, &request)).await?;
    show(&app, &caller, told).await
}

/// Answers with an analysis, or with the file that was made of it, which is noted.
pub(super) async fn show(app: &App, caller: &Caller, told: Told) -> Answer {
    match told {
        Told::Answer(answer) => Ok(json(StatusCode::OK, answer)),
        Told::File { head, bytes, object } => {
            let name = head.name.clone();
            app.door.note(caller, move |_| Ok(analysis::note_export(&object, &name))).await?;
            Ok(file(&head, bytes))
        }
    }
}

/// Reading all deals for the first time is nothing for which other reads should wait.
pub(super) async fn ready(app: &App) -> Result<(), Problem> {
    if app.door.house().analysis().is_ready() {
        return Ok(());
    }
    app.door.run(Lane::Slow, |house, _| analysis::prepare(house)).await
}
