//! Deadlines and giving up: nobody waits for an answer that nobody reads (core rule 12).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::connection::postgres as server;

/// What bounds a transaction.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Statements end with [`crate::Error::Timeout`] after it; without one, 5 s a statement for reads and 10 s for writes.
    pub deadline: Option<Instant>,
    /// Interrupts reads; writes finish.
    pub cancel: CancelFlag,
}

/// A flag that one thread raises and the reading one heeds.
#[derive(Clone, Default)]
pub struct CancelFlag(Arc<Inner>);

#[derive(Default)]
struct Inner {
    raised: AtomicBool,
    /// The connection that reads for this caller right now. Held locked while the server is asked to stop it,
    /// so that the connection cannot meanwhile go to somebody else.
    reading: Mutex<Option<server::Stop>>,
    sent: AtomicBool,
}

impl CancelFlag {
    /// Gives up: the read that carries this flag ends with [`crate::Error::Cancelled`]. Does not block, may be called from anywhere.
    pub fn cancel(&self) {
        if self.0.raised.swap(true, Ordering::SeqCst) {
            return;
        }
        let inner = self.0.clone();
        // Asking the server is a blocking call of its own; a thread of its own keeps it off async ones.
        if self.0.reading.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            std::thread::spawn(move || inner.stop());
        }
    }

    /// True once given up.
    pub fn is_cancelled(&self) -> bool {
        self.0.raised.load(Ordering::SeqCst)
    }

    /// From now on the connection of `token` reads for this caller.
    pub(crate) fn attach(&self, token: server::Stop) {
        *self.0.reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    /// The connection has done its reading. True when the server was asked to stop it: then it must not be used again,
    /// since the request may still be on its way.
    pub(crate) fn detach(&self) -> bool {
        *self.0.reading.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.0.sent.swap(false, Ordering::SeqCst)
    }
}

impl Inner {
    fn stop(&self) {
        let reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = reading.as_ref() {
            self.sent.store(true, Ordering::SeqCst);
            server::cancel(token);
        }
    }
}

impl std::fmt::Debug for CancelFlag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CancelFlag({})", self.is_cancelled())
    }
}
