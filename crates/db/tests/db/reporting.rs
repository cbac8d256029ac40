//! Views for programs that report.

use db::{Engine, Error, ddl, reporting};
use model::field::{FieldType, State};
use model::{Field, Label, Object};
use testkit::{Database, both};

const ID: &str = "0192f0c1-2b3c-7d4e-8f50-0102030405";

/// An id in the engine's words, by its last two signs.
fn id(database: &Database, last: &str) -> String {
    match database.engine() {
        Engine::Sqlite => format!("x'{}{last}'", ID.replace('-', "")),
        Engine::Postgres => format!("'{ID}{last}'::uuid"),
    }
}

fn view(database: &Database, name: &str) -> String {
    if database.engine() == Engine::Sqlite { format!("reporting_{name}") } else { format!("reporting.{name}") }
}

fn asks(database: &Database, what: &str, of: &str) -> Vec<String> {
    database.behind_its_back(&format!("SELECT {what} FROM {}", view(database, of)))
}

fn shaped(database: &Database, objects: &[Object]) {
    for object in objects {
        ddl::ensure(database.db(), object).unwrap();
    }
}

#[test]
fn they_show_records_as_people_speak_of_them() {
    both(|database| {
        let mut objects = model::objects::preset();
        let deal = objects.iter_mut().find(|object| object.key == "opportunity").unwrap();
        deal.fields.push(Field::new("x_note", Label::en("Note"), FieldType::LongText));
        shaped(database, &objects);
        assert!(reporting::keep_up(database.db(), &objects, "en").unwrap());
        assert!(!reporting::keep_up(database.db(), &objects, "en").unwrap(), "nothing has changed");

        let (deal, account, kim) = (id(database, "01"), id(database, "02"), id(database, "03"));
        database.behind_its_back(&format!(
            "INSERT INTO r_account (id, version, revision, name, name_fold) VALUES ({account}, 1, 1, 'Müller & Söhne', 'x');
             INSERT INTO r_employee (id, version, revision, name, name_fold) VALUES ({kim}, 1, 1, 'Kim', 'kim');
             INSERT INTO r_opportunity (id, version, revision, name, name_fold, account, owner, stage, amount, amount_currency, amount_main,
               expected_close_date, stage_entered_at, win_rate, win_rate_typed)
             VALUES ({deal}, 1, 1, 'Rail', 'rail', {account}, {kim}, 'proposal', 12345600, 'EUR', 13000000, '2026-03-31', 1767603600123000, 25500000, 1);
             INSERT INTO long_text (object, record, field, value, fold) VALUES ('opportunity', {deal}, 'x_note', 'said so', '');
             INSERT INTO stage_stay (id, opportunity, process, process_version, stage, run, entered_at, left_at, entered_by, how)
             VALUES ({deal}, {deal}, {deal}, 1, 'qualification', 1, 1767603600000000, 1767603690000000, {kim}, 'advance');
             INSERT INTO history (object, record, revision, at, by_id, via, act) VALUES ('opportunity', {deal}, 1, 1767603600000000, {kim}, 'api', 'create')",
        ));
        let one = |what: &str| asks(database, what, "opportunity").join("|");
        assert_eq!(one("id"), format!("{ID}01"));
        assert_eq!(one("account_name || ', ' || owner_name || ', ' || stage_label"), "Müller & Söhne, Kim, Proposal");
        assert_eq!(one("x_note"), "said so");
        assert_eq!(one("amount_currency"), "EUR");
        match database.engine() {
            Engine::Sqlite => {
                assert_eq!((one("amount"), one("amount_main"), one("win_rate")), ("1234.56".into(), "1300".into(), "25.5".into()));
                assert_eq!(one("stage_entered_at"), "2026-01-05T09:00:00.123Z");
                assert_eq!(one("expected_close_date"), "2026-03-31");
            }
            Engine::Postgres => {
                assert_eq!(
                    (one("amount"), one("amount_main"), one("win_rate")),
                    ("1234.5600".into(), "1300.0000".into(), "25.500000".into())
                );
                assert_eq!(one("to_char(stage_entered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"), "2026-01-05 09:00:00.123000");
                assert_eq!(one("expected_close_date + 1"), "2026-04-01");
                assert_eq!(one("win_rate_typed AND true"), "t");
            }
        }
        assert_eq!(
            asks(database, "opportunity_name || ', ' || stage_label || ', ' || entered_by_name", "stage_stay"),
            ["Rail, Qualification, Kim"]
        );
        assert_eq!(asks(database, "CAST(seconds AS INTEGER)", "stage_stay"), ["90"]);
        assert_eq!(asks(database, "act || ' by ' || by_name", "history"), ["create by Kim"]);
        // Every view can be read.
        for object in &objects {
            asks(database, "COUNT(1)", &object.key);
        }
        database.behind_its_back("UPDATE r_opportunity SET lifecycle_status = 'voided'");
        assert_eq!(asks(database, "id", "opportunity"), Vec::<String>::new(), "the recycle bin is left out");
    });
}

