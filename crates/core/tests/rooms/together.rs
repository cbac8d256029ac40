//! Two people in the same instant.

use std::sync::Barrier;
use std::thread;

use model::Id;
use serde_json::json;
use stagecraft_core::{Error, idempotency, objects, processes};
use testkit::both;

use crate::office::{Office, id_of, refusals};

/// Runs both at once and gives their results.
pub fn at_once<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            a()
        });
        let second = scope.spawn(|| {
            barrier.wait();
            b()
        });
        (first.join().unwrap(), second.join().unwrap())
    })
}

#[test]
fn of_two_who_move_one_deal_one_wins_and_the_other_is_shown_the_present() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..10 {
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let (a, b) = at_once(
                || office.moves(office.kim, deal, Some(1), json!({"stage": "qualification"})),
                || office.moves(office.mona, deal, Some(1), json!({"stage": "lost", "fields": {"lost_reason": "price"}})),
            );
            let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
            let stage = won.unwrap()["record"]["fields"]["stage"].clone();
            let Err(Error::Conflict { record }) = lost else { panic!("both won, or lost for another reason: {lost:?}") };
            assert_eq!((record["fields"]["stage"].clone(), record["version"].as_i64()), (stage, Some(2)));
            let stays = office.read(office.kim, |cx, tx| processes::stays(cx, tx, deal)).unwrap();
            assert_eq!(stays["items"].as_array().unwrap().len(), 2);
        }
    });
}

#[test]
fn of_two_who_save_one_unique_value_one_wins() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..10 {
            let product = || office.creates(office.ada, "product", json!({"name": format!("Motor {round}")}));
            let (a, b) = at_once(product, product);
            let refused = if a.is_ok() { b } else { a };
            assert_eq!(refusals(refused), ["field.not_unique:name"]);
        }
    });
}

#[test]
fn lines_written_at_once_are_all_in_the_sum() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let add = |who: Id| {
            for n in 0..10 {
                office
                    .creates(
                        who,
                        "opportunity_line",
                        json!({"opportunity": deal, "name": format!("Line {n}"), "quantity": "1", "price": "1"}),
                    )
                    .unwrap();
            }
        };
        at_once(|| add(office.kim), || add(office.mona));
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["lines_total"]["amount"], "20.00");
    });
}

#[test]
fn a_stage_is_not_taken_away_from_under_a_deal() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..5 {
            let process = office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
            let mut without = process.clone();
            without["stages"].as_array_mut().unwrap().retain(|stage| stage["stage"] != "qualification");
            let deal = office.deal(office.kim, &format!("Rail {round}"));
            let id = process["id"].as_str().unwrap();
            let (moved, saved) = at_once(
                || office.moves(office.kim, deal, None, json!({"stage": "qualification"})),
                || office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(id), None, &without, false)),
            );
            assert!(moved.is_ok() != saved.is_ok(), "one of them must find the other done: {moved:?} {saved:?}");
            if saved.is_ok() {
                office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(id), None, &process, false)).unwrap();
            } else {
                assert_eq!(refusals(saved), ["process.stage_occupied:stages"]);
            }
            office.moves(office.kim, deal, None, json!({"stage": "invalid"})).unwrap();
        }
    });
}

#[test]
fn a_new_rule_holds_for_the_next_save_on_every_server() {
    both(|database| {
        let office = Office::new(database);
        let other = stagecraft_core::House::open(database.again()).unwrap();
        let deal = office.deal(office.kim, "Rail");
        let mut process = office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
        process["stages"][1]["required_fields"] = json!(["next_step"]);
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
        let wanted = serde_json::from_value(json!({"stage": "qualification"})).unwrap();
        let moved = other.write(&stagecraft_core::Credential::Person(office.kim), Default::default(), model::Via::Api, |cx, tx| {
            processes::move_stage(cx, tx, deal, None, &wanted)
        });
        assert_eq!(refusals(moved), ["stage.missing_field:next_step"]);
    });
}

#[test]
fn a_used_stage_keeps_its_option_and_its_type() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        let options = office.read(office.ada, |cx, _| objects::one(cx, "opportunity")).unwrap();
        let field = options["fields"].as_array().unwrap().iter().find(|f| f["key"] == "stage").unwrap()["options"].clone();
        let set = |options: serde_json::Value| {
            let wanted = serde_json::from_value(json!({ "options": options })).unwrap();
            office.write(office.ada, move |cx, tx| objects::set_options(cx, tx, "opportunity", "stage", &wanted))
        };
        let mut fewer = field.clone();
        fewer.as_array_mut().unwrap().remove(0);
        assert_eq!(refusals(set(fewer)), ["field.option_in_use:options"]);
        let mut turned = field.clone();
        turned[0]["stage_type"] = "won".into();
        assert_eq!(refusals(set(turned)), ["field.option_type_in_use:options/0/stage_type"]);
        let mut more = field.clone();
        more.as_array_mut().unwrap().push(json!({"label": {"en": "Proof of concept"}, "active": true, "stage_type": "in_progress"}));
        assert_eq!(set(more).unwrap()["options"][7]["key"], "proof_of_concept");
        set(field).unwrap();
    });
}

#[test]
fn a_repeated_request_is_done_once() {
    both(|database| {
        let office = Office::new(database);
        let once = |request: &str| {
            office.write(office.kim, |cx, tx| {
                if let Some(done) = idempotency::begin(cx, tx, "key-1", request)? {
                    return Ok((done.record.unwrap(), false));
                }
                let wanted = serde_json::from_value(json!({"fields": {"name": "Rail"}})).unwrap();
                let record = id_of(&stagecraft_core::records::create(cx, tx, "opportunity", &wanted)?);
                idempotency::finish(
                    cx,
                    tx,
                    "key-1",
                    &idempotency::Done { status: 201, object: Some("opportunity".into()), record: Some(record) },
                )?;
                Ok((record, true))
            })
        };
        let (a, b) = at_once(|| once("body"), || once("body"));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a.0, b.0);
        assert!(a.1 != b.1);
        assert!(matches!(once("another body"), Err(Error::KeyReused)));
        assert_eq!(office.lists(office.kim, "opportunity", json!({})).unwrap().1, 1);
        database.advance(90_000);
        assert!(once("another body").unwrap().1, "after a day the key is free again");
    });
}

#[test]
fn of_two_who_save_one_process_the_later_is_shown_the_earlier() {
    both(|database| {
        let office = Office::new(database);
        let process = office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
        let save = |description: &str| {
            let mut mine = process.clone();
            mine["description"] = description.into();
            let (id, version) = (process["id"].as_str().unwrap(), process["version"].as_i64());
            office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(id), version, &mine, false))
        };
        let (a, b) = at_once(|| save("First"), || save("Second"));
        let (kept, refused) = if a.is_ok() { (a, b) } else { (b, a) };
        let Err(Error::Conflict { record }) = refused else { panic!("{refused:?}") };
        assert_eq!(record["description"], kept.unwrap()["process"]["description"]);
    });
}
