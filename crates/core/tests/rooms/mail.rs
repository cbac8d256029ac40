//! E-mail: who gets which, when, and from which server.

use std::sync::Arc;

use model::Id;
use serde_json::{Value as Json, json};
use stagecraft_core::mail::{self, Letterhead, Outcome, Own, Security, Settings};
use stagecraft_core::notices::{Kind, Mark, Notice, preferences};
use stagecraft_core::{Credential, House, Limits, identity, notices};
use testkit::both;

use crate::office::Office;
use crate::together::at_once;

const POSTMAN: Credential = Credential::System("e-mail");

pub fn own() -> Own {
    let settings = Settings {
        host: "localhost".into(),
        port: 25,
        security: Security::None,
        user: None,
        sender_name: String::new(),
        sender_address: "crm@example.com".into(),
    };
    Own { settings, password: None }
}

/// An office that sends e-mail.
fn office(database: &testkit::Database) -> Office {
    let office = Office::new(database);
    office.house.send_mail_by(own()).unwrap();
    office
}

impl Office {
    fn wishes(&self, who: Id, kind: &str, email: &str, at: &str, days: &[&str]) {
        let wanted = json!({"kinds": [{"kind": kind, "in_app": true, "email": email}], "digest_at": at, "digest_days": days});
        let wanted: preferences::Wanted = serde_json::from_value(wanted).unwrap();
        self.write(who, |cx, tx| preferences::save(cx, tx, None, &wanted)).unwrap();
    }

    fn writes_digests(&self) {
        while mail::digest(&self.house).unwrap() {}
    }

    /// How many notices each e-mail tells, of those that are due.
    fn letters(&self) -> Vec<Result<usize, &'static str>> {
        let (lease, claimed) = mail::claim(&self.house, 100).unwrap();
        let letters = self.house.read(&POSTMAN, Limits::default(), |cx, tx| mail::compose(cx, tx, &claimed)).unwrap();
        mail::release(&self.house, lease).unwrap();
        letters.into_iter().map(|letter| letter.map(|letter| letter.notices["items"].as_array().unwrap().len())).collect()
    }
}

#[test]
fn a_digest_comes_once_at_the_readers_own_hour_and_tells_what_is_unread_and_seen() {
    both(|database| {
        let office = office(database);
        let zone: identity::UpdateMe = serde_json::from_value(json!({"time_zone": "Asia/Shanghai"})).unwrap();
        office.write(office.kim, |cx, tx| identity::update_me(cx, tx, &zone)).unwrap();
        // It is Monday, nine o'clock in UTC and five in the afternoon in Shanghai.
        office.wishes(office.kim, "mention", "digest", "18:00", &["monday"]);
        office.wishes(office.lee, "assigned", "never", "08:00", &["monday"]);
        let (mine, given) = (office.deal(office.kim, "Rail"), office.deal(office.kim, "Road"));
        let mention = |deal: Id| Notice::new(office.kim, Kind::Mention).about("opportunity", deal);
        office.tells(&[mention(mine), mention(mine), mention(given)]);
        let about_mine = |one: &&Json| one["record"] == json!(mine);
        let read = office.told(office.kim).0.iter().find(about_mine).unwrap()["id"].clone();
        let mark: Mark = serde_json::from_value(json!({"ids": [read]})).unwrap();
        office.write(office.kim, |cx, tx| notices::read(cx, tx, &mark, true)).unwrap();
        office.gives_away(office.hanna, "opportunity", given, office.lee);
        office.writes_digests();
        assert_eq!(office.letters(), []);
        database.advance(3_600);
        let other = Arc::new(House::open(database.again()).unwrap());
        other.send_mail_by(own()).unwrap();
        at_once(|| office.writes_digests(), || while mail::digest(&other).unwrap() {});
        office.writes_digests();
        let told = office.letters();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0], Ok(1), "not what was read, nor what he sees no more");
        // Read before it is sent: there is nothing to say any more.
        office.write(office.kim, |cx, tx| notices::read(cx, tx, &Mark { all: true, ..Mark::default() }, true)).unwrap();
        assert_eq!(office.letters(), [Err("read")]);
        // What came since is told in a week.
        office.tells(&[mention(mine)]);
        database.advance(6 * 86_400);
        office.writes_digests();
        assert_eq!(office.letters(), [Err("read")]);
        database.advance(86_400);
        office.writes_digests();
        assert_eq!(office.letters(), [Err("read"), Ok(1)]);
    });
}

#[test]
fn nobody_is_written_who_does_not_wish_it_or_is_no_longer_here() {
    both(|database| {
        let office = office(database);
        office.wishes(office.kim, "mention", "never", "08:00", &["monday"]);
        office.wishes(office.karl, "mention", "at_once", "08:00", &["monday"]);
        let told = |to: Id| Notice::new(to, Kind::Mention);
        office.tells(&[told(office.kim), told(office.karl)]);
        assert_eq!(office.letters(), [Ok(1)]);
        office.edits(office.ada, "employee", office.karl, json!({"active": false})).unwrap();
        assert_eq!(office.letters(), [Err("nobody")]);
    });
}

#[test]
fn what_a_fallen_server_had_is_anothers_after_its_lease_and_what_a_living_one_has_is_not() {
    both(|database| {
        let office = office(database);
        let other = House::open(database.again()).unwrap();
        for n in 0..40 {
            office.tells(&[Notice::new(office.kim, Kind::Mention).once(n.to_string())]);
        }
        let (a, b) = at_once(|| mail::claim(&office.house, 30).unwrap(), || mail::claim(&other, 30).unwrap());
        let mut ids: Vec<Id> = a.1.iter().chain(&b.1).map(|mail| mail.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), a.1.len() + b.1.len()), (40, 40), "each is one server's");
        // The one renews what it has, the other has fallen.
        database.advance(mail::LEASE - 1);
        mail::extend(&office.house, a.0).unwrap();
        database.advance(2);
        let (lease, taken) = mail::claim(&office.house, 100).unwrap();
        assert_eq!(taken.len(), b.1.len());
        // Should it live after all, it learns so before it sends, and what it tells of the last counts for nothing.
        let head = Letterhead { address: "kim@example.com", subject: "x" };
        assert!(!mail::next(&other, b.0, Some((&b.1[0], &head, &Outcome::Sent)), Some(b.1[1].id)).unwrap());
        assert!(mail::next(&office.house, lease, None, Some(taken[0].id)).unwrap());
        mail::next(&office.house, lease, Some((&taken[0], &head, &Outcome::Later("451".into()))), None).unwrap();
        mail::release(&office.house, lease).unwrap();
        // What has to wait a minute is not due before.
        assert_eq!(mail::claim(&office.house, 100).unwrap().1.len(), taken.len() - 1);
        database.advance(73);
        let due: Vec<Json> = mail::claim(&office.house, 100).unwrap().1.iter().map(|mail| json!(mail.attempts)).collect();
        assert!(due.contains(&json!(1)), "{due:?}");
        let list = office.read(office.ada, |cx, tx| mail::list(cx, tx, &mail::MailRequest::default())).unwrap();
        assert_eq!(list["counts"]["waiting"], 40);
    });
}
