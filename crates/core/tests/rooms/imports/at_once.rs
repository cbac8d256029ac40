//! Imports, and people who save the same at the same instant.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use model::{Id, Record, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::duplicates::{self, index};
use stagecraft_core::{Credential, Error, House, Limits, imports, records};
use testkit::{Database, both};

use super::SYSTEM;
use crate::office::Office;

/// A name that none of the others is like.
fn name(n: u64) -> String {
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
    let mut word = || {
        let mut letters = String::new();
        for at in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let of = if at % 2 == 0 { "bdfgklmnprstvz" } else { "aiouy" };
            letters.push(char::from(of.as_bytes()[(state >> 33) as usize % of.len()]));
        }
        letters
    };
    format!("{} {}", word(), word())
}

/// The same with two letters swapped.
fn slipped(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    letters.swap(3, 4);
    letters.into_iter().collect()
}

fn name_of(record: &Json) -> String {
    record["fields"]["name"].as_str().unwrap().to_owned()
}

/// An office where no two accounts may be called alike, with so many of them that their names are read into memory.
fn office(database: &Database) -> Office {
    let office = Office::with_duplicate_rules(database);
    let ada = Credential::Person(office.ada);
    let told = office.read(office.ada, duplicates::list).unwrap();
    for rule in told["items"].as_array().unwrap() {
        let id = rule["id"].as_str().unwrap().parse().unwrap();
        office.house.write(&ada, Limits::default(), Via::Api, |cx, tx| duplicates::delete(cx, tx, id, None)).unwrap();
    }
    let wanted = json!({
        "object": "account", "name": "Called alike", "groups": [{"rows": [{"field": "name", "method": "fuzzy"}]}],
        "kinds": {"new": true, "import": true, "tool": true}, "strictness": {"new": "block", "import": "block"},
    });
    let wanted: duplicates::WantedRule = serde_json::from_value(wanted).unwrap();
    office.house.write(&ada, Limits::default(), Via::Api, |cx, tx| duplicates::save(cx, tx, None, None, &wanted)).unwrap();
    office
        .house
        .write(&SYSTEM, Limits::default(), Via::System, |cx, tx| {
            let object = cx.meta.schema.object("account").unwrap().clone();
            let new = |n: u64| {
                let mut record = Record::new("account", cx.new_id());
                record.set("name", name(1_000_000 + n));
                record.set("owner", office.hanna);
                record.set("lifecycle_status", "normal");
                record
            };
            Ok(db::records::insert(tx, &object, &(0..1_050).map(new).collect::<Vec<_>>())?)
        })
        .unwrap();
    office
}

/// Whoever comes first has it, whether the import or somebody else; rows are looked for before their turn, and what came since counts.
#[test]
fn what_is_saved_while_an_import_runs_is_there_once() {
    const ROWS: u64 = 600;
    both(|database| {
        let office = office(database);
        let second = Arc::new(House::open(database.again()).unwrap());
        let file = (0..ROWS).fold("name\n".to_owned(), |text, n| text + name(n).as_str() + "\n");
        let (over, made) = (AtomicBool::new(false), AtomicUsize::new(0));
        let kim = Credential::Person(office.kim);
        let told = std::thread::scope(|threads| {
            threads.spawn(|| {
                // From the end on: the import comes towards them.
                for n in (0..ROWS).rev().step_by(2).take_while(|_| !over.load(Ordering::Relaxed)) {
                    let wanted: records::Create = serde_json::from_value(json!({"fields": {"name": slipped(&name(n))}})).unwrap();
                    match second.write(&kim, Limits::default(), Via::Api, |cx, tx| records::create(cx, tx, "account", &wanted)) {
                        Ok(_) => made.fetch_add(1, Ordering::Relaxed),
                        Err(Error::Invalid(found)) if found.iter().all(|one| one.code == "duplicate.found") => 0,
                        Err(other) => panic!("{other:?}"),
                    };
                }
            });
            let options = serde_json::from_value(json!({"object": "account", "mode": "insert", "duplicates": {"then": "refuse"}})).unwrap();
            let ada = Credential::Person(office.ada);
            let told = imports::run(&office.house, &ada, &options, "accounts.csv", file.as_bytes());
            over.store(true, Ordering::Relaxed);
            told.unwrap()
        });
        let made = made.load(Ordering::Relaxed) as u64;
        let [created, failed] = ["created", "failed"].map(|key| told[key].as_u64().unwrap());
        assert_eq!(created + failed, ROWS, "{told:#}");
        assert!(made > 0 && created > 0, "{made} and {created}");
        // Each of theirs is there instead of a row, and no row for another reason.
        assert_eq!(failed, made, "{told:#}");
        let names: Vec<String> = super::records(&office.house, "account").iter().map(name_of).collect();
        for n in 0..ROWS {
            let (row, other) = (name(n), slipped(&name(n)));
            assert_eq!(names.iter().filter(|name| **name == row || **name == other).count(), 1, "{row}");
        }
    });
}

