//! The ledger of slips: every push, cut and step back, whatever way it came, and nothing else.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::processes::slips::{self, SlipsRequest};
use stagecraft_core::save::{Change, Deed, save};
use stagecraft_core::{Credential, Error, Result, bulk, jobs};
use testkit::both;

use crate::office::{Office, refusals};
use crate::together::at_once;

impl Office {
    pub fn slips(&self, who: Id, deal: Id, query: Json) -> Result<Json> {
        let wanted: SlipsRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| slips::list(cx, tx, deal, &wanted))
    }

    /// Kind, old, new and reason of each, newest first.
    pub fn slipped(&self, who: Id, deal: Id) -> Vec<(String, Json, Json, Option<String>)> {
        let told = self.slips(who, deal, json!({})).unwrap();
        let one = |slip: &Json| {
            (
                slip["kind"].as_str().unwrap().to_owned(),
                slip["old"].clone(),
                slip["new"].clone(),
                slip["reason"].as_str().map(str::to_owned),
            )
        };
        told["items"].as_array().unwrap().iter().map(one).collect()
    }

    fn explains(&self, who: Id, deal: Id, slip: &Json, reason: &str) -> Result<Json> {
        let slip: Id = slip["id"].as_str().unwrap().parse().unwrap();
        let wanted = serde_json::from_value(json!({"reason": reason})).unwrap();
        self.write(who, |cx, tx| slips::explain(cx, tx, deal, slip, &wanted))
    }
}

#[test]
fn pushes_cuts_and_steps_back_are_kept_by_every_way() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        let deal = office.deal(kim, "Rail");
        let dated = |day: &str| office.edits(kim, "opportunity", deal, json!({"expected_close_date": day})).unwrap();
        dated("2026-12-01");
        dated("2026-11-30");
        office.edits(kim, "opportunity", deal, json!({"amount": "2000"})).unwrap();
        assert!(office.slipped(kim, deal).is_empty(), "sooner and more is no slip");
        // By an edit with its reason, together with a cut.
        let wanted =
            serde_json::from_value(json!({"fields": {"expected_close_date": "2026-12-15", "amount": "1500"}, "reason": "Budget"})).unwrap();
        office.write(kim, |cx, tx| stagecraft_core::records::update(cx, tx, "opportunity", deal, None, &wanted)).unwrap();
        let money = |amount: &str| json!({"amount": amount, "currency": "USD"});
        let why = || Some("Budget".to_owned());
        let mut found = office.slipped(kim, deal);
        found.sort_by_key(|slip| slip.0.clone());
        assert_eq!(
            found,
            [
                ("amount".to_owned(), money("2000.00"), money("1500.00"), why()),
                ("close_date".to_owned(), json!("2026-11-30"), json!("2026-12-15"), why()),
            ]
        );
        // With a move, and by stepping back.
        office.moves(kim, deal, None, json!({"stage": "qualification", "fields": {"expected_close_date": "2027-01-15"}})).unwrap();
        office.moves(kim, deal, None, json!({"stage": "prospecting", "reason": "They start over"})).unwrap();
        assert_eq!(
            office.slipped(kim, deal)[0],
            ("stage".into(), "qualification".into(), "prospecting".into(), Some("They start over".into()))
        );
        // In bulk.
        let all: bulk::Bulk = serde_json::from_value(
            json!({"ids": [deal], "act": "edit", "fields": {"expected_close_date": "2027-02-14"}, "reason": "All of them"}),
        )
        .unwrap();
        bulk::begin(&office.house, &Credential::Person(office.mona), Via::Api, "opportunity", &all).unwrap();
        while jobs::work(&office.house).unwrap() {}
        assert_eq!(office.slipped(kim, deal)[0].3.as_deref(), Some("All of them"));
        // Emptied: for how long is not known.
        office.edits(kim, "opportunity", deal, json!({"expected_close_date": null})).unwrap();
        let told = office.slips(kim, deal, json!({"limit": 2})).unwrap();
        assert_eq!((&told["items"][0]["new"], &told["items"][0]["days"]), (&Json::Null, &Json::Null));
        assert_eq!(told["counts"], json!({"close_date": 4, "amount": 1, "stage": 1}));
        assert_eq!(told["days"], 15 + 31 + 30);
        let next = office.slips(kim, deal, json!({"cursor": told["next_cursor"]})).unwrap();
        assert_eq!((next["items"].as_array().unwrap().len(), &next["next_cursor"]), (4, &Json::Null));
        // A closing says how it ended.
        dated("2027-03-01");
        let close = json!({"stage": "lost", "fields": {"lost_reason": "price", "amount": "1", "expected_close_date": "2028-01-01"}});
        office.moves(kim, deal, None, close).unwrap();
        assert_eq!(office.slips(kim, deal, json!({})).unwrap()["items"].as_array().unwrap().len(), 6);
    });
}

