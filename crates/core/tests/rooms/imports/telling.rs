//! What a screen is told of files and imports: first rows as they are read, problems and rows by page, the values of a column.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::imports::{self, FileWanted, ProblemsRequest, RowsRequest, ValuesRequest};
use stagecraft_core::{House, Limits};
use testkit::both;

use super::{SYSTEM, house, import};

fn kept(house: &House, text: &str) -> (Id, Json) {
    let id = imports::keep(house, &SYSTEM, &Via::Import.into(), "accounts.csv", text.as_bytes()).unwrap();
    (id, file(house, id))
}

fn file(house: &House, id: Id) -> Json {
    house.read(&SYSTEM, Limits::default(), |cx, tx| imports::file(cx, tx, id)).unwrap()
}

#[test]
fn the_first_rows_are_shown_as_they_are_read_and_otherwise_once_that_is_said() {
    both(|database| {
        let house = house(database);
        let (id, found) = kept(&house, "Name;Revenue;Since\nWest works;1.234,50;3/4/2026\nEast works;7;5/6/2026\n");
        assert_eq!(
            found["first"][0],
            json!({"line": 2, "cells": ["West works", "1.234,50", "3/4/2026"], "read": ["West works", "1234.50", null]})
        );
        assert_eq!(found["columns"][2]["dates"], json!({"order": null, "certain": false, "example": "3/4/2026"}));

        let said: FileWanted = serde_json::from_value(json!({"columns": {"Since": {"dates": "dmy"}}})).unwrap();
        imports::read_file(&house, &SYSTEM, &Via::Import.into(), id, &said).unwrap();
        let found = file(&house, id);
        assert_eq!(found["first"][0]["read"], json!(["West works", "1234.50", "2026-04-03"]));
        assert_eq!(found["said"]["columns"]["Since"]["dates"], "dmy");
        assert_eq!(found["columns"][2]["dates"]["certain"], true);
    });
}

#[test]
fn problems_and_rows_are_told_by_page_and_values_with_what_they_mean() {
    both(|database| {
        let house = house(database);
        import(&house, json!({"object": "account"}), b"Name\nWest works\n").unwrap();
        let text = "Name,Parent account\nA,West works\nB,West wroks\nC,Nobody at all\nD,Nobody at all\n";
        let options = json!({"object": "account", "mapping": {"Name": "name", "Parent account": "parent"}});
        let done = import(&house, options.clone(), text.as_bytes()).unwrap();
        let id: Id = done["id"].as_str().unwrap().parse().unwrap();
        let offered: Vec<(&str, &Json)> =
            done["offered_values"].as_array().unwrap().iter().map(|it| (it["from"].as_str().unwrap(), &it["to"])).collect();
        assert_eq!(offered, [("Nobody at all", &Json::Null), ("West wroks", &json!("West works"))]);
        assert_eq!(done["problem_groups"][0]["count"], 3);

        let page = |cursor: Option<String>| {
            let request = ProblemsRequest { column: Some("Parent account".into()), limit: Some(2), cursor, ..Default::default() };
            house.read(&SYSTEM, Limits::default(), |cx, tx| imports::problems(cx, tx, id, &request)).unwrap()
        };
        let first = page(None);
        let second = page(first["next_cursor"].as_str().map(str::to_owned));
        assert_eq!((first["items"].as_array().unwrap().len(), second["items"].as_array().unwrap().len()), (2, 1));
        assert_eq!(second["next_cursor"], Json::Null);

        let request = RowsRequest { outcome: Some("created".into()), limit: Some(3), ..Default::default() };
        let rows = house.read(&SYSTEM, Limits::default(), |cx, tx| imports::rows(cx, tx, id, &request)).unwrap();
        let record = rows["items"][0]["record"].as_str().unwrap();
        assert_eq!((&rows["refs"][record]["name"], rows["items"].as_array().unwrap().len()), (&json!("A"), 3));
        let request = RowsRequest { cursor: rows["next_cursor"].as_str().map(str::to_owned), ..request };
        let rest = house.read(&SYSTEM, Limits::default(), |cx, tx| imports::rows(cx, tx, id, &request)).unwrap();
        assert_eq!((rest["items"][0]["line"].as_u64(), &rest["next_cursor"]), (Some(5), &Json::Null));

        let (file, _) = kept(&house, text);
        let asked: ValuesRequest =
            serde_json::from_value(json!({"file": file.to_string(), "column": "Parent account", "options": options})).unwrap();
        let values = imports::values(&house, &SYSTEM, &Limits::default(), &asked).unwrap();
        assert_eq!(values["distinct"], 3);
        assert_eq!(values["items"][0], json!({"text": "Nobody at all", "rows": 2, "to": null, "near": []}));
        assert_eq!(values["items"][2]["near"], json!(["West works"]));
        let known = values["items"][1]["to"].as_str().unwrap();
        assert_eq!(values["refs"][known]["name"], "West works");
    });
}

#[test]
fn a_single_name_is_made_into_a_record_and_another_is_not() {
    both(|database| {
        let house = house(database);
        let options = json!({
            "object": "contact", "mapping": {"Name": "name", "Account": "account"}, "create_values": {"Account": ["North works"]},
        });
        let done = import(&house, options, b"Name,Account\nA,North works\nB,South works\n").unwrap();
        assert_eq!((super::count(&done, "created"), super::count(&done, "along"), super::count(&done, "problem_count")), (2, 1, 1));
    });
}

#[test]
fn what_a_dry_run_would_make_is_offered_as_near() {
    both(|database| {
        let house = house(database);
        let origin = Via::Import.into();
        let (masters, _) = kept(&house, "Name\nWest works\n");
        let (others, _) = kept(&house, "Name,Parent account\nA,West wroks\n");
        let wanted: imports::Begin = serde_json::from_value(json!({
            "dry_run": true,
            "steps": [
                {"file": masters.to_string(), "options": {"object": "account", "mapping": {"Name": "name"}}},
                {"file": others.to_string(), "options": {"object": "account", "mapping": {"Name": "name", "Parent account": "parent"}}},
            ],
        }))
        .unwrap();
        let done = imports::carry_out(&house, &SYSTEM, &origin, &wanted, |_| {}).unwrap();
        assert_eq!(
            done["offered_values"],
            json!([{"step": 1, "column": "Parent account", "from": "West wroks", "to": "West works", "rows": 1}])
        );
    });
}
