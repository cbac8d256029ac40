//! Every act that a flow may catch: how the record stands while it waits, when it is approved, and when it is not.

use db::Limits;
use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::records::{self, ChangeOwner, Reason};
use stagecraft_core::{Credential, Error, Result, bulk, imports, merging};
use testkit::both;

use crate::approvals::approval_of;
use crate::holding::each;
use crate::office::{Office, id_of, refusals};

impl Office {
    fn turns(&self, act: &str, who: Id, deal: Id) -> Result<Json> {
        let reason = Reason::default();
        self.write(who, |cx, tx| match act {
            "void" => records::void(cx, tx, "opportunity", deal, None, &reason),
            "restore" => records::restore(cx, tx, "opportunity", deal, None, &reason),
            "delete" => records::delete_for_good(cx, tx, "opportunity", deal, None, &reason),
            "lock" => records::lock(cx, tx, "opportunity", deal, None, &reason),
            _ => records::submit(cx, tx, "opportunity", deal, None, &records::Submit::default()),
        })
    }

    fn hands_over(&self, who: Id, deal: Id, to: Id) -> Result<Json> {
        let wanted = ChangeOwner { owner: to.to_string(), keep_as: None, reason: None, skip_approval: false, dry_run: false };
        self.write(who, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &wanted))
    }

    fn lee_agrees(&self, approval: Id) -> Json {
        self.decides(self.lee, approval, json!({"act": "agree"})).unwrap();
        self.read(self.ada, |cx, tx| stagecraft_core::approvals::one(cx, tx, approval)).unwrap()
    }

    fn lee_rejects(&self, approval: Id) -> Json {
        self.decides(self.lee, approval, json!({"act": "reject", "comment": "No"})).unwrap()
    }

    /// Lifecycle and what it waits for, as an administrator sees it.
    fn status_of(&self, deal: Id) -> (String, Json) {
        let fields = self.reads(self.ada, "opportunity", deal).unwrap()["fields"].clone();
        (fields["lifecycle_status"].as_str().unwrap().to_owned(), fields["in_approval"].clone())
    }

    /// Every way of changing it is refused.
    fn is_held(&self, deal: Id) {
        let refused = ["record.in_approval"];
        assert_eq!(refusals(self.edits(self.ada, "opportunity", deal, json!({"next_step": "Call"}))), refused, "form and API");
        assert_eq!(refusals(self.turns("void", self.ada, deal)), refused);
        assert_eq!(refusals(self.hands_over(self.ada, deal, self.mona)), refused);
        assert_eq!(refusals(self.turns("lock", self.ada, deal)), refused);
        let moved = refusals(self.moves(self.ada, deal, None, json!({"stage": "qualification"})));
        assert!(moved.iter().any(|code| code == "stage.locked:stage" || code == "stage.approval_pending:stage"), "board: {moved:?}");
        for act in [json!({"act": "edit", "fields": {"next_step": "Call"}}), json!({"act": "move", "stage": "qualification"})] {
            let mut wanted = act;
            wanted["ids"] = json!([deal]);
            let wanted: bulk::Bulk = serde_json::from_value(wanted).unwrap();
            let done = bulk::begin(&self.house, &Credential::Person(self.ada), Via::Api, "opportunity", &wanted).unwrap();
            assert_eq!(done["refused"], 1, "bulk: {done:#}");
        }
        let id = self.reads(self.ada, "opportunity", deal).unwrap()["id"].as_str().unwrap().to_owned();
        let options = json!({"object": "opportunity", "keys": {"id_column": "id"}, "mapping": {"next": "next_step"}});
        let done = self.brings_in(options, &format!("id,next\n{id},Call\n"));
        assert_eq!((&done["failed"], &done["updated"]), (&json!(1), &json!(0)), "import: {done:#}");
        let line = json!({"opportunity": deal, "name": "Line", "quantity": "1", "price": "1"});
        assert_eq!(refusals(self.creates(self.ada, "opportunity_line", line)), ["record.in_approval:opportunity"], "sub-objects");
        let other = self.deal(self.ada, "Other");
        let merge = serde_json::from_value(json!({"losers": [deal]})).unwrap();
        let merged = self.write(self.ada, |cx, tx| merging::merge(cx, tx, "opportunity", other, None, &merge));
        assert!(refusals(merged).iter().any(|code| code.starts_with("record.in_approval")), "merge");
        // What was done about it is told all the same.
        let call = json!({"name": "Call", "regarding": {"object": "opportunity", "id": deal}});
        self.creates(self.ada, "activity", call).unwrap();
    }

    fn brings_in(&self, options: Json, text: &str) -> Json {
        let options = serde_json::from_value(options).unwrap();
        imports::run(&self.house, &Credential::Person(self.ada), &options, "test.csv", text.as_bytes()).unwrap()
    }
}

