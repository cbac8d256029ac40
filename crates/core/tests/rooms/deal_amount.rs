//! The deal's amount that follows its lines, or is typed: as the organisation has chosen.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, bulk, check, jobs, organisation, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::prices::{Shop, money, shown};
use crate::together::at_once;

impl Office {
    /// Sets where amounts come from, and lets the work behind it be done.
    pub fn amounts_come_from(&self, deal_amount: &str) {
        let wanted = serde_json::from_value(json!({ "deal_amount": deal_amount })).unwrap();
        self.write(self.ada, |cx, tx| organisation::update(cx, tx, &wanted)).unwrap();
        while jobs::work(&self.house).unwrap() {}
    }

    pub fn figures(&self, deal: Id) -> (String, String, String) {
        let fields = &self.reads(self.hanna, "opportunity", deal).unwrap()["fields"];
        (shown(fields, "amount"), shown(fields, "forecast_amount"), shown(fields, "lines_total"))
    }

    pub fn checks(&self) {
        assert_eq!(self.read(self.ada, check::all).unwrap()["faults"], json!([]));
    }
}

fn figures(amount: &str, forecast: &str, total: &str) -> (String, String, String) {
    (amount.into(), forecast.into(), total.into())
}

fn priced(shop: &Shop, deal: Id, price: Json) -> Id {
    id_of(&shop.line(deal, json!({"name": "Line", "price": price})).unwrap())
}

#[test]
fn the_amount_follows_the_lines_and_all_that_follows_from_it() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.figures(deal), figures("1000.00 USD", "100.00 USD", "–"));
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["amount_follows_lines"], false);
        let blank = id_of(&shop.line(deal, json!({"name": "Not priced yet"})).unwrap());
        assert_eq!(office.figures(deal), figures("1000.00 USD", "100.00 USD", "–"), "no line comes to anything");
        let line = priced(&shop, deal, json!("600"));
        assert_eq!(office.figures(deal), figures("600.00 USD", "60.00 USD", "600.00 USD"));
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["amount_follows_lines"], true);
        let slipped = office.slipped(office.kim, deal);
        assert_eq!(slipped.iter().map(|slip| slip.0.as_str()).collect::<Vec<_>>(), ["amount"], "it has lost in worth");
        // In another currency: both are converted, and the sum is in the main one.
        let euros = priced(&shop, deal, money("100", "EUR"));
        assert_eq!(office.figures(deal), figures("710.00 USD", "71.00 USD", "710.00 USD"));
        let rate = serde_json::from_value(json!({"currency": "EUR", "day": "2020-01-01", "rate": "1.2"})).unwrap();
        office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &rate)).unwrap();
        assert_eq!(office.figures(deal), figures("720.00 USD", "72.00 USD", "720.00 USD"));
        office.checks();
        // Taken away one by one; of the last the amount stays, and may be typed.
        let none = Default::default();
        let void = |id: Id| office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity_line", id, None, &none)).unwrap();
        void(line);
        assert_eq!(office.figures(deal), figures("100.00 EUR", "10.00 EUR", "100.00 EUR"));
        void(euros);
        assert_eq!(office.figures(deal), figures("100.00 EUR", "10.00 EUR", "–"));
        office.edits(office.kim, "opportunity", deal, json!({"amount": "50"})).unwrap();
        // What is restored counts again.
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "opportunity_line", line, None, &none)).unwrap();
        assert_eq!(office.figures(deal), figures("600.00 USD", "60.00 USD", "600.00 USD"));
        void(blank);
        office.checks();
    });
}

