//! One act on many records.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::bulk::{self, Bulk};
use stagecraft_core::{House, Limits};

use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// Do one thing to many records.
///
/// The records by `ids`, or all that `filter`, `q` and `view` choose, at most 10,000. Each is judged for itself, with its own result.
/// Small ones are done with the answer; others go on and are followed by `GET /bulk/{id}`. With `dry_run` every record is judged and
/// nothing is changed.
#[utoipa::path(post, path = "/records/{object}/bulk", tag = "Records", request_body = schemas::BulkRequest,
    params(("object" = String, Path, example = "opportunity"), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 200, body = schemas::BulkState), (status = 202, body = schemas::BulkState), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn begin(
    State(app): State<App>,
    caller: Caller,
    Path(object): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<Bulk>,
) -> Answer {
    body.value.dry_run |= dry.dry_run;
    let (credential, origin, key) = (caller.credential.clone(), caller.origin(), object.clone());
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run).key();
    let begun = move |house: &House, _: Limits| bulk::begin_once(house, &credential, &origin, &key, &body.value, once.as_ref());
    let answer = app.door.run(Lane::Slow, begun).await?;
    Ok(told(&app, &caller, answer, &object))
}

/// How a bulk act stands.
///
/// Its results, the refused records first.
#[utoipa::path(get, path = "/bulk/{id}", tag = "Records", params(("id" = String, Path)),
    responses((status = 200, body = schemas::BulkState), (status = 202, body = schemas::BulkState), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    let answer = app.door.read(&caller, move |cx, tx| bulk::one(cx, tx, one)).await?;
    let object = answer["object"].as_str().unwrap_or_default().to_owned();
    Ok(told(&app, &caller, answer, &object))
}

/// Undo a bulk act.
///
/// Each record that still stands as the act left it goes back; the others are told.
#[utoipa::path(post, path = "/bulk/{id}/undo", tag = "Records", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::BulkState), (status = 202, body = schemas::BulkState), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn undo(State(app): State<App>, caller: Caller, Path(one): Path<String>, body: Body<serde_json::Value>) -> Answer {
    let one = id(&one)?;
    let once = Once::new(&caller, &body.text, StatusCode::OK, false).key();
    let (credential, origin) = (caller.credential.clone(), caller.origin());
    let answer = app.door.run(Lane::Slow, move |house, _| bulk::undo_once(house, &credential, &origin, one, once.as_ref())).await?;
    let object = answer["object"].as_str().unwrap_or_default().to_owned();
    Ok(told(&app, &caller, answer, &object))
}

fn told(app: &App, caller: &Caller, mut answer: serde_json::Value, object: &str) -> axum::response::Response {
    with_messages(&mut answer, caller.spoken.language(), &app.door.house().meta(), object);
    let status = if answer["state"] == "running" { StatusCode::ACCEPTED } else { StatusCode::OK };
    json(status, answer)
}
