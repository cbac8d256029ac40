//! Assistants: the same acts under the same rights, tried before they are done, and told under the token's name.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use model::Via;
use serde_json::{Value as Json, json};
use stagecraft_core::identity::{self, CreateToken};
use stagecraft_core::{Credential, Limits};

use crate::office::{Answer, Office, Person, both, one};

/// An assistant with a token of somebody.
struct Assistant<'a> {
    office: &'a Office,
    token: String,
}

impl<'a> Assistant<'a> {
    fn of(person: Person<'a>, scopes: Option<&[&str]>) -> Assistant<'a> {
        let wanted = CreateToken {
            name: "Claude".to_owned(),
            scopes: scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect()),
            ..CreateToken::default()
        };
        let made = person
            .office
            .house
            .write(&Credential::Person(person.id), Limits::default(), Via::CommandLine, |cx, tx| identity::create_token(cx, tx, &wanted))
            .expect("a token");
        Assistant { office: person.office, token: made["token"].as_str().expect("a secret").to_owned() }
    }

    fn sends(&self, headers: &[(&str, &str)], body: &Json) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str()), ("user-agent", "assistant/1"), ("host", "localhost:8080")];
        all.extend_from_slice(headers);
        self.office.asks("POST", "/mcp", &all, Some(body))
    }

    fn asks(&self, method: &str, params: &Json) -> Json {
        self.sends(&[], &json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})).is_ok().body
    }

    /// Calls a tool; the answer with `isError`.
    #[track_caller]
    fn calls(&self, tool: &str, arguments: &Json) -> Json {
        let answer = self.asks("tools/call", &json!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        assert!(result["structuredContent"].is_object(), "{answer:#}");
        assert!(result["content"][0]["text"].as_str().is_some_and(|text| !text.is_empty()), "{answer:#}");
        let mut told = result["structuredContent"].clone();
        told["isError"] = result["isError"].clone();
        told
    }

    /// What a call would do, and its plan.
    #[track_caller]
    fn plans(&self, tool: &str, arguments: &Json) -> (Json, String) {
        let told = self.calls(tool, arguments);
        assert_eq!((&told["isError"], &told["done"]), (&json!(false), &json!(false)), "{told:#}");
        (told["would"].clone(), told["plan"].as_str().expect("a plan").to_owned())
    }

    #[track_caller]
    fn does_planned(&self, tool: &str, arguments: &Json, plan: &str) -> Json {
        let mut arguments = arguments.clone();
        arguments["plan"] = plan.into();
        self.calls(tool, &arguments)
    }

    /// Plans it and does it.
    #[track_caller]
    fn does(&self, tool: &str, arguments: &Json) -> Json {
        let (_, plan) = self.plans(tool, arguments);
        let told = self.does_planned(tool, arguments, &plan);
        assert_eq!((&told["isError"], &told["done"]), (&json!(false), &json!(true)), "{told:#}");
        told
    }

    #[track_caller]
    fn is_refused(&self, tool: &str, arguments: &Json, code: &str) -> Json {
        let told = self.calls(tool, arguments);
        assert_eq!((&told["isError"], told["code"].as_str()), (&json!(true), Some(code)), "{told:#}");
        for key in ["title", "detail"] {
            assert!(told[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {told:#}");
        }
        told
    }
}

fn codes(told: &Json) -> Vec<&str> {
    told["violations"].as_array().into_iter().flatten().filter_map(|violation| violation["code"].as_str()).collect()
}

#[test]
fn a_lead_becomes_a_deal_that_is_moved_when_its_gate_is_met() {
    both(|office| {
        let claude = Assistant::of(office.kim(), None);
        let lead = claude.does("create_record", &json!({"object": "lead", "fields": {"name": "Ruth Vogel", "company": "Vogel Pumps"}}));
        let lead = lead["record"]["id"].as_str().unwrap().to_owned();
        let offer = claude.calls("get_record", &json!({"object": "lead", "id": lead, "with": ["conversion"]}));
        assert!(offer["conversion"].is_object(), "{offer:#}");
        let parts = json!({
            "id": lead, "account": {"fields": {"name": "Vogel Pumps"}}, "contact": {"fields": {"name": "Ruth Vogel"}},
            "opportunity": {"fields": {"name": "Pumps for Vogel"}},
        });
        claude.does("convert_lead", &parts);
        let found = claude.calls("search", &json!({"q": "Pumps for", "object": "opportunity"}));
        let deal = found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{found:#}")).to_owned();
        for stage in ["qualification", "proposal"] {
            claude.does("move_stage", &json!({"id": deal, "stage": stage}));
        }
        let move_on = json!({"id": deal, "stage": "negotiation"});
        let told = claude.is_refused("move_stage", &move_on, "stage.requirements_unmet");
        assert_eq!(codes(&told), ["stage.missing_field", "stage.missing_field"]);
        assert!(told["advice"].as_str().unwrap().contains("fields"));
        let filled = json!({
            "id": deal, "stage": "negotiation",
            "fields": {"amount": {"amount": "1200.00", "currency": "USD"}, "expected_close_date": "2030-01-31"},
        });
        let (would, plan) = claude.plans("move_stage", &filled);
        let change =
            |field: &str| would["changes"].as_array().unwrap().iter().find(|change| change["field"] == field).cloned().unwrap_or_default();
        assert_eq!((change("stage")["from"].as_str(), change("stage")["to"].as_str()), (Some("proposal"), Some("negotiation")));
        assert_eq!(change("amount")["to"]["amount"], "1200.00");
        assert_eq!(change("amount")["label"], "Opportunity amount");
        // It was only tried.
        let still = office.kim().gets(&format!("/records/opportunity/{deal}")).is_ok();
        assert_eq!((still.field("stage"), still.field("amount")), (&json!("proposal"), &Json::Null));
        let moved = claude.does_planned("move_stage", &filled, &plan);
        assert_eq!(moved["record"]["fields"]["stage"], "negotiation", "{moved:#}");
    });
}

#[test]
fn what_is_only_tried_leaves_no_trace_and_what_is_done_is_done_once() {
    both(|office| {
        let (kim, claude) = (office.kim(), Assistant::of(office.kim(), None));
        let deal = kim.opens_a_deal(&json!({}));
        let edit = json!({"object": "opportunity", "id": deal.id, "fields": {"next_step": "Call them"}});
        let comment = json!({"object": "opportunity", "id": deal.id, "text": "Looks good"});
        let visit = json!({"object": "opportunity", "id": deal.id, "subject": "Visited them", "type": "visit"});
        let state = || {
            let of = |path: &str| kim.gets(&format!("{}{path}", deal.path())).is_ok().body;
            json!([of(""), of("/history"), of("/timeline"), of("/comments")])
        };
        let before = state();
        let planned: Vec<(&str, &Json, String)> = [("update_record", &edit), ("add_comment", &comment), ("log_activity", &visit)]
            .into_iter()
            .map(|(tool, arguments)| (tool, arguments, claude.plans(tool, arguments).1))
            .collect();
        let (_, thrown_away) = claude.plans("void_record", &json!({"object": "opportunity", "id": deal.id}));
        assert_eq!(state(), before);
        for (tool, arguments, plan) in &planned {
            // The same call twice, as by a client that has not heard the first answer.
            for _ in 0..2 {
                let told = claude.does_planned(tool, arguments, plan);
                assert_eq!(told["done"], true, "{tool}: {told:#}");
            }
        }
        let timeline = kim.gets(&format!("{}/timeline", deal.path())).is_ok().body;
        let told: Vec<(&str, Option<&str>, Option<&str>)> = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["kind"].as_str().unwrap(), item["via"].as_str(), item["token"].as_str()))
            .collect();
        let count = |wanted: (&str, Option<&str>, Option<&str>)| told.iter().filter(|one| **one == wanted).count();
        for wanted in
            [("activity", Some("mcp"), Some("Claude")), ("comment", None, Some("Claude")), ("change", Some("mcp"), Some("Claude"))]
        {
            assert_eq!(count(wanted), 1, "{wanted:?}: {told:?}");
        }
        let history = kim.gets(&format!("{}/history", deal.path())).is_ok().body;
        let last = &history["items"][0];
        assert_eq!((&last["via"], &last["token"], &last["by"]), (&json!("mcp"), &json!("Claude"), &json!(kim.id.to_string())));
        let comments = kim.gets(&format!("{}/comments", deal.path())).is_ok().body;
        assert_eq!(comments["items"][0]["token"], "Claude");
        // It has been changed since it was planned.
        let mut voiding = json!({"object": "opportunity", "id": deal.id});
        voiding["plan"] = thrown_away.into();
        claude.is_refused("void_record", &voiding, "record.version_conflict");
        // The trace of administrators has it too.
        let log = office.ada().gets(&format!("/audit?object=opportunity&record={}", deal.id)).is_ok().body;
        assert!(log["items"].as_array().unwrap().iter().any(|item| item["via"] == "mcp" && item["token"] == "Claude"), "{log:#}");
    });
}

#[test]
fn a_plan_is_good_for_its_own_call_and_person_alone() {
    one(|office| {
        let (claude, other) = (Assistant::of(office.kim(), None), Assistant::of(office.mona(), None));
        let deal = office.kim().opens_a_deal(&json!({}));
        let edit = |step: &str| json!({"object": "opportunity", "id": deal.id, "fields": {"next_step": step}});
        let (_, plan) = claude.plans("update_record", &edit("Call"));
        let with = |mut arguments: Json, plan: &str| {
            arguments["plan"] = plan.into();
            arguments
        };
        claude.is_refused("update_record", &with(edit("Write"), &plan), "assistant.plan_other");
        claude.is_refused("void_record", &with(json!({"object": "opportunity", "id": deal.id}), &plan), "assistant.plan_other");
        other.is_refused("update_record", &with(edit("Call"), &plan), "assistant.plan_unknown");
        for made_up in ["true", "yes", ""] {
            claude.is_refused("update_record", &with(edit("Call"), made_up), "assistant.plan_unknown");
        }
        assert_eq!(office.kim().sees(&deal).field("next_step"), &Json::Null);
        // What hangs on a record is planned on a state of it, too.
        let quote = json!({"id": deal.id, "currency": "USD"});
        let (_, plan) = claude.plans("make_quote", &quote);
        office.kim().edits(&deal, &json!({"next_step": "Call"})).is_ok();
        claude.is_refused("make_quote", &with(quote, &plan), "record.version_conflict");
    });
}

#[test]
fn an_assistant_sees_and_may_what_its_person_does() {
    both(|office| {
        let deal = office.kim().opens_a_deal(&json!({"amount": {"amount": "10.00", "currency": "USD"}}));
        let here = json!({"object": "opportunity", "id": deal.id});
        let stranger = Assistant::of(office.lee(), None);
        stranger.is_refused("get_record", &here, "not_found");
        let list = stranger.calls("list_records", &json!({"object": "opportunity", "count": "exact"}));
        assert_eq!((&list["items"], &list["count"]), (&json!([]), &json!(0)), "{list:#}");
        assert_eq!(stranger.calls("search", &json!({"q": "Pumps"}))["items"], json!([]));
        let groups = stranger.calls("count_records", &json!({"object": "opportunity", "group": "stage"}));
        assert!(!groups.to_string().contains("\"count\":1"), "{groups:#}");
        let resource = stranger.asks("resources/read", &json!({"uri": format!("stagecraft://records/opportunity/{}", deal.id)}));
        assert!(resource["error"]["code"].is_i64(), "{resource:#}");
        // Whatever one tries, tool and call of the API refuse it alike.
        let lead = office.kim().creates("lead", &json!({"name": "Ruth Vogel", "company": "Vogel"}));
        let tries: [(&str, Json, &str, String, Json); 9] = [
            (
                "update_record",
                json!({"object": "opportunity", "id": deal.id, "fields": {"next_step": "x"}}),
                "PATCH",
                deal.path(),
                json!({"fields": {"next_step": "x"}}),
            ),
            (
                "update_record",
                json!({"object": "opportunity", "id": deal.id, "fields": {"nonsense": "x"}}),
                "PATCH",
                deal.path(),
                json!({"fields": {"nonsense": "x"}}),
            ),
            (
                "move_stage",
                json!({"id": deal.id, "stage": "proposal"}),
                "POST",
                format!("{}/move", deal.path()),
                json!({"stage": "proposal"}),
            ),
            ("void_record", here.clone(), "POST", format!("{}/void", deal.path()), json!({})),
            (
                "add_comment",
                json!({"object": "opportunity", "id": deal.id, "text": ""}),
                "POST",
                format!("{}/comments", deal.path()),
                json!({"text": ""}),
            ),
            ("claim_record", here.clone(), "POST", format!("{}/claim", deal.path()), json!({})),
            (
                "change_owner",
                json!({"object": "opportunity", "id": deal.id, "owner": office.lee().id.to_string()}),
                "POST",
                format!("{}/change-owner", deal.path()),
                json!({"owner": office.lee().id.to_string()}),
            ),
            ("convert_lead", json!({"id": lead.id}), "POST", format!("{}/convert", lead.path()), json!({})),
            (
                "create_record",
                json!({"object": "employee", "fields": {"name": "X"}}),
                "POST",
                "/records/employee".to_owned(),
                json!({"fields": {"name": "X"}}),
            ),
        ];
        for key in ["kim", "lee", "ines"] {
            let (person, assistant) = (office.person(key), Assistant::of(office.person(key), None));
            for (tool, arguments, method, path, body) in &tries {
                // What has no dry run of its own is never allowed in this list.
                let address = if path.ends_with("/comments") { path.clone() } else { format!("{path}?dry_run=true") };
                let api = person.asks(method.parse().unwrap(), &address, &[], Some(body));
                let told = assistant.calls(tool, arguments);
                assert_eq!(told["isError"], json!(!api.status.is_success()), "{key} {tool}: {told:#}\n{:#}", api.body);
                if !api.status.is_success() {
                    assert_eq!(told["code"], api.body["code"], "{key} {tool}: {told:#}");
                    assert_eq!(told["title"], api.body["title"]);
                    let violations: Vec<&str> =
                        api.body["violations"].as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect();
                    assert_eq!(codes(&told), violations, "{key} {tool}");
                }
            }
        }
    });
}

#[test]
fn a_token_that_reads_is_shown_and_may_nothing_else() {
    one(|office| {
        let deal = office.kim().opens_a_deal(&json!({}));
        let reader = Assistant::of(office.kim(), Some(&["read"]));
        let tools = reader.asks("tools/list", &json!({}));
        let tools = tools["result"]["tools"].as_array().unwrap();
        assert!(tools.len() > 10 && tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
        reader.is_refused("add_comment", &json!({"object": "opportunity", "id": deal.id, "text": "x"}), "auth.scope");
        // One made for another object may not know of this one.
        let narrow = Assistant::of(office.kim(), Some(&["account:write"]));
        narrow.is_refused("get_record", &json!({"object": "opportunity", "id": deal.id}), "not_found");
        let all = Assistant::of(office.kim(), None).asks("tools/list", &json!({}));
        let all = all["result"]["tools"].as_array().unwrap().clone();
        for tool in &all {
            assert!(tool["description"].as_str().is_some_and(|text| text.len() > 20), "{tool}");
            assert_eq!(tool["inputSchema"]["type"], "object");
            let planned = tool["inputSchema"]["properties"]["plan"].is_object();
            assert_eq!(tool["annotations"]["readOnlyHint"], json!(!planned), "{tool}");
        }
        let hint = |name: &str| all.iter().find(|tool| tool["name"] == name).unwrap()["annotations"]["destructiveHint"].clone();
        assert_eq!((hint("void_record"), hint("add_comment"), hint("search")), (json!(true), json!(false), json!(false)));
        // Within what an assistant can read before it begins.
        assert!(serde_json::to_string(&all).unwrap().len() < 60_000);
    });
}

#[test]
fn a_hidden_field_is_told_nowhere() {
    both(|office| {
        let role = office.ada().gets("/roles/salesperson").is_ok();
        let mut hidden = role.body.clone();
        hidden["objects"]["opportunity"]["fields"]["amount"] = "hidden".into();
        office.ada().puts("/roles/salesperson", &hidden).is_ok();
        let deal =
            office.mona().opens_a_deal(&json!({"amount": {"amount": "4711.00", "currency": "USD"}, "owner": office.kim().id.to_string()}));
        let claude = Assistant::of(office.kim(), None);
        let told = [
            claude.calls("describe_object", &json!({"object": "opportunity"})),
            claude.calls("get_record", &json!({"object": "opportunity", "id": deal.id, "with": ["timeline", "history", "path"]})),
            claude.calls("list_records", &json!({"object": "opportunity"})),
            claude.plans("move_stage", &json!({"id": deal.id, "stage": "qualification"})).0,
        ];
        for one in told {
            assert!(!one.to_string().contains("4711") && !one.to_string().contains("\"key\":\"amount\""), "{one:#}");
        }
    });
}

#[test]
fn the_protocol_is_spoken_as_agreed() {
    one(|office| {
        let claude = Assistant::of(office.kim(), None);
        let begin = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}});
        let first = claude.sends(&[], &begin).is_ok();
        assert_eq!(first.body["result"]["protocolVersion"], "2025-03-26");
        assert!(first.headers["mcp-session-id"].to_str().unwrap().len() >= 32);
        assert_eq!(first.headers["cache-control"], "private, no-cache");
        let newer = claude.asks("initialize", &json!({"protocolVersion": "2999-01-01"}));
        assert_eq!(newer["result"]["protocolVersion"], "2025-11-25");
        assert_eq!(claude.asks("ping", &json!({}))["result"], json!({}));
        let told = claude.sends(&[], &json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        assert_eq!((told.status, told.text.as_str()), (StatusCode::ACCEPTED, ""));
        assert_eq!(claude.asks("tasks/list", &json!({}))["error"]["code"], -32601);
        let unknown = claude.asks("tools/call", &json!({"name": "drop_table", "arguments": {}}));
        assert_eq!(unknown["error"]["code"], -32602);
        assert!(unknown["error"]["message"].as_str().unwrap().contains("drop_table"));
        assert_eq!(claude.sends(&[], &json!({"id": 1})).is_ok().body["error"]["code"], -32600);
        let both = claude.sends(&[], &json!([{"jsonrpc": "2.0", "id": 1, "method": "ping"}, {"jsonrpc": "2.0", "method": "x"}])).is_ok();
        assert_eq!(both.body, json!([{"jsonrpc": "2.0", "id": 1, "result": {}}]));
        claude.sends(&[("mcp-protocol-version", "1999-01-01")], &begin).refused(StatusCode::BAD_REQUEST, "request.malformed");
        claude.sends(&[("mcp-protocol-version", "2025-11-25")], &begin).is_ok();
        let wrong = claude.is_refused("update_record", &json!({"object": "opportunity", "nonsense": 1}), "assistant.arguments");
        assert!(["nonsense", "fields", "id"].iter().all(|word| wrong["detail"].as_str().unwrap().contains(word)), "{wrong:#}");
        let resources = claude.asks("resources/list", &json!({}));
        assert!(resources["result"]["resources"].as_array().unwrap().iter().any(|one| one["uri"] == "stagecraft://objects/lead"));
        let guide = claude.asks("resources/read", &json!({"uri": "stagecraft://guide/conditions"}));
        assert!(guide["result"]["contents"][0]["text"].as_str().unwrap().contains("is_me"));
        assert_eq!(claude.asks("resources/read", &json!({"uri": "file:///etc/passwd"}))["error"]["code"], -32002);
        let templates = claude.asks("resources/templates/list", &json!({}));
        assert_eq!(templates["result"]["resourceTemplates"][0]["uriTemplate"], "stagecraft://records/{object}/{id}");
        let kim = office.kim();
        kim.patches("/me", &json!({"language": "zh-CN"})).is_ok();
        let refused = claude.is_refused("get_record", &json!({"object": "lead", "id": kim.id.to_string()}), "not_found");
        assert!(refused["title"].as_str().unwrap().chars().any(|c| c > '\u{2e80}'), "{refused:#}");
        let tools = claude.asks("tools/list", &json!({}));
        assert!(
            tools["result"]["tools"].as_array().unwrap().iter().all(|tool| tool["title"].as_str().unwrap().chars().any(|c| c > '\u{2e80}'))
        );
    });
}

#[test]
fn nobody_comes_in_but_by_a_token_of_his_own() {
    one(|office| {
        let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
        office.asks("POST", "/mcp", &[], Some(&ping)).refused(StatusCode::UNAUTHORIZED, "auth.required");
        office
            .asks("POST", "/mcp", &[("authorization", "Bearer sc_nonsense")], Some(&ping))
            .refused(StatusCode::UNAUTHORIZED, "auth.required");
        // A browser that is signed in opens nothing here.
        office.give_password("kim", "a long pass phrase");
        let signed_in = office
            .asks("POST", "/api/v1/auth/login", &[], Some(&json!({"email": "kim@example.com", "password": "a long pass phrase"})))
            .is_ok();
        let cookie = signed_in.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        office.asks("POST", "/mcp", &[("cookie", &cookie)], Some(&ping)).refused(StatusCode::UNAUTHORIZED, "auth.required");
        let claude = Assistant::of(office.kim(), None);
        for origin in ["https://evil.example", "null", "http://localhost:9999"] {
            claude.sends(&[("origin", origin)], &ping).refused(StatusCode::FORBIDDEN, "assistant.origin");
        }
        claude.sends(&[("origin", "http://localhost:8080")], &ping).is_ok();
        let bearer = format!("Bearer {}", claude.token);
        for method in ["GET", "DELETE", "PUT"] {
            office.asks(method, "/mcp", &[("authorization", &bearer)], None).refused(StatusCode::METHOD_NOT_ALLOWED, "request.method");
        }
        let raw = |kind: &str, body: String| {
            office
                .sends(Request::post("/mcp").header("authorization", &bearer).header("content-type", kind).body(Body::from(body)).unwrap())
        };
        raw("text/plain", ping.to_string()).refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "request.media_type");
        raw("application/json", "{".to_owned()).refused(StatusCode::BAD_REQUEST, "request.malformed");
        raw("application/json", format!("\"{}\"", "x".repeat(1 << 20))).refused(StatusCode::PAYLOAD_TOO_LARGE, "request.too_large");
        // What is inside says so itself; no header does.
        let deal = office.kim().opens_a_deal(&json!({}));
        let answer = office
            .kim()
            .asks(
                "PATCH".parse().unwrap(),
                &deal.path(),
                &[("assisted", "tries"), ("via", "mcp")],
                Some(&json!({"fields": {"next_step": "x"}})),
            )
            .is_ok();
        assert_eq!(answer.field("next_step"), "x");
        let history = office.kim().gets(&format!("{}/history", deal.path())).is_ok().body;
        assert_eq!((&history["items"][0]["via"], &history["items"][0]["token"]), (&json!("api"), &json!("tests")));
    });
}
