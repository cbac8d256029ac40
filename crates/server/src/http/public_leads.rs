//! What the world sends: leads by web forms, without anybody signing in.
//!
//! JSON for programs and scripts, form-encoded for plain pages. A page of another site is let in by the form's list of sites. What a program
//! fills in that only sees a page (the hidden field, too fast) is answered like everything else and not kept.

mod page;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Via, Violation};
use serde_json::{Map, Value as Json, json};
use stagecraft_core::web_forms::{self, Form, Received};
use stagecraft_core::{Credential, Error, Meta};

use crate::app::App;
use crate::door::Lane;
use crate::edge::{Anybody, Caller};
use crate::messages::{self, Language};
use crate::openapi::schemas;
use crate::problem::Problem;

pub(super) use page::snippet as snippet_of;

/// A field that people do not see and programs fill in.
const TRAP: &str = "_leave_this_empty";
/// When the page was made, signed.
const STAMP: &str = "_stamp";
/// How long it was open, in milliseconds, as the page itself has measured.
const ELAPSED: &str = "_elapsed";
/// Bytes of what is sent.
const LONGEST: usize = 64 << 10;
/// How long a page may lie open, in seconds.
const OPEN_FOR: i64 = 86_400;

/// A form as a request meets it.
struct Met {
    form: Form,
    meta: Arc<Meta>,
    key: [u8; 32],
    /// Seconds since 1970.
    now: i64,
}

async fn meet(app: &App, key: &str) -> Result<Met, Problem> {
    let key = key.to_owned();
    let read = move |cx: &stagecraft_core::Ctx, tx: &mut db::Read| {
        let form = web_forms::open(tx, &key)?;
        Ok(Met { form, meta: cx.meta.clone(), key: tx.key_for("web form"), now: cx.at.0 / 1_000_000 })
    };
    app.door.read_openly("a web form is open to all", read).await
}

/// A web form's own page.
///
/// To link to, and to see how the form looks. Open to all.
#[utoipa::path(get, path = "/public/leads/{key}", tag = "Leads", params(("key" = String, Path, description = "The form's public key.")),
    responses((status = 200, body = String, content_type = "text/html"), (status = 404, body = schemas::Problem)))]
pub async fn show(State(app): State<App>, Path(key): Path<String>) -> Result<Response, Problem> {
    let met = meet(&app, &key).await?;
    Ok(page::form(&met, &Map::new(), &[], StatusCode::OK))
}

/// May a page of another site send this form?
///
/// What browsers ask before they send JSON. Open to all.
#[utoipa::path(options, path = "/public/leads/{key}", tag = "Leads", params(("key" = String, Path)),
    responses((status = 204), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem)))]
pub async fn ask(
    State(app): State<App>,
    Anybody(caller): Anybody,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let met = meet(&app, &key).await?;
    let origin = let_in(&met.form, &caller, &headers)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    allow(&mut response, origin.as_deref());
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Send a lead.
///
/// By a form's public key, from a page or a program; the form says which fields there are. JSON is answered with JSON, a plain form with the page
/// of thanks or with the form again and what is wrong. The same content of one form counts once a day. Open to all: 12 at once from an
/// address, 100 at once by a form.
#[utoipa::path(post, path = "/public/leads/{key}", tag = "Leads", params(("key" = String, Path)), request_body = schemas::SentLead,
    responses((status = 200, body = String, content_type = "text/html"), (status = 201, body = schemas::ReceivedLead), (status = 403, body = schemas::Problem), (status = 404, body = schemas::Problem),
        (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem), (status = 429, body = schemas::Problem)))]
pub async fn send(
    State(app): State<App>,
    Anybody(caller): Anybody,
    Path(key): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    app.arrivals.take(caller.peer.address, &key).map_err(|seconds| Problem::too_many("request.too_many", seconds))?;
    let met = meet(&app, &key).await?;
    let origin = let_in(&met.form, &caller, request.headers())?;
    // A form speaks its own language, whoever fills it in.
    caller.spoken.by_person(&met.form.language);
    let mut response = match taken(&app, &caller, &met, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    };
    allow(&mut response, origin.as_deref());
    Ok(response)
}

