//! Locks, on every way to a record and to what lives in it.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Result, bulk, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    pub fn locks(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::lock(cx, tx, object, id, None, &Default::default()))
    }

    pub fn unlocks(&self, who: Id, object: &str, id: Id) -> Result<Json> {
        self.write(who, |cx, tx| records::unlock(cx, tx, object, id, None, &Default::default()))
    }

    pub fn bulk(&self, who: Id, object: &str, body: Json) -> Json {
        let wanted: bulk::Bulk = serde_json::from_value(body).unwrap();
        bulk::begin(&self.house, &Credential::Person(who), Via::Api, object, &wanted).unwrap()
    }

    /// A line of a deal.
    pub fn line(&self, who: Id, deal: Id, price: &str) -> Result<Id> {
        self.creates(who, "opportunity_line", json!({"opportunity": deal, "name": "Line", "price": price})).map(|answer| id_of(&answer))
    }
}

#[test]
fn a_locked_deal_stands_still_on_every_way_and_so_do_its_lines() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let line = office.line(office.kim, deal, "10").unwrap();
        let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Cara"})).unwrap());
        let role = json!({"opportunity": deal, "contact": contact, "role": "user"});
        assert!(matches!(office.locks(office.kim, "opportunity", deal), Err(Error::Forbidden { .. })), "his role has no such act");
        office.locks(office.ada, "opportunity", deal).unwrap();

        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        assert_eq!(shown["fields"]["locked"], true);
        assert_eq!((&shown["lock"]["by"], &shown["lock"]["record"]), (&json!(office.ada.to_string()), &json!(deal.to_string())));
        assert_eq!(shown["refs"][office.ada.to_string()]["name"], "Ada");
        let cannot: Vec<&str> = shown["cannot"].as_array().unwrap().iter().map(|one| one["act"].as_str().unwrap()).collect();
        assert_eq!(cannot, ["edit", "team", "void"]);
        assert!(!shown["can"].as_array().unwrap().contains(&json!("edit")));
        let of_line = office.reads(office.kim, "opportunity_line", line).unwrap();
        assert_eq!((&of_line["lock"]["record"], of_line["fields"]["locked"].clone()), (&json!(deal.to_string()), json!(false)));
        assert!(!of_line["can"].as_array().unwrap().contains(&json!("edit")));

        let none = records::Reason::default();
        let give = serde_json::from_value(json!({"owner": office.karl})).unwrap();
        let held = ["record.locked"];
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"next_step": "x"}))), held);
        assert_eq!(refusals(office.moves(office.kim, deal, None, json!({"stage": "qualification"}))), ["stage.locked:stage"]);
        assert_eq!(refusals(office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &none))), held);
        assert_eq!(refusals(office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &give))), held);
        assert_eq!(refusals(office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &[]))), held);
        let parent = ["record.locked:opportunity"];
        assert_eq!(refusals(office.line(office.kim, deal, "5")), parent);
        assert_eq!(refusals(office.edits(office.kim, "opportunity_line", line, json!({"quantity": "2"}))), parent);
        assert_eq!(refusals(office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity_line", line, None, &none))), parent);
        assert_eq!(refusals(office.creates(office.kim, "contact_role", role.clone())), parent);
        let done = office.bulk(office.kim, "opportunity", json!({"ids": [deal], "act": "edit", "fields": {"next_step": "x"}}));
        assert_eq!((&done["refused"], &done["results"][0]["violations"][0]["code"]), (&json!(1), &json!("record.locked")));
        let done = office.bulk(office.kim, "opportunity_line", json!({"ids": [line], "act": "void"}));
        assert_eq!(done["results"][0]["violations"][0]["code"], "record.locked");

        // Whoever may unlock may go on.
        office.edits(office.ada, "opportunity", deal, json!({"next_step": "y"})).unwrap();
        office.edits(office.ada, "opportunity_line", line, json!({"quantity": "3"})).unwrap();
        let again = office.locks(office.ada, "opportunity", deal).unwrap();
        assert_eq!(again["changed"], false);
        office.unlocks(office.ada, "opportunity", deal).unwrap();
        office.line(office.kim, deal, "5").unwrap();
        office.creates(office.kim, "contact_role", role).unwrap();
        let shown = office.edits(office.kim, "opportunity", deal, json!({"next_step": "z"})).unwrap();
        assert_eq!((shown["record"]["lock"].clone(), shown["record"]["cannot"].clone()), (Json::Null, json!([])));
        let history = office.read(office.kim, |cx, tx| records::history(cx, tx, "opportunity", deal, &Default::default())).unwrap();
        let acts: Vec<&str> = history["items"].as_array().unwrap().iter().map(|item| item["act"].as_str().unwrap()).collect();
        assert!(acts.contains(&"lock") && acts.contains(&"unlock"), "{acts:?}");
    });
}

#[test]
fn many_are_locked_at_once_and_that_is_taken_back() {
    both(|database| {
        let office = Office::new(database);
        let deals: Vec<Id> = (0..3).map(|n| office.deal(office.kim, &format!("Rail {n}"))).collect();
        office.locks(office.ada, "opportunity", deals[0]).unwrap();
        let done = office.bulk(office.ada, "opportunity", json!({"ids": deals, "act": "lock"}));
        assert_eq!((&done["changed"], &done["unchanged"], &done["refused"]), (&json!(2), &json!(1), &json!(0)));
        let id: Id = done["id"].as_str().unwrap().parse().unwrap();
        bulk::undo(&office.house, &Credential::Person(office.ada), Via::Api, id).unwrap();
        let locked: Vec<bool> =
            deals.iter().map(|deal| office.reads(office.kim, "opportunity", *deal).unwrap()["fields"]["locked"] == true).collect();
        assert_eq!(locked, [true, false, false]);
    });
}

#[test]
fn a_line_goes_in_before_the_lock_or_not_at_all() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..8 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let (locked, line) = at_once(|| office.locks(office.ada, "opportunity", deal), || office.line(office.kim, deal, "10"));
            let at = |answer: &Json| answer["record"]["fields"]["updated_at"].as_str().unwrap().to_owned();
            let locked = locked.unwrap();
            match line {
                // The deal's row is the mutex of its lines: the lock came after, and the sum was there already.
                Ok(_) => assert_eq!(locked["record"]["fields"]["lines_total"]["amount"], "10.00", "locked at {}", at(&locked)),
                Err(refused) => assert_eq!(refusals::<()>(Err(refused)), ["record.locked:opportunity"]),
            }
        }
    });
}
