//! The public data of a computer-hardware seller: what must come out of it, whole or in a sample.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use stagecraft_core::imports::{Plan, problems_text, run_plan};
use stagecraft_core::{House, Limits, analysis};
use testkit::both;

use super::{SYSTEM, count, house, records};

/// What a set of files must come to.
struct Facts {
    rows: u64,
    won: usize,
    lost: usize,
    engaging: usize,
    prospecting: usize,
    won_value: u64,
    misnamed: u64,
    without_account: usize,
    without_product: usize,
}

const SAMPLE: Facts = Facts {
    rows: 300,
    won: 149,
    lost: 80,
    engaging: 50,
    prospecting: 21,
    won_value: 306_970,
    misnamed: 60,
    without_account: 51,
    without_product: 60,
};
const WHOLE: Facts = Facts {
    rows: 8_800,
    won: 4_238,
    lost: 2_473,
    engaging: 1_589,
    prospecting: 500,
    won_value: 10_005_534,
    misnamed: 1_480,
    without_account: 1_425,
    without_product: 1_480,
};

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let plan = Plan::named("b2b-sales").unwrap();
    plan.files().into_iter().map(|name| (name.to_owned(), std::fs::read(folder.join(name)).unwrap())).collect()
}

fn import(house: &House, files: &BTreeMap<String, Vec<u8>>, values: &[(&str, &str, &str)], dry_run: bool) -> Json {
    let plan = Plan::named("b2b-sales").unwrap();
    let mut said: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (column, from, to) in values {
        said.entry((*column).to_owned()).or_default().insert((*from).to_owned(), (*to).to_owned());
    }
    run_plan(house, &SYSTEM, &plan, files, &said, dry_run, |_| {}).unwrap()
}

fn sums(answer: &Json, key: &str) -> u64 {
    count(answer, key)
}

fn check(house: &House, facts: &Facts, without_product: usize) {
    let deals = records(house, "opportunity");
    assert_eq!(deals.len() as u64, facts.rows);
    let of = |stage: &str| deals.iter().filter(|deal| deal["fields"]["stage"] == stage).count();
    assert_eq!((of("won"), of("lost"), of("engaging"), of("prospecting")), (facts.won, facts.lost, facts.engaging, facts.prospecting));
    let value = |deal: &Json| deal["fields"]["amount"]["amount"].as_str().unwrap().strip_suffix(".00").unwrap().parse::<u64>().unwrap();
    assert_eq!(deals.iter().filter(|deal| deal["fields"]["stage"] == "won").map(value).sum::<u64>(), facts.won_value);
    let blank = |field: &str| deals.iter().filter(|deal| deal["fields"].get(field).is_none_or(Json::is_null)).count();
    assert_eq!((blank("account"), blank("product"), blank("owner")), (facts.without_account, without_product, 0));
    assert!(deals.iter().filter(|deal| deal["fields"]["stage"] == "lost").all(|deal| value(deal) == 0));
}

/// What the analysis says of it, held against a reckoning by hand from the file itself.
fn analyse(house: &House, files: &BTreeMap<String, Vec<u8>>, facts: &Facts) {
    let process = house.meta().processes.iter().find(|process| process.stages.iter().any(|rules| rules.stage == "engaging")).unwrap().id;
    analysis::prepare(house).unwrap();
    let request = serde_json::from_value(serde_json::json!({"process": process})).unwrap();
    let told = house.read(&SYSTEM, Limits::default(), |cx, tx| analysis::conversion(cx, tx, house.analysis(), &request)).unwrap();
    let row = |stage: &str| {
        let rows = told["stages"].as_array().unwrap();
        let row = rows.iter().find(|row| row["stage"] == stage).unwrap();
        ["total", "transitioned", "retained", "lost"].map(|part| row[part].as_u64().unwrap() as usize)
    };
    // Whoever was won or lost had been engaged first; who only prospects has not been anywhere else.
    let engaged = facts.won + facts.lost + facts.engaging;
    assert_eq!(row("prospecting"), [facts.prospecting, 0, facts.prospecting, 0]);
    assert_eq!(row("engaging"), [engaged, facts.won, facts.engaging, facts.lost]);
    let percent = |part: usize, whole: usize| (part as f64 / whole as f64 * 10_000.0).round() / 100.0;
    let rate = |stage: &str, key: &str| {
        let rows = told["stages"].as_array().unwrap();
        rows.iter().find(|row| row["stage"] == stage).unwrap()[key].as_str().unwrap().parse::<f64>().unwrap()
    };
    assert_eq!((rate("prospecting", "loss_rate"), rate("engaging", "loss_rate")), (0.0, percent(facts.lost, engaged)));
    assert_eq!((rate("prospecting", "conversion"), rate("engaging", "conversion")), (100.0, percent(engaged, facts.prospecting)));
    // From engaging to closing, in days, and the price of what was won.
    let text = String::from_utf8(files["sales_pipeline.csv"].clone()).unwrap();
    let won: Vec<Vec<&str>> =
        text.lines().map(|line| line.split(',').map(str::trim).collect::<Vec<_>>()).filter(|cells| cells[4] == "Won").collect();
    let day = |text: &str| text.parse::<model::Date>().unwrap();
    let days: i64 = won.iter().map(|cells| i64::from(day(cells[5]).until(day(cells[6])).unwrap().get_days())).sum();
    let cycle = (days * 86_400 * 2 + won.len() as i64) / (won.len() as i64 * 2);
    assert_eq!((told["won"].as_u64().unwrap() as usize, told["sales_cycle_seconds"].as_i64().unwrap()), (facts.won, cycle));
    let size = format!("{:.2}", facts.won_value as f64 / facts.won as f64);
    assert_eq!(told["average_deal_size"], size);
    if facts.won == WHOLE.won {
        assert_eq!((told["average_deal_size"].as_str(), format!("{:.2}", cycle as f64 / 86_400.0).as_str()), (Some("2360.91"), "51.78"));
    }
}

