//! Tasks: done and reopened, and what their assignees see for as long as they have them.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, events, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    pub fn tries_to_ask(&self, who: Id, assignee: Id, regarding: Option<(&str, Id)>) -> stagecraft_core::Result<Json> {
        let regarding = regarding.map_or(Json::Null, |(object, id)| json!({"object": object, "id": id}));
        self.creates(who, "task", json!({"name": "Check the drawings", "assignee": assignee, "regarding": regarding}))
    }

    pub fn asks(&self, who: Id, assignee: Id, deal: Id) -> Id {
        id_of(&self.tries_to_ask(who, assignee, Some(("opportunity", deal))).unwrap())
    }
}

#[test]
fn who_says_that_a_task_is_done_has_done_it() {
    both(|database| {
        let office = Office::new(database);
        let task = id_of(&office.creates(office.kim, "task", json!({"name": "Ring Lindenthal"})).unwrap());
        let read = |who: Id| office.reads(who, "task", task).unwrap()["fields"].clone();
        assert_eq!((&read(office.kim)["assignee"], &read(office.kim)["task_status"]), (&json!(office.kim), &json!("open")));
        assert_eq!(refusals(office.edits(office.kim, "task", task, json!({"done_by": office.lee}))), ["field.read_only:done_by"]);
        office.edits(office.mona, "task", task, json!({"task_status": "done"})).unwrap();
        assert_eq!(read(office.kim)["done_by"], json!(office.mona));
        assert!(read(office.kim)["done_at"].is_string());
        office.write(office.kim, |cx, tx| records::reopen_task(cx, tx, task, None, &Default::default())).unwrap();
        assert_eq!((&read(office.kim)["done_at"], &read(office.kim)["done_by"]), (&Json::Null, &Json::Null));
        office.write(office.kim, |cx, tx| records::complete_task(cx, tx, task, None, &Default::default())).unwrap();
        office.edits(office.kim, "task", task, json!({"task_status": "cancelled"})).unwrap();
        assert_eq!(read(office.kim)["done_by"], Json::Null, "what is cancelled is not done");
        assert!(matches!(office.reads(office.lee, "task", task), Err(Error::NotFound)), "without a record it is theirs alone");
        // One already done when it is written down.
        let done = office.creates(office.kim, "task", json!({"name": "Rang them", "task_status": "done"})).unwrap();
        assert_eq!(done["record"]["fields"]["done_by"], json!(office.kim));
    });
}

#[test]
fn an_assignee_sees_what_his_task_is_about_while_it_is_open() {
    both(|database| {
        let office = Office::new(database);
        let (deal, other) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Bridge"));
        let sees = |deal: Id| office.reads(office.lee, "opportunity", deal).is_ok();
        let set = |task: Id, fields: Json| office.edits(office.kim, "task", task, fields).unwrap();
        assert!(!sees(deal));
        let task = office.asks(office.kim, office.lee, deal);
        assert!(sees(deal) && office.lists(office.lee, "opportunity", json!({})).unwrap().0 == ["Rail"]);
        let change = office.edits(office.lee, "opportunity", deal, json!({"next_step": "x"}));
        assert!(matches!(change, Err(Error::Forbidden { .. })), "he reads it");
        let why = office.why(office.ada, "opportunity", deal, office.lee);
        assert_eq!((&why["reasons"][0]["why"], &why["reasons"][0]["task"]), (&json!("task"), &json!(task)), "{why:#}");
        assert_eq!(office.why(office.ada, "task", task, office.lee)["reasons"][0]["why"], "assignee");
        set(task, json!({"regarding": {"object": "opportunity", "id": other}}));
        assert!(!sees(deal) && sees(other), "with the record it moves");
        office.edits(office.lee, "task", task, json!({"task_status": "done"})).unwrap();
        assert!(!sees(other), "done");
        assert!(office.reads(office.lee, "task", task).is_ok(), "what he has done he still sees");
        set(task, json!({"task_status": "open"}));
        assert!(sees(other), "open again");
        set(task, json!({"assignee": office.sven}));
        assert!(!sees(other) && office.reads(office.sven, "opportunity", other).is_ok(), "somebody else's");
        assert!(office.reads(office.lee, "task", task).is_err());
        set(task, json!({"assignee": office.lee, "task_status": "cancelled"}));
        assert!(!sees(other) && office.reads(office.sven, "opportunity", other).is_err(), "cancelled");
        set(task, json!({"task_status": "open"}));
        office.puts_into_the_bin(office.kim, "task", task);
        assert!(!sees(other), "voided");
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "task", task, None, &Default::default())).unwrap();
        assert!(sees(other), "restored");
        // Two tasks about one record: the end of one does not take what the other gives.
        let second = office.asks(office.kim, office.lee, other);
        set(task, json!({"task_status": "done"}));
        assert!(sees(other));
        office.bins_and_deletes(office.ada, "task", second).unwrap();
        assert!(!sees(other), "deleted");
        office.shares_are_right();
        office.agrees();
    });
}

#[test]
fn who_has_just_ticked_a_task_off_takes_that_back() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let task = office.asks(office.kim, office.lee, deal);
        let sees = || office.reads(office.lee, "opportunity", deal).is_ok();
        let set = |who: Id, status: &str| office.edits(who, "task", task, json!({"task_status": status}));
        set(office.lee, "done").unwrap();
        assert!(!sees());
        database.advance(9 * 60);
        set(office.lee, "open").unwrap();
        assert!(sees(), "a slip of the hand");
        let refused = ["task.assignee_not_seeing:assignee".to_owned()];
        set(office.lee, "done").unwrap();
        let passed_on = office.edits(office.lee, "task", task, json!({"task_status": "open", "assignee": office.sven}));
        assert_eq!(refusals(passed_on), refused, "only as it was");
        database.advance(11 * 60);
        assert_eq!(refusals(set(office.lee, "open")), refused, "no slip any more");
        // What somebody else has ended is not his to bring back.
        set(office.kim, "open").unwrap();
        set(office.kim, "done").unwrap();
        assert_eq!(refusals(set(office.lee, "open")), refused);
        office.shares_are_right();
    });
}

