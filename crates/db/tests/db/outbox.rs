//! The order in which listeners hear.

use std::sync::mpsc;
use std::time::Duration;

use db::outbox::{self, Event, Eyes, Position};
use db::{Db, Engine, Error};
use testkit::{Database, Ids, both};

fn event(ids: &Ids, act: &str) -> Event {
    Event {
        object: "deal".into(),
        record: ids.next(),
        revision: 1,
        act: act.into(),
        at: model::Instant(1),
        by: ids.next(),
        columns: vec!["name".into(), "stage".into()],
        before: Eyes { owners: vec![ids.next()], given: vec![ids.next(), ids.next()] },
        after: Eyes::default(),
    }
}

/// Reads `n` events. Any writing transaction on the whole PostgreSQL server holds the horizon back, another test's too: so one waits.
fn read(db: &Db, from: Position, n: usize) -> (Vec<(Position, Event)>, Position) {
    for _ in 0..500 {
        let answer = db.read::<_, Error>(|tx| outbox::after(tx, &from, 100)).unwrap();
        if answer.0.len() >= n {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{n} events did not come");
}

fn acts(db: &Db, from: &mut Position, n: usize) -> Vec<String> {
    let (events, next) = read(db, *from, n);
    *from = next;
    events.into_iter().map(|(_, event)| event.act).collect()
}

#[test]
fn events_come_back_as_they_went_in() {
    both(|database| {
        let db = database.db();
        let ids = Ids::new();
        let start = db.read::<_, Error>(outbox::head).unwrap();
        let events = [event(&ids, "create"), event(&ids, "edit")];
        db.write::<_, Error>(|tx| outbox::insert(tx, &events)).unwrap();
        let (heard, next) = read(db, start, 2);
        assert_eq!(heard.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>(), events);
        assert_eq!(next.to_string().parse(), Ok(next));
        let (rest, _) = db.read::<_, Error>(|tx| outbox::after(tx, &heard[0].0, 10)).unwrap();
        assert_eq!(rest.len(), 1);
        let head = db.read::<_, Error>(outbox::head).unwrap();
        assert!(db.read::<_, Error>(|tx| outbox::after(tx, &head, 10)).unwrap().0.is_empty());
        assert_eq!(db.write::<_, Error>(|tx| outbox::prune(tx, model::Instant(2))), Ok(2));
    });
}

/// Listeners look many times a second, however much is kept.
#[test]
fn what_comes_next_is_read_by_an_index() {
    let database = Database::postgres();
    let ids = Ids::new();
    let events: Vec<Event> = (0..2_000).map(|_| event(&ids, "create")).collect();
    database.db().write::<_, Error>(|tx| outbox::insert(tx, &events)).unwrap();
    let next = "SELECT seq FROM outbox WHERE (xid, seq) > ('9'::xid8, 1999) AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid, seq LIMIT 100";
    database.behind_its_back("ANALYZE outbox");
    let plan = database.behind_its_back(&format!("EXPLAIN {next}")).join("\n");
    assert!(plan.contains("outbox_order") && !plan.contains("Seq Scan"), "{plan}");
}

/// Every analysis asks what was written since; what is kept of the days before must not be gone through for it.
#[test]
fn what_was_written_since_is_read_by_an_index() {
    both(|database| {
        let ids = Ids::new();
        let events: Vec<Event> = (0..2_000).map(|_| event(&ids, "create")).collect();
        let db = database.db();
        db.write::<_, Error>(|tx| outbox::insert(tx, &events)).unwrap();
        db.analyse().unwrap();
        let head = db.read::<_, Error>(outbox::head).unwrap();
        let written = db.read::<_, Error>(|tx| outbox::written_behind(tx, &Position::default(), "deal")).unwrap();
        assert_eq!(written.len(), 2_000);
        let (place, by, through) = match database.engine() {
            Engine::Sqlite => (head, "SEARCH outbox USING INTEGER PRIMARY KEY (rowid>?)", "SCAN"),
            // Behind everything, whoever holds the horizon back.
            Engine::Postgres => (format!("{}.{}", i64::MAX, i64::MAX).parse().unwrap(), "outbox_order", "Seq Scan"),
        };
        let plan = db.read::<_, Error>(|tx| outbox::plan_of_written_behind(tx, &place, "deal")).unwrap();
        assert!(plan.contains(by) && !plan.contains(through), "{plan}");
    });
}

#[test]
fn an_older_transaction_that_ends_later_is_not_missed() {
    let database = Database::postgres();
    assert_eq!(database.engine(), Engine::Postgres);
    let db = database.db();
    let ids = Ids::new();
    let mut heard = Position::default();
    let (written, wait_written) = mpsc::channel();
    let (go_on, wait_go_on) = mpsc::channel::<()>();
    std::thread::scope(|threads| {
        let ids = &ids;
        let slow = threads.spawn(move || {
            db.write::<_, Error>(|tx| {
                outbox::insert(tx, &[event(ids, "older")])?;
                // What can wait goes in before the next statement.
                tx.all(sea_query::Query::select().expr(sea_query::Expr::val(1)))?;
                written.send(()).unwrap();
                wait_go_on.recv().unwrap();
                Ok(())
            })
        });
        wait_written.recv().unwrap();
        db.write::<_, Error>(|tx| outbox::insert(tx, &[event(ids, "younger")])).unwrap();
        assert!(acts(db, &mut heard, 0).is_empty(), "the younger one is stored, but an older one may still come");
        go_on.send(()).unwrap();
        slow.join().unwrap().unwrap();
    });
    assert_eq!(acts(db, &mut heard, 2), ["older", "younger"]);
    assert!(acts(db, &mut heard, 0).is_empty());
}
