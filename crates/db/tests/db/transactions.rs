//! Beginning, failing, running again, ending.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use db::{CancelFlag, Db, Engine, Error, Limits, Read, Write};
use sea_query::{Expr, ExprTrait, InsertStatement, Query, SelectStatement};
use testkit::{Database, both};

fn put(key: &str, n: i64) -> InsertStatement {
    Query::insert().into_table("counter").columns(["key", "n"]).values_panic([key.into(), n.into()]).to_owned()
}

fn keys(db: &Db) -> Vec<String> {
    let select = Query::select().column("key").from("counter").order_by("key", sea_query::Order::Asc).to_owned();
    db.read(|tx| tx.all(&select)?.iter().map(|row| row.get::<String>(0)).collect::<Result<_, Error>>()).unwrap()
}

#[test]
fn a_swallowed_error_stores_nothing() {
    both(|database| {
        let db = database.db();
        let outcome = db.write::<_, Error>(|tx| {
            tx.execute(put("kept", 1))?;
            tx.execute(put("twice", 1))?;
            // A careless caller ignores that the second one was refused.
            let refused = tx.execute(put("twice", 2));
            assert_eq!(refused, Err(Error::Unique { constraint: "counter.key".into() }));
            Ok("all is well")
        });
        assert_eq!(outcome, Err(Error::Poisoned));
        assert!(keys(db).is_empty());
        // Nor can one go on after it.
        let outcome = db.write::<(), Error>(|tx| {
            tx.execute(put("a", 1))?;
            let _ = tx.execute(put("a", 1));
            tx.execute(put("b", 1)).map(|_| ())
        });
        assert_eq!(outcome, Err(Error::Poisoned));
    });
}

#[test]
fn an_attempt_may_fail() {
    both(|database| {
        let db = database.db();
        db.write::<_, Error>(|tx| {
            tx.execute(put("a", 1))?;
            let failed = tx.attempt(|tx| {
                tx.execute(put("gone", 1))?;
                tx.execute(put("a", 2))
            })?;
            assert!(matches!(failed, Err(Error::Unique { .. })));
            let done = tx.attempt(|tx| tx.execute(put("b", 1)))?;
            assert_eq!(done, Ok(1));
            Ok(())
        })
        .unwrap();
        assert_eq!(keys(db), ["a", "b"]);
    });
}

#[test]
fn a_dry_run_stores_nothing() {
    both(|database| {
        let seen = database.db().write::<_, Error>(|tx| {
            tx.execute(put("a", 1))?;
            tx.abandon();
            Ok(tx.all(&Query::select().column("key").from("counter").to_owned())?.len())
        });
        assert_eq!(seen, Ok(1));
        assert!(keys(database.db()).is_empty());
    });
}

#[test]
fn a_panic_stores_nothing_and_harms_nobody() {
    both(|database| {
        let db = database.db();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            db.write::<(), Error>(|tx| {
                tx.execute(put("a", 1))?;
                panic!("a fault of ours");
            })
        }));
        assert!(panicked.is_err());
        assert!(keys(db).is_empty());
        db.write::<_, Error>(|tx| tx.execute(put("b", 1))).unwrap();
        assert_eq!(keys(db), ["b"]);
    });
}

#[test]
fn a_read_sees_one_moment() {
    both(|database| {
        let db = database.db();
        let count = |tx: &mut Read| tx.one(&Query::select().expr(Expr::cust("COUNT(1)")).from("counter").to_owned())?.get::<i64>(0);
        let seen = db.read::<_, Error>(|tx| {
            let before = count(tx)?;
            db.write::<_, Error>(|other| other.execute(put("a", 1)))?;
            Ok((before, count(tx)?))
        });
        assert_eq!(seen, Ok((0, 0)));
    });
}

