//! Imports: files that wait, what they may mean, and the imports themselves.

use std::io::Write;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::Id;
use serde::Deserialize;
use serde_json::Value as Json;
use stagecraft_core::exports::{Head, Sink};
use stagecraft_core::imports::{self, Begin, FileWanted, Options, ProposeOne, ProposeSeveral};
use stagecraft_core::{Error, House};

use super::exports::streamed;
use super::once::Once;
use super::show::{Answer, done, id, json};
use crate::app::App;
use crate::door::Lane;
use crate::edge::{Body, Caller, Params, read_json};
use crate::messages::with_messages;
use crate::openapi::schemas;
use crate::problem::Problem;

/// How long the caller waits for the answer; what is left goes on behind it.
const PATIENCE: Duration = Duration::from_millis(500);

/// Send files.
///
/// One part `file` for each; CSV, other text with delimiters, or XLSX. They are read at once, and wait a day for their import.
#[utoipa::path(post, path = "/imports/files", tag = "Imports", request_body(content = schemas::ImportUpload, content_type = "multipart/form-data"),
    responses((status = 201, body = schemas::ImportFiles), (status = 403, body = schemas::Problem), (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn send(State(app): State<App>, caller: Caller, mut form: Multipart) -> Answer {
    let mut items = Vec::new();
    while let Some(part) = form.next_field().await.map_err(|error| unreadable(&error))? {
        if part.name() == Some("file") {
            let file = kept(&app, &caller, part).await?;
            items.push(app.door.read(&caller, move |cx, tx| imports::file(cx, tx, file)).await?);
        }
    }
    if items.is_empty() {
        return Err(Problem::from(model::Violation::new("file.missing", "file")));
    }
    Ok(told(&app, &caller, serde_json::json!({ "items": items }), StatusCode::CREATED))
}

/// Keeps one part as it arrives, a piece at a time, and reads it.
async fn kept(app: &App, caller: &Caller, mut part: Field<'_>) -> Result<Id, Problem> {
    let name = part.file_name().unwrap_or("file.csv").to_owned();
    let file = app.door.write(caller, move |cx, tx| imports::begin_file(cx, tx, &name)).await?;
    let (mut piece, mut number, mut size) = (Vec::with_capacity(imports::PIECE), 0, 0_usize);
    let read = async {
        loop {
            let chunk = part.chunk().await.map_err(|error| unreadable(&error))?;
            let ended = chunk.is_none();
            let mut chunk = chunk.unwrap_or_default();
            size += chunk.len();
            if size > app.edge.import_limit() {
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large"));
            }
            while !chunk.is_empty() {
                let room = imports::PIECE - piece.len();
                piece.extend_from_slice(&chunk.split_to(room.min(chunk.len())));
                if piece.len() == imports::PIECE {
                    append(app, caller, file, number, std::mem::take(&mut piece)).await?;
                    number += 1;
                }
            }
            if ended {
                if !piece.is_empty() {
                    append(app, caller, file, number, std::mem::take(&mut piece)).await?;
                }
                return Ok(());
            }
        }
    };
    let done = match read.await {
        Ok(()) => reading(app, caller, file, FileWanted::default()).await,
        refused => refused,
    };
    match done {
        Ok(()) => Ok(file),
        Err(problem) => {
            app.door.write(caller, move |cx, tx| imports::let_go_of_file(cx, tx, file)).await?;
            Err(problem)
        }
    }
}

async fn append(app: &App, caller: &Caller, file: Id, number: i64, piece: Vec<u8>) -> Result<(), Problem> {
    app.door.write(caller, move |cx, tx| imports::append(cx, tx, file, number, &piece)).await
}

async fn reading(app: &App, caller: &Caller, file: Id, wanted: FileWanted) -> Result<(), Problem> {
    let (credential, origin) = (caller.credential.clone(), caller.origin());
    app.door.run(Lane::Slow, move |house, _| imports::read_file(house, &credential, &origin, file, &wanted)).await
}

fn unreadable(error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large"),
        _ => Problem::malformed(error.body_text()),
    }
}

/// One's files that wait.
#[utoipa::path(get, path = "/imports/files", tag = "Imports", responses((status = 200, body = schemas::ImportFiles)))]
pub async fn files(State(app): State<App>, caller: Caller) -> Answer {
    let files = app.door.read(&caller, imports::files).await?;
    Ok(told(&app, &caller, files, StatusCode::OK))
}

/// A file that waits, with what was found out about it.
#[utoipa::path(get, path = "/imports/files/{id}", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, body = schemas::ImportFile), (status = 404, body = schemas::Problem)))]
pub async fn file(State(app): State<App>, caller: Caller, Path(file): Path<String>) -> Answer {
    let file = id(&file)?;
    let shown = app.door.read(&caller, move |cx, tx| imports::file(cx, tx, file)).await?;
    Ok(told(&app, &caller, shown, StatusCode::OK))
}

/// Correct what was found out about a file.
///
/// It is read anew; what is absent is found out.
#[utoipa::path(patch, path = "/imports/files/{id}", tag = "Imports", request_body = schemas::ImportFileWanted, params(("id" = String, Path)),
    responses((status = 200, body = schemas::ImportFile), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn correct(State(app): State<App>, caller: Caller, Path(file): Path<String>, body: Body<FileWanted>) -> Answer {
    let file = id(&file)?;
    reading(&app, &caller, file, body.value).await?;
    let shown = app.door.read(&caller, move |cx, tx| imports::file(cx, tx, file)).await?;
    Ok(told(&app, &caller, shown, StatusCode::OK))
}

/// Let go of a file that no import uses.
#[utoipa::path(delete, path = "/imports/files/{id}", tag = "Imports", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn let_go(State(app): State<App>, caller: Caller, Path(file): Path<String>) -> Answer {
    let file = id(&file)?;
    app.door.write(&caller, move |cx, tx| imports::let_go_of_file(cx, tx, file)).await?;
    Ok(done())
}

/// Guess what a file holds.
///
/// Which object, and which column is which field.
#[utoipa::path(post, path = "/imports/propose", tag = "Imports", request_body = schemas::ImportPropose,
    responses((status = 200, body = schemas::ImportProposal), (status = 404, body = schemas::Problem)))]
