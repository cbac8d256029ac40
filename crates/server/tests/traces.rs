//! Traces, sent to a receiver that stands in for a collector; built with the feature `otel` alone: `make test-traces`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::json;
use server::app::Edge;
use server::router::router;
use server::{App, otel};
use stagecraft_core::House;
use std::sync::Arc;
use testkit::Database;
use tower::ServiceExt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Takes what is posted and hands out path and body.
fn receiver() -> (String, mpsc::Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut taken, mut part) = (Vec::new(), [0; 4_096]);
            let (head, body) = loop {
                let n = stream.read(&mut part).unwrap();
                taken.extend_from_slice(&part[..n]);
                let Some(end) = taken.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
                let head = String::from_utf8_lossy(&taken[..end]).to_lowercase();
                let long: usize = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "))
                    .and_then(|text| text.trim().parse().ok())
                    .unwrap_or(0);
                if taken.len() >= end + 4 + long {
                    break (head, taken[end + 4..].to_vec());
                }
                assert!(n > 0, "the sender broke off");
            };
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            let _ = tell.send((head.split(' ').nth(1).unwrap_or("").to_owned(), body));
        }
    });
    (address, told)
}

/// True where these bytes are somewhere in the message; texts and ids stand in it as they are.
fn holds(message: &[u8], bytes: &[u8]) -> bool {
    message.windows(bytes.len()).any(|window| window == bytes)
}

#[test]
fn a_request_is_a_trace_with_its_wait_its_transactions_and_their_statements() {
    let (endpoint, told) = receiver();
    let (layer, tracing) = otel::tracing(&endpoint).unwrap();
    tracing_subscriber::registry().with(layer).init();
    let database = Database::sqlite();
    let app = App::new(Arc::new(House::counting(database.db().clone()).unwrap()), Edge::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    runtime.block_on(async {
        let body = json!({
            "organisation": "Zwetschgenbaum", "main_currency": "USD", "time_zone": "UTC", "language": "en", "name": "Ada",
            "email": "ada@example.com", "password": "long enough and secret",
        });
        let request = Request::post("/api/v1/setup")
            .header("content-type", "application/json")
            .header("traceparent", format!("00-{trace}-00f067aa0ba902b7-01"))
            .body(Body::from(body.to_string()))
            .unwrap();
        let answer = router(app).oneshot(request).await.unwrap();
        let status = answer.status();
        let text = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&text));
        assert_ne!(status, StatusCode::NOT_FOUND);
    });
    drop(tracing);
    let mut all = Vec::new();
    while let Ok((path, body)) = told.recv_timeout(Duration::from_millis(500)) {
        assert_eq!(path, "/v1/traces");
        all.extend(body);
    }
    let of_trace: Vec<u8> = (0..16).map(|at| u8::from_str_radix(&trace[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert!(holds(&all, &of_trace), "the caller's trace goes on");
    for text in ["POST /api/v1/setup", "http.route", "wait", "transaction", "statement", "COMMIT", "BEGIN", "stagecraft"] {
        assert!(holds(&all, text.as_bytes()), "{text}");
    }
    for secret in ["long enough and secret", "Zwetschgenbaum", "ada@example.com"] {
        assert!(!holds(&all, secret.as_bytes()), "{secret}");
    }
}
