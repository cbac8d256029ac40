//! What stands on paper is what its reader may know, and adds up.

use model::Id;
use print::{Kind, Language};
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, printing};
use testkit::both;

use crate::office::{Office, refusals};
use crate::together::at_once;

/// A quote of Kim's deal with Lindental: 2 × 100.00 less 10 %, and 1 × 33.33; 5 % off the whole, 19 % tax.
fn quote(office: &Office) -> Id {
    let account = office.system("account", json!({"name": "Lindental AG", "city": "Bonn", "country": "Germany", "owner": office.kim}));
    let deal = office.deal(office.kim, "Rail");
    let quote = office.system(
        "quote",
        json!({
            "name": "Rails and ties", "opportunity": deal, "account": account, "currency": "USD", "discount": "5", "tax_rate": "19",
            "payment_terms": "30 days", "valid_until": "2026-12-31", "owner": office.kim,
        }),
    );
    let line = |position: i64, more: Json| {
        let mut fields = json!({"quote": quote, "position": position.to_string()});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        office.system("quote_line", fields);
    };
    line(2, json!({"name": "Tie", "quantity": "1", "price": "33.33"}));
    line(1, json!({"name": "Rail", "quantity": "2", "price": "100", "discount": "10", "unit": "m", "description": "Of steel"}));
    quote
}

fn prints(office: &Office, who: Id, quote: Id, language: Option<&str>) -> Result<printing::Paper> {
    office.read(who, |cx, tx| printing::paper(cx, tx, "quote", quote, language))
}

fn saves(office: &Office, who: Id, seen: Option<i64>, wanted: Json) -> Result<Json> {
    let wanted: printing::Wanted = serde_json::from_value(wanted).unwrap();
    office.write(who, |cx, tx| printing::save(cx, tx, seen, &wanted))
}

#[test]
fn a_quote_is_printed_as_it_stands() {
    both(|database| {
        let office = Office::new(database);
        let quote = quote(&office);
        let paper = prints(&office, office.kim, quote, Some("zh-CN")).unwrap();
        let document = &paper.document;
        assert_eq!((document.kind, document.language, document.draft), (Kind::Quote, Language::Chinese, true));
        assert_eq!((document.customer.name.as_str(), document.customer.address.as_str()), ("Lindental AG", "Germany Bonn"));
        assert_eq!((document.prepared_by.as_str(), document.payment_terms.as_str()), ("Kim", "30 days"));
        let lines: Vec<(&str, &str, String)> = document
            .lines
            .iter()
            .map(|line| (line.name.as_str(), line.unit.as_str(), line.amount.unwrap().show(document.currency)))
            .collect();
        assert_eq!(lines, [("Rail", "m", "180.00".to_owned()), ("Tie", "", "33.33".to_owned())]);
        assert_eq!(document.lines[0].description, "Of steel");
        let totals = &document.totals;
        let shown = [totals.lines, totals.discount.unwrap().1, totals.subtotal, totals.tax.unwrap().1, totals.total]
            .map(|amount| amount.show(document.currency));
        assert_eq!(shown, ["213.33", "10.67", "202.66", "38.51", "241.17"]);
        // The organisation's name stands where there is no letterhead yet.
        assert_eq!(document.letterhead.name, "Stagecraft");
        assert!(paper.set().unwrap().starts_with(b"%PDF-"));
        assert!(matches!(prints(&office, office.lee, quote, None), Err(Error::NotFound)), "out of his sight");
        assert_eq!(refusals(prints(&office, office.kim, quote, Some("fr"))), ["field.not_an_option:language"]);
        let deal = office.deal(office.kim, "Port");
        assert!(matches!(office.read(office.kim, |cx, tx| printing::paper(cx, tx, "opportunity", deal, None)), Err(Error::NotFound)));
    });
}

#[test]
fn what_is_hidden_is_not_on_paper_and_a_hidden_amount_keeps_it_from_being_printed() {
    both(|database| {
        let office = Office::new(database);
        let quote = quote(&office);
        office.hides("salesperson", "quote", &[("payment_terms", "hidden"), ("account", "hidden")]);
        let paper = prints(&office, office.kim, quote, None).unwrap();
        assert_eq!((paper.document.payment_terms.as_str(), paper.document.customer.name.as_str()), ("", ""));
        assert_eq!(prints(&office, office.mona, quote, None).unwrap().document.payment_terms, "30 days");
        office.hides("salesperson", "quote_line", &[("list_price", "hidden"), ("description", "hidden")]);
        let paper = prints(&office, office.kim, quote, None).unwrap();
        assert!(paper.document.lines.iter().all(|line| line.description.is_empty() && line.list_price.is_none()));
        for (object, field) in [("quote_line", "price"), ("quote_line", "discount"), ("quote", "total"), ("quote", "tax_rate")] {
            office.hides("salesperson", object, &[(field, "hidden")]);
            assert_eq!(refusals(prints(&office, office.kim, quote, None)), ["print.hidden_price"], "{object}.{field}");
            office.hides("salesperson", object, &[(field, "write")]);
        }
    });
}

