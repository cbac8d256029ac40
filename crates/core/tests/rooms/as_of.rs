//! As of a past day: whatever has happened since, the pipeline of that day is what a copy taken on it says, to whomever today's rights show it;
//! and the parts of a waterfall add up.

use std::collections::{BTreeMap, BTreeSet};

use db::records::Scope;
use model::{Amount, Id, Instant, Record};
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, Historic, save};
use stagecraft_core::{Credential, Error, Limits, Result, analysis, merging, organisation, processes, records};
use testkit::rand::RngExt as _;
use testkit::rand::rngs::StdRng;
use testkit::{Database, both};

use crate::office::{Office, id_of};

const DAYS: usize = 9;
const BY: [&str; 6] = ["stage", "owner", "owner_department", "forecast_category", "product", "lead_source"];

impl Office {
    fn as_of(&self, who: Id, query: Json) -> Result<Json> {
        let request: analysis::AsOfRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::as_of(cx, tx, self.house.past(), &request))
    }

    fn waterfall(&self, who: Id, query: Json) -> Result<Json> {
        let request: analysis::WaterfallRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::waterfall(cx, tx, self.house.past(), &request))
    }

    /// What an address behind a figure answers: count, amount, and how many were listed page by page.
    fn opens_past(&self, who: Id, address: &str) -> (u64, Json, u64) {
        let (path, query) = address.split_once('?').unwrap();
        let mut asked: serde_json::Map<String, Json> = pairs(query).into_iter().map(|(key, value)| (key, value.into())).collect();
        asked.insert("limit".into(), 7.into());
        let mut listed = BTreeSet::new();
        loop {
            let query = Json::Object(asked.clone());
            let page = match path {
                "/analysis/as-of/deals" => {
                    let request: analysis::AsOfDealsRequest = serde_json::from_value(query).unwrap();
                    self.read(who, |cx, tx| analysis::as_of_deals(cx, tx, self.house.past(), &request)).unwrap()
                }
                "/analysis/waterfall/deals" => {
                    let request: analysis::WaterfallDealsRequest = serde_json::from_value(query).unwrap();
                    self.read(who, |cx, tx| analysis::waterfall_deals(cx, tx, self.house.past(), &request)).unwrap()
                }
                other => panic!("{other}"),
            };
            listed.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            if page["next"].is_null() {
                return (page["count"].as_u64().unwrap(), page["amount"].clone(), listed.len() as u64);
            }
            asked.insert("cursor".into(), page["next"].clone());
        }
    }
}

/// A query's pairs; what stands in it here needs no more than this.
fn pairs(query: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.bytes());
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let hex = [rest.next().unwrap(), rest.next().unwrap()];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    query.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(key, value)| (plain(key), plain(value))).collect()
}

struct Story<'a> {
    office: Office,
    database: &'a Database,
    people: [Id; 5],
    products: Vec<Id>,
    deals: Vec<Id>,
    /// Deals that are gone, with the last owner of each.
    gone: BTreeMap<Id, Option<Id>>,
    /// What has happened, for the sake of knowing that it did.
    done: BTreeMap<&'static str, usize>,
    /// All deals at the end of each day.
    copies: Vec<(String, Vec<Record>)>,
    processes: [String; 2],
}

