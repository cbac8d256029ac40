//! Who sees a record and why, in words that an administrator can follow.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, records, seeing};
use testkit::both;

use crate::office::{Office, id_of};

impl Office {
    pub fn everyone_who_sees(&self, asking: Id, object: &str, id: Id) -> Result<Json> {
        self.read(asking, |cx, tx| seeing::everyone(cx, tx, object, id, &Default::default()))
    }

    pub fn why(&self, asking: Id, object: &str, id: Id, person: Id) -> Json {
        self.read(asking, |cx, tx| seeing::one(cx, tx, object, id, person)).unwrap()
    }
}

fn whys(reasons: &Json) -> Vec<&str> {
    reasons.as_array().unwrap().iter().map(|reason| reason["why"].as_str().unwrap()).collect()
}

#[test]
fn everybody_who_sees_a_deal_is_named_with_every_reason() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let members: Vec<records::TeamMember> =
            serde_json::from_value(json!([{"person": office.lee, "role": "pre_sales", "access": "read"}])).unwrap();
        office.write(office.kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &members)).unwrap();
        office
            .shares(
                json!({"object": "opportunity", "name": "To Karl", "level": "read_write", "to": [{"kind": "person", "id": office.karl}]}),
            )
            .unwrap();
        let told = office.everyone_who_sees(office.kim, "opportunity", deal).unwrap();
        let people: Vec<(Id, &str, Vec<&str>)> = told["people"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["person"].as_str().unwrap().parse().unwrap(), one["level"].as_str().unwrap(), whys(&one["reasons"])))
            .collect();
        assert_eq!(
            people,
            [
                (office.kim, "read_write", vec!["owner"]),
                (office.hanna, "read_write", vec!["manager"]),
                (office.mona, "read_write", vec!["manager"]),
                (office.lee, "read", vec!["team"]),
                (office.karl, "read_write", vec!["share"]),
                (office.ada, "read_write", vec!["role"]),
                (office.ines, "read", vec!["role"]),
            ]
        );
        assert_eq!((&told["base"], &told["everybody"], &told["count"]), (&json!("private"), &Json::Null, &json!(7)));
        let hanna = office.why(office.kim, "opportunity", deal, office.hanna);
        assert_eq!(hanna["reasons"][0]["chain"], json!([office.mona, office.hanna]));
        assert_eq!(hanna["refs"][office.mona.to_string()]["name"], "Mona");
        let karl = office.why(office.kim, "opportunity", deal, office.karl);
        assert_eq!((&karl["reasons"][0]["name"], &karl["reasons"][0]["to"]["kind"]), (&json!("To Karl"), &json!("person")));
        let sven = office.why(office.kim, "opportunity", deal, office.sven);
        assert_eq!((&sven["sees"], &sven["level"], &sven["missing"][0]["code"]), (&json!(false), &json!("none"), &json!("not_given")));
        // Asking needs to see it.
        assert!(matches!(office.everyone_who_sees(office.sven, "opportunity", deal), Err(Error::NotFound)));
        // One who has left, and one whose roles do not read deals.
        office.edits(office.ada, "employee", office.karl, json!({"active": false})).unwrap();
        assert_eq!(office.why(office.kim, "opportunity", deal, office.karl)["missing"][0]["code"], "inactive");
        office.adds_role(&json!({"key": "blind", "name": {"en": "Blind"}, "objects": {"account": {"acts": ["read"]}}})).unwrap();
        office.edits(office.ada, "employee", office.lee, json!({"roles": ["blind"]})).unwrap();
        let lee = office.why(office.kim, "opportunity", deal, office.lee);
        assert_eq!(
            (&lee["sees"], &lee["missing"][0]["code"], whys(&lee["reasons"])),
            (&json!(false), &json!("no_read_right"), vec!["team"])
        );
        let found = serde_json::from_value(json!({"q": "mon"})).unwrap();
        let found = office.read(office.kim, |cx, tx| seeing::everyone(cx, tx, "opportunity", deal, &found)).unwrap();
        assert_eq!(found["count"], 1);
    });
}

#[test]
fn what_belongs_to_a_deal_is_seen_through_it() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let line = json!({"opportunity": deal, "name": "Crane", "quantity": "1", "price": "5"});
        let line = id_of(&office.creates(office.kim, "opportunity_line", line).unwrap());
        let mona = office.why(office.kim, "opportunity_line", line, office.mona);
        let reason = &mona["reasons"][0];
        assert_eq!((&reason["why"], &reason["object"], &reason["field"]), (&json!("parent"), &json!("opportunity"), &json!("opportunity")));
        assert_eq!(whys(&reason["reasons"]), ["manager"]);
        // A product is for everybody.
        let product = office.system("product", json!({"name": "Crane"}));
        let told = office.everyone_who_sees(office.kim, "product", product).unwrap();
        assert_eq!(told["everybody"], "read_write");
        assert_eq!(told["count"], 2, "those whose role sees all besides");
    });
}

