//! What an import tells of its problems, its rows and the values of its columns, for a screen.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::imports::{self, AdviceRequest, ProblemsRequest, RowsRequest, ValuesRequest};

use super::show::{Answer, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, Params};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// Problems of an import, page by page.
///
/// In the order of its rows, narrowed to a step, a column (empty: problems of whole rows) or a code.
#[utoipa::path(get, path = "/imports/{id}/problems", tag = "Imports", params(("id" = String, Path), schemas::ImportProblemsQuery),
    responses((status = 200, body = schemas::ImportProblems), (status = 404, body = schemas::Problem)))]
pub async fn problems(
    State(app): State<App>,
    caller: Caller,
    Path(import): Path<String>,
    Params(request): Params<ProblemsRequest>,
) -> Answer {
    let import = id(&import)?;
    let problems = app.door.read(&caller, move |cx, tx| imports::problems(cx, tx, import, &request)).await?;
    Ok(json(StatusCode::OK, problems))
}

/// Rows of an import with what became of them, page by page.
#[utoipa::path(get, path = "/imports/{id}/rows", tag = "Imports", params(("id" = String, Path), schemas::ImportRowsQuery),
    responses((status = 200, body = schemas::ImportRows), (status = 404, body = schemas::Problem)))]
pub async fn rows(State(app): State<App>, caller: Caller, Path(import): Path<String>, Params(request): Params<RowsRequest>) -> Answer {
    let import = id(&import)?;
    let rows = app.door.read(&caller, move |cx, tx| imports::rows(cx, tx, import, &request)).await?;
    Ok(json(StatusCode::OK, rows))
}

/// What stands in a column of a file.
///
/// Every text with how many rows have it and what it is taken for, the most frequent 200 first.
#[utoipa::path(post, path = "/imports/values", tag = "Imports", request_body = schemas::ImportValuesOf,
    responses((status = 200, body = schemas::ImportValues), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn values(State(app): State<App>, caller: Caller, body: Body<ValuesRequest>) -> Answer {
    let credential = caller.credential.clone();
    let values = app.door.run(Lane::Slow, move |house, limits| imports::values(house, &credential, &limits, &body.value)).await?;
    Ok(json(StatusCode::OK, values))
}

/// What a mapping leaves open.
///
/// Before any row is looked at: what stands against the import as a whole, fields that a new record must have and nothing fills, and what would
/// become of the stages of deals that are under way already. Nothing is stored.
#[utoipa::path(post, path = "/imports/advice", tag = "Imports", request_body = schemas::ImportAdviceOf,
    responses((status = 200, body = schemas::ImportAdvice), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn advice(State(app): State<App>, caller: Caller, body: Body<AdviceRequest>) -> Answer {
    let object = body.value.options.object.clone();
    let mut advice = app.door.read(&caller, move |cx, tx| imports::advice(cx, tx, &body.value)).await?;
    with_messages(&mut advice, caller.spoken.language(), &app.door.house().meta(), &object);
    Ok(json(StatusCode::OK, advice))
}
