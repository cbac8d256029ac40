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
                let because = if status == "rejected" { "Too dear" } else { "" };
                let options = json!({"object": "quote", "mode": "update", "keys": {"id_column": "id"}, "mapping": {"id": null}});
                let options = serde_json::from_value(options).unwrap();
                let text = format!("id,quote_status,rejected_reason\n{quote},{status},{because}\n");
                let done = imports::run(&self.house, &Credential::Person(self.ada), &options, "quotes.csv", text.as_bytes()).unwrap();
                codes(&done["problems"])
            }
        }
    }

    /// What stands open at a quote for a person: acts, and codes of those that a rule stands against.
    fn open_at(&self, who: Id, quote: Id) -> (Vec<String>, Vec<String>) {
        const STEPS: [&str; 6] = ["send", "accept", "reject", "reopen", "new_version", "edit_lines"];
        let shown = self.reads(who, "quote", quote).unwrap();
        let can = shown["can"].as_array().unwrap().iter().filter_map(Json::as_str).filter(|act| STEPS.contains(act));
        let cannot = shown["cannot"].as_array().unwrap().iter().filter(|one| STEPS.contains(&one["act"].as_str().unwrap()));
        let cannot = cannot.map(|one| format!("{}:{}", one["act"].as_str().unwrap(), one["code"].as_str().unwrap()));
        (can.map(str::to_owned).collect(), cannot.collect())
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
        let made = office.quotes(office.kim, deal, json!({"valid_until": "2099-01-01", "fields": {"tax_rate": "19", "discount": "10"}}));
        let (quote, fields) = (id_of(made.as_ref().unwrap()), made.unwrap()["record"]["fields"].clone());
        assert_eq!((fields["name"].as_str(), fields["quote_status"].as_str()), (Some("Rail"), Some("draft")));
        let number = fields["number"].as_str().unwrap();
        assert!(number.starts_with("Q-20") && number.ends_with("-0001"), "{number}");
        let amounts = |fields: &Json, keys: &[&str]| keys.iter().map(|key| fields[*key]["amount"].clone()).collect::<Json>();
        // 245.00 less 10 % are 220.50; 19 % of that 41.895, half up.
        assert_eq!(amounts(&fields, &["lines_total", "subtotal", "tax", "total"]), json!(["245.00", "220.50", "41.90", "262.40"]));
        assert_eq!(office.open_at(office.kim, quote).0, ["send", "edit_lines"]);
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        assert_eq!(office.open_at(office.kim, quote).0, ["accept", "reject", "new_version"]);
        let shown = office.reads(office.kim, "quote", quote).unwrap();
        assert!(shown["frozen"].as_array().unwrap().contains(&json!("discount")) && !shown["fields"]["sent_at"].is_null());

        // Asked beforehand, it tells what the deal will be, and leaves it as it is.
        let before = office.fields("opportunity", deal);
        let wanted = serde_json::from_value(json!({"status": "accepted", "dry_run": true})).unwrap();
        let asked = office.write(office.kim, |cx, tx| quotes::turn(cx, tx, quote, None, &wanted)).unwrap();
        assert_eq!((&asked["opportunity"]["fields"]["amount"]["amount"], &asked["dry_run"]), (&json!("220.50"), &json!(true)));
        assert_eq!((office.quote_status(quote).as_str(), office.fields("opportunity", deal)), ("sent", before));

        let answer = office.turns_quote(office.kim, quote, "accepted", None).unwrap();
        let told = &answer["opportunity"]["fields"];
        assert_eq!(told["accepted_quote"], json!(quote), "{answer:#}");
        assert_eq!(amounts(told, &["amount", "lines_total", "forecast_amount"])[0], "220.50");
        assert_eq!(told["lines_total"]["amount"], "220.50", "a discount on the whole is a line of its own");
        let (names, _) = office.lists(office.kim, "opportunity_line", json!({"sort": "position"})).unwrap();
        assert_eq!(names, ["Motor", "Gear", "Discount on the whole (10 %)"]);
        // The old lines are in the recycle bin, from which they can be taken.
        let bin = office.lists(office.ada, "opportunity_line", json!({"voided": "only"})).unwrap();
        assert_eq!(bin.1, 2);
        let history: Json = {
            let wanted = serde_json::from_value(json!({})).unwrap();
            office.read(office.kim, |cx, tx| records::history(cx, tx, "quote", quote, &wanted)).unwrap()
        };
        let acts: Vec<&str> = history["items"].as_array().unwrap().iter().map(|one| one["act"].as_str().unwrap()).collect();
        assert_eq!(acts.iter().filter(|act| act.starts_with("quote_")).copied().collect::<Vec<_>>(), ["quote_accepted", "quote_sent"]);
        let timeline = office.read(office.kim, |cx, tx| {
            let wanted = serde_json::from_value(json!({"kinds": "quote"})).unwrap();
            stagecraft_core::timeline::timeline(cx, tx, "opportunity", deal, &wanted)
        });
        assert_eq!(timeline.unwrap()["items"].as_array().unwrap().len(), 2, "the deal's timeline tells of it");
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
    });
}

