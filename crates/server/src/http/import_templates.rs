//! Saved mappings of imports.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::imports::templates::{self, Template};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Templates of one's own, and those that are shared.
#[utoipa::path(get, path = "/imports/templates", tag = "Imports", responses((status = 200, body = schemas::ImportTemplates)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, templates::list).await?))
}

/// One template.
#[utoipa::path(get, path = "/imports/templates/{id}", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ImportTemplate), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(template): Path<String>) -> Answer {
    let template = id(&template)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| templates::one(cx, tx, template)).await?))
}

/// Save a template.
#[utoipa::path(post, path = "/imports/templates", tag = "Imports", request_body = schemas::SaveImportTemplate, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::ImportTemplate), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Template>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, saved) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| templates::save(cx, tx, None, None, &body.value),
                |tx, made| made.record.map_or(Ok(Value::Null), |template| templates::one(cx, tx, template)),
            )
        })
        .await?;
    Ok(versioned(status, saved))
}

/// Replace a template.
#[utoipa::path(put, path = "/imports/templates/{id}", tag = "Imports", request_body = schemas::SaveImportTemplate,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::ImportTemplate), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(template): Path<String>, body: Body<Template>) -> Answer {
    let (template, seen) = (id(&template)?, caller.version()?);
    let saved = app.door.write(&caller, move |cx, tx| templates::save(cx, tx, Some(template), seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Remove a template.
#[utoipa::path(delete, path = "/imports/templates/{id}", tag = "Imports", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(template): Path<String>) -> Answer {
    let template = id(&template)?;
    app.door.write(&caller, move |cx, tx| templates::remove(cx, tx, template)).await?;
    Ok(done())
}
