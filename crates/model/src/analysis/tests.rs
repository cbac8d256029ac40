//! The worked example by hand, and the columns against the plain loops on random histories.

mod standing;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::*;
use crate::process::{How, Stay};

const DAY: i64 = 86_400_000_000;
const PROCESS: Id = Id(uuid::Uuid::from_u128(1));
const OTHER: Id = Id(uuid::Uuid::from_u128(2));

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

fn types() -> HashMap<String, StageType> {
    let of = |key: &str, kind| (key.to_owned(), kind);
    HashMap::from([
        of("s1", StageType::InProgress),
        of("s2", StageType::InProgress),
        of("s3", StageType::InProgress),
        of("old", StageType::InProgress),
        of("won", StageType::Won),
        of("lost", StageType::Lost),
        of("invalid", StageType::Invalid),
    ])
}

fn stages() -> Vec<String> {
    ["s1", "s2", "s3"].map(str::to_owned).to_vec()
}

/// A deal whose stays follow each other: the stage, the day of entering.
fn walk(n: u128, created: i64, process: Id, way: &[(&str, i64)]) -> (Deal, Vec<Stay>) {
    let deal = id(n);
    let stays: Vec<Stay> = way
        .iter()
        .enumerate()
        .map(|(at, (stage, entered))| {
            let next = way.get(at + 1);
            let terminal = ["won", "lost", "invalid"].contains(stage);
            Stay {
                id: id(n * 1000 + at as u128),
                opportunity: deal,
                process,
                process_version: 1,
                stage: (*stage).to_owned(),
                run: 1,
                entered_at: Instant(entered * DAY),
                left_at: if terminal { Some(Instant(entered * DAY)) } else { next.map(|(_, left)| Instant(left * DAY)) },
                to_stage: if terminal { None } else { next.map(|(stage, _)| (*stage).to_owned()) },
                entered_by: deal,
                left_by: None,
                how: How::Advance,
                reason: None,
                skipped: Vec::new(),
                bypassed: Vec::new(),
            }
        })
        .collect();
    let (stage, last) = way.last().copied().unwrap();
    let closed = ["won", "lost", "invalid"].contains(&stage);
    let deal = Deal {
        id: deal,
        process,
        stage: stage.to_owned(),
        owner: None,
        department: None,
        opportunity_type: None,
        created_at: Instant(created * DAY),
        expected_close_date: None,
        closed_at: closed.then_some(Instant(last * DAY)),
        analysis_amount: None,
        amount: None,
        forecast_amount: None,
        forecast_category: None,
        product: None,
        lead_source: None,
    };
    (deal, stays)
}

fn both(frame: &Frame<'_>, deals: &[(Deal, Vec<Stay>)], filter: &Filter) -> Conversion {
    let mut columns = Columns::default();
    deals.iter().for_each(|(deal, stays)| columns.put(PROCESS, deal, stays));
    let (all, stays): (Vec<Deal>, Vec<Vec<Stay>>) = deals.iter().cloned().unzip();
    let plain = plain(frame, &all, &stays.concat(), filter);
    assert_eq!(columns.conversion(frame, filter), plain);
    plain
}

#[test]
fn the_worked_example_comes_out_as_reckoned_by_hand() {
    let (types, stages) = (types(), stages());
    let frame = Frame { process: PROCESS, stages: &stages, types: &types, now: Instant(30 * DAY) };
    let worth = |(deal, stays): (Deal, Vec<Stay>), amount: i64, analysis: i64| {
        (Deal { amount: Some(amount * 10_000), analysis_amount: Some(analysis * 10_000), ..deal }, stays)
    };
    let deals = [
        worth(walk(1, 0, PROCESS, &[("s1", 0), ("s2", 2), ("s3", 6), ("won", 10)]), 100, 100),
        worth(walk(2, 0, PROCESS, &[("s1", 0), ("lost", 4)]), 50, 10),
        worth(walk(3, 5, PROCESS, &[("s1", 5), ("s2", 9)]), 200, 80),
        worth(walk(4, 10, PROCESS, &[("s1", 10), ("s2", 11), ("s1", 13)]), 80, 16),
    ];
    let found = both(&frame, &deals, &Filter::default());
    let rows: Vec<_> = found
        .stages
        .iter()
        .map(|row| {
            let days = row.average_seconds().unwrap() / 86_400;
            let percent = |millionths: Option<i64>| millionths.unwrap() / 1_000_000;
            let parts = (row.total, row.transitioned(), row.retained, row.lost);
            (row.stage.as_str(), parts, row.amount / 10_000, days, percent(row.loss_rate()), percent(found.overall_conversion(row)))
        })
        .collect();
    assert_eq!(rows, [("s1", (4, 2, 1, 1), 206, 7, 25, 100), ("s2", (3, 2, 1, 0), 196, 9, 0, 75), ("s3", (1, 1, 0, 0), 100, 4, 0, 25),]);
    assert_eq!((found.won, found.sales_cycle(), found.average_deal_size()), (1, Some(10 * 86_400), Some(100 * 10_000)));
}

