//! Sales orders: what they begin with, what may become of them on every path, and what they come to.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Result, bulk, check, imports, orders, organisation, processes, records};
use testkit::both;

use crate::approvals::approval_of;
use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    /// Brings a deal to Won.
    pub fn wins(&self, who: Id, deal: Id) {
        let fields = json!({"expected_close_date": "2026-03-01"});
        for stage in ["qualification", "proposal", "negotiation", "won"] {
            self.moves(who, deal, None, json!({"stage": stage, "fields": fields, "reason": "so it came"})).unwrap();
        }
    }

    /// A deal in one currency with an account and two lines, won.
    pub fn won(&self, who: Id, name: &str, currency: &str, account: Option<Id>) -> Id {
        let amount = json!({"amount": "1000", "currency": currency});
        let deal = id_of(&self.creates(who, "opportunity", json!({"name": name, "amount": amount, "account": account})).unwrap());
        for (line, price, quantity) in [("Motor", "100.05", "2"), ("Service", "10", "1")] {
            let price = json!({"amount": price, "currency": currency});
            let fields = json!({"opportunity": deal, "name": line, "price": price, "quantity": quantity, "unit": "piece"});
            self.creates(who, "opportunity_line", fields).unwrap();
        }
        self.wins(who, deal);
        deal
    }

    /// An order of a deal.
    pub fn orders(&self, who: Id, deal: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| orders::of_deal(cx, tx, deal, &wanted))
    }

    /// Confirms or cancels an order.
    pub fn puts(&self, who: Id, order: Id, status: &str) -> Result<Json> {
        let wanted = serde_json::from_value(json!({"status": status, "reason": "so it is"})).unwrap();
        self.write(who, |cx, tx| orders::set_status(cx, tx, order, None, &wanted))
    }

    fn rate(&self, currency: &str, day: &str, rate: &str) {
        let wanted = serde_json::from_value(json!({"currency": currency, "day": day, "rate": rate})).unwrap();
        self.write(self.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
    }

    fn field(&self, object: &str, id: Id, field: &str) -> Json {
        self.reads(self.ada, object, id).unwrap()["fields"][field].clone()
    }

    /// An amount in the main currency, as it is kept beside the record.
    fn main(&self, object: &str, id: Id, field: &str) -> Option<String> {
        self.read(self.ada, |cx, tx| {
            let of = cx.meta.schema.object(object).unwrap().clone();
            let scope = db::records::Scope::All("a test looks");
            let record = db::records::load(tx, &cx.meta.schema, &of, &scope, &[id])?.pop().unwrap();
            Ok(record.mains.get(field).map(|main| main.show("USD".parse().unwrap())))
        })
        .unwrap()
    }

    fn agrees_with_itself(&self) {
        assert_eq!(self.read(self.ada, check::all).unwrap()["faults"], json!([]));
    }

    fn lines_of(&self, order: Id) -> Vec<Json> {
        let filter = json!({"field": "sales_order", "op": "eq", "value": order}).to_string();
        let wanted = serde_json::from_value(json!({"filter": filter, "sort": "position"})).unwrap();
        let listed = self.read(self.ada, |cx, tx| records::list(cx, tx, "sales_order_line", &wanted)).unwrap();
        listed["items"].as_array().unwrap().clone()
    }
}

fn money(amount: &str, currency: &str) -> Json {
    json!({"amount": amount, "currency": currency})
}

