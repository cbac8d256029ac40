//! The demo organisation: filled once, the same on both databases, and by the rules.

use serde_json::Value as Json;
use stagecraft_core::{Credential, House, Limits, analysis, check, demo, forecast, holding, identity, pools, processes, records};
use testkit::both;

const SYSTEM: Credential = Credential::System("a look at the demo");

fn board(house: &House) -> Vec<(String, i64)> {
    let board = house.read(&SYSTEM, Limits::default(), |cx, tx| processes::board(cx, tx, &processes::BoardRequest::default())).unwrap();
    let columns = board["columns"].as_array().unwrap();
    columns.iter().map(|column| (column["stage"].as_str().unwrap().to_owned(), column["count"].as_i64().unwrap())).collect()
}

fn count(house: &House, object: &str) -> i64 {
    let request = records::ListRequest { count: Some("exact".into()), limit: Some(1), ..Default::default() };
    house.read(&SYSTEM, Limits::default(), |cx, tx| records::list(cx, tx, object, &request)).unwrap()["count"].as_i64().unwrap()
}

#[test]
fn an_empty_database_is_filled_once_and_agrees_with_itself() {
    let boards = std::cell::RefCell::new(Vec::new());
    both(|database| {
        let house = House::open(database.again()).unwrap();
        let nobody = house.read(&SYSTEM, Limits::default(), identity::setup_state).unwrap();
        assert_eq!(nobody["demo_people"], Json::Array(Vec::new()));
        let began = std::time::Instant::now();
        assert!(demo::fill(&house).unwrap());
        eprintln!("demo on {:?} in {:?}: {:?}", house.db().engine(), began.elapsed(), board(&house));
        assert!(!demo::fill(&house).unwrap(), "it is filled only once");
        assert_eq!(
            (count(&house, "opportunity"), count(&house, "account"), count(&house, "contact"), count(&house, "employee")),
            (234, 60, 100, 12)
        );
        assert_eq!(count(&house, "lead"), 21);
        // Everybody who sells has a target and has said what the month will bring.
        analysis::prepare(&house).unwrap();
        let request = forecast::ForecastRequest::default();
        let told = house.read(&SYSTEM, Limits::default(), |cx, tx| forecast::forecast(cx, tx, house.analysis(), &request)).unwrap();
        let cell = &told["total"]["cells"][0];
        assert_eq!((cell["submitted"]["people"].as_u64() >= Some(6), cell["with_target"].as_u64() >= Some(6)), (true, true), "{cell}");
        assert_ne!(cell["submitted"]["commit"], cell["adjusted"]["commit"], "one was put otherwise");
        let lie = house.read(&SYSTEM, Limits::default(), |cx, tx| pools::list(cx, tx, None)).unwrap();
        let lie: Vec<(&str, i64)> = lie["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pool| (pool["name"].as_str().unwrap(), pool["records"].as_i64().unwrap()))
            .collect();
        assert_eq!(lie, [("Advertising", 4), ("Given up", 2)]);
        let limits = house.read(&SYSTEM, Limits::default(), |cx, tx| holding::list(cx, tx, Some("lead"))).unwrap();
        assert_eq!(limits["items"].as_array().unwrap().len(), 1);
        let flows = house.read(&SYSTEM, Limits::default(), stagecraft_core::approvals::flows).unwrap();
        let flows: Vec<(&str, i64)> = flows["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|flow| (flow["name"].as_str().unwrap(), flow["running"].as_i64().unwrap()))
            .collect();
        assert_eq!(
            flows,
            [("Registration of large deals", 0), ("Offers of large projects", 0), ("List prices", 1), ("Discounts above 15 %", 1)]
        );
        assert_eq!((count(&house, "price_book"), count(&house, "price_book_entry")), (4, 48));
        assert!(count(&house, "activity") > 150 && count(&house, "task") > 30, "it looks lived in");

        let board = board(&house);
        assert!(
            board.iter().all(|(stage, count)| *count >= if stage == "invalid" { 1 } else { 8 }),
            "every stage has its deals: {board:?}"
        );
        boards.borrow_mut().push(board);

        let report = house.read(&SYSTEM, Limits::default(), check::all).unwrap();
        assert_eq!(report["ok"], true, "{report:#}");

        let setup = house.read(&SYSTEM, Limits::default(), identity::setup_state).unwrap();
        assert_eq!((&setup["needs_setup"], setup["demo_people"].as_array().unwrap().len()), (&Json::Bool(false), 7));
        for person in setup["demo_people"].as_array().unwrap() {
            identity::sign_in(&house, Limits::default(), person["email"].as_str().unwrap(), demo::PASSWORD, &model::Via::Screen.into())
                .unwrap();
        }
    });
    let boards = boards.into_inner();
    assert_eq!(boards[0], boards[1], "the same on both");
}

#[test]
fn a_database_with_people_of_its_own_is_left_alone() {
    both(|database| {
        let house = House::open(database.again()).unwrap();
        let wanted = identity::SetUp {
            organisation: "Own".into(),
            main_currency: "EUR".into(),
            time_zone: "Europe/Berlin".into(),
            language: "en".into(),
            name: "Olga".into(),
            email: "olga@own.example".into(),
            password: "a good password".into(),
        };
        identity::set_up(&house, Limits::default(), &wanted, &model::Via::Screen.into()).unwrap();
        assert!(!demo::fill(&house).unwrap());
        assert_eq!(count(&house, "opportunity"), 0);
    });
}