#[test]
fn nobody_goes_round_an_approval_whatever_it_is_about() {
    both(|database| {
        let office = Office::new(database);
        for trigger in ["void", "change_owner", "create", "edit"] {
            office.flow(trigger, &[&[office.lee]], json!({"condition": {"field": "name", "op": "starts_with", "value": "Big"}}));
        }
        let deal = |name: &str| id_of(&office.creates(office.kim, "opportunity", json!({"name": name})).unwrap());
        office.is_held(deal("Big dam"));
        let big = |name: &str| {
            let id = deal(name);
            // It comes to be without an approval, and is big from now on.
            let patch = json!({"fields": {"name": "Big"}, "skip_approval": true, "reason": "It has grown"});
            let wanted = serde_json::from_value(patch).unwrap();
            office.write(office.ada, |cx, tx| records::update(cx, tx, "opportunity", id, None, &wanted)).unwrap();
            id
        };
        let voided = big("Turbine");
        office.turns("void", office.kim, voided).unwrap();
        assert_eq!(office.status_of(voided), ("normal".into(), json!("void")));
        office.is_held(voided);
        let given = big("Pump");
        office.hands_over(office.ada, given, office.mona).unwrap();
        assert_eq!(office.status_of(given), ("in_change".into(), json!("change_owner")));
        office.is_held(given);
        let edited = big("Valve");
        office.edits(office.kim, "opportunity", edited, json!({"next_step": "Visit"})).unwrap();
        office.is_held(edited);
        office.stays_sound();
    });
}

#[test]
fn the_recycle_bin_waits_both_ways_and_for_good() {
    both(|database| {
        let office = Office::new(database);
        for trigger in ["void", "restore", "delete"] {
            office.flow(trigger, &[&[office.lee]], json!({}));
        }
        let deal = office.deal(office.kim, "Turbine");
        office.lee_rejects(approval_of(&office.turns("void", office.kim, deal).unwrap()));
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null));
        office.lee_agrees(approval_of(&office.turns("void", office.kim, deal).unwrap()));
        assert_eq!(office.status_of(deal), ("voided".into(), Json::Null));
        let approval = approval_of(&office.turns("restore", office.ada, deal).unwrap());
        assert_eq!(office.status_of(deal), ("voided".into(), json!("restore")));
        office.lee_rejects(approval);
        assert_eq!(office.status_of(deal), ("voided".into(), Json::Null));
        let approval = approval_of(&office.turns("delete", office.ada, deal).unwrap());
        assert_eq!(office.status_of(deal), ("voided".into(), json!("delete")));
        assert_eq!(refusals(office.turns("delete", office.ada, deal)), ["record.in_approval"]);
        office.lee_rejects(approval);
        assert_eq!(office.status_of(deal), ("voided".into(), Json::Null));
        let approval = approval_of(&office.turns("delete", office.ada, deal).unwrap());
        assert_eq!(office.lee_agrees(approval)["outcome"], "approved");
        assert!(matches!(office.reads(office.ada, "opportunity", deal), Err(Error::NotFound)));
        let deal = office.deal(office.kim, "Pump");
        office.lee_agrees(approval_of(&office.turns("void", office.kim, deal).unwrap()));
        office.lee_agrees(approval_of(&office.turns("restore", office.ada, deal).unwrap()));
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null));
        office.stays_sound();
    });
}