async fn taken(app: &App, caller: &Caller, met: &Met, request: Request) -> Result<Response, Problem> {
    let (kind, text) = read(request).await?;
    let mut sent = match kind {
        Kind::Json => from_json(&text)?,
        Kind::Page => page::fields_of(&text, met),
    };
    let trapped = sent.remove(TRAP).is_some_and(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()));
    let (stamp, elapsed) = (sent.remove(STAMP), sent.remove(ELAPSED));
    if trapped {
        return Ok(thanks(kind, met));
    }
    if let Some(violation) = too_fast(kind, met, stamp.as_ref(), elapsed.as_ref()) {
        return refused(kind, met, &sent, vec![violation]);
    }
    let (origin, form, fields) = (caller.origin().by(Via::WebForm), met.form.clone(), sent.clone());
    let received = app
        .door
        .run(Lane::Write, move |house, limits| {
            house.write(&Credential::System("a web form"), limits, &origin, |cx, tx| web_forms::receive(cx, tx, &form, &fields))
        })
        .await;
    match received {
        Ok(Received { .. }) => Ok(thanks(kind, met)),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let violations = problem.violations.clone();
            refused(kind, met, &sent, violations)
        }
        Err(problem) => Err(problem),
    }
}

/// How something was sent, and so how it is answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Page,
}

async fn read(request: Request) -> Result<(Kind, Bytes), Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = match kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase().as_str() {
        "application/json" => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Page,
        _ => return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type")),
    };
    let too_large = |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large");
    Ok((kind, axum::body::to_bytes(request.into_body(), LONGEST).await.map_err(too_large)?))
}

/// The fields themselves, or under `fields`.
fn from_json(text: &[u8]) -> Result<Map<String, Json>, Problem> {
    let mut sent: Map<String, Json> = serde_json::from_slice(text).map_err(|error| Problem::malformed(error.to_string()))?;
    match sent.remove("fields") {
        Some(Json::Object(mut fields)) => {
            fields.extend(sent);
            Ok(fields)
        }
        Some(other) => {
            sent.insert("fields".to_owned(), other);
            Ok(sent)
        }
        None => Ok(sent),
    }
}

/// The site that asks, where it is another one and may send the form. Error: it may not.
fn let_in(form: &Form, caller: &Caller, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()).map(str::to_lowercase) else { return Ok(None) };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("");
    let own = caller.own_address.as_deref() == Some(origin.as_str()) || origin.split_once("://").is_some_and(|(_, of)| of == host);
    if own {
        return Ok(None);
    }
    match form.origins.iter().any(|known| known == "*" || *known == origin) {
        true => Ok(Some(origin)),
        false => Err(Problem::new(StatusCode::FORBIDDEN, "web_form.origin").with("origin", origin)),
    }
}

fn allow(response: &mut Response, origin: Option<&str>) {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
}

/// A page says how long it was open. A program that speaks JSON need not.
fn too_fast(kind: Kind, met: &Met, stamp: Option<&Json>, elapsed: Option<&Json>) -> Option<Violation> {
    let least = i64::from(met.form.minimum_seconds);
    if least == 0 || kind == Kind::Json && stamp.is_none() && elapsed.is_none() {
        return None;
    }
    let number = |json: &Json| json.as_i64().or_else(|| json.as_str()?.trim().parse().ok());
    let by_stamp = stamp.and_then(Json::as_str).and_then(|stamp| page::age(met, stamp)).filter(|age| *age <= OPEN_FOR);
    let open = by_stamp.or_else(|| elapsed.and_then(number).map(|millis| millis / 1000));
    open.is_none_or(|seconds| seconds < least).then(|| Violation::new("web_form.too_fast", "").with("seconds", least))
}

fn refused(kind: Kind, met: &Met, sent: &Map<String, Json>, violations: Vec<Violation>) -> Result<Response, Problem> {
    match kind {
        Kind::Json => Err(Problem::from(Error::Invalid(violations))),
        Kind::Page => {
            let language = Language::of_tag(&met.form.language);
            let said: Vec<(String, String)> = violations
                .iter()
                .map(|violation| (violation.path.clone(), messages::say(violation, language, &met.meta, "lead")))
                .collect();
            Ok(page::form(met, sent, &said, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn thanks(kind: Kind, met: &Met) -> Response {
    let message = page::thanks_text(&met.form);
    match (kind, &met.form.thanks_url) {
        (Kind::Json, _) => (StatusCode::CREATED, axum::Json(json!({"result": "received", "message": message}))).into_response(),
        (Kind::Page, Some(url)) => {
            let mut response = StatusCode::SEE_OTHER.into_response();
            if let Ok(url) = HeaderValue::from_str(url) {
                response.headers_mut().insert(header::LOCATION, url);
            }
            response
        }
        (Kind::Page, None) => page::thanks(met, &message),
    }
}
