//! Deals as they stand: the pipeline is what a recount of the lists says, for whoever looks, and behind every figure stands what it says.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, analysis, organisation, records};
use testkit::both;
use testkit::rand::RngExt as _;
use testkit::rand::rngs::StdRng;

use crate::office::{Office, id_of};

/// Ten-thousandths.
const COIN: i128 = 100;

/// A plain amount as it is written, in ten-thousandths.
pub fn ten_thousandths(text: &str) -> i128 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let whole: i128 = whole.parse().unwrap();
    whole * 10_000 + sign * format!("{rest:0<4}").parse::<i128>().unwrap()
}

/// An amount of a record in dollars, rounded half up to the cent, at the rates of these tests.
pub fn in_dollars(value: &Json, rates: &BTreeMap<&str, i128>) -> i128 {
    let Some(amount) = value["amount"].as_str() else { return 0 };
    let rate = rates[value["currency"].as_str().unwrap()];
    // Millionths of ten-thousandths; half a cent is 50.
    let product = ten_thousandths(amount) * rate;
    (product + COIN / 2 * 1_000_000).div_euclid(COIN * 1_000_000) * COIN
}

impl Office {
    pub fn sets_rate(&self, currency: &str, day: &str, rate: &str) {
        let wanted = serde_json::from_value(json!({"currency": currency, "day": day, "rate": rate})).unwrap();
        self.write(self.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
    }

    fn pipeline(&self, who: Id, query: Json) -> Result<Json> {
        analysis::prepare(&self.house)?;
        let request: analysis::PipelineRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::pipeline(cx, tx, self.house.analysis(), &request))
    }

    /// What an address says, gone through page by page: the count, the amount, and how many different records came.
    pub fn opens(&self, who: Id, address: &str) -> (u64, Json, u64) {
        let (path, query) = address.split_once('?').unwrap();
        let mut asked: BTreeMap<String, String> = query.split('&').map(pair).collect();
        let mut seen = BTreeSet::new();
        loop {
            let mut typed = json!(asked);
            typed["limit"] = 11.into();
            for truth in ["won", "line", "nobody", "here", "elsewhere"] {
                if let Some(is) = asked.get(truth) {
                    typed[truth] = (is == "true").into();
                }
            }
            let page = self.read(who, |cx, tx| match path {
                "/analysis/pipeline/deals" => {
                    analysis::pipeline_deals(cx, tx, self.house.analysis(), &serde_json::from_value(typed.clone()).unwrap())
                }
                "/analysis/forecast/deals" => {
                    stagecraft_core::forecast::deals(cx, tx, self.house.analysis(), &serde_json::from_value(typed.clone()).unwrap())
                }
                other => panic!("{other} is no address"),
            });
            let page = page.unwrap();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            match page["next"].as_str() {
                Some(next) => asked.insert("cursor".into(), next.to_owned()),
                None => return (page["count"].as_u64().unwrap(), page["amount"].clone(), seen.len() as u64),
            };
        }
    }

    /// Every deal that somebody's lists show, but those that do not count.
    pub fn deals_seen(&self, who: Id, filter: &Json) -> Vec<Json> {
        let (mut found, mut cursor): (Vec<Json>, Option<String>) = (Vec::new(), None);
        loop {
            let wanted = serde_json::from_value(json!({"filter": filter.to_string(), "limit": 200, "cursor": cursor})).unwrap();
            let page = self.read(who, |cx, tx| records::list(cx, tx, "opportunity", &wanted)).unwrap();
            let counts = |item: &&Json| ["normal", "in_change"].contains(&item["fields"]["lifecycle_status"].as_str().unwrap());
            found.extend(page["items"].as_array().unwrap().iter().filter(counts).cloned());
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return found;
            }
        }
    }
}

