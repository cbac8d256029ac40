//! Files in every dress, and files that cannot be used at all.

use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error};
use testkit::{Database, both};

use super::{codes, count, house, import, records};

fn accounts() -> Json {
    json!({"object": "account"})
}

#[test]
fn the_same_rows_come_in_from_every_dress() {
    let plain =
        "Account name,City,Employees,Website\n\"Müller, Söhne & \"\"Co\"\"\",Köln,\"1,250\",https://mueller.example\n深圳腾讯,深圳,7,\n";
    let semicolons =
        "name;city;employees;website\r\n\"Müller, Söhne & \"\"Co\"\"\";Köln;1.250,0;https://mueller.example\r\n深圳腾讯;深圳;7;\r\n";
    let wide = |text: &str| [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    for dress in [
        plain.as_bytes().to_vec(),
        semicolons.as_bytes().to_vec(),
        [b"\xef\xbb\xbf", plain.as_bytes()].concat(),
        wide(plain),
        wide(semicolons),
    ] {
        let house = house(&Database::sqlite());
        let answer = import(&house, accounts(), &dress).unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count")), (2, 0), "{answer}");
        let accounts = records(&house, "account");
        let one = accounts.iter().find(|account| account["fields"]["name"] == "Müller, Söhne & \"Co\"").expect("the first row");
        assert_eq!((&one["fields"]["employees"], &one["fields"]["city"]), (&json!("1250"), &json!("Köln")));
        assert!(accounts.iter().any(|account| account["fields"]["city"] == "深圳"));
    }
}

#[test]
fn files_that_cannot_be_used_are_refused_with_their_reasons() {
    let house = house(&Database::sqlite());
    for (text, code) in [
        (&b""[..], "import.empty"),
        (b"\n\n", "import.empty"),
        (b"name,city,name\nA,B,C\n", "import.header_twice"),
        (b"name,,city\nA,B,C\n", "import.header_blank"),
        (b"Acme,2017-01-01,Berlin\nBeta,2018-01-01,Kyiv\n", "import.header_unknown"),
        (b"PK\x03\x04 a spreadsheet", "import.not_a_spreadsheet"),
        (b"name\nA\0B\n", "import.not_text"),
    ] {
        assert_eq!(codes(import(&house, accounts(), text)), [code], "{}", String::from_utf8_lossy(text));
    }
    let wrong = json!({"object": "account", "mapping": {"town": "city", "name": "nonsense", "who": "created_by"}});
    assert_eq!(codes(import(&house, wrong, b"name,who\nA,B\n")), ["import.column_unknown", "field.unknown", "field.read_only"]);
    let twice = json!({"object": "account", "mapping": {"name": "name", "title": "name"}});
    assert_eq!(codes(import(&house, twice, b"name,title\nA,B\n")), ["import.field_twice"]);
    assert!(matches!(import(&house, json!({"object": "nothing"}), b"name\nA\n"), Err(Error::NotFound)));
    assert!(records(&house, "account").is_empty());
}

#[test]
fn bad_rows_and_values_are_told_and_the_others_come_in() {
    both(|database| {
        let house = house(database);
        let text = "name,employees,website,status\nAcme,12,https://acme.example,Customer\nBeta,many,beta,Custommer\n,5,,\nToo,many,cells,here,now\nAcme,13,,\n";
        let answer = import(&house, accounts(), text.as_bytes()).unwrap();
        let told: Vec<(u64, &str, &str)> = answer["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|problem| (problem["line"].as_u64().unwrap(), problem["column"].as_str().unwrap(), problem["code"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                (3, "employees", "field.invalid"),
                (3, "website", "field.invalid"),
                (3, "status", "field.not_an_option"),
                (4, "name", "field.required"),
                (5, "", "import.row_shape"),
                (6, "", "import.key_twice"),
            ]
        );
        assert_eq!((count(&answer, "created"), count(&answer, "failed")), (2, 3));
        assert_eq!(answer["offered_values"], json!([{"column": "status", "from": "Custommer", "to": "Customer", "rows": 1, "step": 0}]));
        assert_eq!(records(&house, "account").len(), 2);
    });
}

#[test]
fn a_dry_run_tells_everything_and_stores_no_record() {
    both(|database| {
        let house = house(database);
        let options = json!({"object": "account", "dry_run": true, "mapping": {"parent": "parent"}});
        let answer = import(&house, options, b"name,parent,employees\nA,B,1\nB,,x\nC,Nobody,3\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count"), &answer["dry_run"]), (3, 2, &json!(true)), "{answer}");
        assert!(records(&house, "account").is_empty());
    });
}

#[test]
fn parents_may_be_later_rows_and_missing_names_may_be_made() {
    both(|database| {
        let house = house(database);
        let answer =
            import(&house, json!({"object": "account", "mapping": {"parent": "parent"}}), b"name,parent\nA,B\nB,C\nC,\nD,Nobody\n")
                .unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count")), (4, 1), "{answer}");
        let accounts = records(&house, "account");
        let find = |name: &str| accounts.iter().find(|account| account["fields"]["name"] == name).unwrap();
        assert_eq!(find("A")["fields"]["parent"], find("B")["id"]);
        assert_eq!(find("B")["fields"]["parent"], find("C")["id"]);

        let contacts = json!({"object": "contact", "create_missing": ["account"]});
        let answer = import(&house, contacts, b"name,account\nZoe,A\nYan,Newcomer\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count")), (2, 0), "{answer}");
        assert_eq!(records(&house, "account").len(), 5);
    });
}

#[test]
fn dates_that_could_be_read_both_ways_are_not_guessed() {
    let house = house(&Database::sqlite());
    let text = b"name,expected close date\nOne,03/04/2026\n";
    let answer = import(&house, json!({"object": "opportunity"}), text).unwrap();
    assert_eq!(answer["problems"][0]["code"], "import.date_ambiguous", "{answer}");
    let said = json!({"object": "opportunity", "dates": {"expected close date": "day_first"}});
    let answer = import(&house, said, text).unwrap();
    assert_eq!((count(&answer, "updated"), count(&answer, "problem_count")), (1, 0), "{answer}");
    assert_eq!(records(&house, "opportunity")[0]["fields"]["expected_close_date"], "2026-04-03");
}

#[test]
fn nobody_imports_without_the_right() {
    let house = house(&Database::sqlite());
    let options = serde_json::from_value(accounts()).unwrap();
    let nobody = stagecraft_core::imports::run(&house, &Credential::Nobody, &options, "a.csv", b"name\nA\n");
    assert!(matches!(nobody, Err(Error::Unauthenticated(_))));
}
