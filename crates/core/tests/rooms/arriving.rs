//! Leads that come in: who gets them, by rules and in turn, and forms by which they come.

use std::collections::BTreeMap;

use model::{Id, Via};
use serde_json::{Map, Value as Json, json};
use stagecraft_core::leads::rules;
use stagecraft_core::{Credential, Error, House, Limits, Result, bulk, objects, records, web_forms};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    pub fn adds_rule(&self, body: Json) -> Id {
        let wanted = serde_json::from_value(body).unwrap();
        let saved = self.write(self.ada, |cx, tx| rules::save(cx, tx, None, None, &wanted)).unwrap();
        saved["id"].as_str().unwrap().parse().unwrap()
    }

    fn tries_rule(&self, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(self.ada, |cx, tx| rules::save(cx, tx, None, None, &wanted))
    }

    fn adds_form(&self, body: Json) -> web_forms::Form {
        let saved = self.tries_form(body).unwrap();
        let key = saved["public_key"].as_str().unwrap().to_owned();
        self.read(self.ada, |_, tx| web_forms::open(tx, &key)).unwrap()
    }

    fn tries_form(&self, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(self.ada, |cx, tx| web_forms::save(cx, tx, None, None, &wanted))
    }

    fn sends(&self, form: &web_forms::Form, fields: Json) -> Result<web_forms::Received> {
        sends(&self.house, form, fields)
    }

    pub fn owner_of(&self, lead: Id) -> Option<Id> {
        self.reads(self.ada, "lead", lead).unwrap()["fields"]["owner"].as_str().and_then(|id| id.parse().ok())
    }
}

fn sends(house: &House, form: &web_forms::Form, fields: Json) -> Result<web_forms::Received> {
    let fields: Map<String, Json> = fields.as_object().unwrap().clone();
    house.write(&Credential::System("a web form"), Limits::default(), Via::WebForm, |cx, tx| web_forms::receive(cx, tx, form, &fields))
}

fn contact_form() -> Json {
    json!({
        "name": "Contact us", "fields": [{"field": "name", "required": true}, {"field": "email", "required": true}, {"field": "company"}, {"field": "city"}],
        "values": {"lead_source": "website"},
    })
}

fn person(id: Id) -> Json {
    json!({"kind": "person", "id": id})
}

#[test]
fn a_form_brings_a_lead_with_itself_as_the_author_and_tells_who_gets_it() {
    both(|database| {
        let office = Office::new(database);
        office.adds_rule(json!({"name": "All", "to": [person(office.kim)]}));
        let form = office.adds_form(contact_form());
        let sent = json!({"name": "Anna", "email": "anna@lindental.example", "company": "Lindental"});
        let lead = office.sends(&form, sent.clone()).unwrap().lead.unwrap();
        let fields = office.reads(office.kim, "lead", lead).unwrap()["fields"].clone();
        assert_eq!(
            (fields["lead_source"].as_str(), fields["web_form"].as_str(), fields["lead_status"].as_str()),
            (Some("website"), Some("Contact us"), Some("pending"))
        );
        let history =
            office.read(office.kim, |cx, tx| records::history(cx, tx, "lead", lead, &serde_json::from_value(json!({})).unwrap())).unwrap();
        assert_eq!((history["items"][0]["via"].as_str(), history["items"][0]["reason"].as_str()), (Some("web_form"), Some("Contact us")));
        let notices =
            office.read(office.kim, |cx, tx| stagecraft_core::notices::list(cx, tx, &serde_json::from_value(json!({})).unwrap())).unwrap();
        assert_eq!(
            (notices["items"][0]["kind"].as_str(), notices["items"][0]["record"].as_str()),
            (Some("lead_arrived"), Some(lead.to_string().as_str()))
        );

        // A double click makes one lead, also in the same instant; the next day it is a new one.
        let (a, b) = at_once(|| office.sends(&form, sent.clone()), || office.sends(&form, sent.clone()));
        assert_eq!(
            (a.unwrap(), b.unwrap()),
            (web_forms::Received { lead: Some(lead), again: true }, web_forms::Received { lead: Some(lead), again: true })
        );
        let other = json!({"name": "Bruno", "email": "b@lindental.example"});
        let (a, b) = at_once(|| office.sends(&form, other.clone()), || office.sends(&form, other.clone()));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert!(a.lead == b.lead && a.again != b.again, "{a:?} {b:?}");
    });
}

