//! Objects: what the screens are drawn from, and shaping them.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use db::Write;
use model::Id;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use stagecraft_core::objects::{self, CreateObject, FieldAct, ObjectAct, SetOptions, TryFormula, UpdateObject};
use stagecraft_core::{Limits, jobs};

use super::once::Once;
use super::show::{Answer, json as answer_with, tagged};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller};
use crate::messages::with_messages;
use crate::openapi::schemas;

/// How long the answer waits for tables and columns that are made at once.
const PATIENCE: Duration = Duration::from_secs(3);

/// All objects one may read.
///
/// In the order of navigation, with the fields one may know of. The ETag holds until metadata or one's rights change.
#[utoipa::path(get, path = "/objects", tag = "Objects", responses((status = 200, body = schemas::Objects), (status = 304)))]
pub async fn list(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Answer {
    let (tag, body) = app.door.read(&caller, |cx, _| Ok((format!("m{}.{}", cx.meta.version, cx.who.id), objects::list(cx)))).await?;
    Ok(tagged(&headers, &tag, body))
}

/// One object.
#[utoipa::path(get, path = "/objects/{object}", tag = "Objects", params(("object" = String, Path, example = "opportunity")),
    responses((status = 200, body = schemas::Object), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(object): Path<String>, headers: HeaderMap) -> Answer {
    let (tag, body) =
        app.door.read(&caller, move |cx, _| Ok((format!("m{}.{}", cx.meta.version, cx.who.id), objects::one(cx, &object)?))).await?;
    Ok(tagged(&headers, &tag, body))
}

/// Every object, put aside or not, without its fields.
///
/// Administrators only.
#[utoipa::path(get, path = "/object-definitions", tag = "Objects",
    responses((status = 200, body = schemas::Definitions), (status = 403, body = schemas::Problem)))]
pub async fn definitions(State(app): State<App>, caller: Caller) -> Answer {
    Ok(answer_with(StatusCode::OK, app.door.read(&caller, objects::definitions).await?))
}

/// The whole definition of an object.
///
/// Fields that are put aside or on their way included. Administrators only.
#[utoipa::path(get, path = "/objects/{object}/definition", tag = "Objects", params(("object" = String, Path, example = "opportunity")),
    responses((status = 200, body = schemas::Definition), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn definition(State(app): State<App>, caller: Caller, Path(object): Path<String>) -> Answer {
    Ok(answer_with(StatusCode::OK, app.door.read(&caller, move |cx, tx| objects::definition(cx, tx, &object)).await?))
}

/// Make an object.
///
/// Administrators only. Its key begins with `x_`. It is there, with its table, when the answer comes or a moment later: `state` tells.
#[utoipa::path(post, path = "/objects", tag = "Objects", request_body = schemas::CreateObject, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::ChangedObject), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<CreateObject>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (answer, job) = app
        .door
        .write(&caller, move |cx, tx| {
            let mut job = None;
            let first = |tx: &mut Write| {
                let (answer, begun) = objects::create_object(cx, tx, &body.value)?;
                job = Some(begun);
                Ok(answer)
            };
            let (_, answer) = once.run(cx, tx, first, |tx, done| {
                let key = done.object.clone().unwrap_or_default();
                Ok(json!({"object": objects::definition(cx, tx, &key)?, "job": null, "meta_version": cx.meta.version}))
            })?;
            Ok((answer, job))
        })
        .await?;
    let object = answer["object"]["key"].as_str().unwrap_or_default().to_owned();
    after_job(&app, &caller, StatusCode::CREATED, answer, &object, None, job).await
}

/// Change an object's names, screens and rules.
///
/// What is absent stays; `layouts` and `validations` are whole lists. `If-Match` is the definition's `version`: where somebody else has
/// changed it meanwhile, the present one is shown. Administrators only.
#[utoipa::path(patch, path = "/objects/{object}", tag = "Objects", request_body = schemas::UpdateObject,
    params(("object" = String, Path, example = "opportunity"), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::ChangedObject), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn update(State(app): State<App>, caller: Caller, Path(object): Path<String>, body: Body<UpdateObject>) -> Answer {
    let seen = caller.version()?;
    let answer = app.door.write(&caller, move |cx, tx| objects::update_object(cx, tx, &object, seen, &body.value)).await?;
    Ok(answer_with(StatusCode::OK, answer))
}

