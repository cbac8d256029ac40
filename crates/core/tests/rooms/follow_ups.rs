//! When records were last followed up: whatever is done in whichever order, it is what the activities that are there come to.

use model::Id;
use rand::RngExt;
use serde_json::{Value as Json, json};
use stagecraft_core::{Credential, reckoning, records};
use testkit::{both, rand};

use crate::office::{Office, id_of, refusals};
use crate::together::at_once;

fn day(n: u32) -> String {
    format!("2020-01-{:02}T08:00:00Z", n + 1)
}

impl Office {
    fn followed(&self, object: &str, id: Id) -> Json {
        self.reads(self.ada, object, id).unwrap()["fields"]["last_followed_at"].clone()
    }
}

#[test]
fn the_latest_activity_counts_for_the_deal_its_contact_and_its_account() {
    both(|database| {
        let office = Office::new(database);
        let account = |name: &str| id_of(&office.creates(office.kim, "account", json!({"name": name})).unwrap());
        let (first, second) = (account("Lindenthal"), account("Rosenhof"));
        let contact = id_of(&office.creates(office.kim, "contact", json!({"name": "Ida", "account": second})).unwrap());
        let deal = id_of(&office.creates(office.kim, "opportunity", json!({"name": "Rail", "account": first})).unwrap());
        let version = office.reads(office.kim, "opportunity", deal).unwrap()["version"].clone();
        let early = office.did(office.kim, "opportunity", deal, json!({"name": "a", "happened_at": day(1)}));
        let late = office.did(office.kim, "opportunity", deal, json!({"name": "b", "happened_at": day(5), "contact": contact}));
        office.did(office.kim, "opportunity", deal, json!({"name": "c", "happened_at": day(3)}));
        let all = || {
            let of = |object: &str, id| office.followed(object, id).as_str().map(|at| at[8..10].parse::<u32>().unwrap() - 1);
            (of("opportunity", deal), of("contact", contact), of("account", first), of("account", second))
        };
        assert_eq!(all(), (Some(5), Some(5), Some(5), Some(5)));
        assert_eq!(office.reads(office.kim, "opportunity", deal).unwrap()["version"], version, "nobody edited the deal");
        office.edits(office.kim, "activity", late, json!({"happened_at": day(2)})).unwrap();
        assert_eq!(all(), (Some(3), Some(2), Some(3), Some(2)));
        office.edits(office.kim, "activity", late, json!({"contact": null, "happened_at": day(9)})).unwrap();
        assert_eq!(all(), (Some(9), None, Some(9), None));
        office.puts_into_the_bin(office.kim, "activity", late);
        assert_eq!(all(), (Some(3), None, Some(3), None));
        office.write(office.kim, |cx, tx| records::restore(cx, tx, "activity", late, None, &Default::default())).unwrap();
        assert_eq!(all(), (Some(9), None, Some(9), None));
        office.edits(office.kim, "opportunity", deal, json!({"account": second})).unwrap();
        assert_eq!(all(), (Some(9), None, None, Some(9)), "the deal takes what was done about it along");
        office.edits(office.kim, "activity", late, json!({"regarding": {"object": "account", "id": first}})).unwrap();
        assert_eq!(all(), (Some(3), None, Some(9), Some(3)));
        office.bins_and_deletes(office.ada, "activity", late).unwrap();
        assert_eq!(all(), (Some(3), None, None, Some(3)));
        office.edits(office.kim, "activity", early, json!({"outcome": "positive"})).unwrap();
        assert_eq!(all(), (Some(3), None, None, Some(3)));
        let typed = office.edits(office.kim, "opportunity", deal, json!({"last_followed_at": day(20)}));
        assert_eq!(refusals(typed), ["field.read_only:last_followed_at"]);
        office.bins_and_deletes(office.ada, "opportunity", deal).unwrap();
        assert_eq!(office.followed("account", second), Json::Null, "with the deal went what was done about it");
        office.agrees();
    });
}

