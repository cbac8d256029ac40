//! Approval flows as documents.

use axum::http::{Method, StatusCode};
use serde_json::{Value as Json, json};

use crate::office::{Office, both, one};

fn node(key: &str, does: Json) -> Json {
    json!({"key": key, "name": key, "does": does})
}

fn start(next: &str) -> Json {
    node("start", json!({"type": "start", "next": next}))
}

fn asks(key: &str, next: &str) -> Json {
    let who = json!([{"type": "manager", "of": "owner"}]);
    node(key, json!({"type": "approve", "method": {"type": "standard"}, "who": who, "next": next}))
}

fn end() -> Json {
    node("end", json!({"type": "approved"}))
}

/// A flow with these steps; what is given lies over it.
fn flow(nodes: Json, more: Json) -> Json {
    let mut flow = json!({"api_name": "big_deals", "name": "Big deals", "object": "opportunity", "trigger": "create", "nodes": nodes});
    for (key, value) in more.as_object().unwrap() {
        flow[key] = value.clone();
    }
    flow
}

fn sound(more: Json) -> Json {
    flow(json!([start("boss"), asks("boss", "end"), end()]), more)
}

/// What is told of a flow that is being drawn: codes with their places.
fn told(office: &Office, flow: &Json) -> Vec<String> {
    let answer = office.ada().posts("/approval-flows/check", flow).is_ok();
    let violations = answer.body["violations"].as_array().unwrap().clone();
    for violation in &violations {
        let message = violation["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty() && !message.contains('{'), "{violation:#}");
    }
    violations.iter().map(|found| format!("{}:{}", found["code"].as_str().unwrap(), found["path"].as_str().unwrap())).collect()
}

#[test]
fn a_flow_is_made_changed_by_who_saw_it_last_and_removed_when_it_is_off() {
    both(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        kim.gets("/approval-flows").refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.posts("/approval-flows", &sound(json!({}))).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        kim.posts("/approval-flows/check", &sound(json!({}))).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let made = ada.posts("/approval-flows", &sound(json!({}))).is(StatusCode::CREATED).body.clone();
        assert_eq!((&made["version"], &made["active"], &made["running"]), (&json!(1), &json!(true), &json!(0)));
        let path = format!("/approval-flows/{}", made["id"].as_str().unwrap());
        assert_eq!(ada.gets(&path).is_ok().body, made);
        // What GET gave is what PUT takes.
        let mut named = made.clone();
        named["name"] = "Bigger deals".into();
        let saved = ada.asks(Method::PUT, &path, &[("if-match", "\"v1\"")], Some(&named)).is_ok().body.clone();
        assert_eq!((&saved["name"], &saved["version"]), (&json!("Bigger deals"), &json!(2)));
        let late = ada.asks(Method::PUT, &path, &[("if-match", "\"v1\"")], Some(&named));
        assert_eq!(late.body["record"]["name"], "Bigger deals");
        late.refused(StatusCode::CONFLICT, "record.version_conflict");
        // Its key and its object stay.
        let mut other = saved.clone();
        (other["api_name"], other["object"]) = ("other".into(), "account".into());
        ada.puts(&path, &other).is_invalid(&["field.fixed:api_name", "field.fixed:object"]);
        ada.posts("/approval-flows", &sound(json!({}))).is_invalid(&["field.not_unique:api_name"]);
        assert_eq!(told(office, &saved), Vec::<String>::new(), "one that is sent with its id is no other");
        let versions = ada.gets(&format!("{path}/versions")).is_ok().body.clone();
        let names: Vec<&str> = versions["items"].as_array().unwrap().iter().map(|one| one["flow"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Bigger deals", "Big deals"]);
        assert_eq!(versions["items"][0]["by"], ada.id.to_string());
        // Only one that is off is removed.
        ada.asks(Method::DELETE, &path, &[], None).is_invalid(&["approval.flow_active:"]);
        let mut off = saved.clone();
        off["active"] = false.into();
        ada.puts(&path, &off).is_ok();
        ada.asks(Method::DELETE, &path, &[("if-match", "\"v2\"")], None).refused(StatusCode::CONFLICT, "record.version_conflict");
        ada.asks(Method::DELETE, &path, &[("if-match", "\"v3\"")], None).is(StatusCode::NO_CONTENT);
        ada.gets(&path).is_not_found();
        ada.gets(&format!("{path}/versions")).is_not_found();
        let audit = ada.gets("/audit?kind=approval_flow").is_ok();
        let acts: Vec<&str> = audit.body["items"].as_array().unwrap().iter().map(|entry| entry["act"].as_str().unwrap()).collect();
        for act in ["create", "edit", "delete"] {
            assert!(acts.contains(&act), "{:#}", audit.body);
        }
    });
}

#[test]
fn flows_are_dragged_into_the_order_in_which_they_are_asked() {
    both(|office| {
        let ada = office.ada();
        let ids: Vec<Json> = ["first", "second", "third"]
            .iter()
            .map(|name| {
                let made = ada.posts("/approval-flows", &sound(json!({"api_name": name, "name": name})));
                made.is(StatusCode::CREATED).body["id"].clone()
            })
            .collect();
        let turned = json!({"ids": [ids[2], ids[0], ids[1]]});
        let names = |body: &Json| -> Vec<String> {
            body["items"].as_array().unwrap().iter().map(|flow| flow["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&ada.gets("/approval-flows").is_ok().body), ["first", "second", "third"], "a new one comes last");
        assert_eq!(names(&ada.puts("/approval-flows/order", &turned).is_ok().body), ["third", "first", "second"]);
        let listed = ada.gets("/approval-flows").is_ok();
        assert_eq!(names(&listed.body), ["third", "first", "second"]);
        assert_eq!(listed.body["items"][0]["version"], 1, "it is no other flow for that");
        // One who did not see them all is shown them.
        let late = ada.puts("/approval-flows/order", &json!({"ids": [ids[0], ids[1]]}));
        assert_eq!(names(&late.body["record"]), ["third", "first", "second"]);
        late.refused(StatusCode::CONFLICT, "record.version_conflict");
        office.kim().puts("/approval-flows/order", &turned).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
    });
}

#[test]
fn what_takes_flows_is_told_with_what_can_be_caught() {
    one(|office| {
        let listed = office.ada().gets("/approval-flows").is_ok();
        let of = |key: &str| {
            let objects = listed.body["objects"].as_array().unwrap();
            objects.iter().find(|object| object["object"] == key).map(|object| object["triggers"].clone())
        };
        let common = ["create", "edit", "void", "restore", "delete", "import"];
        assert_eq!(of("product"), Some(json!(common)));
        let deals = of("opportunity").unwrap();
        assert!(deals.as_array().unwrap().contains(&json!("stage")) && !deals.as_array().unwrap().contains(&json!("convert")), "{deals}");
        assert!(of("lead").unwrap().as_array().unwrap().contains(&json!("convert")));
        for without in ["employee", "department", "user_group", "task", "activity", "opportunity_line", "contact_role"] {
            assert_eq!(of(without), None, "{without}");
        }
    });
}

#[test]
fn whatever_is_wrong_with_the_graph_is_told_with_its_place() {
    one(|office| {
        let drawn = |nodes: Json| told(office, &flow(nodes, json!({})));
        let fork = |ways: Json, join: &str| node("fork", json!({"type": "fork", "ways": ways, "join": join}));
        let join = |key: &str, next: &str| node(key, json!({"type": "join", "next": next}));
        assert_eq!(told(office, &sound(json!({}))), Vec::<String>::new());
        assert_eq!(drawn(json!([])), ["approval.one_start:nodes", "approval.no_end:nodes"]);
        // A step without its line, one that leads to what is not there, and one that asks nobody: all at once.
        let mut silent = asks("b", "nobody_knows");
        silent["does"]["who"] = json!([]);
        let gaps = json!([start(""), asks("a", "b"), silent, end(), end()]);
        assert_eq!(
            drawn(gaps),
            [
                "approval.leads_nowhere:nodes[0]",
                "approval.node_unknown:nodes[2]",
                "approval.asks_nobody:nodes[2].does.who",
                "approval.node_twice:nodes[4].key",
            ]
        );
        let unconnected = json!([{"key": "start", "does": {"type": "start", "next": null}}, asks("a", "end"), end()]);
        assert_eq!(drawn(unconnected), ["approval.leads_nowhere:nodes[0]"]);
        assert_eq!(drawn(json!([start("a"), asks("a", "b"), asks("b", "a"), end()])), ["approval.circle:nodes[1]"]);
        assert_eq!(drawn(json!([start("a"), asks("a", "end"), asks("b", "end"), end()])), ["approval.never_come_to:nodes[2]"]);
        let narrow = json!([start("branch"), node("branch", json!({"type": "branch", "ways": [], "otherwise": "end"})), end()]);
        assert_eq!(drawn(narrow), ["approval.too_few_ways:nodes[1].does.ways"]);
        let lost = json!([start("fork"), fork(json!(["a", "b"]), ""), asks("a", "end"), asks("b", "end"), end()]);
        assert_eq!(drawn(lost), ["approval.no_join:nodes[1].does.join"]);
        let early =
            json!([start("fork"), fork(json!(["a", "b"]), "join"), asks("a", "end"), asks("b", "join"), join("join", "end"), end()]);
        assert!(drawn(early).iter().any(|code| code.starts_with("approval.ends_inside_fork") || code.starts_with("approval.fork_crossed")));
        let both_ends =
            json!([start("fork"), fork(json!(["a", "b"]), "join"), asks("a", "end"), asks("b", "end"), join("join", "end"), end()]);
        let found = drawn(both_ends);
        assert!(found.contains(&"approval.ends_inside_fork:nodes[5]".to_owned()), "{found:?}");
        let outside = json!([start("join"), join("join", "end"), end()]);
        assert_eq!(drawn(outside), ["approval.join_outside:nodes[1]"]);
        let way = json!([{"name": "Big", "when": {"field": "amount", "op": "ge", "value": "1"}, "to": "a"}]);
        let branch = node("branch", json!({"type": "branch", "ways": way, "otherwise": "fork"}));
        let crossed = json!([
            start("branch"),
            branch,
            fork(json!(["a", "b"]), "join"),
            asks("a", "join"),
            asks("b", "join"),
            join("join", "end"),
            end()
        ]);
        let found = drawn(crossed);
        assert!(
            found.iter().any(|code| code.starts_with("approval.join_outside") || code.starts_with("approval.fork_crossed")),
            "{found:?}"
        );
        let other = json!([
            start("fork"),
            fork(json!(["a", "b"]), "join"),
            asks("a", "other"),
            asks("b", "join"),
            join("join", "end"),
            join("other", "end"),
            end()
        ]);
        assert_eq!(drawn(other), ["approval.wrong_join:nodes[5]"]);
        let mut back = asks("a", "b");
        back["does"]["rejects"] = json!({"type": "node", "node": "b"});
        assert_eq!(drawn(json!([start("a"), back, asks("b", "end"), end()])), ["approval.not_earlier:nodes[1]"]);
    });
}

#[test]
fn whatever_a_flow_names_is_there() {
    one(|office| {
        let with = |more: Json| told(office, &sound(more));
        let asking = |who: Json| {
            let mut step = asks("boss", "end");
            step["does"]["who"] = json!([who]);
            told(office, &flow(json!([start("boss"), step, end()]), json!({})))
        };
        let at = |code: &str, key: &str| vec![format!("{code}:nodes[1].does.who[0].{key}")];
        assert_eq!(with(json!({"object": "planet"})), ["field.unknown:object"]);
        assert_eq!(with(json!({"object": "opportunity_line"})), ["approval.object_without_flows:object"]);
        assert_eq!(with(json!({"trigger": "convert"})), ["approval.trigger_unfit:trigger"]);
        assert_eq!(
            with(json!({"name": " ", "api_name": "Big deals", "description": "x".repeat(501)})),
            ["field.required:name", "field.too_long:description", "field.invalid:api_name"]
        );
        assert_eq!(with(json!({"trigger": "edit", "fields": ["amount", "colour"]})), ["field.unknown:fields[1]"]);
        assert_eq!(with(json!({"trigger": "stage", "stages": ["qualification", "party"]})), ["field.not_an_option:stages[1]"]);
        // A change is asked about where one is judged.
        let changed = json!({"field": "amount", "op": "changed"});
        assert_eq!(with(json!({"trigger": "edit", "condition": changed})), Vec::<String>::new());
        assert_eq!(with(json!({"condition": changed})), ["condition.invalid:condition"]);
        assert_eq!(with(json!({"condition": {"field": "colour", "op": "is_empty"}})), ["field.unknown:condition"]);
        assert_eq!(with(json!({"condition": {"field": "amount"}})), ["condition.invalid:condition"]);
        let way = |when: Json| {
            let branch = json!({"type": "branch", "ways": [{"when": when, "to": "boss"}], "otherwise": "end"});
            told(office, &flow(json!([start("fork"), node("fork", branch), asks("boss", "end"), end()]), json!({})))
        };
        assert_eq!(way(json!(null)), ["field.required:nodes[1].does.ways[0].when"]);
        assert_eq!(way(json!({"field": "colour", "op": "is_empty"})), ["field.unknown:nodes[1].does.ways[0].when"]);
        // People and groups of them.
        let nowhere = "01234567-89ab-7cde-8123-456789abcdef";
        assert_eq!(asking(json!({"type": "person", "id": office.lee().id.to_string()})), Vec::<String>::new());
        assert_eq!(asking(json!({"type": "person", "id": ""})), at("field.required", "id"));
        for kind in ["person", "department", "group"] {
            assert_eq!(asking(json!({"type": kind, "id": nowhere})), at("field.reference_not_found", "id"));
        }
        assert_eq!(asking(json!({"type": "role", "role": "king"})), at("field.not_an_option", "role"));
        assert_eq!(asking(json!({"type": "team", "role": "juggler"})), at("field.not_an_option", "role"));
        assert_eq!(asking(json!({"type": "field", "path": "account.owner"})), Vec::<String>::new());
        assert_eq!(asking(json!({"type": "field", "path": "account.colour"})), at("field.unknown", "path"));
        assert_eq!(asking(json!({"type": "field", "path": "account"})), at("approval.path_without_people", "path"));
        office.ada().patches(&format!("/records/employee/{}", office.ines().id), &json!({"fields": {"active": false}})).is_ok();
        assert_eq!(asking(json!({"type": "person", "id": office.ines().id.to_string()})), at("approval.person_not_active", "id"));
        // What whoever is asked fills in.
        let mut step = asks("boss", "end");
        step["does"]["may_edit"] = json!(["amount", "owner", "colour", "amount"]);
        assert_eq!(
            told(office, &flow(json!([start("boss"), step, end()]), json!({}))),
            [
                "field.read_only:nodes[1].does.may_edit[1]",
                "field.unknown:nodes[1].does.may_edit[2]",
                "field.not_unique:nodes[1].does.may_edit[3]"
            ]
        );
        let unreadable = flow(json!([start("boss"), node("boss", json!({"type": "dance"})), end()]), json!({}));
        assert_eq!(told(office, &unreadable), ["field.invalid:nodes[1]"]);
    });
}

#[test]
fn what_follows_from_an_approval_can_be_done() {
    one(|office| {
        let after = |effect: Json| told(office, &sound(json!({"approved": [effect]})));
        let sound = |effect: Json| assert_eq!(after(effect), Vec::<String>::new());
        sound(json!({"type": "set", "field": "next_step", "value": "Call them"}));
        sound(json!({"type": "lock"}));
        sound(json!({"type": "notify", "who": [{"type": "owner"}], "text": "It is through"}));
        sound(json!({"type": "create_task", "subject": "Call", "who": [{"type": "owner"}], "due_in_days": 2}));
        assert_eq!(after(json!({"type": "set", "field": "colour", "value": 1})), ["field.unknown:approved[0].field"]);
        assert_eq!(after(json!({"type": "set", "field": "owner", "value": null})), ["field.read_only:approved[0].field"]);
        assert_eq!(after(json!({"type": "set", "field": "expected_close_date", "value": "soon"})), ["field.invalid:approved[0].value"]);
        assert_eq!(after(json!({"type": "set", "field": "name", "value": null})), ["field.required:approved[0].value"]);
        assert_eq!(after(json!({"type": "change_owner", "to": null})), ["field.required:approved[0].to"]);
        assert_eq!(
            after(json!({"type": "notify", "who": [], "text": ""})),
            ["field.required:approved[0].text", "field.required:approved[0].who"]
        );
        assert_eq!(after(json!({"type": "webhook"})), ["field.required:approved[0].name"]);
        let lee = office.lee().id.to_string();
        let unowned = json!({"object": "product", "approved": [{"type": "change_owner", "to": lee}]});
        let who = json!([{"type": "submitter"}]);
        let mut step = asks("boss", "end");
        step["does"]["who"] = who;
        assert_eq!(told(office, &flow(json!([start("boss"), step, end()]), unowned)), ["approval.effect_unfit:approved[0].to"]);
    });
}

#[test]
fn what_a_flow_names_is_not_taken_away() {
    both(|office| {
        let ada = office.ada();
        let group = ada.creates("user_group", &json!({"name": "Deal desk", "members": [office.lee().id.to_string()]}));
        let of_field = |label: &str, more: Json| {
            let mut field = json!({"label": {"en": label, "zh-CN": label}});
            more.as_object().unwrap().iter().for_each(|(key, value)| field[key] = value.clone());
            ada.posts("/objects/opportunity/fields", &field).is(StatusCode::CREATED).body["field"]["key"].as_str().unwrap().to_owned()
        };
        let colour = of_field("Colour", json!({"type": "select", "options": [{"label": {"en": "Red"}}, {"label": {"en": "Blue"}}]}));
        let mut boss = asks("boss", "end");
        boss["does"]["who"] = json!([
            {"type": "person", "id": office.lee().id.to_string()}, {"type": "group", "id": group.id}, {"type": "role", "role": "auditor"}
        ]);
        let condition = json!({"field": colour, "op": "eq", "value": "red"});
        let wanted = flow(json!([start("boss"), boss, end()]), json!({"condition": condition}));
        let made = ada.posts("/approval-flows", &wanted).is(StatusCode::CREATED).body.clone();
        let link = format!("/admin/approval-flows/{}", made["id"].as_str().unwrap());
        // The field, and the option that its condition asks for.
        let refused = ada.posts(&format!("/objects/opportunity/fields/{colour}/act"), &json!({"act": "disable"}));
        assert_eq!(refused.body["violations"][0]["params"]["kind"], "approval_flow", "{:#}", refused.body);
        assert_eq!(refused.body["violations"][0]["params"]["link"], link);
        refused.refused(StatusCode::UNPROCESSABLE_ENTITY, "record.invalid");
        let options = json!({"options": [{"key": "blue", "label": {"en": "Blue"}}]});
        let refused = ada.puts(&format!("/objects/opportunity/fields/{colour}/options"), &options);
        assert_eq!(refused.body["violations"][0]["code"], "field.option_in_use", "{:#}", refused.body);
        let options = json!({"options": [{"key": "red", "label": {"en": "Red"}}]});
        ada.puts(&format!("/objects/opportunity/fields/{colour}/options"), &options).is_ok();
        // The role, the group, and whom it names.
        let refused = ada.asks(Method::DELETE, "/roles/auditor", &[], None);
        assert!(
            refused.body["violations"][0]["params"]["kind"].as_array().unwrap().contains(&json!("approval_flow")),
            "{:#}",
            refused.body
        );
        ada.posts(&format!("{}/void", group.path()), &json!({})).is_invalid(&["approval.names_it:"]);
        let lee = office.lee().id.to_string();
        let listed = ada.gets(&format!("/people/{lee}")).is_ok();
        assert_eq!(listed.body["approval_flows"][0]["name"], "Big deals");
        assert_eq!(office.kim().gets(&format!("/people/{lee}")).is_ok().body["approval_flows"], json!([]));
        let leaves = ada.posts(&format!("/people/{lee}/disable"), &json!({"spread": [], "dry_run": true})).is_ok();
        assert_eq!(leaves.body["approval_flows"][0]["id"], made["id"], "{:#}", leaves.body);
        // Once it names them no more, they go.
        let mut other = wanted.clone();
        other["condition"] = Json::Null;
        other["nodes"][1] = asks("boss", "end");
        ada.puts(&format!("/approval-flows/{}", made["id"].as_str().unwrap()), &other).is_ok();
        ada.posts(&format!("{}/void", group.path()), &json!({})).is_ok();
        ada.posts(&format!("/objects/opportunity/fields/{colour}/act"), &json!({"act": "disable"})).is_ok();
    });
}

#[test]
fn flows_are_tried_without_starting_any() {
    both(|office| {
        let (ada, kim) = (office.ada(), office.kim());
        let asked = json!({"object": "opportunity", "act": "create", "fields": {"name": "Turbine", "amount": "5000"}, "submitter": kim.id.to_string()});
        kim.posts("/approval-flows/simulate", &asked).refused(StatusCode::FORBIDDEN, "access.act_not_allowed");
        let told = ada.posts("/approval-flows/simulate", &asked).is_ok().body.clone();
        assert_eq!((&told["flow"], &told["tried"], &told["path"]), (&Json::Null, &json!([]), &json!([])));
        let condition = json!({"field": "amount", "op": "ge", "value": "1000"});
        let made = ada.posts("/approval-flows", &sound(json!({"condition": condition}))).is(StatusCode::CREATED).body.clone();
        let told = ada.posts("/approval-flows/simulate", &asked).is_ok().body.clone();
        assert_eq!((&told["flow"]["id"], &told["path"][0]["name"], &told["ends"]), (&made["id"], &json!("boss"), &json!("approved")));
        let mona = told["path"][0]["people"][0].as_str().unwrap();
        assert_eq!(told["refs"][mona]["name"], "Mona Keller", "{:#}", told["refs"]);
        // As it is being drawn.
        let mut drawn = made.clone();
        drawn["condition"]["value"] = "9000".into();
        let mut with = asked.clone();
        with["flow"] = drawn.clone();
        let told = ada.posts("/approval-flows/simulate", &with).is_ok().body.clone();
        assert_eq!((&told["flow"], &told["tried"][0]["why_not"]["code"]), (&Json::Null, &json!("condition")));
        assert_eq!(told["path_of"]["id"], made["id"], "whom it would ask is told all the same");
        with["flow"]["nodes"] = json!([]);
        ada.posts("/approval-flows/simulate", &with).is_invalid(&["approval.one_start:flow.nodes", "approval.no_end:flow.nodes"]);
        let nobody = json!({"object": "opportunity", "act": "edit", "record": "01234567-89ab-7cde-8123-456789abcdef"});
        ada.posts("/approval-flows/simulate", &nobody).is_not_found();
        ada.posts("/approval-flows/simulate", &json!({"object": "opportunity", "act": "edit"})).is_invalid(&["field.required:record"]);
        assert_eq!(kim.gets("/records/opportunity?count=exact").is_ok().body["count"], 0);
    });
}
