//! Imports: a real pipeline, and files that mean harm.

mod advice;
mod at_once;
mod b2b_sales;
mod belonging;
mod choices;
mod going_on;
mod hostile;
mod regarding;
mod telling;

use serde_json::Value as Json;
use stagecraft_core::imports::Options;
use stagecraft_core::{Credential, Error, House, Limits, Result};
use testkit::Database;

/// The product itself imports.
const SYSTEM: Credential = Credential::System("an import in a test");

fn house(database: &Database) -> House {
    House::open(database.again()).unwrap()
}

fn import(house: &House, options: Json, text: &[u8]) -> Result<Json> {
    let options: Options = serde_json::from_value(options).unwrap();
    stagecraft_core::imports::run(house, &SYSTEM, &options, "test.csv", text)
}

/// Codes of a refusal.
fn codes(answer: Result<Json>) -> Vec<&'static str> {
    match answer {
        Err(Error::Invalid(found)) => found.iter().map(|violation| violation.code).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

/// All records of an object.
fn records(house: &House, object: &str) -> Vec<Json> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let request = stagecraft_core::records::ListRequest { limit: Some(200), cursor, ..Default::default() };
        let page = house.read(&SYSTEM, Limits::default(), |cx, tx| stagecraft_core::records::list(cx, tx, object, &request)).unwrap();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            return items;
        }
    }
}

fn count(answer: &Json, key: &str) -> u64 {
    answer[key].as_u64().unwrap()
}
