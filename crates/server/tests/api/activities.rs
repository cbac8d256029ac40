//! Activities and tasks over the API.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::office::{Known, both, one};

fn about(record: &Known) -> Json {
    json!({"object": record.object, "id": record.id})
}

#[test]
fn what_is_refused_of_activities_and_tasks() {
    one(|office| {
        let (kim, lee) = (office.kim(), office.lee());
        let deal = kim.opens_a_deal(&json!({}));
        let late = json!({"name": "x", "regarding": about(&deal), "happened_at": "2199-01-01T00:00:00Z"});
        kim.tries_to_create("activity", &late).is_invalid(&["activity.in_future:happened_at"]);
        let call = kim.creates("activity", &json!({"name": "Call", "regarding": about(&deal)}));
        kim.tries_to_create("task", &json!({"name": "x", "regarding": about(&call)})).is_invalid(&["regarding.not_possible:regarding"]);
        lee.tries_to_create("task", &json!({"name": "x", "regarding": about(&deal)})).is_invalid(&["field.reference_not_found:regarding"]);
        let read = json!({"members": [{"person": lee.id.to_string(), "access": "read"}]});
        kim.puts(&format!("{}/team", deal.path()), &read).is_ok();
        let passed_on = json!({"name": "x", "regarding": about(&deal), "assignee": office.ines().id.to_string()});
        lee.tries_to_create("task", &passed_on).is(StatusCode::CREATED);
        let fields = json!({"name": "Sven", "email": "sven@example.com", "roles": ["salesperson"], "active": true});
        let sven = office.ada().creates("employee", &fields).id;
        lee.tries_to_create("task", &json!({"name": "x", "regarding": about(&deal), "assignee": sven}))
            .is_invalid(&["task.assignee_not_seeing:assignee"]);
        office.ada().patches(&format!("/records/employee/{sven}"), &json!({"fields": {"active": false}})).is_ok();
        kim.tries_to_create("task", &json!({"name": "x", "assignee": sven})).is_invalid(&["task.assignee_not_active:assignee"]);
    });
}

#[test]
fn people_speak_of_a_record() {
    both(|office| {
        let (kim, lee, mona) = (office.kim(), office.lee(), office.mona());
        let deal = kim.opens_a_deal(&json!({}));
        let path = format!("{}/comments", deal.path());
        let text = format!("@[Mona](employee:{}) and @[Lee](employee:{}), look", mona.id, lee.id);
        let made = kim.posts(&path, &json!({"text": text})).is(StatusCode::CREATED);
        assert_eq!(made.body["not_seeing"], json!([lee.id.to_string()]));
        lee.gets(&path).is_not_found();
        lee.posts(&path, &json!({"text": "x"})).is_not_found();
        let one = format!("/comments/{}", made.body["id"].as_str().unwrap());
        lee.patches(&one, &json!({"text": "x"})).is_not_found();
        mona.patches(&one, &json!({"text": "x"})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.posts(&path, &json!({"text": "  "})).is_invalid(&["field.required:text"]);
        let many: String = (0..51).map(|n| format!("@[x](employee:019b8d62-7a80-7000-8000-0000000000{n:02}) ")).collect();
        kim.posts(&path, &json!({"text": many})).is_invalid(&["comment.too_many_mentions:text"]);
        let again = kim.asks(axum::http::Method::PATCH, &one, &[("if-match", "\"v1\"")], Some(&json!({"text": "Anew"}))).is_ok();
        assert_eq!(again.body["version"], 2);
        kim.asks(axum::http::Method::PATCH, &one, &[("if-match", "\"v1\"")], Some(&json!({"text": "Older"}))).is(StatusCode::CONFLICT);
        let timeline = mona.gets(&format!("{}/timeline?kinds=comment,created", deal.path())).is_ok();
        let kinds: Vec<&str> = timeline.body["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["comment", "created"]);
        mona.gets(&format!("{}/timeline?kinds=gossip", deal.path())).is(StatusCode::BAD_REQUEST);
        lee.gets(&format!("{}/timeline", deal.path())).is_not_found();
        let offered = kim.gets(&format!("{}/mentionable?q=l", deal.path())).is_ok();
        assert!(
            offered.body["items"].as_array().unwrap().iter().any(|one| one["id"] == lee.id.to_string() && one["sees"] == false),
            "{:#}",
            offered.body
        );
        office.ada().asks(axum::http::Method::DELETE, &one, &[], None).is(StatusCode::NO_CONTENT);
        assert_eq!(kim.gets(&path).is_ok().body["items"], json!([]));
    });
}

#[test]
fn a_task_is_done_and_opened_again() {
    both(|office| {
        let (kim, lee) = (office.kim(), office.lee());
        let deal = kim.opens_a_deal(&json!({}));
        lee.sees(&deal).is_not_found();
        let fields = json!({"name": "Check the drawings", "regarding": about(&deal), "assignee": lee.id.to_string(), "priority": "high"});
        let task = kim.creates("task", &fields);
        assert_eq!(lee.sees(&deal).is_ok().body["can"], json!(["clone"]));
        let list = lee.gets("/records/task?filter=%7B%22field%22%3A%22assignee%22%2C%22op%22%3A%22is_me%22%7D&sort=due_at").is_ok();
        assert_eq!(list.body["items"][0]["id"], task.id.as_str());
        assert_eq!(list.body["refs"][&deal.id]["object"], "opportunity");
        let done = lee.posts(&format!("{}/complete", task.path()), &json!({})).is_ok();
        assert_eq!(done.field("done_by"), lee.id.to_string().as_str());
        lee.sees(&deal).is_not_found();
        let opened = kim.posts(&format!("{}/reopen-task", task.path()), &json!({"reason": "One is missing"})).is_ok();
        assert_eq!((opened.field("task_status"), opened.field("done_at")), (&json!("open"), &Json::Null));
        lee.sees(&deal).is_ok();
        let reasons = office.ada().gets(&format!("{}/access/{}", deal.path(), lee.id)).is_ok();
        assert_eq!(reasons.body["reasons"][0]["task"], task.id.as_str());
    });
}
