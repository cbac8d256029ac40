//! What is being worked on, so that it can be given up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// Calls at a time that can be given up; those beyond are worked off all the same.
const MOST: usize = 10_000;

/// Whose call it is: person, conversation and number.
pub type Key = (model::Id, String, String);

/// Calls under way on this server.
#[derive(Default)]
pub struct Running(Arc<Mutex<HashMap<Key, Arc<Notify>>>>);

/// A call under way.
pub struct Call {
    running: Arc<Mutex<HashMap<Key, Arc<Notify>>>>,
    key: Key,
    given_up: Arc<Notify>,
}

impl Running {
    /// A call begins. None: it cannot be told from another's, or there are too many.
    pub fn begin(&self, key: Option<Key>) -> Option<Call> {
        let (key, given_up) = (key?, Arc::new(Notify::new()));
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.len() >= MOST || running.contains_key(&key) {
            return None;
        }
        running.insert(key.clone(), given_up.clone());
        Some(Call { running: self.0.clone(), key, given_up })
    }

    /// Nobody waits for it any more: what it reads is given up, what it writes is finished.
    pub fn give_up(&self, key: &Option<Key>) {
        let Some(key) = key else { return };
        if let Some(given_up) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            given_up.notify_one();
        }
    }
}

impl Call {
    /// Until it is given up.
    pub async fn wait(&self) {
        self.given_up.notified().await;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_conversation_gives_up_nothing_of_another() {
        let running = Running::default();
        let key = |session: &str| Some((model::Id::SYSTEM, session.to_owned(), "1".to_owned()));
        let (mine, other) = (running.begin(key("a")).unwrap(), running.begin(key("b")).unwrap());
        assert!(running.begin(key("a")).is_none() && running.begin(None).is_none());
        running.give_up(&key("a"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let waits =
            |call: &Call| runtime.block_on(async { tokio::time::timeout(std::time::Duration::from_millis(20), call.wait()).await.is_ok() });
        assert!(waits(&mine) && !waits(&other));
        drop(mine);
        assert!(running.begin(key("a")).is_some());
    }
}
