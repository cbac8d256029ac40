//! Moves SQLite's write-ahead log into the file, off the path of commits (core rule 7).

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::Error;
use crate::connection::Shape;
use crate::connection::sqlite::{Connection, Role};

/// Pause between two checkpoints: the log stays small, and commits rarely meet one.
const PAUSE: Duration = Duration::from_millis(500);

/// The thread that does it; ends when dropped.
pub(crate) struct Checkpointer {
    commits: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub fn start(path: &Path) -> Result<Checkpointer, Error> {
        let mut connection = Connection::open(path, Role::Checkpointer)?;
        let (commits, heard) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || {
                // Waits for a commit, then a moment for more of them.
                while heard.recv().is_ok() {
                    let ended = heard.recv_timeout(PAUSE) == Err(RecvTimeoutError::Disconnected);
                    while heard.try_recv().is_ok() {}
                    if ended {
                        break;
                    }
                    if let Err(e) = connection.query("PRAGMA wal_checkpoint(PASSIVE)", &[], Shape::Fixed) {
                        tracing::warn!("a checkpoint failed: {e}");
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

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.commits = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
