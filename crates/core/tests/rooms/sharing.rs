//! Sharing rules give what they say, whoever saves and whatever changes at the same instant.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Limits, Result, check, jobs, objects, records, sharing};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// Saves a rule as Ada and works on what it gives until that is done.
    pub fn shares(&self, rule: Json) -> Result<Json> {
        self.saves_rule(None, None, rule)
    }

    fn saves_rule(&self, id: Option<Id>, seen: Option<i64>, rule: Json) -> Result<Json> {
        let wanted = serde_json::from_value(rule).unwrap();
        let (saved, job) = self.write(self.ada, |cx, tx| sharing::save(cx, tx, id, seen, &wanted))?;
        if let Some(job) = job {
            jobs::run(&self.house, job, Duration::from_secs(60)).unwrap();
        }
        Ok(saved)
    }

    /// What rules give of every record is what they say.
    pub fn shares_are_right(&self) {
        let report = self.house.read(&Credential::System("to check"), Limits::default(), check::shares).unwrap();
        assert_eq!(report["ok"], true, "{report:#}");
    }
}

fn above(amount: &str, to: Json, level: &str) -> Json {
    json!({
        "object": "opportunity", "name": format!("Above {amount}"), "level": level, "to": to,
        "condition": {"field": "amount", "op": "gt", "value": {"amount": amount, "currency": "USD"}},
    })
}

