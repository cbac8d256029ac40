//! Conversion: one transaction or nothing, by the same rules as everything else.

use std::collections::BTreeMap;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::leads::conversion;
use stagecraft_core::{Error, Result, check, duplicates, objects, processes};
use testkit::both;

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

impl Office {
    pub fn lead_of(&self, who: Id, fields: Json) -> Id {
        let mut all = json!({"name": "Anna Holm", "company": "Lindental", "email": "anna@lindental.example", "phone": "+00 555 1234"});
        for (key, value) in fields.as_object().unwrap() {
            all[key] = value.clone();
        }
        id_of(&self.creates(who, "lead", all).unwrap())
    }

    pub fn converts(&self, who: Id, lead: Id, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(who, |cx, tx| conversion::convert(cx, tx, lead, None, &wanted))
    }

    pub fn is_offered(&self, who: Id, lead: Id) -> Json {
        self.read(who, |cx, tx| conversion::offer(cx, tx, lead)).unwrap()
    }

    fn maps(&self, body: Json) -> Result<Json> {
        let wanted = serde_json::from_value(body).unwrap();
        self.write(self.ada, |cx, tx| conversion::save_mapping(cx, tx, None, &wanted))
    }

    fn counts(&self, object: &str) -> i64 {
        self.lists(self.ada, object, json!({})).unwrap().1
    }
}

/// Everything new.
fn all_new() -> Json {
    json!({
        "account": {"fields": {"name": "Lindental"}}, "contact": {"fields": {"name": "Anna Holm"}},
        "opportunity": {"fields": {"name": "Bottling line", "amount": "500"}},
    })
}