/// Looking ahead changes no answer.
#[test]
fn what_was_foreseen_is_what_is_found() {
    both(|database| {
        let office = office(database);
        let house = &office.house;
        let meta = house.meta();
        let object = meta.schema.object("account").unwrap();
        let remembered = index::remember(house, "account", model::duplicate::Kind::Import, 1_000).unwrap().unwrap();
        let named = |name: &str| {
            let mut record = Record::new("account", Id::SYSTEM);
            record.set("name", name);
            record
        };
        let rule = rule_of(&office);
        let finds = |name: &str, remembers: bool| -> Vec<Id> {
            let record = named(name);
            let mut found = house
                .read(&SYSTEM, Limits::default(), |cx, tx| {
                    let cx = cx.remembering(remembers.then_some(&remembered));
                    Ok(index::candidates(&cx, tx, &[(&rule, &record)])?.remove(0).remove("account").unwrap_or_default())
                })
                .unwrap();
            found.sort_unstable();
            found
        };
        let names: Vec<String> = (0..12).map(|n| slipped(&name(1_000_000 + n * 80))).chain((0..12).map(name)).collect();
        let before: Vec<Vec<Id>> = names.iter().map(|name| finds(name, true)).collect();
        let import = model::duplicate::Kind::Import;
        let of = |names: &[String]| names.iter().map(|name| named(name)).collect();
        let answered = || remembered.read().unwrap().answered_ahead();
        let ahead = index::Foresight::new(&meta, &remembered, object, import, of(&names), &HashSet::new());
        std::thread::scope(|threads| {
            threads.spawn(|| ahead.work());
            ahead.work();
        });
        assert_eq!(answered(), 0);
        assert_eq!(names.iter().map(|name| finds(name, true)).collect::<Vec<_>>(), before);
        assert_eq!(answered(), names.len() as u64, "each was looked into before");
        // Those that are being saved keep it while others are looked into that come after them; nobody else does.
        let present = names[..20].iter().map(String::as_str).collect();
        index::Foresight::new(&meta, &remembered, object, import, of(&[name(40), name(41)]), &present).work();
        names.iter().zip(&before).for_each(|(name, before)| assert_eq!(finds(name, true), *before, "{name}"));
        assert_eq!(answered(), (names.len() + 20) as u64);
        assert_eq!(before.iter().map(Vec::len).sum::<usize>(), 12, "each of the first half is like one");
        // What has come since is found besides, before it has been caught up with and afterwards.
        for (at, one) in names.iter().enumerate().skip(12).step_by(3) {
            let wanted: records::Create = serde_json::from_value(json!({"fields": {"name": one}})).unwrap();
            office.write(office.kim, |cx, tx| records::create(cx, tx, "account", &wanted)).unwrap();
            assert_eq!(finds(one, true).len(), 1, "{one}");
            if at % 2 == 0 {
                assert!(index::catch_up(house, &remembered).unwrap());
                assert_eq!(finds(one, true).len(), 1, "{one}");
            }
        }
    });
}

fn rule_of(office: &Office) -> model::duplicate::DuplicateRule {
    let told = office.read(office.ada, duplicates::list).unwrap();
    serde_json::from_value(told["items"][0].clone()).unwrap()
}

/// Where nobody waits an import takes many rows in one transaction of `SQLite`'s; whoever comes is let in before its end.
#[test]
fn an_import_lets_others_in() {
    const ROWS: usize = 1_500;
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let file = (0..ROWS as u64).fold("name,employees\n".to_owned(), |text, n| text + format!("{},{n}\n", name(n)).as_str());
        let (over, let_in) = (AtomicBool::new(false), AtomicUsize::new(0));
        let told = std::thread::scope(|threads| {
            threads.spawn(|| {
                for n in (1_000_000..).take_while(|_| !over.load(Ordering::Relaxed)) {
                    let wanted: records::Create = serde_json::from_value(json!({"fields": {"name": name(n)}})).unwrap();
                    office.write(office.kim, |cx, tx| records::create(cx, tx, "account", &wanted)).unwrap();
                    let_in.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(std::time::Duration::from_millis(20));
                }
            });
            let options = serde_json::from_value(json!({"object": "account", "mode": "insert", "duplicates": {"then": "create"}})).unwrap();
            let told = imports::run(&office.house, &Credential::Person(office.ada), &options, "accounts.csv", file.as_bytes());
            over.store(true, Ordering::Relaxed);
            told.unwrap()
        });
        assert_eq!((&told["created"], &told["done"]), (&json!(ROWS), &json!(ROWS)), "{told:#}");
        assert!(let_in.load(Ordering::Relaxed) > 3, "{let_in:?}");
        let names: std::collections::BTreeSet<String> = super::records(&office.house, "account").iter().map(name_of).collect();
        assert!((0..ROWS as u64).all(|n| names.contains(&name(n))));
    });
}
