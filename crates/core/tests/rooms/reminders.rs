//! What is due: told once, when its instant has come, by however many servers.

use std::sync::Arc;

use model::{Id, Instant, Via};
use stagecraft_core::notices::Kind;
use stagecraft_core::reminders::{self, Reminder};
use stagecraft_core::{Credential, House, Limits};
use testkit::both;

use crate::office::Office;
use crate::together::at_once;

const SYSTEM: Credential = Credential::System("to set the stage");

impl Office {
    /// The instant so many seconds from now.
    pub fn in_seconds(&self, seconds: i64) -> Instant {
        self.house.read(&SYSTEM, Limits::default(), |cx, _| Ok(cx.at.plus_seconds(seconds))).unwrap()
    }

    fn reminds(&self, all: &[Reminder]) {
        self.house.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| reminders::set(cx, tx, all)).unwrap();
    }
}

/// Tells all that is due.
pub fn tells_what_is_due(house: &House) {
    while reminders::work(house).unwrap() {}
}

#[test]
fn a_reminder_is_told_when_its_instant_has_come_and_not_before() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let reminder = |at| Reminder::new(Kind::Reminder, ("opportunity", deal), "call", office.kim, at);
        office.reminds(&[reminder(office.in_seconds(60))]);
        tells_what_is_due(&office.house);
        assert_eq!(office.told(office.kim).1, 0);
        // Moved: the one that stood is no more.
        office.reminds(&[reminder(office.in_seconds(120))]);
        database.advance(60);
        tells_what_is_due(&office.house);
        assert_eq!(office.told(office.kim).1, 0);
        database.advance(60);
        tells_what_is_due(&office.house);
        tells_what_is_due(&office.house);
        assert_eq!(office.told(office.kim).1, 1);
        // Cleared.
        office.reminds(&[reminder(office.in_seconds(60))]);
        office.write(office.kim, |_, tx| reminders::clear(tx, deal, Kind::Reminder, None, None)).unwrap();
        database.advance(600);
        tells_what_is_due(&office.house);
        assert_eq!(office.told(office.kim).1, 1);
    });
}

#[test]
fn one_that_comes_again_is_told_once_for_all_that_was_missed() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let daily = Reminder::new(Kind::Reminder, ("opportunity", deal), "overdue", office.kim, office.in_seconds(3600));
        office.reminds(&[Reminder { every: Some(86_400), ..daily }]);
        for (days, told) in [(1, 1), (1, 2), (5, 3), (1, 4)] {
            database.advance(days * 86_400);
            tells_what_is_due(&office.house);
            assert_eq!(office.told(office.kim).1, told);
        }
    });
}

#[test]
fn two_servers_tell_five_hundred_once_each() {
    both(|database| {
        let office = Office::new(database);
        let other = Arc::new(House::open(database.again()).unwrap());
        let deals: Vec<Id> = (0..5).map(|n| office.deal(office.kim, &format!("Deal {n}"))).collect();
        let at = office.in_seconds(60);
        let all: Vec<Reminder> = (0..500)
            .map(|n| Reminder::new(Kind::Reminder, ("opportunity", deals[n % 5]), &n.to_string(), [office.kim, office.mona][n % 2], at))
            .collect();
        office.reminds(&all);
        database.advance(60);
        at_once(|| tells_what_is_due(&office.house), || tells_what_is_due(&other));
        // Whoever came first may have left what the other had in his hands.
        tells_what_is_due(&office.house);
        assert_eq!((office.told(office.kim).1, office.told(office.mona).1), (250, 250));
    });
}
