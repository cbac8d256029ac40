//! What it costs to try a process on 100,000 moves that were made.

use std::time::{Duration, Instant as Moment};

use model::process::SHIPPED;
use model::{Amount, Currency, Id, Money, Value, Via};
use serde_json::json;
use stagecraft_core::processes::{self, replay};
use stagecraft_core::save::{Change, Deed};
use stagecraft_core::{Credential, House, Limits};

use crate::Fallible;
use crate::data::{self, SYSTEM, Seeded, WAY, change};
use crate::table::Column;

const DEALS: usize = 25_000;
const CHUNK: usize = 500;
/// Trials that are timed; the middle one counts.
const TRIALS: usize = 5;
/// A machine with much else to do is let finish.
const PATIENCE: Duration = Duration::from_secs(300);

/// Deals that were created, changed and moved three times each, by the same saves as everything else.
fn fill(house: &House) -> Fallible<Id> {
    let mut seeded = Seeded(0x7e57_0002_0260_0001);
    let market = data::market(house, DEALS / 10)?;
    let fresh = |n: usize, seeded: &mut Seeded| {
        change(
            "opportunity",
            vec![
                ("name", format!("Deal {n}").into()),
                ("account", market.accounts[seeded.below(market.accounts.len())].into()),
                ("owner", market.people[seeded.below(market.people.len())].into()),
                ("amount", worth(seeded)),
            ],
        )
    };
    for from in (0..DEALS).step_by(CHUNK) {
        let ids = data::put(house, "opportunity", (from..from + CHUNK).map(|n| fresh(n, &mut seeded)).collect())?;
        for stage in &WAY[1..] {
            let edits = ids.iter().map(|id| {
                let mut edit = Change::of("opportunity", *id, Deed::Edit);
                edit.patch.insert("amount".into(), worth(&mut seeded));
                edit
            });
            data::put(house, "opportunity", edits.collect())?;
            let moves = ids.iter().map(|id| {
                let mut step = Change::of("opportunity", *id, Deed::Move { stage: (*stage).to_owned() });
                step.patch.insert("expected_close_date".into(), Value::Date("2027-03-01".parse().unwrap_or_default()));
                step
            });
            data::put(house, "opportunity", moves.collect())?;
        }
    }
    house.db().analyse()?;
    Ok(market.people[0])
}

fn worth(seeded: &mut Seeded) -> Value {
    Money { amount: Amount((100 + seeded.below(90_000) as i64) * 10_000), currency: Currency::USD }.into()
}

/// The shipped process with five more gates: of the deal, of its customer, of records that refer to it, a field and a task.
fn draft(house: &House) -> Fallible<serde_json::Value> {
    let id = SHIPPED.to_string();
    let mut draft = house.read(&SYSTEM, Limits::default(), |cx, _| processes::one(cx, &id))?;
    let stages = &mut draft["stages"];
    stages[1]["entry_condition"] = json!({"field": "amount", "op": "ge", "value": "30000"});
    stages[1]["completion_condition"] = json!({"field": "account.sector", "op": "in", "value": ["energy", "retail", "finance"]});
    stages[2]["required_fields"] = json!(["next_step"]);
    stages[2]["tasks"] = json!([{"key": "visit", "name": "Visit", "act": {"kind": "checklist_item"}}]);
    stages[3]["entry_condition"] = json!({"exists": {"object": "contact_role"}});
    Ok(draft)
}

/// Seconds that this process has been on processors, all of its threads.
pub fn on_processors() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets; hundredths of a second, in the program and in the kernel.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Seconds that this thread has been on a processor: what a busy machine does not falsify.
pub fn on_the_processor() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// Times it, and says what was found.
pub fn measure(house: &House, column: &mut Column<'_>) -> Fallible<()> {
    let administrator = Credential::Person(fill(house)?);
    let id = SHIPPED.to_string();
    let wanted: replay::Try = serde_json::from_value(json!({"process": draft(house)?, "months": 6}))?;
    let mut taken = Vec::new();
    let mut report = json!({});
    let (mut statements, mut busy) = (0, f64::MAX);
    for _ in 0..TRIALS {
        let began = Moment::now();
        let limits = Limits { deadline: Some(began + PATIENCE), ..Limits::default() };
        let worked = on_the_processor();
        (report, statements) =
            house.read_from(&administrator, limits, Via::Api, |cx, tx| Ok((replay::tries(cx, tx, &id, &wanted)?, tx.statements())))?;
        taken.push(began.elapsed());
        busy = busy.min(on_the_processor() - worked);
    }
    taken.sort_unstable();
    column.put("moves tried", report["moves"]["judged"].to_string());
    column.put("of them held back", report["moves"]["held_back"].to_string());
    column.put("open deals looked at", report["open"]["judged"].to_string());
    column.put("the whole of it, s", format!("{:.1}", taken[TRIALS / 2].as_secs_f64()));
    column.put("slowest of five, s", format!("{:.1}", taken[TRIALS - 1].as_secs_f64()));
    column.put("of it our own processor time (SQLite's included), s", format!("{busy:.1}"));
    column.put("statements", statements.to_string());
    Ok(())
}
