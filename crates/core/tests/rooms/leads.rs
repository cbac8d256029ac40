//! Leads: who sees those that nobody has, and what becomes of their status.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, leads, records, seeing};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// A lead that nobody has.
    pub fn open_lead(&self, name: &str) -> Id {
        self.system("lead", json!({"name": name, "company": "Lindental", "email": "info@lindental.example"}))
    }

    pub fn assigns(&self, who: Id, lead: Id, to: Id) -> Result<Json> {
        let wanted = serde_json::from_value(json!({ "owner": to })).unwrap();
        self.write(who, |cx, tx| leads::assign(cx, tx, "lead", lead, None, &wanted))
    }

    pub fn marks_invalid(&self, who: Id, lead: Id, why: &str) -> Result<Json> {
        let wanted = serde_json::from_value(json!({"invalid_reason": why, "reason": "Asked twice"})).unwrap();
        self.write(who, |cx, tx| leads::mark_invalid(cx, tx, lead, None, &wanted))
    }

    pub fn takes_up(&self, who: Id, lead: Id) -> Result<Json> {
        self.write(who, |cx, tx| leads::take_up(cx, tx, lead, None, &leads::TakeUp::default()))
    }

    fn lead_status(&self, lead: Id) -> String {
        self.reads(self.ada, "lead", lead).unwrap()["fields"]["lead_status"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_lead_that_nobody_has_is_seen_by_those_who_assign() {
    both(|database| {
        let office = Office::new(database);
        let lead = office.open_lead("Anna");
        assert_eq!(office.lead_status(lead), "unassigned");
        for who in [office.mona, office.sven, office.hanna, office.ada, office.ines] {
            assert!(office.reads(who, "lead", lead).is_ok());
            assert_eq!(office.lists(who, "lead", json!({})).unwrap().1, 1);
        }
        for who in [office.kim, office.lee] {
            assert!(matches!(office.reads(who, "lead", lead), Err(Error::NotFound)));
            assert_eq!(office.lists(who, "lead", json!({})).unwrap().1, 0);
            assert!(matches!(office.assigns(who, lead, who), Err(Error::NotFound)));
            assert!(matches!(office.edits(who, "lead", lead, json!({"name": "Mine"})), Err(Error::NotFound)));
        }
        // An auditor reads it and does nothing with it.
        assert!(matches!(office.assigns(office.ines, lead, office.kim), Err(Error::Forbidden { .. })));
        // Those who see it may change it, and are told why they see it.
        office.edits(office.sven, "lead", lead, json!({"city": "Bamberg"})).unwrap();
        let why = office.read(office.ada, |cx, tx| seeing::one(cx, tx, "lead", lead, office.mona)).unwrap();
        assert_eq!((why["reasons"][0]["why"].as_str(), why["level"].as_str()), (Some("ownerless"), Some("read_write")));
        let shown = office.reads(office.mona, "lead", lead).unwrap();
        let can: Vec<&str> = shown["can"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert!(can.contains(&"assign") && can.contains(&"convert") && !can.contains(&"change_owner"), "{can:?}");

        // Once somebody has it, it is private like any other.
        office.assigns(office.mona, lead, office.kim).unwrap();
        assert_eq!(office.lead_status(lead), "pending");
        assert!(office.reads(office.kim, "lead", lead).is_ok());
        assert!(office.reads(office.mona, "lead", lead).is_ok(), "Kim's manager");
        assert!(matches!(office.reads(office.sven, "lead", lead), Err(Error::NotFound)));
        let again = office.assigns(office.mona, lead, office.karl);
        assert_eq!(refusals(again), ["owner.use_change_owner:owner"]);
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn a_lead_of_a_salesperson_is_his_own_unless_he_leaves_it_open() {
    both(|database| {
        let office = Office::new(database);
        let own = id_of(&office.creates(office.kim, "lead", json!({"name": "Anna"})).unwrap());
        let fields = office.reads(office.kim, "lead", own).unwrap()["fields"].clone();
        assert_eq!((fields["owner"].as_str(), fields["lead_status"].as_str()), (Some(office.kim.to_string().as_str()), Some("pending")));
        let given = office.creates(office.kim, "lead", json!({"name": "Bruno", "owner": office.lee}));
        assert_eq!(refusals(given), ["field.no_access:owner"]);
        // He does not see any more what he leaves open: the answer says that it is saved.
        let open = office.creates(office.kim, "lead", json!({"name": "Clara", "owner": null})).unwrap();
        assert_eq!((open["result"].as_str(), &open["record"]), (Some("saved"), &Json::Null));
        assert_eq!(office.lists(office.mona, "lead", json!({"filter": r#"{"field": "owner", "op": "is_empty"}"#})).unwrap().0, ["Clara"]);
        // Of objects that always have owners whoever makes one has it.
        let contact = office.creates(office.kim, "contact", json!({"name": "Dora", "owner": null}));
        assert_eq!(refusals(contact), ["field.no_access:owner"]);
    });
}

#[test]
fn nobody_hands_over_what_nobody_has() {
    both(|database| {
        let office = Office::new(database);
        let lead = office.open_lead("Anna");
        let wanted = serde_json::from_value(json!({"owner": office.kim})).unwrap();
        let given = office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "lead", lead, None, &wanted));
        assert_eq!(refusals(given), ["owner.use_assign:owner"]);
        office.edits(office.ada, "employee", office.karl, json!({"active": false})).unwrap();
        assert_eq!(refusals(office.assigns(office.mona, lead, office.karl)), ["owner.not_active:owner"]);
        // What somebody has is not assigned, and what always has an owner never.
        let deal = office.deal(office.kim, "Rail");
        let wanted = serde_json::from_value(json!({"owner": office.kim})).unwrap();
        let assigned = office.write(office.ada, |cx, tx| leads::assign(cx, tx, "opportunity", deal, None, &wanted));
        assert_eq!(refusals(assigned), ["owner.use_change_owner:owner"]);
        let contact = office.system("contact", json!({"name": "Anna"}));
        let assigned = office.write(office.ada, |cx, tx| leads::assign(cx, tx, "contact", contact, None, &wanted));
        assert!(matches!(assigned, Err(Error::NotFound)));
    });
}

#[test]
fn the_status_is_the_products_and_an_end_needs_a_reason() {
    both(|database| {
        let office = Office::new(database);
        let lead = id_of(&office.creates(office.kim, "lead", json!({"name": "Anna"})).unwrap());
        for field in ["lead_status", "invalid_reason", "last_followed_at", "account", "converted_at"] {
            let value = if field == "account" { json!(office.system("account", json!({"name": field}))) } else { json!("other") };
            let value = if field.ends_with("_at") { json!("2026-01-01T00:00:00Z") } else { value };
            let value = if field == "lead_status" { json!("following") } else { value };
            assert_eq!(refusals(office.edits(office.kim, "lead", lead, json!({ field: value }))), [format!("field.read_only:{field}")]);
        }
        assert_eq!(refusals(office.marks_invalid(office.kim, lead, "")), ["field.required:invalid_reason"]);
        assert_eq!(refusals(office.marks_invalid(office.kim, lead, "bored")), ["field.not_an_option:invalid_reason"]);
        assert_eq!(refusals(office.takes_up(office.kim, lead)), ["lead.not_invalid"]);
        office.marks_invalid(office.kim, lead, "no_interest").unwrap();
        let fields = office.reads(office.kim, "lead", lead).unwrap()["fields"].clone();
        assert_eq!((fields["lead_status"].as_str(), fields["invalid_reason"].as_str()), (Some("invalid"), Some("no_interest")));
        let wanted = serde_json::from_value(json!({})).unwrap();
        let history = office.read(office.kim, |cx, tx| records::history(cx, tx, "lead", lead, &wanted)).unwrap();
        assert_eq!(
            (history["items"][0]["act"].as_str(), history["items"][0]["reason"].as_str()),
            (Some("mark_invalid"), Some("Asked twice"))
        );
        office.takes_up(office.kim, lead).unwrap();
        let fields = office.reads(office.kim, "lead", lead).unwrap()["fields"].clone();
        assert_eq!((fields["lead_status"].as_str(), &fields["invalid_reason"]), (Some("pending"), &Json::Null));
    });
}

#[test]
fn an_invalid_lead_that_nobody_has_is_not_given_to_anybody() {
    both(|database| {
        let office = Office::new(database);
        let lead = office.open_lead("Anna");
        office.marks_invalid(office.mona, lead, "spam").unwrap();
        assert_eq!(refusals(office.assigns(office.mona, lead, office.kim)), ["lead.invalid"]);
        assert!(matches!(office.marks_invalid(office.kim, lead, "spam"), Err(Error::NotFound)));
        office.takes_up(office.mona, lead).unwrap();
        assert_eq!(office.lead_status(lead), "unassigned");
        office.assigns(office.mona, lead, office.kim).unwrap();
    });
}

#[test]
fn the_product_notes_the_first_follow_up() {
    both(|database| {
        let office = Office::new(database);
        let lead = id_of(&office.creates(office.kim, "lead", json!({"name": "Anna"})).unwrap());
        office.did(office.kim, "lead", lead, json!({"name": "Rang her"}));
        assert_eq!(office.lead_status(lead), "following");
    });
}
