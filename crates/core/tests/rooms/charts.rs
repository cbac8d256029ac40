//! Charts: whatever is drawn, its figures are what a recount in plain loops over the records says, for whoever looks; and the records behind each
//! are those.

use std::collections::BTreeMap;

use db::records::{Bin, Query, Sort};
use jiff::ToSpan;
use model::{Date, Id, Record, Value};
use serde_json::{Value as Json, json};
use stagecraft_core::analysis::{self, FiguresRequest, RecordsRequest, Told};
use stagecraft_core::organisation;
use testkit::both;
use testkit::rand::RngExt as _;
use testkit::rand::rngs::StdRng;

use crate::office::{Office, id_of};

const STAGES: [&str; 6] = ["prospecting", "qualification", "proposal", "won", "lost", "invalid"];

/// Deals of several people in several currencies, stages and years, some blank in what charts ask for.
fn fill(office: &Office, dice: &mut StdRng) {
    for (currency, rate) in [("EUR", "1.1"), ("JPY", "0.0067")] {
        let wanted = serde_json::from_value(json!({"currency": currency, "day": "2020-01-01", "rate": rate})).unwrap();
        office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted)).unwrap();
    }
    let people = [office.kim, office.karl, office.lee, office.mona, office.sven];
    for _ in 0..60 {
        let name = ["Rail", "rail", "Ｒａｉｌ", "Pump", "Turbine"][dice.random_range(0..5)];
        let mut fields = json!({"name": name, "owner": people[dice.random_range(0..people.len())]});
        if dice.random_range(0..5) > 0 {
            let currency = ["USD", "EUR", "JPY"][dice.random_range(0..3)];
            fields["amount"] = json!({"amount": dice.random_range(0..5_000).to_string(), "currency": currency});
        }
        if dice.random_range(0..4) > 0 {
            let day = Date::constant(2024, 1, 1).saturating_add(dice.random_range(0..900_i32).days());
            fields["expected_close_date"] = day.to_string().into();
        }
        if dice.random_range(0..3) > 0 {
            fields["opportunity_type"] = ["renewal", "upsell"][dice.random_range(0..2)].into();
        }
        let deal = id_of(&office.creates(office.ada, "opportunity", fields).unwrap());
        let stage = STAGES[dice.random_range(0..STAGES.len())];
        if stage != "prospecting" {
            let more = if stage == "lost" { json!({"lost_reason": "price"}) } else { json!({}) };
            office.moves(office.ada, deal, None, json!({"stage": stage, "bypass": true, "reason": "As it went", "fields": more})).unwrap();
        }
        if dice.random_range(0..12) == 0 {
            office
                .write(office.ada, |cx, tx| stagecraft_core::records::void(cx, tx, "opportunity", deal, None, &Default::default()))
                .unwrap();
        }
    }
}

/// A chart, and a condition in plain words over records.
fn throw(dice: &mut StdRng) -> Json {
    let by = [
        json!({"field": "stage"}),
        json!({"field": "owner"}),
        json!({"field": "owner_department"}),
        json!({"field": "opportunity_type"}),
        json!({"field": "name"}),
        json!({"field": "stage_type"}),
        json!({"field": "expected_close_date", "by": "year"}),
        json!({"field": "expected_close_date", "by": "quarter"}),
        json!({"field": "expected_close_date"}),
        json!({"field": "created_at", "by": "day"}),
        json!({"field": "closed_at", "by": "week"}),
    ];
    let measures = [
        json!({"kind": "count"}),
        json!({"kind": "sum", "field": "amount"}),
        json!({"kind": "sum", "field": "forecast_amount"}),
        json!({"kind": "average", "field": "amount"}),
        json!({"kind": "max", "field": "amount"}),
        json!({"kind": "min", "field": "amount"}),
        json!({"kind": "sum", "field": "win_rate"}),
    ];
    let group = by[dice.random_range(0..by.len())].clone();
    let series = by[dice.random_range(0..by.len())].clone();
    let measure = measures[dice.random_range(0..measures.len())].clone();
    let mut chart = json!({"object": "opportunity", "chart_type": "table", "measure": measure, "group": group});
    if dice.random_range(0..2) == 0 && series["field"] != group["field"] {
        chart["series"] = series;
    }
    if dice.random_range(0..3) == 0 {
        chart["filter"] = json!({"field": "stage_type", "op": "eq", "value": "in_progress"});
    }
    chart
}

