//! What a move asks for besides a stage: records created with it, gates passed by, another process.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, processes};
use testkit::both;

use crate::office::{Office, refusals};
use crate::together::at_once;

impl Office {
    fn reopens(&self, who: Id, id: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| processes::reopen(cx, tx, id, None, &wanted))
    }

    fn changes_process(&self, who: Id, id: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| processes::change_process(cx, tx, id, None, &wanted))
    }

    fn path(&self, who: Id, id: Id) -> Json {
        self.read(who, |cx, tx| processes::path(cx, tx, id)).unwrap()
    }

    fn stays(&self, who: Id, id: Id) -> Vec<Json> {
        self.read(who, |cx, tx| processes::stays(cx, tx, id)).unwrap()["items"].as_array().unwrap().clone()
    }

    /// Another process, of these stages.
    fn adds_process(&self, name: &str, change: impl FnOnce(&mut Json)) -> String {
        let mut process = json!({"name": name, "precedence": 10, "stages": [
            {"stage": "prospecting"}, {"stage": "proposal"}, {"stage": "won"}, {"stage": "lost", "ignore_normal": true},
        ]});
        change(&mut process);
        let saved = self.write(self.ada, |cx, tx| processes::save_process(cx, tx, None, None, &process, false)).unwrap();
        saved["process"]["id"].as_str().unwrap().to_owned()
    }

    fn lost_asks_for_a_task(&self) {
        self.edits_process(|process| {
            let lost = process.stages.iter_mut().find(|rules| rules.stage == "lost").unwrap();
            let asked = json!([{"object": "task", "link": "regarding", "fields": ["due_at"], "fill": [{"field": "name", "from": "name"}]}]);
            lost.creates = serde_json::from_value(asked).unwrap();
        });
    }
}

fn stage<'a>(path: &'a Json, key: &str) -> &'a Json {
    path["stages"].as_array().unwrap().iter().find(|stage| stage["key"] == key).unwrap()
}

#[test]
fn records_come_to_be_with_the_move_or_nothing_does() {
    both(|database| {
        let office = Office::new(database);
        office.lost_asks_for_a_task();
        let deal = office.deal(office.kim, "Rail");
        let asked = stage(&office.path(office.kim, deal), "lost").clone();
        assert_eq!(asked["asks_records"][0]["values"], json!({"name": "Rail"}));
        assert!(asked["reachable"].as_bool().unwrap(), "a record is what the dialog asks for");
        let lost = |create: Json| {
            office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}, "create": create}))
        };
        assert_eq!(refusals(lost(json!([]))), ["stage.terminal_action:create/0"]);
        // All that stands against the deal or a record is told at once, and nothing is stored.
        let bad = office.moves(
            office.kim,
            deal,
            None,
            json!({"stage": "lost", "create": [{"object": "task", "fields": {"name": "", "owner": "nobody"}}, {"object": "product"}]}),
        );
        assert_eq!(
            refusals(bad),
            [
                "field.invalid:create/0/owner",
                "field.required:create/0/name",
                "field.not_an_option:create/1/object",
                "stage.terminal_action:lost_reason"
            ]
        );
        assert_eq!(office.lists(office.kim, "task", json!({})).unwrap().1, 0);
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage"], "prospecting");
        // What is not given begins with what the deal gives.
        let done = lost(json!([{"object": "task"}])).unwrap();
        assert_eq!(done["record"]["fields"]["stage"], "lost");
        let task: Id = done["created"][0]["id"].as_str().unwrap().parse().unwrap();
        let task = office.reads(office.kim, "task", task).unwrap();
        assert_eq!((&task["fields"]["name"], &task["fields"]["regarding"]["id"]), (&json!("Rail"), &json!(deal)));
        office.agrees();
    });
}

