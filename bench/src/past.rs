//! What past days and projections cost over very many deals: the first question of a day reckons it back, the next finds it kept.

use std::time::{Duration, Instant as Moment};

use db::history::Entry;
use model::change::FieldChange;
use model::{Amount, Id, Instant, Money, Value};
use sea_query::{Expr, ExprTrait, Query};
use stagecraft_core::analysis::{self, AsOfRequest, BackTestRequest, ProjectionRequest, WaterfallRequest};
use stagecraft_core::{Credential, Ctx, House, Limits, Result};

use crate::Fallible;
use crate::data::{DAY, Data, SYSTEM};
use crate::table::Column;

/// Deals whose histories are entered together.
const PAGE: u64 = 5_000;
/// One deal in so many has got another amount in the last ninety days.
const CHANGED: usize = 5;

/// As-of, waterfall and projection, asked by those who look.
pub fn measure(house: &House, data: &Data, column: &mut Column<'_>) -> Fallible<()> {
    let now = house.read(&SYSTEM, limits(), |cx, _| Ok(cx.at))?;
    column.put("changes of amounts in ninety days", enter_histories(house, now)?.to_string());
    let day = |back: i64| Some(Instant(now.0 - back * DAY).date_in(&jiff::tz::TimeZone::UTC).to_string());
    let as_of = |back: i64| AsOfRequest { day: day(back), ..AsOfRequest::default() };
    let fell = WaterfallRequest { from: day(90), to: day(1), ..WaterfallRequest::default() };
    let people = [("one who sees all", data.sees_all), ("manager of 200", data.manager), ("salesperson with 500", data.salesperson)];
    for (n, (who, person)) in people.into_iter().enumerate() {
        let mut put = |what: &str, time: Duration| {
            eprintln!("  {who}: {what} {:.0} ms", time.as_secs_f64() * 1e3);
            column.put(&format!("{who}: {what}, ms"), format!("{:.0}", time.as_secs_f64() * 1e3));
        };
        let (old, new) = (as_of(90 + n as i64), as_of(1));
        put(
            "as of ninety days ago, for the first time",
            timed(house, person, |cx, tx| analysis::as_of(cx, tx, house.past(), &old).map(drop))?,
        );
        put("as of ninety days ago, again", timed(house, person, |cx, tx| analysis::as_of(cx, tx, house.past(), &old).map(drop))?);
        put("as of yesterday", timed(house, person, |cx, tx| analysis::as_of(cx, tx, house.past(), &new).map(drop))?);
        put("waterfall of a quarter", timed(house, person, |cx, tx| analysis::waterfall(cx, tx, house.past(), &fell).map(drop))?);
        put("waterfall of a quarter, again", timed(house, person, |cx, tx| analysis::waterfall(cx, tx, house.past(), &fell).map(drop))?);
        let (asked, tested) = (ProjectionRequest::default(), BackTestRequest::default());
        put(
            "projection, for the first time",
            timed(house, person, |cx, tx| analysis::projection(cx, tx, house.courses(), &asked).map(drop))?,
        );
        put("projection, again", timed(house, person, |cx, tx| analysis::projection(cx, tx, house.courses(), &asked).map(drop))?);
        let test = |cx: &Ctx, tx: &mut db::Read| analysis::projection_back_test(cx, tx, house.courses(), &tested).map(drop);
        put("back-test, kept", timed(house, person, test)?);
    }
    Ok(())
}

fn timed(house: &House, person: Id, question: impl Fn(&Ctx, &mut db::Read) -> Result<()>) -> Fallible<Duration> {
    let began = Moment::now();
    house.read(&Credential::Person(person), limits(), |cx, tx| question(cx, tx))?;
    Ok(began.elapsed())
}

fn limits() -> Limits {
    Limits { deadline: Some(Moment::now() + Duration::from_secs(600)), ..Limits::default() }
}

/// Enters what histories would tell of: that deals were created, and that some were worth something else before.
fn enter_histories(house: &House, now: Instant) -> Fallible<usize> {
    let count = Query::select().expr(Expr::cust("COUNT(1)")).from("history").and_where(Expr::col("object").eq("opportunity")).to_owned();
    if house.read(&SYSTEM, limits(), |_, tx| Ok(tx.one(&count)?.get::<i64>(0)?))? > 0 {
        return Ok(0);
    }
    let meta = house.meta();
    let object = meta.schema.object("opportunity").ok_or("there are no deals")?.clone();
    let fields: Vec<&model::Field> = ["created_at", "amount"].iter().filter_map(|key| object.field(key)).collect();
    let (mut after, mut changed, mut n) = (None, 0, 0_usize);
    loop {
        let ids = house.read(&SYSTEM, limits(), |_, tx| Ok(db::records::ids_after(tx, &object, after, PAGE)?))?;
        let deals = house.read(&SYSTEM, limits(), |_, tx| Ok(db::records::load_fields(tx, &object, &fields, &ids)?))?;
        let mut entries = Vec::new();
        for deal in &deals {
            n += 1;
            let entry = |revision: i64, at: Instant, act: &str, changes: Vec<FieldChange>| Entry {
                object: object.key.clone(),
                record: deal.id,
                revision,
                at,
                by: Id::SYSTEM,
                via: "api".into(),
                act: act.into(),
                reason: None,
                origin: None,
                changes,
            };
            entries.push(entry(1, deal.get("created_at").as_instant().unwrap_or(now), "create", Vec::new()));
            if let Some(money) = deal.get("amount").as_money().filter(|_| n % CHANGED == 0) {
                let old = Money { amount: Amount(money.amount.0 / 2), ..money };
                let change = FieldChange { field: "amount".into(), old: Value::Money(old), new: Value::Money(money) };
                entries.push(entry(2, Instant(now.0 - (n % 90) as i64 * DAY - 1), "edit", vec![change]));
                changed += 1;
            }
        }
        house.write(&SYSTEM, limits(), model::Via::System, |_, tx| Ok(db::history::insert(tx, &entries)?))?;
        match ids.last() {
            Some(last) if ids.len() as u64 == PAGE => after = Some(*last),
            _ => break,
        }
    }
    house.db().analyse()?;
    Ok(changed)
}