#[test]
fn the_clock_is_given() {
    both(|database| {
        let first = database.db().read::<_, Error>(|tx| Ok(tx.now())).unwrap();
        database.advance(31 * 86_400);
        let later = database.db().write::<_, Error>(|tx| Ok(tx.now())).unwrap();
        assert_eq!(later.seconds_since(first), 31 * 86_400);
    });
}

#[test]
fn beginning_is_one_round_trip() {
    both(|database| {
        let begun = database.db().write::<_, Error>(|tx| Ok(tx.statements())).unwrap();
        assert_eq!(begun, 1);
        let three = database.db().write::<_, Error>(|tx| {
            tx.lock(&["a".into(), "b".into()])?;
            tx.execute(put("a", 1))?;
            Ok(tx.statements())
        });
        assert_eq!(three, Ok(if database.engine() == Engine::Postgres { 3 } else { 2 }));
    });
}

#[test]
fn a_published_version_is_seen_by_the_next_transaction_and_waits_for_writers() {
    both(|database| {
        let (db, other) = (database.db().clone(), database.again());
        let before = db.read::<_, Error>(|tx| Ok(tx.meta_version())).unwrap();
        let published = db.write::<_, Error>(Write::publish_meta).unwrap();
        assert_eq!(published, before + 1);
        assert_eq!(other.read::<_, Error>(|tx| Ok(tx.meta_version())), Ok(published));
        assert_eq!(other.write::<_, Error>(|tx| Ok(tx.meta_version())), Ok(published));

        // A writer who began under the old rules ends before new ones hold.
        let order = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|threads| {
            let (begun, waits) = std::sync::mpsc::channel();
            let order = &order;
            threads.spawn(move || {
                db.write::<_, Error>(|tx| {
                    begun.send(()).ok();
                    std::thread::sleep(Duration::from_millis(150));
                    order.lock().unwrap().push("writer ends");
                    tx.execute(put("a", 1))
                })
            });
            waits.recv().unwrap();
            other
                .write::<_, Error>(|tx| {
                    tx.publish_meta()?;
                    order.lock().unwrap().push("published");
                    Ok(())
                })
                .unwrap();
        });
        assert_eq!(order.into_inner().unwrap(), ["writer ends", "published"]);
    });
}

#[test]
fn a_deadlock_is_run_again() {
    let database = Database::postgres();
    let runs = AtomicU32::new(0);
    let barrier = std::sync::Barrier::new(2);
    std::thread::scope(|threads| {
        for (first, second) in [("a", "b"), ("b", "a")] {
            let (runs, barrier, db) = (&runs, &barrier, database.db());
            threads.spawn(move || {
                let mut met = false;
                db.write::<_, Error>(|tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    tx.lock(&[first.to_owned()])?;
                    if !std::mem::replace(&mut met, true) {
                        barrier.wait();
                    }
                    tx.lock(&[second.to_owned()])?;
                    tx.execute(put(&format!("{first}{second}"), 1))
                })
                .unwrap();
            });
        }
    });
    assert_eq!(keys(database.db()), ["ab", "ba"]);
    assert!(runs.load(Ordering::SeqCst) >= 3, "one of the two was undone and run again");
}

/// Each holds the lock shared that all of them want alone, each time that they begin together.
#[test]
fn many_who_publish_at_once_all_come_through() {
    const MANY: i64 = 8;
    let database = Database::postgres();
    let before = database.db().write::<_, Error>(|tx| Ok(tx.meta_version())).unwrap();
    let barrier = std::sync::Barrier::new(MANY as usize);
    std::thread::scope(|threads| {
        for _ in 0..MANY {
            let (barrier, db) = (&barrier, database.db());
            threads.spawn(move || {
                let mut met = false;
                db.write::<_, Error>(|tx| {
                    if !std::mem::replace(&mut met, true) {
                        barrier.wait();
                    }
                    std::thread::sleep(Duration::from_millis(50));
                    tx.publish_meta()
                })
                .unwrap();
            });
        }
    });
    assert_eq!(database.db().write::<_, Error>(|tx| Ok(tx.meta_version())), Ok(before + MANY));
}

