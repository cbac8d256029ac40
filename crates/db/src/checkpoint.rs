//! Moves SQLite's write-ahead log into the file, off the path of commits (core rule 7).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Moment};

use crate::Error;
use crate::connection::Shape;
use crate::connection::sqlite::{Connection, Role};
use crate::pool::Pool;

/// Pause between two checkpoints: the log stays small, and commits rarely meet one.
const PAUSE: Duration = Duration::from_millis(500);
/// Pages of a log that is begun anew: 128 MB. Writers wait while what is left is copied, so where it was done shortly before it may be
/// three times as large: a transaction of an import fills half of that.
const LARGE: i64 = 32_768;
const SHORTLY: Duration = Duration::from_secs(10);
const TIMES: i64 = 3;
/// The log is begun anew where it is this part of what it and the disk have room for.
const SHARE: i64 = 4;
/// Bytes of a page.
const PAGE: i64 = 4_096;
/// How long it waits for its turn among the writers: behind a transaction of an import, which does not end sooner for it.
const PATIENCE: Duration = Duration::from_secs(12);

/// What it is told of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Commit,
    /// The log found no room to grow.
    Full,
}

/// The thread that does it; ends when dropped.
pub(crate) struct Checkpointer {
    tell: Option<Sender<Told>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// `writers`: whose turn it takes where it has to keep them out.
    pub fn start(path: &Path, writers: Arc<Pool>) -> Result<Checkpointer, Error> {
        let mut connection = Connection::open(path, Role::Checkpointer)?;
        // Beginning the log anew waits for readers while writers wait for it: not for long, there is a next time.
        connection.batch("PRAGMA busy_timeout = 200")?;
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let (tell, heard) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || {
                let mut begun_anew = None;
                // Waits for a commit, then a moment for more of them.
                while let Ok(first) = heard.recv()
                    && let Some(told) = rest(&heard, first, pause(&folder))
                {
                    match checkpoint(&mut connection, &writers, &folder, told, begun_anew) {
                        Ok(true) => begun_anew = Some(Moment::now()),
                        Ok(false) => {}
                        Err(e) => tracing::warn!("a checkpoint failed: {e}"),
                    }
                }
            })
            .map_err(|e| Error::Engine(format!("no thread for checkpoints: {e}")))?;
        Ok(Checkpointer { tell: Some(tell), thread: Some(thread) })
    }

    /// Something was written.
    pub fn committed(&self) {
        self.tell(Told::Commit);
    }

    /// Something could not be written for want of room.
    pub fn full(&self) {
        self.tell(Told::Full);
    }

    fn tell(&self, what: Told) {
        if let Some(tell) = &self.tell {
            let _ = tell.send(what);
        }
    }
}

/// Lets more come in for a while; `None` when there will be no more.
fn rest(heard: &Receiver<Told>, mut told: Told, pause: Duration) -> Option<Told> {
    let until = Moment::now() + pause;
    loop {
        match heard.recv_timeout(until.saturating_duration_since(Moment::now())) {
            Ok(Told::Full) => told = Told::Full,
            Ok(Told::Commit) => {}
            Err(RecvTimeoutError::Timeout) => return Some(told),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// Copies the log's pages into the file. While somebody writes without a pause, the log is never begun anew by that alone: loading 100,000
/// deals left one of 3 GB beside a file of 270 MB, and every read searched it. So where it is large the next writer begins it anew, for which writers
/// wait a moment; whoever does cuts off what is more than [`KEPT`](crate::connection::sqlite::KEPT), or than
/// [`KEPT_BY_MUCH`](crate::connection::sqlite::KEPT_BY_MUCH) while much is written. What is left of it need not be made room for again, and the
/// writer goes on with the pages that it has at hand, which it does not where the log is cut off by somebody else.
///
/// That takes a turn of the writers' own queue: the engine's lock is not given in the order of asking, and whoever writes transaction after
/// transaction was measured to get it each time, until the log was 12 GB.
///
/// A log that found no room to grow is cut off whatever its size. It is kept to a part of what the disk has room for: where it took all,
/// the file could not grow, so the log could not be copied into it, and nothing would be written ever again.
///
/// True where it was begun anew; `last`: when it was the last time.
fn checkpoint(connection: &mut Connection, writers: &Arc<Pool>, folder: &Path, told: Told, last: Option<Moment>) -> Result<bool, Error> {
    let rows = connection.query("PRAGMA wal_checkpoint(PASSIVE)", &[], Shape::Fixed)?;
    let pages: i64 = rows.first().map_or(Ok(0), |row| row.get(1))?;
    let large = if last.is_some_and(|last| last.elapsed() < SHORTLY) { LARGE * TIMES } else { LARGE };
    let large = room(folder).map_or(large, |room| large.min((room + pages) / SHARE));
    if pages <= large && told != Told::Full {
        return Ok(false);
    }
    let _turn = writers.take_aside(Moment::now() + PATIENCE)?;
    // Where room is wanting the whole log is given back, so that the file can grow.
    let how = if told == Told::Full { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(RESTART)" };
    connection.query(how, &[], Shape::Fixed)?;
    Ok(true)
}

/// Where there is little room the log might take all of it in one pause: a debug build was seen to write 25 MB a second.
fn pause(folder: &Path) -> Duration {
    if room(folder).is_some_and(|room| room < LARGE * SHARE) { PAUSE / 10 } else { PAUSE }
}

/// Pages for which the disk has room; `None` where that is not told.
fn room(folder: &Path) -> Option<i64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    i64::try_from(told.f_bavail.saturating_mul(told.f_frsize)).ok().map(|bytes| bytes / PAGE)
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.tell = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
