//! Quotes as the API has them.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::office::both;

#[test]
fn a_quote_is_made_once_sent_and_accepted_by_whoever_saw_its_version() {
    both(|office| {
        let kim = office.kim();
        let deal = kim.creates("opportunity", &json!({"name": "Rail"}));
        kim.creates("opportunity_line", &json!({"opportunity": deal.id, "name": "Motor", "quantity": "2", "price": "100"}));
        let quotes = format!("{}/quotes", deal.path());
        let key = [("idempotency-key", "a-quote")];
        let body = json!({"valid_until": "2099-01-01"});
        let tried = kim.posts(&quotes, &json!({"dry_run": true})).is_ok().body;
        assert_eq!((&tried["dry_run"], &tried["record"]["fields"]["total"]["amount"]), (&json!(true), &json!("200.00")));
        let made = kim.asks(Method::POST, &quotes, &key, Some(&body)).is(StatusCode::CREATED);
        let again = kim.asks(Method::POST, &quotes, &key, Some(&body)).is(StatusCode::CREATED);
        assert_eq!((&made.body["record"]["id"], &made.body["converted"]), (&again.body["record"]["id"], &again.body["converted"]));
        let id = made.body["record"]["id"].as_str().unwrap().to_owned();
        let path = format!("/records/quote/{id}");
        let turn = |version: &str, status: &str, dry: bool| {
            let body = json!({"status": status, "dry_run": dry});
            kim.asks(Method::POST, &format!("{path}/status"), &[("if-match", version)], Some(&body))
        };
        turn("\"v1\"", "accepted", false).is_invalid(&["quote.transition:quote_status"]);
        turn("\"v1\"", "sent", false).is_ok();
        turn("\"v1\"", "accepted", false).refused(StatusCode::CONFLICT, "record.version_conflict");
        let next = kim.posts(&format!("{path}/version"), &json!({})).is(StatusCode::CREATED).body;
        assert_eq!((&next["record"]["fields"]["version_no"], &next["record"]["fields"]["quote_status"]), (&json!("2"), &json!("draft")));
        let late = kim.posts(&format!("{path}/status"), &json!({"status": "accepted"}));
        late.is_invalid(&["quote.newer_version:quote_status"]);
        let next = format!("/records/quote/{}", next["record"]["id"].as_str().unwrap());
        kim.posts(&format!("{next}/status"), &json!({"status": "sent"})).is_ok();
        let asked = kim.posts(&format!("{next}/status"), &json!({"status": "accepted", "dry_run": true})).is_ok().body;
        assert_eq!(asked["opportunity"]["fields"]["amount"]["amount"], "200.00");
        let accepted = kim.posts(&format!("{next}/status"), &json!({"status": "accepted"})).is_ok().body;
        assert_eq!(accepted["opportunity"]["fields"]["accepted_quote"], accepted["record"]["id"]);
        office.lee().posts(&quotes, &json!({})).is_not_found();
        office.lee().posts(&format!("{next}/status"), &json!({"status": "sent", "reason": "x"})).is_not_found();
    });
}

#[test]
fn what_becomes_of_a_quote_is_worded_in_both_languages() {
    crate::office::one(|office| {
        let kim = office.kim();
        let deal = kim.creates("opportunity", &json!({"name": "Rail"}));
        let made = kim.posts(&format!("{}/quotes", deal.path()), &json!({})).is(StatusCode::CREATED);
        let path = format!("/records/quote/{}/status", made.body["record"]["id"].as_str().unwrap());
        let said = || kim.posts(&path, &json!({"status": "accepted"})).body["violations"][0]["message"].as_str().unwrap().to_owned();
        assert_eq!(said(), "A quote that is “Draft” does not become “Accepted”.");
        kim.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        assert_eq!(said(), "“草稿”的报价单不能变为“已接受”。");
    });
}
