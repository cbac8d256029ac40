//! Webhooks are told everything that concerns them, once, in the order in which it happened to each record, and nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use model::{Id, Violation};
use serde_json::{Value as Json, json};
use stagecraft_core::webhooks::{self, Outcome, Pace, Sending};
use stagecraft_core::{Error, House, Result, events, housekeeping, idempotency, notices, objects, people, records};
use testkit::{Database, both};

use crate::office::{Office, refusals};

impl Office {
    /// Makes a webhook as Ada; its id.
    pub fn hooks(&self, subscriptions: Json) -> Id {
        let made = self.saves_hook(self.ada, None, None, hook(subscriptions)).unwrap();
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        made["id"].as_str().unwrap().parse().unwrap()
    }

    fn saves_hook(&self, who: Id, id: Option<Id>, seen: Option<i64>, wanted: Json) -> Result<Json> {
        let wanted = serde_json::from_value(wanted).unwrap();
        self.write(who, |cx, tx| webhooks::save(cx, tx, id, seen, &wanted, Vec::new()))
    }

    fn hook(&self, id: Id) -> Json {
        self.read(self.ada, |cx, tx| webhooks::one(cx, tx, id)).unwrap()
    }

    fn waiting(&self, id: Id) -> i64 {
        self.hook(id)["waiting"].as_i64().unwrap()
    }

    /// Goes through the outbox until so much waits. A transaction anywhere on the PostgreSQL server holds its horizon, so one waits for it.
    fn plans(&self, id: Id, waiting: i64) {
        for _ in 0..3_000 {
            while webhooks::plan(&self.house).unwrap() {}
            if self.waiting(id) >= waiting {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(self.waiting(id), waiting);
    }

    /// Waits until what happened to a record lies before the horizon.
    fn can_be_heard(&self, record: Id) {
        for _ in 0..3_000 {
            let (found, _) = self.read(self.ada, |_, tx| events::after(tx, &Default::default(), 10_000)).unwrap();
            if found.iter().any(|(_, event)| event.record == record) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it never came before the horizon");
    }

    fn claims(&self) -> Vec<Sending> {
        webhooks::claim(&self.house, 100, &BTreeMap::new()).unwrap()
    }

    fn finishes(&self, sending: &Sending, status: u16) -> Option<Sending> {
        webhooks::finish(&self.house, sending, &answered(status), &Pace::default()).unwrap()
    }

    /// Takes all that is due and says that it has arrived: what was sent, in the order of sending.
    fn takes(&self) -> Vec<Json> {
        let mut taken = Vec::new();
        loop {
            let claimed = self.claims();
            if claimed.is_empty() {
                return taken;
            }
            for sending in claimed {
                let mut next = Some(sending);
                while let Some(sending) = next {
                    taken.push(serde_json::from_str(&sending.body).unwrap());
                    next = self.finishes(&sending, 200);
                }
            }
        }
    }
}

fn hook(subscriptions: Json) -> Json {
    json!({"name": "Warehouse", "address": "https://hooks.example.com/in", "subscriptions": subscriptions})
}

fn deals(acts: &[&str]) -> Json {
    json!([{"object": "opportunity", "acts": acts}])
}

fn answered(status: u16) -> Outcome {
    let error = (!(200..300).contains(&status)).then(|| "status".to_owned());
    Outcome { status: Some(status), error, request: json!({}), ..Outcome::default() }
}

fn types(taken: &[Json]) -> Vec<String> {
    taken.iter().map(|one| format!("{} r{}", one["type"].as_str().unwrap(), one["data"]["revision"])).collect()
}

#[test]
fn what_happens_is_told_as_it_was_then() {
    both(|database| {
        let office = Office::new(database);
        let before = office.deal(office.kim, "Before");
        database.advance(1);
        let id = office.hooks(deals(&["create", "edit", "void", "delete"]));
        office.edits(office.kim, "opportunity", before, json!({"next_step": "Call"})).unwrap();
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"amount": "2000", "next_step": "Write"})).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"amount": "3000"})).unwrap();
        office.creates(office.kim, "account", json!({"name": "Nobody asks"})).unwrap();
        office.plans(id, 4);
        let taken = office.takes();
        let told: Vec<(String, String)> =
            taken.iter().map(|one| (one["data"]["id"].as_str().unwrap().to_owned(), types(std::slice::from_ref(one))[0].clone())).collect();
        let of = |id: Id| told.iter().filter(|(of, _)| *of == id.to_string()).map(|(_, what)| what.as_str()).collect::<Vec<_>>();
        assert_eq!(of(before), ["opportunity.updated r2"], "nothing from before it was made");
        assert_eq!(of(deal), ["opportunity.created r1", "opportunity.updated r2", "opportunity.updated r3"]);
        let amounts: Vec<&Json> = taken
            .iter()
            .filter(|one| one["data"]["id"] == deal.to_string())
            .map(|one| &one["data"]["fields"]["amount"]["amount"])
            .collect();
        assert_eq!(amounts, ["1000.00", "2000.00", "3000.00"], "each as it was after its own event");
        let second = taken.iter().find(|one| one["data"]["id"] == deal.to_string() && one["data"]["revision"] == 2).unwrap();
        assert_eq!(second["data"]["fields"]["next_step"], "Write");
        assert_eq!(second["data"]["by"], office.kim.to_string());
        let changes = second["data"]["changes"].as_array().unwrap();
        let amount = changes.iter().find(|change| change["field"] == "amount").unwrap();
        assert_eq!((&amount["old"]["amount"], &amount["new"]["amount"]), (&json!("1000.00"), &json!("2000.00")));
        assert!(office.takes().is_empty() && office.waiting(id) == 0);
        assert_eq!(office.hook(id)["state"], "healthy");
    });
}