#[test]
fn what_a_hidden_field_would_tell_is_not_told() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office
            .shares(json!({
                "object": "opportunity", "name": "Above a million", "level": "read", "to": [{"kind": "person", "id": office.lee}],
                "condition": {"field": "amount", "op": "gt", "value": {"amount": "1", "currency": "USD"}},
            }))
            .unwrap();
        office.hides("salesperson", "opportunity", &[("amount", "hidden"), ("owner", "hidden")]);
        let told = office.everyone_who_sees(office.lee, "opportunity", deal).unwrap();
        assert!(told["people"].as_array().unwrap().iter().all(|one| one["reasons"] == json!([])), "{told:#}");
        office.hides("salesperson", "opportunity", &[("owner", "read")]);
        let told_now = office.everyone_who_sees(office.lee, "opportunity", deal).unwrap().to_string();
        assert!(told_now.contains("share") && !told_now.contains("million"), "a rule's name may tell");
        assert_eq!(told["count"], 6);
        let names: Vec<&str> = told["people"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| told["refs"][one["person"].as_str().unwrap()]["name"].as_str().unwrap())
            .collect();
        assert!(names.is_sorted(), "no order that tells: {names:?}");
    });
}

#[test]
fn what_a_person_sees_is_counted_by_its_reasons() {
    both(|database| {
        let office = Office::new(database);
        office.deal(office.kim, "Rail");
        office.deal(office.karl, "Port");
        office.deal(office.mona, "Quay");
        let lees = office.deal(office.lee, "Dock");
        let members: Vec<records::TeamMember> =
            serde_json::from_value(json!([{"person": office.mona, "role": "member", "access": "read"}])).unwrap();
        office.write(office.lee, |cx, tx| records::set_team(cx, tx, "opportunity", lees, &members)).unwrap();
        office.hides("sales_manager", "opportunity", &[("lost_note", "hidden"), ("next_step", "read")]);
        let sight = office.read(office.ada, |cx, tx| seeing::person(cx, tx, office.mona)).unwrap();
        let deals = sight["objects"].as_array().unwrap().iter().find(|one| one["object"] == "opportunity").unwrap();
        assert_eq!(deals["visible"], 4);
        let by = json!([{"why": "owner", "count": 1}, {"why": "below", "count": 2}, {"why": "team", "count": 1}]);
        assert_eq!(deals["by"], by);
        assert_eq!((&deals["hidden_fields"], &deals["read_only_fields"]), (&json!(["lost_note"]), &json!(["next_step"])));
        assert_eq!((&sight["below"]["count"], &sight["administrator"]), (&json!(2), &json!(false)));
        let page = office.read(office.ada, |cx, tx| seeing::seen_by(cx, tx, office.mona, "opportunity", &Default::default())).unwrap();
        let mut found: Vec<(String, Vec<&str>)> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["fields"]["name"].as_str().unwrap().to_owned(), whys(&one["reasons"])))
            .collect();
        found.sort();
        let due = [("Dock", "team"), ("Port", "manager"), ("Quay", "owner"), ("Rail", "manager")];
        assert_eq!(found, due.map(|(name, why)| (name.to_owned(), vec![why])));
        // Oneself, and no peer.
        assert!(office.read(office.mona, |cx, tx| seeing::person(cx, tx, office.mona)).is_ok());
        let peer = office.read(office.kim, |cx, tx| seeing::person(cx, tx, office.karl));
        assert!(matches!(peer, Err(Error::Forbidden { .. })));
    });
}

#[test]
fn two_thousand_people_are_no_more_statements_than_two() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let statements = || {
            office
                .read(office.kim, |cx, tx| {
                    let before = tx.statements();
                    seeing::everyone(cx, tx, "opportunity", deal, &Default::default())?;
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let few = statements();
        let mut hire = stagecraft_core::save::Change::new("employee", stagecraft_core::save::Deed::Create);
        hire.patch.insert("name".into(), "Pat".into());
        hire.patch.insert("manager".into(), office.mona.into());
        let hired = office.write(office.ada, |cx, tx| stagecraft_core::save::save_all(cx, tx, "employee", vec![hire.clone(); 400]));
        assert!(hired.unwrap().iter().all(Result::is_ok));
        assert_eq!(statements(), few);
        assert!(few <= 12, "{few} statements");
    });
}
