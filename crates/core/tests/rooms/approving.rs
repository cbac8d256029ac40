//! Running approvals: who does what, what is filled in, what one may read of it.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, approvals};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, id_of, refusals};

impl Office {
    /// An approval as somebody reads it.
    pub fn approval(&self, who: Id, id: Id) -> stagecraft_core::Result<Json> {
        self.read(who, |cx, tx| approvals::one(cx, tx, id))
    }

    /// A list of approvals.
    pub fn approvals(&self, who: Id, query: Json) -> Json {
        let wanted = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| approvals::list(cx, tx, &wanted)).unwrap()
    }

    fn listed(&self, who: Id, which: &str) -> usize {
        self.approvals(who, json!({ "which": which }))["items"].as_array().unwrap().len()
    }
}

fn may(approval: &Json, act: &str) -> bool {
    approval["can"].as_array().unwrap().iter().any(|can| can == act)
}

#[test]
fn lists_tell_what_waits_what_was_decided_and_what_was_asked_for() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.mona]], json!({}));
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine", "amount": "1000"})).unwrap();
        let approval = approval_of(&answer);
        assert_eq!((office.listed(office.lee, "to_do"), office.listed(office.mona, "to_do"), office.listed(office.kim, "mine")), (1, 0, 1));
        let item = office.approvals(office.lee, json!({}))["items"][0].clone();
        assert_eq!(
            (&item["my_task"], &item["record_name"], &item["node"], &item["what"]),
            (&json!(0), &json!("Turbine"), &json!("n0"), &json!("create"))
        );
        let fields: Vec<&str> = item["asks"]["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
        assert!(fields.contains(&"name") && fields.contains(&"amount"), "{item:#}");
        assert!(may(&item, "agree") && may(&item, "reject") && !may(&item, "withdraw") && !may(&item, "jump"), "{item:#}");
        let own = office.approval(office.kim, approval).unwrap();
        assert!(!may(&own, "agree") && may(&own, "withdraw") && may(&own, "urge"), "{own:#}");
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0, "comment": "Good"})).unwrap();
        assert_eq!((office.listed(office.lee, "to_do"), office.listed(office.lee, "done"), office.listed(office.mona, "to_do")), (0, 1, 1));
        assert!(matches!(
            office.read(office.lee, |cx, tx| approvals::list(cx, tx, &serde_json::from_value(json!({"which": "all"})).unwrap())),
            Err(Error::Forbidden { .. })
        ));
        assert_eq!(
            office.approvals(office.ada, json!({"which": "all", "state": "running", "q": "turb"}))["items"].as_array().unwrap().len(),
            1
        );
        assert_eq!(office.approvals(office.ada, json!({"which": "all", "q": "no such"}))["items"], json!([]));
        let of_record = office.read(office.kim, |cx, tx| approvals::of_record(cx, tx, "opportunity", id_of(&answer))).unwrap();
        assert_eq!(of_record["items"][0]["id"], approval.to_string());
    });
}

#[test]
fn pages_follow_each_other_without_gap() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        for n in 0..7 {
            office.creates(office.kim, "opportunity", json!({"name": format!("Deal {n}")})).unwrap();
        }
        for (who, which) in [(office.lee, "to_do"), (office.kim, "mine"), (office.ada, "all")] {
            let (mut seen, mut cursor) = (Vec::new(), Json::Null);
            loop {
                let page = office.approvals(who, json!({"which": which, "limit": 3, "cursor": cursor}));
                assert_eq!(page["total"], 7);
                seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
                cursor = page["next"].clone();
                if cursor.is_null() {
                    break;
                }
            }
            let mut once = seen.clone();
            once.sort();
            once.dedup();
            assert_eq!((seen.len(), once.len()), (7, 7), "{which}");
        }
    });
}

