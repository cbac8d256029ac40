//! Acts that leads have, and giving out what lies without an owner.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::leads::{self, Assign, MarkInvalid, TakeUp};

use super::once::Once;
use super::show::{Answer, id, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// Give a record that lies without an owner to somebody.
///
/// For those whose role may assign: they see such records. What has an owner is handed over by `change-owner`.
#[utoipa::path(post, path = "/records/{object}/{id}/assign", tag = "Records", request_body = schemas::Assign,
    params(("object" = String, Path, example = "lead"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn assign(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    mut body: Body<Assign>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, saved) = app
        .door
        .write(&caller, move |cx, tx| once.on_record(cx, tx, "saved", |tx| leads::assign(cx, tx, &object, one, version, &body.value)))
        .await?;
    Ok(record(status, saved))
}

/// Say that nothing will come of a lead.
///
/// `invalid_reason` is an option of the field of that name.
#[utoipa::path(post, path = "/records/lead/{id}/mark-invalid", tag = "Leads", request_body = schemas::MarkInvalid,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn mark_invalid(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<MarkInvalid>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, saved) = app
        .door
        .write(&caller, move |cx, tx| once.on_record(cx, tx, "saved", |tx| leads::mark_invalid(cx, tx, one, version, &body.value)))
        .await?;
    Ok(record(status, saved))
}

/// Take an invalid lead up again.
///
/// It goes on where it stood.
#[utoipa::path(post, path = "/records/lead/{id}/reopen", tag = "Leads", request_body = schemas::Reason,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn take_up(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<TakeUp>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, saved) = app
        .door
        .write(&caller, move |cx, tx| once.on_record(cx, tx, "saved", |tx| leads::take_up(cx, tx, one, version, &body.value)))
        .await?;
    Ok(record(status, saved))
}
