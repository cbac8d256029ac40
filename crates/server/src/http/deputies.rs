//! Who stands in for one, and for whom one stands in.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::notices::deputies::{self, NameDeputy};

use super::show::{Answer, json, versioned};
use crate::app::App;
use crate::edge::{Body, Caller};
use crate::openapi::schemas;

/// Who stands in for one.
#[utoipa::path(get, path = "/me/deputy", tag = "Notices", responses((status = 200, body = schemas::Deputy)))]
pub async fn deputy(State(app): State<App>, caller: Caller) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, deputies::show).await?))
}

/// Name a deputy.
///
/// From now, or `from` on, until `until` or until it is taken back (`deputy: null`). He is told what one is told and finds one's work in his
/// to-do, as far as he sees the records himself; he comes to see no more by it.
#[utoipa::path(put, path = "/me/deputy", tag = "Notices", request_body = schemas::NameDeputy, params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Deputy), (status = 409, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn name(State(app): State<App>, caller: Caller, body: Body<NameDeputy>) -> Answer {
    let seen = caller.version()?;
    Ok(versioned(StatusCode::OK, app.door.write(&caller, move |cx, tx| deputies::save(cx, tx, seen, &body.value)).await?))
}

/// For whom one stands in now.
#[utoipa::path(get, path = "/me/deputy-of", tag = "Notices", responses((status = 200, body = schemas::DeputyOf)))]
pub async fn standing_in(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, deputies::standing_in).await?))
}
