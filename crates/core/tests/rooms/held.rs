//! While an approval of a record runs nobody changes it, whichever way he comes: every way there is, in front of everything a flow may catch.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Result, bulk, imports, processes, records};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, id_of};
use crate::reminders::tells_what_is_due;
use crate::stage_tasks::tick;

/// What stands against an act, each code once; nothing where it is done.
fn codes(result: Result<Json>) -> Vec<String> {
    let found = match result {
        Ok(_) => return Vec::new(),
        Err(Error::Invalid(found) | Error::Unmet(found)) => found,
        Err(Error::Conflict { .. }) => return vec!["record.version_conflict".into()],
        Err(other) => panic!("{other:?}"),
    };
    let mut codes: Vec<String> = found.into_iter().map(|one| one.code.to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}

/// What stands against the one record of a bulk act.
fn codes_of_bulk(done: &Json) -> Vec<String> {
    if done["refused"] == 0 {
        return Vec::new();
    }
    let result = &done["results"][0];
    let found: Vec<String> =
        result["violations"].as_array().into_iter().flatten().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    if found.is_empty() { vec![result["code"].as_str().unwrap_or_else(|| panic!("{done:#}")).to_owned()] } else { found }
}

type Tried = Vec<(String, Vec<String>)>;

impl Office {
    fn bulks(&self, object: &str, wanted: Json) -> Json {
        let wanted: bulk::Bulk = serde_json::from_value(wanted).unwrap();
        bulk::begin(&self.house, &Credential::Person(self.ada), Via::Api, object, &wanted).unwrap()
    }

    /// Takes a bulk act back.
    fn unbulks(&self, done: &Json) -> Json {
        let id = done["id"].as_str().unwrap().parse().unwrap();
        bulk::undo(&self.house, &Credential::Person(self.ada), Via::Api, id).unwrap()
    }

    pub fn imports(&self, options: Json, text: &str) -> Json {
        let options = serde_json::from_value(options).unwrap();
        imports::run(&self.house, &Credential::Person(self.ada), &options, "test.csv", text.as_bytes()).unwrap()
    }

    /// What stands against the one row of an import.
    fn codes_of_import(&self, done: &Json) -> Vec<String> {
        let id: Id = done["id"].as_str().unwrap().parse().unwrap();
        let told = self.read(self.ada, |cx, tx| imports::problems(cx, tx, id, &imports::ProblemsRequest::default())).unwrap();
        told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }

    /// The acts on a whole record that any object knows.
    fn turned(&self, object: &str, id: Id, act: &str) -> Vec<String> {
        let reason = records::Reason { reason: Some("So".into()), ..records::Reason::default() };
        codes(self.write(self.ada, |cx, tx| match act {
            "void" => records::void(cx, tx, object, id, None, &reason),
            "restore" => records::restore(cx, tx, object, id, None, &reason),
            "delete" => records::delete_for_good(cx, tx, object, id, None, &reason),
            "lock" => records::lock(cx, tx, object, id, None, &reason),
            "unlock" => records::unlock(cx, tx, object, id, None, &reason),
            "submit" => records::submit(cx, tx, object, id, None, &records::Submit::default()),
            _ => {
                let wanted = serde_json::from_value(json!({"owner": self.mona})).unwrap();
                records::change_owner(cx, tx, object, id, None, &wanted)
            }
        }))
    }

    /// Tries all that any object knows.
    fn tries(&self, object: &str, id: Id, field: &str) -> Tried {
        let mut tried: Tried = vec![("form and API".into(), codes(self.edits(self.ada, object, id, json!({field: "Else"}))))];
        for act in ["void", "restore", "delete", "lock", "unlock", "change_owner", "submit"] {
            tried.push((act.into(), self.turned(object, id, act)));
        }
        let more = [
            json!({"act": "edit", "fields": {field: "Else"}}),
            json!({"act": "change_owner", "owner": self.mona}),
            json!({"act": "void"}),
            json!({"act": "restore"}),
            json!({"act": "delete"}),
            json!({"act": "lock"}),
            json!({"act": "unlock"}),
        ];
        for mut wanted in more {
            wanted["ids"] = json!([id]);
            wanted["reason"] = json!("So");
            tried.push((format!("bulk {}", wanted["act"]), codes_of_bulk(&self.bulks(object, wanted))));
        }
        for mode in ["update", "upsert"] {
            let options = json!({"object": object, "mode": mode, "keys": {"id_column": "id"}, "mapping": {"id": null, "to": field}});
            let done = self.imports(options, &format!("id,to\n{id},Else\n"));
            assert_eq!((&done["failed"], &done["updated"]), (&json!(1), &json!(0)), "{mode}: {done:#}");
            tried.push((format!("import, {mode}"), self.codes_of_import(&done)));
        }
        let other = self.skipping_flows(object, json!({"name": "Another one"}));
        tried.push(("merged into another".into(), codes(self.merges(self.ada, object, other, &[id], json!({})))));
        tried.push(("another merged into it".into(), codes(self.merges(self.ada, object, id, &[other], json!({})))));
        tried
    }

    /// Tries all that a deal knows besides.
    fn tries_deal(&self, deal: Id, line: Id, task: Id) -> Tried {
        let mut tried = Tried::new();
        for (way, stage) in
            [("on", "proposal"), ("back", "prospecting"), ("over a stage", "negotiation"), ("to the lost", "lost"), ("to the won", "won")]
        {
            let body = json!({"stage": stage, "reason": "So", "fields": {}});
            tried.push((format!("moved {way}"), codes(self.moves(self.ada, deal, None, body))));
            let done = self.bulks("opportunity", json!({"act": "move", "ids": [deal], "stage": stage, "reason": "So"}));
            tried.push((format!("bulk, moved {way}"), codes_of_bulk(&done)));
        }
        tried.push(("moved by the form".into(), codes(self.edits(self.ada, "opportunity", deal, json!({"stage": "proposal"})))));
        let options = json!({"object": "opportunity", "keys": {"id_column": "id"}, "mapping": {"id": null, "to": "stage"}});
        let done = self.imports(options, &format!("id,to\n{deal},proposal\n"));
        tried.push(("moved by an import".into(), self.codes_of_import(&done)));
        let process = self.read(self.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0]["id"].clone();
        let changed = self.write(self.ada, |cx, tx| {
            let wanted = serde_json::from_value(json!({"process": process, "stage": "prospecting", "reason": "So"})).unwrap();
            processes::change_process(cx, tx, deal, None, &wanted)
        });
        tried.push(("into a process".into(), codes(changed)));
        let new = json!({"opportunity": deal, "name": "Another", "quantity": "1", "price": "1"});
        tried.push(("a line more".into(), codes(self.creates(self.ada, "opportunity_line", new))));
        tried.push(("another price".into(), codes(self.edits(self.ada, "opportunity_line", line, json!({"price": "7"})))));
        let other = self.skipping_flows("opportunity", json!({"name": "Yet another"}));
        tried.push(("a line given away".into(), codes(self.edits(self.ada, "opportunity_line", line, json!({"opportunity": other})))));
        tried.push(("a line into the bin".into(), self.turned("opportunity_line", line, "void")));
        tried.push(("a line deleted".into(), self.turned("opportunity_line", line, "delete")));
        let contact = self.system("contact", json!({"name": "Chris", "owner": self.ada}));
        let role = json!({"opportunity": deal, "contact": contact, "role": "decision_maker"});
        tried.push(("a contact's part".into(), codes(self.creates(self.ada, "contact_role", role))));
        let options = json!({"object": "opportunity_line", "mapping": {}, "references": {"opportunity": {"by": "id"}}});
        let done = self.imports(options, &format!("opportunity,name,quantity,price\n{deal},More,1,1\n"));
        assert_eq!(done["created"], 0, "{done:#}");
        tried.push(("lines by an import".into(), self.codes_of_import(&done)));
        tried.push((
            "a task of its stage that fills it".into(),
            codes(self.completes(self.ada, task, json!({"fields": {"next_step": "Else"}}))),
        ));
        tried
    }

    fn skipping_flows(&self, object: &str, fields: Json) -> Id {
        let wanted = serde_json::from_value(json!({"fields": fields, "skip_approval": true, "reason": "To try"})).unwrap();
        id_of(&self.write(self.ada, |cx, tx| records::create(cx, tx, object, &wanted)).unwrap())
    }

    /// What stays open while an approval runs.
    fn works_on(&self, object: &str, id: Id) {
        let about = json!({"object": object, "id": id});
        self.creates(self.ada, "activity", json!({"name": "Call", "regarding": about})).unwrap();
        self.creates(self.ada, "task", json!({"name": "Ask", "regarding": about, "assignee": self.ada})).unwrap();
        let said = stagecraft_core::comments::Wanted { text: "Look at this".into() };
        self.write(self.ada, |cx, tx| stagecraft_core::comments::create(cx, tx, object, id, &said)).unwrap();
        let team: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": self.hanna, "access": "read"}])).unwrap();
        self.write(self.ada, |cx, tx| records::set_team(cx, tx, object, id, &team)).unwrap();
    }

    fn version_of(&self, object: &str, id: Id) -> (Json, Json) {
        let shown = self.reads(self.ada, object, id).unwrap();
        (shown["version"].clone(), shown["approval"]["id"].clone())
    }
}

/// Each way is refused because of the approval, whatever else stands against it. What is not in the recycle bin is not deleted for good; of what
/// is, much is refused before.
fn all_refused(running: &str, tried: &Tried) {
    const BY_IT: [&str; 3] = ["record.in_approval", "stage.approval_pending", "stage.locked"];
    const BY_THE_BIN: [&str; 3] = ["record.voided", "merge.voided", "task.not_open"];
    let in_bin = matches!(running, "restore" | "delete");
    let refused = |way: &str, found: &[String]| {
        let by = |codes: &[&str]| found.iter().any(|code| codes.contains(&code.as_str()));
        by(&BY_IT) || in_bin && by(&BY_THE_BIN) || way.contains("delete") && found == ["delete.not_voided"]
    };
    let others: Vec<_> = tried.iter().filter(|(way, found)| !refused(way, found)).collect();
    assert!(others.is_empty(), "while {running} waits: {others:#?}");
    let own = ["void", "restore", "delete", "bulk \"restore\"", "bulk \"delete\""];
    let by_it = |way: &str| tried.iter().any(|(one, found)| one == way && found.iter().any(|code| code == "record.in_approval"));
    assert!(!in_bin || own.iter().skip(1).all(|way| by_it(way)), "{tried:#?}");
}

#[test]
fn a_deal_that_waits_is_changed_by_no_way() {
    both(|database| {
        let office = Office::new(database);
        office.redraws(|process| process["stages"][1]["approval"] = json!(true));
        let fill = json!({"key": "fill", "name": "Fill in", "act": {"kind": "edit_object", "fields": ["next_step"]}});
        office.sets_tasks(&[("qualification", json!([fill, tick("look")]))]);
        let deal = |name: &str| {
            let deal = office.deal(office.kim, name);
            let line = json!({"opportunity": deal, "name": "Line", "quantity": "1", "price": "1"});
            let line = id_of(&office.creates(office.kim, "opportunity_line", line).unwrap());
            office.moves(office.ada, deal, None, json!({"stage": "qualification", "reason": "So", "bypass": true})).unwrap();
            (deal, line)
        };
        let deals: Vec<(&str, (Id, Id))> =
            ["edit", "change_owner", "stage", "void", "restore", "delete"].into_iter().map(|trigger| (trigger, deal(trigger))).collect();
        for (_, (deal, _)) in deals.iter().filter(|(trigger, _)| matches!(*trigger, "restore" | "delete")) {
            office.bins(office.ada, *deal).unwrap();
        }
        for (trigger, _) in &deals {
            office.flow(trigger, &[&[office.lee]], json!({}));
        }
        office.flow("create", &[&[office.lee]], json!({}));
        for (trigger, (deal, line)) in deals {
            let reason = records::Reason::default();
            let answer = match trigger {
                "edit" => office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})),
                "change_owner" => office.hands(office.ada, deal, office.karl),
                "stage" => office.moves(office.ada, deal, None, json!({"stage": "proposal", "bypass": true, "reason": "So"})),
                "void" => office.bins(office.kim, deal),
                "restore" => office.takes_out(office.ada, deal),
                _ => office.write(office.ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &reason)),
            };
            let approval = approval_of(&answer.unwrap());
            let before = office.version_of("opportunity", deal);
            assert_eq!(before.1, json!(approval));
            let task = office.stage_task(deal, "fill");
            let mut tried = office.tries("opportunity", deal, "next_step");
            tried.extend(office.tries_deal(deal, line, task));
            // An end that ignores what stages ask for is open while one is being completed.
            tried.retain(|(way, _)| trigger != "stage" || !way.ends_with("to the lost"));
            all_refused(trigger, &tried);
            assert_eq!(office.version_of("opportunity", deal), before, "{trigger}: nothing has changed it");
            if !matches!(trigger, "restore" | "delete") {
                office.works_on("opportunity", deal);
            }
        }
        office.stays_sound();
    });
}

