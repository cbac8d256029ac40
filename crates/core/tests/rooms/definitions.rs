//! Definitions that hang together: a process, the options it names, the people it is for, the rates of money.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Result, identity, objects, organisation, processes};
use testkit::both;

use crate::office::{Office, id_of, refusals};

fn process(office: &Office) -> Json {
    office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone()
}

fn save(office: &Office, process: &Json) -> Result<Json> {
    let id = process["id"].as_str().unwrap();
    office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(id), None, process, false))
}

fn set_options(office: &Office, field: &str, options: &Json) -> Result<Json> {
    let wanted = serde_json::from_value(json!({ "options": options })).unwrap();
    office.write(office.ada, |cx, tx| objects::set_options(cx, tx, "opportunity", field, &wanted))
}

fn options(office: &Office, field: &str) -> Json {
    let object = office.read(office.ada, |cx, _| objects::one(cx, "opportunity")).unwrap();
    object["fields"].as_array().unwrap().iter().find(|f| f["key"] == field).unwrap()["options"].clone()
}

#[test]
fn an_option_that_a_rule_names_is_not_taken_from_under_it() {
    both(|database| {
        let office = Office::new(database);
        let mut guarded = process(&office);
        guarded["stages"][1]["entry_condition"] = json!({"field": "opportunity_type", "op": "ne", "value": "upsell"});
        save(&office, &guarded).unwrap();
        let without = |field: &str, key: &str| -> Json {
            options(&office, field).as_array().unwrap().iter().filter(|o| o["key"] != key).cloned().collect()
        };
        assert_eq!(
            refusals(set_options(&office, "opportunity_type", &without("opportunity_type", "upsell"))),
            ["field.option_in_use:options"]
        );
        // A field that is required where another has this option.
        assert_eq!(refusals(set_options(&office, "lost_reason", &without("lost_reason", "other"))), ["field.option_in_use:options"]);
        set_options(&office, "opportunity_type", &without("opportunity_type", "renewal")).unwrap();
        let deal = office.deal(office.kim, "Rail");
        office.moves(office.kim, deal, None, json!({"stage": "qualification"})).unwrap();
    });
}

#[test]
fn options_that_are_none_are_refused_one_by_one() {
    both(|database| {
        let office = Office::new(database);
        let mut wrong = options(&office, "opportunity_type");
        let at = wrong.as_array().unwrap().len();
        wrong.as_array_mut().unwrap().extend([json!("x"), json!({"label": {"en": "长".repeat(201)}, "active": true})]);
        assert_eq!(
            refusals(set_options(&office, "opportunity_type", &wrong)),
            [format!("field.invalid:options/{at}"), format!("field.too_long:options/{}/label", at + 1)]
        );
    });
}

#[test]
fn a_process_is_for_people_who_are_there_and_has_a_name_that_fits() {
    both(|database| {
        let office = Office::new(database);
        let nobody = office.deal(office.kim, "Rail");
        let mut wrong = process(&office);
        wrong["name"] = "x".repeat(201).into();
        wrong["description"] = "a\u{0}b".into();
        wrong["who"] = json!({"departments": [{"id": nobody, "with_sub": true}], "people": [office.kim, Id::SYSTEM], "roles": ["salesperson", "king"]});
        assert_eq!(
            refusals(save(&office, &wrong)),
            [
                "field.too_long:name",
                "field.invalid:description",
                "field.reference_not_found:who/departments/0",
                "field.reference_not_found:who/people/1",
                "field.reference_not_found:who/roles/1"
            ]
        );
    });
}

#[test]
fn a_rate_that_makes_an_amount_too_large_is_refused() {
    both(|database| {
        let office = Office::new(database);
        let rate = |day: &str, rate: &str| {
            let wanted = serde_json::from_value(json!({"currency": "KWD", "day": day, "rate": rate})).unwrap();
            office.write(office.ada, |cx, tx| organisation::add_rate(cx, tx, &wanted))
        };
        rate("2020-01-01", "3").unwrap();
        let deal = id_of(
            &office
                .creates(office.kim, "opportunity", json!({"name": "Rail", "amount": {"amount": "900000.001", "currency": "KWD"}}))
                .unwrap(),
        );
        assert_eq!(refusals(rate("2020-01-02", "9223372036854.775807")), ["money.overflow:rate"]);
        assert_eq!(refusals(rate("-009999-01-01", "3")), ["field.invalid:day"]);
        office.edits(office.kim, "opportunity", deal, json!({"next_step": "Call"})).unwrap();
    });
}

#[test]
fn the_first_administrator_is_held_to_the_form_of_a_person() {
    both(|database| {
        let house = stagecraft_core::House::counting(database.db().clone()).unwrap();
        let set_up = |name: &str, email: &str| {
            let wanted = serde_json::from_value(json!({
                "organisation": "Rail", "main_currency": "EUR", "time_zone": "Europe/Berlin", "language": "en",
                "name": name, "email": email, "password": "a long password",
            }));
            identity::set_up(&house, Default::default(), &wanted.unwrap(), &model::Via::Screen.into())
        };
        assert_eq!(refusals(set_up("Ada", "nobody")), ["field.invalid:email"]);
        assert_eq!(refusals(set_up("Ada", " ")), ["field.required:email"]);
        assert_eq!(refusals(set_up(" ", "ada@example.com")), ["field.required:name"]);
        assert_eq!(refusals(set_up("Ada\u{0}", "ada@example.com")), ["field.invalid:name"]);
        set_up("Ada", "ada@example.com").unwrap();
    });
}
