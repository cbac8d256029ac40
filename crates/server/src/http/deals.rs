//! Who decides in a deal.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use stagecraft_core::deals;

use super::show::{Answer, id, json};
use crate::app::App;
use crate::edge::Caller;
use crate::openapi::schemas;

/// The map of a deal's decision.
///
/// Its contact roles, whom each reports to, how each stands and how much he counts, and what is missing: `no_decision_maker`,
/// `attitude_unknown` (of decision makers and economic buyers), `no_supporter`, `opponent_unanswered` (one of high influence against whom no
/// supporter of high influence stands, nor one above him). What the caller may not know is blank, and nothing is concluded from it.
#[utoipa::path(get, path = "/records/opportunity/{id}/decision-map", tag = "Opportunities", params(("id" = String, Path)),
    responses((status = 200, body = schemas::DecisionMap), (status = 404, body = schemas::Problem)))]
pub async fn decision_map(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| deals::decision_map(cx, tx, one)).await?))
}