pub async fn propose(State(app): State<App>, caller: Caller, body: Body<ProposeOne>) -> Answer {
    let proposal = app.door.read(&caller, move |cx, tx| imports::propose(cx, tx, &body.value)).await?;
    Ok(told(&app, &caller, proposal, StatusCode::OK))
}

/// Guess how several files belong together.
///
/// By a plan that knows their columns, else each for itself, in the order of what refers to what.
#[utoipa::path(post, path = "/imports/propose-plan", tag = "Imports", request_body = schemas::ImportProposePlan,
    responses((status = 200, body = schemas::ImportPlan), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn propose_plan(State(app): State<App>, caller: Caller, body: Body<ProposeSeveral>) -> Answer {
    let proposal = app.door.read(&caller, move |cx, tx| imports::propose_plan(cx, tx, &body.value)).await?;
    Ok(told(&app, &caller, proposal, StatusCode::OK))
}

/// Import.
///
/// Files that were sent before, each with its options. Small imports are done with the answer; others go on and are followed by
/// `GET /imports/{id}`. With `dry_run` everything is judged, all that is wrong is told, and nothing is stored. As multipart with the parts
/// `file` and `options` one file is sent and imported in one request, which is answered at its end (200).
#[utoipa::path(post, path = "/imports", tag = "Imports", params(schemas::OnceHeader),
    request_body(content((schemas::ImportBegin = "application/json"), (schemas::ImportForm = "multipart/form-data"))),
    responses((status = 200, body = schemas::Import), (status = 202, body = schemas::Import), (status = 403, body = schemas::Problem),
        (status = 413, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn import(State(app): State<App>, caller: Caller, request: Request) -> Answer {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, &()).await.map_err(|rejection| Problem::malformed(rejection.body_text()))?;
        return at_once(&app, &caller, form).await;
    }
    let body: Body<Begin> = Body::from_request(request, &app).await?;
    let once = Once::new(&caller, &body.text, StatusCode::ACCEPTED, body.value.dry_run);
    let (status, begun) = begin(&app, &caller, body.value, once).await?;
    let import = import_of(&begun)?;
    app.door.run(Lane::Slow, move |house, _| imports::work_on(house, import, PATIENCE)).await?;
    let shown = app.door.read(&caller, move |cx, tx| imports::one(cx, tx, import)).await?;
    Ok(told(&app, &caller, shown, status))
}

async fn begin(app: &App, caller: &Caller, wanted: Begin, once: Once) -> Result<(StatusCode, Json), Problem> {
    let (credential, origin) = (caller.credential.clone(), caller.origin());
    if !wanted.dry_run {
        let (prepare, from) = (wanted.prepare.clone(), origin.clone());
        app.door.run(Lane::Slow, move |house, limits| imports::prepare(house, &credential, &limits, &from, &prepare)).await?;
    }
    app.door
        .write(caller, move |cx, tx| {
            once.run(
                cx,
                tx,
                |tx| imports::begin(cx, tx, &origin, &wanted),
                |tx, begun| begun.record.map_or(Ok(Json::Null), |import| imports::one(cx, tx, import)),
            )
        })
        .await
}

/// One file in one request, answered at its end.
async fn at_once(app: &App, caller: &Caller, form: Multipart) -> Answer {
    let mut file = None;
    let begun = match begin_at_once(app, caller, form, &mut file).await {
        Ok(begun) => begun,
        Err(problem) => {
            // Nobody knows of it, so it waits for nothing.
            if let Some(file) = file {
                app.door.write(caller, move |cx, tx| imports::let_go_of_file(cx, tx, file)).await?;
            }
            return Err(problem);
        }
    };
    let import = import_of(&begun)?;
    let credential = caller.credential.clone();
    let shown = app.door.run(Lane::Slow, move |house, _| imports::follow(house, &credential, import, |_| {})).await?;
    Ok(told(app, caller, shown, StatusCode::OK))
}

async fn begin_at_once(app: &App, caller: &Caller, mut form: Multipart, file: &mut Option<Id>) -> Result<Json, Problem> {
    let mut options = None;
    while let Some(part) = form.next_field().await.map_err(|error| unreadable(&error))? {
        match part.name().unwrap_or("") {
            "file" if file.is_none() => *file = Some(kept(app, caller, part).await?),
            "options" => options = Some(read_json::<Options>(&text(part).await?)?),
            other => return Err(Problem::malformed(format!("no part is called `{other}`: send `file` and `options`"))),
        }
    }
    let (Some(file), Some(options)) = (*file, options) else { return Err(Problem::malformed("send the parts `file` and `options`")) };
    let wanted = FileWanted {
        encoding: options.encoding.clone(),
        delimiter: options.delimiter,
        header: options.header,
        sheet: options.sheet.clone(),
        ..FileWanted::default()
    };
    if wanted != FileWanted::default() {
        reading(app, caller, file, wanted).await?;
    }
    let wanted = Begin { file: Some(file.to_string()), options: Some(options), ..Begin::default() };
    let once = Once::new(caller, &Bytes::new(), StatusCode::OK, true);
    Ok(begin(app, caller, wanted, once).await?.1)
}

async fn text(part: Field<'_>) -> Result<Bytes, Problem> {
    part.bytes().await.map_err(|error| unreadable(&error))
}

fn import_of(begun: &Json) -> Result<Id, Problem> {
    begun["id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Problem::from(Error::NotFound))
}

/// One's imports, newest first; all of them for administrators.
#[utoipa::path(get, path = "/imports", tag = "Imports", responses((status = 200, body = schemas::Imports)))]
pub async fn list(State(app): State<App>, caller: Caller) -> Answer {
    let imports = app.door.read(&caller, imports::list).await?;
    Ok(told(&app, &caller, imports, StatusCode::OK))
}

/// One import.
#[utoipa::path(get, path = "/imports/{id}", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, body = schemas::Import), (status = 404, body = schemas::Problem)))]
pub async fn one(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    let import = id(&import)?;
    let shown = app.door.read(&caller, move |cx, tx| imports::one(cx, tx, import)).await?;
    Ok(told(&app, &caller, shown, StatusCode::OK))
}

/// Cancel an import.
///
/// What is in stays in; it can be resumed, or undone.
#[utoipa::path(post, path = "/imports/{id}/cancel", tag = "Imports", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 200, body = schemas::Import), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn cancel(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    act(&app, &caller, &import, false, imports::cancel).await
}

/// Resume an import that was cancelled or has failed.
///
/// It goes on where it stopped.
#[utoipa::path(post, path = "/imports/{id}/resume", tag = "Imports", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 202, body = schemas::Import), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn resume(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    act(&app, &caller, &import, true, imports::resume).await
}