#[test]
fn what_is_wrong_with_a_sending_is_told_and_only_offered_fields_are_taken() {
    both(|database| {
        let office = Office::new(database);
        let form = office.adds_form(contact_form());
        let wrong = office.sends(&form, json!({"email": "nonsense", "owner": office.kim, "lead_status": "converted", "amount": "5"}));
        let mut found = refusals(wrong);
        found.sort();
        assert_eq!(
            found,
            ["field.invalid:email", "field.required:name", "field.unknown:amount", "field.unknown:lead_status", "field.unknown:owner"]
        );
        assert_eq!(office.lists(office.ada, "lead", json!({})).unwrap().1, 0);
        // Rules of one's own hold here as everywhere.
        let rule = json!([{"condition": {"field": "company", "op": "is_empty"}, "message": {"en": "Which company?"}, "field": "company"}]);
        office.changes_object("lead", json!({ "validations": rule })).unwrap();
        assert_eq!(refusals(office.sends(&form, json!({"name": "A", "email": "a@b.example"}))), ["validation.failed:company"]);
        // A form that is switched off takes nothing.
        let mut off = json!(form);
        off["active"] = false.into();
        let wanted = serde_json::from_value(off).unwrap();
        office.write(office.ada, |cx, tx| web_forms::save(cx, tx, Some(form.id), Some(1), &wanted)).unwrap();
        assert!(matches!(office.read(office.ada, |_, tx| web_forms::open(tx, &form.public_key)), Err(Error::NotFound)));
    });
}

#[test]
fn a_form_is_judged_when_it_is_saved_and_its_fields_stay() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("lead", json!({"key": "x_size", "label": {"en": "Size"}, "type": "number", "scale": 0}));
        let wrong = json!({
            "name": "", "language": "fr", "fields": [{"field": "owner"}, {"field": "email"}, {"field": "email"}, {"field": "converted_at"}],
            "values": {"email": "a@b.example", "lead_source": "gossip", "nothing": 1}, "origins": ["shop.example", "https://shop.example/page"],
            "thanks_url": "javascript:alert(1)", "assignment": {"by": "person", "person": "x"}, "minimum_seconds": 500,
        });
        let mut found = refusals(office.tries_form(wrong));
        found.sort();
        assert_eq!(
            found,
            [
                "field.invalid:origins/0",
                "field.invalid:origins/1",
                "field.invalid:thanks_url",
                "field.not_an_option:language",
                "field.not_an_option:values/lead_source",
                "field.not_unique:fields/2/field",
                "field.not_unique:values/email",
                "field.out_of_range:minimum_seconds",
                "field.reference_not_found:assignment/person",
                "field.required:name",
                "field.unknown:fields/0/field",
                "field.unknown:fields/3/field",
                "field.unknown:values/nothing",
                "web_form.required_missing:fields",
            ]
        );
        let wanted: web_forms::Wanted = serde_json::from_value(contact_form()).unwrap();
        assert!(matches!(office.write(office.kim, |cx, tx| web_forms::save(cx, tx, None, None, &wanted)), Err(Error::Forbidden { .. })));
        let mut form = contact_form();
        form["fields"].as_array_mut().unwrap().push(json!({"field": "x_size"}));
        office.adds_form(form);
        office
            .adds_rule(json!({"name": "Large", "condition": {"field": "x_size", "op": "gt", "value": "100"}, "to": [person(office.kim)]}));
        let uses = office.read(office.ada, |cx, tx| objects::uses(cx, tx, "lead", "x_size")).unwrap();
        let kinds: Vec<&str> = uses["items"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
        assert_eq!(kinds, ["lead_rule", "web_form"]);
    });
}