#[test]
fn an_order_begins_with_what_the_deal_says_lines_and_all() {
    both(|database| {
        let office = Office::new(database);
        office.rate("EUR", "2026-01-01", "1.1");
        let account = office.system("account", json!({"name": "Acme", "owner": office.kim}));
        let deal = office.won(office.kim, "Rail", "EUR", Some(account));
        let made = office.orders(office.kim, deal, json!({"fields": {"customer_reference": "PO 7", "tax_rate": "19"}})).unwrap();
        let fields = &made["record"]["fields"];
        assert_eq!((made["lines"].clone(), made["converted"].clone()), (json!(2), json!([])));
        assert_eq!((&fields["name"], &fields["account"], &fields["currency"]), (&json!("Rail"), &json!(account), &json!("EUR")));
        assert_eq!((&fields["order_status"], &fields["customer_reference"]), (&json!("draft"), &json!("PO 7")));
        assert_eq!(fields["subtotal"], money("210.10", "EUR"));
        assert_eq!((&fields["tax"], &fields["total"]), (&money("39.92", "EUR"), &money("250.02", "EUR")));
        assert!(fields["number"].as_str().unwrap().starts_with("SO-"));
        assert_eq!(fields["main_rate"], Json::Null);
        let order = id_of(&made);
        let lines = office.lines_of(order);
        let names: Vec<&str> = lines.iter().map(|line| line["fields"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Motor", "Service"]);
        assert_eq!((&lines[0]["fields"]["quantity"], &lines[0]["fields"]["unit"]), (&json!("2"), &json!("piece")));
        // In another currency each price is converted for itself, and that is told.
        let made = office.orders(office.kim, deal, json!({"fields": {"currency": "USD"}})).unwrap();
        assert_eq!(made["converted"], json!([{"currency": "EUR", "lines": 2}]));
        assert_eq!(made["record"]["fields"]["total"], money("231.12", "USD"));
        // Without lines, by hand, and judged only.
        let empty = office.orders(office.kim, deal, json!({"with_lines": false})).unwrap();
        assert_eq!((empty["lines"].clone(), empty["record"]["fields"]["total"].clone()), (json!(0), Json::Null));
        assert_eq!(refusals(office.puts(office.kim, id_of(&empty), "confirmed")), ["order.no_lines:order_status"]);
        let by_hand = office.creates(office.kim, "sales_order", json!({"opportunity": deal})).unwrap();
        assert_eq!(by_hand["record"]["fields"]["account"], json!(account));
        let tried = office.orders(office.kim, deal, json!({"dry_run": true})).unwrap();
        assert_eq!((tried["dry_run"].clone(), tried["lines"].clone()), (json!(true), json!(2)));
        assert_eq!(office.lists(office.kim, "sales_order", json!({})).unwrap().0.len(), 4);
        office.agrees_with_itself();
    });
}

#[test]
fn only_a_won_deal_or_an_accepted_quote_makes_an_order() {
    both(|database| {
        let office = Office::new(database);
        let open = office.deal(office.kim, "Port");
        assert_eq!(refusals(office.orders(office.kim, open, json!({}))), ["order.deal_not_won:opportunity"]);
        assert_eq!(refusals(office.creates(office.kim, "sales_order", json!({"opportunity": open}))), ["order.deal_not_won:opportunity"]);
        let won = office.won(office.kim, "Rail", "USD", None);
        let quote = office.system("quote", json!({"name": "Offer", "opportunity": open, "currency": "USD"}));
        let other = json!({"quote": quote});
        assert_eq!(refusals(office.orders(office.kim, won, other.clone())), ["order.quote_of_other_deal:quote"]);
        assert_eq!(refusals(office.orders(office.kim, open, other)), ["order.quote_not_accepted:quote"]);
        // Whoever does not see the deal finds nothing; who may only read it makes nothing.
        assert!(matches!(office.orders(office.lee, won, json!({})), Err(Error::NotFound)));
        assert!(matches!(office.orders(office.ines, won, json!({})), Err(Error::Forbidden { .. })));
        // A draft that was made in time cannot be confirmed once the deal is open again.
        let order = id_of(&office.orders(office.kim, won, json!({})).unwrap());
        office
            .write(office.mona, |cx, tx| {
                processes::reopen(cx, tx, won, None, &serde_json::from_value(json!({"reason": "not yet"})).unwrap())
            })
            .unwrap();
        assert_eq!(refusals(office.puts(office.kim, order, "confirmed")), ["order.deal_not_won:opportunity"]);
        office.puts(office.kim, order, "cancelled").unwrap();
    });
}

const STATUS: &str = "order_status";

/// Ways to put an order into a state.
const WAYS: [&str; 4] = ["act", "edit", "bulk", "import"];

fn put(office: &Office, way: &str, order: Id, status: &str) -> Vec<String> {
    let fields = json!({"order_status": status, "cancelled_reason": (status == "cancelled").then_some("so it is")});
    match way {
        "act" => office.puts(office.kim, order, status).map_or_else(|error| refusals::<()>(Err(error)), |_| Vec::new()),
        "edit" => office.edits(office.kim, "sales_order", order, fields).map_or_else(|error| refusals::<()>(Err(error)), |_| Vec::new()),
        "import" => {
            let options = json!({"object": "sales_order", "mode": "update", "keys": {"id_column": "id"}, "mapping": {"id": null}});
            let options = serde_json::from_value(options).unwrap();
            let reason = if status == "cancelled" { "so it is" } else { "" };
            let text = format!("id,order_status,cancelled_reason\n{order},{status},{reason}\n");
            let told = imports::run(&office.house, &Credential::Person(office.ada), &options, "orders.csv", text.as_bytes()).unwrap();
            let problems = told["problems"].as_array().unwrap();
            problems.iter().map(|problem| format!("{}:{STATUS}", problem["code"].as_str().unwrap())).collect()
        }
        _ => {
            let wanted = serde_json::from_value(json!({"ids": [order], "act": "edit", "fields": fields})).unwrap();
            let done = bulk::begin(&office.house, &Credential::Person(office.kim), Via::Api, "sales_order", &wanted).unwrap();
            let outcome = &done["results"][0];
            let told = |violation: &Json| format!("{}:{}", violation["code"].as_str().unwrap(), violation["path"].as_str().unwrap());
            outcome["violations"].as_array().map(|all| all.iter().map(told).collect()).unwrap_or_default()
        }
    }
}

#[test]
fn an_order_goes_from_draft_to_confirmed_to_cancelled_on_every_path() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.won(office.kim, "Rail", "USD", None);
        let states = ["draft", "confirmed", "cancelled"];
        for way in WAYS {
            for from in states {
                for to in states {
                    let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
                    if from != "draft" {
                        office.puts(office.kim, order, from).unwrap();
                    }
                    let goes = from == to || matches!((from, to), ("draft", _) | ("confirmed", "cancelled"));
                    let found = put(&office, way, order, to);
                    if goes {
                        assert!(
                            found.iter().all(|one| one.starts_with("order.not_draft:cancelled_reason")),
                            "{way} {from} → {to}: {found:?}"
                        );
                    } else {
                        assert!(found.contains(&"order.transition:order_status".to_owned()), "{way} {from} → {to}: {found:?}");
                    }
                    let stands = office.field("sales_order", order, "order_status");
                    assert_eq!(stands, if goes { to } else { from }, "{way} {from} → {to}");
                }
            }
        }
        // Nothing begins as confirmed, and a confirmed one is cancelled for a reason.
        let begun = office.creates(office.kim, "sales_order", json!({"opportunity": deal, "order_status": "confirmed"}));
        assert_eq!(refusals(begun), ["order.transition:order_status"]);
        let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
        office.puts(office.kim, order, "confirmed").unwrap();
        let silent = office.edits(office.kim, "sales_order", order, json!({"order_status": "cancelled"}));
        assert_eq!(refusals(silent), ["field.required:cancelled_reason"]);
        // A like of it begins as a draft.
        let like = office.write(office.kim, |cx, tx| {
            records::clone(cx, tx, "sales_order", order, &serde_json::from_value(json!({"with": ["sales_order_line"]})).unwrap())
        });
        let like = like.unwrap();
        assert_eq!((&like["record"]["fields"]["order_status"], &like["taken"]["sales_order_line"]), (&json!("draft"), &json!(2)));
        assert_eq!(like["record"]["fields"]["confirmed_at"], Json::Null);
        office.agrees_with_itself();
    });
}

