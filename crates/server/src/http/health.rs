//! For those who watch over the server.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::Limits;
use stagecraft_core::{Credential, watching};

use super::show::{Answer, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::Caller;
use crate::openapi::schemas;
use crate::problem::Problem;
use crate::watching::here;

/// How long the database may take to say that it is there: whoever asks asks again and again, and wants to know now.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The process lives.
pub async fn live() -> &'static str {
    "ok\n"
}

/// The database answers, and its tables are those of this program: they were brought up to date before the door opened.
///
/// It does not queue with the requests: that many of them wait is no reason to send none here.
pub async fn ready(State(app): State<App>) -> Response {
    let house = app.door.house().clone();
    let asks = move || {
        let why = Credential::System("to say whether the server is ready");
        house.read(&why, Limits::default(), |cx, _| Ok(cx.meta.version)).map_err(Problem::from)
    };
    let why = match tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(asks)).await {
        Ok(Ok(Ok(_))) => return "ready\n".into_response(),
        Ok(Ok(Err(problem))) => format!("{}: {}", problem.code, reason(problem.code)),
        Ok(Err(_)) => "server.internal: see the log".to_owned(),
        Err(_) => format!("server.no_database: the database does not answer within {} ms", PATIENCE.as_millis()),
    };
    (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response()
}

/// In words that tell a stranger nothing of where the database is.
fn reason(code: &str) -> &'static str {
    match code {
        "server.no_database" => "the database cannot be reached",
        "server.busy" => "all connections to the database are in use",
        "request.timeout" => "the database takes too long",
        _ => "see the log",
    }
}

/// How the installation is.
///
/// Administrators only. Each part has a state (`ok`, `attention`, `trouble`) and says why by a code with params, which
/// docs/monitoring.md explains; `state` is the worst of them. What servers know of themselves (memory, slow statements, errors of the last
/// hour) is that of the server which answers.
#[utoipa::path(get, path = "/system/health", tag = "System",
    responses((status = 200, body = schemas::SystemHealth), (status = 403, body = schemas::Problem)))]
pub async fn system(State(app): State<App>, caller: Caller) -> Answer {
    let facts = app.door.read(&caller, watching::facts).await?;
    let database = app.door.run(Lane::Read, |house, limits| Ok(db::state::state(house.db(), limits)?)).await?;
    let here = here(&app);
    let slow = app.door.house().db().watch().slow();
    Ok(json(StatusCode::OK, watching::show(&facts, &database, &here, &slow)))
}
