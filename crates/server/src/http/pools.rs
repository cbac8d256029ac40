//! Pools, as documents, and the acts on what lies in them.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use db::Write;
use serde::Deserialize;
use serde_json::Value;
use stagecraft_core::idempotency::Done;
use stagecraft_core::pools::{self, Claim, LogRequest, MovePool, Return, Wanted};

use super::act::act;
use super::once::Once;
use super::show::{Answer, done, id, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller, DryRun, Params};
use crate::openapi::schemas;

/// The query of `GET /pools`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    pub object: Option<String>,
}

/// Pools.
///
/// By name. Administrators see every one as it is defined; others those that they are in or give records out of, with what concerns them.
#[utoipa::path(get, path = "/pools", tag = "Pools",
    params(("object" = Option<String>, Query, description = "Pools of this object; of all when absent.", example = "lead")),
    responses((status = 200, body = schemas::Pools)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(of): Params<Of>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| pools::list(cx, tx, of.object.as_deref())).await?))
}

/// One pool.
#[utoipa::path(get, path = "/pools/{id}", tag = "Pools", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Pool), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(pool): Path<String>) -> Answer {
    let pool = id(&pool)?;
    Ok(versioned(StatusCode::OK, app.door.read(&caller, move |cx, tx| pools::one(cx, tx, pool)).await?))
}

/// Make a pool.
///
/// Records that meet its condition come into it from then on, when they lose their owner or come in without one. Administrators only.
#[utoipa::path(post, path = "/pools", tag = "Pools", request_body = schemas::SavePool, params(schemas::OnceHeader),
    responses((status = 201, body = schemas::Pool), (status = 403, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn create(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let once = Once::new(&caller, &body.text, StatusCode::CREATED, false);
    let (status, made) = app
        .door
        .write(&caller, move |cx, tx: &mut Write| {
            let again = |tx: &mut Write, made: &Done| made.record.map_or(Ok(Value::Null), |pool| pools::one(cx, tx, pool));
            once.run(cx, tx, |tx| pools::save(cx, tx, None, None, &body.value), again)
        })
        .await?;
    Ok(versioned(status, made))
}

/// Save a pool.
///
/// In force for everybody with the next request. Administrators only.
#[utoipa::path(put, path = "/pools/{id}", tag = "Pools", request_body = schemas::SavePool,
    params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Pool), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn replace(State(app): State<App>, caller: Caller, Path(pool): Path<String>, body: Body<Wanted>) -> Answer {
    let (pool, seen) = (id(&pool)?, caller.version()?);
    let saved = app.door.write(&caller, move |cx, tx| pools::save(cx, tx, Some(pool), seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// Remove a pool.
///
/// Only one in which nothing lies and from which nobody has anything; another is switched off. Administrators only.
#[utoipa::path(delete, path = "/pools/{id}", tag = "Pools", params(("id" = String, Path), schemas::IfMatchHeader),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn remove(State(app): State<App>, caller: Caller, Path(pool): Path<String>) -> Answer {
    let (pool, seen) = (id(&pool)?, caller.version()?);
    app.door.write(&caller, move |cx, tx| pools::delete(cx, tx, pool, seen)).await?;
    Ok(done())
}

/// What was done in a pool.
///
/// Newest first. For the pool's administrators, and those of the organisation.
#[utoipa::path(get, path = "/pools/{id}/log", tag = "Pools",
    params(("id" = String, Path), ("record" = Option<String>, Query, description = "Entries of this record alone."),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = schemas::PoolLog), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn log(State(app): State<App>, caller: Caller, Path(pool): Path<String>, Params(request): Params<LogRequest>) -> Answer {
    let pool = id(&pool)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| pools::log_of(cx, tx, pool, &request)).await?))
}

/// Take a record that lies in a pool for oneself.
///
/// For members of the pool whose role lets them claim. Of two who claim it at once, one gets it; the other is told
/// `pool.claimed_already`.
#[utoipa::path(post, path = "/records/{object}/{id}/claim", tag = "Pools", request_body = schemas::Claim,
    params(("object" = String, Path, example = "lead"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn claim(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Claim>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| pools::claim(cx, tx, &object, one, version, body)).await
}

/// Give a record up into a pool.
///
/// For a reason that is kept. Without `pool` it goes back to the one from which it came, else to the first whose condition it meets.
#[utoipa::path(post, path = "/records/{object}/{id}/return", tag = "Pools", request_body = schemas::Return,
    params(("object" = String, Path, example = "lead"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn give_back(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<Return>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| pools::take_back(cx, tx, &object, one, version, body))
        .await
}

/// Put a record that nobody has into another pool.
///
/// For administrators of the pool in which it lies, and whose role lets them.
#[utoipa::path(post, path = "/records/{object}/{id}/move-pool", tag = "Pools", request_body = schemas::MovePool,
    params(("object" = String, Path, example = "lead"), ("id" = String, Path), schemas::DryRunQuery, schemas::IfMatchHeader, schemas::OnceHeader),
    responses((status = 200, body = schemas::Saved), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn move_pool(
    State(app): State<App>,
    caller: Caller,
    Path((object, one)): Path<(String, String)>,
    Params(dry): Params<DryRun>,
    body: Body<MovePool>,
) -> Answer {
    act(&app, &caller, &one, dry, body, "saved", move |cx, tx, one, version, body| pools::move_pool(cx, tx, &object, one, version, body))
        .await
}