#[test]
fn a_confirmed_order_and_its_lines_stay_as_they_are() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.won(office.kim, "Rail", "USD", None);
        let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
        let line: Id = office.lines_of(order)[0]["id"].as_str().unwrap().parse().unwrap();
        let draft = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
        let loose: Id = office.lines_of(draft)[0]["id"].as_str().unwrap().parse().unwrap();
        let shown = office.puts(office.kim, order, "confirmed").unwrap()["record"].clone();
        let frozen: Vec<&str> = shown["frozen"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert!(frozen.contains(&"discount") && !frozen.contains(&"delivery_date") && !frozen.contains(&"order_status"), "{frozen:?}");
        let can: Vec<&str> = shown["can"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert!(can.contains(&"cancel") && !can.contains(&"confirm") && !can.contains(&"void"), "{can:?}");
        assert!(shown["cannot"].as_array().unwrap().contains(&json!({"act": "void", "code": "order.confirmed"})), "{}", shown["cannot"]);
        let edit = |object: &str, id: Id, fields: Json| office.edits(office.kim, object, id, fields);
        let fixed = ["order.not_draft:sales_order"];
        assert_eq!(refusals(edit("sales_order", order, json!({"discount": "5", "notes": "x"}))).len(), 2);
        assert_eq!(refusals(edit("sales_order_line", line, json!({"quantity": "9"}))), fixed);
        assert_eq!(refusals(office.creates(office.kim, "sales_order_line", json!({"sales_order": order, "name": "More"}))), fixed);
        assert_eq!(refusals(edit("sales_order_line", loose, json!({"sales_order": order}))), fixed);
        assert_eq!(refusals(edit("sales_order_line", line, json!({"sales_order": draft}))), fixed);
        let void = |object: &str, id: Id| office.write(office.kim, |cx, tx| records::void(cx, tx, object, id, None, &Default::default()));
        assert_eq!(refusals(void("sales_order_line", line)), fixed);
        assert_eq!(refusals(void("sales_order", order)), ["order.confirmed"]);
        edit("sales_order", order, json!({"delivery_date": "2026-12-24", "customer_reference": "PO 9"})).unwrap();
        // Its deal stays where it is as well.
        let reopen = serde_json::from_value(json!({"reason": "again"})).unwrap();
        let reopened = office.write(office.mona, |cx, tx| processes::reopen(cx, tx, deal, None, &reopen));
        assert_eq!(refusals(reopened), ["opportunity.has_orders:stage"]);
        assert_eq!(refusals(void("opportunity", deal)), ["opportunity.has_orders"]);
        let cannot = office.reads(office.mona, "opportunity", deal).unwrap()["cannot"].clone();
        assert!(cannot.as_array().unwrap().contains(&json!({"act": "reopen", "code": "opportunity.has_orders"})), "{cannot}");
        office.puts(office.kim, order, "cancelled").unwrap();
        void("sales_order", order).unwrap();
        office.write(office.mona, |cx, tx| processes::reopen(cx, tx, deal, None, &reopen)).unwrap();
        void("opportunity", deal).unwrap();
        office.agrees_with_itself();
    });
}

