//! What periods are expected to bring: a recount of the lists says the same, rows add up, and what people say stands where it should.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::forecast::{self, ForecastRequest, HistoryRequest};
use stagecraft_core::{Error, Result, analysis};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::standing::{in_dollars, rates, some_deals, ten_thousandths};
use crate::together::at_once;

impl Office {
    pub fn forecast(&self, who: Id, query: Json) -> Result<Json> {
        analysis::prepare(&self.house)?;
        let request: ForecastRequest = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| forecast::forecast(cx, tx, self.house.analysis(), &request))
    }

    fn spoken(&self, who: Id, query: Json) -> Result<Json> {
        analysis::prepare(&self.house)?;
        let of: HistoryRequest = serde_json::from_value(query).unwrap();
        let figures = self.read(who, |cx, tx| forecast::figures_now(cx, tx, self.house.analysis(), &of))?;
        self.read(who, |cx, tx| forecast::history(cx, tx, &of, &figures))
    }

    fn speaks(&self, who: Id, act: &str, body: Json) -> Result<Json> {
        analysis::prepare(&self.house)?;
        let mut of = json!({"period": body["period"], "covers": body["covers"]});
        of["person"] = body["person"].clone();
        let of: HistoryRequest = serde_json::from_value(of).unwrap();
        let figures = self.read(who, |cx, tx| forecast::figures_now(cx, tx, self.house.analysis(), &of))?;
        self.write(who, |cx, tx| match act {
            "submit" => forecast::submit(cx, tx, &serde_json::from_value(body.clone()).unwrap(), &figures),
            "adjust" => forecast::adjust(cx, tx, &serde_json::from_value(body.clone()).unwrap(), &figures),
            _ => forecast::withdraw(cx, tx, &serde_json::from_value(body.clone()).unwrap(), &figures),
        })
    }

    fn targets(&self, who: Id, query: Json) -> Result<Json> {
        let request = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| forecast::grid(cx, tx, &request))
    }

    fn sets_targets(&self, who: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| forecast::save(cx, tx, &wanted))
    }

    fn month(&self) -> String {
        self.read(self.ada, |cx, _| Ok(cx.today().to_string()[..7].to_owned())).unwrap()
    }
}

const CATEGORIES: [&str; 4] = ["commit", "best_case", "pipeline", "omitted"];

/// Count, amount and weighted amount of a figure.
fn figures(figure: &Json) -> (u64, i128, i128) {
    let amount = |key: &str| ten_thousandths(figure[key].as_str().unwrap());
    (figure["count"].as_u64().unwrap(), amount("amount"), amount("weighted"))
}

fn plus(one: (u64, i128, i128), other: (u64, i128, i128)) -> (u64, i128, i128) {
    (one.0 + other.0, one.1 + other.1, one.2 + other.2)
}

/// What a list's deals come to in a period, by category, of these owners.
fn recount(
    seen: &[Json],
    rates: &BTreeMap<&str, i128>,
    owners: &BTreeSet<String>,
    from: &str,
    to: &str,
) -> BTreeMap<String, (u64, i128, i128)> {
    let mut due: BTreeMap<String, (u64, i128, i128)> = BTreeMap::new();
    for item in seen {
        let fields = &item["fields"];
        let within = |text: Option<&str>| text.is_some_and(|text| from <= &text[..10] && &text[..10] <= to);
        let category = match fields["stage_type"].as_str().unwrap() {
            "in_progress" if within(fields["expected_close_date"].as_str()) => fields["forecast_category"].as_str().unwrap_or("pipeline"),
            "won" if within(fields["closed_at"].as_str()) => "closed",
            _ => continue,
        };
        if owners.contains(fields["owner"].as_str().unwrap_or("")) {
            let one = (1, in_dollars(&fields["amount"], rates), in_dollars(&fields["forecast_amount"], rates));
            let stands = due.entry(category.to_owned()).or_default();
            *stands = plus(*stands, one);
        }
    }
    due
}

