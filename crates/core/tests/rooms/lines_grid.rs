//! A whole grid saved at once.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::lines::{self, PutLines};
use stagecraft_core::{Error, Result, check};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::prices::{Shop, money, shown};

impl Office {
    pub fn puts_lines(&self, who: Id, object: &str, id: Id, version: Option<i64>, body: Json) -> Result<Json> {
        let wanted: PutLines = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| lines::put(cx, tx, object, id, version, &wanted))
    }
}

fn new(fields: Json) -> Json {
    json!({ "fields": fields })
}

fn amounts(answer: &Json) -> Vec<String> {
    answer["rows"].as_array().unwrap().iter().map(|row| shown(&row["fields"], "amount")).collect()
}

#[test]
fn rows_are_added_changed_and_removed_together() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let quote = shop.quote(office.deal(office.kim, "Rail"), "EUR");
        let rows = json!({"rows": [
            new(json!({"product": shop.probe, "quantity": "2"})),
            new(json!({"name": "Work", "quantity": "1.5", "price": "80"})),
            new(json!({"name": "Later"})),
        ]});
        let asked = office.puts_lines(office.kim, "quote", quote, None, with_dry_run(&rows)).unwrap();
        assert_eq!(shown(&asked["record"]["fields"], "total"), "305.00 EUR");
        assert_eq!(shown(&office.reads(office.kim, "quote", quote).unwrap()["fields"], "total"), "–", "only asked");
        let saved = office.puts_lines(office.kim, "quote", quote, Some(1), rows).unwrap();
        assert_eq!(amounts(&saved), ["185.00 EUR", "120.00 EUR", "–"]);
        assert_eq!(shown(&saved["record"]["fields"], "lines_total"), "305.00 EUR");
        assert_eq!(saved["record"]["version"], 1, "lines do not raise it");
        let row = |n: usize| saved["rows"][n]["id"].clone();
        let places: Vec<&str> = saved["rows"].as_array().unwrap().iter().map(|row| row["fields"]["position"].as_str().unwrap()).collect();
        assert_eq!(places, ["1", "2", "3"]);
        let changed = json!({
            "rows": [{"id": row(0), "version": 1, "fields": {"discount": "10"}}, new(json!({"name": "Freight", "price": money("12.35", "EUR")}))],
            "removed": [row(1)],
        });
        let saved = office.puts_lines(office.kim, "quote", quote, None, changed.clone()).unwrap();
        assert_eq!(amounts(&saved)[0], "166.50 EUR");
        assert_eq!(saved["rows"][1]["fields"]["position"], "4", "the place of one in the recycle bin is its own");
        // What was removed counts no more and can be restored.
        let total = |fields: &Json| shown(fields, "lines_total");
        let before = total(&saved["record"]["fields"]);
        let none = Default::default();
        let gone: Id = row(1).as_str().unwrap().parse().unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::records::restore(cx, tx, "quote_line", gone, None, &none)).unwrap();
        assert_ne!(total(&office.reads(office.kim, "quote", quote).unwrap()["fields"]), before);
        // One who has not seen the last state of a row is told.
        assert!(matches!(office.puts_lines(office.kim, "quote", quote, None, changed), Err(Error::Conflict { .. })));
        assert!(matches!(office.puts_lines(office.kim, "quote", quote, Some(7), json!({})), Err(Error::Conflict { .. })));
        assert_eq!(office.read(office.ada, check::all).unwrap()["faults"], json!([]));
    });
}

fn with_dry_run(body: &Json) -> Json {
    crate::prices::with(body.clone(), json!({"dry_run": true}))
}

#[test]
fn all_that_stands_against_any_row_is_told_at_its_place_and_nothing_is_kept() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let quote = shop.quote(deal, "USD");
        let other = shop.quote(deal, "USD");
        let foreign = id_of(&office.creates(office.kim, "quote_line", json!({"quote": other, "name": "Elsewhere"})).unwrap());
        let rows = json!({"rows": [
            new(json!({"name": "Good", "price": "5"})),
            new(json!({"name": "Odd", "price": "five", "quantity": "many"})),
            new(json!({"price": money("5", "EUR")})),
            new(json!({"product": shop.retired})),
            {"id": foreign, "fields": {"price": "1"}},
            new(json!({"name": "Odd", "colour": "red"})),
        ], "removed": [foreign, "nothing"]});
        let mut found = refusals(office.puts_lines(office.kim, "quote", quote, None, rows));
        found.sort();
        assert_eq!(
            found,
            [
                "field.invalid:rows/1/price",
                "field.invalid:rows/1/quantity",
                "field.reference_not_found:removed/0/id",
                "field.reference_not_found:removed/1/id",
                "field.reference_not_found:rows/4/id",
                "field.required:rows/2/name",
                "field.unknown:rows/5/colour",
                "line.currency:rows/2/price",
                "line.product_not_on_sale:rows/3/product",
            ]
        );
        assert_eq!(office.lists(office.kim, "quote_line", json!({})).unwrap().1, 1);
        let many: Vec<Json> = (0..1001).map(|_| new(json!({"name": "Line"}))).collect();
        assert_eq!(refusals(office.puts_lines(office.kim, "quote", quote, None, json!({ "rows": many }))), ["lines.too_many:rows"]);
    });
}

#[test]
fn whoever_may_not_write_the_record_saves_no_rows_and_other_objects_have_none() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let rows = || json!({"rows": [new(json!({"name": "Line"}))]});
        assert!(matches!(office.puts_lines(office.lee, "opportunity", deal, None, rows()), Err(Error::NotFound)));
        assert!(matches!(office.puts_lines(office.ines, "opportunity", deal, None, rows()), Err(Error::Forbidden { .. })));
        assert!(matches!(office.puts_lines(office.ada, "product", shop.probe, None, rows()), Err(Error::NotFound)));
        assert!(matches!(office.puts_lines(office.kim, "price_book", shop.usd, None, rows()), Err(Error::Forbidden { .. })));
        // The entries of a price book are a grid as well; plain amounts are in its currency.
        let entries = json!({"rows": [new(json!({"product": shop.cable, "price": "8.50"}))]});
        let saved = office.puts_lines(office.ada, "price_book", shop.eur, None, entries).unwrap();
        let fields = &saved["rows"][0]["fields"];
        assert_eq!((shown(fields, "price"), fields["name"].clone()), ("8.50 EUR".into(), json!("Cable")));
    });
}

#[test]
fn five_hundred_rows_are_saved_in_few_statements() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let statements = |many: usize| {
            let quote = shop.quote(office.deal(office.kim, "Rail"), "USD");
            let row = |n: usize| new(json!({"product": if n.is_multiple_of(2) { shop.probe } else { shop.cable }, "quantity": "3"}));
            let wanted: PutLines = serde_json::from_value(json!({"rows": (0..many).map(row).collect::<Vec<_>>()})).unwrap();
            let began = std::time::Instant::now();
            let (asked, total) = office
                .write(office.kim, |cx, tx| {
                    let before = tx.statements();
                    let saved = lines::put(cx, tx, "quote", quote, None, &wanted)?;
                    Ok((tx.statements() - before, shown(&saved["record"]["fields"], "lines_total")))
                })
                .unwrap();
            (asked, total, began.elapsed())
        };
        let (few, ..) = statements(2);
        let (many, total, took) = statements(500);
        assert_eq!(total, "82492.50 USD");
        eprintln!("{:?}: 2 rows {few} statements, 500 rows {many} statements in {took:?}", database.engine());
        // Rows go in by some hundreds.
        assert!(many <= few + 30, "{few} for two rows, {many} for five hundred");
    });
}
