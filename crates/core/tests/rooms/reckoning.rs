//! What the product reckons stays what a recount says, whatever is done, and by however many at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};

use db::Limits;
use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, objects, organisation, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

fn label(text: &str) -> Json {
    json!({"en": text})
}

/// Numbers that are as good as random, and the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// An object of visits under accounts, with statistics and formulas over them in a chain: visits → deals → accounts → deals.
fn web(office: &Office) -> String {
    let add = |object: &str, body: Json| office.adds_field(object, body);
    let visit = office.makes_object(json!({"label": label("Visit"), "plural": label("Visits"), "base": {"by_parent": "opportunity"}}));
    assert_eq!(visit, "x_visit");
    add(&visit, json!({"label": label("Hours"), "type": "number", "scale": 2}));
    add(&visit, json!({"label": label("Costs"), "type": "currency"}));
    add(&visit, json!({"label": label("Day"), "type": "date"}));
    add(&visit, json!({"label": label("Done"), "type": "boolean"}));
    let over = |name: &str, function: &str, field: Option<&str>, condition: Option<Json>| {
        let mut body = json!({"key": format!("x_{name}"), "label": label(name), "type": "statistical", "of": "x_visit", "via": "x_opportunity", "function": function});
        if let Some(field) = field {
            body["field"] = field.into();
        }
        if let Some(condition) = condition {
            body["condition"] = condition;
        }
        add("opportunity", body);
    };
    let done = json!({"field": "x_done", "op": "eq", "value": true});
    over("visits", "count", None, None);
    over("done_visits", "count", None, Some(done.clone()));
    over("hours", "sum", Some("x_hours"), None);
    over("done_hours", "sum", Some("x_hours"), Some(done));
    over("costs", "sum", Some("x_costs"), None);
    over("mean_costs", "average", Some("x_costs"), None);
    over("mean_hours", "average", Some("x_hours"), None);
    over("most", "max", Some("x_costs"), None);
    over("least", "min", Some("x_hours"), None);
    over("last", "max", Some("x_day"), None);
    add("account", json!({"key": "x_factor", "label": label("Factor"), "type": "number", "scale": 2}));
    add(
        "opportunity",
        json!({"key": "x_net", "label": label("Net"), "type": "calculated", "formula": "amount - (x_costs ?? 0) * (account.x_factor ?? 1)", "result": "currency", "indexed": true}),
    );
    add(
        "account",
        json!({"key": "x_net", "label": label("Net"), "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "x_net"}),
    );
    add(
        "account",
        json!({"key": "x_visits", "label": label("Visits"), "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "x_visits"}),
    );
    add(
        "account",
        json!({"key": "x_big", "label": label("Big"), "type": "calculated", "formula": "(x_visits ?? 0) > 3", "result": "boolean", "indexed": true}),
    );
    add(
        "opportunity",
        json!({"key": "x_rest", "label": label("Rest"), "type": "calculated", "formula": "account.x_net - x_net", "result": "currency", "indexed": true}),
    );
    visit
}

#[test]
fn a_change_reaches_everything_that_follows_from_it() {
    both(|database| {
        let office = Office::new(database);
        web(&office);
        let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme", "x_factor": "2"})).unwrap());
        let deal = |name: &str, amount: &str| {
            let made = office.creates(office.mona, "opportunity", json!({"name": name, "amount": amount, "account": account}));
            id_of(&made.unwrap())
        };
        let (one, two) = (deal("One", "1000"), deal("Two", "500"));
        let money = |of: &str, id: Id, field: &str| office.field_of(office.mona, of, id, field)["amount"].clone();
        assert_eq!(
            [money("opportunity", one, "x_net"), money("account", account, "x_net"), money("opportunity", one, "x_rest")],
            ["1000.00", "1500.00", "500.00"]
        );
        let visit = office
            .creates(office.mona, "x_visit", json!({"name": "v", "x_opportunity": one, "x_costs": "10", "x_hours": "1.5", "x_done": true}))
            .unwrap();
        assert_eq!(
            [money("opportunity", one, "x_costs"), money("opportunity", one, "x_net"), money("account", account, "x_net")],
            ["10.00", "980.00", "1480.00"]
        );
        assert_eq!([money("opportunity", two, "x_rest"), money("opportunity", one, "x_rest")], ["980.00", "500.00"]);
        // The versions of those that nobody edited stay; their revisions and histories tell.
        let shown = office.reads(office.mona, "opportunity", one).unwrap();
        assert_eq!(shown["version"], 1);
        assert!(shown["revision"].as_i64().unwrap() > 1);
        office.edits(office.mona, "account", account, json!({"x_factor": "3"})).unwrap();
        assert_eq!([money("opportunity", one, "x_net"), money("account", account, "x_net")], ["970.00", "1470.00"]);
        office.edits(office.mona, "x_visit", id_of(&visit), json!({"x_opportunity": two})).unwrap();
        assert_eq!([money("opportunity", one, "x_net"), money("opportunity", two, "x_net")], ["1000.00", "470.00"]);
        assert!(office.field_of(office.mona, "opportunity", one, "x_costs").is_null());
        assert_eq!(office.field_of(office.mona, "opportunity", one, "x_visits"), "0");
        assert_eq!(office.field_of(office.mona, "opportunity", two, "x_mean_hours"), "1.5");
        office.agrees();
    });
}

#[test]
fn amounts_of_several_currencies_come_to_the_main_one_and_follow_its_rates() {
    both(|database| {
        let office = Office::new(database);
        web(&office);
        let rate = |rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2026-01-01", "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        rate("1.1");
        let deal = office.deal(office.kim, "Rail");
        let visit = |amount: &str, currency: &str| {
            let costs = json!({"amount": amount, "currency": currency});
            id_of(&office.creates(office.kim, "x_visit", json!({"name": "v", "x_opportunity": deal, "x_costs": costs})).unwrap())
        };
        let costs = || office.field_of(office.kim, "opportunity", deal, "x_costs");
        let euros = visit("10", "EUR");
        assert_eq!(costs(), json!({"amount": "10.00", "currency": "EUR"}));
        visit("5", "EUR");
        assert_eq!(costs(), json!({"amount": "15.00", "currency": "EUR"}));
        let dollars = visit("1", "USD");
        assert_eq!(costs(), json!({"amount": "17.50", "currency": "USD"}));
        office.edits(office.kim, "x_visit", euros, json!({"x_costs": {"amount": "20", "currency": "EUR"}})).unwrap();
        assert_eq!(costs(), json!({"amount": "28.50", "currency": "USD"}));
        rate("1.2");
        assert_eq!(costs(), json!({"amount": "31.00", "currency": "USD"}));
        assert_eq!(office.field_of(office.kim, "opportunity", deal, "x_net"), json!({"amount": "969.00", "currency": "USD"}));
        office.agrees();
        let wanted = records::Reason::default();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "x_visit", dollars, None, &wanted)).unwrap();
        assert_eq!(costs(), json!({"amount": "25.00", "currency": "EUR"}));
        office.agrees();
    });
}

/// One step of a scripted session; refusals and lost races are part of the play.
fn play(office: &Office, dice: &mut Dice, who: Id, deals: &[Id], accounts: &[Id], visits: &std::sync::Mutex<Vec<Id>>) {
    let some = |dice: &mut Dice, list: &[Id]| list[dice.below(list.len() as u64) as usize];
    let known = |dice: &mut Dice| {
        let visits = visits.lock().unwrap();
        (!visits.is_empty()).then(|| visits[dice.below(visits.len() as u64) as usize])
    };
    let fields = |dice: &mut Dice, deal: Id| {
        let currency = ["USD", "EUR"][dice.below(2) as usize];
        json!({
            "name": "v", "x_opportunity": deal, "x_hours": if dice.below(4) == 0 { Json::Null } else { format!("{}.{}", dice.below(9), dice.below(9)).into() },
            "x_costs": if dice.below(4) == 0 { Json::Null } else { json!({"amount": dice.below(100).to_string(), "currency": currency}) },
            "x_done": dice.below(2) == 0, "x_day": format!("2026-01-{:02}", 1 + dice.below(28)),
        })
    };
    let outcome = match dice.below(10) {
        0..=2 => {
            let deal = some(dice, deals);
            let made = office.creates(who, "x_visit", fields(dice, deal));
            if let Ok(made) = &made {
                visits.lock().unwrap().push(id_of(made));
            }
            made
        }
        3..=4 => {
            let Some(visit) = known(dice) else { return };
            let deal = some(dice, deals);
            office.edits(who, "x_visit", visit, fields(dice, deal))
        }
        5 => {
            let Some(visit) = known(dice) else { return };
            office.write(who, |cx, tx| records::void(cx, tx, "x_visit", visit, None, &records::Reason::default()))
        }
        6 => {
            let Some(visit) = known(dice) else { return };
            office.write(who, |cx, tx| records::restore(cx, tx, "x_visit", visit, None, &records::Reason::default()))
        }
        7 => {
            let (deal, account) = (some(dice, deals), some(dice, accounts));
            office.edits(who, "opportunity", deal, json!({"account": account, "amount": dice.below(5000).to_string()}))
        }
        8 => {
            let account = some(dice, accounts);
            office.edits(who, "account", account, json!({"x_factor": dice.below(4).to_string()}))
        }
        _ => {
            let (deal, account) = (dice.below(1000), some(dice, accounts));
            office.creates(who, "opportunity", json!({"name": format!("New {deal}"), "amount": deal.to_string(), "account": account}))
        }
    };
    match outcome {
        Ok(_) | Err(Error::Invalid(_) | Error::Conflict { .. } | Error::NotFound | Error::Forbidden { .. }) => {}
        Err(Error::Db(db::Error::Busy | db::Error::Undone(_))) => {}
        Err(other) => panic!("{other:?}"),
    }
}

/// Sessions that act at once, round by round. `STAGECRAFT_TEST_ROUNDS` makes it longer.
#[test]
fn whatever_is_done_at_once_every_figure_equals_a_recount() {
    let rounds: usize = std::env::var("STAGECRAFT_TEST_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    static SEED: AtomicU64 = AtomicU64::new(0x5eed_0003);
    both(|database| {
        let office = Office::new(database);
        web(&office);
        let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.1"})).unwrap();
        office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        let accounts: Vec<Id> =
            (0..3).map(|n| id_of(&office.creates(office.mona, "account", json!({"name": format!("A{n}")})).unwrap())).collect();
        let deals: Vec<Id> = (0..4)
            .map(|n| {
                id_of(
                    &office
                        .creates(office.mona, "opportunity", json!({"name": format!("D{n}"), "amount": "100", "account": accounts[n % 3]}))
                        .unwrap(),
                )
            })
            .collect();
        let visits = std::sync::Mutex::new(Vec::new());
        let sessions = 3;
        for round in 0..rounds {
            let barrier = Barrier::new(sessions);
            std::thread::scope(|scope| {
                for session in 0..sessions {
                    let (office, deals, accounts, visits, barrier) = (&office, &deals, &accounts, &visits, &barrier);
                    let seed = SEED.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed) | 1;
                    scope.spawn(move || {
                        let mut dice = Dice(seed);
                        for _ in 0..4 {
                            barrier.wait();
                            play(office, &mut dice, [office.mona, office.hanna, office.ada][session], deals, accounts, visits);
                        }
                    });
                }
            });
            if round % 4 == 3 {
                // A rate changes in between, and a field is reckoned anew while others go on.
                let rate = format!("1.{}", 1 + round);
                let wanted = serde_json::from_value(json!({"currency": "EUR", "day": "2026-01-01", "rate": rate})).unwrap();
                office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
                office.works();
                office.agrees();
            }
        }
        office.works();
        office.agrees();
        assert!(visits.lock().unwrap().len() > rounds, "the sessions did something");
    });
}

#[test]
fn a_field_made_under_traffic_counts_what_came_before_and_what_comes_meanwhile() {
    both(|database| {
        let office = Office::new(database);
        web(&office);
        let deal = office.deal(office.mona, "Rail");
        let add = |n: usize| {
            for i in 0..n {
                office.creates(office.mona, "x_visit", json!({"name": format!("v{i}"), "x_opportunity": deal, "x_hours": "1"})).unwrap();
            }
        };
        add(10);
        std::thread::scope(|scope| {
            scope.spawn(|| add(20));
            scope.spawn(|| {
                let body = json!({"key": "x_again", "label": label("Again"), "type": "statistical", "of": "x_visit", "via": "x_opportunity", "function": "sum", "field": "x_hours"});
                office.adds_field("opportunity", body);
                office.changes_field("opportunity", "x_net", json!({"formula": "amount - (x_hours ?? 0) * amount / 1000"})).unwrap();
            });
        });
        office.works();
        assert_eq!(office.field_of(office.mona, "opportunity", deal, "x_again"), "30");
        assert_eq!(office.field_of(office.mona, "opportunity", deal, "x_net")["amount"], "970.00");
        office.agrees();
    });
}

#[test]
fn a_new_formula_is_reckoned_on_all_records_with_progress_and_what_follows_from_it_too() {
    both(|database| {
        let office = Office::new(database);
        let a = office.adds_field(
            "opportunity",
            json!({"label": label("A"), "type": "calculated", "formula": "amount / 2", "result": "currency", "indexed": true}),
        );
        let b = office.adds_field(
            "opportunity",
            json!({"label": label("B"), "type": "calculated", "formula": format!("{a} * 2"), "result": "currency", "indexed": true}),
        );
        let deals: Vec<Id> = (0..30).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        let body = json!({"formula": "amount / 4"}).as_object().unwrap().clone();
        let (answer, job) = office.write(office.ada, |cx, tx| objects::update_field(cx, tx, "opportunity", &a, None, &body)).unwrap();
        assert_eq!(answer["field"]["settling"], true);
        // What is saved meanwhile goes by the new formula at once.
        office.edits(office.kim, "opportunity", deals[0], json!({"amount": "400"})).unwrap();
        assert_eq!(office.field_of(office.kim, "opportunity", deals[0], &b)["amount"], "200.00");
        assert_eq!(office.field_of(office.kim, "opportunity", deals[1], &b)["amount"], "1000.00");
        office.works();
        let job = office.read(office.ada, |cx, tx| stagecraft_core::jobs::one(cx, tx, job.unwrap())).unwrap();
        assert_eq!((job["state"].as_str(), job["done"].as_i64(), job["total"].as_i64()), (Some("done"), Some(60), Some(60)));
        assert_eq!(office.field_of(office.kim, "opportunity", deals[1], &b)["amount"], "500.00");
        let shown = office.definition("opportunity");
        assert!(shown["fields"].as_array().unwrap().iter().all(|field| field["settling"] == false && field["job"].is_null()));
        // Marked as indexed later, it is stored from then on.
        let c = office.adds_field(
            "opportunity",
            json!({"label": label("C"), "type": "calculated", "formula": format!("{b} > 300"), "result": "boolean"}),
        );
        assert_eq!(office.field_of(office.kim, "opportunity", deals[1], &c), true);
        let filter = json!({"filter": format!(r#"{{"field":"{c}","op":"eq","value":true}}"#)});
        assert_eq!(refusals(office.lists(office.kim, "opportunity", filter.clone())), [format!("field.not_indexed:{c}")]);
        office.changes_field("opportunity", &c, json!({"indexed": true})).unwrap();
        assert_eq!(office.lists(office.kim, "opportunity", filter).unwrap().1, 29);
        office.agrees();
    });
}

#[test]
fn more_than_a_thousand_that_follow_are_left_to_a_job() {
    both(|database| {
        let office = Office::new(database);
        let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme", "employees": "10"})).unwrap());
        office.adds_field("opportunity", json!({"key": "x_size", "label": label("Size"), "type": "calculated", "formula": "account.employees * 2", "result": "number", "indexed": true}));
        let make = |n: usize| {
            let changes = (0..n)
                .map(|i| {
                    let mut change = stagecraft_core::save::Change::new("opportunity", stagecraft_core::save::Deed::Create);
                    change.patch =
                        [("name", model::Value::from(format!("D{i}"))), ("account", account.into()), ("owner", office.mona.into())]
                            .into_iter()
                            .map(|(k, v)| (k.to_owned(), v))
                            .collect();
                    change
                })
                .collect::<Vec<_>>();
            let saved = office
                .house
                .write(&Credential::System("many"), Limits::default(), Via::System, |cx, tx| {
                    stagecraft_core::save::save_all(cx, tx, "opportunity", changes.clone())
                })
                .unwrap();
            saved.into_iter().map(|one| one.unwrap().record.id).collect::<Vec<Id>>()
        };
        let deals = make(1002);
        office.edits(office.mona, "account", account, json!({"employees": "20"})).unwrap();
        assert_eq!(office.field_of(office.mona, "opportunity", deals[7], "x_size"), "20");
        office.works();
        assert_eq!(office.field_of(office.mona, "opportunity", deals[7], "x_size"), "40");
        assert_eq!(office.field_of(office.mona, "opportunity", deals[1001], "x_size"), "40");
        office.agrees();
    });
}

#[test]
fn what_was_changed_behind_the_products_back_is_found_and_put_right() {
    both(|database| {
        let office = Office::new(database);
        web(&office);
        let deal = office.deal(office.mona, "Rail");
        for hours in ["1", "2"] {
            office.creates(office.mona, "x_visit", json!({"name": "v", "x_opportunity": deal, "x_hours": hours, "x_costs": "5"})).unwrap();
        }
        // As a restored table, or somebody with a database tool, would do.
        office
            .house
            .write::<_>(&Credential::System("test"), Limits::default(), Via::System, |_, tx| {
                let visits = sea_query::Query::update().table("r_x_visit").value("x_hours", 9_000_000_i64).to_owned();
                Ok(tx.execute(visits)?)
            })
            .unwrap();
        let check = || office.house.read(&Credential::System("test"), Limits::default(), stagecraft_core::check::rollups).unwrap();
        let found = check();
        assert_eq!((found["ok"].as_bool(), found["faults"][0]["check"].as_str()), (Some(false), Some("rollup_differs")));
        let mended = stagecraft_core::reckoning::repair(&office.house).unwrap();
        let fields: Vec<&str> = mended.iter().map(|(_, field, _)| field.as_str()).collect();
        assert_eq!(fields, ["x_hours", "x_least", "x_mean_hours"]);
        assert_eq!(check()["ok"], true);
        assert_eq!(office.field_of(office.mona, "opportunity", deal, "x_hours"), "18");
    });
}

#[test]
fn a_formula_follows_what_is_stored_and_not_what_was_typed_and_taken_back() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field(
            "opportunity",
            json!({"key": "x_odds", "label": label("Odds"), "type": "calculated", "formula": "(win_rate ?? 0) * 2", "result": "number", "scale": 2, "indexed": true}),
        );
        let deal = office.deal(office.kim, "Rail");
        let stands = office.field_of(office.kim, "opportunity", deal, "x_odds");
        // An emptied win rate goes back to the stage's.
        office.edits(office.kim, "opportunity", deal, json!({"win_rate": null, "next_step": "Call"})).unwrap();
        assert_eq!(office.field_of(office.kim, "opportunity", deal, "x_odds"), stands);
        office.agrees();
        // A closed deal is sure, whatever is typed.
        office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"win_rate": "50", "next_step": "Rest"})).unwrap();
        assert_eq!(office.field_of(office.kim, "opportunity", deal, "x_odds"), "0");
        office.agrees();
    });
}

