//! What waits for one.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::todo::{self, TodoRequest};

use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::openapi::schemas;

/// What waits for one.
///
/// Open tasks, next steps that nothing has overtaken, leads to follow up, deals whose expected close date or stage is over, tasks of their stages, approvals that ask one; those of people
/// for whom one stands in too (`on_behalf_of`), as far as one sees them oneself. The first due first, what is due at no time last.
#[utoipa::path(get, path = "/todo", tag = "Notices", params(schemas::TodoQuery), responses((status = 200, body = schemas::Todo)))]
pub async fn list(State(app): State<App>, caller: Caller, Params(request): Params<TodoRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| todo::list(cx, tx, &request)).await?))
}
