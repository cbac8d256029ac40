//! Stages whose completion must be approved: the deal waits where it is, and moves by itself.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, processes, records};
use testkit::{Database, both};

use crate::approvals::approval_of;
use crate::office::{Office, refusals};

impl Office {
    /// The shipped process, changed.
    pub fn redraws(&self, change: impl Fn(&mut Json)) {
        let mut process = self.read(self.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
        change(&mut process);
        let id = process["id"].as_str().unwrap().to_owned();
        self.write(self.ada, |cx, tx| processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
    }

    fn path_of(&self, who: Id, deal: Id) -> Json {
        self.read(who, |cx, tx| processes::path(cx, tx, deal)).unwrap()
    }

    pub fn stays_sound(&self) {
        let check = self.read(self.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    }
}

/// Completing the first stage needs Lee to agree.
fn office(database: &Database) -> (Office, Id) {
    let office = Office::new(database);
    office.redraws(|process| process["stages"][0]["approval"] = json!(true));
    office.flow("stage", &[&[office.lee]], json!({}));
    let deal = office.deal(office.kim, "Turbine");
    (office, deal)
}

fn waits(office: &Office, deal: Id) -> Id {
    let answer = office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
    approval_of(&answer)
}

/// An hour earlier.
fn earlier(office: &Office, table: &'static str, column: &'static str, (key, id): (&'static str, Id)) {
    use sea_query::{Expr, ExprTrait, Query};
    let table = if table == "opportunity" { "r_opportunity" } else { table };
    let earlier =
        Query::update().table(table).value(column, Expr::col(column).sub(3_600_000_000_i64)).and_where(Expr::col(key).eq(id.0)).to_owned();
    office.write(office.ada, |_, tx| Ok(tx.execute(earlier.clone())?)).unwrap();
}

#[test]
fn a_deal_waits_where_it_is_and_moves_by_itself() {
    both(|database| {
        let (office, deal) = office(database);
        let due = office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage_due_at"].clone();
        assert!(!due.is_null());
        let approval = waits(&office, deal);
        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        let fields = &shown["fields"];
        assert_eq!(
            (&fields["stage"], &fields["lifecycle_status"], &fields["in_approval"], &fields["stage_due_at"]),
            (&json!("prospecting"), &json!("normal"), &json!("stage"), &Json::Null),
            "its clock stands still"
        );
        assert_eq!(shown["approval"]["to_stage"], "qualification", "{shown:#}");
        assert_eq!((&shown["approval"]["id"], &shown["approval"]["waiting_for"]), (&json!(approval), &json!([office.lee])));
        assert!(shown["approval"]["can"].as_array().unwrap().contains(&json!("withdraw")));
        let path = office.path_of(office.kim, deal);
        assert_eq!(path["approval"]["id"], json!(approval));
        let told = |path: &Json, stage: usize| path["stages"][stage]["requirements"][0].clone();
        assert_eq!(told(&path, 1)["code"], "stage.approval_pending");
        assert_eq!(
            (&told(&path, 1)["params"]["approval"], &told(&path, 1)["params"]["to_stage"]),
            (&json!(approval), &json!("qualification"))
        );
        for stage in ["qualification", "proposal", "won"] {
            let refused = refusals(office.moves(office.kim, deal, None, json!({"stage": stage, "reason": "So"})));
            assert!(refused.contains(&"stage.approval_pending:stage".to_owned()), "{stage}: {refused:?}");
        }
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"}))), ["record.in_approval"]);
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        assert_eq!((&shown["fields"]["stage"], &shown["approval"]), (&json!("qualification"), &Json::Null));
        let stays = office.read(office.kim, |cx, tx| processes::stays(cx, tx, deal)).unwrap();
        assert_eq!(stays["items"].as_array().unwrap().len(), 2);
        office.stays_sound();
    });
}

#[test]
fn rows_and_cards_tell_for_what_they_wait_and_of_whom() {
    both(|database| {
        let (office, deal) = office(database);
        let other = office.deal(office.kim, "Pump");
        let approval = waits(&office, deal);
        let query = |who: Id, fields: Option<&str>| {
            let request = serde_json::from_value(json!({"fields": fields})).unwrap();
            office.read(who, |cx, tx| records::list(cx, tx, "opportunity", &request)).unwrap()
        };
        let of = |items: &Json, id: Id| items.as_array().unwrap().iter().find(|row| row["id"] == json!(id)).cloned().unwrap();
        let told = json!({"id": approval, "what": "stage", "state": "running", "to_stage": "qualification", "waiting_for": [office.lee]});
        for who in [office.kim, office.mona, office.lee] {
            let list = query(who, Some("name"));
            assert_eq!(of(&list["items"], deal)["approval"], told, "whatever columns are asked for");
            assert!(list["refs"][office.lee.to_string()]["name"].is_string(), "whom it waits for has a name");
        }
        assert!(of(&query(office.kim, None)["items"], other).get("approval").is_none());
        let board = office.read(office.kim, |cx, tx| processes::board(cx, tx, &processes::BoardRequest::default())).unwrap();
        assert_eq!(of(&board["columns"][0]["items"], deal)["approval"], told);
        assert!(board["refs"][office.lee.to_string()]["name"].is_string());

        // Who may not know of stages is not told where it leads.
        office.hides("salesperson", "opportunity", &[("stage", "hidden")]);
        assert_eq!(of(&query(office.kim, None)["items"], deal)["approval"]["to_stage"], Json::Null);
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        assert!(of(&query(office.kim, None)["items"], deal).get("approval").is_none());
    });
}

#[test]
fn a_deal_that_is_not_approved_stays_and_its_clock_goes_on() {
    both(|database| {
        let (office, deal) = office(database);
        let due = || {
            let text = office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage_due_at"].clone();
            text.as_str().map(|text| model::Instant::parse(text).unwrap())
        };
        let first = due().unwrap();
        for (who, act) in
            [(office.lee, json!({"act": "reject", "task": 0, "comment": "Too early"})), (office.kim, json!({"act": "withdraw"}))]
        {
            let approval = waits(&office, deal);
            assert_eq!(due(), None);
            earlier(&office, "opportunity", "stage_entered_at", ("id", deal));
            earlier(&office, "approval", "began_at", ("id", approval));
            office.decides(who, approval, act).unwrap();
            let shown = office.reads(office.kim, "opportunity", deal).unwrap();
            assert_eq!((&shown["fields"]["stage"], &shown["fields"]["in_approval"]), (&json!("prospecting"), &Json::Null));
        }
        // The deal came two hours earlier by now, and each approval took an hour of that.
        let passed = due().unwrap().seconds_since(first);
        assert!((0..60).contains(&passed), "the time that the approvals took does not count: {passed}");
        office
            .moves(office.ada, deal, None, json!({"stage": "qualification", "skip_approval": true, "reason": "Agreed at the fair"}))
            .unwrap();
        office.stays_sound();
    });
}

#[test]
fn what_is_agreed_to_is_judged_again() {
    both(|database| {
        let (office, deal) = office(database);
        let approval = waits(&office, deal);
        office.redraws(|process| {
            process["stages"][1]["entry_condition"] = json!({"field": "next_step", "op": "is_not_empty"});
        });
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        let ended = office.read(office.ada, |cx, tx| stagecraft_core::approvals::one(cx, tx, approval)).unwrap();
        assert_eq!((&ended["outcome"], &ended["failed"][0]["code"]), (&json!("failed"), &json!("stage.entry_condition")), "{ended:#}");
        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        assert_eq!((&shown["fields"]["stage"], &shown["fields"]["in_approval"]), (&json!("prospecting"), &Json::Null));
        assert!(!shown["fields"]["stage_due_at"].is_null());
        // What was agreed to is kept, and asked for again when nothing stands against it any more.
        let again = |who| {
            let wanted = serde_json::from_value(json!({"approval": approval})).unwrap();
            office.write(who, |cx, tx| stagecraft_core::records::submit(cx, tx, "opportunity", deal, None, &wanted))
        };
        assert_eq!(refusals(again(office.kim)), ["stage.entry_condition:stage"]);
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})).unwrap();
        let approval = approval_of(&again(office.kim).unwrap());
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage"], "qualification");
        office.stays_sound();
    });
}

#[test]
fn an_end_that_ignores_normal_settings_needs_no_approval_and_supersedes_one() {
    both(|database| {
        let (office, deal) = office(database);
        office.redraws(|process| {
            for stage in process["stages"].as_array_mut().unwrap() {
                if stage["stage"] == "lost" {
                    stage["ignore_normal"] = json!(true);
                }
            }
        });
        let approval = waits(&office, deal);
        let lost = json!({"stage": "lost", "fields": {"lost_reason": "price"}});
        assert_eq!(office.moves(office.kim, deal, None, lost.clone()).unwrap()["result"], "moved");
        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        assert_eq!((&shown["fields"]["stage"], &shown["fields"]["in_approval"]), (&json!("lost"), &Json::Null));
        let ended = office.read(office.ada, |cx, tx| stagecraft_core::approvals::one(cx, tx, approval)).unwrap();
        assert_eq!(ended["outcome"], "superseded");
        assert_eq!(refusals(office.decides(office.lee, approval, json!({"act": "agree", "task": 0}))).len(), 1);
        let other = office.deal(office.kim, "Pump");
        assert_eq!(office.moves(office.kim, other, None, lost).unwrap()["result"], "moved");
        office.stays_sound();
    });
}

#[test]
fn records_that_a_stage_asks_for_come_to_be_with_the_move() {
    both(|database| {
        let (office, deal) = office(database);
        office.redraws(|process| {
            for stage in process["stages"].as_array_mut().unwrap() {
                if ["qualification", "proposal", "negotiation"].iter().any(|key| stage["stage"] == *key) {
                    stage["allow_skip"] = json!(true);
                }
                if stage["stage"] == "lost" {
                    stage["ignore_normal"] = json!(false);
                    stage["creates"] = json!([{"object": "task", "link": "regarding", "fields": ["name"], "fill": []}]);
                }
            }
        });
        let lost = json!({"lost_reason": "price"});
        let assignee = office.kim;
        let body = |subject: Json| json!({"stage": "lost", "fields": lost, "create": [{"object": "task", "fields": {"name": subject, "assignee": assignee}}]});
        let refused = refusals(office.moves(office.kim, deal, None, body(Json::Null)));
        assert_eq!(refused, ["field.required:create/0/name"], "told when it is asked for");
        let approval = approval_of(&office.moves(office.kim, deal, None, body(json!("Call"))).unwrap());
        let tasks = || office.lists(office.kim, "task", json!({})).unwrap().0.len();
        assert_eq!(tasks(), 0);
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        assert_eq!(tasks(), 1);
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage"], "lost");
    });
}

#[test]
fn an_approval_is_left_out_by_those_who_may_for_a_reason() {
    both(|database| {
        let (office, deal) = office(database);
        let skips =
            |who, reason: Json| office.moves(who, deal, None, json!({"stage": "qualification", "skip_approval": true, "reason": reason}));
        assert!(matches!(skips(office.kim, json!("I know")), Err(Error::Forbidden { act, .. }) if act == "skip_approval"));
        assert_eq!(refusals(skips(office.ada, Json::Null)), ["approval.reason_required:reason"]);
        assert_eq!(skips(office.ada, json!("Agreed at the fair")).unwrap()["result"], "moved");
        let query = serde_json::from_value(json!({"act": "skip_approval"})).unwrap();
        let trace = office.read(office.ada, |cx, tx| stagecraft_core::audit::log(cx, tx, &query)).unwrap();
        assert_eq!(trace["items"][0]["detail"]["reason"], "Agreed at the fair", "{trace:#}");
    });
}
