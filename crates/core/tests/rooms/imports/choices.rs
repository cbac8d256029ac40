//! What an import is asked to do with its rows: which go in, what they hang on, what hangs on them, and how it is taken back.

use serde_json::{Value as Json, json};
use stagecraft_core::imports::{failed_csv, result_csv, undo};
use stagecraft_core::records::{self, Update};
use stagecraft_core::{House, Limits};
use testkit::both;

use crate::office::Office;

use super::{SYSTEM, count, house, import, records};

fn codes(answer: &Json) -> Vec<(u64, String, String)> {
    let text = |problem: &Json, key: &str| problem[key].as_str().unwrap().to_owned();
    let problems = answer["problems"].as_array().unwrap().iter();
    problems.map(|problem| (problem["line"].as_u64().unwrap(), text(problem, "column"), text(problem, "code"))).collect()
}

fn told(line: u64, column: &str, code: &str) -> (u64, String, String) {
    (line, column.to_owned(), code.to_owned())
}

fn named(house: &House, object: &str, name: &str) -> Json {
    let found = records(house, object).into_iter().find(|record| record["fields"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {object} is called {name}"))
}

fn id_of(json: &Json) -> model::Id {
    json["id"].as_str().unwrap().parse().unwrap()
}

fn file_of(house: &House, import: &Json, which: &str) -> String {
    let mut bytes = Vec::new();
    match which {
        "failed" => failed_csv(house, &SYSTEM, &Limits::default(), id_of(import), None, &mut bytes).unwrap(),
        _ => result_csv(house, &SYSTEM, &Limits::default(), id_of(import), &mut bytes).unwrap(),
    }
    String::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}').to_owned()
}

fn edit(house: &House, object: &str, id: model::Id, fields: Json) {
    let wanted = Update { fields: fields.as_object().unwrap().clone(), ..Update::default() };
    house.write(&SYSTEM, Limits::default(), model::Via::Api, |cx, tx| records::update(cx, tx, object, id, None, &wanted)).unwrap();
}

fn take_back(house: &House, import: &Json) -> Json {
    let id = id_of(import);
    house.write(&SYSTEM, Limits::default(), model::Via::Api, |cx, tx| undo(cx, tx, id)).unwrap();
    stagecraft_core::imports::follow(house, &SYSTEM, id, |_| {}).unwrap()
}

#[test]
fn new_ones_only_known_ones_only_or_both() {
    both(|database| {
        let house = house(database);
        let first = import(&house, json!({"object": "account"}), b"name,city\nA,Bonn\n").unwrap();
        assert_eq!(count(&first, "created"), 1);
        let insert = json!({"object": "account", "mode": "insert", "keys": {"field": "name"}});
        let answer = import(&house, insert, b"name,city\nA,Ulm\nB,Kiel\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "skipped"), count(&answer, "problem_count")), (1, 1, 0), "{answer:#}");
        let update = json!({"object": "account", "mode": "update"});
        let answer = import(&house, update, b"name,city\nA,Ulm\nC,Jena\n").unwrap();
        assert_eq!((count(&answer, "updated"), count(&answer, "skipped"), codes(&answer)), (1, 1, vec![told(3, "", "import.not_there")]));
        assert_eq!(named(&house, "account", "A")["fields"]["city"], "Ulm");
        // By our own id; a blank cell empties the field where that is asked for.
        let id = named(&house, "account", "B")["id"].as_str().unwrap().to_owned();
        let text = format!("id,city,phone\n{id},,+49 30 1234567\nnonsense,x,\n");
        let by_id = json!({"object": "account", "keys": {"id_column": "id"}, "mapping": {"id": null}, "on_blank": "clear"});
        let answer = import(&house, by_id, text.as_bytes()).unwrap();
        assert_eq!((count(&answer, "updated"), codes(&answer)), (1, vec![told(3, "id", "import.id_invalid")]), "{answer:#}");
        let fields = named(&house, "account", "B")["fields"].clone();
        assert!(fields.get("city").is_none_or(Json::is_null) && fields["phone"] == "+49 30 1234567", "{fields}");
    });
}

#[test]
fn references_are_blank_needed_or_made_and_each_way_of_naming_is_its_own() {
    both(|database| {
        let house = house(database);
        let keys = json!({"external_source": "old", "external_column": "id"});
        let accounts = json!({"object": "account", "keys": keys, "mapping": {"id": null}});
        import(&house, accounts, b"id,name\n7,Acme\n8,7\n").unwrap();
        let (acme, seven) = (named(&house, "account", "Acme")["id"].clone(), named(&house, "account", "7")["id"].clone());
        for (by, leads_to) in [("external", &acme), ("name", &seven)] {
            let options = json!({"object": "contact", "references": {"account": {"by": by}}, "keys": {"external_source": "old"}});
            let answer = import(&house, options, format!("name,account\nBy {by},7\n").as_bytes()).unwrap();
            assert_eq!((count(&answer, "created"), count(&answer, "problem_count")), (1, 0), "{answer:#}");
            assert_eq!(&named(&house, "contact", &format!("By {by}"))["fields"]["account"], leads_to);
        }
        let needed = json!({"object": "contact", "references": {"account": {"missing": "error"}}});
        let answer = import(&house, needed, b"name,account\nNo,Nobody\n").unwrap();
        assert_eq!((count(&answer, "failed"), codes(&answer)), (1, vec![told(2, "account", "import.reference_needed")]));
        let made = json!({"object": "contact", "references": {"account": {"missing": "create"}}});
        let answer = import(&house, made, b"name,account\nYes,Newcomer\nToo,newcomer\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "along"), count(&answer, "problem_count")), (2, 1, 0), "{answer:#}");
        let newcomer = named(&house, "account", "Newcomer")["id"].clone();
        assert!(["Yes", "Too"].iter().all(|name| named(&house, "contact", name)["fields"]["account"] == newcomer));
        // Taken back, what was made on the way goes as well.
        let undone = take_back(&house, &answer);
        assert_eq!(undone["undo"], json!({"deleted": 3, "put_back": 0, "stayed": 0}), "{undone:#}");
        assert!(records(&house, "account").iter().all(|account| account["fields"]["name"] != "Newcomer"));
    });
}

#[test]
fn lines_come_with_their_deal_in_its_row_or_in_rows_that_repeat_it() {
    both(|database| {
        let house = house(database);
        import(&house, json!({"object": "product"}), b"name\nPump\nValve\n").unwrap();
        let options = || {
            json!({"object": "opportunity", "keys": {"external_source": "old", "external_column": "id"}, "mapping": {"id": null, "deal": "name"},
                "sub_objects": [{"object": "opportunity_line", "mapping": {"item": "product", "pieces": "quantity", "each": "price"}}]})
        };
        let text =
            b"id,deal,item,pieces,each\n1,Plant,Pump,2,10.00\n1,Plant,Valve,1,5.50\n1,,Valve,1,5.50\n2,Other,,,\n3,Third,Gasket,1,1\n";
        let answer = import(&house, options(), text).unwrap();
        let found = codes(&answer);
        assert_eq!((count(&answer, "created"), count(&answer, "updated"), count(&answer, "along")), (3, 2, 4), "{found:?}");
        assert!(found.contains(&told(6, "item", "field.reference_not_found")), "{found:?}");
        let plant = named(&house, "opportunity", "Plant")["id"].clone();
        let lines: Vec<Json> =
            records(&house, "opportunity_line").into_iter().filter(|line| line["fields"]["opportunity"] == plant).collect();
        assert_eq!(lines.len(), 3);
        database.advance(60);
        let again = import(&house, options(), text).unwrap();
        assert_eq!((count(&again, "created"), count(&again, "along")), (0, 0), "the same file again changes nothing: {again:#}");
        assert_eq!(records(&house, "opportunity_line").len(), 4);
        // A line is found again by its product where that is its key.
        let mut keyed = options();
        keyed["sub_objects"][0]["keys"] = json!(["product"]);
        let answer = import(&house, keyed, b"id,deal,item,pieces,each\n1,Plant,Pump,9,10.00\n").unwrap();
        assert_eq!((count(&answer, "updated"), count(&answer, "along")), (1, 1), "{answer:#}");
        assert!(records(&house, "opportunity_line").iter().any(|line| line["fields"]["quantity"] == "9"));
    });
}

#[test]
fn an_import_is_taken_back_where_nobody_has_gone_on_from_there() {
    both(|database| {
        let house = house(database);
        import(&house, json!({"object": "account"}), b"name,city,employees\nOld,Bonn,5\n").unwrap();
        let before = records(&house, "account");
        let accounts = json!({"object": "account", "mapping": {"parent": "parent"}});
        let answer =
            import(&house, accounts, b"name,city,employees,parent\nOld,Ulm,6,\nA,Kiel,1,B\nB,Jena,2,\nC,Gera,3,\nD,Hof,4,\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "updated"), count(&answer, "problem_count")), (4, 1, 0), "{answer:#}");
        // Somebody has changed one, and hung something on another.
        edit(&house, "account", id_of(&named(&house, "account", "C")), json!({"city": "Weimar"}));
        import(&house, json!({"object": "contact"}), b"name,account\nZoe,D\n").unwrap();
        let undone = take_back(&house, &answer);
        assert_eq!(
            (&undone["state"], &undone["undo"]),
            (&json!("undone"), &json!({"deleted": 2, "put_back": 1, "stayed": 2})),
            "{undone:#}"
        );
        let result = file_of(&house, &answer, "result");
        assert!(result.contains("stays: record.version_conflict") && result.contains("stays: delete.in_use"), "{result}");
        let names: Vec<String> = records(&house, "account").iter().map(|one| one["fields"]["name"].as_str().unwrap().to_owned()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        let old = named(&house, "account", "Old")["fields"].clone();
        assert_eq!((&old["city"], &old["employees"]), (&before[0]["fields"]["city"], &before[0]["fields"]["employees"]));
        assert!(house.write(&SYSTEM, Limits::default(), model::Via::Api, |cx, tx| undo(cx, tx, id_of(&answer))).is_err(), "only once");
    });
}

#[test]
fn what_stayed_out_is_corrected_and_sent_again() {
    both(|database| {
        let house = house(database);
        let text = "name,employees,phone\n=A,many,+49 30 1\nB,5,\n,7,\n";
        let answer = import(&house, json!({"object": "account"}), text.as_bytes()).unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "failed")), (2, 1), "{answer:#}");
        let failed = file_of(&house, &answer, "failed");
        let lines: Vec<&str> = failed.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, "name,employees,phone,import_line,import_problem"));
        assert!(lines[1].starts_with("'=A,many,'+49 30 1,2,"), "{failed}");
        let corrected = failed.replace("many", "12").replace("\n,7", "\nC,7");
        let answer = import(&house, json!({"object": "account"}), corrected.as_bytes()).unwrap();
        assert_eq!((count(&answer, "updated"), count(&answer, "created"), count(&answer, "problem_count")), (1, 1, 0), "{answer:#}");
        assert_eq!(named(&house, "account", "=A")["fields"]["employees"], "12", "a formula's guard is taken off again");
    });
}

#[test]
fn a_line_that_makes_its_deal_break_a_rule_is_refused_alone() {
    both(|database| {
        let office = Office::new(database);
        let rule = json!({"key": "small", "condition": {"field": "amount", "op": "gt", "value": {"amount": "1000", "currency": "USD"}},
            "message": {"en": "Only small deals."}, "field": "amount"});
        office.changes_object("opportunity", json!({ "validations": [rule] })).unwrap();
        ["Rail", "Harbour"].iter().for_each(|name| {
            office.creates(office.kim, "opportunity", json!({"name": name})).unwrap();
        });
        let text = b"opportunity,name,price\nRail,A,600\nRail,B,401\nHarbour,C,900\nRail,D,400\nRail,E,1\nHarbour,F,100\n";
        let options = |dry_run: bool| json!({"object": "opportunity_line", "dry_run": dry_run});
        for dry_run in [true, false] {
            let answer = import(&office.house, options(dry_run), text).unwrap();
            let found = codes(&answer);
            assert_eq!(found, [told(3, "amount", "validation.failed"), told(6, "amount", "validation.failed")], "{answer:#}");
            assert_eq!((count(&answer, "created"), count(&answer, "failed")), (4, 2), "{answer:#}");
        }
        assert_eq!(records(&office.house, "opportunity_line").len(), 4);
        let amounts: Vec<Json> =
            records(&office.house, "opportunity").iter().map(|deal| deal["fields"]["amount"]["amount"].clone()).collect();
        assert_eq!(amounts, [json!("1000.00"), json!("1000.00")]);
    });
}
