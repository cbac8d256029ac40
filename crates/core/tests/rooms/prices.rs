//! What lines cost: price books, their rules, and the products that are chosen.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::prices::{self, PricesRequest};
use stagecraft_core::{Credential, bulk, organisation, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

/// A house with two currencies, three products and their price books.
pub struct Shop {
    pub office: Office,
    pub probe: Id,
    pub cable: Id,
    pub retired: Id,
    /// Standard in USD and in EUR; `partners` is in USD and standard nowhere.
    pub usd: Id,
    pub eur: Id,
    pub partners: Id,
}

pub fn money(amount: &str, currency: &str) -> Json {
    json!({"amount": amount, "currency": currency})
}

impl Shop {
    pub fn new(database: &testkit::Database) -> Shop {
        let office = Office::new(database);
        for (currency, rate) in [("EUR", "1.1"), ("CNY", "0.14")] {
            let wanted = serde_json::from_value(json!({"currency": currency, "day": "2020-01-01", "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
        }
        let product = |name: &str, price: &str| office.system("product", json!({"name": name, "unit": "piece", "list_price": price}));
        let (probe, cable, retired) = (product("Probe", "120"), product("Cable", "9.99"), product("Old probe", "80"));
        office.edits(office.ada, "product", retired, json!({"active": false})).unwrap();
        let book = |fields: Json| id_of(&office.creates(office.ada, "price_book", fields).unwrap());
        let usd = book(json!({"name": "Standard USD", "currency": "USD", "standard": true}));
        let eur = book(json!({"name": "Standard EUR", "currency": "EUR", "standard": true}));
        let partners = book(json!({"name": "Partners", "currency": "USD"}));
        let shop = Shop { office, probe, cable, retired, usd, eur, partners };
        for (book, amount, currency) in [(usd, "100", "USD"), (eur, "92.5", "EUR"), (partners, "80", "USD")] {
            shop.entry(book, probe, amount, currency).unwrap();
        }
        shop
    }

    pub fn entry(&self, book: Id, product: Id, amount: &str, currency: &str) -> stagecraft_core::Result<Json> {
        let fields = json!({"price_book": book, "product": product, "price": money(amount, currency)});
        self.office.creates(self.office.ada, "price_book_entry", fields)
    }

    pub fn line(&self, deal: Id, fields: Json) -> stagecraft_core::Result<Json> {
        self.office.creates(self.office.kim, "opportunity_line", with(fields, json!({"opportunity": deal})))
    }

    /// A quote in a deal; it is in a currency.
    pub fn quote(&self, deal: Id, currency: &str) -> Id {
        self.office.system("quote", json!({"name": "Offer", "opportunity": deal, "currency": currency, "owner": self.office.kim}))
    }

    pub fn offers(&self, who: Id, object: &str, id: Id, products: &[Id]) -> stagecraft_core::Result<Json> {
        let products = products.iter().map(Id::to_string).collect::<Vec<_>>().join(",");
        let request = PricesRequest { object: object.into(), id: id.to_string(), products: Some(products) };
        self.office.read(who, |cx, tx| prices::offer(cx, tx, &request))
    }
}

pub fn with(mut fields: Json, more: Json) -> Json {
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fields
}

/// `amount currency` of a field; “–” where it is blank.
pub fn shown(fields: &Json, field: &str) -> String {
    match &fields[field] {
        Json::Null => "–".into(),
        money => format!("{} {}", money["amount"].as_str().unwrap(), money["currency"].as_str().unwrap()),
    }
}

fn priced(answer: &Json) -> (String, String, String, String) {
    let fields = &answer["record"]["fields"];
    let text = |field: &str| fields[field].as_str().unwrap_or("–").to_owned();
    (shown(fields, "list_price"), shown(fields, "price"), text("name"), text("unit"))
}

fn is(list: &str, price: &str, name: &str) -> (String, String, String, String) {
    (list.into(), price.into(), name.into(), "piece".into())
}

#[test]
fn a_line_takes_its_price_from_the_book_that_holds() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let chosen = |deal: Id, product: Id| priced(&shop.line(deal, json!({"product": product})).unwrap());
        assert_eq!(chosen(deal, shop.probe), is("100.00 USD", "100.00 USD", "Probe"));
        assert_eq!(chosen(deal, shop.cable), is("9.99 USD", "9.99 USD", "Cable"), "no book has it, so its own price holds");
        office.edits(office.kim, "opportunity", deal, json!({"price_book": shop.partners})).unwrap();
        assert_eq!(chosen(deal, shop.probe), is("80.00 USD", "80.00 USD", "Probe"));
        // A deal in another currency, by its amount or by the book that it names.
        let euro = id_of(&office.creates(office.kim, "opportunity", json!({"name": "Port", "amount": money("5", "EUR")})).unwrap());
        assert_eq!(chosen(euro, shop.probe), is("92.50 EUR", "92.50 EUR", "Probe"));
        assert_eq!(chosen(euro, shop.cable).0, "–", "a price in another currency is none");
        let named = id_of(&office.creates(office.kim, "opportunity", json!({"name": "Quay", "price_book": shop.eur})).unwrap());
        assert_eq!(chosen(named, shop.probe), is("92.50 EUR", "92.50 EUR", "Probe"));
        // What is given stays; another product brings its own.
        let given = shop.line(deal, json!({"product": shop.probe, "price": "70", "name": "Probe, used", "unit": "box"})).unwrap();
        assert_eq!(priced(&given), ("80.00 USD".into(), "70.00 USD".into(), "Probe, used".into(), "box".into()));
        let other = office.edits(office.kim, "opportunity_line", id_of(&given), json!({"product": shop.cable})).unwrap();
        assert_eq!(priced(&other), is("9.99 USD", "9.99 USD", "Cable"));
        let none = office.edits(office.kim, "opportunity_line", id_of(&given), json!({"product": null})).unwrap();
        assert_eq!(
            (shown(&none["record"]["fields"], "list_price"), shown(&none["record"]["fields"], "price")),
            ("–".into(), "9.99 USD".into())
        );
        // A quote is in its own currency, whatever the deal's.
        let quote = shop.quote(deal, "EUR");
        let line = office.creates(office.kim, "quote_line", json!({"quote": quote, "product": shop.probe})).unwrap();
        assert_eq!(priced(&line), is("92.50 EUR", "92.50 EUR", "Probe"));
    });
}

#[test]
fn what_a_product_would_cost_is_told_before_it_is_chosen() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let told = shop.offers(office.kim, "opportunity", deal, &[shop.cable, shop.probe, deal]).unwrap();
        let items: Vec<(String, String)> = told["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (shown(item, "list_price"), item["from"].as_str().unwrap().into()))
            .collect();
        assert_eq!(items, [("9.99 USD".into(), "product".to_owned()), ("100.00 USD".into(), "book".to_owned())]);
        assert_eq!((told["currency"].as_str(), told["book"].as_str()), (Some("USD"), Some(shop.usd.to_string().as_str())));
        assert_eq!(told["refs"][shop.usd.to_string()]["name"], "Standard USD");
        assert!(matches!(shop.offers(office.lee, "opportunity", deal, &[shop.probe]), Err(stagecraft_core::Error::NotFound)));
        let quote = shop.quote(deal, "CNY");
        let told = shop.offers(office.kim, "quote", quote, &[shop.probe]).unwrap();
        assert_eq!((told["items"][0]["list_price"].clone(), told["book"].clone()), (Json::Null, Json::Null));
    });
}