#[test]
fn a_forecast_is_what_a_recount_of_the_lists_says_and_rows_add_up() {
    both(|database| {
        let office = Office::new(database);
        office.sets_rate("EUR", "2020-01-01", "1.1");
        office.sets_rate("JPY", "2020-01-01", "0.0067");
        let mut dice = testkit::random(0xf0ca);
        let deals = some_deals(&office, &mut dice, 60);
        office.edits(office.ada, "employee", office.lee, json!({"manager": office.mona})).unwrap();
        assert_eq!(deals.len(), 60);
        let lines: [(Id, &[Id]); 5] = [
            (office.kim, &[office.kim]),
            (office.karl, &[office.karl]),
            (office.lee, &[office.lee]),
            (office.mona, &[office.mona, office.kim, office.karl, office.lee]),
            (office.hanna, &[office.hanna, office.mona, office.kim, office.karl, office.lee, office.sven]),
        ];
        let rates = rates(1_100_000);
        let month = office.month();
        for (viewer, asked) in
            [(office.kim, office.kim), (office.mona, office.mona), (office.hanna, office.mona), (office.ada, office.hanna)]
        {
            let seen = office.deals_seen(viewer, &json!({"all": []}));
            for (period, many) in [("2026-Q4", 2), ("2027", 1), (month.as_str(), 2)] {
                let told = office.forecast(viewer, json!({"period": period, "periods": many, "person": asked})).unwrap();
                for (at, span) in told["periods"].as_array().unwrap().iter().enumerate() {
                    let (from, to) = (span["from"].as_str().unwrap(), span["to"].as_str().unwrap());
                    let mut sum: BTreeMap<&str, (u64, i128, i128)> = BTreeMap::new();
                    let rows = told["rows"].as_array().unwrap();
                    for row in rows.iter().chain([&told["total"]]) {
                        let id: Id = row["id"].as_str().unwrap().parse().unwrap();
                        let line = lines.iter().find(|(head, _)| *head == id).map_or(&[][..], |(_, line)| line);
                        let owners: BTreeSet<String> = match row["kind"].as_str().unwrap() {
                            "own" => BTreeSet::from([id.to_string()]),
                            _ if line.is_empty() => BTreeSet::from([id.to_string()]),
                            _ => line.iter().map(Id::to_string).collect(),
                        };
                        let due = recount(&seen, &rates, &owners, from, to);
                        let cell = &row["cells"][at];
                        for category in CATEGORIES.into_iter().chain(["closed"]) {
                            let figure = &cell[category];
                            assert_eq!(figures(figure), due.get(category).copied().unwrap_or_default(), "{period} {category}: {row}");
                            if row["kind"] != "total" {
                                let stands = sum.entry(category).or_default();
                                *stands = plus(*stands, figures(figure));
                            }
                            if figures(figure).0 > 0 {
                                for worth in ["amount", "weighted"] {
                                    let (count, amount, listed) = office.opens(viewer, figure["behind"][worth].as_str().unwrap());
                                    assert_eq!((json!(count), &amount, listed), (figure["count"].clone(), &figure[worth], count));
                                }
                            }
                        }
                        let open = CATEGORIES[..3].iter().map(|category| figures(&cell[*category])).fold((0, 0, 0), plus);
                        assert_eq!(figures(&cell["open"]), open, "what is omitted counts nowhere");
                        let (count, _, _) = office.opens(viewer, cell["open"]["behind"]["count"].as_str().unwrap());
                        assert_eq!(json!(count), cell["open"]["count"]);
                    }
                    for (category, sum) in sum {
                        assert_eq!(sum, figures(&told["total"]["cells"][at][category]), "{category}");
                    }
                }
            }
        }
        // The whole organisation: nobody's deals too.
        let told = office.forecast(office.ada, json!({"period": "2026"})).unwrap();
        assert_eq!(told["of"]["kind"], "organisation");
        let rows = told["rows"].as_array().unwrap();
        let sum = rows.iter().map(|row| figures(&row["cells"][0]["open"])).fold((0, 0, 0), plus);
        assert_eq!(sum, figures(&told["total"]["cells"][0]["open"]));
        assert!(sum.0 > 5, "too few to tell anything: {sum:?}");
    });
}

