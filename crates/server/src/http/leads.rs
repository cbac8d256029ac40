//! Acts that leads have, and giving out what lies without an owner.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use stagecraft_core::leads::conversion::{self, Convert, Wanted};
use stagecraft_core::leads::{self, Assign, MarkInvalid, TakeUp};

use super::act::act;
use super::once::Once;
use super::show::{Answer, id, json, versioned};
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
    body: Body<Assign>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| leads::assign(cx, tx, &object, one, version, body)).await
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
    body: Body<MarkInvalid>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", leads::mark_invalid).await
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
    body: Body<TakeUp>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", leads::take_up).await
}

/// What a conversion begins with.
///
/// The fields of each part as the mapping fills them, as far as the caller may know and write them; accounts and contacts that may be meant,
/// with the same name, e-mail, phone or domain, of those that he sees; what he may make.
#[utoipa::path(get, path = "/records/lead/{id}/conversion", tag = "Leads", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ConversionOffer), (status = 404, body = schemas::Problem)))]
pub async fn offer(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| conversion::offer(cx, tx, one)).await?))
}

/// Convert a lead.
///
/// Into an account, a contact and an opportunity, each there already or new, or left out. All or nothing: what stands against any of them is
/// told at once, each under the part's name (`account/name`). Whoever converts a lead second is told what it became (`lead.converted`).
#[utoipa::path(post, path = "/records/lead/{id}/convert", tag = "Leads", request_body = schemas::Convert,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Converted), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn convert(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<Convert>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, done) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| conversion::convert(cx, tx, one, version, &body.value);
            once.run(cx, tx, first, |tx, _| conversion::again(cx, tx, one))
        })
        .await?;
    Ok(json(status, done))
}

/// How leads are converted.
///
/// Which field of a lead goes into which field of what it becomes, and for each field of a lead (`choices`) where it fits. Administrators only.
#[utoipa::path(get, path = "/lead-conversion", tag = "Leads",
    responses((status = 200, body = schemas::LeadConversion), (status = 403, body = schemas::Problem)))]
pub async fn mapping(State(app): State<App>, caller: Caller) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, conversion::mapping).await?))
}

/// Replace how leads are converted.
///
/// The whole of it, as `GET` gave it. Of several pairs for one field the first whose value is there counts. Administrators only.
#[utoipa::path(put, path = "/lead-conversion", tag = "Leads", request_body = schemas::SaveLeadConversion, params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::LeadConversion), (status = 403, body = schemas::Problem), (status = 409, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn save_mapping(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let seen = caller.version()?;
    let saved = app.door.write(&caller, move |cx, tx| conversion::save_mapping(cx, tx, seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}
