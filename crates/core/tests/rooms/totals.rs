//! What is kept added up for boards is what the deals come to: always, for everybody, however many write at once.

use std::sync::Barrier;
use std::thread;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::organisation::AddRate;
use stagecraft_core::{check, organisation, processes, records, totals};
use testkit::rand::RngExt;
use testkit::rand::rngs::StdRng;
use testkit::{both, cases, random};

use crate::office::{Office, id_of};

/// A condition that every deal meets and no kept sum knows of: it makes the records themselves be asked.
fn asking_the_records(filter: Option<&Json>) -> String {
    let always = json!({"field": "name", "op": "is_not_empty"});
    json!({"all": filter.into_iter().chain([&always]).collect::<Vec<_>>()}).to_string()
}

impl Office {
    /// What is kept and what the records come to, as one person sees them.
    fn both_ways_agree(&self, who: Id, filter: Option<&Json>) {
        let plain = asking_the_records(filter);
        let kept = filter.map(Json::to_string);
        let board = |filter: Option<&str>| {
            let wanted = serde_json::from_value(json!({"filter": filter, "limit": 3})).unwrap();
            self.read(who, |cx, tx| processes::board(cx, tx, &wanted)).unwrap()["columns"].clone()
        };
        assert_eq!(board(kept.as_deref()), board(Some(&plain)), "board under {filter:?}");
        for group in ["owner", "owner_department", "stage", "stage_type", "sales_process", "lead_source"] {
            let groups = |filter: Option<&str>| {
                let wanted = json!({"filter": filter, "group": group, "sums": "amount,forecast_amount"});
                self.read(who, |cx, tx| records::groups(cx, tx, "opportunity", &serde_json::from_value(wanted.clone()).unwrap())).unwrap()
            };
            assert_eq!(groups(kept.as_deref()), groups(Some(&plain)), "groups by {group} under {filter:?}");
        }
        let count = |filter: Option<&str>| self.lists(who, "opportunity", json!({"filter": filter})).unwrap().1;
        assert_eq!(count(kept.as_deref()), count(Some(&plain)), "count under {filter:?}");
    }

    fn is_sound(&self) {
        let report = self.read(self.ada, check::all).unwrap();
        assert_eq!(report["faults"], json!([]));
    }

    fn adds_rate(&self, currency: &str, day: &str, rate: &str) {
        let rate: AddRate = serde_json::from_value(json!({"currency": currency, "day": day, "rate": rate})).unwrap();
        self.write(self.ada, |cx, tx| organisation::add_rate(cx, tx, &rate)).unwrap();
    }
}

fn pick<T: Copy>(dice: &mut StdRng, from: &[T]) -> T {
    from[dice.random_range(0..from.len())]
}

fn amount(dice: &mut StdRng) -> Json {
    match dice.random_range(0..5) {
        0 => Json::Null,
        1 => json!({"amount": "900000000000.99", "currency": "USD"}),
        _ => json!({"amount": format!("{}.5", dice.random_range(1..5_000)), "currency": pick(dice, &["USD", "EUR", "GBP"])}),
    }
}

/// One thing that somebody does, allowed or not: what is refused must leave nothing behind either.
fn act(office: &Office, dice: &mut StdRng, own: &mut Vec<Id>) {
    let people = [office.kim, office.karl, office.lee, office.mona, office.sven, office.hanna];
    let deal = if own.is_empty() { None } else { Some(pick(dice, own)) };
    let write = |f: &dyn Fn(&stagecraft_core::Ctx, &mut db::Write) -> stagecraft_core::Result<Json>| drop(office.write(office.ada, f));
    match (dice.random_range(0..12), deal) {
        (0..=3, _) | (_, None) => {
            let who = pick(dice, &people);
            own.push(id_of(&office.creates(who, "opportunity", json!({"name": "Rail", "amount": amount(dice)})).unwrap()));
        }
        (4 | 5, Some(deal)) => drop(office.edits(office.ada, "opportunity", deal, json!({"amount": amount(dice)}))),
        (6, Some(deal)) => drop(office.edits(office.ada, "opportunity", deal, json!({"win_rate": pick(dice, &["0", "33.33", "100"])}))),
        (7 | 8, Some(deal)) => {
            let stage = pick(dice, &["qualification", "proposal", "negotiation", "won", "lost", "invalid"]);
            let body =
                json!({"stage": stage, "fields": {"lost_reason": "price"}, "reason": "so it came", "dry_run": dice.random_bool(0.2)});
            drop(office.moves(office.ada, deal, None, body));
        }
        (9, Some(deal)) => {
            let wanted = json!({"owner": pick(dice, &people), "keep_as": if dice.random_bool(0.5) { json!("read") } else { Json::Null }});
            write(&|cx, tx| records::change_owner(cx, tx, "opportunity", deal, None, &serde_json::from_value(wanted.clone()).unwrap()));
        }
        (10, Some(deal)) if dice.random_bool(0.5) => {
            write(&|cx, tx| records::void(cx, tx, "opportunity", deal, None, &Default::default()));
        }
        (10, Some(deal)) => write(&|cx, tx| records::restore(cx, tx, "opportunity", deal, None, &Default::default())),
        (_, Some(deal)) => {
            let members = vec![serde_json::from_value(json!({"person": pick(dice, &people), "access": "read"})).unwrap()];
            write(&|cx, tx| records::set_team(cx, tx, "opportunity", deal, &members));
        }
    }
}