#[test]
fn only_those_whom_one_sees_are_there() {
    both(|database| {
        let office = Office::new(database);
        let of = |who: Id, query: Json| office.forecast(who, query).map(|told| told["of"]["kind"].clone());
        assert_eq!(of(office.kim, json!({})).unwrap(), "person");
        assert_eq!(of(office.ada, json!({})).unwrap(), "organisation");
        for (who, person) in [(office.kim, office.karl), (office.kim, office.mona), (office.mona, office.lee), (office.kim, Id::SYSTEM)] {
            assert!(matches!(of(who, json!({"person": person})), Err(Error::NotFound)));
            assert!(matches!(office.spoken(who, json!({"person": person})), Err(Error::NotFound)));
        }
        assert_eq!(of(office.ines, json!({"person": office.lee})).unwrap(), "person");
        let north = office.department_of(office.kim);
        assert!(matches!(of(office.kim, json!({"department": north})), Err(Error::NotFound)), "he leads nothing");
        office.edits(office.ada, "department", north.parse().unwrap(), json!({"head": office.mona})).unwrap();
        let told = office.forecast(office.mona, json!({"department": north})).unwrap();
        let names: Vec<&str> = told["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Karl", "Kim", "Mona"]);
        assert_eq!((&told["up"], &told["total"]["people"]), (&Json::Null, &json!(3)));
        // Whoever may not know where deals stand, or when they close, has no forecast.
        office.hides("salesperson", "opportunity", &[("amount", "hidden")]);
        let told = office.forecast(office.kim, json!({})).unwrap();
        let cell = &told["total"]["cells"][0];
        assert_eq!((&cell["open"]["amount"], &cell["outlook"]["commit"], &cell["actual"]), (&Json::Null, &Json::Null, &Json::Null));
        office.hides("salesperson", "opportunity", &[("forecast_category", "hidden")]);
        assert!(matches!(of(office.kim, json!({})), Err(Error::NotFound)));
    });
}

#[test]
fn what_is_said_stands_until_somebody_above_puts_it_otherwise() {
    both(|database| {
        let office = Office::new(database);
        let month = office.month();
        let say = |commit: &str, best_case: &str, version: i64| json!({"period": month, "commit": commit, "best_case": best_case, "note": "As it looks", "version": version});
        let told = office.speaks(office.kim, "submit", say("100", "150", 0)).unwrap();
        assert_eq!((&told["version"], &told["submission"]["commit"], &told["can"]), (&json!(1), &json!("100.00"), &json!(["submit"])));
        let stale = office.speaks(office.kim, "submit", say("110", "150", 0));
        assert!(matches!(&stale, Err(Error::Conflict { record }) if record["version"] == 1), "{stale:?}");
        office.speaks(office.karl, "submit", say("40", "60", 0)).unwrap();
        let words = |who: Id, person: Id| {
            let told = office.forecast(who, json!({"period": month, "person": person})).unwrap();
            let cell = &told["total"]["cells"][0];
            let of = |what: &str| (cell[what]["commit"].clone(), cell[what]["best_case"].clone());
            (of("submitted"), of("adjusted"), cell["submitted"]["people"].clone(), cell["submitted"]["of"].clone())
        };
        let pair = |a: &str, b: &str| (json!(a), json!(b));
        assert_eq!(words(office.mona, office.mona), (pair("140.00", "210.00"), pair("140.00", "210.00"), json!(2), json!(3)));
        // Mona puts Kim's word otherwise, and says why.
        let adjust = |note: &str, version: i64| json!({"person": office.kim, "period": month, "commit": "80", "best_case": "120", "note": note, "version": version});
        assert_eq!(refusals(office.speaks(office.mona, "adjust", adjust(" ", 1))), ["field.required:note"]);
        office.speaks(office.mona, "adjust", adjust("They hesitate", 1)).unwrap();
        assert_eq!(words(office.hanna, office.hanna), (pair("140.00", "210.00"), pair("120.00", "180.00"), json!(2), json!(6)));
        // Who is not above may not, even where he sees everything.
        for who in [office.kim, office.ines] {
            assert!(matches!(office.speaks(who, "adjust", adjust("No", 2)), Err(Error::Forbidden { .. })));
        }
        assert!(matches!(office.speaks(office.sven, "adjust", adjust("No", 2)), Err(Error::NotFound)));
        // Said anew, the adjustment stands and is told to be older.
        let told = office.speaks(office.kim, "submit", say("130", "130", 2)).unwrap();
        assert_eq!((&told["stale"], &told["adjustment"]["note"]), (&json!(true), &json!("They hesitate")));
        // Mona speaks for her line: that goes before the sum of her people. Hanna puts it otherwise, and takes that back.
        let line = json!({"period": month, "covers": "line", "commit": "500", "best_case": "600", "version": 0});
        office.speaks(office.mona, "submit", line.clone()).unwrap();
        assert_eq!(refusals(office.speaks(office.kim, "submit", line)), ["forecast.no_line:covers"]);
        assert_eq!(words(office.hanna, office.hanna).1, pair("500.00", "600.00"));
        let of_line = json!({"person": office.mona, "period": month, "covers": "line", "version": 1});
        let mut higher = of_line.clone();
        (higher["commit"], higher["best_case"], higher["note"]) = ("450".into(), "450".into(), "Careful".into());
        office.speaks(office.hanna, "adjust", higher).unwrap();
        assert_eq!(words(office.hanna, office.hanna), (pair("500.00", "600.00"), pair("450.00", "450.00"), json!(3), json!(6)));
        let mut back = of_line;
        back["version"] = 2.into();
        office.speaks(office.hanna, "withdraw", back.clone()).unwrap();
        assert_eq!(words(office.hanna, office.hanna).1, pair("500.00", "600.00"));
        back["version"] = 3.into();
        assert_eq!(refusals(office.speaks(office.hanna, "withdraw", back)), ["forecast.not_adjusted:person"]);
        // Nothing that was said is lost.
        let told = office.spoken(office.hanna, json!({"person": office.kim, "period": month})).unwrap();
        let kinds: Vec<&str> = told["entries"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["submission", "adjustment", "submission"]);
        assert_eq!(told["entries"][2]["figures"]["closed"], "0.00");
        // What is over stays as it is; only months are spoken of; amounts are amounts.
        let of = |period: &str, commit: &str| json!({"period": period, "commit": commit, "best_case": "1", "version": 0});
        assert_eq!(refusals(office.speaks(office.kim, "submit", of("2020-01", "1"))), ["forecast.over:period"]);
        assert_eq!(refusals(office.speaks(office.kim, "submit", of("2098-Q1", "1"))), ["field.invalid:period"]);
        assert_eq!(refusals(office.speaks(office.kim, "submit", of("2098-01", "-1"))), ["field.invalid:commit"]);
        assert_eq!(refusals(office.speaks(office.kim, "submit", of("2098-01", "2"))), ["forecast.below_commit:best_case"]);
    });
}

