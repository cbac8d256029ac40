//! One way to the provider and back, bound to the browser by a signed cookie.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};

use super::address::with_query;

/// Seconds that one may take at the provider.
pub const PATIENCE: i64 = 600;

/// What must be the same when the browser comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    pub state: String,
    pub nonce: String,
    /// The secret half of PKCE (RFC 7636).
    pub verifier: String,
    pub issuer: String,
    pub redirect_uri: String,
    /// Where the person wanted to go.
    pub to: String,
    /// Seconds since 1970.
    pub until: i64,
}

impl Flow {
    /// A new one.
    pub fn new(issuer: &str, redirect_uri: &str, to: &str, now: i64) -> Flow {
        let random = || URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Flow {
            state: random(),
            nonce: random(),
            verifier: random(),
            issuer: issuer.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            to: to.to_owned(),
            until: now + PATIENCE,
        }
    }

    /// Where the browser is to go.
    pub(super) fn beginning(&self, endpoint: &str, client_id: &str) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.verifier.as_bytes()));
        with_query(
            endpoint,
            &[
                ("response_type", "code"),
                ("client_id", client_id),
                ("redirect_uri", &self.redirect_uri),
                ("scope", "openid email profile"),
                ("state", &self.state),
                ("nonce", &self.nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        )
    }

    /// As the cookie carries it: nobody else can make one up.
    pub fn sealed(&self, key: &[u8]) -> String {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default());
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), body.as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Of a cookie, where it is genuine and not too old.
    pub fn unsealed(cookie: &str, key: &[u8], now: i64) -> Option<Flow> {
        let (body, tag) = cookie.split_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), body.as_bytes(), &tag).ok()?;
        let flow: Flow = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (flow.until > now).then_some(flow)
    }
}

/// A path of our own: an address in a link must not lead elsewhere.
pub fn local_path(to: Option<&str>) -> String {
    let fits = |to: &&str| {
        to.len() <= 1_000
            && to.starts_with('/')
            && !to.starts_with("//")
            && !to.starts_with("/api/")
            && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    to.filter(fits).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_taken_only_whole_and_in_time() {
        let flow =
            Flow::new("https://login.example.com", "https://sales.example.com/api/v1/auth/provider/callback", "/o/opportunity", 1_000);
        let sealed = flow.sealed(b"key");
        assert_eq!(Flow::unsealed(&sealed, b"key", 1_500), Some(flow.clone()));
        assert_eq!(Flow::unsealed(&sealed, b"another", 1_500), None);
        assert_eq!(Flow::unsealed(&sealed, b"key", 1_600), None);
        let forged = Flow { to: "/elsewhere".to_owned(), ..flow }.sealed(b"another");
        let mixed = format!("{}.{}", forged.split_once('.').unwrap().0, sealed.split_once('.').unwrap().1);
        assert_eq!(Flow::unsealed(&mixed, b"key", 1_500), None);
    }

    #[test]
    fn the_way_back_stays_here() {
        assert_eq!(local_path(Some("/o/opportunity?q=x")), "/o/opportunity?q=x");
        for to in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/api/v1/me", "/a\r\nSet-Cookie: x", ""] {
            assert_eq!(local_path(Some(to)), "/", "{to}");
        }
        assert_eq!(local_path(None), "/");
    }
}