#[test]
fn what_was_ordered_counts_at_the_rate_of_its_day() {
    both(|database| {
        let office = Office::new(database);
        office.rate("EUR", "2026-01-01", "1.1");
        let account = office.system("account", json!({"name": "Acme", "owner": office.kim}));
        let deal = office.won(office.kim, "Rail", "EUR", Some(account));
        let other = office.won(office.kim, "Port", "USD", Some(account));
        let order = |deal: Id| id_of(&office.orders(office.kim, deal, json!({})).unwrap());
        let (euros, draft, dollars) = (order(deal), order(deal), order(other));
        assert_eq!(office.field("account", account, "ordered_amount"), Json::Null);
        office.puts(office.kim, euros, "confirmed").unwrap();
        assert_eq!(office.field("sales_order", euros, "main_rate"), "1.1");
        assert_eq!(office.field("opportunity", deal, "ordered_amount"), money("210.10", "EUR"));
        // 200.10 × 1.1 = 220.11 and 10 × 1.1 = 11.
        let mains = |when: &str, expected: [&str; 3]| {
            let found = [
                office.main("sales_order", euros, "total"),
                office.main("opportunity", deal, "ordered_amount"),
                office.main("account", account, "ordered_amount"),
            ];
            assert_eq!(found.map(Option::unwrap_or_default), expected, "{when}");
            office.agrees_with_itself();
        };
        mains("confirmed", ["231.11", "231.11", "231.11"]);
        // Rates go on, what was ordered stays; what is a draft follows.
        office.rate("EUR", "2026-01-02", "2");
        mains("another rate", ["231.11", "231.11", "231.11"]);
        assert_eq!(office.main("sales_order", draft, "total").unwrap(), "420.20");
        // Two currencies come to the main one, each at its own rate.
        office.puts(office.kim, dollars, "confirmed").unwrap();
        assert_eq!(office.field("account", account, "ordered_amount"), money("441.21", "USD"));
        office.puts(office.kim, draft, "confirmed").unwrap();
        assert_eq!(office.field("opportunity", deal, "ordered_amount"), money("420.20", "EUR"));
        mains("a second one at another rate", ["231.11", "651.31", "861.41"]);
        office.rate("EUR", "2026-01-02", "3");
        mains("a rate that is mended", ["231.11", "651.31", "861.41"]);
        // What is cancelled does not count, and is none the less kept.
        office.puts(office.kim, euros, "cancelled").unwrap();
        mains("cancelled", ["231.11", "420.20", "630.30"]);
        office.puts(office.kim, draft, "cancelled").unwrap();
        assert_eq!(office.field("opportunity", deal, "ordered_amount"), Json::Null);
        assert_eq!(office.field("account", account, "ordered_amount"), money("210.10", "USD"));
        office.rate("EUR", "2026-01-02", "4");
        office.agrees_with_itself();
    });
}