impl<'a> Story<'a> {
    fn new(database: &'a Database) -> Story<'a> {
        let office = Office::new(database);
        let open = |stage: &str| json!({"stage": stage, "allow_skip": true});
        let own = json!({"name": "Partners", "precedence": 10, "stages": [
            open("qualification"), open("proposal"), open("negotiation"), {"stage": "won"}, {"stage": "lost", "ignore_normal": true},
        ]});
        let saved = office.write(office.ada, |cx, tx| processes::save_process(cx, tx, None, None, &own, false)).unwrap();
        let processes = [model::process::SHIPPED.to_string(), saved["process"]["id"].as_str().unwrap().to_owned()];
        let products = ["Rail", "Bolt"].map(|name| office.system("product", json!({"name": name, "list_price": "10"}))).to_vec();
        let people = [office.kim, office.karl, office.lee, office.mona, office.sven];
        let (deals, gone, done, copies) = Default::default();
        let mut story = Story { office, database, people, products, deals, gone, done, copies, processes };
        story.rate("EUR", "2020-01-01", "1.1");
        story.rate("JPY", "2020-01-01", "0.0067");
        story
    }

    fn rate(&mut self, currency: &str, day: &str, rate: &str) {
        let wanted = serde_json::from_value(json!({"currency": currency, "day": day, "rate": rate})).unwrap();
        self.office.write(self.office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
    }

    fn today(&self) -> model::Date {
        self.office.read(self.office.ada, |cx, _| Ok(cx.today())).unwrap()
    }

    fn act(&mut self, dice: &mut StdRng) {
        let (office, ada) = (self.office.clone(), self.office.ada);
        let who = self.people[dice.random_range(0..self.people.len())];
        let currency = ["USD", "EUR", "JPY"][dice.random_range(0..3)];
        let amount = json!({"amount": dice.random_range(0..5_000).to_string(), "currency": currency});
        let today = self.today();
        let expected = today.saturating_add(jiff::Span::new().days(dice.random_range(0..90))).to_string();
        let standing: Vec<Id> = self.deals.iter().filter(|deal| !self.gone.contains_key(deal)).copied().collect();
        if standing.len() < 12 || dice.random_range(0..7) == 0 {
            let mut fields = json!({"name": "Deal", "owner": who, "sales_process": self.processes[dice.random_range(0..2)],
                "expected_close_date": expected, "product": self.products[dice.random_range(0..2)]});
            if dice.random_range(0..5) > 0 {
                fields["amount"] = amount;
            }
            let made = id_of(&office.creates(ada, "opportunity", fields).unwrap());
            self.deals.push(made);
            return;
        }
        let deal = standing[dice.random_range(0..standing.len())];
        let other = standing[dice.random_range(0..standing.len())];
        let (act, outcome): (&'static str, Result<Json>) = match dice.random_range(0..26) {
            0..=6 => {
                let stage = ["qualification", "proposal", "negotiation", "won", "lost", "invalid", "prospecting"][dice.random_range(0..7)];
                let mut body = json!({"stage": stage, "bypass": true, "reason": "As it went"});
                if stage == "lost" {
                    body["fields"] = json!({"lost_reason": "price"});
                }
                ("move", office.moves(ada, deal, None, body))
            }
            7 | 8 => {
                let wanted = serde_json::from_value(json!({"reason": "They called"})).unwrap();
                ("reopen", office.write(ada, |cx, tx| processes::reopen(cx, tx, deal, None, &wanted)))
            }
            9 => {
                let wanted =
                    serde_json::from_value(json!({"process": self.processes[dice.random_range(0..2)], "reason": "Otherwise"})).unwrap();
                ("process", office.write(ada, |cx, tx| processes::change_process(cx, tx, deal, None, &wanted)))
            }
            10..=12 => ("amount", office.edits(ada, "opportunity", deal, json!({"amount": amount}))),
            13 => ("date", office.edits(ada, "opportunity", deal, json!({"expected_close_date": expected, "lead_source": "partner"}))),
            14 => {
                let category = ["commit", "best_case", "omitted"][dice.random_range(0..3)];
                (
                    "category",
                    office.edits(ada, "opportunity", deal, json!({"forecast_category": category, "win_rate": dice.random_range(0..100)})),
                )
            }
            15 | 16 => ("owner", office.hands(ada, deal, who)),
            17 | 18 => ("void", office.bins(ada, deal)),
            19 | 20 => ("restore", office.takes_out(ada, deal)),
            21 => {
                let _ = office.bins(ada, deal);
                let owner = self.all().iter().find(|record| record.id == deal).and_then(Record::owner);
                let done = office.write(ada, |cx, tx| records::delete_for_good(cx, tx, "opportunity", deal, None, &Default::default()));
                if done.is_ok() {
                    self.gone.insert(deal, owner);
                }
                ("delete", done)
            }
            22 if deal != other => {
                let wanted = serde_json::from_value(json!({"losers": [other], "reason": "the same"})).unwrap();
                ("merge", office.write(ada, |cx, tx| merging::merge(cx, tx, "opportunity", deal, None, &wanted)))
            }
            23 => {
                let department = office.department_of([office.kim, office.lee][dice.random_range(0..2)]);
                ("department", office.edits(ada, "employee", who, json!({"department": department})))
            }
            24 => {
                let day = [today, today.saturating_add(jiff::Span::new().days(1)), today.saturating_sub(jiff::Span::new().days(3))];
                let rate = format!("1.{:02}", dice.random_range(0..99));
                match dice.random_range(0..5) {
                    0 => {
                        let day = today.to_string();
                        let done = office.write(ada, |cx, tx| organisation::remove_rate(cx, tx, "EUR", &day));
                        ("rate taken away", done.map(|()| Json::Null))
                    }
                    _ => {
                        self.rate("EUR", &day[dice.random_range(0..3)].to_string(), &rate);
                        ("rate", Ok(Json::Null))
                    }
                }
            }
            _ => {
                let began = Instant(office.read(ada, |cx, _| Ok(cx.at)).unwrap().0 - 40 * 86_400_000_000);
                let later = |days: i64| Instant(began.0 + days * 86_400_000_000);
                let last = ["negotiation", "won"][dice.random_range(0..2)];
                let entered = vec![("qualification".to_owned(), began), ("proposal".to_owned(), later(9)), (last.to_owned(), later(20))];
                let mut change = Change::new("opportunity", Deed::Historic(Historic { created_at: Some(began), entered }));
                change.patch.insert("name".into(), "Brought in".into());
                change.patch.insert("owner".into(), who.into());
                change.patch.insert("amount".into(), model::Value::Money("70 EUR".parse_money()));
                let saved = office.write(ada, |cx, tx| save(cx, tx, change.clone()));
                if let Ok(saved) = &saved {
                    self.deals.push(saved.record.id);
                }
                ("import", saved.map(|_| Json::Null))
            }
        };
        match outcome {
            Ok(_) => *self.done.entry(act).or_default() += 1,
            Err(Error::Invalid(_) | Error::Unmet(_) | Error::NotFound | Error::Conflict { .. } | Error::Forbidden { .. }) => {}
            Err(other) => panic!("{act}: {other:?}"),
        }
    }

    /// All deals, as the database has them.
    fn all(&self) -> Vec<Record> {
        const ALL: Scope<'static> = Scope::All("a copy of the database");
        let copy = |cx: &stagecraft_core::Ctx, tx: &mut db::Read| {
            let object = cx.meta.schema.object("opportunity").unwrap();
            Ok(db::records::load(tx, &cx.meta.schema, object, &ALL, &self.deals)?)
        };
        self.office.house.read(&Credential::System("a copy"), Limits::default(), copy).unwrap()
    }

    /// A day of many acts, its end, and a copy of what there is then.
    fn day(&mut self, dice: &mut StdRng) {
        for _ in 0..14 {
            self.database.advance(dice.random_range(1..5_000));
            self.act(dice);
        }
        let day = self.today();
        self.copies.push((day.to_string(), self.all()));
        // A minute after midnight rates of the new day take effect.
        let zone = self.office.read(self.office.ada, |cx, _| Ok(cx.meta.calendar.zone.clone())).unwrap();
        let midnight = Instant::start_of(day.saturating_add(jiff::Span::new().days(1)), &zone);
        let now = self.office.read(self.office.ada, |cx, _| Ok(cx.at)).unwrap();
        self.database.advance(midnight.seconds_since(now) + 61);
        organisation::settle_rates(&self.office.house).unwrap();
    }

    /// The deals that somebody sees today, those that are gone by their last owner.
    fn seen(&self, who: Id) -> BTreeSet<Id> {
        let office = &self.office;
        let line: &[Id] = if who == office.kim {
            &[office.kim]
        } else if who == office.mona {
            &[office.mona, office.kim, office.karl]
        } else {
            &[]
        };
        let reads = |deal: &&Id| match self.gone.get(*deal) {
            Some(owner) => who == office.ada || owner.is_some_and(|owner| line.contains(&owner)),
            None => office.reads(who, "opportunity", **deal).is_ok(),
        };
        self.deals.iter().filter(reads).copied().collect()
    }
}

trait Priced {
    fn parse_money(self) -> model::Money;
}

impl Priced for &str {
    fn parse_money(self) -> model::Money {
        let (amount, currency) = self.split_once(' ').unwrap();
        model::Money { amount: Amount::parse(amount).unwrap(), currency: currency.parse().unwrap() }
    }
}

fn counts(record: &Record) -> bool {
    ["normal", "in_change"].contains(&record.text("lifecycle_status")) && record.text("stage_type") == "in_progress"
}

fn coins(sum: i128) -> String {
    Amount::show_sum(sum, model::Currency::USD)
}

/// Count, amount, weighted amount and age of a copy by a field, in loops over its records.
fn plain(copy: &[&Record], by: &str, end: Instant) -> BTreeMap<String, (u64, String, String, i64)> {
    let mut found: BTreeMap<String, (u64, i128, i128, i128)> = BTreeMap::new();
    for record in copy.iter().filter(|record| counts(record)) {
        let key = match record.get(by) {
            model::Value::Ref(id) => id.to_string(),
            other => other.as_text().unwrap_or("").to_owned(),
        };
        let main = |field: &str| record.mains.get(field).map_or(0, |amount| i128::from(amount.0));
        let age = i128::from(end.0 - record.get("created_at").as_instant().unwrap().0);
        let row = found.entry(key).or_default();
        *row = (row.0 + 1, row.1 + main("amount"), row.2 + main("forecast_amount"), row.3 + age);
    }
    let shown = |(count, amount, weighted, age): (u64, i128, i128, i128)| {
        let whole = i128::from(count) * 1_000_000;
        (count, coins(amount), coins(weighted), i64::try_from((age * 2 + whole).div_euclid(whole * 2)).unwrap())
    };
    found.into_iter().map(|(key, row)| (key, shown(row))).collect()
}

fn told(answer: &Json) -> BTreeMap<String, (u64, String, String, i64)> {
    let text = |value: &Json| value.as_str().unwrap_or("").to_owned();
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let figures =
            (row["count"].as_u64().unwrap(), text(&row["amount"]), text(&row["weighted"]), row["average_age_seconds"].as_i64().unwrap());
        (text(&row["key"]), figures)
    })
    .collect()
}