#[test]
fn nobody_types_another_amount_than_the_lines_come_to() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        priced(&shop, deal, json!("600"));
        let types = |fields: Json| office.edits(office.kim, "opportunity", deal, fields);
        assert_eq!(refusals(types(json!({"amount": "700"}))), ["amount.follows_lines:amount"]);
        assert_eq!(refusals(types(json!({"amount": null}))), ["amount.follows_lines:amount"]);
        types(json!({"amount": "600", "next_step": "Call"})).unwrap();
        let moved = office.moves(office.kim, deal, None, json!({"stage": "qualification", "fields": {"amount": "1"}}));
        assert_eq!(refusals(moved), ["amount.follows_lines:amount"]);
        let done = office.acts(office.kim, json!({"ids": [deal], "act": "edit", "fields": {"amount": "1"}}));
        assert_eq!((done["changed"].as_i64(), done["refused"].as_i64()), (Some(0), Some(1)), "{done}");
        // An amount that was typed before there were lines is not put back either.
        let other = office.deal(office.kim, "Port");
        let done = office.acts(office.kim, json!({"ids": [other], "act": "edit", "fields": {"amount": "5"}}));
        priced(&shop, other, json!("600"));
        let id = done["id"].as_str().unwrap().parse().unwrap();
        bulk::undo(&office.house, &Credential::Person(office.kim), Via::Api, id).unwrap();
        assert_eq!(office.figures(other).0, "600.00 USD");
        // What was typed goes with a like that has no lines, and not with one that has them.
        office.amounts_come_from("typed");
        types(json!({"amount": "700"})).unwrap();
        let clone = |with: Json| {
            let wanted = serde_json::from_value(json!({ "with": with })).unwrap();
            id_of(&office.write(office.kim, |cx, tx| records::clone(cx, tx, "opportunity", deal, &wanted)).unwrap())
        };
        assert_eq!(office.figures(clone(json!(["opportunity_line"]))), figures("700.00 USD", "70.00 USD", "600.00 USD"));
        office.amounts_come_from("lines");
        assert_eq!(office.figures(clone(json!(["opportunity_line"]))), figures("600.00 USD", "60.00 USD", "600.00 USD"));
        office.checks();
    });
}

#[test]
fn a_change_of_the_setting_brings_open_deals_along_and_leaves_closed_ones() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        office.amounts_come_from("typed");
        let deals: Vec<Id> = (0..3).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        for deal in &deals {
            priced(&shop, *deal, json!("600"));
        }
        assert_eq!(office.figures(deals[0]), figures("1000.00 USD", "100.00 USD", "600.00 USD"));
        office.moves(office.kim, deals[1], None, json!({"stage": "invalid"})).unwrap();
        let version = office.reads(office.kim, "opportunity", deals[0]).unwrap()["version"].clone();
        office.amounts_come_from("lines");
        assert_eq!(office.figures(deals[0]), figures("600.00 USD", "60.00 USD", "600.00 USD"));
        assert_eq!(office.reads(office.kim, "opportunity", deals[0]).unwrap()["version"], version, "nobody has edited it");
        // A closed deal stays as it is, and its amount may be mended; opened again it follows.
        assert_eq!(office.figures(deals[1]).0, "1000.00 USD");
        office.edits(office.mona, "opportunity", deals[1], json!({"amount": "900"})).unwrap();
        office.checks();
        let reopen = serde_json::from_value(json!({"reason": "back again"})).unwrap();
        office.write(office.mona, |cx, tx| stagecraft_core::processes::reopen(cx, tx, deals[1], None, &reopen)).unwrap();
        assert_eq!(office.figures(deals[1]).0, "600.00 USD");
        office.checks();
        let wrong = serde_json::from_value(json!({"deal_amount": "guessed"})).unwrap();
        let refused = office.write(office.ada, |cx, tx| organisation::update(cx, tx, &wrong));
        assert_eq!(refusals(refused), ["field.not_an_option:deal_amount"]);
    });
}

#[test]
fn deals_that_become_one_come_to_all_their_lines() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let (winner, loser) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Rail again"));
        priced(&shop, winner, json!("600"));
        priced(&shop, loser, json!("50"));
        let merge = office.merges(office.mona, "opportunity", winner, &[loser], json!({"amount": loser})).unwrap();
        assert_eq!(office.figures(winner), figures("650.00 USD", "65.00 USD", "650.00 USD"));
        office.checks();
        office.unmerges(office.mona, &merge).unwrap();
        assert_eq!(office.figures(winner).0, "600.00 USD");
        assert_eq!(office.figures(loser).0, "50.00 USD");
        assert!(
            office.slipped(office.hanna, winner).iter().all(|slip| slip.1 != json!(money("650.00", "USD"))),
            "what is taken back slips nowhere"
        );
        office.checks();
    });
}

