//! Accounts that belong together: no circle on any path, and figures in the reader's sight.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Result, accounts, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    fn company(&self, name: &str, parent: Option<Id>) -> Id {
        self.system("account", json!({"name": name, "owner": self.kim, "parent": parent}))
    }

    fn tree(&self, who: Id, account: Id, query: Json) -> Result<Json> {
        let wanted = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| accounts::hierarchy(cx, tx, account, &wanted))
    }

    fn puts_below(&self, account: Id, parent: Id) -> Result<Json> {
        self.edits(self.kim, "account", account, json!({"parent": parent}))
    }
}

fn node(tree: &Json, id: Id) -> &Json {
    tree["nodes"].as_array().unwrap().iter().find(|node| node["id"] == json!(id)).unwrap_or(&Json::Null)
}

fn euros(amount: &str) -> Json {
    json!({"amount": amount, "currency": "EUR"})
}

#[test]
fn nobody_stands_below_himself() {
    both(|database| {
        let office = Office::new(database);
        let top = office.company("Top", None);
        let middle = office.company("Middle", Some(top));
        let bottom = office.company("Bottom", Some(middle));
        for (below, above) in [(top, top), (top, bottom), (middle, bottom), (top, middle)] {
            assert_eq!(refusals(office.puts_below(below, above)), ["account.circle:parent"]);
        }
        // A merge that would lead there is refused as well: what is below the loser comes below the winner.
        let wanted = serde_json::from_value(json!({"losers": [top]})).unwrap();
        let merged = office.write(office.ada, |cx, tx| stagecraft_core::merging::merge(cx, tx, "account", bottom, None, &wanted));
        assert_eq!(refusals(merged).iter().filter(|found| found.contains("account.circle")).count(), 1);
        // Moving a whole branch is no circle, and taking it out neither.
        let other = office.company("Other", None);
        office.puts_below(middle, other).unwrap();
        office.puts_below(top, bottom).unwrap();
        office.edits(office.kim, "account", top, json!({"parent": null})).unwrap();
        // So high, and no higher.
        let mut at = office.company("0", None);
        for n in 1..=49 {
            at = office.company(&n.to_string(), Some(at));
        }
        let deepest = office.creates(office.kim, "account", json!({"name": "50", "parent": at}));
        let over = office.creates(office.kim, "account", json!({"name": "51", "parent": id_of(&deepest.unwrap())}));
        assert_eq!(refusals(over), ["account.too_deep:parent"]);
    });
}

#[test]
fn two_who_would_make_a_circle_together_do_not() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..8 {
            let (a, b) = (office.company(&format!("A{round}"), None), office.company(&format!("B{round}"), None));
            let (first, second) = at_once(|| office.puts_below(a, b), || office.puts_below(b, a));
            assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
            let refused = if first.is_ok() { second } else { first };
            assert_eq!(refusals(refused), ["account.circle:parent"]);
        }
    });
}

