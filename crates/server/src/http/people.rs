//! People and departments, as far as they are more than records.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json as object;
use stagecraft_core::people;
use stagecraft_core::people::leaving::{self, Disable, Enable};

use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// The departments as a tree.
///
/// Each with its head, its assistants, the number of active people whose primary department it is, and of those in it and below it. A
/// department is moved, renamed and voided as every record is: `PATCH /records/department/{id}`.
#[utoipa::path(get, path = "/departments", tag = "People", responses((status = 200, body = schemas::Departments), (status = 404, body = schemas::Problem)))]
pub async fn departments(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, people::departments).await?))
}

/// Where a person stands.
///
/// What he owns, who reports to him, what he leads, the groups that hold him, as far as one may see it.
#[utoipa::path(get, path = "/people/{id}", tag = "People", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Standing), (status = 404, body = schemas::Problem)))]
pub async fn person(State(app): State<App>, caller: Caller, Path(person): Path<String>) -> Answer {
    let person = id(&person)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| leaving::person(cx, tx, person)).await?))
}

/// Disable a person and hand over what he owns.
///
/// Administrators only. Everything goes to those who are named, in one act: if one record is refused nothing has happened, and the violations
/// tell which, under `records/{object}/{id}`. With `dry_run` everything is judged, who would get how much is told beside what he has
/// already, and nothing is changed; `violations` are then part of the answer. At most 5,000 records.
#[utoipa::path(post, path = "/people/{id}/disable", tag = "People", params(("id" = String, Path), schemas::DryRunQuery, schemas::OnceHeader),
    request_body = schemas::Disable,
    responses((status = 200, body = schemas::Disabled), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn disable(
    State(app): State<App>,
    caller: Caller,
    Path(person): Path<String>,
    Params(dry): Params<DryRun>,
    mut body: Body<Disable>,
) -> Answer {
    body.value.dry_run |= dry.dry_run;
    let (person, once) = (id(&person)?, Once::new(&caller, &body.text, StatusCode::OK, body.value.dry_run));
    let (status, mut answer) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| leaving::disable(cx, tx, person, &body.value),
                |_, _| Ok(object!({"result": "disabled", "dry_run": false, "person": person.to_string(), "repeated": true})),
            )
        })
        .await?;
    app.live.look_again();
    with_messages(&mut answer, caller.spoken.language(), &app.door.house().meta(), "");
    Ok(json(status, answer))
}

/// Let a disabled person sign in again.
///
/// Administrators only. What was handed over stays where it is; sessions and tokens begin anew.
#[utoipa::path(post, path = "/people/{id}/enable", tag = "People", params(("id" = String, Path), schemas::OnceHeader), request_body = schemas::Enable,
    responses((status = 200, body = schemas::Enabled), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn enable(State(app): State<App>, caller: Caller, Path(person): Path<String>, body: Body<Enable>) -> Answer {
    let (person, once) = (id(&person)?, Once::new(&caller, &body.text, StatusCode::OK, false));
    let (status, answer) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| leaving::enable(cx, tx, person, &body.value),
                |_, _| Ok(object!({"result": "enabled", "person": person.to_string()})),
            )
        })
        .await?;
    Ok(json(status, answer))
}