#[test]
fn the_pipeline_of_a_past_day_is_what_a_copy_taken_on_it_says() {
    both(|database| {
        let mut story = Story::new(database);
        let mut dice = testkit::random(0xa5_0f);
        for _ in 0..DAYS {
            story.day(&mut dice);
        }
        let office = story.office.clone();
        for (at, (day, copy)) in story.copies.iter().enumerate() {
            let end = {
                let zone = office.read(office.ada, |cx, _| Ok(cx.meta.calendar.zone.clone())).unwrap();
                let next = day.parse::<model::Date>().unwrap().saturating_add(jiff::Span::new().days(1));
                Instant(Instant::start_of(next, &zone).0 - 1)
            };
            for who in [office.kim, office.mona, office.ada] {
                let seen = story.seen(who);
                let copy: Vec<&Record> = copy.iter().filter(|record| seen.contains(&record.id)).collect();
                for by in BY {
                    let answer = office.as_of(who, json!({"day": day, "by": by})).unwrap();
                    assert_eq!(told(&answer), plain(&copy, by, end), "{day} by {by} for {who}");
                }
                // What is asked for besides holds of then: the owner whom the deal had, the stage in which it stood.
                let filter = json!({"all": [
                    {"field": "owner", "op": "in", "value": [office.kim, office.lee]}, {"field": "stage", "op": "ne", "value": "proposal"},
                    {"field": "amount", "op": "gt", "value": {"amount": "500", "currency": "USD"}},
                ]});
                let meets = |record: &&&Record| {
                    let owner = record.owner().is_some_and(|owner| [office.kim, office.lee].contains(&owner));
                    owner
                        && record.text("stage") != "proposal"
                        && record.mains.get("amount").is_some_and(|amount| amount.0 > 5_000_000)
                        && record.text("sales_process") == story.processes[at % 2]
                };
                let narrowed: Vec<&Record> = copy.iter().filter(meets).copied().collect();
                let query = json!({"day": day, "by": "stage", "filter": filter.to_string(), "process": story.processes[at % 2]});
                assert_eq!(told(&office.as_of(who, query).unwrap()), plain(&narrowed, "stage", end), "{day} narrowed for {who}");
                if at % 3 == 0 {
                    figures_open(&office, who, &office.as_of(who, json!({"day": day, "by": "owner"})).unwrap());
                }
            }
        }
        // Today is as it stands.
        let (now, all) = (office.read(office.ada, |cx, _| Ok(cx.at)).unwrap(), story.all());
        let answer = office.as_of(office.ada, json!({"day": story.today().to_string(), "by": "stage"})).unwrap();
        assert_eq!(told(&answer), plain(&all.iter().collect::<Vec<_>>(), "stage", now));
        for act in [
            "move",
            "reopen",
            "process",
            "amount",
            "date",
            "category",
            "owner",
            "void",
            "restore",
            "delete",
            "merge",
            "department",
            "rate",
            "import",
        ] {
            assert!(story.done.contains_key(act), "{act} has never happened: {:?}", story.done);
        }
    });
}