#[test]
fn every_way_obeys_the_same_table() {
    both(|database| {
        let office = Office::new(database);
        for way in [Way::Act, Way::Edit, Way::Bulk, Way::Import] {
            for from in STATES {
                let mut quote = office.quote_in(from);
                for to in STATES.into_iter().chain(["in_review"]).filter(|to| *to != from) {
                    let allowed = match (from, to) {
                        ("draft", "sent") | ("sent", "accepted") | ("rejected", "sent") => true,
                        ("sent", "rejected") => true,
                        ("accepted", "sent") => way != Way::Import,
                        _ => false,
                    };
                    let found = office.says_of_quote(way, quote, to);
                    let stands = office.quote_status(quote);
                    if allowed {
                        assert_eq!((found, stands.as_str()), (Vec::new(), to), "{way:?}: {from} → {to}");
                        quote = office.quote_in(from);
                    } else {
                        // Rows of a file give no reason, which an acceptance that is taken back needs.
                        let code = if (from, to) == ("accepted", "sent") { "field.required" } else { "quote.transition" };
                        assert_eq!((found, stands.as_str()), (vec![code.to_owned()], from), "{way:?}: {from} → {to}");
                    }
                }
            }
        }
    });
}

#[test]
fn a_quote_begins_as_a_draft_on_every_way() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal_with_lines(office.kim, "Rail");
        let wanted = |status: &str| json!({"name": "Rail", "opportunity": deal, "currency": "USD", "quote_status": status});
        for status in ["sent", "accepted", "in_review"] {
            assert_eq!(refusals(office.creates(office.kim, "quote", wanted(status))), ["quote.not_draft_yet:quote_status"]);
        }
        for (field, value) in
            [("number", json!("Q-1")), ("version_no", json!("3")), ("current", json!(false)), ("sent_at", json!("2026-01-01T00:00:00Z"))]
        {
            let mut fields = wanted("draft");
            fields[field] = value;
            assert_eq!(refusals(office.creates(office.kim, "quote", fields)), [format!("field.read_only:{field}")]);
        }
        let first = office.fields("quote", id_of(&office.creates(office.kim, "quote", wanted("draft")).unwrap()));
        let quote = office.quote(office.kim, deal);
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        office.turns_quote(office.kim, quote, "rejected", Some("Too dear")).unwrap();
        let body = serde_json::from_value(json!({"with": ["quote_line"]})).unwrap();
        let clone = office.write(office.kim, |cx, tx| records::clone(cx, tx, "quote", quote, &body)).unwrap();
        let (like, fields) = (&clone["record"]["fields"], office.fields("quote", quote));
        assert_eq!((&like["quote_status"], &like["rejected_reason"], &like["sent_at"]), (&json!("draft"), &Json::Null, &Json::Null));
        assert_eq!((&like["version_no"], &like["replaces"], &like["lines_total"]["amount"]), (&json!("1"), &Json::Null, &json!("245.00")));
        assert!(like["number"] != fields["number"] && like["number"] != first["number"] && like["number"].is_string());
    });
}