#[test]
fn what_was_set_aside_is_mended_and_submitted_again() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        office.flow("edit", &[&[office.mona]], json!({}));
        office.limits(each("Two", 2, json!(null))).unwrap();
        let create = |name: &str| office.creates(office.kim, "opportunity", json!({"name": name, "amount": "10"}));
        let answer = create("Turbine").unwrap();
        let (deal, first) = (id_of(&answer), approval_of(&answer));
        let pump = id_of(&create("Pump").unwrap());
        assert_eq!(refusals(create("Valve")), ["holding.limit_reached:owner"], "what waits has its place");
        office.lee_rejects(first);
        assert_eq!(office.status_of(deal), ("ineffective".into(), Json::Null));
        let valve = id_of(&create("Valve").unwrap());
        assert!(office.moves(office.kim, deal, None, json!({"stage": "qualification"})).is_err());
        // An edit of what counts for nothing is caught by no flow.
        assert_eq!(office.edits(office.kim, "opportunity", deal, json!({"name": "Smaller turbine"})).unwrap()["result"], "saved");
        assert!(office.reads(office.kim, "opportunity", deal).unwrap()["can"].as_array().unwrap().contains(&json!("submit")));
        assert_eq!(refusals(office.turns("submit", office.kim, deal)), ["holding.limit_reached:owner"], "it is judged as if it were new");
        assert_eq!(refusals(office.turns("submit", office.kim, valve)), ["record.in_approval"]);
        // Out of the recycle bin it comes as it went in.
        office.turns("void", office.kim, deal).unwrap();
        office.turns("restore", office.ada, deal).unwrap();
        assert_eq!(office.status_of(deal), ("ineffective".into(), Json::Null));
        let running = office.reads(office.kim, "opportunity", pump).unwrap()["approval"]["id"].as_str().unwrap().parse().unwrap();
        office.decides(office.kim, running, json!({"act": "withdraw"})).unwrap();
        assert_eq!(office.status_of(pump).0, "ineffective");
        let again = approval_of(&office.turns("submit", office.kim, deal).unwrap());
        assert_eq!(office.status_of(deal), ("under_review".into(), json!("create")));
        office.lee_agrees(again);
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null));
        assert!(!office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage_entered_at"].is_null());
        assert_eq!(refusals(office.turns("submit", office.kim, deal)), ["record.not_ineffective"]);
        office.holdings_are_right();
        office.stays_sound();
    });
}

#[test]
fn an_owner_to_come_has_his_place_and_the_giver_keeps_his() {
    both(|database| {
        let office = Office::new(database);
        office.flow("change_owner", &[&[office.lee]], json!({}));
        let deal = office.deal(office.kim, "Turbine");
        let other = office.deal(office.kim, "Pump");
        office.limits(each("One", 1, json!(null))).unwrap();
        let seller = office.karl;
        let approval = approval_of(&office.hands_over(office.ada, deal, seller).unwrap());
        assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["owner"], json!(office.kim));
        assert_eq!(refusals(office.hands_over(office.ada, other, seller)), ["holding.limit_reached:owner"], "the place is taken");
        assert_eq!(refusals(office.creates(office.kim, "opportunity", json!({"name": "Valve"}))), ["holding.limit_reached:owner"]);
        office.lee_agrees(approval);
        assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["owner"], json!(seller), "and is not judged again");
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null));
        office.holdings_are_right();
    });
}

#[test]
fn what_waits_counts_for_nothing_but_limits() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({"condition": {"field": "name", "op": "starts_with", "value": "Big"}}));
        let create = |name: &str| office.creates(office.kim, "opportunity", json!({"name": name, "amount": "100"})).unwrap();
        create("Small");
        let answer = create("Big");
        let board = || {
            let wanted = serde_json::from_value(json!({})).unwrap();
            let board = office.read(office.ada, |cx, tx| stagecraft_core::processes::board(cx, tx, &wanted)).unwrap();
            board["columns"][0]["count"].as_i64().unwrap()
        };
        assert_eq!(board(), 1);
        let deal = id_of(&answer);
        let fields = office.reads(office.kim, "opportunity", deal).unwrap()["fields"].clone();
        assert_eq!((&fields["forecast_amount"], &fields["analysis_amount"]), (&Json::Null, &Json::Null));
        assert_eq!(office.lists(office.kim, "opportunity", json!({})).unwrap().1, 2, "lists show it");
        office.lee_agrees(approval_of(&answer));
        assert_eq!(board(), 2);
        assert!(!office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["forecast_amount"].is_null());
        office.stays_sound();
    });
}

