//! One attempt.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use http_body_util::Full;
use serde_json::json;
use stagecraft_core::webhooks::{self, Outcome, Sending};

use crate::outside::address::Place;
use crate::outside::{Answer, Exchange, Failure, Outside};

/// How long an attempt may take, from looking up the name to the end of the answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of an answer that are kept.
const KEPT: usize = 4 << 10;

/// Sends a delivery once, and tells what came of it.
pub async fn attempt(exchange: &Exchange, outside: &Outside, sending: &Sending) -> Outcome {
    let began = Instant::now();
    let second = sending.at.0.div_euclid(1_000_000);
    let signature = webhooks::sign(&sending.secrets, &sending.message, second, &sending.body);
    let request = json!({
        "content-type": "application/json", "webhook-id": sending.message, "webhook-timestamp": second.to_string(),
        "webhook-signature": signature,
    });
    let mut outcome = Outcome { at: sending.at, request, ..Outcome::default() };
    match ask(exchange, outside, sending, second, &signature).await {
        Ok(answer) => told(&mut outcome, &answer),
        Err(failure) => outcome.error = Some(code(&failure)),
    }
    outcome.took = began.elapsed();
    outcome
}

async fn ask(exchange: &Exchange, outside: &Outside, sending: &Sending, second: i64, signature: &str) -> Result<Answer, Failure> {
    let place: Place = outside.judge(&sending.address).map_err(Failure::Refused)?;
    let request = Request::builder()
        .method("POST")
        .uri(place.path.as_str())
        .header(header::HOST, place.authority.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "*/*")
        .header(header::CONNECTION, "close")
        .header(header::USER_AGENT, concat!("stagecraft/", env!("CARGO_PKG_VERSION")))
        .header("webhook-id", sending.message.as_str())
        .header("webhook-timestamp", second)
        .header("webhook-signature", signature)
        .body(Full::new(Bytes::from(sending.body.clone())))
        .map_err(|error| Failure::Broken(error.to_string()))?;
    exchange.judged(outside, &place, request, KEPT, PATIENCE).await
}

/// A redirect is not followed: it would lead where nobody has judged.
fn told(outcome: &mut Outcome, answer: &Answer) {
    outcome.status = Some(answer.status.as_u16());
    outcome.answer = Some(readable(&answer.body, answer.cut));
    outcome.retry_after =
        answer.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|text| text.trim().parse().ok());
    if answer.status.is_redirection() {
        outcome.error = Some("redirect".to_owned());
    } else if answer.status == StatusCode::GONE {
        outcome.error = Some("gone".to_owned());
    } else if !answer.status.is_success() {
        outcome.error = Some("status".to_owned());
    }
}

/// The answer as text that may be stored and shown.
fn readable(body: &[u8], cut: bool) -> String {
    let mut text: String = String::from_utf8_lossy(body).chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    if cut {
        text.push('…');
    }
    text
}

fn code(failure: &Failure) -> String {
    match failure {
        Failure::Refused(why) => why.code().trim_start_matches("webhook.").to_owned(),
        Failure::NoSuchHost(why) => format!("no_such_host: {why}"),
        Failure::Unreachable(why) => format!("unreachable: {why}"),
        Failure::Untrusted(why) => format!("untrusted: {why}"),
        Failure::Broken(why) => format!("broken: {why}"),
        Failure::Timeout => "timeout".to_owned(),
    }
}