#[test]
fn what_is_not_fit_is_not_sent_and_not_accepted() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let quote = office.quote(office.kim, deal);
        let sends = || refusals(office.turns_quote(office.kim, quote, "sent", None));
        assert_eq!(sends(), ["quote.no_lines:quote_status"]);
        assert_eq!(office.open_at(office.kim, quote).1, ["send:quote.no_lines"]);
        let line = office.adds_line(office.kim, "quote_line", quote, json!({"name": "Motor", "quantity": "1"}));
        assert_eq!(sends(), ["quote.line_without_price:quote_status"]);
        office.edits(office.kim, "quote_line", line, json!({"price": "0"})).unwrap();
        office.edits(office.kim, "quote", quote, json!({"valid_until": "2020-01-01"})).unwrap();
        assert_eq!(sends(), ["quote.expired:quote_status"]);
        office.edits(office.kim, "quote", quote, json!({"valid_until": null})).unwrap();
        office.turns_quote(office.kim, quote, "sent", None).unwrap();

        // What is out stays as it is: its fields, its lines, by whatever way.
        for field in ["name", "discount", "valid_until", "notes"] {
            let value = if field == "valid_until" { json!("2099-01-01") } else { json!("5") };
            assert_eq!(refusals(office.edits(office.kim, "quote", quote, json!({ field: value }))), [format!("quote.not_draft:{field}")]);
        }
        assert_eq!(refusals(office.edits(office.kim, "quote_line", line, json!({"price": "1"}))), ["quote.not_draft:quote"]);
        let another = json!({"quote": quote, "name": "Gear", "price": "1"});
        assert_eq!(refusals(office.creates(office.kim, "quote_line", another)), ["quote.not_draft:quote"]);
        let reason = records::Reason::default();
        let away = office.write(office.kim, |cx, tx| records::void(cx, tx, "quote_line", line, None, &reason));
        assert_eq!(refusals(away), ["quote.not_draft:quote"]);
        // What an organisation keeps with it besides is its own affair.
        office.adds_field("quote", json!({"key": "x_order_no", "label": {"en": "Their order"}, "type": "text"}));
        office.edits(office.kim, "quote", quote, json!({"x_order_no": "4711"})).unwrap();

        assert_eq!(refusals(office.turns_quote(office.kim, quote, "rejected", None)), ["field.required:rejected_reason"]);
        assert_eq!(
            refusals(office.edits(office.kim, "quote", quote, json!({"rejected_reason": "x"}))),
            ["quote.not_rejected:rejected_reason"]
        );
        let other = office.deal(office.kim, "Other");
        let draft = office.quote(office.kim, deal);
        assert_eq!(refusals(office.edits(office.kim, "quote", draft, json!({"opportunity": other}))), ["quote.other_deal:opportunity"]);

        // The deal has its own reasons.
        let accepts = |who: Id| refusals(office.turns_quote(who, quote, "accepted", None));
        office.write(office.ada, |cx, tx| records::lock(cx, tx, "opportunity", deal, None, &reason)).unwrap();
        assert_eq!(accepts(office.kim), ["record.locked:opportunity"]);
        assert_eq!(office.open_at(office.kim, quote).1, ["accept:record.locked"]);
        office.write(office.ada, |cx, tx| records::unlock(cx, tx, "opportunity", deal, None, &reason)).unwrap();
        office.flow("edit", &[&[office.lee]], json!({"fields": ["name"]}));
        office.edits(office.kim, "opportunity", deal, json!({"name": "Road"})).unwrap();
        assert_eq!(accepts(office.kim), ["quote.deal_in_approval:opportunity"]);
        let lost = office.deal(office.kim, "Lost");
        let quote = office.quote(office.kim, lost);
        office.adds_line(office.kim, "quote_line", quote, json!({"name": "Motor", "price": "10"}));
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        office.moves(office.kim, lost, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        assert_eq!(refusals(office.turns_quote(office.kim, quote, "accepted", None)), ["quote.deal_lost:opportunity"]);
        office.turns_quote(office.kim, quote, "rejected", Some("Lost")).unwrap();
    });
}

#[test]
fn what_the_rules_of_the_deal_refuse_the_quote_is_refused_for() {
    both(|database| {
        let office = Office::new(database);
        office.amounts_come_from("typed");
        let deal = office.deal_with_lines(office.kim, "Rail");
        let quote = id_of(&office.quotes(office.kim, deal, json!({"fields": {"discount": "10"}})).unwrap());
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        let rule = json!({"validations": [{
            "key": "large", "condition": {"field": "amount", "op": "lt", "value": {"amount": "500", "currency": "USD"}},
            "message": {"en": "Not under 500"}, "field": "amount",
        }]});
        let wanted = serde_json::from_value(rule).unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::objects::update_object(cx, tx, "opportunity", None, &wanted)).unwrap();
        assert_eq!(refusals(office.turns_quote(office.kim, quote, "accepted", None)), ["validation.failed:opportunity"]);
        assert_eq!(office.quote_status(quote), "sent");
        let deal = office.fields("opportunity", deal);
        assert_eq!((&deal["accepted_quote"], &deal["lines_total"]["amount"]), (&Json::Null, &json!("245.00")), "nothing of it is done");
        assert_eq!(office.lists(office.ada, "opportunity_line", json!({"voided": "only"})).unwrap().1, 0);
    });
}

