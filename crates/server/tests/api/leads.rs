//! Leads as the API has them.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

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

#[test]
fn a_lead_is_converted_once_and_the_way_there_is_told() {
    both(|office| {
        let (kim, ada) = (office.kim(), office.ada());
        let lead = kim.creates("lead", &json!({"name": "Anna", "company": "Lindental"}));
        let path = lead.path();
        let offer = kim.gets(&format!("{path}/conversion")).is_ok().body;
        assert_eq!((&offer["can"], &offer["parts"]["account"]["fields"]["name"]), (&json!(true), &json!("Lindental")));
        kim.posts(&format!("{path}/convert"), &json!({})).is_invalid(&["lead.becomes_nothing"]);
        let unclear = kim.posts(&format!("{path}/convert"), &json!({"account": {}})).is_invalid(&["lead.part_unclear:account"]);
        assert!(unclear.body["violations"][0]["message"].as_str().unwrap().contains("either"), "{:#}", unclear.body);
        let wrong = kim
            .posts(&format!("{path}/convert"), &json!({"account": {"fields": {"name": ""}}}))
            .is_invalid(&["field.required:account/name"]);
        assert_eq!(wrong.body["violations"][0]["message"], "Account name must be filled.");
        let (a, b) = (ada.creates("account", &json!({"name": "A"})), ada.creates("account", &json!({"name": "B"})));
        let contact = ada.creates("contact", &json!({"name": "Anna", "account": a.id}));
        kim.posts(&format!("{path}/convert"), &json!({"account": {"id": b.id}, "contact": {"id": contact.id}}))
            .is_invalid(&["lead.contact_elsewhere:contact/id"]);

        let body = json!({"account": {"id": a.id}, "contact": {"id": contact.id}, "opportunity": {"fields": {"name": "Line"}}});
        let key = [("idempotency-key", "convert-1")];
        let ask = || kim.asks(axum::http::Method::POST, &format!("{path}/convert"), &key, Some(&body));
        let done = ask().is_ok().body;
        assert_eq!((&done["account"]["id"], &done["opportunity"]["fields"]["lead"]), (&json!(a.id), &json!(lead.id)));
        assert_eq!(ask().is_ok().body["opportunity"]["id"], done["opportunity"]["id"], "the same request again is answered as before");
        let late = kim.posts(&format!("{path}/convert"), &body).is_invalid(&["lead.converted"]);
        assert_eq!(late.body["violations"][0]["params"]["opportunity"], done["opportunity"]["id"]);
        let offer = kim.gets(&format!("{path}/conversion")).is_ok().body;
        assert_eq!((&offer["can"], &offer["became"]["opportunity"]), (&json!(false), &done["opportunity"]["id"]));
    });
}

#[test]
fn the_mapping_is_changed_by_administrators() {
    both(|office| {
        let ada = office.ada();
        office.kim().gets("/lead-conversion").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let mapping = ada.gets("/lead-conversion").is_ok().body;
        assert!(
            mapping["choices"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["from"] == "email" && one["contact"] == json!(["name", "title", "section", "email", "description"])),
            "{:#}",
            mapping["choices"]
        );
        let wrong = ada
            .puts("/lead-conversion", &json!({"account": [{"from": "amount", "to": "city"}]}))
            .is_invalid(&["lead_conversion.types_differ:account/0/to"]);
        assert_eq!(
            wrong.body["violations"][0]["message"],
            "“Expected amount” (currency) does not fit into “City”. Choose a field of a type that can hold it."
        );
        let saved = ada.asks(axum::http::Method::PUT, "/lead-conversion", &[("if-match", "\"0\"")], Some(&mapping)).is_ok();
        assert_eq!(saved.body["version"], 1);
        let late = ada.asks(axum::http::Method::PUT, "/lead-conversion", &[("if-match", "\"0\"")], Some(&mapping));
        late.refused(StatusCode::CONFLICT, "record.version_conflict");
        let uses = ada.gets("/objects/lead/fields/company/uses").is_ok().body;
        let kinds: Vec<&str> = uses["items"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
        assert!(kinds.contains(&"lead_conversion"), "{kinds:?}");
        let told: &Json = &ada.posts("/objects/lead/fields/phone/act", &json!({"act": "disable"})).body["violations"][0];
        assert!(told["message"].as_str().unwrap().contains("Lead conversion"), "{told:#}");
    });
}
