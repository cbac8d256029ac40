//! What a save meets on its way: records that are alike, and limits.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::Office;

#[test]
fn a_warning_is_gone_on_over_by_naming_what_was_met() {
    testkit::both(|database| {
        let office = Office::with_duplicate_rules(database);
        let ada = office.ada();
        let lead = json!({"fields": {"name": "Jo Winter", "email": "jo@winter.example"}});
        ada.posts("/records/lead", &lead).is(StatusCode::CREATED);
        let met = ada.posts("/records/lead", &lead).refused(StatusCode::UNPROCESSABLE_ENTITY, "record.duplicate_warning");
        let found = met.body["violations"][0].clone();
        assert_eq!((&found["code"], &found["params"]["verdict"]), (&json!("duplicate.found"), &json!("warn")));
        let token = found["params"]["matches"][0]["token"].clone();
        let again = json!({"fields": lead["fields"], "accept_duplicates": [token]});
        ada.posts("/records/lead", &again).is(StatusCode::CREATED);
    });
}

#[test]
fn the_same_customer_is_refused() {
    testkit::both(|database| {
        let office = Office::with_duplicate_rules(database);
        let ada = office.ada();
        ada.creates("account", &json!({"name": "Quellhof Pumpen GmbH"}));
        let met = ada.tries_to_create("account", &json!({"name": "QUELLHOF  Pumpen"}));
        let found = met.refused(StatusCode::UNPROCESSABLE_ENTITY, "record.duplicate").body["violations"][0].clone();
        assert_eq!((&found["code"], &found["params"]["verdict"]), (&json!("duplicate.found"), &json!("block")));
    });
}

#[test]
fn who_tries_out_names_by_the_check_of_forms_has_to_wait() {
    let office = Office::with_duplicate_rules(&testkit::Database::sqlite());
    let (kim, lee) = (office.kim(), office.lee());
    let check = |n: usize| json!({"object": "account", "fields": {"name": format!("Guess {n}")}});
    for n in 0..200 {
        kim.posts("/duplicates/check", &check(n)).is_ok();
    }
    let late = kim.posts("/duplicates/check", &check(200));
    late.refused(StatusCode::TOO_MANY_REQUESTS, "duplicate.too_often");
    lee.posts("/duplicates/check", &check(0)).is_ok();
    // What is watched is told all the same.
    assert_eq!(kim.posts("/duplicates/check", &json!({"object": "account", "fields": {}})).is_ok().body["watched"], json!(["name"]));
}

#[test]
fn a_limit_is_told_with_its_rule() {
    testkit::both(|database| {
        let office = Office::with_duplicate_rules(database);
        let (ada, kim) = (office.ada(), office.kim());
        let rule = json!({"object": "opportunity", "name": "One at a time", "active": true, "subject": {"kind": "employees"}, "limit": {"kind": "number", "number": 1}});
        ada.posts("/holding-rules", &rule).is(StatusCode::CREATED);
        kim.creates("opportunity", &json!({"name": "Pumps for Bremen"}));
        let full = kim.tries_to_create("opportunity", &json!({"name": "Valves for Trier"})).is_invalid(&["holding.limit_reached:owner"]);
        let told = &full.body["violations"][0]["params"]["rules"][0];
        assert_eq!((&told["name"], &told["limit"], &told["held"]), (&json!("One at a time"), &json!(1), &json!(1)));
        let other = json!({"object": "product", "name": "Goods", "active": true, "subject": {"kind": "employees"}, "limit": {"kind": "number", "number": 1}});
        ada.posts("/holding-rules", &other).is_invalid(&["holding.object_not_owned:object"]);
    });
}

#[test]
fn who_is_in_no_pool_claims_nothing_from_it() {
    testkit::both(|database| {
        let office = Office::with_duplicate_rules(database);
        let ada = office.ada();
        let kim = office.kim().id.to_string();
        let pool = json!({"object": "lead", "name": "Bonn", "active": true, "mode": "claimable", "members": [{"kind": "person", "id": kim}], "administrators": []});
        let pool = ada.posts("/pools", &pool).is(StatusCode::CREATED).body["id"].clone();
        let lead = ada.creates("lead", &json!({"name": "Jo Winter"}));
        ada.posts(&format!("{}/return", lead.path()), &json!({"pool": pool, "reason": "Not mine"})).is_ok();
        ada.posts(&format!("{}/claim", lead.path()), &json!({})).is_invalid(&["pool.not_a_member"]);
        office.kim().posts(&format!("{}/claim", lead.path()), &json!({})).is_ok();
    });
}