#[test]
fn versions_take_each_others_place() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal_with_lines(office.kim, "Rail");
        let first = office.quote(office.kim, deal);
        assert_eq!(refusals(office.version(office.kim, first)), ["quote.still_draft"]);
        office.edits(office.kim, "quote", first, json!({"discount": "5", "notes": "As agreed"})).unwrap();
        office.turns_quote(office.kim, first, "sent", None).unwrap();
        let second = id_of(&office.version(office.mona, first).unwrap());
        let (one, two) = (office.fields("quote", first), office.fields("quote", second));
        assert_eq!((&two["number"], &two["version_no"], &two["replaces"]), (&one["number"], &json!("2"), &json!(first)));
        assert_eq!((&two["owner"], &two["notes"], &two["total"]), (&one["owner"], &one["notes"], &one["total"]));
        assert_eq!((&one["current"], &two["current"], &two["quote_status"]), (&json!(false), &json!(true), &json!("draft")));
        assert_eq!(refusals(office.version(office.kim, first)), ["quote.newer_version"]);
        assert_eq!(refusals(office.turns_quote(office.kim, first, "accepted", None)), ["quote.newer_version:quote_status"]);
        assert_eq!(
            office.open_at(office.kim, first),
            (vec!["reject".into()], vec!["accept:quote.newer_version".into(), "new_version:quote.newer_version".into()])
        );

        // Put into the recycle bin, it gives its place back; taken out again, it has it.
        let reason = records::Reason::default();
        office.write(office.kim, |cx, tx| records::void(cx, tx, "quote", second, None, &reason)).unwrap();
        assert_eq!(office.fields("quote", first)["current"], true);
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "quote", second, None, &reason)).unwrap();
        assert_eq!((&office.fields("quote", first)["current"], &office.fields("quote", second)["current"]), (&json!(false), &json!(true)));
        let both: bulk::Bulk = serde_json::from_value(json!({"ids": [first, second], "act": "void"})).unwrap();
        bulk::begin(&office.house, &Credential::Person(office.kim), Via::Api, "quote", &both).unwrap();
        let both: bulk::Bulk = serde_json::from_value(json!({"ids": [first, second], "act": "restore"})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.kim), Via::Api, "quote", &both).unwrap();
        assert_eq!(done["changed"], 2, "{done:#}");
        assert_eq!((&office.fields("quote", first)["current"], &office.fields("quote", second)["current"]), (&json!(false), &json!(true)));

        office.turns_quote(office.kim, second, "sent", None).unwrap();
        office.turns_quote(office.kim, second, "accepted", None).unwrap();
        let void = office.write(office.kim, |cx, tx| records::void(cx, tx, "quote", second, None, &reason));
        assert_eq!(refusals(void), ["quote.is_accepted"]);
        let third = id_of(&office.version(office.kim, second).unwrap());
        office.turns_quote(office.kim, third, "sent", None).unwrap();
        assert_eq!(refusals(office.turns_quote(office.kim, third, "accepted", None)), ["quote.another_accepted:quote_status"]);

        // What was accepted by mistake lets the deal go, with a reason.
        assert_eq!(refusals(office.turns_quote(office.kim, second, "sent", None)), ["field.required:reason"]);
        let answer = office.turns_quote(office.kim, second, "sent", Some("It was the other one")).unwrap();
        assert_eq!(
            (&answer["opportunity"]["fields"]["accepted_quote"], &answer["record"]["fields"]["decided_at"]),
            (&Json::Null, &Json::Null)
        );
        office.turns_quote(office.kim, third, "accepted", None).unwrap();
        assert_eq!(office.fields("opportunity", deal)["accepted_quote"], json!(third));
    });
}

