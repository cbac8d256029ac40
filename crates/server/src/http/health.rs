//! For those who watch over the server.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// The process lives.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers, and its tables are those of this program: they were brought up to date before the door opened.
pub async fn ready(State(app): State<App>) -> Response {
    match app.door.read_openly("to say whether the server is ready", |cx, _| Ok(cx.meta.version)).await {
        Ok(_) => "ready\n".into_response(),
        Err(problem) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", problem.code)).into_response(),
    }
}