#[test]
fn whoever_orders_becomes_a_customer() {
    both(|database| {
        let office = Office::new(database);
        for (before, after) in [("prospect", "customer"), ("former", "customer"), ("partner", "partner"), ("customer", "customer")] {
            for way in WAYS {
                // Karl's account: kim need not be able to write it.
                let account =
                    office.system("account", json!({"name": format!("Acme {before} {way}"), "owner": office.karl, "status": before}));
                let deal = office.won(office.kim, "Rail", "USD", Some(account));
                let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
                assert_eq!(office.field("account", account, "status"), before);
                assert!(put(&office, way, order, "confirmed").is_empty());
                assert_eq!(office.field("account", account, "status"), after, "{way}");
            }
        }
        // What stands against that stands against the order, and nothing is stored.
        let account = office.system("account", json!({"name": "Gone", "owner": office.karl}));
        let deal = office.won(office.kim, "Rail", "USD", Some(account));
        let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
        office.write(office.karl, |cx, tx| records::void(cx, tx, "account", account, None, &Default::default())).unwrap();
        assert_eq!(refusals(office.puts(office.kim, order, "confirmed")), ["record.voided:account"]);
        assert_eq!(office.field("sales_order", order, "order_status"), "draft");
        office.agrees_with_itself();
    });
}

