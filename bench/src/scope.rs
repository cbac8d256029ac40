//! What lists and boards cost those who see few of very many deals, and those who see all.

use std::time::{Duration, Instant as Moment};

use model::Id;
use stagecraft_core::processes::{BoardRequest, board};
use stagecraft_core::records::{GroupsRequest, ListRequest, groups, list, read};
use stagecraft_core::search::{SearchRequest, search};
use stagecraft_core::{Credential, Ctx, House, Limits, Result};

use crate::Fallible;
use crate::data::Data;
use crate::table::Column;
use crate::work::Times;

/// How often each is done; what takes long is done less often.
const TIMES: usize = 200;
const SPENT: Duration = Duration::from_millis(1_500);

/// Something that is looked at, as one caller.
type Look<'a> = Box<dyn Fn(&Ctx, &mut db::Read) -> Result<()> + 'a>;

fn page(sort: &str) -> ListRequest {
    ListRequest { sort: Some(sort.into()), ..ListRequest::default() }
}

fn looks() -> Vec<(&'static str, Look<'static>)> {
    let listed = |wanted: ListRequest| -> Look<'static> { Box::new(move |cx, tx| list(cx, tx, "opportunity", &wanted).map(drop)) };
    let proposal = || Some(r#"{"field": "stage", "op": "eq", "value": "proposal"}"#.to_owned());
    let renewals = || Some(r#"{"field": "opportunity_type", "op": "eq", "value": "renewal"}"#.to_owned());
    vec![
        ("list, newest first", listed(page("-created_at"))),
        ("list, latest stage first", listed(page("-stage_entered_at"))),
        ("list, largest first", listed(page("-amount"))),
        ("list, by name", listed(page("name"))),
        ("list, by owner", listed(page("owner"))),
        ("list, by expected close", listed(page("expected_close_date"))),
        ("list of a stage, newest first", listed(ListRequest { filter: proposal(), ..page("-created_at") })),
        ("list, newest first, counted", listed(ListRequest { count: Some("exact".into()), ..page("-created_at") })),
        ("list of a stage, counted", listed(ListRequest { filter: proposal(), count: Some("exact".into()), ..page("-created_at") })),
        ("list, the next ten pages", Box::new(pages)),
        ("board", Box::new(|cx, tx| board(cx, tx, &BoardRequest::default()).map(drop))),
        ("board, totals alone", Box::new(|cx, tx| board(cx, tx, &BoardRequest { limit: Some(0), ..BoardRequest::default() }).map(drop))),
        (
            "board, filtered by type",
            Box::new(move |cx, tx| board(cx, tx, &BoardRequest { filter: renewals(), ..BoardRequest::default() }).map(drop)),
        ),
        ("groups by stage, amounts", grouped("stage")),
        ("groups by owner, amounts", grouped("owner")),
        ("search", Box::new(|cx, tx| search(cx, tx, &SearchRequest { q: "deal 4217".into(), ..SearchRequest::default() }).map(drop))),
    ]
}

fn grouped(field: &str) -> Look<'static> {
    let wanted = GroupsRequest { group: Some(field.into()), sums: Some("amount".into()), ..GroupsRequest::default() };
    Box::new(move |cx, tx| groups(cx, tx, "opportunity", &wanted).map(drop))
}

fn pages(cx: &Ctx, tx: &mut db::Read) -> Result<()> {
    let mut wanted = page("-created_at");
    for _ in 0..10 {
        let answer = list(cx, tx, "opportunity", &wanted)?;
        wanted.cursor = answer["next_cursor"].as_str().map(str::to_owned);
    }
    Ok(())
}

/// Everything, as each of those who look.
pub fn measure(house: &House, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let people = [
        ("manager of 200", data.manager),
        ("salesperson with 500", data.salesperson),
        ("owner of many", data.heavy),
        ("one who sees all", data.sees_all),
    ];
    let only = std::env::var("STAGECRAFT_BENCH_ONLY").ok();
    for (who, person) in people {
        for (what, look) in looks() {
            let name = format!("{who}: {what}, ms");
            if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
                continue;
            }
            let times = timed(house, person, &look)?;
            eprintln!("  {name} {}", times.show());
            column.put(&name, times.show());
        }
        let times = reading(house, person)?;
        column.put(&format!("{who}: one record, ms"), times.show());
    }
    Ok(())
}

fn timed(house: &House, person: Id, look: &Look<'_>) -> Fallible<Times> {
    let credential = Credential::Person(person);
    let once = || Ok(house.read(&credential, limits(), |cx, tx| look(cx, tx))?);
    let began = Moment::now();
    once()?;
    let fit = SPENT.as_secs_f64() / began.elapsed().as_secs_f64().max(1e-6);
    Times::of((fit as usize).clamp(5, TIMES), |_| once())
}

/// Time enough for what is slow.
fn limits() -> Limits {
    Limits { deadline: Some(Moment::now() + Duration::from_secs(60)), ..Limits::default() }
}

/// Reads records of the first page, one after another.
fn reading(house: &House, person: Id) -> Fallible<Times> {
    let credential = Credential::Person(person);
    let answer = house.read(&credential, limits(), |cx, tx| list(cx, tx, "opportunity", &page("-created_at")))?;
    let ids: Vec<Id> = answer["items"].as_array().into_iter().flatten().filter_map(|item| item["id"].as_str()?.parse().ok()).collect();
    if ids.is_empty() {
        return Err("somebody sees nothing".into());
    }
    Times::of(TIMES, |n| Ok(house.read(&credential, limits(), |cx, tx| read(cx, tx, "opportunity", ids[n % ids.len()])).map(drop)?))
}
