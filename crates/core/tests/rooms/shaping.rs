//! An administrator shapes the product: objects, fields, what hangs together with them.

use model::{Id, Via};
use serde_json::{Map, Value as Json, json};
use stagecraft_core::{Credential, Error, House, Limits, jobs, objects, records};
use testkit::both;

use crate::office::{Office, id_of, refusals};

impl Office {
    /// Makes an object as the administrator, with its table.
    pub fn makes_object(&self, body: Json) -> String {
        let wanted: objects::CreateObject = serde_json::from_value(body).unwrap();
        let (answer, _) = self.write(self.ada, |cx, tx| objects::create_object(cx, tx, &wanted)).unwrap();
        self.works();
        answer["object"]["key"].as_str().unwrap().to_owned()
    }

    /// Adds a field as the administrator, filled and live.
    pub fn adds_field(&self, object: &str, body: Json) -> String {
        let key = self.tries_to_add(object, body).unwrap();
        self.works();
        key
    }

    pub fn tries_to_add(&self, object: &str, body: Json) -> stagecraft_core::Result<String> {
        let body: Map<String, Json> = body.as_object().unwrap().clone();
        let (answer, _) = self.write(self.ada, |cx, tx| objects::add_field(cx, tx, object, &body))?;
        Ok(answer["field"]["key"].as_str().unwrap().to_owned())
    }

    pub fn changes_field(&self, object: &str, field: &str, body: Json) -> stagecraft_core::Result<Json> {
        let body: Map<String, Json> = body.as_object().unwrap().clone();
        let (answer, _) = self.write(self.ada, |cx, tx| objects::update_field(cx, tx, object, field, None, &body))?;
        self.works();
        Ok(answer)
    }

    pub fn puts_field(&self, object: &str, field: &str, act: objects::FieldAct) -> stagecraft_core::Result<Json> {
        let (answer, _) = self.write(self.ada, |cx, tx| objects::act_on_field(cx, tx, object, field, act))?;
        self.works();
        Ok(answer)
    }

    pub fn changes_object(&self, object: &str, body: Json) -> stagecraft_core::Result<Json> {
        let wanted: objects::UpdateObject = serde_json::from_value(body).unwrap();
        self.write(self.ada, |cx, tx| objects::update_object(cx, tx, object, None, &wanted))
    }

    pub fn definition(&self, object: &str) -> Json {
        self.read(self.ada, |cx, tx| objects::definition(cx, tx, object)).unwrap()
    }

    /// Works until no job is due.
    pub fn works(&self) {
        while jobs::work(&self.house).unwrap() {}
    }

    /// Everything that is stored agrees with itself.
    pub fn agrees(&self) {
        let report = self.house.read(&Credential::System("test"), Limits::default(), stagecraft_core::check::all).unwrap();
        assert_eq!(report["ok"], true, "{report:#}");
    }

    pub fn field_of(&self, who: Id, object: &str, id: Id, field: &str) -> Json {
        self.reads(who, object, id).unwrap()["fields"][field].clone()
    }
}

fn site_visit(office: &Office) -> String {
    office.makes_object(json!({
        "label": {"en": "Site visit", "zh-CN": "现场拜访"}, "plural": {"en": "Site visits", "zh-CN": "现场拜访"}, "icon": "map-pin",
    }))
}