/// What the person sees of what counts, in no order.
fn seen(office: &Office, who: Id, chart: &Json) -> Vec<Record> {
    let mut records = Vec::new();
    let mut cursor = None;
    loop {
        let page = office
            .read(who, |cx, tx| {
                let object = cx.object("opportunity")?.clone();
                let sort = Sort { field: "id".into(), descending: false };
                let query = Query { condition: None, words: None, sort, cursor: cursor.clone(), limit: 25, bin: Bin::Too };
                Ok(db::records::list(tx, &cx.meta.schema, &object, &cx.scope(), &query)?)
            })
            .unwrap();
        records.extend(page.records);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let (kind, field) = (chart["measure"]["kind"].as_str().unwrap(), chart["measure"]["field"].as_str());
    let needs_a_value = ["average", "min", "max"].contains(&kind);
    records.retain(|record| record.text("lifecycle_status") == "normal");
    records.retain(|record| chart["filter"].is_null() || record.text("stage_type") == "in_progress");
    records.retain(|record| !needs_a_value || !record.get(field.unwrap()).is_null());
    records
}

/// The key of the group in which a record is.
fn key(record: &Record, by: &Json) -> Option<String> {
    let field = by["field"].as_str()?;
    let day = match record.get(field) {
        Value::Null => return None,
        Value::Text(text) => return Some(if field == "name" { model::text::fold(text) } else { text.clone() }),
        Value::Ref(id) => return Some(id.to_string()),
        Value::Date(day) => *day,
        Value::Instant(at) => at.date_in(&jiff::tz::TimeZone::UTC),
        other => panic!("{other:?}"),
    };
    let first = match by["by"].as_str() {
        Some("day") => day,
        Some("week") => day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days()),
        Some("year") => Date::constant(day.year(), 1, 1),
        Some("quarter") => jiff::civil::date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
        _ => day.first_of_month(),
    };
    Some(first.to_string())
}

/// The figure of some records, as text.
fn figure(records: &[&Record], measure: &Json) -> Option<String> {
    let Some(field) = measure["field"].as_str() else { return Some(records.len().to_string()) };
    let money = field != "win_rate";
    let values: Vec<i128> = records
        .iter()
        .filter_map(|record| match (money, record.get(field)) {
            (_, Value::Null) => None,
            (true, _) => record.mains.get(field).map(|amount| i128::from(amount.0)),
            (false, value) => value.as_number().map(|number| i128::from(number.0)),
        })
        .collect();
    let sum: i128 = values.iter().sum();
    let value = match measure["kind"].as_str().unwrap() {
        "sum" => sum,
        "average" if values.is_empty() => return None,
        // To the cent, as the main currency has it.
        "average" => (sum * 2 + values.len() as i128 * 100).div_euclid(values.len() as i128 * 200) * 100,
        "max" => *values.iter().max()?,
        _ => *values.iter().min()?,
    };
    let scale: i128 = if money { 10_000 } else { 1_000_000 };
    let mut text = format!("{}.{:0width$}", value / scale, value % scale, width = if money { 4 } else { 6 });
    while text.ends_with('0') && (!money || text.split('.').nth(1).is_some_and(|digits| digits.len() > 2)) {
        text.pop();
    }
    Some(text.trim_end_matches('.').to_owned())
}

