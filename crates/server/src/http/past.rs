//! The pipeline of past days, and what became of it.

use axum::extract::State;
use stagecraft_core::analysis::{self, AsOfDealsRequest, AsOfRequest, Told, WaterfallDealsRequest, WaterfallRequest};
use stagecraft_core::{Ctx, House, Result};

use super::analysis::show;
use super::show::Answer;
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// The pipeline as it stood at the end of a past day.
///
/// Count, amount and weighted amount of the deals that were in progress then, by stage, owner, department, forecast category, product or
/// source as they were then, in the main currency at the rates that were in force. Deals that have been deleted since count. Whose deals one
/// sees is what it is today. A filter may look at what is known of then (`known_fields`). Today stands as it is. With `format` a file, for those who may export deals.
#[utoipa::path(get, path = "/analysis/as-of", tag = "Analysis", params(schemas::AsOfQuery), responses((status = 200, body = schemas::AsOf)))]
pub async fn as_of(State(app): State<App>, caller: Caller, Params(request): Params<AsOfRequest>) -> Answer {
    let days = vec![request.day.clone()];
    asked(&app, &caller, days, move |house, cx, tx| analysis::as_of_told(cx, tx, house.past(), &request)).await
}

/// The deals behind a figure of a past day.
///
/// As they are today, each with what it was worth `then`. One that has been deleted for good is told by its name alone.
#[utoipa::path(get, path = "/analysis/as-of/deals", tag = "Analysis", params(schemas::AsOfDealsQuery), responses((status = 200, body = schemas::RecordsBehind)))]
pub async fn as_of_deals(State(app): State<App>, caller: Caller, Params(request): Params<AsOfDealsRequest>) -> Answer {
    let days = vec![request.day.clone()];
    asked(&app, &caller, days, move |house, cx, tx| analysis::as_of_deals(cx, tx, house.past(), &request).map(Told::Answer)).await
}

/// What became of the pipeline between the ends of two days.
///
/// What was opened, grew, shrank, came in and went out, was won, lost and removed: together exactly the difference. With a period only deals
/// that were expected to close in it. With `format` a file.
#[utoipa::path(get, path = "/analysis/waterfall", tag = "Analysis", params(schemas::WaterfallQuery), responses((status = 200, body = schemas::Waterfall)))]
pub async fn waterfall(State(app): State<App>, caller: Caller, Params(request): Params<WaterfallRequest>) -> Answer {
    let days = vec![request.from.clone(), request.to.clone()];
    asked(&app, &caller, days, move |house, cx, tx| analysis::waterfall_told(cx, tx, house.past(), &request)).await
}

/// The deals behind a part of the difference.
///
/// As they are today, each with what it adds to the part (`change`).
#[utoipa::path(get, path = "/analysis/waterfall/deals", tag = "Analysis", params(schemas::WaterfallDealsQuery), responses((status = 200, body = schemas::RecordsBehind)))]
pub async fn waterfall_deals(State(app): State<App>, caller: Caller, Params(request): Params<WaterfallDealsRequest>) -> Answer {
    let days = vec![request.from.clone(), request.to.clone()];
    asked(&app, &caller, days, move |house, cx, tx| analysis::waterfall_deals(cx, tx, house.past(), &request).map(Told::Answer)).await
}

/// A day that has to be reckoned back first is nothing for which other reads should wait.
async fn asked<F>(app: &App, caller: &Caller, days: Vec<Option<String>>, mut ask: F) -> Answer
where
    F: FnMut(&House, &Ctx, &mut db::Read) -> Result<Told> + Send + 'static,
{
    let house = app.door.house().clone();
    let zone = house.meta().calendar.zone.clone();
    let known = |day: &Option<String>| day.as_ref().is_none_or(|day| day.trim().parse().is_ok_and(|day| house.past().holds(day, &zone)));
    let quick = days.iter().all(known) && days.iter().any(Option::is_some);
    let told = match quick {
        true => app.door.read(caller, move |cx, tx| ask(&house, cx, tx)).await?,
        false => app.door.read_slowly(caller, move |cx, tx| ask(&house, cx, tx)).await?,
    };
    show(app, caller, told).await
}