#[test]
fn an_order_holds_the_quote_on_which_it_rests() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal_with_lines(office.kim, "Rail");
        let quote = office.quote(office.kim, deal);
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        office.turns_quote(office.kim, quote, "accepted", None).unwrap();
        let order = office.system("sales_order", json!({"name": "Rail", "opportunity": deal, "quote": quote, "currency": "USD"}));
        let back = || office.turns_quote(office.kim, quote, "sent", Some("A mistake"));
        assert_eq!(refusals(back()), ["quote.ordered:quote_status"]);
        let reason = records::Reason::default();
        office.write(office.ada, |cx, tx| records::void(cx, tx, "sales_order", order, None, &reason)).unwrap();
        back().unwrap();
    });
}

#[test]
fn lines_in_several_currencies_come_into_one() {
    both(|database| {
        let office = Office::new(database);
        let rates =
            json!([{"currency": "EUR", "day": "2026-01-01", "rate": "1.1"}, {"currency": "JPY", "day": "2026-01-01", "rate": "0.0065"}]);
        office.many_rates(&rates).unwrap();
        let deal = office.deal(office.kim, "Rail");
        let line = |name: &str, amount: &str, currency: &str, position: &str| {
            let price = json!({"amount": amount, "currency": currency});
            office.adds_line(
                office.kim,
                "opportunity_line",
                deal,
                json!({"name": name, "quantity": "3", "price": price, "position": position}),
            )
        };
        line("Motor", "100.01", "EUR", "1");
        line("Gear", "7", "JPY", "2");
        let answer = office.quotes(office.kim, deal, json!({}));
        let Err(Error::Invalid(found)) = answer else { panic!("{answer:?}") };
        assert_eq!((found[0].code, &found[0].params["currencies"]), ("quote.several_currencies", &json!(["EUR", "JPY"])));
        let made = office.quotes(office.kim, deal, json!({"currency": "EUR"})).unwrap();
        // 7 JPY are 0.0455 USD, 0.0413… EUR.
        assert_eq!(
            made["converted"],
            json!([{"name": "Gear", "from": {"amount": "7", "currency": "JPY"}, "to": {"amount": "0.04", "currency": "EUR"}}])
        );
        let money = |amount: &str, currency: &str| json!({"amount": amount, "currency": currency});
        let amount = |fields: &Json, key: &str| json!({"amount": fields[key]["amount"], "currency": fields[key]["currency"]});
        let (quote, fields) = (id_of(&made), &made["record"]["fields"]);
        assert_eq!(amount(fields, "total"), money("300.15", "EUR"));
        office.edits(office.kim, "quote", quote, json!({"discount": "3.33"})).unwrap();
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        office.turns_quote(office.kim, quote, "accepted", None).unwrap();
        let told = office.fields("opportunity", deal);
        // 300.15 less 3.33 % are 290.155005.
        assert_eq!((amount(&told, "amount"), amount(&told, "lines_total")), (money("290.16", "EUR"), money("290.16", "EUR")));
        let check = office.read(office.ada, stagecraft_core::check::all).unwrap();
        assert_eq!(check["ok"], true, "{check:#}");
        assert_eq!(refusals(office.quotes(office.kim, deal, json!({"currency": "XXX"}))), ["field.not_an_option:currency"]);
    });
}

