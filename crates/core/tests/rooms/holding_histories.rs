//! Whatever is done in whatever order: what is kept of who holds how much is what the records come to.

use std::collections::BTreeMap;

use model::{Id, Record, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Limits, Result, bulk, holding};
use testkit::both;
use testkit::rand::RngExt as _;
use testkit::rand::rngs::StdRng;

use crate::holding::each;
use crate::office::{Office, id_of};

/// Acts between two recounts, and recounts of a history.
const ACTS: usize = 15;
const RECOUNTS: usize = 4;
/// From what amount on a deal is a large one.
const LARGE: i64 = 1_000;

/// An office whose people are limited in three ways, and what it has.
struct Story {
    office: Office,
    people: Vec<Id>,
    deals: Vec<Id>,
    pool: Id,
    /// The rules by what they count: everything, what is large, and what a department has.
    rules: [Id; 3],
    north: Id,
}

impl Story {
    fn new(office: Office) -> Story {
        let north: Id = office.department_of(office.kim).parse().unwrap();
        let saved = |rule: Json| office.limits(rule).unwrap()["id"].as_str().unwrap().parse().unwrap();
        let mut everybody = each("All", 6, Json::Null);
        everybody["subject"] = json!({"kind": "employees"});
        let mut large = each("Large", 3, json!({"field": "amount", "op": "ge", "value": {"amount": LARGE.to_string(), "currency": "USD"}}));
        large["subject"] = json!({"kind": "employees"});
        let mut shared = each("North", 14, Json::Null);
        shared["subject"] = json!({"kind": "departments", "ids": [north], "with_sub": true});
        let rules = [saved(everybody), saved(large), saved(shared)];
        let people = vec![office.kim, office.karl, office.lee, office.mona, office.sven, office.hanna];
        let members: Vec<Json> = people.iter().map(|id| json!({"kind": "person", "id": id})).collect();
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": null, "members": members}));
        let deals = people.iter().map(|who| office.deal(*who, "First")).collect();
        Story { office, people, deals, pool, rules, north }
    }