#[test]
fn of_lines_added_at_once_all_are_in_the_amount_and_each_has_its_place() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let add = |who: Id| {
            for _ in 0..8 {
                let fields = json!({"opportunity": deal, "product": shop.probe});
                office.creates(who, "opportunity_line", fields).unwrap();
            }
        };
        // A price that is changed meanwhile is taken as it was or as it is.
        let entry = office.lists(office.ada, "price_book_entry", json!({})).unwrap();
        assert_eq!(entry.1, 3);
        at_once(|| add(office.kim), || add(office.mona));
        assert_eq!(office.figures(deal), figures("1600.00 USD", "160.00 USD", "1600.00 USD"));
        let list = serde_json::from_value(json!({"limit": 200})).unwrap();
        let lines = office.read(office.kim, |cx, tx| records::list(cx, tx, "opportunity_line", &list)).unwrap();
        let mut places: Vec<i64> =
            lines["items"].as_array().unwrap().iter().map(|line| line["fields"]["position"].as_str().unwrap().parse().unwrap()).collect();
        places.sort_unstable();
        assert_eq!(places, (1..=16).collect::<Vec<i64>>());
        office.checks();
    });
}

#[test]
fn of_one_who_types_an_amount_and_one_who_adds_the_first_line_the_line_wins() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        for round in 0..8 {
            let deal = office.deal(office.kim, &format!("Deal {round}"));
            let (typed, _) =
                at_once(|| office.edits(office.mona, "opportunity", deal, json!({"amount": "77"})), || priced(&shop, deal, json!("5")));
            assert_eq!(office.figures(deal).0, "5.00 USD", "{typed:?}");
            if typed.is_err() {
                assert_eq!(refusals(typed), ["amount.follows_lines:amount"]);
            }
        }
        office.checks();
    });
}

#[test]
fn the_administrators_rules_stand_against_an_amount_that_lines_bring() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let line = priced(&shop, deal, json!("600"));
        let rule = json!({"key": "small", "condition": {"field": "amount", "op": "gt", "value": {"amount": "1000", "currency": "USD"}},
            "message": {"en": "Only small deals."}, "field": "amount"});
        office.changes_object("opportunity", json!({ "validations": [rule] })).unwrap();
        let refused = |found: stagecraft_core::Result<Json>| assert_eq!(refusals(found), ["validation.failed:amount"]);
        refused(shop.line(deal, json!({"name": "Too much", "price": "401"})));
        refused(office.edits(office.kim, "opportunity_line", line, json!({"quantity": "2"})));
        let many = serde_json::from_value(json!({"ids": [line], "act": "edit", "fields": {"price": "2000"}})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.kim), Via::Api, "opportunity_line", &many).unwrap();
        assert_eq!((done["changed"].as_i64(), done["refused"].as_i64()), (Some(0), Some(1)), "{done}");
        assert_eq!(office.figures(deal).0, "600.00 USD");
        let second = priced(&shop, deal, json!("400"));
        assert_eq!(office.figures(deal).0, "1000.00 USD");
        // What broke the rule before it was made may be put right step by step.
        let rule = json!({"key": "small", "condition": {"field": "amount", "op": "gt", "value": {"amount": "500", "currency": "USD"}},
            "message": {"en": "Only small deals."}, "field": "amount"});
        office.changes_object("opportunity", json!({ "validations": [rule] })).unwrap();
        office.edits(office.kim, "opportunity_line", second, json!({"price": "300"})).unwrap();
        office.edits(office.kim, "opportunity_line", line, json!({"price": "200"})).unwrap();
        assert_eq!(office.figures(deal).0, "500.00 USD");
        refused(office.edits(office.kim, "opportunity_line", line, json!({"price": "201"})));
        office.checks();
    });
}
