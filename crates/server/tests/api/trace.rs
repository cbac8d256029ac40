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
