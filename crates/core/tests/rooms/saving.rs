//! The one way to write a record: defaults, refusals, versions, history, figures.

use std::sync::atomic::{AtomicBool, Ordering};

use model::Via;
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, House, Limits, identity, organisation, processes, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

#[test]
fn a_new_deal_takes_process_stage_owner_and_figures() {
    both(|database| {
        let office = Office::new(database);
        let deal =
            office.creates(office.kim, "opportunity", json!({"name": "Rail", "amount": {"amount": "1000.00", "currency": "USD"}})).unwrap();
        let fields = &deal["record"]["fields"];
        assert_eq!(fields["stage"], "prospecting");
        assert_eq!(fields["stage_type"], "in_progress");
        assert_eq!(fields["owner"], office.kim.to_string());
        assert_eq!(fields["win_rate"], "10");
        assert_eq!(fields["forecast_amount"], json!({"amount": "100.00", "currency": "USD"}));
        assert_eq!(fields["lifecycle_status"], "normal");
        assert!(fields["owner_department"].is_string() && fields["stage_due_at"].is_string());
        assert_eq!((deal["record"]["version"].as_i64(), deal["record"]["revision"].as_i64()), (Some(1), Some(1)));
    });
}

#[test]
fn everything_wrong_is_told_at_once_and_nothing_is_stored() {
    both(|database| {
        let office = Office::new(database);
        let wrong = json!({"name": "x", "amount": {"amount": "1.001", "currency": "USD"}, "expected_close_date": "31.12.2026", "colour": "red", "forecast_category": "sure"});
        let mut found = refusals(office.creates(office.kim, "opportunity", wrong));
        found.sort();
        assert_eq!(
            found,
            ["field.invalid:amount", "field.invalid:expected_close_date", "field.not_an_option:forecast_category", "field.unknown:colour"]
        );
        assert_eq!(refusals(office.creates(office.kim, "opportunity", json!({"amount": "5"}))), ["field.required:name"]);
        assert_eq!(office.lists(office.hanna, "opportunity", json!({})).unwrap().1, 0);
    });
}

#[test]
fn what_the_product_writes_cannot_be_written() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        for (field, value, code) in [
            ("forecast_amount", json!("7"), "field.read_only:forecast_amount"),
            ("created_at", json!("2020-01-01T00:00:00Z"), "field.read_only:created_at"),
            ("lifecycle_status", json!("voided"), "field.read_only:lifecycle_status"),
            ("owner", json!(office.lee), "owner.use_change_owner:owner"),
            ("sales_process", json!(model::Id::SYSTEM), "field.read_only:sales_process"),
        ] {
            assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({ field: value }))), [code]);
        }
        // A salesperson enters his own deals; one who may change owners also for others.
        assert_eq!(
            refusals(office.creates(office.kim, "opportunity", json!({"name": "x", "owner": office.lee}))),
            ["field.no_access:owner"]
        );
        let given = office.creates(office.ada, "opportunity", json!({"name": "Given", "owner": office.lee})).unwrap();
        assert_eq!(given["record"]["fields"]["owner"], office.lee.to_string());
    });
}

#[test]
fn a_version_seen_by_nobody_else_wins_and_the_other_is_shown_the_present() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.edits_version(office.kim, "opportunity", deal, Some(1), json!({"next_step": "Call"})).unwrap();
        let late = office.edits_version(office.mona, "opportunity", deal, Some(1), json!({"next_step": "Write"})).unwrap_err();
        let Error::Conflict { record } = late else { panic!("{late}") };
        assert_eq!((record["version"].as_i64(), record["fields"]["next_step"].as_str()), (Some(2), Some("Call")));
    });
}

#[test]
fn an_edit_that_changes_nothing_leaves_no_trace() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let answer = office.edits(office.kim, "opportunity", deal, json!({"name": "Rail"})).unwrap();
        assert_eq!((answer["changed"].as_bool(), answer["record"]["revision"].as_i64()), (Some(false), Some(1)));
    });
}