#[test]
fn a_dry_run_of_a_move_with_records_leaves_nothing() {
    both(|database| {
        let office = Office::new(database);
        office.lost_asks_for_a_task();
        let deal = office.deal(office.kim, "Rail");
        let body = json!({"stage": "lost", "fields": {"lost_reason": "price"}, "create": [{"object": "task"}], "dry_run": true});
        let told = office.moves(office.kim, deal, None, body).unwrap();
        assert_eq!((&told["dry_run"], &told["record"]["fields"]["stage"]), (&json!(true), &json!("lost")));
        assert_eq!(office.lists(office.kim, "task", json!({})).unwrap().1, 0);
        assert_eq!(office.stays(office.kim, deal).len(), 1);
    });
}

#[test]
fn gates_are_passed_by_with_a_reason_and_it_is_told() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let over = json!({"stage": "negotiation", "bypass": true, "reason": "The board has agreed."});
        // Whoever may not is told so on top of what he cannot pass by.
        let refused = refusals(office.moves(office.kim, deal, None, over.clone()));
        assert_eq!(refused.first().map(String::as_str), Some("stage.not_permitted:stage"));
        assert!(refused.len() > 1, "{refused:?}");
        let without = json!({"stage": "negotiation", "bypass": true});
        assert_eq!(refusals(office.moves(office.ada, deal, None, without)), ["stage.reason_required:reason"]);
        let moved = office.moves(office.ada, deal, None, over).unwrap();
        let passed: Vec<&str> = moved["bypassed"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert!(passed.contains(&"stage.not_skippable"), "{passed:?}");
        assert_eq!(office.stays(office.kim, deal)[1]["bypassed"], moved["bypassed"]);
        let trace = office.read(office.ada, |cx, tx| stagecraft_core::audit::log(cx, tx, &Default::default())).unwrap();
        let noted = trace["items"].as_array().unwrap().iter().find(|entry| entry["act"] == "bypass_gates").unwrap();
        assert_eq!((&noted["record"], &noted["detail"]["reason"]), (&json!(deal), &json!("The board has agreed.")));
        office.agrees();
    });
}

