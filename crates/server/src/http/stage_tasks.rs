//! What is to be done while a deal stands in a stage.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use model::Id;
use serde_json::Value;
use stagecraft_core::stage_tasks::{self, ChoicesRequest, Complete, Reassign, ReopenTask};
use stagecraft_core::{Ctx, Result};

use super::act::Tried;
use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// The tasks of an opportunity.
///
/// Of all stages that it has been in, the oldest first.
#[utoipa::path(get, path = "/records/opportunity/{id}/tasks", tag = "Opportunities", params(("id" = String, Path)),
    responses((status = 200, body = schemas::StageTasks), (status = 404, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| stage_tasks::list(cx, tx, one)).await?))
}

/// One stage task.
#[utoipa::path(get, path = "/stage-tasks/{id}", tag = "Opportunities", params(("id" = String, Path)),
    responses((status = 200, body = schemas::NamedStageTask), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| stage_tasks::one(cx, tx, one)).await?))
}

/// Records that may be chosen for a task.
///
/// Instead of a new one, where the task allows it: those that one sees, that are such as the task wants, and that belong to its opportunity or
/// to none. The newest first.
#[utoipa::path(get, path = "/stage-tasks/{id}/choices", tag = "Opportunities", params(("id" = String, Path), schemas::StageTaskChoicesQuery),
    responses((status = 200, body = schemas::StageTaskChoices), (status = 400, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn choices(State(app): State<App>, caller: Caller, Path(one): Path<String>, Params(request): Params<ChoicesRequest>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| stage_tasks::choices(cx, tx, one, &request)).await?))
}

/// Do a stage task.
///
/// What it asks for is saved and the task ticked off, or nothing happens. `fields` for editing, `create` and `choose` for records, `rows` for
/// sub-objects; `keep_open` saves without ticking off. If-Match carries the version of the task. The answer offers the next stage when nothing
/// in the present one stands in the way any more.
#[utoipa::path(post, path = "/stage-tasks/{id}/complete", tag = "Opportunities", request_body = schemas::CompleteStageTask,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::DoneStageTask), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn complete(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Complete>,
) -> Answer {
    act(&app, &caller, &one, dry, body, stage_tasks::complete).await
}

/// Open a stage task again.
///
/// One that was done, while the opportunity stands in its stage.
#[utoipa::path(post, path = "/stage-tasks/{id}/reopen", tag = "Opportunities", request_body = schemas::ReopenStageTask,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::DoneStageTask), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn reopen(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<ReopenTask>,
) -> Answer {
    act(&app, &caller, &one, dry, body, stage_tasks::reopen).await
}

/// Give an open stage task to somebody else.
///
/// It stays his when the opportunity changes hands. He sees the opportunity while the task is open.
#[utoipa::path(post, path = "/stage-tasks/{id}/reassign", tag = "Opportunities", request_body = schemas::ReassignStageTask,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::DoneStageTask), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn reassign(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Reassign>,
) -> Answer {
    act(&app, &caller, &one, dry, body, stage_tasks::reassign).await
}

async fn act<T, F>(app: &App, caller: &Caller, one: &str, dry: DryRun, mut body: Body<T>, act: F) -> Answer
where
    T: Tried + Send + 'static,
    F: Fn(&Ctx, &mut Write, Id, Option<i64>, &T) -> Result<Value> + Send + 'static,
{
    let (one, version) = (id(one)?, caller.version()?);
    let only_judged = body.value.dry_run();
    *only_judged |= dry.dry_run;
    let once = Once::new(caller, &body.text, StatusCode::OK, *only_judged);
    let done = move |cx: &Ctx, tx: &mut Write| {
        once.run(cx, tx, |tx| act(cx, tx, one, version, &body.value), |tx, _| stage_tasks::again(cx, tx, one))
    };
    let (status, answer) = app.door.write(caller, done).await?;
    Ok(json(status, answer))
}
