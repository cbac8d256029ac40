//! The Home: pages of cards, of people and of roles.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::homes::{self, Wanted};

use super::show::{Answer, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// One's Home.
///
/// One's own page; where one has none that of the first of one's roles that has one; else as the product ships it. A card that one cannot be
/// shown is told as not `there`.
#[utoipa::path(get, path = "/home", tag = "Home", responses((status = 200, body = schemas::Home)))]
pub async fn mine(State(app): State<App>, caller: Caller) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, homes::mine).await?))
}

/// Save one's Home.
///
/// The whole page, as `GET` gave it. `If-Match` is the version that it gave, 0 where one had no page of one's own.
#[utoipa::path(put, path = "/home", tag = "Home", request_body = schemas::SaveHome, params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Home), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn save(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let seen = caller.version()?;
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| homes::save_mine(cx, tx, seen, &body.value)).await?))
}

/// Go back to the Home of one's role.
#[utoipa::path(delete, path = "/home", tag = "Home", responses((status = 200, body = schemas::Home)))]
pub async fn reset(State(app): State<App>, caller: Caller) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.write(&caller, homes::reset_mine).await?))
}

/// What there is to put on a Home.
///
/// In folders, as far as one may see it: preset modules, charts of one's own and shared ones, lists.
#[utoipa::path(get, path = "/home/gallery", tag = "Home", responses((status = 200, body = schemas::Gallery)))]
pub async fn gallery(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, homes::gallery).await?))
}

/// What an administrator does first in a new house.
///
/// Each step as done as what is there says. Administrators only.
#[utoipa::path(get, path = "/home/first-steps", tag = "Home",
    responses((status = 200, body = schemas::FirstSteps), (status = 403, body = schemas::Problem)))]
pub async fn first_steps(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, homes::first_steps).await?))
}

/// Be told no more of first steps.
///
/// For oneself. Administrators only.
#[utoipa::path(delete, path = "/home/first-steps", tag = "Home",
    responses((status = 200, body = schemas::FirstSteps), (status = 403, body = schemas::Problem)))]
pub async fn dismiss_first_steps(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.write(&caller, homes::dismiss_first_steps).await?))
}

/// The Home of a role.
///
/// With which its people begin, until they arrange their own. Administrators only.
#[utoipa::path(get, path = "/homes/{role}", tag = "Home", params(("role" = String, Path, example = "salesperson")),
    responses((status = 200, body = schemas::Home), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn of_role(State(app): State<App>, caller: Caller, Path(role): Path<String>) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| homes::of_role(cx, tx, &role)).await?))
}

/// Save the Home of a role.
///
/// Administrators only. Whoever has arranged his own keeps it.
#[utoipa::path(put, path = "/homes/{role}", tag = "Home", request_body = schemas::SaveHome,
    params(("role" = String, Path, example = "salesperson"), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Home), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn save_role(State(app): State<App>, caller: Caller, Path(role): Path<String>, body: Body<Wanted>) -> Answer {
    let seen = caller.version()?;
    let saved = app.door.write(&caller, move |cx, tx| homes::save_role(cx, tx, &role, seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Go back to the Home that the product ships for a role.
///
/// Administrators only.
#[utoipa::path(delete, path = "/homes/{role}", tag = "Home", params(("role" = String, Path, example = "salesperson")),
    responses((status = 200, body = schemas::Home), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn reset_role(State(app): State<App>, caller: Caller, Path(role): Path<String>) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| homes::reset_role(cx, tx, &role)).await?))
}