#[test]
fn an_object_of_ones_own_works_like_any_other() {
    both(|database| {
        let office = Office::new(database);
        let other = House::open(database.again()).unwrap();
        let visit = site_visit(&office);
        assert_eq!(visit, "x_site_visit");
        let label = |text: &str| json!({"en": text});
        for (key, body) in [
            (
                "x_opportunity",
                json!({"label": label("Opportunity"), "type": "reference", "object": "opportunity", "required": true, "key": "x_opportunity"}),
            ),
            ("x_visited_on", json!({"label": label("Visited on"), "type": "date", "fast": true})),
            ("x_hours", json!({"label": label("Hours"), "type": "number", "scale": 2, "min": "0", "max": "24"})),
            ("x_costs", json!({"label": label("Costs"), "type": "currency"})),
            (
                "x_kind",
                json!({"label": label("Kind"), "type": "select", "options": [{"label": label("First visit")}, {"label": label("Follow-up")}]}),
            ),
            (
                "x_topics",
                json!({"label": label("Topics"), "type": "multi_select", "options": [{"key": "price", "label": label("Price")}, {"key": "technology", "label": label("Technology")}]}),
            ),
            ("x_went_well", json!({"label": label("Went well"), "type": "boolean"})),
            ("x_report", json!({"label": label("Report"), "type": "long_text"})),
            ("x_guide", json!({"label": label("Guide"), "type": "employee"})),
            ("x_contact_mail", json!({"label": label("Contact mail"), "type": "email"})),
            ("x_code", json!({"label": label("Code"), "type": "text", "max_length": 10, "pattern": "[A-Z]+-[0-9]+", "unique": true})),
            ("x_no", json!({"label": label("No"), "type": "auto_number", "pattern": "SV-{yyyy}-{0000}"})),
            (
                "x_cost_per_hour",
                json!({"label": label("Cost per hour"), "type": "calculated", "formula": "x_costs / x_hours", "result": "currency", "indexed": true}),
            ),
        ] {
            assert_eq!(office.adds_field(&visit, body), key);
        }
        let count = office.adds_field(
            "opportunity",
            json!({"label": label("Visits"), "type": "statistical", "of": visit, "via": "x_opportunity", "function": "count", "fast": true}),
        );
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.field_of(office.kim, "opportunity", deal, &count), "0");
        let fields = json!({
            "name": "Depot", "x_opportunity": deal, "x_visited_on": "2026-01-04", "x_hours": "2.5", "x_costs": "100", "x_kind": "first_visit",
            "x_topics": ["price"], "x_went_well": true, "x_report": "All fine.", "x_guide": office.kim, "x_contact_mail": "a@example.com",
            "x_code": "AB-1",
        });
        let made = office.creates(office.kim, &visit, fields).unwrap();
        assert_eq!(made["record"]["fields"]["x_no"], "SV-2026-0001");
        assert_eq!(made["record"]["fields"]["x_cost_per_hour"], json!({"amount": "40.00", "currency": "USD"}));
        assert_eq!(office.field_of(office.kim, "opportunity", deal, &count), "1");
        // In filter and sort, here and on the other server with its next transaction.
        let query: records::ListRequest = serde_json::from_value(json!({
            "filter": format!(r#"{{"all":[{{"field":"{count}","op":"ge","value":"1"}}]}}"#), "sort": format!("-{count}"),
        }))
        .unwrap();
        let page =
            other.read(&Credential::Person(office.kim), Limits::default(), |cx, tx| records::list(cx, tx, "opportunity", &query)).unwrap();
        assert_eq!(page["items"][0]["fields"]["name"], "Rail");
        let (names, _) = office
            .lists(
                office.kim,
                &visit,
                json!({"filter": r#"{"field":"x_opportunity.amount","op":"gt","value":"500"}"#, "sort": "-x_cost_per_hour"}),
            )
            .unwrap();
        assert_eq!(names, ["Depot"]);
        // What the settings ask for holds on every path.
        for (field, value, refusal) in [
            ("x_hours", json!("30"), "field.out_of_range:x_hours"),
            ("x_hours", json!("1.234"), "field.invalid:x_hours"),
            ("x_code", json!("nope"), "field.pattern:x_code"),
            ("x_kind", json!("third"), "field.not_an_option:x_kind"),
            ("x_no", json!("SV-1"), "field.read_only:x_no"),
            ("x_cost_per_hour", json!("1"), "field.read_only:x_cost_per_hour"),
            ("x_opportunity", Json::Null, "field.required:x_opportunity"),
        ] {
            let edited = office.edits(office.kim, &visit, id_of(&made), json!({field: value}));
            assert_eq!(refusals(edited), [refusal]);
        }
        let twin = office.creates(office.kim, &visit, json!({"name": "Twin", "x_opportunity": deal, "x_code": "ab-1"}));
        assert!(refusals(twin).contains(&"field.pattern:x_code".to_owned()));
        let twin = office.creates(office.kim, &visit, json!({"name": "Twin", "x_opportunity": deal, "x_code": "AB-1"}));
        assert_eq!(refusals(twin), ["field.not_unique:x_code"]);
        // Those who do not see it do not find it.
        assert!(matches!(office.reads(office.lee, &visit, id_of(&made)), Err(Error::NotFound)));
        office.agrees();
    });
}

#[test]
fn a_field_in_use_stays_until_every_use_is_gone_and_comes_back_with_its_data() {
    both(|database| {
        let office = Office::new(database);
        let label = |text: &str| json!({"en": text});
        let base = office.adds_field("opportunity", json!({"label": label("Effort"), "type": "number", "scale": 1}));
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({&base: "7.5"})).unwrap();
        let formula = office
            .adds_field("opportunity", json!({"label": label("Double effort"), "type": "calculated", "formula": format!("{base} * 2"), "result": "number", "scale": 1, "indexed": true}));
        let sum = office.adds_field(
            "account",
            json!({"label": label("All effort"), "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": base}),
        );
        let rule = json!({"condition": {"field": base, "op": "gt", "value": "100"}, "message": label("Too much effort"), "field": base});
        office.changes_object("opportunity", json!({"validations": [rule]})).unwrap();
        let needed = office.adds_field(
            "opportunity",
            json!({"label": label("Why"), "type": "text", "required_when": {"field": base, "op": "gt", "value": "50"}}),
        );
        let view = json!({"object": "opportunity", "name": "Much effort", "filter": {"field": base, "op": "gt", "value": "1"}, "columns": ["amount"], "sharing": {"scope": "private"}});
        let view = office
            .write(office.kim, |cx, tx| stagecraft_core::views::save(cx, tx, None, None, &serde_json::from_value(view.clone()).unwrap()))
            .unwrap();
        let mut process = office.read(office.ada, |cx, _| Ok(stagecraft_core::processes::list(cx))).unwrap()["items"][0].clone();
        let plain = process.clone();
        process["stages"][1]["required_fields"] = json!([base]);
        process["stages"][2]["entry_condition"] = json!({"field": base, "op": "is_not_empty"});
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| stagecraft_core::processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();

        for act in [objects::FieldAct::Disable, objects::FieldAct::Hide] {
            let Err(Error::Invalid(found)) = office.puts_field("opportunity", &base, act) else { panic!("it went") };
            let mut uses: Vec<(String, String)> = found
                .iter()
                .map(|one| {
                    assert_eq!(one.code, "field.in_use");
                    assert!(one.params["link"].as_str().unwrap().starts_with('/'));
                    (one.params["kind"].as_str().unwrap().to_owned(), one.params["path"].as_str().unwrap().to_owned())
                })
                .collect();
            uses.sort();
            let expected = [
                ("calculated_field", "formula"),
                ("process", "stages/1/required_fields"),
                ("process", "stages/2/entry_condition"),
                ("required_when", "required_when"),
                ("statistical_field", "field"),
                ("validation", "condition"),
                ("validation", "field"),
                ("view", "filter"),
            ];
            assert_eq!(uses, expected.map(|(kind, path)| (kind.to_owned(), path.to_owned())));
        }
        office.changes_field("opportunity", &needed, json!({"required_when": null})).unwrap();
        office.changes_object("opportunity", json!({"validations": []})).unwrap();
        office.puts_field("opportunity", &formula, objects::FieldAct::Disable).unwrap();
        office.puts_field("account", &sum, objects::FieldAct::Hide).unwrap();
        let view: Id = view["id"].as_str().unwrap().parse().unwrap();
        office.write(office.kim, |cx, tx| stagecraft_core::views::delete(cx, tx, view)).unwrap();
        let mut plain = plain;
        plain["version"] = 1.into();
        office.write(office.ada, |cx, tx| stagecraft_core::processes::save_process(cx, tx, Some(&id), None, &plain, false)).unwrap();

        office.puts_field("opportunity", &base, objects::FieldAct::Hide).unwrap();
        assert!(office.field_of(office.kim, "opportunity", deal, &base).is_null());
        let edited = office.edits(office.kim, "opportunity", deal, json!({&base: "1"}));
        assert_eq!(refusals(edited), [format!("field.unknown:{base}")]);
        // What counted on it cannot come back before it.
        let back = office.puts_field("opportunity", &formula, objects::FieldAct::Enable);
        assert!(refusals(back).contains(&"formula.unknown_field:formula".to_owned()));
        // Twenty-nine days later it is still there.
        database.advance(29 * 86_400);
        office.works();
        office.puts_field("opportunity", &base, objects::FieldAct::Recover).unwrap();
        assert_eq!(office.field_of(office.kim, "opportunity", deal, &base), "7.5");
        office.edits(office.kim, "opportunity", deal, json!({&base: "8"})).unwrap();
        office.puts_field("opportunity", &formula, objects::FieldAct::Enable).unwrap();
        assert_eq!(office.field_of(office.kim, "opportunity", deal, &formula), "16");
        // The sum was hidden and not recovered; after 30 days it is gone for good, and its key with it.
        database.advance(2 * 86_400);
        office.works();
        let account = office.definition("account");
        assert_eq!(account["retired"], json!([sum]));
        let again = office.tries_to_add("account", json!({"key": sum, "label": label("All effort"), "type": "number", "scale": 0}));
        assert_eq!(refusals(again), ["field.key_retired:key"]);
        office.agrees();
    });
}

#[test]
fn what_cannot_be_a_field_is_told_all_at_once() {
    both(|database| {
        let office = Office::new(database);
        let label = |text: &str| json!({"en": text});
        for (body, expected) in [
            (json!({"label": {}, "type": "number", "scale": 9}), vec!["field.required:label", "field.out_of_range:scale"]),
            (json!({"label": label("A"), "type": "gossip"}), vec!["field.definition"]),
            (json!({"label": label("A"), "type": "text", "formula": "1"}), vec!["field.unknown:formula"]),
            (
                json!({"label": label("A"), "type": "text", "max_length": 9000, "pattern": "["}),
                vec!["field.out_of_range:max_length", "field.invalid:pattern"],
            ),
            (json!({"label": label("A"), "type": "number", "scale": 0, "min": "5", "max": "1"}), vec!["field.out_of_range:max"]),
            (json!({"label": label("A"), "type": "select", "options": []}), vec!["field.required:options"]),
            (
                json!({"label": label("A"), "type": "select", "options": [{"label": label("B")}, {"label": {"en": " ", "zh-CN": "二"}}]}),
                vec!["field.required:options/1/label"],
            ),
            (json!({"label": label("A"), "type": "reference", "object": "x_nothing"}), vec!["field.unknown:object"]),
            (json!({"label": label("A"), "type": "auto_number", "pattern": "no counter"}), vec!["field.invalid:pattern"]),
            (
                json!({"label": label("A"), "type": "long_text", "unique": true, "fast": true}),
                vec!["field.not_with_type:unique", "field.not_with_type:fast"],
            ),
            (json!({"label": label("A"), "type": "number", "scale": 0, "default": "x"}), vec!["field.invalid:default"]),
            (
                json!({"label": label("A"), "type": "text", "visible_when": {"field": "gossip", "op": "is_empty"}}),
                vec!["field.unknown:visible_when"],
            ),
            (
                json!({"key": "amount", "label": label("A"), "type": "calculated", "formula": "amount + name", "result": "currency", "indexed": true}),
                vec!["formula.type:formula"],
            ),
            (
                json!({"label": label("A"), "type": "calculated", "formula": "today()", "result": "date", "indexed": true}),
                vec!["formula.not_indexable:indexed"],
            ),
            (
                json!({"label": label("A"), "type": "statistical", "of": "account", "via": "name", "function": "count"}),
                vec!["field.unknown:via"],
            ),
            (
                json!({"label": label("A"), "type": "statistical", "of": "contact_role", "via": "opportunity", "function": "sum", "field": "role"}),
                vec!["statistical.field:field"],
            ),
            (
                json!({"label": label("A"), "type": "statistical", "of": "contact_role", "via": "opportunity", "function": "count", "condition": {"field": "contact.name", "op": "is_not_empty"}}),
                vec!["statistical.condition:condition"],
            ),
            (json!({"label": label("A"), "type": "master", "object": "account"}), vec!["field.master:type"]),
        ] {
            let tried = office.tries_to_add("opportunity", body.clone());
            assert!(tried.is_err(), "{body}");
            let mut found = refusals(tried);
            found.dedup();
            assert_eq!(found, expected, "{body}");
        }
        // Fields that the product counts on stay.
        for (field, code) in [("amount", "field.essential"), ("stage", "field.essential"), ("created_at", "field.essential")] {
            assert_eq!(refusals(office.puts_field("opportunity", field, objects::FieldAct::Disable)), [code]);
        }
        assert_eq!(refusals(office.puts_field("opportunity", "competitor", objects::FieldAct::Hide)), ["field.preset"]);
        office.puts_field("opportunity", "competitor", objects::FieldAct::Disable).unwrap();
        // Nobody but administrators.
        let body = json!({"label": label("A"), "type": "boolean"}).as_object().unwrap().clone();
        let tried = office.write(office.kim, |cx, tx| objects::add_field(cx, tx, "opportunity", &body));
        assert!(matches!(tried, Err(Error::Forbidden { .. })));
    });
}

#[test]
fn circles_are_refused_with_their_path() {
    both(|database| {
        let office = Office::new(database);
        let label = |text: &str| json!({"en": text});
        let a = office.adds_field(
            "account",
            json!({"label": label("A"), "type": "calculated", "formula": "employees + 1", "result": "number", "indexed": true}),
        );
        let b = office.adds_field(
            "opportunity",
            json!({"label": label("B"), "type": "calculated", "formula": format!("account.{a} * 2"), "result": "number", "indexed": true}),
        );
        let c = office.adds_field(
            "account",
            json!({"label": label("C"), "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": b}),
        );
        let Err(Error::Invalid(found)) = office.changes_field("account", &a, json!({"formula": format!("{c} + 1")})) else {
            panic!("a circle")
        };
        let circle = found.iter().find(|one| one.code == "formula.circle").unwrap();
        let path: Vec<&str> = circle.params["path"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(path.first(), path.last());
        for field in [format!("account.{a}"), format!("opportunity.{b}"), format!("account.{c}")] {
            assert!(path.contains(&field.as_str()), "{path:?}");
        }
        // One that others read is no less in order for being looked at again.
        let wanted: objects::TryFormula =
            serde_json::from_value(json!({"formula": "employees + 1", "result": "number", "key": a})).unwrap();
        let tried = office.read(office.ada, |cx, tx| objects::try_formula(cx, tx, "account", &wanted)).unwrap();
        assert_eq!((&tried["ok"], &tried["indexable"]), (&json!(true), &json!(true)), "{tried}");
        // It is told while the formula is still being written.
        let wanted: objects::TryFormula =
            serde_json::from_value(json!({"formula": format!("{c} + 1"), "result": "number", "key": a})).unwrap();
        let tried = office.read(office.ada, |cx, tx| objects::try_formula(cx, tx, "account", &wanted)).unwrap();
        assert_eq!(tried["violations"][0]["code"], "formula.circle", "{tried}");
    });
}

#[test]
fn two_who_shape_one_object_at_once_both_get_their_field() {
    both(|database| {
        let office = Office::new(database);
        std::thread::scope(|scope| {
            for n in 0..4 {
                let office = &office;
                scope.spawn(move || {
                    office.tries_to_add("account", json!({"label": {"en": format!("Number {n}")}, "type": "number", "scale": 0})).unwrap();
                });
            }
        });
        office.works();
        let definition = office.definition("account");
        let own: Vec<&Json> = definition["fields"].as_array().unwrap().iter().filter(|field| field["own"] == true).collect();
        assert_eq!(own.len(), 4);
        assert!(own.iter().all(|field| field["state"] == "live"), "{own:?}");
        let fields: Map<String, Json> = own.iter().map(|field| (field["key"].as_str().unwrap().to_owned(), json!("5"))).collect();
        let mut fields = Json::Object(fields);
        fields["name"] = "Acme".into();
        office.creates(office.kim, "account", fields).unwrap();
    });
}

#[test]
fn an_object_goes_when_nothing_counts_on_it_and_comes_back_for_thirty_days() {
    both(|database| {
        let office = Office::new(database);
        let visit = site_visit(&office);
        let made = office.creates(office.kim, &visit, json!({"name": "Depot"})).unwrap();
        let field = office.adds_field("opportunity", json!({"label": {"en": "Last visit"}, "type": "reference", "object": visit}));
        let act = |act| {
            let done = office.write(office.ada, |cx, tx| objects::act_on_object(cx, tx, &visit, act));
            office.works();
            done
        };
        assert_eq!(refusals(act(objects::ObjectAct::Hide)), ["object.in_use"]);
        office.puts_field("opportunity", &field, objects::FieldAct::Hide).unwrap();
        act(objects::ObjectAct::Hide).unwrap();
        assert!(matches!(office.reads(office.kim, &visit, id_of(&made)), Err(Error::NotFound)));
        assert!(matches!(office.creates(office.kim, &visit, json!({"name": "x"})), Err(Error::NotFound)));
        act(objects::ObjectAct::Recover).unwrap();
        assert_eq!(office.reads(office.kim, &visit, id_of(&made)).unwrap()["fields"]["name"], "Depot");
        act(objects::ObjectAct::Hide).unwrap();
        act(objects::ObjectAct::Drop).unwrap();
        assert!(matches!(office.read(office.ada, |cx, tx| objects::definition(cx, tx, &visit)), Err(Error::NotFound)));
        // The same name may be used again.
        assert_eq!(site_visit(&office), visit);
        assert!(matches!(office.reads(office.kim, &visit, id_of(&made)), Err(Error::NotFound)));
        assert_eq!(
            refusals(office.write(office.ada, |cx, tx| objects::act_on_object(cx, tx, "account", objects::ObjectAct::Hide))),
            ["object.preset"]
        );
    });
}

#[test]
fn a_unique_mark_is_refused_while_values_are_shared() {
    both(|database| {
        let office = Office::new(database);
        let code = office.adds_field("account", json!({"label": {"en": "Code"}, "type": "text"}));
        let one = office.creates(office.kim, "account", json!({"name": "A", &code: "Same"})).unwrap();
        office.creates(office.kim, "account", json!({"name": "B", &code: "same"})).unwrap();
        assert_eq!(refusals(office.changes_field("account", &code, json!({"unique": true}))), ["field.values_not_unique:unique"]);
        office.edits(office.kim, "account", id_of(&one), json!({&code: "other"})).unwrap();
        office.changes_field("account", &code, json!({"unique": true})).unwrap();
        let third = office.creates(office.kim, "account", json!({"name": "C", &code: "SAME"}));
        assert_eq!(refusals(third), [format!("field.not_unique:{code}")]);
        office.changes_field("account", &code, json!({"unique": false})).unwrap();
        office.creates(office.kim, "account", json!({"name": "C", &code: "SAME"})).unwrap();
    });
}

#[test]
fn rules_of_ones_own_hold_on_every_path() {
    both(|database| {
        let office = Office::new(database);
        let old = office.deal(office.kim, "Small");
        office.edits(office.kim, "opportunity", old, json!({"amount": "50"})).unwrap();
        let rule = json!({
            "condition": {"all": [{"field": "amount", "op": "lt", "value": "100"}, {"field": "account.sector", "op": "is_empty"}]},
            "message": {"en": "Too small to be worth it", "zh-CN": "金额太小"}, "field": "amount",
        });
        office.changes_object("opportunity", json!({"validations": [rule]})).unwrap();
        let made = office.creates(office.kim, "opportunity", json!({"name": "Tiny", "amount": "5"}));
        assert_eq!(refusals(made), ["validation.failed:amount"]);
        let moved = office.moves(office.kim, old, None, json!({"stage": "qualification", "fields": {"amount": "60"}}));
        assert_eq!(refusals(moved), ["validation.failed:amount"]);
        // What was so before may be edited elsewhere.
        office.edits(office.kim, "opportunity", old, json!({"next_step": "Call"})).unwrap();
        office.edits(office.kim, "opportunity", old, json!({"amount": "150"})).unwrap();
        let bad = json!({"condition": {"field": "gossip", "op": "is_empty"}, "message": {}});
        let found = refusals(office.changes_object("opportunity", json!({"validations": [bad]})));
        assert_eq!(found, ["field.required:validations/0/message", "field.unknown:validations/0/condition"]);
        let _ = Via::Api;
    });
}

#[test]
fn layouts_show_what_their_readers_may_know() {
    both(|database| {
        let office = Office::new(database);
        let layouts = json!([
            {"roles": [], "sections": [{"label": {"en": "All"}, "fields": ["name", "amount"]}]},
            {"roles": ["salesperson"], "sections": [{"label": {"en": "Mine"}, "fields": ["name", "next_step"], "collapsed": true}]},
        ]);
        office.changes_object("opportunity", json!({"layouts": layouts})).unwrap();
        let of = |who| office.read(who, |cx, _| objects::one(cx, "opportunity")).unwrap()["layout"]["sections"][0].clone();
        assert_eq!(of(office.kim)["fields"], json!(["name", "next_step"]));
        assert_eq!(of(office.mona)["fields"], json!(["name", "amount"]));
        let bad = json!([{"roles": ["nobody"], "sections": [{"label": {}, "fields": ["gossip", "name", "name"]}]}]);
        assert_eq!(
            refusals(office.changes_object("opportunity", json!({"layouts": bad}))),
            [
                "field.reference_not_found:layouts/0/roles",
                "field.unknown:layouts/0/sections/0/fields",
                "layout.field_twice:layouts/0/sections/0/fields"
            ]
        );
    });
}

#[test]
fn keys_of_fields_that_are_gone_come_free_when_the_database_is_compacted() {
    both(|database| {
        let office = Office::new(database);
        let body = json!({"key": "x_code", "label": {"en": "Code"}, "type": "text", "fast": true});
        office.adds_field("account", body.clone());
        let made = office.creates(office.kim, "account", json!({"name": "A", "x_code": "old"})).unwrap();
        office.puts_field("account", "x_code", objects::FieldAct::Hide).unwrap();
        office.puts_field("account", "x_code", objects::FieldAct::Drop).unwrap();
        assert_eq!(refusals(office.tries_to_add("account", body.clone())), ["field.key_retired:key"]);
        objects::compact(&office.house).unwrap();
        let number = json!({"key": "x_code", "label": {"en": "Code"}, "type": "number", "scale": 0});
        office.adds_field("account", number);
        assert!(office.field_of(office.kim, "account", id_of(&made), "x_code").is_null());
        office.edits(office.kim, "account", id_of(&made), json!({"x_code": "5"})).unwrap();
    });
}

#[test]
fn a_field_deleted_while_its_column_is_made_stays_deleted() {
    let database = testkit::Database::postgres();
    let office = Office::new(&database);
    let (release, held) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let (office, held) = (&office, std::sync::Mutex::new(held));
        let (reading, read) = std::sync::mpsc::channel::<()>();
        let reader = scope.spawn(move || {
            office
                .read(office.kim, |cx, tx| {
                    let list = records::list(cx, tx, "account", &serde_json::from_value(json!({})).unwrap())?;
                    reading.send(()).unwrap();
                    let _ = held.lock().unwrap().recv_timeout(std::time::Duration::from_secs(5));
                    Ok(list)
                })
                .unwrap();
        });
        read.recv().unwrap();
        let field = office.tries_to_add("account", json!({"label": {"en": "Code"}, "type": "text"})).unwrap();
        let worker = scope.spawn(|| office.works());
        std::thread::sleep(std::time::Duration::from_millis(500));
        office.write(office.ada, |cx, tx| objects::act_on_field(cx, tx, "account", &field, objects::FieldAct::Hide)).unwrap();
        release.send(()).unwrap();
        reader.join().unwrap();
        worker.join().unwrap();
        let definition = office.definition("account");
        let shown = definition["fields"].as_array().unwrap().iter().find(|one| one["key"] == *field).unwrap().clone();
        assert_eq!(shown["state"], "hidden");
    });
}

