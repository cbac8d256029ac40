//! Approvals and the clock: time limits, deputies, leavers; who sees what meanwhile.

use std::sync::Arc;

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::approvals::{self, Which};
use stagecraft_core::todo::{self, TodoRequest};
use stagecraft_core::{Credential, Error, House, idempotency, seeing, timeline};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, id_of};
use crate::reminders::tells_what_is_due;
use crate::together::at_once;

const HOUR: i64 = 3600;

impl Office {
    /// One node that asks a person, with a time limit.
    fn limited(&self, who: Id, then: &str) {
        let nodes = json!([
            {"key": "start", "name": "", "does": {"type": "start", "next": "n"}},
            {"key": "n", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": who}],
                "limit": {"hours": 48, "remind_hours_before": [24, 4], "then": then}, "next": "approved"}},
            {"key": "approved", "name": "", "does": {"type": "approved"}},
        ]);
        self.flow("create", &[], json!({ "nodes": nodes }));
    }

    fn submits(&self, name: &str) -> (Id, Id) {
        let answer = self.creates(self.kim, "opportunity", json!({ "name": name })).unwrap();
        (id_of(&answer), approval_of(&answer))
    }

    fn told_of(&self, who: Id, kind: &str) -> usize {
        let wanted = serde_json::from_value(json!({"limit": 100})).unwrap();
        let all = self.read(who, |cx, tx| stagecraft_core::notices::list(cx, tx, &wanted)).unwrap();
        all["items"].as_array().unwrap().iter().filter(|item| item["kind"] == kind).count()
    }

    fn asked_of(&self, who: Id) -> Json {
        let wanted = TodoRequest { kind: Some("approval".into()), ..TodoRequest::default() };
        self.read(who, |cx, tx| todo::list(cx, tx, &wanted)).unwrap()
    }
}

#[test]
fn whoever_is_asked_is_reminded_before_his_time_is_over_each_once() {
    both(|database| {
        let office = Office::new(database);
        office.limited(office.lee, "remind");
        let (_, approval) = office.submits("Turbine");
        let item = office.asked_of(office.lee)["items"][0].clone();
        assert_eq!((&item["id"], &item["overdue"]), (&json!(approval), &json!(false)), "{item:#}");
        assert!(item["due_at"].is_string());
        for (hours, due, over) in [(23, 0, 0), (1, 1, 0), (1, 1, 0), (19, 2, 0), (4, 2, 1), (100, 2, 1)] {
            database.advance(hours * HOUR);
            tells_what_is_due(&office.house);
            tells_what_is_due(&office.house);
            let told = (office.told_of(office.lee, "approval_due"), office.told_of(office.lee, "approval_overdue"));
            assert_eq!(told, (due, over), "{hours} hours later");
        }
        let waits = office.asked_of(office.lee);
        assert_eq!((&waits["items"][0]["overdue"], &waits["counts"]["kinds"]["approval"]), (&json!(true), &json!(1)));
        assert_eq!(waits["counts"]["overdue"], 1);
    });
}

#[test]
fn time_over_rejects_or_goes_to_the_manager() {
    both(|database| {
        let office = Office::new(database);
        office.limited(office.lee, "reject");
        let (deal, approval) = office.submits("Turbine");
        database.advance(48 * HOUR);
        tells_what_is_due(&office.house);
        assert_eq!(office.approval(office.ada, approval).unwrap()["state"], "rejected");
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["lifecycle_status"], "ineffective");
    });
    both(|database| {
        let office = Office::new(database);
        office.limited(office.lee, "manager");
        let (_, approval) = office.submits("Turbine");
        database.advance(48 * HOUR);
        tells_what_is_due(&office.house);
        let told = office.approval(office.ada, approval).unwrap();
        assert_eq!((&told["state"], &told["waiting_for"]), (&json!("running"), &json!([office.sven])));
        assert_eq!(office.told_of(office.sven, "approval_asked"), 1);
    });
}

