//! Stage tasks as people learn of them: what waits for them, notices, reminders; and what nobody learns by them.

use model::{Id, Instant};
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, Historic, save};
use stagecraft_core::{Error, processes, stage_tasks};
use testkit::both;

use crate::office::Office;
use crate::reminders::tells_what_is_due;
use crate::stage_tasks::tick;

fn due(key: &str, seconds: i64) -> Json {
    let mut task = tick(key);
    task["due_seconds"] = seconds.into();
    task
}

#[test]
fn tasks_wait_for_whoever_has_them_and_for_his_deputy() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, .. } = office;
        let write = json!({"kind": "edit_object", "fields": ["next_step"]});
        office.sets_tasks(&[(
            "prospecting",
            json!([due("call", 60), due("visit", 9_000_000), {"key": "write", "name": "To write", "act": write}]),
        )]);
        let deal = office.deal(kim, "Rail");
        database.advance(120);
        assert_eq!(office.waits_for(kim), ["stage_task: To call", "stage_task: To visit", "stage_task: To write"]);
        let all = office.todo(kim, json!({}));
        assert_eq!(
            (&all["counts"]["overdue"], &all["counts"]["none"], &all["counts"]["kinds"]["stage_task"]),
            (&json!(1), &json!(1), &json!(3))
        );
        let (call, write) = (&all["items"][0], &all["items"][2]);
        assert_eq!((&call["record"], &call["overdue"], &call["can"]), (&json!(deal), &json!(true), &json!(["complete"])));
        assert_eq!(
            (&write["can"], &write["stage"], &write["version"]),
            (&json!([]), &json!("prospecting"), &json!(1)),
            "it is filled in elsewhere"
        );
        // Page by page it is the same.
        let (mut paged, mut cursor) = (Vec::new(), Json::Null);
        loop {
            let page = office.todo(kim, json!({"limit": 1, "cursor": cursor, "kind": "stage_task"}));
            paged.extend(page["items"].as_array().unwrap().clone());
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(&paged, all["items"].as_array().unwrap());
        // Karl stands in for Kim and does not see her deals; nobody comes to see more by that.
        office.names_deputy(kim, json!({"deputy": karl})).unwrap();
        assert_eq!(office.waits_for(karl), [""; 0]);
        office.gives(deal, karl);
        assert_eq!(office.waits_for(karl).len(), 3);
        assert_eq!(office.todo(karl, json!({}))["items"][0]["on_behalf_of"], json!(kim));
        office.completes(karl, office.stage_task(deal, "call"), json!({})).unwrap();
        assert_eq!(office.waits_for(kim), ["stage_task: To visit", "stage_task: To write"]);
        assert_eq!(office.waits_for(lee), [""; 0]);
        // One who may not know of stages is not told of tasks.
        office.hides("salesperson", "opportunity", &[("stage", "hidden")]);
        assert_eq!(office.waits_for(kim), [""; 0]);
        assert!(matches!(office.read(kim, |cx, tx| stage_tasks::list(cx, tx, deal)), Err(Error::NotFound)));
    });
}

#[test]
fn one_is_told_of_tasks_that_come_to_one_and_reminded_of_them() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, mona, .. } = office;
        let mut call = due("call", 7200);
        call["assignees"] = json!([{"kind": "person", "id": karl}]);
        call["reminders"] = json!([{"when": "before", "seconds": 3600, "to": [{"kind": "owner_manager"}]}, {"when": "after", "to": [{"kind": "person", "id": karl}], "every_days": 1}]);
        let mut visit = tick("visit");
        visit["assignees"] = call["assignees"].clone();
        office.sets_tasks(&[("prospecting", json!([call, visit]))]);
        let deal = office.deal(kim, "Rail");
        let kinds = |who: Id| -> Vec<String> { office.told(who).0.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect() };
        assert_eq!((kinds(karl), kinds(kim)), (vec!["stage_task".to_owned()], vec![]), "once for both; Kim did it herself");
        let told = office.told(karl).0[0].clone();
        assert_eq!((&told["count"], &told["record"], &told["params"]["task"]), (&json!(2), &json!(deal), &json!("To call")));
        database.advance(3600);
        tells_what_is_due(&office.house);
        assert_eq!((kinds(mona), kinds(karl).len()), (vec!["stage_task_due".to_owned()], 1));
        database.advance(3600);
        tells_what_is_due(&office.house);
        tells_what_is_due(&office.house);
        assert_eq!(kinds(karl), ["stage_task_due", "stage_task"]);
        office.completes(kim, office.stage_task(deal, "call"), json!({})).unwrap();
        database.advance(200_000);
        tells_what_is_due(&office.house);
        assert_eq!((kinds(mona).len(), kinds(karl).len()), (1, 2), "it is done");
        // Given to somebody else he is told, the one before no more.
        office.reassigns(kim, office.stage_task(deal, "visit"), mona).unwrap();
        assert_eq!(kinds(mona), ["stage_task", "stage_task_due"]);
    });
}

