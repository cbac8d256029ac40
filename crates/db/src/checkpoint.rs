//! Moves SQLite's write-ahead log into the file, off the path of commits (core rule 7).

use std::path::Path;
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
/// How long it waits for its turn among the writers: behind a transaction of an import, which does not end sooner for it.
const PATIENCE: Duration = Duration::from_secs(12);

/// The thread that does it; ends when dropped.
pub(crate) struct Checkpointer {
    commits: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// `writers`: whose turn it takes where it has to keep them out.
    pub fn start(path: &Path, writers: Arc<Pool>) -> Result<Checkpointer, Error> {
        let mut connection = Connection::open(path, Role::Checkpointer)?;
        // Beginning the log anew waits for readers while writers wait for it: not for long, there is a next time.
        connection.batch("PRAGMA busy_timeout = 200")?;
        let (commits, heard) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || {
                let mut begun_anew = None;
                // Waits for a commit, then a moment for more of them.
                while heard.recv().is_ok() && rest(&heard) {
                    match checkpoint(&mut connection, &writers, begun_anew) {
                        Ok(true) => begun_anew = Some(Moment::now()),
                        Ok(false) => {}
                        Err(e) => tracing::warn!("a checkpoint failed: {e}"),
                    }
                }
            })
            .map_err(|e| Error::Engine(format!("no thread for checkpoints: {e}")))?;
        Ok(Checkpointer { commits: Some(commits), thread: Some(thread) })
    }

    /// Something was written.
    pub fn committed(&self) {
        if let Some(commits) = &self.commits {
            let _ = commits.send(());
        }
    }
}

/// Lets commits come in for a while; false when there will be no more.
fn rest(heard: &Receiver<()>) -> bool {
    let until = Moment::now() + PAUSE;
    loop {
        match heard.recv_timeout(until.saturating_duration_since(Moment::now())) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
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
/// True where it was begun anew; `last`: when it was the last time.
fn checkpoint(connection: &mut Connection, writers: &Arc<Pool>, last: Option<Moment>) -> Result<bool, Error> {
    let rows = connection.query("PRAGMA wal_checkpoint(PASSIVE)", &[], Shape::Fixed)?;
    let pages: i64 = rows.first().map_or(Ok(0), |row| row.get(1))?;
    let large = if last.is_some_and(|last| last.elapsed() < SHORTLY) { LARGE * TIMES } else { LARGE };
    if pages <= large {
        return Ok(false);
    }
    let _turn = writers.take_aside(Moment::now() + PATIENCE)?;
    connection.query("PRAGMA wal_checkpoint(RESTART)", &[], Shape::Fixed)?;
    Ok(true)
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.commits = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