#[test]
fn of_two_at_one_order_each_finds_what_the_other_did() {
    both(|database| {
        let office = Office::new(database);
        let account = office.system("account", json!({"name": "Acme", "owner": office.kim}));
        let deal = office.won(office.kim, "Rail", "USD", Some(account));
        for round in 0..6 {
            // Confirming and cancelling a draft: the second sees the first.
            let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
            let (confirmed, cancelled) =
                at_once(|| office.puts(office.kim, order, "confirmed"), || office.puts(office.mona, order, "cancelled"));
            assert!(cancelled.is_ok(), "{cancelled:?}");
            if let Err(error) = confirmed {
                assert_eq!(refusals::<()>(Err(error)), ["order.transition:order_status"]);
            }
            assert_eq!(office.field("sales_order", order, "order_status"), "cancelled");
            // Confirming and changing a line: what is confirmed is what counts.
            let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
            let line: Id = office.lines_of(order)[0]["id"].as_str().unwrap().parse().unwrap();
            let (confirmed, edited) = at_once(
                || office.puts(office.kim, order, "confirmed"),
                || office.edits(office.mona, "sales_order_line", line, json!({"quantity": "3"})),
            );
            confirmed.unwrap();
            let expected = if edited.is_ok() { "310.15" } else { "210.10" };
            assert_eq!(office.field("sales_order", order, "total")["amount"], expected, "round {round}");
            assert_eq!(office.field("account", account, "ordered_amount")["amount"], expected, "round {round}");
            // Cancelling it and reopening its deal.
            office.puts(office.kim, order, "cancelled").unwrap();
            let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
            let reopen = serde_json::from_value(json!({"reason": "again"})).unwrap();
            let (confirmed, reopened) = at_once(
                || office.puts(office.kim, order, "confirmed"),
                || office.write(office.mona, |cx, tx| processes::reopen(cx, tx, deal, None, &reopen)),
            );
            assert!(confirmed.is_ok() != reopened.is_ok(), "{confirmed:?} {reopened:?}");
            if confirmed.is_ok() {
                office.puts(office.kim, order, "cancelled").unwrap();
            } else {
                office.wins(office.kim, deal);
            }
        }
        office.agrees_with_itself();
    });
}

#[test]
fn an_order_comes_along_with_the_move_to_won() {
    both(|database| {
        let office = Office::new(database);
        let mut process = office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
        for stage in process["stages"].as_array_mut().unwrap().iter_mut().filter(|stage| stage["stage"] == "won") {
            stage["creates"] = json!([{"object": "sales_order", "link": "opportunity", "fields": ["order_date"], "fill": []}]);
        }
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
        let account = office.system("account", json!({"name": "Acme", "owner": office.kim}));
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"account": account})).unwrap();
        office
            .creates(office.kim, "opportunity_line", json!({"opportunity": deal, "name": "Motor", "price": "5", "quantity": "3"}))
            .unwrap();
        let fields = json!({"expected_close_date": "2026-03-01"});
        for stage in ["qualification", "proposal", "negotiation"] {
            office.moves(office.kim, deal, None, json!({"stage": stage, "fields": fields, "reason": "so it came"})).unwrap();
        }
        // The dialog begins with what the order will have.
        let path = office.read(office.kim, |cx, tx| processes::path(cx, tx, deal)).unwrap();
        let won = path["stages"].as_array().unwrap().iter().find(|stage| stage["key"] == "won").unwrap().clone();
        let values = &won["asks_records"][0]["values"];
        assert_eq!((&values["account"], &values["currency"], &values["name"]), (&json!(account), &json!("USD"), &json!("Rail")), "{won}");
        let without = office.moves(office.kim, deal, None, json!({"stage": "won", "reason": "yes"}));
        assert!(without.is_err());
        let create = json!([{"object": "sales_order", "fields": {"order_date": "2026-02-03"}}]);
        let moved = office.moves(office.kim, deal, None, json!({"stage": "won", "reason": "yes", "create": create})).unwrap();
        assert_eq!(moved["created"][0]["object"], "sales_order");
        let order: Id = moved["created"][0]["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(office.lines_of(order).len(), 1);
        assert_eq!(office.field("sales_order", order, "total"), money("15.00", "USD"));
        assert_eq!(office.field("sales_order", order, "account"), json!(account));
        office.puts(office.kim, order, "confirmed").unwrap();
        assert_eq!(office.field("sales_order", order, "order_date"), "2026-02-03");
        office.agrees_with_itself();
    });
}