#[test]
fn history_tells_every_change_typed() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office
            .edits(
                office.kim,
                "opportunity",
                deal,
                json!({"amount": {"amount": "2500.50", "currency": "USD"}, "description": "Long story"}),
            )
            .unwrap();
        let history = office.read(office.kim, |cx, tx| records::history(cx, tx, "opportunity", deal, &Default::default())).unwrap();
        let newest = &history["items"][0];
        assert_eq!((newest["act"].as_str(), newest["revision"].as_i64()), (Some("edit"), Some(2)));
        let amount = newest["changes"].as_array().unwrap().iter().find(|c| c["field"] == "amount").unwrap();
        assert_eq!(amount["old"], json!({"amount": "1000.00", "currency": "USD"}));
        assert_eq!(amount["new"], json!({"amount": "2500.50", "currency": "USD"}));
        assert_eq!(history["items"][1]["act"], "create");
    });
}

#[test]
fn a_stage_in_a_plain_edit_is_a_move_and_passes_the_same_gates() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(
            refusals(office.edits(office.kim, "opportunity", deal, json!({"stage": "negotiation"}))),
            ["stage.not_skippable:stage", "stage.missing_field:expected_close_date"]
        );
        let moved = office.edits(office.kim, "opportunity", deal, json!({"stage": "qualification"})).unwrap();
        assert_eq!(moved["result"], "moved");
        let lost = office.moves(office.kim, deal, None, json!({"stage": "lost"}));
        assert_eq!(refusals(lost), ["stage.terminal_action:lost_reason"]);
        let lost = office.moves(office.kim, deal, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        assert_eq!(lost["record"]["fields"]["closing_win_rate"], "25");
        assert_eq!(lost["record"]["fields"]["analysis_amount"], json!({"amount": "250.00", "currency": "USD"}));
        assert_eq!(refusals(office.moves(office.kim, deal, None, json!({"stage": "proposal"}))), ["stage.use_reopen:stage"]);
        let stays = office.read(office.kim, |cx, tx| processes::stays(cx, tx, deal)).unwrap();
        let told: Vec<(&str, &str)> =
            stays["items"].as_array().unwrap().iter().map(|s| (s["stage"].as_str().unwrap(), s["how"].as_str().unwrap())).collect();
        assert_eq!(told, [("prospecting", "start"), ("qualification", "advance"), ("lost", "terminal")]);
    });
}

#[test]
fn a_closed_deal_keeps_its_rate_and_an_open_one_follows() {
    both(|database| {
        let office = Office::new(database);
        let rate = |day: &str, rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": day, "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        assert_eq!(
            refusals(office.creates(office.kim, "opportunity", json!({"name": "x", "amount": {"amount": "10", "currency": "EUR"}}))),
            ["money.no_rate:amount"]
        );
        rate("2020-01-01", "1.1");
        let deal = |name: &str| {
            id_of(
                &office.creates(office.kim, "opportunity", json!({"name": name, "amount": {"amount": "100", "currency": "EUR"}})).unwrap(),
            )
        };
        let (open, won) = (deal("Open"), deal("Won"));
        for stage in ["qualification", "proposal"] {
            office.moves(office.kim, won, None, json!({ "stage": stage })).unwrap();
        }
        office.moves(office.kim, won, None, json!({"stage": "negotiation", "fields": {"expected_close_date": "2030-01-01"}})).unwrap();
        office.moves(office.kim, won, None, json!({"stage": "won"})).unwrap();
        let above = |amount: &str| {
            let filter = json!({"field": "amount", "op": "gt", "value": amount}).to_string();
            office.lists(office.kim, "opportunity", json!({"filter": filter, "sort": "name"})).unwrap().0
        };
        assert_eq!(above("109"), ["Open", "Won"]);
        rate("2020-01-02", "1.5");
        assert_eq!(above("149"), ["Open"], "the open deal is worth more, the won one keeps the rate of its day");
        let _ = open;
    });
}

#[test]
fn lines_sum_up_on_their_deal_without_disturbing_its_version() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let line = |name: &str, quantity: &str| {
            let fields = json!({"opportunity": deal, "name": name, "quantity": quantity, "price": {"amount": "10.50", "currency": "USD"}, "discount": "10"});
            id_of(&office.creates(office.kim, "opportunity_line", fields).unwrap())
        };
        let (first, _second) = (line("A", "2"), line("B", "1"));
        let total = |expected: &str, version: i64| {
            let shown = office.reads(office.kim, "opportunity", deal).unwrap();
            assert_eq!(shown["fields"]["lines_total"], json!({"amount": expected, "currency": "USD"}));
            assert_eq!(shown["version"].as_i64(), Some(version));
        };
        total("28.35", 1);
        office.edits(office.kim, "opportunity_line", first, json!({"quantity": "4"})).unwrap();
        total("47.25", 1);
        let none = Default::default();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity_line", first, None, &none)).unwrap();
        total("9.45", 1);
        assert!(matches!(
            office.creates(office.lee, "opportunity_line", json!({"opportunity": deal, "name": "Mine", "price": "1"})),
            Err(Error::Invalid(_))
        ));
    });
}

