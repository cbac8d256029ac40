//! Rules by which leads are given out, as documents.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use serde_json::Value;
use stagecraft_core::leads::rules::{self, Order, Trial, Wanted};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Assignment rules.
///
/// In their order, each with whose turn it is. Administrators only.
#[utoipa::path(get, path = "/lead-assignment-rules", tag = "Leads",
    responses((status = 200, body = schemas::LeadRules), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, rules::list).await?))
}

/// One assignment rule.
///
/// Administrators only.
#[utoipa::path(get, path = "/lead-assignment-rules/{id}", tag = "Leads", params(("id" = String, Path)),
    responses((status = 200, body = schemas::LeadRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let rule = id(&rule)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| rules::one(cx, tx, rule)).await?))
}

/// Make an assignment rule.
///
/// It comes last. Leads that it means go to its receivers in turn: people, departments (everybody in them and below), groups. Administrators only.
#[utoipa::path(post, path = "/lead-assignment-rules", tag = "Leads", request_body = schemas::SaveLeadRule, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::LeadRule), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, rule) = app
        .door
        .write(&caller, move |cx, tx| {
            let first = |tx: &mut Write| rules::save(cx, tx, None, None, &body.value);
            once.run(cx, tx, first, |tx, made| made.record.map_or(Ok(Value::Null), |rule| rules::one(cx, tx, rule)))
        })
        .await?;
    Ok(versioned(status, rule))
}

/// Replace an assignment rule.
///
/// The whole of it, as `GET` gave it. Administrators only.
#[utoipa::path(put, path = "/lead-assignment-rules/{id}", tag = "Leads", request_body = schemas::SaveLeadRule,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::LeadRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(rule): Path<String>, body: Body<Wanted>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| rules::save(cx, tx, Some(rule), seen, &body.value)).await?))
}

/// Remove an assignment rule.
///
/// Administrators only.
#[utoipa::path(delete, path = "/lead-assignment-rules/{id}", tag = "Leads", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| rules::delete(cx, tx, rule, seen)).await?;
    Ok(done())
}

/// Put the assignment rules in another order.
///
/// All of them; 409 with the present list where somebody has added or removed one meanwhile. Administrators only.
#[utoipa::path(put, path = "/lead-assignment-rules/order", tag = "Leads", request_body = schemas::LeadRuleOrder,
    responses((status = 200, body = schemas::LeadRules), (status = 403, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn order(State(app): State<App>, caller: Caller, body: Body<Order>) -> Answer {
    Ok(json(StatusCode::OK, app.door.write(&caller, move |cx, tx| rules::order(cx, tx, &body.value)).await?))
}

/// Which rule would take a lead.
///
/// One that is there (`lead`), or one with these `fields`. Nobody's turn is taken. Administrators only.
#[utoipa::path(post, path = "/lead-assignment-rules/trial", tag = "Leads", request_body = schemas::LeadRuleTrial,
    responses((status = 200, body = schemas::LeadRuleTried), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn trial(State(app): State<App>, caller: Caller, body: Body<Trial>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| rules::trial(cx, tx, &body.value)).await?))
}
