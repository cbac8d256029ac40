//! Counts and sums by the values of a field agree with the records themselves.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use stagecraft_core::organisation::AddRate;
use stagecraft_core::{Result, organisation, records};
use testkit::rand::RngExt;
use testkit::{both, random};

use crate::hidden::hide_amount;
use crate::office::{Office, id_of, refusals};

impl Office {
    fn groups(&self, who: model::Id, query: Json) -> Result<Json> {
        let wanted = serde_json::from_value(query).unwrap();
        self.read(who, |cx, tx| records::groups(cx, tx, "opportunity", &wanted))
    }
}

#[test]
fn they_add_up_to_the_list_whatever_the_field_and_whoever_looks() {
    both(|database| {
        let office = Office::new(database);
        let rate: AddRate = serde_json::from_value(json!({"currency": "EUR", "day": "2026-01-01", "rate": "1.1"})).unwrap();
        office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &rate)).unwrap();
        let accounts: Vec<model::Id> =
            ["Rail", "Port"].iter().map(|name| id_of(&office.creates(office.mona, "account", json!({"name": name})).unwrap())).collect();
        let mut dice = random(7);
        for n in 0..90 {
            let owner = [office.kim, office.karl, office.lee, office.mona][dice.random_range(0..4)];
            let mut deal = json!({"name": format!("Deal {n}")});
            let maybe = |deal: &mut Json, key: &str, value: Json, dice: &mut testkit::rand::rngs::StdRng| {
                if dice.random_bool(0.7) {
                    deal[key] = value;
                }
            };
            let currency = if dice.random_bool(0.5) { "EUR" } else { "USD" };
            maybe(&mut deal, "amount", json!({"amount": format!("{}.5", n * 10), "currency": currency}), &mut dice);
            maybe(&mut deal, "next_step", json!(["Call", "call ", "ＣＡＬＬ", "Write"][n % 4]), &mut dice);
            maybe(&mut deal, "lead_source", json!(["referral", "website"][n % 2]), &mut dice);
            maybe(&mut deal, "account", json!(accounts[n % 2]), &mut dice);
            maybe(&mut deal, "expected_close_date", json!(["2026-02-01", "2026-03-01", "2026-04-01"][n % 3]), &mut dice);
            maybe(&mut deal, "win_rate", json!(["10", "20.5"][n % 2]), &mut dice);
            let id = id_of(&office.creates(owner, "opportunity", deal).unwrap());
            if dice.random_bool(0.1) {
                office.write(owner, |cx, tx| records::void(cx, tx, "opportunity", id, None, &Default::default())).unwrap();
            }
        }
        let filters = [None, Some(json!({"field": "amount", "op": "gt", "value": "300"}).to_string())];
        for who in [office.kim, office.mona, office.hanna, office.ada, office.ines] {
            for filter in &filters {
                let wanted = serde_json::from_value(json!({"filter": filter, "limit": 200, "count": "exact"})).unwrap();
                let list = office.read(who, |cx, tx| records::list(cx, tx, "opportunity", &wanted)).unwrap();
                for field in [
                    "stage",
                    "lead_source",
                    "locked",
                    "account",
                    "owner",
                    "owner_department",
                    "sales_process",
                    "expected_close_date",
                    "win_rate",
                    "next_step",
                    "name",
                ] {
                    let query = json!({"group": field, "filter": filter, "sums": "amount,win_rate"});
                    let groups = office.groups(who, query).unwrap();
                    let items = groups["items"].as_array().unwrap();
                    let counted: i64 = items.iter().map(|group| group["count"].as_i64().unwrap()).sum();
                    assert_eq!(Some(counted), list["count"].as_i64(), "{field}");
                    agree(field, items, list["items"].as_array().unwrap());
                    if field == "owner" {
                        assert!(items.iter().all(|group| groups["refs"][group["value"].as_str().unwrap()]["object"] == "employee"));
                    }
                }
            }
        }
        // A view's grouping serves where none is given; options stand in their order.
        let by_stage = office.groups(office.ada, json!({"group": "lead_source"})).unwrap();
        let keys: Vec<&Json> = by_stage["items"].as_array().unwrap().iter().map(|group| &group["value"]).collect();
        assert_eq!(keys, [&json!("website"), &json!("referral"), &Json::Null]);
    });
}

