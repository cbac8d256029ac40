//! Deals that are changed at random, with a copy of them kept every day: what is reckoned back is what the copy says, and the parts of a
//! waterfall always add up.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::*;
use crate::money::Rates;
use crate::{Amount, Currency, Date, Id, Instant, Money, Number, Record, Value};

const DAY: i64 = 86_400_000_000;

fn id(n: u64) -> Id {
    Id(uuid::Uuid::from_u128(u128::from(n)))
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A change: when, of which deal, the field, what it was. Without a field the deal came into being.
type Change = (i64, Id, Option<(usize, Value)>);

#[derive(Default)]
struct World {
    deals: BTreeMap<Id, Record>,
    gone: Vec<(i64, Record)>,
    changes: Vec<Change>,
}

fn amount(dice: &mut Dice) -> Value {
    let currency: Currency = dice.one(&["USD", "EUR"]).parse().unwrap();
    Value::Money(Money { amount: Amount(dice.below(100_000) as i64 * 100), currency })
}

impl World {
    fn sets(&mut self, at: i64, deal: Id, field: &str, value: Value) {
        let Some(record) = self.deals.get_mut(&deal) else { return };
        let old = record.get(field).clone();
        if old != value {
            record.set(field, value);
            self.changes.push((at, deal, Some((place_of(field).unwrap(), old))));
        }
    }

    fn acts(&mut self, at: i64, dice: &mut Dice) {
        let deal = id(dice.below(40));
        if !self.deals.contains_key(&deal) {
            // Ids are never given twice.
            if self.gone.iter().any(|(_, record)| record.id == deal) {
                return;
            }
            let mut record = Record::new("opportunity", deal);
            record.set("created_at", Value::Instant(Instant(at)));
            for (field, value) in [("lifecycle_status", "normal"), ("stage_type", "in_progress"), ("stage", "s1"), ("sales_process", "p")] {
                record.set(field, value);
            }
            record.set("amount", amount(dice));
            self.changes.push((at, deal, None));
            self.deals.insert(deal, record);
            return;
        }
        match dice.below(9) {
            0 => self.sets(at, deal, "amount", amount(dice)),
            1 => self.sets(at, deal, "forecast_amount", amount(dice)),
            2 => self.sets(at, deal, "owner", if dice.below(4) == 0 { Value::Null } else { Value::Ref(id(100 + dice.below(3))) }),
            3 => {
                let status = dice.one(&["normal", "voided", "in_change", "under_review"]);
                self.sets(at, deal, "lifecycle_status", status.into());
            }
            4 | 5 => {
                let kind = dice.one(&["in_progress", "in_progress", "won", "lost"]);
                self.sets(at, deal, "stage_type", kind.into());
                let closed = kind != "in_progress";
                self.sets(at, deal, "closed_at", if closed { Value::Instant(Instant(at)) } else { Value::Null });
                self.sets(at, deal, "main_rate", if closed { Value::Number(Number::whole(2)) } else { Value::Null });
            }
            6 => self.sets(at, deal, "expected_close_date", Value::Date(Date::constant(2026, 1 + dice.below(4) as i8, 15))),
            7 => self.sets(at, deal, "stage", dice.one(&["s1", "s2", "s3"]).into()),
            _ if dice.below(4) == 0 => {
                let record = self.deals.remove(&deal).unwrap();
                self.gone.push((at, record));
            }
            _ => {}
        }
    }

    /// As the database is now, reckoned back to an instant.
    fn back_to(&self, end: i64) -> Deals {
        let mut deals = Deals::default();
        self.deals.values().for_each(|record| put(&mut deals, record));
        self.gone.iter().filter(|(at, _)| *at > end).for_each(|(_, record)| put(&mut deals, record));
        let places = deals.places();
        for (_, deal, change) in self.changes.iter().rev().filter(|(at, ..)| *at > end) {
            let Some(at) = places.get(deal).map(|at| *at as usize) else { continue };
            match change {
                Some((field, old)) => deals.set(at, *field, old),
                None => deals.was_not_there(at),
            }
        }
        deals.settle();
        deals
    }
}

fn put(deals: &mut Deals, record: &Record) {
    let at = deals.push(record.id);
    FIELDS.iter().enumerate().for_each(|(field, key)| deals.set(at, field, record.get(key)));
}

fn rates(eur: i64) -> Rates {
    let mut rates = Rates::new(Currency::USD);
    rates.set("EUR".parse().unwrap(), Date::constant(2020, 1, 1), Number(eur * 100_000));
    rates
}

fn then<'a>(deals: &'a Deals, rates: &'a Rates, day: i64) -> Then<'a> {
    Then { deals, rates, day: Date::constant(2026, 1, 1), at: Instant(day * DAY) }
}

/// Count, amount and weighted amount by a field, in loops over records.
fn plain(records: &[Record], rates: &Rates, by: &str, seen: Option<&HashSet<Id>>) -> HashMap<Value, (u64, i128, i128)> {
    let mut found: HashMap<Value, (u64, i128, i128)> = HashMap::new();
    for record in records.iter().filter(|record| seen.is_none_or(|seen| seen.contains(&record.id))) {
        if record.text("stage_type") != "in_progress" || !["normal", "in_change"].contains(&record.text("lifecycle_status")) {
            continue;
        }
        let main = |field: &str| {
            let money = record.get(field).as_money();
            money.map_or(0, |money| i128::from(rates.to_main(money, Date::constant(2026, 1, 1)).unwrap().0))
        };
        let group = found.entry(record.get(by).clone()).or_default();
        *group = (group.0 + 1, group.1 + main("amount"), group.2 + main("forecast_amount"));
    }
    found
}

fn lived(seed: u64, days: i64) -> (World, Vec<Vec<Record>>) {
    let (mut world, mut dice, mut copies) = (World::default(), Dice(seed * 7_919 + 3), Vec::new());
    for day in 0..days {
        for act in 0..25 {
            world.acts(day * DAY + act + 1, &mut dice);
        }
        copies.push(world.deals.values().cloned().collect());
    }
    (world, copies)
}

#[test]
fn what_is_reckoned_back_is_what_the_copy_of_that_day_says() {
    for seed in 0..40 {
        let (world, copies) = lived(seed, 12);
        let seen: HashSet<Id> = (0..40).filter(|n| n % 3 == 0).map(id).collect();
        for (day, copy) in copies.iter().enumerate() {
            let rates = rates(11 + day as i64);
            let deals = world.back_to((day as i64 + 1) * DAY);
            let then = then(&deals, &rates, day as i64 + 1);
            for visible in [None, Some(&seen)] {
                for by in ["stage", "owner", "expected_close_date"] {
                    let asked = Asked { visible, ..Asked::default() };
                    let told = then.pipeline(by, &asked);
                    for (value, figures) in &told {
                        let behind = then.behind(Some((by, value)), &asked);
                        let sum = |of: fn(&(Id, i64, i64)) -> i64| behind.iter().map(|deal| i128::from(of(deal))).sum::<i128>();
                        assert_eq!(
                            (behind.len() as u64, sum(|deal| deal.1), sum(|deal| deal.2)),
                            (figures.count, figures.amount, figures.weighted)
                        );
                    }
                    let told: HashMap<Value, _> = told.into_iter().map(|(value, of)| (value, (of.count, of.amount, of.weighted))).collect();
                    assert_eq!(told, plain(copy, &rates, by, visible), "seed {seed}, day {day}, by {by}");
                }
            }
            // Every field, of every deal.
            let known: BTreeMap<Id, usize> = deals.ids().iter().enumerate().map(|(at, id)| (*id, at)).collect();
            assert_eq!(known.len(), copy.len(), "seed {seed}, day {day}");
            for record in copy {
                let told = FIELDS.iter().enumerate().map(|(field, _)| deals.value(known[&record.id], field));
                assert!(told.zip(FIELDS).all(|(value, key)| value == *record.get(key)), "seed {seed}, day {day}: {record:?}");
            }
        }
    }
}

#[test]
fn the_parts_of_a_waterfall_always_add_up() {
    let mut happened: HashSet<Part> = HashSet::new();
    for seed in 0..60 {
        let (world, copies) = lived(seed, 10);
        let mut dice = Dice(seed + 17);
        for _ in 0..10 {
            let from = dice.below(9) as i64;
            let to = from + 1 + dice.below(9 - from as u64) as i64;
            let (before, after) = (world.back_to((from + 1) * DAY), world.back_to((to + 1) * DAY));
            let (old, new) = (rates(11), rates(11 + dice.below(3) as i64));
            let period = (dice.below(2) == 0).then(|| Date::constant(2026, 1, 1)..=Date::constant(2026, 2, 28));
            let ends = Ends { from: then(&before, &old, from + 1), to: then(&after, &new, to + 1), period: period.clone() };
            let found = waterfall(&ends, &Asked::default());
            let mut sums: HashMap<Part, [i128; 3]> = HashMap::new();
            for (part, _, delta) in &found {
                happened.insert(*part);
                let sum = sums.entry(*part).or_default();
                sum.iter_mut().zip([delta.count, delta.amount, delta.weighted]).for_each(|(sum, more)| *sum += i128::from(more));
            }
            let of = |part: Part| sums.get(&part).copied().unwrap_or_default();
            let mut total = of(Part::Opening);
            for part in Part::BETWEEN {
                total.iter_mut().zip(of(part)).for_each(|(sum, more)| *sum += more);
            }
            assert_eq!(total, of(Part::Closing), "seed {seed}, from {from} to {to}: {sums:?}");
            // Both ends are the pipelines of their days.
            let within = |record: &&Record| {
                period.as_ref().is_none_or(|period| record.get("expected_close_date").as_date().is_some_and(|day| period.contains(&day)))
            };
            for (part, day, rates) in [(Part::Opening, from, &old), (Part::Closing, to, &new)] {
                let copy: Vec<Record> = copies[day as usize].iter().filter(within).cloned().collect();
                let due = plain(&copy, rates, "stage", None).into_values().fold((0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
                assert_eq!(of(part), [i128::from(due.0), due.1, due.2], "seed {seed}, {part:?}");
            }
        }
    }
    assert_eq!(happened.len() - 2, Part::BETWEEN.len() - 2, "all that can happen has happened but being handed in or out: {happened:?}");
}