#[test]
fn an_edit_that_meanwhile_breaks_a_rule_fails_with_its_reason() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Turbine");
        office.flow("edit", &[&[office.lee]], json!({}));
        let approval = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})).unwrap());
        let rule = json!({"key": "no_visits", "active": true, "message": {"en": "No visits this year"}, "field": "next_step",
            "condition": {"field": "next_step", "op": "eq", "value": "Visit"}});
        office.changes_object("opportunity", json!({"validations": [rule]})).unwrap();
        let ended = office.lee_agrees(approval);
        assert_eq!((&ended["outcome"], &ended["failed"][0]["code"]), (&json!("failed"), &json!("validation.failed")), "{ended:#}");
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null));
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["next_step"], Json::Null, "as it was");
        office.changes_object("opportunity", json!({"validations": []})).unwrap();
        let again = serde_json::from_value(json!({"approval": approval})).unwrap();
        let answer = office.write(office.kim, |cx, tx| records::submit(cx, tx, "opportunity", deal, None, &again)).unwrap();
        office.lee_agrees(approval_of(&answer));
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["next_step"], "Visit", "the change was kept");
    });
}

#[test]
fn a_lead_becomes_what_was_agreed_to() {
    both(|database| {
        let office = Office::new(database);
        office.flow("convert", &[&[office.lee]], json!({"object": "lead"}));
        office.flow("create", &[&[office.mona]], json!({}));
        let body = json!({"account": {"fields": {"name": "Lindental"}}, "opportunity": {"fields": {"name": "Bottling line"}}});
        let count = |object: &str| office.lists(office.ada, object, json!({})).unwrap().1;
        let lead = office.lead_of(office.kim, json!({}));
        let missing = json!({"account": {"fields": {"name": null}}});
        assert_eq!(refusals(office.converts(office.kim, lead, missing)), ["field.required:account/name"], "told when it is asked for");
        let before = (count("account"), count("opportunity"));
        office.lee_rejects(approval_of(&office.converts(office.kim, lead, body.clone()).unwrap()));
        let approval = approval_of(&office.converts(office.kim, lead, body.clone()).unwrap());
        assert_eq!((count("account"), count("opportunity")), before, "nothing has come to be");
        assert_eq!(refusals(office.converts(office.kim, lead, body)), ["record.in_approval"]);
        assert_eq!(office.lee_agrees(approval)["outcome"], "approved");
        let lead = office.reads(office.kim, "lead", lead).unwrap();
        assert_eq!((&lead["fields"]["lead_status"], &lead["fields"]["in_approval"]), (&json!("converted"), &Json::Null));
        assert_eq!((count("account"), count("opportunity")), (before.0 + 1, before.1 + 1));
        let deal: Id = lead["fields"]["opportunity"].as_str().unwrap().parse().unwrap();
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null), "what was agreed to needs no second approval");
    });
}

#[test]
fn rows_and_bulks_tell_what_waits() {
    both(|database| {
        let office = Office::new(database);
        office.flow("import", &[&[office.lee]], json!({}));
        office.flow("void", &[&[office.lee]], json!({}));
        let lines = json!({"object": "opportunity", "mapping": {"name": "name"}});
        let done = office.brings_in(lines.clone(), "name\nTurbine\nPump\n");
        assert_eq!((&done["pending_approval"], &done["created"]), (&json!(2), &json!(0)), "{done:#}");
        let mut skips = lines;
        skips["approvals"] = json!("skip");
        let options = serde_json::from_value(skips.clone()).unwrap();
        let refused = imports::run(&office.house, &Credential::Person(office.ada), &options, "test.csv", b"name\nValve\n");
        assert_eq!(refusals(refused), ["approval.reason_required:reason"]);
        skips["reason"] = json!("They were approved elsewhere");
        assert_eq!(office.brings_in(skips, "name\nValve\n")["created"], 1);
        let deal = office.deal(office.ada, "Dam");
        let other = office.deal(office.ada, "Lock");
        let acts = |more: Json| {
            let mut wanted = json!({"act": "void", "ids": [deal, other]});
            more.as_object().unwrap().iter().for_each(|(key, value)| wanted[key] = value.clone());
            let wanted: bulk::Bulk = serde_json::from_value(wanted).unwrap();
            bulk::begin(&office.house, &Credential::Person(office.ada), Via::Api, "opportunity", &wanted).unwrap()
        };
        let done = acts(json!({}));
        assert_eq!((&done["pending_approval"], &done["changed"], &done["undo"]), (&json!(2), &json!(0), &json!(false)), "{done:#}");
        assert_eq!(done["results"][0]["result"], "pending_approval");
        office.lee_agrees(done["results"][0]["approval"].as_str().unwrap().parse().unwrap());
        let voided = [deal, other].iter().filter(|deal| office.status_of(**deal).0 == "voided").count();
        assert_eq!(voided, 1);
        office.stays_sound();
    });
}

