//! Live changes (core rule 28): one reader follows the outbox for all streams, and every stream judges the events in memory with
//! what its person sees. A stream says that something has changed, never what: the client reads again what it shows.
//!
//! The last events are kept, so that a client which was away for a moment is told what it missed; one that was away for longer
//! is told to begin anew (`reset`).

mod reader;
mod stream;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use db::outbox::{Event, Position};
use model::Id;
use stagecraft_core::{Credential, House};
use tokio::sync::broadcast;

pub use stream::open;

/// Events kept for those who come back.
const KEPT: usize = 4_096;
/// News a slow stream may lag behind before it is told to begin anew.
const LAG: usize = 1_024;
/// Streams one person may have open.
const STREAMS_OF_ONE: usize = 20;

/// What the reader tells all streams.
#[derive(Clone, Debug)]
pub enum News {
    /// Something happened.
    Event(Position, Arc<Event>),
    /// The metadata has a new version; rights may differ.
    Meta(i64),
    /// Sessions or tokens have ended; whoever still listens looks whether he may.
    LookAgain,
    /// This session has ended.
    Ended(Arc<str>),
    /// The server is going down.
    Closing,
}

/// The streams of this server.
pub struct Live {
    house: Arc<House>,
    news: broadcast::Sender<News>,
    shelf: Mutex<Shelf>,
    people: Mutex<HashMap<Id, usize>>,
    reading: AtomicBool,
}

/// What has been read.
#[derive(Default)]
struct Shelf {
    /// Where the reader stands; none while nobody listens.
    position: Option<Position>,
    meta_version: i64,
    /// The events after `floor`, up to where the reader stands.
    kept: VecDeque<(Position, Arc<Event>)>,
    floor: Position,
}

/// A person's place among the streams; given back when the stream ends.
pub struct Seat {
    live: Arc<Live>,
    person: Id,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut people = self.live.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = people.get_mut(&self.person) {
            *n -= 1;
            if *n == 0 {
                people.remove(&self.person);
            }
        }
    }
}

/// What a stream begins with.
pub struct Beginning {
    pub news: broadcast::Receiver<News>,
    /// What it missed; `None` when that is older than what is kept.
    pub missed: Option<Vec<(Position, Arc<Event>)>>,
    /// News begin after this place.
    pub here: Position,
}

impl Live {
    /// No streams yet.
    pub fn new(house: Arc<House>) -> Arc<Live> {
        Arc::new(Live {
            house,
            news: broadcast::channel(LAG).0,
            shelf: Mutex::default(),
            people: Mutex::default(),
            reading: AtomicBool::new(false),
        })
    }

    /// A place for one more stream of a person; `None` when he has too many.
    pub fn seat(self: &Arc<Live>, person: Id) -> Option<Seat> {
        let mut people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        let n = people.entry(person).or_default();
        if *n >= STREAMS_OF_ONE {
            return None;
        }
        *n += 1;
        Some(Seat { live: self.clone(), person })
    }

    /// How many are open.
    pub fn open_streams(&self) -> u64 {
        self.people.lock().unwrap_or_else(PoisonError::into_inner).values().sum::<usize>() as u64
    }

    /// Joins the streams, after the event that the client saw last where it names one. `head` is the end of what has happened.
    pub fn join(self: &Arc<Live>, head: Position, meta_version: i64, after: Option<Position>) -> Beginning {
        let mut shelf = self.shelf();
        let here = *shelf.position.get_or_insert(head);
        if here == head && shelf.kept.is_empty() {
            (shelf.floor, shelf.meta_version) = (head, meta_version);
        }
        let missed = match after {
            None => Some(Vec::new()),
            Some(after) if (shelf.floor..=here).contains(&after) => {
                Some(shelf.kept.iter().filter(|(at, _)| *at > after).cloned().collect())
            }
            Some(_) => None,
        };
        let beginning = Beginning { news: self.news.subscribe(), missed, here };
        drop(shelf);
        if !self.reading.swap(true, Ordering::SeqCst) {
            reader::start(Arc::downgrade(self));
        }
        beginning
    }

    /// A session has ended: its streams end.
    pub fn session_ended(&self, token: &str) {
        let _ = self.news.send(News::Ended(token.into()));
    }

    /// Sessions or tokens have ended; streams whose person may no longer listen end.
    pub fn look_again(&self) {
        let _ = self.news.send(News::LookAgain);
    }

    /// The server is going down: all streams end.
    pub fn close(&self) {
        let _ = self.news.send(News::Closing);
    }

    /// The end of what has happened, and the metadata as of there.
    pub fn head(house: &House, limits: db::Limits) -> stagecraft_core::Result<(Position, i64)> {
        house.read(&Credential::System("to tell what happens"), limits, |cx, tx| {
            Ok((stagecraft_core::events::position(tx)?, cx.meta.version))
        })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
