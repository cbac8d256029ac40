//! What is told of limits: before something is given, where it is refused, where somebody passes them, and whose turn it is when there is room.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, save};
use stagecraft_core::{Credential, bulk, holding};
use testkit::{Database, both};

use crate::holding::{each, met};
use crate::office::{Office, id_of};

impl Office {
    fn checks_room(&self, who: Id, asked: Json) -> Json {
        let asked = serde_json::from_value(asked).unwrap();
        self.read(who, |cx, tx| holding::check(cx, tx, &asked)).unwrap()
    }

    fn waits(&self, who: Id, wanted: Json) -> Json {
        let wanted = serde_json::from_value(wanted).unwrap();
        self.write(who, |cx, tx| holding::wait(cx, tx, &wanted)).unwrap()
    }

    /// How often somebody has been told that there is room.
    fn told_of_room(&self, who: Id) -> usize {
        holding::tell_waiting(&self.house).unwrap();
        let notices = self.read(who, |cx, tx| stagecraft_core::notices::list(cx, tx, &serde_json::from_value(json!({})).unwrap())).unwrap();
        notices["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "holding_room").count()
    }
}

/// A rule for a department as a whole.
fn department(office: &Office, name: &str, limit: u32) -> Json {
    let mut rule = each(name, limit, Json::Null);
    rule["subject"] = json!({"kind": "departments", "ids": [office.department_of(office.kim)], "with_sub": false});
    rule
}

fn large() -> Json {
    json!({"field": "amount", "op": "ge", "value": {"amount": "1000", "currency": "USD"}})
}

/// Rules as they are told: name, held, limit, asked.
fn told(check: &Json) -> Vec<(&str, i64, i64, i64)> {
    let number = |rule: &Json, key: &str| rule[key].as_i64().unwrap();
    let one = |rule: &'_ Json| (number(rule, "held"), number(rule, "limit"), number(rule, "asked"));
    let rules = check["rules"].as_array().unwrap();
    rules.iter().map(|rule| (rule["rule"]["name"].as_str().unwrap(), one(rule))).map(|(name, (a, b, c))| (name, a, b, c)).collect()
}

/// spec/12, word by word: the definition is the life cycle alone; R1 three for a salesperson, R2 one of those from 1000, R3 five for North.
#[test]
fn the_worked_example() {
    both(|database| {
        let office = Office::new(database);
        let (ann, bob) = (office.kim, office.karl);
        let normal = serde_json::from_value(json!({"condition": null})).unwrap();
        office.write(office.ada, |cx, tx| holding::define(cx, tx, "opportunity", None, &normal)).unwrap();
        office.limits(each("R1", 3, Json::Null)).unwrap();
        office.limits(each("R2", 1, large())).unwrap();
        office.limits(department(&office, "R3", 5)).unwrap();
        let makes = |who, amount: &str| office.creates(who, "opportunity", json!({"name": "Deal", "amount": amount}));
        let asks = |who: Id, amount: &str| office.checks_room(who, json!({"object": "opportunity", "fields": {"amount": amount}}));
        // Ann owns two small and one big; creating a small one: R1 is full.
        let small = id_of(&makes(ann, "10").unwrap());
        makes(ann, "10").unwrap();
        makes(ann, "1000").unwrap();
        assert_eq!(told(&asks(ann, "10")), [("R1", 3, 3, 1), ("R3", 3, 5, 1)]);
        assert_eq!(met(makes(ann, "10")), ["R1"]);
        // Bob owns one big; another: R2 is full. A small one: R1 1/3, R2 does not apply, R3 4/5.
        makes(bob, "1000").unwrap();
        assert_eq!(told(&asks(bob, "1000")), [("R2", 1, 1, 1), ("R3", 4, 5, 1), ("R1", 1, 3, 1)]);
        assert_eq!(met(makes(bob, "1000")), ["R2"]);
        let room = asks(bob, "10");
        assert_eq!((told(&room), &room["allowed"]), (vec![("R3", 4, 5, 1), ("R1", 1, 3, 1)], &json!(true)));
        makes(bob, "10").unwrap();
        // The next one for anybody in North: R3.
        assert_eq!(met(makes(bob, "10")), ["R3"]);
        assert_eq!(met(makes(office.mona, "10")), ["R3"]);
        // Ann voids one: R1 has room again, and what is taken out of the bin is judged like what is made.
        office.bins(ann, small).unwrap();
        assert_eq!(told(&asks(ann, "10")), [("R1", 2, 3, 1), ("R3", 4, 5, 1)]);
        makes(office.mona, "10").unwrap();
        assert_eq!(met(office.takes_out(ann, small)), ["R3"]);
        office.holdings_are_right();
    });
}

#[test]
fn a_refusal_is_data_in_a_form_in_a_bulk_act_and_in_an_import() {
    both(|database| {
        let office = Office::new(database);
        office.limits(each("Each", 2, Json::Null)).unwrap();
        let spare: Vec<Id> = (0..3).map(|n| office.deal(office.mona, &format!("M{n}"))).collect();
        office.deal(office.kim, "K");
        let right = |params: &Json| {
            let rule = &params["rules"][0];
            assert_eq!((&params["object"], &params["person"]), (&json!("opportunity"), &json!(office.kim)), "{params:#}");
            assert_eq!((&rule["name"], &rule["limit"], &rule["held"]), (&json!("Each"), &json!(2), &json!(2)), "{params:#}");
            assert_eq!((&rule["asked"], &rule["room"], &rule["limit_from"]), (&json!(1), &json!(0), &json!("number")), "{params:#}");
        };
        // In the given order, as far as there is room.
        let wanted = serde_json::from_value(json!({"ids": spare, "act": "change_owner", "owner": office.kim})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.mona), Via::Api, "opportunity", &wanted).unwrap();
        assert_eq!((&done["changed"], &done["refused"]), (&json!(1), &json!(2)), "{done:#}");
        let results = done["results"].as_array().unwrap();
        let refused: Vec<&Json> = results.iter().filter(|one| one["result"] == "refused").collect();
        assert_eq!(refused.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), [json!(spare[1]), json!(spare[2])]);
        refused.iter().for_each(|one| right(&one["violations"][0]["params"]));
        let made = office.creates(office.mona, "opportunity", json!({"name": "C", "owner": office.kim}));
        match made {
            Err(stagecraft_core::Error::Invalid(found)) => right(&Json::Object(found[0].params.clone())),
            other => panic!("{other:?}"),
        }
        let options = serde_json::from_value(json!({"object": "opportunity", "mapping": {"deal": "name", "who": "owner"}})).unwrap();
        let file = "deal,who\nOne,Kim\nTwo,Karl\nThree,Kim\n";
        let who = Credential::Person(office.ada);
        let brought = stagecraft_core::imports::run(&office.house, &who, &options, "more.csv", file.as_bytes()).unwrap();
        assert_eq!((&brought["created"], &brought["failed"]), (&json!(1), &json!(2)), "{brought:#}");
        let problems = brought["problems"].as_array().unwrap();
        assert_eq!(problems.iter().map(|one| one["line"].as_u64().unwrap()).collect::<Vec<_>>(), [2, 4]);
        problems.iter().for_each(|one| right(&one["params"]));
        assert!(problems[0]["message"].as_str().unwrap().contains("2 of 2"), "{problems:#?}");
        let import: Id = brought["id"].as_str().unwrap().parse().unwrap();
        let wanted = serde_json::from_value(json!({"code": "holding.limit_reached"})).unwrap();
        let page = office.read(office.ada, |cx, tx| stagecraft_core::imports::problems(cx, tx, import, &wanted)).unwrap();
        page["items"].as_array().unwrap().iter().for_each(|one| right(&one["params"]));
        office.holdings_are_right();
    });
}