#[test]
fn what_a_flow_has_follow_is_done_with_the_end() {
    both(|database| {
        let office = Office::new(database);
        office.flow(
            "edit",
            &[&[office.lee]],
            json!({
                "fields": ["name"],
                "approved": [
                    {"type": "set", "field": "next_step", "value": "Print"}, {"type": "change_owner", "to": office.mona},
                    {"type": "lock"}, {"type": "notify", "who": [{"type": "submitter"}], "text": "Go on"},
                    {"type": "create_task", "subject": "Send it", "who": [{"type": "owner"}], "due_in_days": 2},
                    {"type": "webhook", "name": "renamed"},
                ],
                "rejected": [{"type": "set", "field": "next_step", "value": "Think again"}],
            }),
        );
        let deal = office.deal(office.kim, "Turbine");
        let rename = |name: &str| approval_of(&office.edits(office.kim, "opportunity", deal, json!({"name": name})).unwrap());
        office.lee_rejects(rename("Pump"));
        let fields = || office.reads(office.ada, "opportunity", deal).unwrap()["fields"].clone();
        assert_eq!((&fields()["name"], &fields()["next_step"]), (&json!("Turbine"), &json!("Think again")));
        assert_eq!(office.lee_agrees(rename("Pump"))["outcome"], "approved");
        let fields = fields();
        assert_eq!(
            (&fields["name"], &fields["next_step"], &fields["owner"], &fields["locked"], &fields["in_approval"]),
            (&json!("Pump"), &json!("Print"), &json!(office.mona), &json!(true), &Json::Null)
        );
        assert_eq!(office.lists(office.mona, "task", json!({})).unwrap().0, ["Send it"]);
        let events = office.house.read(&Credential::System("to look"), Limits::default(), |_, tx| {
            let select = sea_query::Query::select().columns(["act", "columns"]).from("outbox").to_owned();
            Ok(tx.all(&select)?.iter().map(|row| row.get::<String>(0).unwrap()).filter(|act| act == "approval_effect").count())
        });
        assert_eq!(events.unwrap(), 1);
        // The deal is Mona's now, so Kim is not shown it any more; what the flow told him was written for him all the same.
        let told = office.house.read(&Credential::System("to look"), Limits::default(), |_, tx| {
            let select = sea_query::Query::select().columns(["person", "kind"]).from("notice").to_owned();
            let rows = tx.all(&select)?;
            let mine =
                rows.iter().filter(|row| row.get::<Id>(0).unwrap() == office.kim && row.get::<String>(1).unwrap() == "approval_told");
            Ok(mine.count())
        });
        assert_eq!(told.unwrap(), 1, "who submitted it, too");
    });
}

#[test]
fn what_cannot_follow_keeps_an_approval_from_being_done_and_a_rejection_from_nothing() {
    both(|database| {
        let office = Office::new(database);
        let set = json!([{"type": "set", "field": "next_step", "value": "Visit"}]);
        office.flow("edit", &[&[office.lee]], json!({"fields": ["name"], "approved": set, "rejected": set}));
        let deal = office.deal(office.kim, "Turbine");
        let rule = json!({"key": "no_visits", "active": true, "message": {"en": "No visits"}, "field": "next_step",
            "condition": {"field": "next_step", "op": "eq", "value": "Visit"}});
        office.changes_object("opportunity", json!({"validations": [rule]})).unwrap();
        let rename = || approval_of(&office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"})).unwrap());
        let ended = office.lee_agrees(rename());
        assert_eq!(ended["outcome"], "failed");
        assert_eq!(
            (&ended["failed"][0]["code"], &ended["failed"][0]["path"]),
            (&json!("validation.failed"), &json!("approved[0].next_step"))
        );
        let fields = &office.reads(office.kim, "opportunity", deal).unwrap()["fields"];
        assert_eq!((&fields["name"], &fields["lifecycle_status"]), (&json!("Turbine"), &json!("normal")), "nothing of it is done");
        assert_eq!(office.lee_rejects(rename())["outcome"], "rejected");
        assert_eq!(office.status_of(deal), ("normal".into(), Json::Null));
    });
}
