//! How many round trips a save may take: on a network each holds its locks half a millisecond longer (core rule 14).

use serde_json::json;
use stagecraft_core::save::{Change, Deed, save};
use testkit::both;

use crate::office::Office;

#[test]
fn a_save_keeps_to_its_round_trips() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let statements = |change: Change| {
            office
                .write(office.kim, |cx, tx| {
                    let before = tx.statements();
                    save(cx, tx, change.clone())?;
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        let mut create = Change::new("opportunity", Deed::Create);
        create.patch.insert("name".into(), "Harbour".into());
        let mut edit = Change::of("opportunity", deal, Deed::Edit);
        edit.patch.insert("next_step".into(), json!("Call").as_str().unwrap().into());
        let forward = Change::of("opportunity", deal, Deed::Move { stage: "qualification".into() });
        let counts = (statements(create), statements(edit), statements(forward));
        assert!(counts.0 <= 8 && counts.1 <= 8 && counts.2 <= 12, "create, edit, move took {counts:?} statements");
    });
}

#[test]
fn conditions_of_many_deals_are_looked_up_together() {
    both(|database| {
        let office = Office::new(database);
        let mut process = office.read(office.ada, |cx, _| Ok(stagecraft_core::processes::list(cx))).unwrap()["items"][0].clone();
        process["stages"][0]["entry_condition"] = json!({"field": "owner.manager.name", "op": "eq", "value": "mona"});
        let id = process["id"].as_str().unwrap().to_owned();
        office.write(office.ada, |cx, tx| stagecraft_core::processes::save_process(cx, tx, Some(&id), None, &process, false)).unwrap();
        let statements = |deals: usize| {
            office
                .write(office.kim, |cx, tx| {
                    let mut create = Change::new("opportunity", Deed::Create);
                    create.patch.insert("name".into(), "Harbour".into());
                    let before = tx.statements();
                    let saved = stagecraft_core::save::save_all(cx, tx, "opportunity", vec![create; deals])?;
                    assert!(saved.iter().all(Result::is_ok));
                    Ok(tx.statements() - before)
                })
                .unwrap()
        };
        assert_eq!(statements(1), statements(20));
    });
}