fn shown(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn told(office: &Office, who: Id, chart: &Json) -> Json {
    let wanted = FiguresRequest { chart: chart.to_string(), ..Default::default() };
    match office.read(who, |cx, tx| analysis::figures(cx, tx, &wanted)).unwrap() {
        Told::Answer(answer) => answer,
        Told::File { .. } => panic!("no file was asked for"),
    }
}

#[test]
fn whatever_is_drawn_is_what_a_recount_says() {
    both(|database| {
        let office = Office::new(database);
        let mut dice = testkit::random(0xc4a7);
        fill(&office, &mut dice);
        for _ in 0..testkit::cases(60) {
            let chart = throw(&mut dice);
            let who = [office.kim, office.mona, office.hanna, office.ada][dice.random_range(0..4)];
            let records = seen(&office, who, &chart);
            let answer = told(&office, who, &chart);
            let (by, of) = (&chart["group"], &chart["series"]);
            let mut due: BTreeMap<Option<String>, Vec<&Record>> = BTreeMap::new();
            records.iter().for_each(|record| due.entry(key(record, by)).or_default().push(record));
            let place = |json: &Json| {
                json["key"].as_str().map(|text| if by["field"] == "name" { model::text::fold(text) } else { text.to_owned() })
            };
            for group in answer["groups"].as_array().unwrap() {
                let theirs = due.remove(&place(group)).unwrap_or_default();
                assert_eq!(group["records"], json!(theirs.len()), "{chart} {group:#}");
                assert_eq!(shown(&group["value"]), figure(&theirs, &chart["measure"]), "{chart} {group:#}");
                for cell in group["series"].as_array().into_iter().flatten().filter(|cell| cell["rest"] == false) {
                    let of_cell =
                        cell["key"].as_str().map(|text| if of["field"] == "name" { model::text::fold(text) } else { text.to_owned() });
                    let theirs: Vec<&Record> = theirs.iter().copied().filter(|record| key(record, of) == of_cell).collect();
                    assert_eq!(cell["records"], json!(theirs.len()), "{chart} {cell:#}");
                    assert_eq!(shown(&cell["value"]), figure(&theirs, &chart["measure"]), "{chart} {cell:#}");
                }
            }
            assert!(due.is_empty(), "every group is shown: {chart} {:?}", due.keys());
            let all: Vec<&Record> = records.iter().collect();
            assert_eq!(shown(&answer["total"]["value"]), figure(&all, &chart["measure"]), "{chart}");
            // Behind the whole stands each of them once.
            let wanted = RecordsRequest { chart: chart.to_string(), limit: Some(200), ..Default::default() };
            let behind = office.read(who, |cx, tx| analysis::records(cx, tx, &wanted)).unwrap();
            let mut opened: Vec<String> =
                behind["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
            let mut due: Vec<String> = records.iter().map(|record| record.id.to_string()).collect();
            opened.sort();
            due.sort();
            assert_eq!(opened, due, "{chart}");
        }
    });
}

/// What is kept added up and what is reckoned from records say the same.
#[test]
fn a_chart_by_what_is_kept_added_up_says_the_same_as_one_over_the_records() {
    both(|database| {
        let office = Office::new(database);
        fill(&office, &mut testkit::random(7));
        for who in [office.kim, office.hanna, office.ada] {
            for field in ["stage", "owner", "owner_department", "stage_type"] {
                for measure in [json!({"kind": "count"}), json!({"kind": "sum", "field": "amount"})] {
                    let mut chart = json!({"object": "opportunity", "chart_type": "bar", "measure": measure, "group": {"field": field}});
                    let kept = told(&office, who, &chart);
                    // A condition that is always true, which only records can answer.
                    chart["filter"] = json!({"field": "name", "op": "is_not_empty"});
                    let reckoned = told(&office, who, &chart);
                    let figures = |answer: &Json| -> Vec<(Json, Json, Json)> {
                        let groups = answer["groups"].as_array().unwrap().iter();
                        groups.map(|group| (group["key"].clone(), group["value"].clone(), group["records"].clone())).collect()
                    };
                    assert_eq!(figures(&kept), figures(&reckoned), "{field}");
                }
            }
        }
    });
}