/// Undo an import.
///
/// Within seven days: what it created is deleted for good, what it changed is put back, as far as nobody has gone on from there. `undo` of the
/// Import counts, and `result.csv` names what stayed, with the reason.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "Imports", params(("id" = String, Path), schemas::OnceHeader),
    responses((status = 202, body = schemas::Import), (status = 404, body = schemas::Problem), (status = 422, body = schemas::Problem)))]
pub async fn undo(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    act(&app, &caller, &import, true, imports::undo).await
}

async fn act(
    app: &App,
    caller: &Caller,
    import: &str,
    goes_on: bool,
    act: fn(&stagecraft_core::Ctx, &mut db::Write, Id) -> stagecraft_core::Result<Json>,
) -> Answer {
    let import = id(import)?;
    let status = if goes_on { StatusCode::ACCEPTED } else { StatusCode::OK };
    let once = Once::new(caller, &Bytes::new(), status, false);
    let (status, _) =
        app.door.write(caller, move |cx, tx| once.run(cx, tx, |tx| act(cx, tx, import), |tx, _| imports::one(cx, tx, import))).await?;
    if goes_on {
        app.door.run(Lane::Slow, move |house, _| imports::work_on(house, import, PATIENCE)).await?;
    }
    let shown = app.door.read(caller, move |cx, tx| imports::one(cx, tx, import)).await?;
    Ok(told(app, caller, shown, status))
}

