//! The guides: every page of `docs`, drawn once and served at `/docs` with its pictures and a search of their text.
//!
//! Nothing in them is secret, so nobody need be signed in: whoever cannot sign in may need them most.

mod frame;
mod markdown;
mod picture;
mod place;
mod site;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

pub use site::Served;
use site::Site;

/// Nothing from elsewhere and nothing inline: styles and the script of the search are files of this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The first page.
pub async fn index(headers: HeaderMap) -> Response {
    answer("", &headers)
}

/// A page, a picture, or what pages are drawn with.
pub async fn page(Path(path): Path<String>, headers: HeaderMap) -> Response {
    // Addresses as one finds them in the source, or types them.
    let plain = path.trim_end_matches('/');
    let plain = plain.strip_suffix(".md").unwrap_or(plain);
    let plain = if plain == "index" { "" } else { plain.strip_suffix("/index").unwrap_or(plain) };
    if plain != path {
        let to = if plain.is_empty() { "/docs".to_owned() } else { format!("/docs/{plain}") };
        // What is no page is not led to: an address from outside never decides where one goes.
        return if Site::get().find(plain).is_some() { Redirect::permanent(&to).into_response() } else { missing() };
    }
    answer(&path, &headers)
}

fn answer(path: &str, headers: &HeaderMap) -> Response {
    let Some(found) = Site::get().find(path) else { return missing() };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.contains(&found.tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        found.body.clone().into_response()
    };
    tell(&mut response, found);
    response
}

fn missing() -> Response {
    let page = &Site::get().missing;
    let mut response = (StatusCode::NOT_FOUND, page.body.clone()).into_response();
    tell(&mut response, page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().remove(header::ETAG);
    response
}

fn tell(response: &mut Response, served: &Served) {
    let policy = HeaderName::from_static("content-security-policy");
    for (name, value) in
        [(header::CONTENT_TYPE, served.kind), (header::ETAG, &served.tag), (header::CACHE_CONTROL, "no-cache"), (policy, POLICY)]
    {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
}
