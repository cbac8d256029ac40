//! Every figure of every analysis opens as many records as it counts, worth what it says.
//!
//! [`opens_every_figure`] goes through a whole answer: whatever tells in `behind` where its records are is opened and held against them.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::office::{Office, Person, both};

/// Figures that are shares of others: opened, and not compared with a sum.
fn is_share(name: &str) -> bool {
    ["average", "size", "cycle", "conversion", "attainment", "gap", "share"].contains(&name)
        || name.starts_with("average_")
        || name.ends_with("_rate")
}

/// Asks `address` and opens every figure in the answer, page by page: one that is a number is the count of the records behind it, one that
/// is text is what they come to. Gives how many figures were held against their records.
#[track_caller]
pub fn opens_every_figure(who: Person<'_>, address: &str) -> usize {
    let told = who.gets(address).is_ok().body;
    let mut compared = 0;
    each_row(&told, &mut |row| {
        for (name, at) in row["behind"].as_object().into_iter().flatten() {
            let at = at.as_str().unwrap_or_else(|| panic!("{name}: no address in {row:#}"));
            compared += usize::from(holds(who, row, name, at));
        }
    });
    compared
}

fn each_row(told: &Json, visit: &mut dyn FnMut(&Json)) {
    match told {
        Json::Object(map) => {
            if map.get("behind").is_some_and(Json::is_object) {
                visit(told);
            }
            map.values().for_each(|inner| each_row(inner, visit));
        }
        Json::Array(list) => list.iter().for_each(|inner| each_row(inner, visit)),
        _ => {}
    }
}

/// True where the figure could be compared with what it opens.
#[track_caller]
fn holds(who: Person<'_>, row: &Json, name: &str, address: &str) -> bool {
    let joint = if address.contains('?') { '&' } else { '?' };
    let (mut seen, mut cursor, mut pages) = (BTreeSet::new(), String::new(), 0);
    let opened = loop {
        let page = who.gets(&format!("{address}{joint}limit=40{cursor}")).is_ok().body;
        for item in page["items"].as_array().expect("items") {
            assert_eq!(item["object"], page["object"], "{address}");
            assert!(seen.insert(item["id"].to_string()), "{name}: the same record twice: {address}");
        }
        pages += 1;
        match page["next"].as_str() {
            Some(next) if pages < 100 => cursor = format!("&cursor={next}"),
            _ => break page,
        }
    };
    assert_eq!(json!(seen.len()), opened["count"], "{name}: as many records as are counted: {address}");
    assert!(opened["main_currency"].is_string() && opened["refs"].is_object(), "{opened:#}");
    match &row[name] {
        Json::Number(count) if !is_share(name) => assert_eq!(json!(count), opened["count"], "{name} of {row:#}"),
        Json::String(amount) if !is_share(name) && !opened["amount"].is_null() => {
            assert_eq!(json!(amount), opened["amount"], "{name} of {row:#}");
        }
        // An average, a least or a greatest.
        Json::String(_) if !is_share(name) => assert_eq!(row["records"], opened["count"], "{name} of {row:#}"),
        _ => return false,
    }
    true
}

/// Deals in several currencies and stages, of several people, some lost and won.
pub fn some_deals(office: &Office) {
    let ada = office.ada();
    ada.posts("/currency-rates", &json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.0875"}));
    for (at, who) in [office.kim(), office.lee(), office.kim(), office.mona(), office.kim(), office.lee(), office.kim()].iter().enumerate()
    {
        let currency = if at % 2 == 0 { "EUR" } else { "USD" };
        let source = ["referral", "website", "event"][at % 3];
        let mut fields = json!({"lead_source": source, "expected_close_date": format!("2026-0{}-11", 1 + at % 4)});
        if at != 3 {
            fields["amount"] = json!({"amount": format!("{}.37", 700 + 311 * at), "currency": currency});
        }
        let deal = who.opens_a_deal(&fields);
        let stage = ["prospecting", "qualification", "won", "lost", "won", "qualification", "won"][at];
        let more = if stage == "lost" { json!({"lost_reason": "price"}) } else { json!({}) };
        if stage != "prospecting" {
            ada.moves_with(&deal, &json!({"stage": stage, "bypass": true, "reason": "As it went", "fields": more})).is_ok();
        }
    }
}

#[test]
fn every_figure_of_the_stage_conversion_opens_its_deals() {
    both(|office| {
        some_deals(office);
        for who in [office.kim(), office.mona(), office.ada()] {
            let compared = opens_every_figure(who, "/analysis/stage-conversion");
            assert!(compared >= 20, "{compared} figures");
        }
        let named =
            "/analysis/stage-conversion?filter=%7B%22field%22%3A%22amount%22%2C%22op%22%3A%22gt%22%2C%22value%22%3A%221000%22%7D&q=pumps";
        assert!(opens_every_figure(office.ada(), named) >= 20);
    });
}