fn pair(text: &str) -> (String, String) {
    let (key, value) = text.split_once('=').unwrap();
    let read = |text: &str| {
        let (mut bytes, mut left) = (Vec::new(), text.bytes());
        while let Some(byte) = left.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let hex: String = [left.next().unwrap(), left.next().unwrap()].map(char::from).iter().collect();
                    bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    (read(key), read(value))
}

/// Some deals of everybody, anywhere on their way, in three currencies; some without an owner, an amount or a day.
pub fn some_deals(office: &Office, dice: &mut StdRng, many: usize) -> Vec<Id> {
    let people = [office.kim, office.karl, office.lee, office.mona, office.sven];
    (0..many)
        .map(|_| {
            let mut one = |of: &[&str]| of[dice.random_range(0..of.len())].to_owned();
            let currency = one(&["USD", "EUR", "JPY"]);
            let (source, category) = (one(&["website", "event", ""]), one(&["commit", "best_case", "pipeline", "omitted", ""]));
            let day = one(&["2026-11-03", "2026-12-30", "2027-01-01", "2027-02-14", ""]);
            let stage = one(&["", "", "qualification", "proposal", "negotiation", "won", "lost"]);
            let mut fields = json!({"name": "Deal", "owner": people[dice.random_range(0..people.len())]});
            if dice.random_range(0..6) > 0 {
                fields["amount"] = json!({"amount": dice.random_range(0..90_000).to_string(), "currency": currency});
            }
            for (key, value) in [("lead_source", source), ("forecast_category", category), ("expected_close_date", day)] {
                if !value.is_empty() {
                    fields[key] = value.into();
                }
            }
            let deal = id_of(&office.creates(office.ada, "opportunity", fields).unwrap());
            if !stage.is_empty() {
                let mut body = json!({"stage": stage, "bypass": true, "reason": "As it went"});
                if stage == "lost" {
                    body["fields"] = json!({"lost_reason": "price"});
                }
                office.moves(office.ada, deal, None, body).unwrap();
            }
            deal
        })
        .collect()
}

/// Three currencies at the rates of a day.
pub fn rates(euro: i128) -> BTreeMap<&'static str, i128> {
    BTreeMap::from([("USD", 1_000_000), ("EUR", euro), ("JPY", 6_700)])
}

#[test]
fn the_pipeline_is_what_a_recount_of_the_lists_says() {
    both(|database| {
        let office = Office::new(database);
        office.sets_rate("EUR", "2020-01-01", "1.1");
        office.sets_rate("JPY", "2020-01-01", "0.0067");
        let mut dice = testkit::random(0x91be);
        let mut deals = some_deals(&office, &mut dice, 40);
        // Somebody has a part in what is not his; one is in the bin, one is a colleague's now.
        let members: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": office.kim, "access": "read"}])).unwrap();
        for deal in deals.iter().take(8) {
            office.write(office.ada, |cx, tx| records::set_team(cx, tx, "opportunity", *deal, &members)).unwrap();
        }
        office.write(office.ada, |cx, tx| records::void(cx, tx, "opportunity", deals[9], None, &records::Reason::default())).unwrap();
        office.hands(office.ada, deals[10], office.lee).unwrap();
        let (everything, filtered) =
            (json!({"all": []}), json!({"field": "amount", "op": "gt", "value": {"amount": "20000", "currency": "USD"}}));
        recounts(&office, &rates(1_100_000), &everything);
        recounts(&office, &rates(1_100_000), &filtered);
        // Another rate is told of at once; what is won keeps its own.
        office.sets_rate("EUR", "2020-01-02", "1.3");
        deals.truncate(5);
        deals.iter().for_each(|deal| drop(office.edits(office.ada, "opportunity", *deal, json!({"lead_source": "referral"}))));
        recounts(&office, &rates(1_300_000), &everything);
    });
}

