//! Imports that were broken off, and people who may import less than everything.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Value as Json, json};
use stagecraft_core::imports::{Begin, Options, begin, cancel, follow, keep, one, resume, run, work_on};
use stagecraft_core::records::{Create, create};
use stagecraft_core::{Credential, Error, House, Limits, Result};
use testkit::both;

use super::{SYSTEM, count, house, import, records};

#[test]
fn an_import_that_was_broken_off_goes_on_where_it_stopped() {
    both(|database| {
        let house = house(database);
        let file = (0..400).fold("name,employees\n".to_owned(), |text, n| text + format!("Account {n},{n}\n").as_str());
        let origin = model::Via::Api.into();
        let kept = keep(&house, &SYSTEM, &origin, "accounts.csv", file.as_bytes()).unwrap();
        let options: Options = serde_json::from_value(json!({"object": "account"})).unwrap();
        let wanted = Begin { file: Some(kept.to_string()), options: Some(options), ..Begin::default() };
        let begun = house.write(&SYSTEM, Limits::default(), &origin, |cx, tx| begin(cx, tx, &origin, &wanted)).unwrap();
        assert_eq!((&begun["state"], count(&begun, "rows")), (&json!("waiting"), 400));
        let id: model::Id = begun["id"].as_str().unwrap().parse().unwrap();
        // A worker who has no time at all does a little and lets go; others go on from there.
        let mut goes = 0;
        let shown = loop {
            work_on(&house, id, std::time::Duration::ZERO).unwrap();
            goes += 1;
            let shown = house.read(&SYSTEM, Limits::default(), |cx, tx| one(cx, tx, id)).unwrap();
            if shown["state"] == "done" || goes > 5 {
                break shown;
            }
            assert_eq!(shown["state"], "running");
        };
        assert_eq!(shown["state"], "running", "no time is not enough");
        // Cancelled, it stays as it is; resumed, it goes on.
        let cancelled = house.write(&SYSTEM, Limits::default(), &origin, |cx, tx| cancel(cx, tx, id)).unwrap();
        assert_eq!((&cancelled["state"], &cancelled["can"]["resume"]), (&json!("cancelled"), &json!(true)));
        house.write(&SYSTEM, Limits::default(), &origin, |cx, tx| resume(cx, tx, id)).unwrap();
        let ended = follow(&house, &SYSTEM, id, |_| {}).unwrap();
        assert_eq!((&ended["state"], count(&ended, "created"), count(&ended, "done")), (&json!("done"), 400, 400), "{ended:#}");
        assert_eq!(records(&house, "account").len(), 400);
        assert!(house.write(&SYSTEM, Limits::default(), &origin, |cx, tx| resume(cx, tx, id)).is_err(), "what has ended goes on nowhere");
        let again = import(&house, json!({"object": "account"}), file.as_bytes()).unwrap();
        assert_eq!((count(&again, "unchanged"), records(&house, "account").len()), (400, 400));
    });
}