/// Reckoned from the records one by one.
fn agree(field: &str, groups: &[Json], records: &[Json]) {
    let mut due: BTreeMap<String, (i64, BTreeMap<String, i64>, i64)> = BTreeMap::new();
    let thousandths = |text: &str| (text.parse::<f64>().unwrap() * 1000.0).round() as i64;
    let key = |value: &Json| value.as_str().map_or_else(|| value.to_string(), model::text::fold);
    for record in records {
        let fields = &record["fields"];
        let group = due.entry(key(&fields[field])).or_default();
        group.0 += 1;
        if let Some(amount) = fields["amount"]["amount"].as_str() {
            *group.1.entry(fields["amount"]["currency"].as_str().unwrap().to_owned()).or_default() += thousandths(amount);
        }
        group.2 += fields["win_rate"].as_str().map_or(0, thousandths);
    }
    let found: BTreeMap<String, (i64, BTreeMap<String, i64>, i64)> = groups
        .iter()
        .map(|group| {
            let by_currency = group["totals"][0]["by_currency"].as_array().unwrap();
            let sums =
                by_currency.iter().map(|sum| (sum["currency"].as_str().unwrap().to_owned(), thousandths(sum["amount"].as_str().unwrap())));
            let sums: BTreeMap<String, i64> = sums.collect();
            let main = (sums.get("USD").unwrap_or(&0) * 10 + sums.get("EUR").unwrap_or(&0) * 11) / 10;
            assert_eq!(thousandths(group["totals"][0]["main_amount"].as_str().unwrap()), main, "{field}: {group}");
            (key(&group["value"]), (group["count"].as_i64().unwrap(), sums, thousandths(group["totals"][1]["sum"].as_str().unwrap())))
        })
        .collect();
    assert_eq!(found, due, "{field}");
}

#[test]
fn many_values_end_with_more_and_the_largest_come_first() {
    both(|database| {
        let office = Office::new(database);
        for n in 0..205 {
            let amount = json!({"amount": "1", "currency": "USD"});
            office.creates(office.kim, "opportunity", json!({"name": format!("Deal {n:03}"), "amount": amount, "next_step": "x"})).unwrap();
        }
        office.creates(office.kim, "opportunity", json!({"name": "deal 204", "amount": "5"})).unwrap();
        let groups = office.groups(office.kim, json!({"group": "name", "sums": "amount"})).unwrap();
        let items = groups["items"].as_array().unwrap();
        assert_eq!((items.len(), groups["more"].as_bool()), (200, Some(true)));
        assert_eq!(
            items[0],
            json!({"value": "Deal 204", "count": 2, "not_counted": 0, "totals": [{"field": "amount", "main_amount": "6.00", "by_currency": [{"currency": "USD", "amount": "6.00"}]}]})
        );
        assert_eq!(items[1]["value"], "Deal 000");
        hide_amount(&office);
        assert_eq!(refusals(office.groups(office.kim, json!({"group": "stage", "sums": "amount"}))), ["field.unknown:amount"]);
        assert_eq!(refusals(office.groups(office.kim, json!({"group": "lost_note"}))), ["field.unknown:lost_note"]);
    });
}

#[test]
fn what_waits_or_was_not_approved_is_in_the_list_and_in_no_sum() {
    both(|database| {
        let office = Office::new(database);
        office.flow("create", &[&[office.lee]], json!({"condition": {"field": "name", "op": "starts_with", "value": "Big"}}));
        let create =
            |name: &str| office.creates(office.kim, "opportunity", json!({"name": name, "amount": "100", "lead_source": "referral"}));
        create("Small").unwrap();
        let approval = crate::approvals::approval_of(&create("Big").unwrap());
        // From what is kept, and from the records where words or numbers are asked for.
        let sums = |who: model::Id, query: Json| {
            let mut query = query;
            query["group"] = "stage".into();
            let found = office.groups(who, query).unwrap()["items"][0].clone();
            (
                found["count"].clone(),
                found["not_counted"].clone(),
                found["totals"][0]["main_amount"].clone(),
                found["totals"][0]["by_currency"][0]["amount"].clone(),
            )
        };
        let told = |counted: &str| (json!(2), json!(if counted == "100.00" { 1 } else { 0 }), json!(counted), json!(counted));
        let all_ways = |counted: &str| {
            for who in [office.kim, office.ada] {
                for query in [
                    json!({"sums": "amount"}),
                    json!({"sums": "amount,win_rate"}),
                    json!({"sums": "amount", "filter": r#"{"field": "lead_source", "op": "eq", "value": "referral"}"#}),
                ] {
                    assert_eq!(sums(who, query.clone()), told(counted), "{query}");
                }
            }
        };
        all_ways("100.00");
        let by_status = office.groups(office.kim, json!({"group": "lifecycle_status", "sums": "amount"})).unwrap();
        assert!(by_status["items"].as_array().unwrap().iter().all(|one| one["totals"][0]["main_amount"] == "100.00"), "{by_status:#}");
        office.decides(office.lee, approval, json!({"act": "agree"})).unwrap();
        all_ways("200.00");
    });
}