/// Behind every figure of an answer stand as many deals as it counts, worth what it says.
fn figures_open(office: &Office, who: Id, answer: &Json) {
    for row in answer["rows"].as_array().unwrap().iter().chain([&answer["total"]]) {
        for figure in ["amount", "weighted"] {
            let (count, amount, listed) = office.opens_past(who, row["behind"][figure].as_str().unwrap());
            assert_eq!((json!(count), &amount, listed), (row["count"].clone(), &row[figure], count), "{row}");
        }
    }
}

#[test]
fn the_parts_of_a_waterfall_add_up_and_open_their_deals() {
    both(|database| {
        let mut story = Story::new(database);
        let mut dice = testkit::random(0x3a_11);
        for _ in 0..DAYS {
            story.day(&mut dice);
        }
        let office = story.office.clone();
        let mut happened = BTreeSet::new();
        let money = |value: &Json| Amount::parse(value.as_str().unwrap()).unwrap().0;
        for round in 0..45 {
            let from = dice.random_range(0..DAYS - 1);
            let to = dice.random_range(from + 1..DAYS);
            let mut query = json!({"from": story.copies[from].0, "to": story.copies[to].0});
            if round % 4 == 1 {
                query["period_to"] = story.today().saturating_add(jiff::Span::new().days(40)).to_string().into();
            }
            if round % 4 > 1 {
                query["filter"] = json!({"field": "owner", "op": "in", "value": [office.kim, office.karl, office.lee]}).to_string().into();
            }
            let who = [office.ada, office.mona, office.ada, office.kim][round % 4];
            let answer = office.waterfall(who, query.clone()).unwrap();
            let sum = |figure: &str, of: &dyn Fn(&Json) -> i64| {
                answer["parts"].as_array().unwrap().iter().map(|part| of(&part[figure])).sum::<i64>() + of(&answer["opening"][figure])
            };
            assert_eq!(sum("count", &|value| value.as_i64().unwrap()), answer["closing"]["count"].as_i64().unwrap(), "{answer}");
            assert_eq!(sum("amount", &money), money(&answer["closing"]["amount"]), "{answer}");
            assert_eq!(sum("weighted", &money), money(&answer["closing"]["weighted"]), "{answer}");
            for part in answer["parts"].as_array().unwrap().iter().chain([&answer["opening"], &answer["closing"]]) {
                if part["deals"] != 0 {
                    happened.insert(part["part"].as_str().unwrap().to_owned());
                }
                // Every round would open the same again.
                for figure in ["amount", "weighted"].into_iter().filter(|_| round < 6) {
                    let (count, amount, listed) = office.opens_past(who, part["behind"][figure].as_str().unwrap());
                    assert_eq!((json!(count), &amount, listed), (part["deals"].clone(), &part[figure], count), "{part}");
                }
            }
            if round % 4 == 0 {
                for (end, copy) in [("opening", &story.copies[from].1), ("closing", &story.copies[to].1)] {
                    let counting: Vec<&Record> = copy.iter().filter(|record| counts(record)).collect();
                    let main = |record: &&Record| record.mains.get("amount").map_or(0, |amount| i128::from(amount.0));
                    assert_eq!(answer[end]["count"], counting.len());
                    assert_eq!(answer[end]["amount"], coins(counting.iter().map(main).sum()));
                }
            }
        }
        for part in ["new", "reopened", "restored", "handed_in", "grown", "shrunk", "revalued", "won", "lost", "removed", "handed_out"] {
            assert!(happened.contains(part), "{part} has never happened: {happened:?}");
        }
    });
}