#[test]
fn what_one_may_not_know_of_a_deal_is_not_told_by_its_order() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.won(office.kim, "Rail", "USD", None);
        office.hides("salesperson", "opportunity_line", &[("price", "hidden"), ("list_price", "hidden"), ("amount", "hidden")]);
        let made = office.orders(office.kim, deal, json!({})).unwrap();
        assert_eq!(made["record"]["fields"]["total"], Json::Null);
        let lines = office.lines_of(id_of(&made));
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| line["fields"]["price"].is_null()));
    });
}

#[test]
fn what_is_agreed_to_is_confirmed_then_and_at_the_rate_of_then() {
    both(|database| {
        let office = Office::new(database);
        office.rate("EUR", "2026-01-01", "1.1");
        let condition = json!({"field": "order_status", "op": "changed_to", "value": "confirmed"});
        office.flow("edit", &[&[office.lee]], json!({"object": "sales_order", "fields": ["order_status"], "condition": condition}));
        let account = office.system("account", json!({"name": "Acme", "owner": office.kim}));
        let deal = office.won(office.kim, "Rail", "EUR", Some(account));
        let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
        let approval = approval_of(&office.puts(office.kim, order, "confirmed").unwrap());
        let waits = office.reads(office.kim, "sales_order", order).unwrap();
        assert_eq!((&waits["fields"]["order_status"], &waits["fields"]["confirmed_at"]), (&json!("draft"), &Json::Null));
        assert_eq!((&waits["fields"]["order_date"], &waits["fields"]["main_rate"]), (&Json::Null, &Json::Null));
        assert!(
            waits["cannot"].as_array().unwrap().contains(&json!({"act": "confirm", "code": "record.in_approval"})),
            "{}",
            waits["cannot"]
        );
        assert_eq!(office.field("account", account, "status"), "prospect");
        // Its lines wait as well, and rates go on meanwhile.
        let line: Id = office.lines_of(order)[0]["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(
            refusals(office.edits(office.kim, "sales_order_line", line, json!({"quantity": "9"}))),
            ["record.in_approval:sales_order"]
        );
        office.rate("EUR", "2026-01-02", "2");
        office.decides(office.lee, approval, json!({"act": "agree", "task": 0})).unwrap();
        assert_eq!(office.field("sales_order", order, "order_status"), "confirmed");
        assert_eq!(office.field("sales_order", order, "main_rate"), "2");
        assert_eq!(office.main("account", account, "ordered_amount").unwrap(), "420.20");
        assert_eq!(office.field("account", account, "status"), "customer");
        office.agrees_with_itself();
    });
}

#[test]
fn orders_follow_accounts_and_deals_that_become_one() {
    both(|database| {
        let office = Office::new(database);
        let account = |name: &str| office.system("account", json!({"name": name, "owner": office.kim}));
        let (a, b) = (account("Acme"), account("Acme Inc"));
        let (one, other) = (office.won(office.kim, "Rail", "USD", Some(a)), office.won(office.kim, "Rail again", "USD", Some(b)));
        for deal in [one, other] {
            let order = id_of(&office.orders(office.kim, deal, json!({})).unwrap());
            office.puts(office.kim, order, "confirmed").unwrap();
        }
        office.merges(office.ada, "account", a, &[b], json!({})).unwrap();
        assert_eq!(office.field("account", a, "ordered_amount"), money("420.20", "USD"));
        assert_eq!(office.field("account", a, "status"), "customer");
        office.merges(office.ada, "opportunity", one, &[other], json!({})).unwrap();
        assert_eq!(office.field("opportunity", one, "ordered_amount"), money("420.20", "USD"));
        office.agrees_with_itself();
    });
}
