//! Jobs are worked on by one at a time, kept while that takes long, told to those whom they concern, and can be given up.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::thread;

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::bulk::{self, Bulk};
use stagecraft_core::idempotency::Key;
use stagecraft_core::jobs::{self, JobsRequest};
use stagecraft_core::{Credential, Error, House, Limits, Result, notices};
use testkit::both;

use crate::office::Office;

const SYSTEM: Credential = Credential::System("to set the stage");

impl Office {
    fn jobs(&self, who: Id, asked: Json) -> Vec<Json> {
        let asked: JobsRequest = serde_json::from_value(asked).unwrap();
        self.read(who, |cx, tx| jobs::list(cx, tx, &asked)).unwrap()["items"].as_array().unwrap().clone()
    }

    /// A bulk act that nobody has begun to work on.
    fn asks_for(&self, who: Id, ids: &[Id], key: Option<&Key>) -> Result<Json> {
        let wanted: Bulk = serde_json::from_value(json!({"ids": ids, "act": "edit", "fields": {"next_step": "Call"}})).unwrap();
        bulk::begin_once(&self.house, &Credential::Person(who), Via::Api, "opportunity", &wanted, key)
    }

    /// A job as somebody asked for it, put back to where nobody has begun it.
    fn has_to_wait(&self, job: Id) {
        self.house
            .write(&SYSTEM, Limits::default(), Via::System, |_, tx| {
                for (table, column) in [("job", "id"), ("bulk_record", "job")] {
                    let mut update = sea_query::Query::update();
                    update.table(table).and_where(sea_query::ExprTrait::eq(sea_query::Expr::col(column), job.0));
                    match table {
                        "job" => update.value("state", "waiting").value("ended_at", None::<i64>).value("lease_until", None::<i64>),
                        _ => update.value("outcome", "waiting"),
                    };
                    tx.execute(update)?;
                }
                Ok(())
            })
            .unwrap();
    }
}

