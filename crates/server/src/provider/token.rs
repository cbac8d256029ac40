//! ID tokens: whose word it is, for whom, of when, and in answer to which question (OpenID Connect Core 1.0, 3.1.3.7).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;
use stagecraft_core::identity::Word;

use super::keys::{Algorithm, Keys};

/// Seconds that two clocks may differ.
const DRIFT: i64 = 60;

/// What a token must say.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// A token that has been read and not yet checked.
pub struct Token {
    algorithm: Algorithm,
    key: Option<String>,
    signed: String,
    signature: Vec<u8>,
    claims: Json,
}

/// Claims that hold.
#[derive(Debug)]
pub struct Claims {
    issuer: String,
    claims: Json,
}

impl Token {
    /// Reads a token; one that names another way of signing than ours is refused before anything else.
    pub fn read(text: &str) -> Result<Token, String> {
        let mut parts = text.split('.');
        let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err("the ID token is not one".to_owned());
        };
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "the ID token cannot be read".to_owned());
        let json = |part: &str| serde_json::from_slice::<Json>(&bytes(part)?).map_err(|_| "the ID token cannot be read".to_owned());
        let header = json(head)?;
        let algorithm = match header.get("alg").and_then(Json::as_str) {
            Some("RS256") => Algorithm::Rs256,
            Some("ES256") => Algorithm::Es256,
            other => return Err(format!("the ID token is signed by {}, not by RS256 or ES256", other.unwrap_or("nothing").escape_debug())),
        };
        if header.get("crit").is_some() {
            return Err("the ID token asks for what is not known here".to_owned());
        }
        Ok(Token {
            algorithm,
            key: header.get("kid").and_then(Json::as_str).map(str::to_owned),
            signed: format!("{head}.{body}"),
            signature: bytes(signature)?,
            claims: json(body)?,
        })
    }

    /// True when the key that it names is among these.
    pub fn has_key_in(&self, keys: &Keys) -> bool {
        keys.fitting(self.algorithm, self.key.as_deref()).next().is_some()
    }

    /// Its claims, when the signature is the provider's and everything is as expected.
    pub fn check(self, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, String> {
        let signed = keys.fitting(self.algorithm, self.key.as_deref()).any(|key| key.has_signed(self.signed.as_bytes(), &self.signature));
        let wrong = |what: &str| Err(format!("the ID token has {what}"));
        if !signed {
            return wrong("no signature of this provider");
        }
        let text = |key: &str| self.claims.get(key).and_then(Json::as_str);
        let instant = |key: &str| self.claims.get(key).and_then(Json::as_f64).map(|seconds| seconds as i64);
        if text("iss") != Some(expected.issuer) {
            return wrong("another issuer");
        }
        let audiences: Vec<&str> = match self.claims.get("aud") {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        };
        if !audiences.contains(&expected.client_id) {
            return wrong("another audience");
        }
        let authorized = self.claims.get("azp");
        if authorized.is_some_and(|azp| azp != expected.client_id) || (audiences.len() > 1 && authorized.is_none()) {
            return wrong("been made for another party");
        }
        if instant("exp").is_none_or(|end| end <= expected.now - DRIFT) {
            return wrong("expired");
        }
        if instant("iat").is_none_or(|made| made > expected.now + DRIFT) || instant("nbf").is_some_and(|from| from > expected.now + DRIFT) {
            return wrong("been made in the future");
        }
        if text("nonce") != Some(expected.nonce) {
            return wrong("another nonce");
        }
        if text("sub").is_none_or(|subject| subject.is_empty() || subject.len() > 255 || subject.contains('\0')) {
            return wrong("no subject");
        }
        Ok(Claims { issuer: expected.issuer.to_owned(), claims: self.claims })
    }
}

impl Claims {
    /// Claims that came by another way than a token, from a place that is trusted.
    pub fn unsigned(issuer: &str, claims: Json) -> Claims {
        Claims { issuer: issuer.to_owned(), claims }
    }

    /// What they say of somebody.
    pub fn word(&self, email_claim: &str) -> Word {
        let text =
            |key: &str| self.claims.get(key).and_then(Json::as_str).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        // Some providers write truth as a text.
        let verified = self.claims.get("email_verified").is_some_and(|said| said == true || said == "true");
        Word {
            issuer: self.issuer.clone(),
            subject: text("sub").unwrap_or_default(),
            email: text(email_claim).filter(|email| email.contains('@') && email.len() <= 320),
            // It speaks of the claim `email` and of no other.
            verified: verified && (email_claim == "email" || text("email") == text(email_claim)),
            name: text("name"),
        }
    }
}