#[test]
fn a_book_that_holds_no_more_is_not_chosen_and_gives_no_prices() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"price_book": shop.partners})).unwrap();
        office.edits(office.ada, "price_book", shop.partners, json!({"valid_until": "2020-01-01"})).unwrap();
        // The deal keeps it, and goes by the standard one.
        assert_eq!(priced(&shop.line(deal, json!({"product": shop.probe})).unwrap()).0, "100.00 USD");
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        let other = office.deal(office.kim, "Port");
        let chosen = || office.edits(office.kim, "opportunity", other, json!({"price_book": shop.partners}));
        assert_eq!(refusals(chosen()), ["price_book.not_valid:price_book"]);
        office.edits(office.ada, "price_book", shop.partners, json!({"valid_until": null, "active": false})).unwrap();
        assert_eq!(refusals(chosen()), ["price_book.not_valid:price_book"]);
        office.edits(office.ada, "price_book", shop.partners, json!({"active": true, "valid_from": "2999-01-01"})).unwrap();
        assert_eq!(refusals(chosen()), ["price_book.not_valid:price_book"]);
        let quote = shop.quote(deal, "EUR");
        let book = |book: Id| office.edits(office.kim, "quote", quote, json!({ "price_book": book }));
        assert_eq!(refusals(book(shop.usd)), ["price_book.currency:price_book"]);
        book(shop.eur).unwrap();
        assert_eq!(refusals(office.edits(office.kim, "quote", quote, json!({"currency": "USD"}))), ["price_book.currency:price_book"]);
    });
}

