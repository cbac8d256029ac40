//! What waits for a person, and who stands in for him.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::notices::{self, Kind, Notice, deputies};
use stagecraft_core::todo::{self, TodoRequest};
use stagecraft_core::{Error, Result};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::reminders::tells_what_is_due;

impl Office {
    pub fn todo(&self, who: Id, request: Json) -> Json {
        let request: TodoRequest = serde_json::from_value(request).unwrap();
        self.read(who, |cx, tx| todo::list(cx, tx, &request)).unwrap()
    }

    /// Kinds and titles of what waits, in their order.
    pub fn waits_for(&self, who: Id) -> Vec<String> {
        let all = self.todo(who, json!({}));
        all["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{}: {}", one["kind"].as_str().unwrap(), one["title"].as_str().unwrap()))
            .collect()
    }

    pub fn names_deputy(&self, who: Id, wanted: Json) -> Result<Json> {
        let wanted: deputies::NameDeputy = serde_json::from_value(wanted).unwrap();
        self.write(who, |cx, tx| deputies::save(cx, tx, None, &wanted))
    }

    fn task(&self, who: Id, name: &str, more: Json) -> Id {
        let mut fields = json!({"name": name, "assignee": who});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        id_of(&self.creates(who, "task", fields).unwrap())
    }
}

#[test]
fn all_that_waits_stands_in_one_list_by_when_it_is_due() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let deal = id_of(&office.creates(kim, "opportunity", json!({"name": "Rail", "expected_close_date": "2026-01-04"})).unwrap());
        let about = json!({"object": "opportunity", "id": deal});
        office.task(kim, "Later", json!({"due_at": office.in_seconds(3 * 86_400).to_string(), "priority": "high"}));
        office.task(kim, "Some day", json!({}));
        office.task(kim, "Today", json!({"due_at": office.in_seconds(3_600).to_string(), "regarding": about}));
        let done = office.task(kim, "Done", json!({}));
        office.edits(kim, "task", done, json!({"task_status": "done"})).unwrap();
        let step = |name: &str, next: Option<i64>| {
            let at = next.map(|seconds| office.in_seconds(seconds).to_string());
            let fields = json!({"name": name, "regarding": about, "next_step": next.map(|_| "Call back"), "next_step_at": at});
            office.creates(kim, "activity", fields).unwrap();
            database.advance(1);
        };
        step("Visit", Some(7_200));
        // It was Monday, 2026-01-05, nine o'clock in UTC: the close date is over.
        assert_eq!(office.waits_for(kim), ["close_date: Rail", "task: Today", "follow_up: Call back", "task: Later", "task: Some day"]);
        let all = office.todo(kim, json!({}));
        assert_eq!(
            all["counts"],
            json!({
                "overdue": 1, "today": 2, "later": 1, "none": 1, "badge": 3,
                "kinds": {"task": 3, "follow_up": 1, "lead": 0, "approval": 0, "close_date": 1, "stage_overdue": 0, "stage_task": 0, "join_request": 0},
            })
        );
        let today = &all["items"][1];
        assert_eq!(
            (&today["object"], &today["record"], &today["can"]),
            (&json!("opportunity"), &json!(deal), &json!(["complete", "postpone"]))
        );
        assert_eq!((&all["items"][3]["priority"], &all["items"][4]["due_at"]), (&json!("high"), &Json::Null));

        // Page by page it is the same.
        let (mut paged, mut cursor) = (Vec::new(), Json::Null);
        loop {
            let page = office.todo(kim, json!({"limit": 2, "cursor": cursor}));
            paged.extend(page["items"].as_array().unwrap().clone());
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(&paged, all["items"].as_array().unwrap());

        // What is followed again is followed; what is not one's own waits for somebody else.
        step("Call", None);
        assert_eq!(office.waits_for(kim), ["close_date: Rail", "task: Today", "task: Later", "task: Some day"]);
        assert_eq!(office.todo(kim, json!({"kind": "close_date"}))["items"].as_array().unwrap().len(), 1);
        assert_eq!(office.waits_for(office.mona), [""; 0]);
    });
}

#[test]
fn what_orders_or_chooses_by_a_hidden_field_does_not_wait_in_the_list() {
    both(|database| {
        let office = Office::new(database);
        office.creates(office.kim, "opportunity", json!({"name": "Rail", "expected_close_date": "2026-01-04"})).unwrap();
        assert_eq!(office.waits_for(office.kim), ["close_date: Rail"]);
        office.hides("salesperson", "opportunity", &[("expected_close_date", "hidden")]);
        assert_eq!(office.waits_for(office.kim), [""; 0]);
        assert_eq!(office.todo(office.kim, json!({}))["counts"]["kinds"].get("close_date"), None);
    });
}