#[test]
fn a_lead_becomes_an_account_a_contact_and_a_deal_tied_to_each_other() {
    both(|database| {
        let office = Office::new(database);
        let lead = office.lead_of(office.kim, json!({}));
        office.did(office.kim, "lead", lead, json!({"name": "Rang her"}));
        let done = office.converts(office.kim, lead, all_new()).unwrap();
        let id = |part: &str| done[part]["id"].clone();
        assert_eq!(done["contact"]["fields"]["account"], id("account"));
        let deal = &done["opportunity"]["fields"];
        assert_eq!((&deal["account"], &deal["primary_contact"], &deal["lead"]), (&id("account"), &id("contact"), &json!(lead)));
        assert_eq!((deal["stage"].as_str(), deal["owner"].as_str()), (Some("prospecting"), Some(office.kim.to_string().as_str())));
        let fields = &done["lead"]["fields"];
        assert_eq!((fields["lead_status"].as_str(), &fields["opportunity"]), (Some("converted"), &id("opportunity")));
        assert_eq!(fields["converted_by"], json!(office.kim));
        // It is read-only from now on, and says what it became.
        assert_eq!(refusals(office.edits(office.kim, "lead", lead, json!({"city": "Bamberg"}))), ["lead.converted"]);
        assert_eq!(refusals(office.marks_invalid(office.kim, lead, "spam")), ["lead.converted"]);
        let Err(Error::Invalid(found)) = office.converts(office.kim, lead, all_new()) else { panic!("converted twice") };
        assert_eq!((found[0].code, &found[0].params["opportunity"]), ("lead.converted", &id("opportunity")));
        let can = office.reads(office.kim, "lead", lead).unwrap()["can"].clone();
        assert!(can.as_array().unwrap().iter().all(|act| !["edit", "convert", "mark_invalid"].contains(&act.as_str().unwrap())), "{can}");
        // Its past is a part of what it became, for those who see the lead.
        let deal_id: Id = id("opportunity").as_str().unwrap().parse().unwrap();
        let told = |who: Id| {
            let wanted = serde_json::from_value(json!({})).unwrap();
            let told = office.read(who, |cx, tx| stagecraft_core::timeline::timeline(cx, tx, "opportunity", deal_id, &wanted)).unwrap();
            told["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "activity").count()
        };
        assert_eq!(told(office.kim), 1, "the call on the lead");
        // What happens on it later is noted all the same.
        office.did(office.kim, "lead", lead, json!({"name": "Asked how it went"}));
        assert_eq!(office.read(office.ada, check::all).unwrap()["ok"], true);
    });
}

#[test]
fn parts_are_left_out_or_are_there_already() {
    both(|database| {
        let office = Office::new(database);
        let account = office.system("account", json!({"name": "Lindental"}));
        let contact = office.system("contact", json!({"name": "Anna Holm", "account": account}));
        let lead = office.lead_of(office.kim, json!({}));
        let body = json!({"account": {"id": account}, "contact": {"id": contact}, "opportunity": {"fields": {"name": "Line"}}});
        let dry = office
            .converts(office.kim, lead, {
                let mut dry = body.clone();
                dry["dry_run"] = true.into();
                dry
            })
            .unwrap();
        assert_eq!((dry["dry_run"].as_bool(), dry["lead"]["fields"]["lead_status"].as_str()), (Some(true), Some("converted")));
        assert_eq!((office.counts("opportunity"), office.counts("account")), (0, 1), "a dry run stores nothing");
        let done = office.converts(office.kim, lead, body).unwrap();
        assert_eq!(done["opportunity"]["fields"]["primary_contact"], json!(contact));
        assert_eq!((office.counts("account"), office.counts("contact")), (1, 1));

        let alone = office.lead_of(office.kim, json!({}));
        let done = office.converts(office.kim, alone, json!({"account": {"fields": {"name": "Only"}}, "opportunity": null})).unwrap();
        assert_eq!((&done["contact"], &done["opportunity"]), (&Json::Null, &Json::Null));
        let deal = office.lead_of(office.kim, json!({}));
        let done = office.converts(office.kim, deal, json!({"opportunity": {"fields": {"name": "Without a customer"}}})).unwrap();
        assert_eq!(done["opportunity"]["fields"]["account"], Json::Null);
        let nothing = office.lead_of(office.kim, json!({}));
        assert_eq!(refusals(office.converts(office.kim, nothing, json!({}))), ["lead.becomes_nothing"]);
        let both_ways = json!({"account": {"id": account, "fields": {"name": "x"}}, "contact": {}});
        assert_eq!(refusals(office.converts(office.kim, nothing, both_ways)), ["lead.part_unclear:account", "lead.part_unclear:contact"]);
        let other = office.system("account", json!({"name": "Other"}));
        let elsewhere = json!({"account": {"id": other}, "contact": {"id": contact}});
        assert_eq!(refusals(office.converts(office.kim, nothing, elsewhere)), ["lead.contact_elsewhere:contact/id"]);
    });
}

#[test]
fn all_that_stands_against_it_is_told_at_once_and_nothing_is_stored() {
    both(|database| {
        let office = Office::new(database);
        let mut process = office.read(office.ada, |cx, _| Ok(processes::list(cx))).unwrap()["items"][0].clone();
        process["stages"][0]["required_fields"] = json!(["expected_close_date"]);
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
        let lead = office.lead_of(office.kim, json!({}));
        let before = (office.counts("account"), office.counts("contact"), office.counts("opportunity"));
        let body = json!({
            "account": {"fields": {"name": "", "founded_year": "soon"}}, "contact": {"fields": {"email": "nonsense", "no_such": 1}},
            "opportunity": {"fields": {"name": "Line", "lead_source": "gossip"}},
        });
        let mut found = refusals(office.converts(office.kim, lead, body));
        found.sort();
        assert_eq!(
            found,
            [
                "field.invalid:account/founded_year",
                "field.invalid:contact/email",
                "field.not_an_option:opportunity/lead_source",
                "field.required:account/name",
                "field.required:contact/name",
                "field.unknown:contact/no_such",
                "stage.missing_field:opportunity/expected_close_date",
            ]
        );
        // The gate of the first stage alone is told as a requirement.
        let gate = office.converts(office.kim, lead, json!({"opportunity": {"fields": {"name": "Line"}}}));
        assert!(matches!(&gate, Err(Error::Unmet(_))), "{gate:?}");
        assert_eq!(refusals(gate), ["stage.missing_field:opportunity/expected_close_date"]);
        assert_eq!((office.counts("account"), office.counts("contact"), office.counts("opportunity")), before);
        assert_eq!(office.reads(office.kim, "lead", lead).unwrap()["fields"]["lead_status"], "pending");
    });
}

#[test]
fn rights_hold_for_every_part() {
    both(|database| {
        let office = Office::new(database);
        let lead = office.lead_of(office.kim, json!({}));
        // Whoever does not see a lead finds nothing, and whoever only reads changes nothing.
        assert!(matches!(office.converts(office.lee, lead, all_new()), Err(Error::NotFound)));
        assert!(matches!(office.converts(office.ines, lead, all_new()), Err(Error::Forbidden { .. })));
        // A deal of Lee's is not there for Kim.
        let deal = office.deal(office.lee, "Lee's own");
        assert_eq!(
            refusals(office.converts(office.kim, lead, json!({"opportunity": {"id": deal}}))),
            ["field.reference_not_found:opportunity/id"]
        );
        let mut role = office.role("salesperson");
        role["objects"]["account"]["acts"].as_array_mut().unwrap().retain(|act| act != "create");
        office.puts_role("salesperson", None, &role).unwrap();
        let refused = office.converts(office.kim, lead, all_new());
        assert!(matches!(&refused, Err(Error::Forbidden { act, object }) if act == "create" && object == "account"), "{refused:?}");
        assert_eq!(office.is_offered(office.kim, lead)["parts"]["account"]["may_create"], false);
        // Mona converts for Kim: what becomes of it is Kim's.
        let done = office.converts(office.mona, lead, all_new()).unwrap();
        assert_eq!(done["opportunity"]["fields"]["owner"], json!(office.kim));
    });
}

#[test]
fn hidden_fields_go_over_unseen_and_are_not_told() {
    both(|database| {
        let office = Office::new(database);
        for object in ["lead", "account"] {
            office.adds_field(object, json!({"key": "x_score", "label": {"en": "Score"}, "type": "text"}));
        }
        office.adds_field("account", json!({"key": "x_seen", "label": {"en": "Seen"}, "type": "text"}));
        let mut mapping = office.read(office.ada, conversion::mapping).unwrap();
        for to in ["x_score", "x_seen"] {
            mapping["account"].as_array_mut().unwrap().push(json!({"from": "x_score", "to": to}));
        }
        office.maps(mapping).unwrap();
        let lead = office.lead_of(office.kim, json!({"x_score": "secret"}));
        for object in ["lead", "account"] {
            office.hides("salesperson", object, &[("x_score", "hidden")]);
        }
        assert!(!office.is_offered(office.kim, lead).to_string().contains("secret"));
        let done = office.converts(office.kim, lead, json!({"account": {"fields": {"name": "Lindental"}}})).unwrap();
        assert!(!done.to_string().contains("secret"), "{done:#}");
        let account = done["account"]["id"].as_str().unwrap().parse().unwrap();
        let fields = office.reads(office.ada, "account", account).unwrap()["fields"].clone();
        assert_eq!((fields["x_score"].as_str(), &fields["x_seen"]), (Some("secret"), &Json::Null));
    });
}

#[test]
fn what_looks_alike_is_offered_to_those_who_see_it() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let same_name = office.system("account", json!({"name": "LINDENTAL"}));
        let same_domain = office.system("account", json!({"name": "Brewery", "website": "https://www.lindental.example/en"}));
        let of_contact = office.system("account", json!({"name": "Parent"}));
        let contact = office.system("contact", json!({"name": "A. Holm", "email": "ANNA@lindental.example", "account": of_contact}));
        office.system("account", json!({"name": "Kastanie"}));
        let lead = office.lead_of(office.kim, json!({}));
        let reasons = |offer: &Json, part: &str| -> BTreeMap<String, Json> {
            let found = offer["parts"][part]["candidates"].as_array().unwrap();
            let why = |one: &Json| -> Json {
                let rules = one["alike"]["reasons"].as_array().into_iter().flatten().map(|reason| reason["field"].clone());
                rules.chain(one["why"].as_array().unwrap().iter().cloned()).collect()
            };
            found.iter().map(|one| (one["id"].as_str().unwrap().to_owned(), why(one))).collect()
        };
        let offer = office.is_offered(office.kim, lead);
        let expected = BTreeMap::from([
            (same_name.to_string(), json!(["name"])),
            (same_domain.to_string(), json!(["domain"])),
            (of_contact.to_string(), json!(["contact"])),
        ]);
        assert_eq!(reasons(&offer, "account"), expected);
        let first = &offer["parts"]["account"]["candidates"][0];
        assert_eq!((&first["id"], &first["alike"]["verdict"], &first["alike"]["score"]), (&json!(same_name), &json!("block"), &json!(100)));
        assert_eq!(reasons(&offer, "contact"), BTreeMap::from([(contact.to_string(), json!(["email"]))]));
        assert_eq!(offer["parts"]["account"]["fields"]["name"], "Lindental");
        assert_eq!(offer["parts"]["contact"]["fields"]["email"], "anna@lindental.example");
        assert_eq!(offer["parts"]["opportunity"]["fields"]["name"], "Lindental");

        // Who may not know the e-mails of contacts is not told by it whose they are.
        office.hides("salesperson", "contact", &[("email", "hidden")]);
        let offer = office.is_offered(office.kim, lead);
        assert_eq!(reasons(&offer, "contact"), BTreeMap::new());
        assert!(!reasons(&offer, "account").contains_key(&of_contact.to_string()));
        // Where accounts are private, only one's own are offered.
        office.changes_object("account", json!({"base": "private"})).unwrap();
        assert_eq!(reasons(&office.is_offered(office.kim, lead), "account"), BTreeMap::new());
        let own = office.system("account", json!({"name": "Lindental", "owner": office.kim}));
        assert_eq!(reasons(&office.is_offered(office.kim, lead), "account"), BTreeMap::from([(own.to_string(), json!(["name"]))]));
    });
}

