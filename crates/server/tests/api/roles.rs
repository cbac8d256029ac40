//! Roles over the API.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::office::both;

#[test]
fn a_role_is_added_once_replaced_by_version_and_removed() {
    both(|office| {
        let ada = office.ada();
        let role = json!({"name": {"en": "Partner"}, "objects": {"opportunity": {"acts": ["read"]}}});
        let key = [("idempotency-key", "a-role")];
        let made = ada.asks(Method::POST, "/roles", &key, Some(&role)).is(StatusCode::CREATED);
        let again = ada.asks(Method::POST, "/roles", &key, Some(&role)).is(StatusCode::CREATED);
        assert_eq!((made.body["key"].as_str(), &again.body), (Some("partner"), &made.body));
        assert_eq!(made.headers["etag"], "\"v1\"");
        let mut next = made.body.clone();
        next["objects"]["opportunity"]["acts"] = json!(["read", "export"]);
        let saved = ada.asks(Method::PUT, "/roles/partner", &[("if-match", "\"v1\"")], Some(&next)).is_ok();
        let late = ada.asks(Method::PUT, "/roles/partner", &[("if-match", "\"v1\"")], Some(&next));
        assert_eq!(late.refused(StatusCode::CONFLICT, "record.version_conflict").body["record"], saved.body);
        assert_eq!(office.kim().gets("/roles/partner").is_ok().body["objects"]["opportunity"]["acts"], json!(["read", "export"]));
        office.kim().puts("/roles/partner", &next).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        ada.asks(Method::DELETE, "/roles/partner", &[], None).is(StatusCode::NO_CONTENT);
        ada.gets("/roles/partner").is_not_found();
        let acts = office.kim().gets("/roles/acts").is_ok();
        assert_eq!(acts.body["objects"][0]["key"], "*");
        assert!(acts.body["objects"][1]["acts"].as_array().unwrap().contains(&json!("move")), "{}", acts.body["objects"][1]);
    });
}

#[test]
fn a_required_field_that_is_hidden_is_told_of_without_its_name() {
    both(|office| {
        let ada = office.ada();
        ada.posts("/objects/account/fields", &json!({"label": {"en": "Rating"}, "type": "text", "required": true})).is(StatusCode::CREATED);
        let mut role = ada.gets("/roles/salesperson").body;
        role["objects"]["account"]["fields"] = json!({"x_rating": "hidden"});
        ada.puts("/roles/salesperson", &role).is_ok();
        let refused = office.kim().tries_to_create("account", &json!({"name": "Acme"})).is_invalid(&["field.out_of_sight"]);
        assert!(!refused.text.to_lowercase().contains("rating"), "{}", refused.text);
    });
}

#[test]
fn what_stands_against_it_is_told() {
    both(|office| {
        let ada = office.ada();
        ada.asks(Method::DELETE, "/roles/administrator", &[], None).is_invalid(&["role.essential"]);
        let refused = ada.asks(Method::DELETE, "/roles/salesperson", &[], None).is_invalid(&["role.in_use"]);
        let told = &refused.body["violations"][0];
        assert_eq!(told["params"]["uses"][0]["kind"], "people");
        assert_eq!(told["message"], "The role “Salesperson” is in use (people, view). Take it out there first.");
    });
}
