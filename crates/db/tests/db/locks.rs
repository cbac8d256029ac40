//! Counting under a lock, and what goes wrong without.

use std::sync::Barrier;

use db::records::{self, Scope};
use db::{Clock, Db, Engine, Error, Options, Read, Write};
use model::{Base, Id, Number, Record, Schema, Value};
use sea_query::{Expr, ExprTrait, Query};
use testkit::{Database, Ids, both};

use crate::objects::{number, object, reference, text};

const LIMIT: i64 = 3;

fn held(tx: &mut Read, by: Id) -> Result<i64, Error> {
    let count = Query::select().expr(Expr::cust("COUNT(1)")).from("grant_to").and_where(Expr::col("principal").eq(by.0)).to_owned();
    tx.one(&count)?.get(0)
}

fn claim(tx: &mut Write, by: Id, record: Id) -> Result<(), Error> {
    let row = vec!["deal".into(), record.0.into(), by.0.into(), "read".into(), "claim".into()];
    tx.insert_rows("grant_to", &["object", "record", "principal", "level", "why"], vec![row])
}

/// Eight people claim for one holder at once, four times each; how many he holds in the end.
fn eight_claimers(db: &Db) -> i64 {
    let (ids, start) = (Ids::new(), Barrier::new(8));
    let holder = ids.next();
    std::thread::scope(|threads| {
        for _ in 0..8 {
            let (ids, start) = (&ids, &start);
            threads.spawn(move || {
                start.wait();
                for _ in 0..4 {
                    db.write::<_, Error>(|tx| {
                        tx.lock(&[format!("holder:{holder}")])?;
                        if held(tx, holder)? < LIMIT {
                            claim(tx, holder, ids.next())?;
                        }
                        Ok(())
                    })
                    .unwrap();
                }
            });
        }
    });
    db.read(|tx| held(tx, holder)).unwrap()
}

#[test]
fn eight_claimers_never_pass_the_limit() {
    both(|database| assert_eq!(eight_claimers(database.db()), LIMIT));
}

#[test]
fn locks_kept_in_a_table_hold_too() {
    let database = Database::postgres();
    let options = Options { portable_locks: true, clock: Clock::Fixed(database.clock()), ..Options::default() };
    let db = Db::open(database.url(), options).unwrap();
    db.migrate().unwrap();
    assert_eq!(eight_claimers(&db), LIMIT);
    let before = db.read::<_, Error>(|tx| Ok(tx.meta_version())).unwrap();
    assert_eq!(db.write::<_, Error>(Write::publish_meta), Ok(before + 1));
}

/// The control: that the tests above would notice a lock that does nothing.
#[test]
fn without_a_lock_two_claimers_pass_it() {
    let database = Database::postgres();
    let (ids, counted) = (Ids::new(), Barrier::new(2));
    let holder = ids.next();
    std::thread::scope(|threads| {
        for _ in 0..2 {
            let (ids, counted, db) = (&ids, &counted, database.db());
            threads.spawn(move || {
                db.write::<_, Error>(|tx| {
                    let free = held(tx, holder)? < 1;
                    counted.wait();
                    if free {
                        claim(tx, holder, ids.next())?;
                    }
                    Ok(())
                })
                .unwrap();
            });
        }
    });
    assert_eq!(database.db().read(|tx| held(tx, holder)), Ok(2));
}

/// The control of the other half of the rule: a lock and a count in one statement count what was there before the lock.
#[test]
fn a_lock_in_the_statement_that_counts_is_too_late() {
    let database = Database::postgres();
    let ids = Ids::new();
    let holder = ids.next();
    let once = || {
        let select = Query::select()
            .expr(Expr::cust("COUNT(1)"))
            .from("grant_to")
            .and_where(Expr::cust("(SELECT pg_advisory_xact_lock(77)) IS NOT NULL"))
            .and_where(Expr::col("principal").eq(holder.0))
            .to_owned();
        database.db().write::<_, Error>(|tx| {
            let counted: i64 = tx.one(&select)?.get(0)?;
            std::thread::sleep(std::time::Duration::from_millis(200));
            if counted < 1 {
                claim(tx, holder, ids.next())?;
            }
            Ok(())
        })
    };
    std::thread::scope(|threads| {
        threads.spawn(once);
        std::thread::sleep(std::time::Duration::from_millis(50));
        threads.spawn(once);
    });
    assert_eq!(database.db().read(|tx| held(tx, holder)), Ok(2), "both counted before either claimed");
}