#[test]
fn however_many_objects_follow_from_a_record_it_can_be_saved() {
    both(|database| {
        let office = Office::new(database);
        let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme", "employees": "1"})).unwrap());
        for n in 0..34 {
            let key = format!("x_o{n}");
            let wanted =
                serde_json::from_value(json!({"key": key, "label": label("O"), "plural": label("Os"), "base": {"by_parent": "account"}}))
                    .unwrap();
            office.write(office.ada, |cx, tx| objects::create_object(cx, tx, &wanted)).unwrap();
            office
                .tries_to_add(&key, json!({"key": "x_size", "label": label("Size"), "type": "calculated", "formula": "x_account.employees * 2", "result": "number", "indexed": true}))
                .unwrap_or_default();
            office.works();
            office.creates(office.mona, &key, json!({"name": "o", "x_account": account})).unwrap();
        }
        for n in 0..34 {
            office.adds_field("account", json!({"key": format!("x_o{n}"), "label": label("S"), "type": "statistical", "of": format!("x_o{n}"), "via": "x_account", "function": "sum", "field": "x_size"}));
        }
        office.edits(office.mona, "account", account, json!({"employees": "5"})).unwrap();
        assert_eq!(office.field_of(office.mona, "account", account, "x_o33"), "10");
        office.agrees();
    });
}

