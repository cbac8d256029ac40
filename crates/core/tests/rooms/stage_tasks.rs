//! Stage tasks: that they arise with a stage, go with the owner, are skipped with the stage, and what they let their assignees see.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::stage_tasks::{self, Complete};
use stagecraft_core::{Error, Result, check, processes, records};
use testkit::both;

use crate::office::Office;

impl Office {
    /// Gives stages of the shipped process their tasks.
    pub fn sets_tasks(&self, stages: &[(&str, Json)]) {
        self.edits_process(|process| {
            for (stage, tasks) in stages {
                let rules = process.stages.iter_mut().find(|rules| rules.stage == *stage).unwrap();
                rules.tasks = serde_json::from_value(tasks.clone()).unwrap();
            }
        });
    }

    pub fn stage_tasks(&self, who: Id, deal: Id) -> Vec<Json> {
        let list = self.read(who, |cx, tx| stage_tasks::list(cx, tx, deal)).unwrap();
        list["items"].as_array().unwrap().clone()
    }

    /// Key and state of every task of a deal.
    pub fn states(&self, deal: Id) -> Vec<String> {
        let told = |task: &Json| format!("{}:{}", task["key"].as_str().unwrap(), task["state"].as_str().unwrap());
        self.stage_tasks(self.ada, deal).iter().map(told).collect()
    }

    /// The open task of this key.
    pub fn stage_task(&self, deal: Id, key: &str) -> Id {
        let tasks = self.stage_tasks(self.ada, deal);
        let found = tasks.iter().rev().find(|task| task["key"] == key).unwrap_or_else(|| panic!("no {key} in {tasks:#?}"));
        found["id"].as_str().unwrap().parse().unwrap()
    }

    pub fn completes(&self, who: Id, task: Id, body: Json) -> Result<Json> {
        self.completes_version(who, task, None, body)
    }

    pub fn completes_version(&self, who: Id, task: Id, version: Option<i64>, body: Json) -> Result<Json> {
        let wanted: Complete = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| stage_tasks::complete(cx, tx, task, version, &wanted))
    }

    pub fn reassigns(&self, who: Id, task: Id, to: Id) -> Result<Json> {
        let wanted = serde_json::from_value(json!({"assignee": to})).unwrap();
        self.write(who, |cx, tx| stage_tasks::reassign(cx, tx, task, None, &wanted))
    }

    /// Nothing is wrong with what is kept.
    pub fn is_in_order(&self) {
        let found = self.read(self.ada, check::all).unwrap();
        assert_eq!(found["ok"], true, "{found:#}");
    }
}

pub fn tick(key: &str) -> Json {
    json!({"key": key, "name": format!("To {key}"), "act": {"kind": "checklist_item"}})
}

#[test]
fn tasks_arise_with_the_stage_and_are_skipped_with_it() {
    both(|database| {
        let office = Office::new(database);
        let mut only_renewals = tick("renew");
        only_renewals["condition"] = json!({"field": "opportunity_type", "op": "eq", "value": "renewal"});
        let mut again = tick("greet");
        (again["repeat"], again["required"]) = (true.into(), false.into());
        office.sets_tasks(&[("prospecting", json!([tick("call"), again, only_renewals])), ("qualification", json!([tick("measure")]))]);
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.states(deal), ["call:open", "greet:open"], "the condition of the third does not hold");
        let tasks = office.stage_tasks(office.kim, deal);
        assert_eq!(tasks[0]["assignee"], json!(office.kim), "nobody is named: it is the owner's");
        assert_eq!((&tasks[0]["can"], &tasks[0]["needed"]), (&json!(["complete", "reassign"]), &json!(true)));
        assert_eq!(tasks[1]["needed"], false, "it is not required");
        office.completes(office.kim, office.stage_task(deal, "call"), json!({"note": "They were friendly."})).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"opportunity_type": "renewal"})).unwrap();
        assert_eq!(office.states(deal), ["call:done", "greet:open"], "what a deal becomes later makes no tasks");
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        assert_eq!(office.states(deal), ["call:done", "greet:skipped", "measure:open"]);
        office.moves(office.kim, deal, None, json!({"stage": "prospecting", "reason": "too early"})).unwrap();
        assert_eq!(
            office.states(deal),
            ["call:done", "greet:skipped", "measure:skipped", "greet:open", "renew:open"],
            "done stays done, skipped and repeated arise anew, and the deal is a renewal now"
        );
        let tasks = office.stage_tasks(office.kim, deal);
        assert_eq!((&tasks[0]["note"], &tasks[0]["done_by"]), (&json!("They were friendly."), &json!(office.kim)));
        // The recycle bin and back.
        office.puts_into_the_bin(office.kim, "opportunity", deal);
        assert_eq!(office.states(deal)[3..], ["greet:skipped", "renew:skipped"]);
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        assert_eq!(office.states(deal), ["call:done", "greet:skipped", "measure:skipped", "greet:open", "renew:open"]);
        office.is_in_order();
    });
}