    /// Does something; what is refused changes nothing.
    fn act(&mut self, dice: &mut StdRng) {
        let deal = self.deals[dice.random_range(0..self.deals.len())];
        let who = self.people[dice.random_range(0..self.people.len())];
        let (office, ada) = (&self.office, self.office.ada);
        let amount = (dice.random_range(0..3) * 800).to_string();
        let bulk = |body: Json| {
            let wanted = serde_json::from_value(body).unwrap();
            bulk::begin(&office.house, &Credential::Person(ada), Via::Api, "opportunity", &wanted)
        };
        let some: Vec<Id> = (0..3).map(|_| self.deals[dice.random_range(0..self.deals.len())]).collect();
        let outcome: Result<Json> = match dice.random_range(0..18) {
            0 | 1 => office.creates(ada, "opportunity", json!({"name": "New", "amount": amount, "owner": who})),
            2 => office.edits(ada, "opportunity", deal, json!({"amount": amount})),
            3 => office.edits(ada, "opportunity", deal, json!({"amount": null})),
            4 => office.moves(ada, deal, None, json!({"stage": "invalid"})),
            5 => {
                let wanted = serde_json::from_value(json!({"reason": "They called"})).unwrap();
                office.write(ada, |cx, tx| stagecraft_core::processes::reopen(cx, tx, deal, None, &wanted))
            }
            6 => office.bins(ada, deal),
            7 => office.takes_out(ada, deal),
            8 | 9 => office.hands(ada, deal, who),
            10 => office.claims_it(who, "opportunity", deal),
            11 => office.gives_back(ada, "opportunity", deal, json!({"pool": self.pool, "reason": "No time"})),
            12 => bulk(json!({"ids": some, "act": "change_owner", "owner": who})),
            13 => bulk(json!({"ids": some, "act": "assign", "owner": who})),
            14 => bulk(json!({"ids": some, "act": "edit", "fields": {"amount": amount}})),
            15 => office.edits(
                ada,
                "employee",
                who,
                json!({"department": if dice.random_range(0..2) == 0 { Some(self.north) } else { None }}),
            ),
            16 => office.merges(ada, "opportunity", some[0], &some[1..2], json!({})),
            _ => {
                let at = dice.random_range(0..3);
                let mut rule = office.read(ada, |cx, tx| holding::one(cx, tx, self.rules[at])).unwrap();
                rule["active"] = (!rule["active"].as_bool().unwrap()).into();
                office.changes_limit(Some(self.rules[at]), None, rule)
            }
        };
        match outcome {
            Ok(answer) if answer["record"]["object"] == "opportunity" && !self.deals.contains(&id_of(&answer)) => {
                self.deals.push(id_of(&answer));
            }
            Ok(_) | Err(Error::Invalid(_) | Error::Unmet(_) | Error::NotFound | Error::Forbidden { .. } | Error::Conflict { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }

    /// Counts everything afresh, in no way as the product does, and holds it against what the product tells.
    fn recount(&self, told: &str) {
        self.office.holdings_are_right();
        let (deals, people) = self
            .office
            .house
            .read(&Credential::System("to count"), Limits::default(), |cx, tx| {
                let every = db::records::Scope::All("to count");
                let mut all = |key: &str| -> Result<Vec<Record>> {
                    let object = cx.meta.schema.object(key).unwrap().clone();
                    let ids = db::records::ids_after(tx, &object, None, 100_000)?;
                    Ok(db::records::load(tx, &cx.meta.schema, &object, &every, &ids)?)
                };
                Ok((all("opportunity")?, all("employee")?))
            })
            .unwrap();
        let counts = |deal: &&Record| deal.text("lifecycle_status") == "normal" && deal.text("stage_type") == "in_progress";
        let amount = |deal: &Record| deal.get("amount").as_money().map_or(-1, |money| money.amount.0 / 10_000);
        let (mut all, mut large): (BTreeMap<Id, i64>, BTreeMap<Id, i64>) = (BTreeMap::new(), BTreeMap::new());
        for deal in deals.iter().filter(counts) {
            let Some(owner) = deal.owner() else { continue };
            *all.entry(owner).or_default() += 1;
            *large.entry(owner).or_default() += i64::from(amount(deal) >= LARGE);
        }
        let in_north = |person: &&Record| person.reference("department") == Some(self.north);
        let north = people.iter().filter(in_north).map(|person| all.get(&person.id).copied().unwrap_or(0)).sum::<i64>();
        for (rule, due) in self.rules.iter().zip([&all, &large, &BTreeMap::from([(self.north, north)])]) {
            let usage = self.office.read(self.office.ada, |cx, tx| holding::usage(cx, tx, *rule)).unwrap();
            for subject in usage["subjects"].as_array().unwrap() {
                let id: Id = subject["id"].as_str().unwrap().parse().unwrap();
                assert_eq!(subject["held"].as_i64(), Some(due.get(&id).copied().unwrap_or(0)), "{told}: {subject:#}");
            }
        }
        // What each sees of his own is the same figure, by what is kept.
        for who in &self.people {
            let mine = self.office.read(*who, |cx, tx| holding::me(cx, tx, &holding::Request::default())).unwrap();
            for item in mine["items"].as_array().unwrap().iter().filter(|item| item["rule"]["name"] == "All") {
                assert_eq!(item["held"].as_i64(), Some(all.get(who).copied().unwrap_or(0)), "{told}");
            }
        }
    }
}

#[test]
fn whatever_is_done_what_is_kept_is_what_a_plain_recount_comes_to() {
    both(|database| {
        let mut story = Story::new(Office::new(database));
        for seed in 0..testkit::cases(3) {
            let mut dice = testkit::random(0x401d + u64::from(seed));
            for _ in 0..RECOUNTS {
                (0..ACTS).for_each(|_| story.act(&mut dice));
                story.recount(&format!("history {seed}"));
            }
        }
        assert!(story.deals.len() > story.people.len(), "something was done");
    });
}
