//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};

/// Its name.
pub const SESSION: &str = "stagecraft_session";

/// Sets the session. `Lax` keeps it off requests that other sites' forms send; scripts never see it.
pub fn session_cookie(token: &str, max_age: i64, secure: bool) -> HeaderValue {
    value(&format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{}", if secure { "; Secure" } else { "" }))
}

/// Removes it.
pub fn cleared_cookie(secure: bool) -> HeaderValue {
    session_cookie("", 0, secure)
}

/// The session's token in a request's cookies.
pub fn session_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, token)| *name == SESSION && !token.is_empty()).map(|(_, token)| token.to_owned())
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
