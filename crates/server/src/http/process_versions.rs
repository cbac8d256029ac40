//! Drafts and versions of sales processes, and what becomes of them.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use model::Id;
use serde_json::{Value, json as object};
use stagecraft_core::processes::{self, Order, Publish, Revert};
use stagecraft_core::{Ctx, Error, Limits, Result, jobs};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// How long the answer waits for deals to be taken along.
const PATIENCE: Duration = Duration::from_secs(2);

/// Begin a new process.
///
/// As a draft, which may be half finished: `problems` tells what it lacks before it can be published. Administrators only.
#[utoipa::path(post, path = "/processes/drafts", tag = "Definitions", request_body = schemas::Process, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::ProcessDraft), (status = 403, body = schemas::Problem)))]
pub async fn begin(State(app): State<App>, caller: Caller, body: Body<Value>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let ((status, mut draft), meta) = app
        .door
        .write(&caller, move |cx, tx| {
            let begun = once.run(cx, tx, |tx| processes::begin_draft(cx, tx, &body.value), |tx, begun| there(cx, tx, begun.record))?;
            Ok((begun, cx.meta.clone()))
        })
        .await?;
    with_messages(&mut draft, caller.spoken.language(), &meta, "opportunity");
    Ok(versioned(status, draft))
}

/// The draft as it is now; one that was published or thrown away meanwhile is not there.
fn there(cx: &Ctx, tx: &mut Write, process: Option<Id>) -> Result<Value> {
    match process.map(|process| processes::draft(cx, tx, process)) {
        Some(Err(Error::NotFound)) | None => Ok(Value::Null),
        Some(draft) => draft,
    }
}

/// The draft of a process.
///
/// With what stands against publishing it, and what differs from the version in force. Administrators only.
#[utoipa::path(get, path = "/processes/{id}/draft", tag = "Definitions", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ProcessDraft), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn draft(State(app): State<App>, caller: Caller, Path(process): Path<String>) -> Answer {
    let process = id(&process)?;
    let (mut draft, meta) = app.door.read(&caller, move |cx, tx| Ok((processes::draft(cx, tx, process)?, cx.meta.clone()))).await?;
    with_messages(&mut draft, caller.spoken.language(), &meta, "opportunity");
    Ok(versioned(StatusCode::OK, draft))
}

/// Save the draft of a process.
///
/// The first or the next; nobody obeys it before it is published. `version` in the document tells which published version its author has
/// before him: a draft that is `outdated` is not any more once it is saved with the version in force. Administrators only.
#[utoipa::path(put, path = "/processes/{id}/draft", tag = "Definitions", request_body = schemas::Process,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::ProcessDraft), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem)))]
pub async fn save_draft(State(app): State<App>, caller: Caller, Path(process): Path<String>, body: Body<Value>) -> Answer {
    let (process, seen) = (id(&process)?, caller.version()?);
    let (mut draft, meta) =
        app.door.write(&caller, move |cx, tx| Ok((processes::save_draft(cx, tx, process, seen, &body.value)?, cx.meta.clone()))).await?;
    with_messages(&mut draft, caller.spoken.language(), &meta, "opportunity");
    Ok(versioned(StatusCode::OK, draft))
}

/// Throw the draft of a process away.
///
/// Administrators only.
#[utoipa::path(delete, path = "/processes/{id}/draft", tag = "Definitions", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn discard_draft(State(app): State<App>, caller: Caller, Path(process): Path<String>) -> Answer {
    let (process, seen) = (id(&process)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| processes::discard_draft(cx, tx, process, seen)).await?;
    Ok(done())
}

/// Publish the draft of a process.
///
/// It becomes the next version, and the draft is gone. `If-Match` names the draft's version. A draft that is `outdated` is refused with 409
/// and the process as it is in force. Deals that are under way follow it, those in a stage that it has given up to where `mapping` says, or
/// stay with the version that they obey until they move. With `dry_run` it is only judged, and told what would become of them.
/// Administrators only.
#[utoipa::path(post, path = "/processes/{id}/publish", tag = "Definitions", request_body = schemas::PublishProcess,
    params(("id" = String, Path), schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::PublishedProcess), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn publish(State(app): State<App>, caller: Caller, Path(process): Path<String>, body: Body<Publish>) -> Answer {
    let (process, seen) = (id(&process)?, caller.version()?);
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let ((status, mut answer), meta) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| processes::publish(cx, tx, process, seen, &body.value);
            let published = once.run(cx, tx, first, |tx, _| processes::published(cx, tx, process))?;
            Ok((published, cx.meta.clone()))
        })
        .await?;
    let job: Option<Id> = answer["running"]["job"].as_str().and_then(|id| id.parse().ok());
    if let Some(job) = job {
        app.door.run(Lane::Slow, move |house, _: Limits| jobs::run(house, job, PATIENCE)).await?;
    }
    with_messages(&mut answer, caller.spoken.language(), &meta, "opportunity");
    Ok(json(status, answer))
}