#[test]
fn price_books_keep_to_their_rules() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let book = |fields: Json| office.creates(office.ada, "price_book", fields);
        let standard = |name: &str, more: Json| book(with(json!({"name": name, "currency": "USD", "standard": true}), more));
        assert_eq!(refusals(standard("Again", json!({}))), ["price_book.standard_twice:standard"]);
        standard("Off", json!({"active": false})).unwrap();
        office.edits(office.ada, "price_book", shop.usd, json!({"valid_until": "2026-12-31"})).unwrap();
        assert_eq!(refusals(standard("Next", json!({"valid_from": "2026-12-31"}))), ["price_book.standard_twice:standard"]);
        let next = id_of(&standard("Next", json!({"valid_from": "2027-01-01"})).unwrap());
        let edits = |id: Id, fields: Json| office.edits(office.ada, "price_book", id, fields);
        assert_eq!(refusals(edits(shop.usd, json!({"valid_until": null}))), ["price_book.standard_twice:standard"]);
        assert_eq!(refusals(edits(next, json!({"valid_until": "2026-12-01"}))), ["price_book.dates:valid_until"]);
        // What lies in the recycle bin holds for nobody, and is judged when it comes back.
        let none = Default::default();
        office.write(office.ada, |cx, tx| records::void(cx, tx, "price_book", next, None, &none)).unwrap();
        edits(shop.usd, json!({"valid_until": null})).unwrap();
        let back = office.write(office.ada, |cx, tx| records::restore(cx, tx, "price_book", next, None, &none));
        assert_eq!(refusals(back), ["price_book.standard_twice:standard"]);
        // Entries.
        assert_eq!(refusals(shop.entry(shop.usd, shop.probe, "1", "USD")), ["price_book.product_twice:product"]);
        assert_eq!(refusals(shop.entry(shop.usd, shop.cable, "1", "EUR")), ["price_book.entry_currency:price"]);
        assert_eq!(refusals(edits(shop.usd, json!({"currency": "CNY"}))), ["price_book.currency_in_use:currency"]);
        let entry = id_of(&shop.entry(shop.partners, shop.cable, "8", "USD").unwrap());
        assert_eq!(office.reads(office.ada, "price_book_entry", entry).unwrap()["fields"]["name"], "Cable");
        office.write(office.ada, |cx, tx| records::void(cx, tx, "price_book_entry", entry, None, &none)).unwrap();
        shop.entry(shop.partners, shop.cable, "7", "USD").unwrap();
        let back = office.write(office.ada, |cx, tx| records::restore(cx, tx, "price_book_entry", entry, None, &none));
        assert_eq!(refusals(back), ["price_book.product_twice:product"]);
    });
}

