//! A field that a role hides cannot be found out.

use serde_json::json;
use stagecraft_core::{events, objects, records};
use testkit::both;

use crate::office::{Office, refusals};

/// Hides the amount of deals from salespeople.
pub fn hide_amount(office: &Office) {
    office.hides("salesperson", "opportunity", &[("amount", "hidden"), ("next_step", "read"), ("lost_note", "hidden")]);
}

#[test]
fn it_is_in_no_answer_filter_sort_history_or_refusal() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.mona, "opportunity", deal, json!({"amount": "777"})).unwrap();
        hide_amount(&office);
        let shown = office.reads(office.kim, "opportunity", deal).unwrap();
        assert!(shown["fields"].get("amount").is_none() && shown["fields"].get("name").is_some());
        let list = |query: serde_json::Value| refusals(office.lists(office.kim, "opportunity", query));
        let unknown = ["field.unknown:amount"];
        assert_eq!(list(json!({"filter": json!({"field": "amount", "op": "gt", "value": "700"}).to_string()})), unknown);
        assert_eq!(list(json!({"sort": "amount"})), unknown);
        assert_eq!(list(json!({"fields": "name,amount"})), unknown);
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"amount": "1"}))), unknown);
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"next_step": "x"}))), ["field.no_access:next_step"]);
        // Across a reference as well.
        let line = json!({"filter": json!({"field": "opportunity.amount", "op": "gt", "value": "1"}).to_string()});
        assert_eq!(refusals(office.lists(office.kim, "opportunity_line", line)), ["field.unknown:opportunity.amount"]);
        let history = office.read(office.kim, |cx, tx| records::history(cx, tx, "opportunity", deal, &Default::default())).unwrap();
        assert!(!history.to_string().contains("777"));
        let described = office.read(office.kim, |cx, _| objects::one(cx, "opportunity")).unwrap();
        assert!(!described["fields"].as_array().unwrap().iter().any(|f| f["key"] == "amount"));
        // The one whose role does not hide it goes on as before.
        assert_eq!(office.reads(office.mona, "opportunity", deal).unwrap()["fields"]["amount"]["amount"], "777.00");
    });
}

#[test]
fn what_is_out_of_sight_reads_as_blank_across_a_reference() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.lee, "Port");
        let line = json!({"opportunity": deal, "name": "Crane", "price": "5"});
        office.creates(office.lee, "opportunity_line", line).unwrap();
        let count =
            |who, filter: serde_json::Value| office.lists(who, "opportunity_line", json!({"filter": filter.to_string()})).unwrap().1;
        let port = json!({"field": "opportunity.name", "op": "eq", "value": "Port"});
        assert_eq!((count(office.lee, port.clone()), count(office.kim, port)), (1, 0));
    });
}

#[test]
fn a_figure_drawn_from_a_hidden_amount_does_not_leak_through_the_board() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        hide_amount(&office);
        let board = office.read(office.kim, |cx, tx| stagecraft_core::processes::board(cx, tx, &Default::default())).unwrap();
        let first = &board["columns"][0];
        assert_eq!(first["count"], 1);
        assert!(first["amount_main"].is_null() && first["totals"].as_array().unwrap().is_empty(), "{first}");
    });
}

#[test]
fn a_search_tells_nothing_of_it() {
    both(|database| {
        let office = Office::new(database);
        office.creates(office.kim, "opportunity", json!({"name": "Rail", "lost_note": "Bribed"})).unwrap();
        hide_amount(&office);
        let found = |who| {
            office
                .read(who, |cx, tx| {
                    stagecraft_core::search::search(
                        cx,
                        tx,
                        &stagecraft_core::search::SearchRequest { q: "rail".to_owned(), ..Default::default() },
                    )
                })
                .unwrap()["items"][0]["detail"]
                .clone()
        };
        assert_eq!((found(office.mona), found(office.kim)), (json!("Bribed"), json!("")));
    });
}

#[test]
fn nobody_hears_that_it_has_changed() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        hide_amount(&office);
        let from = office.read(office.ada, |_, tx| events::position(tx)).unwrap();
        office.edits(office.mona, "opportunity", deal, json!({"amount": "777", "next_step": "Call"})).unwrap();
        let told = |who| {
            let hint = office.read(who, |cx, tx| {
                let (found, _) = events::after(tx, &from, 100)?;
                let listener = events::listener(cx, tx)?;
                Ok(found.iter().find(|(_, event)| event.act == "edit").map(|(_, event)| listener.told(event)))
            });
            hint.unwrap()
        };
        let columns = |who| loop {
            // Behind the horizon of whoever else writes just now.
            match told(who) {
                Some(events::Told::Hint(hint)) => break hint["columns"].clone(),
                Some(other) => panic!("no hint: {other:?}"),
                None => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        };
        assert_eq!(columns(office.kim), json!(["next_step"]));
        assert!(columns(office.mona).as_array().unwrap().contains(&json!("amount")));
    });
}
