//! What approvals cost while many run: what waits for somebody who is asked in all of them, and answering two hundred at once.

use std::time::{Duration, Instant as Moment};

use model::{Id, Via};
use serde_json::{Value as Json, json};
use stagecraft_core::approvals::{self, ApprovalsRequest};
use stagecraft_core::save::{Change, save_all};
use stagecraft_core::todo::{self, TodoRequest};
use stagecraft_core::{Credential, House, Limits};

use crate::Fallible;
use crate::data::{self, change};
use crate::engines::Place;
use crate::table::Column;
use crate::trying::on_the_processor;

/// Approvals that run.
const RUNNING: usize = 10_000;
const CHUNK: usize = 200;
/// Answered with one request.
const AT_ONCE: usize = 200;
/// How often each list is opened.
const TIMES: usize = 400;

/// Has one person asked in every one, and measures his lists, those of one who is asked once, and the answers.
pub fn measure(place: &Place, column: &mut Column<'_>) -> Fallible<()> {
    let house = place.open()?;
    let market = data::market(&house, 100)?;
    let (administrator, asked, seller) = (market.people[0], market.people[1], market.people[2]);
    let flow = |name: &str, who: Id, position: i64| {
        json!({
            "api_name": name.to_lowercase(), "name": name, "object": "opportunity", "trigger": "create", "position": position, "active": true,
            "condition": {"field": "name", "op": "starts_with", "value": name},
            "nodes": [
                {"key": "start", "name": "", "does": {"type": "start", "next": "ask"}},
                {"key": "ask", "name": "Ask", "does": {"type": "approve", "method": {"type": "standard"}, "who": [{"type": "person", "id": who}],
                    "limit": {"hours": 48}, "next": "approved"}},
                {"key": "approved", "name": "", "does": {"type": "approved"}},
            ],
        })
    };
    let once = market.people[3];
    for (name, who, position) in [("Deal", asked, 0), ("Single", once, 1)] {
        let wanted = serde_json::from_value(flow(name, who, position))?;
        house.write(&Credential::Person(administrator), Limits::default(), Via::Api, |cx, tx| {
            approvals::save(cx, tx, None, None, &wanted)
        })?;
    }
    let begin = Moment::now();
    let fresh = |n: usize| change("opportunity", vec![("name", format!("Deal {n}").into())]);
    for from in (0..RUNNING).step_by(CHUNK) {
        submit(&house, seller, (from..from + CHUNK).map(fresh).collect())?;
    }
    column.put("approvals begun a second, 200 deals in a transaction", format!("{:.0}", RUNNING as f64 / begin.elapsed().as_secs_f64()));
    submit(&house, seller, vec![change("opportunity", vec![("name", "Single one".into())])])?;
    house.db().analyse()?;
    for (whose, person) in [("whoever is asked in all", asked), ("whoever is asked in one", once)] {
        let me = Credential::Person(person);
        let listed = times(|| {
            let wanted = ApprovalsRequest::default();
            house.read(&me, Limits::default(), |cx, tx| approvals::list(cx, tx, &wanted)).map(drop)
        })?;
        column.put(&format!("approvals to be processed, {whose}, ms (p50 / p99; our own processor time)"), listed);
        let waits = times(|| {
            let wanted = TodoRequest::default();
            house.read(&me, Limits::default(), |cx, tx| todo::list(cx, tx, &wanted)).map(drop)
        })?;
        column.put(&format!("the to-do list, {whose}, ms (p50 / p99; our own processor time)"), waits);
    }
    let mine = Credential::Person(seller);
    let initiated = times(|| {
        let wanted = serde_json::from_value::<ApprovalsRequest>(json!({"which": "mine"})).unwrap_or_default();
        house.read(&mine, Limits::default(), |cx, tx| approvals::list(cx, tx, &wanted)).map(drop)
    })?;
    column.put("initiated by me, of 10,001, ms (p50 / p99; our own processor time)", initiated);
    answer(&house, asked, column)
}

/// Saves as a person, so that flows catch it.
fn submit(house: &House, by: Id, changes: Vec<Change>) -> Fallible<()> {
    for saved in
        house.write(&Credential::Person(by), Limits::default(), Via::Api, |cx, tx| save_all(cx, tx, "opportunity", changes.clone()))?
    {
        if saved?.approval.is_none() {
            return Err("no flow has caught it".into());
        }
    }
    Ok(())
}

fn times(mut one: impl FnMut() -> stagecraft_core::Result<()>) -> Fallible<String> {
    let (mut taken, spent) = (Vec::with_capacity(TIMES), on_the_processor());
    for _ in 0..TIMES {
        let from = Moment::now();
        one()?;
        taken.push(from.elapsed());
    }
    let spent = (on_the_processor() - spent) * 1_000.0 / TIMES as f64;
    taken.sort_unstable();
    let at = |percent: usize| taken.get((TIMES - 1) * percent / 100).map_or(0.0, Duration::as_secs_f64) * 1_000.0;
    Ok(format!("{:.2} / {:.2} ({spent:.2})", at(50), at(99)))
}

/// Agrees to many with one request: each is reported.
fn answer(house: &House, asked: Id, column: &mut Column<'_>) -> Fallible<()> {
    let wanted = serde_json::from_value::<ApprovalsRequest>(json!({"limit": AT_ONCE}))?;
    let me = Credential::Person(asked);
    let page = house.read(&me, Limits::default(), |cx, tx| approvals::list(cx, tx, &wanted))?;
    let items: Vec<Json> =
        page["items"].as_array().into_iter().flatten().map(|item| json!({"id": item["id"], "task": item["my_task"]})).collect();
    let many = serde_json::from_value(json!({"act": "agree", "items": items}))?;
    let from = Moment::now();
    let done = approvals::act_many(house, &me, Via::Api, &many, None)?;
    let took = from.elapsed();
    if done["done"] != AT_ONCE {
        return Err(format!("not all were agreed to: {done}").into());
    }
    let each = took.as_secs_f64() * 1_000.0 / AT_ONCE as f64;
    column.put("agreeing to 200 at once, s (ms for each)", format!("{:.2} ({each:.1})", took.as_secs_f64()));
    Ok(())
}
