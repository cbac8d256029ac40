//! The description is what is served: the committed file is fresh, and real answers have the described shapes.

use axum::http::Method;
use serde_json::{Value as Json, json};

use crate::office::one;

#[test]
fn the_committed_description_is_fresh() {
    let committed = include_str!("../../../../openapi.json");
    assert!(committed == server::openapi::text(), "openapi.json is stale: run make api");
}

#[test]
fn every_reference_leads_somewhere_and_every_call_has_a_name_of_its_own() {
    let document = server::openapi::fixed();
    fn references(json: &Json, found: &mut Vec<String>) {
        match json {
            Json::Object(map) => {
                found.extend(map.get("$ref").and_then(Json::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&document, &mut found);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    let mut names: Vec<&str> = Vec::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for operation in methods.as_object().unwrap().values() {
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{operation:#}");
            let name = operation["operationId"].as_str().unwrap();
            assert!(!names.contains(&name), "{name}");
            names.push(name);
        }
    }
}

/// What in `value` is not as the schema says; a small reader of JSON schema, as far as the description uses it.
fn differs(value: &Json, schema: &Json, document: &Json, place: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a schema");
        return differs(value, target, document, place, found);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(options) = schema[key].as_array() {
            let fits = options.iter().any(|option| {
                let mut inner = Vec::new();
                differs(value, option, document, place, &mut inner);
                inner.is_empty()
            });
            if !fits {
                found.push(format!("{place}: none of {key}: {value}"));
            }
            return;
        }
    }
    let kind = match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Json::String(one) => one == kind,
        Json::Array(several) => several.iter().any(|one| one == kind),
        _ => true,
    };
    if !allowed {
        found.push(format!("{place}: {kind} instead of {}", schema["type"]));
    }
    match value {
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| differs(item, &schema["items"], document, &format!("{place}/{i}"), found))
        }
        Json::Object(map) => {
            for required in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
                if !map.contains_key(required) {
                    found.push(format!("{place}/{required} is missing"));
                }
            }
            for (key, value) in map {
                let place = format!("{place}/{key}");
                match (&schema["properties"][key], &schema["additionalProperties"]) {
                    (Json::Null, Json::Null) if schema["properties"].is_object() => found.push(format!("{place} is not described")),
                    (Json::Null, more) => differs(value, more, document, &place, found),
                    (property, _) => differs(value, property, document, &place, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn real_answers_have_the_described_shapes() {
    one(|office| {
        office.give_password("ada", "a password for ada");
        let (kim, ada) = (office.kim(), office.ada());
        let account = kim.creates("account", &json!({"name": "Lindental"}));
        let deal = kim.opens_a_deal(&json!({"account": account.id, "amount": "10"}));
        kim.moves(&deal, "qualification").is_ok();
        ada.posts("/currency-rates", &json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.08"}));
        kim.puts(&format!("{}/team", deal.path()), &json!({"members": [{"person": office.lee().id.to_string(), "access": "read"}]}))
            .is_ok();
        let document = server::openapi::fixed();
        let opportunity = format!("/records/opportunity/{}", deal.id);
        let process = kim.gets("/processes").body["items"][0].clone();
        let about = |method: Method, described: &str, path: &str, body: Option<Json>| {
            let answer = ada.asks(method.clone(), path, &[], body.as_ref());
            let operation = &document["paths"][described][method.as_str().to_lowercase()];
            let response = &operation["responses"][answer.status.as_str()];
            let response = match response["$ref"].as_str() {
                Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("a response"),
                None => response,
            };
            let schema =
                response["content"].as_object().and_then(|content| content.values().next()).map(|content| content["schema"].clone());
            let mut found = Vec::new();
            differs(&answer.body, &schema.unwrap_or_else(|| panic!("{described}")), &document, described, &mut found);
            assert!(found.is_empty(), "{} {described} {}: {found:#?}\n{:#}", method, answer.status, answer.body);
        };
        let get = |described: &str, path: &str| about(Method::GET, described, path, None);
        get("/setup", "/setup");
        get("/me", "/me");
        get("/me/tokens", "/me/tokens");
        get("/me/sessions", "/me/sessions");
        get("/me/second-factor", "/me/second-factor");
        about(Method::POST, "/me/second-factor", "/me/second-factor", Some(json!({})));
        get("/sign-in-settings", "/sign-in-settings");
        let log_in = json!({"email": "ada@example.com", "password": "a password for ada"});
        office.asks("POST", "/api/v1/auth/login", &[], Some(&log_in)).is_ok();
        get("/people/{id}/security", &format!("/people/{}/security", ada.id));
        get("/objects", "/objects");
        get("/objects/{object}", "/objects/opportunity");
        get("/records/{object}", "/records/opportunity?count=exact");
        get("/records/{object}/{id}", &opportunity);
        get("/records/{object}/{id}/history", &format!("{opportunity}/history"));
        get("/records/{object}/{id}/team", &format!("{opportunity}/team"));
        get("/records/opportunity/{id}/path", &format!("{opportunity}/path"));
        get("/records/opportunity/{id}/processes", &format!("{opportunity}/processes"));
        get("/records/opportunity/{id}/stays", &format!("{opportunity}/stays"));
        get("/records/opportunity/{id}/slips", &format!("{opportunity}/slips"));
        get("/records/opportunity/board", "/records/opportunity/board");
        get("/records/{object}/groups", "/records/opportunity/groups?group=owner&sums=amount,win_rate");
        get("/search", "/search?q=pumps");
        ada.posts("/me/recent", &json!({"object": "opportunity", "id": deal.id})).is(axum::http::StatusCode::NO_CONTENT);
        get("/me/recent", "/me/recent");
        let view = json!({"object": "opportunity", "name": "All", "sharing": {"scope": "everybody"}, "default_for": ["administrator"]});
        about(Method::POST, "/views", "/views", Some(view.clone()));
        let saved = ada.posts("/views", &view).body;
        get("/views", "/views?object=opportunity");
        let view = format!("/views/{}", saved["id"].as_str().unwrap());
        get("/views/{id}", &view);
        about(Method::PUT, "/views/{id}", &view, Some(saved));
        get("/processes", "/processes");
        get("/processes/{id}", &format!("/processes/{}", process["id"].as_str().unwrap()));
        get("/organisation", "/organisation");
        get("/currency-rates", "/currency-rates");
        get("/roles", "/roles");
        get("/departments", "/departments");
        let kims = format!("/people/{}", kim.id);
        get("/people/{id}", &kims);
        let spread = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.lee().id.to_string()]}]});
        about(Method::POST, "/people/{id}/disable", &format!("{kims}/disable?dry_run=true"), Some(spread));
        about(Method::POST, "/people/{id}/disable", &format!("{kims}/disable?dry_run=true"), Some(json!({})));
        about(Method::POST, "/people/{id}/disable", &format!("{kims}/disable"), Some(json!({})));
        about(Method::POST, "/people/{id}/disable", &format!("/people/{}/disable", office.person("pat").id), Some(json!({})));
        about(Method::POST, "/people/{id}/enable", &format!("/people/{}/enable", office.person("pat").id), Some(json!({})));
        get("/imports", "/imports");
        about(Method::POST, "/records/{object}", "/records/account", Some(json!({"fields": {"name": "New"}})));
        about(Method::POST, "/records/{object}", "/records/account", Some(json!({"fields": {}})));
        about(Method::PATCH, "/records/{object}/{id}", &opportunity, Some(json!({"fields": {"next_step": "Call"}})));
        about(Method::POST, "/records/opportunity/{id}/move", &format!("{opportunity}/move"), Some(json!({"stage": "won"})));
        about(
            Method::PUT,
            "/processes/{id}",
            &format!("/processes/{}?dry_run=true", process["id"].as_str().unwrap()),
            Some(process.clone()),
        );
        about(Method::POST, "/me/tokens", "/me/tokens", Some(json!({"name": "x"})));
        about(Method::GET, "/records/{object}/{id}", &opportunity.replace("opportunity", "account"), None);
    });
}

#[test]
fn an_installation_describes_what_its_reader_may_know() {
    one(|office| {
        let document = office.kim().gets("/openapi.json").is_ok();
        assert!(document.body["components"]["schemas"]["OpportunityFields"]["properties"]["amount"].is_object());
        assert!(office.asks("GET", "/api/openapi.json", &[], None).is_ok().body["paths"].is_object());
    });
}
