//! What analyses cost over very many deals: the stage conversion with each kind of filter, for those who see few and those who see all, and what
//! is drawn from records.

use std::time::{Duration, Instant as Moment};

use model::process::Process;
use model::{Field, Id, Instant, Record};
use sea_query::{Expr, Query, Value as Sql};
use serde_json::{Value as Json, json};
use stagecraft_core::analysis::preset::{self, AgeingRequest, LeaderboardRequest, WinLossRequest};
use stagecraft_core::analysis::{self, ConversionRequest, FiguresRequest, PipelineRequest};
use stagecraft_core::{Credential, Ctx, House, Limits, Result};

use crate::Fallible;
use crate::data::{DAY, Data, SYSTEM, WAY};
use crate::table::Column;
use crate::work::Times;

/// How often each is asked; what takes long is asked less often.
const TIMES: usize = 100;
const SPENT: Duration = Duration::from_millis(1_500);
/// Deals whose stays are entered together.
const PAGE: u64 = 5_000;

type Question<'a> = Box<dyn Fn(&Ctx, &mut db::Read) -> Result<()> + 'a>;

/// Everything, as each of those who look; the deals are there, their stays are entered where there are none.
pub fn measure(house: &House, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let entered = enter_stays(house)?;
    column.put("stays", entered.to_string());
    let (before, began) = (memory(), Moment::now());
    analysis::prepare(house)?;
    column.put("reading all deals after a start, s", format!("{:.1}", began.elapsed().as_secs_f64()));
    column.put("memory that they take, MB", format!("{}", memory().saturating_sub(before) >> 10));
    let plain = plain_pass(entered as usize);
    column.put("a plain pass over as many stays in memory, ms", format!("{plain:.2}"));
    let people = [("one who sees all", data.sees_all), ("manager of 200", data.manager), ("salesperson with 500", data.salesperson)];
    for (who, person) in people {
        for (what, question) in questions(house, data) {
            let times = timed(house, person, &question)?;
            eprintln!("  {who}: {what} {}", times.show());
            column.put(&format!("{who}: {what}, ms"), times.show());
        }
    }
    Ok(())
}

/// All that is asked.
fn questions<'a>(house: &'a House, data: &'a Data) -> Vec<(&'static str, Question<'a>)> {
    let conversion = |filter: Option<Json>, entered: Option<&str>| -> Question<'a> {
        let request = ConversionRequest {
            filter: filter.map(|filter| filter.to_string()),
            entered: entered.map(str::to_owned),
            ..ConversionRequest::default()
        };
        Box::new(move |cx, tx| analysis::conversion(cx, tx, house.analysis(), &request).map(drop))
    };
    let row = |field: &str, op: &str, value: Json| json!({"field": field, "op": op, "value": value});
    let year = json!({"name": "last_n_days", "n": 365});
    let quarter = json!({"name": "last_n_days", "n": 90});
    let drawn = |chart: Json| -> Question<'a> {
        let request = FiguresRequest { chart: chart.to_string(), ..FiguresRequest::default() };
        Box::new(move |cx, tx| analysis::figures(cx, tx, &request).map(drop))
    };
    let amount = json!({"kind": "sum", "field": "amount"});
    let open = row("stage_type", "eq", json!("in_progress"));
    let late = json!({"all": [open, {"field": "stage_due_at", "op": "within", "value": "past"}]});
    let won = json!({"all": [row("stage_type", "eq", json!("won")), row("closed_at", "within", quarter.clone())]});
    let chart = |more: Json| {
        let mut chart = json!({"object": "opportunity", "chart_type": "column", "measure": amount});
        more.as_object().into_iter().flatten().for_each(|(key, value)| chart[key] = value.clone());
        chart
    };
    vec![
        ("stage conversion", conversion(None, None)),
        ("stage conversion, created in a quarter", conversion(Some(row("created_at", "within", quarter.clone())), None)),
        ("stage conversion, closed in a year", conversion(Some(row("closed_at", "within", year)), None)),
        ("stage conversion, entered in 2026", conversion(None, Some("2026-01-01..2026-12-31"))),
        ("stage conversion, one owner", conversion(Some(row("owner", "eq", json!(data.salesperson))), None)),
        (
            "stage conversion, owners by department",
            conversion(Some(row("owner", "in", json!([data.manager, data.heavy, data.salesperson]))), None),
        ),
        ("stage conversion, one type", conversion(Some(row("opportunity_type", "eq", json!("renewal"))), None)),
        ("stage conversion, any condition", conversion(Some(row("amount", "gt", json!("50000"))), None)),
        ("stage conversion, across a reference", conversion(Some(row("account.name", "contains", json!("17"))), None)),
        ("pipeline by stage", Box::new(move |cx, tx| analysis::pipeline(cx, tx, house.analysis(), &PipelineRequest::default()).map(drop))),
        ("chart by stage, amounts", drawn(chart(json!({"group": {"field": "stage"}})))),
        ("chart by month of closing, amounts", drawn(chart(json!({"group": {"field": "closed_at", "by": "month"}})))),
        (
            "chart by month and type, averages",
            drawn(chart(json!({
                "group": {"field": "expected_close_date"}, "series": {"field": "opportunity_type"}, "measure": {"kind": "average", "field": "amount"},
            }))),
        ),
        ("key figure: open amount", drawn(chart(json!({"chart_type": "number", "filter": open})))),
        ("key figure: won this quarter", drawn(chart(json!({"chart_type": "number", "filter": won})))),
        ("key figure: overdue", drawn(chart(json!({"chart_type": "number", "measure": {"kind": "count"}, "filter": late})))),
        ("won and lost by type", {
            let request = WinLossRequest { by: Some("opportunity_type".into()), ..WinLossRequest::default() };
            Box::new(move |cx, tx| preset::win_loss(cx, tx, &request).map(drop))
        }),
        ("ageing", Box::new(|cx, tx| preset::ageing(cx, tx, &AgeingRequest::default()).map(drop))),
        ("leaderboard", Box::new(|cx, tx| preset::leaderboard(cx, tx, &LeaderboardRequest::default()).map(drop))),
    ]
}

