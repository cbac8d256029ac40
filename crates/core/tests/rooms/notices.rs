//! What people are told: who, once, and only of what they see.

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::notices::{self, Kind, Mark, Notice, NoticesRequest, preferences};
use stagecraft_core::{Credential, Limits, bulk, housekeeping, records};
use testkit::both;

use crate::office::Office;
use crate::together::at_once;

impl Office {
    /// What a person is told, and how many are unread.
    pub fn told(&self, who: Id) -> (Vec<Json>, i64) {
        let answer = self.read(who, |cx, tx| notices::list(cx, tx, &NoticesRequest::default())).unwrap();
        (answer["items"].as_array().unwrap().clone(), answer["unread"].as_i64().unwrap())
    }

    /// The product tells these.
    pub fn tells(&self, all: &[Notice]) {
        let system = Credential::System("to tell somebody");
        self.house.write(&system, Limits::default(), Via::System, |cx, tx| notices::tell_all(cx, tx, all.to_vec())).unwrap();
    }

    pub fn gives_away(&self, who: Id, object: &str, id: Id, to: Id) {
        let wanted = serde_json::from_value(json!({"owner": to})).unwrap();
        self.write(who, |cx, tx| records::change_owner(cx, tx, object, id, None, &wanted)).unwrap();
    }

    fn marks(&self, who: Id, mark: Json, read: bool) -> i64 {
        let mark: Mark = serde_json::from_value(mark).unwrap();
        self.write(who, |cx, tx| notices::read(cx, tx, &mark, read)).unwrap()["unread"].as_i64().unwrap()
    }
}

#[test]
fn whoever_is_given_a_record_is_told_and_whoever_takes_one_is_not() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        assert_eq!(office.told(office.kim), (Vec::new(), 0));
        office.gives_away(office.mona, "opportunity", deal, office.karl);
        let (told, unread) = office.told(office.karl);
        assert_eq!((told.len(), unread), (1, 1));
        assert_eq!(told[0]["kind"], "assigned");
        assert_eq!((&told[0]["record"], &told[0]["by"]), (&json!(deal), &json!(office.mona)));
        office.gives_away(office.mona, "opportunity", deal, office.mona);
        assert_eq!(office.told(office.mona).1, 0);
    });
}

#[test]
fn one_act_on_many_records_is_told_once() {
    both(|database| {
        let office = Office::new(database);
        let deals: Vec<Id> = (0..250).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        let wanted: bulk::Bulk = serde_json::from_value(json!({"ids": deals, "act": "change_owner", "owner": office.karl})).unwrap();
        let done = bulk::begin(&office.house, &Credential::Person(office.mona), Via::Api, "opportunity", &wanted).unwrap();
        while stagecraft_core::jobs::work(&office.house).unwrap() {}
        assert_eq!(done["total"], 250, "{done}");
        let (told, unread) = office.told(office.karl);
        assert_eq!((told.len(), unread, &told[0]["count"], &told[0]["record"]), (1, 1, &json!(250), &Json::Null));
    });
}

#[test]
fn a_notice_about_a_record_is_there_while_its_reader_sees_the_record() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        office.tells(&[Notice::new(office.lee, Kind::Mention).about("opportunity", deal)]);
        assert_eq!(office.told(office.lee), (Vec::new(), 0));
        office.gives_away(office.hanna, "opportunity", deal, office.lee);
        let kinds: Vec<Json> = office.told(office.lee).0.iter().map(|one| one["kind"].clone()).collect();
        assert_eq!(kinds, ["assigned", "mention"]);
        office.gives_away(office.hanna, "opportunity", deal, office.kim);
        assert_eq!(office.told(office.lee), (Vec::new(), 0));
        // Nor is one there of an object that his role no longer reads.
        office.tells(&[Notice::new(office.kim, Kind::Mention).about("opportunity", deal)]);
        assert_eq!(office.told(office.kim).1, 2);
        let mut role = office.role("salesperson");
        role["objects"]["opportunity"] = json!({"acts": []});
        office.puts_role("salesperson", None, &role).unwrap();
        assert_eq!(office.told(office.kim), (Vec::new(), 0));
    });
}

