//! A walk over the whole description as nobody, as a stranger and as one who may only read: whatever lets them in is listed here
//! by name.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};
use server::openapi;

use crate::office::{Known, Office, Person, one};

/// Open to all.
const OPEN: [&str; 10] = [
    // Websites and their visitors: leads come in by a form's public key.
    "GET /public/leads/{key}",
    "OPTIONS /public/leads/{key}",
    "POST /public/leads/{key}",
    "GET /setup",
    "POST /setup",
    "POST /auth/login",
    "POST /auth/second-factor",
    "POST /auth/logout",
    // Visits of a browser: they lead to the provider, and back to the sign-in page or into the app.
    "GET /auth/provider",
    "GET /auth/provider/callback",
];

/// Open to everybody who is signed in, since it is about himself, or about what is the same for all.
const FOR_ALL: [&str; 83] = [
    // Of the deals that one sees.
    "GET /analysis/stage-conversion",
    "GET /analysis/stage-conversion/deals",
    // Of the records that one sees.
    "GET /analysis/figures",
    "GET /analysis/figures/records",
    "GET /analysis/win-loss",
    "GET /analysis/ageing",
    "GET /analysis/leaderboard",
    "GET /analysis/activity",
    // One's own charts and those shared with one; one's own Home.
    "GET /charts",
    "POST /charts",
    "GET /home",
    "PUT /home",
    "DELETE /home",
    "GET /home/gallery",
    "GET /analysis/pipeline",
    "GET /analysis/pipeline/deals",
    "GET /analysis/as-of",
    "GET /analysis/as-of/deals",
    "GET /analysis/waterfall",
    "GET /analysis/waterfall/deals",
    // Of oneself and those below.
    "GET /analysis/forecast",
    "GET /analysis/forecast/deals",
    "GET /analysis/forecast/history",
    "GET /targets",
    "GET /analysis/projection",
    "GET /analysis/projection/deals",
    "GET /analysis/projection/back-test",
    // The jobs that he asked for himself.
    "GET /jobs",
    // What one is told oneself, and what waits for one.
    "GET /todo",
    // What one is asked, and has asked for; an answer to many tells of each, of one that is not one's own that it is not there.
    "GET /approvals",
    "POST /approvals/act-many",
    "GET /me/deputy",
    "GET /me/deputy-of",
    "PUT /me/deputy",
    "GET /notifications",
    "POST /notifications/read",
    "POST /notifications/unread",
    "GET /me/notification-preferences",
    "PUT /me/notification-preferences",
    // What one holds oneself, what one's people do, and whether there is room for more; asking stores nothing.
    "GET /holdings/me",
    "GET /holdings/team",
    "GET /holdings/wait",
    "POST /holdings/check",
    // When others work is no secret; reading days and reckoning store nothing.
    "GET /calendars",
    "GET /calendars/{id}",
    "GET /calendars/of/{department}",
    "POST /calendars/days",
    "POST /calendars/{id}/reckon",
    "GET /me/sessions",
    "DELETE /me/sessions",
    "GET /me/second-factor",
    // Begins what nothing follows from until a code confirms it.
    "POST /me/second-factor",
    "GET /departments",
    "GET /me/recent",
    "GET /records/{object}/groups",
    "GET /views",
    "POST /views",
    "GET /formula-functions",
    "GET /me",
    "PATCH /me",
    "GET /me/tokens",
    "POST /me/tokens",
    // What he has asked, and what he is asked.
    "GET /join-requests",
    // Of pools, those that one is in.
    "GET /pools",
    "GET /objects",
    "GET /objects/{object}",
    "GET /records/{object}",
    "GET /records/opportunity/board",
    "GET /search",
    "GET /processes",
    "GET /processes/{id}",
    "GET /organisation",
    "GET /currency-rates",
    "GET /roles",
    "GET /roles/acts",
    "GET /roles/{key}",
    // His own, and templates that are shared with those who may import.
    "GET /imports",
    "GET /imports/files",
    "GET /imports/templates",
    "GET /events",
    "GET /openapi.json",
    "POST /auth/logout",
    "GET /setup",
];