/// What is done to an object or a field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acting<T> {
    pub act: T,
}

/// Put an own object aside, back, or away.
///
/// `disable`, `enable`, `hide` (delete, recoverable for 30 days), `recover`, `drop` (for good, after `hide`). Refused while anything
/// counts on it, with every use. Administrators only.
#[utoipa::path(post, path = "/objects/{object}/act", tag = "Objects", request_body = schemas::Acting,
    params(("object" = String, Path, example = "x_site_visit")),
    responses((status = 200, body = schemas::ChangedObject), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn act(State(app): State<App>, caller: Caller, Path(object): Path<String>, body: Body<Acting<ObjectAct>>) -> Answer {
    let key = object.clone();
    let (answer, job) = app.door.write(&caller, move |cx, tx| objects::act_on_object(cx, tx, &key, body.value.act)).await?;
    after_job(&app, &caller, StatusCode::OK, answer, &object, None, job).await
}

/// Add a field.
///
/// Its settings beside `label` and `type` depend on the type. Its key begins with `x_`. Administrators only. It is live when the answer
/// comes or a moment later; a field that is reckoned from others is filled first: `state` and `job` tell.
#[utoipa::path(post, path = "/objects/{object}/fields", tag = "Objects", request_body = schemas::FieldSettings,
    params(("object" = String, Path, example = "opportunity"), schemas::OnceHeader),
    responses((status = 201, body = schemas::ChangedField), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn add_field(State(app): State<App>, caller: Caller, Path(object): Path<String>, body: Body<Map<String, Value>>) -> Answer {
    let key = object.clone();
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (answer, job) = app
        .door
        .write(&caller, move |cx, tx| {
            let mut job = None;
            let first = |tx: &mut Write| {
                let (answer, begun) = objects::add_field(cx, tx, &key, &body.value)?;
                job = begun;
                Ok(answer)
            };
            let (_, answer) = once.run(cx, tx, first, |tx, done| {
                let definition = objects::definition(cx, tx, &key)?;
                let field = done.object.clone().unwrap_or_default();
                let found = definition["fields"].as_array().into_iter().flatten().find(|one| one["key"] == field.as_str());
                Ok(json!({"field": found, "job": null, "meta_version": cx.meta.version}))
            })?;
            Ok((answer, job))
        })
        .await?;
    let field = answer["field"]["key"].as_str().unwrap_or_default().to_owned();
    after_job(&app, &caller, StatusCode::CREATED, answer, &object, Some(&field), job).await
}

/// Change a field.
///
/// What is absent stays, `null` takes a setting away; key and type stay. Of fields that the product keeps, names and help alone can be
/// changed. Administrators only.
#[utoipa::path(patch, path = "/objects/{object}/fields/{field}", tag = "Objects", request_body = schemas::FieldSettings,
    params(("object" = String, Path, example = "opportunity"), ("field" = String, Path, example = "x_visits"), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::ChangedField), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn update_field(
    State(app): State<App>,
    caller: Caller,
    Path((object, field)): Path<(String, String)>,
    body: Body<Map<String, Value>>,
) -> Answer {
    let (key, one, seen) = (object.clone(), field.clone(), caller.version()?);
    let (answer, job) = app.door.write(&caller, move |cx, tx| objects::update_field(cx, tx, &key, &one, seen, &body.value)).await?;
    after_job(&app, &caller, StatusCode::OK, answer, &object, Some(&field), job).await
}

/// Put a field aside, back, or away.
///
/// `disable`, `enable`, `hide` (delete, recoverable for 30 days), `recover`, `drop` (for good, after `hide`). Refused while anything
/// counts on it: one violation `field.in_use` for each use. Administrators only.
#[utoipa::path(post, path = "/objects/{object}/fields/{field}/act", tag = "Objects", request_body = schemas::Acting,
    params(("object" = String, Path, example = "opportunity"), ("field" = String, Path, example = "x_visits")),
    responses((status = 200, body = schemas::ChangedField), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn act_on_field(
    State(app): State<App>,
    caller: Caller,
    Path((object, field)): Path<(String, String)>,
    body: Body<Acting<FieldAct>>,
) -> Answer {
    let (key, one) = (object.clone(), field.clone());
    let (answer, job) = app.door.write(&caller, move |cx, tx| objects::act_on_field(cx, tx, &key, &one, body.value.act)).await?;
    after_job(&app, &caller, StatusCode::OK, answer, &object, Some(&field), job).await
}

/// Where a field is used.
///
/// Administrators only.
#[utoipa::path(get, path = "/objects/{object}/fields/{field}/uses", tag = "Objects",
    params(("object" = String, Path, example = "opportunity"), ("field" = String, Path, example = "amount")),
    responses((status = 200, body = schemas::Uses), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn uses(State(app): State<App>, caller: Caller, Path((object, field)): Path<(String, String)>) -> Answer {
    Ok(answer_with(StatusCode::OK, app.door.read(&caller, move |cx, tx| objects::uses(cx, tx, &object, &field)).await?))
}

/// Try a formula.
///
/// Judges it and works it out on one record, the newest when none is named. Nothing is stored. Administrators only.
#[utoipa::path(post, path = "/objects/{object}/formula", tag = "Objects", request_body = schemas::TryFormula,
    params(("object" = String, Path, example = "opportunity")),
    responses((status = 200, body = schemas::TriedFormula), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn try_formula(State(app): State<App>, caller: Caller, Path(object): Path<String>, body: Body<TryFormula>) -> Answer {
    let key = object.clone();
    let (mut answer, meta) =
        app.door.read(&caller, move |cx, tx| Ok((objects::try_formula(cx, tx, &key, &body.value)?, cx.meta.clone()))).await?;
    with_messages(&mut answer, caller.spoken.language(), &meta, &object);
    Ok(answer_with(StatusCode::OK, answer))
}

/// The functions that formulas may use.
#[utoipa::path(get, path = "/formula-functions", tag = "Objects", responses((status = 200, body = schemas::FormulaFunctions)))]
pub async fn functions(State(app): State<App>, caller: Caller) -> Answer {
    Ok(answer_with(StatusCode::OK, app.door.read(&caller, |_, _| Ok(objects::functions())).await?))
}

/// Replace the options of a select field.
///
/// The whole list in its order; an option without a key gets one from its label. Administrators only. An option that is used
/// cannot be left out, a used stage cannot change its type.
#[utoipa::path(put, path = "/objects/{object}/fields/{field}/options", tag = "Objects",
    params(("object" = String, Path, example = "opportunity"), ("field" = String, Path, example = "stage")), request_body = schemas::SetOptions,
    responses((status = 200, body = schemas::Options), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn set_options(
    State(app): State<App>,
    caller: Caller,
    Path((object, field)): Path<(String, String)>,
    body: Body<SetOptions>,
) -> Answer {
    let answer = app.door.write(&caller, move |cx, tx| objects::set_options(cx, tx, &object, &field, &body.value)).await?;
    Ok(answer_with(StatusCode::OK, answer))
}

/// Works on the job for a moment, and answers with the definition as it stands then. What is left goes on in the background.
async fn after_job(
    app: &App,
    caller: &Caller,
    status: StatusCode,
    mut answer: Value,
    object: &str,
    field: Option<&str>,
    job: Option<Id>,
) -> Result<Response, crate::problem::Problem> {
    let Some(job) = job else { return Ok(answer_with(status, answer)) };
    app.door.run(Lane::Slow, move |house, _: Limits| jobs::run(house, job, PATIENCE)).await?;
    let (key, one) = (object.to_owned(), field.map(str::to_owned));
    let (definition, job, version) = app
        .door
        .read(caller, move |cx, tx| {
            let definition = match objects::definition(cx, tx, &key) {
                Err(stagecraft_core::Error::NotFound) => Value::Null,
                other => other?,
            };
            Ok((definition, jobs::one(cx, tx, job)?, cx.meta.version))
        })
        .await?;
    answer["meta_version"] = version.into();
    answer["job"] = job;
    match one {
        None => answer["object"] = definition,
        Some(field) => {
            let found = definition["fields"].as_array().into_iter().flatten().find(|one| one["key"] == field.as_str());
            answer["field"] = found.cloned().unwrap_or_default();
        }
    }
    Ok(answer_with(status, answer))
}
