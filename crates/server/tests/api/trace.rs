//! The trace, over the wire.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::both;

#[test]
fn the_log_tells_who_did_what_and_from_where() {
    both(|office| {
        let kim = office.kim();
        let deal = kim.opens_a_deal(&json!({"name": "=Rail"}));
        let told = kim.posts(&format!("/records/opportunity/{}/move", deal.id), &json!({"stage": "won"}));
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        office.ines().gets("/records/opportunity/export").is_ok();

        let log = office.ines().gets("/audit?outcome=refused").is_ok().body;
        let item = &log["items"][0];
        assert_eq!((item["act"].as_str(), item["record"].as_str()), (Some("move"), Some(deal.id.as_str())));
        assert_eq!(log["refs"][&deal.id]["name"], "=Rail");
        assert_eq!(item["address"], "127.0.0.1");
        let exports = office.ines().gets("/audit?act=export").is_ok().body;
        assert_eq!(exports["items"][0]["object"], "opportunity");
        let changes = office.ines().gets(&format!("/audit?object=opportunity&record={}&outcome=done", deal.id)).is_ok().body;
        assert_eq!((changes["items"][0]["act"].as_str(), changes["items"][0]["address"].as_str()), (Some("create"), Some("127.0.0.1")));

        // As a file: the same, with no text that would be run.
        let file = office.ines().gets("/audit/export?outcome=refused").is_ok();
        assert_eq!(file.headers["content-disposition"], "attachment; filename=\"audit-2026-01-05.csv\"");
        assert!(file.text.starts_with('\u{feff}') && file.text.contains(",'=Rail,Refused,stage."), "{}", file.text);
        office.ines().gets("/audit/export?format=xlsx").is_ok();
        let told = office.ines().gets("/audit?kind=audit").is_ok().body;
        assert_eq!(told["items"].as_array().unwrap().len(), 2);

        // For everybody else there is no such place.
        for path in ["/audit", "/audit/export"] {
            assert_eq!(kim.gets(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(office.ines().gets("/audit?outcome=maybe").status, StatusCode::BAD_REQUEST);
        assert_eq!((kim.gets("/me").body["reads_audit"].clone(), office.ines().gets("/me").body["reads_audit"].clone()), (json!(false), json!(true)));
    });
}

#[test]
fn deleting_and_cloning_say_what_stands_against_them() {
    both(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        let contact = kim.creates("contact", &json!({"name": "Cara"}));
        let deal = kim.opens_a_deal(&json!({"name": "Rail"}));
        kim.posts("/records/contact_role", &json!({"fields": {"opportunity": deal.id, "contact": contact.id, "role": "user"}})).is(StatusCode::CREATED);
        let void = |path: String| ada.posts(&format!("{path}/void"), &json!({})).is_ok();
        let delete = |path: String| ada.posts(&format!("{path}/delete"), &json!({}));
        delete(deal.path()).is_invalid(&["delete.not_voided"]);
        void(contact.path());
        let refused = delete(contact.path());
        refused.is_invalid(&["delete.in_use"]);

        // People who have done something, and whom a process names.
        let mut process = ada.gets("/processes").body["items"][0].clone();
        process["who"]["people"] = json!([kim.id.to_string()]);
        ada.asks(axum::http::Method::PUT, &format!("/processes/{}", process["id"].as_str().unwrap()), &[], Some(&process)).is_ok();
        let path = format!("/records/employee/{}", kim.id);
        void(path.clone());
        let codes = delete(path).body["violations"].to_string();
        assert!(codes.contains("delete.in_process") && codes.contains("delete.has_acted"), "{codes}");

        let refused = ada.posts(&format!("{}/clone", deal.path()), &json!({"with": ["account"]}));
        refused.is_invalid(&["clone.no_part"]);
        // The same request again makes no second clone, and what is deleted stays deleted.
        let again = [("idempotency-key", "one")];
        let clone = || ada.asks(axum::http::Method::POST, &format!("{}/clone", deal.path()), &again, Some(&json!({"with": ["contact_role"]})));
        let (first, second) = (clone().is(StatusCode::CREATED).body, clone().is(StatusCode::CREATED).body);
        assert_eq!((&first["record"]["id"], first["taken"]["contact_role"].as_i64()), (&second["record"]["id"], Some(1)));
        void(deal.path());
        let again = [("idempotency-key", "two")];
        let gone = || ada.asks(axum::http::Method::POST, &format!("{}/delete", deal.path()), &again, Some(&json!({})));
        assert_eq!((gone().is_ok().body["result"].clone(), gone().is_ok().body["result"].clone()), (json!("deleted"), json!("deleted")));
        assert_eq!(ada.gets(&deal.path()).status, StatusCode::NOT_FOUND);
    });
}
