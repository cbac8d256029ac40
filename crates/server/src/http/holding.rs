//! Holding limits: when records count, and who may have how many.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use stagecraft_core::holding::{self, Asked, Request, Wait, Wanted, WantedDefinition};

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

/// What one holds.
///
/// Every rule in force that means the caller: its limit, what is held (of a department or group by all in it), and what of that is his own. `filter`
/// finds his records that count. A rule that looks at a field which one may not know of is not there.
#[utoipa::path(get, path = "/holdings/me", tag = "Holding",
    params(("object" = Option<String>, Query, description = "Of this object; of all when absent.", example = "opportunity")),
    responses((status = 200, body = schemas::Holdings), (status = 404, body = schemas::Problem)))]
pub async fn me(State(app): State<App>, caller: Caller, Params(wanted): Params<Request>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::me(cx, tx, &wanted)).await?))
}

/// What one's people hold.
///
/// The caller and those below him, by name, each with the rules that limit him by himself; `shared` are the departments and groups to which those of
/// the page belong. Whoever sees everything is shown everybody.
#[utoipa::path(get, path = "/holdings/team", tag = "Holding",
    params(("object" = Option<String>, Query), ("department" = Option<String>, Query, description = "Those in it and below."),
        ("person" = Option<String>, Query, description = "This one alone; nobody where he is not among them."), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = schemas::TeamHoldings), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn team(State(app): State<App>, caller: Caller, Params(wanted): Params<Request>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::team(cx, tx, &wanted)).await?))
}

/// What somebody holds.
///
/// As `GET /holdings/me`, for himself, those above him, and those who see everything.
#[utoipa::path(get, path = "/holdings/people/{id}", tag = "Holding", params(("id" = String, Path), ("object" = Option<String>, Query)),
    responses((status = 200, body = schemas::Holdings), (status = 404, body = schemas::Problem)))]
pub async fn person(State(app): State<App>, caller: Caller, Path(person): Path<String>, Params(wanted): Params<Request>) -> Answer {
    let person = id(&person)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::person(cx, tx, person, &wanted)).await?))
}

/// Whether somebody could get a record.
///
/// One that might be (`fields`), some that are there (`records`), or just one more. Tells every rule that counts one of them and means him, those
/// without room (`room` below `asked`) and then the tightest first; and what of his would free some: what was followed up least lately. For
/// oneself; for others whoever may give records to them. Nothing is changed.
#[utoipa::path(post, path = "/holdings/check", tag = "Holding", request_body = schemas::CheckHoldings,
    responses((status = 200, body = schemas::HoldingCheck), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn check(State(app): State<App>, caller: Caller, body: Body<Asked>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| holding::check(cx, tx, &body.value)).await?))
}

/// What one waits for.
#[utoipa::path(get, path = "/holdings/wait", tag = "Holding", responses((status = 200, body = schemas::HoldingWaits)))]
pub async fn waits(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, holding::waits).await?))
}

/// Wait for room.
///
/// Whoever is first in line is told by the notice `holding_room` when there is room for him, once; it is left to him for a day. Who waits for the
/// same already stays where he is. For a record there must be room under every rule that counts it; without one under the `rules` that a refusal
/// has named, else under those that count every record. Who has the record by then, or finds it gone, waits no longer.
#[utoipa::path(post, path = "/holdings/wait", tag = "Holding", request_body = schemas::WaitForRoom, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::HoldingWait), (status = 404, body = schemas::Problem)))]
pub async fn wait(State(app): State<App>, caller: Caller, body: Body<Wait>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, waiting) = app
        .door
        .write(&caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| holding::wait(cx, tx, &body.value),
                |tx, joined| joined.record.map_or(Ok(Value::Null), |waiting| holding::place(cx, tx, waiting)),
            )
        })
        .await?;
    Ok(json(status, waiting))
}

/// Wait no longer.
#[utoipa::path(delete, path = "/holdings/wait/{id}", tag = "Holding", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = schemas::Problem)))]
pub async fn leave(State(app): State<App>, caller: Caller, Path(waiting): Path<String>) -> Answer {
    let waiting = id(&waiting)?;
    app.door.write(&caller, move |cx, tx| holding::leave(cx, tx, waiting)).await?;
    Ok(done())
}
