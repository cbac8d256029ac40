//! `stagecraft mcp`: for assistants that start a program on this machine and speak to it by lines. What they say is passed on to a
//! running server, so this needs no database of its own.

use std::io::{BufRead, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode, header};
use clap::Args;
use http_body_util::Full;
use serde_json::{Value as Json, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::Outcome;
use crate::outside::address::Place;
use crate::outside::{Answer, Exchange, Failure};

pub const EXAMPLES: &str = "\
Examples:
  stagecraft token create --user kim@example.com --name Claude --scope write
  STAGECRAFT_TOKEN=sc_… stagecraft mcp --server https://sales.example.com

An assistant starts this command itself: name it, with these settings, in the assistant's list of MCP servers. Assistants that speak
HTTP need no command: their address is https://sales.example.com/mcp, with the token as bearer token.";

/// Calls at a time.
const TOGETHER: usize = 16;
/// Bytes of an answer.
const MOST: usize = 4 << 20;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// The code of an error that is none of the server's.
const NO_ANSWER: i64 = -32000;

/// Where assistants' messages go.
#[derive(Args, Debug)]
pub struct Mcp {
    /// Address of the server
    #[arg(long, value_name = "URL", env = "STAGECRAFT_SERVER", default_value = "http://127.0.0.1:8080")]
    pub server: String,
    /// Access token of the person for whom the assistant acts
    #[arg(long, value_name = "TOKEN", env = "STAGECRAFT_TOKEN", hide_env_values = true)]
    pub token: String,
}

/// The way to the server.
struct Way {
    place: Place,
    token: String,
    exchange: Exchange,
    /// What the first answer says every further message must carry.
    session: OnceLock<String>,
    version: OnceLock<String>,
    /// Lines are written one after the other.
    out: Mutex<()>,
}

/// Runs `stagecraft mcp`.
pub fn run(wanted: &Mcp) -> Outcome {
    let address = format!("{}/mcp", wanted.server.trim_end_matches('/'));
    let place =
        Place::read(&address).map_err(|_| format!("`{}` is no address of a server: write https://sales.example.com", wanted.server))?;
    let way = Way {
        place,
        token: wanted.token.trim().to_owned(),
        exchange: Exchange::default(),
        session: OnceLock::new(),
        version: OnceLock::new(),
        out: Mutex::default(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(pass_on(Arc::new(way)));
    // Nobody reads any more; a reader of lines that still waits for one must not keep the command.
    runtime.shutdown_background();
    Ok(())
}

/// Until the assistant hangs up, and what it still waits for is answered.
async fn pass_on(way: Arc<Way>) {
    let (lines, mut read) = mpsc::channel::<String>(TOGETHER);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()) {
            if lines.blocking_send(line).is_err() {
                break;
            }
        }
    });
    let (places, mut calls) = (Arc::new(Semaphore::new(TOGETHER)), JoinSet::new());
    while let Some(line) = read.recv().await {
        while calls.try_join_next().is_some() {}
        let message: Json = serde_json::from_str(&line).unwrap_or_default();
        if message["method"] == "initialize" {
            // What comes after it needs what it is answered.
            way.pass(line, &message).await;
            continue;
        }
        let (way, places) = (way.clone(), places.clone());
        // What gives a call up must not wait behind calls.
        let waits = message.get("id").is_some();
        calls.spawn(async move {
            let _place = if waits { places.acquire_owned().await.ok() } else { None };
            way.pass(line, &message).await;
        });
    }
    while calls.join_next().await.is_some() {}
}

impl Way {
    /// Passes one line on, and its answer back.
    async fn pass(&self, line: String, message: &Json) {
        let told = match self.ask(line).await {
            Ok(answer) => {
                let text = String::from_utf8_lossy(&answer.body).trim().to_owned();
                if message["method"] == "initialize" {
                    self.remember(&answer, &text);
                }
                match (answer.status, text.is_empty()) {
                    (status, true) if status.is_success() => return,
                    (StatusCode::OK, false) if !answer.cut => text,
                    (status, _) => return self.no_answer(message, &why(status, &text)),
                }
            }
            Err(failure) => return self.no_answer(message, &said(&failure)),
        };
        self.write(&told);
    }

    async fn ask(&self, line: String) -> Result<Answer, Failure> {
        let mut request = Request::post(&self.place.path)
            .header(header::HOST, &self.place.authority)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::USER_AGENT, concat!("stagecraft-mcp/", env!("CARGO_PKG_VERSION")));
        for (name, value) in [("mcp-session-id", &self.session), ("mcp-protocol-version", &self.version)] {
            if let Some(value) = value.get() {
                request = request.header(name, value);
            }
        }
        let request = request.body(Full::new(Bytes::from(line))).map_err(|error| Failure::Broken(error.to_string()))?;
        self.exchange.plainly(&self.place, request, MOST, PATIENCE).await
    }

    fn remember(&self, answer: &Answer, text: &str) {
        if let Some(session) = answer.headers.get("mcp-session-id").and_then(|value| value.to_str().ok()) {
            let _ = self.session.set(session.to_owned());
        }
        let told: Json = serde_json::from_str(text).unwrap_or_default();
        if let Some(version) = told["result"]["protocolVersion"].as_str() {
            let _ = self.version.set(version.to_owned());
        }
    }

    /// Tells the person at the log, and the assistant where it waits.
    fn no_answer(&self, message: &Json, why: &str) {
        let _ = writeln!(std::io::stderr(), "stagecraft: {why}");
        if let Some(id) = message.get("id").filter(|id| !id.is_null()) {
            self.write(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": NO_ANSWER, "message": why}}).to_string());
        }
    }

    fn write(&self, line: &str) {
        let _one = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

/// A refusal of the server in a sentence.
fn why(status: StatusCode, text: &str) -> String {
    let told: Json = serde_json::from_str(text).unwrap_or_default();
    match (told["title"].as_str(), told["detail"].as_str()) {
        (Some(title), Some(detail)) => format!("{title}. {detail}"),
        _ => format!("the server answers with {status}, not as Stagecraft does"),
    }
}

fn said(failure: &Failure) -> String {
    match failure {
        Failure::Refused(_) => "the server's address cannot be asked".to_owned(),
        Failure::NoSuchHost(why) => format!("the server's name is not known: {why}"),
        Failure::Unreachable(why) => format!("the server cannot be reached: {why}"),
        Failure::Untrusted(why) => format!("the server does not prove who it is: {why}"),
        Failure::Broken(why) => format!("the server breaks off: {why}"),
        Failure::Timeout => "the server takes too long".to_owned(),
    }
}
