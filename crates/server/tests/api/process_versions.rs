//! Drafts and versions of processes, through the API alone.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Office, both, one};

fn process(office: &Office) -> Json {
    office.ada().gets("/processes").is_ok().body["items"][0].clone()
}

#[test]
fn from_a_draft_to_a_version_and_back() {
    both(|office| {
        let ada = office.ada();
        let mut document = process(office);
        let path = format!("/processes/{}", document["id"].as_str().unwrap());
        ada.gets(&format!("{path}/draft")).is_not_found();
        document["stages"][2]["win_rate"] = "55".into();
        document["stages"].as_array_mut().unwrap().push(json!({"stage": "won"}));
        let begin = || ada.asks(Method::PUT, &format!("{path}/draft"), &[("if-match", "\"0\"")], Some(&document));
        let draft = begin().is_ok();
        assert_eq!(draft.headers["etag"], "\"v1\"");
        // Whoever begins one at the same moment is shown it.
        assert_eq!(begin().refused(StatusCode::CONFLICT, "record.version_conflict").body["record"]["version"], 1);
        assert_eq!(draft.body["problems"][0]["code"], "process.stage_twice");
        assert!(draft.body["problems"][0]["message"].is_string());
        document["stages"].as_array_mut().unwrap().pop();
        let put = |etag: &str| ada.asks(Method::PUT, &format!("{path}/draft"), &[("if-match", etag)], Some(&document));
        put("\"v1\"").is_ok();
        let overtaken = put("\"v1\"").refused(StatusCode::CONFLICT, "record.version_conflict");
        assert_eq!(overtaken.body["record"]["version"], 2);
        let publish = |etag: &str, body: &Json| {
            ada.asks(Method::POST, &format!("{path}/publish"), &[("if-match", etag), ("idempotency-key", "once")], Some(body))
        };
        let dry = ada.posts(&format!("{path}/publish"), &json!({"dry_run": true})).is_ok();
        assert_eq!(dry.body["process"]["version"], 2);
        let first = publish("\"v2\"", &json!({"note": "Better odds"})).is_ok();
        assert_eq!(first.body, publish("\"v2\"", &json!({"note": "Better odds"})).is_ok().body, "it is published once");
        let versions = ada.gets(&format!("{path}/versions")).is_ok();
        assert_eq!(versions.body["items"].as_array().unwrap().len(), 2);
        assert_eq!(versions.body["items"][0]["note"], "Better odds");
        let one = ada.gets(&format!("{path}/versions/2")).is_ok();
        assert_eq!(one.body["differences"][0]["path"], "stages/proposal/win_rate");
        ada.gets(&format!("{path}/versions/9")).is_not_found();
        let back = ada.posts(&format!("{path}/revert"), &json!({"version": 1})).is_ok();
        assert_eq!(back.body["differences"][0]["new"], "50");
        assert_eq!(ada.gets("/processes").body["drafts"].as_object().unwrap().len(), 1);
        assert!(office.kim().gets("/processes").body.get("drafts").is_none());
        ada.asks(Method::DELETE, &format!("{path}/draft"), &[], None).is(StatusCode::NO_CONTENT);
    });
}

#[test]
fn running_deals_go_where_the_publisher_says_or_stay() {
    both(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let mut document = process(office);
        let path = format!("/processes/{}", document["id"].as_str().unwrap());
        let deal = kim.opens_a_deal(&json!({}));
        document["stages"].as_array_mut().unwrap().remove(0);
        ada.puts(&format!("{path}/draft"), &document).is_ok();
        let publish = |body: &Json| ada.posts(&format!("{path}/publish"), body);
        let refused = publish(&json!({})).is_invalid(&["process.stage_occupied:stages"]);
        assert_eq!(refused.body["violations"][0]["params"], json!({"stage": "prospecting", "count": 1}));
        publish(&json!({"mapping": {"prospecting": "lost"}})).is_invalid(&["process.mapping_invalid:mapping/prospecting"]);
        let stays = publish(&json!({"running": "stay", "dry_run": true})).is_ok();
        assert_eq!(stays.body["running"], json!({"open": 1, "following": 0, "staying": 1, "moved": [], "job": null}));
        let follows = publish(&json!({"mapping": {"prospecting": "proposal"}, "note": "Shorter"})).is_ok();
        assert_eq!(follows.body["running"]["moved"], json!([{"stage": "prospecting", "to": "proposal", "count": 1}]));
        let found = kim.gets(&deal.path()).is_ok();
        assert_eq!((found.field("stage"), found.field("process_version")), (&json!("proposal"), &json!("2")));
        let stays = kim.gets(&format!("/records/opportunity/{}/stays", deal.id)).is_ok();
        let last = stays.body["items"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["how"], &last["reason"]), (&json!("follow"), &json!("Shorter")));
        let trace = ada.gets("/audit?kind=process").is_ok();
        assert_eq!(trace.body["items"][0]["act"], "publish");
    });
}

#[test]
fn a_process_comes_into_order_and_goes_unused() {
    one(|office| {
        let ada = office.ada();
        let standard = process(office);
        let half = ada.posts("/processes/drafts", &json!({"name": "Renewal", "stages": []})).is(StatusCode::CREATED);
        let renewal = half.body["process"]["id"].clone();
        let path = format!("/processes/{}", renewal.as_str().unwrap());
        ada.posts(&format!("{path}/publish"), &json!({}))
            .is_invalid(&["process.missing_in_progress:stages", "process.missing_terminal:stages"]);
        ada.puts(&format!("{path}/draft"), &json!({"name": "Renewal", "stages": [{"stage": "proposal"}, {"stage": "won"}]})).is_ok();
        ada.posts(&format!("{path}/publish"), &json!({})).is_ok();
        ada.posts("/processes/order", &json!({"ids": [renewal]})).is_invalid(&["process.order_incomplete:ids"]);
        let ordered = ada.posts("/processes/order", &json!({"ids": [standard["id"], renewal]})).is_ok();
        assert_eq!(ordered.body["items"][1]["precedence"], 2);
        ada.asks(Method::DELETE, &path, &[], None).is_invalid(&["process.in_use"]);
        ada.posts(&format!("{path}/deactivate"), &json!({})).is_ok();
        ada.asks(Method::DELETE, &path, &[], None).is(StatusCode::NO_CONTENT);
        ada.gets(&path).is_not_found();
        let trace = ada.gets("/audit?kind=process").is_ok();
        let acts: Vec<&str> = trace.body["items"].as_array().unwrap().iter().filter_map(|item| item["act"].as_str()).collect();
        assert_eq!(acts, ["delete", "deactivate", "edit", "publish"]);
    });
}
