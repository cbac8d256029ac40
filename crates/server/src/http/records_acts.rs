//! Acts on a record: stages, owner, recycle bin, locks, team.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use stagecraft_core::processes::slips::{Explain, SlipsRequest};
use stagecraft_core::processes::{self, ChangeProcess, MoveStage, Reopen};
use stagecraft_core::records::{self, ChangeOwner, Clone, Reason, Submit, TeamMember};

use super::act::act;
use super::once::Once;
use super::show::{Answer, id, json, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// Move a deal to another stage.
///
/// Answers 422 with everything that stands between the deal and the stage. `fields` are saved with the move, and so are the records in
/// `create` that entering the stage asks for: all of it or nothing. With `bypass` what stands against the move is passed by, where one may
/// (`bypass_gates`), for a reason that is kept. A dry run only judges.
#[utoipa::path(post, path = "/records/opportunity/{id}/move", tag = "Opportunities", request_body = schemas::MoveStage,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Moved), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn move_stage(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<MoveStage>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "moved", processes::move_stage).await
}

/// Reopen a closed deal.
///
/// Without `stage` it goes back to where it was closed.
#[utoipa::path(post, path = "/records/opportunity/{id}/reopen", tag = "Opportunities", request_body = schemas::Reopen,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Moved), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn reopen(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<Reopen>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "moved", processes::reopen).await
}

/// Bring a deal into another process.
///
/// Into the stage that is named, else the first of that process. Its present visit ends, a new run begins. The process must be open to the
/// deal's owner; the gates of the stage are judged, and a reason is asked for.
#[utoipa::path(post, path = "/records/opportunity/{id}/change-process", tag = "Opportunities", request_body = schemas::ChangeProcess,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Moved), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn change_process(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    body: Body<ChangeProcess>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "moved", processes::change_process).await
}

/// Processes that a deal may change to.
///
/// Those besides its own that are open to its owner, with the stages in which it may begin there and what stands against each.
#[utoipa::path(get, path = "/records/opportunity/{id}/processes", tag = "Opportunities", params(("id" = String, Path)),
    responses((status = 200, body = schemas::OtherProcesses), (status = 404, body = schemas::Problem)))]
pub async fn other_processes(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    let (mut found, meta) = app.door.read(&caller, move |cx, tx| Ok((processes::processes(cx, tx, one)?, cx.meta.clone()))).await?;
    with_messages(&mut found, caller.spoken.language(), &meta, "opportunity");
    Ok(json(StatusCode::OK, found))
}

/// A deal's path through its process.
///
/// Every stage with what stands between the deal and it, judged by the very rules of a move.
#[utoipa::path(get, path = "/records/opportunity/{id}/path", tag = "Opportunities", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Path), (status = 404, body = schemas::Problem)))]
pub async fn path(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    let (mut path, meta) = app.door.read(&caller, move |cx, tx| Ok((processes::path(cx, tx, one)?, cx.meta.clone()))).await?;
    with_messages(&mut path, caller.spoken.language(), &meta, "opportunity");
    Ok(json(StatusCode::OK, path))
}

/// A deal's visits to its stages.
#[utoipa::path(get, path = "/records/opportunity/{id}/stays", tag = "Opportunities", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Stays), (status = 404, body = schemas::Problem)))]
pub async fn stays(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| processes::stays(cx, tx, one)).await?))
}

/// What slipped in a deal.
///
/// Every push of its expected close date, cut of its amount and step back of its stage while it was under way, newest first. `days`: by how
/// many the close date was pushed in all. Amounts in two currencies are compared in the main currency.
#[utoipa::path(get, path = "/records/opportunity/{id}/slips", tag = "Opportunities", params(("id" = String, Path), schemas::SlipsQuery),
    responses((status = 200, body = schemas::Slips), (status = 404, body = schemas::Problem)))]
pub async fn slips(State(app): State<App>, caller: Caller, Path(one): Path<String>, Params(request): Params<SlipsRequest>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| processes::slips::list(cx, tx, one, &request)).await?))
}

/// Say why it slipped.
///
/// Once: a slip that has a reason keeps it (`slip.reason_given`). Whoever may edit the deal.
#[utoipa::path(patch, path = "/records/opportunity/{id}/slips/{slip}", tag = "Opportunities", request_body = schemas::SlipReason,
    params(("id" = String, Path), ("slip" = String, Path)),
    responses((status = 200, body = schemas::Slip), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn explain(State(app): State<App>, caller: Caller, Path((one, slip)): Path<(String, String)>, body: Body<Explain>) -> Answer {
    let (one, slip) = (id(&one)?, id(&slip)?);
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| processes::slips::explain(cx, tx, one, slip, &body.value)).await?))
}