#[test]
fn a_child_that_changes_in_two_ways_at_once_is_counted_once() {
    both(|database| {
        let office = Office::new(database);
        let add = |object: &str, body: Json| office.adds_field(object, body);
        let visit = office.makes_object(json!({"label": label("Visit"), "plural": label("Visits"), "base": {"by_parent": "opportunity"}}));
        add(&visit, json!({"label": label("Hours"), "type": "number", "scale": 2}));
        add(&visit, json!({"label": label("Done"), "type": "boolean"}));
        add("opportunity", json!({"key": "x_lead", "label": label("Lead visit"), "type": "reference", "object": visit}));
        add(
            "opportunity",
            json!({"key": "x_hours", "label": label("Hours"), "type": "statistical", "of": visit, "via": "x_opportunity", "function": "sum", "field": "x_hours"}),
        );
        add(
            "opportunity",
            json!({"key": "x_done", "label": label("Done"), "type": "calculated", "formula": "x_lead.x_done ?? false", "result": "boolean", "indexed": true}),
        );
        add(
            "account",
            json!({"key": "x_hours", "label": label("Hours"), "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "x_hours",
                "condition": {"field": "x_done", "op": "eq", "value": true}}),
        );
        let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme"})).unwrap());
        let mut visits = Vec::new();
        for hours in ["1", "7"] {
            let deal = id_of(&office.creates(office.mona, "opportunity", json!({"name": "Rail", "account": account})).unwrap());
            let made = office.creates(office.mona, &visit, json!({"name": "v", "x_opportunity": deal, "x_hours": hours, "x_done": true}));
            let made = id_of(&made.unwrap());
            office.edits(office.mona, "opportunity", deal, json!({"x_lead": made})).unwrap();
            visits.push(made);
        }
        assert_eq!(office.field_of(office.mona, "account", account, "x_hours"), "8");
        office.edits(office.mona, &visit, visits[0], json!({"x_hours": "5", "x_done": false})).unwrap();
        assert_eq!(office.field_of(office.mona, "account", account, "x_hours"), "7");
        office.agrees();
    });
}

