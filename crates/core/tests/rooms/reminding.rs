//! Who is reminded of a deal's time in its stage, and how often.

use std::sync::Barrier;
use std::thread;

use model::process::{Party, Reminder, When};
use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::save::{Change, Deed, save};
use stagecraft_core::{Credential, Error, House, Limits, records, reminders};
use testkit::both;

use crate::mail::own;
use crate::office::Office;
use crate::reminders::tells_what_is_due;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const SYSTEM: Credential = Credential::System("to be killed");

fn reminder(when: When, seconds: i64, every_days: Option<i64>, to: &[Party], text: Option<&str>) -> Reminder {
    Reminder { when, seconds, every_days, to: to.to_vec(), text: text.map(str::to_owned) }
}

impl Office {
    /// From now on a deal may stay ten days in the first stage, of which these tell.
    fn reminds_in_first_stage(&self, all: &[Reminder]) {
        self.edits_process(|process| {
            process.stages[0].duration_seconds = Some(10 * DAY);
            process.stages[0].reminders = all.to_vec();
        });
    }

    /// What was told of stages, newest first: kind and text.
    fn reminded(&self, who: Id) -> Vec<(String, String)> {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let notices = self.told(who).0.into_iter().filter(|notice| text(&notice["kind"]).starts_with("stage_"));
        notices.map(|notice| (text(&notice["kind"]), text(&notice["params"]["text"]))).collect()
    }

    fn deals_with(&self, who: Id, id: Id, deed: Deed) {
        let change = Change { reason: Some("so".into()), ..Change::of("opportunity", id, deed) };
        self.write(who, |cx, tx| save(cx, tx, change.clone())).unwrap();
    }
}

#[test]
fn people_are_reminded_before_and_after_until_the_stage_is_left() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, hanna, .. } = office;
        office.reminds_in_first_stage(&[
            reminder(When::Before, DAY, None, &[Party::Owner], Some("Call them")),
            reminder(When::After, 0, Some(2), &[Party::Owner, Party::OwnerManager], None),
            reminder(When::After, 3 * DAY, None, &[Party::Person { id: hanna }, Party::OwnerManager], Some("Too long")),
        ]);
        let deal = office.deal(kim, "Rail");
        let mut told = Vec::new();
        // Days that go by, and how often each has been told then.
        for (hours, expected) in
            [(24 * 8, (0, 0, 0)), (24, (1, 0, 0)), (24, (2, 1, 0)), (24, (2, 1, 0)), (24, (3, 2, 0)), (24, (3, 3, 1)), (24, (4, 4, 1))]
        {
            database.advance(hours * HOUR);
            tells_what_is_due(&office.house);
            tells_what_is_due(&office.house);
            told.push(((office.reminded(kim).len(), office.reminded(mona).len(), office.reminded(hanna).len()), expected));
        }
        assert!(told.iter().all(|(told, expected)| told == expected), "told and expected: {told:?}");
        assert_eq!(office.reminded(kim).pop().unwrap(), ("stage_due".to_owned(), "Call them".to_owned()));
        assert_eq!(office.reminded(hanna), [("stage_overdue".to_owned(), "Too long".to_owned())]);
        // Whoever leaves the stage is left in peace; so is one whose deal is voided or closed.
        office.moves(kim, deal, None, json!({"stage": "qualification"})).unwrap();
        database.advance(30 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.reminded(kim).len(), office.reminded(mona).len()), (4, 4));
        let (voided, lost) = (office.deal(kim, "Port"), office.deal(kim, "Mill"));
        office.deals_with(mona, voided, Deed::Void);
        office.moves(kim, lost, None, json!({"stage": "lost", "fields": {"lost_reason": "price"}})).unwrap();
        database.advance(11 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.reminded(kim).len(), office.reminded(mona).len()), (4, 4));
        // Taken out of the bin it is told of again, of what is to come.
        office.deals_with(office.ada, voided, Deed::Restore);
        database.advance(DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.reminded(kim).len(), office.reminded(mona).len()), (5, 5));
        // Back in the stage the time begins anew.
        office.moves(kim, deal, None, json!({"stage": "prospecting", "reason": "Not yet"})).unwrap();
        database.advance(9 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!(office.reminded(kim)[0], ("stage_due".to_owned(), "Call them".to_owned()));
    });
}

