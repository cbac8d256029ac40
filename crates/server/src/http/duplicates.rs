//! Records that there are already: as one types, before one begins, about one that is there.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use serde::Deserialize;
use serde_json::Value;
use stagecraft_core::Error;
use stagecraft_core::duplicates::{self, Check, Join, Search, Turn, WantedRule};

use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// Check for duplicates.
///
/// What the rules for new records find of these fields, as one types; `id` names the record that is edited. Values that cannot be read yet take
/// no part, nor do rules that look at fields which the caller may not know of. Nothing is stored. A person asks two hundred times at once and
/// then every twelve seconds (429 `duplicate.too_often`); without fields, to learn which are `watched`, as often as he likes.
#[utoipa::path(post, path = "/duplicates/check", tag = "Duplicates", request_body = schemas::DuplicateCheck,
    responses((status = 200, body = schemas::DuplicatesFound), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 429, body = schemas::Problem)))]
pub async fn check(State(app): State<App>, caller: Caller, body: Body<Check>) -> Answer {
    let limits = app.clone();
    let found = app.door.read(&caller, move |cx, tx| {
        if !body.value.fields.is_empty() {
            let wait = |retry_after| Error::TooMany { code: "duplicate.too_often", retry_after };
            limits.checks.take(cx.who.id).map_err(wait)?;
        }
        duplicates::check(cx, tx, &body.value)
    });
    Ok(json(StatusCode::OK, found.await?))
}

/// Search before you begin.
///
/// The duplicate check tool: `text` is tried as name, phone, e-mail and website across the objects that rules of the tool judge; or `fields` of
/// one `object` are judged as if one were about to create it. Needs the right `duplicate_tool`; sixty an hour, each noted in the audit log.
#[utoipa::path(post, path = "/duplicates/search", tag = "Duplicates", request_body = schemas::DuplicateSearch,
    responses((status = 200, body = schemas::DuplicatesFound), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem), (status = 429, body = schemas::Problem)))]
pub async fn search(State(app): State<App>, caller: Caller, body: Body<Search>) -> Answer {
    let wanted = body.value.clone();
    app.door.write(&caller, move |cx, tx| duplicates::note_search(cx, tx, &wanted)).await?;
    Ok(json(StatusCode::OK, app.door.read_slowly(&caller, move |cx, tx| duplicates::search(cx, tx, &body.value)).await?))
}

/// Duplicates of a record.
///
/// Over which matches it went on, the latest first, and what is alike now.
#[utoipa::path(get, path = "/records/{object}/{id}/duplicates", tag = "Duplicates", params(("object" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = schemas::DuplicatesOfRecord), (status = 404, body = schemas::Problem)))]
pub async fn of_record(State(app): State<App>, caller: Caller, Path((object, record)): Path<(String, String)>) -> Answer {
    let record = id(&record)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| duplicates::of_record(cx, tx, &object, record)).await?))
}

/// Try a duplicate rule.
///
/// One that is not saved, on the latest five hundred records of its object that it means: how many pairs it finds, and some of them.
/// Administrators only.
#[utoipa::path(post, path = "/duplicate-rules/preview", tag = "Duplicates", request_body = schemas::SaveDuplicateRule,
    responses((status = 200, body = schemas::DuplicatePreview), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn preview(State(app): State<App>, caller: Caller, body: Body<WantedRule>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read_slowly(&caller, move |cx, tx| duplicates::preview(cx, tx, &body.value)).await?))
}

/// Ask to join.
///
/// The team of a record that one has met and may not see, by the match's token. The owner has seven days to answer. Asking again gives the
/// request that is open.
#[utoipa::path(post, path = "/duplicates/join", tag = "Duplicates", request_body = schemas::JoinDuplicate, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::JoinRequest), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn join(State(app): State<App>, caller: Caller, body: Body<Join>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, request) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| duplicates::join(cx, tx, &body.value);
            // Asked again, it is the one that is open.
            once.run(cx, tx, first, |_, _| Ok(Value::Null))
        })
        .await?;
    Ok(json(status, request))
}

/// Which requests.
#[derive(Deserialize)]
pub struct Boxed {
    #[serde(rename = "box", default = "asked")]
    of: String,
}

fn asked() -> String {
    "asked".to_owned()
}

/// Requests to join.
///
/// Those that one has asked (`box=mine`), or is asked (`box=asked`), the latest first.
#[utoipa::path(get, path = "/join-requests", tag = "Duplicates", params(("box" = Option<String>, Query, description = "`mine` or `asked`")),
    responses((status = 200, body = schemas::JoinRequests)))]
pub async fn requests(State(app): State<App>, caller: Caller, Params(boxed): Params<Boxed>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| duplicates::requests(cx, tx, &boxed.of)).await?))
}

/// Accept a request to join.
///
/// The asker becomes a member of the team, with `read` or `read_write`.
#[utoipa::path(post, path = "/join-requests/{id}/accept", tag = "Duplicates", params(("id" = String, Path)), request_body = schemas::AnswerJoin,
    responses((status = 200, body = schemas::JoinRequest), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn accept(State(app): State<App>, caller: Caller, Path(request): Path<String>, body: Body<duplicates::Answer>) -> Answer {
    turn(app, caller, request, body, Turn::Accept).await
}

/// Decline a request to join.
#[utoipa::path(post, path = "/join-requests/{id}/decline", tag = "Duplicates", params(("id" = String, Path)), request_body = schemas::AnswerJoin,
    responses((status = 200, body = schemas::JoinRequest), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn decline(State(app): State<App>, caller: Caller, Path(request): Path<String>, body: Body<duplicates::Answer>) -> Answer {
    turn(app, caller, request, body, Turn::Decline).await
}

/// Withdraw a request to join.
#[utoipa::path(post, path = "/join-requests/{id}/withdraw", tag = "Duplicates", params(("id" = String, Path)), request_body = schemas::AnswerJoin,
    responses((status = 200, body = schemas::JoinRequest), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn withdraw(State(app): State<App>, caller: Caller, Path(request): Path<String>, body: Body<duplicates::Answer>) -> Answer {
    turn(app, caller, request, body, Turn::Withdraw).await
}

async fn turn(app: App, caller: Caller, request: String, body: Body<duplicates::Answer>, turn: Turn) -> Answer {
    let request = id(&request)?;
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| duplicates::turn(cx, tx, request, turn, &body.value)).await?))
}