#[test]
fn a_letterhead_is_saved_whole_in_both_languages() {
    both(|database| {
        let office = Office::new(database);
        let read = |who| office.read(who, printing::read);
        assert_eq!(read(office.ada).unwrap()["version"], 0);
        assert!(matches!(read(office.kim), Err(Error::Forbidden { .. })));
        let wanted = json!({"paper": "letter", "en": {"name": "Northwind Ltd.", "phone": "+44 1"}});
        assert!(matches!(saves(&office, office.kim, None, wanted.clone()), Err(Error::Forbidden { .. })));
        let saved = saves(&office, office.ada, Some(0), wanted.clone()).unwrap();
        assert_eq!((&saved["version"], &saved["logo"], &saved["zh"]["name"]), (&json!(1), &Json::Null, &json!("")));
        let Err(Error::Conflict { record }) = saves(&office, office.ada, Some(0), wanted) else { panic!("it has changed meanwhile") };
        assert_eq!(record["version"], 1);
        // A language of which nothing is said has the other's.
        let quote = quote(&office);
        let on_paper = |language| prints(&office, office.kim, quote, Some(language)).unwrap().document.letterhead;
        assert_eq!((on_paper("zh-CN").name, on_paper("zh-CN").paper), ("Northwind Ltd.".to_owned(), print::Paper::Letter));
        let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let mut both = saved;
        both["zh"] = json!({"name": "北风有限公司"});
        both["logo"] = dot.into();
        let saved = saves(&office, office.ada, Some(1), both).unwrap();
        assert_eq!((&saved["version"], &saved["logo"]), (&json!(2), &json!(dot)));
        assert_eq!((on_paper("zh-CN").name, on_paper("en").name), ("北风有限公司".to_owned(), "Northwind Ltd.".to_owned()));
        assert!(prints(&office, office.kim, quote, None).unwrap().set().unwrap().starts_with(b"%PDF-"));
        let noted = office.read(office.ada, |cx, tx| stagecraft_core::audit::log(cx, tx, &Default::default())).unwrap().to_string();
        assert!(noted.contains("letterhead") && noted.contains("北风有限公司") && !noted.contains(dot));
    });
}

#[test]
fn everything_that_is_wrong_with_a_letterhead_is_said_at_once() {
    both(|database| {
        let office = Office::new(database);
        let wrong = json!({"paper": "a3", "en": {"name": "x".repeat(201)}, "zh": {"footer": "\u{0}"}, "logo": "R0lGODlh"});
        assert_eq!(
            refusals(saves(&office, office.ada, None, wrong)),
            ["field.not_an_option:paper", "field.too_long:en/name", "field.invalid:zh/footer", "letterhead.logo:logo"]
        );
        let large = json!({"logo": "A".repeat(1_500_000)});
        assert_eq!(refusals(saves(&office, office.ada, None, large)), ["file.too_large:logo"]);
        // The sample says the same, and stores nothing.
        let sample = |wanted: Json| {
            let wanted: printing::Wanted = serde_json::from_value(wanted).unwrap();
            office.read(office.ada, |cx, _| printing::sample(cx, Some("en"), &wanted))
        };
        assert_eq!(refusals(sample(json!({"paper": "a3"}))), ["field.not_an_option:paper"]);
        assert_eq!(sample(json!({"en": {"name": "Trial"}})).unwrap().document.letterhead.name, "Trial");
        assert_eq!(office.read(office.ada, printing::read).unwrap()["version"], 0);
    });
}

#[test]
fn of_two_who_save_a_letterhead_at_once_one_is_told() {
    both(|database| {
        let office = Office::new(database);
        for seen in [0, 1] {
            let save = |name: &str| saves(&office, office.ada, Some(seen), json!({"en": {"name": name}}));
            let (one, other) = at_once(|| save("One"), || save("Other"));
            assert_eq!([&one, &other].iter().filter(|answer| answer.is_ok()).count(), 1, "{one:?} {other:?}");
            assert!([one, other].iter().any(|answer| matches!(answer, Err(Error::Conflict { .. }))));
        }
    });
}