#[test]
fn an_object_made_anew_has_nothing_of_one_that_was_being_dropped() {
    both(|database| {
        let office = Office::new(database);
        let visit = site_visit(&office);
        let made = id_of(&office.creates(office.kim, &visit, json!({"name": "Depot"})).unwrap());
        let act = |act| office.write(office.ada, |cx, tx| objects::act_on_object(cx, tx, &visit, act)).unwrap();
        act(objects::ObjectAct::Hide);
        act(objects::ObjectAct::Drop);
        // The server falls after the definition is gone and before its table is.
        office
            .house
            .write(&Credential::System("test"), Limits::default(), Via::System, |_, tx| {
                let gone = sea_query::Query::delete()
                    .from_table("object_def")
                    .and_where(sea_query::ExprTrait::eq(sea_query::Expr::col("key"), visit.as_str()))
                    .to_owned();
                tx.execute(gone)?;
                Ok(tx.publish_meta()?)
            })
            .unwrap();
        let wanted: objects::CreateObject =
            serde_json::from_value(json!({"key": visit, "label": {"en": "V"}, "plural": {"en": "V"}})).unwrap();
        let early = office.write(office.ada, |cx, tx| objects::create_object(cx, tx, &wanted));
        assert_eq!(refusals(early), ["field.key_retired:key"]);
        office.works();
        assert_eq!(site_visit(&office), visit);
        assert!(matches!(office.reads(office.kim, &visit, made), Err(Error::NotFound)));
    });
}

