//! Approvals over the API: what waits, one of them, answers that come twice, many at once.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Office, Person, both};

/// New opportunities ask Kim's manager first, then Lee.
fn draw(office: &Office) {
    let node = |key: &str, does: Json| json!({"key": key, "name": key, "does": does});
    let asks = |key: &str, who: Json, next: &str| {
        node(key, json!({"type": "approve", "method": {"type": "standard"}, "who": [who], "limit": {"hours": 48}, "next": next}))
    };
    let nodes = json!([
        node("start", json!({"type": "start", "next": "boss"})),
        asks("boss", json!({"type": "manager", "of": "owner"}), "lee"),
        asks("lee", json!({"type": "person", "id": office.lee().id.to_string()}), "end"),
        node("end", json!({"type": "approved"})),
    ]);
    let flow = json!({"api_name": "deals", "name": "New deals", "object": "opportunity", "trigger": "create", "nodes": nodes});
    office.ada().posts("/approval-flows", &flow).is(StatusCode::CREATED);
}

/// Begins an approval; gives the ids of deal and approval.
fn asks(office: &Office, name: &str) -> (String, String) {
    let answer = office.kim().tries_to_create("opportunity", &json!({ "name": name })).is(StatusCode::CREATED).body;
    assert_eq!(answer["result"], "pending_approval");
    (answer["record"]["id"].as_str().unwrap().to_owned(), answer["approval"].as_str().unwrap().to_owned())
}

fn acts(person: Person<'_>, approval: &str, body: &Json, key: &str) -> crate::office::Answer {
    person.asks(Method::POST, &format!("/approvals/{approval}/act"), &[("idempotency-key", key)], Some(body))
}

#[test]
fn what_waits_is_shown_answered_once_and_told_of() {
    both(|office| {
        draw(office);
        let (deal, approval) = asks(office, "Turbine");
        let (mona, lee, kim) = (office.mona(), office.lee(), office.kim());
        let waits = mona.gets("/approvals").is_ok().body;
        assert_eq!((&waits["total"], &waits["items"][0]["id"], &waits["items"][0]["my_task"]), (&json!(1), &json!(approval), &json!(0)));
        assert_eq!(mona.gets("/todo?kind=approval").is_ok().body["items"][0]["task"], 0);
        let told = mona.gets("/notifications").is_ok().body["items"][0].clone();
        assert_eq!((&told["kind"], &told["link"]), (&json!("approval_asked"), &json!(format!("/approvals/{approval}"))));
        assert!(told["title"].as_str().unwrap().contains("Turbine"), "{told:#}");
        lee.gets(&format!("/approvals/{approval}")).is_not_found();
        acts(lee, &approval, &json!({"act": "agree", "task": 0}), "a").is_not_found();
        acts(mona, &approval, &json!({"act": "reject"}), "b").is_invalid(&["approval.comment_required"]);
        let agrees = json!({"act": "agree", "comment": "Good"});
        let first = acts(mona, &approval, &agrees, "c").is_ok().body;
        // The same request again: done once, and shown as it stands.
        let again = acts(mona, &approval, &agrees, "c").is_ok().body;
        assert_eq!(first["trail"], again["trail"]);
        acts(mona, &approval, &json!({"act": "agree", "task": 0}), "d").is_invalid(&["approval.decided"]);
        let one = kim.gets(&format!("/approvals/{approval}")).is_ok().body;
        assert_eq!(
            (&one["state"], &one["steps"][0]["state"], &one["steps"][1]["state"]),
            (&json!("running"), &json!("passed"), &json!("open"))
        );
        assert!(one["refs"][office.lee().id.to_string()]["name"].as_str().unwrap().starts_with("Lee"));
        assert_eq!(kim.gets(&format!("/records/opportunity/{deal}/approvals")).is_ok().body["items"][0]["id"], json!(approval));
        assert_eq!(kim.gets("/approvals?which=mine").is_ok().body["total"], 1);
        kim.gets("/approvals?which=all").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        acts(lee, &approval, &json!({"act": "agree"}), "e").is_ok();
        assert_eq!(kim.gets(&format!("/records/opportunity/{deal}")).is_ok().body["fields"]["lifecycle_status"], "normal");
        let ended = kim.gets("/notifications").is_ok().body["items"][0].clone();
        assert_eq!(ended["kind"], "approval_ended");
        assert!(ended["title"].as_str().unwrap().contains("approved"), "{ended:#}");
        assert_eq!(mona.gets("/approvals?which=done").is_ok().body["items"][0]["state"], "approved");
    });
}

#[test]
fn an_answer_to_many_is_reported_for_each() {
    both(|office| {
        draw(office);
        let approvals: Vec<String> = (0..3).map(|n| asks(office, &format!("Deal {n}")).1).collect();
        acts(office.kim(), &approvals[2], &json!({"act": "withdraw"}), "w").is_ok();
        let strange = office.lee().id.to_string();
        let items: Vec<Json> = approvals.iter().map(|id| json!({"id": id, "task": 0})).chain([json!({"id": strange, "task": 0})]).collect();
        let answer = office.mona().posts("/approvals/act-many", &json!({"act": "agree", "items": items})).is_ok().body;
        assert_eq!((&answer["done"], &answer["refused"]), (&json!(2), &json!(2)));
        let results = answer["results"].as_array().unwrap();
        assert_eq!((&results[0]["ok"], &results[0]["state"]), (&json!(true), &json!("running")));
        assert_eq!((&results[2]["code"], &results[3]["code"]), (&json!("approval.over"), &json!("not_found")));
        for refused in &results[2..] {
            assert!(!refused["message"].as_str().unwrap_or_default().is_empty(), "{refused:#}");
        }
        office.mona().posts("/approvals/act-many", &json!({"act": "agree", "items": []})).is_invalid(&["field.out_of_range"]);
    });
}
