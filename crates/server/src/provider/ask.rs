//! Asking a provider: by https (by http on this machine alone), within ten seconds, at most so many bytes, following no redirect.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value as Json;
use stagecraft_core::identity::settings::Provider;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;

use super::address::{escaped, form};
use super::known::{Known, may_name};
use super::{Fault, Flow};

/// How long one question may take altogether.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const LARGEST: usize = 256 << 10;

/// The way to providers.
#[derive(Default)]
pub struct Asker {
    /// The certificates that this machine trusts, read when they are first needed.
    tls: OnceCell<Arc<ClientConfig>>,
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
        let answer = tokio::time::timeout(PATIENCE, self.send(method, place, proof, body)).await;
        let (status, bytes) = answer.map_err(|_| Fault::Unreachable(format!("{place} takes too long")))?.map_err(Fault::Unreachable)?;
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
        let secure = uri.scheme_str() == Some("https");
        let host = uri.host().ok_or_else(|| format!("{place} is no address"))?.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let request = request(method, &uri, proof, body)?;
        let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|error| format!("{host} cannot be reached: {error}"))?;
        if !secure {
            return talk(stream, request).await;
        }
        let config = self.tls.get_or_try_init(trusting).await?.clone();
        let name = ServerName::try_from(host.clone()).map_err(|_| format!("{host} is no name of a server"))?;
        let stream =
            TlsConnector::from(config).connect(name, stream).await.map_err(|error| format!("{host} cannot be trusted: {error}"))?;
        talk(stream, request).await
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

/// One question, one answer, on a connection of its own: people sign in seldom.
async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes), String> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    let running = tokio::spawn(connection);
    let answered = async {
        let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let status = response.status();
        let body =
            Limited::new(response.into_body(), LARGEST).collect().await.map_err(|error| format!("its answer cannot be read: {error}"))?;
        Ok((status, body.to_bytes()))
    };
    let answer = answered.await;
    running.abort();
    answer
}

/// Whom this machine trusts.
async fn trusting() -> Result<Arc<ClientConfig>, String> {
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    };
    let roots = tokio::task::spawn_blocking(read).await.map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
