//! Exports, streamed while they are read.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use db::{CancelFlag, Limits};
use futures_util::{StreamExt, stream};
use stagecraft_core::exports::{self, ExportRequest, Head, Sink};
use stagecraft_core::{Error, House, Result};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::show::Answer;
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Caller, Params};
use crate::messages::export_words;
use crate::openapi::schemas;
use crate::problem::Problem;

/// Parts that lie ready while the client reads.
const AHEAD: usize = 4;
/// How long a client may take for one of them: shorter than PostgreSQL lets a transaction stand idle.
const PATIENCE: Duration = Duration::from_secs(10);

type Part = std::result::Result<Bytes, std::io::Error>;

/// The records of a list as a file.
///
/// What the list shows with the same parameters, as CSV or XLSX, streamed in one snapshot. Needs the act `export`. At most 1,000,000
/// records. A text that a spreadsheet would run as a formula gets an apostrophe before it.
#[utoipa::path(get, path = "/records/{object}/export", tag = "Records",
    params(("object" = String, Path, example = "opportunity"), schemas::ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 403, body = schemas::Problem),
        (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn export(State(app): State<App>, caller: Caller, Path(object): Path<String>, Params(request): Params<ExportRequest>) -> Answer {
    // What is wrong with it is told before anything is begun, and no slow place is taken for it.
    let asked = (object.clone(), request.clone());
    app.door.read(&caller, move |cx, tx| exports::judge(cx, tx, &asked.0, &asked.1)).await?;
    let asked = (object.clone(), request.clone());
    app.door.note(&caller, move |cx| exports::note(cx, &asked.0, &asked.1)).await?;
    let (credential, origin) = (caller.credential.clone(), caller.origin());
    streamed(app, move |house, limits, sink| exports::run(house, &credential, &origin, limits, &object, &request, export_words, sink)).await
}

/// Answers with a file while it is made.
pub(super) async fn streamed<F>(app: App, make: F) -> Answer
where
    F: FnOnce(&House, Limits, &mut dyn Sink) -> Result<()> + Send + 'static,
{
    let (started, head) = oneshot::channel();
    let (parts, ready) = mpsc::channel::<Part>(AHEAD);
    let hang_up = CancelFlag::default();
    let mut sink = Client { head: Some(started), parts: parts.clone(), handle: Handle::current() };
    let flag = hang_up.clone();
    let work = tokio::spawn(async move {
        let done = app.door.run(Lane::Export, move |house, limits| make(house, Limits { cancel: flag, ..limits }, &mut sink)).await;
        if done.is_err() {
            // The client must not take a part for the whole.
            let _ = parts.send(Err(std::io::Error::other("the export was broken off"))).await;
        }
        done
    });
    match head.await {
        Ok(head) => Ok(response(&head, ready, hang_up)),
        Err(_) => match work.await {
            Ok(Err(problem)) => Err(problem),
            _ => Err(Problem::from(Error::Internal("an export ended before it began".into()))),
        },
    }
}

fn response(head: &Head, ready: mpsc::Receiver<Part>, hang_up: CancelFlag) -> Response {
    let gone = Arc::new(HangUp(hang_up));
    let body = stream::unfold((ready, gone), |(mut ready, gone)| async move { ready.recv().await.map(|part| (part, (ready, gone))) });
    // Who compresses the answer asks once more after the end, which an unfolded stream takes amiss.
    sent(head, Body::from_stream(body.fuse()))
}

/// A file that is there as a whole.
pub(super) fn file(head: &Head, bytes: Vec<u8>) -> Response {
    sent(head, Body::from(bytes))
}

fn sent(head: &Head, body: Body) -> Response {
    let mut response = (StatusCode::OK, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(head.media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", head.name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    if !head.media_type.starts_with("text/") {
        // It is compressed already.
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    }
    response
}

/// Ends the reading when the body is dropped.
struct HangUp(CancelFlag);

impl Drop for HangUp {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// The client, as the core sees it.
struct Client {
    head: Option<oneshot::Sender<Head>>,
    parts: mpsc::Sender<Part>,
    handle: Handle,
}

impl Sink for Client {
    fn begin(&mut self, head: Head) -> Result<()> {
        match self.head.take().map(|started| started.send(head)) {
            Some(Ok(())) => Ok(()),
            _ => Err(db::Error::Cancelled.into()),
        }
    }

    fn send(&mut self, bytes: Vec<u8>) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let (parts, part) = (&self.parts, Ok(Bytes::from(bytes)));
        let sent = self.handle.block_on(async { tokio::time::timeout(PATIENCE, parts.send(part)).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            _ => Err(db::Error::Cancelled.into()),
        }
    }

    fn is_gone(&self) -> bool {
        self.parts.is_closed()
    }
}
