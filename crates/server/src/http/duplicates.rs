//! Records that there are already: as one types, before one begins, about one that is there.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::duplicates::{self, Check, Search, WantedRule};

use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Check for duplicates.
///
/// What the rules for new records find of these fields, as one types; `id` names the record that is edited. Values that cannot be read yet take
/// no part. Nothing is stored.
#[utoipa::path(post, path = "/duplicates/check", tag = "Duplicates", request_body = schemas::DuplicateCheck,
    responses((status = 200, body = schemas::DuplicatesFound), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn check(State(app): State<App>, caller: Caller, body: Body<Check>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| duplicates::check(cx, tx, &body.value)).await?))
}

/// Search before you begin.
///
/// The duplicate check tool: `text` is tried as name, phone, e-mail and website across the objects that rules of the tool judge; or `fields` of
/// one `object` are judged as if one were about to create it. Needs the right `duplicate_tool`; sixty an hour, each noted in the audit log.
#[utoipa::path(post, path = "/duplicates/search", tag = "Duplicates", request_body = schemas::DuplicateSearch,
    responses((status = 200, body = schemas::DuplicatesFound), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem), (status = 429, body = schemas::Problem)))]
pub async fn search(State(app): State<App>, caller: Caller, body: Body<Search>) -> Answer {
    let wanted = body.value.clone();
    app.door.write(&caller, move |cx, tx| duplicates::note_search(cx, tx, &wanted)).await?;
    Ok(json(StatusCode::OK, app.door.read_slowly(&caller, move |cx, tx| duplicates::search(cx, tx, &body.value)).await?))
}

/// Duplicates of a record.
///
/// Over which matches it went on, the latest first, and what is alike now.
#[utoipa::path(get, path = "/records/{object}/{id}/duplicates", tag = "Duplicates", params(("object" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = schemas::DuplicatesOfRecord), (status = 404, body = schemas::Problem)))]
pub async fn of_record(State(app): State<App>, caller: Caller, Path((object, record)): Path<(String, String)>) -> Answer {
    let record = id(&record)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| duplicates::of_record(cx, tx, &object, record)).await?))
}

/// Try a duplicate rule.
///
/// One that is not saved, on the latest five hundred records of its object that it means: how many pairs it finds, and some of them.
/// Administrators only.
#[utoipa::path(post, path = "/duplicate-rules/preview", tag = "Duplicates", request_body = schemas::SaveDuplicateRule,
    responses((status = 200, body = schemas::DuplicatePreview), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn preview(State(app): State<App>, caller: Caller, body: Body<WantedRule>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read_slowly(&caller, move |cx, tx| duplicates::preview(cx, tx, &body.value)).await?))
}
