//! Limits that are fields of people: which may be, and what they come to.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Result, holding, objects, people};
use testkit::both;

use crate::holding::each;
use crate::office::{Office, id_of, refusals};

impl Office {
    /// A rule for everybody who sells, whose limit is a field.
    fn limits_by(&self, name: &str, field: &str, subject: Json) -> Result<Json> {
        let mut rule = each(name, 0, Json::Null);
        rule["limit"] = json!({"kind": "variable", "field": field});
        if !subject.is_null() {
            rule["subject"] = subject;
        }
        self.limits(rule)
    }

    fn sets(&self, who: Id, fields: Json) {
        self.edits(self.ada, "employee", who, fields).unwrap();
    }

    /// Limit, held and room of the only rule as somebody sees it.
    fn stands(&self, who: Id) -> (Json, Json, Json) {
        let told = self.read(who, |cx, tx| holding::me(cx, tx, &holding::Request::default())).unwrap();
        let item = &told["items"][0];
        (item["limit"].clone(), item["held"].clone(), item["room"].clone())
    }

    fn is_full(&self, who: Id) -> bool {
        match self.creates(who, "opportunity", json!({"name": "One more"})) {
            Ok(made) => {
                let wanted = stagecraft_core::records::Reason::default();
                self.write(self.ada, |cx, tx| stagecraft_core::records::void(cx, tx, "opportunity", id_of(&made), None, &wanted)).unwrap();
                false
            }
            refused => {
                assert_eq!(refusals(refused), ["holding.limit_reached:owner"]);
                true
            }
        }
    }
}

fn field(key: &str, more: Json) -> Json {
    let mut field = json!({"key": key, "label": {"en": key}});
    for (name, value) in more.as_object().unwrap() {
        field[name] = value.clone();
    }
    field
}

#[test]
fn only_numbers_that_are_kept_may_be_limits() {
    both(|database| {
        let office = Office::new(database);
        let won = json!({"field": "stage_type", "op": "eq", "value": "won"});
        let deals = |function: &str, more: Json| {
            let mut all = json!({"type": "statistical", "of": "opportunity", "via": "owner", "function": function});
            for (name, value) in more.as_object().unwrap() {
                all[name] = value.clone();
            }
            all
        };
        for (key, body) in [
            ("x_number", json!({"type": "number", "scale": 2})),
            ("x_text", json!({"type": "text"})),
            ("x_money", json!({"type": "currency"})),
            ("x_day", json!({"type": "date"})),
            ("x_kept", json!({"type": "calculated", "formula": "(x_number ?? 0) + 1", "result": "number", "indexed": true})),
            ("x_fleeting", json!({"type": "calculated", "formula": "(x_number ?? 0) + 2", "result": "number"})),
            ("x_truth", json!({"type": "calculated", "formula": "(x_number ?? 0) > 2", "result": "boolean", "indexed": true})),
            ("x_won", deals("count", json!({"condition": won}))),
            ("x_worth", deals("sum", json!({"field": "amount"}))),
            ("x_last", deals("max", json!({"field": "expected_close_date"}))),
        ] {
            office.adds_field("employee", field(key, body));
        }
        let offered = office.read(office.ada, |cx, _| holding::variables(cx)).unwrap();
        let offered: Vec<(&str, &str)> = offered["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["field"].as_str().unwrap(), one["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(offered, [("x_number", "number"), ("x_kept", "calculated"), ("x_won", "statistical")]);
        for (allowed, _) in offered {
            office.limits_by(allowed, allowed, Json::Null).unwrap();
        }
        for other in ["x_text", "x_money", "x_day", "x_fleeting", "x_truth", "x_worth", "x_last", "name", "active", "manager", "nothing"] {
            assert_eq!(refusals(office.limits_by(other, other, Json::Null)), ["holding.variable_not_allowed:limit/field"], "{other}");
        }
        assert_eq!(refusals(office.limits_by("None", "", Json::Null)), ["field.required:limit/field"]);
        // What a rule reads is not taken away, nor made into what it may not be.
        let taken = office.write(office.ada, |cx, tx| objects::act_on_field(cx, tx, "employee", "x_won", objects::FieldAct::Disable));
        assert_eq!(refusals(taken), ["field.in_use"]);
        assert_eq!(refusals(office.changes_field("employee", "x_kept", json!({"indexed": false}))), ["field.in_use"]);
    });
}

#[test]
fn a_calculated_limit_follows_what_it_is_drawn_from() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("employee", field("x_base", json!({"type": "number", "scale": 1})));
        let formula = json!({"type": "calculated", "formula": "x_base * 2 - 1", "result": "number", "indexed": true, "scale": 1});
        office.adds_field("employee", field("x_quota", formula));
        office.limits_by("Quota", "x_quota", Json::Null).unwrap();
        office.deal(office.kim, "A");
        // Blank: the rule sets no limit for him, and says so.
        assert_eq!(office.stands(office.kim), (Json::Null, json!(1), Json::Null));
        assert!(!office.is_full(office.kim));
        office.sets(office.kim, json!({"x_base": "1"}));
        assert_eq!(office.stands(office.kim), (json!(1), json!(1), json!(0)));
        assert!(office.is_full(office.kim));
        // 1.8 and 2.0: fractions are cut.
        office.sets(office.kim, json!({"x_base": "1.4"}));
        assert!(office.is_full(office.kim));
        office.sets(office.kim, json!({"x_base": "1.5"}));
        assert_eq!(office.stands(office.kim), (json!(2), json!(1), json!(1)));
        assert!(!office.is_full(office.kim));
        // Less than nothing is nothing; what he has he keeps.
        office.sets(office.kim, json!({"x_base": "-3"}));
        assert_eq!(office.stands(office.kim), (json!(0), json!(1), json!(0)));
        assert!(office.is_full(office.kim) && !office.is_full(office.lee));
        let told = office.read(office.kim, |cx, tx| holding::me(cx, tx, &holding::Request::default())).unwrap();
        assert_eq!(
            (&told["items"][0]["over"], &told["items"][0]["limit_from"]),
            (&json!(true), &json!({"field": "x_quota", "label": {"en": "x_quota"}}))
        );
        office.holdings_are_right();
    });
}