#[test]
fn voided_is_read_only_out_of_lists_and_comes_back() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let none = Default::default();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "opportunity", deal, None, &none)).unwrap();
        assert_eq!(office.lists(office.kim, "opportunity", json!({})).unwrap(), (vec![], 0));
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"name": "y"}))), ["record.voided"]);
        assert!(
            refusals(office.moves(office.kim, deal, None, json!({"stage": "qualification"}))).contains(&"stage.locked:stage".to_owned())
        );
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "opportunity", deal, None, &none)).unwrap();
        assert_eq!(office.lists(office.kim, "opportunity", json!({})).unwrap().1, 1);
    });
}

#[test]
fn a_dry_run_answers_and_leaves_no_trace() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let moved = office.moves(office.kim, deal, None, json!({"stage": "qualification", "dry_run": true})).unwrap();
        assert_eq!(moved["record"]["fields"]["stage"], "qualification");
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["fields"]["stage"], "prospecting");
    });
}

#[test]
fn a_rate_set_for_a_coming_day_takes_effect_on_that_day() {
    both(|database| {
        let office = Office::new(database);
        let rate = |day: &str, rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": day, "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        let today = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap();
        rate("2020-01-01", "1");
        office.creates(office.kim, "opportunity", json!({"name": "Rail", "amount": {"amount": "100", "currency": "EUR"}})).unwrap();
        rate(&today.tomorrow().unwrap().to_string(), "2");
        let worth = |amount: &str| {
            let filter = json!({"field": "amount", "op": "eq", "value": amount}).to_string();
            office.lists(office.kim, "opportunity", json!({"filter": filter})).unwrap().1
        };
        let round = || stagecraft_core::housekeeping::round(&office.house).unwrap().converted;
        round();
        assert_eq!(worth("100"), 1);
        database.advance(86_400);
        assert_eq!(worth("100"), 1, "until the round of the new day");
        assert_eq!(round(), 3, "amount, forecast and analysis amount");
        assert_eq!((worth("200"), round()), (1, 0));
        // On a day on which none begins no record is looked at, however many there are; after days without a round what has begun in them is.
        database.advance(86_400);
        let settles = || {
            db::journal::begin();
            let changed = organisation::settle_rates(&office.house).unwrap();
            (changed, db::journal::end().len())
        };
        let (changed, statements) = settles();
        assert!(changed == 0 && statements <= 8, "{statements}");
        let later = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap().tomorrow().unwrap();
        rate(&later.to_string(), "3");
        database.advance(5 * 86_400);
        assert_eq!((settles().0, worth("300")), (3, 1));
    });
}

