//! Quotes and orders as PDF, and the letterhead that they are printed under.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use stagecraft_core::printing::{self, Paper, Wanted};

use super::files::named;
use super::show::{Answer, id, versioned};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, Params};
use crate::openapi::schemas;

/// The query of what is printed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct In {
    /// `en` or `zh-CN`.
    pub language: Option<String>,
}

/// Print a quote or an order.
///
/// A PDF under the organisation's letterhead, for whoever sees the record: `object` is `quote` or `sales_order`. Fields that are hidden from you
/// are not on it; where an amount of it is, it is refused (`print.hidden_price`). What is not given out yet has the word Draft on it.
#[utoipa::path(get, path = "/records/{object}/{id}/print", tag = "Records",
    params(("object" = String, Path, example = "quote"), ("id" = String, Path),
        ("language" = Option<String>, Query, description = "`en` or `zh-CN`; your own when absent.", example = "zh-CN")),
    responses((status = 200, content_type = "application/pdf", body = String), (status = 404, body = schemas::Problem),
        (status = 422, body = schemas::Problem)))]
pub async fn record(
    State(app): State<App>,
    caller: Caller,
    Path((object, record)): Path<(String, String)>,
    Params(asked): Params<In>,
) -> Answer {
    let record = id(&record)?;
    let of = object.clone();
    let paper = app.door.read(&caller, move |cx, tx| printing::paper(cx, tx, &of, record, asked.language.as_deref())).await?;
    let noted = paper.clone();
    app.door.note(&caller, move |_| Ok(printing::note(&object, record, &noted))).await?;
    set(&app, paper).await
}

/// How the organisation presents itself on paper.
///
/// A blank one of version 0 where there is none yet: the organisation's name stands on paper then. Administrators only.
#[utoipa::path(get, path = "/organisation/letterhead", tag = "Definitions",
    responses((status = 200, body = schemas::Letterhead), (status = 403, body = schemas::Problem)))]
pub async fn letterhead(State(app): State<App>, caller: Caller) -> Answer {
    Ok(versioned(StatusCode::OK, app.door.read(&caller, printing::read).await?))
}

/// Change how the organisation presents itself on paper.
///
/// The whole of it, as `GET` gave it. The logo is a PNG or JPEG of at most 1 MB and 4,000 pixels a side, in base64; without it there is none.
/// Administrators only.
#[utoipa::path(put, path = "/organisation/letterhead", tag = "Definitions", request_body = schemas::SaveLetterhead, params(schemas::IfMatchHeader),
    responses((status = 200, body = schemas::Letterhead), (status = 403, body = schemas::Problem), (status = 409, body = schemas::Problem),
        (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn save_letterhead(State(app): State<App>, caller: Caller, body: Body<Wanted>) -> Answer {
    let seen = caller.version()?;
    let saved = app.door.write(&caller, move |cx, tx| printing::save(cx, tx, seen, &body.value)).await?;
    Ok(versioned(StatusCode::OK, saved))
}

/// See a letterhead on paper.
///
/// A made-up quote under a letterhead that need not be saved. Administrators only.
#[utoipa::path(post, path = "/organisation/letterhead/sample", tag = "Definitions", request_body = schemas::SaveLetterhead,
    params(("language" = Option<String>, Query, description = "`en` or `zh-CN`; your own when absent.", example = "en")),
    responses((status = 200, content_type = "application/pdf", body = String), (status = 403, body = schemas::Problem),
        (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn sample(State(app): State<App>, caller: Caller, Params(asked): Params<In>, body: Body<Wanted>) -> Answer {
    let paper = app.door.read(&caller, move |cx, _| printing::sample(cx, asked.language.as_deref(), &body.value)).await?;
    set(&app, paper).await
}

/// Sets the paper on a blocking thread, with no transaction held, and answers with it.
async fn set(app: &App, paper: Paper) -> Answer {
    let disposition = named("inline", &paper.name);
    let bytes = app.door.run(Lane::Read, move |_, _| paper.set()).await?;
    let mut response: Response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Its parts are compressed already.
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
