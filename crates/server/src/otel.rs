//! Traces by OpenTelemetry, sent by OTLP over HTTP: a request, the wait at the door, its transactions, and the statements in each.
//!
//! Built with the feature `otel` alone: most installations need none, and its libraries are many.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use db::watch::Task;
use http_body_util::Full;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{Status, TracerProvider};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::outside::Exchange;
use crate::outside::address::Place;

/// How long the receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of its answer.
const MOST: usize = 64 << 10;
/// What of the program's spans are traces, whatever is logged.
const SPANS: [(&str, Level); 4] = [
    ("server::edge::outer", Level::INFO),
    ("stagecraft::door", Level::TRACE),
    ("stagecraft::transaction", Level::TRACE),
    ("stagecraft::statement", Level::TRACE),
];

/// Sends traces for as long as it is there; what waits is sent when it goes.
pub struct Tracing(SdkTracerProvider);

impl Drop for Tracing {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// What turns spans into traces, and what sends those to an endpoint as `http://127.0.0.1:4318`. Error: it is no address.
pub fn tracing<S>(endpoint: &str) -> Result<(impl Layer<S> + use<S>, Tracing), String>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let whole = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let client = Client::to(&whole)?;
    let strange = |error: String| format!("traces cannot be sent to {endpoint}: {error}");
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(whole)
        .with_timeout(PATIENCE)
        .build()
        .map_err(|error| strange(error.to_string()))?;
    let resource = Resource::builder()
        .with_service_name("stagecraft")
        .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let provider = SdkTracerProvider::builder().with_resource(resource).with_batch_exporter(exporter).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("stagecraft")).with_location(false).with_threads(false);
    Ok((layer.with_filter(Targets::new().with_targets(SPANS)), Tracing(provider)))
}

/// A request begins, as a part of the trace that its caller names.
pub fn begins(span: &Span, headers: &HeaderMap, method: &Method, route: &str) {
    let parent = TraceContextPropagator::new().extract(&Headers(headers));
    // Where nothing is traced there is nothing to be a part of.
    let _ = span.set_parent(parent);
    span.set_attribute("http.request.method", method.to_string());
    span.set_attribute("http.route", route.to_owned());
}

/// A request was answered.
pub fn ends(span: &Span, status: StatusCode, task: &Task) {
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    span.set_attribute("stagecraft.statements", i64::from(task.statements()));
    if status.is_server_error() {
        span.set_status(Status::error(status.to_string()));
    }
}

/// `traceparent` of the span in which this is asked, where it is traced.
pub fn traceparent() -> Option<String> {
    let mut carried = Carried(None);
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carried);
    carried.0
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }
    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(header::HeaderName::as_str).collect()
    }
}

struct Carried(Option<String>);

impl Injector for Carried {
    fn set(&mut self, key: &str, value: String) {
        if key == "traceparent" {
            self.0 = Some(value);
        }
    }
}

/// Sends to one place, by the way out that the whole server has; on a runtime of its own, since it is called from a thread without one.
#[derive(Clone)]
struct Client {
    place: Place,
    exchange: Arc<Exchange>,
    runtime: Arc<tokio::runtime::Runtime>,
}

impl Client {
    fn to(address: &str) -> Result<Client, String> {
        let place = Place::read(address).map_err(|_| format!("“{address}” is no address for traces: write http://127.0.0.1:4318"))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("traces").enable_all().build();
        Ok(Client { place, exchange: Arc::default(), runtime: Arc::new(runtime.map_err(|error| error.to_string())?) })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({})", self.place.authority)
    }
}

impl HttpClient for Client {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let Client { place, exchange, .. } = self.clone();
        let sent = self.runtime.spawn(async move {
            let (mut parts, body) = request.into_parts();
            parts.uri = place.path.parse()?;
            for (name, value) in [(header::HOST, place.authority.as_str()), (header::CONNECTION, "close")] {
                parts.headers.insert(name, HeaderValue::from_str(value)?);
            }
            let request = Request::from_parts(parts, Full::new(body));
            let answer = exchange.plainly(&place, request, MOST, PATIENCE).await.map_err(|failure| format!("{failure:?}"))?;
            let mut response = Response::new(answer.body);
            *response.status_mut() = answer.status;
            Ok(response)
        });
        Box::pin(async move { sent.await.unwrap_or_else(|error| Err(error.into())) })
    }
}
