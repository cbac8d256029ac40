//! The door: full lanes, clients that hang up.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use server::door::Lane;

use crate::office::one;

#[test]
fn whoever_finds_no_place_within_two_seconds_is_told_to_come_again() {
    one(|office| {
        let (let_go, gone) = mpsc::channel::<()>();
        office.in_time(async {
            let held = office.app.door.run(Lane::Write, move |_, _| {
                let _ = gone.recv_timeout(Duration::from_secs(10));
                Ok(())
            });
            let late = async {
                // The one place of SQLite's writer is taken by now.
                tokio::time::sleep(Duration::from_millis(100)).await;
                let began = Instant::now();
                let problem = office.app.door.run(Lane::Write, |_, _| Ok(())).await.unwrap_err();
                let waited = began.elapsed();
                // Readers have places of their own.
                office.app.door.run(Lane::Read, |_, _| Ok(())).await.unwrap();
                let_go.send(()).unwrap();
                (problem, waited)
            };
            let (held, (problem, waited)) = tokio::join!(held, late);
            held.unwrap();
            assert_eq!((problem.status, problem.code, problem.retry_after), (StatusCode::SERVICE_UNAVAILABLE, "server.busy", Some(1)));
            assert!((1_900..4_000).contains(&waited.as_millis()), "{waited:?}");
            office.app.door.run(Lane::Write, |_, _| Ok(())).await.unwrap();
        });
    });
}

#[test]
fn a_client_that_hangs_up_ends_its_read_and_not_its_write() {
    one(|office| {
        for (lane, ended) in [(Lane::Read, true), (Lane::Write, false), (Lane::Slow, false)] {
            let (tell, told) = mpsc::channel();
            office.in_time(async {
                let work = office.app.door.run(lane, move |_, limits| {
                    let until = Instant::now() + Duration::from_millis(600);
                    while Instant::now() < until && !limits.cancel.is_cancelled() {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    let _ = tell.send(limits.cancel.is_cancelled());
                    Ok(())
                });
                // The client waits for a tenth of a second.
                let _ = tokio::time::timeout(Duration::from_millis(100), work).await;
            });
            assert_eq!(told.recv_timeout(Duration::from_secs(3)), Ok(ended), "{lane:?}");
        }
    });
}

#[test]
fn a_panic_in_the_work_is_a_problem_of_one_request() {
    one(|office| {
        office.in_time(async {
            let problem =
                office.app.door.run(Lane::Write, |_, _| -> stagecraft_core::Result<()> { panic!("a fault of ours") }).await.unwrap_err();
            assert_eq!((problem.status, problem.code), (StatusCode::INTERNAL_SERVER_ERROR, "server.internal"));
            office.app.door.run(Lane::Write, |_, _| Ok(())).await.unwrap();
        });
        office.kim().gets("/me").is_ok();
    });
}