#[test]
fn of_nothing_there_are_no_averages() {
    let (types, stages) = (types(), stages());
    let frame = Frame { process: PROCESS, stages: &stages, types: &types, now: Instant(0) };
    let found = both(&frame, &[], &Filter::default());
    assert_eq!(found.stages.iter().map(|row| row.total).collect::<Vec<_>>(), [0, 0, 0]);
    let row = &found.stages[0];
    assert_eq!((row.average_seconds(), row.loss_rate(), found.overall_conversion(row)), (None, None, None));
    assert_eq!((found.sales_cycle(), found.average_deal_size()), (None, None));
}

/// A small generator of random numbers, the same in every run.
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

/// One of so many deals, with any history.
fn random(dice: &mut Dice, many: u64) -> (Deal, Vec<Stay>) {
    let n = 1 + u128::from(dice.below(many));
    let mut day = dice.below(50) as i64;
    let created = day;
    let mut way = Vec::new();
    for _ in 0..=dice.below(6) {
        way.push((dice.one(&["s1", "s2", "s3", "old", "gone"]), day));
        day += dice.below(9) as i64;
    }
    if dice.below(2) == 0 {
        way.push((dice.one(&["won", "lost", "invalid"]), day));
        // Reopened, and perhaps closed again.
        if dice.below(4) == 0 {
            way.push((dice.one(&["s1", "s2"]), day + 1));
            if dice.below(2) == 0 {
                way.push((dice.one(&["won", "lost"]), day + 3));
            }
        }
    }
    let (mut deal, mut stays) = walk(n, created, PROCESS, &way);
    for (at, stay) in stays.iter_mut().enumerate() {
        stay.run = at as i64;
    }
    if dice.below(8) == 0 {
        deal.process = OTHER;
    }
    let some = |dice: &mut Dice, value: u64| (dice.below(5) > 0).then_some(value);
    deal.owner = some(dice, 1).map(|_| id(100 + u128::from(dice.below(6))));
    deal.department = some(dice, 1).map(|_| id(200 + u128::from(dice.below(3))));
    deal.opportunity_type = some(dice, 1).map(|_| dice.one(&["new", "renewal"]).to_owned());
    deal.expected_close_date = some(dice, 1).map(|_| Date::constant(2026, 1 + dice.below(12) as i8, 1 + dice.below(28) as i8));
    deal.amount = some(dice, 1).map(|_| dice.below(1_000_000) as i64);
    deal.analysis_amount = deal.amount.map(|amount| amount / 3);
    deal.forecast_amount = some(dice, 1).and(deal.amount).map(|amount| amount / 2);
    deal.forecast_category = some(dice, 1).map(|_| dice.one(&["pipeline", "best_case", "commit", "omitted", "closed", "own"]).to_owned());
    deal.product = some(dice, 1).map(|_| id(300 + u128::from(dice.below(3))));
    deal.lead_source = some(dice, 1).map(|_| dice.one(&["website", "event"]).to_owned());
    (deal, stays)
}

