//! What is told of a mapping before any row is looked at, and what the places of problems are called.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::imports::{self, AdviceRequest};
use stagecraft_core::{House, Limits};
use testkit::both;

use super::{SYSTEM, count, house, import};

fn kept(house: &House, name: &str, text: &str) -> Id {
    imports::keep(house, &SYSTEM, &Via::Import.into(), name, text.as_bytes()).unwrap()
}

fn advice(house: &House, file: Id, options: Json) -> Json {
    let asked: AdviceRequest = serde_json::from_value(json!({"file": file.to_string(), "options": options})).unwrap();
    house.read(&SYSTEM, Limits::default(), |cx, tx| imports::advice(cx, tx, &asked)).unwrap()
}

/// `code:path` of what is told.
fn told(advice: &Json, what: &str) -> Vec<String> {
    let one = |it: &Json| format!("{}:{}", it["code"].as_str().unwrap(), it["path"].as_str().unwrap());
    advice[what].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn a_field_that_must_be_filled_and_is_not_is_named_before_the_rows_are_checked() {
    both(|database| {
        let house = house(database);
        let file = kept(&house, "customers.csv", "Customer,Branch,Town\nWest works,Retail,Basel\n");
        let plain = json!({"object": "account", "mapping": {"Customer": null, "Branch": "sector", "Town": "city"}});
        assert_eq!(told(&advice(&house, file, plain.clone()), "warnings"), ["import.required_unmapped:name"]);
        // A column, a fixed value or a text put together fills it.
        let with = |key: &str, value: Json| {
            let mut options = plain.clone();
            options[key] = value;
            told(&advice(&house, file, options), "warnings")
        };
        assert!(with("mapping", json!({"Customer": "name"})).is_empty());
        assert!(with("constants", json!({"name": "All alike"})).is_empty());
        assert!(with("templates", json!({"name": "{Customer} of {Town}"})).is_empty());
        // Only known records are changed: none has to be whole.
        assert!(with("mode", json!("update")).is_empty());
        // What stands against the import as a whole is told beside.
        let twice = advice(&house, file, json!({"object": "account", "mapping": {"Customer": "name", "Branch": "name"}}));
        assert_eq!((told(&twice, "violations"), told(&twice, "warnings")), (vec!["import.field_twice:mapping".into()], vec![]));

        // The check says the same of each of its files.
        let checked = import(&house, json!({"object": "account", "mapping": {"Branch": "sector"}, "dry_run": true}), b"Branch\nRetail\n");
        assert_eq!(told(&checked.unwrap()["steps"][0], "warnings"), ["import.required_unmapped:name"]);
    });
}

#[test]
fn what_the_product_or_a_default_fills_is_not_asked_for() {
    both(|database| {
        let house = house(database);
        let of = |object: &str| {
            let file = kept(&house, "some.csv", "Title\nOne\n");
            told(&advice(&house, file, json!({"object": object, "mapping": {"Title": "name"}})), "warnings")
        };
        assert!(of("opportunity").is_empty(), "process and stage");
        assert_eq!(of("task"), ["import.required_unmapped:assignee"], "priority and status have defaults");
        assert_eq!(of("quote"), ["import.required_unmapped:opportunity"], "the currency is the deal's");
        // Lines in the rows of their deals are named by their product, and hang on the row.
        let file = kept(&house, "lines.csv", "Deal,Item,Pieces\nRail,Crane,2\n");
        let lines = |mapping: Json| {
            let options = json!({"object": "opportunity", "mapping": {"Deal": "name", "Item": null, "Pieces": null},
                "sub_objects": [{"object": "opportunity_line", "mapping": mapping}]});
            told(&advice(&house, file, options), "warnings")
        };
        assert!(lines(json!({"Item": "product", "Pieces": "quantity"})).is_empty());
        assert_eq!(lines(json!({"Pieces": "quantity"})), ["import.required_unmapped:name"]);
    });
}

#[test]
fn it_is_told_what_becomes_of_stages_with_and_without_their_past() {
    both(|database| {
        let house = house(database);
        let file = kept(&house, "deals.csv", "Deal,Phase,Begun\nRail,Negotiation,2026-02-03\n");
        let of = |history: bool, begun: Json| {
            let options =
                json!({"object": "opportunity", "mapping": {"Deal": "name", "Phase": "stage", "Begun": begun}, "history": history});
            told(&advice(&house, file, options), "warnings")
        };
        assert_eq!(of(false, Json::Null), ["import.stage_as_move:stage"]);
        assert_eq!(of(true, Json::Null), ["import.history_without_days:stage"]);
        assert_eq!(of(true, json!("stage_entered_at")), ["import.history_without_closing:stage"]);
        assert!(of(true, json!(["stage_entered_at", "closed_at"])).is_empty());
    });
}

#[test]
fn problems_call_fields_and_stages_by_their_labels_and_columns_by_their_headings() {
    both(|database| {
        let house = house(database);
        let done = import(&house, json!({"object": "account", "mapping": {"Branch": "sector"}}), b"Branch,Heads\nRetail,many\n").unwrap();
        assert_eq!(count(&done, "failed"), 1);
        let missing = &done["problems"][0];
        assert_eq!((&missing["column"], &missing["label"]), (&json!("name"), &json!("Account name")));
        assert_eq!(done["problem_groups"][0]["label"], "Account name");

        let options = json!({"object": "account", "mapping": {"Customer": "name", "Heads": "employees"}});
        let done = import(&house, options, b"Customer,Heads\nWest works,many\n,3\n").unwrap();
        let places: Vec<_> = done["problems"].as_array().unwrap().iter().map(|it| (it["column"].clone(), it["label"].clone())).collect();
        assert!(places.contains(&(json!("Heads"), json!("Employees"))), "{places:?}");
        let id: Id = done["id"].as_str().unwrap().parse().unwrap();
        let csv = imports::problems_text(&house, &SYSTEM, id).unwrap();
        assert_eq!(csv.lines().next().unwrap().trim_start_matches('\u{feff}'), "file,object,line,column,code,value,reason,field");
        assert!(csv.contains("test.csv,account,2,Heads,field.invalid,many,") && csv.contains(",Employees"), "{csv}");

        // A stage that may not be passed over is called as people call it.
        let options = json!({"object": "opportunity", "mapping": {"Deal": "name", "Phase": "stage"}});
        let done = import(&house, options, b"Deal,Phase\nRail,Negotiation\n").unwrap();
        let words: Vec<&str> = done["problems"].as_array().unwrap().iter().filter_map(|it| it["message"].as_str()).collect();
        assert!(words.iter().any(|it| it.contains("Qualification")) && !words.iter().any(|it| it.contains("qualification")), "{words:?}");
    });
}

#[test]
fn one_column_tells_when_a_deal_shall_close_and_when_it_was_closed() {
    both(|database| {
        let house = house(database);
        let options = json!({"object": "opportunity", "history": true,
            "mapping": {"Deal": "name", "Phase": "stage", "Begun": "created_at", "Close date": ["expected_close_date", "closed_at"]}});
        let text = b"Deal,Phase,Begun,Close date\nRail,Won,2026-01-02,2026-02-03\nPort,Proposal,2026-01-02,2026-08-09\n";
        let done = import(&house, options, text).unwrap();
        assert_eq!((count(&done, "created"), count(&done, "problem_count")), (2, 0), "{:#}", done["problems"]);
        let closed: Vec<bool> = super::records(&house, "opportunity").iter().map(|it| it["fields"]["closed_at"].is_string()).collect();
        assert_eq!(closed.iter().filter(|it| **it).count(), 1);
    });
}

#[test]
fn amounts_are_in_the_currency_of_the_column_beside_them() {
    both(|database| {
        let house = house(database);
        let file = kept(&house, "deals.csv", "Deal,Value,Currency\nRail,1200,\nPort,700,XAU\n");
        let asked = serde_json::from_value(json!({"file": file.to_string(), "object": "opportunity"})).unwrap();
        let guess = house.read(&SYSTEM, Limits::default(), |cx, tx| imports::propose(cx, tx, &asked)).unwrap();
        assert_eq!(guess["options"]["formats"], json!({"Value": {"currency": "Currency"}}));
        let text = "Deal,Value,Currency\nRail,1200,\nPort,700,CHF\nQuay,CHF 5,EUR\n";
        let done = import(&house, guess["options"].clone(), text.as_bytes()).unwrap();
        // Without a rate it stands against the row, which is how one sees that it was taken for what it says.
        let told: Vec<&str> = done["problems"].as_array().unwrap().iter().filter_map(|it| it["message"].as_str()).collect();
        assert_eq!(count(&done, "created"), 1, "{told:?}");
        assert!(told.len() == 2 && told.iter().all(|it| it.contains("CHF")), "{told:?}");
    });
}