#[test]
fn what_is_kept_is_what_the_deals_come_to_for_everybody() {
    both(|database| {
        let office = Office::new(database);
        office.adds_rate("EUR", "2026-01-01", "1.1");
        office.adds_rate("GBP", "2026-01-01", "1.25");
        let (mut dice, mut own) = (random(11), Vec::new());
        for round in 0..cases(3) {
            for _ in 0..25 {
                act(&office, &mut dice, &mut own);
            }
            database.advance(20 * 86_400);
            office.adds_rate(pick(&mut dice, &["EUR", "GBP"]), "2026-01-02", &format!("1.{}", round + 1));
            let filters = [
                None,
                Some(json!({"field": "stage", "op": "in", "value": ["prospecting", "won"]})),
                Some(json!({"any": [{"field": "owner", "op": "is_me"}, {"not": {"field": "stage_type", "op": "eq", "value": "lost"}}]})),
                Some(json!({"field": "owner_department", "op": "is_empty"})),
            ];
            for who in [office.kim, office.lee, office.mona, office.hanna, office.ada, office.ines] {
                filters.iter().for_each(|filter| office.both_ways_agree(who, filter.as_ref()));
            }
            office.is_sound();
        }
    });
}

#[test]
fn it_stays_exact_when_many_write_at_once() {
    both(|database| {
        let office = Office::new(database);
        office.adds_rate("EUR", "2026-01-01", "1.1");
        office.adds_rate("GBP", "2026-01-01", "1.25");
        let sessions = 4;
        let barrier = Barrier::new(sessions);
        thread::scope(|scope| {
            for n in 0..sessions {
                let (office, barrier) = (office.clone(), &barrier);
                scope.spawn(move || {
                    let (mut dice, mut own) = (random(100 + n as u64), Vec::new());
                    barrier.wait();
                    for round in 0..cases(40) {
                        act(&office, &mut dice, &mut own);
                        if n == 0 && round % 10 == 9 {
                            office.adds_rate("EUR", "2026-01-02", &format!("1.{round}"));
                        }
                    }
                });
            }
        });
        office.is_sound();
        [office.mona, office.hanna, office.ada].into_iter().for_each(|who| office.both_ways_agree(who, None));
    });
}

#[test]
fn a_database_from_before_is_added_up_when_it_is_opened_and_a_difference_is_told() {
    both(|database| {
        let office = Office::new(database);
        for who in [office.kim, office.kim, office.lee] {
            office.deal(who, "Rail");
        }
        let forget = |table: &'static str| {
            office.house.db().write::<_, db::Error>(|tx| tx.execute(sea_query::Query::delete().from_table(table).to_owned())).unwrap()
        };
        forget("board_total");
        let report = office.read(office.ada, check::all).unwrap();
        assert_eq!(report["faults"][0]["check"], "totals_differ");
        // Two people's deals in one stage.
        assert_eq!(report["faults"][0]["count"], 2);
        let schema = office.house.meta().schema.clone();
        totals::fill(office.house.db(), &schema).unwrap();
        assert_eq!(office.read(office.ada, check::all).unwrap()["ok"], false, "it has been done once");
        forget("counter");
        totals::fill(office.house.db(), &schema).unwrap();
        assert_eq!(office.read(office.ada, check::all).unwrap()["ok"], true);
        office.both_ways_agree(office.hanna, None);
        // Somebody has put his hand in.
        forget("board_total");
        assert_eq!(totals::repair(&office.house).unwrap(), 2);
        assert_eq!(totals::repair(&office.house).unwrap(), 0);
        office.is_sound();
    });
}