fn timed(house: &House, person: Id, question: &Question<'_>) -> Fallible<Times> {
    let credential = Credential::Person(person);
    let once = || Ok(house.read(&credential, limits(), |cx, tx| question(cx, tx))?);
    let began = Moment::now();
    once()?;
    let fit = SPENT.as_secs_f64() / began.elapsed().as_secs_f64().max(1e-6);
    Times::of((fit as usize).clamp(5, TIMES), |_| once())
}

fn limits() -> Limits {
    Limits { deadline: Some(Moment::now() + Duration::from_secs(600)), ..Limits::default() }
}

/// Enters the stays of all deals, five each: as rows, since what is measured reads nothing else of how they came about.
pub fn enter_stays(house: &House) -> Fallible<i64> {
    let count = |house: &House| {
        let select = Query::select().expr(Expr::cust("COUNT(1)")).from("stage_stay").to_owned();
        house.read(&SYSTEM, limits(), |_, tx| Ok(tx.one(&select)?.get::<i64>(0)?))
    };
    let there = count(house)?;
    if there > 0 {
        return Ok(there);
    }
    let meta = house.meta();
    let object = meta.schema.object("opportunity").ok_or("there are no deals")?.clone();
    let process = meta.processes.first().ok_or("there is no process")?.clone();
    let fields: Vec<Field> =
        ["stage", "created_at", "stage_entered_at", "owner"].iter().filter_map(|key| object.field(key).cloned()).collect();
    let (mut after, mut made) = (None, 0_u64);
    loop {
        let ids = house.read(&SYSTEM, limits(), |_, tx| Ok(db::records::ids_after(tx, &object, after, PAGE)?))?;
        let fields: Vec<&Field> = fields.iter().collect();
        let deals = house.read(&SYSTEM, limits(), |_, tx| Ok(db::records::load_fields(tx, &object, &fields, &ids)?))?;
        let rows: Vec<Vec<Sql>> = deals.iter().flat_map(|deal| stays(deal, &process, &mut made)).collect();
        house.write(&SYSTEM, limits(), model::Via::System, |_, tx| Ok(tx.insert_rows("stage_stay", &COLUMNS, rows.clone())?))?;
        after = ids.last().copied();
        if ids.len() as u64 != PAGE {
            break;
        }
    }
    house.db().analyse()?;
    Ok(count(house)?)
}

const COLUMNS: [&str; 12] = [
    "id",
    "opportunity",
    "process",
    "process_version",
    "stage",
    "run",
    "entered_at",
    "left_at",
    "to_stage",
    "entered_by",
    "how",
    "skipped",
];

/// The way of one deal: through the stages before its own, once back where it is far enough, so that there are five on the average.
fn stays(deal: &Record, process: &Process, made: &mut u64) -> Vec<Vec<Sql>> {
    let stage = deal.text("stage").to_owned();
    let far = WAY.iter().position(|one| *one == stage).unwrap_or(WAY.len());
    let mut way: Vec<String> = WAY.iter().take(far + 1).map(|one| (*one).to_owned()).collect();
    if way.len() >= 2 && way.len() < 5 {
        way.splice(1..1, [WAY[1].to_owned(), WAY[0].to_owned()]);
    }
    if far == WAY.len() {
        way.push(stage);
    }
    let created = deal.get("created_at").as_instant().unwrap_or(Instant(0));
    let mut rows = Vec::with_capacity(way.len());
    for (at, stage) in way.iter().enumerate() {
        *made += 1;
        let entered = created.0 + at as i64 * 3 * DAY;
        let next = way.get(at + 1);
        let mut bytes = [0_u8; 10];
        bytes.copy_from_slice(&deal.id.bytes()[6..]);
        rows.push(vec![
            Sql::Uuid(Some(Id::from_parts(*made, bytes).0)),
            Sql::Uuid(Some(deal.id.0)),
            Sql::Uuid(Some(process.id.0)),
            1_i64.into(),
            stage.as_str().into(),
            (at as i64 + 1).into(),
            entered.into(),
            Sql::BigInt(next.map(|_| entered + 3 * DAY)),
            Sql::String(next.cloned()),
            Sql::Uuid(Some(deal.owner().unwrap_or(Id::SYSTEM).0)),
            "move".into(),
            "".into(),
        ]);
    }
    rows
}

/// Milliseconds for going through as many visits and adding up by stage, with nothing else to do.
fn plain_pass(visits: usize) -> f64 {
    let stages: Vec<u32> = (0..visits).map(|n| (n % 7) as u32).collect();
    let micros: Vec<i64> = (0..visits).map(|n| n as i64).collect();
    let began = Moment::now();
    let mut sums = [(0_u64, 0_i128); 8];
    for (stage, micros) in stages.iter().zip(&micros) {
        let sum = &mut sums[*stage as usize & 7];
        sum.0 += 1;
        sum.1 += i128::from(*micros);
    }
    let spent = began.elapsed().as_secs_f64() * 1_000.0;
    // What nobody looks at would not be reckoned.
    assert_eq!(sums.iter().map(|(count, _)| count).sum::<u64>(), visits as u64);
    spent
}

/// Kilobytes that the process has.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}