#[test]
fn what_is_deleted_for_good_is_told_with_what_it_held() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(json!([{"object": "opportunity", "acts": ["create", "void", "delete"], "condition": {"field": "name", "op": "eq", "value": "Rail"}}]));
        let deal = office.deal(office.kim, "Rail");
        let other = office.deal(office.kim, "Port");
        for deal in [deal, other] {
            office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
            office.write(office.ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &Default::default())).unwrap();
        }
        office.plans(id, 3);
        let taken = office.takes();
        assert_eq!(types(&taken), ["opportunity.created r1", "opportunity.voided r2", "opportunity.deleted r3"]);
        let state = |at: usize| (&taken[at]["data"]["fields"]["name"], &taken[at]["data"]["fields"]["lifecycle_status"]);
        assert_eq!(state(0), (&json!("Rail"), &json!("normal")));
        assert_eq!(state(2), (&json!("Rail"), &json!("voided")));
    });
}

#[test]
fn that_records_became_one_is_told_of_the_one_that_is_left() {
    both(|database| {
        let office = Office::new(database);
        let hook = office.hooks(deals(&["merge"]));
        let (a, b) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Rails"));
        office.merges(office.mona, "opportunity", a, &[b], json!({"name": b})).unwrap();
        office.plans(hook, 1);
        let taken = office.takes();
        assert_eq!((taken.len(), &taken[0]["type"]), (1, &json!("opportunity.merged")));
        let data = &taken[0]["data"];
        assert_eq!((&data["id"], &data["changes"], &data["fields"]["name"]), (&json!(a), &json!([]), &json!("Rails")));
    });
}

#[test]
fn a_condition_is_judged_after_the_event_and_may_ask_what_has_changed() {
    both(|database| {
        let office = Office::new(database);
        let above = json!({"all": [{"field": "amount", "op": "gt", "value": {"amount": "5000", "currency": "USD"}}, {"field": "amount", "op": "changed"}]});
        let id = office.hooks(json!([{"object": "opportunity", "acts": ["create", "edit"], "condition": above}]));
        let deal = office.deal(office.kim, "Rail");
        for fields in [json!({"amount": "6000"}), json!({"next_step": "Call"}), json!({"amount": "4000"}), json!({"amount": "7000"})] {
            office.edits(office.kim, "opportunity", deal, fields).unwrap();
        }
        office.plans(id, 2);
        assert_eq!(types(&office.takes()), ["opportunity.updated r2", "opportunity.updated r5"]);
    });
}

