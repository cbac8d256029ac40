//! Files that hang on records.

use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use stagecraft_core::files;

use super::show::{Answer, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Caller, policy};
use crate::openapi::schemas;
use crate::problem::Problem;

/// Upload a file.
///
/// One part `file`, at most 10 MB. It is yours until a record's attachment field names it by its id; if none does, it is let go after a
/// day.
#[utoipa::path(post, path = "/files", tag = "Records", request_body(content = String, content_type = "multipart/form-data"),
    responses((status = 201, body = schemas::FileInfo), (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn keep(State(app): State<App>, caller: Caller, mut parts: Multipart) -> Answer {
    let missing = || Problem::from(model::Violation::new("file.missing", "file"));
    // Nothing is taken from strangers.
    app.door.read(&caller, |_, _| Ok(())).await?;
    while let Some(part) = parts.next_field().await.map_err(|e| of_part(&e))? {
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or("").to_owned();
        let content = part.bytes().await.map_err(|e| of_part(&e))?;
        let arrived = app.door.run(Lane::Slow, move |house, _| files::arrive(house, &content)).await?;
        let kept = app.door.write(&caller, move |cx, tx| files::keep_arrived(cx, tx, &name, &arrived)).await?;
        return Ok(json(StatusCode::CREATED, kept));
    }
    Err(missing())
}

fn of_part(error: &axum::extract::multipart::MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large"),
        _ => Problem::malformed(error.body_text()),
    }
}

/// Download a file.
///
/// For those who see the field that names it. It is always sent as a download, never to be shown or run in the page.
#[utoipa::path(get, path = "/files/{id}", tag = "Records", params(("id" = String, Path)),
    responses((status = 200, content_type = "*/*", body = String), (status = 404, body = schemas::Problem)))]
pub async fn read(State(app): State<App>, caller: Caller, Path(one): Path<String>) -> Answer {
    let one = id(&one)?;
    let file = app.door.read(&caller, move |cx, tx| files::read(cx, tx, one)).await?;
    let kind = HeaderValue::from_str(&file.media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let disposition = named("attachment", &file.name);
    let content = app.door.run(Lane::Read, move |house, _| file.content(house)).await?;
    let mut response: Response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy::INERT));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

/// As RFC 6266 has it: a plain name for old readers, the true one in UTF-8.
pub(super) fn named(disposition: &str, name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) { c } else { '_' }).collect();
    let coded: String = name
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-._~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}