const KILL: &str =
    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[test]
fn after_a_failover_the_next_request_runs() {
    let database = Database::postgres();
    let db = database.db();
    db.write::<_, Error>(|tx| tx.execute(put("a", 1))).unwrap();
    assert_eq!(keys(db), ["a"]);
    for _ in 0..2 {
        assert!(!database.behind_its_back(KILL).is_empty());
        assert_eq!(keys(db), ["a"], "a read finds a new connection");
        database.behind_its_back(KILL);
        let runs = AtomicU32::new(0);
        db.write::<_, Error>(|tx| {
            runs.fetch_add(1, Ordering::SeqCst);
            tx.all(&Query::select().column("key").from("counter").to_owned())
        })
        .unwrap();
        assert_eq!(runs.into_inner(), 1, "the closure had not begun when the connection was found dead");
    }
}

#[test]
fn a_connection_lost_while_committing_is_told_and_not_tried_again() {
    let database = Database::postgres();
    let runs = AtomicU32::new(0);
    let outcome = database.db().write::<_, Error>(|tx| {
        runs.fetch_add(1, Ordering::SeqCst);
        tx.execute(put("a", 1))?;
        database.behind_its_back(KILL);
        Ok(())
    });
    assert_eq!(outcome, Err(Error::OutcomeUnknown));
    assert_eq!(runs.into_inner(), 1);
    assert!(keys(database.db()).is_empty());
}

/// A statement that takes far too long.
fn endless(engine: Engine) -> SelectStatement {
    let words = match engine {
        Engine::Sqlite => "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000) SELECT COUNT(i) FROM n)",
        Engine::Postgres => "pg_sleep(30)",
    };
    Query::select().expr(Expr::cust(words)).to_owned()
}

#[test]
fn a_read_that_nobody_waits_for_ends() {
    both(|database| {
        let cancel = CancelFlag::default();
        let flag = cancel.clone();
        let raised = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            flag.cancel();
            Instant::now()
        });
        let outcome = database
            .db()
            .read_with::<(), Error>(Limits { deadline: None, cancel: cancel.clone() }, |tx| tx.all(&endless(tx.engine())).map(|_| ()));
        let ended = Instant::now();
        assert_eq!(outcome, Err(Error::Cancelled));
        assert!(ended - raised.join().unwrap() < Duration::from_millis(300));
        // The next user of the connection is not hit, and one who gave up before does not begin.
        for _ in 0..5 {
            assert!(keys(database.db()).is_empty());
        }
        let begun = database.db().read_with::<(), Error>(Limits { deadline: None, cancel }, |_| panic!("must not begin"));
        assert_eq!(begun, Err(Error::Cancelled));
    });
}

#[test]
fn statements_end_at_the_deadline() {
    both(|database| {
        let limits = || Limits { deadline: Some(Instant::now() + Duration::from_millis(100)), ..Limits::default() };
        let began = Instant::now();
        let read = database.db().read_with::<(), Error>(limits(), |tx| tx.all(&endless(tx.engine())).map(|_| ()));
        assert_eq!(read, Err(Error::Timeout));
        let endless = endless(database.engine());
        let write = database.db().write_with::<(), Error>(limits(), |tx| tx.all(&endless).map(|_| ()));
        assert_eq!(write, Err(Error::Timeout));
        assert!(began.elapsed() < Duration::from_secs(2));
        assert!(keys(database.db()).is_empty());
    });
}

#[test]
fn a_write_is_not_cancelled() {
    both(|database| {
        let cancel = CancelFlag::default();
        database
            .db()
            .write_with::<_, Error>(Limits { deadline: None, cancel: cancel.clone() }, |tx| {
                tx.execute(put("a", 1))?;
                cancel.cancel();
                tx.execute(put("b", 1))
            })
            .unwrap();
        assert_eq!(keys(database.db()), ["a", "b"]);
    });
}

