//! Cookies: the session's, and those of a sign-in under way.

use axum::http::{HeaderMap, HeaderValue, header};

/// The session's name.
pub const SESSION: &str = "stagecraft_session";
/// The name of a sign-in of which the first half is done.
const PENDING: &str = "stagecraft_pending";
/// The name of a way to the sign-in provider and back.
const FLOW: &str = "stagecraft_provider";

/// Sets the session. `Lax` keeps it off requests that other sites' forms send; scripts never see it.
pub fn session_cookie(token: &str, max_age: i64, secure: bool) -> HeaderValue {
    cookie(SESSION, token, "/", max_age, secure)
}

/// Removes it.
pub fn cleared_cookie(secure: bool) -> HeaderValue {
    session_cookie("", 0, secure)
}

/// Keeps a sign-in of which the first half is done; the second half is sent to one place alone.
pub fn pending_cookie(token: &str, max_age: i64, secure: bool) -> HeaderValue {
    cookie(PENDING, token, "/api/v1/auth", max_age, secure)
}

/// Keeps what must be the same when the browser comes back from the sign-in provider.
pub fn flow_cookie(sealed: &str, max_age: i64, secure: bool) -> HeaderValue {
    cookie(FLOW, sealed, "/api/v1/auth", max_age, secure)
}

fn cookie(name: &str, token: &str, path: &str, max_age: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The session's token in a request's cookies.
pub fn session_of(headers: &HeaderMap) -> Option<String> {
    value_of(headers, SESSION)
}

/// The token of a sign-in of which the first half is done.
pub fn pending_of(headers: &HeaderMap) -> Option<String> {
    value_of(headers, PENDING)
}

/// What a browser that comes back from the sign-in provider has kept.
pub fn flow_of(headers: &HeaderMap) -> Option<String> {
    value_of(headers, FLOW)
}

fn value_of(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, token)| *name == wanted && !token.is_empty()).map(|(_, token)| token.to_owned())
}
