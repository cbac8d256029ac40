//! The index of alike records says what the records say, whatever is saved, ruled and filled, by whichever server, in whatever order.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use db::records::{Bin, Query, Scope, Sort};
use model::duplicate::{DuplicateRule, Kind};
use model::{Id, Object, Record, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::duplicates::{self, index};
use stagecraft_core::jobs::{self, JobsRequest};
use stagecraft_core::{Credential, Ctx, House, Limits, Result, check, organisation, records};
use testkit::rand::RngExt;
use testkit::rand::rngs::StdRng;
use testkit::rand::seq::IndexedRandom;
use testkit::{Database, both, cases, random};

use crate::office::{Office, id_of};

const SYSTEM: Credential = Credential::System("to set the stage");
const ALL: Scope<'static> = Scope::All("the test");
const NAMES: [&str; 8] =
    ["Rail Works", "rail works", "Port of Bremen", "深圳市腾讯计算机系统有限公司", "Bremen Port", "Rail Work", "Söhne & Co", "ＡＢＣ Tech"];
const PHONES: [&str; 4] = ["0421 5550199", "+49 421 5550199", "+1 415 555 2671", "415 555 2671"];

/// Two servers on one database.
struct Town {
    office: Office,
    second: Arc<House>,
}

impl Town {
    /// With so many accounts from before there was a rule.
    fn on(database: &Database, accounts: usize) -> Town {
        let office = Office::with_duplicate_rules(database);
        let town = Town { second: Arc::new(House::open(database.again()).unwrap()), office };
        for rule in town.rules() {
            town.admin(|cx, tx| duplicates::delete(cx, tx, rule.id, None));
        }
        town.works_off_all();
        let mut dice = random(7);
        let made: Vec<(String, &str)> = (0..accounts)
            .map(|n| (format!("{} {}", NAMES.choose(&mut dice).unwrap(), n % 50), *PHONES.choose(&mut dice).unwrap()))
            .collect();
        let owner = town.office.kim;
        town.office
            .house
            .write(&SYSTEM, Limits::default(), Via::System, |cx, tx| {
                let object = cx.meta.schema.object("account").unwrap().clone();
                let new = |(n, (name, phone)): (usize, &(String, &str))| {
                    // As old as time, so that later ones come behind them.
                    let mut bytes = [0; 10];
                    bytes[2..].copy_from_slice(&(n as u64).to_be_bytes());
                    let mut record = Record::new("account", Id::from_parts(1_000, bytes));
                    record.set("name", name.as_str());
                    record.set("phone", *phone);
                    record.set("owner", owner);
                    record.set("lifecycle_status", "active");
                    record
                };
                let records: Vec<Record> = made.iter().enumerate().map(new).collect();
                Ok(db::records::insert(tx, &object, &records)?)
            })
            .unwrap();
        town
    }

    fn houses(&self) -> [&House; 2] {
        [&self.office.house, &self.second]
    }

    fn admin<T>(&self, f: impl FnMut(&Ctx, &mut db::Write) -> Result<T>) -> T {
        self.office.write(self.office.ada, f).unwrap()
    }

    fn rules(&self) -> Vec<DuplicateRule> {
        let told = self.office.read(self.office.ada, duplicates::list).unwrap();
        serde_json::from_value(told["items"].clone()).unwrap()
    }

    /// Has one rule, which judges no save, so that whatever is wished can be saved.
    fn rules_by(&self, house: &House, groups: Json) {
        let there = self.rules();
        let wanted = json!({
            "object": "account", "name": "Alike", "groups": groups, "kinds": {"new": false, "import": false, "tool": true},
        });
        let wanted: duplicates::WantedRule = serde_json::from_value(wanted).unwrap();
        let ada = Credential::Person(self.office.ada);
        house
            .write(&ada, Limits::default(), Via::Api, |cx, tx| {
                duplicates::save(cx, tx, there.first().map(|rule| rule.id), None, &wanted).map(|_| ())
            })
            .unwrap();
    }

    fn open_jobs(&self) -> Vec<Id> {
        let asked: JobsRequest = serde_json::from_value(json!({})).unwrap();
        let told = self.office.read(self.office.ada, |cx, tx| jobs::list(cx, tx, &asked)).unwrap();
        let open = told["items"].as_array().unwrap().iter().filter(|job| ["waiting", "running"].contains(&job["state"].as_str().unwrap()));
        open.map(|job| job["id"].as_str().unwrap().parse().unwrap()).collect()
    }

    fn works_off_all(&self) {
        while jobs::work(&self.office.house).unwrap() {}
    }

    /// The index is what the records make it, as both servers see it.
    fn must_agree(&self) {
        for house in self.houses() {
            let told = house.read(&Credential::Person(self.office.ada), Limits::default(), check::matches).unwrap();
            assert_eq!(told["ok"], json!(true), "{told:#}");
        }
    }

    /// What is found for a record is what shares as many keys with it as is asked for.
    fn must_find(&self, house: &House, dice: &mut StdRng) {
        let Some(rule) = self.rules().into_iter().next() else { return };
        house
            .read(&SYSTEM, Limits::default(), |cx, tx| {
                let object = cx.meta.schema.object("account").unwrap().clone();
                let all = everything(cx, tx, &object);
                let record = all.choose(dice).unwrap();
                let found = index::candidates(cx, tx, &[(&rule, record)])?.remove(0).remove("account").unwrap_or_default();
                let due = by_hand(cx, &object, &rule, record, &all);
                let found: BTreeSet<Id> = found.into_iter().collect();
                let missed: Vec<&Id> = due.difference(&found).collect();
                assert!(missed.is_empty() || found.len() >= 200, "of {} for {record:?} by {rule:?}: {missed:?}", due.len());
                Ok(())
            })
            .unwrap();
    }
}

fn everything(cx: &Ctx, tx: &mut db::Read, object: &Object) -> Vec<Record> {
    let sort = || Sort { field: "id".into(), descending: false };
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let query = Query { condition: None, words: None, sort: sort(), cursor, limit: 500, bin: Bin::Too };
        let page = db::records::list(tx, &cx.meta.schema, object, &ALL, &query).unwrap();
        all.extend(page.records);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

fn by_hand(cx: &Ctx, object: &Object, rule: &DuplicateRule, record: &Record, all: &[Record]) -> BTreeSet<Id> {
    let mut due = BTreeSet::new();
    for group in &rule.groups {
        let way = index::way(&cx.meta.schema, group).unwrap();
        let kind = way.kind.unwrap();
        let keys = |record: &Record| -> BTreeSet<i64> {
            let side = model::duplicate::matching::Side { object, field: way.other, record };
            let around = model::duplicate::matching::Surroundings { country: &cx.meta.organisation.country };
            model::duplicate::matching::keys(kind, side, around).into_iter().collect()
        };
        let (own, least) = (keys(record), index::least(&cx.meta.schema, &cx.meta.organisation.country, object, group, record));
        let Some(least) = least else { continue };
        due.extend(all.iter().filter(|other| keys(other).intersection(&own).count() >= least).map(|other| other.id));
    }
    due
}

fn group(field: &str, method: &str) -> Json {
    json!({"rows": [{"field": field, "method": method}]})
}

#[test]
fn the_index_is_what_the_records_make_it_whatever_happens_in_whatever_order() {
    both(|database| {
        for round in 0..u64::from(cases(1)) {
            let town = Town::on(database, 700);
            let mut dice = random(round);
            let mut known: Vec<Id> = Vec::new();
            let kim = town.office.kim;
            for step in 0..120 {
                let house = town.houses()[dice.random_range(0..2)];
                let person = Credential::Person(kim);
                let name = format!("{} {}", NAMES.choose(&mut dice).unwrap(), dice.random_range(0..9));
                let fields = json!({"name": name, "phone": *PHONES.choose(&mut dice).unwrap()});
                let some = known.choose(&mut dice).copied();
                let reason: records::Reason = serde_json::from_value(json!({"reason": "the test"})).unwrap();
                match (dice.random_range(0..14), some) {
                    (0..=3, _) | (_, None) => {
                        let request = serde_json::from_value(json!({"fields": fields})).unwrap();
                        let made = house.write(&person, Limits::default(), Via::Api, |cx, tx| records::create(cx, tx, "account", &request));
                        known.push(id_of(&made.unwrap()));
                    }
                    (4..=6, Some(id)) => {
                        let request = serde_json::from_value(json!({"fields": fields})).unwrap();
                        // One in the recycle bin is not edited.
                        let _ = house
                            .write(&person, Limits::default(), Via::Api, |cx, tx| records::update(cx, tx, "account", id, None, &request));
                    }
                    (7, Some(id)) => {
                        let _ =
                            house.write(&person, Limits::default(), Via::Api, |cx, tx| records::void(cx, tx, "account", id, None, &reason));
                    }
                    (8, Some(id)) => {
                        let _ = house
                            .write(&person, Limits::default(), Via::Api, |cx, tx| records::restore(cx, tx, "account", id, None, &reason));
                    }
                    (9, Some(id)) => {
                        let ada = Credential::Person(town.office.ada);
                        let gone = house.write(&ada, Limits::default(), Via::Api, |cx, tx| {
                            records::delete_for_good(cx, tx, "account", id, None, &reason)
                        });
                        known.retain(|other| gone.is_err() || *other != id);
                    }
                    (10, _) => {
                        let all =
                            [group("name", "exact"), group("name", "fuzzy"), group("phone", "same_digits"), group("website", "exact")];
                        let many = dice.random_range(1..=2);
                        let chosen: Vec<Json> = all.sample(&mut dice, many).cloned().collect();
                        town.rules_by(house, json!(chosen));
                    }
                    (11, _) => {
                        let country = ["DE", "US", "CN"].choose(&mut dice).unwrap();
                        let settings = serde_json::from_value(json!({ "country": country })).unwrap();
                        town.admin(|cx, tx| organisation::update(cx, tx, &settings));
                    }
                    _ => {
                        // One step of whichever job, by whichever server.
                        if let Some(job) = town.open_jobs().choose(&mut dice) {
                            jobs::run(house, *job, Duration::ZERO).unwrap();
                        }
                    }
                }
                if step % 6 == 5 {
                    town.must_agree();
                    town.must_find(house, &mut dice);
                }
            }
            town.works_off_all();
            town.must_agree();
            assert!(town.office.house.meta().followed.parts.iter().all(|part| part.ready || town.rules().is_empty()));
        }
    });
}

#[test]
fn a_rule_of_one_server_is_kept_by_the_next_save_on_the_other_and_finds_at_once_what_was_there_before() {
    both(|database| {
        let town = Town::on(database, 300);
        town.rules_by(&town.office.house, json!([group("name", "exact")]));
        let request = serde_json::from_value(json!({"fields": {"name": "Quite new"}})).unwrap();
        let kim = Credential::Person(town.office.kim);
        let made = town.second.write(&kim, Limits::default(), Via::Api, |cx, tx| records::create(cx, tx, "account", &request)).unwrap();
        let rule = town.rules().remove(0);
        let finds = |house: &House, name: &str| -> Vec<Id> {
            house
                .read(&SYSTEM, Limits::default(), |cx, tx| {
                    let mut record = Record::new("account", Id::SYSTEM);
                    record.set("name", name);
                    Ok(index::candidates(cx, tx, &[(&rule, &record)])?.remove(0).remove("account").unwrap_or_default())
                })
                .unwrap()
        };
        for filled in [false, true] {
            assert_eq!(town.office.house.meta().followed.parts.iter().all(|part| part.ready), filled);
            for house in town.houses() {
                assert_eq!(finds(house, "QUITE  NEW"), [id_of(&made)]);
                assert_eq!(finds(house, "Nowhere to be found"), []);
                assert!(!finds(house, "Rail Works 1").is_empty());
            }
            town.works_off_all();
            // Each learns it with its next transaction.
            town.must_agree();
        }
    });
}

#[test]
fn what_is_wrong_in_the_index_is_told_and_a_command_makes_it_anew() {
    both(|database| {
        let town = Town::on(database, 40);
        town.rules_by(&town.office.house, json!([group("name", "exact")]));
        town.works_off_all();
        town.must_agree();
        let wrong = |from: &str, to: Vec<sea_query::Value>| {
            town.office
                .house
                .write(&SYSTEM, Limits::default(), Via::System, |_, tx| {
                    match from {
                        "delete" => tx.execute(sea_query::Query::delete().from_table("match_entry")).map(|_| ())?,
                        _ => tx.insert_rows("match_entry", &["part", "key", "record"], vec![to.clone()])?,
                    }
                    Ok(())
                })
                .unwrap();
        };
        let told = || town.office.read(town.office.ada, check::matches).unwrap();
        let part = town.office.house.meta().followed.parts[0].id;
        wrong("insert", vec![part.into(), 1_i64.into(), Id::SYSTEM.0.into()]);
        assert_eq!(told()["faults"][0]["check"], "match_too_much");
        wrong("delete", Vec::new());
        assert_eq!((&told()["faults"][0]["check"], &told()["faults"][0]["count"]), (&json!("match_missing"), &json!(40)));
        assert_eq!(index::repair(&town.second).unwrap(), [("account.name whole".to_owned(), 40)]);
        town.must_agree();
        assert_eq!(told()["checked"]["match_entries"], 40);
    });
}

#[test]
fn what_a_job_remembers_is_held_against_what_was_written_since_by_whomever() {
    both(|database| {
        let town = Town::on(database, 1_200);
        town.rules_by(&town.office.house, json!([group("name", "fuzzy")]));
        town.works_off_all();
        let rule = town.rules().remove(0);
        let house = &town.office.house;
        let remembered = index::remember(house, "account", Kind::Tool, 1_000).unwrap().unwrap();
        let kim = Credential::Person(town.office.kim);
        let named = |name: &str| {
            let mut record = Record::new("account", Id::SYSTEM);
            record.set("name", name);
            record
        };
        let asked = |cx: &Ctx, tx: &mut db::Read, name: &str| -> Result<BTreeSet<Id>> {
            let record = named(name);
            Ok(index::candidates(cx, tx, &[(&rule, &record)])?.remove(0).remove("account").unwrap_or_default().into_iter().collect())
        };
        let finds =
            |name: &str| house.read(&SYSTEM, Limits::default(), |cx, tx| asked(&cx.remembering(Some(&remembered)), tx, name)).unwrap();
        let wanted = |name: &str| serde_json::from_value::<records::Create>(json!({"fields": {"name": name}})).unwrap();
        for (round, word) in ["Harbour", "Meadow", "Granite", "Copper", "Juniper", "Lantern"].into_iter().enumerate() {
            let [one, other] = [town.houses()[round % 2], town.houses()[(round + 1) % 2]];
            let name = format!("{word} Drydocks");
            assert_eq!(finds(&name), BTreeSet::new());
            let made = one.write(&kim, Limits::default(), Via::Api, |cx, tx| records::create(cx, tx, "account", &wanted(&name))).unwrap();
            let id = id_of(&made);
            assert_eq!(finds(&format!("{word} Drydoks")), BTreeSet::from([id]));
            // Rounds between which it has caught up, and others.
            if round % 3 == 0 {
                assert!(index::catch_up(house, &remembered).unwrap());
                assert_eq!(finds(&name), BTreeSet::from([id]));
            }
            let renamed = serde_json::from_value(json!({"fields": {"name": format!("{word} Tramways")}})).unwrap();
            other.write(&kim, Limits::default(), Via::Api, |cx, tx| records::update(cx, tx, "account", id, None, &renamed)).unwrap();
            assert_eq!(finds(&format!("{word} Tramway")), BTreeSet::from([id]));
        }
        // What its own transaction has written, and nobody else sees yet.
        let name = "Orchard Aqueducts";
        town.office
            .write(town.office.kim, |cx, tx| {
                let id = id_of(&records::create(cx, tx, "account", &wanted(name))?);
                assert_eq!(asked(&cx.remembering(Some(&remembered)), tx, "Orchard Aqueduct")?, BTreeSet::from([id]));
                Ok(())
            })
            .unwrap();
        assert!(index::catch_up(house, &remembered).unwrap());
        // From memory comes what is alike, of all that the index gives.
        for name in NAMES.iter().map(|name| format!("{name} 7")).chain([name.to_owned()]) {
            let by_index = house.read(&SYSTEM, Limits::default(), |cx, tx| asked(cx, tx, &name)).unwrap();
            let alike: BTreeSet<Id> = house
                .read(&SYSTEM, Limits::default(), |cx, tx| {
                    let object = cx.meta.schema.object("account").unwrap().clone();
                    let ids: Vec<Id> = by_index.iter().copied().collect();
                    let all = db::records::load(tx, &cx.meta.schema, &object, &ALL, &ids)?;
                    let there = std::collections::BTreeMap::from([("account", all.iter().collect())]);
                    let around = model::duplicate::matching::Surroundings { country: &cx.meta.organisation.country };
                    Ok(model::duplicate::judge(&rule, Kind::Tool, &cx.meta.schema, around, &named(&name), &there))
                })
                .unwrap()
                .into_iter()
                .map(|found| found.record)
                .collect();
            assert!(!alike.is_empty());
            assert_eq!(finds(&name), alike, "{name}");
        }
    });
}