#[test]
fn an_option_that_a_rule_names_stays() {
    both(|database| {
        let office = Office::new(database);
        let rule = json!({
            "condition": {"field": "opportunity_type", "op": "eq", "value": "upsell"}, "message": {"en": "Not here"}, "field": "opportunity_type",
        });
        office.changes_object("opportunity", json!({"validations": [rule]})).unwrap();
        let options: objects::SetOptions =
            serde_json::from_value(json!({"options": [{"key": "renewal", "label": {"en": "Renewal"}}]})).unwrap();
        let set = office.write(office.ada, |cx, tx| objects::set_options(cx, tx, "opportunity", "opportunity_type", &options));
        assert_eq!(refusals(set), ["field.option_in_use:options"]);
        let made = office.creates(office.kim, "opportunity", json!({"name": "Rail", "opportunity_type": "upsell"}));
        assert_eq!(refusals(made), ["validation.failed:opportunity_type"]);
    });
}

#[test]
fn options_in_use_stay_whichever_way_they_are_changed() {
    both(|database| {
        let office = Office::new(database);
        let select = json!({"key": "x_kind", "label": {"en": "Kind"}, "type": "select", "options": [
            {"key": "a", "label": {"en": "A"}}, {"key": "b", "label": {"en": "B"}}]});
        office.adds_field("account", select);
        office.creates(office.kim, "account", json!({"name": "Acme", "x_kind": "a"})).unwrap();
        let only_b = json!([{"key": "b", "label": {"en": "B"}}]);
        assert_eq!(refusals(office.changes_field("account", "x_kind", json!({"options": only_b}))), ["field.option_in_use:options"]);
        let twice = json!([{"key": "a", "label": {"en": "A"}}, {"key": "a", "label": {"en": "A"}}, {"key": "Ü", "label": {}}]);
        assert_eq!(
            refusals(office.changes_field("account", "x_kind", json!({"options": twice.clone()}))),
            ["field.not_unique:options/1/key", "field.invalid:options/2/key", "field.required:options/2/label"]
        );
        let fresh = json!({"label": {"en": "Other"}, "type": "select", "options": twice});
        assert_eq!(
            refusals(office.tries_to_add("account", fresh)),
            ["field.not_unique:options/1/key", "field.invalid:options/2/key", "field.required:options/2/label"]
        );
        let untyped = json!([{"key": "prospecting", "label": {"en": "P"}}]);
        assert!(office.changes_field("opportunity", "stage", json!({"options": untyped})).is_err());
        let roles = json!({"options": [{"key": "chief", "label": {"en": "Chief"}}]});
        assert_eq!(refusals(office.changes_field("employee", "roles", roles)), ["field.read_only:roles"]);
        office.deal(office.kim, "Rail");
    });
}