#[test]
fn what_was_missed_is_told_once_and_what_lies_behind_is_not() {
    both(|database| {
        let office = Office::new(database);
        let kim = office.kim;
        office.reminds_in_first_stage(&[
            // Longer than the stage lasts: its instant has passed when the stage is entered.
            reminder(When::Before, 20 * DAY, None, &[Party::Owner], None),
            reminder(When::Before, DAY, None, &[Party::Owner], Some("Soon")),
            reminder(When::After, DAY, Some(1), &[Party::Owner], Some("Daily")),
        ]);
        office.deal(kim, "Rail");
        database.advance(40 * DAY);
        tells_what_is_due(&office.house);
        // It is late already when it is told, so both say so.
        let mut told = office.reminded(kim);
        told.sort();
        assert_eq!(told, [("stage_overdue".to_owned(), "Daily".to_owned()), ("stage_overdue".to_owned(), "Soon".to_owned())]);
        database.advance(DAY);
        tells_what_is_due(&office.house);
        assert_eq!(office.reminded(kim).len(), 3);
    });
}

#[test]
fn whoever_has_it_by_then_is_told_and_nobody_who_does_not_see_it() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, karl, lee, mona, sven, .. } = office;
        office.reminds_in_first_stage(&[reminder(
            When::After,
            0,
            None,
            &[Party::Owner, Party::OwnerManager, Party::Person { id: lee }, Party::Team, Party::Creator],
            None,
        )]);
        let deal = office.deal(kim, "Rail");
        let team: Vec<records::TeamMember> = serde_json::from_value(json!([{"person": office.ines, "access": "read"}])).unwrap();
        office.write(kim, |cx, tx| records::set_team(cx, tx, "opportunity", deal, &team)).unwrap();
        office.deals_with(mona, deal, Deed::ChangeOwner { to: karl, keep_as: None });
        office.edits(office.ada, "employee", karl, json!({"manager": sven})).unwrap();
        database.advance(10 * DAY);
        tells_what_is_due(&office.house);
        let told = [kim, karl, lee, mona, sven, office.ines].map(|who| office.reminded(who).len());
        // The creator sees it no longer, the other team's salesperson never did; the new owner, his manager and the team do.
        assert_eq!(told, [0, 1, 0, 0, 1, 1]);
    });
}

#[test]
fn one_who_may_not_know_of_the_stage_is_not_told_of_it() {
    both(|database| {
        let office = Office::new(database);
        office.reminds_in_first_stage(&[reminder(When::After, 0, None, &[Party::Owner, Party::OwnerManager], None)]);
        office.deal(office.kim, "Rail");
        office.hides("salesperson", "opportunity", &[("stage_due_at", "hidden")]);
        database.advance(10 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.reminded(office.kim).len(), office.reminded(office.mona).len()), (0, 1));
    });
}

#[test]
fn three_servers_of_which_one_dies_tell_each_once() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, .. } = office;
        office.reminds_in_first_stage(&[
            reminder(When::Before, HOUR, None, &[Party::Owner], None),
            reminder(When::After, 0, Some(1), &[Party::Owner, Party::OwnerManager], None),
        ]);
        for n in 0..250 {
            office.deal(kim, &format!("Deal {n}"));
        }
        office.house.send_mail_by(own()).unwrap();
        let server = || {
            let house = House::open(database.again()).unwrap();
            house.send_mail_by(own()).unwrap();
            house
        };
        let [second, third] = [(); 2].map(|()| server());
        for (days, expected) in [(9, 0), (1, 250), (1, 500), (5, 750)] {
            database.advance(days * DAY);
            let barrier = Barrier::new(3);
            thread::scope(|scope| {
                let barrier = &barrier;
                for house in [&*office.house, &second] {
                    scope.spawn(move || {
                        barrier.wait();
                        tells_what_is_due(house);
                    });
                }
                // What it had in its hands when it died is as it was before.
                scope.spawn(|| {
                    barrier.wait();
                    let died = third.write(&SYSTEM, Limits::default(), Via::System, |cx, tx| {
                        reminders::some(cx, tx)?;
                        Err::<(), Error>(Error::NotFound)
                    });
                    assert!(matches!(died, Err(Error::NotFound)));
                });
            });
            // A server that starts again goes on where they were.
            tells_what_is_due(&server());
            let told = office.told_count(mona);
            assert_eq!(told, expected);
        }
        // Nine days in, the first hour before it was due was told with the tenth.
        assert_eq!(office.told_count(kim), 250 + 750);
        let ids = office.message_ids();
        assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len(), "each e-mail has a Message-ID of its own");
        assert_eq!(ids.len(), 250 + 750 + 750);
    });
}