fn story(house: &House, folder: &Path, facts: &Facts) {
    let files = files(folder);
    let began = std::time::Instant::now();
    let tried = import(house, &files, &[], true);
    assert_eq!(sums(&tried, "created"), 3 + 6 + 35 + 85 + 7 + facts.rows, "what the preview promises: {tried:#}");
    assert_eq!((sums(&tried, "problem_count"), sums(&tried, "notices")), (facts.misnamed, facts.prospecting as u64));
    let first = import(house, &files, &[], false);
    eprintln!("imported {} in {:?} on {:?}", facts.rows, began.elapsed(), house.db().engine());
    assert_eq!(sums(&first, "created"), 3 + 6 + 35 + 85 + 7 + facts.rows, "{first}");
    assert_eq!(sums(&first, "failed"), 0);
    assert_eq!(sums(&first, "problem_count"), facts.misnamed);
    assert_eq!(sums(&first, "notices"), facts.prospecting as u64);
    assert_eq!(
        first["offered_values"],
        serde_json::json!([{"step": 5, "column": "product", "from": "GTXPro", "to": "GTX Pro", "rows": facts.misnamed}])
    );
    check(house, facts, facts.without_product);

    let csv = problems_text(house, &SYSTEM, first["id"].as_str().unwrap().parse().unwrap()).unwrap();
    assert_eq!(csv.matches("field.reference_not_found").count() as u64, facts.misnamed);
    assert_eq!(csv.matches("import.created_at_unknown").count(), facts.prospecting);

    let again = import(house, &files, &[], false);
    assert_eq!(
        (sums(&again, "created"), sums(&again, "updated"), sums(&again, "failed")),
        (0, 0, 0),
        "the same files again change nothing"
    );
    assert_eq!(sums(&again, "unchanged"), 3 + 6 + 35 + 85 + 7 + facts.rows);

    let mapped = import(house, &files, &[("product", "GTXPro", "GTX Pro")], false);
    assert_eq!((sums(&mapped, "updated"), sums(&mapped, "problem_count")), (facts.misnamed, 0));
    check(house, facts, 0);
    analyse(house, &files, facts);
}

/// What projections of its quarters would have said, each with nothing but what was known when it began: no amount of what was open.
fn project(house: &House) {
    let asked = |length: &str| {
        let request = serde_json::from_value(serde_json::json!({"length": length, "periods": 12})).unwrap();
        house.read(&SYSTEM, Limits::default(), |cx, tx| analysis::projection_back_test(cx, tx, house.courses(), &request)).unwrap()
    };
    let (quarters, months) = (asked("quarter"), asked("month"));
    let number = |value: &Json| value.as_str().unwrap().parse::<f64>().unwrap();
    eprintln!("{quarters:#}\n{:#}", months["summary"]);
    let told: Vec<(&str, f64)> =
        quarters["rows"].as_array().unwrap().iter().map(|row| (row["period"].as_str().unwrap(), number(&row["actual"]))).collect();
    assert_eq!(told, [("2017-Q2", 3_086_111.0), ("2017-Q3", 2_982_255.0), ("2017-Q4", 2_802_496.0)]);
    assert_eq!((&quarters["summary"]["reliable"], &months["summary"]["reliable"]), (&true.into(), &false.into()), "{quarters:#}");
    assert_eq!(months["summary"]["why"], "coverage_low");
    for summary in [&quarters["summary"], &months["summary"]] {
        let errors = &summary["mean_absolute_error"];
        assert!(number(&errors["projection"]) < number(&errors["stage_rates"]), "{summary}");
        assert!(errors["last_year"].is_null(), "there is no year before");
    }
}

#[test]
fn a_sample_comes_in_whole_and_only_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/b2b-sales");
    both(|database| story(&house(database), &folder, &SAMPLE));
}

#[test]
fn the_whole_data_comes_in_where_it_is_at_hand() {
    let beside: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/b2b-sales");
    if beside.is_dir() {
        both(|database| {
            // The day after the data ends.
            let day: model::Date = "2018-01-02".parse().unwrap();
            database.clock().store(model::Instant::start_of(day, &jiff::tz::TimeZone::UTC).0, std::sync::atomic::Ordering::SeqCst);
            let house = house(database);
            story(&house, &beside, &WHOLE);
            project(&house);
        });
    }
}
