//! One request and its answer, on a connection of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;

use super::address::{Outside, Place, Refused};
use crate::watching::asked::traceparent;

/// How long connecting to one of the addresses behind a name may take.
const CONNECTING: Duration = Duration::from_secs(5);

/// Makes requests.
#[derive(Default)]
pub struct Exchange {
    /// The certificates that this machine trusts, read when they are first needed.
    tls: OnceCell<Arc<ClientConfig>>,
}

/// Why there is no answer. What it says is for logs and administrators; it never holds a secret.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The address may not be asked.
    Refused(Refused),
    /// The name is not known.
    NoSuchHost(String),
    /// Nobody is there.
    Unreachable(String),
    /// It does not prove who it is.
    Untrusted(String),
    /// It breaks off, or speaks something else.
    Broken(String),
    /// It takes too long.
    Timeout,
}

/// What was answered: of the body as much as was asked for.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// There was more.
    pub cut: bool,
}

impl Exchange {
    /// Asks a place whose name is looked up once; what is asked is the address that was judged.
    pub async fn judged(
        &self,
        outside: &Outside,
        place: &Place,
        request: Request<Full<Bytes>>,
        most: usize,
        patience: Duration,
    ) -> Result<Answer, Failure> {
        let work = async {
            let found = look_up(place).await?;
            outside.judge_all(place.secure, &found).map_err(Failure::Refused)?;
            self.at(&found, place, request, most).await
        };
        tokio::time::timeout(patience, work).await.map_err(|_| Failure::Timeout)?
    }

    /// Asks a place that was judged otherwise.
    pub async fn plainly(&self, place: &Place, request: Request<Full<Bytes>>, most: usize, patience: Duration) -> Result<Answer, Failure> {
        let work = async {
            let found = look_up(place).await?;
            self.at(&found, place, request, most).await
        };
        tokio::time::timeout(patience, work).await.map_err(|_| Failure::Timeout)?
    }

    async fn at(&self, found: &[SocketAddr], place: &Place, request: Request<Full<Bytes>>, most: usize) -> Result<Answer, Failure> {
        let stream = connect(found).await?;
        if !place.secure {
            return talk(stream, request, most).await;
        }
        let config = self.tls.get_or_try_init(trusting).await?.clone();
        let name = ServerName::try_from(place.host.clone()).map_err(|_| Failure::Untrusted("no name of a server".to_owned()))?;
        let stream = TlsConnector::from(config).connect(name, stream).await.map_err(|error| Failure::Untrusted(error.to_string()))?;
        talk(stream, request, most).await
    }
}

async fn look_up(place: &Place) -> Result<Vec<SocketAddr>, Failure> {
    let found = tokio::net::lookup_host((place.host.as_str(), place.port)).await;
    found.map(Iterator::collect).map_err(|error| Failure::NoSuchHost(error.to_string()))
}

async fn connect(found: &[SocketAddr]) -> Result<TcpStream, Failure> {
    let mut last = Failure::NoSuchHost("it has no address".to_owned());
    for address in found.iter().take(4) {
        match tokio::time::timeout(CONNECTING, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = Failure::Unreachable(error.to_string()),
            Err(_) => last = Failure::Unreachable("nobody takes up".to_owned()),
        }
    }
    Err(last)
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    mut request: Request<Full<Bytes>>,
    most: usize,
) -> Result<Answer, Failure> {
    let broken = |error: hyper::Error| Failure::Broken(error.to_string());
    let (mut sender, connection) =
        hyper::client::conn::http1::Builder::new().max_buf_size(64 << 10).handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let running = tokio::spawn(connection);
    // Whoever traces what he asked us finds there what we asked others for it.
    if let Some(value) = traceparent().and_then(|text| text.parse().ok()) {
        request.headers_mut().insert("traceparent", value);
    }
    let answered = async {
        let response = sender.send_request(request).await.map_err(broken)?;
        let (parts, mut body) = response.into_parts();
        let (mut taken, mut cut) = (Vec::new(), false);
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(broken)?.into_data() else { continue };
            let room = most.saturating_sub(taken.len());
            taken.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                cut = true;
                break;
            }
        }
        Ok(Answer { status: parts.status, headers: parts.headers, body: taken.into(), cut })
    };
    let answer = answered.await;
    running.abort();
    answer
}

/// Whom this machine trusts.
async fn trusting() -> Result<Arc<ClientConfig>, Failure> {
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    };
    let strange = |error: String| Failure::Untrusted(error);
    let roots = tokio::task::spawn_blocking(read).await.map_err(|error| strange(error.to_string()))?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| strange(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