#[test]
fn a_task_goes_to_the_first_of_those_named_and_on_with_the_owner() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, mona, sven, hanna, .. } = office;
        let with = |key: &str, parties: Json| {
            let mut task = tick(key);
            task["assignees"] = parties;
            task
        };
        office.sets_tasks(&[(
            "prospecting",
            json!([
                with("manage", json!([{"kind": "team_role", "role": "pre_sales"}, {"kind": "owner_manager"}])),
                with("own", json!([{"kind": "owner"}])),
                with("lead", json!([{"kind": "person", "id": hanna}])),
                with("draw", json!([{"kind": "owner"}])),
            ]),
        )]);
        let deal = office.deal(kim, "Rail");
        let assignees = || -> Vec<Json> { office.stage_tasks(office.ada, deal).iter().map(|task| task["assignee"].clone()).collect() };
        assert_eq!(assignees(), [json!(mona), json!(kim), json!(hanna), json!(kim)]);
        // Lee, in another team, sees the deal for his task alone.
        assert!(!office.sees(lee, deal));
        office.reassigns(kim, office.stage_task(deal, "draw"), lee).unwrap();
        assert!(office.sees(lee, deal));
        let why = office.why(office.ada, "opportunity", deal, lee);
        assert_eq!((&why["reasons"][0]["why"], &why["reasons"][0]["level"]), (&json!("stage_task"), &json!("read")), "{why:#}");
        assert!(matches!(office.edits(lee, "opportunity", deal, json!({"next_step": "x"})), Err(Error::Forbidden { .. })));
        office.is_in_order();
        let to = serde_json::from_value(json!({"owner": lee})).unwrap();
        office.write(mona, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &to)).unwrap();
        assert_eq!(assignees(), [json!(sven), json!(lee), json!(hanna), json!(lee)], "what was given by hand stays");
        let to = serde_json::from_value(json!({"owner": karl})).unwrap();
        office.write(hanna, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &to)).unwrap();
        assert_eq!(assignees(), [json!(mona), json!(karl), json!(hanna), json!(lee)]);
        assert!(office.sees(lee, deal) && !office.sees(sven, deal), "Lee still has a task, by which he sees it");
        office.is_in_order();
        office.completes(lee, office.stage_task(deal, "draw"), json!({})).unwrap();
        assert!(!office.sees(lee, deal), "it is done");
        office.is_in_order();
    });
}

#[test]
fn what_a_leaver_was_to_do_goes_to_the_owners_of_the_deals() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, ada, .. } = office;
        let mut draw = tick("draw");
        draw["assignees"] = json!([{"kind": "person", "id": lee}]);
        office.sets_tasks(&[("prospecting", json!([draw, tick("call")]))]);
        let deal = office.deal(kim, "Rail");
        let mine = office.deal(karl, "Port");
        let told = office.disables(ada, lee, json!({"spread": []})).unwrap();
        assert_eq!(told["tasks"]["count"], 2, "{told:#}");
        let whose = |deal: Id| -> Vec<Json> { office.stage_tasks(ada, deal).iter().map(|task| task["assignee"].clone()).collect() };
        assert_eq!((whose(deal), whose(mine)), (vec![json!(kim), json!(kim)], vec![json!(karl), json!(karl)]));
        office.is_in_order();
        // With the deal it goes on.
        let to = serde_json::from_value(json!({"owner": karl})).unwrap();
        office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &to)).unwrap();
        assert_eq!(whose(deal), [json!(karl), json!(karl)]);
        // A new one names nobody who is there: it is the owner's.
        assert_eq!(whose(office.deal(kim, "Bridge")), [json!(kim), json!(kim)]);
    });
}