#[test]
fn what_is_closed_and_waits_is_not_taken_up_again() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Turbine");
        office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        office.flow("void", &[&[office.lee]], json!({}));
        approval_of(&office.bins(office.kim, deal).unwrap());
        let reopened = office.write(office.ada, |cx, tx| {
            processes::reopen(cx, tx, deal, None, &serde_json::from_value(json!({"stage": "prospecting", "reason": "So"})).unwrap())
        });
        assert_eq!(codes(reopened), ["stage.locked"]);
    });
}

#[test]
fn a_lead_that_waits_is_changed_by_no_way() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Bonn", json!({}));
        let other = office.pool("Jena", json!({}));
        let kinds = ["edit", "change_owner", "void", "claim", "return", "convert"];
        let mut leads: Vec<(&str, Id)> = Vec::new();
        for kind in kinds {
            let lead = office.pooled(kind, "Bonn");
            if kind != "claim" {
                office.claims_it(office.kim, "lead", lead).unwrap();
            }
            leads.push((kind, lead));
        }
        for kind in kinds.into_iter().chain(["create"]) {
            office.flow(kind, &[&[office.lee]], json!({"object": "lead"}));
        }
        let created = office.creates(office.kim, "lead", json!({"name": "New", "company": "Lindental", "city": "Bonn"})).unwrap();
        leads.push(("create", id_of(&created)));
        let body = json!({"account": {"fields": {"name": "Lindental"}}});
        for (kind, lead) in leads {
            let answer = match kind {
                "edit" => office.edits(office.kim, "lead", lead, json!({"company": "Lindental AG"})),
                "change_owner" => office.write(office.ada, |cx, tx| {
                    let wanted = serde_json::from_value(json!({"owner": office.karl})).unwrap();
                    records::change_owner(cx, tx, "lead", lead, None, &wanted)
                }),
                "void" => office.write(office.kim, |cx, tx| records::void(cx, tx, "lead", lead, None, &records::Reason::default())),
                "claim" => office.claims_it(office.kim, "lead", lead),
                "return" => office.gives_back(office.kim, "lead", lead, json!({"pool": pool, "reason": "No time"})),
                "convert" => office.converts(office.kim, lead, body.clone()),
                _ => Ok(created.clone()),
            };
            approval_of(&answer.unwrap());
            let before = office.version_of("lead", lead);
            let mut tried = office.tries("lead", lead, "company");
            tried.push(("assigned".into(), codes(office.assigns(office.mona, lead, office.kim))));
            tried.push(("given back".into(), codes(office.gives_back(office.ada, "lead", lead, json!({"pool": pool, "reason": "So"})))));
            tried.push(("into another pool".into(), codes(office.moves_pool(office.ada, "lead", lead, other))));
            tried.push(("marked invalid".into(), codes(office.marks_invalid(office.ada, lead, "duplicate"))));
            tried.push(("taken up".into(), codes(office.takes_up(office.ada, lead))));
            tried.push(("converted".into(), codes(office.converts(office.ada, lead, body.clone()))));
            if kind == "claim" {
                tried.push(("claimed".into(), codes(office.claims_it(office.lee, "lead", lead))));
            }
            for mut wanted in [
                json!({"act": "assign", "owner": office.kim}),
                json!({"act": "return", "pool": pool}),
                json!({"act": "move_pool", "pool": other}),
            ] {
                wanted["ids"] = json!([lead]);
                wanted["reason"] = json!("So");
                tried.push((format!("bulk {}", wanted["act"]), codes_of_bulk(&office.bulks("lead", wanted))));
            }
            all_refused(kind, &tried);
            assert_eq!(office.version_of("lead", lead), before, "{kind}: nothing has changed it");
        }
        office.is_in_order();
    });
}