#[test]
fn a_deal_changes_its_process_where_its_owner_may_use_the_other() {
    both(|database| {
        let office = Office::new(database);
        let partners = office.adds_process("Partners", |_| {});
        let secret = office.adds_process("Only Lee", |process| process["who"] = json!({"people": [office.lee]}));
        let deal = office.deal(office.kim, "Rail");
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        let others = office.read(office.kim, |cx, tx| processes::processes(cx, tx, deal)).unwrap();
        let names: Vec<&str> = others["items"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(names, ["Partners"]);
        let to = |process: &str, stage: &str| json!({"process": process, "stage": stage, "reason": "Sold by a partner"});
        assert!(matches!(office.changes_process(office.kim, deal, to(&partners, "proposal")), Err(Error::Forbidden { .. })));
        assert!(matches!(office.changes_process(office.lee, deal, to(&partners, "proposal")), Err(Error::NotFound)));
        assert_eq!(refusals(office.changes_process(office.mona, deal, to(&secret, "proposal"))), ["process.not_permitted:process"]);
        assert_eq!(refusals(office.changes_process(office.mona, deal, to("nothing", "proposal"))), ["field.reference_not_found:process"]);
        let own = office.path(office.kim, deal)["process"]["id"].as_str().unwrap().to_owned();
        assert_eq!(refusals(office.changes_process(office.mona, deal, to(&own, "proposal"))), ["process.already_there:process"]);
        assert_eq!(refusals(office.changes_process(office.mona, deal, to(&partners, "won"))), ["stage.unknown:stage"]);
        assert_eq!(refusals(office.changes_process(office.mona, deal, json!({"process": partners}))), ["stage.reason_required:reason"]);
        let changed = office.changes_process(office.mona, deal, to(&partners, "proposal")).unwrap();
        assert_eq!(
            (&changed["record"]["fields"]["stage"], &changed["record"]["fields"]["sales_process"]),
            (&json!("proposal"), &json!(partners))
        );
        let stays = office.stays(office.kim, deal);
        let last = &stays[2];
        assert_eq!((&last["how"], &last["run"], &last["process"]["name"]), (&json!("change_process"), &json!(2), &json!("Partners")));
        assert_eq!(stays[1]["left_at"], last["entered_at"]);
        // A closed deal is reopened, not brought elsewhere.
        office.moves(office.kim, deal, None, json!({"stage": "lost"})).unwrap();
        assert_eq!(refusals(office.changes_process(office.mona, deal, to(&own, "prospecting"))), ["stage.use_reopen:stage"]);
        office.reopens(office.mona, deal, json!({"reason": "They called"})).unwrap();
        office.agrees();
    });
}

#[test]
fn many_are_moved_each_by_its_own_gates() {
    both(|database| {
        let office = Office::new(database);
        let (rail, port, lees) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Port"), office.deal(office.lee, "Lees"));
        office.moves(office.kim, port, None, json!({"stage": "qualification"})).unwrap();
        let body = |dry_run: bool| json!({"ids": [rail, port, lees], "act": "move", "stage": "qualification", "dry_run": dry_run});
        for dry_run in [true, false] {
            let told = office.acts(office.kim, body(dry_run));
            assert_eq!((&told["changed"], &told["refused"], &told["undo"]), (&json!(1), &json!(2), &json!(false)), "{told:#}");
            let code = |id: Id| {
                let one = told["results"].as_array().unwrap().iter().find(|one| one["id"] == json!(id)).unwrap();
                (one["code"].clone(), one["violations"][0]["code"].clone())
            };
            assert_eq!(code(port), (json!("stage.requirements_unmet"), json!("stage.already_there")));
            assert_eq!(code(lees), (json!("not_found"), Json::Null));
            assert_eq!(office.stays(office.kim, rail).len(), if dry_run { 1 } else { 2 });
        }
        // With what the stage asks for, and back with a reason.
        let close = json!({"ids": [rail, port], "act": "move", "stage": "lost", "fields": {"lost_reason": "price"}});
        assert_eq!(office.acts(office.kim, close)["changed"], 2);
        let wanted = serde_json::from_value(json!({"ids": [rail], "act": "move"})).unwrap();
        let begun = stagecraft_core::bulk::begin(
            &office.house,
            &stagecraft_core::Credential::Person(office.kim),
            model::Via::Api,
            "opportunity",
            &wanted,
        );
        assert_eq!(refusals(begun), ["field.required:stage"]);
        office.agrees();
    });
}

/// A process whose every setting names fields of its own.
fn with_everything(office: &Office) -> Json {
    for (object, key) in [("opportunity", "x_from"), ("opportunity", "x_ask"), ("account", "x_size"), ("task", "x_note")] {
        office.adds_field(object, json!({"key": key, "label": {"en": key}, "type": "text"}));
    }
    let filled = |field: &str| json!({"field": field, "op": "is_not_empty"});
    json!({
        "name": "With everything", "precedence": 20,
        "stages": [
            {
                "stage": "prospecting", "duration_seconds": 86_400,
                "reminders": [{"when": "after", "to": [{"kind": "person", "id": office.mona}, {"kind": "team_role", "role": "pre_sales"}]}],
                "completion_condition": filled("x_from"),
                "tasks": [
                    {"key": "ask", "name": "Ask", "act": {"kind": "edit_object", "fields": ["x_ask", "amount"]}, "condition": filled("x_from")},
                    {"key": "size", "name": "Size", "act": {"kind": "edit_object", "of": "account", "fields": ["x_size"]}},
                    {"key": "call", "name": "Call", "act": {
                        "kind": "create_object", "object": "task", "link": "regarding", "fill": [{"field": "x_note", "from": "account.x_size"}],
                        "choose_from": filled("x_note"),
                    }},
                ],
            },
            {"stage": "won", "creates": [{"object": "task", "link": "regarding", "fields": ["x_note"], "fill": [{"field": "x_note", "from": "x_from"}]}]},
        ],
    })
}

#[test]
fn what_a_process_names_is_kept_and_told_to_those_who_may_know() {
    both(|database| {
        let office = Office::new(database);
        let mut process = with_everything(&office);
        let saved = |process: &Json| office.write(office.ada, |cx, tx| processes::save_process(cx, tx, None, None, process, false));
        process["stages"][0]["reminders"][0]["to"] =
            json!([{"kind": "person", "id": model::Id::SYSTEM}, {"kind": "team_role", "role": "piper"}]);
        process["who"] = json!({"groups": [office.kim]});
        assert_eq!(
            refusals(saved(&process)),
            [
                "field.reference_not_found:who/groups/0",
                "field.reference_not_found:stages/0/reminders/0/to/0/id",
                "field.reference_not_found:stages/0/reminders/0/to/1/role",
            ]
        );
        process["stages"][0]["reminders"] = json!([]);
        process["who"] = json!({});
        let id = saved(&process).unwrap()["process"]["id"].as_str().unwrap().to_owned();
        for (object, field) in [("opportunity", "x_from"), ("opportunity", "x_ask"), ("account", "x_size"), ("task", "x_note")] {
            let uses = office.read(office.ada, |cx, tx| stagecraft_core::objects::uses(cx, tx, object, field)).unwrap();
            assert!(uses.to_string().contains(&id), "{object}.{field}: {uses}");
        }
        let known = || office.read(office.kim, |cx, _| processes::one(cx, &id)).unwrap();
        assert_eq!(known()["stages"][0]["tasks"].as_array().unwrap().len(), 3);
        for (object, field) in [("opportunity", "x_from"), ("opportunity", "x_ask"), ("account", "x_size"), ("task", "x_note")] {
            office.hides("salesperson", object, &[(field, "hidden")]);
        }
        let seen = known().to_string();
        assert!(!seen.contains("x_"), "{seen}");
        assert!(office.read(office.ada, |cx, _| processes::one(cx, &id)).unwrap().to_string().contains("x_note"));
    });
}

#[test]
fn a_group_may_use_a_process_of_its_own() {
    both(|database| {
        let office = Office::new(database);
        let north = office.reads(office.kim, "employee", office.kim).unwrap()["fields"]["department"].clone();
        let group = |name: &str, fields: Json| {
            let mut all = fields;
            all["name"] = name.into();
            office.system("user_group", all)
        };
        let (of_lee, of_north) = (group("Lee", json!({"members": [office.lee]})), group("North", json!({"departments": [north]})));
        let lees = office.adds_process("Lee's", |process| process["who"] = json!({"groups": [of_lee]}));
        let norths = office.adds_process("North's", |process| process["who"] = json!({"groups": [of_north]}));
        office.edits_process(|process| process.active = false);
        for (who, process) in [(office.lee, &lees), (office.kim, &norths)] {
            let deal = office.deal(who, "Rail");
            assert_eq!(office.path(who, deal)["process"]["id"], json!(process));
        }
        assert_eq!(
            refusals(office.creates(office.hanna, "opportunity", json!({"name": "Port"}))),
            ["process.none_applicable:sales_process"]
        );
    });
}

#[test]
fn of_two_who_close_a_deal_with_records_one_closes_it_and_one_record_comes_to_be() {
    both(|database| {
        let office = Office::new(database);
        office.lost_asks_for_a_task();
        for round in 0..5 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let body = || json!({"stage": "lost", "fields": {"lost_reason": "price"}, "create": [{"object": "task"}]});
            let (a, b) = at_once(|| office.moves(office.kim, deal, None, body()), || office.moves(office.mona, deal, None, body()));
            let (won, late) = if a.is_ok() { (a, b) } else { (b, a) };
            assert_eq!(won.unwrap()["created"].as_array().unwrap().len(), 1);
            assert_eq!(refusals(late), ["stage.already_there:stage"]);
            assert_eq!(office.stays(office.kim, deal).len(), 2);
            assert_eq!(office.lists(office.ada, "task", json!({})).unwrap().1, round + 1, "the late one's record is gone with his move");
        }
        office.agrees();
    });
}