#[test]
fn what_nobody_owns_is_seen_by_whoever_may_read_it() {
    both(|database| {
        let office = Office::new(database);
        let body = json!({"key": "x_code", "label": {"en": "Code"}, "plural": {"en": "Codes"}, "owned": false, "rights_like": "account"});
        let code = office.makes_object(body.clone());
        let made = id_of(&office.creates(office.kim, &code, json!({"name": "A"})).unwrap());
        office.reads(office.lee, &code, made).unwrap();
        office.edits(office.lee, &code, made, json!({"name": "B"})).unwrap();
        assert_eq!(refusals(office.changes_object(&code, json!({"base": "private"}))), ["object.base_needs_owner:base"]);
        let mut private = body;
        private["key"] = "x_other".into();
        private["base"] = "private".into();
        let wanted: objects::CreateObject = serde_json::from_value(private).unwrap();
        assert_eq!(refusals(office.write(office.ada, |cx, tx| objects::create_object(cx, tx, &wanted))), ["object.base_needs_owner:base"]);
    });
}

#[test]
fn objects_do_not_lend_each_other_their_sight_in_a_circle() {
    both(|database| {
        let office = Office::new(database);
        let made = |name: &str| office.makes_object(json!({"key": name, "label": {"en": name}, "plural": {"en": name}}));
        let (a, b) = (made("a"), made("b"));
        let refer = |from: &str, to: &str| {
            office.adds_field(
                from,
                json!({"label": {"en": format!("To {to}")}, "key": format!("x_to_{to}"), "type": "reference", "object": to}),
            )
        };
        let (to_b, to_a, to_self) = (refer(&a, &b), refer(&b, &a), refer(&a, &a));
        assert_eq!(refusals(office.changes_object(&a, json!({"base": {"by_parent": to_self}}))), ["object.base_circle:base"]);
        office.changes_object(&a, json!({"base": {"by_parent": to_b}})).unwrap();
        assert_eq!(refusals(office.changes_object(&b, json!({"base": {"by_parent": to_a}}))), ["object.base_circle:base"]);
        let one = id_of(&office.creates(office.kim, &b, json!({"name": "B"})).unwrap());
        office.creates(office.kim, &a, json!({"name": "A", &to_b: one})).unwrap();
    });
}

