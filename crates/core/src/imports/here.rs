//! An import carried out in this process: the command line's way, and that of a request that waits for the end.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use db::Limits;
use model::Id;
use serde_json::Value as Json;

use super::begin::{self, Begin};
use super::files;
use super::found::Wanted;
use super::options::Options;
use super::run as stored;
use crate::audit::Origin;
use crate::{Credential, Error, House, Result, jobs};

/// Rows of a dry run that whoever asks for it waits for.
const AT_ONCE: u64 = 1_000;
/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Imports one file here and now; its Import.
///
/// Errors: [`Error::Invalid`] for a file or options that cannot be used at all; what is wrong with single rows is in the answer.
pub fn run(house: &House, credential: &Credential, options: &Options, file_name: &str, bytes: &[u8]) -> Result<Json> {
    run_from(house, credential, &model::Via::Import.into(), options, file_name, bytes, |_| {})
}

/// As [`run`], telling from where the file came, and how far it is.
pub fn run_from(
    house: &House,
    credential: &Credential,
    origin: &Origin,
    options: &Options,
    file_name: &str,
    bytes: &[u8],
    progress: impl FnMut(&Json),
) -> Result<Json> {
    let file = files::keep(house, credential, origin, file_name, bytes)?;
    let wanted = Wanted {
        encoding: options.encoding.clone(),
        delimiter: options.delimiter,
        header: options.header,
        sheet: options.sheet.clone(),
        ..Wanted::default()
    };
    if wanted != Wanted::default() {
        files::read(house, credential, origin, file, &wanted)?;
    }
    let wanted = Begin { file: Some(file.to_string()), options: Some(options.clone()), ..Begin::default() };
    carry_out(house, credential, origin, &wanted, progress)
}

/// Asks for an import and does it here, unless a server is faster; gives the Import at its end.
pub fn carry_out(house: &House, credential: &Credential, origin: &Origin, wanted: &Begin, progress: impl FnMut(&Json)) -> Result<Json> {
    if !wanted.dry_run {
        begin::prepare(house, credential, &Limits::default(), origin, &wanted.prepare)?;
    }
    let begun = house.write(credential, Limits::default(), origin, |cx, tx| begin::begin(cx, tx, origin, wanted))?;
    let id: Id = begun["id"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| Error::Internal("an import without an id".into()))?;
    follow(house, credential, id, progress)
}

/// Works on an import for a moment, so that a small one is done with the answer; what is left goes on in the background.
pub fn work_on(house: &House, id: Id, patience: Duration) -> Result<()> {
    let run = house.read(&jobs::WORKER, Limits::default(), |_, tx| stored::find(tx, id))?;
    // A dry run goes through in one go, so a long one is nothing to wait for.
    let long = run.asked.dry_run && run.rows() > AT_ONCE;
    run.progress.job.filter(|_| !long).map_or(Ok(()), |job| jobs::run(house, job, patience))
}

/// Works on an import until it has ended, and tells how far it is meanwhile.
pub fn follow(house: &House, credential: &Credential, id: Id, mut progress: impl FnMut(&Json)) -> Result<Json> {
    let look = |progress: &mut dyn FnMut(&Json)| -> Result<(bool, Option<Id>, Json)> {
        let (run, shown) = house.read(credential, Limits::default(), |cx, tx| Ok((stored::load(cx, tx, id)?, stored::one(cx, tx, id)?)))?;
        progress(&shown);
        Ok((run.state.is_open(), run.progress.job, shown))
    };
    loop {
        let (open, job, shown) = look(&mut progress)?;
        let Some(job) = job.filter(|_| open) else { return Ok(shown) };
        let (ended, end) = channel();
        let worked = std::thread::scope(|scope| {
            let worker = scope.spawn(move || {
                let worked = jobs::run(house, job, Duration::MAX);
                let _ = ended.send(());
                worked
            });
            while let Err(RecvTimeoutError::Timeout) = end.recv_timeout(LOOK) {
                // What cannot be told just now is told later.
                let _ = look(&mut progress);
            }
            worker.join().unwrap_or_else(|_| Err(Error::Internal("an import's work ended early".into())))
        });
        worked?;
        // A server may have it in hand, or it waits to be tried again.
        let (open, _, shown) = look(&mut progress)?;
        if !open {
            return Ok(shown);
        }
        std::thread::sleep(LOOK);
    }
}