fn random_filter(dice: &mut Dice) -> Filter {
    let mut filter = Filter::default();
    let mut ids = |from: u128, of: u64| -> HashSet<Id> { (0..=dice.below(3)).map(|_| id(from + u128::from(dice.below(of)))).collect() };
    let (owners, departments, seen, given, among) = (ids(100, 6), ids(200, 3), ids(100, 6), ids(1, 60), ids(1, 60));
    let except = ids(1, 60);
    let mut days = || -> Range<Instant> {
        let from = dice.below(60) as i64;
        Instant(from * DAY)..Instant((from + dice.below(40) as i64) * DAY)
    };
    let (created, entered, closed) = (days(), days(), days());
    let chosen = dice.below(4096);
    let on = |bit: u64| chosen >> bit & 3 == 3;
    filter.owners = on(0).then_some(owners);
    filter.departments = on(1).then_some(departments);
    filter.created = on(2).then_some(created);
    filter.entered = on(3).then_some(entered);
    filter.closed = on(4).then_some(closed);
    filter.opportunity_types = on(5).then(|| HashSet::from(["new".to_owned()]));
    filter.expected_close_date = on(6).then(|| Date::constant(2026, 3, 1)..Date::constant(2026, 9, 1));
    filter.among = on(7).then_some(among);
    if on(4) {
        filter.except = except;
    }
    if on(8) {
        filter.sight = Sight::Of { owners: seen, given };
    }
    filter
}

/// Deals come, change and go in any order; whatever is asked then is what the plain loops say, and behind every figure stand as many deals.
#[test]
fn columns_say_what_the_plain_loops_say() {
    let (types, stages) = (types(), stages());
    for seed in 0..60 {
        let mut dice = Dice(seed * 7_919 + 1);
        let (mut columns, mut known): (Columns, HashMap<Id, (Deal, Vec<Stay>)>) = Default::default();
        for round in 0..40 {
            for _ in 0..8 {
                let (deal, stays) = random(&mut dice, 60);
                if dice.below(6) == 0 {
                    columns.remove(deal.id);
                    known.remove(&deal.id);
                } else {
                    columns.put(PROCESS, &deal, &stays);
                    known.insert(deal.id, (deal, stays));
                }
            }
            let frame = Frame { process: PROCESS, stages: &stages, types: &types, now: Instant((40 + round) * DAY + 7) };
            let filter = random_filter(&mut dice);
            let (deals, stays): (Vec<Deal>, Vec<Vec<Stay>>) = known.values().cloned().unzip();
            let found = columns.conversion(&frame, &filter);
            assert_eq!(found, plain(&frame, &deals, &stays.concat(), &filter), "seed {seed}, round {round}: {filter:?}");
            for row in &found.stages {
                let behind = |part| columns.behind(&frame, &filter, &row.stage, part).len() as u64;
                let amount: i128 =
                    columns.behind(&frame, &filter, &row.stage, Part::Total).iter().map(|(worth, _)| i128::from(*worth)).sum();
                assert_eq!(amount, row.amount);
                let parts = [Part::Total, Part::Transitioned, Part::Retained, Part::Lost].map(behind);
                assert_eq!(parts, [row.total, row.transitioned(), row.retained, row.lost]);
            }
            assert_eq!(columns.won(&frame, &filter).len() as u64, found.won);
            assert_eq!(columns.len(), known.len());
        }
    }
}

#[test]
fn gaps_are_closed_and_nothing_is_lost() {
    let (types, stages) = (types(), stages());
    let frame = Frame { process: PROCESS, stages: &stages, types: &types, now: Instant(300 * DAY) };
    let (mut columns, mut dice) = (Columns::default(), Dice(5));
    let mut known = HashMap::new();
    for _ in 0..20_000 {
        let (deal, stays) = random(&mut dice, 400);
        columns.put(PROCESS, &deal, &stays);
        known.insert(deal.id, (deal, stays));
    }
    let (deals, stays): (Vec<Deal>, Vec<Vec<Stay>>) = known.into_values().unzip();
    assert_eq!(columns.conversion(&frame, &Filter::default()), plain(&frame, &deals, &stays.concat(), &Filter::default()));
    let (used, slots) = columns.slots();
    assert!(slots < 2 * used + 2048, "{slots} slots for {used} visits");
}