#[test]
fn an_object_seen_as_any_record_that_it_regards_can_be_written() {
    both(|database| {
        let office = Office::new(database);
        let note = office.makes_object(json!({"label": {"en": "Memo"}, "plural": {"en": "Memos"}}));
        let about = office.adds_field(&note, json!({"label": {"en": "About"}, "type": "regarding"}));
        let changed = office.changes_object(&note, json!({"base": {"by_parent": about}}));
        if changed.is_ok() {
            let deal = office.deal(office.kim, "Rail");
            let made = office.creates(office.kim, &note, json!({"name": "M", &about: {"object": "opportunity", "id": deal}})).unwrap();
            office.edits(office.mona, &note, id_of(&made), json!({"name": "N"})).unwrap();
            assert!(matches!(office.edits(office.lee, &note, id_of(&made), json!({"name": "N"})), Err(Error::NotFound)));
        }
    });
}

#[test]
fn an_object_comes_back_only_to_what_it_refers_to() {
    both(|database| {
        let office = Office::new(database);
        let site = office.makes_object(json!({"key": "x_site", "label": {"en": "Site"}, "plural": {"en": "Sites"}}));
        let visit = office
            .makes_object(json!({"key": "x_visit", "label": {"en": "Visit"}, "plural": {"en": "Visits"}, "base": {"by_parent": site}}));
        let act = |key: &str, act| {
            let done = office.write(office.ada, |cx, tx| objects::act_on_object(cx, tx, key, act));
            office.works();
            done
        };
        act(&visit, objects::ObjectAct::Disable).unwrap();
        act(&site, objects::ObjectAct::Hide).unwrap();
        act(&site, objects::ObjectAct::Drop).unwrap();
        let back = act(&visit, objects::ObjectAct::Enable);
        if back.is_ok() {
            office.lists(office.kim, &visit, json!({})).unwrap();
            office.reads(office.kim, &visit, office.kim).unwrap_err();
            let made = office.creates(office.kim, &visit, json!({"name": "v"}));
            panic!("it is back without what it belongs to: {made:?}");
        }
        assert_eq!(refusals(back), ["field.unknown:x_site"]);
    });
}