/// Two servers settle the day while somebody saves on each: whatever is saved meanwhile is worth what the new rate says.
#[test]
fn amounts_that_are_edited_while_a_rate_begins_have_it() {
    const DEALS: usize = 30;
    both(|database| {
        let office = Office::new(database);
        // One server has a file of SQLite's for itself; it settles and saves in many threads at once all the same.
        let other = (database.engine() == db::Engine::Postgres).then(|| House::open(database.again()).unwrap());
        let second = other.as_ref().unwrap_or(&office.house);
        let rate = |day: &str, rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "EUR", "day": day, "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        };
        rate("2020-01-01", "1");
        let amount = |n: usize| json!({"amount": n.to_string(), "currency": "EUR"});
        let deals: Vec<_> = (0..DEALS)
            .map(|n| id_of(&office.creates(office.kim, "opportunity", json!({"name": format!("Rail {n}"), "amount": amount(n)})).unwrap()))
            .collect();
        let mut edited = 0;
        for factor in 2..=5_i64 {
            let tomorrow = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap().tomorrow().unwrap();
            rate(&tomorrow.to_string(), &factor.to_string());
            database.advance(86_400);
            let over = AtomicBool::new(false);
            edited += std::thread::scope(|threads| {
                let editors = [0, 1].map(|at| {
                    let (over, office, deals) = (&over, &office, &deals);
                    threads.spawn(move || {
                        let house = if at == 0 { &*office.house } else { second };
                        let mut edits = 0;
                        while !over.load(Ordering::Relaxed) {
                            let deal = deals[(edits * 2 + at) % DEALS];
                            let wanted = serde_json::from_value(json!({"fields": {"amount": amount(1_000 + edits)}})).unwrap();
                            let kim = Credential::Person(office.kim);
                            let saved = house.write(&kim, Limits::default(), Via::Api, |cx, tx| {
                                records::update(cx, tx, "opportunity", deal, None, &wanted)
                            });
                            saved.unwrap();
                            edits += 1;
                        }
                        edits
                    })
                });
                let other = threads.spawn(|| organisation::settle_rates(second));
                let settled = [organisation::settle_rates(&office.house), other.join().unwrap()];
                over.store(true, Ordering::Relaxed);
                assert!(settled.iter().all(Result::is_ok), "{settled:?}");
                editors.into_iter().map(|editor| editor.join().unwrap()).sum::<usize>()
            });
            let all = office
                .house
                .read(&Credential::System("a look"), Limits::default(), |cx, tx| {
                    let object = cx.meta.schema.object("opportunity").unwrap();
                    Ok(db::records::load(tx, &cx.meta.schema, object, &cx.scope(), &deals)?)
                })
                .unwrap();
            for deal in &all {
                let money = deal.get("amount").as_money().unwrap();
                assert_eq!(deal.mains["amount"].0, money.amount.0 * factor, "{}, by the rate {factor}", deal.text("name"));
            }
        }
        assert!(edited > 8, "{edited} edits fell into it");
    });
}

#[test]
fn what_no_database_can_store_is_refused_wherever_it_comes_from() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let edit = |reason: &str| {
            let wanted = serde_json::from_value(json!({"fields": {"next_step": "Call"}, "reason": reason})).unwrap();
            office.write(office.kim, |cx, tx| records::update(cx, tx, "opportunity", deal, None, &wanted))
        };
        assert_eq!(refusals(edit("a\u{0}b")), ["field.invalid:reason"]);
        assert_eq!(refusals(edit(&"长".repeat(2001))), ["field.too_long:reason"]);
        edit(&"长".repeat(2000)).unwrap();
        assert_eq!(
            refusals(office.moves(office.kim, deal, None, json!({"stage": "qualification", "reason": "\u{0}"}))),
            ["field.invalid:reason"]
        );
        let token = serde_json::from_value(json!({"name": "a\u{0}b"})).unwrap();
        assert_eq!(refusals(office.write(office.kim, |cx, tx| identity::create_token(cx, tx, &token))), ["field.invalid:name"]);
        assert!(matches!(
            office.read(office.kim, |cx, tx| records::by_external(cx, tx, "opportunity", "a\u{0}", "b\u{0}")),
            Err(Error::NotFound)
        ));
        let signed_in = identity::sign_in(&office.house, Default::default(), "kim\u{0}@example.com", "x", &model::Via::Screen.into());
        assert!(matches!(signed_in, Err(Error::Unauthenticated("auth.wrong_password"))));
    });
}

#[test]
fn lists_tell_long_texts_that_are_asked_for_by_name() {
    both(|database| {
        let office = Office::new(database);
        let account = office.system("account", json!({"name": "Told", "owner": office.kim, "description": "A long story"}));
        let listed = |fields: Option<&str>| {
            let request = records::ListRequest { fields: fields.map(str::to_owned), ..Default::default() };
            let page = office.read(office.kim, |cx, tx| records::list(cx, tx, "account", &request))?;
            Ok::<Json, Error>(page["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(account)).unwrap()["fields"].clone())
        };
        assert_eq!(listed(Some("name,description")).unwrap(), json!({"name": "Told", "description": "A long story"}));
        assert_eq!(listed(Some("name")).unwrap(), json!({"name": "Told"}));
        office.hides("salesperson", "account", &[("description", "hidden")]);
        assert!(listed(Some("name,description")).is_err(), "what is hidden is unknown");
    });
}
