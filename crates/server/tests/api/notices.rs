//! What one is told, in words, and as it comes.

use std::time::Duration;

use serde_json::json;

use crate::live::listens;
use crate::office::{both, one};

#[test]
fn a_notice_is_worded_in_its_readers_language() {
    one(|office| {
        let (kim, mona, pat) = (office.kim(), office.mona(), office.person("pat"));
        let deal = kim.opens_a_deal(&json!({"name": "Rail"}));
        mona.posts(&format!("{}/change-owner", deal.path()), &json!({"owner": pat.id.to_string()})).is_ok();
        let told = pat.gets("/notifications").is_ok().body;
        let item = &told["items"][0];
        assert_eq!((&item["title"], &item["text"]), (&json!("Rail is yours now"), &json!("From Mona Keller.")));
        assert_eq!((&item["link"], &told["unread"]), (&json!(format!("/o/opportunity/{}", deal.id)), &json!(1)));
        pat.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        assert_eq!(pat.gets("/notifications?unread=true").is_ok().body["items"][0]["title"], "Rail现由您负责");
        let kinds = pat.gets("/me/notification-preferences").is_ok().body["kinds"].clone();
        assert_eq!((&kinds[0]["kind"], &kinds[0]["label"]), (&json!("mention"), &json!("有人提到我")));
        pat.posts("/notifications/read", &json!({})).is_invalid(&["field.required:ids"]);
        assert_eq!(pat.posts("/notifications/read", &json!({"all": true})).is_ok().body, json!({"unread": 0}));
        assert_eq!(pat.gets("/notifications?unread=true").is_ok().body["items"], json!([]));
    });
}

#[test]
fn a_notice_reaches_the_streams_of_its_reader_alone() {
    both(|office| {
        let (kim, mona, pat, lee) = (office.kim(), office.mona(), office.person("pat"), office.lee());
        let (mut at_pats, mut at_lees) = (listens(pat), listens(lee));
        let deal = kim.opens_a_deal(&json!({"name": "Rail"}));
        mona.posts(&format!("{}/change-owner", deal.path()), &json!({"owner": pat.id.to_string()})).is_ok();
        let rings = at_pats.hears_kind("notice");
        assert_eq!((&rings["unread"], &rings["title"]), (&json!(1), &json!("Rail is yours now")));
        pat.posts("/notifications/read", &json!({"ids": [rings["id"]]})).is_ok();
        assert_eq!(at_pats.hears_kind("notice"), json!({"unread": 0, "id": null, "kind": null, "title": null}));
        std::thread::sleep(Duration::from_millis(400));
        let own = lee.opens_a_deal(&json!({}));
        assert!(at_lees.hears_until(&own.id).iter().all(|kind| kind != "notice"));
    });
}

#[test]
fn a_deputy_is_named_and_what_waits_is_listed() {
    one(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        let wrong = json!({"deputy": kim.id.to_string(), "from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"});
        kim.puts("/me/deputy", &wrong).is_invalid(&["deputy.oneself:deputy", "deputy.over:until"]);
        let task = json!({"fields": {"name": "Call", "assignee": kim.id.to_string(), "due_at": "2026-01-01T00:00:00Z"}});
        kim.posts("/records/task", &task).is(axum::http::StatusCode::CREATED);
        let named = kim.puts("/me/deputy", &json!({"deputy": mona.id.to_string()})).is_ok();
        assert_eq!((&named.body["active"], named.headers["etag"].to_str().unwrap()), (&json!(true), "\"v1\""));
        assert_eq!(mona.gets("/me/deputy-of").is_ok().body["items"][0]["person"], kim.id.to_string());
        let waits = mona.gets("/todo").is_ok().body;
        assert_eq!((&waits["counts"]["overdue"], &waits["items"][0]["on_behalf_of"]), (&json!(1), &json!(kim.id.to_string())));
        mona.gets("/todo?kind=gossip").refused(axum::http::StatusCode::BAD_REQUEST, "request.malformed");
    });
}
