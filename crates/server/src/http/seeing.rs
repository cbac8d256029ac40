//! Who sees a record and why; what a person sees.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::seeing::{self, AccessRequest, SeenRequest};

use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// Who sees a record, and why.
///
/// Everybody who sees it with every reason: the owner first, then those above him, the team, those to whom rules give it, those whose role
/// sees all, each by name. `everybody` tells that whoever may read the object sees it; then those are named who see it for another reason
/// too. For whoever sees the record.
#[utoipa::path(get, path = "/records/{object}/{id}/access", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path),
        ("q" = Option<String>, Query, description = "A part of a person's name."), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = schemas::RecordAccess), (status = 404, body = schemas::Problem)))]
pub async fn everyone(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(request): Params<AccessRequest>,
) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| seeing::everyone(cx, tx, &object, one, &request)).await?))
}

/// Why a person sees a record, or what stands against it.
///
/// For whoever sees the record. `missing`: `inactive`, `no_read_right`, `not_given`.
#[utoipa::path(get, path = "/records/{object}/{id}/access/{person}", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), ("person" = String, Path)),
    responses((status = 200, body = schemas::PersonAccess), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path((object, one, person)): Path<(String, String, String)>) -> Answer {
    let (one, person) = (id(&one)?, id(&person)?);
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| seeing::one(cx, tx, &object, one, person)).await?))
}

/// What a person sees.
///
/// His roles, whose records he sees, and of each object how many and by what. For administrators, and for oneself.
#[utoipa::path(get, path = "/people/{id}/access", tag = "People", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Sight), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn person(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| seeing::person(cx, tx, person)).await?))
}

/// The records of an object that a person sees, each with the reasons.
///
/// Newest first; those alone that the caller sees too. For administrators, and for oneself.
#[utoipa::path(get, path = "/people/{id}/access/{object}", tag = "People",
    params(("id" = String, Path), ("object" = String, Path, example = "opportunity"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = schemas::SeenRecords), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn seen_by(
    State(app): State<App>,
    caller: Caller,
    Path((person, object)): Path<(String, String)>,
    Params(request): Params<SeenRequest>,
) -> Answer {
    let person = id(&person)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| seeing::seen_by(cx, tx, person, &object, &request)).await?))
}
