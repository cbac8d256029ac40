//! Approvals: what waits for one, what is asked, and one's answer.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::Value;
use stagecraft_core::approvals::{self, Acting, ApprovalsRequest, Many};
use stagecraft_core::{House, Limits};

use super::once::Once;
use super::show::{Answer, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, Params};
use crate::messages::{with_messages, with_titles};
use crate::openapi::schemas;

/// Approvals.
///
/// `which=to_do`: those that wait for one, oneself or for somebody who is away (`on_behalf_of`), the first due first; an approval is there for each
/// task that is one's own. `done`: those in which one has decided. `mine`: those that one has submitted or counts as the initiator of. `all`: every
/// one, for administrators. What is asked for is told as far as one may know of it; `out_of_sight` says that there is more.
#[utoipa::path(get, path = "/approvals", tag = "Approvals", params(schemas::ApprovalsQuery),
    responses((status = 200, body = schemas::Approvals), (status = 400, body = schemas::Problem), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(request): Params<ApprovalsRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| approvals::list(cx, tx, &request)).await?))
}

/// One approval.
///
/// For whoever sees its record, for those who take or have taken part, and for administrators. With what is asked for side by side with what
/// stands there, every node with its people and how long it took, the trail, and what one may do oneself.
#[utoipa::path(get, path = "/approvals/{id}", tag = "Approvals", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Approval), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    let answer = app.door.read(&caller, move |cx, tx| approvals::one(cx, tx, one)).await?;
    Ok(worded(&app, &caller, answer))
}

/// Act on an approval.
///
/// `agree`, `reject` (with a comment), `comment`, `reassign` (`to`), `add_signer` (`person`, `place`: `before` or `after`), `withdraw`, `retrieve`,
/// `urge`, `resubmit`; for administrators `jump` (`node`), `replace` (`task`, `to`) and `end` (`approve`). With `agree` the `fields` that the node
/// opens are saved in the same step, or nothing is; with `resubmit` what was asked for is changed. The answer is the approval as it stands then:
/// what was agreed to and could not be done is `failed`, with the reasons.
#[utoipa::path(post, path = "/approvals/{id}/act", tag = "Approvals", request_body = schemas::ActOnApproval,
    params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Approval), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn act(State(app): State<App>, caller: Caller, Path(one): Path<String>, body: Body<Acting>) -> Answer {
    let one = id(&one)?;
    let once = Once::new(&caller, &body.text, StatusCode::OK, false);
    let done = app
        .door
        .write(&caller, move |cx, tx| once.run(cx, tx, |tx| approvals::act(cx, tx, one, &body.value), |tx, _| approvals::one(cx, tx, one)));
    let (_, answer) = done.await?;
    Ok(worded(&app, &caller, answer))
}

/// Answer many approvals at once.
///
/// `agree` or `reject`, at most 500; each for itself, each with its result. A request that comes again answers none twice.
#[utoipa::path(post, path = "/approvals/act-many", tag = "Approvals", request_body = schemas::ActOnApprovals, params(schemas::OnceHeader),
    responses((status = 200, body = schemas::ActedOnApprovals), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn act_many(State(app): State<App>, caller: Caller, body: Body<Many>) -> Answer {
    let (credential, origin) = (caller.credential.clone(), caller.origin());
    let once = Once::new(&caller, &body.text, StatusCode::OK, false).key();
    let acted = move |house: &House, _: Limits| approvals::act_many(house, &credential, &origin, &body.value, once.as_ref());
    let mut answer = app.door.run(Lane::Slow, acted).await?;
    with_messages(&mut answer, caller.spoken.language(), &app.door.house().meta(), "");
    with_titles(&mut answer["results"], caller.spoken.language());
    Ok(json(StatusCode::OK, answer))
}

/// The approvals of a record.
///
/// Newest first.
#[utoipa::path(get, path = "/records/{object}/{id}/approvals", tag = "Approvals",
    params(("object" = String, Path, example = "opportunity"), ("id" = String, Path)),
    responses((status = 200, body = schemas::Approvals), (status = 404, body = schemas::Problem)))]
pub async fn of_record(State(app): State<App>, caller: Caller, Path((object, one)): Path<(String, String)>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| approvals::of_record(cx, tx, &object, one)).await?))
}

/// With words for the reasons why it failed.
fn worded(app: &App, caller: &Caller, mut answer: Value) -> axum::response::Response {
    let object = answer["object"].as_str().unwrap_or_default().to_owned();
    with_messages(&mut answer["failed"], caller.spoken.language(), &app.door.house().meta(), &object);
    json(StatusCode::OK, answer)
}
