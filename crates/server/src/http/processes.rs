//! Sales processes, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json as object};
use stagecraft_core::processes;
use stagecraft_core::processes::replay::{self, Try};

use super::exports::streamed;
use super::once::Once;
use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::messages::{tryout_words, with_messages};
use crate::openapi::schemas;

/// All sales processes, in their order.
///
/// Administrators are told the drafts besides, by the process's id; one that was never published is only there.
#[utoipa::path(get, path = "/processes", tag = "Definitions", responses((status = 200, body = schemas::Processes)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, processes::overview).await?))
}

/// One sales process.
#[utoipa::path(get, path = "/processes/{id}", tag = "Definitions", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Process), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, _| processes::one(cx, &id)).await?))
}

/// Make a sales process.
///
/// The whole document. With `dry_run=true` it is only judged.
#[utoipa::path(post, path = "/processes", tag = "Definitions", request_body = schemas::Process, params(schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 201, body = schemas::SavedProcess), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, Params(dry): Params<DryRun>, body: Body<Value>) -> Answer {
    let status = if dry.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let once = Once::new(&caller, &body.text, status, dry.dry_run);
    let ((status, mut saved), meta) = app
        .door
        .write(&caller, move |cx, tx| {
            let saved = once.run(
                cx,
                tx,
                |tx| processes::save_process(cx, tx, None, None, &body.value, dry.dry_run),
                |_, done| {
                    let id = done.record.map(|id| id.to_string()).unwrap_or_default();
                    Ok(object!({"process": processes::one(cx, &id)?, "warnings": []}))
                },
            )?;
            Ok((saved, cx.meta.clone()))
        })
        .await?;
    with_messages(&mut saved, caller.spoken.language(), &meta, "opportunity");
    Ok(json(status, saved))
}

/// Replace a sales process.
///
/// The whole document, as `GET` gave it. With `dry_run=true` it is only judged.
#[utoipa::path(put, path = "/processes/{id}", tag = "Definitions", request_body = schemas::Process,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader),
    responses((status = 200, body = schemas::SavedProcess), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Value>,
) -> Answer {
    let seen = caller.version()?;
    let (mut saved, meta) = app
        .door
        .write(&caller, move |cx, tx| Ok((processes::save_process(cx, tx, Some(&id), seen, &body.value, dry.dry_run)?, cx.meta.clone())))
        .await?;
    with_messages(&mut saved, caller.spoken.language(), &meta, "opportunity");
    Ok(json(StatusCode::OK, saved))
}

/// Try a sales process before it is published.
///
/// Replays the document (the one given, else the draft, else what is published) over the moves of the last months and tells which of them
/// its gates would have held back, and which open deals would become overdue or could go no further. For administrators; changes nothing.
/// Takes some seconds for 100,000 moves; where the time does not suffice, `complete` is false and `reached` says how far it got, the deals
/// moved last first. A document with problems is refused with them.
#[utoipa::path(post, path = "/processes/{id}/try", tag = "Definitions", request_body = schemas::TryProcess, params(("id" = String, Path)),
    responses((status = 200, body = schemas::Tryout), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem), (status = 504, body = schemas::Problem)))]
pub async fn try_out(State(app): State<App>, caller: Caller, Path(id): Path<String>, body: Body<Try>) -> Answer {
    let wanted = body.value;
    let read = app.door.read_slowly(&caller, move |cx, tx| Ok((replay::tries(cx, tx, &id, &wanted)?, cx.meta.clone())));
    let (mut report, meta) = read.await?;
    with_messages(&mut report, caller.spoken.language(), &meta, "opportunity");
    Ok(json(StatusCode::OK, report))
}

/// The deals of a trial as a file.
///
/// All rows of one of its lists (`list`: `held_back`, `overdue` or `stuck`) as CSV, streamed. The audit log tells who took it.
#[utoipa::path(post, path = "/processes/{id}/try/export", tag = "Definitions", request_body = schemas::TryProcess, params(("id" = String, Path)),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 403, body = schemas::Problem),
        (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn try_out_export(State(app): State<App>, caller: Caller, Path(id): Path<String>, body: Body<Try>) -> Answer {
    let asked = (id.clone(), body.value.clone());
    let note = app.door.read(&caller, move |cx, tx| replay::judge_export(cx, tx, &asked.0, &asked.1)).await?;
    app.door.note(&caller, move |_| Ok(note.clone())).await?;
    let (credential, origin, wanted) = (caller.credential.clone(), caller.origin(), body.value);
    streamed(app, move |house, limits, sink| replay::export(house, &credential, &origin, limits, &id, &wanted, tryout_words, sink)).await
}
