//! What a limit costs: deals given to people under rules that overlap, by as many at once as the engine serves.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant as Moment};

use db::{Db, Options};
use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::records::{self, ChangeOwner, change_owner};
use stagecraft_core::{Credential, House, Limits, holding};

use crate::Fallible;
use crate::data::{self, SYSTEM, change};
use crate::engines::Place;
use crate::table::Column;

/// Deals that change hands, and whose they are.
const DEALS: usize = 4_000;
const CHUNK: usize = 500;
/// What one person has, and his department.
const HIS: usize = 10_000;
const THEIRS: usize = 200_000;
/// How long is measured.
const FOR: Duration = Duration::from_secs(8);

/// Measures without rules and with them, one after the other and many at once.
pub fn measure(place: &Place, column: &mut Column<'_>) -> Fallible<()> {
    let house = place.open()?;
    let market = data::market(&house, 100)?;
    let first = market.people[0];
    let mut deals = Vec::new();
    for from in (0..DEALS).step_by(CHUNK) {
        let fresh = |n: usize| change("opportunity", vec![("name", format!("Deal {n}").into()), ("owner", first.into())]);
        deals.extend(data::put(&house, "opportunity", (from..from + CHUNK).map(fresh).collect())?);
    }
    house.db().analyse()?;
    let people: Vec<Id> = market.people.iter().copied().filter(|person| *person != first).take(200).collect();
    let administrator = Credential::Person(first);
    let all = Given { deals: &deals, people: &people };
    for workers in [1, 16] {
        column.put(&format!("owner changes a second without a rule, {workers} at once"), all.run(place, workers)?.show());
    }
    let departments = market_departments(&house)?;
    let rules = [
        json!({"object": "opportunity", "name": "each", "subject": {"kind": "employees"}, "limit": {"kind": "number", "number": 1000}}),
        json!({"object": "opportunity", "name": "departments", "subject": {"kind": "departments", "ids": departments, "with_sub": true},
            "limit": {"kind": "number", "number": 1_000_000}}),
    ];
    for (named, count) in [("one rule, of each person", 1), ("two rules, the other of departments", 2)] {
        let rule = serde_json::from_value(rules[count - 1].clone())?;
        house.write(&administrator, Limits::default(), Via::Api, |cx, tx| holding::save(cx, tx, None, None, &rule))?;
        for workers in [1, 16] {
            column.put(&format!("the same under {named}, {workers} at once"), all.run(place, workers)?.show());
        }
    }
    let wanted = holding::Request::default();
    let began = Moment::now();
    for _ in 0..50 {
        house.read(&Credential::Person(people[0]), Limits::default(), |cx, tx| holding::me(cx, tx, &wanted))?;
    }
    column.put("one's holdings, ms", format!("{:.2}", began.elapsed().as_secs_f64() * 1_000.0 / 50.0));
    Ok(())
}

/// What it costs to look, and to be judged, where one has ten thousand and his department two hundred thousand: under rules that every write
/// counts for, and under such as look across a reference and are counted by asking.
pub fn much(place: &Place, column: &mut Column<'_>) -> Fallible<()> {
    let house = place.open()?;
    let list = house.read(&SYSTEM, Limits::default(), |cx, tx| holding::list(cx, tx, None))?;
    let rules: Vec<Id> = list["items"].as_array().into_iter().flatten().filter_map(|rule| rule["id"].as_str()?.parse().ok()).collect();
    forget(&house, &rules)?;
    let department = data::put(&house, "department", vec![change("department", vec![("name", "Many".into())])])?[0];
    let person = |n: usize| {
        let fields = vec![
            ("name", format!("Many {n}").into()),
            ("email", format!("many{n}@bench.example").into()),
            ("department", department.into()),
            ("roles", model::Value::Keys(vec!["salesperson".to_owned()])),
        ];
        change("employee", fields)
    };
    let people = data::put(&house, "employee", (0..THEIRS / HIS).map(person).collect())?;
    for from in (0..THEIRS).step_by(CHUNK) {
        let fresh =
            |n: usize| change("opportunity", vec![("name", format!("Deal {n}").into()), ("owner", people[n % people.len()].into())]);
        data::put(&house, "opportunity", (from..from + CHUNK).map(fresh).collect())?;
    }
    house.db().analyse()?;
    for (named, counts) in
        [("own fields", Json::Null), ("a field across a reference", json!({"field": "account.sector", "op": "is_empty"}))]
    {
        let subjects = [json!({"kind": "employees"}), json!({"kind": "departments", "ids": [department.to_string()], "with_sub": true})];
        let (mut rules, mut slowest) = (Vec::new(), 0.0_f64);
        for subject in subjects {
            let rule = json!({"object": "opportunity", "name": "Many", "subject": subject, "counts": counts, "limit": {"kind": "number", "number": 1_000_000}});
            let rule = serde_json::from_value(rule)?;
            let began = Moment::now();
            let saved = house.write(&SYSTEM, Limits::default(), Via::Api, |cx, tx| holding::save(cx, tx, None, None, &rule))?;
            slowest = slowest.max(began.elapsed().as_secs_f64());
            rules.push(saved["id"].as_str().unwrap_or_default().parse::<Id>()?);
        }
        column.put(&format!("saving a rule over {named}, s"), format!("{slowest:.2}"));
        let who = Credential::Person(people[0]);
        let asked = serde_json::from_value(json!({"object": "opportunity", "fields": {"name": "One more"}}))?;
        let look = || house.read(&who, Limits::default(), |cx, tx| holding::check(cx, tx, &asked)).map(drop);
        column.put(&format!("would there be room? by {named}, ms"), slow(look)?);
        let create = serde_json::from_value(json!({"fields": {"name": "One more"}}))?;
        let make = || house.write(&who, Limits::default(), Via::Api, |cx, tx| records::create(cx, tx, "opportunity", &create)).map(drop);
        column.put(&format!("one more under two rules over {named}, ms"), slow(make)?);
        forget(&house, &rules)?;
    }
    Ok(())
}

