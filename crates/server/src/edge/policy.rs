//! What a browser may do with an answer: the content security policies.
//!
//! Scripts, styles and connections come from this server alone and nothing is framed. A page of ours that has styles of its own names them: the
//! app's by a number that is good for one answer, fixed pages by the hash of their one sheet. Nowhere is `unsafe-inline`.

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;

/// For whatever says nothing else of itself.
pub const USUAL: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
                         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For what somebody has uploaded: it may do nothing at all, wherever it is opened.
pub const INERT: &str = "sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// For the app's page, whose libraries make style sheets as they go: those that bear this answer's number are let through.
pub fn of_app(nonce: &str) -> HeaderValue {
    of(&USUAL.replace("style-src 'self'", &format!("style-src 'self' 'nonce-{nonce}'")))
}

/// For a page that stands alone, without scripts, with one sheet of styles in it. `form` is where its form may go besides.
pub fn of_page(style: &str, form: &str) -> HeaderValue {
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()));
    let form = if form.is_empty() { String::new() } else { format!(" {form}") };
    of(&format!(
        "default-src 'none'; script-src 'none'; style-src 'sha256-{hash}'; form-action 'self'{form}; base-uri 'none'; frame-ancestors 'none'"
    ))
}

/// A number that nobody guesses, for one answer.
pub fn nonce() -> String {
    STANDARD.encode(rand::random::<[u8; 18]>())
}

fn of(policy: &str) -> HeaderValue {
    HeaderValue::from_str(policy).unwrap_or(HeaderValue::from_static(USUAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_policy_lets_through_what_stands_in_a_page_by_chance() {
        let app = of_app("abc");
        let page = of_page("p{margin:0}", "https://example.com");
        for policy in [USUAL, INERT, app.to_str().unwrap(), page.to_str().unwrap()] {
            assert!(!policy.contains("unsafe"), "{policy}");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        }
        assert!(app.to_str().unwrap().contains("style-src 'self' 'nonce-abc';"));
        assert!(page.to_str().unwrap().contains("form-action 'self' https://example.com;"));
        assert_ne!(nonce(), nonce());
    }
}