/// The versions of a process.
///
/// The newest first: who published what when, and how much differs from the one before. Administrators only.
#[utoipa::path(get, path = "/processes/{id}/versions", tag = "Definitions", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ProcessVersions), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn versions(State(app): State<App>, caller: Caller, Path(process): Path<String>) -> Answer {
    let process = id(&process)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| processes::versions(cx, tx, process)).await?))
}

/// One version of a process.
///
/// With its document and what differs from the one before. Administrators only.
#[utoipa::path(get, path = "/processes/{id}/versions/{version}", tag = "Definitions",
    params(("id" = String, Path), ("version" = i64, Path)),
    responses((status = 200, body = schemas::ProcessVersion), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn version(State(app): State<App>, caller: Caller, Path((process, number)): Path<(String, i64)>) -> Answer {
    let process = id(&process)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| processes::version(cx, tx, process, number)).await?))
}

/// Go back to an earlier version.
///
/// It becomes the draft, to be published like any other. Where there is a draft already, `If-Match` names the version of the one to be
/// replaced (else 409 with it). Administrators only.
#[utoipa::path(post, path = "/processes/{id}/revert", tag = "Definitions", request_body = schemas::RevertProcess,
    params(("id" = String, Path), schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::ProcessDraft), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem)))]
pub async fn revert(State(app): State<App>, caller: Caller, Path(process): Path<String>, body: Body<Revert>) -> Answer {
    let (process, seen) = (id(&process)?, caller.version()?);
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let ((status, mut draft), meta) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| processes::revert(cx, tx, process, seen, body.value);
            let draft = once.run(cx, tx, first, |tx, begun| there(cx, tx, begun.record))?;
            Ok((draft, cx.meta.clone()))
        })
        .await?;
    with_messages(&mut draft, caller.spoken.language(), &meta, "opportunity");
    Ok(versioned(status, draft))
}

/// Put the processes into an order.
///
/// Where several apply to a new deal, the first is taken. All are named, the first first; no version is made. Administrators only.
#[utoipa::path(post, path = "/processes/order", tag = "Definitions", request_body = schemas::ProcessOrder, params(schemas::OnceHeader),
    responses((status = 200, body = schemas::Processes), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn order(State(app): State<App>, caller: Caller, body: Body<Order>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let first =
        move |cx: &Ctx, tx: &mut Write| once.run(cx, tx, |tx| processes::order(cx, tx, &body.value), |_, _| Ok(processes::list(cx)));
    let (status, ordered) = app.door.write(&caller, first).await?;
    Ok(json(status, ordered))
}

/// Let a process take new deals.
///
/// Administrators only.
#[utoipa::path(post, path = "/processes/{id}/activate", tag = "Definitions", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Process), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn activate(State(app): State<App>, caller: Caller, Path(process): Path<String>) -> Answer {
    turn(app, caller, &process, processes::activate).await
}

/// Let a process take no new deals.
///
/// Those that are in it go on. Administrators only.
#[utoipa::path(post, path = "/processes/{id}/deactivate", tag = "Definitions", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Process), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn deactivate(State(app): State<App>, caller: Caller, Path(process): Path<String>) -> Answer {
    turn(app, caller, &process, processes::deactivate).await
}

async fn turn(app: App, caller: Caller, process: &str, act: fn(&Ctx, &mut Write, Id) -> Result<Value>) -> Answer {
    let process = id(process)?;
    let once = Once::new(&caller, &axum::body::Bytes::new(), StatusCode::OK, false);
    let (status, turned) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| Ok(object!({"process": act(cx, tx, process)?}));
            once.run(cx, tx, first, |_, _| Ok(object!({"process": processes::one(cx, &process.to_string())?})))
        })
        .await?;
    Ok(json(status, turned["process"].clone()))
}

/// Delete a process.
///
/// One that takes no new deals and that none was ever in (`process.in_use`). Administrators only.
#[utoipa::path(delete, path = "/processes/{id}", tag = "Definitions", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(process): Path<String>) -> Answer {
    let process = id(&process)?;
    app.door.write(&caller, move |cx, tx| processes::remove(cx, tx, process)).await?;
    Ok(done())
}