#[test]
fn a_unique_mark_on_a_field_put_aside_is_judged_too() {
    both(|database| {
        let office = Office::new(database);
        let code = office.adds_field("account", json!({"label": {"en": "Code"}, "type": "text"}));
        for name in ["A", "B"] {
            office.creates(office.kim, "account", json!({"name": name, &code: "same"})).unwrap();
        }
        office.puts_field("account", &code, objects::FieldAct::Disable).unwrap();
        assert_eq!(refusals(office.changes_field("account", &code, json!({"unique": true}))), ["field.wrong_state:unique"]);
        let other = office.adds_field("account", json!({"label": {"en": "Other"}, "type": "text"}));
        office.creates(office.kim, "account", json!({"name": "C", &other: "x"})).unwrap();
    });
}

#[test]
fn what_an_object_reckons_is_right_when_it_comes_back() {
    both(|database| {
        let office = Office::new(database);
        let visit = site_visit(&office);
        let label = |text: &str| json!({"en": text});
        let to = office.adds_field(&visit, json!({"label": label("Deal"), "type": "reference", "object": "opportunity"}));
        let body = json!({"key": "x_twice", "label": label("Twice"), "type": "calculated", "formula": format!("{to}.amount * 2"), "result": "currency", "indexed": true});
        office.adds_field(&visit, body);
        let deal = office.deal(office.kim, "Rail");
        let made = id_of(&office.creates(office.kim, &visit, json!({"name": "v", &to: deal})).unwrap());
        assert_eq!(office.field_of(office.kim, &visit, made, "x_twice")["amount"], "2000.00");
        let act = |act| {
            office.write(office.ada, |cx, tx| objects::act_on_object(cx, tx, &visit, act)).unwrap();
            office.works();
        };
        act(objects::ObjectAct::Disable);
        office.edits(office.kim, "opportunity", deal, json!({"amount": "500"})).unwrap();
        act(objects::ObjectAct::Enable);
        assert_eq!(office.field_of(office.kim, &visit, made, "x_twice")["amount"], "1000.00");
        office.agrees();
    });
}

#[test]
fn what_is_required_may_depend_on_other_records() {
    both(|database| {
        let office = Office::new(database);
        let condition = json!({"all": [
            {"field": "account.sector", "op": "eq", "value": "medical"},
            {"exists": {"object": "contact_role", "where": {"field": "role", "op": "eq", "value": "coach"}}},
        ]});
        let body = json!({"key": "x_licence", "label": {"en": "Licence"}, "type": "text", "required_when": condition});
        office.adds_field("opportunity", body);
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Clinic", "sector": "Medical"})).unwrap());
        let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Cara"})).unwrap());
        let deal = office.deal(office.kim, "Beds");
        office.edits(office.kim, "opportunity", deal, json!({"account": account})).unwrap();
        office.creates(office.kim, "contact_role", json!({"opportunity": deal, "contact": contact, "role": "coach"})).unwrap();
        // It was so, and blank, before this change: another field may be changed.
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"x_licence": "L-1"})).unwrap();
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"x_licence": ""}))), ["field.required:x_licence"]);
    });
}