#[test]
fn the_trail_tells_who_did_what_and_how_long_it_took() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.mona]], json!({}));
        let approval = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap());
        office.decides(office.karl, approval, json!({"act": "comment", "comment": "x"})).unwrap_err();
        office.decides(office.lee, approval, json!({"act": "comment", "comment": "Who pays?"})).unwrap();
        office.decides(office.lee, approval, json!({"act": "reassign", "to": office.sven})).unwrap();
        office.decides(office.sven, approval, json!({"act": "add_signer", "person": office.hanna, "place": "before"})).unwrap();
        assert_eq!(refusals(office.decides(office.sven, approval, json!({"act": "agree", "task": 0}))), ["approval.not_yet"]);
        office.decides(office.hanna, approval, json!({"act": "agree"})).unwrap();
        office.decides(office.sven, approval, json!({"act": "agree", "comment": "Fine"})).unwrap();
        let told = office.approval(office.kim, approval).unwrap();
        let whats: Vec<&str> = told["trail"].as_array().unwrap().iter().map(|entry| entry["what"].as_str().unwrap()).collect();
        assert_eq!(whats, ["submitted", "entered", "commented", "reassigned", "signer_added", "agreed", "agreed", "entered"]);
        let agreed = &told["trail"][6];
        assert_eq!((&agreed["by"], &agreed["comment"], &agreed["node"]), (&json!(office.sven), &json!("Fine"), &json!("n0")));
        assert!(agreed["took_seconds"].as_i64().is_some(), "{agreed:#}");
        let steps = told["steps"].as_array().unwrap();
        assert_eq!(steps.len(), 2);
        assert_eq!((&steps[0]["state"], &steps[1]["state"]), (&json!("passed"), &json!("open")));
        assert!(steps[0]["took_seconds"].as_i64().is_some());
        assert_eq!(steps[0]["people"].as_array().unwrap().len(), 2);
        // Lee has handed it on and does not see the deal any more: the approval, without its values.
        let lee = office.approval(office.lee, approval).unwrap();
        assert_eq!((&lee["record_readable"], &lee["asks"]["fields"], &lee["record_name"]), (&json!(false), &json!([]), &Json::Null));
        assert_eq!(lee["trail"].as_array().unwrap().len(), whats.len());
        assert!(matches!(office.approval(office.karl, approval), Err(Error::NotFound)));
    });
}

#[test]
fn whoever_agrees_fills_what_the_node_opens_and_nothing_else() {
    both(|database| {
        let office = Office::new(database);
        let flow = json!({"nodes": [
            {"key": "start", "does": {"type": "start", "next": "n"}},
            {"key": "n", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": office.lee}],
                "must_fill": ["next_step"], "may_edit": ["amount"], "next": "t"}},
            {"key": "t", "does": {"type": "task", "who": [{"type": "person", "id": office.karl}], "must_fill": ["expected_close_date"], "next": "approved"}},
            {"key": "approved", "does": {"type": "approved"}},
        ]});
        office.flow("create", &[], flow);
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine", "amount": "1000"})).unwrap();
        let (deal, approval) = (id_of(&answer), approval_of(&answer));
        assert_eq!(refusals(office.decides(office.lee, approval, json!({"act": "agree"}))), ["field.required:next_step"]);
        let other = json!({"act": "agree", "fields": {"next_step": "Call", "name": "Pump"}});
        assert_eq!(refusals(office.decides(office.lee, approval, other)), ["approval.field_not_open:name"]);
        let stranger = json!({"act": "agree", "task": 0, "fields": {"next_step": "Call"}});
        assert_eq!(refusals(office.decides(office.kim, approval, stranger)), ["approval.not_asked"]);
        let shown = office.approval(office.lee, approval).unwrap();
        assert_eq!((&shown["must_fill"], &shown["may_edit"]), (&json!(["next_step"]), &json!(["amount"])));
        assert_eq!(shown["values"]["amount"]["amount"], "1000.00");
        office.decides(office.lee, approval, json!({"act": "agree", "fields": {"next_step": "Call", "amount": "900"}})).unwrap();
        let fields = office.reads(office.kim, "opportunity", deal).unwrap()["fields"].clone();
        assert_eq!((&fields["next_step"], &fields["amount"]["amount"]), (&json!("Call"), &json!("900.00")));
        assert_eq!(
            refusals(office.decides(office.karl, approval, json!({"act": "reject", "comment": "No"}))),
            ["approval.nothing_to_reject"]
        );
        let done = office.decides(office.karl, approval, json!({"act": "agree", "fields": {"expected_close_date": "2027-01-31"}})).unwrap();
        assert_eq!(done["outcome"], "approved", "{done:#}");
        let fields = office.reads(office.kim, "opportunity", deal).unwrap()["fields"].clone();
        assert_eq!((&fields["expected_close_date"], &fields["lifecycle_status"]), (&json!("2027-01-31"), &json!("normal")));
    });
}

#[test]
fn what_is_filled_in_an_edit_is_held_with_it() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Turbine");
        let more = json!({"fields": ["name"], "nodes": [
            {"key": "start", "does": {"type": "start", "next": "n"}},
            {"key": "n", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": office.lee}],
                "must_fill": ["next_step"], "next": "approved"}},
            {"key": "approved", "does": {"type": "approved"}},
        ]});
        office.flow("edit", &[], more);
        let approval = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"})).unwrap());
        let shown = office.approval(office.lee, approval).unwrap();
        let name = shown["asks"]["fields"].as_array().unwrap().iter().find(|field| field["field"] == "name").unwrap().clone();
        assert_eq!((&name["before"], &name["after"]), (&json!("Turbine"), &json!("Pump")));
        office.decides(office.lee, approval, json!({"act": "agree", "fields": {"next_step": "Call"}})).unwrap();
        let fields = office.reads(office.kim, "opportunity", deal).unwrap()["fields"].clone();
        assert_eq!((&fields["name"], &fields["next_step"]), (&json!("Pump"), &json!("Call")));
    });
}