/// Open to whoever sees the record, if he may read its object (or, of the one, take it away with him).
const READS: [&str; 21] = [
    "GET /records/{object}/{id}/approvals",
    "GET /records/{object}/{id}/duplicates",
    "GET /records/{object}/{id}/merges",
    "GET /records/{object}/{id}/timeline",
    "GET /records/{object}/{id}/comments",
    "GET /records/{object}/{id}/mentionable",
    "GET /records/{object}/{id}",
    "GET /records/{object}/by/{source}/{external_id}",
    "GET /records/{object}/export",
    "POST /me/recent",
    "GET /records/{object}/{id}/history",
    "GET /records/{object}/{id}/access",
    "GET /records/{object}/{id}/access/{person}",
    "GET /records/{object}/{id}/team",
    "GET /records/opportunity/{id}/path",
    "GET /records/opportunity/{id}/processes",
    "GET /records/opportunity/{id}/tasks",
    "GET /records/opportunity/{id}/stays",
    "GET /records/opportunity/{id}/slips",
    "GET /records/opportunity/{id}/decision-map",
    "GET /prices",
];

/// Open to those whose role reads the trace.
const AUDITORS: [&str; 2] = ["GET /audit", "GET /audit/export"];

struct Call {
    name: String,
    method: Method,
    path: String,
    body: Option<Json>,
}

/// Every call of the description, about this deal, with a body that would do something.
fn calls(office: &Office, deal: &Known) -> Vec<Call> {
    calls_about(office, deal, "opportunity", "stage")
}

/// Every call of the description, about a record of whichever object.
fn calls_about(office: &Office, deal: &Known, object: &str, field: &str) -> Vec<Call> {
    let document = openapi::fixed();
    let process = office.ada().gets("/processes").body["items"][0].clone();
    let calendar = office.ada().gets("/calendars").body["items"][0]["id"].as_str().unwrap().to_owned();
    let department = office.ada().gets("/records/department").body["items"][0]["id"].as_str().unwrap().to_owned();
    let slips = office.ada().gets(&format!("{}/slips", deal.path())).body["items"].clone();
    let slip = slips[0]["id"].as_str().unwrap_or(&deal.id).to_owned();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let name = format!("{method} {path}");
            let id = match path.split('/').nth(1) {
                Some("processes") => process["id"].as_str().unwrap(),
                Some("calendars") => &calendar,
                _ => deal.id.as_str(),
            };
            let filled = path
                .replace("{object}", object)
                .replace("{field}", field)
                .replace("{source}", "oldcrm")
                .replace("{external_id}", "E1")
                .replace("{key}", "auditor")
                .replace("{role}", "auditor")
                .replace("{version}", "1")
                .replace("{session}", &deal.id)
                .replace("{slip}", &slip)
                .replace("{person}", &office.lee().id.to_string())
                .replace("{department}", &department)
                .replace("{currency}/{day}", "EUR/2026-01-01")
                .replace("{id}", id);
            let filled = if name == "GET /duplicate-groups" { format!("{filled}?object=opportunity") } else { filled };
            let filled = if name.ends_with("/groups") { format!("{filled}?group=stage&sums=amount") } else { filled };
            let number =
                "%7B%22object%22%3A%22opportunity%22%2C%22chart_type%22%3A%22number%22%2C%22measure%22%3A%7B%22kind%22%3A%22count%22%7D%7D";
            let filled = if name.starts_with("GET /analysis/figures") { format!("{filled}?chart={number}") } else { filled };
            let filled = if name == "GET /prices" { format!("{filled}?object=opportunity&id={}", deal.id) } else { filled };
            let body = body(&name, office, &process, deal);
            calls.push(Call { name, method, path: filled, body });
        }
    }
    assert!(calls.len() > 40, "the walk sees the whole API");
    calls
}