#[test]
fn what_one_may_not_know_the_past_does_not_tell() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let day = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap().to_string();
        database.advance(3 * 86_400);
        let today = office.read(office.ada, |cx, _| Ok(cx.today())).unwrap().to_string();
        office.edits(office.ada, "opportunity", deal, json!({"amount": "7000"})).unwrap();
        let filtered = |filter: Json| office.as_of(office.kim, json!({"day": day, "filter": filter.to_string()}));
        for field in ["name", "account.name"] {
            let refused = filtered(json!({"field": field, "op": "is_not_empty"}));
            let Err(Error::Invalid(found)) = refused else { panic!("{refused:?}") };
            assert_eq!((found[0].code, found[0].params.get("field")), ("analysis.not_known_then", Some(&json!(field))));
        }
        let to_come = office.as_of(office.kim, json!({"day": "2100-01-01"}));
        assert!(matches!(&to_come, Err(Error::Invalid(found)) if found[0].code == "analysis.day_to_come"), "{to_come:?}");
        let reversed = office.waterfall(office.kim, json!({"from": today, "to": day}));
        assert!(matches!(&reversed, Err(Error::Invalid(found)) if found[0].code == "analysis.days_reversed"), "{reversed:?}");
        assert!(matches!(office.as_of(office.kim, json!({"day": day, "process": Id::SYSTEM})), Err(Error::NotFound)));
        let total = |who: Id| office.as_of(who, json!({"day": day})).unwrap()["total"].clone();
        assert_eq!((total(office.kim)["count"].clone(), total(office.karl)["count"].clone()), (json!(1), json!(0)));
        assert_eq!(total(office.kim)["amount"], "1000.00");

        office.hides("salesperson", "opportunity", &[("amount", "hidden"), ("forecast_amount", "hidden")]);
        assert_eq!((&total(office.kim)["amount"], &total(office.kim)["weighted"]), (&Json::Null, &Json::Null));
        let fell = office.waterfall(office.kim, json!({"from": day, "to": today})).unwrap();
        let grown = fell["parts"].as_array().unwrap().iter().find(|part| part["part"] == "grown").unwrap().clone();
        assert_eq!((&grown["deals"], &grown["amount"]), (&json!(0), &Json::Null), "that it grew tells of its amount");
        let refused = filtered(json!({"field": "amount", "op": "gt", "value": {"amount": "5", "currency": "USD"}}));
        assert!(matches!(&refused, Err(Error::Invalid(found)) if found[0].code == "field.unknown"), "{refused:?}");
        office.hides("salesperson", "opportunity", &[("forecast_category", "hidden")]);
        let refused = office.as_of(office.kim, json!({"day": day, "by": "forecast_category"}));
        assert!(matches!(&refused, Err(Error::Invalid(found)) if found[0].code == "field.unknown"), "{refused:?}");
        office.hides("salesperson", "opportunity", &[("stage", "hidden")]);
        assert!(matches!(office.as_of(office.kim, json!({"day": day})), Err(Error::NotFound)));
    });
}