#[test]
fn nothing_is_sent_that_whoever_saved_it_may_not_see() {
    both(|database| {
        let office = Office::new(database);
        // Mona may administer, but sees what is below her alone, and no amounts.
        let role = json!({
            "key": "narrow", "name": {"en": "Narrow"}, "administrator": true,
            "objects": {"opportunity": {"acts": ["read"], "fields": {"amount": "hidden"}}},
        });
        office.adds_role(&role).unwrap();
        office.edits(office.ada, "employee", office.mona, json!({"roles": ["narrow"]})).unwrap();
        let hidden = hook(json!([{"object": "opportunity", "acts": ["edit"], "condition": {"field": "amount", "op": "is_not_empty"}}]));
        assert_eq!(refusals(office.saves_hook(office.mona, None, None, hidden)), ["field.unknown:subscriptions/0/condition"]);
        let made = office.saves_hook(office.mona, None, None, hook(deals(&["create", "edit"]))).unwrap();
        let id: Id = made["id"].as_str().unwrap().parse().unwrap();
        let deal = office.deal(office.kim, "Rail");
        office.deal(office.lee, "Elsewhere");
        office.edits(office.kim, "opportunity", deal, json!({"amount": "2000"})).unwrap();
        office.plans(id, 2);
        let delivery = {
            let page = office.read(office.ada, |cx, tx| webhooks::deliveries(cx, tx, id, &Default::default())).unwrap();
            page["items"][0]["id"].as_str().unwrap().parse::<Id>().unwrap()
        };
        let taken = office.takes();
        assert_eq!(types(&taken), ["opportunity.created r1", "opportunity.updated r2"]);
        assert!(taken.iter().all(|one| one["data"]["fields"].get("amount").is_none() && one["data"]["changes"] == json!([])), "{taken:#?}");
        // Her own she reads; Ada, who sees more, as well.
        for who in [office.mona, office.ada] {
            let shown = office.read(who, |cx, tx| webhooks::delivery(cx, tx, delivery)).unwrap();
            assert!(shown["body"].is_string(), "{shown:#}");
        }
        // What Ada's webhook sent is more than Mona may know.
        let adas = office.hooks(deals(&["edit"]));
        office.edits(office.kim, "opportunity", deal, json!({"amount": "2500"})).unwrap();
        office.plans(adas, 1);
        let page = office.read(office.mona, |cx, tx| webhooks::deliveries(cx, tx, adas, &Default::default())).unwrap();
        let delivery: Id = page["items"][0]["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(office.read(office.mona, |cx, tx| webhooks::delivery(cx, tx, delivery)).unwrap()["body"], Json::Null);
    });
}

#[test]
fn a_receiver_that_fails_is_asked_again_later_and_what_waits_stays_in_order() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(deals(&["create", "edit"]));
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        office.plans(id, 2);
        let first = office.claims().pop().unwrap();
        assert!(office.claims().is_empty(), "one at a time for each record");
        assert!(office.finishes(&first, 500).is_none());
        assert!(office.claims().is_empty(), "not at once");
        database.advance(7);
        let again = office.claims().pop().unwrap();
        assert_eq!((again.delivery, &again.message), (first.delivery, &first.message), "the same, under the same id");
        assert_eq!(office.hook(id)["state"], "failing");
        // What was claimed by a server that has died is taken up by another.
        database.advance(61);
        let other = office.claims().pop().unwrap();
        assert_eq!(other.delivery, first.delivery);
        assert!(office.finishes(&again, 200).is_none(), "who was too late says nothing");
        let second = office.finishes(&other, 204).unwrap();
        assert!(second.body.contains("opportunity.updated"));
        assert!(office.finishes(&second, 200).is_none());
        let told = office.read(office.ada, |cx, tx| webhooks::delivery(cx, tx, first.delivery)).unwrap();
        let statuses: Vec<i64> = told["attempt_list"].as_array().unwrap().iter().map(|one| one["status"].as_i64().unwrap()).collect();
        assert_eq!((told["state"].as_str(), statuses), (Some("delivered"), vec![500, 204]));
        assert_eq!(office.hook(id)["state"], "healthy");
    });
}

