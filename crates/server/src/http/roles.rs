//! Roles, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::roles::{self, Wanted};

use super::once::Once;
use super::show::{Answer, done, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Roles.
///
/// Everybody may know what there is. `people` counts those who work here and have the role.
#[utoipa::path(get, path = "/roles", tag = "Roles", responses((status = 200, body = schemas::Roles)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, roles::list).await?))
}

/// The acts that make sense for each object.
///
/// In the order in which a screen shows them. `*` stands for every object that a role does not name.
#[utoipa::path(get, path = "/roles/acts", tag = "Roles", responses((status = 200, body = schemas::RoleActs)))]
pub async fn acts(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, |cx, _| Ok(roles::acts(cx))).await?))
}

/// One role.
#[utoipa::path(get, path = "/roles/{key}", tag = "Roles", params(("key" = String, Path, example = "salesperson")),
    responses((status = 200, body = schemas::Role), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(key): Path<String>) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| roles::one(cx, tx, &key)).await?))
}

/// Add a role.
///
/// Administrators only. Its key is made from its name where none is given.
#[utoipa::path(post, path = "/roles", tag = "Roles", request_body = schemas::SaveRole, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::Role), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, role) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| roles::create(cx, tx, &body.value),
                |tx, done| done.object.as_deref().map_or(Ok(Value::Null), |key| roles::one(cx, tx, key)),
            )
        })
        .await?;
    Ok(versioned(status, role))
}

/// Replace a role.
///
/// The whole of it, as `GET` gave it; it holds with the next request of whoever has it. Administrators only. The role of administrator
/// keeps its rights (`role.essential`), and somebody always administers (`people.last_administrator`).
#[utoipa::path(put, path = "/roles/{key}", tag = "Roles", request_body = schemas::SaveRole,
    params(("key" = String, Path, example = "salesperson"), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Role), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(key): Path<String>, body: Body<Wanted>) -> Answer {
    let seen = caller.version()?;
    let role = app.door.write(&caller, move |cx, tx| roles::replace(cx, tx, &key, seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, role))
}

/// Remove a role.
///
/// Administrators only. Refused while a person has it or a layout, view or process names it (`role.in_use`, with `uses`).
#[utoipa::path(delete, path = "/roles/{key}", tag = "Roles", params(("key" = String, Path, example = "salesperson"), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(key): Path<String>) -> Answer {
    let seen = caller.version()?;
    app.door.write(&caller, move |cx, tx| roles::delete(cx, tx, &key, seen)).await?;
    Ok(done())
}