/// Give a record to somebody else.
///
/// With `keep_as` the former owner stays in the team. The answer's record is null when one no longer sees it.
#[utoipa::path(post, path = "/records/{object}/{id}/change-owner", tag = "Records", request_body = schemas::ChangeOwner,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn change_owner(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<ChangeOwner>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| {
        records::change_owner(cx, tx, &object, one, version, body)
    })
    .await
}

/// Put a record into the recycle bin.
///
/// It becomes read-only and leaves every list and count.
#[utoipa::path(post, path = "/records/{object}/{id}/void", tag = "Records", request_body = schemas::Reason,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn void(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Reason>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| records::void(cx, tx, &object, one, version, body)).await
}

/// Submit a record again.
///
/// What was not approved is set aside as ineffective: it may be edited, and is submitted again, judged as if it were new. With `approval`
/// what an approval asked for that ended as failed is asked for again.
#[utoipa::path(post, path = "/records/{object}/{id}/submit", tag = "Records", request_body = schemas::Submit,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn submit(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Submit>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| records::submit(cx, tx, &object, one, version, body))
        .await
}

/// Take a record out of the recycle bin.
#[utoipa::path(post, path = "/records/{object}/{id}/restore", tag = "Records", request_body = schemas::Reason,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn restore(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Reason>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| records::restore(cx, tx, &object, one, version, body))
        .await
}

/// Lock a record.
///
/// Nobody changes it, nor what lives in it, as the lines of a deal, but those who may unlock.
#[utoipa::path(post, path = "/records/{object}/{id}/lock", tag = "Records", request_body = schemas::Reason,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn lock(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Reason>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| records::lock(cx, tx, &object, one, version, body)).await
}

/// Take the lock off a record.
#[utoipa::path(post, path = "/records/{object}/{id}/unlock", tag = "Records", request_body = schemas::Reason,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn unlock(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Reason>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| records::unlock(cx, tx, &object, one, version, body))
        .await
}

/// Delete a record for good.
///
/// Only out of the recycle bin. What lives in it goes along, as the lines of a deal; references to it are taken away, unless what refers to
/// it cannot be without it: then `delete.in_use` tells by what it is used. Its history stays. A dry run tells what would go along.
#[utoipa::path(post, path = "/records/{object}/{id}/delete", tag = "Records", request_body = schemas::Reason,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Deleted), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn delete(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    mut body: Body<Reason>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, deleted) = app
        .door
        .write(&caller, move |cx, tx| {
            let gone = serde_json::json!({"result": "deleted", "record": null, "along": {}, "let_go": [], "dry_run": false});
            once.run(cx, tx, |tx| records::delete_for_good(cx, tx, &object, one, version, &body.value), |_, _| Ok(gone))
        })
        .await?;
    Ok(json(status, deleted))
}

/// Make a record like this one.
///
/// `fields` are values that the new one has instead; `with` names sub-objects whose records come along; `team` brings the team. How far a
/// deal has come, external ids, numbers, unique values, files and history stay behind, and so does what one may not know or write:
/// `not_copied` tells of which fields with a value that is so.
#[utoipa::path(post, path = "/records/{object}/{id}/clone", tag = "Records", request_body = schemas::Clone,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 201, body = schemas::Cloned), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn clone(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    mut body: Body<Clone>,
) -> Answer {
    let one = id(&one)?;
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, body.value.dry_run);
    let (status, made) = app
        .door
        .write(&caller, move |cx, tx| {
            let again = |tx: &mut _, done: &_| Ok(serde_json::json!({
                "result": "cloned", "changed": true, "record": once.record_of(cx, tx, done)?, "taken": {}, "not_copied": [], "dry_run": false,
            }));
            once.run(cx, tx, |tx| records::clone(cx, tx, &object, one, &body.value), again)
        })
        .await?;
    Ok(record(status, made))
}

/// The people who work on a record.
#[utoipa::path(get, path = "/records/{object}/{id}/team", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path)),
    responses((status = 200, body = schemas::Team), (status = 404, body = schemas::Problem)))]
pub async fn team(State(app): State<App>, caller: Caller, Path((object, one)): Path<(String, String)>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| records::team(cx, tx, &object, one)).await?))
}

/// `PUT …/team`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetTeam {
    pub members: Vec<TeamMember>,
    #[serde(default)]
    pub version: Option<String>,
}

/// Replace the team.
///
/// With the `version` of the team that one has seen, a team that somebody else has changed meanwhile is refused and shown.
#[utoipa::path(put, path = "/records/{object}/{id}/team", tag = "Records", request_body = schemas::SetTeam,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path)),
    responses((status = 200, body = schemas::Team), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn set_team(State(app): State<App>, caller: Caller, Path((object, one)): Path<(String, String)>, body: Body<SetTeam>) -> Answer {
    let one = id(&one)?;
    let SetTeam { members, version } = body.value;
    let team = app.door.write(&caller, move |cx, tx| records::set_team_seen(cx, tx, &object, one, version.as_deref(), &members)).await?;
    Ok(json(StatusCode::OK, team))
}