#[test]
fn one_that_is_never_taken_is_given_up_and_the_next_goes_on() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(deals(&["create", "edit"]));
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        office.plans(id, 2);
        let (mut attempts, mut hours) = (0, 0);
        loop {
            let other = office.deal(office.kim, "Well");
            office.plans(id, 3 - office.hook(id)["failed"].as_i64().unwrap());
            let mut poison = None;
            for sending in office.claims() {
                if sending.record == other {
                    office.finishes(&sending, 200);
                } else if poison.is_none() {
                    poison = Some(sending);
                }
            }
            if let Some(sending) = poison {
                if sending.body.contains("opportunity.updated") {
                    assert!(office.finishes(&sending, 200).is_none());
                    break;
                }
                office.finishes(&sending, 422);
                attempts += 1;
            } else {
                database.advance(3_600);
                hours += 1;
            }
            assert!(hours < 100, "it is given up at last");
        }
        assert!((72..96).contains(&hours) && (12..20).contains(&attempts), "{attempts} attempts in {hours} hours");
        let failed = office.hook(id);
        assert_eq!((&failed["failed"], &failed["state"], &failed["waiting"]), (&json!(1), &json!("healthy"), &json!(0)));
        // Sent again by hand, under the same id.
        let wanted = serde_json::from_value(json!({"state": "failed"})).unwrap();
        let page = office.read(office.ada, |cx, tx| webhooks::deliveries(cx, tx, id, &wanted)).unwrap();
        let delivery: Id = page["items"][0]["id"].as_str().unwrap().parse().unwrap();
        office.write(office.ada, |cx, tx| webhooks::replay(cx, tx, delivery)).unwrap();
        let sending = office.claims().pop().unwrap();
        assert_eq!(sending.message, format!("msg_{delivery}"));
        office.finishes(&sending, 200);
        assert_eq!(office.hook(id)["failed"], 0);
    });
}

#[test]
fn a_receiver_that_is_down_is_asked_by_one_and_everything_goes_on_when_it_answers() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(deals(&["create"]));
        for n in 0..20 {
            office.deal(office.kim, &format!("Deal {n}"));
        }
        office.plans(id, 20);
        let mut asked = 0;
        // An hour of answers that it is not there.
        for _ in 0..360 {
            for sending in office.claims() {
                office.finishes(&sending, 503);
                asked += 1;
            }
            database.advance(10);
        }
        assert!((10..60).contains(&asked), "asked {asked} times in an hour");
        let shown = office.hook(id);
        assert_eq!((&shown["state"], &shown["waiting"]), (&json!("failing"), &json!(20)));
        database.advance(720);
        let taken = office.takes();
        assert_eq!(taken.len(), 20, "all of them at once, as soon as one has arrived");
        // For good: after three days it is paused, what waits stays, and it can be resumed.
        office.deal(office.kim, "Late");
        office.plans(id, 1);
        for _ in 0..400 {
            for sending in office.claims() {
                office.finishes(&sending, 503);
            }
            database.advance(900);
        }
        let shown = office.hook(id);
        assert_eq!((&shown["state"], &shown["paused_why"], &shown["waiting"]), (&json!("paused"), &json!("failing"), &json!(1)));
        let news = office.read(office.ada, |cx, tx| notices::list(cx, tx, &Default::default())).unwrap();
        let told: Vec<&Json> = news["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "webhook_failing").collect();
        assert_eq!(told.len(), 3, "that it fails, that it fails again, and that it is paused, each once: {told:#?}");
        assert!(told.iter().all(|one| one["params"]["name"] == "Warehouse"));
        office.deal(office.kim, "Later");
        assert!(!webhooks::plan(&office.house).unwrap() && office.waiting(id) == 1, "what happens meanwhile waits in the outbox");
        office.write(office.ada, |cx, tx| webhooks::resume(cx, tx, id)).unwrap();
        office.plans(id, 2);
        assert_eq!(office.takes().len(), 2);
    });
}

#[test]
fn what_a_pool_hides_is_neither_sent_nor_the_reason_for_sending() {
    both(|database| {
        let office = Office::new(database);
        let hanna = json!([{"kind": "person", "id": office.hanna}]);
        office.pool("Bonn", json!({"hidden": ["amount", "phone"], "members": hanna}));
        let lead = office.pooled("Anna", "Bonn");
        // Whoever saved it last does not administer any more, and is a member of the pool.
        office.edits(office.ada, "employee", office.hanna, json!({"roles": ["administrator"]})).unwrap();
        let subscribed = |condition: Json| json!([{"object": "lead", "acts": ["edit"], "condition": condition}]);
        let saves = |condition: Json| {
            let made = office.saves_hook(office.hanna, None, None, hook(subscribed(condition))).unwrap();
            made["id"].as_str().unwrap().parse::<Id>().unwrap()
        };
        let large = json!({"field": "amount", "op": "gt", "value": {"amount": "50000", "currency": "USD"}});
        let (all, some) = (saves(Json::Null), saves(large));
        office.edits(office.ada, "employee", office.hanna, json!({"roles": ["salesperson"]})).unwrap();
        database.advance(1);
        office.edits(office.ada, "lead", lead, json!({"amount": "77123", "phone": "+49 228 4477881", "title": "Buyer"})).unwrap();
        office.plans(all, 1);
        office.plans(some, 0);
        let sent = office.takes().pop().unwrap();
        assert_eq!((&sent["data"]["fields"]["title"], &sent["data"]["fields"]["amount"]), (&json!("Buyer"), &Json::Null));
        assert!(!sent.to_string().contains("77123") && !sent.to_string().contains("4477881"), "{sent:#}");
        office.claims_it(office.hanna, "lead", lead).unwrap();
        office.edits(office.ada, "lead", lead, json!({"amount": "77124"})).unwrap();
        office.plans(all, 1);
        office.plans(some, 1);
        assert!(office.takes().iter().all(|sent| sent["data"]["fields"]["amount"]["amount"] == "77124.00"));
    });
}