#[test]
fn one_who_is_to_edit_the_deal_may_edit_it_while_he_is_to() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, lee, .. } = office;
        office.sets_tasks(&[(
            "prospecting",
            json!([{"key": "fill", "name": "Fill in", "assignees": [{"kind": "person", "id": lee}], "act": {"kind": "edit_object", "fields": ["next_step"]}}]),
        )]);
        let deal = office.deal(kim, "Rail");
        office.edits(lee, "opportunity", deal, json!({"opportunity_type": "renewal"})).unwrap();
        let done = office.completes(lee, office.stage_task(deal, "fill"), json!({"fields": {"next_step": "Call"}})).unwrap();
        assert_eq!((&done["task"], &done["record"]), (&Json::Null, &Json::Null), "with it he loses sight of the deal");
        assert!(!office.sees(lee, deal));
        assert_eq!(office.states(deal), ["fill:done"]);
        office.is_in_order();
    });
}

#[test]
fn a_closed_deal_has_no_open_tasks_and_a_reopened_one_its_own() {
    both(|database| {
        let office = Office::new(database);
        office.sets_tasks(&[("prospecting", json!([tick("call"), tick("visit")]))]);
        let deal = office.deal(office.kim, "Rail");
        office.completes(office.kim, office.stage_task(deal, "call"), json!({})).unwrap();
        office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        assert_eq!(office.states(deal), ["call:done", "visit:skipped"]);
        let refused = office.completes(office.kim, office.stage_task(deal, "visit"), json!({}));
        assert_eq!(crate::office::refusals(refused), ["task.not_open"]);
        let call = office.stage_task(deal, "call");
        let again = office.write(office.kim, |cx, tx| stage_tasks::reopen(cx, tx, call, None, &Default::default()));
        assert_eq!(crate::office::refusals(again), ["task.not_reopenable"]);
        let wanted = serde_json::from_value(json!({"reason": "they came back"})).unwrap();
        office.write(office.mona, |cx, tx| processes::reopen(cx, tx, deal, None, &wanted)).unwrap();
        assert_eq!(office.states(deal), ["call:done", "visit:skipped", "visit:open"]);
    });
}

#[test]
fn nothing_of_its_tasks_stays_of_a_deal_that_is_deleted_for_good() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, lee, ada, .. } = office;
        let mut call = tick("call");
        call["assignees"] = json!([{"kind": "person", "id": lee}]);
        office.sets_tasks(&[("prospecting", json!([call, tick("visit")]))]);
        let deal = office.deal(kim, "Rail");
        let tasks = [office.stage_task(deal, "call"), office.stage_task(deal, "visit")];
        office.completes(kim, tasks[1], json!({})).unwrap();
        office.puts_into_the_bin(kim, "opportunity", deal);
        office.write(ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        for task in tasks {
            assert!(matches!(office.read(ada, |cx, tx| stage_tasks::one(cx, tx, task)), Err(Error::NotFound)));
            assert!(matches!(office.completes(ada, task, json!({})), Err(Error::NotFound)));
        }
        assert_eq!(office.todo(lee, json!({}))["counts"]["kinds"]["stage_task"], 0);
        office.is_in_order();
    });
}

#[test]
fn many_at_once_cost_no_more_statements_than_one() {
    both(|database| {
        let office = Office::new(database);
        office.sets_tasks(&[("prospecting", json!([tick("call"), tick("visit"), tick("write")]))]);
        let statements = |deals: usize| {
            office
                .write(office.kim, |cx, tx| {
                    let change = |at: usize| {
                        let mut change = stagecraft_core::save::Change::new("opportunity", stagecraft_core::save::Deed::Create);
                        change.patch.insert("name".into(), format!("Deal {at}").into());
                        change
                    };
                    let before = tx.statements();
                    for saved in stagecraft_core::save::save_all(cx, tx, "opportunity", (0..deals).map(change).collect())? {
                        saved?;
                    }
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let (one, many) = (statements(1), statements(40));
        assert_eq!(one, many);
        assert!(one <= 12, "{one} statements");
    });
}