#[test]
fn who_passes_a_limit_is_told_on_the_record_and_in_the_trace() {
    both(|database| {
        let office = Office::new(database);
        office.limits(each("Each", 1, Json::Null)).unwrap();
        let deal = office.deal(office.kim, "K");
        let spare = office.deal(office.mona, "M");
        let role = json!({"key": "free", "name": {"en": "Free"}, "objects": {"opportunity": {"acts": ["holding_exempt", "read"]}}});
        let role = serde_json::from_value(role).unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::roles::create(cx, tx, &role)).unwrap();
        office.edits(office.ada, "employee", office.mona, json!({"roles": ["sales_manager", "free"]})).unwrap();
        database.advance(60);
        office.hands(office.mona, spare, office.kim).unwrap();
        let shown = |who: Id, id: Id| office.timeline(who, "opportunity", id, json!({"kinds": "holding"})).unwrap();
        let told = shown(office.kim, spare);
        let item = &told["items"][0];
        assert_eq!(
            (&item["kind"], &item["by"], &item["holding"]["owner"]),
            (&json!("holding"), &json!(office.mona), &json!(office.kim)),
            "{told:#}"
        );
        assert_eq!(item["holding"]["rules"][0]["name"], "Each");
        assert_eq!(item["holding"]["rules"][0]["held"], Json::Null, "how much he has is no matter of the record");
        assert_eq!(shown(office.kim, deal)["items"], json!([]), "where nothing stood in the way nothing is told");
        let whole = office.timeline(office.kim, "opportunity", spare, json!({})).unwrap();
        let kinds: Vec<&str> = whole["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["holding", "owner", "created"]);
        let asked = serde_json::from_value(json!({"act": "holding_exempt"})).unwrap();
        let trace = office.read(office.ada, |cx, tx| stagecraft_core::audit::log(cx, tx, &asked)).unwrap();
        assert_eq!((trace["items"].as_array().unwrap().len(), &trace["items"][0]["detail"]["rules"][0]["held"]), (1, &json!(1)));
        // Who may not know by what a rule counts is not told of it.
        let seen = json!({"field": "next_step", "op": "eq", "value": "x"});
        let rule = office.read(office.ada, |cx, tx| holding::list(cx, tx, None)).unwrap()["items"][0].clone();
        let mut hidden = rule.clone();
        hidden["counts"] = seen;
        office.changes_limit(Some(rule["id"].as_str().unwrap().parse().unwrap()), None, hidden).unwrap();
        office.hides("salesperson", "opportunity", &[("next_step", "hidden")]);
        assert_eq!(shown(office.kim, spare)["items"][0]["holding"]["rules"], json!([]));
        office.holdings_are_right();
    });
}