#[test]
fn acts_that_do_not_fit_are_refused_by_their_reason() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.mona]], json!({}));
        let approval = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap());
        let tries = |who: Id, body: Json| refusals(office.decides(who, approval, body));
        assert_eq!(tries(office.lee, json!({"act": "agree", "task": 9})), ["approval.task_unknown:task"]);
        assert_eq!(tries(office.lee, json!({"act": "withdraw"})), ["approval.not_yours"]);
        assert_eq!(tries(office.lee, json!({"act": "reassign"})), ["field.required:to"]);
        assert_eq!(tries(office.lee, json!({"act": "reassign", "to": office.lee})), ["approval.already_asked:to"]);
        assert_eq!(tries(office.kim, json!({"act": "resubmit"})), ["approval.not_returned"]);
        assert_eq!(tries(office.lee, json!({"act": "retrieve"})), ["approval.nothing_to_retrieve"]);
        assert_eq!(tries(office.lee, json!({"act": "end", "approve": true})), ["approval.administrators_only"]);
        assert_eq!(tries(office.ada, json!({"act": "jump", "node": "start"})), ["approval.jump_inside:node"]);
        assert_eq!(tries(office.lee, json!({"act": "comment"})), ["approval.comment_required:comment"]);
        let mut signers = vec![office.mona, office.sven, office.hanna, office.ada, office.ines, office.karl, office.kim];
        for n in 0..4 {
            let fields =
                json!({"name": format!("Signer {n}"), "email": format!("signer{n}@example.com"), "roles": ["salesperson"], "active": true});
            signers.push(office.system("employee", fields));
        }
        let (last, others) = signers.split_last().unwrap();
        for person in others {
            office.decides(office.lee, approval, json!({"act": "add_signer", "person": person, "place": "after"})).unwrap();
        }
        let one_more = json!({"act": "add_signer", "person": last, "place": "after"});
        assert_eq!(tries(office.lee, one_more), ["approval.too_many_signers:person"]);
        office.decides(office.kim, approval, json!({"act": "withdraw"})).unwrap();
        assert_eq!(tries(office.lee, json!({"act": "agree", "task": 0})), ["approval.over"]);
    });
}

#[test]
fn an_agreement_is_taken_back_while_nobody_after_it_has_acted() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.mona], &[office.hanna]], json!({}));
        let approval = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap());
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        assert!(may(&office.approval(office.lee, approval).unwrap(), "retrieve"));
        office.decides(office.lee, approval, json!({"act": "retrieve"})).unwrap();
        assert_eq!((office.listed(office.lee, "to_do"), office.listed(office.mona, "to_do"), office.listed(office.lee, "done")), (1, 0, 0));
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        office.decides(office.mona, approval, json!({"act": "agree"})).unwrap();
        assert_eq!(refusals(office.decides(office.lee, approval, json!({"act": "retrieve", "task": 0}))), ["approval.next_has_acted"]);
        assert_eq!(refusals(office.decides(office.mona, approval, json!({"act": "agree", "task": 0}))), ["approval.not_asked"]);
        assert_eq!(refusals(office.decides(office.lee, approval, json!({"act": "agree", "task": 0}))), ["approval.decided"]);
    });
}

#[test]
fn whoever_keeps_it_waiting_is_urged_once_an_hour() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({}));
        let approval = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap());
        office.decides(office.kim, approval, json!({"act": "urge", "comment": "Please"})).unwrap();
        assert_eq!(refusals(office.decides(office.kim, approval, json!({"act": "urge"}))), ["approval.urged_already"]);
        // Somebody else has it now, who has not been urged.
        office.decides(office.lee, approval, json!({"act": "reassign", "to": office.sven})).unwrap();
        office.decides(office.kim, approval, json!({"act": "urge"})).unwrap();
    });
}

