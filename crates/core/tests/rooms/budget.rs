//! How many round trips a save may take: on a network each holds its locks half a millisecond longer (core rule 14).

use serde_json::json;
use stagecraft_core::save::{Change, Deed, save};
use testkit::both;

use crate::office::Office;

#[test]
fn a_save_keeps_to_its_round_trips() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let statements = |change: Change| {
            office
                .write(office.kim, |cx, tx| {
                    let before = tx.statements();
                    save(cx, tx, change.clone())?;
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let mut create = Change::new("opportunity", Deed::Create);
        create.patch.insert("name".into(), "Harbour".into());
        let mut edit = Change::of("opportunity", deal, Deed::Edit);
        edit.patch.insert("next_step".into(), json!("Call").as_str().unwrap().into());
        let forward = Change::of("opportunity", deal, Deed::Move { stage: "qualification".into() });
        let counts = (statements(create), statements(edit), statements(forward));
        assert!(counts.0 <= 8 && counts.1 <= 8 && counts.2 <= 12, "create, edit, move took {counts:?} statements");
    });
}

#[test]
fn conditions_of_many_deals_are_looked_up_together() {
    both(|database| {
        let office = Office::new(database);
        let mut process = office.read(office.ada, |cx, _| Ok(stagecraft_core::processes::list(cx))).unwrap()["items"][0].clone();
        process["stages"][0]["entry_condition"] = json!({"field": "owner.manager.name", "op": "eq", "value": "mona"});
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| stagecraft_core::processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
        let statements = |deals: usize| {
            office
                .write(office.kim, |cx, tx| {
                    let mut create = Change::new("opportunity", Deed::Create);
                    create.patch.insert("name".into(), "Harbour".into());
                    let before = tx.statements();
                    let saved = stagecraft_core::save::save_all(cx, tx, "opportunity", vec![create; deals])?;
                    assert!(saved.iter().all(Result::is_ok));
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        assert_eq!(statements(1), statements(20));
    });
}

#[test]
fn what_follows_from_many_children_is_settled_together() {
    both(|database| {
        let office = Office::new(database);
        let add = |object: &str, body: serde_json::Value| office.adds_field(object, body);
        add(
            "opportunity",
            json!({"key": "x_roles", "label": {"en": "Roles"}, "type": "statistical", "of": "contact_role", "via": "opportunity", "function": "count"}),
        );
        add(
            "opportunity",
            json!({"key": "x_known", "label": {"en": "Known"}, "type": "calculated", "formula": "x_roles > 2", "result": "boolean", "indexed": true}),
        );
        add(
            "account",
            json!({"key": "x_roles", "label": {"en": "Roles"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "x_roles"}),
        );
        let account = crate::office::id_of(&office.creates(office.kim, "account", json!({"name": "Acme"})).unwrap());
        let contact = crate::office::id_of(&office.creates(office.kim, "contact", json!({"name": "Cara"})).unwrap());
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"account": account})).unwrap();
        let statements = |roles: usize| {
            office
                .write(office.kim, |cx, tx| {
                    let mut create = Change::new("contact_role", Deed::Create);
                    create.patch.insert("opportunity".into(), deal.into());
                    create.patch.insert("contact".into(), contact.into());
                    create.patch.insert("role".into(), "user".into());
                    let before = tx.statements();
                    let saved = stagecraft_core::save::save_all(cx, tx, "contact_role", vec![create; roles])?;
                    assert!(saved.iter().all(Result::is_ok));
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let (one, twenty) = (statements(1), statements(20));
        assert_eq!(one, twenty);
        // The role itself, then the deal and its account, each with its history and its event.
        assert!(one <= 30, "{one} statements");
        assert_eq!(office.field_of(office.kim, "account", account, "x_roles"), "21");
        office.agrees();
    });
}

/// Spec/10: a move through five gates, out of a stage with three tasks and into one with three, in at most twenty statements.
#[test]
fn a_move_through_five_gates_with_tasks_keeps_to_its_round_trips() {
    both(|database| {
        let office = Office::new(database);
        let task = |key: &str| json!({"key": key, "name": key, "act": {"kind": "checklist_item"}});
        office.edits_process(|process| {
            let set = |stage: &str, rules: serde_json::Value| {
                let mut whole = rules;
                whole["stage"] = stage.into();
                serde_json::from_value(whole).unwrap()
            };
            process.stages[0] = set(
                "prospecting",
                json!({
                    "tasks": [task("a"), task("b"), task("c")],
                    "completion_condition": {"field": "next_step", "op": "is_not_empty"},
                }),
            );
            process.stages[1] = set("qualification", json!({"allow_skip": true}));
            process.stages[2] = set(
                "proposal",
                json!({
                    "tasks": [task("d"), task("e"), task("f")],
                    "entry_condition": {"field": "owner.manager.name", "op": "is_not_empty"},
                    "required_fields": ["expected_close_date"],
                }),
            );
        });
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        let tasks = office.read(office.kim, |cx, tx| stagecraft_core::stage_tasks::list(cx, tx, deal)).unwrap();
        for task in tasks["items"].as_array().unwrap() {
            office.completes(office.kim, task["id"].as_str().unwrap().parse().unwrap(), json!({})).unwrap();
        }
        let wanted = serde_json::from_value(json!({"stage": "proposal", "fields": {"expected_close_date": "2026-03-01"}})).unwrap();
        let taken = office
            .write(office.kim, |cx, tx| {
                stagecraft_core::processes::move_stage(cx, tx, deal, None, &wanted)?;
                Ok(tx.statements())
            })
            .unwrap();
        assert!(taken <= 20, "{taken} statements on {:?}", database.engine());
    });
}