fn forget(house: &House, rules: &[Id]) -> Fallible<()> {
    for rule in rules {
        house.write(&SYSTEM, Limits::default(), Via::Api, |cx, tx| holding::delete(cx, tx, *rule, None))?;
    }
    Ok(())
}

/// How long it takes in the middle and at worst.
fn slow(act: impl Fn() -> stagecraft_core::Result<()>) -> Fallible<String> {
    let mut taken = Vec::with_capacity(40);
    for _ in 0..40 {
        let began = Moment::now();
        act()?;
        taken.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    taken.sort_by(f64::total_cmp);
    Ok(format!("p50 {:.2}, p95 {:.2}", taken[20], taken[37]))
}

/// Departments by their ids, at most ten.
fn market_departments(house: &House) -> Fallible<Vec<Json>> {
    let list = stagecraft_core::records::ListRequest { limit: Some(10), ..Default::default() };
    let page = house.read(&SYSTEM, Limits::default(), |cx, tx| stagecraft_core::records::list(cx, tx, "department", &list))?;
    Ok(page["items"].as_array().into_iter().flatten().map(|item| item["id"].clone()).collect())
}

struct Given<'a> {
    deals: &'a [Id],
    people: &'a [Id],
}

/// How many a second, and how long each took.
struct Rate {
    per_second: f64,
    taken: Vec<Duration>,
}

impl Rate {
    fn show(mut self) -> String {
        self.taken.sort_unstable();
        let at =
            |percent: usize| self.taken.get((self.taken.len().max(1) - 1) * percent / 100).map_or(0.0, |one| one.as_secs_f64() * 1_000.0);
        format!("{:.0} (p50 {:.2} ms, p99 {:.2} ms)", self.per_second, at(50), at(99))
    }
}

impl Given<'_> {
    /// Lets so many give deals to one person after the other; each has deals of its own, so that only the limits make them meet.
    fn run(&self, place: &Place, workers: usize) -> Fallible<Rate> {
        let house = House::open(Db::open(&place.url, Options::default())?)?;
        let (done, begin) = (AtomicU64::new(0), Moment::now());
        let taken = std::thread::scope(|scope| {
            let each: Vec<_> = (0..workers)
                .map(|worker| {
                    let (house, done) = (&house, &done);
                    let own: Vec<Id> = self.deals.iter().copied().skip(worker).step_by(workers).collect();
                    scope.spawn(move || -> stagecraft_core::Result<Vec<Duration>> {
                        let mut taken = Vec::new();
                        let mut at = worker * 31;
                        let mut last: BTreeMap<Id, usize> = BTreeMap::new();
                        while begin.elapsed() < FOR {
                            at += 1;
                            let deal = own[at % own.len()];
                            // Never to whoever has it.
                            let to = last.get(&deal).map_or(at % self.people.len(), |person| (person + 1) % self.people.len());
                            last.insert(deal, to);
                            let wanted = ChangeOwner {
                                owner: self.people[to].to_string(),
                                keep_as: None,
                                reason: None,
                                skip_approval: false,
                                dry_run: false,
                            };
                            let from = Moment::now();
                            house.write(&SYSTEM, Limits::default(), Via::Api, |cx, tx| {
                                change_owner(cx, tx, "opportunity", deal, None, &wanted).map(drop)
                            })?;
                            taken.push(from.elapsed());
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(taken)
                    })
                })
                .collect();
            let mut all = Vec::new();
            for worker in each {
                all.extend(worker.join().map_err(|_| stagecraft_core::Error::Internal("a worker ended early".into()))??);
            }
            Ok::<_, stagecraft_core::Error>(all)
        })?;
        Ok(Rate { per_second: done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64(), taken })
    }
}
