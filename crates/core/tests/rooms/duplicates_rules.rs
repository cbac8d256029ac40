//! What a rule of duplicates looks at, and when: its trigger, its scope, its methods, its blanks.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Result, duplicates, records};
use testkit::both;

use crate::duplicates::met;
use crate::office::{Office, id_of};

impl Office {
    fn bins_one(&self, object: &str, id: Id) {
        self.write(self.ada, |cx, tx| records::void(cx, tx, object, id, None, &Default::default())).unwrap();
    }

    fn changes_rule(&self, rule: &Json, change: Json) {
        let mut rule = rule.clone();
        change.as_object().unwrap().iter().for_each(|(key, value)| rule[key] = value.clone());
        let (id, wanted) = (rule["id"].as_str().unwrap().parse().unwrap(), serde_json::from_value(rule).unwrap());
        self.write(self.ada, |cx, tx| duplicates::save(cx, tx, Some(id), None, &wanted)).unwrap();
    }

    fn named_alike(&self) -> Json {
        self.without_rules();
        self.rule(json!({
            "object": "account", "name": "Alike", "groups": [{"rows": [{"field": "name", "method": "fuzzy"}]}],
            "shows": [{"object": "account", "fields": ["name"]}],
        }))
    }
}

/// Names of the matches that a save met; none where it went through.
fn names(result: Result<Json>) -> Vec<String> {
    if result.is_ok() {
        return Vec::new();
    }
    let matches = met(result).into_iter().flat_map(|rule| rule["matches"].as_array().unwrap().clone());
    let mut names: Vec<String> = matches.map(|one| one["name"].as_str().unwrap_or("–").to_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_edit_is_judged_where_it_changes_a_field_of_the_rule_or_of_its_trigger_and_nowhere_else() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.without_rules();
        let first = id_of(&office.creates(office.kim, "account", json!({"name": "Lindental", "city": "Ulm", "country": "DE"})).unwrap());
        let second = id_of(&office.creates(office.kim, "account", json!({"name": "Other", "city": "Ulm", "country": "FR"})).unwrap());
        office.rule(json!({
            "object": "account", "name": "One a city", "when": {"field": "country", "op": "eq", "value": "DE"},
            "groups": [{"rows": [{"field": "city", "method": "exact"}]}], "shows": [{"object": "account", "fields": ["name"]}],
        }));
        // They were alike before the rule: what it does not look at may be changed.
        office.edits(office.kim, "account", first, json!({"name": "Lindental Robotics", "website": "https://a.example"})).unwrap();
        office.edits(office.kim, "account", second, json!({"city": "Ulm", "name": "Other one"})).unwrap();
        // Its own trigger, and its own field.
        assert_eq!(names(office.edits(office.kim, "account", second, json!({"country": "DE"}))), ["Lindental Robotics"]);
        office.edits(office.kim, "account", second, json!({"city": "Bonn", "country": "DE"})).unwrap();
        assert_eq!(names(office.edits(office.kim, "account", second, json!({"city": "ULM"}))), ["Lindental Robotics"]);
        // What the trigger no longer means is let go.
        office.edits(office.kim, "account", second, json!({"city": "Ulm", "country": "FR"})).unwrap();
    });
}

#[test]
fn the_scope_leaves_out_what_it_says_the_recycle_bin_and_what_one_may_not_see() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.changes_object("account", json!({"base": "private"})).unwrap();
        let rule = office.named_alike();
        let new = |who: Id| office.creates(who, "account", json!({"name": "Lindental Robotik"}));
        let bin = id_of(&office.creates(office.kim, "account", json!({"name": "Lindental Robotics AG"})).unwrap());
        office.bins_one("account", bin);
        office.system("account", json!({"name": "Lindental Robotics", "owner": office.kim, "status": "former"}));
        office.system("account", json!({"name": "Lindental Robotic", "owner": office.sven}));
        let all = ["Lindental Robotic", "Lindental Robotics", "Lindental Robotics AG"];
        let scope = |scope: Json| office.changes_rule(&rule, json!({ "scope": scope }));
        // As it comes: everything.
        assert_eq!(names(new(office.kim)), all);
        scope(json!({"voided": false}));
        assert_eq!(names(new(office.kim)), all[..2]);
        scope(json!({"unseen": false}));
        assert_eq!(names(new(office.kim)), all[1..]);
        assert_eq!(names(new(office.sven)), all[..1]);
        scope(json!({"condition": {"field": "status", "op": "ne", "value": "former"}, "voided": false}));
        assert_eq!(names(new(office.kim)), all[..1]);
        scope(json!({"condition": {"field": "status", "op": "ne", "value": "former"}, "voided": false, "unseen": false}));
        assert_eq!(names(new(office.kim)), [""; 0]);
    });
}

#[test]
fn a_scope_holds_for_the_rows_of_one_file_too() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let rule = office.named_alike();
        office.changes_rule(&rule, json!({"scope": {"condition": {"field": "status", "op": "ne", "value": "former"}}}));
        let text = "name,status\nLindental Robotics,former\nLindental Robotic,prospect\nLindental Robotik,prospect\n";
        for dry_run in [true, false] {
            let options =
                serde_json::from_value(json!({"object": "account", "dry_run": dry_run, "duplicates": {"then": "refuse"}})).unwrap();
            let ada = stagecraft_core::Credential::Person(office.ada);
            let done = stagecraft_core::imports::run(&office.house, &ada, &options, "a.csv", text.as_bytes()).unwrap();
            let told: Vec<Json> = done["problems"].as_array().unwrap().iter().map(|it| json!([it["line"], it["met"]["line"]])).collect();
            assert_eq!(told, [json!([4, 3])], "{done:#}");
        }
    });
}

