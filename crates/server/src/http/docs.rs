//! The API's description, as data and as a page.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Caller, policy};
use crate::openapi;

/// This description.
///
/// OpenAPI 3.1, with a schema of every object of this installation that one may read.
#[utoipa::path(get, path = "/openapi.json", tag = "About", responses((status = 200, body = serde_json::Value)))]
pub async fn description(State(app): State<App>, caller: Caller) -> Answer {
    let document = app.door.read(&caller, |cx, _| Ok(openapi::of_installation(cx))).await?;
    Ok(json(StatusCode::OK, document))
}

/// A page that lists every call of the fixed API.
pub async fn page() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(openapi::page);
    let mut response = Html(PAGE.as_str()).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy::of_page(openapi::STYLE, ""));
    response
}

/// The description of the fixed API, for those who are not signed in: it is the same in every installation.
pub async fn fixed() -> Response {
    json(StatusCode::OK, openapi::fixed())
}