#[test]
fn of_two_who_speak_at_once_the_second_is_told_of_the_first() {
    both(|database| {
        let office = Office::new(database);
        let month = office.month();
        for round in 0..4 {
            let body = |commit: &str| json!({"person": office.kim, "period": month, "commit": commit, "best_case": "9", "note": "At once", "version": round});
            let (one, other) =
                at_once(|| office.speaks(office.mona, "adjust", body("1")), || office.speaks(office.hanna, "adjust", body("2")));
            assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
            let late = if one.is_ok() { other } else { one };
            assert!(matches!(&late, Err(Error::Conflict { record }) if record["version"] == round + 1), "{late:?}");
        }
        let told = office.spoken(office.mona, json!({"person": office.kim, "period": month})).unwrap();
        assert_eq!(told["entries"].as_array().unwrap().len(), 4);
        // Targets likewise.
        let row =
            |value: &str| json!({"year": 2026, "rows": [{"kind": "person", "id": office.kim, "version": 0, "values": {"2026": value}}]});
        let (one, other) = at_once(|| office.sets_targets(office.ada, row("1")), || office.sets_targets(office.mona, row("2")));
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        assert!(matches!(if one.is_ok() { other } else { one }, Err(Error::Conflict { .. })));
    });
}

#[test]
fn targets_are_set_for_years_quarters_and_months_of_the_fiscal_year() {
    both(|database| {
        let office = Office::new(database);
        let settings = serde_json::from_value(json!({"fiscal_year_start_month": 4})).unwrap();
        office.write(office.ada, |cx, tx| stagecraft_core::organisation::update(cx, tx, &settings)).unwrap();
        let north = office.department_of(office.kim);
        let person = |id: Id, version: i64, values: Json| json!({"kind": "person", "id": id, "version": version, "values": values});
        let rows = json!([
            person(office.kim, 0, json!({"2026-Q3": "3000", "2026-11": "1000.005"})),
            person(office.karl, 0, json!({"2026-10": "100", "2026-11": "200"})),
            {"kind": "department", "id": north, "version": 0, "values": {"2026-Q3": "4000"}},
        ]);
        let told = office.sets_targets(office.ada, json!({"year": 2026, "rows": rows})).unwrap();
        let of = |told: &Json, id: Id| told["rows"].as_array().unwrap().iter().find(|row| row["id"] == json!(id)).cloned().unwrap();
        let karl = of(&told, office.karl);
        assert_eq!(karl["effective"]["2026-Q3"], json!({"value": "300.00", "from": "parts"}));
        assert_eq!(karl["effective"]["2026"], json!({"value": "300.00", "from": "parts"}));
        let kim = of(&told, office.kim);
        assert_eq!(kim["effective"]["2026-Q3"], json!({"value": "3000.00", "from": "set"}));
        assert_eq!(kim["values"]["2026-11"], "1000.01");
        assert_eq!(told["people"][&north]["2026-Q3"], "3300.00");
        assert_eq!(told["periods"][1], json!({"period": "2026-Q1", "length": "quarter", "from": "2026-04-01", "to": "2026-06-30"}));
        // Who sets whose: administrators all, managers those below; of others nothing is told.
        let told = office.targets(office.mona, json!({"year": 2026})).unwrap();
        let names: Vec<(&str, bool)> =
            told["rows"].as_array().unwrap().iter().map(|row| (row["name"].as_str().unwrap(), row["can_set"].as_bool().unwrap())).collect();
        assert_eq!(names, [("Karl", true), ("Kim", true), ("Mona", false)]);
        let set = |who: Id, row: Json| office.sets_targets(who, json!({"year": 2026, "rows": [row]}));
        set(office.mona, person(office.kim, 1, json!({"2026-12": "5"}))).unwrap();
        assert!(matches!(set(office.mona, person(office.mona, 0, json!({"2026": "5"}))), Err(Error::Forbidden { .. })));
        assert!(matches!(set(office.mona, person(office.lee, 0, json!({"2026": "5"}))), Err(Error::NotFound)));
        assert!(matches!(set(office.kim, person(office.kim, 2, json!({"2026": "5"}))), Err(Error::Forbidden { .. })));
        let wrong = set(office.ada, person(office.lee, 0, json!({"2026": "x", "2027-05": "1", "2026-Q1": "-1"})));
        assert_eq!(
            refusals(wrong),
            ["field.invalid:rows/0/values/2026", "field.invalid:rows/0/values/2026-Q1", "field.invalid:rows/0/values/2027-05"]
        );
        // The forecast tells how far one is: of a line the sum of its people, of a department its own beside theirs.
        let cell = |who: Id, query: Json| office.forecast(who, query).unwrap()["total"]["cells"][0].clone();
        let line = cell(office.mona, json!({"period": "2026-Q3"}));
        assert_eq!(
            (&line["target"], &line["with_target"], &line["attainment"], &line["gap"]),
            (&json!("3300.00"), &json!(2), &json!("0"), &json!("3300.00"))
        );
        let department = cell(office.ada, json!({"period": "2026-Q3", "department": north}));
        assert_eq!(
            (&department["target"], &department["people_target"], &department["difference"]),
            (&json!("4000.00"), &json!("3300.00"), &json!("700.00"))
        );
        assert_eq!(cell(office.ada, json!({"period": "2027-02"}))["target"], Json::Null);
        // Counted as well; and the trace tells what was set.
        office
            .sets_targets(office.ada, json!({"year": 2026, "metric": "won_count", "rows": [person(office.kim, 0, json!({"2026": 12}))]}))
            .unwrap();
        let counted = cell(office.kim, json!({"period": "2026", "metric": "won_count"}));
        assert_eq!((&counted["target"], &counted["actual"], &counted["gap"]), (&json!(12), &json!(0), &json!(12)));
        let settings = serde_json::from_value(json!({"main_currency": "EUR"})).unwrap();
        let refused = office.write(office.ada, |cx, tx| stagecraft_core::organisation::update(cx, tx, &settings));
        assert_eq!(refusals(refused), ["organisation.currency_in_use:main_currency"]);
    });
}

