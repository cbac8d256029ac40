//! Accounts that belong together.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::accounts::{self, HierarchyRequest};

use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// The tree of companies in which an account is.
///
/// From the one at the top that the caller sees without a gap, level by level, each with what it has open, has won and has ordered itself
/// (`own`) and together with all below it (`total`): as far as the caller sees, by currency and in the main one. `total` counts accounts that
/// are not shown as well (`more`); where there are more than can be added up `complete` is false.
#[utoipa::path(get, path = "/records/account/{id}/hierarchy", tag = "Accounts", params(("id" = String, Path), schemas::HierarchyQuery),
    responses((status = 200, body = schemas::Hierarchy), (status = 404, body = schemas::Problem)))]
pub async fn hierarchy(
    State(app): State<App>,
    caller: Caller,
    Path(one): Path<String>,
    Params(request): Params<HierarchyRequest>,
) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| accounts::hierarchy(cx, tx, one, &request)).await?))
}
