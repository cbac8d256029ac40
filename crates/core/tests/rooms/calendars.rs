//! Business calendars: one holds for everybody, others for departments and those below.

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::{Error, Result, audit, calendars};
use testkit::both;

use crate::office::{Office, refusals};

impl Office {
    fn calendars(&self) -> Vec<Json> {
        self.read(self.kim, calendars::list).unwrap()["items"].as_array().unwrap().clone()
    }

    fn saves_calendar(&self, who: Id, id: Option<&str>, version: Option<i64>, wanted: &Json) -> Result<Json> {
        let wanted = serde_json::from_value(wanted.clone()).unwrap();
        self.write(who, |cx, tx| calendars::save(cx, tx, id.map(|id| id.parse().unwrap()), version, &wanted))
    }

    fn holding(&self, department: Id) -> String {
        self.read(self.kim, |cx, tx| calendars::holding(cx, tx, department)).unwrap()["name"].as_str().unwrap().to_owned()
    }
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap()
}

#[test]
fn the_nearest_one_up_the_tree_holds() {
    both(|database| {
        let office = Office::new(database);
        let usual = office.calendars();
        assert_eq!((usual.len(), usual[0]["standard"].as_bool()), (1, Some(true)));
        let company = office.system("department", json!({"name": "Company"}));
        let plant = office.system("department", json!({"name": "Plant", "parent": company}));
        let shift = office.system("department", json!({"name": "Night shift", "parent": plant}));
        let nights = json!({"name": "Nights", "time_zone": "Asia/Shanghai", "departments": [plant], "week": {"monday": [{"from": "00:00", "to": "06:00"}]}});
        let nights = office.saves_calendar(office.ada, None, None, &nights).unwrap();
        assert_eq!(nights["refs"][plant.to_string()]["name"], "Plant");
        assert_eq!([company, plant, shift].map(|one| office.holding(one)), ["Monday to Friday", "Nights", "Nights"]);
        // Another of its own is nearer, and no department has two.
        let own = json!({"name": "Shift", "departments": [shift]});
        let own = office.saves_calendar(office.ada, None, None, &own).unwrap();
        assert_eq!(office.holding(shift), "Shift");
        let both = json!({"name": "nights", "departments": [plant, Id::SYSTEM]});
        let refused = refusals(office.saves_calendar(office.ada, Some(text(&own, "id")), None, &both));
        assert_eq!(refused, ["field.not_unique:name", "field.reference_not_found:departments", "calendar.department_taken:departments"]);
        // Used ones stay.
        let delete = |json: &Json| {
            let id: Id = text(json, "id").parse().unwrap();
            office.write(office.ada, |cx, tx| calendars::delete(cx, tx, id, json["version"].as_i64()))
        };
        assert_eq!(refusals(delete(&own)), ["calendar.in_use"]);
        assert_eq!(refusals(delete(&usual[0])), ["calendar.one_must_hold"]);
        let free = office.saves_calendar(office.ada, Some(text(&own, "id")), Some(1), &json!({"name": "Shift"})).unwrap();
        assert!(matches!(delete(&own), Err(Error::Conflict { .. })), "it was changed meanwhile");
        delete(&free).unwrap();
        assert_eq!(office.holding(shift), "Nights");
        // Another becomes the organisation's; none cannot.
        let mut standard = nights.clone();
        standard["standard"] = true.into();
        office.saves_calendar(office.ada, Some(text(&nights, "id")), Some(1), &standard).unwrap();
        assert_eq!(
            office.calendars().iter().map(|one| (text(one, "name").to_owned(), one["standard"] == true)).collect::<Vec<_>>(),
            [("Nights".to_owned(), true), ("Monday to Friday".to_owned(), false),]
        );
        assert_eq!(office.holding(company), "Nights");
        let refused = refusals(office.saves_calendar(office.ada, Some(text(&nights, "id")), None, &nights));
        assert_eq!(refused, ["calendar.one_must_hold:standard"]);
        // Who did it is in the trace.
        let wanted = serde_json::from_value(json!({"kind": "calendar"})).unwrap();
        let log = office.read(office.ada, |cx, tx| audit::log(cx, tx, &wanted)).unwrap();
        assert_eq!(log["items"].as_array().unwrap().len(), 5);
    });
}

#[test]
fn only_administrators_change_them_and_everybody_may_reckon() {
    both(|database| {
        let office = Office::new(database);
        let usual = office.calendars()[0].clone();
        assert!(matches!(office.saves_calendar(office.mona, None, None, &json!({"name": "Mine"})), Err(Error::Forbidden { .. })));
        let id: Id = text(&usual, "id").parse().unwrap();
        let mut shaped = usual.clone();
        shaped["time_zone"] = "Asia/Shanghai".into();
        shaped["days"] = calendars::days(&serde_json::from_value(json!({"text": "2026-11-30, Day of rest"})).unwrap())["days"].clone();
        office.saves_calendar(office.ada, Some(text(&usual, "id")), Some(1), &shaped).unwrap();
        let reckon = |body: Json| {
            let wanted = serde_json::from_value(body).unwrap();
            office.read(office.kim, |cx, tx| calendars::reckon(cx, tx, id, &wanted))
        };
        // Friday 16:00 in Shanghai, ten hours of work, and a Monday on which nobody works.
        let said = reckon(json!({"from": "2026-11-27T08:00:00Z", "seconds": 36_000, "to": "2026-11-30T10:00:00Z"})).unwrap();
        assert_eq!((said["is_working"].as_bool(), said["seconds"].as_i64()), (Some(true), Some(7_200)));
        assert_eq!(said["at"], "2026-12-01T10:00:00.000000Z");
        let said = reckon(json!({"from": "2026-11-30T02:00:00Z"})).unwrap();
        assert_eq!((said["day"].as_str(), said["next_opening"].as_str()), (Some("Day of rest"), Some("2026-12-01T01:00:00.000000Z")));
        assert_eq!(
            refusals(reckon(json!({"from": "soon", "to": "later", "seconds": -1}))),
            ["field.invalid:from", "field.invalid:to", "field.out_of_range:seconds",]
        );
        let wrong = json!({"name": " ", "time_zone": "Mars/Base", "week": {"funday": [], "monday": [{"from": "10:00", "to": "09:00"}]},
            "days": [{"from": "2026-05-02", "to": "2026-05-01", "kind": "half_day"}]});
        assert_eq!(
            refusals(office.saves_calendar(office.ada, None, None, &wrong)),
            [
                "field.required:name",
                "field.invalid:time_zone",
                "field.not_an_option:week/funday",
                "calendar.ends_before_it_begins:week/monday/0",
                "calendar.ends_before_it_begins:days/0/to",
                "field.required:days/0/hours",
            ]
        );
    });
}