#[test]
fn who_sees_it_not_finds_nothing_and_who_may_not_change_the_deal_does_not_answer() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal_with_lines(office.kim, "Rail");
        let quote = office.quote(office.kim, deal);
        office.turns_quote(office.kim, quote, "sent", None).unwrap();
        assert!(matches!(office.quotes(office.lee, deal, json!({})), Err(Error::NotFound)));
        assert!(matches!(office.version(office.lee, quote), Err(Error::NotFound)));
        assert!(matches!(office.turns_quote(office.lee, quote, "accepted", None), Err(Error::NotFound)));
        assert!(matches!(office.quotes(office.ines, deal, json!({})), Err(Error::Forbidden { .. })));
        assert!(matches!(office.turns_quote(office.ines, quote, "accepted", None), Err(Error::Forbidden { .. })));
        let can = |who: Id, object: &str, id: Id| office.reads(who, object, id).unwrap()["can"].clone();
        assert_eq!(can(office.ines, "quote", quote), json!([]));
        assert!(can(office.kim, "opportunity", deal).as_array().unwrap().contains(&json!("create_quote")));
        assert!(!can(office.ines, "opportunity", deal).as_array().unwrap().contains(&json!("create_quote")));

        // Lee prepares it for Kim: he has the quote and does not see the deal.
        let wanted = serde_json::from_value(json!({"owner": office.lee})).unwrap();
        office.write(office.mona, |cx, tx| records::change_owner(cx, tx, "quote", quote, None, &wanted)).unwrap();
        assert!(matches!(office.turns_quote(office.lee, quote, "accepted", None), Err(Error::Forbidden { .. })));
        assert_eq!(office.open_at(office.lee, quote).0, ["reject", "new_version"]);
        assert!(matches!(office.reads(office.lee, "opportunity", deal), Err(Error::NotFound)));
        // Seeing the deal without a right to change it, he may still work on what is his.
        let member = serde_json::from_value(json!({"person": office.lee.to_string(), "access": "read"})).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, std::slice::from_ref(&member))).unwrap();
        let next = id_of(&office.version(office.lee, quote).unwrap());
        office.edits(office.lee, "quote", next, json!({"name": "Rail, second offer"})).unwrap();
        office.turns_quote(office.lee, next, "sent", None).unwrap();
        assert!(matches!(office.turns_quote(office.lee, next, "accepted", None), Err(Error::Forbidden { .. })));

        // Both owners hear of what a third has noted.
        office.turns_quote(office.mona, next, "accepted", None).unwrap();
        assert_eq!([office.kim, office.lee, office.mona].map(|who| office.noticed(who, "quote_accepted").len()), [1, 1, 0]);
    });
}

#[test]
fn what_one_may_not_know_of_a_line_does_not_come_into_the_quote() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal_with_lines(office.kim, "Rail");
        office.hides("salesperson", "opportunity_line", &[("price", "hidden")]);
        let made = office.quotes(office.kim, deal, json!({})).unwrap();
        assert_eq!(made["record"]["fields"]["total"], Json::Null, "{made:#}");
        assert!(!made.to_string().contains("245"));
        office.hides("salesperson", "opportunity_line", &[("price", "write")]);
        office.hides("salesperson", "quote_line", &[("discount", "read")]);
        let made = office.quotes(office.kim, deal, json!({})).unwrap();
        assert_eq!((&made["not_copied"], &made["record"]["fields"]["total"]["amount"]), (&json!(["discount"]), &json!("250.00")));
    });
}

#[test]
fn deals_that_become_one_keep_one_accepted_quote() {
    both(|database| {
        let office = Office::new(database);
        let accepted = |name: &str| {
            let deal = office.deal_with_lines(office.kim, name);
            let quote = office.quote(office.kim, deal);
            office.turns_quote(office.kim, quote, "sent", None).unwrap();
            office.turns_quote(office.kim, quote, "accepted", None).unwrap();
            (deal, quote)
        };
        let ((winner, first), (loser, second)) = (accepted("Rail"), accepted("Rail again"));
        let merge = office.merges(office.mona, "opportunity", winner, &[loser], json!({})).unwrap();
        assert_eq!((office.quote_status(first), office.quote_status(second)), ("accepted".into(), "sent".into()));
        assert_eq!(office.fields("opportunity", winner)["accepted_quote"], json!(first));
        office.unmerges(office.mona, &merge).unwrap();
        assert_eq!(office.fields("quote", second)["opportunity"], json!(loser));

        // A winner without one gets that of the other, and gives it back.
        let (plain, (other, third)) = (office.deal(office.kim, "Plain"), accepted("Road"));
        let merge = office.merges(office.mona, "opportunity", plain, &[other], json!({})).unwrap();
        assert_eq!(
            (office.quote_status(third), &office.fields("opportunity", plain)["accepted_quote"]),
            ("accepted".into(), &json!(third))
        );
        office.unmerges(office.mona, &merge).unwrap();
        assert_eq!(office.fields("opportunity", plain)["accepted_quote"], Json::Null);
        assert_eq!(office.fields("opportunity", other)["accepted_quote"], json!(third));
        // Quotes themselves are never one.
        let merged = office.merges(office.ada, "quote", first, &[third], json!({}));
        assert!(matches!(merged, Err(Error::NotFound)));
    });
}
