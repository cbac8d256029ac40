//! Leads as the API has them.

use axum::http::StatusCode;
use serde_json::json;

use crate::office::{both, one};

#[test]
fn a_lead_is_given_found_invalid_and_taken_up() {
    both(|office| {
        let (kim, mona) = (office.kim(), office.mona());
        let lead = kim.creates("lead", &json!({"name": "Anna", "company": "Lindental"}));
        let path = lead.path();
        assert_eq!(kim.sees(&lead).is_ok().field("lead_status"), "pending");
        kim.posts(&format!("{path}/mark-invalid"), &json!({})).is_invalid(&["field.required:invalid_reason"]);
        let invalid = kim.posts(&format!("{path}/mark-invalid"), &json!({"invalid_reason": "spam"})).is_ok();
        assert_eq!(invalid.body["record"]["fields"]["lead_status"], "invalid");
        kim.posts(&format!("{path}/reopen"), &json!({})).is_ok();
        kim.posts(&format!("{path}/reopen"), &json!({})).is_invalid(&["lead.not_invalid"]);

        let open = mona.creates("lead", &json!({"name": "Bruno", "owner": null}));
        let path = open.path();
        kim.posts(&format!("{path}/assign"), &json!({"owner": kim.id.to_string()})).is_not_found();
        mona.posts(&format!("{path}/change-owner"), &json!({"owner": kim.id.to_string()})).is_invalid(&["owner.use_assign:owner"]);
        mona.posts(&format!("{path}/mark-invalid"), &json!({"invalid_reason": "spam"})).is_ok();
        mona.posts(&format!("{path}/assign"), &json!({"owner": kim.id.to_string()})).is_invalid(&["lead.invalid"]);
        mona.posts(&format!("{path}/reopen"), &json!({})).is_ok();
        let given = mona.posts(&format!("{path}/assign"), &json!({"owner": kim.id.to_string()})).is_ok();
        assert_eq!(given.body["record"]["fields"]["lead_status"], "pending");
        assert!(kim.sees(&open).body["can"].as_array().unwrap().contains(&json!("convert")));
    });
}

#[test]
fn views_of_leads_are_shipped_in_both_languages() {
    one(|office| {
        let names = |language: &str| {
            office.kim().patches("/me", &json!({ "language": language })).is_ok();
            let views = office.kim().gets("/views?object=lead").is_ok();
            let items = views.body["items"].as_array().unwrap().clone();
            items.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("en"), ["Converted leads", "Leads to follow up", "My leads", "Unassigned leads"]);
        assert_eq!(names("zh-CN").len(), 4);
        assert!(names("zh-CN").contains(&"我的线索".to_owned()));
        // One's list begins with what one has; an administrator names a view anew for everybody.
        let views = office.kim().gets("/views?object=lead").body;
        let mine = views["items"].as_array().unwrap().iter().find(|view| view["id"] == views["default"]).unwrap().clone();
        assert_eq!(mine["name"], "我的线索");
        let mut named = mine.clone();
        named["name"] = "Work".into();
        let path = format!("/views/{}", mine["id"].as_str().unwrap());
        office.kim().puts(&path, &named).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        office.ada().puts(&path, &named).is_ok();
        assert!(names("zh-CN").contains(&"Work".to_owned()));
    });
}
