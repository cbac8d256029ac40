//! Imports of files.

use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use stagecraft_core::imports::{self, Options};

use super::show::{Answer, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Caller, read_json};
use crate::openapi::schemas;
use crate::problem::Problem;

/// Import a CSV file.
///
/// Multipart: `file`, and `options` as JSON. Rows and values that cannot be placed are named with line, column and reason; near
/// values are offered, never guessed. The same file again changes nothing, so a lost answer is asked for by sending it again.
#[utoipa::path(post, path = "/imports", tag = "Imports", request_body(content = schemas::ImportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = schemas::Import), (status = 403, body = schemas::Problem), (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn import(State(app): State<App>, caller: Caller, form: Result<Multipart, MultipartRejection>) -> Answer {
    let form = form.map_err(|rejection| Problem::malformed(rejection.body_text()))?;
    // Whoever may not come in does not send 64 MB first.
    let (credential, origin, csrf_checked) = (caller.credential.clone(), caller.origin(), caller.clone());
    app.door
        .write(&csrf_checked, |_, tx| {
            tx.abandon();
            Ok(())
        })
        .await?;
    let (name, file, options) = parts(form).await?;
    let done = app
        .door
        .run(Lane::Slow, move |house, limits| imports::run_from(house, &credential, &origin, limits, &options, &name, &file))
        .await?;
    Ok(json(StatusCode::OK, done))
}

async fn parts(mut form: Multipart) -> Result<(String, axum::body::Bytes, Options), Problem> {
    let unreadable = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large"),
        _ => Problem::malformed(error.body_text()),
    };
    let (mut file, mut options) = (None, None);
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        match part.name().unwrap_or("") {
            "file" => {
                let name = part.file_name().unwrap_or("file.csv").to_owned();
                file = Some((name, part.bytes().await.map_err(unreadable)?));
            }
            "options" => options = Some(read_json::<Options>(&part.bytes().await.map_err(unreadable)?)?),
            other => return Err(Problem::malformed(format!("no part is called `{other}`: send `file` and `options`"))),
        }
    }
    match (file, options) {
        (Some((name, bytes)), Some(options)) => Ok((name, bytes, options)),
        _ => Err(Problem::malformed("send the parts `file` and `options`")),
    }
}

/// One's imports, newest first.
#[utoipa::path(get, path = "/imports", tag = "Imports", responses((status = 200, body = schemas::Imports)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    Ok(json(StatusCode::OK, app.door.read(&caller, imports::list).await?))
}

/// One import.
#[utoipa::path(get, path = "/imports/{id}", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Import), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    let import = id(&import)?;
    Ok(json(StatusCode::OK, app.door.read(&caller, move |cx, tx| imports::one(cx, tx, import)).await?))
}

/// All problems of an import, as CSV.
#[utoipa::path(get, path = "/imports/{id}/problems.csv", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = schemas::Problem)))]
pub async fn problems(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    let import = id(&import)?;
    let text = app.door.read(&caller, move |cx, tx| imports::problems_csv(cx, tx, import)).await?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"problems.csv\""));
    Ok(response)
}