#[test]
fn a_group_of_companies_adds_up_by_currency_and_in_sight() {
    both(|database| {
        let office = Office::new(database);
        office.many_rates(&json!([{"currency": "EUR", "day": "2026-01-01", "rate": "2"}])).unwrap();
        let top = office.company("Acme", None);
        let (north, south) = (office.company("Acme North", Some(top)), office.company("Acme South", Some(top)));
        let deep = office.company("Acme Deep", Some(north));
        let deal = |who: Id, account: Id, amount: Json| {
            id_of(&office.creates(who, "opportunity", json!({"name": "Deal", "account": account, "amount": amount})).unwrap())
        };
        deal(office.kim, top, json!("100"));
        deal(office.kim, deep, euros("10"));
        deal(office.lee, south, json!("7"));
        let won = deal(office.kim, north, euros("50"));
        office.creates(office.kim, "opportunity_line", json!({"opportunity": won, "name": "Motor", "price": euros("50")})).unwrap();
        office.wins(office.kim, won);
        let order = id_of(&office.orders(office.kim, won, json!({})).unwrap());
        office.puts(office.kim, order, "confirmed").unwrap();
        // The whole group, whichever of it one asks of; Hanna sees all.
        for asked in [top, deep, south] {
            let tree = office.tree(office.hanna, asked, json!({})).unwrap();
            assert_eq!((tree["root"].clone(), tree["accounts"].clone(), tree["more"].clone()), (json!(top), json!(4), json!(false)));
            let total = &node(&tree, top)["total"];
            assert_eq!(total["open_deals"], 3);
            let open = json!({"main_amount": "127.00", "by_currency": [{"currency": "EUR", "amount": "10.00"}, {"currency": "USD", "amount": "107.00"}]});
            assert_eq!(total["open_amount"], open);
            assert_eq!(total["won_amount"], json!({"main_amount": "100.00", "by_currency": [{"currency": "EUR", "amount": "50.00"}]}));
            assert_eq!(total["ordered_amount"]["main_amount"], "100.00");
            assert_eq!(node(&tree, top)["own"]["open_deals"], 1);
            assert_eq!(node(&tree, north)["own"]["open_deals"], 0);
            assert_eq!(node(&tree, north)["total"]["open_amount"]["main_amount"], "20.00");
            assert_eq!(node(&tree, deep)["parent"], json!(north));
        }
        // Kim does not see Lee's deal, nor Lee those of Kim.
        let of_kim = office.tree(office.kim, top, json!({})).unwrap();
        assert_eq!(node(&of_kim, top)["total"]["open_deals"], 2);
        assert_eq!(node(&of_kim, south)["own"]["open_amount"]["main_amount"], "0.00");
        let of_lee = office.tree(office.lee, top, json!({})).unwrap();
        let total = &node(&of_lee, top)["total"];
        assert_eq!((total["open_deals"].clone(), total["won_amount"]["main_amount"].clone()), (json!(1), json!("0.00")));
        assert_eq!(total["ordered_amount"]["main_amount"], "0.00");
        // What is closed and confirmed stays whatever rates do.
        office.many_rates(&json!([{"currency": "EUR", "day": "2026-01-01", "rate": "3"}])).unwrap();
        let tree = office.tree(office.hanna, top, json!({})).unwrap();
        let total = &node(&tree, top)["total"];
        assert_eq!(total["open_amount"]["main_amount"], "137.00");
        assert_eq!((&total["won_amount"]["main_amount"], &total["ordered_amount"]["main_amount"]), (&json!("100.00"), &json!("100.00")));
        // A large tree is shown in part, and added up whole.
        let some = office.tree(office.hanna, top, json!({"limit": 2})).unwrap();
        assert_eq!((some["nodes"].as_array().unwrap().len(), some["more"].clone()), (2, json!(true)));
        assert_eq!(node(&some, top)["total"]["open_deals"], 3);
        assert_eq!((node(&some, top)["more"].clone(), node(&some, north)["more"].clone()), (json!(1), json!(1)));
        let below = office.tree(office.hanna, north, json!({"below": true})).unwrap();
        assert_eq!((below["root"].clone(), below["accounts"].clone()), (json!(north), json!(2)));
        // What lies in the recycle bin is not there, nor what is below it.
        office.write(office.kim, |cx, tx| records::void(cx, tx, "account", north, None, &Default::default())).unwrap();
        assert_eq!(office.tree(office.hanna, top, json!({})).unwrap()["accounts"], 2);
        assert_eq!(office.tree(office.hanna, deep, json!({})).unwrap()["root"], json!(deep));
    });
}

#[test]
fn what_is_hidden_is_in_no_figure() {
    both(|database| {
        let office = Office::new(database);
        let top = office.company("Acme", None);
        office.company("Acme North", Some(top));
        office.creates(office.kim, "opportunity", json!({"name": "Deal", "account": top, "amount": "777"})).unwrap();
        office.hides("salesperson", "opportunity", &[("amount", "hidden")]);
        let tree = office.tree(office.kim, top, json!({})).unwrap();
        assert!(!tree.to_string().contains("777"));
        let total = &node(&tree, top)["total"];
        assert_eq!((total["open_deals"].clone(), total["open_amount"].clone()), (json!(1), Json::Null));
        office.hides("salesperson", "opportunity", &[("account", "hidden")]);
        assert_eq!(node(&office.tree(office.kim, top, json!({})).unwrap(), top)["total"]["open_deals"], Json::Null);
        office.hides("salesperson", "account", &[("parent", "hidden"), ("status", "hidden")]);
        let tree = office.tree(office.kim, top, json!({})).unwrap();
        assert_eq!((tree["accounts"].clone(), node(&tree, top)["status"].clone()), (json!(1), Json::Null));
    });
}