#[test]
fn a_parent_of_its_own_kind_is_counted_once() {
    both(|database| {
        let office = Office::new(database);
        let add = |object: &str, body: Json| office.adds_field(object, body);
        let region = office.makes_object(json!({"label": label("Region"), "plural": label("Regions")}));
        add("opportunity", json!({"key": "x_above", "label": label("Above"), "type": "reference", "object": "opportunity"}));
        add("opportunity", json!({"key": "x_region", "label": label("Region"), "type": "reference", "object": region}));
        add("opportunity", json!({"key": "x_own", "label": label("Own"), "type": "number", "scale": 0}));
        add("opportunity", json!({"key": "x_flag", "label": label("Flag"), "type": "boolean"}));
        let sum = |of: &str, via: &str| {
            json!({"key": "x_below", "label": label("Below"), "type": "statistical", "of": "opportunity", "via": via, "function": "sum", "field": of,
                "condition": {"field": "x_flag", "op": "eq", "value": true}})
        };
        add("opportunity", sum("x_own", "x_above"));
        add(&region, sum("x_below", "x_region"));
        let region_id = id_of(&office.creates(office.mona, &region, json!({"name": "North"})).unwrap());
        let deal = |fields: Json| id_of(&office.creates(office.mona, "opportunity", fields).unwrap());
        let top = deal(json!({"name": "Top", "x_region": region_id, "x_flag": true}));
        let child = deal(json!({"name": "Child", "x_above": top, "x_own": "1", "x_flag": true}));
        let other = deal(json!({"name": "Other", "x_region": region_id, "x_flag": true}));
        deal(json!({"name": "Below other", "x_above": other, "x_own": "3", "x_flag": true}));
        assert_eq!(office.field_of(office.mona, &region, region_id, "x_below"), "4");
        let change = |id: Id, field: &str, value: model::Value| {
            let mut change = stagecraft_core::save::Change::of("opportunity", id, stagecraft_core::save::Deed::Edit);
            change.patch.insert(field.to_owned(), value);
            change
        };
        office
            .write(office.mona, |cx, tx| {
                let changes =
                    vec![change(child, "x_own", model::Number::whole(5).into()), change(other, "x_flag", model::Value::Bool(false))];
                stagecraft_core::save::save_all(cx, tx, "opportunity", changes)
            })
            .unwrap();
        assert_eq!(office.field_of(office.mona, &region, region_id, "x_below"), "5");
        office.agrees();
    });
}

