//! Records: lists, single ones, creating and editing.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use stagecraft_core::Ctx;
use stagecraft_core::processes::{self, BoardRequest};
use stagecraft_core::records::{self, Create, GroupsRequest, HistoryRequest, ListRequest, Update};
use stagecraft_core::search::{self, SearchRequest};

use super::once::Once;
use super::show::{Answer, id, json, record};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// A page of records.
///
/// `filter` is a condition as JSON, `q` words by which they are found, `sort` a field or `-field`, `fields` a comma list. Lists hold what one
/// may see and leave out the recycle bin; with `voided=only` they hold the bin alone, for those who may restore.
/// `count=exact` counts the whole.
#[utoipa::path(get, path = "/records/{object}", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), schemas::ListQuery),
    responses((status = 200, body = schemas::Page), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Path(object): Path<String>, Params(request): Params<ListRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| records::list(cx, tx, &object, &request)).await?))
}

/// Records counted by the values of a field.
///
/// Of a select, truth, reference, person, department, process, day, number or text: how many records have each value, over all rows in
/// scope, and what `sums` come to. Options come in their order, other values by how many have them; at most 200, then `more`.
#[utoipa::path(get, path = "/records/{object}/groups", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), schemas::GroupsQuery),
    responses((status = 200, body = schemas::Groups), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn groups(State(app): State<App>, caller: Caller, Path(object): Path<String>, Params(request): Params<GroupsRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| records::groups(cx, tx, &object, &request)).await?))
}

/// Create a record.
#[utoipa::path(post, path = "/records/{object}", tag = "Records", request_body = schemas::Create,
    params(("object" = String, Path, example = "opportunity"), schemas::DryRunQuery, schemas::OnceHeader),
    responses((status = 201, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Path(object): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<Create>,
) -> Answer {
    body.value.dry_run |= dry.dry_run;
    let status = if body.value.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    let once = Once::new(&caller, &body.text, status, body.value.dry_run);
    let (status, saved) =
        app.door.write(&caller, move |cx, tx| once.on_record(cx, tx, "saved", |tx| records::create(cx, tx, &object, &body.value))).await?;
    Ok(record(status, saved))
}

/// One record.
#[utoipa::path(get, path = "/records/{object}/{id}", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path)),
    responses((status = 200, body = schemas::Record), (status = 404, body = schemas::Problem)))]
pub async fn read(State(app): State<App>, caller: Caller, Path((object, one)): Path<(String, String)>) -> Answer {
    let one = id(&one)?;
    Ok(record(StatusCode::OK, app.door.read(&caller, move |cx, tx| records::read(cx, tx, &object, one)).await?))
}

/// The record that another system knows by an id of its own.
#[utoipa::path(get, path = "/records/{object}/by/{source}/{external_id}", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), ("source" = String, Path), ("external_id" = String, Path)),
    responses((status = 200, body = schemas::Record), (status = 404, body = schemas::Problem)))]
pub async fn by_external(
    State(app): State<App>,
    caller: Caller,
    Path((object, source, external)): Path<(String, String, String)>,
) -> Answer {
    let found = app.door.read(&caller, move |cx, tx| records::by_external(cx, tx, &object, &source, &external)).await?;
    Ok(record(StatusCode::OK, found))
}

/// Edit a record.
///
/// Only the given fields change; `null` empties one. With `stage` among them it is a move and passes the same gates;
/// `stage_reason` carries the reason that a move back asks for.
#[utoipa::path(patch, path = "/records/{object}/{id}", tag = "Records", request_body = schemas::Update,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem),
        (status = 412, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn update(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    mut body: Body<Update>,
) -> Answer {
    let (one, version) = (id(&one)?, caller.version()?);
    body.value.dry_run |= dry.dry_run;
    let once = Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run);
    let edit =
        move |cx: &Ctx, tx: &mut Write| once.on_record(cx, tx, "saved", |tx| records::update(cx, tx, &object, one, version, &body.value));
    let (status, saved) = app.door.write(&caller, edit).await?;
    Ok(record(status, saved))
}

/// Who changed what, newest first.
#[utoipa::path(get, path = "/records/{object}/{id}/history", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::HistoryQuery),
    responses((status = 200, body = schemas::History), (status = 404, body = schemas::Problem)))]
pub async fn history(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(request): Params<HistoryRequest>,
) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| records::history(cx, tx, &object, one, &request)).await?))
}

/// The board of a sales process.
///
/// A column per stage with counts and sums over all rows in scope, and its first cards.
#[utoipa::path(get, path = "/records/opportunity/board", tag = "Opportunities", params(schemas::BoardQuery),
    responses((status = 200, body = schemas::Board), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn board(State(app): State<App>, caller: Caller, Params(request): Params<BoardRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| processes::board(cx, tx, &request)).await?))
}

/// Find records by words.
///
/// A record is found when each word begins a word of its name, number, phone, e-mail or a text that is unique or fast; in scripts without
/// spaces a word may begin anywhere. At most 3 of each object, names that are or begin with the question first; `more` names the
/// objects of which there is more: ask again with `object` and `limit`.
#[utoipa::path(get, path = "/search", tag = "Records", params(schemas::SearchQuery),
    responses((status = 200, body = schemas::Found), (status = 404, body = schemas::Problem)))]
pub async fn search(State(app): State<App>, caller: Caller, Params(request): Params<SearchRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| search::search(cx, tx, &request)).await?))
}