#[test]
fn gone_is_gone_and_who_has_left_sees_nothing() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(deals(&["create"]));
        office.deal(office.kim, "Rail");
        office.plans(id, 1);
        let sending = office.claims().pop().unwrap();
        office.finishes(&sending, 410);
        assert_eq!((&office.hook(id)["state"], &office.hook(id)["failed"]), (&json!("gone"), &json!(1)));
        office.deal(office.kim, "Unheard");
        database.advance(1);
        office.write(office.ada, |cx, tx| webhooks::resume(cx, tx, id)).unwrap();
        office.deal(office.kim, "Heard");
        office.plans(id, 1);
        assert_eq!(office.takes()[0]["data"]["fields"]["name"], "Heard");
        // Another administrator leaves; the webhook that he saved last waits until somebody takes it up.
        office.edits(office.ada, "employee", office.hanna, json!({"roles": ["administrator"]})).unwrap();
        let shown = office.hook(id);
        office.saves_hook(office.hanna, Some(id), None, shown).unwrap();
        assert_eq!(office.hook(id)["eyes"], office.hanna.to_string());
        let wanted = serde_json::from_value(json!({"spread": []})).unwrap();
        office.write(office.ada, |cx, tx| people::leaving::disable(cx, tx, office.hanna, &wanted)).unwrap();
        office.deal(office.kim, "Waits");
        for _ in 0..100 {
            webhooks::plan(&office.house).unwrap();
            if office.hook(id)["state"] == "paused" {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(office.hook(id)["paused_why"], "eyes");
        office.write(office.ada, |cx, tx| webhooks::resume(cx, tx, id)).unwrap();
        assert_eq!(office.hook(id)["eyes"], office.ada.to_string());
        office.plans(id, 1);
        assert_eq!(office.takes()[0]["data"]["fields"]["name"], "Waits");
    });
}

#[test]
fn what_stands_against_a_webhook_is_told_at_once() {
    both(|database| {
        let office = Office::new(database);
        let against = vec![Violation::new("webhook.address_not_https", "address")];
        let wanted = serde_json::from_value(json!({"address": "http://x", "subscriptions": [
            {"object": "nothing", "acts": ["edit"]}, {"object": "account", "acts": []}, {"object": "account", "acts": ["jump"]},
            {"object": "opportunity", "acts": ["edit"], "condition": {"field": "nonsense", "op": "eq", "value": 1}},
        ]}))
        .unwrap();
        let refused = office.write(office.ada, |cx, tx| webhooks::save(cx, tx, None, None, &wanted, against.clone()));
        assert_eq!(
            refusals(refused),
            [
                "webhook.address_not_https:address",
                "field.required:name",
                "field.unknown:subscriptions/0/object",
                "field.required:subscriptions/1/acts",
                "field.not_unique:subscriptions/2/object",
                "field.not_an_option:subscriptions/2/acts",
                "field.unknown:subscriptions/3/condition",
            ]
        );
        assert!(matches!(office.saves_hook(office.kim, None, None, hook(deals(&["edit"]))), Err(Error::Forbidden { .. })));
        let id = office.hooks(deals(&["edit"]));
        let shown = office.hook(id);
        assert!(shown.get("secret").is_none());
        // What GET gave is taken by PUT; the slower of two is shown what the faster has done.
        office.saves_hook(office.ada, Some(id), Some(1), shown.clone()).unwrap();
        assert!(matches!(office.saves_hook(office.ada, Some(id), Some(1), shown), Err(Error::Conflict { .. })));
        for who in [office.kim, office.ines] {
            assert!(matches!(office.read(who, |cx, tx| webhooks::one(cx, tx, id)), Err(Error::Forbidden { .. })));
            assert!(matches!(office.write(who, |cx, tx| webhooks::roll(cx, tx, id)), Err(Error::Forbidden { .. })));
        }
        // Both secrets sign for a day.
        let rolled = office.write(office.ada, |cx, tx| webhooks::roll(cx, tx, id)).unwrap();
        assert!(rolled["secret"].as_str().unwrap().starts_with("whsec_") && rolled["former_secret_until"].is_string());
        let secrets = |office: &Office| {
            let delivery = office.write(office.ada, |cx, tx| webhooks::test(cx, tx, id)).unwrap();
            assert_eq!(delivery["type"], "webhook.test");
            let sending = office.claims().pop().unwrap();
            office.finishes(&sending, 200);
            sending.secrets
        };
        let both = secrets(&office);
        assert_eq!((both.len(), both[0].as_str()), (2, rolled["secret"].as_str().unwrap()));
        database.advance(86_401);
        assert_eq!(secrets(&office), both[..1]);
        office.write(office.ada, |cx, tx| webhooks::delete(cx, tx, id, None)).unwrap();
        assert!(matches!(office.read(office.ada, |cx, tx| webhooks::one(cx, tx, id)), Err(Error::NotFound)));
    });
}