#[test]
fn a_field_that_goes_while_others_are_reckoned_leaves_none_of_them_out() {
    both(|database| {
        let office = Office::new(database);
        let formula = |key: &str, formula: &str| {
            office.adds_field(
                "opportunity",
                json!({"key": key, "label": label(key), "type": "calculated", "formula": formula, "result": "number", "scale": 2, "indexed": true}),
            );
        };
        formula("x_a", "(win_rate ?? 0) * 2");
        formula("x_b", "x_a * 2");
        formula("x_c", "x_a * 3");
        let deal = office.deal(office.kim, "Rail");
        let body = json!({"formula": "7"}).as_object().unwrap().clone();
        let (_, job) = office.write(office.ada, |cx, tx| objects::update_field(cx, tx, "opportunity", "x_a", None, &body)).unwrap();
        let job = job.unwrap();
        // The first two are done.
        for _ in 0..2 {
            stagecraft_core::jobs::run(&office.house, job, std::time::Duration::ZERO).unwrap();
        }
        assert_eq!(office.field_of(office.kim, "opportunity", deal, "x_b"), "14");
        office.write(office.ada, |cx, tx| objects::act_on_field(cx, tx, "opportunity", "x_b", objects::FieldAct::Hide)).unwrap();
        database.advance(60);
        office.works();
        assert_eq!(office.field_of(office.kim, "opportunity", deal, "x_c"), "21");
        office.agrees();
    });
}

