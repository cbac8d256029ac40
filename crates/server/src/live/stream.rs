//! One stream: a person's browser listening.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::sse::Event as Message;
use db::outbox::{Event, Position};
use futures_util::stream::{self, Stream};
use serde_json::{Value as Json, json};
use stagecraft_core::events::{self, Listener, Told};
use stagecraft_core::{Credential, Purpose};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::{Beginning, Live, News, Seat};
use crate::app::App;
use crate::door::Lane;
use crate::edge::Caller;
use crate::problem::Problem;

/// How often a stream looks whether its session still holds.
const LOOK: Duration = Duration::from_secs(30);
/// After which the browser tries again.
const RETRY: Duration = Duration::from_secs(2);
/// Events told to one who was away for longer than what is kept; with more he begins anew.
const CATCH_UP: u32 = 1_000;

struct Listening {
    app: App,
    caller: Caller,
    listener: Listener,
    news: Receiver<News>,
    waiting: VecDeque<Message>,
    look_at: Instant,
    _seat: Seat,
}

/// Opens a stream, after the event that the client saw last where it knows one.
pub async fn open(
    app: App,
    caller: Caller,
    last_seen: Option<&str>,
) -> Result<impl Stream<Item = Result<Message, Infallible>> + use<>, Problem> {
    let listener = listener(&app, &caller).await?;
    let seat = app.live.seat(listener.person).ok_or_else(|| Problem::too_many("request.too_many", 5))?;
    let (head, version) = app.door.run(Lane::Read, Live::head).await?;
    let after: Option<Result<Position, ()>> = last_seen.map(str::parse);
    let Beginning { news, missed, here } = app.live.join(head, version, after.and_then(Result::ok));
    let missed = match (missed, after) {
        (_, Some(Err(()))) => None,
        (None, Some(Ok(after))) => missed_long_ago(&app, after, here).await?,
        (missed, _) => missed,
    };

    let mut waiting = VecDeque::from([Message::default().retry(RETRY).id(here.to_string()).comment("listening")]);
    match missed {
        Some(events) => waiting.extend(events.iter().filter_map(|(at, event)| tell(&listener, *at, event))),
        None => waiting.push_back(message("reset", Some(here), &json!({}))),
    }
    let listening = Listening { app, caller, listener, news, waiting, look_at: Instant::now() + LOOK, _seat: seat };
    Ok(stream::unfold(listening, |mut listening| async move { listening.next().await.map(|message| (Ok(message), listening)) }))
}

async fn listener(app: &App, caller: &Caller) -> Result<Listener, Problem> {
    // An open window alone does not keep a session alive.
    app.door.read(&caller.with_purpose(Purpose::Listening), events::listener).await
}

/// Events between two places, from the database; `None` when they are too many to be told one by one.
async fn missed_long_ago(app: &App, after: Position, here: Position) -> Result<Option<Vec<(Position, Arc<Event>)>>, Problem> {
    if after > here {
        return Ok(None);
    }
    let (found, oldest) = app
        .door
        .read_openly("to tell what was missed", move |_, tx| Ok((events::after(tx, &after, CATCH_UP)?.0, db::outbox::oldest(tx)?)))
        .await?;
    // The oldest event of all comes next: what stood before it may have been let go.
    let torn = found.first().is_some_and(|(_, first)| oldest == Some(first.at));
    let whole = !torn && found.len() < CATCH_UP as usize;
    Ok(whole.then(|| found.into_iter().filter(|(at, _)| *at <= here).map(|(at, event)| (at, Arc::new(event))).collect()))
}

impl Listening {
    /// The next message; `None` ends the stream.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.waiting.pop_front() {
                return Some(message);
            }
            let news = tokio::select! {
                news = self.news.recv() => news,
                () = tokio::time::sleep_until(self.look_at) => Ok(News::LookAgain),
            };
            match news {
                Ok(News::Event(at, event)) => self.waiting.extend(tell(&self.listener, at, &event)),
                Ok(News::Meta(version)) => {
                    if !self.look().await {
                        return None;
                    }
                    self.waiting.push_back(message("meta", None, &json!({"meta_version": version})));
                }
                Ok(News::LookAgain) => {
                    if !self.look().await {
                        return None;
                    }
                }
                Ok(News::Ended(token)) => {
                    if matches!(&self.caller.credential, Credential::Session { token: own, .. } if **own == *token) {
                        return None;
                    }
                }
                // It fell too far behind.
                Err(RecvError::Lagged(_)) => self.waiting.push_back(message("reset", None, &json!({}))),
                Ok(News::Closing) | Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Looks anew what the person sees; false when he may no longer listen. A database that is busy changes nothing.
    async fn look(&mut self) -> bool {
        self.look_at = Instant::now() + LOOK;
        match listener(&self.app, &self.caller).await {
            Ok(listener) => {
                self.listener = listener;
                true
            }
            Err(problem) => !matches!(problem.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
        }
    }
}

fn tell(listener: &Listener, at: Position, event: &Event) -> Option<Message> {
    match listener.told(event) {
        Told::Nothing => None,
        Told::Hint(hint) => Some(message("hint", Some(at), &hint)),
        Told::Gone(gone) => Some(message("gone", Some(at), &gone)),
    }
}

fn message(kind: &str, at: Option<Position>, data: &Json) -> Message {
    let message = Message::default().event(kind).data(data.to_string());
    match at {
        Some(at) => message.id(at.to_string()),
        None => message,
    }
}