#[test]
fn of_one_who_moves_and_one_who_changes_the_process_the_second_is_shown_the_present() {
    both(|database| {
        let office = Office::new(database);
        let partners = office.adds_process("Partners", |_| {});
        for round in 0..5 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let change = serde_json::from_value(json!({"process": partners, "reason": "Sold by a partner"})).unwrap();
            let (moved, changed) = at_once(
                || office.moves(office.kim, deal, Some(1), json!({"stage": "qualification"})),
                || office.write(office.mona, |cx, tx| processes::change_process(cx, tx, deal, Some(1), &change)),
            );
            let late = if moved.is_ok() { &changed } else { &moved };
            assert!(moved.is_ok() != changed.is_ok() && matches!(late, Err(Error::Conflict { .. })), "{moved:?} {changed:?}");
            assert_eq!(office.stays(office.kim, deal).len(), 2);
        }
        office.agrees();
    });
}

#[test]
fn records_that_the_mover_may_not_make_or_know_of() {
    both(|database| {
        let office = Office::new(database);
        office.lost_asks_for_a_task();
        let deal = office.deal(office.kim, "Rail");
        let lost = |create: Json| {
            office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}, "create": create}))
        };
        let mut role = office.role("salesperson");
        role["objects"]["task"]["acts"].as_array_mut().unwrap().retain(|act| act != "create");
        office.puts_role("salesperson", None, &role).unwrap();
        let asked = stage(&office.path(office.kim, deal), "lost").clone();
        assert_eq!(asked["requirements"].as_array().unwrap().last().unwrap()["fixable_by"], "administrator");
        let refused = lost(json!([{"object": "task"}]));
        assert!(matches!(&refused, Err(Error::Forbidden { act, object }) if act == "create" && object == "task"), "{refused:?}");
        // Of an object that is not there for him he is told that something is asked, and not what.
        role["objects"]["task"]["acts"] = json!([]);
        office.puts_role("salesperson", None, &role).unwrap();
        let asked = stage(&office.path(office.kim, deal), "lost").clone();
        assert_eq!((&asked["asks_records"], &asked["reachable"]), (&json!([]), &json!(false)));
        assert!(!asked.to_string().contains("task\""), "{asked:#}");
        assert_eq!(refusals(lost(json!([]))), ["field.out_of_sight"]);
        // Whoever may not write what is filled in still hands it on, and does not learn of it.
        office.adds_field("task", json!({"key": "x_note", "label": {"en": "Note"}, "type": "text"}));
        office.edits_process(|process| {
            let lost = process.stages.iter_mut().find(|rules| rules.stage == "lost").unwrap();
            lost.creates[0].fill.push(serde_json::from_value(json!({"field": "x_note", "from": "next_step"})).unwrap());
        });
        role["objects"]["task"]["acts"] = json!(["read", "create", "edit"]);
        role["objects"]["task"]["fields"] = json!({"x_note": "hidden"});
        office.puts_role("salesperson", None, &role).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        assert!(!stage(&office.path(office.kim, deal), "lost").to_string().contains("x_note"));
        let done = lost(json!([{"object": "task"}])).unwrap();
        let task: Id = done["created"][0]["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(office.reads(office.ada, "task", task).unwrap()["fields"]["x_note"], "Call");
    });
}

#[test]
fn administrators_of_an_older_installation_may_pass_gates_by_too() {
    both(|database| {
        let office = Office::new(database);
        // A role as it was stored before there was such an act.
        let mut role = office.role("administrator");
        role["objects"]["*"]["acts"].as_array_mut().unwrap().retain(|act| act != "bypass_gates");
        let kept = ["key", "name", "description", "see_all", "administrator", "reads_audit", "objects", "version"];
        role.as_object_mut().unwrap().retain(|key, _| kept.contains(&key.as_str()));
        office
            .write(office.ada, |_, tx| {
                let doc = role.to_string();
                tx.execute(
                    sea_query::Query::update()
                        .table("role")
                        .value("doc", doc)
                        .and_where(sea_query::ExprTrait::eq(sea_query::Expr::col("key"), "administrator")),
                )?;
                tx.publish_meta()?;
                Ok(())
            })
            .unwrap();
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.path(office.ada, deal)["can"]["bypass"], false);
        // The next start of the product gives it.
        let _again = stagecraft_core::House::open(database.again()).unwrap();
        assert_eq!(office.path(office.ada, deal)["can"]["bypass"], true);
        assert_eq!(office.path(office.kim, deal)["can"]["bypass"], false);
    });
}