#[test]
fn what_a_condition_looks_at_is_in_use() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("opportunity", json!({"key": "x_site", "label": {"en": "Site"}, "type": "boolean"}));
        office.hooks(json!([{"object": "opportunity", "acts": ["edit"], "condition": {"field": "x_site", "op": "changed"}}]));
        assert_eq!(refusals(office.puts_field("opportunity", "x_site", objects::FieldAct::Hide)), ["field.in_use"]);
    });
}

#[test]
fn a_span_of_time_is_sent_again_in_order() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(deals(&["create", "edit"]));
        let deal = office.deal(office.kim, "Rail");
        office.plans(id, 1);
        office.takes();
        database.advance(3_600);
        for step in ["a", "b", "c"] {
            office.edits(office.kim, "opportunity", deal, json!({"next_step": step})).unwrap();
        }
        office.plans(id, 3);
        office.takes();
        let page = office.read(office.ada, |cx, tx| webhooks::deliveries(cx, tx, id, &Default::default())).unwrap();
        // Planned in two rounds while the clock stands still, they need not be listed in the order in which they happened.
        let mut instants: Vec<&str> = page["items"].as_array().unwrap()[..3].iter().filter_map(|one| one["at"].as_str()).collect();
        instants.sort_unstable();
        let (from, until) = (instants[0], instants[2]);
        let span = |dry: bool| {
            let wanted = serde_json::from_value(json!({"from": from, "until": until, "dry_run": dry})).unwrap();
            office.write(office.ada, |cx, tx| webhooks::replay_span(cx, tx, id, &wanted)).unwrap()
        };
        assert_eq!(span(true)["deliveries"], 3);
        assert!(office.takes().is_empty());
        span(false);
        assert_eq!(types(&office.takes()), ["opportunity.updated r2", "opportunity.updated r3", "opportunity.updated r4"]);
        let wrong = serde_json::from_value(json!({"from": "yesterday", "until": "x"})).unwrap();
        let refused = office.write(office.ada, |cx, tx| webhooks::replay_span(cx, tx, id, &wrong));
        assert_eq!(refusals(refused), ["field.invalid:from", "field.invalid:until"]);
    });
}

#[test]
fn several_servers_at_once_lose_nothing_and_double_nothing() {
    both(|database| {
        let office = Office::new(database);
        office.hooks(deals(&["create", "edit"]));
        let made: Vec<Id> = (0..6).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        let servers: Vec<Arc<House>> = (0..3).map(|_| Arc::new(House::open(database.again()).unwrap())).collect();
        let (sent, heard) = mpsc::channel::<Json>();
        thread::scope(|threads| {
            for (n, record) in made.iter().enumerate() {
                let office = office.clone();
                threads.spawn(move || {
                    for step in 0..10 {
                        office.edits(office.kim, "opportunity", *record, json!({"next_step": format!("{n} {step}")})).unwrap();
                    }
                });
            }
            for server in &servers {
                let sent = sent.clone();
                threads.spawn(move || {
                    let mut idle = 0;
                    while idle < 100 {
                        webhooks::plan(server).unwrap();
                        let claimed = webhooks::claim(server, 10, &BTreeMap::new()).unwrap();
                        idle = if claimed.is_empty() { idle + 1 } else { 0 };
                        for sending in claimed {
                            let mut next = Some(sending);
                            while let Some(sending) = next {
                                sent.send(serde_json::from_str(&sending.body).unwrap()).unwrap();
                                next = webhooks::finish(server, &sending, &answered(200), &Pace::default()).unwrap();
                            }
                        }
                        thread::sleep(Duration::from_millis(10));
                    }
                });
            }
            drop(sent);
        });
        let heard: Vec<Json> = heard.iter().collect();
        for record in made {
            let of = heard.iter().filter(|one| one["data"]["id"] == record.to_string());
            let revisions: Vec<i64> = of.map(|one| one["data"]["revision"].as_i64().unwrap()).collect();
            assert_eq!(revisions, (1..=11).collect::<Vec<i64>>(), "each once and in order");
        }
    });
}

