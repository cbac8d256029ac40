//! Quotes: made of a deal, sent, answered, made anew; and what becomes of the deal.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, Error, Result, bulk, imports, quotes, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

/// Every way to say what becomes of a quote.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Act,
    Edit,
    Bulk,
    Import,
}

const STATES: [&str; 4] = ["draft", "sent", "accepted", "rejected"];

impl Office {
    /// A deal with two lines: 2 × 100 USD and 1 × 50 USD less 10 %.
    pub fn deal_with_lines(&self, who: Id, name: &str) -> Id {
        let deal = self.deal(who, name);
        self.adds_line(who, "opportunity_line", deal, json!({"name": "Motor", "quantity": "2", "price": "100", "position": "1"}));
        self.adds_line(
            who,
            "opportunity_line",
            deal,
            json!({"name": "Gear", "quantity": "1", "price": "50", "discount": "10", "position": "2"}),
        );
        deal
    }

    pub fn adds_line(&self, who: Id, object: &str, master: Id, mut fields: Json) -> Id {
        let via = object.trim_end_matches("_line");
        fields[via] = json!(master);
        id_of(&self.creates(who, object, fields).unwrap())
    }

    pub fn quotes(&self, who: Id, deal: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| quotes::from_deal(cx, tx, deal, &wanted))
    }

    /// A draft with the lines of its deal.
    pub fn quote(&self, who: Id, deal: Id) -> Id {
        id_of(&self.quotes(who, deal, json!({})).unwrap())
    }

    pub fn turns_quote(&self, who: Id, quote: Id, status: &str, reason: Option<&str>) -> Result<Json> {
        let wanted = serde_json::from_value(json!({"status": status, "reason": reason})).unwrap();
        self.write(who, |cx, tx| quotes::turn(cx, tx, quote, None, &wanted))
    }

    pub fn version(&self, who: Id, quote: Id) -> Result<Json> {
        self.write(who, |cx, tx| quotes::version(cx, tx, quote, None, &quotes::NewVersion::default()))
    }

    pub fn fields(&self, object: &str, id: Id) -> Json {
        self.reads(self.ada, object, id).unwrap()["fields"].clone()
    }

    pub fn quote_status(&self, quote: Id) -> String {
        self.fields("quote", quote)["quote_status"].as_str().unwrap().to_owned()
    }

    /// A quote that stands there.
    fn quote_in(&self, state: &str) -> Id {
        let deal = self.deal_with_lines(self.kim, &format!("Deal {state}"));
        let quote = self.quote(self.kim, deal);
        match state {
            "draft" => {}
            "sent" => drop(self.turns_quote(self.kim, quote, "sent", None).unwrap()),
            _ => {
                self.turns_quote(self.kim, quote, "sent", None).unwrap();
                self.turns_quote(self.kim, quote, state, Some("Too dear")).unwrap();
            }
        }
        assert_eq!(self.quote_status(quote), state);
        quote
    }

    /// Says by that way that it becomes so; gives the codes of what stands against it.
    fn says_of_quote(&self, way: Way, quote: Id, status: &str) -> Vec<String> {
        let codes = |list: &Json| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(|one| Some(one["code"].as_str()?.to_owned())).collect()
        };
        match way {
            Way::Act => told(self.turns_quote(self.kim, quote, status, Some("So it is"))),
            Way::Edit => {
                let wanted = serde_json::from_value(json!({"fields": {"quote_status": status}, "reason": "So it is"})).unwrap();
                told(self.write(self.kim, |cx, tx| records::update(cx, tx, "quote", quote, None, &wanted)))
            }
            Way::Bulk => {
                let wanted = json!({"ids": [quote], "act": "edit", "fields": {"quote_status": status}, "reason": "So it is"});
                let wanted: bulk::Bulk = serde_json::from_value(wanted).unwrap();
                let done = bulk::begin(&self.house, &Credential::Person(self.kim), Via::Api, "quote", &wanted).unwrap();
                codes(&done["results"][0]["violations"])
            }
            Way::Import => {
                let number = self.fields("quote", quote)["number"].as_str().unwrap().to_owned();
                let options = json!({"object": "quote", "mode": "update", "keys": [["number"]]});
                let options = serde_json::from_value(options).unwrap();
                let text = format!("number,quote_status\n{number},{status}\n");
                let done = imports::run(&self.house, &Credential::Person(self.ada), &options, "quotes.csv", text.as_bytes()).unwrap();
                panic!("{done:#}")
            }
        }
    }
}

fn told(answer: Result<Json>) -> Vec<String> {
    match answer {
        Ok(_) => Vec::new(),
        refused => refusals(refused).into_iter().map(|one| one.split(':').next().unwrap().to_owned()).collect(),
    }
}

#[test]
fn a_quote_becomes_the_deal() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal_with_lines(office.kim, "Rail");
        let made = office.quotes(office.kim, deal, json!({"valid_until": "2099-01-01", "fields": {"tax_rate": "19"}})).unwrap();
        let (quote, fields) = (id_of(&made), made["record"]["fields"].clone());
        assert_eq!((fields["name"].as_str(), fields["quote_status"].as_str()), (Some("Rail"), Some("draft")));
        assert!(fields["number"].as_str().unwrap().starts_with("Q-20") && fields["number"].as_str().unwrap().ends_with("-0001"));
        let amounts = |fields: &Json, keys: &[&str]| keys.iter().map(|key| fields[*key]["amount"].clone()).collect::<Json>();
        assert_eq!(amounts(&fields, &["lines_total", "subtotal", "tax", "total"]), json!(["245.00", "245.00", "46.55", "291.55"]));
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        let answer = office.turns_quote(office.kim, quote, "accepted", None).unwrap();
        let told = &answer["opportunity"]["fields"];
        assert_eq!((&told["accepted_quote"], &told["amount"]["amount"]), (&json!(quote), &json!("245.00")), "{answer:#}");
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}