#[test]
fn what_has_a_key_is_told_once_also_by_two_at_once() {
    both(|database| {
        let office = Office::new(database);
        for round in 0..10 {
            let all: Vec<Notice> =
                [office.kim, office.karl, office.lee].map(|to| Notice::new(to, Kind::ImportEnded).once(format!("round {round}"))).to_vec();
            let back: Vec<Notice> = all.iter().rev().cloned().collect();
            at_once(|| office.tells(&all), || office.tells(&back));
        }
        for who in [office.kim, office.karl, office.lee] {
            assert_eq!(office.told(who).1, 10);
        }
    });
}

#[test]
fn notices_are_read_and_unread_again_by_their_reader_alone() {
    both(|database| {
        let office = Office::new(database);
        let three = || Notice::new(office.kim, Kind::ImportEnded);
        office.tells(&[three()]);
        database.advance(10);
        office.tells(&[three(), three(), Notice::new(office.lee, Kind::ImportEnded)]);
        let (told, unread) = office.told(office.kim);
        assert_eq!((told.len(), unread), (3, 3));
        let (newest, oldest) = (&told[0]["id"], &told[2]);
        assert_eq!(office.marks(office.lee, json!({"ids": [newest]}), true), 1);
        assert_eq!(office.told(office.kim).1, 3);
        assert_eq!(office.marks(office.kim, json!({"ids": [newest]}), true), 2);
        assert_eq!(office.marks(office.kim, json!({"ids": [newest]}), false), 3);
        assert_eq!(office.marks(office.kim, json!({"all": true, "until": oldest["at"]}), true), 2);
        assert!(office.told(office.kim).0[2]["read_at"].is_string());
        assert_eq!(office.marks(office.kim, json!({"all": true}), true), 0);
        let pages = |cursor: Option<String>| {
            office
                .read(office.kim, |cx, tx| notices::list(cx, tx, &NoticesRequest { unread: false, cursor: cursor.clone(), limit: Some(2) }))
                .unwrap()
        };
        let first = pages(None);
        let second = pages(first["next_cursor"].as_str().map(str::to_owned));
        let ids = |page: &Json| page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
        assert_eq!([ids(&first), ids(&second)].concat(), told.iter().map(|one| one["id"].clone()).collect::<Vec<_>>());
        assert_eq!(second["next_cursor"], Json::Null);
    });
}

#[test]
fn what_a_person_does_not_wish_to_hear_is_not_told_him() {
    both(|database| {
        let office = Office::new(database);
        let wants = |body: Json| {
            let wanted: preferences::Wanted = serde_json::from_value(body).unwrap();
            office.write(office.kim, |cx, tx| preferences::save(cx, tx, None, &wanted))
        };
        let chosen = json!({"kinds": [{"kind": "mention", "in_app": false, "email": "never"}], "digest_at": "7:30", "digest_days": ["sunday", "monday"]});
        let saved = wants(chosen.clone()).unwrap();
        assert_eq!(
            (&saved["digest_at"], &saved["digest_days"], &saved["version"]),
            (&json!("07:30"), &json!(["monday", "sunday"]), &json!(1))
        );
        office.tells(&[Notice::new(office.kim, Kind::Mention), Notice::new(office.kim, Kind::ImportEnded)]);
        assert_eq!(office.told(office.kim).0.len(), 1);
        let wrong =
            json!({"kinds": [{"kind": "gossip", "in_app": true, "email": "pigeon"}], "digest_at": "24:00", "digest_days": ["someday"]});
        assert_eq!(
            crate::office::refusals(wants(wrong)),
            [
                "field.not_an_option:kinds/0/kind",
                "field.not_an_option:kinds/0/email",
                "field.invalid:digest_at",
                "field.not_an_option:digest_days/0"
            ]
        );
        let mut stale = chosen;
        stale["version"] = json!(0);
        assert!(matches!(wants(stale), Err(stagecraft_core::Error::Conflict { .. })));
    });
}

#[test]
fn old_notices_are_let_go() {
    both(|database| {
        let office = Office::new(database);
        office.tells(&[Notice::new(office.kim, Kind::ImportEnded)]);
        database.advance(100 * 86_400);
        office.tells(&[Notice::new(office.kim, Kind::ImportEnded)]);
        database.advance(81 * 86_400);
        housekeeping::round(&office.house).unwrap();
        assert_eq!(office.told(office.kim).0.len(), 1);
    });
}