#[test]
fn a_deal_that_comes_with_its_past_has_the_tasks_of_its_present_stage() {
    both(|database| {
        let office = Office::new(database);
        office.sets_tasks(&[("prospecting", json!([due("call", 60)])), ("qualification", json!([due("measure", 86_400)]))]);
        let deal = office
            .write(office.ada, |cx, tx| {
                let past = |seconds: i64| cx.at.plus_seconds(-seconds);
                let entered = vec![("prospecting".to_owned(), past(9_000_000)), ("qualification".to_owned(), past(8_000_000))];
                let deed = Deed::Historic(Historic { created_at: Some(past(9_000_000)), entered });
                let mut change = Change::new("opportunity", deed);
                change.patch.insert("name".into(), "Rail".into());
                change.patch.insert("owner".into(), office.kim.into());
                save(cx, tx, change)
            })
            .unwrap()
            .record
            .id;
        assert_eq!(office.states(deal), ["measure:open"]);
        let task = office.stage_tasks(office.kim, deal)[0].clone();
        let due = Instant::parse(task["due_at"].as_str().unwrap()).unwrap();
        assert_eq!(due.seconds_since(office.in_seconds(0)), 86_400, "due from now on, not from years ago");
        assert_eq!(office.told(office.kim).1, 0, "a thousand deals that come in are no news");
    });
}

#[test]
fn what_is_hidden_is_not_told_by_a_task() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let edit = json!({"kind": "edit_object", "fields": ["next_step", "description"]});
        let about = json!({"kind": "edit_object", "of": "account", "fields": ["city", "annual_revenue"]});
        let fill = json!([{"field": "content", "from": "description"}]);
        let create = json!({"kind": "create_object", "object": "activity", "link": "regarding", "fill": fill});
        office.sets_tasks(&[(
            "prospecting",
            json!([
                {"key": "edit", "name": "Edit", "act": edit}, {"key": "about", "name": "About", "act": about},
                {"key": "create", "name": "Create", "act": create},
            ]),
        )]);
        let account = office.system("account", json!({"name": "Lindenthal", "owner": office.lee}));
        let deal = office.deal(kim, "Rail");
        let other = office
            .creates(office.ada, "account", json!({"name": "Secret AG", "owner": office.lee}))
            .map(|made| crate::office::id_of(&made))
            .unwrap();
        office.edits(office.ada, "opportunity", deal, json!({"account": other, "description": "Zeta"})).unwrap();
        let _ = account;
        office.hides("salesperson", "opportunity", &[("description", "hidden")]);
        office.hides("salesperson", "account", &[("annual_revenue", "hidden")]);
        let shown = office.read(kim, |cx, tx| stage_tasks::list(cx, tx, deal)).unwrap();
        let text = shown.to_string();
        for secret in ["description", "Zeta", "annual_revenue"] {
            assert!(!text.contains(secret), "{secret} in {shown:#}");
        }
        // The account is out of her sight: so is whether it is filled in.
        if office.reads(kim, "account", other).is_err() {
            assert_eq!(shown["items"][1]["act"]["record"], Json::Null);
            assert!(!text.contains("Secret AG"));
            assert_eq!(crate::office::refusals(office.completes(kim, office.stage_task(deal, "about"), json!({}))), ["field.out_of_sight"]);
        }
        let create = office.stage_task(deal, "create");
        let done = office.completes(kim, create, json!({"create": [{"fields": {"name": "Note"}}]})).unwrap();
        let made: Id = done["task"]["act"]["linked"][0]["record"].as_str().unwrap().parse().unwrap();
        assert!(
            office.reads(kim, "activity", made).unwrap()["fields"]["content"].is_null(),
            "nor is it carried over to where she reads it"
        );
        office.edits(office.ada, "opportunity", deal, json!({"description": null})).unwrap();
        let refused = office.completes(kim, office.stage_task(deal, "edit"), json!({"fields": {"next_step": "x"}}));
        assert_eq!(crate::office::refusals(refused), ["field.out_of_sight"], "something is missing that she may not know of");
    });
}