fn rule_id(rule: &Json) -> Id {
    rule["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_rule_gives_what_meets_it_and_takes_back_what_does_not() {
    both(|database| {
        let office = Office::new(database);
        let (small, large) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Port"));
        office.edits(office.kim, "opportunity", large, json!({"amount": "5000"})).unwrap();
        let seen = |who| office.lists(who, "opportunity", json!({"sort": "name"})).unwrap().0;
        assert!(seen(office.lee).is_empty());
        let rule = office.shares(above("4000", json!([{"kind": "person", "id": office.lee}]), "read")).unwrap();
        assert_eq!((&rule["settling"], &rule["records"]), (&json!(false), &json!(1)));
        assert_eq!(seen(office.lee), ["Port"], "older records are given with the rule");
        assert!(seen(office.sven).is_empty(), "a superior of one to whom it is given is not given it");
        assert!(matches!(office.edits(office.lee, "opportunity", large, json!({"name": "x"})), Err(Error::Forbidden { .. })));
        // A save gives and takes.
        office.edits(office.kim, "opportunity", small, json!({"amount": "4001"})).unwrap();
        office.edits(office.kim, "opportunity", large, json!({"amount": "4000"})).unwrap();
        assert_eq!(seen(office.lee), ["Rail"]);
        office.creates(office.kim, "opportunity", json!({"name": "Quay", "amount": "9000"})).unwrap();
        assert_eq!(seen(office.lee), ["Quay", "Rail"]);
        // More right, other people, off, away.
        let id = rule_id(&rule);
        office.saves_rule(Some(id), None, above("4000", json!([{"kind": "person", "id": office.lee}]), "read_write")).unwrap();
        office.edits(office.lee, "opportunity", small, json!({"next_step": "Call"})).unwrap();
        let mut off = above("4000", json!([{"kind": "person", "id": office.karl}]), "read");
        office.saves_rule(Some(id), None, off.clone()).unwrap();
        assert_eq!((seen(office.lee).len(), seen(office.karl).len()), (0, 2));
        off["active"] = false.into();
        office.saves_rule(Some(id), None, off).unwrap();
        assert!(seen(office.karl).is_empty());
        office.shares_are_right();
        let late = office.write(office.ada, |cx, tx| sharing::delete(cx, tx, id, Some(1)));
        assert!(matches!(late, Err(Error::Conflict { .. })));
        office.write(office.ada, |cx, tx| sharing::delete(cx, tx, id, None)).unwrap();
        assert!(matches!(office.read(office.ada, |cx, tx| sharing::one(cx, tx, id)), Err(Error::NotFound)));
    });
}

#[test]
fn departments_mean_all_below_them_and_groups_their_members() {
    both(|database| {
        let office = Office::new(database);
        let lees = office.deal(office.lee, "Port");
        let department = |who: Id| office.reads(office.ada, "employee", who).unwrap()["fields"]["department"].clone();
        let (north, sales) = (department(office.kim), department(office.hanna));
        let everyone = json!({"object": "opportunity", "name": "All", "level": "read", "to": [{"kind": "department", "id": north}]});
        let rule = office.shares(everyone.clone()).unwrap();
        assert!(office.reads(office.karl, "opportunity", lees).is_ok() && office.reads(office.mona, "opportunity", lees).is_ok());
        assert!(office.reads(office.sven, "opportunity", lees).is_ok(), "his manager sees it anyway");
        let group = office.system("user_group", json!({"name": "Board", "members": [office.karl]}));
        let mut to_group = everyone.clone();
        to_group["to"] = json!([{"kind": "group", "id": group}]);
        office.saves_rule(Some(rule_id(&rule)), None, to_group).unwrap();
        assert!(office.reads(office.karl, "opportunity", lees).is_ok());
        assert!(matches!(office.reads(office.kim, "opportunity", lees), Err(Error::NotFound)));
        office.edits(office.ada, "user_group", group, json!({"members": [office.kim]})).unwrap();
        assert!(office.reads(office.kim, "opportunity", lees).is_ok(), "who joins sees at once");
        let mut to_all = everyone;
        to_all["to"] = json!([{"kind": "department", "id": sales}]);
        office.saves_rule(Some(rule_id(&rule)), None, to_all).unwrap();
        assert_eq!(office.lists(office.karl, "opportunity", json!({})).unwrap().1, 1);
    });
}

#[test]
fn what_cannot_be_a_rule_is_refused() {
    both(|database| {
        let office = Office::new(database);
        let with = |condition: Json| {
            let mut rule = above("1", json!([{"kind": "person", "id": office.lee}]), "read");
            rule["condition"] = condition;
            refusals(office.shares(rule))
        };
        let not_own = ["sharing.condition_not_own:condition"];
        assert_eq!(with(json!({"field": "account.name", "op": "eq", "value": "x"})), not_own);
        assert_eq!(with(json!({"field": "created_at", "op": "within", "value": "today"})), not_own);
        assert_eq!(with(json!({"field": "owner", "op": "is_me"})), not_own);
        assert_eq!(with(json!({"field": "description", "op": "contains", "value": "x"})), not_own);
        assert_eq!(with(json!({"field": "amount", "op": "gt", "value": {"amount": "1", "currency": "EUR"}})), not_own);
        assert_eq!(with(json!({"exists": {"object": "contact_role"}})), not_own);
        assert_eq!(with(json!({"field": "colour", "op": "is_empty"})), ["field.unknown:condition"]);
        let refused = refusals(office.shares(json!({
            "object": "product", "level": "own", "to": [{"kind": "team", "id": office.lee}, {"kind": "person", "id": "x"}],
        })));
        assert_eq!(
            refused,
            [
                "sharing.object_not_owned:object",
                "field.required:name",
                "field.not_an_option:level",
                "field.not_an_option:to/0/kind",
                "field.reference_not_found:to/1/id"
            ]
        );
        let wanted = serde_json::from_value(above("1", json!([{"kind": "person", "id": office.lee}]), "read")).unwrap();
        let by_kim = office.write(office.kim, |cx, tx| sharing::save(cx, tx, None, None, &wanted));
        assert!(matches!(by_kim, Err(Error::Forbidden { .. })));
        assert!(matches!(office.read(office.kim, |cx, tx| sharing::list(cx, tx, None)), Err(Error::Forbidden { .. })));
        let preview =
            serde_json::from_value(json!({"object": "opportunity", "condition": above("1", json!([]), "read")["condition"]})).unwrap();
        office.deal(office.kim, "Rail");
        assert_eq!(office.read(office.ada, |cx, tx| sharing::preview(cx, tx, &preview)).unwrap()["records"], 1);
    });
}

#[test]
fn a_field_that_a_rule_looks_at_is_in_use() {
    both(|database| {
        let office = Office::new(database);
        let body = json!({
            "key": "x_risk", "label": {"en": "Risk"}, "type": "select",
            "options": [{"key": "high", "label": {"en": "High"}}, {"key": "low", "label": {"en": "Low"}}],
        });
        office.adds_field("opportunity", body);
        let mut rule = above("1", json!([{"kind": "person", "id": office.lee}]), "read");
        rule["condition"] = json!({"field": "x_risk", "op": "eq", "value": "high"});
        office.shares(rule).unwrap();
        let hide = serde_json::from_value(json!("hide")).unwrap();
        let refused = office.write(office.ada, |cx, tx| objects::act_on_field(cx, tx, "opportunity", "x_risk", hide));
        let Err(Error::Invalid(found)) = refused else { panic!() };
        assert_eq!((found[0].code, found[0].params["kind"].as_str()), ("field.in_use", Some("sharing_rule")));
        let fewer = serde_json::from_value(json!({"options": [{"key": "low", "label": {"en": "Low"}, "active": true}]})).unwrap();
        let refused = office.write(office.ada, |cx, tx| objects::set_options(cx, tx, "opportunity", "x_risk", &fewer));
        assert_eq!(refusals(refused), ["field.option_in_use:options"]);
    });
}

#[test]
fn figures_that_follow_from_others_give_and_take_as_well() {
    both(|database| {
        let office = Office::new(database);
        office.amounts_come_from("typed");
        let deal = office.deal(office.kim, "Rail");
        let mut by_sum = above("10", json!([{"kind": "person", "id": office.lee}]), "read");
        by_sum["condition"]["field"] = "lines_total".into();
        office.shares(by_sum).unwrap();
        let sees = || office.reads(office.lee, "opportunity", deal).is_ok();
        let line = json!({"opportunity": deal, "name": "Crane", "quantity": "1", "price": "50"});
        let line = id_of(&office.creates(office.kim, "opportunity_line", line).unwrap());
        assert!(sees(), "a roll-up above the limit gives it");
        office.edits(office.kim, "opportunity_line", line, json!({"price": "5"})).unwrap();
        assert!(!sees());
        // And so does another rate.
        let rate = |rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2020-01-01", "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| stagecraft_core::organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        rate("1");
        office.edits(office.kim, "opportunity", deal, json!({"amount": {"amount": "1000", "currency": "EUR"}})).unwrap();
        office.shares(above("1500", json!([{"kind": "person", "id": office.lee}]), "read")).unwrap();
        assert!(!sees());
        rate("2");
        assert!(sees());
        rate("1");
        assert!(!sees());
        office.shares_are_right();
    });
}

#[test]
fn many_records_are_settled_behind_the_answer_while_others_save() {
    both(|database| {
        let office = Office::new(database);
        let make = |many: usize| {
            let mut change = stagecraft_core::save::Change::new("opportunity", stagecraft_core::save::Deed::Create);
            change.patch.insert("name".into(), "Rail".into());
            let made = office
                .write(office.kim, |cx, tx| stagecraft_core::save::save_all(cx, tx, "opportunity", vec![change.clone(); many]))
                .unwrap();
            made.into_iter().map(|saved| saved.unwrap().record.id).collect::<Vec<Id>>()
        };
        let ids: Vec<Id> = (0..3).flat_map(|_| make(400)).collect();
        let rule = json!({
            "object": "opportunity", "name": "Named", "level": "read", "to": [{"kind": "person", "id": office.lee}],
            "condition": {"field": "name", "op": "eq", "value": "Rail"},
        });
        let wanted = serde_json::from_value(rule.clone()).unwrap();
        let (saved, job) = office.write(office.ada, |cx, tx| sharing::save(cx, tx, None, None, &wanted)).unwrap();
        assert_eq!((&saved["settling"], &saved["records"]), (&json!(true), &json!(0)));
        let barrier = Barrier::new(2);
        thread::scope(|scope| {
            let worker = scope.spawn(|| {
                barrier.wait();
                jobs::run(&office.house, job.unwrap(), Duration::from_secs(60)).unwrap();
            });
            barrier.wait();
            for id in ids.iter().step_by(97) {
                office.edits(office.kim, "opportunity", *id, json!({"name": "Port"})).unwrap();
            }
            worker.join().unwrap();
        });
        let id = rule_id(&saved);
        let now = office.read(office.ada, |cx, tx| sharing::one(cx, tx, id)).unwrap();
        assert_eq!((&now["settling"], now["records"].as_i64()), (&json!(false), Some(1200 - ids.iter().step_by(97).count() as i64)));
        office.shares_are_right();
        let taken = office.write(office.ada, |cx, tx| sharing::delete(cx, tx, id, None)).unwrap();
        assert!(matches!(office.read(office.ada, |cx, tx| sharing::one(cx, tx, id)), Err(Error::NotFound)));
        jobs::run(&office.house, taken.unwrap(), Duration::from_secs(60)).unwrap();
        assert_eq!(office.lists(office.lee, "opportunity", json!({})).unwrap().1, 0);
        office.shares_are_right();
    });
}

/// A small source of numbers, so that a failure comes again.
struct Dice(u64);

impl Dice {
    fn of(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

fn random_rule(dice: &mut Dice, people: &[Id]) -> Json {
    let fields = [
        json!({"field": "amount", "op": "gt", "value": {"amount": format!("{}", dice.of(5) * 100), "currency": "USD"}}),
        json!({"field": "name", "op": "starts_with", "value": (["a", "b"][dice.of(2)])}),
        json!({"field": "stage", "op": "eq", "value": "qualification"}),
        json!({"not": {"field": "next_step", "op": "is_empty"}}),
        json!({"field": "lifecycle_status", "op": "eq", "value": "normal"}),
    ];
    let condition = match dice.of(4) {
        0 => Json::Null,
        1 => json!({"all": [fields[dice.of(5)], fields[dice.of(5)]]}),
        _ => fields[dice.of(5)].clone(),
    };
    let to: BTreeSet<Id> = (0..=dice.of(2)).map(|_| people[dice.of(people.len())]).collect();
    let to: Vec<Json> = to.into_iter().map(|id| json!({"kind": "person", "id": id})).collect();
    json!({
        "object": "opportunity", "name": format!("Rule {}", dice.of(1000)), "active": dice.of(5) > 0, "condition": condition, "to": to,
        "level": (["read", "read_write"][dice.of(2)]),
    })
}

#[test]
fn whatever_is_done_at_once_what_is_given_is_what_the_rules_say() {
    for seed in 1..=3 {
        both(|database| {
            let office = Office::new(database);
            let people = [office.kim, office.karl, office.lee, office.mona, office.sven];
            let deals: Vec<Id> = (0..8).map(|n| office.deal(office.kim, ["Anker", "Bug"][n % 2])).collect();
            let barrier = Barrier::new(3);
            thread::scope(|scope| {
                for administrator in 0..2_u64 {
                    let (office, barrier) = (&office, &barrier);
                    scope.spawn(move || {
                        let mut dice = Dice(seed * 31 + administrator);
                        barrier.wait();
                        for _ in 0..6 {
                            let listed = office.read(office.ada, |cx, tx| sharing::list(cx, tx, None)).unwrap();
                            let ids: Vec<Id> = listed["items"].as_array().unwrap().iter().map(rule_id).collect();
                            let rule = random_rule(&mut dice, &people);
                            match (dice.of(4), ids.is_empty()) {
                                (0, false) => {
                                    let gone = office.write(office.ada, |cx, tx| sharing::delete(cx, tx, ids[dice.of(ids.len())], None));
                                    assert!(matches!(gone, Ok(_) | Err(Error::NotFound)), "{gone:?}");
                                }
                                (1 | 2, false) => {
                                    let id = ids[dice.of(ids.len())];
                                    let saved = office.saves_rule(Some(id), None, rule);
                                    assert!(matches!(saved, Ok(_) | Err(Error::NotFound)), "{saved:?}");
                                }
                                _ => drop(office.shares(rule).unwrap()),
                            }
                        }
                    });
                }
                let mut dice = Dice(seed * 77);
                barrier.wait();
                for _ in 0..40 {
                    let deal = deals[dice.of(deals.len())];
                    match dice.of(6) {
                        0 => drop(office.creates(office.kim, "opportunity", json!({"name": "Bay", "amount": "250"})).unwrap()),
                        1 => drop(office.moves(office.hanna, deal, None, json!({"stage": "qualification"}))),
                        2 => {
                            let wanted = serde_json::from_value(json!({"owner": people[dice.of(5)]})).unwrap();
                            drop(office.write(office.hanna, |cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &wanted)));
                        }
                        3 => {
                            let why = Default::default();
                            drop(office.write(office.hanna, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &why)));
                        }
                        4 => {
                            let why = Default::default();
                            drop(office.write(office.hanna, |cx, tx| records::restore(cx, tx, "opportunity", deal, None, &why)));
                        }
                        _ => {
                            let fields = json!({"amount": format!("{}", dice.of(5) * 100 + 1), "name": (["Anker", "Bug"][dice.of(2)])});
                            drop(office.edits(office.hanna, "opportunity", deal, fields));
                        }
                    }
                }
            });
            office.shares_are_right();
        });
    }
}