fn recounts(office: &Office, rates: &BTreeMap<&str, i128>, filter: &Json) {
    for who in [office.kim, office.mona, office.ada] {
        let seen = office.deals_seen(who, filter);
        let open = |item: &&Json| item["fields"]["stage_type"] == "in_progress";
        for by in ["stage", "owner", "owner_department", "product", "lead_source", "forecast_category"] {
            let mut due: BTreeMap<String, (u64, i128, i128)> = BTreeMap::new();
            for item in seen.iter().filter(open) {
                let row = due.entry(item["fields"][by].to_string()).or_default();
                *row = (
                    row.0 + 1,
                    row.1 + in_dollars(&item["fields"]["amount"], rates),
                    row.2 + in_dollars(&item["fields"]["forecast_amount"], rates),
                );
            }
            let told = office.pipeline(who, json!({"by": by, "filter": filter.to_string()})).unwrap();
            let rows = told["rows"].as_array().unwrap();
            let figures = |row: &Json| {
                let amount = |key: &str| ten_thousandths(row[key].as_str().unwrap());
                (row["count"].as_u64().unwrap(), amount("amount"), amount("weighted"))
            };
            let found: BTreeMap<String, (u64, i128, i128)> =
                rows.iter().map(|row| (row["key"].to_string(), figures(row))).filter(|(_, row)| row.0 > 0).collect();
            assert_eq!(found, due, "{by}");
            let total = due.values().fold((0, 0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1, sum.2 + row.2));
            assert_eq!(figures(&told["total"]), total);
            for row in rows.iter().chain([&told["total"]]) {
                for figure in ["amount", "weighted"] {
                    let (count, amount, listed) = office.opens(who, row["behind"][figure].as_str().unwrap());
                    let worth = if figure == "weighted" { &row["weighted"] } else { &row["amount"] };
                    assert_eq!((json!(count), &amount, listed), (row["count"].clone(), worth, count), "{by} {figure}");
                }
            }
            let won = seen.iter().filter(|item| item["fields"]["stage_type"] == "won").count();
            assert_eq!(told["won"]["count"], won, "{by}");
            let (count, amount, listed) = office.opens(who, told["won"]["behind"]["amount"].as_str().unwrap());
            assert_eq!((count, &amount, listed), (won as u64, &told["won"]["amount"], won as u64));
        }
    }
}

#[test]
fn rows_come_in_their_order_and_are_called_what_one_may_know() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        let told = office.pipeline(office.kim, json!({})).unwrap();
        let keys: Vec<&str> = told["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["prospecting", "qualification", "proposal", "negotiation"], "empty stages are shown as well");
        assert_eq!((&told["rows"][0]["label"]["zh-CN"], &told["rows"][0]["colour"]), (&json!("初步接触"), &json!("blue")));
        assert_eq!((&told["rows"][1]["amount"], &told["rows"][1]["average_age_seconds"]), (&json!("0.00"), &Json::Null));
        let told = office.pipeline(office.mona, json!({"by": "owner"})).unwrap();
        assert_eq!((&told["rows"][0]["label"], &told["rows"][0]["key"]), (&json!("Kim"), &json!(office.kim)));
        let refused = |query: Json| office.pipeline(office.kim, query);
        assert!(matches!(refused(json!({"process": Id::SYSTEM})), Err(Error::NotFound)));
        office.hides("salesperson", "opportunity", &[("amount", "hidden"), ("lead_source", "hidden")]);
        let told = office.pipeline(office.kim, json!({})).unwrap();
        assert_eq!((&told["total"]["amount"], &told["total"]["weighted"], &told["total"]["count"]), (&Json::Null, &Json::Null, &json!(1)));
        let (_, amount, _) = office.opens(office.kim, told["total"]["behind"]["weighted"].as_str().unwrap());
        assert_eq!(amount, Json::Null);
        assert!(matches!(refused(json!({"by": "lead_source"})), Err(Error::Invalid(_))));
        office.hides("salesperson", "opportunity", &[("stage", "hidden")]);
        assert!(matches!(refused(json!({"by": "owner"})), Err(Error::NotFound)));
    });
}

/// A pool hides the amounts of what lies in it: no sum over it tells them.
#[test]
fn what_a_pool_covers_counts_in_no_figure() {
    both(|database| {
        let office = Office::new(database);
        let pool = office.pool("Open", json!({"object": "opportunity", "condition": null, "hidden": ["amount"]}));
        office.deal(office.kim, "Mine");
        let deal = office.deal(office.karl, "Given up");
        office.gives_back(office.karl, "opportunity", deal, json!({"reason": "No time", "pool": pool})).unwrap();
        assert_eq!(office.deals_seen(office.kim, &json!({"all": []})).len(), 2, "he sees that it is there");
        let total = |who: Id| {
            let told = office.pipeline(who, json!({})).unwrap();
            (told["total"]["count"].clone(), told["total"]["amount"].clone())
        };
        assert_eq!(total(office.kim), (json!(1), json!("1000.00")));
        assert_eq!(total(office.ada), (json!(2), json!("2000.00")), "to whom nothing is covered");
    });
}
