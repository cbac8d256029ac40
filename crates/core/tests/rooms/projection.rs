//! What a period will bring: learnt from what one sees, opened deal by deal, tested with nothing but what was known.

use std::collections::BTreeMap;

use model::{Amount, Id, Instant, Money, Value};
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, Historic, save_all};
use stagecraft_core::{Error, Result, analysis};
use testkit::both;
use testkit::rand::RngExt as _;

use crate::office::Office;

const DAY: i64 = 86_400_000_000;

impl Office {
    fn projects(&self, who: Id, query: Json) -> Result<Json> {
        let request: analysis::ProjectionRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::projection(cx, tx, self.house.courses(), &request))
    }

    fn projected_deals(&self, who: Id, query: Json) -> Json {
        let request: analysis::ProjectionDealsRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::projection_deals(cx, tx, self.house.courses(), &request)).unwrap()
    }

    fn tests_projections(&self, who: Id, query: Json) -> Json {
        let request: analysis::BackTestRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| analysis::projection_back_test(cx, tx, self.house.courses(), &request)).unwrap()
    }

    /// Two years and more of deals of kim and lee, brought in with their past; some are open.
    fn past_deals(&self, many: usize) -> Vec<Id> {
        let now = self.read(self.ada, |cx, _| Ok(cx.at)).unwrap();
        let mut dice = testkit::random(0x9a_57);
        let mut changes = Vec::new();
        for n in 0..many {
            let began = now.0 - dice.random_range(1..1_000) * DAY;
            let mut entered = vec![("prospecting".to_owned(), Instant(began))];
            let mut at = began;
            for stage in ["qualification", "proposal"] {
                at += dice.random_range(3..25) * DAY;
                entered.push((stage.to_owned(), Instant(at)));
            }
            at += dice.random_range(3..60) * DAY;
            entered.push((["won", "won", "lost"][dice.random_range(0..3)].to_owned(), Instant(at)));
            entered.retain(|(_, at)| *at <= now);
            let stage = entered.last().unwrap().0.clone();
            let mut change = Change::new("opportunity", Deed::Historic(Historic { created_at: Some(Instant(began)), entered }));
            let owner = if n % 4 == 0 { self.lee } else { self.kim };
            let amount = Money { amount: Amount(dice.random_range(500..5_000) * 10_000), currency: model::Currency::USD };
            for (field, value) in
                [("name", Value::from("Rail")), ("owner", owner.into()), ("amount", Value::Money(amount)), ("stage", stage.as_str().into())]
            {
                change.patch.insert(field.into(), value);
            }
            if stage == "lost" {
                change.patch.insert("lost_reason".into(), "price".into());
            }
            changes.push(change);
        }
        let saved = self.write(self.ada, |cx, tx| save_all(cx, tx, "opportunity", changes.clone())).unwrap();
        saved.into_iter().map(|saved| saved.unwrap().record.id).collect()
    }
}