#[test]
fn an_unknown_place_or_address_is_told() {
    assert!(matches!(Db::open("mysql://x", db::Options::default()), Err(Error::Address(_))));
    assert!(matches!(Db::open("postgres://127.0.0.1:1/y", db::Options::default()), Err(Error::Unreachable(_))));
    assert!(matches!(Db::open("sqlite:/no/such/folder/x.sqlite", db::Options::default()), Err(Error::Unreachable(_))));
}

/// The server of the tests speaks no TLS: who asks for it is not served in the clear.
#[test]
fn tls_that_was_asked_for_is_not_left_out() {
    let plain = Database::postgres();
    let asked = format!("{}?sslmode=require", plain.url());
    assert!(matches!(Db::open(&asked, db::Options::default()), Err(Error::Unreachable(_) | Error::Address(_))));
}

/// The log of a database that is written without a pause is cut off all the same.
#[test]
fn a_log_is_cut_off_while_many_write() {
    const LARGE: u64 = 128 << 20;
    let database = Database::sqlite();
    let db = database.db();
    let log = db.file().unwrap().with_extension(db.file().unwrap().extension().unwrap().to_string_lossy().into_owned() + "-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    let (cut, began) = (std::sync::atomic::AtomicBool::new(false), std::time::Instant::now());
    let over = || cut.load(Ordering::Relaxed) || began.elapsed().as_secs() > 20;
    std::thread::scope(|threads| {
        for writer in 0..3 {
            let over = &over;
            threads.spawn(move || {
                let mut n = 0_u8;
                while !over() {
                    n = n.wrapping_add(1);
                    let much = String::from(char::from(b'a' + n % 20)).repeat(1 << 20);
                    let kept = put(&format!("{writer}{much}"), 1);
                    db.write::<_, Error>(|tx| {
                        tx.execute(
                            Query::delete()
                                .from_table("counter")
                                .and_where(Expr::col("key").gte(format!("{writer}")))
                                .and_where(Expr::col("key").lt(format!("{}", writer + 1)))
                                .to_owned(),
                        )?;
                        tx.execute(kept.clone()).map(|_| ())
                    })
                    .unwrap();
                }
            });
        }
        let mut most = 0;
        while !over() {
            let now = length();
            most = Ord::max(most, now);
            cut.fetch_or(most > LARGE && now < LARGE, Ordering::Relaxed);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        assert!(most > LARGE, "too little was written: {most}");
    });
    assert!(cut.into_inner(), "the log has grown to {} and was not cut off", length());
}

/// PostgreSQL keeps plans that it made for empty tables until somebody counts: what has grown is counted, what has not is left alone.
#[test]
fn tables_that_have_grown_are_counted() {
    both(|database| {
        let db = database.db();
        let fill = |what: &str, rows: i64| {
            let rows = (0..rows).map(|n| vec![format!("{what} {n} {}", "x".repeat(200)).into(), n.into()]).collect();
            db.write::<_, Error>(|tx| tx.insert_rows("counter", &["key", "n"], Clone::clone(&rows))).unwrap();
        };
        let pages = || -> i64 {
            let select = Query::select()
                .expr(Expr::cust("relpages::bigint"))
                .from("pg_class")
                .and_where(Expr::cust("oid = 'counter'::regclass"))
                .to_owned();
            db.read::<_, Error>(|tx| tx.optional(&select)?.unwrap().get(0)).unwrap()
        };
        if db.engine() == Engine::Sqlite {
            return db.analyse_grown().unwrap();
        }
        fill("a few", 10);
        db.analyse_grown().unwrap();
        assert_eq!(pages(), 0, "hardly anything is there");
        fill("many", 5_000);
        db.analyse_grown().unwrap();
        let counted = pages();
        assert!(counted > 100, "{counted}");
        fill("some more", 500);
        db.analyse_grown().unwrap();
        assert_eq!(pages(), counted, "it has not become twice as large");
    });
}