/// A file has what the screen has, for those alone who may take it away.
#[test]
fn a_forecast_may_be_taken_away_as_a_file() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        analysis::prepare(&office.house).unwrap();
        let request: ForecastRequest = serde_json::from_value(json!({"period": "2026-Q4", "periods": 2, "format": "csv"})).unwrap();
        let told = office.read(office.ada, |cx, tx| forecast::forecast_told(cx, tx, office.house.analysis(), &request)).unwrap();
        let analysis::Told::File { bytes, .. } = told else { panic!("no file") };
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("2026-Q4 Closed") && lines[0].contains("2027-Q1 Target"), "{text}");
        assert!(lines.iter().any(|line| line.starts_with("Hanna,")) && lines.last().unwrap().starts_with("Total,"), "{text}");
        let mut role = office.role("salesperson");
        role["objects"]["opportunity"]["acts"].as_array_mut().unwrap().retain(|act| act != "export");
        office.puts_role("salesperson", None, &role).unwrap();
        let refused = office.read(office.kim, |cx, tx| forecast::forecast_told(cx, tx, office.house.analysis(), &request));
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    });
}

/// Orders count on the day of order for whoever has them, once they are confirmed.
#[test]
fn what_was_ordered_counts_against_targets_of_orders() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.won(office.kim, "Rail", "USD", None);
        let month = office.month();
        let order =
            json!({"name": "Order", "opportunity": deal, "currency": "USD", "order_date": format!("{month}-01"), "owner": office.kim});
        let order = id_of(&office.creates(office.ada, "sales_order", order).unwrap());
        let line = json!({"name": "Track", "quantity": "2", "price": "150", "sales_order": order});
        office.creates(office.ada, "sales_order_line", line).unwrap();
        let cell = || office.forecast(office.mona, json!({"metric": "ordered_amount"})).unwrap()["total"]["cells"][0].clone();
        assert_eq!(cell()["actual"], "0.00", "a draft counts for nothing");
        office.puts(office.ada, order, "confirmed").unwrap();
        let told = cell();
        assert_eq!(told["actual"], "300.00");
        assert_eq!(office.opens(office.mona, told["behind"]["actual"].as_str().unwrap()), (1, json!("300.00"), 1));
    });
}