/// "Same account and product within n days": the usual rule for opportunities.
#[test]
fn deals_of_one_customer_for_one_product_within_so_many_days_and_about_the_amount() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.without_rules();
        office.rule(json!({
            "object": "opportunity", "name": "Same product", "strictness": {"new": "block", "import": "block"},
            "groups": [{"rows": [
                {"field": "account", "method": "exact"}, {"field": "product", "method": "exact"},
                {"field": "expected_close_date", "method": "within_days", "days": 30}, {"field": "amount", "method": "within_percent", "percent": 10},
            ]}],
            "shows": [{"object": "opportunity", "fields": ["name"]}],
        }));
        let account = |name: &str| id_of(&office.creates(office.kim, "account", json!({ "name": name })).unwrap());
        let (rail, grid) = (account("Northern Rail"), account("Solar Grid"));
        let product = |name: &str| office.system("product", json!({ "name": name }));
        let (pump, valve) = (product("Pump"), product("Valve"));
        let deal = |account: Id, product: Id, day: Json, amount: &str| {
            let fields = json!({"name": "Any", "account": account, "product": product, "expected_close_date": day, "amount": amount});
            office.creates(office.kim, "opportunity", fields)
        };
        let met = |result: Result<Json>| !names(result).is_empty();
        deal(rail, pump, json!("2026-03-01"), "1000").unwrap();
        // Thirty days off, and a tenth of the larger amount: still the same.
        assert!(met(deal(rail, pump, json!("2026-03-31"), "1000")) && met(deal(rail, pump, json!("2026-01-30"), "900")));
        assert!(met(deal(rail, pump, json!("2026-03-01"), "1111")));
        // A day more, an amount more, another product, another customer, no day at all.
        for (account, product, day, amount) in [
            (rail, pump, json!("2026-04-01"), "1000"),
            (rail, pump, json!("2026-03-01"), "1112"),
            (rail, pump, json!("2026-03-01"), "899"),
            (rail, valve, json!("2026-03-01"), "1000"),
            (grid, pump, json!("2026-03-01"), "1000"),
            (rail, pump, Json::Null, "1000"),
        ] {
            assert!(!met(deal(account, product, day.clone(), amount)), "{day} {amount}");
        }
    });
}

#[test]
fn a_blank_is_like_nothing_unless_its_row_says_so() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        office.without_rules();
        let rule = |blank: &str| {
            json!({"groups": [{"object": "account", "rows": [
                {"field": "name", "method": "exact"}, {"field": "city", "method": "exact", "blank": blank},
            ]}]})
        };
        let made = office.rule(json!({
            "object": "account", "name": "Name and city", "groups": rule("never")["groups"], "shows": [{"object": "account", "fields": ["name"]}],
        }));
        let new = |fields: Json| office.creates(office.kim, "account", fields);
        new(json!({"name": "Lindental"})).unwrap();
        new(json!({"name": "Lindental", "city": null})).unwrap();
        office.changes_rule(&made, rule("equal"));
        assert_eq!(names(new(json!({"name": "Lindental"}))).len(), 2);
        new(json!({"name": "Lindental", "city": "Ulm"})).unwrap();
        assert_eq!(names(new(json!({"name": "Lindental", "city": "ulm"}))).len(), 1);
    });
}

#[test]
fn a_match_in_the_recycle_bin_warns_even_where_the_rule_blocks_and_is_brought_back_instead() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let rule = office.named_alike();
        office.changes_rule(&rule, json!({"strictness": {"new": "block", "import": "block"}}));
        let first = id_of(&office.creates(office.mona, "account", json!({"name": "Bergbahn AG"})).unwrap());
        office.bins_one("account", first);
        let told = met(office.creates(office.ada, "account", json!({"name": "Bergbahn AG"})));
        let found = &told[0]["matches"][0];
        assert_eq!((&told[0]["verdict"], &found["verdict"], &found["can"]), (&json!("warn"), &json!("warn"), &json!(["open", "restore"])));
        office.write(office.ada, |cx, tx| records::restore(cx, tx, "account", first, None, &Default::default())).unwrap();
        let told = met(office.creates(office.ada, "account", json!({"name": "Bergbahn AG"})));
        assert_eq!((&told[0]["verdict"], &told[0]["matches"][0]["verdict"]), (&json!("block"), &json!("block")));
        // Each match has a verdict of its own.
        let second = office.system("account", json!({"name": "Bergbahnen AG"}));
        office.bins_one("account", second);
        let told = met(office.creates(office.ada, "account", json!({"name": "Bergbahn AG"})));
        let each: Vec<&Json> = told[0]["matches"].as_array().unwrap().iter().map(|one| &one["verdict"]).collect();
        assert_eq!((&told[0]["verdict"], each), (&json!("block"), vec![&json!("block"), &json!("warn")]));
    });
}