/// On PostgreSQL a transaction that began earlier may change a record later; if a third one is still under way, the stream shows the later
/// revision before the earlier one is safe to read.
#[test]
fn a_later_revision_does_not_overtake_an_earlier_one() {
    let database = Database::postgres();
    let office = Office::new(&database);
    let id = office.hooks(deals(&["edit"]));
    let deal = office.deal(office.kim, "Rail");
    let edit = |step: &'static str| serde_json::from_value(json!({"fields": {"next_step": step}})).unwrap();
    let (begun, wait_begun) = mpsc::channel();
    let (go_on, wait_go_on) = mpsc::channel::<()>();
    let (holding, wait_holding) = mpsc::channel();
    let (release, wait_release) = mpsc::channel::<()>();
    thread::scope(|threads| {
        let office = &office;
        // The older: it has its number before it comes to the deal.
        let older = threads.spawn(move || {
            office
                .write(office.kim, |cx, tx| {
                    idempotency::begin(cx, tx, "older", "x")?;
                    begun.send(()).unwrap();
                    wait_go_on.recv().unwrap();
                    records::update(cx, tx, "opportunity", deal, None, &edit("later"))
                })
                .unwrap();
        });
        wait_begun.recv().unwrap();
        let third = threads.spawn(move || {
            office
                .write(office.kim, |cx, tx| {
                    idempotency::begin(cx, tx, "third", "x")?;
                    holding.send(()).unwrap();
                    wait_release.recv().unwrap();
                    Ok(())
                })
                .unwrap();
        });
        wait_holding.recv().unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "earlier"})).unwrap();
        go_on.send(()).unwrap();
        older.join().unwrap();
        // The later revision could be read by now, the earlier one not.
        for _ in 0..5 {
            webhooks::plan(&office.house).unwrap();
            thread::sleep(Duration::from_millis(10));
        }
        assert!(office.takes().is_empty(), "the later one waits for the earlier");
        release.send(()).unwrap();
        third.join().unwrap();
    });
    office.plans(id, 2);
    let steps: Vec<Json> = office.takes().iter().map(|one| one["data"]["fields"]["next_step"].clone()).collect();
    assert_eq!(steps, ["earlier", "later"]);
}

#[test]
fn what_a_webhook_has_yet_to_be_told_of_is_kept_and_not_for_ever() {
    both(|database| {
        let office = Office::new(database);
        let id = office.hooks(deals(&["create"]));
        let rail = office.deal(office.kim, "Rail");
        office.can_be_heard(rail);
        // Not told, since nobody serves, for longer than events are usually kept.
        database.advance(20 * 86_400);
        housekeeping::round(&office.house).unwrap();
        office.plans(id, 1);
        assert_eq!(office.takes().len(), 1);
        let lost = office.deal(office.kim, "Lost");
        office.can_be_heard(lost);
        database.advance(40 * 86_400);
        housekeeping::round(&office.house).unwrap();
        office.deal(office.kim, "Found");
        office.plans(id, 1);
        assert_eq!(office.takes()[0]["data"]["fields"]["name"], "Found");
        assert!(office.hook(id)["gap_until"].is_string(), "and it is told that there is a gap");
        // Deliveries that have long come to an end are let go.
        database.advance(31 * 86_400);
        housekeeping::round(&office.house).unwrap();
        let page = office.read(office.ada, |cx, tx| webhooks::deliveries(cx, tx, id, &Default::default())).unwrap();
        assert_eq!(page["items"], json!([]));
    });
}