/// A change of manager or department takes all of somebody's figures with it; who has left counts as long as he has a manager.
#[test]
fn lines_and_departments_are_those_of_today() {
    both(|database| {
        let office = Office::new(database);
        let month = office.month();
        let day = format!("{month}-28");
        for (who, amount) in [(office.kim, "100"), (office.karl, "10"), (office.lee, "1")] {
            let fields = json!({"name": "Rail", "amount": amount, "expected_close_date": day, "forecast_category": "commit"});
            office.creates(who, "opportunity", fields).unwrap();
        }
        let commit = |who: Id, query: Json| office.forecast(who, query).unwrap()["total"]["cells"][0]["commit"]["amount"].clone();
        let line = |head: Id| commit(office.ada, json!({"person": head}));
        let (north, south) = (office.department_of(office.kim), office.department_of(office.lee));
        let department = |id: &String| commit(office.ada, json!({"department": id}));
        assert_eq!((line(office.mona), line(office.sven)), (json!("110.00"), json!("1.00")));
        assert_eq!((department(&north), department(&south)), (json!("110.00"), json!("1.00")));
        office.edits(office.ada, "employee", office.kim, json!({"manager": office.sven})).unwrap();
        assert_eq!((line(office.mona), line(office.sven)), (json!("10.00"), json!("101.00")));
        assert_eq!((department(&north), department(&south)), (json!("110.00"), json!("1.00")), "he sits where he sat");
        office.edits(office.ada, "employee", office.kim, json!({"department": south})).unwrap();
        assert_eq!((department(&north), department(&south)), (json!("10.00"), json!("101.00")));
        assert!(matches!(office.forecast(office.mona, json!({"person": office.kim})), Err(Error::NotFound)), "not below her any more");
        assert_eq!(commit(office.hanna, json!({})), "111.00");
        // Karl leaves: his row stays, and nobody waits for his word.
        office.edits(office.ada, "employee", office.karl, json!({"active": false})).ok();
        let told = office.forecast(office.mona, json!({})).unwrap();
        let karl = told["rows"].as_array().unwrap().iter().find(|row| row["name"] == "Karl").cloned().unwrap();
        assert_eq!(karl["cells"][0]["commit"]["amount"], "10.00");
        let waits = if karl["active"] == json!(true) { 1 } else { 0 };
        assert_eq!(karl["cells"][0]["submitted"]["of"], waits);
    });
}