#[test]
fn a_conversion_is_judged_by_the_rules_of_duplicates_as_every_save_is() {
    both(|database| {
        let office = Office::with_duplicate_rules(database);
        let there = office.system("account", json!({"name": "Lindental Robotics GmbH"}));
        let lead = office.lead_of(office.kim, json!({"company": "Lindental Robotics"}));
        let with = |name: &str| json!({"account": {"fields": {"name": name}}, "opportunity": {"fields": {"name": "Line"}}});
        let before = (office.counts("account"), office.counts("opportunity"));
        // The same name is blocked, whatever one accepts; the one that is there can be taken.
        let found = |refused: Result<Json>| -> Json {
            let Err(Error::Invalid(found)) = refused else { panic!("{refused:?}") };
            assert_eq!((found.len(), found[0].code, found[0].path.as_str()), (1, "duplicate.found", "account"), "{found:?}");
            Json::Object(found[0].params.clone())
        };
        let accepting = |told: &Json, body: Json| {
            let tokens = crate::duplicates::tokens(std::slice::from_ref(told));
            let wanted = serde_json::from_value(body).unwrap();
            office.write(office.kim, |cx, tx| conversion::convert(&cx.accepting(tokens.clone()), tx, lead, None, &wanted))
        };
        let blocked = found(office.converts(office.kim, lead, with("LINDENTAL Robotics GmbH")));
        assert_eq!((&blocked["verdict"], &blocked["matches"][0]["id"]), (&json!("block"), &json!(there)));
        assert_eq!(found(accepting(&blocked, with("LINDENTAL Robotics GmbH")))["verdict"], "block");
        // A similar one is warned of; then nothing is stored, and with leave it is, which is kept with the account.
        let warned = found(office.converts(office.kim, lead, with("Lindenthal Robotics")));
        assert_eq!(warned["verdict"], "warn");
        assert_eq!((office.counts("account"), office.counts("opportunity")), before);
        assert_eq!(office.reads(office.kim, "lead", lead).unwrap()["fields"]["lead_status"], "pending");
        let done = accepting(&warned, with("Lindenthal Robotics")).unwrap();
        let made: Id = done["account"]["id"].as_str().unwrap().parse().unwrap();
        let told = office.read(office.kim, |cx, tx| duplicates::of_record(cx, tx, "account", made)).unwrap();
        assert_eq!((&told["items"][0]["how"], &told["items"][0]["found"]["id"]), (&json!("warned"), &json!(there)));
        let second = office.lead_of(office.kim, json!({"name": "Bert Holm", "email": "bert@lindental.example", "phone": null}));
        let done =
            office.converts(office.kim, second, json!({"account": {"id": there}, "opportunity": {"fields": {"name": "Other"}}})).unwrap();
        assert_eq!(done["opportunity"]["fields"]["account"], json!(there));
    });
}