fn id(job: &Json) -> Id {
    job["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_request_that_comes_again_begins_no_second_act() {
    both(|database| {
        let office = Office::new(database);
        let deals = [office.deal(office.kim, "Rail"), office.deal(office.kim, "Port")];
        let key = Key { key: "once".into(), request: "POST bulk".into() };
        let first = office.asks_for(office.kim, &deals, Some(&key)).unwrap();
        let again = office.asks_for(office.kim, &deals, Some(&key)).unwrap();
        assert_eq!((&first["id"], &first["changed"]), (&again["id"], &again["changed"]));
        let other = Key { request: "POST bulk of others".into(), ..key.clone() };
        assert!(matches!(office.asks_for(office.kim, &deals[..1], Some(&other)), Err(Error::KeyReused)));
        assert_eq!(office.jobs(office.kim, json!({"kind": "bulk"})).len(), 1);
        // So with taking it back.
        let undo = Key { key: "undo".into(), request: "POST undo".into() };
        let take = || bulk::undo_once(&office.house, &Credential::Person(office.kim), Via::Api, id(&first), Some(&undo)).unwrap();
        assert_eq!(take()["id"], take()["id"]);
        assert_eq!(office.jobs(office.kim, json!({})).len(), 2);
        // Two at the same instant.
        let key = Key { key: "both".into(), ..key };
        let ids: Vec<Json> = thread::scope(|threads| {
            let asked: Vec<_> =
                (0..4).map(|_| threads.spawn(|| office.asks_for(office.kim, &deals, Some(&key)).unwrap()["id"].clone())).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");
    });
}

#[test]
fn whoever_asked_sees_his_jobs_and_administrators_see_all() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        for _ in 0..3 {
            office.asks_for(office.kim, &[deal], None).unwrap();
        }
        office.asks_for(office.mona, &[deal], None).unwrap();
        assert_eq!(office.jobs(office.kim, json!({})).len(), 3);
        assert_eq!(office.jobs(office.mona, json!({})).len(), 1);
        assert_eq!(office.jobs(office.lee, json!({})).len(), 0);
        assert_eq!(office.jobs(office.ada, json!({"state": "done", "kind": "bulk"})).len(), 4);
        assert_eq!(office.jobs(office.ada, json!({"mine": true})).len(), 0);
        let of_kim = id(&office.jobs(office.kim, json!({}))[0]);
        assert!(matches!(office.read(office.lee, |cx, tx| jobs::one(cx, tx, of_kim)), Err(Error::NotFound)));
        assert!(matches!(office.write(office.lee, |cx, tx| jobs::cancel_one(cx, tx, of_kim)), Err(Error::NotFound)));
        // Pages do not overlap.
        for n in 0..60 {
            database.advance(i64::from(n % 3 == 0));
            office.asks_for(office.kim, &[deal], None).unwrap();
        }
        let mut seen = BTreeSet::new();
        let mut cursor = Json::Null;
        loop {
            let asked: JobsRequest = serde_json::from_value(json!({"cursor": cursor})).unwrap();
            let page = office.read(office.ada, |cx, tx| jobs::list(cx, tx, &asked)).unwrap();
            for job in page["items"].as_array().unwrap() {
                assert!(seen.insert(job["id"].to_string()), "told twice");
            }
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(seen.len(), 64);
    });
}

#[test]
fn what_is_given_up_is_left_where_it_stands_and_can_be_taken_back() {
    both(|database| {
        let office = Office::new(database);
        let deals = [office.deal(office.kim, "Rail"), office.deal(office.kim, "Port")];
        let done = office.asks_for(office.kim, &deals, None).unwrap();
        let ended = office.write(office.kim, |cx, tx| jobs::cancel_one(cx, tx, id(&done)));
        assert_eq!(crate::office::refusals(ended), ["job.not_cancellable"]);
        office.has_to_wait(id(&done));
        let shown = office.jobs(office.kim, json!({"state": "waiting"})).remove(0);
        assert_eq!(shown["can"], json!(["cancel"]));
        let cancelled = office.write(office.kim, |cx, tx| jobs::cancel_one(cx, tx, id(&done))).unwrap();
        assert_eq!((&cancelled["state"], &cancelled["can"]), (&json!("cancelled"), &json!([])));
        assert!(!jobs::work(&office.house).unwrap(), "nobody takes it up");
        let told = office.read(office.kim, |cx, tx| bulk::one(cx, tx, id(&done))).unwrap();
        assert_eq!(told["state"], "cancelled");
    });
}

#[test]
fn several_servers_share_the_jobs_and_each_is_done_once() {
    both(|database| {
        let office = Office::new(database);
        let mut waiting = Vec::new();
        for n in 0..12 {
            let deal = office.deal(office.kim, &format!("Deal {n}"));
            let job = id(&office.asks_for(office.kim, &[deal], None).unwrap());
            office.edits(office.kim, "opportunity", deal, json!({"next_step": null})).unwrap();
            office.has_to_wait(job);
            waiting.push((job, deal));
        }
        let servers: Vec<House> = (0..3).map(|_| House::open(database.again()).unwrap()).collect();
        let worked = Arc::new(Mutex::new(0));
        thread::scope(|threads| {
            for server in &servers {
                let worked = worked.clone();
                threads.spawn(move || {
                    while jobs::work(server).unwrap() {
                        *worked.lock().unwrap() += 1;
                    }
                });
            }
        });
        // One who found another's job just taken may have gone home; the rest is done by the next look.
        while jobs::work(&office.house).unwrap() {}
        assert!(*worked.lock().unwrap() <= 12);
        for (job, deal) in waiting {
            assert_eq!(office.read(office.kim, |cx, tx| jobs::one(cx, tx, job)).unwrap()["state"], "done");
            let revision = office.reads(office.kim, "opportunity", deal).unwrap()["revision"].as_i64().unwrap();
            assert_eq!(revision, 4, "made, changed, put back, changed once more and not twice");
        }
    });
}

#[test]
fn who_asked_and_who_administers_are_told_that_a_job_has_failed() {
    both(|database| {
        let office = Office::new(database);
        let deal = office.deal(office.kim, "Rail");
        let job = id(&office.asks_for(office.kim, &[deal], None).unwrap());
        office.has_to_wait(job);
        // What it is to do cannot be read, so it fails each time that it is tried.
        office
            .house
            .write(&SYSTEM, Limits::default(), Via::System, |_, tx| {
                let update = sea_query::Query::update()
                    .table("job")
                    .value("doc", "{\"act\":\"nonsense\"}")
                    .and_where(sea_query::ExprTrait::eq(sea_query::Expr::col("id"), job.0))
                    .to_owned();
                tx.execute(update).map_err(Error::from)
            })
            .unwrap();
        for _ in 0..20 {
            let _ = jobs::work(&office.house);
            database.advance(2_000);
        }
        let failed = office.jobs(office.kim, json!({"state": "failed"})).remove(0);
        assert_eq!((&failed["can"], failed["message"].is_string()), (&json!(["retry"]), true));
        for (who, told) in [(office.kim, 1), (office.ada, 1), (office.lee, 0)] {
            let news = office.read(who, |cx, tx| notices::list(cx, tx, &Default::default())).unwrap();
            let of_jobs: Vec<&Json> = news["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "job_failed").collect();
            assert_eq!(of_jobs.len(), told);
            assert!(of_jobs.iter().all(|one| one["params"]["kind"] == "bulk"));
        }
        let again = office.write(office.kim, |cx, tx| jobs::retry(cx, tx, job)).unwrap();
        assert_eq!(again["state"], "waiting");
    });
}