/// Where the organisation says so, a department counts the deals in which it stands, whoever owns them now; rows add up, and each opens its deals.
#[test]
fn departments_count_their_own_deals_where_the_organisation_says_so() {
    both(|database| {
        let office = Office::new(database);
        for (who, amount) in [(office.kim, "100"), (office.karl, "10"), (office.lee, "1")] {
            let deal = id_of(&office.creates(who, "opportunity", json!({"name": "Rail", "amount": amount})).unwrap());
            office.moves(office.ada, deal, None, json!({"stage": "won", "bypass": true, "reason": "As it went"})).unwrap();
        }
        let (north, south) = (office.department_of(office.kim), office.department_of(office.lee));
        // Kim has moved; what she won stays with the north, as open deals would not.
        office.edits(office.ada, "employee", office.kim, json!({"department": south})).unwrap();
        let month = office.month();
        let rows = json!([
            {"kind": "person", "id": office.karl, "version": 0, "values": {(month.clone()): "20"}},
            {"kind": "department", "id": north, "version": 0, "values": {(month.clone()): "440"}},
        ]);
        office.sets_targets(office.ada, json!({"year": month[..4].parse::<i16>().unwrap(), "rows": rows})).unwrap();
        let of = |id: &String| office.forecast(office.ada, json!({"department": id})).unwrap();
        let total = |told: &Json| told["total"]["cells"][0]["closed"]["amount"].clone();
        assert_eq!((total(&of(&north)), total(&of(&south))), (json!("10.00"), json!("101.00")), "by their owners");

        let settle = |choice: &str| {
            let wanted = serde_json::from_value(json!({"department_of_deals": choice})).unwrap();
            office.write(office.ada, |cx, tx| stagecraft_core::organisation::update(cx, tx, &wanted))
        };
        assert_eq!(refusals(settle("desk")), ["field.not_an_option:department_of_deals"]);
        settle("deal").unwrap();

        let told = of(&north);
        assert_eq!((total(&told), total(&of(&south))), (json!("110.00"), json!("1.00")));
        let rows: Vec<(String, Json, String)> = told["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let figure = &row["cells"][0]["closed"];
                (
                    row["kind"].as_str().unwrap().to_owned(),
                    figure["amount"].clone(),
                    figure["behind"]["amount"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let sum: i128 = rows.iter().map(|(_, amount, _)| ten_thousandths(amount.as_str().unwrap())).sum();
        assert_eq!(sum, ten_thousandths("110.00"), "rows add up");
        for (kind, amount, behind) in &rows {
            let (count, opened, listed) = office.opens(office.ada, behind);
            assert_eq!((&opened, count), (amount, listed), "{kind}");
        }
        let of_kind = |wanted: &str| rows.iter().filter(|(kind, amount, _)| kind == wanted && *amount != json!("0.00")).count();
        assert_eq!((of_kind("person"), of_kind("elsewhere")), (1, 1), "Karl's, and Kim's who sits elsewhere");
        let whole = told["total"]["cells"][0]["closed"]["behind"]["count"].as_str().unwrap();
        assert_eq!(office.opens(office.ada, whole).0, 2);
        // A department's target is for its deals; a person's is for all that he has.
        let karl = told["rows"].as_array().unwrap().iter().find(|row| row["name"] == "Karl").cloned().unwrap();
        assert_eq!((&karl["cells"][0]["target"], &told["total"]["cells"][0]["target"]), (&json!(null), &json!("440.00")));
        assert_eq!(told["total"]["cells"][0]["people_target"], "20.00");
        let south_rows = of(&south);
        assert!(south_rows["rows"].as_array().unwrap().iter().all(|row| row["kind"] != "elsewhere"), "nobody else has anything there");
        // Lines of people are as they were.
        assert_eq!(total(&office.forecast(office.ada, json!({"person": office.kim})).unwrap()), "100.00");
        settle("owner").unwrap();
        assert_eq!(total(&of(&north)), "10.00");
    });
}