fn body(name: &str, office: &Office, process: &Json, deal: &Known) -> Option<Json> {
    Some(match name {
        "POST /setup" => {
            json!({"organisation": "x", "main_currency": "USD", "time_zone": "UTC", "language": "en", "name": "x", "email": "x@example.com", "password": "long enough"})
        }
        "POST /auth/login" => json!({"email": "x@example.com", "password": "long enough"}),
        "POST /auth/second-factor" | "POST /me/second-factor/confirm" => json!({"code": "000000"}),
        "POST /sign-in-settings/try-provider" => json!({"issuer": "http://127.0.0.1:9"}),
        "PATCH /sign-in-settings" => json!({"second_factor": "everybody"}),
        "PATCH /me" => json!({"language": "en"}),
        "POST /notifications/read" | "POST /notifications/unread" => json!({"all": true}),
        "PUT /me/notification-preferences" => json!({"kinds": [], "digest_at": "08:00", "digest_days": []}),
        "PUT /organisation/mail" => json!({"host": "mail.example.com", "sender_address": "stolen@example.com"}),
        "PUT /me/deputy" => json!({}),
        "POST /me/password" => json!({"current": "x", "new": "long enough"}),
        "POST /me/tokens" => json!({"name": "x"}),
        "POST /me/recent" => json!({"object": "opportunity", "id": deal.id}),
        "POST /people/{id}/password" => json!({"password": "long enough"}),
        "POST /people/{id}/disable" => json!({"spread": []}),
        "POST /people/{id}/enable" => json!({"reason": "x"}),
        "PUT /objects/{object}/fields/{field}/options" => json!({"options": []}),
        "POST /records/{object}" => json!({"fields": {"name": "Stolen"}}),
        "PATCH /records/{object}/{id}" => json!({"fields": {"name": "Stolen"}}),
        "POST /records/{object}/{id}/change-owner" => json!({"owner": office.lee().id.to_string()}),
        "POST /records/{object}/{id}/assign" => json!({"owner": office.lee().id.to_string()}),
        "POST /records/lead/{id}/mark-invalid" => json!({"invalid_reason": "spam"}),
        "POST /records/quote/{id}/status" => json!({"status": "sent"}),
        "POST /records/sales_order/{id}/status" => json!({"status": "confirmed"}),
        "POST /records/lead/{id}/convert" => json!({"account": {"fields": {"name": "Stolen"}}}),
        "POST /lead-assignment-rules" | "PUT /lead-assignment-rules/{id}" => {
            json!({"name": "Stolen", "to": [{"kind": "person", "id": office.lee().id.to_string()}]})
        }
        "POST /duplicate-rules" | "PUT /duplicate-rules/{id}" => {
            json!({"object": "account", "name": "Stolen", "groups": [{"rows": [{"field": "name", "method": "exact"}]}]})
        }
        "POST /duplicate-rules/preview" => {
            json!({"object": "account", "groups": [{"rows": [{"field": "name", "method": "exact"}]}], "name": "Stolen"})
        }
        "POST /duplicates/check" => json!({"object": "account", "fields": {"name": "Stolen"}}),
        "POST /duplicates/join" => json!({"token": "none"}),
        "POST /duplicates/search" => json!({"text": "Stolen"}),
        "PUT /lead-assignment-rules/order" => json!({"ids": []}),
        "POST /lead-assignment-rules/trial" => json!({"fields": {}}),
        "POST /web-forms" | "PUT /web-forms/{id}" => json!({"name": "Stolen", "fields": [{"field": "name", "required": true}]}),
        "POST /public/leads/{key}" => json!({"name": "Stolen"}),
        "PUT /lead-conversion" => json!({"account": [{"from": "company", "to": "name"}]}),
        "POST /records/{object}/{id}/comments" => json!({"text": "Stolen"}),
        "PATCH /comments/{id}" => json!({"text": "Stolen"}),
        "PUT /records/{object}/{id}/lines" => json!({"rows": [{"fields": {"name": "Stolen"}}]}),
        "PUT /records/{object}/{id}/team" => json!({"members": []}),
        "POST /records/opportunity/{id}/move" => json!({"stage": "qualification"}),
        "POST /stage-tasks/{id}/complete" | "POST /stage-tasks/{id}/reopen" => json!({}),
        "POST /stage-tasks/{id}/reassign" => json!({"assignee": office.lee().id.to_string()}),
        "PATCH /records/opportunity/{id}/slips/{slip}" => json!({"reason": "x"}),
        "POST /records/opportunity/{id}/reopen" => json!({"reason": "x"}),
        "POST /records/opportunity/{id}/change-process" => json!({"process": process["id"], "reason": "x"}),
        "POST /processes" | "PUT /processes/{id}" | "POST /processes/drafts" | "PUT /processes/{id}/draft" => process.clone(),
        "POST /processes/order" => json!({"ids": [process["id"]]}),
        "POST /processes/{id}/publish" => json!({"dry_run": true}),
        "POST /processes/{id}/revert" => json!({"version": 1}),
        "POST /views" | "PUT /views/{id}" => json!({"object": "opportunity", "name": "Mine"}),
        "POST /charts" | "PUT /charts/{id}" => {
            json!({"name": "Mine", "chart": {"object": "opportunity", "chart_type": "number", "measure": {"kind": "count"}}})
        }
        "POST /analysis/forecast/submissions" => json!({"period": "2098-01", "commit": "1", "best_case": "2", "version": 0}),
        "POST /analysis/forecast/adjustments" => json!({
            "person": office.kim().id.to_string(), "period": "2098-01", "commit": "1", "best_case": "2", "note": "x", "version": 0,
        }),
        "POST /analysis/forecast/adjustments/withdraw" => {
            json!({"person": office.kim().id.to_string(), "period": "2098-01", "version": 0})
        }
        "PUT /targets" => {
            json!({"year": 2026, "rows": [{"kind": "person", "id": office.kim().id.to_string(), "version": 0, "values": {"2026": "1"}}]})
        }
        "PUT /home" | "PUT /homes/{role}" => json!({"cards": []}),
        "POST /roles" | "PUT /roles/{key}" => json!({"name": {"en": "Stolen"}, "administrator": true}),
        "POST /sharing-rules" | "PUT /sharing-rules/{id}" => {
            json!({"object": "opportunity", "name": "Stolen", "level": "read", "to": [{"kind": "person", "id": office.lee().id.to_string()}]})
        }
        "POST /pools" | "PUT /pools/{id}" => json!({"object": "lead", "name": "Stolen", "mode": "claimable"}),
        "POST /approval-flows" | "PUT /approval-flows/{id}" | "POST /approval-flows/check" => json!({
            "api_name": "stolen", "name": "Stolen", "object": "opportunity", "trigger": "create",
            "nodes": [{"key": "start", "does": {"type": "start", "next": "end"}}, {"key": "end", "does": {"type": "approved"}}],
        }),
        "POST /approval-flows/simulate" => json!({"object": "opportunity", "act": "create"}),
        "PUT /approval-flows/order" => json!({"ids": []}),
        "POST /records/{object}/{id}/return" => json!({"reason": "x"}),
        "POST /records/{object}/{id}/move-pool" => json!({"pool": deal.id}),
        "POST /sharing-rules/preview" => json!({"object": "opportunity"}),
        "POST /holding-rules" | "PUT /holding-rules/{id}" | "POST /holding-rules/preview" => {
            json!({"object": "opportunity", "name": "Stolen", "subject": {"kind": "employees"}, "limit": {"kind": "number", "number": 0}})
        }
        "POST /holdings/check" | "POST /holdings/wait" => json!({"object": "opportunity"}),
        "PUT /holding-definition/{object}" | "POST /holding-definition/{object}/preview" => json!({}),
        "POST /calendars" | "PUT /calendars/{id}" => json!({"name": "Stolen"}),
        "POST /webhooks" | "PUT /webhooks/{id}" => {
            json!({"name": "Stolen", "address": "https://thief.example.com/", "subscriptions": [{"object": "opportunity", "acts": ["edit"]}]})
        }
        "POST /webhooks/{id}/replay" => json!({"from": "2026-11-25T08:00:00Z", "until": "2026-11-25T09:00:00Z"}),
        "POST /calendars/{id}/reckon" => json!({"from": "2026-11-27T08:00:00Z"}),
        "POST /calendars/days" => json!({"text": "2026-12-25"}),
        "PUT /organisation/letterhead" | "POST /organisation/letterhead/sample" => json!({"en": {"name": "Stolen"}}),
        "PATCH /organisation" => json!({"name": "Stolen"}),
        "POST /currency-rates/many" => json!({"rates": [{"currency": "EUR", "day": "2026-01-01", "rate": "1"}]}),
        "POST /currency-rates" => json!({"currency": "EUR", "day": "2026-01-01", "rate": "1"}),
        "POST /objects" => json!({"label": {"en": "Stolen"}, "plural": {"en": "Stolen"}}),
        "PATCH /objects/{object}" => json!({"label": {"en": "Stolen"}}),
        "POST /objects/{object}/act" | "POST /objects/{object}/fields/{field}/act" => json!({"act": "disable"}),
        "POST /objects/{object}/fields" => json!({"label": {"en": "Stolen"}, "type": "boolean"}),
        "PATCH /objects/{object}/fields/{field}" => json!({"label": {"en": "Stolen"}}),
        "POST /objects/{object}/formula" => json!({"formula": "amount", "result": "currency"}),
        "POST /imports" => json!({"file": deal.id, "options": {"object": "opportunity"}}),
        "POST /imports/propose" => json!({"file": deal.id}),
        "POST /imports/propose-plan" => json!({"files": [deal.id]}),
        "POST /imports/advice" => json!({"file": deal.id, "options": {"object": "opportunity"}}),
        "POST /imports/values" => json!({"file": deal.id, "column": "Name", "options": {"object": "opportunity"}}),
        "PATCH /imports/files/{id}" => json!({"header": false}),
        "POST /imports/templates" | "PUT /imports/templates/{id}" => json!({"name": "Mine", "options": {"object": "opportunity"}}),
        "POST /duplicates/scan" => json!({"object": "opportunity"}),
        "POST /records/{object}/{id}/merge" => json!({"losers": [office.lee().id.to_string()]}),
        "POST /approvals/{id}/act" => json!({"act": "end", "approve": true, "comment": "x"}),
        "POST /approvals/act-many" => json!({"act": "agree", "items": [{"id": deal.id}]}),
        "POST /records/{object}/bulk" => json!({"ids": [deal.id], "act": "edit", "fields": {"name": "Stolen"}}),
        _ if name.starts_with("POST") => json!({}),
        _ => return None,
    })
}

