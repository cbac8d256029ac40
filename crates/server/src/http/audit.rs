//! The audit log.

use axum::extract::State;
use axum::http::StatusCode;
use stagecraft_core::audit::{self, AuditExport, AuditRequest};

use super::exports::streamed;
use super::show::{Answer, json};
use crate::app::App;
use crate::edge::{Caller, Params};
use crate::messages::audit_words;
use crate::openapi::schemas;

/// The audit log.
///
/// Changes of records, other acts, and what was refused, in one list, newest first. Only for roles that read it (`reads_audit`); fields
/// that one may not know of are left out.
#[utoipa::path(get, path = "/audit", tag = "Audit", params(schemas::AuditQuery),
    responses((status = 200, body = schemas::AuditLog), (status = 404, body = schemas::Problem)))]
pub async fn log(State(app): State<App>, caller: Caller, Params(request): Params<AuditRequest>) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| audit::log(cx, tx, &request)).await?))
}

/// The audit log as a file.
///
/// What the list shows with the same parameters, as CSV or XLSX, streamed in one snapshot; at most 1,000,000 lines. A text that a
/// spreadsheet would run as a formula gets an apostrophe before it.
#[utoipa::path(get, path = "/audit/export", tag = "Audit", params(schemas::AuditExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = schemas::Problem)))]
pub async fn export(State(app): State<App>, caller: Caller, Params(request): Params<AuditExport>) -> Answer {
    let asked = request.clone();
    app.door.note(&caller, move |cx| audit::judge_export(cx, &asked)).await?;
    let (credential, origin) = (caller.credential.clone(), caller.origin());
    streamed(app, move |house, limits, sink| audit::export(house, &credential, &origin, limits, &request, audit_words, sink)).await
}