/// Rows are made ready while those before them are written: each comes in its turn and once, though definitions change all the while.
#[test]
fn rows_that_are_made_ready_ahead_come_in_their_turn() {
    both(|database| {
        let house = house(database);
        let (rows, twice) = (1_500, 1_200);
        let mut text = "id,name,employees\n".to_owned();
        for n in 0..rows {
            let id = if n == twice { 3 } else { n };
            text += format!("A{id},Account {n},{n}\n").as_str();
        }
        let options: Options = serde_json::from_value(json!({
            "object": "account", "keys": {"external_source": "old", "external_column": "id"}, "mapping": {"id": null},
        }))
        .unwrap();
        let over = AtomicBool::new(false);
        let (answer, changes) = std::thread::scope(|threads| {
            let changing = threads.spawn(|| {
                let mut changes = 0;
                while changes < 8 && !over.load(Ordering::Relaxed) {
                    match try_person(&house, &format!("p{changes}"), "salesperson") {
                        Ok(_) => changes += 1,
                        // Definitions change when nobody else writes; the import may have been too long.
                        Err(Error::Db(db::Error::Busy)) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                    std::thread::sleep(Duration::from_millis(30));
                }
                changes
            });
            let answer = run(&house, &SYSTEM, &options, "accounts.csv", text.as_bytes());
            over.store(true, Ordering::Relaxed);
            (answer.unwrap(), changing.join().unwrap())
        });
        assert!(changes > 0, "{changes}");
        assert_eq!((count(&answer, "created"), count(&answer, "failed"), count(&answer, "done")), (rows - 1, 1, rows), "{answer:#}");
        let told = &answer["problems"][0];
        assert_eq!((&told["code"], &told["line"]), (&json!("import.key_twice"), &json!(twice + 2)), "{answer:#}");
        let names: BTreeSet<String> =
            records(&house, "account").iter().map(|account| account["fields"]["name"].as_str().unwrap().to_owned()).collect();
        let wanted: BTreeSet<String> = (0..rows).filter(|n| *n != twice).map(|n| format!("Account {n}")).collect();
        assert_eq!(names, wanted);
    });
}

/// Somebody with a role.
fn person(house: &House, name: &str, role: &str) -> Credential {
    let answer = try_person(house, name, role).unwrap();
    Credential::Person(answer["record"]["id"].as_str().unwrap().parse().unwrap())
}

fn try_person(house: &House, name: &str, role: &str) -> Result<Json> {
    let fields = json!({"name": name, "email": format!("{name}@own.example"), "roles": [role]});
    let wanted = Create { fields: fields.as_object().unwrap().clone(), ..Create::default() };
    house.write(&SYSTEM, Limits::default(), model::Via::System, |cx, tx| create(cx, tx, "employee", &wanted))
}

#[test]
fn one_imports_within_ones_rights() {
    both(|database| {
        let house = house(database);
        let [lee, mona, ada] =
            [("lee", "salesperson"), ("mona", "sales_manager"), ("ada", "administrator")].map(|(name, role)| person(&house, name, role));
        let go = |who: &Credential, options: Json, text: &str| {
            let options: Options = serde_json::from_value(options).unwrap();
            run(&house, who, &options, "test.csv", text.as_bytes())
        };
        let deals =
            || json!({"object": "opportunity", "keys": {"external_source": "old", "external_column": "id"}, "mapping": {"id": null}});
        assert!(matches!(go(&lee, deals(), "id,name\n1,Deal\n"), Err(Error::Forbidden { .. })));
        let past = || json!({"object": "opportunity", "history": true});
        assert!(matches!(go(&mona, past(), "name,created_at\nDeal,2025-01-01\n"), Err(Error::Forbidden { .. })));

        let answer = go(&mona, deals(), "id,name,owner\n1,For lee,lee\n2,For me,\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count")), (2, 0), "{answer}");
        let answer = go(&mona, deals(), "id,name,owner\n1,For lee,mona\n2,For me,\n").unwrap();
        assert_eq!(count(&answer, "failed"), 1, "what one does not see, one does not change: {answer}");
        let answer = go(&ada, deals(), "id,name,owner\n1,For lee,mona\n2,For me,\n").unwrap();
        assert_eq!((count(&answer, "updated"), count(&answer, "unchanged")), (1, 1), "a change of owner is an act of its own: {answer}");

        let answer = go(&ada, past(), "name,created_at,stage,closed_at,amount\nDeal,2025-01-01,Won,2025-02-01,1000\n").unwrap();
        assert_eq!((count(&answer, "created"), count(&answer, "problem_count"), count(&answer, "notices")), (1, 0, 0), "{answer}");
        let deal = records(&house, "opportunity").into_iter().find(|deal| deal["fields"]["name"] == "Deal").unwrap();
        assert_eq!(deal["fields"]["closed_at"], "2025-02-01T00:00:00.000000Z");
    });
}
