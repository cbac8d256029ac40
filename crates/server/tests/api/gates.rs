//! What a move asks for besides a stage, over HTTP.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::both;

#[test]
fn what_closing_asks_for_comes_with_the_move() {
    both(|office| {
        let (ada, kim, mona) = (office.ada(), office.kim(), office.mona());
        let mut process = ada.gets("/processes").is_ok().body["items"][0].clone();
        for stage in process["stages"].as_array_mut().unwrap().iter_mut().filter(|stage| stage["stage"] == "lost") {
            stage["creates"] = json!([{"object": "task", "link": "regarding", "fill": [{"field": "name", "from": "name"}]}]);
        }
        let id = process["id"].as_str().unwrap().to_owned();
        ada.puts(&format!("/processes/{id}"), &process).is_ok();
        let deal = kim.opens_a_deal(&json!({}));
        let lost = json!({"stage": "lost", "fields": {"lost_reason": "price"}});
        let refused = kim.moves_with(&deal, &lost);
        assert_eq!(refused.body["violations"][0]["message"], "Needed to close the deal as “Deal lost”: Task.");
        refused.is_blocked(&["stage.terminal_action:create/0"]);
        let mut wanted = lost;
        wanted["create"] = json!([{"object": "task", "fields": {"name": null}}]);
        let refused = kim.moves_with(&deal, &wanted);
        assert_eq!(refused.body["violations"][0]["params"]["of"], "task");
        refused.is_invalid(&["field.required:create/0/name"]);
        wanted["create"] = json!([{"object": "task"}]);
        let done = kim.moves_with(&deal, &wanted).is_ok();
        assert_eq!(done.body["created"][0]["object"], "task");

        // To another process, for those whose role allows it.
        let path = format!("{}/change-process", deal.path());
        let reopened = mona.posts(&format!("{}/reopen", deal.path()), &json!({"reason": "They called."})).is_ok();
        assert_eq!(reopened.field("stage"), "prospecting");
        kim.posts(&path, &json!({"process": id, "reason": "x"})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        mona.posts(&path, &json!({"process": id, "reason": "x"})).is_invalid(&["process.already_there:process"]);
        process.as_object_mut().unwrap().remove("id");
        process["name"] = "Partners".into();
        let other = ada.posts("/processes", &process).body["process"]["id"].clone();
        let others = kim.gets(&format!("{}/processes", deal.path())).is_ok();
        assert_eq!(others.body["items"][0]["id"], other);
        let changed = mona.posts(&path, &json!({"process": other, "reason": "x"})).is_ok();
        assert_eq!(changed.body["record"]["fields"]["sales_process"], other);
    });
}

#[test]
fn a_process_that_asks_for_what_there_is_not_is_refused() {
    both(|office| {
        let ada = office.ada();
        let mut process = ada.gets("/processes").is_ok().body["items"][0].clone();
        let id = process["id"].as_str().unwrap().to_owned();
        process["stages"][0]["tasks"] = json!([
            {"key": "call", "name": "Call", "act": {"kind": "create_object", "object": "task", "link": "name", "fill": [{"field": "due_at", "from": "name"}]}},
            {"key": "grid", "name": "Grid", "act": {"kind": "edit_sub_objects", "object": "account"}},
        ]);
        process["stages"][0]["needed_tasks"] = json!({"which": "chosen", "tasks": ["mail"]});
        process["stages"][0]["links"] = json!([{"label": "Playbook", "url": "javascript:alert(1)"}]);
        ada.puts(&format!("/processes/{id}"), &process).is_invalid(&[
            "process.link_unfit:stages/0/tasks/0/act/link",
            "process.fill_unfit:stages/0/tasks/0/act/fill/0/from",
            "process.object_unfit:stages/0/tasks/1/act/object",
            "process.task_unknown:stages/0/needed_tasks",
            "field.invalid:stages/0/links/0/url",
        ]);
    });
}