#[test]
fn who_waits_is_told_when_there_is_room_under_every_rule_of_what_he_waits_for() {
    both(|database| {
        let office = Office::new(database);
        let r1 = office.limits(each("All", 3, Json::Null)).unwrap();
        let r2 = office.limits(each("Large", 1, large())).unwrap();
        let id = |rule: &Json| rule["id"].as_str().unwrap().to_owned();
        let mine = office.deal(office.kim, "Large");
        let other = office.deal(office.mona, "Another large one");
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": null}));
        office.gives_back(office.ada, "opportunity", other, json!({"pool": pool, "reason": "x"})).unwrap();
        assert_eq!(met(office.claims_it(office.kim, "opportunity", other)), ["Large"]);
        // There is room for an average one; what he waits for is large.
        office.waits(office.kim, json!({"object": "opportunity", "record": other}));
        assert_eq!(office.told_of_room(office.kim), 0, "the rule that counts it is full");
        office.bins(office.kim, mine).unwrap();
        assert_eq!(office.told_of_room(office.kim), 1);
        assert_eq!(office.told_of_room(office.kim), 1, "once");
        office.claims_it(office.kim, "opportunity", other).unwrap();
        office.told_of_room(office.kim);
        let waits = |who: Id| office.read(who, holding::waits).unwrap()["items"].as_array().unwrap().len();
        assert_eq!(waits(office.kim), 0, "who has it waits no longer");
        // Without a record, under the rules that a refusal has named.
        let small = office.creates(office.kim, "opportunity", json!({"name": "Small", "amount": "10"})).unwrap();
        office.waits(office.kim, json!({"object": "opportunity", "rules": [id(&r2)]}));
        assert_eq!(office.told_of_room(office.kim), 1, "Large is full");
        office.waits(office.kim, json!({"object": "opportunity", "rules": [id(&r1)]}));
        assert_eq!(waits(office.kim), 1, "asking again says for what");
        assert_eq!(office.told_of_room(office.kim), 2, "All has room");
        office.bins(office.kim, id_of(&small)).unwrap();
        // What is gone nobody waits for.
        let gone = office.deal(office.mona, "Gone");
        office.waits(office.karl, json!({"object": "opportunity"}));
        office
            .write(office.mona, |cx, tx| {
                holding::wait(cx, tx, &serde_json::from_value(json!({"object": "opportunity", "record": gone})).unwrap())
            })
            .unwrap();
        office.told_of_room(office.karl);
        assert_eq!(waits(office.mona), 0, "it is hers");
        assert_eq!(waits(office.karl), 1);
        office.holdings_are_right();
    });
}