#[test]
fn a_sum_in_the_parent_is_right_when_the_parent_is_locked_first() {
    both(|database| {
        let db = database.db();
        let parent_object = object("parent", Base::PublicWrite, vec![text("name"), number("total")]);
        let child_object = object("child", Base::PublicWrite, vec![reference("parent", "parent"), number("n")]);
        for made in [&parent_object, &child_object] {
            db::ddl::ensure(db, made).unwrap();
        }
        let schema = Schema::new([parent_object.clone(), child_object.clone()]);
        let scope = Scope::All("the test");
        let ids = Ids::new();
        let parent = Record::new("parent", ids.next());
        db.write::<_, Error>(|tx| records::insert(tx, &parent_object, std::slice::from_ref(&parent))).unwrap();
        std::thread::scope(|threads| {
            for _ in 0..8 {
                let (ids, schema, parent_object, child_object) = (&ids, &schema, &parent_object, &child_object);
                threads.spawn(move || {
                    for _ in 0..5 {
                        db.write::<_, Error>(|tx| {
                            tx.lock_rows(&[(parent_object.rank, "parent", vec![parent.id])])?;
                            let mut child = Record::new("child", ids.next());
                            child.set("parent", parent.id);
                            child.set("n", Number::whole(1));
                            records::insert(tx, child_object, &[child])?;
                            let children = records::referring(tx, schema, child_object, "parent", &scope, &[parent.id])?;
                            let before = records::load(tx, schema, parent_object, &scope, &[parent.id])?.remove(0);
                            let mut after = before.clone();
                            after.set("total", Number::whole(children.len() as i64));
                            after.revision += 1;
                            assert!(records::update(tx, parent_object, before.version, &before, &after)?);
                            Ok(())
                        })
                        .unwrap();
                    }
                });
            }
        });
        let stored = db.read(|tx| records::load(tx, &schema, &parent_object, &scope, &[parent.id])).unwrap().remove(0);
        assert_eq!(stored.get("total"), &Value::Number(Number::whole(40)));
        assert_eq!(stored.revision, 41);
    });
}

#[test]
#[cfg(debug_assertions)]
#[should_panic(expected = "masters before children")]
fn children_are_not_locked_before_their_masters() {
    let database = Database::sqlite();
    let id = Ids::new().next();
    let _ = database.db().write::<_, Error>(|tx| {
        tx.lock_rows(&[(20, "child", vec![id])])?;
        tx.lock_rows(&[(10, "parent", vec![id])])
    });
    assert_eq!(database.engine(), Engine::Sqlite);
}

#[test]
fn an_index_is_made_behind_a_long_reader_and_nobody_waits_behind_it() {
    let database = Database::postgres();
    let mut wanted = object("site", Base::PublicRead, vec![text("name"), number("size")]);
    db::ddl::ensure(database.db(), &wanted).unwrap();
    let reads = |db: &Db| {
        let began = std::time::Instant::now();
        db.read::<_, Error>(|tx| records::size(tx, &object("site", Base::PublicRead, vec![text("name")]))).unwrap();
        began.elapsed().as_millis()
    };
    // One that was broken off while it was built.
    database.behind_its_back("CREATE INDEX i_site_size_id ON r_site (size, id)");
    database.behind_its_back("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'i_site_size_id'::regclass");
    wanted.fields.iter_mut().filter(|field| field.key == "size").for_each(|field| field.fast = true);
    std::thread::scope(|threads| {
        let (wanted, database) = (&wanted, &database);
        threads.spawn(|| {
            database.behind_its_back(
                "BEGIN; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM r_site; SELECT pg_sleep(3); COMMIT",
            )
        });
        std::thread::sleep(std::time::Duration::from_millis(300));
        let made = threads.spawn(move || db::ddl::ensure(database.db(), wanted));
        std::thread::sleep(std::time::Duration::from_millis(300));
        let other = database.again();
        let waited = (0..5).map(|_| reads(&other)).max().unwrap();
        assert!(waited < 500, "{waited} ms");
        made.join().unwrap().unwrap();
    });
    let valid = database.behind_its_back("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i_site_size_id'::regclass");
    assert_eq!(valid, ["t"]);
}

#[test]
fn indexes_of_two_objects_never_bear_one_name() {
    both(|database| {
        let fast = |object_key: &str, field: &str| {
            let mut made = object(object_key, Base::PublicRead, vec![text("name"), text(field)]);
            made.fields[1].unique = true;
            db::ddl::ensure(database.db(), &made).unwrap();
            made
        };
        fast("x_a", "x_b_x_c");
        let made = fast("x_a_x_b", "x_c");
        let same = |ids: &Ids| {
            let mut record = Record::new("x_a_x_b", ids.next());
            record.set("x_c", "same");
            record
        };
        let ids = Ids::new();
        let twice = database.db().write::<_, Error>(|tx| records::insert(tx, &made, &[same(&ids), same(&ids)]));
        assert!(twice.is_err(), "the index of the second is not there");
    });
}

#[test]
fn whoever_writes_is_told_that_somebody_waits() {
    both(|database| {
        let db = database.db();
        std::thread::scope(|threads| {
            db.write::<_, Error>(|tx| {
                tx.lock(&["something".to_owned()])?;
                assert!(!tx.is_waited_for()?, "nobody has come yet");
                threads.spawn(|| db.write::<_, Error>(|tx| tx.lock(&["something".to_owned()])).unwrap());
                let began = std::time::Instant::now();
                while !tx.is_waited_for()? {
                    assert!(began.elapsed().as_secs() < 2, "nobody is seen who waits");
                    std::thread::sleep(std::time::Duration::from_millis(2));
                }
                Ok(())
            })
            .unwrap();
        });
    });
}