#[test]
fn what_is_refused_or_only_asked_slips_nothing() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let wanted = serde_json::from_value(json!({"fields": {"amount": "1"}, "dry_run": true})).unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::records::update(cx, tx, "opportunity", deal, None, &wanted)).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"amount": "1", "sales_process": "x"})).unwrap_err();
        office.edits_version(office.kim, "opportunity", deal, Some(9), json!({"amount": "1"})).unwrap_err();
        assert!(office.slipped(office.kim, deal).is_empty());
    });
}

#[test]
fn what_takes_a_change_back_takes_its_slips_along() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let gives = |amount: &str, takes_back: bool| {
            let mut change = Change { takes_back, ..Change::of("opportunity", deal, Deed::Edit) };
            let money = model::Money { amount: model::Amount::parse(amount).unwrap(), currency: "USD".parse().unwrap() };
            change.patch.insert("amount".into(), money.into());
            office.write(office.kim, |cx, tx| save(cx, tx, change.clone())).unwrap();
        };
        gives("900", false);
        gives("800", false);
        gives("900", true);
        assert_eq!(office.slipped(office.kim, deal).len(), 1, "the first is kept");
        // And one that had raised it lets nothing slip.
        gives("2000", false);
        gives("900", true);
        assert_eq!(office.slipped(office.kim, deal).len(), 1);
    });
}

#[test]
fn a_slip_is_explained_once_by_whoever_may_edit() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, lee, ines, .. } = office;
        let deal = office.deal(kim, "Rail");
        office.edits(kim, "opportunity", deal, json!({"amount": "1"})).unwrap();
        let told = office.slips(kim, deal, json!({})).unwrap();
        let slip = &told["items"][0];
        assert_eq!(told["can"], json!(["explain"]));
        assert_eq!(office.slips(ines, deal, json!({})).unwrap()["can"], json!([]));
        assert!(matches!(office.slips(lee, deal, json!({})), Err(Error::NotFound)));
        assert!(matches!(office.explains(lee, deal, slip, "x"), Err(Error::NotFound)));
        assert!(matches!(office.explains(ines, deal, slip, "x"), Err(Error::Forbidden { .. })));
        assert_eq!(refusals(office.explains(kim, deal, slip, "  ")), ["field.required:reason"]);
        let other = office.deal(kim, "Port");
        assert!(matches!(office.explains(kim, other, slip, "x"), Err(Error::NotFound)), "it is the other deal's");
        let (a, b) = at_once(|| office.explains(kim, deal, slip, "Budget"), || office.explains(mona, deal, slip, "Budget"));
        assert!(a.is_ok() != b.is_ok());
        let refused = if a.is_ok() { b } else { a };
        assert_eq!(refusals(refused), ["slip.reason_given:reason"]);
        assert_eq!(office.slipped(kim, deal)[0].3.as_deref(), Some("Budget"));
    });
}

#[test]
fn slips_of_fields_out_of_sight_are_not_there() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, .. } = office;
        let deal = office.deal(kim, "Rail");
        office.edits(kim, "opportunity", deal, json!({"amount": "1", "expected_close_date": "2026-12-01"})).unwrap();
        office.edits(kim, "opportunity", deal, json!({"expected_close_date": "2026-12-02"})).unwrap();
        office.hides("salesperson", "opportunity", &[("amount", "hidden")]);
        assert_eq!(office.slips(mona, deal, json!({})).unwrap()["items"].as_array().unwrap().len(), 2);
        let told = office.slips(kim, deal, json!({})).unwrap();
        assert_eq!((told["items"].as_array().unwrap().len(), &told["counts"]["amount"]), (1, &json!(0)));
        assert!(!told.to_string().contains("1000"));
        // A deal that is deleted for good leaves none behind.
        office.edits(office.mona, "opportunity", deal, json!({"next_step": "x"})).unwrap();
        office.write(office.mona, |cx, tx| save(cx, tx, Change::of("opportunity", deal, Deed::Void))).unwrap();
        office
            .write(office.ada, |cx, tx| stagecraft_core::records::delete_for_good(cx, tx, "opportunity", deal, None, &Default::default()))
            .unwrap();
        let select = sea_query::Query::select().column("id").from("slip").to_owned();
        assert!(office.read(office.ada, |_, tx| Ok(tx.all(&select)?)).unwrap().is_empty());
    });
}