#[test]
fn a_task_shows_nobody_what_its_author_could_not_show() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let members = serde_json::from_value::<Vec<records::TeamMember>>(json!([{"person": office.sven, "access": "read"}])).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        let about = Some(("opportunity", deal));
        let refused = ["task.assignee_not_seeing:assignee".to_owned()];
        assert_eq!(refusals(office.tries_to_ask(office.sven, office.lee, about)), refused, "he only reads it himself");
        office.tries_to_ask(office.sven, office.mona, about).unwrap();
        let own = id_of(&office.tries_to_ask(office.sven, office.sven, about).unwrap());
        // Whoever has lost sight of a record does not come back to it by his old task.
        office.edits(office.sven, "task", own, json!({"task_status": "done"})).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &[])).unwrap();
        assert!(office.reads(office.sven, "opportunity", deal).is_err());
        database.advance(11 * 60);
        assert_eq!(refusals(office.edits(office.sven, "task", own, json!({"task_status": "open"}))), refused);
        // An assignee passes on nothing that he does not see but for the task.
        let task = office.asks(office.kim, office.lee, deal);
        assert_eq!(refusals(office.edits(office.lee, "task", task, json!({"assignee": office.sven}))), refused);
        office.edits(office.lee, "task", task, json!({"assignee": office.kim})).unwrap();
        office.edits(office.ada, "employee", office.karl, json!({"active": false})).unwrap();
        assert_eq!(refusals(office.tries_to_ask(office.kim, office.karl, about)), ["task.assignee_not_active:assignee"]);
        office.shares_are_right();
    });
}

#[test]
fn whoever_gains_or_loses_sight_by_a_task_hears_of_it() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let told = |act: &dyn Fn()| {
            let from = office.read(office.lee, |_, tx| events::position(tx)).unwrap();
            act();
            let marker = office.deal(office.ada, "Marker");
            let happened = loop {
                let (found, _) = office.read(office.lee, |_, tx| events::after(tx, &from, 10_000)).unwrap();
                if found.iter().any(|(_, event)| event.record == marker) {
                    break found;
                }
            };
            let listener = office.read(office.lee, events::listener).unwrap();
            let of_deal = happened.iter().filter(|(_, event)| event.record == deal);
            of_deal.map(|(_, event)| listener.told(event)).filter(|told| *told != events::Told::Nothing).collect::<Vec<_>>()
        };
        let task = std::cell::Cell::new(None);
        assert!(matches!(told(&|| task.set(Some(office.asks(office.kim, office.lee, deal)))).as_slice(), [events::Told::Hint(_)]));
        let end = || drop(office.edits(office.kim, "task", task.get().unwrap(), json!({"task_status": "done"})).unwrap());
        assert!(matches!(told(&end).as_slice(), [events::Told::Gone(_)]));
    });
}

#[test]
fn what_tasks_give_is_mended() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.asks(office.kim, office.lee, deal);
        let done = office.asks(office.kim, office.sven, deal);
        office.edits(office.kim, "task", done, json!({"task_status": "done"})).unwrap();
        let spoil = |sql: &str| {
            let sql = sql.to_owned();
            office
                .house
                .write(&stagecraft_core::Credential::System("test"), Default::default(), model::Via::System, |_, tx| {
                    let update = sea_query::Query::update().table("grant_to").value("why", sql.clone()).to_owned();
                    let update = sea_query::UpdateStatement::and_where(
                        &mut update.clone(),
                        sea_query::ExprTrait::like(sea_query::Expr::col("why"), "task:%"),
                    )
                    .to_owned();
                    tx.execute(update)?;
                    Ok(())
                })
                .unwrap();
        };
        spoil(&format!("task:{done}"));
        let report =
            office.house.read(&stagecraft_core::Credential::System("test"), Default::default(), stagecraft_core::check::shares).unwrap();
        let faults: Vec<&str> = report["faults"].as_array().unwrap().iter().map(|fault| fault["check"].as_str().unwrap()).collect();
        assert_eq!(faults, ["share_missing", "share_too_much"]);
        stagecraft_core::sharing::repair(&office.house).unwrap();
        office.shares_are_right();
        assert!(office.reads(office.lee, "opportunity", deal).is_ok());
    });
}

#[test]
fn of_two_at_once_neither_leaves_sight_behind() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..8 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let task = office.asks(office.kim, office.lee, deal);
            let (a, b) = at_once(
                || office.edits(office.kim, "task", task, json!({"assignee": office.sven})),
                || office.edits(office.lee, "task", task, json!({"task_status": "done"})),
            );
            assert!(a.is_ok(), "{a:?}");
            // Whoever is no longer to do it does not see it any more.
            assert!(b.is_ok() || matches!(b, Err(Error::NotFound | Error::Conflict { .. } | Error::Forbidden { .. })), "{b:?}");
            let open = office.reads(office.kim, "task", task).unwrap()["fields"]["task_status"] == "open";
            assert_eq!(office.reads(office.sven, "opportunity", deal).is_ok(), open);
            assert!(office.reads(office.lee, "opportunity", deal).is_err());
        }
        office.shares_are_right();
    });
}
