//! The organisation's settings and its currency rates.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json as object;
use stagecraft_core::organisation::{self, AddRate, AddRates, UpdateOrganisation};

use super::once::Once;
use super::show::{Answer, done, json};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// The organisation's settings.
#[utoipa::path(get, path = "/organisation", tag = "Definitions", responses((status = 200, body = schemas::Organisation)))]
pub async fn read(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, |cx, _| Ok(organisation::read(cx))).await?))
}

/// Change settings.
///
/// Administrators only. The main currency is fixed once money is stored in it. `team_roles` is the whole list; one that somebody plays in
/// a team can be made inactive and not taken out.
#[utoipa::path(patch, path = "/organisation", tag = "Definitions", request_body = schemas::UpdateOrganisation,
    responses((status = 200, body = schemas::Organisation), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn update(State(app): State<App>, caller: Caller, body: Body<UpdateOrganisation>) -> Answer {
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| organisation::update(cx, tx, &body.value)).await?))
}

/// Currency rates, newest day first.
#[utoipa::path(get, path = "/currency-rates", tag = "Definitions", responses((status = 200, body = schemas::Rates)))]
pub async fn rates(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, |_, tx| organisation::rates(tx)).await?))
}

/// Set a rate.
///
/// One unit of `currency` is `rate` of the main currency from `day` on. Open amounts are converted anew, very many in short steps behind the
/// answer (`converting` of `GET /currency-rates` tells until when); closed ones keep the rate of their day. Administrators only.
#[utoipa::path(post, path = "/currency-rates", tag = "Definitions", request_body = schemas::Rate, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::Rate), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn add_rate(State(app): State<App>, caller: Caller, body: Body<AddRate>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, rate) = app
        .door
        .write(&caller, move |cx, tx| {
            let wanted = &body.value;
            once.run(
                cx,
                tx,
                |tx| organisation::add_rate(cx, tx, wanted),
                |_, _| Ok(object!({"currency": wanted.currency, "day": wanted.day, "rate": wanted.rate})),
            )
        })
        .await?;
    convert_behind(&app);
    Ok(json(status, rate))
}

/// Set many rates.
///
/// All of them or none: what is wrong with each is told by its place, as `rates/3/day`. Administrators only.
#[utoipa::path(post, path = "/currency-rates/many", tag = "Definitions", request_body = schemas::ManyRates, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::RatesSet), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn add_rates(State(app): State<App>, caller: Caller, body: Body<AddRates>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, told) = app
        .door
        .write(&caller, move |cx, tx| {
            let wanted = &body.value;
            once.run(cx, tx, |tx| organisation::add_rates(cx, tx, wanted), |_, _| Ok(object!({"count": wanted.rates.len()})))
        })
        .await?;
    convert_behind(&app);
    Ok(json(status, told))
}

/// Remove a rate.
///
/// One that was wrong. Open amounts are converted anew with the rate that holds then; closed ones keep theirs. The last rate of a currency
/// stays while amounts stand in it (`rate.last_in_use`). Administrators only.
#[utoipa::path(delete, path = "/currency-rates/{currency}/{day}", tag = "Definitions",
    params(("currency" = String, Path, example = "EUR"), ("day" = String, Path, example = "2026-11-23")),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn remove_rate(State(app): State<App>, caller: Caller, Path((currency, day)): Path<(String, String)>) -> Answer {
    app.door.write(&caller, move |cx, tx| organisation::remove_rate(cx, tx, &currency, &day)).await?;
    convert_behind(&app);
    Ok(done())
}

/// Converts the amounts that wait for it, which nobody waits for: what is left of it housekeeping does.
fn convert_behind(app: &App) {
    let house = app.door.house().clone();
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = organisation::settle_rates(&house) {
            tracing::warn!(%error, "amounts are converted later");
        }
    }));
}
