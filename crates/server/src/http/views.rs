//! Saved views of lists.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use stagecraft_core::views::{self, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// The query of `GET /views`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    pub object: Option<String>,
}

/// The views that one may use.
///
/// One's own and those shared with one, by name. `default` is the one that the first of one's roles begins with, of those that have one
/// for the object. A view that chooses by a field which one may not know of is not there.
#[utoipa::path(get, path = "/views", tag = "Views",
    params(("object" = Option<String>, Query, description = "Views of this object's lists; of all objects when absent.", example = "opportunity")),
    responses((status = 200, body = schemas::Views), (status = 404, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(of): Params<Of>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| views::list(cx, tx, of.object.as_deref())).await?))
}

/// One view.
#[utoipa::path(get, path = "/views/{id}", tag = "Views", params(("id" = String, Path)),
    responses((status = 200, body = schemas::View), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(view): Path<String>) -> Answer {
    let view = id(&view)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| views::one(cx, tx, view)).await?))
}

/// Save a view.
///
/// For oneself; administrators may share it and let roles begin with it.
#[utoipa::path(post, path = "/views", tag = "Views", request_body = schemas::SaveView, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::View), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, view) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| views::save(cx, tx, None, None, &body.value),
                |tx, made| made.record.map_or(Ok(Value::Null), |view| views::one(cx, tx, view)),
            )
        })
        .await?;
    Ok(versioned(status, view))
}

/// Replace a view.
///
/// The whole of it, as `GET` gave it. A role has one view of an object to begin with: one given to this view is taken from the other.
#[utoipa::path(put, path = "/views/{id}", tag = "Views", request_body = schemas::SaveView,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::View), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(view): Path<String>, body: Body<Wanted>) -> Answer {
    let (view, seen) = (id(&view)?, caller.version()?);
    let saved = app.door.write(&caller, move |cx, tx| views::save(cx, tx, Some(view), seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Remove a view.
#[utoipa::path(delete, path = "/views/{id}", tag = "Views", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(view): Path<String>) -> Answer {
    let view = id(&view)?;
    app.door.write(&caller, move |cx, tx| views::delete(cx, tx, view)).await?;
    Ok(done())
}