fn number(value: &Json) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_projection_rests_on_what_one_sees_and_opens_its_deals() {
    both(|database| {
        let office = Office::new(database);
        office.past_deals(600);
        let told = office.projects(office.ada, json!({})).unwrap();
        let [p10, p50, p90, expected] = ["p10", "p50", "p90", "expected"].map(|figure| number(&told[figure]));
        assert!(p10 < p50 && p50 < p90 && p10 < expected && expected < p90, "{told}");
        assert!(number(&told["closed"]["amount"]) <= p10 && number(&told["coming"]) > 0.0, "{told}");
        // Stages come in the order of the process, each with a chance.
        let stages: Vec<&str> = told["factors"]["stages"].as_array().unwrap().iter().map(|row| row["stage"].as_str().unwrap()).collect();
        assert_eq!(stages, ["prospecting", "qualification", "proposal"]);
        for row in told["factors"]["stages"].as_array().unwrap() {
            assert!((40.0..90.0).contains(&number(&row["chance"])), "two of three are won: {row}");
        }
        // Behind: as many as are counted, worth what it says, those first that bring most.
        for of in ["open", "closed"] {
            let (mut listed, mut amount, mut brings, mut cursor) = (0, 0.0, Vec::new(), Json::Null);
            loop {
                let page = office.projected_deals(office.ada, json!({"of": of, "limit": 40, "cursor": cursor}));
                assert_eq!((&page["count"], &page["amount"]), (&told[of]["count"], &told[of]["amount"]));
                for item in page["items"].as_array().unwrap() {
                    listed += 1;
                    amount += number(&item["fields"]["amount"]["amount"]);
                    if of == "open" {
                        assert!(number(&item["in_period"]) <= number(&item["chance"]) + 0.01, "{item}");
                        brings.push(number(&item["expected_amount"]));
                    }
                }
                cursor = page["next"].clone();
                if cursor.is_null() {
                    break;
                }
            }
            assert_eq!((json!(listed), amount), (told[of]["count"].clone(), number(&told[of]["amount"])), "{of}");
            assert!(brings.is_sorted_by(|a, b| a >= b), "{brings:?}");
            if of == "open" {
                let sum: f64 = brings.iter().sum();
                assert!((sum - number(&told["open"]["weighted"])).abs() < listed as f64 * 0.01, "{sum} {told}");
            }
        }
        // Kim learns from his own, and lee from his, who has too few.
        let own = office.projects(office.kim, json!({})).unwrap();
        let counts = |told: &Json| told["trained"]["won"].as_u64().unwrap() + told["trained"]["lost"].as_u64().unwrap();
        assert!(counts(&own) < counts(&told) && own["open"]["count"].as_u64() < told["open"]["count"].as_u64(), "{own}");
        let nothing = office.projects(office.karl, json!({})).unwrap();
        assert_eq!((counts(&nothing), &nothing["reliable"], &nothing["why"]), (0, &json!(false), &json!("too_few_closed")));
        assert_eq!((&nothing["open"]["count"], &nothing["p90"]), (&json!(0), &json!("0.00")));
        // A filter narrows what is projected, not what is learnt from.
        let filter = json!({"field": "owner", "op": "eq", "value": office.lee}).to_string();
        let of_lee = office.projects(office.ada, json!({"filter": filter})).unwrap();
        assert_eq!(counts(&of_lee), counts(&told));
        assert_eq!(
            of_lee["open"]["count"].as_u64().unwrap() + own["open"]["count"].as_u64().unwrap(),
            told["open"]["count"].as_u64().unwrap()
        );
        // What is done is known at once.
        let first = office.projected_deals(office.ada, json!({}))["items"][0]["id"].as_str().unwrap().parse().unwrap();
        office.moves(office.ada, first, None, json!({"stage": "won", "bypass": true, "reason": "Signed"})).unwrap();
        database.advance(60);
        let later = office.projects(office.ada, json!({})).unwrap();
        let count = |told: &Json, of: &str| told[of]["count"].as_u64().unwrap();
        assert_eq!((count(&later, "open") + 1, count(&later, "closed")), (count(&told, "open"), count(&told, "closed") + 1));
        for (field, code) in [("filter", "{\"field\":\"x_nothing\",\"op\":\"is_empty\"}"), ("process", "0")] {
            assert!(office.projects(office.ada, json!({field: code})).is_err());
        }
        assert!(matches!(office.projects(office.ada, json!({"period": "soon"})), Err(Error::Malformed(_))));
        office.hides("salesperson", "opportunity", &[("amount", "hidden")]);
        let hidden = office.projects(office.kim, json!({})).unwrap();
        assert!(["p10", "p50", "p90", "expected", "coming"].iter().all(|figure| hidden[*figure].is_null()), "{hidden}");
        office.hides("salesperson", "opportunity", &[("stage", "hidden")]);
        assert!(matches!(office.projects(office.kim, json!({})), Err(Error::NotFound)));
    });
}

#[test]
fn a_test_of_the_past_knows_nothing_that_came_later() {
    both(|database| {
        let office = Office::new(database);
        let deals = office.past_deals(600);
        let rows = |office: &Office| -> BTreeMap<String, Json> {
            let told = office.tests_projections(office.ada, json!({"length": "month", "periods": 12}));
            let rows = told["rows"].as_array().unwrap().iter();
            rows.map(|row| (row["period"].as_str().unwrap().to_owned(), row.clone())).collect()
        };
        let told = office.tests_projections(office.ada, json!({}));
        assert!(told["rows"].as_array().unwrap().len() >= 5, "{told}");
        assert_eq!(told["summary"]["periods"], 24);
        assert!(number(&told["summary"]["mean_absolute_error"]["projection"]) < 60.0, "{}", told["summary"]);
        let before = rows(&office);
        // Months go by; a deal that is open grows, another is won, many come.
        database.advance(70 * 86_400);
        let open: Vec<Id> = deals
            .iter()
            .copied()
            .filter(|deal| office.reads(office.ada, "opportunity", *deal).unwrap()["fields"]["closed_at"].is_null())
            .collect();
        office.edits(office.ada, "opportunity", open[0], json!({"amount": "9000000"})).unwrap();
        office.moves(office.ada, open[1], None, json!({"stage": "won", "bypass": true, "reason": "Signed"})).unwrap();
        let after = rows(&office);
        assert!(after.len() >= 10 && before.len() >= 10);
        for (period, row) in &before {
            if let Some(now) = after.get(period) {
                // The range of a period also rests on how those before it fell, which reach as far back as two years from today.
                for figure in ["actual", "cut", "from", "to"] {
                    assert_eq!(row[figure], now[figure], "{period} {figure}");
                }
                let (then, now) = (number(&row["naive"]["stage_rates"]["expected"]), number(&now["naive"]["stage_rates"]["expected"]));
                assert!((then - now).abs() < 0.01, "{period}: {then} {now}");
            }
        }
    });
}