#[test]
fn the_mapping_is_the_administrators_and_what_it_names_stays() {
    both(|database| {
        let office = Office::new(database);
        let shipped = office.read(office.ada, conversion::mapping).unwrap();
        assert_eq!((shipped["version"].as_i64(), shipped["shipped"].as_bool()), (Some(0), Some(true)));
        assert!(matches!(office.read(office.kim, conversion::mapping), Err(Error::Forbidden { .. })));
        office.adds_field("lead", json!({"key": "x_size", "label": {"en": "Size"}, "type": "number", "scale": 0}));
        let wrong = json!({"account": [
            {"from": "x_size", "to": "city"}, {"from": "x_size", "to": "employees"}, {"from": "x_size", "to": "employees"},
            {"from": "nothing", "to": "owner"}, {"from": "x_size", "to": "created_at"},
        ]});
        assert_eq!(
            refusals(office.maps(wrong)),
            [
                "lead_conversion.types_differ:account/0/to",
                "field.not_unique:account/2/to",
                "field.unknown:account/3/from",
                "field.unknown:account/3/to",
                "field.unknown:account/4/to",
            ]
        );
        let saved = office.maps(json!({"account": [{"from": "company", "to": "name"}, {"from": "x_size", "to": "employees"}]})).unwrap();
        assert_eq!(saved["version"], 1);
        let uses = office.read(office.ada, |cx, tx| objects::uses(cx, tx, "lead", "x_size")).unwrap();
        assert_eq!(
            (uses["items"][0]["kind"].as_str(), uses["items"][0]["path"].as_str()),
            (Some("lead_conversion"), Some("account/1/from"))
        );
        assert_eq!(refusals(office.puts_field("lead", "x_size", objects::FieldAct::Disable)), ["field.in_use"]);
        // Of two who change it at once the second is shown what the first did.
        let save = |to: &str| {
            let wanted = serde_json::from_value(json!({"account": [{"from": "company", "to": to}]})).unwrap();
            office.write(office.ada, move |cx, tx| conversion::save_mapping(cx, tx, Some(1), &wanted))
        };
        let (a, b) = at_once(|| save("name"), || save("city"));
        let (kept, refused) = if a.is_ok() { (a, b) } else { (b, a) };
        let Err(Error::Conflict { record }) = refused else { panic!("{refused:?}") };
        assert_eq!(record["account"], kept.unwrap()["account"]);
        office.puts_field("lead", "x_size", objects::FieldAct::Disable).unwrap();
    });
}

