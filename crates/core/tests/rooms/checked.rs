//! The check of a whole database finds what does not agree.

use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, House, Limits, check, demo};
use testkit::both;

const SYSTEM: Credential = Credential::System("a check in a test");

fn faults(house: &House) -> Vec<String> {
    let report: Json = house.read(&SYSTEM, Limits::default(), check::all).unwrap();
    assert_eq!(report["ok"], json!(report["faults"] == json!([])));
    report["faults"].as_array().unwrap().iter().map(|fault| fault["check"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_was_spoilt_is_found() {
    both(|database| {
        let house = House::open(database.again()).unwrap();
        demo::fill(&house).unwrap();
        assert_eq!(faults(&house), Vec::<String>::new());
        let spoil = |statement: db::Statement, expected: &[&str]| {
            let mut statement = Some(statement);
            // Tried and undone: the next one begins with a sound database.
            let undone = house.write(&SYSTEM, Limits::default(), model::Via::System, |cx, tx| {
                assert!(tx.execute(statement.take().expect("run once"))? > 0);
                let report = check::all(cx, tx)?;
                let found: Vec<&str> = report["faults"].as_array().unwrap().iter().map(|fault| fault["check"].as_str().unwrap()).collect();
                assert_eq!(found, expected);
                Err::<(), Error>(Error::NotFound)
            });
            assert!(matches!(undone, Err(Error::NotFound)), "{undone:?}");
        };
        spoil(
            Query::update().table("stage_stay").value("left_at", 1_i64).and_where(Expr::col("how").eq("advance")).to_owned().into(),
            &["open_differs_from_stay", "stays_do_not_fit"],
        );
        spoil(Query::delete().from_table("stage_stay").to_owned().into(), &["deal_without_stay"]);
        spoil(Query::delete().from_table("history").and_where(Expr::col("act").eq("move")).to_owned().into(), &["history_with_gaps"]);
        spoil(Query::delete().from_table("outbox").and_where(Expr::col("act").eq("move")).to_owned().into(), &["change_without_event"]);
        spoil(
            Query::update().table("search_word").value("field", "name").and_where(Expr::col("field").eq("phone")).to_owned().into(),
            &["word_missing", "word_too_much"],
        );
        spoil(
            Query::update().table("search_word").value("object", "account").and_where(Expr::col("object").eq("product")).to_owned().into(),
            &["word_missing", "words_of_nothing"],
        );
        spoil(Query::delete().from_table("sees").to_owned().into(), &["sight_missing"]);
        spoil(
            Query::update().table("grant_to").value("object", "account").to_owned().into(),
            &["grant_of_nothing", "share_missing", "share_too_much"],
        );
    });
}
