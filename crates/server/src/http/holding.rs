//! Holding limits: when records count, and who may have how many.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use stagecraft_core::holding::{self, Wanted, WantedDefinition};

use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// The query of `GET /holding-rules`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    pub object: Option<String>,
}

/// When a record counts.
///
/// Every holding rule of the object stands on top of it. Without a condition every record counts that is not in the recycle bin.
/// Administrators only.
#[utoipa::path(get, path = "/holding-definition/{object}", tag = "Holding", params(("object" = String, Path, example = "opportunity")),
    responses((status = 200, body = schemas::HoldingDefinition), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn definition(State(app): State<App>, caller: Caller, Path(object): Path<String>) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, _| holding::definition(cx, &object)).await?))
}

/// Say when a record counts.
///
/// Holds for the next save on every server. Administrators only.
#[utoipa::path(put, path = "/holding-definition/{object}", tag = "Holding", request_body = schemas::SaveHoldingDefinition,
    params(("object" = String, Path, example = "opportunity"), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::HoldingDefinition), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn define(State(app): State<App>, caller: Caller, Path(object): Path<String>, body: Body<WantedDefinition>) -> Answer {
    let seen = caller.version()?;
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| holding::define(cx, tx, &object, seen, &body.value)).await?))
}

/// What another definition would do.
///
/// For each rule in force who would hold how much, and who would be over his limit that is not now. Nothing is saved. Administrators only.
#[utoipa::path(post, path = "/holding-definition/{object}/preview", tag = "Holding", request_body = schemas::SaveHoldingDefinition,
    params(("object" = String, Path, example = "opportunity")),
    responses((status = 200, body = schemas::HoldingDefinitionUsage), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn preview_definition(
    State(app): State<App>,
    caller: Caller,
    Path(object): Path<String>,
    body: Body<WantedDefinition>,
) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::preview_definition(cx, tx, &object, &body.value)).await?))
}

/// Holding rules.
///
/// By object and name. Administrators only.
#[utoipa::path(get, path = "/holding-rules", tag = "Holding",
    params(("object" = Option<String>, Query, description = "Rules of this object; of all when absent.", example = "opportunity")),
    responses((status = 200, body = schemas::HoldingRules), (status = 403, body = schemas::Problem)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(of): Params<Of>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::list(cx, tx, of.object.as_deref())).await?))
}

/// Fields that may be limits.
///
/// Number fields of people, calculated numbers that are indexed, and statistical numbers. Administrators only.
#[utoipa::path(get, path = "/holding-rules/variables", tag = "Holding",
    responses((status = 200, body = schemas::HoldingVariables), (status = 403, body = schemas::Problem)))]
pub async fn variables(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, _| holding::variables(cx)).await?))
}

/// One holding rule.
///
/// Administrators only.
#[utoipa::path(get, path = "/holding-rules/{id}", tag = "Holding", params(("id" = String, Path)),
    responses((status = 200, body = schemas::HoldingRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let rule = id(&rule)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::one(cx, tx, rule)).await?))
}

/// Make a holding rule.
///
/// It limits each person whom it means, or departments or groups as a whole, and holds for the next save on every server. Whoever has more keeps it
/// and gets nothing more. A limit is a number or a field of people (`holding.variable_not_allowed`): the person's own, or the sum over the active
/// members; blank means no limit. Administrators only.
#[utoipa::path(post, path = "/holding-rules", tag = "Holding", request_body = schemas::SaveHoldingRule, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::HoldingRule), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, rule) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| holding::save(cx, tx, None, None, &body.value),
                |tx, made| made.record.map_or(Ok(Value::Null), |rule| holding::one(cx, tx, rule)),
            )
        })
        .await?;
    Ok(versioned(status, rule))
}

/// Replace a holding rule.
///
/// The whole of it, as `GET` gave it; its object stays. Administrators only.
#[utoipa::path(put, path = "/holding-rules/{id}", tag = "Holding", request_body = schemas::SaveHoldingRule,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::HoldingRule), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(rule): Path<String>, body: Body<Wanted>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| holding::save(cx, tx, Some(rule), seen, &body.value)).await?))
}

/// Take a holding rule back.
///
/// Administrators only.
#[utoipa::path(delete, path = "/holding-rules/{id}", tag = "Holding", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let (rule, seen) = (id(&rule)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| holding::delete(cx, tx, rule, seen)).await?;
    Ok(done())
}

/// What a rule would do.
///
/// Whom it would limit, how much they hold, and who would be over his limit: `over_before` says whether he is so under the rule of the same `id` as
/// it stands. The fullest come first, at most 500; `more` counts the others. Nothing is saved. Administrators only.
#[utoipa::path(post, path = "/holding-rules/preview", tag = "Holding", request_body = schemas::SaveHoldingRule,
    responses((status = 200, body = schemas::HoldingUsage), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn preview(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::preview(cx, tx, &body.value)).await?))
}

/// How full a rule is.
///
/// As the preview, of the rule as it stands. Administrators only.
#[utoipa::path(get, path = "/holding-rules/{id}/usage", tag = "Holding", params(("id" = String, Path)),
    responses((status = 200, body = schemas::HoldingUsage), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn usage(State(app): State<App>, caller: Caller, Path(rule): Path<String>) -> Answer {
    let rule = id(&rule)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::usage(cx, tx, rule)).await?))
}