#[test]
fn of_two_who_convert_one_lead_one_wins_and_the_other_is_told_what_it_became() {
    both(|database| {
        let office = Office::new(database);
        for _ in 0..8 {
            let lead = office.lead_of(office.kim, json!({}));
            let before = office.counts("opportunity");
            let (a, b) = at_once(|| office.converts(office.kim, lead, all_new()), || office.converts(office.mona, lead, all_new()));
            let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
            let won = won.unwrap();
            let Err(Error::Invalid(found)) = lost else { panic!("both won, or lost for another reason: {lost:?}") };
            assert_eq!((found[0].code, &found[0].params["opportunity"]), ("lead.converted", &won["opportunity"]["id"]));
            assert_eq!(office.counts("opportunity"), before + 1);
        }
    });
}

/// Every way through is broken off at every statement, the commit too: what is stored is then what was stored before, to the last row.
#[test]
fn a_conversion_that_breaks_off_anywhere_leaves_nothing_behind() {
    both(|database| {
        let office = Office::new(database);
        let account = office.system("account", json!({"name": "Lindental"}));
        office.adds_field(
            "account",
            json!({"key": "x_deals", "label": {"en": "Deals"}, "type": "statistical", "of": "opportunity", "via": "account", "function": "sum", "field": "amount"}),
        );
        for body in [all_new(), json!({"account": {"id": account}, "opportunity": {"fields": {"name": "Line", "amount": "5"}}})] {
            let lead = office.lead_of(office.kim, json!({}));
            // Whatever is noted once a day or at the first use has been noted.
            office.converts(office.kim, office.lead_of(office.kim, json!({})), body.clone()).unwrap();
            let before = db::failpoint::digests(office.house.db()).unwrap();
            // The first statement is the beginning itself.
            let mut n = 1;
            loop {
                n += 1;
                let (done, broken) = db::failpoint::at(n, || office.converts(office.kim, lead, body.clone()));
                if !broken {
                    let done = done.unwrap();
                    assert_eq!(done["lead"]["fields"]["lead_status"], "converted");
                    break;
                }
                assert!(matches!(done, Err(Error::Db(_))), "statement {n}: {done:?}");
                let after = db::failpoint::digests(office.house.db()).unwrap();
                let differ: Vec<_> = after.iter().filter(|(table, digest)| before.get(*table) != Some(digest)).collect();
                assert!(differ.is_empty(), "statement {n} left something behind: {differ:?}");
            }
            assert!(n > 30, "{n} statements");
            eprintln!("{:?}: {} statements, each broken off", office.house.db().engine(), n - 2);
            let after = db::failpoint::digests(office.house.db()).unwrap();
            assert!(after.iter().any(|(table, digest)| before.get(table) != Some(digest)), "the digest sees what is stored");
            assert_eq!(office.read(office.ada, check::all).unwrap()["ok"], true);
        }
    });
}