#[test]
fn what_changes_while_a_job_is_about_to_begin_is_seen_by_it() {
    let database = testkit::Database::postgres();
    let office = Office::new(&database);
    let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme", "employees": "10"})).unwrap());
    office.adds_field("opportunity", json!({"key": "x_size", "label": label("Size"), "type": "calculated", "formula": "account.employees * 2", "result": "number", "indexed": true}));
    many_deals(&office, account, 1002);
    office.edits(office.mona, "account", account, json!({"employees": "20"})).unwrap();
    let (saved, wait) = (Barrier::new(2), std::sync::mpsc::channel::<()>());
    let (done, waits) = wait;
    std::thread::scope(|scope| {
        let waits = std::sync::Mutex::new(waits);
        let (office, saved) = (&office, &saved);
        scope.spawn(move || {
            let wanted = serde_json::from_value(json!({"fields": {"employees": "30"}})).unwrap();
            office
                .write(office.mona, |cx, tx| {
                    let answer = records::update(cx, tx, "account", account, None, &wanted)?;
                    saved.wait();
                    // Commits when the job is through, or has been waiting for long enough.
                    let _ = waits.lock().unwrap().recv_timeout(std::time::Duration::from_millis(1200));
                    Ok(answer)
                })
                .unwrap();
        });
        saved.wait();
        office.works();
        let _ = done.send(());
    });
    office.works();
    office.agrees();
}