#[test]
fn a_statistical_limit_is_what_the_records_come_to_now() {
    both(|database| {
        let office = Office::new(database);
        let won = json!({"field": "stage_type", "op": "eq", "value": "won"});
        office.adds_field(
            "employee",
            field("x_won", json!({"type": "statistical", "of": "opportunity", "via": "owner", "function": "count", "condition": won})),
        );
        let (first, second) = (office.deal(office.kim, "A"), office.deal(office.kim, "B"));
        office.limits_by("As many as won", "x_won", Json::Null).unwrap();
        assert!(office.is_full(office.kim));
        let wins = |deal: Id| office.moves(office.ada, deal, None, json!({"stage": "won", "bypass": true, "reason": "Signed"})).unwrap();
        wins(first);
        assert_eq!(office.stands(office.kim), (json!(1), json!(1), json!(0)));
        wins(second);
        assert_eq!(office.stands(office.kim), (json!(2), json!(0), json!(2)));
        office.deal(office.kim, "C");
        office.deal(office.kim, "D");
        assert!(office.is_full(office.kim));
        // Once one is opened again, he has won one less, and holds one more.
        let reopen = serde_json::from_value(json!({"reason": "They called"})).unwrap();
        let reopened = office.write(office.mona, |cx, tx| stagecraft_core::processes::reopen(cx, tx, first, None, &reopen));
        assert_eq!(refusals(reopened), ["holding.limit_reached:owner"]);
        let usage = office.read(office.ada, |cx, tx| holding::list(cx, tx, None)).unwrap();
        let rule: Id = usage["items"][0]["id"].as_str().unwrap().parse().unwrap();
        let usage = office.read(office.ada, |cx, tx| holding::usage(cx, tx, rule)).unwrap();
        let of_kim = usage["subjects"].as_array().unwrap().iter().find(|one| one["id"] == json!(office.kim)).unwrap().clone();
        assert_eq!((&of_kim["limit"], &of_kim["held"], &of_kim["limit_from"]["field"]), (&json!(2), &json!(2), &json!("x_won")));
        office.holdings_are_right();
    });
}

#[test]
fn together_they_have_what_the_active_members_have() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("employee", field("x_quota", json!({"type": "number", "scale": 1})));
        let group = office.system("user_group", json!({"name": "Board", "members": [office.kim, office.karl, office.lee]}));
        office.limits_by("Group", "x_quota", json!({"kind": "groups", "ids": [group]})).unwrap();
        // Nobody has a value: no limit for the group.
        assert_eq!(office.stands(office.kim).0, Json::Null);
        // Those who have none add nothing; the sum is cut, not its parts.
        office.sets(office.kim, json!({"x_quota": "1.5"}));
        office.sets(office.karl, json!({"x_quota": "1.5"}));
        assert_eq!(office.stands(office.lee), (json!(3), json!(0), json!(3)));
        let deals = [office.deal(office.lee, "A"), office.deal(office.karl, "B")];
        assert!(!office.is_full(office.kim));
        // Whoever leaves takes his share along, and what he had counts on with those who have it.
        let wanted: people::leaving::Disable =
            serde_json::from_value(json!({"spread": [{"object": "opportunity", "part": "open", "receivers": [office.lee]}]})).unwrap();
        let left = office.write(office.ada, |cx, tx| people::leaving::disable(cx, tx, office.karl, &wanted)).unwrap();
        assert_eq!(left["objects"][0]["receivers"][0]["gets"], 1);
        assert_eq!(office.stands(office.lee), (json!(1), json!(2), json!(0)));
        assert!(office.is_full(office.kim) && office.is_full(office.lee));
        // A negative one takes from the others; the sum is never below nothing.
        office.sets(office.lee, json!({"x_quota": "-9"}));
        assert_eq!(office.stands(office.lee).0, json!(0));
        // Outside of the group nothing is limited.
        let sven = office.read(office.sven, |cx, tx| holding::me(cx, tx, &holding::Request::default())).unwrap();
        assert_eq!(sven["items"], json!([]));
        for deal in deals {
            office.edits(office.lee, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        }
        office.holdings_are_right();
    });
}
