//! Currencies: dated rates that are set, mended and taken away, and those in which amounts are entered.

use db::Limits;
use model::{Amount, Id, Money, Record, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Result, audit, check, organisation};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    pub fn many_rates(&self, rates: &Json) -> Result<Json> {
        let wanted = serde_json::from_value(json!({ "rates": rates })).unwrap();
        self.write(self.ada, |cx, tx| organisation::add_rates(cx, tx, &wanted))
    }

    fn without_rate(&self, currency: &str, day: &str) -> Result<()> {
        self.write(self.ada, |cx, tx| organisation::remove_rate(cx, tx, currency, day))
    }

    fn in_main(&self) -> Json {
        let wanted = serde_json::from_value(json!({"limit": 0})).unwrap();
        self.read(self.hanna, |cx, tx| stagecraft_core::processes::board(cx, tx, &wanted)).unwrap()["columns"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|column| column["count"] != 0)
            .map(|column| json!([column["stage"], column["amount_main"]]))
            .collect()
    }
}

fn rate(currency: &str, day: &str, rate: &str) -> Json {
    json!({"currency": currency, "day": day, "rate": rate})
}

#[test]
fn a_wrong_rate_is_mended_or_taken_away_and_open_amounts_follow() {
    both(|database| {
        let office = Office::new(database);
        let set =
            office.many_rates(&json!([rate("EUR", "2026-01-01", "1.1"), rate("GBP", "2026-01-01", "1.3"), rate("EUR", "2026-01-03", "2")]));
        assert_eq!(set.unwrap()["count"], 3);
        let deal = |amount: &str| {
            id_of(
                &office
                    .creates(office.kim, "opportunity", json!({"name": "Rail", "amount": {"amount": amount, "currency": "EUR"}}))
                    .unwrap(),
            )
        };
        deal("100");
        let won = deal("1000");
        for stage in ["qualification", "proposal", "negotiation", "won"] {
            let fields = json!({"expected_close_date": "2026-03-01"});
            office.moves(office.kim, won, None, json!({"stage": stage, "fields": fields, "reason": "so it came"})).unwrap();
        }
        assert_eq!(office.in_main(), json!([["prospecting", "200.00"], ["won", "2000.00"]]));
        // What is closed keeps its rate, and says at which it was closed.
        assert_eq!(office.reads(office.kim, "opportunity", won).unwrap()["fields"]["main_rate"], "2");
        office.without_rate("EUR", "2026-01-03").unwrap();
        assert_eq!(office.in_main(), json!([["prospecting", "110.00"], ["won", "2000.00"]]));
        office.many_rates(&json!([rate("EUR", "2026-01-01", "1.2")])).unwrap();
        assert_eq!(office.in_main(), json!([["prospecting", "120.00"], ["won", "2000.00"]]));
        // None is left without a rate that has amounts; one that has none may go.
        assert_eq!(refusals(office.without_rate("EUR", "2026-01-01")), ["rate.last_in_use"]);
        office.without_rate("GBP", "2026-01-01").unwrap();
        for (currency, day) in [("GBP", "2026-01-01"), ("EUR", "2026-02-30"), ("???", "2026-01-01")] {
            assert!(matches!(office.without_rate(currency, day), Err(Error::NotFound)));
        }
        // All or none, each by its place.
        let wrong = json!([rate("EUR", "2026-02-01", "1"), rate("USD", "2026-02-01", "1"), rate("EUR", "soon", "0")]);
        assert_eq!(
            refusals(office.many_rates(&wrong)),
            ["field.invalid:rates/1/currency", "field.invalid:rates/2/day", "field.invalid:rates/2/rate"]
        );
        assert_eq!(office.in_main(), json!([["prospecting", "120.00"], ["won", "2000.00"]]));
        // The trace has the rate that stood before.
        let wanted = serde_json::from_value(json!({"kind": "currency_rate"})).unwrap();
        let log = office.read(office.ada, |cx, tx| audit::log(cx, tx, &wanted)).unwrap();
        let acts: Vec<&str> = log["items"].as_array().unwrap().iter().map(|item| item["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["delete", "edit", "delete", "create", "create", "create"]);
        assert!(log["items"][1]["detail"].to_string().contains("1.1"), "{}", log["items"][1]["detail"]);
        let denied = office.write(office.mona, |cx, tx| organisation::remove_rate(cx, tx, "EUR", "2026-01-01"));
        assert!(matches!(denied, Err(Error::Forbidden { .. })));
        assert_eq!(office.read(office.ada, check::all).unwrap()["faults"], json!([]));
    });
}

#[test]
fn amounts_come_to_be_in_active_currencies_alone_and_others_stay() {
    both(|database| {
        let office = Office::new(database);
        office.many_rates(&json!([rate("EUR", "2026-01-01", "1.1"), rate("GBP", "2026-01-01", "1.3")])).unwrap();
        let amount = |amount: &str, currency: &str| json!({"amount": {"amount": amount, "currency": currency}});
        let with = |fields: &Json| office.creates(office.kim, "opportunity", json!({"name": "Rail", "amount": fields["amount"]}));
        let pounds = id_of(&with(&amount("5", "GBP")).unwrap());
        let activate = |codes: &Json| {
            let wanted = serde_json::from_value(json!({ "currencies": codes })).unwrap();
            office.write(office.ada, |cx, tx| organisation::update(cx, tx, &wanted))
        };
        assert_eq!(refusals(activate(&json!(["EUR", "Euro"]))), ["field.invalid:currencies/1"]);
        assert_eq!(activate(&json!(["EUR"])).unwrap()["currencies"], json!(["EUR", "USD"]));
        assert_eq!(refusals(with(&amount("5", "GBP"))), ["money.currency_not_active:amount"]);
        with(&amount("5", "EUR")).unwrap();
        with(&amount("5", "USD")).unwrap();
        // What stands in it may change, and cannot come back once it has gone.
        office.edits(office.kim, "opportunity", pounds, amount("6", "GBP")).unwrap();
        office.edits(office.kim, "opportunity", pounds, amount("6", "EUR")).unwrap();
        assert_eq!(refusals(office.edits(office.kim, "opportunity", pounds, amount("6", "GBP"))), ["money.currency_not_active:amount"]);
        activate(&json!([])).unwrap();
        office.edits(office.kim, "opportunity", pounds, amount("6", "GBP")).unwrap();
    });
}

#[test]
fn very_many_open_amounts_are_converted_behind_the_rate() {
    const DEALS: usize = 5_010;
    both(|database| {
        let office = Office::new(database);
        office.many_rates(&json!([rate("EUR", "2020-01-01", "1")])).unwrap();
        let system = Credential::System("many deals");
        let deals: Vec<Id> = office
            .house
            .write(&system, Limits::default(), Via::System, |cx, tx| {
                let object = cx.meta.schema.object("opportunity").unwrap();
                let deal = |n: usize| {
                    let mut deal = Record::new(&object.key, cx.new_id());
                    deal.set("name", format!("Rail {n}"));
                    deal.set("owner", office.kim);
                    deal.set("stage", "prospecting");
                    deal.set("stage_type", "in_progress");
                    deal.set("sales_process", cx.meta.processes[0].id.to_string());
                    deal.set("lifecycle_status", "normal");
                    deal.set("amount", Money { amount: Amount((1 + n as i64) * 10_000), currency: "EUR".parse().unwrap() });
                    deal.mains.insert("amount".into(), Amount((1 + n as i64) * 10_000));
                    deal
                };
                let deals: Vec<Record> = (0..DEALS).map(deal).collect();
                db::records::insert(tx, object, &deals)?;
                Ok(deals.iter().map(|deal| deal.id).collect())
            })
            .unwrap();
        let off = |factor: i64| {
            let all = office
                .house
                .read(&system, Limits::default(), |cx, tx| {
                    let object = cx.meta.schema.object("opportunity").unwrap();
                    Ok(db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &deals)?)
                })
                .unwrap();
            all.iter().filter(|deal| deal.mains["amount"].0 != deal.get("amount").as_money().unwrap().amount.0 * factor).count()
        };
        let converting = || office.read(office.ada, |_, tx| organisation::rates(tx)).unwrap()["converting"].clone();
        let settle = || organisation::settle_rates(&office.house).unwrap();
        assert_eq!((settle(), converting()), (0, json!([])));
        let today = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap().to_string();
        office.many_rates(&json!([rate("EUR", &today, "2")])).unwrap();
        assert_eq!((converting(), off(1)), (json!(["EUR"]), 0));
        // Whatever is saved meanwhile has the new rate.
        let edit = json!({"fields": {"amount": {"amount": "7", "currency": "EUR"}}});
        let edit = serde_json::from_value(edit).unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::records::update(cx, tx, "opportunity", deals[0], None, &edit)).unwrap();
        assert_eq!(off(1), 1);
        assert_eq!((settle() as usize, off(2), converting()), (DEALS - 1, 0, json!([])));
        assert_eq!(settle(), 0);
        // A rate that is set while others are converted waits for itself.
        office.many_rates(&json!([rate("EUR", &today, "3")])).unwrap();
        std::thread::scope(|threads| {
            let settled = [threads.spawn(settle), threads.spawn(settle)];
            office.many_rates(&json!([rate("EUR", &today, "4")])).unwrap();
            settled.into_iter().for_each(|settled| assert!(settled.join().unwrap() <= 2 * DEALS as u64));
        });
        settle();
        assert_eq!((off(4), converting()), (0, json!([])));
        office.without_rate("EUR", &today).unwrap();
        assert_eq!((converting(), off(4)), (json!(["EUR"]), 0));
        // The one that was saved has its forecast and analysis amounts besides.
        assert_eq!((settle() as usize, off(1), converting()), (DEALS + 2, 0, json!([])));
        // What begins on a coming day waits for that day.
        let tomorrow = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap().tomorrow().unwrap().to_string();
        office.many_rates(&json!([rate("EUR", &tomorrow, "5")])).unwrap();
        office.without_rate("EUR", &tomorrow).unwrap();
        assert_eq!((settle(), off(1), converting()), (0, 0, json!([])));
        assert_eq!(refusals(office.without_rate("EUR", "2020-01-01")), ["rate.last_in_use"]);
    });
}
