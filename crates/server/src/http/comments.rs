//! What people write to each other about a record.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::comments::{self, CommentsRequest, MentionableRequest, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// A record's comments, newest first.
#[utoipa::path(get, path = "/records/{object}/{id}/comments", tag = "Timeline",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::CommentsQuery),
    responses((status = 200, body = schemas::Comments), (status = 404, body = schemas::Problem)))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(request): Params<CommentsRequest>,
) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| comments::list(cx, tx, &object, one, &request)).await?))
}

/// Write a comment.
///
/// `@[Kim Lee](employee:ID)` mentions a person, `department` and `user_group` all in one; those who see the record are told. `not_seeing` names
/// those who do not see it, and so were not told.
#[utoipa::path(post, path = "/records/{object}/{id}/comments", tag = "Timeline", request_body = schemas::CommentText,
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::OnceHeader),
    responses((status = 201, body = schemas::Comment), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, Path((object, one)): Path<(String, String)>, body: Body<Wanted>) -> Answer {
    let one = id(&one)?;
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, comment) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| comments::create(cx, tx, &object, one, &body.value),
                |tx, made| made.record.map_or(Ok(Value::Null), |comment| comments::one(cx, tx, comment)),
            )
        })
        .await?;
    Ok(versioned(status, comment))
}

/// Word one's own comment anew.
///
/// Those who are mentioned in it for the first time are told.
#[utoipa::path(patch, path = "/comments/{id}", tag = "Timeline", request_body = schemas::CommentText,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Comment), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn edit(State(app): State<App>, caller: Caller, Path(comment): Path<String>, body: Body<Wanted>) -> Answer {
    let (comment, seen) = (id(&comment)?, caller.version()?);
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| comments::edit(cx, tx, comment, seen, &body.value)).await?))
}

/// Delete a comment.
///
/// One's own; administrators delete any.
#[utoipa::path(delete, path = "/comments/{id}", tag = "Timeline", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(comment): Path<String>) -> Answer {
    let comment = id(&comment)?;
    app.door.write(&caller, move |cx, tx| comments::delete(cx, tx, comment)).await?;
    Ok(done())
}

/// Whom one may mention about a record.
///
/// People who see it first.
#[utoipa::path(get, path = "/records/{object}/{id}/mentionable", tag = "Timeline",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path), schemas::MentionableQuery),
    responses((status = 200, body = schemas::Mentionable), (status = 404, body = schemas::Problem)))]
pub async fn mentionable(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(request): Params<MentionableRequest>,
) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| comments::mentionable(cx, tx, &object, one, &request)).await?))
}