/// A step of somebody who works at random; what is refused changes nothing.
fn step(office: &Office, who: Id, dice: &mut rand::rngs::StdRng, of: &Stage) {
    let one = |list: &[Id], dice: &mut rand::rngs::StdRng| list[dice.random_range(0..list.len())];
    let target = |dice: &mut rand::rngs::StdRng| match dice.random_range(0..3) {
        0 => json!({"object": "account", "id": one(&of.accounts, dice)}),
        1 => json!({"object": "contact", "id": one(&of.contacts, dice)}),
        _ => json!({"object": "opportunity", "id": one(&of.deals, dice)}),
    };
    let activity = one(&of.activities, dice);
    let done = match dice.random_range(0..9) {
        0 | 1 => {
            let contact = if dice.random_bool(0.5) { json!(one(&of.contacts, dice)) } else { Json::Null };
            let fields = json!({"name": "n", "regarding": target(dice), "happened_at": day(dice.random_range(0..28)), "contact": contact});
            office.creates(who, "activity", fields).map(drop)
        }
        2 => office.edits(who, "activity", activity, json!({"happened_at": day(dice.random_range(0..28))})).map(drop),
        3 => office.edits(who, "activity", activity, json!({"regarding": target(dice)})).map(drop),
        4 => office.edits(who, "activity", activity, json!({"contact": one(&of.contacts, dice)})).map(drop),
        5 => office.write(who, |cx, tx| records::void(cx, tx, "activity", activity, None, &Default::default())).map(drop),
        6 => office.write(who, |cx, tx| records::restore(cx, tx, "activity", activity, None, &Default::default())).map(drop),
        7 => office.edits(who, "opportunity", one(&of.deals, dice), json!({"account": one(&of.accounts, dice)})).map(drop),
        _ => office.edits(who, "contact", one(&of.contacts, dice), json!({"account": one(&of.accounts, dice)})).map(drop),
    };
    assert!(matches!(done, Ok(()) | Err(stagecraft_core::Error::Invalid(_) | stagecraft_core::Error::Conflict { .. })), "{done:?}");
}

struct Stage {
    accounts: Vec<Id>,
    contacts: Vec<Id>,
    deals: Vec<Id>,
    activities: Vec<Id>,
}

impl Stage {
    fn set(office: &Office) -> Stage {
        let make = |object: &str, n: usize| office.system(object, json!({"name": format!("{object} {n}"), "owner": office.kim}));
        let accounts: Vec<Id> = (0..2).map(|n| make("account", n)).collect();
        let contacts: Vec<Id> = (0..2).map(|n| make("contact", n)).collect();
        let deals: Vec<Id> = (0..3).map(|n| make("opportunity", n)).collect();
        let about = |n: usize| json!({"object": "opportunity", "id": deals[n % 3]});
        let activities = (0..6)
            .map(|n| {
                office.system("activity", json!({"name": "a", "regarding": about(n), "happened_at": day(n as u32), "owner": office.kim}))
            })
            .collect();
        Stage { accounts, contacts, deals, activities }
    }
}

#[test]
fn whatever_two_people_do_at_once_it_is_what_the_activities_come_to() {
    both(|database| {
        let office = Office::new(database);
        let of = Stage::set(&office);
        let go = |who: Id, seed: u64| {
            let mut dice = testkit::random(seed);
            for _ in 0..60 {
                step(&office, who, &mut dice, &of);
            }
        };
        at_once(|| go(office.ada, 3), || go(office.hanna, 4));
        office.agrees();
    });
}

#[test]
fn what_differs_is_told_and_mended() {
    both(|database| {
        let office = Office::new(database);
        let of = Stage::set(&office);
        let spoil = sea_query::Query::update().table("r_opportunity").value("last_followed_at", 7_i64).to_owned();
        office.house.write(&Credential::System("test"), Default::default(), model::Via::System, |_, tx| Ok(tx.execute(&spoil)?)).unwrap();
        let report = office.house.read(&Credential::System("test"), Default::default(), stagecraft_core::check::rollups).unwrap();
        assert_eq!((&report["faults"][0]["check"], &report["faults"][0]["count"]), (&json!("follow_up_differs"), &json!(3)));
        let mended = reckoning::repair_follow_ups(&office.house).unwrap();
        assert_eq!(mended, [("opportunity".to_owned(), "last_followed_at".to_owned(), 3)]);
        office.agrees();
        assert_eq!(office.followed("opportunity", of.deals[2]), "2020-01-06T08:00:00.000000Z");
    });
}