#[test]
fn a_rule_may_judge_what_a_change_does() {
    both(|database| {
        let office = Office::new(database);
        let rule = |condition: Json| json!({"validations": [{"condition": condition, "message": {"en": "No"}, "field": "next_step"}]});
        let frozen = json!({"all": [{"field": "amount", "op": "changed"}, {"field": "stage", "op": "ne", "value": "prospecting"}]});
        office.changes_object("opportunity", rule(frozen)).unwrap();
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"amount": "2000"})).unwrap();
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"amount": "3000"}))), ["validation.failed:next_step"]);
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
        let step = json!({"all": [
            {"field": "next_step", "op": "changed_from", "value": "call"}, {"not": {"field": "next_step", "op": "changed_to", "value": "Visit"}},
        ]});
        office.changes_object("opportunity", rule(step)).unwrap();
        assert_eq!(refusals(office.edits(office.kim, "opportunity", deal, json!({"next_step": "Wait"}))), ["validation.failed:next_step"]);
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Visit"})).unwrap();
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Wait"})).unwrap();
        // Elsewhere nothing changes, and that is told.
        let listed = office.lists(office.kim, "opportunity", json!({"filter": r#"{"field":"amount","op":"changed"}"#}));
        assert_eq!(refusals(listed), ["condition.invalid:amount"]);
        let across = office.changes_object("opportunity", rule(json!({"field": "account.name", "op": "changed"})));
        assert_eq!(refusals(across), ["condition.invalid:validations/0/condition"]);
    });
}

#[test]
fn dropping_goes_in_steps_and_leaves_nothing() {
    both(|database| {
        let office = Office::new(database);
        let visit = site_visit(&office);
        let notes = office.adds_field(&visit, json!({"label": {"en": "Notes"}, "type": "long_text"}));
        let more = office.adds_field(&visit, json!({"label": {"en": "More"}, "type": "long_text"}));
        let files = office.adds_field(&visit, json!({"label": {"en": "Files"}, "type": "attachment"}));
        for n in 0..450 {
            let mut fields = json!({"name": format!("v{n}"), &notes: "long", &more: "longer"});
            if n < 9 {
                let file = office.write(office.kim, |cx, tx| stagecraft_core::files::keep(cx, tx, "a.txt", b"text")).unwrap();
                fields[&files] = json!([file["id"]]);
            }
            office.creates(office.kim, &visit, fields).unwrap();
        }
        let rows = |table: &'static str, field: Option<&str>| -> i64 {
            let mut select = sea_query::Query::select();
            select.expr(sea_query::Expr::cust("COUNT(1)")).from(table);
            select.and_where(sea_query::ExprTrait::eq(sea_query::Expr::col("object"), visit.as_str()));
            if let Some(field) = field {
                select.and_where(sea_query::ExprTrait::eq(sea_query::Expr::col("field"), field));
            }
            office.read(office.ada, |_, tx| Ok(tx.one(&select)?.get(0)?)).unwrap()
        };
        assert_eq!((rows("long_text", Some(&notes)), rows("file", None)), (450, 9));
        for field in [&notes, &files] {
            office.puts_field(&visit, field, objects::FieldAct::Hide).unwrap();
            office.puts_field(&visit, field, objects::FieldAct::Drop).unwrap();
        }
        assert_eq!((rows("long_text", Some(&notes)), rows("long_text", Some(&more)), rows("file", None)), (0, 450, 0));
        for act in [objects::ObjectAct::Hide, objects::ObjectAct::Drop] {
            let (_, job) = office.write(office.ada, |cx, tx| objects::act_on_object(cx, tx, &visit, act)).unwrap();
            // It falls after every step.
            while job.is_some_and(|job| office.read(office.ada, |cx, tx| jobs::one(cx, tx, job)).unwrap()["state"] != "done") {
                jobs::run(&office.house, job.unwrap(), std::time::Duration::ZERO).unwrap();
            }
        }
        assert_eq!((rows("long_text", None), rows("search_word", None), rows("recent", None)), (0, 0, 0));
    });
}

#[test]
fn every_preset_field_that_can_be_put_aside_is_not_missed() {
    both(|database| {
        let office = Office::new(database);
        let account = id_of(&office.creates(office.mona, "account", json!({"name": "Acme"})).unwrap());
        let objects: Vec<String> = office.house.meta().order.clone();
        let mut put = 0;
        for object in &objects {
            let fields: Vec<String> = office.definition(object)["fields"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|field| field["essential"] == false)
                .map(|field| field["key"].as_str().unwrap().to_owned())
                .collect();
            for field in fields {
                if office.puts_field(object, &field, objects::FieldAct::Disable).is_ok() {
                    put += 1;
                }
            }
        }
        assert!(put > 20, "{put}");
        let deal = office.deal(office.kim, "Rail");
        office.edits(office.kim, "opportunity", deal, json!({"amount": "500"})).unwrap();
        office.creates(office.kim, "opportunity_line", json!({"opportunity": deal, "name": "L", "quantity": "2", "price": "5"})).unwrap();
        for object in &objects {
            office.lists(office.ada, object, json!({})).unwrap();
            office.lists(office.kim, object, json!({})).unwrap();
        }
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
        let lost = json!({"stage": "lost", "fields": {"lost_reason": "price"}});
        if office.moves(office.kim, deal, None, lost).is_err() {
            office.moves(office.kim, deal, None, json!({"stage": "lost"})).unwrap();
        }
        office.edits(office.mona, "account", account, json!({"name": "Acme 2"})).unwrap();
        let _ = office.read(office.kim, |cx, tx| records::read(cx, tx, "opportunity", deal)).unwrap();
        office.system("employee", json!({"name": "New", "email": "new@example.com", "roles": ["salesperson"], "active": true}));
        office.agrees();
        let again = House::open(database.again()).unwrap();
        drop(again);
    });
}
