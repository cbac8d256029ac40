//! What a limit costs: deals given to people under rules that overlap, by as many at once as the engine serves.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant as Moment};

use db::{Db, Options};
use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::records::{ChangeOwner, change_owner};
use stagecraft_core::{Credential, House, Limits, holding};

use crate::Fallible;
use crate::data::{self, SYSTEM, change};
use crate::engines::Place;
use crate::table::Column;

/// Deals that change hands, and whose they are.
const DEALS: usize = 4_000;
const CHUNK: usize = 500;
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
                            let wanted = ChangeOwner { owner: self.people[to].to_string(), keep_as: None, reason: None, dry_run: false };
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