#[test]
fn a_leaver_s_records_that_wait_keep_him_until_their_approvals_have_ended() {
    both(|database| {
        let office = Office::new(database);
        office.flow("edit", &[&[office.lee]], json!({}));
        let (deal, free) = (office.deal(office.kim, "Turbine"), office.deal(office.kim, "Pump"));
        let approval = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})).unwrap());
        let body = json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.karl]}]});
        let refused = office.disables(office.ada, office.kim, body.clone()).unwrap_err();
        let Error::Invalid(found) = refused else { panic!("{refused:?}") };
        let told: Vec<(&str, &str)> = found.iter().map(|one| (one.code, one.path.as_str())).collect();
        assert_eq!(told, [("record.in_approval", format!("records/opportunity/{deal}").as_str())]);
        assert_eq!(found[0].params["approval"], json!(approval), "so that an administrator finds it");
        for deal in [deal, free] {
            assert_eq!(
                office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["owner"],
                json!(office.kim),
                "all of it or nothing"
            );
        }
        office.decides(office.ada, approval, json!({"act": "end", "approve": false})).unwrap();
        office.disables(office.ada, office.kim, body).unwrap();
        for deal in [deal, free] {
            assert_eq!(office.reads(office.ada, "opportunity", deal).unwrap()["fields"]["owner"], json!(office.karl));
        }
    });
}