#[test]
fn they_follow_the_definitions() {
    both(|database| {
        let mut objects = model::objects::preset();
        let mut own = Object { key: "x_visit".into(), ..objects[0].clone() };
        own.fields = ["name", "x_one", "x_other"]
            .map(|key| Field::new(key, Label::en(key), FieldType::Text { max_length: 50, pattern: None }))
            .to_vec();
        own.indexes.clear();
        objects.push(own.clone());
        shaped(database, &objects);
        assert!(reporting::keep_up(database.db(), &objects, "en").unwrap());
        assert_eq!(asks(database, "COUNT(x_one) + COUNT(x_other)", "x_visit"), ["0"]);

        // A field that is deleted is not shown, and its column can be dropped although a view named it.
        own.fields[2].state = State::Hidden;
        *objects.last_mut().unwrap() = own.clone();
        own.fields.truncate(2);
        ddl::drop_field(database.db(), &own, "x_other").unwrap();
        ddl::compact(database.db(), &own).unwrap();
        assert!(reporting::keep_up(database.db(), &objects, "en").unwrap());
        assert_eq!(asks(database, "COUNT(x_one)", "x_visit"), ["0"]);

        // So can the table.
        objects.pop();
        ddl::drop_table(database.db(), "x_visit").unwrap();
        assert!(reporting::keep_up(database.db(), &objects, "en").unwrap());
        let at_once: Vec<Result<bool, Error>> = std::thread::scope(|threads| {
            let again = |language| {
                let (db, objects) = (database.again(), objects.clone());
                threads.spawn(move || reporting::keep_up(&db, &objects, language))
            };
            [again("zh-CN"), again("zh-CN")].map(|thread| thread.join().unwrap()).into_iter().collect()
        });
        assert_eq!(at_once.iter().filter(|made| **made == Ok(true)).count(), 1, "{at_once:?}");
    });
}

#[test]
fn a_role_that_the_operator_has_made_may_read_them() {
    let database = Database::postgres();
    database.behind_its_back(
        "DO $$ BEGIN CREATE ROLE stagecraft_reporting NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    );
    let objects = model::objects::preset();
    shaped(&database, &objects);
    let may = |table: &str| database.behind_its_back(&format!("SELECT has_table_privilege('stagecraft_reporting', '{table}', 'SELECT')"));
    // The last is a role that was made after the views: it is found without anything else having changed.
    for (language, made) in [("en", true), ("zh-CN", true), ("zh-CN", false)] {
        if !made {
            database.behind_its_back("REVOKE ALL ON ALL TABLES IN SCHEMA reporting FROM stagecraft_reporting");
            database.behind_its_back("REVOKE ALL ON SCHEMA reporting FROM stagecraft_reporting");
            assert_eq!(may("reporting.opportunity"), ["f"]);
        }
        assert_eq!(reporting::keep_up(database.db(), &objects, language), Ok(made));
        assert_eq!(database.behind_its_back("SELECT has_schema_privilege('stagecraft_reporting', 'reporting', 'USAGE')"), ["t"]);
        assert_eq!(may("reporting.opportunity"), ["t"]);
        assert_eq!(may("public.r_opportunity"), ["f"]);
        assert_eq!(may("public.credential"), ["f"]);
    }
}