#[test]
fn a_task_is_told_when_it_is_given_when_it_reminds_and_when_it_is_due() {
    both(|database| {
        let office = Office::new(database);
        let at = |seconds: i64| office.in_seconds(seconds).to_string();
        let fields = json!({"name": "Call", "assignee": office.karl, "remind_at": at(60), "due_at": at(120)});
        let task = id_of(&office.creates(office.mona, "task", fields).unwrap());
        let kinds = |who: Id| office.told(who).0.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(kinds(office.karl), ["task_assigned"]);
        database.advance(60);
        tells_what_is_due(&office.house);
        assert_eq!(kinds(office.karl), ["reminder", "task_assigned"]);
        // Given to somebody else: it is he whom it reminds.
        office.edits(office.mona, "task", task, json!({"assignee": office.kim})).unwrap();
        database.advance(60);
        tells_what_is_due(&office.house);
        // Karl sees the task no more, nor what was told of it.
        assert_eq!((kinds(office.karl).len(), kinds(office.kim)), (0, vec!["task_due".to_owned(), "task_assigned".to_owned()]));
        // Moved on, then done: nobody is reminded.
        office.edits(office.mona, "task", task, json!({"due_at": at(60)})).unwrap();
        office.edits(office.mona, "task", task, json!({"task_status": "done"})).unwrap();
        database.advance(600);
        tells_what_is_due(&office.house);
        assert_eq!(kinds(office.kim).len(), 2);
        // Opened again for a time to come, voided and restored.
        office.edits(office.mona, "task", task, json!({"task_status": "open", "due_at": at(60)})).unwrap();
        let done = |act: &str| {
            let wanted = serde_json::from_value(json!({"reason": "x"})).unwrap();
            office.write(office.ada, |cx, tx| match act {
                "void" => stagecraft_core::records::void(cx, tx, "task", task, None, &wanted),
                _ => stagecraft_core::records::restore(cx, tx, "task", task, None, &wanted),
            })
        };
        done("void").unwrap();
        done("restore").unwrap();
        database.advance(60);
        tells_what_is_due(&office.house);
        assert_eq!(kinds(office.kim).len(), 3);
    });
}

#[test]
fn a_next_step_that_something_newer_has_overtaken_reminds_nobody() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let act = |next: Option<i64>| {
            let at = next.map(|seconds| office.in_seconds(seconds).to_string());
            let fields = json!({"name": "Call", "regarding": {"object": "opportunity", "id": deal}, "next_step_at": at});
            office.creates(office.kim, "activity", fields).unwrap();
            database.advance(1);
        };
        act(Some(60));
        act(Some(120));
        database.advance(60);
        tells_what_is_due(&office.house);
        assert_eq!(office.told(office.kim).1, 0);
        database.advance(60);
        tells_what_is_due(&office.house);
        assert_eq!(office.told(office.kim).0[0]["kind"], "follow_up_due");
    });
}

#[test]
fn a_deputy_is_told_and_finds_the_work_of_the_absent_as_far_as_he_sees_it_himself() {
    both(|database| {
        let office = Office::new(database);
        let (kim, mona, lee) = (office.kim, office.mona, office.lee);
        let deal = office.deal(kim, "Rail");
        office.task(kim, "Call", json!({}));
        let until = office.in_seconds(86_400).to_string();
        let shown = office.names_deputy(kim, json!({"deputy": mona, "until": until})).unwrap();
        assert_eq!((&shown["active"], &shown["version"]), (&json!(true), &json!(1)));
        let of = office.read(mona, deputies::standing_in).unwrap();
        assert_eq!(of["items"][0]["person"], json!(kim));
        office.tells(&[Notice::new(kim, Kind::Mention).about("opportunity", deal).once("m1")]);
        let (told, _) = office.told(mona);
        assert_eq!((told.len(), &told[0]["on_behalf_of"]), (1, &json!(kim)));
        assert_eq!(office.told(kim).1, 1, "he finds it when he is back");
        let waits = office.todo(mona, json!({}));
        assert_eq!((&waits["items"][0]["title"], &waits["items"][0]["on_behalf_of"]), (&json!("Call"), &json!(kim)));
        // She is told nothing of what she did herself.
        office.write(mona, |cx, tx| notices::tell(cx, tx, Notice::new(kim, Kind::Mention).about("opportunity", deal))).unwrap();
        assert_eq!(office.told(mona).1, 1);

        // Lee stands in for Mona, who is away too, and sees nothing of the north: nothing comes to him.
        office.names_deputy(mona, json!({"deputy": lee})).unwrap();
        office.tells(&[Notice::new(kim, Kind::Mention).about("opportunity", deal).once("m2")]);
        assert_eq!((office.told(lee).1, office.waits_for(lee)), (0, Vec::new()));
        // A circle harms nobody.
        office.names_deputy(lee, json!({"deputy": kim})).unwrap();
        office.tells(&[Notice::new(lee, Kind::ImportEnded).once("i1")]);
        assert_eq!((office.told(lee).1, office.told(kim).1, office.told(mona).1), (1, 4, 3));

        // Kim is back.
        database.advance(86_401);
        office.tells(&[Notice::new(kim, Kind::Mention).about("opportunity", deal).once("m3")]);
        assert_eq!(office.told(mona).1, 3);
        assert_eq!(office.waits_for(mona), [""; 0]);
    });
}

#[test]
fn a_deputy_is_somebody_else_who_works_here() {
    both(|database| {
        let office = Office::new(database);
        let past = office.in_seconds(-60).to_string();
        assert_eq!(
            refusals(office.names_deputy(office.kim, json!({"deputy": office.kim, "until": past}))),
            ["deputy.oneself:deputy", "deputy.over:until"]
        );
        assert_eq!(refusals(office.names_deputy(office.kim, json!({"deputy": "nobody"}))), ["field.reference_not_found:deputy"]);
        office.edits(office.ada, "employee", office.lee, json!({"active": false})).unwrap();
        assert_eq!(refusals(office.names_deputy(office.kim, json!({"deputy": office.lee}))), ["owner.not_active:deputy"]);
        office.names_deputy(office.kim, json!({"deputy": office.mona})).unwrap();
        let stale: deputies::NameDeputy = serde_json::from_value(json!({"deputy": office.karl, "version": 0})).unwrap();
        assert!(matches!(office.write(office.kim, |cx, tx| deputies::save(cx, tx, None, &stale)), Err(Error::Conflict { .. })));
        assert_eq!(office.names_deputy(office.kim, json!({"deputy": null})).unwrap()["deputy"], Json::Null);
    });
}
