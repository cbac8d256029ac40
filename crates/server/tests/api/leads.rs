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

/// A form with a public key.
fn form(office: &crate::office::Office, more: &Json) -> Json {
    let mut body = json!({
        "name": "Contact us", "fields": [{"field": "name", "required": true}, {"field": "email"}, {"field": "description"}],
        "origins": ["https://shop.example"], "values": {"lead_source": "website"},
    });
    more.as_object().unwrap().iter().for_each(|(key, value)| body[key] = value.clone());
    office.ada().posts("/web-forms", &body).is(StatusCode::CREATED).body
}

#[test]
fn the_world_sends_leads_by_a_public_key() {
    both(|office| {
        let form = form(office, &json!({}));
        let path = format!("/api/v1/public/leads/{}", form["public_key"].as_str().unwrap());
        let send = |headers: &[(&str, &str)], body: &Json| office.asks("POST", &path, headers, Some(body));
        let sent = send(&[], &json!({"name": "Anna", "email": "anna@lindental.example"})).is(StatusCode::CREATED);
        assert_eq!(sent.body["result"], "received");
        assert!(!sent.text.contains("019"), "no id is told: {}", sent.text);
        let lead = office.ada().gets("/records/lead").body["items"][0].clone();
        assert_eq!((&lead["fields"]["name"], &lead["fields"]["lead_status"]), (&json!("Anna"), &json!("unassigned")));
        // Twice is once; a trapped one is answered alike; a wrong one is told what is wrong.
        send(&[], &json!({"name": "Anna", "email": "anna@lindental.example"})).is(StatusCode::CREATED);
        send(&[], &json!({"name": "Spam", "_leave_this_empty": "http://spam.example"})).is(StatusCode::CREATED);
        send(&[], &json!({"fields": {"email": "x", "owner": "y"}})).is_invalid(&[
            "field.unknown:owner",
            "field.required:name",
            "field.invalid:email",
        ]);
        send(&[], &json!({"name": "Fast", "_elapsed": 100})).is_invalid(&["web_form.too_fast"]);
        assert_eq!(office.ada().gets("/records/lead?count=exact").body["count"], 1);
        // Pages of other sites: the list says which.
        let from = |origin: &'static str| [("origin", origin)];
        let allowed = send(&from("https://shop.example"), &json!({"name": "Bruno"})).is(StatusCode::CREATED);
        assert_eq!(allowed.headers["access-control-allow-origin"], "https://shop.example");
        let refused = send(&from("https://evil.example"), &json!({"name": "Clara"})).refused(StatusCode::FORBIDDEN, "web_form.origin");
        assert!(!refused.headers.contains_key("access-control-allow-origin"));
        assert_eq!(office.asks("OPTIONS", &path, &from("https://shop.example"), None).status, StatusCode::NO_CONTENT);
        assert_eq!(office.asks("OPTIONS", &path, &from("https://evil.example"), None).status, StatusCode::FORBIDDEN);
        assert_eq!(office.asks("POST", "/api/v1/public/leads/nothing", &[], Some(&json!({}))).status, StatusCode::NOT_FOUND);
        // Too many from one address.
        let answers: Vec<StatusCode> = (0..14).map(|n| send(&[], &json!({"name": format!("N{n}")})).status).collect();
        assert!(answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
    });
}

#[test]
fn a_form_has_a_page_and_html_to_copy() {
    one(|office| {
        let form = form(office, &json!({"title": "Ask <us>", "language": "zh-CN"}));
        let path = format!("/api/v1/public/leads/{}", form["public_key"].as_str().unwrap());
        let page = office.asks("GET", &path, &[], None);
        assert!(
            page.text.contains("Ask &lt;us&gt;") && page.text.contains("姓名") && page.text.contains("name=\"_stamp\""),
            "{}",
            page.text
        );
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        // What is wrong stands at its place, with what was filled in.
        let again = filled(office, &path, "name=&email=nonsense&description=A+%26+B&_elapsed=9000");
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            again.text.contains("id=\"wrong-email\"") && again.text.contains("id=\"wrong-name\"") && again.text.contains("A &amp; B"),
            "{}",
            again.text
        );
        let fast = filled(office, &path, "name=Anna");
        assert!(fast.text.contains("role=\"alert\""), "{}", fast.text);
        let done = filled(office, &path, "name=Anna&_elapsed=9000");
        assert!(done.status == StatusCode::OK && done.text.contains("谢谢"), "{}", done.text);
        let snippet = office.ada().gets(&format!("/web-forms/{}/snippet", form["id"].as_str().unwrap())).is_ok().body;
        assert!(snippet["html"].as_str().unwrap().contains(&path) && snippet["html"].as_str().unwrap().contains("_elapsed"), "{snippet:#}");
        office.ada().posts("/web-forms", &json!({"name": "Bare"})).is_invalid(&["web_form.required_missing:fields"]);
        office.ada().posts("/lead-assignment-rules", &json!({"name": "Rest", "to": []})).is_invalid(&["field.required:to"]);
        let open = office.mona().creates("lead", &json!({"name": "Bruno", "owner": null}));
        office.mona().posts(&format!("{}/assign", open.path()), &json!({"by_rules": true})).is_invalid(&["lead.no_rule_takes_it"]);
    });
}

/// Sends what a plain form sends.
fn filled(office: &crate::office::Office, path: &str, body: &str) -> crate::office::Answer {
    let request = axum::http::Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    office.sends(request.body(body.to_owned().into()).unwrap())
}
