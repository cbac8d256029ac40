//! Two at once, and coming again.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::office::both;

#[test]
fn of_two_who_move_a_deal_at_once_one_wins_and_the_other_is_shown_the_present_record() {
    both(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        for _ in 0..5 {
            let deal = kim.opens_a_deal(&json!({}));
            let version = format!("\"v{}\"", deal.version);
            let path = format!("{}/move", deal.path());
            let headers = [("if-match", version.as_str())];
            let (one, other) = std::thread::scope(|scope| {
                let one = scope.spawn(|| kim.asks(Method::POST, &path, &headers, Some(&json!({"stage": "qualification"}))));
                let other = scope.spawn(|| {
                    mona.asks(Method::POST, &path, &headers, Some(&json!({"stage": "lost", "fields": {"lost_reason": "price"}})))
                });
                (one.join().unwrap(), other.join().unwrap())
            });
            let (winner, loser) = if one.status == StatusCode::OK { (one, other) } else { (other, one) };
            let winner = winner.is_ok();
            let loser = loser.refused(StatusCode::CONFLICT, "record.version_conflict");
            assert_eq!(loser.field("stage"), winner.field("stage"));
            assert_eq!(loser.body["record"]["version"], winner.body["record"]["version"]);
            assert_eq!(kim.sees(&deal).field("stage"), winner.field("stage"));
        }
    });
}

#[test]
fn of_two_who_save_a_view_at_once_one_wins_and_the_other_is_shown_the_present_one() {
    both(|office| {
        let ada = office.ada();
        let view = json!({"object": "opportunity", "name": "Ours", "sharing": {"scope": "everybody"}});
        let saved = ada.posts("/views", &view).is(StatusCode::CREATED);
        assert_eq!(saved.headers["etag"], "\"v1\"");
        let path = format!("/views/{}", saved.body["id"].as_str().unwrap());
        for round in 0..5 {
            let seen = ada.gets(&path).is_ok();
            let version = seen.headers["etag"].to_str().unwrap().to_owned();
            let rename = |name: String| {
                let mut view = seen.body.clone();
                view["name"] = name.into();
                ada.asks(Method::PUT, &path, &[("if-match", &version)], Some(&view))
            };
            let (one, other) = std::thread::scope(|scope| {
                let one = scope.spawn(|| rename(format!("One {round}")));
                let other = scope.spawn(|| rename(format!("Other {round}")));
                (one.join().unwrap(), other.join().unwrap())
            });
            let (winner, loser) = if one.status == StatusCode::OK { (one, other) } else { (other, one) };
            let winner = winner.is_ok();
            let loser = loser.refused(StatusCode::CONFLICT, "record.version_conflict");
            assert_eq!(loser.body["record"], winner.body);
        }
        let key = [("idempotency-key", "a-view")];
        let first = ada.asks(Method::POST, "/views", &key, Some(&view)).is(StatusCode::CREATED);
        let again = ada.asks(Method::POST, "/views", &key, Some(&view)).is(StatusCode::CREATED);
        assert_eq!(first.body, again.body);
        let gone = ada.asks(Method::DELETE, &path, &[], None).is(StatusCode::NO_CONTENT);
        assert_eq!(gone.text, "");
        ada.gets(&path).is_not_found();
    });
}

#[test]
fn an_old_version_is_refused_and_the_revision_is_not_compared() {
    both(|office| {
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({}));
        let seen = kim.sees(&deal).is_ok();
        assert_eq!(seen.headers["etag"], "\"v1.r1\"");
        kim.edits(&deal, &json!({"next_step": "Call"})).is_ok();
        kim.edits(&deal, &json!({"next_step": "Write"})).refused(StatusCode::CONFLICT, "record.version_conflict");
        kim.asks(Method::PATCH, &deal.path(), &[("if-match", "\"v2.r99\"")], Some(&json!({"fields": {"next_step": "Write"}}))).is_ok();
        kim.asks(Method::PATCH, &deal.path(), &[("if-match", "what?")], Some(&json!({"fields": {}})))
            .refused(StatusCode::PRECONDITION_FAILED, "record.if_match");

        // A line changes the deal's total: another revision, the same version, so nobody's open form is disturbed.
        kim.creates("opportunity_line", &json!({"opportunity": deal.id, "name": "Pump", "quantity": "2", "price": "10"}));
        let after = kim.sees(&deal).is_ok();
        assert_eq!(after.body["version"], 3);
        assert!(after.body["revision"].as_i64() > Some(3));
    });
}