fn deal(office: &Office) -> Known {
    let body = json!({"fields": {"name": "Kim's own"}, "external_ids": [{"source": "oldcrm", "id": "E1"}]});
    let deal = office.kim().posts("/records/opportunity", &body).is(StatusCode::CREATED).known();
    for day in ["2026-12-01", "2026-12-31"] {
        office.kim().patches(&deal.path(), &json!({"fields": {"expected_close_date": day}})).is_ok();
    }
    deal
}

fn let_in(person: Person<'_>, call: &Call) -> bool {
    // A stream that opens does not end; that it opens is all there is to know.
    if call.name == "GET /events" {
        return true;
    }
    person.asks(call.method.clone(), &call.path, &[], call.body.as_ref()).status.is_success()
}

/// Calls that ask for a right.
fn closed() -> BTreeSet<String> {
    include_str!("closed.txt").lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn every_call_stands_in_one_list_and_every_name_in_a_list_is_a_call() {
    let document = openapi::fixed();
    let mut calls = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        calls.extend(methods.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let open: BTreeSet<String> = OPEN.iter().chain(&FOR_ALL).chain(&READS).chain(&AUDITORS).map(|name| (*name).to_owned()).collect();
    let listed: BTreeSet<String> = open.union(&closed()).cloned().collect();
    assert_eq!(calls.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "new calls: say to whom they are open");
    assert_eq!(listed.difference(&calls).collect::<Vec<_>>(), Vec::<&String>::new(), "calls that are no more");
    assert_eq!(open.intersection(&closed()).collect::<Vec<_>>(), Vec::<&String>::new(), "calls in two lists");
}

#[test]
fn nobody_gets_in_anywhere_but_at_the_door() {
    one(|office| {
        office.give_password("ada", "a password for ada");
        let deal = deal(office);
        let mut open = BTreeSet::new();
        for call in calls(office, &deal) {
            let answer = office.asks(call.method.as_str(), &format!("/api/v1{}", call.path), &[], call.body.as_ref());
            if answer.status != StatusCode::UNAUTHORIZED || answer.body["code"] != "auth.required" {
                open.insert(call.name);
            }
        }
        assert_eq!(open, OPEN.map(str::to_owned).into());
        // And a token that is not one.
        for call in calls(office, &deal) {
            let bad = [("authorization", "Bearer sc_nonsense")];
            let answer = office.asks(call.method.as_str(), &format!("/api/v1{}", call.path), &bad, call.body.as_ref());
            assert!(!answer.status.is_success() || OPEN.contains(&call.name.as_str()), "{}", call.name);
        }
    });
}

#[test]
fn a_stranger_finds_nothing_of_somebody_elses_deal() {
    one(|office| {
        office.give_password("ada", "a password for ada");
        let deal = deal(office);
        let lee = office.lee();
        let mut entered = BTreeSet::new();
        for call in calls(office, &deal) {
            if let_in(lee, &call) {
                entered.insert(call.name.clone());
            } else if call.path.contains(&deal.id)
                && ![
                    "/people",
                    "/me",
                    "/sharing-rules",
                    "/holding-rules",
                    "/pools",
                    "/approval-flows",
                    "/lead-assignment-rules",
                    "/duplicate-rules",
                    "/web-forms",
                    "/webhooks",
                ]
                .iter()
                .any(|start| call.path.starts_with(start))
            {
                let answer = lee.asks(call.method.clone(), &call.path, &[], call.body.as_ref());
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}: what one may not see is not there: {:#}", call.name, answer.body);
            }
        }
        let mut known: BTreeSet<String> = FOR_ALL.map(str::to_owned).into();
        // Everybody who sells may open deals of his own.
        known.insert("POST /records/{object}".to_owned());
        // And may say what they will bring.
        known.insert("POST /analysis/forecast/submissions".to_owned());
        // And may wait for room for one.
        known.insert("POST /holdings/wait".to_owned());
        // What he is about to make is compared with what there is. Of records out of his sight he is told what the rule's administrator shows,
        // and nothing else: the one thing, beside figures of limits, that crosses the scope.
        known.insert("POST /duplicates/check".to_owned());
        known.insert("POST /duplicates/search".to_owned());
        // A bulk act answers for each record: of this one that it is not there.
        known.insert("POST /records/{object}/bulk".to_owned());
        assert_eq!(entered, known);
        let done = lee.posts("/records/opportunity/bulk", &json!({"ids": [deal.id], "act": "void"})).is_ok().body;
        assert_eq!((done["refused"].as_i64(), done["results"][0]["code"].as_str()), (Some(1), Some("not_found")));
        assert_eq!(office.kim().sees(&deal).is_ok().field("name"), "Kim's own");
        let list = lee.gets("/records/opportunity?count=exact").is_ok();
        assert!(list.body["items"].as_array().unwrap().iter().all(|item| item["id"] != deal.id.as_str()));
        assert_eq!(list.body["count"], 1, "his own");
    });
}

/// An object that an administrator has made, each seeing his own; a record of Kim's.
fn shaped(office: &Office) -> (String, String, Known) {
    let ada = office.ada();
    let wanted = json!({"label": {"en": "Site visit"}, "plural": {"en": "Site visits"}, "base": "private"});
    let object = ada.posts("/objects", &wanted).is(StatusCode::CREATED).body["object"]["key"].as_str().unwrap().to_owned();
    let field = json!({"label": {"en": "City"}, "type": "text"});
    let field =
        ada.posts(&format!("/objects/{object}/fields"), &field).is(StatusCode::CREATED).body["field"]["key"].as_str().unwrap().to_owned();
    let mut role = ada.gets("/roles/sales_manager").is_ok().body;
    role["objects"][&object] = json!({"acts": []});
    ada.puts("/roles/sales_manager", &role).is_ok();
    let body = json!({"fields": {"name": "Kim's own", &field: "Bremen"}, "external_ids": [{"source": "oldcrm", "id": "E1"}]});
    let visit = office.kim().posts(&format!("/records/{object}"), &body).is(StatusCode::CREATED).known();
    (object, field, visit)
}

#[test]
fn what_administrators_make_is_closed_as_what_comes_with_the_product_is() {
    one(|office| {
        office.give_password("ada", "a password for ada");
        let (object, field, visit) = shaped(office);
        let of_it = |call: &Call| call.path.contains(&format!("/{object}"));
        let mut tried = 0;
        for call in calls_about(office, &visit, &object, &field).into_iter().filter(of_it) {
            let answer = office.asks(call.method.as_str(), &format!("/api/v1{}", call.path), &[], call.body.as_ref());
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "nobody: {}", call.name);
            if call.path.starts_with("/records") && call.path.contains(&visit.id) {
                let before = office.ada().sees(&visit).text;
                let answer = office.lee().asks(call.method.clone(), &call.path, &[], call.body.as_ref());
                assert!(!answer.status.is_success() && !answer.text.contains("Kim's own"), "a stranger: {}: {:#}", call.name, answer.body);
                assert!(
                    call.method != Method::GET || answer.status == StatusCode::NOT_FOUND,
                    "a stranger: {}: {:#}",
                    call.name,
                    answer.body
                );
                assert_eq!(office.ada().sees(&visit).text, before, "a stranger: {}", call.name);
            }
            if call.method != Method::GET {
                let before = office.ada().sees(&visit).text;
                let answer = office.ines().asks(call.method.clone(), &call.path, &[], call.body.as_ref());
                assert!(!answer.status.is_success(), "an auditor: {}: {}", call.name, answer.status);
                assert_eq!(office.ada().sees(&visit).text, before, "an auditor: {}", call.name);
            }
            tried += 1;
        }
        assert!(tried > 30, "{tried}");
        // Lists, counts, search and the description hold nothing of it for a stranger.
        let lee = office.lee();
        for path in [
            format!("/records/{object}?count=exact"),
            "/search?q=bremen".to_owned(),
            format!("/records/{object}?filter=%7B%22field%22%3A%22{field}%22%2C%22op%22%3A%22eq%22%2C%22value%22%3A%22Bremen%22%7D"),
        ] {
            let answer = lee.gets(&path);
            assert!(!answer.text.contains(&visit.id) && !answer.text.contains("Kim's own"), "{path}: {}", answer.text);
        }
        // One whose role does not read the object does not know of it.
        let mona = office.mona();
        assert!(!mona.gets("/objects").is_ok().text.contains(&object), "mona's role has no right to it");
        assert!(!mona.gets("/openapi.json").is_ok().text.contains("Site visit"));
        assert!(!mona.gets(&format!("/records/{object}")).status.is_success());
        // And a token that reads writes nothing of it.
        let bearer = token(office, "kim", &json!(["read"]));
        for call in calls_about(office, &visit, &object, &field).into_iter().filter(|call| of_it(call) && call.method != Method::GET) {
            let answer =
                office.asks(call.method.as_str(), &format!("/api/v1{}", call.path), &[("authorization", &bearer)], call.body.as_ref());
            assert!(!answer.status.is_success(), "{}", call.name);
        }
    });
}

#[test]
fn an_auditor_reads_everything_and_changes_nothing() {
    one(|office| {
        office.give_password("ada", "a password for ada");
        let deal = deal(office);
        let ines = office.ines();
        let before = office.ada().sees(&deal).text;
        let mut entered = BTreeSet::new();
        for call in calls(office, &deal) {
            if let_in(ines, &call) {
                entered.insert(call.name);
            }
        }
        let mut known: BTreeSet<String> = FOR_ALL.iter().chain(&READS).map(|name| (*name).to_owned()).collect();
        known.extend(AUDITORS.map(str::to_owned));
        assert_eq!(entered, known);
        assert_eq!(office.ada().sees(&deal).text, before);
        assert_eq!(ines.sees(&deal).body["can"], json!([]));
        ines.tries_to_create("opportunity", &json!({"name": "x"})).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn one_whose_role_only_reads_changes_nothing_of_what_is_given_to_him() {
    one(|office| {
        office.give_password("ada", "a password for ada");
        let deal = deal(office);
        let lee = office.lee();
        let role = json!({"key": "looker", "name": {"en": "Looker"}, "objects": {"*": {"acts": ["read", "export"]}}});
        office.ada().posts("/roles", &role).is(StatusCode::CREATED);
        office.ada().patches(&format!("/records/employee/{}", lee.id), &json!({"fields": {"roles": ["looker"]}})).is_ok();
        // Even where the team would let him write.
        let members = json!({"members": [{"person": lee.id.to_string(), "access": "read_write"}]});
        office.kim().puts(&format!("{}/team", deal.path()), &members).is_ok();
        let before = office.ada().sees(&deal).text;
        let entered: BTreeSet<String> = calls(office, &deal).into_iter().filter(|call| let_in(lee, call)).map(|call| call.name).collect();
        assert_eq!(entered, FOR_ALL.iter().chain(&READS).map(|name| (*name).to_owned()).collect());
        assert_eq!(office.ada().sees(&deal).text, before);
    });
}

#[test]
fn whatever_is_open_is_named_with_its_reason_in_the_guide() {
    let guide = include_str!("../../../../docs/administrator-guide.md");
    let listed =
        guide.split("## What the API opens to whom").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the list of the guide");
    for call in OPEN.iter().chain(&FOR_ALL).chain(&READS).chain(&AUDITORS) {
        assert!(listed.contains(&format!("`{call}`")), "{call} is not in the guide");
    }
}

/// A token limited to these scopes.
fn token(office: &Office, who: &str, scopes: &Json) -> String {
    let made = office.person(who).posts("/me/tokens", &json!({"name": "limited", "scopes": scopes})).is(StatusCode::CREATED);
    format!("Bearer {}", made.body["token"].as_str().unwrap())
}

/// Calls of the walk that a token of an administrator, limited to these scopes, succeeds at.
fn entered_by(office: &Office, scopes: &Json) -> BTreeSet<String> {
    let deal = deal(office);
    let bearer = token(office, "ada", scopes);
    let mut entered = BTreeSet::new();
    for call in calls(office, &deal) {
        if call.name == "GET /events" {
            continue;
        }
        let answer = office.asks(call.method.as_str(), &format!("/api/v1{}", call.path), &[("authorization", &bearer)], call.body.as_ref());
        if answer.status.is_success() {
            entered.insert(call.name);
        }
    }
    entered
}

#[test]
fn a_token_that_may_only_read_succeeds_at_no_writing_call() {
    one(|office| {
        office.give_password("ada", "a password for someone");
        let before = office.ada().gets("/organisation").text;
        let entered = entered_by(office, &json!(["read"]));
        let writing: Vec<&String> = entered.iter().filter(|name| !name.starts_with("GET ")).collect();
        // It ends the session of a cookie, and a token has none.
        // The others reckon, read a text, or say how much room there is, and store nothing.
        assert_eq!(writing, ["POST /auth/logout", "POST /calendars/days", "POST /calendars/{id}/reckon", "POST /holdings/check"]);
        assert!(entered.contains("GET /records/{object}/{id}") && entered.contains("GET /records/{object}/export"), "{entered:?}");
        // What is the administrators' is a scope of its own, and one's account is not looked after by a limited token.
        for closed in [
            "GET /sign-in-settings",
            "GET /object-definitions",
            "GET /webhooks",
            "GET /people/{id}/security",
            "GET /me/tokens",
            "GET /me/sessions",
        ] {
            assert!(!entered.contains(closed), "{closed}");
        }
        assert_eq!(office.ada().gets("/organisation").text, before);
    });
}

#[test]
fn a_token_for_one_object_knows_of_no_other() {
    one(|office| {
        office.give_password("ada", "a password for someone");
        let deal = deal(office);
        let account = office.ada().creates("account", &json!({"name": "Lindental"}));
        let bearer = token(office, "ada", &json!(["account:write"]));
        let ask = |method: &str, path: &str, body: Option<&Json>| {
            office.asks(method, &format!("/api/v1{path}"), &[("authorization", &bearer)], body)
        };
        ask("GET", &account.path(), None).is_ok();
        ask("PATCH", &account.path(), Some(&json!({"fields": {"name": "Lindenthal"}}))).is_ok();
        ask("GET", &deal.path(), None).is_not_found();
        ask("GET", "/records/opportunity", None).is_not_found();
        for path in ["/targets", "/analysis/pipeline", "/analysis/forecast", "/analysis/forecast/history"] {
            ask("GET", path, None).is_not_found();
        }
        ask("POST", "/records/opportunity", Some(&json!({"fields": {"name": "x"}}))).is_not_found();
        let objects = ask("GET", "/objects", None).is_ok();
        let keys: Vec<&str> = objects.body["objects"].as_array().unwrap().iter().filter_map(|object| object["key"].as_str()).collect();
        assert_eq!(keys, ["account"]);
        assert_eq!(ask("GET", "/search?q=kim", None).is_ok().body["items"], json!([]));
        for (method, path, body) in [
            ("PATCH", "/me", json!({"language": "en"})),
            ("POST", "/me/tokens", json!({"name": "wider"})),
            ("POST", "/me/password", json!({"current": "x", "new": "x"})),
            ("POST", "/me/second-factor", json!({})),
            ("POST", "/views", json!({"object": "account", "name": "Mine"})),
        ] {
            ask(method, path, Some(&body)).refused(StatusCode::FORBIDDEN, "auth.scope");
        }
        let me = ask("GET", "/me", None).is_ok();
        assert_eq!((&me.body["admin"], &me.body["scopes"]), (&json!(false), &json!(["account:write"])));
    });
}
