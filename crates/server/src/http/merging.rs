//! Making records one, taking that back, and finding which there are.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::merging::groups::{self, GroupsRequest, Scan};
use stagecraft_core::merging::{self, Merge, Undo};

use super::act::Tried;
use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// Make records one.
///
/// The record of the address stays, the `losers` go into the recycle bin and lead to it (`merged_into`). `fields` names the record whose
/// value is taken, field by field; the winner's own stands where nothing is said, files of all come along. Whatever refers to a loser,
/// lives in it or was written about it moves to the winner, and so do team, comments and ids in other systems. Needs `merge` and the access
/// to change each of them. With `versions` one that was changed meanwhile is answered with 409. A dry run tells what would move.
#[utoipa::path(post, path = "/records/{object}/{id}/merge", tag = "Duplicates", request_body = schemas::Merge,
    params(("object" = String, Path, example = "account"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Merged), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn merge(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    mut body: Body<Merge>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    *body.value.dry_run() |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, merged) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut _| merging::merge(cx, tx, &object, one, version, &body.value);
            once.run(cx, tx, first, |tx, _| merging::again(cx, tx, &object, one))
        })
        .await?;
    Ok(json(status, merged))
}

/// The merges in which a record took part.
#[utoipa::path(get, path = "/records/{object}/{id}/merges", tag = "Duplicates",
    params(("object" = String, Path, example = "account"), ("id" = String, Path)),
    responses((status = 200, body = schemas::Merges), (status = 404, body = schemas::Problem)))]
pub async fn of_record(State(app): State<App>, caller: Caller, Path((object, one)): Path<(String, String)>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| merging::of_record(cx, tx, &object, one)).await?))
}

/// One merge.
#[utoipa::path(get, path = "/merges/{id}", tag = "Duplicates", params(("id" = String, Path)),
    responses((status = 200, body = schemas::MergeTold), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| merging::one(cx, tx, one)).await?))
}

/// Take a merge back.
///
/// Within thirty days. The losers come out of the recycle bin, what came from them and still is with the winner goes back to them, and the
/// winner gets its own values again where nobody has changed them since; `stayed` tells what was changed since and stays.
#[utoipa::path(post, path = "/merges/{id}/undo", tag = "Duplicates", request_body = schemas::Reason,
    params(("id" = String, Path), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 200, body = schemas::Unmerged), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<Undo>,
) -> Answer {
    let one = id(&one)?;
    *body.value.dry_run() |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let (status, undone) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut _| merging::undo(cx, tx, one, &body.value);
            once.run(cx, tx, first, |tx, done| {
                Ok(serde_json::json!({
                    "result": "undone", "merge": one.to_string(), "record": once.record_of(cx, tx, done)?, "restored": [], "moved": {},
                    "stayed": {"fields": [], "references": 0}, "dry_run": false,
                }))
            })
        })
        .await?;
    Ok(json(status, undone))
}

/// Look for duplicates among the records of an object.
///
/// By its active duplicate rules, in the background; one that goes on already is told. From then on it is done again once a week.
#[utoipa::path(post, path = "/duplicates/scan", tag = "Duplicates", request_body = schemas::ScanWanted, params(schemas::OnceHeader),
    responses((status = 200, body = schemas::ScanTold), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn scan(State(app): State<App>, caller: Caller, body: Body<Scan>) -> Answer {
    // One at a time for an object: asked again, the one that goes on is told.
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| groups::scan(cx, tx, &body.value)).await?))
}

/// Records that are alike, in groups.
///
/// The most alike first, each with what its records were compared by; records that one does not see are left out, and groups of which one
/// sees fewer than two. `scan` tells how the last search stands.
#[utoipa::path(get, path = "/duplicate-groups", tag = "Duplicates", params(schemas::DuplicateGroupsQuery),
    responses((status = 200, body = schemas::DuplicateGroups), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn groups(State(app): State<App>, caller: Caller, Params(request): Params<GroupsRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| groups::list(cx, tx, &request)).await?))
}

/// Say that the records of a group are several.
///
/// They are not found to be alike again.
#[utoipa::path(post, path = "/duplicate-groups/{id}/dismiss", tag = "Duplicates", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::GroupDecided), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn dismiss(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    // To say it twice changes nothing.
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| groups::dismiss(cx, tx, one)).await?))
}

/// Take back that the records of a group are several.
#[utoipa::path(post, path = "/duplicate-groups/{id}/reopen", tag = "Duplicates", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::GroupDecided), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn reopen(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| groups::reopen(cx, tx, one)).await?))
}