#[test]
fn an_administrator_intervenes_and_it_is_in_the_audit_log() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee], &[office.mona]], json!({}));
        let approval = approval_of(&office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap());
        assert_eq!(
            refusals(office.decides(office.mona, approval, json!({"act": "end", "approve": true}))),
            ["approval.administrators_only"]
        );
        let replaced = office.decides(office.ada, approval, json!({"act": "replace", "task": 0, "to": office.sven})).unwrap();
        assert_eq!(replaced["waiting_for"], json!([office.sven]));
        let jumped = office.decides(office.ada, approval, json!({"act": "jump", "node": "n1"})).unwrap();
        assert_eq!(jumped["waiting_for"], json!([office.mona]));
        let ended = office.decides(office.ada, approval, json!({"act": "end", "approve": true, "comment": "Board says so"})).unwrap();
        assert_eq!(ended["outcome"], "approved", "{ended:#}");
        let wanted = serde_json::from_value(json!({"act": "intervene"})).unwrap();
        let audit = office.read(office.ada, |cx, tx| stagecraft_core::audit::log(cx, tx, &wanted)).unwrap();
        assert_eq!(audit["items"].as_array().unwrap().len(), 3, "{audit:#}");
    });
}

#[test]
fn what_came_back_is_mended_and_submitted_again() {
    both(|database| {
        let office = Office::new(database);
        let nodes = json!([
            {"key": "start", "name": "", "does": {"type": "start", "next": "n"}},
            {"key": "n", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": office.lee}],
                "rejects": {"type": "initiator"}, "next": "approved"}},
            {"key": "approved", "name": "", "does": {"type": "approved"}},
        ]);
        office.flow("create", &[], json!({"nodes": nodes.clone()}));
        let answer = office.creates(office.kim, "opportunity", json!({"name": "Turbine"})).unwrap();
        let (deal, approval) = (id_of(&answer), approval_of(&answer));
        office.decides(office.lee, approval, json!({"act": "reject", "comment": "Which turbine?"})).unwrap();
        let back = office.approval(office.kim, approval).unwrap();
        assert_eq!((&back["state"], &back["waiting_for"]), (&json!("returned"), &json!([office.kim])));
        assert!(may(&back, "resubmit") && !may(&back, "urge"), "{back:#}");
        assert_eq!(refusals(office.decides(office.lee, approval, json!({"act": "resubmit"}))), ["approval.not_yours"]);
        office.decides(office.kim, approval, json!({"act": "resubmit", "fields": {"name": "Turbine T40"}})).unwrap();
        assert_eq!(office.reads(office.lee, "opportunity", deal).unwrap()["fields"]["name"], "Turbine T40");
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        // What is held beside a record is mended there.
        office.flow("edit", &[], json!({"fields": ["name"], "nodes": nodes}));
        let approval = approval_of(&office.edits(office.kim, "opportunity", deal, json!({"name": "Pump"})).unwrap());
        office.decides(office.lee, approval, json!({"act": "reject", "comment": "No pump"})).unwrap();
        office.decides(office.kim, approval, json!({"act": "resubmit", "fields": {"name": "Pump P2"}})).unwrap();
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["name"], "Turbine T40");
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["name"], "Pump P2");
    });
}

#[test]
fn a_hidden_field_is_in_no_answer() {
    both(|database| {
        let office = Office::new(database);
        let role = json!({"key": "blind", "name": {"en": "Blind"}, "objects": {"*": {"acts": ["read", "edit"], "fields": {}}, "opportunity": {"acts": ["read", "edit"], "fields": {"amount": "hidden", "next_step": "hidden"}}}});
        office.adds_role(&role).unwrap();
        office.edits(office.ada, "employee", office.lee, json!({"roles": ["blind"]})).unwrap();
        let nodes = json!([
            {"key": "start", "name": "", "does": {"type": "start", "next": "n"}},
            {"key": "n", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": office.lee}],
                "may_edit": ["amount", "name"], "must_fill": [], "next": "approved"}},
            {"key": "approved", "name": "", "does": {"type": "approved"}},
        ]);
        office.flow("create", &[], json!({ "nodes": nodes }));
        let fields = json!({"name": "Turbine", "amount": "7310", "next_step": "xyzzy"});
        let approval = approval_of(&office.creates(office.kim, "opportunity", fields).unwrap());
        let one = office.approval(office.lee, approval).unwrap();
        for answer in [&one, &office.approvals(office.lee, json!({}))] {
            let text = answer.to_string();
            assert!(!text.contains("7310") && !text.contains("xyzzy") && !text.contains("\"amount\""), "{answer:#}");
        }
        assert_eq!((&one["asks"]["out_of_sight"], &one["may_edit"]), (&json!(true), &json!(["name"])));
        let guess = json!({"act": "agree", "fields": {"amount": "1"}});
        assert_eq!(refusals(office.decides(office.lee, approval, guess)), ["field.unknown:amount"]);
        let own = office.approval(office.kim, approval).unwrap();
        assert!(own.to_string().contains("7310") && own["asks"]["out_of_sight"] == false);
    });
}
