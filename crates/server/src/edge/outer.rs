//! What every request passes on its way in and every answer on its way out: an id, a line in the log, security headers, and
//! refusals told as problem+json.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use db::watch::Task;
use tracing::Instrument;

use super::policy;
use crate::app::App;
use crate::messages::{Language, tell};
use crate::problem::{Problem, Untold};
use crate::watching::asked::{self, Asked, Trace};

/// What belongs to no route: the web app itself.
const APP: &str = "app";

/// The language of an answer: what the person has chosen, once that is known, else what the client accepts.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    accepted: Language,
    chosen: Arc<OnceLock<Language>>,
}

impl Spoken {
    /// By the headers of a request.
    pub fn accepted_by(headers: &HeaderMap) -> Spoken {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        Spoken { accepted: Language::accepted(wanted), chosen: Arc::default() }
    }

    /// Notes the person's own setting.
    pub fn by_person(&self, tag: &str) {
        let _ = self.chosen.set(Language::of_tag(tag));
    }

    /// The language to answer in.
    pub fn language(&self) -> Language {
        self.chosen.get().copied().unwrap_or(self.accepted)
    }
}

/// The outermost layer.
pub async fn outer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = request_id(request.headers());
    let spoken = Spoken::accepted_by(request.headers());
    request.extensions_mut().insert(spoken.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());

    // Of what was asked the log and the metrics know the route alone beside the path: a query may hold what somebody looks for.
    let route = request.extensions().get::<MatchedPath>().map_or(APP, MatchedPath::as_str).to_owned();
    let task = Task::new(id.clone(), format!("{method} {route}"));
    let trace = Trace::of(request.headers());
    #[cfg(not(feature = "otel"))]
    let span = tracing::info_span!("request", id = %id);
    #[cfg(feature = "otel")]
    let span = tracing::info_span!("request", id = %id, otel.name = format!("{method} {route}"), otel.kind = "server");
    #[cfg(feature = "otel")]
    crate::otel::begins(&span, request.headers(), &method, &route);
    let under_way = app.watching.comes();
    let asked = Asked { task: task.clone(), trace: trace.clone() };
    let response = asked::answering(asked, next.run(request).instrument(span.clone())).await;
    drop(under_way);
    let is_api = path.starts_with("/api/") || path == "/mcp";
    let mut response = if is_api { told(&app, response, &spoken, &path, &id) } else { response };

    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", value);
    }
    for (name, value) in [
        ("content-security-policy", policy::USUAL),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Who is known by https is asked by nothing else any more.
    if app.edge.public_url.as_deref().is_some_and(|url| url.starts_with("https://")) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        headers.append(header::VARY, HeaderValue::from_static("cookie, authorization, accept-language"));
    }

    let took = began.elapsed();
    app.watching.answers(&route, &method, response.status(), took);
    let line = Line { route: &route, path: &path, task: &task, trace: trace.as_ref() };
    #[cfg(feature = "otel")]
    crate::otel::ends(&span, response.status(), &task);
    span.in_scope(|| line.write(&method, response.status(), took, is_api));
    response
}

/// The line in the log that every request has.
struct Line<'a> {
    route: &'a str,
    path: &'a str,
    task: &'a Task,
    trace: Option<&'a Trace>,
}

impl Line<'_> {
    fn write(&self, method: &Method, status: StatusCode, took: Duration, is_api: bool) {
        let (status, ms, path, route) = (status.as_u16(), took.as_millis() as u64, self.path, self.route);
        let (statements, db_ms) = (self.task.statements(), self.task.took().as_millis() as u64);
        let person = self.task.person().map(tracing::field::display);
        let trace = self.trace.map(Trace::id);
        if is_api {
            tracing::info!(%method, route, path, status, ms, statements, db_ms, person, trace, "answered");
        } else {
            tracing::debug!(%method, route, path, status, ms, statements, db_ms, person, trace, "answered");
        }
    }
}

/// A refusal in words. Refusals of the frame (wrong method, unknown path) have no problem of ours and get one here.
fn told(app: &App, response: Response, spoken: &Spoken, path: &str, id: &str) -> Response {
    let status = response.status();
    // A page for people says itself what is wrong.
    let page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if page || !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = match response.extensions().get::<Untold>() {
        Some(Untold(problem)) => problem.clone(),
        None => Arc::new(match status {
            StatusCode::NOT_FOUND => Problem::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Problem::new(status, "request.method"),
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(status, "request.too_large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(status, "request.media_type"),
            _ if status.is_server_error() => Problem::new(status, "server.internal"),
            _ => Problem::new(status, "request.malformed").with("note", ""),
        }),
    };
    app.watching.refuses(&problem);
    let meta = app.door.house().meta();
    let body = tell(&problem, spoken.language(), &meta, object_of(path), id);
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(spoken.language().tag()));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_ENCODING);
    if status == StatusCode::UNAUTHORIZED {
        parts.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    Response::from_parts(parts, Body::from(body.to_string()))
}

/// The object that a path is about, for naming its fields.
pub fn object_of(path: &str) -> &str {
    let mut parts = path.trim_start_matches("/api/v1/").split('/');
    match (parts.next(), parts.next()) {
        (Some("records" | "objects"), Some(object)) => object,
        (Some("setup" | "me" | "people"), _) => "employee",
        (Some("search" | "imports"), _) => "opportunity",
        // Settings and definitions have places of their own, which are no fields.
        _ => "",
    }
}

/// The id of a request: the client's own where it is harmless, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    if let Some(id) =
        given.filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
    {
        return id.to_owned();
    }
    let mut hasher = SEED.build_hasher();
    hasher.write_u64(COUNT.fetch_add(1, Ordering::Relaxed));
    format!("{:016x}", hasher.finish())
}
