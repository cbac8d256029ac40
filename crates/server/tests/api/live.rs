//! Streams of what happens.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use futures_util::StreamExt;
use serde_json::{Value as Json, json};
use server::App;
use server::app::Edge;
use server::router::router;
use stagecraft_core::{Credential, Ctx, Error, Limits};
use tower::ServiceExt;

use crate::office::{Office, Person, both, one};

/// An open stream.
pub struct Listener<'a> {
    office: &'a Office,
    body: BodyDataStream,
    read: String,
}

#[derive(Debug, PartialEq)]
struct Message {
    kind: String,
    id: String,
    data: Json,
}

fn opens<'a>(office: &'a Office, headers: &[(&str, &str)]) -> Listener<'a> {
    opens_at(office, office.router(), headers)
}

fn opens_at<'a>(office: &'a Office, router: Router, headers: &[(&str, &str)]) -> Listener<'a> {
    opens_there(office, router, "", headers)
}

fn opens_there<'a>(office: &'a Office, router: Router, query: &str, headers: &[(&str, &str)]) -> Listener<'a> {
    let mut request = Request::builder().uri(format!("/api/v1/events{query}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = office.in_time(router.oneshot(request.body(Body::empty()).unwrap())).unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Listener { office, body: response.into_body().into_data_stream(), read: String::new() }
}

pub fn listens(person: Person<'_>) -> Listener<'_> {
    let bearer = person.bearer();
    opens(person.office, &[("authorization", &bearer)])
}

impl Listener<'_> {
    /// The next message about this record; those about others are passed over. On PostgreSQL they come once every older
    /// transaction of the whole server has ended, and other tests have theirs.
    #[track_caller]
    fn hears_of(&mut self, id: &str) -> Message {
        loop {
            let message = self.hears().expect("a message");
            if message.data["id"] == id {
                return message;
            }
        }
    }

    /// What the next message of a kind says.
    #[track_caller]
    pub fn hears_kind(&mut self, kind: &str) -> Json {
        loop {
            let message = self.hears().expect("a message");
            if message.kind == kind {
                return message.data;
            }
        }
    }

    /// The kinds of all messages up to the one about this record.
    #[track_caller]
    pub fn hears_until(&mut self, id: &str) -> Vec<String> {
        let mut kinds = Vec::new();
        loop {
            let message = self.hears().expect("a message");
            kinds.push(message.kind);
            if message.data["id"] == id {
                return kinds;
            }
        }
    }

    /// Hears of one record without having heard of another.
    #[track_caller]
    fn hears_of_but_not(&mut self, id: &str, other: &str) {
        loop {
            let message = self.hears().expect("a message");
            assert_ne!(message.data["id"], other, "{message:?}");
            if message.data["id"] == id {
                return;
            }
        }
    }

    /// The next message that says something; `None` when nothing comes for long, or the stream has ended.
    fn hears(&mut self) -> Option<Message> {
        loop {
            while let Some((block, rest)) = self.read.split_once("\n\n") {
                let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("").trim().to_owned();
                let (kind, id, data) = (line("event:"), line("id:"), line("data:"));
                self.read = rest.to_owned();
                if !kind.is_empty() {
                    return Some(Message { kind, id, data: serde_json::from_str(&data).unwrap_or(Json::Null) });
                }
            }
            let next = self.office.in_time(async { tokio::time::timeout(Duration::from_secs(20), self.body.next()).await });
            match next {
                Ok(Some(Ok(bytes))) => self.read.push_str(&String::from_utf8_lossy(&bytes)),
                _ => return None,
            }
        }
    }

    fn ends(&mut self) -> bool {
        let until = self.office.in_time(async {
            tokio::time::timeout(Duration::from_secs(3), async { while let Some(Ok(_)) = self.body.next().await {} }).await
        });
        until.is_ok()
    }
}

#[test]
fn a_hint_reaches_those_who_see_the_deal_and_nobody_else() {
    both(|office| {
        let (kim, lee, mona) = (office.kim(), office.lee(), office.mona());
        let (mut at_monas, mut at_lees) = (listens(mona), listens(lee));
        let deal = kim.opens_a_deal(&json!({}));
        let hint = at_monas.hears_of(&deal.id);
        assert_eq!((hint.kind.as_str(), hint.data["act"].as_str()), ("hint", Some("create")));
        kim.moves(&deal, "qualification").is_ok();
        let hint = at_monas.hears_of(&deal.id);
        assert_eq!(hint.data["revision"], 2);
        assert!(hint.data["columns"].as_array().unwrap().contains(&json!("stage")));
        let own = lee.opens_a_deal(&json!({}));
        at_lees.hears_of_but_not(&own.id, &deal.id);

        // Who loses sight is told that it is gone, who gains it is told that it is there.
        mona.posts(&format!("{}/change-owner", deal.path()), &json!({"owner": lee.id.to_string()})).is_ok();
        assert_eq!(at_lees.hears_of(&deal.id).kind, "hint");
        let gone = at_monas.hears_of(&deal.id);
        assert_eq!((gone.kind.as_str(), gone.data), ("gone", json!({"object": "opportunity", "id": deal.id})));
    });
}

#[test]
fn one_who_was_away_is_told_what_he_missed() {
    both(|office| {
        let kim = office.kim();
        let mut stream = listens(kim);
        let first = kim.opens_a_deal(&json!({"name": "First"}));
        let last = stream.hears_of(&first.id).id;
        drop(stream);
        let missed = kim.opens_a_deal(&json!({"name": "Second"}));
        let bearer = kim.bearer();
        let mut again = opens(office, &[("authorization", &bearer), ("last-event-id", &last)]);
        again.hears_of_but_not(&missed.id, &first.id);
        let mut lost = opens(office, &[("authorization", &bearer), ("last-event-id", "of another world")]);
        assert_eq!(lost.hears().expect("a reset").kind, "reset");
    });
}

/// What happens between the first answers that a window shows and the opening of its stream.
#[test]
fn nothing_is_missed_before_the_stream_opens() {
    both(|office| {
        let kim = office.kim();
        let me = kim.gets("/me").is_ok();
        let meanwhile = kim.opens_a_deal(&json!({"name": "Meanwhile"}));
        let bearer = kim.bearer();
        let since = format!("?since={}", me.body["stream_position"].as_str().unwrap());
        opens_there(office, office.router(), &since, &[("authorization", &bearer)]).hears_of(&meanwhile.id);
    });
}

/// Another server of the same database has nothing of what this one has read; it finds in the outbox what is kept there.
#[test]
fn one_who_was_away_for_too_long_begins_anew() {
    both(|office| {
        let kim = office.kim();
        let mut stream = listens(kim);
        let (first, second) = (kim.opens_a_deal(&json!({"name": "First"})), kim.opens_a_deal(&json!({"name": "Second"})));
        let seen = stream.hears_of(&first.id).id;
        stream.hears_of(&second.id);
        drop(stream);
        let bearer = kim.bearer();
        let headers = [("authorization", bearer.as_str()), ("last-event-id", seen.as_str())];
        let elsewhere = || router(App::new(office.house.clone(), Edge::default()));
        opens_at(office, elsewhere(), &headers).hears_of(&second.id);
        let system = Credential::System("what is old is let go");
        let all = |_: &Ctx, tx: &mut db::Write| db::outbox::prune(tx, model::Instant(i64::MAX)).map_err(Error::from);
        office.house.write(&system, Limits::default(), model::Via::System, all).unwrap();
        assert_eq!(opens_at(office, elsewhere(), &headers).hears().expect("a reset").kind, "reset");
        kim.opens_a_deal(&json!({"name": "Third"}));
        let mut lost = opens_at(office, elsewhere(), &headers);
        assert_eq!(
            lost.hears().expect("a reset").kind,
            "reset",
            "what lay between is gone, and he is not left to believe that nothing did"
        );
    });
}

#[test]
fn new_definitions_are_told_and_an_ended_session_hears_no_more() {
    one(|office| {
        office.give_password("kim", "correct horse");
        let login = json!({"email": "kim@example.com", "password": "correct horse"});
        let welcome = office.asks("POST", "/api/v1/auth/login", &[], Some(&login)).is_ok();
        let cookie = welcome.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let csrf = welcome.body["csrf_token"].as_str().unwrap();
        let mut stream = opens(office, &[("cookie", &cookie)]);
        office.ada().patches("/organisation", &json!({"name": "Renamed"})).is_ok();
        let mut news = stream.hears().expect("news");
        while news.kind != "meta" {
            news = stream.hears().expect("news");
        }
        assert_eq!(news.data["meta_version"], office.kim().gets("/me").body["meta_version"]);
        office.asks("POST", "/api/v1/auth/logout", &[("cookie", &cookie), ("x-csrf-token", csrf)], None).is(StatusCode::NO_CONTENT);
        assert!(stream.ends());
    });
}

#[test]
fn a_session_that_an_administrator_ends_hears_no_more() {
    one(|office| {
        office.give_password("kim", "correct horse");
        let login = json!({"email": "kim@example.com", "password": "correct horse"});
        let enter = || {
            let welcome = office.asks("POST", "/api/v1/auth/login", &[], Some(&login)).is_ok();
            welcome.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
        };
        let (ended, kept) = (enter(), enter());
        let kim = office.kim().id;
        let list = office.asks("GET", "/api/v1/me/sessions", &[("cookie", &ended)], None).is_ok().body;
        let this = list["items"].as_array().unwrap().iter().find(|session| session["this"] == true).unwrap();
        let (mut stream, mut other) = (opens(office, &[("cookie", &ended)]), opens(office, &[("cookie", &kept)]));
        let path = format!("/people/{kim}/sessions/{}", this["id"].as_str().unwrap());
        office.ada().asks(axum::http::Method::DELETE, &path, &[], None).is(StatusCode::NO_CONTENT);
        assert!(stream.ends());
        let deal = office.kim().opens_a_deal(&json!({}));
        assert_eq!(other.hears_of(&deal.id).kind, "hint", "the other one goes on");
    });
}

#[test]
fn nobody_opens_streams_without_end() {
    one(|office| {
        let bearer = office.kim().bearer();
        let open: Vec<Listener<'_>> = (0..20).map(|_| opens(office, &[("authorization", &bearer)])).collect();
        office.kim().gets("/events").refused(StatusCode::TOO_MANY_REQUESTS, "request.too_many");
        drop(open);
        drop(opens(office, &[("authorization", &bearer)]));
        office.app.live.close();
    });
}
