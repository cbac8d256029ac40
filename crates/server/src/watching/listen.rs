//! The door for those who gather metrics: an address of its own, which serves them and nothing else. Whoever can reach it may read them, so
//! it belongs where only they can.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::metrics;
use crate::app::App;

/// `GET /metrics`, and nothing else.
pub fn router(app: App) -> Router {
    Router::new().route("/metrics", get(tell)).fallback(|| async { StatusCode::NOT_FOUND }).with_state(app)
}

async fn tell(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")], metrics::text(&app).await).into_response()
}

/// Listens there; an error when that is not possible.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| format!("{address} cannot be listened on for metrics: {error}"))
}