/// Deals of an account, made by the product itself.
fn many_deals(office: &Office, account: Id, n: usize) -> Vec<Id> {
    let changes = (0..n)
        .map(|i| {
            let mut change = stagecraft_core::save::Change::new("opportunity", stagecraft_core::save::Deed::Create);
            change.patch = [("name", model::Value::from(format!("D{i}"))), ("account", account.into()), ("owner", office.mona.into())]
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect();
            change
        })
        .collect::<Vec<_>>();
    let saved = office
        .house
        .write(&Credential::System("many"), Limits::default(), Via::System, |cx, tx| {
            stagecraft_core::save::save_all(cx, tx, "opportunity", changes.clone())
        })
        .unwrap();
    saved.into_iter().map(|one| one.unwrap().record.id).collect()
}

#[test]
fn a_formula_changed_while_it_is_filled_is_filled_anew() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let field = |formula: &str| {
            json!({"key": "x_a", "label": label("A"), "type": "calculated", "formula": formula, "result": "number", "scale": 2, "indexed": true}).as_object().unwrap().clone()
        };
        let (_, job) = office.write(office.ada, |cx, tx| objects::add_field(cx, tx, "opportunity", &field("5"))).unwrap();
        let job = job.unwrap();
        // The column is made, and every record filled.
        for _ in 0..2 {
            stagecraft_core::jobs::run(&office.house, job, std::time::Duration::ZERO).unwrap();
        }
        let body = json!({"formula": "7"}).as_object().unwrap().clone();
        office.write(office.ada, |cx, tx| objects::update_field(cx, tx, "opportunity", "x_a", None, &body)).unwrap();
        stagecraft_core::jobs::run(&office.house, job, std::time::Duration::ZERO).unwrap();
        office.agrees();
        office.works();
        assert_eq!(office.field_of(office.kim, "opportunity", deal, "x_a"), "7");
        office.agrees();
    });
}

