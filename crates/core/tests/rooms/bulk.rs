//! One act on many records, and the files that they are given.

use model::Via;
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, bulk, files};
use testkit::both;

use crate::office::{Office, refusals};

impl Office {
    pub fn acts(&self, who: model::Id, body: Json) -> Json {
        let wanted: bulk::Bulk = serde_json::from_value(body).unwrap();
        bulk::begin(&self.house, &Credential::Person(who), Via::Api, "opportunity", &wanted).unwrap()
    }
}

#[test]
fn a_file_hangs_on_one_record() {
    both(|database| {
        let office = Office::new(database);
        office.adds_field("opportunity", json!({"key": "x_files", "label": {"en": "Files"}, "type": "attachment"}));
        let (one, two) = (office.deal(office.kim, "One"), office.deal(office.kim, "Two"));
        let file = office.write(office.kim, |cx, tx| files::keep(cx, tx, "a.txt", b"text")).unwrap()["id"].clone();
        let done = office.acts(office.kim, json!({"ids": [one, two], "act": "edit", "fields": {"x_files": [file]}}));
        assert_eq!((done["changed"].as_i64(), done["refused"].as_i64()), (Some(1), Some(1)), "{done}");
        let id = file.as_str().unwrap().parse().unwrap();
        office.read(office.kim, |cx, tx| files::read(cx, tx, id)).map(|file| file.name).unwrap();
        let made = office.creates(office.kim, "opportunity", json!({"name": "Three", "x_files": [file]}));
        assert!(made.is_err());
    });
}

#[test]
fn a_file_of_a_hidden_field_does_not_come_to_light_by_another() {
    both(|database| {
        let office = Office::new(database);
        for key in ["x_open", "x_secret"] {
            office.adds_field("opportunity", json!({"key": key, "label": {"en": key}, "type": "attachment"}));
        }
        let deal = office.deal(office.kim, "One");
        let file = office.write(office.ada, |cx, tx| files::keep(cx, tx, "a.txt", b"secret")).unwrap()["id"].clone();
        office.edits(office.ada, "opportunity", deal, json!({"x_secret": [file]})).unwrap();
        office.hides("salesperson", "opportunity", &[("x_secret", "hidden")]);
        let named = office.edits(office.kim, "opportunity", deal, json!({"x_open": [file]}));
        assert_eq!(refusals(named), ["file.unknown:x_open"]);
    });
}