#[test]
fn rules_are_asked_in_their_order_and_receivers_get_leads_in_turn() {
    both(|database| {
        let office = Office::new(database);
        let north = office.reads(office.ada, "employee", office.kim).unwrap()["fields"]["department"].clone();
        let german = json!({"field": "country", "op": "eq", "value": "Germany"});
        let first = office.adds_rule(json!({"name": "Germany", "condition": german, "to": [person(office.lee)]}));
        let rest = office.adds_rule(json!({"name": "Rest", "to": [{"kind": "department", "id": north}]}));
        let lead = |fields: Json| {
            let lead = id_of(&office.creates(office.ada, "lead", fields).unwrap());
            office.owner_of(lead).unwrap()
        };
        assert_eq!(lead(json!({"name": "A", "country": "Germany"})), office.lee);
        // Mona leads North and is in it; each in turn, in a fixed order.
        let mut north: Vec<Id> = vec![office.mona, office.kim, office.karl];
        north.sort_unstable();
        let got: Vec<Id> = (0..4).map(|n| lead(json!({"name": format!("B{n}")}))).collect();
        assert_eq!(got, [north[0], north[1], north[2], north[0]]);
        // Whoever may not work on leads any more is passed over.
        office.edits(office.ada, "employee", north[1], json!({"roles": ["auditor"]})).unwrap();
        assert_eq!((lead(json!({"name": "C"})), lead(json!({"name": "D"}))), (north[2], north[0]));
        // And whoever is away.
        let away = serde_json::from_value(json!({"deputy": north[2]})).unwrap();
        office.write(north[0], |cx, tx| stagecraft_core::notices::deputies::save(cx, tx, None, &away)).unwrap();
        assert_eq!(lead(json!({"name": "D2"})), north[2]);
        let back = serde_json::from_value(json!({"deputy": null})).unwrap();
        office.write(north[0], |cx, tx| stagecraft_core::notices::deputies::save(cx, tx, None, &back)).unwrap();
        assert_eq!(lead(json!({"name": "D3"})), north[0]);
        // What is refused takes nobody's turn.
        assert_eq!(refusals(office.creates(office.ada, "lead", json!({"email": "x"}))), ["field.invalid:email"]);
        assert_eq!(refusals(office.creates(office.ada, "lead", json!({"city": "x"}))), ["field.required:name"]);
        assert_eq!(lead(json!({"name": "E"})), north[2]);
        // Who says whose it is, is not overruled.
        assert_eq!(lead(json!({"name": "F", "owner": office.ada})), office.ada);

        let tried = office
            .read(office.ada, |cx, tx| rules::trial(cx, tx, &serde_json::from_value(json!({"fields": {"country": "Germany"}})).unwrap()))
            .unwrap();
        assert_eq!(
            (tried["rule"].as_str(), tried["person"].as_str()),
            (Some(first.to_string().as_str()), Some(office.lee.to_string().as_str()))
        );
        let order = serde_json::from_value(json!({"ids": [rest, first]})).unwrap();
        office.write(office.ada, |cx, tx| rules::order(cx, tx, &order)).unwrap();
        assert_eq!(lead(json!({"name": "G", "country": "Germany"})), north[0]);
        let short = serde_json::from_value(json!({"ids": [rest]})).unwrap();
        assert!(matches!(office.write(office.ada, |cx, tx| rules::order(cx, tx, &short)), Err(Error::Conflict { .. })));
        assert_eq!(
            refusals(office.tries_rule(json!({"name": "", "to": [{"kind": "person", "id": "x"}]}))),
            ["field.required:name", "field.reference_not_found:to/0/id"]
        );
        let unknown = json!({"name": "x", "to": [person(office.kim)], "condition": {"field": "nothing", "op": "eq", "value": 1}});
        assert_eq!(refusals(office.tries_rule(unknown)), ["field.unknown:condition"]);
    });
}

#[test]
fn without_a_rule_that_takes_it_a_lead_stays_where_it_would() {
    both(|database| {
        let office = Office::new(database);
        office.adds_rule(json!({"name": "Nobody can", "to": [person(office.ines)]}));
        let own = id_of(&office.creates(office.kim, "lead", json!({"name": "A"})).unwrap());
        assert_eq!(office.owner_of(own), Some(office.kim), "whoever made it");
        let open = id_of(&office.creates(office.mona, "lead", json!({"name": "B", "owner": null})).unwrap());
        assert_eq!(office.owner_of(open), None);
        let form = office.adds_form(contact_form());
        let sent = office.sends(&form, json!({"name": "C", "email": "c@d.example"})).unwrap();
        assert_eq!(office.owner_of(sent.lead.unwrap()), None);
        let wanted = serde_json::from_value(json!({"by_rules": true})).unwrap();
        let assigned = office.write(office.mona, |cx, tx| stagecraft_core::leads::assign(cx, tx, "lead", open, None, &wanted));
        assert_eq!(refusals(assigned), ["lead.no_rule_takes_it"]);
        // By hand, many at once.
        office.adds_rule(json!({"name": "In turn", "to": [person(office.kim), person(office.lee)]}));
        let wanted = serde_json::from_value(json!({"ids": [open, sent.lead.unwrap()], "act": "assign", "by_rules": true})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.mona), Via::Screen, "lead", &wanted).unwrap();
        assert_eq!((done["changed"].as_i64(), done["undo"].as_bool()), (Some(2), Some(false)), "{done:#}");
        assert_eq!([office.owner_of(open).unwrap(), office.owner_of(sent.lead.unwrap()).unwrap()], {
            let mut both = [office.kim, office.lee];
            both.sort_unstable();
            both
        });
    });
}

/// Two servers, each with many leads in the same instants: the turns are exact.
#[test]
fn turns_are_exact_on_two_servers_at_once() {
    both(|database| {
        let office = Office::new(database);
        office.adds_rule(json!({"name": "In turn", "to": [person(office.kim), person(office.karl), person(office.lee)]}));
        let form = office.adds_form(contact_form());
        let other = House::open(database.again()).unwrap();
        let many = |house: &House, name: &str| {
            (0..15)
                .map(|n| sends(house, &form, json!({"name": format!("{name} {n}"), "email": "a@b.example"})).unwrap().lead.unwrap())
                .collect::<Vec<_>>()
        };
        let (a, b) = at_once(|| many(&office.house, "A"), || many(&other, "B"));
        let mut counts: BTreeMap<Id, u32> = BTreeMap::new();
        for lead in a.into_iter().chain(b) {
            *counts.entry(office.owner_of(lead).unwrap()).or_default() += 1;
        }
        assert_eq!(counts.values().copied().collect::<Vec<_>>(), [10, 10, 10]);
    });
}