#[test]
fn leads_given_out_together_go_on_to_whoever_has_room() {
    both(|database| {
        let office = Office::new(database);
        let mut two = each("Two", 2, Json::Null);
        two["object"] = "lead".into();
        office.limits(two).unwrap();
        let person = |id: Id| json!({"kind": "person", "id": id});
        let open: Vec<Id> = (0..8).map(|n| office.open_lead(&format!("L{n}"))).collect();
        office.adds_rule(json!({"name": "In turn", "to": [person(office.kim), person(office.karl), person(office.hanna)]}));
        let wanted = serde_json::from_value(json!({"ids": open, "act": "assign", "by_rules": true})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.mona), Via::Screen, "lead", &wanted).unwrap();
        assert_eq!((&done["changed"], &done["refused"]), (&json!(8), &json!(0)), "{done:#}");
        let has = |who: Id| open.iter().filter(|lead| office.owner_of(**lead) == Some(who)).count();
        assert_eq!(
            [has(office.kim), has(office.karl), has(office.hanna)],
            [2, 2, 4],
            "whoever is full is passed over, Hanna is under no limit"
        );
        office.holdings_are_right();
    });
}

/// A claim under two limits out of a pool: as long as it holds the locks of those who are limited, others wait for six round trips. They are what
/// is held, the record, whom the pool lets see it no more, tasks of its stage, what can wait (history, stream, log of the pool, sums), the commit.
#[test]
fn a_claim_under_limits_keeps_to_its_round_trips() {
    both(|database: &Database| {
        let office = Office::new(database);
        office.limits(each("Each", 50, Json::Null)).unwrap();
        office.limits(department(&office, "North", 50)).unwrap();
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": null}));
        let lying = |name: &str| {
            let deal = office.deal(office.mona, name);
            office.gives_back(office.ada, "opportunity", deal, json!({"pool": pool, "reason": "x"})).unwrap();
            deal
        };
        let (first, second) = (lying("First"), lying("Second"));
        // What is read once for all.
        office.claims_it(office.kim, "opportunity", first).unwrap();
        let change = Change::of("opportunity", second, Deed::Claim);
        let taken = office.write(office.kim, |cx, tx| {
            let before = tx.statements();
            save(cx, tx, change.clone())?;
            Ok((tx.statements() - before, tx.statements_since_lock()))
        });
        let (all, locked) = taken.unwrap();
        // SQLite has no round trips. On PostgreSQL two more end it: what can wait until then, and the commit.
        if database.engine() == db::Engine::Postgres {
            assert!(all + 2 <= 13 && locked + 2 <= 6, "{all} and 2 statements, {locked} and 2 of them under the locks");
        }
    });
}
