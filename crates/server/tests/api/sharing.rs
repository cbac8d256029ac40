//! Sharing rules over the API.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::office::both;

#[test]
fn a_rule_is_made_once_changed_by_version_and_taken_back() {
    both(|office| {
        let (ada, kim, lee) = (office.ada(), office.kim(), office.lee());
        let deal = kim.opens_a_deal(&json!({"name": "Rail"}));
        lee.sees(&deal).is_not_found();
        let rule = json!({"object": "opportunity", "name": "All", "level": "read", "to": [{"kind": "person", "id": lee.id.to_string()}]});
        let key = [("idempotency-key", "a-rule")];
        let made = ada.asks(Method::POST, "/sharing-rules", &key, Some(&rule)).is(StatusCode::CREATED);
        let again = ada.asks(Method::POST, "/sharing-rules", &key, Some(&rule)).is(StatusCode::CREATED);
        assert_eq!(again.body["id"], made.body["id"]);
        assert_eq!(made.body["refs"][lee.id.to_string()]["object"], "employee");
        lee.sees(&deal).is_ok();
        let listed = ada.gets("/sharing-rules?object=opportunity").is_ok();
        assert_eq!((listed.body["items"].as_array().unwrap().len(), listed.body["items"][0]["records"].as_i64()), (1, Some(1)));
        let path = format!("/sharing-rules/{}", made.body["id"].as_str().unwrap());
        let mut off = ada.gets(&path).is_ok().body;
        off["active"] = false.into();
        let saved = ada.asks(Method::PUT, &path, &[("if-match", "\"v1\"")], Some(&off)).is_ok();
        lee.sees(&deal).is_not_found();
        let late = ada.asks(Method::PUT, &path, &[("if-match", "\"v1\"")], Some(&off));
        assert_eq!(late.refused(StatusCode::CONFLICT, "record.version_conflict").body["record"]["version"], saved.body["version"]);
        ada.asks(Method::DELETE, &path, &[("if-match", "\"v2\"")], None).is(StatusCode::NO_CONTENT);
        ada.gets(&path).is_not_found();
        kim.gets("/sharing-rules").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn what_stands_against_a_rule_is_told() {
    both(|office| {
        let ada = office.ada();
        let rule = |object: &str, condition| json!({"object": object, "name": "All", "level": "read", "to": [{"kind": "person", "id": office.lee().id.to_string()}], "condition": condition});
        let today = json!({"field": "created_at", "op": "within", "value": "today"});
        ada.posts("/sharing-rules", &rule("opportunity", today)).is_invalid(&["sharing.condition_not_own:condition"]);
        ada.posts("/sharing-rules", &rule("product", json!(null))).is_invalid(&["sharing.object_not_owned:object"]);
        for n in 0..100 {
            let mut one = rule("opportunity", json!(null));
            one["active"] = false.into();
            one["name"] = format!("Rule {n}").into();
            ada.posts("/sharing-rules", &one).is(StatusCode::CREATED);
        }
        ada.posts("/sharing-rules", &rule("opportunity", json!(null))).is_invalid(&["sharing.too_many"]);
    });
}
