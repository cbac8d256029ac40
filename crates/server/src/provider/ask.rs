//! Asking a provider: by https (by http on this machine alone), within ten seconds, at most so many bytes, following no redirect.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use serde_json::Value as Json;
use stagecraft_core::identity::settings::Provider;

use super::address::{escaped, form};
use super::known::{Known, may_name};
use super::{Fault, Flow};
use crate::outside::address::Place;
use crate::outside::{Answer, Exchange, Failure};

/// How long one question may take altogether.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const LARGEST: usize = 256 << 10;

/// The way to providers.
#[derive(Default)]
pub struct Asker {
    exchange: Exchange,
}

impl Asker {
    /// Reads a document that the issuer names.
    pub async fn get(&self, issuer: &str, place: &str) -> Result<Json, Fault> {
        self.ask(issuer, Method::GET, place, None, String::new()).await
    }

    /// What the provider knows of the person of an access token.
    pub async fn userinfo(&self, issuer: &str, place: &str, access_token: &str) -> Result<Json, Fault> {
        self.ask(issuer, Method::GET, place, Some(format!("Bearer {access_token}")), String::new()).await
    }

    /// Exchanges a code.
    pub async fn exchange(&self, known: &Known, provider: &Provider, secret: &str, flow: &Flow, code: &str) -> Result<Json, Fault> {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", flow.redirect_uri.as_str()),
            ("code_verifier", flow.verifier.as_str()),
        ];
        let mut proof = None;
        if known.secret_in_body {
            pairs.extend([("client_id", provider.client_id.as_str()), ("client_secret", secret)]);
        } else {
            // Both are escaped before they are joined (RFC 6749, 2.3.1).
            proof = Some(format!("Basic {}", STANDARD.encode(format!("{}:{}", escaped(&provider.client_id), escaped(secret)))));
        }
        self.ask(&known.issuer, Method::POST, &known.token_endpoint, proof, form(&pairs)).await
    }

    async fn ask(&self, issuer: &str, method: Method, place: &str, proof: Option<String>, body: String) -> Result<Json, Fault> {
        if !may_name(issuer, place) {
            return Err(Fault::Invalid(format!("{place} may not be asked")));
        }
        let (status, bytes) = self.send(method, place, proof, body).await.map_err(Fault::Unreachable)?;
        let json: Option<Json> = serde_json::from_slice(&bytes).ok();
        match (status, json) {
            (StatusCode::OK, Some(json)) => Ok(json),
            // What it says against a request of ours is worth a line in the log; it is a short code, no secret.
            (status, Some(json)) if json.get("error").is_some_and(Json::is_string) => {
                Err(Fault::Invalid(format!("{place} answers {status} {}", json["error"].as_str().unwrap_or("").escape_debug())))
            }
            (status, _) => Err(Fault::Unreachable(format!("{place} answers {status}"))),
        }
    }

    async fn send(&self, method: Method, place: &str, proof: Option<String>, body: String) -> Result<(StatusCode, Bytes), String> {
        let uri: Uri = place.parse().map_err(|_| format!("{place} is no address"))?;
        let to = Place::read(place).map_err(|_| format!("{place} is no address"))?;
        let request = request(method, &uri, proof, body)?;
        // Where a provider may be is judged by its issuer, which may well be a neighbour.
        let answer = self.exchange.plainly(&to, request, LARGEST, PATIENCE).await;
        match answer.map_err(|failure| said(&to.host, place, failure))? {
            Answer { cut: true, .. } => Err("its answer cannot be read: it is too long".to_owned()),
            Answer { status, body, .. } => Ok((status, body)),
        }
    }
}

fn said(host: &str, place: &str, failure: Failure) -> String {
    match failure {
        Failure::Timeout => format!("{place} takes too long"),
        Failure::Untrusted(why) => format!("{host} cannot be trusted: {why}"),
        Failure::NoSuchHost(why) | Failure::Unreachable(why) => format!("{host} cannot be reached: {why}"),
        Failure::Broken(why) => why,
        Failure::Refused(_) => format!("{place} may not be asked"),
    }
}

fn request(method: Method, uri: &Uri, proof: Option<String>, body: String) -> Result<Request<Full<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or("");
    let mut request = Request::builder()
        .method(&method)
        .uri(path)
        .header(header::HOST, authority)
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, concat!("stagecraft/", env!("CARGO_PKG_VERSION")));
    if method == Method::POST {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(proof) = proof {
        let mut value = HeaderValue::from_str(&proof).map_err(|_| "a proof that no header can carry".to_owned())?;
        value.set_sensitive(true);
        request = request.header(header::AUTHORIZATION, value);
    }
    request.body(Full::new(Bytes::from(body))).map_err(|error| error.to_string())
}
