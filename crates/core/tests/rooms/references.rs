//! A field with several records of one object.

use model::Id;
use sea_query::ExprTrait;
use serde_json::{Value as Json, json};
use stagecraft_core::{records, save};
use testkit::both;

use crate::office::{Office, id_of, refusals};

fn label(text: &str) -> Json {
    json!({"en": text, "zh-CN": text})
}

fn with_partners(office: &Office) -> (Id, Id, Id) {
    office.adds_field("opportunity", json!({"key": "x_partners", "label": label("Partners"), "type": "references", "object": "account"}));
    let account = |name: &str| id_of(&office.creates(office.kim, "account", json!({"name": name})).unwrap());
    (account("Nordwind"), account("Ostwind"), account("Südwind"))
}

#[test]
fn several_records_are_named_found_and_told() {
    both(|database| {
        let office = Office::new(database);
        let (north, east, south) = with_partners(&office);
        let deal = |name: &str, partners: &[Id]| {
            id_of(&office.creates(office.kim, "opportunity", json!({"name": name, "x_partners": partners})).unwrap())
        };
        let (one, _two, _none) = (deal("Rail", &[east, north]), deal("Bridge", &[south]), deal("Tower", &[]));
        let shown = office.reads(office.kim, "opportunity", one).unwrap();
        assert_eq!(shown["fields"]["x_partners"], json!([north, east]));
        assert_eq!(shown["refs"][east.to_string()], json!({"object": "account", "name": "Ostwind"}));
        let found = |op: &str, value: Json| {
            let filter = json!({"field": "x_partners", "op": op, "value": value}).to_string();
            office.lists(office.kim, "opportunity", json!({"filter": filter, "sort": "name"})).unwrap().0
        };
        assert_eq!(found("contains", json!([east])), ["Rail"]);
        assert_eq!(found("contains", json!([east, south])), ["Bridge", "Rail"]);
        assert_eq!(found("not_contains", json!(east)), ["Bridge", "Tower"]);
        assert_eq!(found("is_empty", Json::Null), ["Tower"]);

        office.edits(office.kim, "opportunity", one, json!({"x_partners": [south]})).unwrap();
        let history = office.read(office.kim, |cx, tx| records::history(cx, tx, "opportunity", one, &Default::default())).unwrap();
        assert_eq!(history["items"][0]["changes"][0]["new"], json!([south]));
        assert_eq!(history["refs"][north.to_string()]["name"], "Nordwind", "what it held before is named too");
        // Nothing leads across several.
        let across = json!({"field": "x_partners.name", "op": "eq", "value": "Ostwind"}).to_string();
        assert!(office.lists(office.kim, "opportunity", json!({"filter": across})).is_err());
        office.agrees();
    });
}

#[test]
fn what_one_may_not_see_cannot_be_listed_and_what_stands_there_stays() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("account", json!({"key": "x_deals", "label": label("Deals"), "type": "references", "object": "opportunity"}));
        let (kims, lees) = (office.deal(office.kim, "Rail"), office.deal(office.lee, "Bridge"));
        let account = id_of(&office.creates(office.kim, "account", json!({"name": "Nordwind", "x_deals": [kims]})).unwrap());
        let set = |who: Id, deals: &[Id]| office.edits(who, "account", account, json!({"x_deals": deals}));
        assert_eq!(refusals(set(office.kim, &[kims, lees, Id::from_parts(1, [9; 10])])), ["field.reference_not_found:x_deals"]);
        set(office.hanna, &[kims, lees]).unwrap();
        let shown = office.reads(office.kim, "account", account).unwrap();
        assert_eq!(shown["refs"].get(lees.to_string()), None, "out of sight has no name");
        // He may take his own out, and need not see the other for that.
        set(office.kim, &[lees]).unwrap();
        assert_eq!(refusals(set(office.kim, &(0..51).map(|n| Id::from_parts(n, [3; 10])).collect::<Vec<_>>())), ["field.too_long:x_deals"]);
        // A voided one is still named where it is listed.
        office.write(office.hanna, |cx, tx| save::save(cx, tx, save::Change::of("opportunity", lees, save::Deed::Void))).unwrap();
        let shown = office.reads(office.hanna, "account", account).unwrap();
        assert_eq!(shown["refs"][lees.to_string()]["name"], "Bridge");
        office.agrees();
    });
}

#[test]
fn an_object_that_is_listed_cannot_be_put_away() {
    both(|database| {
        let office = Office::new(database);
        let visit = office.makes_object(json!({"label": label("Visit"), "plural": label("Visits")}));
        office.adds_field("opportunity", json!({"key": "x_visits", "label": label("Visits"), "type": "references", "object": visit}));
        let refused = office
            .write(office.ada, |cx, tx| stagecraft_core::objects::act_on_object(cx, tx, &visit, stagecraft_core::objects::ObjectAct::Hide));
        assert_eq!(refusals(refused), ["object.in_use"]);
        assert_eq!(
            refusals(office.tries_to_add("opportunity", json!({"label": label("X"), "type": "references", "object": "x_nothing"}))),
            ["field.unknown:object"]
        );
        assert_eq!(refusals(office.changes_field("opportunity", "x_visits", json!({"object": "account"}))), ["field.fixed:object"]);
    });
}

#[test]
fn the_one_assistant_of_older_departments_becomes_one_of_several() {
    both(|database| {
        let office = Office::new(database);
        let north = office.named("department", "North");
        // As an installation stood before there were several.
        let mut old = office.house.meta().schema.object("department").unwrap().as_ref().clone();
        old.fields.retain(|field| field.key != "assistants");
        let single = model::Field::new("assistant", model::Label::new("Assistant", "部门助理"), model::field::FieldType::Employee);
        old.fields.push(single);
        db::ddl::ensure(office.house.db(), &old).unwrap();
        let doc = serde_json::to_string(&old).unwrap();
        office
            .write(office.ada, |_, tx| {
                let update = |table: &'static str| sea_query::Query::update().table(table).to_owned();
                let is = |column: &'static str, value: sea_query::Value| sea_query::Expr::col(column).eq(sea_query::Expr::val(value));
                tx.execute(update("object_def").value("doc", doc.as_str()).and_where(is("key", "department".into())).to_owned())?;
                tx.execute(update("r_department").value("assistant", office.karl.0).and_where(is("id", north.0.into())).to_owned())?;
                tx.publish_meta()?;
                Ok(())
            })
            .unwrap();
        for _ in 0..2 {
            let house = stagecraft_core::House::open(office.house.db().clone()).unwrap();
            let held = office.write(office.ada, |cx, tx| {
                db::access::rebuild_sees(tx)?;
                records::read(cx, tx, "department", north)
            });
            assert_eq!(held.unwrap()["fields"]["assistants"], json!([office.karl]));
            let meta = house.meta();
            let department = meta.definitions.iter().find(|object| object.key == "department").unwrap();
            assert_eq!(department.field("assistant").unwrap().state, model::field::State::Disabled);
        }
        let deal = office.deal(office.kim, "Rail");
        assert!(office.sees(office.karl, deal));
    });
}
