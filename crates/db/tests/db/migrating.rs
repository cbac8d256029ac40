//! A database that is not as its list of migrations says, or that was overtaken, is not used.

use db::{Db, Error, Options};
use testkit::both;

#[test]
fn a_database_changed_by_hand_is_refused_and_left_as_it_is() {
    let faults = [
        ("DELETE FROM schema_migration WHERE number = 12", "migration 12 (activities) is missing though 13 is there"),
        ("UPDATE schema_migration SET checksum = 'another' WHERE number = 3", "migration 3 (views) is not the one"),
        (
            "UPDATE schema_migration SET number = 7, name = 'unheard of' WHERE number = 6",
            "migration 6 (trace) is missing though 7 is there",
        ),
        ("DROP TABLE digest", "there is no table digest"),
        ("ALTER TABLE reminder DROP COLUMN every_seconds", "the table reminder has no column every_seconds"),
    ];
    for (spoil, expected) in faults {
        both(|database| {
            database.behind_its_back(spoil);
            for _ in 0..2 {
                match Db::open(database.url(), Options::default()).unwrap().migrate() {
                    Err(Error::Torn(told)) => assert!(told.contains(expected), "{told}"),
                    other => panic!("{spoil}: {other:?}"),
                }
            }
        });
    }
}

#[test]
fn a_server_learns_in_its_next_transaction_that_it_was_overtaken() {
    both(|database| {
        let db = database.db();
        db.read::<_, Error>(|_| Ok(())).unwrap();
        database.behind_its_back("UPDATE meta SET schema = 9999");
        let newer = |outcome: Result<(), Error>| matches!(outcome, Err(Error::Newer { found: 9999, .. }));
        assert!(newer(db.read(|_| Ok(()))));
        assert!(newer(db.write(|_| Ok(()))));
        database.behind_its_back("UPDATE meta SET schema = 1, moved_to = 'elsewhere'");
        assert_eq!(db.write::<_, Error>(|_| Ok(())), Err(Error::Moved("elsewhere".into())));
        database.behind_its_back("UPDATE meta SET moved_to = NULL");
        assert_eq!(db.write::<_, Error>(|_| Ok(())), Ok(()));
    });
}

#[test]
fn what_is_up_to_date_is_left_alone() {
    both(|database| {
        assert_eq!(database.db().pending().unwrap(), []);
        assert_eq!(database.db().migrate_telling(&mut |step| panic!("{step:?}")).unwrap(), []);
    });
}

#[test]
fn a_definition_whose_column_is_gone_is_told() {
    both(|database| {
        let objects = model::objects::preset();
        for object in &objects {
            db::ddl::ensure(database.db(), object).unwrap();
        }
        db::ddl::agrees(database.db(), &objects).unwrap();
        let mut wider = objects[0].clone();
        let mut field = model::Field::new("x_more", model::Label::en("More"), model::field::FieldType::Boolean);
        field.state = model::field::State::Preparing;
        wider.fields.push(field.clone());
        db::ddl::agrees(database.db(), std::slice::from_ref(&wider)).unwrap();
        wider.fields.last_mut().unwrap().state = model::field::State::Live;
        match db::ddl::agrees(database.db(), &[wider]) {
            Err(Error::Torn(told)) => assert!(told.contains("x_more"), "{told}"),
            other => panic!("{other:?}"),
        }
    });
}
