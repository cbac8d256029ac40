//! Stage tasks through the API: done once however often it is sent, against the version that was seen, and told in words.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Office, both};

fn sets_tasks(office: &Office, tasks: &Json) {
    let mut process = office.ada().gets("/processes").is_ok().body["items"][0].clone();
    process["stages"][0]["tasks"] = tasks.clone();
    let id = process["id"].as_str().unwrap().to_owned();
    office.ada().puts(&format!("/processes/{id}"), &process).is_ok();
}

#[test]
fn a_task_is_done_once_however_often_it_is_sent() {
    both(|office| {
        let act = json!({"kind": "create_object", "object": "activity", "link": "regarding", "minimum": 1});
        sets_tasks(
            office,
            &json!([{"key": "visit", "name": "Visit them", "act": act}, {"key": "call", "name": "Call them", "act": {"kind": "checklist_item"}}]),
        );
        let deal = office.kim().opens_a_deal(&json!({}));
        let list = || office.kim().gets(&format!("/records/opportunity/{}/tasks", deal.id)).is_ok().body;
        let tasks = list();
        let (visit, call) = (tasks["items"][0].clone(), tasks["items"][1].clone());
        assert_eq!(
            (&visit["key"], &call["key"], &visit["version"]),
            (&json!("visit"), &json!("call"), &json!(1)),
            "in the order of the process"
        );
        let path = |task: &Json, act: &str| format!("/stage-tasks/{}/{act}", task["id"].as_str().unwrap());
        office.lee().posts(&path(&visit, "complete"), &json!({})).is_not_found();
        let few = office.kim().posts(&path(&visit, "complete"), &json!({})).is_invalid(&["task.too_few"]);
        assert_eq!(few.body["violations"][0]["message"], "“Visit them” needs at least 1; there are 0.");
        let body = json!({"create": [{"fields": {"name": "At theirs", "activity_type": "visit"}}]});
        let sends = |version: &str| {
            let headers = [("if-match", version), ("idempotency-key", "visit-1")];
            office.kim().asks(Method::POST, &path(&visit, "complete"), &headers, Some(&body))
        };
        let done = sends("\"1\"").is_ok().body;
        assert_eq!((&done["task"]["state"], &done["task"]["version"], &done["offer"]), (&json!("done"), &json!(2), &Json::Null));
        let again = sends("\"1\"").is_ok().body;
        assert_eq!((&again["task"]["state"], &again["record"]["id"]), (&json!("done"), &json!(deal.id)));
        assert_eq!(list()["items"][0]["act"]["linked"].as_array().unwrap().len(), 1, "the repetition made nothing");
        // Somebody else's view is behind.
        let stale = office.kim().asks(Method::POST, &path(&visit, "reopen"), &[("if-match", "\"1\"")], Some(&json!({})));
        let stale = stale.refused(StatusCode::CONFLICT, "record.version_conflict");
        assert_eq!((&stale.body["record"]["state"], &stale.body["record"]["version"]), (&json!("done"), &json!(2)));
        let done = office.kim().posts(&path(&call, "complete"), &json!({"note": "Nice people"})).is_ok().body;
        assert_eq!((&done["offer"]["stage"], &done["offer"]["reachable"]), (&json!("qualification"), &json!(true)));
        office.kim().posts(&path(&call, "reassign"), &json!({"assignee": office.lee().id.to_string()})).is_invalid(&["task.not_open"]);
        office.kim().posts(&path(&call, "reopen"), &json!({"reason": "not yet"})).is_ok();
        let refused = office.kim().moves(&deal, "qualification").is_blocked(&["stage.task_open"]);
        assert_eq!(refused.body["violations"][0]["params"]["task"], call["id"]);
        // Given to Lee, she sees the deal for it, and why.
        office.kim().posts(&path(&call, "reassign"), &json!({"assignee": office.lee().id.to_string()})).is_ok();
        office.lee().sees(&deal).is_ok();
        let waits = office.lee().gets("/todo?kind=stage_task").is_ok().body;
        assert_eq!((&waits["items"][0]["id"], &waits["items"][0]["can"]), (&call["id"], &json!(["complete"])));
        let why = office.ada().gets(&format!("/records/opportunity/{}/access/{}", deal.id, office.lee().id)).is_ok().body;
        assert_eq!(why["reasons"][0]["why"], "stage_task");
        let told = office.lee().gets("/notifications").is_ok().body;
        let notice = told["items"].as_array().unwrap().iter().find(|one| one["kind"] == "stage_task").unwrap();
        assert_eq!(notice["title"], "Stage task for you: Call them");
        assert_eq!(notice["link"], json!(format!("/o/opportunity/{}#task-{}", deal.id, call["id"].as_str().unwrap())));
        let done = office.lee().posts(&path(&call, "complete"), &json!({})).is_ok().body;
        assert_eq!((&done["task"], &done["record"]), (&Json::Null, &Json::Null), "with it she has lost sight of the deal");
    });
}

#[test]
fn what_a_task_lacks_is_told() {
    both(|office| {
        let kim = office.kim();
        let tasks = json!([
            {"key": "kind", "name": "Know the kind", "act": {"kind": "edit_object", "fields": ["opportunity_type"]}},
            {"key": "sector", "name": "Know the sector", "act": {"kind": "edit_object", "of": "account", "fields": ["sector"]}},
            {"key": "visit", "name": "Visit", "act": {"kind": "create_object", "object": "activity", "link": "regarding", "minimum": 1}},
        ]);
        sets_tasks(office, &tasks);
        let deal = kim.opens_a_deal(&json!({}));
        let list = kim.gets(&format!("/records/opportunity/{}/tasks", deal.id)).is_ok().body["items"].clone();
        let path = |n: usize, act: &str| format!("/stage-tasks/{}/{act}", list[n]["id"].as_str().unwrap());
        kim.posts(&path(0, "complete"), &json!({})).is_invalid(&["task.fields_missing:opportunity_type"]);
        kim.posts(&path(0, "reopen"), &json!({})).is_invalid(&["task.not_reopenable"]);
        kim.posts(&path(1, "complete"), &json!({})).is_invalid(&["task.no_target:account"]);
        kim.posts(&path(2, "complete"), &json!({"choose": [deal.id]})).is_invalid(&["task.not_a_choice:choose/0"]);
    });
}