#[test]
fn of_two_who_make_a_book_standard_or_enter_a_product_at_once_one_wins() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        for round in 0..6 {
            let book = |name: &str| {
                let fields = json!({"name": format!("{name} {round}"), "currency": "CNY", "standard": true, "valid_from": format!("20{round}1-01-01"), "valid_until": format!("20{round}1-12-31")});
                office.creates(office.ada, "price_book", fields)
            };
            let (a, b) = at_once(|| book("One"), || book("Other"));
            assert_eq!(refusals(if a.is_ok() { b } else { a }), ["price_book.standard_twice:standard"]);
            let own = id_of(&office.creates(office.ada, "price_book", json!({"name": format!("Own {round}"), "currency": "USD"})).unwrap());
            let (a, b) = at_once(|| shop.entry(own, shop.probe, "1", "USD"), || shop.entry(own, shop.probe, "2", "USD"));
            assert_eq!(refusals(if a.is_ok() { b } else { a }), ["price_book.product_twice:product"]);
        }
    });
}

#[test]
fn what_is_not_on_sale_is_not_chosen_on_any_way() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(refusals(shop.line(deal, json!({"product": shop.retired}))), ["line.product_not_on_sale:product"]);
        let line = id_of(&shop.line(deal, json!({"product": shop.probe})).unwrap());
        // One that was chosen before stays, and is edited.
        office.edits(office.ada, "product", shop.probe, json!({"active": false})).unwrap();
        office.edits(office.kim, "opportunity_line", line, json!({"quantity": "3"})).unwrap();
        // Many at once.
        let wanted = serde_json::from_value(json!({"ids": [line], "act": "edit", "fields": {"product": shop.retired}})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.kim), Via::Api, "opportunity_line", &wanted).unwrap();
        assert_eq!((done["changed"].as_i64(), done["refused"].as_i64()), (Some(0), Some(1)), "{done}");
        assert_eq!(office.reads(office.kim, "opportunity_line", line).unwrap()["fields"]["product"], shop.probe.to_string());
        // A like of the deal with its lines.
        let clone = serde_json::from_value(json!({"with": ["opportunity_line"]})).unwrap();
        let cloned = office.write(office.kim, |cx, tx| records::clone(cx, tx, "opportunity", deal, &clone));
        assert_eq!(refusals(cloned), ["line.product_not_on_sale:with/opportunity_line/0/product"]);
        office.edits(office.ada, "product", shop.probe, json!({"active": true})).unwrap();
        let cloned = office.write(office.kim, |cx, tx| records::clone(cx, tx, "opportunity", deal, &clone)).unwrap();
        assert_eq!(shown(&cloned["record"]["fields"], "amount"), "300.00 USD");
    });
}

#[test]
fn prices_in_a_quote_are_in_its_currency() {
    both(|database| {
        let shop = Shop::new(database);
        let office = &shop.office;
        let deal = office.deal(office.kim, "Rail");
        let quote = shop.quote(deal, "EUR");
        let line = |fields: Json| office.creates(office.kim, "quote_line", with(fields, json!({"quote": quote, "name": "Line"})));
        assert_eq!(refusals(line(json!({"price": money("5", "USD")}))), ["line.currency:price"]);
        let one = id_of(&line(json!({"price": money("5", "EUR")})).unwrap());
        let edit = office.edits(office.kim, "quote_line", one, json!({"price": money("5", "CNY")}));
        assert_eq!(refusals(edit), ["line.currency:price"]);
        assert_eq!(refusals(office.edits(office.kim, "quote", quote, json!({"currency": "USD"}))), ["lines.currency_in_use:currency"]);
        // Moved to another quote, or back out of the recycle bin, it must fit as well.
        let dollars = shop.quote(deal, "USD");
        assert_eq!(refusals(office.edits(office.kim, "quote_line", one, json!({"quote": dollars}))), ["line.currency:price"]);
        let none = Default::default();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "quote_line", one, None, &none)).unwrap();
        office.edits(office.kim, "quote", quote, json!({"currency": "USD"})).unwrap();
        let back = office.write(office.kim, |cx, tx| records::restore(cx, tx, "quote_line", one, None, &none));
        assert_eq!(refusals(back), ["line.currency:price"]);
    });
}
