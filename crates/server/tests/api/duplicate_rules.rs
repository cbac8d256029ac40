//! Duplicate rules as documents.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::office::Office;

/// Offices with the rules that the product comes with.
fn both(test: impl Fn(&Office)) {
    testkit::both(|database| test(&Office::with_duplicate_rules(database)));
}

fn one(test: impl Fn(&Office)) {
    test(&Office::with_duplicate_rules(&testkit::Database::sqlite()));
}

fn rule(groups: Json) -> Json {
    json!({"object": "account", "name": "Same page", "groups": groups})
}

#[test]
fn a_rule_is_made_changed_by_who_saw_it_last_and_removed() {
    both(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let shipped = ada.gets("/duplicate-rules").is_ok();
        let objects: Vec<&str> = shipped.body["items"].as_array().unwrap().iter().map(|rule| rule["object"].as_str().unwrap()).collect();
        assert_eq!(objects, ["account", "contact", "lead", "opportunity"]);
        let made = ada.posts("/duplicate-rules", &rule(json!([{"rows": [{"field": "website", "method": "same_domain"}]}])));
        let made = made.is(StatusCode::CREATED).body.clone();
        assert_eq!(
            made["groups"][0],
            json!({"object": "account", "rows": [{"field": "website", "other": "website", "method": "same_domain", "blank": "never"}]})
        );
        assert_eq!((&made["strictness"]["new"], &made["scope"]["voided"], &made["most"]), (&json!("by_method"), &json!(true), &json!(20)));
        let path = format!("/duplicate-rules/{}", made["id"].as_str().unwrap());
        kim.gets("/duplicate-rules").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.puts(&path, &made).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        // What GET gave is what PUT takes.
        let mut named = made.clone();
        named["name"] = "Same website".into();
        let saved = ada.asks(axum::http::Method::PUT, &path, &[("if-match", "\"v1\"")], Some(&named)).is_ok().body.clone();
        assert_eq!((&saved["name"], &saved["version"]), (&json!("Same website"), &json!(2)));
        let late = ada.asks(axum::http::Method::PUT, &path, &[("if-match", "\"v1\"")], Some(&named));
        late.refused(StatusCode::CONFLICT, "record.version_conflict");
        let mut moved = saved.clone();
        moved["object"] = "contact".into();
        moved["groups"] = json!([{"rows": [{"field": "email", "method": "exact"}]}]);
        ada.puts(&path, &moved).is_invalid(&["field.fixed:object"]);
        ada.asks(axum::http::Method::DELETE, &path, &[], None).is(StatusCode::NO_CONTENT);
        ada.gets(&path).is_not_found();
        let told = ada.gets("/audit?kind=duplicate_rule").is_ok();
        assert!(told.body["items"].as_array().unwrap().len() >= 3, "{:#}", told.body);
    });
}

#[test]
fn whatever_is_wrong_with_a_rule_is_told_at_once() {
    one(|office| {
        let ada = office.ada();
        let wrong = json!({
            "object": "account", "name": " ", "kinds": {"new": false, "import": false, "tool": false}, "most": 0, "exempt_roles": ["nobody"],
            "when": {"field": "x_nothing", "op": "eq", "value": "a"},
            "groups": [
                {"rows": []},
                {"object": "employee", "rows": [{"field": "name", "method": "exact"}]},
                {"rows": [{"field": "name", "method": "near"}, {"field": "name", "method": "fuzzy", "threshold": 49}]},
                {"rows": [{"field": "nothing", "method": "exact"}, {"field": "name", "method": "same_digits", "other": "employees"}]},
                {"rows": [{"field": "created_at", "method": "within_days", "days": 30}]},
            ],
            "shows": [{"object": "contact", "fields": ["name"]}],
        });
        ada.posts("/duplicate-rules", &wrong).is_invalid(&[
            "field.required:name",
            "duplicate.nowhere:kinds",
            "field.unknown:when",
            "field.required:groups/0/rows",
            "duplicate.object_not_judged:groups/1/object",
            "field.not_an_option:groups/2/rows/0/method",
            "duplicate.out_of_range:groups/2/rows/1/threshold",
            "field.unknown:groups/3/rows/0/field",
            "duplicate.method_not_for_field:groups/3/rows/1/method",
            "duplicate.finds_nothing:groups/4/rows",
            "field.not_an_option:exempt_roles/0",
            "duplicate.not_compared:shows/0/object",
            "duplicate.out_of_range:most",
        ]);
        let shown = json!({"object": "account", "fields": ["name", "nothing"]});
        let mut twice = rule(json!([{"rows": [{"field": "name", "method": "exact"}]}]));
        twice["shows"] = json!([shown, {"object": "account", "fields": ["city"]}]);
        ada.posts("/duplicate-rules", &twice).is_invalid(&["field.unknown:shows/0/fields/1", "duplicate.told_twice:shows/1/object"]);
        let rows: Vec<Json> = (0..11).map(|_| json!({"field": "name", "method": "exact"})).collect();
        ada.posts("/duplicate-rules", &rule(json!([{ "rows": rows }]))).is_invalid(&["duplicate.too_many:groups/0/rows"]);
        let reckoned = json!({"label": {"en": "Twice"}, "type": "calculated", "formula": "employees * 2", "result": "number", "scale": 0});
        let made = ada.posts("/objects/account/fields", &reckoned).is(StatusCode::CREATED).body.clone();
        let key = made["field"]["key"].as_str().or(made["key"].as_str()).unwrap_or_else(|| panic!("{made:#}")).to_owned();
        let row = json!({"field": key, "method": "exact"});
        let reckoned = ada.posts("/duplicate-rules", &rule(json!([{ "rows": [row] }])));
        reckoned.is_invalid(&["duplicate.field_not_stored:groups/0/rows/0/field"]);
    });
}

#[test]
fn a_field_in_a_rule_stays_in_use() {
    one(|office| {
        let ada = office.ada();
        let uses = ada.gets("/objects/lead/fields/mobile/uses").is_ok();
        let of_rule = |item: &&Json| item["kind"] == "duplicate_rule";
        let used = uses.body["items"].as_array().unwrap().iter().find(of_rule).unwrap_or_else(|| panic!("{:#}", uses.body)).clone();
        assert_eq!((&used["object"], &used["path"]), (&json!("lead"), &json!("groups/2/rows/0")));
        let refused = ada.posts("/objects/lead/fields/mobile/act", &json!({"act": "disable"}));
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{:#}", refused.body);
        assert!(refused.body["violations"].as_array().unwrap().iter().any(|found| found["params"]["kind"] == "duplicate_rule"));
    });
}

#[test]
fn there_may_be_so_many_rules() {
    one(|office| {
        let ada = office.ada();
        let one = rule(json!([{"rows": [{"field": "name", "method": "exact"}]}]));
        for _ in 4..100 {
            ada.posts("/duplicate-rules", &one).is(StatusCode::CREATED);
        }
        ada.posts("/duplicate-rules", &one).is_invalid(&["duplicate.too_many_rules"]);
    });
}
