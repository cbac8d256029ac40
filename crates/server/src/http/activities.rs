//! What people do about records: completing tasks.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::records::{self, Reason};
use stagecraft_core::timeline::{self, TimelineRequest};

use super::act::act;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// Say that a task is done.
///
/// When it was done, and by whom, is kept with it. The same as `task_status: done` in an edit.
#[utoipa::path(post, path = "/records/task/{id}/complete", tag = "Tasks", request_body = schemas::Reason,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn complete(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Reason>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", records::complete_task).await
}

/// Open a task again.
///
/// The same as `task_status: open` in an edit.
#[utoipa::path(post, path = "/records/task/{id}/reopen-task", tag = "Tasks", request_body = schemas::Reason,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn reopen_task(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Reason>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", records::reopen_task).await
}

/// What happened about a record.
///
/// Activities, tasks, comments, changes, moves, owners, team, recycle bin, newest first. Of an account with `related` also what happened about its
/// opportunities, as far as one sees them; `related.more` says that there are older ones. A page may be shorter than `limit` and still have a
/// `next_cursor`.
#[utoipa::path(get, path = "/records/{object}/{id}/timeline", tag = "Timeline",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::TimelineQuery),
    responses((status = 200, body = schemas::Timeline), (status = 400, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn timeline(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(request): Params<TimelineRequest>,
) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| timeline::timeline(cx, tx, &object, one, &request)).await?))
}