impl Office {
    fn told_count(&self, who: Id) -> i64 {
        self.told(who).1
    }

    /// Of the e-mails that are written.
    fn message_ids(&self) -> Vec<String> {
        let select = sea_query::Query::select().column("message_id").from("mail").to_owned();
        self.read(self.ada, |_, tx| Ok(tx.all(&select)?.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?)).unwrap()
    }
}

#[test]
fn open_deals_follow_a_version_with_another_duration_and_other_reminders() {
    both(|database| {
        let office = Office::new(database);
        let Office { kim, mona, .. } = office;
        let due = |id: Id| office.field_of(kim, "opportunity", id, "stage_due_at");
        office.edits_process(|process| process.stages[0].duration_seconds = None);
        let (rail, left) = (office.deal(kim, "Rail"), office.deal(kim, "Port"));
        let many: Vec<Id> = (0..250).map(|n| office.deal(kim, &format!("Deal {n}"))).collect();
        office.moves(kim, left, None, json!({"stage": "qualification"})).unwrap();
        let elsewhere = due(left);
        assert!(due(rail).is_null());
        office.reminds_in_first_stage(&[reminder(When::Before, DAY, None, &[Party::Owner], Some("Soon"))]);
        tells_what_is_due(&office.house);
        assert!(many.iter().chain([&rail]).all(|deal| !due(*deal).is_null()), "all are due by now");
        assert_eq!(due(left), elsewhere);
        // Published again without a change, nothing is written.
        let version = office.reads(kim, "opportunity", rail).unwrap()["version"].clone();
        office.edits_process(|process| process.stages[0].reminders.push(reminder(When::After, 0, None, &[Party::OwnerManager], None)));
        tells_what_is_due(&office.house);
        assert_eq!(office.reads(kim, "opportunity", rail).unwrap()["version"], version);
        database.advance(9 * DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.told_count(kim), office.told_count(mona)), (251, 0));
        database.advance(DAY);
        tells_what_is_due(&office.house);
        assert_eq!((office.told_count(kim), office.told_count(mona)), (251, 251));
    });
}

#[test]
fn entering_a_stage_with_reminders_writes_one_statement_more() {
    both(|database| {
        let office = Office::new(database);
        let statements = |stage: &str, deal: Id| {
            office
                .write(office.kim, |cx, tx| {
                    let before = tx.statements();
                    save(cx, tx, Change::of("opportunity", deal, Deed::Move { stage: stage.into() }))?;
                    // What can wait goes in before the next statement.
                    tx.all(sea_query::Query::select().expr(sea_query::Expr::val(1)))?;
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let plain = statements("qualification", office.deal(office.kim, "Rail"));
        let all = [reminder(When::After, 0, Some(1), &[Party::Owner, Party::OwnerManager, Party::Team], None)];
        office.edits_process(|process| process.stages[1].reminders = all.to_vec());
        let deal = office.deal(office.kim, "Port");
        assert_eq!(statements("qualification", deal), plain + 1);
        assert_eq!(statements("proposal", deal), plain + 1, "and one to leave it");
        office.edits_process(|process| process.stages[2].reminders = all.to_vec());
        let deal = office.deal(office.kim, "Mill");
        statements("qualification", deal);
        assert_eq!(statements("proposal", deal), plain + 1, "from one to the other");
    });
}