#[test]
fn a_pool_takes_nothing_back_while_an_approval_of_it_runs() {
    both(|database| {
        let office = Office::new(database);
        let rule = json!([{"key": "idle", "without": "follow_up", "days": 30, "warn_days_before": []}]);
        office.pool("Bonn", json!({"reclaim": rule}));
        let lead = office.pooled("Anna", "Bonn");
        office.claims_it(office.kim, "lead", lead).unwrap();
        office.flow("edit", &[&[office.lee]], json!({"object": "lead"}));
        let approval = approval_of(&office.edits(office.kim, "lead", lead, json!({"company": "Lindental AG"})).unwrap());
        let owner = || office.reads(office.ada, "lead", lead).unwrap()["fields"]["owner"].clone();
        database.advance(31 * 86_400);
        tells_what_is_due(&office.house);
        assert_eq!(owner(), json!(office.kim), "it is his while it waits");
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        assert_eq!(office.reads(office.kim, "lead", lead).unwrap()["fields"]["company"], "Lindental AG");
        database.advance(2 * 86_400);
        tells_what_is_due(&office.house);
        assert_eq!(owner(), Json::Null, "then the rule holds again");
        office.is_in_order();
    });
}

#[test]
fn what_a_bulk_or_an_import_has_done_is_not_taken_back_from_what_waits() {
    both(|database| {
        let office = Office::new(database);
        let (deal, other) = (office.deal(office.ada, "Turbine"), office.deal(office.ada, "Pump"));
        let done = office.bulks("opportunity", json!({"act": "edit", "ids": [deal, other], "fields": {"next_step": "Visit"}}));
        assert_eq!(done["changed"], 2, "{done:#}");
        office.flow("void", &[&[office.lee]], json!({}));
        office.flow("import", &[&[office.lee]], json!({"condition": {"field": "name", "op": "starts_with", "value": "D"}}));
        let approval = approval_of(&office.bins(office.ada, deal).unwrap());
        let before = office.version_of("opportunity", deal);
        let undone = office.unbulks(&done);
        assert_eq!((&undone["changed"], &undone["refused"]), (&json!(1), &json!(1)), "{undone:#}");
        assert_eq!(office.version_of("opportunity", deal), before);
        assert_eq!(office.reads(office.ada, "opportunity", other).unwrap()["fields"]["next_step"], Json::Null, "what is free goes back");
        // Of a bulk whose records wait there is nothing to take back: they are withdrawn.
        let waits = office.bulks("opportunity", json!({"act": "void", "ids": [other]}));
        assert_eq!((&waits["pending_approval"], &waits["undo"]), (&json!(1), &json!(false)));
        let id: Id = waits["id"].as_str().unwrap().parse().unwrap();
        let refused = bulk::undo(&office.house, &Credential::Person(office.ada), Via::Api, id);
        assert_eq!(codes(refused), ["bulk.cannot_be_undone"]);
        // Of an import what has come to be goes, and what waits stays: it is withdrawn.
        let done = office.imports(json!({"object": "opportunity", "mapping": {"name": "name"}}), "name\nDam\nLock\n");
        assert_eq!((&done["pending_approval"], &done["created"]), (&json!(1), &json!(1)), "{done:#}");
        let waiting = office.approvals(office.lee, json!({"which": "to_do"}));
        let row = waiting["items"].as_array().unwrap().iter().find(|one| one["what"] == "import").unwrap();
        let (of_row, dam): (Id, Id) = (row["id"].as_str().unwrap().parse().unwrap(), row["record"].as_str().unwrap().parse().unwrap());
        let import: Id = done["id"].as_str().unwrap().parse().unwrap();
        office.write(office.ada, |cx, tx| imports::undo(cx, tx, import)).unwrap();
        let told = imports::follow(&office.house, &Credential::Person(office.ada), import, |_| {}).unwrap();
        assert_eq!((&told["undo"]["deleted"], &told["undo"]["stayed"]), (&json!(1), &json!(0)), "{told:#}");
        assert_eq!(office.reads(office.ada, "opportunity", dam).unwrap()["fields"]["lifecycle_status"], "under_review");
        office.decides(office.ada, of_row, json!({"act": "withdraw"})).unwrap();
        office.decides(office.lee, approval, json!({"act": "reject", "comment": "Keep it"})).unwrap();
        office.stays_sound();
    });
}