/// What is needed, as the tasks say it, and as the path does.
fn agrees(office: &Office, deal: Id) {
    let path = office.read(office.kim, |cx, tx| processes::path(cx, tx, deal)).unwrap();
    let current = path["current"].as_str().unwrap();
    let mut by_path: Vec<String> = Vec::new();
    for stage in path["stages"].as_array().unwrap() {
        let open = stage["requirements"].as_array().unwrap().iter().filter(|unmet| unmet["code"] == "stage.task_open");
        let keys: Vec<String> = open.map(|unmet| unmet["params"]["task"].as_str().unwrap().to_owned()).collect();
        if !keys.is_empty() {
            by_path = keys;
        }
        for task in stage["tasks"].as_array().unwrap() {
            assert!(task["state"] != "open" || stage["key"] == current, "what is open belongs to the stage that the deal is in");
        }
    }
    by_path.sort();
    let tasks = office.stage_tasks(office.kim, deal);
    let needed = tasks.iter().filter(|task| task["needed"] == true);
    let mut by_tasks: Vec<String> = needed.map(|task| task["id"].as_str().unwrap().to_owned()).collect();
    by_tasks.sort();
    assert_eq!(by_path, by_tasks, "{path:#}");
    for task in tasks.iter().filter(|task| task["needed"] == true) {
        assert_eq!(task["state"], "open", "what is needed can be done");
    }
}

#[test]
fn what_is_needed_is_what_the_path_says_on_any_walk() {
    both(|database| {
        let office = Office::new(database);
        for seed in 0..6_u64 {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1;
            let mut roll = |sides: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % sides
            };
            let stages = ["prospecting", "qualification", "proposal", "negotiation"];
            let mut all = Vec::new();
            for (at, stage) in stages.iter().enumerate() {
                let mut tasks = Vec::new();
                for nth in 0..roll(4) {
                    let mut task = tick(&format!("t{at}_{nth}"));
                    (task["required"], task["repeat"]) = ((roll(3) > 0).into(), (roll(3) == 0).into());
                    if roll(4) == 0 {
                        task["condition"] = json!({"field": "next_step", "op": "is_not_empty"});
                    }
                    tasks.push(task);
                }
                all.push((*stage, json!(tasks), roll(3)));
            }
            office.edits_process(|process| {
                for (stage, tasks, which) in &all {
                    let rules = process.stages.iter_mut().find(|rules| rules.stage == *stage).unwrap();
                    rules.tasks = serde_json::from_value(tasks.clone()).unwrap();
                    let keys: Vec<&str> = tasks.as_array().unwrap().iter().filter_map(|task| task["key"].as_str()).collect();
                    let needed = match which {
                        0 => json!({"which": "required"}),
                        1 if !keys.is_empty() => json!({"which": "chosen", "tasks": keys[..1]}),
                        2 if !keys.is_empty() => json!({"which": "number", "n": 1}),
                        _ => json!({"which": "required"}),
                    };
                    rules.needed_tasks = serde_json::from_value(needed).unwrap();
                    (rules.allow_skip, rules.entry_condition, rules.completion_condition) = (true, None, None);
                    rules.required_fields.clear();
                }
            });
            let deal = office.deal(office.kim, &format!("Rail {seed}"));
            agrees(&office, deal);
            for _ in 0..14 {
                let tasks = office.stage_tasks(office.kim, deal);
                let able = |act: &str| -> Vec<Id> {
                    let can = tasks.iter().filter(|task| task["can"].as_array().unwrap().contains(&json!(act)));
                    can.map(|task| task["id"].as_str().unwrap().parse().unwrap()).collect()
                };
                match roll(6) {
                    0..=2 => {
                        if let Some(task) = able("complete").first() {
                            office.completes(office.kim, *task, json!({})).unwrap();
                        }
                    }
                    3 => {
                        if let Some(task) = able("reopen").last() {
                            office.write(office.kim, |cx, tx| stage_tasks::reopen(cx, tx, *task, None, &Default::default())).unwrap();
                        }
                    }
                    4 => {
                        let next = ["x", ""][roll(2) as usize];
                        office.edits(office.kim, "opportunity", deal, json!({"next_step": next})).unwrap();
                    }
                    _ => {
                        let path = office.read(office.kim, |cx, tx| processes::path(cx, tx, deal)).unwrap();
                        let target = stages[roll(4) as usize];
                        let stage = path["stages"].as_array().unwrap().iter().find(|stage| stage["key"] == target).unwrap().clone();
                        let moved = office.moves(office.kim, deal, None, json!({"stage": target, "reason": "so it goes"}));
                        let open = stage["requirements"].as_array().unwrap().iter().any(|unmet| unmet["code"] == "stage.task_open");
                        if path["current"] != target {
                            assert_eq!(moved.is_ok(), !open, "{stage:#} {moved:?}");
                        }
                    }
                }
                agrees(&office, deal);
            }
        }
        office.is_in_order();
    });
}
