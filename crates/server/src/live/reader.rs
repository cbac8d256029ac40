//! The one reader of the outbox.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use stagecraft_core::{Credential, events};

use super::{KEPT, Live, News};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(80);
/// Between two looks when the database is not there.
const LONG_PAUSE: Duration = Duration::from_secs(2);
/// It goes on for a while after the last stream, since browsers come back.
const LINGER: Duration = Duration::from_secs(60);
/// Events of one look.
const MANY: u32 = 500;

/// Reads on a thread of its own until nobody listens any more.
pub(super) fn start(live: Weak<Live>) {
    let begun = thread::Builder::new().name("live".to_owned()).spawn({
        let live = live.clone();
        move || run(&live)
    });
    if let (Err(error), Some(live)) = (begun, live.upgrade()) {
        tracing::error!(%error, "live changes cannot be read");
        live.reading.store(false, Ordering::SeqCst);
    }
}

fn run(live: &Weak<Live>) {
    let mut heard = Instant::now();
    while let Some(live) = live.upgrade() {
        if live.news.receiver_count() > 0 {
            heard = Instant::now();
        } else if heard.elapsed() > LINGER {
            let mut shelf = live.shelf();
            // Under the lock nobody joins meanwhile.
            if live.news.receiver_count() == 0 {
                shelf.position = None;
                shelf.kept.clear();
                live.reading.store(false, Ordering::SeqCst);
                return;
            }
        }
        let pause = match look(&live) {
            Ok(true) => Duration::ZERO,
            Ok(false) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "live changes cannot be read");
                LONG_PAUSE
            }
        };
        drop(live);
        thread::sleep(pause);
    }
}

/// One look; true when there may be more at once.
fn look(live: &Live) -> stagecraft_core::Result<bool> {
    let Some(position) = live.shelf().position else { return Ok(false) };
    let ((found, next), version) = live.house.read(&Credential::System("to tell what happens"), db::Limits::default(), |cx, tx| {
        Ok((events::after(tx, &position, MANY)?, cx.meta.version))
    })?;
    let full = found.len() == MANY as usize;
    let mut shelf = live.shelf();
    shelf.position = Some(next);
    if shelf.meta_version != version {
        shelf.meta_version = version;
        // Before the events: they are judged with the rights that hold now.
        let _ = live.news.send(News::Meta(version));
    }
    for (at, event) in found {
        let event = Arc::new(event);
        shelf.kept.push_back((at, event.clone()));
        if shelf.kept.len() > KEPT
            && let Some((oldest, _)) = shelf.kept.pop_front()
        {
            shelf.floor = oldest;
        }
        let _ = live.news.send(News::Event(at, event));
    }
    Ok(full)
}
