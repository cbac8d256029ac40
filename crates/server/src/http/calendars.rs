//! Business calendars, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::calendars::{self, Reckon, Text, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Business calendars.
///
/// The organisation's first, then by name. Everybody may know when others work.
#[utoipa::path(get, path = "/calendars", tag = "Calendars", responses((status = 200, body = schemas::BusinessCalendars)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, calendars::list).await?))
}

/// One calendar.
#[utoipa::path(get, path = "/calendars/{id}", tag = "Calendars", params(("id" = String, Path)),
    responses((status = 200, body = schemas::BusinessCalendar), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(calendar): Path<String>) -> Answer {
    let calendar = id(&calendar)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| calendars::one(cx, tx, calendar)).await?))
}

/// The calendar that holds for a department.
///
/// Its own; else that of the nearest department above it that has one; else the organisation's.
#[utoipa::path(get, path = "/calendars/of/{department}", tag = "Calendars", params(("department" = String, Path)),
    responses((status = 200, body = schemas::BusinessCalendar), (status = 404, body = schemas::Problem)))]
pub async fn holding(State(app): State<App>, caller: Caller, Path(department): Path<String>) -> Answer {
    let department = id(&department)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| calendars::holding(cx, tx, department)).await?))
}

/// Add a calendar.
///
/// Administrators only. With `standard` it becomes the organisation's, in place of the one that was.
#[utoipa::path(post, path = "/calendars", tag = "Calendars", request_body = schemas::SaveBusinessCalendar, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::BusinessCalendar), (status = 403, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, calendar) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| calendars::save(cx, tx, None, None, &body.value),
                |tx, made| made.record.map_or(Ok(Value::Null), |calendar| calendars::one(cx, tx, calendar)),
            )
        })
        .await?;
    Ok(versioned(status, calendar))
}

/// Replace a calendar.
///
/// The whole of it, as `GET` gave it. Administrators only. The organisation always has one: another takes its place, none cannot
/// (`calendar.one_must_hold`).
#[utoipa::path(put, path = "/calendars/{id}", tag = "Calendars", request_body = schemas::SaveBusinessCalendar,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::BusinessCalendar), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(calendar): Path<String>, body: Body<Wanted>) -> Answer {
    let (calendar, seen) = (id(&calendar)?, caller.version()?);
    let saved = app.door.write(&caller, move |cx, tx| calendars::save(cx, tx, Some(calendar), seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Remove a calendar.
///
/// Administrators only. Refused for the organisation's, and while it holds for a department (`calendar.in_use`, with `departments`).
#[utoipa::path(delete, path = "/calendars/{id}", tag = "Calendars", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(calendar): Path<String>) -> Answer {
    let (calendar, seen) = (id(&calendar)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| calendars::delete(cx, tx, calendar, seen)).await?;
    Ok(done())
}

/// Try a calendar.
///
/// Whether an instant is working time and when working time is next; with `to`, how much of it lies between; with `seconds`, when so much of it
/// has passed.
#[utoipa::path(post, path = "/calendars/{id}/reckon", tag = "Calendars", request_body = schemas::Reckon, params(("id" = String, Path)),
    responses((status = 200, body = schemas::Reckoned), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn reckon(State(app): State<App>, caller: Caller, Path(calendar): Path<String>, body: Body<Reckon>) -> Answer {
    let calendar = id(&calendar)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| calendars::reckon(cx, tx, calendar, &body.value)).await?))
}

/// Read special days from a text.
///
/// A calendar file (iCalendar), rows of a table (`2026-10-01,2026-10-07,National Day`), or days one below the other. Nothing is stored: the days are
/// for a calendar that is then saved.
#[utoipa::path(post, path = "/calendars/days", tag = "Calendars", request_body = schemas::DaysText,
    responses((status = 200, body = schemas::DaysRead)))]
pub async fn days(State(app): State<App>, caller: Caller, body: Body<Text>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |_, _| Ok(calendars::days(&body.value))).await?))
}