#[test]
fn a_sum_that_no_field_can_hold_is_left_blank_by_a_job_and_refused_by_a_save() {
    both(|database| {
        let office = Office::new(database);
        let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme"})).unwrap());
        for name in ["A", "B"] {
            office.creates(office.mona, "opportunity", json!({"name": name, "amount": "600000000000000", "account": account})).unwrap();
        }
        let other = id_of(&office.creates(office.mona, "account", json!({"name": "Other"})).unwrap());
        office.creates(office.mona, "opportunity", json!({"name": "C", "amount": "5", "account": other})).unwrap();
        let sum = office.adds_field("account", json!({"label": label("All"), "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "amount"}));
        assert!(office.field_of(office.mona, "account", account, &sum).is_null());
        assert_eq!(office.field_of(office.mona, "account", other, &sum)["amount"], "5.00");
        office.agrees();
        let more = office.creates(office.mona, "opportunity", json!({"name": "D", "amount": "1", "account": account}));
        assert!(refusals(more).iter().all(|code| code.starts_with("money.overflow")));
    });
}

#[test]
fn days_are_reckoned_anew_where_they_begin_at_another_moment() {
    both(|database| {
        let office = Office::new(database);
        let day = office.adds_field(
            "opportunity",
            json!({"label": label("Day"), "type": "calculated", "formula": "date_of(created_at)", "result": "date", "indexed": true}),
        );
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.field_of(office.kim, "opportunity", deal, &day), "2026-01-05");
        let zone = serde_json::from_value(json!({"time_zone": "Pacific/Kiritimati"})).unwrap();
        office.write(office.ada, |cx, tx| organisation::update(cx, tx, &zone)).unwrap();
        database.advance(1);
        office.works();
        office.agrees();
    });
}
