//! The web app, embedded in the binary.
//!
//! Files with a hash in their name never change and are kept for ever; the page itself is asked for anew each time. A path that is
//! no file is a place inside the app, which draws it itself.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::edge::policy;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
struct Dist;

const WITHOUT_APP: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Stagecraft</title>\n\
<p>This server was built without the web app. <code>make run</code> builds both. The API is here: <a href=\"/api/docs\">/api/docs</a></p>\n\
<p lang=\"zh-CN\">此服务器未包含网页应用。<code>make run</code> 会同时构建两者。API 文档：<a href=\"/api/docs\">/api/docs</a></p>\n";

/// A file of the app, or its page.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if let Some(found) = Dist::get(path).filter(|_| !path.is_empty() && path != "index.html") {
        return file(path, found, &headers);
    }
    // A missing file must not look like the page: a browser would take it for a script.
    if path.starts_with("assets/") || path != "index.html" && path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Dist::get("index.html") {
        Some(page) => app(&page),
        None => Html(WITHOUT_APP).into_response(),
    }
}

/// Where the page keeps the number of its answer, for the libraries that make style sheets.
const NUMBER: &str = "nonce=\"\"";

/// The app's page. It is another one each time, so there is no tag to ask for it again by: a kept page with the policy of a new answer would
/// have no styles.
fn app(page: &EmbeddedFile) -> Response {
    let nonce = policy::nonce();
    let html = String::from_utf8_lossy(&page.data).replacen(NUMBER, &format!("nonce=\"{nonce}\""), 1);
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy::of_app(&nonce));
    response
}

fn file(path: &str, found: EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag: String = found.metadata.sha256_hash()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let same = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known.contains(&tag));
    let kind = found.metadata.mimetype().to_owned();
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { found.data.into_owned().into_response() };
    let keep = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    for (name, value) in [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, keep), (header::CONTENT_TYPE, kind.as_str())] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
