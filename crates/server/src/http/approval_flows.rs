//! Approval flows, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use serde_json::Value;
use stagecraft_core::approvals::{self, Order, Simulation, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// Approval flows.
///
/// Topmost first: of those whose trigger and condition fit, the first catches. With the objects that take flows, and the triggers that fit
/// each. Administrators only.
#[utoipa::path(get, path = "/approval-flows", tag = "Approvals",
    responses((status = 200, body = schemas::ApprovalFlows), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, approvals::flows).await?))
}

/// One approval flow.
///
/// Administrators only.
#[utoipa::path(get, path = "/approval-flows/{id}", tag = "Approvals", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ApprovalFlow), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(flow): Path<String>) -> Answer {
    let flow = id(&flow)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| approvals::flow(cx, tx, flow)).await?))
}

/// Make an approval flow.
///
/// It comes last. Refused with all its faults at once, each with its place (`nodes[1].does.who[0].id`). Administrators only.
#[utoipa::path(post, path = "/approval-flows", tag = "Approvals", request_body = schemas::SaveApprovalFlow, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::ApprovalFlow), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, flow) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| approvals::save(cx, tx, None, None, &body.value);
            once.run(cx, tx, first, |tx, made| made.record.map_or(Ok(Value::Null), |flow| approvals::flow(cx, tx, flow)))
        })
        .await?;
    Ok(versioned(status, flow))
}

/// Save an approval flow.
///
/// The whole of it, as `GET` gave it; every save is a version. What runs goes on by the version with which it began. Administrators only.
#[utoipa::path(put, path = "/approval-flows/{id}", tag = "Approvals", request_body = schemas::SaveApprovalFlow,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::ApprovalFlow), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(flow): Path<String>, body: Body<Wanted>) -> Answer {
    let (flow, seen) = (id(&flow)?, caller.version()?);
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| approvals::save(cx, tx, Some(flow), seen, &body.value)).await?))
}

/// Remove an approval flow.
///
/// Only one that is switched off. Its past approvals stay, and what runs goes on. Administrators only.
#[utoipa::path(delete, path = "/approval-flows/{id}", tag = "Approvals", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(flow): Path<String>) -> Answer {
    let (flow, seen) = (id(&flow)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| approvals::delete(cx, tx, flow, seen)).await?;
    Ok(done())
}

/// Put the approval flows in another order.
///
/// All of them, topmost first; 409 with the present list where somebody has added or removed one meanwhile. Administrators only.
#[utoipa::path(put, path = "/approval-flows/order", tag = "Approvals", request_body = schemas::ApprovalFlowOrder,
    responses((status = 200, body = schemas::ApprovalFlows), (status = 403, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn order(State(app): State<App>, caller: Caller, body: Body<Order>) -> Answer {
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| approvals::order(cx, tx, &body.value)).await?))
}

/// Versions of an approval flow.
///
/// The latest hundred, each as it was saved. Administrators only.
#[utoipa::path(get, path = "/approval-flows/{id}/versions", tag = "Approvals", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ApprovalFlowVersions), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn versions(State(app): State<App>, caller: Caller, Path(flow): Path<String>) -> Answer {
    let flow = id(&flow)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| approvals::versions(cx, tx, flow)).await?))
}

/// What stands against an approval flow that is being drawn.
///
/// All its faults with their places; nothing is saved. With `id`, it is judged as a change of that flow. Administrators only.
#[utoipa::path(post, path = "/approval-flows/check", tag = "Approvals", request_body = schemas::SaveApprovalFlow,
    responses((status = 200, body = schemas::ApprovalFlowChecked), (status = 403, body = schemas::Problem)))]
pub async fn check(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let about = body.value.object.clone();
    let (mut found, meta) = app.door.read(&caller, move |cx, tx| Ok((approvals::check(cx, tx, &body.value)?, cx.meta.clone()))).await?;
    with_messages(&mut found, caller.spoken.language(), &meta, &about);
    Ok(json(StatusCode::OK, found))
}

/// Which flow would catch an act, and who would approve.
///
/// Of a record that is there, or of one that would be created, without starting anything: each flow of the object in its order with why it
/// does not catch, and the way that the approval takes where everybody agrees. A flow that is being drawn can be tried as it is.
/// Administrators only.
#[utoipa::path(post, path = "/approval-flows/simulate", tag = "Approvals", request_body = schemas::ApprovalSimulation,
    responses((status = 200, body = schemas::ApprovalSimulated), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn simulate(State(app): State<App>, caller: Caller, body: Body<Simulation>) -> Answer {
    let about = body.value.object.clone();
    let (mut found, meta) = app.door.write(&caller, move |cx, tx| Ok((approvals::simulate(cx, tx, &body.value)?, cx.meta.clone()))).await?;
    with_messages(&mut found, caller.spoken.language(), &meta, &about);
    Ok(json(StatusCode::OK, found))
}