fn told(app: &App, caller: &Caller, mut answer: Json, status: StatusCode) -> Response {
    let object = answer["object"].as_str().unwrap_or("opportunity").to_owned();
    with_messages(&mut answer, caller.spoken.language(), &app.door.house().meta(), &object);
    json(status, answer)
}

/// All problems of an import, as CSV.
#[utoipa::path(get, path = "/imports/{id}/problems.csv", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = schemas::Problem)))]
pub async fn problems(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    file_of(app, caller, &import, "problems.csv", |house, credential, limits, import, out| {
        imports::problems_csv(house, credential, limits, import, out)
    })
    .await
}

/// Which step of an import.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepOf {
    #[serde(default)]
    step: Option<usize>,
}

/// The rows that stayed out, as they were sent.
///
/// With line and reasons in two further columns, which a later import leaves aside: ready to be corrected and sent again. Of an import of
/// several files those of one `step`.
#[utoipa::path(get, path = "/imports/{id}/failed.csv", tag = "Imports", params(("id" = String, Path), schemas::ImportStepQuery),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = schemas::Problem)))]
pub async fn failed(State(app): State<App>, caller: Caller, Path(import): Path<String>, Params(of): Params<StepOf>) -> Answer {
    file_of(app, caller, &import, "failed.csv", move |house, credential, limits, import, out| {
        imports::failed_csv(house, credential, limits, import, of.step, out)
    })
    .await
}

/// What became of every row, as CSV.
#[utoipa::path(get, path = "/imports/{id}/result.csv", tag = "Imports", params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = schemas::Problem)))]
pub async fn result(State(app): State<App>, caller: Caller, Path(import): Path<String>) -> Answer {
    file_of(app, caller, &import, "result.csv", |house, credential, limits, import, out| {
        imports::result_csv(house, credential, limits, import, out)
    })
    .await
}

async fn file_of<F>(app: App, caller: Caller, import: &str, name: &'static str, make: F) -> Answer
where
    F: FnOnce(&House, &stagecraft_core::Credential, &db::Limits, Id, &mut dyn Write) -> stagecraft_core::Result<()> + Send + 'static,
{
    let import = id(import)?;
    app.door.read(&caller, move |cx, tx| imports::exists(cx, tx, import)).await?;
    let credential = caller.credential.clone();
    streamed(app, move |house, limits, sink| {
        let head = Head { name: name.to_owned(), media_type: "text/csv; charset=utf-8" };
        let mut out = Pipe { sink, head: Some(head), waiting: Vec::new() };
        make(house, &credential, &limits, import, &mut out)?;
        out.end()
    })
    .await
}

/// Bytes on their way to a client.
struct Pipe<'s> {
    sink: &'s mut dyn Sink,
    head: Option<Head>,
    waiting: Vec<u8>,
}

impl Pipe<'_> {
    fn send(&mut self) -> stagecraft_core::Result<()> {
        if let Some(head) = self.head.take() {
            self.sink.begin(head)?;
        }
        self.sink.send(std::mem::take(&mut self.waiting))
    }

    fn end(mut self) -> stagecraft_core::Result<()> {
        self.send()
    }
}

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() > 64 << 10 {
            self.send().map_err(std::io::Error::other)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