#[test]
fn three_servers_do_what_is_due_once() {
    both(|database| {
        let office = Office::new(database);
        let others = [database.again(), database.again()].map(|db| Arc::new(House::open(db).unwrap()));
        office.limited(office.lee, "agree");
        let approvals: Vec<Id> = (0..12).map(|n| office.submits(&format!("Deal {n}")).1).collect();
        database.advance(48 * HOUR);
        at_once(|| at_once(|| tells_what_is_due(&office.house), || tells_what_is_due(&others[0])), || tells_what_is_due(&others[1]));
        tells_what_is_due(&office.house);
        for approval in approvals {
            let told = office.approval(office.ada, approval).unwrap();
            let agreed = told["trail"].as_array().unwrap().iter().filter(|entry| entry["what"] == "agreed").count();
            assert_eq!((&told["state"], agreed), (&json!("approved"), 1));
        }
        assert_eq!(office.told_of(office.kim, "approval_ended"), 12);
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn a_deputy_acts_for_whoever_is_away_and_sees_the_record_as_long_as_he_does() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        let (deal, approval) = office.submits("Turbine");
        assert!(matches!(office.approval(office.karl, approval), Err(Error::NotFound)));
        let until = office.in_seconds(10 * 24 * HOUR);
        office.names_deputy(office.lee, json!({"deputy": office.hanna, "until": until})).unwrap();
        tells_what_is_due(&office.house);
        let item = office.approvals(office.hanna, json!({}))["items"][0].clone();
        assert_eq!((&item["on_behalf_of"], &item["my_task"]), (&json!(office.lee), &json!(0)), "{item:#}");
        assert_eq!(office.asked_of(office.hanna)["items"][0]["on_behalf_of"], json!(office.lee));
        assert_eq!(office.reads(office.hanna, "opportunity", deal).unwrap()["fields"]["name"], "Turbine");
        office.decides(office.hanna, approval, json!({"act": "agree", "comment": "For Lee"})).unwrap();
        // It is among what both have done, and says whose answer it is.
        for who in [office.lee, office.hanna] {
            let done = office.approvals(who, json!({"which": "done"}));
            let decided = &done["items"][0]["decided"];
            assert_eq!((&done["total"], done["items"].as_array().unwrap().len()), (&json!(1), 1), "{done:#}");
            assert_eq!(
                (&decided["what"], &decided["by"], &decided["on_behalf_of"]),
                (&json!("agreed"), &json!(office.hanna), &json!(office.lee))
            );
            assert!(done["refs"][office.hanna.to_string()]["name"].is_string());
            let q = done["items"][0]["flow_name"].as_str().unwrap().to_uppercase();
            assert_eq!(office.approvals(who, json!({"which": "done", "q": q}))["items"].as_array().unwrap().len(), 1);
        }
        let told = office.approval(office.kim, approval).unwrap();
        let agreed = told["trail"].as_array().unwrap().iter().find(|entry| entry["what"] == "agreed").unwrap().clone();
        assert_eq!((&agreed["by"], &agreed["on_behalf_of"]), (&json!(office.hanna), &json!(office.lee)));
    });
}

#[test]
fn a_deputy_who_sees_nothing_else_sees_it_while_he_stands_in() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.mona], &[office.lee]], json!({}));
        let (deal, approval) = office.submits("Turbine");
        office.decides(office.mona, approval, json!({"act": "agree"})).unwrap();
        let until = office.in_seconds(24 * HOUR);
        office.names_deputy(office.lee, json!({"deputy": office.karl, "until": until})).unwrap();
        tells_what_is_due(&office.house);
        assert!(office.reads(office.karl, "opportunity", deal).is_ok());
        database.advance(25 * HOUR);
        tells_what_is_due(&office.house);
        assert!(matches!(office.reads(office.karl, "opportunity", deal), Err(Error::NotFound)), "he stands in no more");
        assert!(matches!(office.decides(office.karl, approval, json!({"act": "agree", "task": 1})), Err(Error::NotFound)));
    });
}

#[test]
fn whoever_leaves_gives_his_tasks_to_his_manager() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        let (deal, approval) = office.submits("Turbine");
        office.disables(office.ada, office.lee, json!({"spread": []})).unwrap();
        tells_what_is_due(&office.house);
        let told = office.approval(office.ada, approval).unwrap();
        assert_eq!(told["waiting_for"], json!([office.sven]));
        let given = told["trail"].as_array().unwrap().iter().find(|entry| entry["what"] == "reassigned").unwrap().clone();
        assert_eq!((&given["by"], &given["person"], &given["to"]), (&Json::Null, &json!(office.lee), &json!(office.sven)));
        assert!(office.reads(office.sven, "opportunity", deal).is_ok());
        office.decides(office.sven, approval, json!({"act": "agree"})).unwrap();
    });
}

