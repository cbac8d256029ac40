//! One stream: a person's browser listening.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::sse::Event as Message;
use db::outbox::{Event, Position};
use futures_util::stream::{self, Stream};
use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::events::{self, Listener, Told};
use stagecraft_core::{Credential, Purpose, notices};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::{Beginning, Live, News, Seat};
use crate::app::App;
use crate::door::Lane;
use crate::edge::Caller;
use crate::messages::Language;
use crate::messages::notices::word;
use crate::problem::Problem;

/// How often a stream looks whether its session still holds.
const LOOK: Duration = Duration::from_secs(30);
/// After which the browser tries again.
const RETRY: Duration = Duration::from_secs(2);
/// How long a notice waits for others that come with it: one who is told a thousand things at once hears of it once.
const GATHER: Duration = Duration::from_millis(200);
/// When it is tried again where the database was busy.
const LATER: Duration = Duration::from_secs(2);
/// Events told to one who was away for longer than what is kept; with more he begins anew.
const CATCH_UP: u32 = 1_000;

struct Listening {
    app: App,
    caller: Caller,
    listener: Listener,
    news: Receiver<News>,
    waiting: VecDeque<Message>,
    look_at: Instant,
    /// The last notice that has come and is not told yet, and when it will be.
    bell: Option<(Option<Id>, Instant)>,
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
    // Whoever comes back is told what is unread now: it may have changed while he was away.
    let bell = after.is_some().then(|| (None, Instant::now()));
    let missed = missed.unwrap_or_else(|| {
        waiting.push_back(message("reset", Some(here), &json!({})));
        Vec::new()
    });
    let mut listening = Listening { app, caller, listener, news, waiting, look_at: Instant::now() + LOOK, bell, _seat: seat };
    missed.iter().for_each(|(at, event)| listening.hear(*at, event));
    Ok(stream::unfold(listening, |mut listening| async move { listening.next().await.map(|message| (Ok(message), listening)) }))
}

async fn listener(app: &App, caller: &Caller) -> Result<Listener, Problem> {
    // An open window alone does not keep a session alive.
    app.door.read(&caller.with_purpose(Purpose::Listening), events::listener).await
}

/// The place of the oldest event that is still kept.
fn first(tx: &mut db::Read) -> stagecraft_core::Result<Option<Position>> {
    Ok(events::after(tx, &Position::default(), 1)?.0.first().map(|(at, _)| *at))
}

/// Events between two places, from the database; `None` when they are too many to be told one by one.
async fn missed_long_ago(app: &App, after: Position, here: Position) -> Result<Option<Vec<(Position, Arc<Event>)>>, Problem> {
    if after > here {
        return Ok(None);
    }
    let (found, oldest) =
        app.door.read_openly("to tell what was missed", move |_, tx| Ok((events::after(tx, &after, CATCH_UP)?.0, first(tx)?))).await?;
    // The oldest event of all comes next, or there is none at all: what stood before may have been let go.
    let torn = found.first().map_or(oldest.is_none(), |(at, _)| oldest == Some(*at));
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
            let bell = self.bell.map_or(self.look_at, |(_, at)| at);
            let news = tokio::select! {
                news = self.news.recv() => news,
                () = tokio::time::sleep_until(bell), if self.bell.is_some() => {
                    self.ring().await;
                    continue;
                }
                () = tokio::time::sleep_until(self.look_at) => Ok(News::LookAgain),
            };
            match news {
                Ok(News::Event(at, event)) => self.hear(at, &event),
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

    fn hear(&mut self, at: Position, event: &Event) {
        match self.listener.told(event) {
            Told::Nothing => {}
            Told::Hint(hint) => self.waiting.push_back(message("hint", Some(at), &hint)),
            Told::Gone(gone) => self.waiting.push_back(message("gone", Some(at), &gone)),
            Told::Notice(notice) => {
                let (last, at) = self.bell.unwrap_or((None, Instant::now() + GATHER));
                self.bell = Some((notice.or(last), at));
            }
        }
    }

    /// Tells of the last notice, and how many are unread. A database that is busy is asked again.
    async fn ring(&mut self) {
        let Some((notice, _)) = self.bell.take() else { return };
        let caller = self.caller.with_purpose(Purpose::Listening);
        match self.app.door.read(&caller, move |cx, tx| Ok((notices::news(cx, tx, notice)?, cx.who.language.clone()))).await {
            Ok((mut news, language)) => {
                word(&mut news, Language::of_tag(&language), &self.app.door.house().meta());
                let item = &news["items"][0];
                let told = json!({"unread": news["unread"], "id": item["id"], "kind": item["kind"], "title": item["title"]});
                self.waiting.push_back(message("notice", None, &told));
            }
            Err(_) => self.bell = Some((notice, Instant::now() + LATER)),
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

fn message(kind: &str, at: Option<Position>, data: &Json) -> Message {
    let message = Message::default().event(kind).data(data.to_string());
    match at {
        Some(at) => message.id(at.to_string()),
        None => message,
    }
}
