//! Object Management, bulk acts and files over the API.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Answer, Office, Person, both, one};

const FIELDS: &str = "/objects/opportunity/fields";

fn label(text: &str) -> Json {
    json!({"en": text})
}

fn visit(ada: Person<'_>) -> String {
    let body = json!({"label": {"en": "Site visit", "zh-CN": "现场拜访"}, "plural": label("Site visits"), "icon": "map-pin"});
    let made = ada.posts("/objects", &body).is(StatusCode::CREATED);
    assert_eq!((made.body["object"]["state"].as_str(), made.body["job"]["state"].as_str()), (Some("live"), Some("done")));
    made.body["object"]["key"].as_str().unwrap().to_owned()
}

fn adds(ada: Person<'_>, object: &str, body: &Json) -> String {
    let made = ada.posts(&format!("/objects/{object}/fields"), body).is(StatusCode::CREATED);
    assert_eq!(made.body["field"]["state"], "live", "{:#}", made.body);
    made.body["field"]["key"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_object_is_in_the_api_and_its_description_at_once() {
    both(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let visit = visit(ada);
        adds(ada, &visit, &json!({"key": "x_deal", "label": label("Deal"), "type": "reference", "object": "opportunity"}));
        adds(ada, &visit, &json!({"key": "x_hours", "label": label("Hours"), "type": "number", "scale": 1}));
        adds(
            ada,
            &visit,
            &json!({"key": "x_pay", "label": label("Pay"), "type": "calculated", "formula": "x_hours * 40", "result": "currency", "indexed": true}),
        );
        adds(
            ada,
            "opportunity",
            &json!({"key": "x_visits", "label": label("Visits"), "type": "statistical", "of": visit, "via": "x_deal", "function": "count"}),
        );
        let deal = kim.opens_a_deal(&json!({}));
        kim.creates(&visit, &json!({"name": "Depot", "x_deal": deal.id, "x_hours": "2.5"}));
        assert_eq!(kim.sees(&deal).is_ok().field("x_visits"), "1");
        let list = kim
            .gets("/records/x_site_visit?sort=-x_pay&filter=%7B%22field%22:%22x_pay%22,%22op%22:%22gt%22,%22value%22:%2299%22%7D")
            .is_ok();
        assert_eq!(list.body["items"][0]["fields"]["x_pay"], json!({"amount": "100.00", "currency": "USD"}));
        let described = kim.gets("/openapi.json").is_ok().body;
        let fields = &described["components"]["schemas"]["XSiteVisitFields"]["properties"];
        assert_eq!(fields["x_pay"]["readOnly"], true);
        assert_eq!(fields["x_deal"]["x-object"], "opportunity");
        assert_eq!(described["components"]["schemas"]["OpportunityFields"]["properties"]["x_visits"]["format"], "decimal");
        let objects = kim.gets("/objects").is_ok().body;
        let shown = objects["objects"].as_array().unwrap().iter().find(|object| object["key"] == "x_site_visit").unwrap().clone();
        assert_eq!((shown["icon"].as_str(), shown["label"]["zh-CN"].as_str()), (Some("map-pin"), Some("现场拜访")));
        let groups = kim.gets("/records/x_site_visit/groups?group=x_deal&sums=x_pay").is_ok().body;
        assert_eq!(groups["items"][0]["count"], 1);
        let csv = kim.gets("/records/x_site_visit/export?format=csv&header=keys&fields=name,x_hours,x_pay");
        // A salesperson hands out no lists of customers, and this object is as theirs.
        csv.refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let csv = ada.gets("/records/x_site_visit/export?format=csv&header=keys&fields=name,x_hours,x_pay").is_ok();
        assert!(csv.text.contains("Depot") && csv.text.contains("100.00"), "{}", csv.text);
        ada.gets("/jobs").is_ok();
        assert!(ada.gets("/object-definitions").is_ok().body["items"].as_array().unwrap().iter().any(|one| one["key"] == "x_site_visit"));
        assert!(ada.gets("/formula-functions").is_ok().body["items"].as_array().unwrap().len() > 20);
    });
}

#[test]
fn a_formula_is_tried_before_it_is_saved() {
    one(|office| {
        let ada = office.ada();
        let deal = office.kim().opens_a_deal(&json!({"amount": "250"}));
        let tries = |formula: &str, result: &str| {
            ada.posts("/objects/opportunity/formula", &json!({"formula": formula, "result": result, "record": deal.id})).is_ok().body
        };
        let good = tries("amount * 2", "currency");
        assert_eq!(
            (good["ok"].as_bool(), &good["value"]["amount"], good["indexable"].as_bool()),
            (Some(true), &json!("500.00"), Some(true))
        );
        assert_eq!(good["record"]["name"], "Pumps for Bremen");
        let blank = tries("100 / (win_rate - win_rate)", "number");
        assert_eq!(blank["note"]["code"], "formula.division_by_zero");
        assert!(blank["note"]["message"].as_str().unwrap().len() > 10);
        let wrong = tries("amount + nme", "currency");
        assert_eq!((wrong["ok"].as_bool(), wrong["violations"][0]["params"]["from"].as_i64()), (Some(false), Some(9)));
        assert!(wrong["violations"][0]["message"].as_str().unwrap().contains("nme"));
        assert_eq!(tries("today()", "date")["indexable"], false);
        ada.posts("/objects/opportunity/formula", &json!({"formula": "1", "result": "gossip"}))
            .refused(StatusCode::BAD_REQUEST, "request.malformed");
        // Hostile ones end soon.
        for hostile in ["(".repeat(4000), "1+".repeat(2400) + "1", "9".repeat(4000), format!("\"{}\"", "x".repeat(200_000))] {
            let began = std::time::Instant::now();
            assert_eq!(tries(&hostile, "number")["ok"], false);
            assert!(began.elapsed().as_millis() < 500);
        }
    });
}

#[test]
fn what_stands_against_shaping_is_told() {
    one(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let visit = visit(ada);
        let add = |body: Json| ada.posts(FIELDS, &body);
        add(json!({"label": label("A"), "type": "gossip"})).is_invalid(&["field.definition"]);
        add(json!({"label": label("A"), "type": "long_text", "fast": true})).is_invalid(&["field.not_with_type:fast"]);
        add(json!({"label": label("A"), "type": "master", "object": "account"})).is_invalid(&["field.master:type"]);
        add(json!({"label": label("A"), "type": "statistical", "of": "contact_role", "via": "opportunity", "function": "sum", "field": "role"}))
            .is_invalid(&["statistical.field:field"]);
        let condition = json!({"field": "contact.name", "op": "is_empty"});
        add(json!({"label": label("A"), "type": "statistical", "of": "contact_role", "via": "opportunity", "function": "count", "condition": condition}))
            .finds_first("statistical.condition");
        add(json!({"label": label("A"), "type": "calculated", "formula": "now()", "result": "datetime", "indexed": true}))
            .finds_first("formula.not_indexable");
        let text = adds(ada, "opportunity", &json!({"label": label("Ticket"), "type": "text", "pattern": "T-[0-9]+"}));
        kim.tries_to_create("opportunity", &json!({"name": "x", &text: "nope"})).is_invalid(&[&format!("field.pattern:{text}")]);
        ada.patches(&format!("{FIELDS}/{text}"), &json!({"type": "number"})).is_invalid(&["field.fixed:type"]);
        let plain = adds(
            ada,
            "opportunity",
            &json!({"label": label("Twice"), "type": "calculated", "formula": "win_rate * 2", "result": "number"}),
        );
        let filter = format!("/records/opportunity?filter=%7B%22field%22:%22{plain}%22,%22op%22:%22is_empty%22%7D");
        kim.gets(&filter).is_invalid(&[&format!("field.not_indexed:{plain}")]);
        for n in 0..2 {
            kim.opens_a_deal(&json!({&text: "T-1", "name": format!("Deal {n}")}));
        }
        ada.patches(&format!("{FIELDS}/{text}"), &json!({"unique": true})).is_invalid(&["field.values_not_unique:unique"]);
        let act = |field: &str, act: &str| ada.posts(&format!("{FIELDS}/{field}/act"), &json!({ "act": act }));
        act("amount", "disable").is_invalid(&["field.essential"]);
        act("competitor", "hide").is_invalid(&["field.preset"]);
        act("win_rate", "disable").is_invalid(&["field.essential"]);
        act(&text, "recover").is_invalid(&["field.wrong_state"]);
        let on_text =
            json!({"key": "x_loud", "label": label("Loud"), "type": "calculated", "formula": format!("upper({text})"), "result": "text"});
        adds(ada, "opportunity", &on_text);
        let refused = act(&text, "hide").is_invalid(&["field.in_use"]);
        assert_eq!(refused.body["violations"][0]["message"], "It is used by “Loud” (calculated field, formula). Take it out there first.");
        let uses = ada.gets(&format!("{FIELDS}/{text}/uses")).is_ok().body;
        assert_eq!(uses["items"][0]["link"], "/admin/objects/opportunity?field=x_loud");
        act("x_loud", "hide").is_ok();
        act(&text, "hide").is_ok();
        act(&text, "drop").is_ok();
        add(json!({"key": text, "label": label("Ticket"), "type": "text"})).is_invalid(&["field.key_retired:key"]);

        let reference = json!({"key": "x_last", "label": label("Last visit"), "type": "reference", "object": visit});
        adds(ada, "opportunity", &reference);
        let turn = |object: &str, act: &str| ada.posts(&format!("/objects/{object}/act"), &json!({ "act": act }));
        turn(&visit, "hide").is_invalid(&["object.in_use"]);
        turn("account", "hide").is_invalid(&["object.preset"]);
        turn(&visit, "recover").is_invalid(&["object.wrong_state"]);
        let shape = |object: &str, body: Json| ada.patches(&format!("/objects/{object}"), &body);
        shape("opportunity_line", json!({"base": "private"})).is_invalid(&["object.base_of_sub_object:base"]);
        shape("contact_role", json!({"base": "private"})).is_invalid(&["object.base_needs_owner:base"]);
        shape("account", json!({"base": {"by_parent": "parent"}})).is_invalid(&["object.base_circle:base"]);
        let twice = json!([{"roles": ["salesperson"], "sections": []}, {"roles": ["salesperson"], "sections": [{"label": {}, "fields": ["name", "name"]}]}]);
        shape("opportunity", json!({ "layouts": twice })).is_invalid(&["layout.role_twice", "layout.field_twice"]);
        let rule = json!({"condition": {"field": "amount", "op": "gt", "value": "1000000"}, "message": {"en": "Call the board first", "zh-CN": "请先联系董事会"}, "field": "amount"});
        shape("opportunity", json!({"validations": [rule]})).is_ok();
        let refused =
            kim.tries_to_create("opportunity", &json!({"name": "x", "amount": "2000000"})).is_invalid(&["validation.failed:amount"]);
        assert!(refused.body["violations"][0]["message"].as_str().unwrap().starts_with("Call the board first"));
        for _ in 0..9 {
            let made = ada
                .posts(&format!("/objects/{visit}/fields"), &json!({"label": label("Fast"), "type": "number", "scale": 0, "fast": true}));
            if made.status != StatusCode::CREATED {
                made.is_invalid(&["object.too_many_indexes:fast"]);
                break;
            }
        }
        assert_eq!(
            ada.gets(&format!("/objects/{visit}/definition")).is_ok().body["room"],
            json!({"fields": 7, "limit": 400, "indexes": 8, "index_limit": 8})
        );
        let job = ada.gets("/jobs").is_ok().body["items"][0]["id"].as_str().unwrap().to_owned();
        ada.posts(&format!("/jobs/{job}/retry"), &json!({})).is_invalid(&["job.not_failed"]);
        ada.posts(&format!("/jobs/{job}/cancel"), &json!({})).is_invalid(&["job.not_cancellable"]);
        kim.posts("/objects", &json!({"label": label("A"), "plural": label("A")})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn an_object_has_room_for_so_many_fields() {
    one(|office| {
        let ada = office.ada();
        let visit = visit(ada);
        // Those that are not stored are made at once.
        for _ in 0..400 {
            let body = json!({"label": label("F"), "type": "calculated", "formula": "1", "result": "number"});
            ada.posts(&format!("/objects/{visit}/fields"), &body).is(StatusCode::CREATED);
        }
        let body = json!({"label": label("F"), "type": "calculated", "formula": "1", "result": "number"});
        ada.posts(&format!("/objects/{visit}/fields"), &body).is_invalid(&["object.too_many_fields"]);
    });
}

#[test]
fn many_records_are_changed_each_with_its_own_result_and_taken_back() {
    both(|office| {
        let (kim, mona, lee) = (office.kim(), office.mona(), office.lee());
        let deals: Vec<_> = (0..5).map(|n| kim.opens_a_deal(&json!({"name": format!("Deal {n}"), "next_step": "Call"}))).collect();
        let foreign = lee.opens_a_deal(&json!({"name": "Foreign"}));
        kim.moves_with(&deals[4], &json!({"stage": "lost", "fields": {"lost_reason": "price"}})).is_ok();
        let ids: Vec<&str> = deals.iter().map(|deal| deal.id.as_str()).chain([foreign.id.as_str()]).collect();
        let bulk = |person: Person<'_>, body: &Json| person.posts("/records/opportunity/bulk", body);
        let edit = json!({"ids": ids, "act": "edit", "fields": {"next_step": "Visit"}});
        let mut dry = edit.clone();
        dry["dry_run"] = true.into();
        let tried = bulk(mona, &dry).is_ok().body;
        assert_eq!((tried["changed"].as_i64(), tried["refused"].as_i64(), tried["id"].is_null()), (Some(5), Some(1), true));
        assert_eq!(mona.sees(&deals[0]).field("next_step"), "Call");
        let done = bulk(mona, &edit).is_ok().body;
        assert_eq!((done["state"].as_str(), done["changed"].as_i64(), done["refused"].as_i64()), (Some("done"), Some(5), Some(1)));
        assert_eq!((done["results"][0]["result"].as_str(), done["results"][0]["code"].as_str()), (Some("refused"), Some("not_found")));
        assert!(done["results"][0]["name"].is_null(), "what one may not see is not named");
        assert_eq!(mona.sees(&deals[0]).field("next_step"), "Visit");
        // Somebody goes on from there with one of them.
        let seen = mona.sees(&deals[0]).known();
        kim.edits(&seen, &json!({"next_step": "Sign"})).is_ok();
        let path = format!("/bulk/{}", done["id"].as_str().unwrap());
        kim.gets(&path).is_not_found();
        let undone = mona.posts(&format!("{path}/undo"), &json!({})).is_ok().body;
        assert_eq!((undone["changed"].as_i64(), undone["refused"].as_i64()), (Some(4), Some(1)));
        assert_eq!(undone["results"][0]["code"], "record.version_conflict");
        assert_eq!((mona.sees(&deals[0]).field("next_step"), mona.sees(&deals[1]).field("next_step")), (&json!("Sign"), &json!("Call")));
        assert_eq!(mona.gets(&path).is_ok().body["state"], "undone");
        mona.posts(&format!("{path}/undo"), &json!({})).is_invalid(&["bulk.cannot_be_undone"]);
        // Rules hold here as everywhere.
        let bad = json!({"filter": {"field": "name", "op": "starts_with", "value": "Deal"}, "act": "edit", "fields": {"name": ""}});
        let refused = bulk(mona, &bad).is_ok().body;
        assert_eq!((refused["total"].as_i64(), refused["refused"].as_i64()), (Some(5), Some(5)));
        assert_eq!(refused["results"][0]["violations"][0]["code"], "field.required");
        assert!(refused["results"][0]["violations"][0]["message"].as_str().unwrap().len() > 10);
        let gone = bulk(mona, &json!({"ids": [deals[1].id, deals[2].id], "act": "void"})).is_ok().body;
        assert_eq!(gone["changed"], 2);
        mona.posts(&format!("/bulk/{}/undo", gone["id"].as_str().unwrap()), &json!({})).is_ok();
        mona.sees(&deals[1]).is_ok();
        let given = bulk(mona, &json!({"ids": [deals[3].id], "act": "change_owner", "owner": mona.id.to_string()})).is_ok().body;
        mona.posts(&format!("/bulk/{}/undo", given["id"].as_str().unwrap()), &json!({})).is_ok();
        assert_eq!(mona.sees(&deals[3]).field("owner"), &json!(kim.id.to_string()));
        bulk(mona, &json!({"act": "void"})).is_invalid(&["bulk.nothing_chosen:ids"]);
        bulk(
            mona,
            &json!({"ids": deals.iter().map(|deal| deal.id.as_str()).collect::<Vec<_>>(), "act": "edit", "fields": {"stage": "won"}}),
        )
        .is_invalid(&["bulk.no_stage:stage"]);
        let many: Vec<String> = (0..10_001).map(|_| deals[0].id.clone()).collect();
        bulk(mona, &json!({"ids": many, "act": "void"})).is_invalid(&["bulk.too_many:ids"]);
        bulk(kim, &json!({"ids": [deals[0].id], "act": "change_owner", "owner": lee.id.to_string()}))
            .refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn a_request_that_comes_twice_makes_one_object_and_one_field() {
    both(|office| {
        let ada = office.ada();
        let again = |path: &str, body: &Json| {
            let made: Vec<Answer> =
                (0..2).map(|_| ada.asks(Method::POST, path, &[("idempotency-key", path)], Some(body)).is(StatusCode::CREATED)).collect();
            (made[0].body.clone(), made[1].body.clone())
        };
        let (first, second) = again("/objects", &json!({"label": label("Site visit"), "plural": label("Site visits")}));
        assert_eq!((first["object"]["key"].as_str(), second["object"]["key"].as_str()), (Some("x_site_visit"), Some("x_site_visit")));
        let (first, second) = again("/objects/account/fields", &json!({"label": label("Code"), "type": "text"}));
        assert_eq!((first["field"]["key"].as_str(), second["field"]["key"].as_str()), (Some("x_code"), Some("x_code")));
        let definitions = ada.gets("/object-definitions").is_ok().body;
        assert_eq!(definitions["items"].as_array().unwrap().iter().filter(|one| one["preset"] == false).count(), 1);
    });
}

#[test]
fn of_two_who_shape_one_object_at_once_the_second_is_shown_what_the_first_did() {
    both(|office| {
        let ada = office.ada();
        let version = ada.gets("/objects/account/definition").is_ok().body["version"].as_i64().unwrap();
        let seen = format!("\"{version}\"");
        let layout = |text: &str| json!({"layouts": [{"roles": [], "sections": [{"label": label(text), "fields": ["name"]}]}]});
        let first = ada.asks(Method::PATCH, "/objects/account", &[("if-match", &seen)], Some(&layout("First"))).is_ok();
        assert_eq!(first.body["object"]["version"].as_i64(), Some(version + 1));
        let second = ada.asks(Method::PATCH, "/objects/account", &[("if-match", &seen)], Some(&layout("Second")));
        let second = second.refused(StatusCode::CONFLICT, "record.version_conflict");
        assert_eq!(second.body["record"]["layouts"][0]["sections"][0]["label"]["en"], "First");
        let field = ada.asks(Method::PATCH, "/objects/account/fields/city", &[("if-match", &seen)], Some(&json!({"label": label("Town")})));
        field.refused(StatusCode::CONFLICT, "record.version_conflict");
        ada.patches("/objects/account/fields/city", &json!({"label": label("Town")})).is_ok();
    });
}

fn upload(office: &Office, person: Person<'_>, name: &str, content: &[u8]) -> Answer {
    let mut body = format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n")
        .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/files")
        .header("authorization", person.bearer())
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap();
    office.sends(request)
}

#[test]
fn files_hang_on_records_and_are_served_inert_to_those_who_see_them() {
    both(|office| {
        let (ada, kim, lee) = (office.ada(), office.kim(), office.lee());
        let field = adds(ada, "opportunity", &json!({"label": label("Papers"), "type": "attachment"}));
        let sent = upload(office, kim, "../方案 1.html", b"<script>alert(1)</script>").is(StatusCode::CREATED).body;
        assert_eq!((sent["name"].as_str(), sent["media_type"].as_str()), (Some("方案 1.html"), Some("text/plain")));
        let file = sent["id"].as_str().unwrap().to_owned();
        lee.gets(&format!("/files/{file}")).is_not_found();
        lee.tries_to_create("opportunity", &json!({"name": "x", &field: [file]})).is_invalid(&[&format!("file.unknown:{field}")]);
        let deal = kim.opens_a_deal(&json!({&field: [file]}));
        let shown = kim.sees(&deal).is_ok();
        assert_eq!((shown.field(&field), shown.body["refs"][&file]["name"].as_str()), (&json!([file]), Some("方案 1.html")));
        let got = office.mona().gets(&format!("/files/{file}")).is_ok();
        assert_eq!(got.text, "<script>alert(1)</script>");
        assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment; filename="));
        assert_eq!(got.headers["x-content-type-options"], "nosniff");
        assert!(got.headers["content-security-policy"].to_str().unwrap().contains("sandbox"), "{:?}", got.headers);
        lee.gets(&format!("/files/{file}")).is_not_found();
        upload(office, kim, "empty.txt", b"").is_invalid(&["file.missing:file"]);
        upload(office, kim, "large.bin", &vec![0; (10 << 20) + 1]).is_invalid(&["file.too_large:file"]);
        let nothing = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/files")
            .header("authorization", kim.bearer())
            .header("content-type", "multipart/form-data; boundary=b")
            .body(Body::from("--b--\r\n"))
            .unwrap();
        office.sends(nothing).is_invalid(&["file.missing:file"]);
    });
}