#[test]
fn one_sees_the_record_while_it_concerns_him_and_is_told_why() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.sven]], json!({}));
        let (deal, approval) = office.submits("Turbine");
        let sees = |who: Id| office.reads(who, "opportunity", deal).is_ok();
        assert!(sees(office.lee) && !sees(office.karl));
        let why = office.read(office.kim, |cx, tx| seeing::one(cx, tx, "opportunity", deal, office.lee)).unwrap();
        assert_eq!((&why["reasons"][0]["why"], &why["reasons"][0]["approval"]), (&json!("approval"), &json!(approval)), "{why:#}");
        assert!(!sees(office.sven), "his turn has not come");
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        assert!(sees(office.lee) && sees(office.sven));
        office.decides(office.lee, approval, json!({"act": "retrieve"})).unwrap();
        assert!(sees(office.lee) && !sees(office.sven), "taken back: it does not concern him any more");
        office.decides(office.lee, approval, json!({"act": "reassign", "to": office.ines})).unwrap();
        assert!(!sees(office.lee));
        office.decides(office.kim, approval, json!({"act": "withdraw"})).unwrap();
        assert!(!sees(office.lee) && !sees(office.sven));
        assert!(office.approval(office.lee, approval).is_ok(), "what he took part in he may read");
        assert!(matches!(office.approval(office.karl, approval), Err(Error::NotFound)));
    });
}

#[test]
fn many_are_answered_each_for_itself_and_none_twice() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.sven]], json!({}));
        let approvals: Vec<Id> = (0..4).map(|n| office.submits(&format!("Deal {n}")).1).collect();
        office.decides(office.kim, approvals[3], json!({"act": "withdraw"})).unwrap();
        let nowhere = Id::SYSTEM.to_string();
        let items: Vec<Json> = approvals.iter().map(|id| json!({"id": id, "task": 0})).chain([json!({"id": nowhere})]).collect();
        let wanted: approvals::Many = serde_json::from_value(json!({"act": "agree", "items": items})).unwrap();
        let key = idempotency::Key { key: "one".into(), request: "agree".into() };
        let lee = Credential::Person(office.lee);
        for _ in 0..2 {
            let told = approvals::act_many(&office.house, &lee, Via::Api, &wanted, Some(&key)).unwrap();
            let codes: Vec<&str> = told["results"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap_or("ok")).collect();
            assert_eq!(codes, ["ok", "ok", "ok", "approval.over", "not_found"], "{told:#}");
        }
        let trail = office.approval(office.lee, approvals[0]).unwrap()["trail"].clone();
        assert_eq!(trail.as_array().unwrap().iter().filter(|entry| entry["what"] == "agreed").count(), 1);
        let needs_words: approvals::Many = serde_json::from_value(json!({"act": "reject", "items": [{"id": approvals[0]}]})).unwrap();
        let told = approvals::act_many(&office.house, &Credential::Person(office.sven), Via::Api, &needs_words, None).unwrap();
        assert_eq!(told["results"][0]["code"], "approval.comment_required");
    });
}

#[test]
fn of_two_who_answer_in_one_instant_one_decides() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee, office.sven]], json!({}));
        for round in 0..6 {
            let (deal, approval) = office.submits(&format!("Deal {round}"));
            let (a, b) = at_once(
                || office.decides(office.lee, approval, json!({"act": "agree"})),
                || office.decides(office.sven, approval, json!({"act": "reject", "comment": "No"})),
            );
            assert_ne!(a.is_ok(), b.is_ok(), "{a:?} {b:?}");
            let told = office.approval(office.ada, approval).unwrap();
            assert_eq!(told["state"], if a.is_ok() { "approved" } else { "rejected" });
            let ended = told["trail"].as_array().unwrap().iter().filter(|entry| entry["what"] == "ended").count();
            assert_eq!(ended, 1);
            let status = office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["lifecycle_status"].clone();
            assert_eq!(status, if a.is_ok() { "normal" } else { "ineffective" });
        }
    });
}

#[test]
fn the_timeline_tells_of_approvals() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        let (deal, approval) = office.submits("Turbine");
        office.decides(office.lee, approval, json!({"act": "agree", "comment": "A good one"})).unwrap();
        let wanted = serde_json::from_value(json!({"kinds": "approval"})).unwrap();
        let told = office.read(office.kim, |cx, tx| timeline::timeline(cx, tx, "opportunity", deal, &wanted)).unwrap();
        let events: Vec<(&str, &Json)> =
            told["items"].as_array().unwrap().iter().map(|item| (item["approval"]["event"].as_str().unwrap(), &item["by"])).collect();
        assert_eq!(events, [("approved", &json!(office.lee)), ("submitted", &json!(office.kim))], "{told:#}");
        assert_eq!(told["items"][0]["reason"], "A good one");
    });
}

#[test]
fn each_list_has_its_index() {
    both(|database| {
        let office = Office::new(database);
        let plans = office.read(office.ada, approvals::plans).unwrap();
        for (which, plan) in plans {
            let index = match which {
                Which::ToDo => "approval_task_open",
                Which::Done => "approval_task_done",
                Which::Mine => "approval_of_",
                Which::All => "approval_began",
            };
            // PostgreSQL reads a table of nothing in one go whatever indexes it has.
            assert!(database.engine() == db::Engine::Postgres || plan.contains(index), "{which:?}: {plan}");
        }
    });
}
