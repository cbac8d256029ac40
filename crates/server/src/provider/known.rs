//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde_json::Value as Json;
use stagecraft_core::identity::settings::may_be_asked;

/// What a provider says of itself.
#[derive(Clone, Debug)]
pub struct Known {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub userinfo_endpoint: Option<String>,
    pub end_session_endpoint: Option<String>,
    /// The secret goes into the body: it takes it in no header.
    pub secret_in_body: bool,
}

/// Where it says so.
pub fn place(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

/// True when a place that this issuer names may be asked or shown: by https, unless the issuer itself is on this machine.
pub fn may_name(issuer: &str, place: &str) -> bool {
    let place = place.split('?').next().unwrap_or("");
    may_be_asked(place) && (place.starts_with("https://") || issuer.starts_with("http://"))
}

impl Known {
    /// Reads what was said.
    pub fn read(issuer: &str, said: &Json) -> Result<Known, String> {
        let text = |key: &str| said.get(key).and_then(Json::as_str).map(str::to_owned);
        let named = text("issuer").ok_or("it does not say who it is")?;
        // Whoever speaks for another is not believed.
        if named != issuer {
            return Err(format!("it calls itself {named}"));
        }
        let place = |key: &str| text(key).filter(|place| may_name(issuer, place));
        let must = |key: &str| place(key).ok_or_else(|| format!("it names no {key} that may be asked"));
        let methods = said.get("token_endpoint_auth_methods_supported").and_then(Json::as_array);
        let takes = |method: &str| methods.is_some_and(|methods| methods.iter().any(|one| one == method));
        Ok(Known {
            issuer: named,
            authorization_endpoint: must("authorization_endpoint")?,
            token_endpoint: must("token_endpoint")?,
            jwks_uri: must("jwks_uri")?,
            userinfo_endpoint: place("userinfo_endpoint"),
            end_session_endpoint: place("end_session_endpoint"),
            secret_in_body: takes("client_secret_post") && !takes("client_secret_basic"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_places_that_may_be_asked_are_taken_over() {
        let said = |issuer: &str, token: &str| {
            json!({"issuer": issuer, "authorization_endpoint": "https://login.example.com/auth?tenant=1", "token_endpoint": token,
                "jwks_uri": "https://keys.example.com/jwks", "userinfo_endpoint": "http://10.0.0.1/", "token_endpoint_auth_methods_supported": ["client_secret_post"]})
        };
        let known =
            Known::read("https://login.example.com", &said("https://login.example.com", "https://login.example.com/token")).unwrap();
        assert!(known.userinfo_endpoint.is_none() && known.secret_in_body);
        for (issuer, token) in [
            ("https://other.example.com", "https://login.example.com/token"),
            ("https://login.example.com", "http://127.0.0.1:8080/token"),
            ("https://login.example.com", "file:///etc/passwd"),
        ] {
            assert!(Known::read("https://login.example.com", &said(issuer, token)).is_err(), "{issuer} {token}");
        }
        assert_eq!(place("https://a.example/realms/x/"), "https://a.example/realms/x/.well-known/openid-configuration");
    }
}