#[test]
fn a_post_with_a_key_is_done_once() {
    both(|office| {
        let kim = office.kim();
        let body = json!({"fields": {"name": "Once"}});
        let key = [("idempotency-key", "a-key")];
        let first = kim.asks(Method::POST, "/records/opportunity", &key, Some(&body)).is(StatusCode::CREATED);
        let again = kim.asks(Method::POST, "/records/opportunity", &key, Some(&body)).is(StatusCode::CREATED);
        assert_eq!(first.body, again.body);
        assert_eq!(kim.gets("/records/opportunity?count=exact").body["count"], 1);

        kim.asks(Method::POST, "/records/opportunity", &key, Some(&json!({"fields": {"name": "Other"}})))
            .refused(StatusCode::CONFLICT, "request.idempotency_reused");
        // Keys are one's own.
        office.lee().asks(Method::POST, "/records/opportunity", &key, Some(&body)).is(StatusCode::CREATED);

        // What was refused may be tried again with the same key.
        let key = [("idempotency-key", "another")];
        kim.asks(Method::POST, "/records/opportunity", &key, Some(&json!({"fields": {}}))).is_invalid(&["field.required:name"]);
        kim.asks(Method::POST, "/records/opportunity", &key, Some(&body)).is(StatusCode::CREATED);

        // A move that came twice.
        let deal = first.known();
        let key = [("idempotency-key", "move"), ("if-match", "\"v1\"")];
        let moved = kim.asks(Method::POST, &format!("{}/move", deal.path()), &key, Some(&json!({"stage": "qualification"}))).is_ok();
        let again = kim.asks(Method::POST, &format!("{}/move", deal.path()), &key, Some(&json!({"stage": "qualification"}))).is_ok();
        assert_eq!(moved.body, again.body);
        assert_eq!(kim.sees(&deal).known().version, 2);
    });
}

#[test]
fn the_same_request_twice_at_once_is_done_once() {
    both(|office| {
        let kim = office.kim();
        let body = json!({"fields": {"name": "At once"}});
        let key = [("idempotency-key", "same")];
        let answers: Vec<_> = std::thread::scope(|scope| {
            let both: Vec<_> = (0..3).map(|_| scope.spawn(|| kim.asks(Method::POST, "/records/opportunity", &key, Some(&body)))).collect();
            both.into_iter().map(|one| one.join().unwrap().is(StatusCode::CREATED).known().id).collect()
        });
        assert!(answers.iter().all(|id| *id == answers[0]));
        assert_eq!(kim.gets("/records/opportunity?count=exact").body["count"], 1);
    });
}

#[test]
fn who_joins_the_line_for_room_with_a_key_joins_once() {
    both(|office| {
        let kim = office.kim();
        let (body, key) = (json!({"object": "opportunity"}), [("idempotency-key", "line")]);
        let join = || kim.asks(Method::POST, "/holdings/wait", &key, Some(&body)).is(StatusCode::CREATED);
        let joined = join();
        assert_eq!((&joined.body["place"], &joined.body["id"]), (&json!(1), &join().body["id"]));
        kim.asks(Method::POST, "/holdings/wait", &key, Some(&json!({"object": "lead"})))
            .refused(StatusCode::CONFLICT, "request.idempotency_reused");
        let place = format!("/holdings/wait/{}", joined.body["id"].as_str().unwrap());
        kim.asks(Method::DELETE, &place, &[], None).is(StatusCode::NO_CONTENT);
        // Whoever has left does not stand in line again for a request that comes late.
        assert_eq!(join().body, serde_json::Value::Null);
        assert_eq!(kim.gets("/holdings/wait").body["items"], json!([]));
    });
}
