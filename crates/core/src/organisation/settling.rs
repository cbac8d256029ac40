//! Rates that take effect: where few open amounts stand in a currency they are converted with the rate, where many do in short steps behind it.

use std::collections::BTreeSet;

use db::{Limits, Read, Write};
use model::money::Rates;
use model::{Currency, Date, Via, Violation};
use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};

use crate::{Credential, Ctx, Error, House, Result, analysis, records};

/// Open amounts that are converted in the transaction of the rate: that takes a fraction of a second, in which nobody else writes.
const AT_ONCE: u32 = 5_000;
const HOUSEKEEPING: Credential = Credential::System("housekeeping");
const SETTLED: &str = "rates_settled_on";
/// Before the code of a currency whose open amounts are still to be converted; its number grows with each rate that is set meanwhile.
const WAITING: &str = "rates_waiting:";
const BEHIND: &str = "rates_waiting;";

/// Converts the open amounts of a currency by rates that have just been set or removed, or has them wait for [`settle_rates`]. Error:
/// `money.overflow` where one would be more than an amount can be; of those that wait such a one stays as it was.
pub(super) fn convert(cx: &Ctx, tx: &mut Write, rates: &Rates, currency: Currency) -> Result<()> {
    if records::open_amounts(cx, tx, currency, AT_ONCE + 1)? > AT_ONCE {
        let mut waits = Query::insert();
        waits
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([format!("{WAITING}{}", currency.code()).into(), 1_i64.into()])
            .on_conflict(OnConflict::column("key").value("n", Expr::col(("counter", "n")).add(1_i64)).to_owned());
        return Ok(tx.execute(&waits).map(|_| ())?);
    }
    if records::convert_open(cx, tx, rates, currency)?.too_large {
        return Err(Violation::new("money.overflow", "rate").into());
    }
    Ok(())
}

/// The currencies whose open amounts are still to be converted, each with the number of its mark.
pub(super) fn waiting(tx: &mut Read) -> Result<Vec<(Currency, i64)>> {
    let select = Query::select()
        .columns(["key", "n"])
        .from("counter")
        .and_where(Expr::col("key").gte(WAITING))
        .and_where(Expr::col("key").lt(BEHIND))
        .order_by("key", Order::Asc)
        .to_owned();
    let rows = tx.all(&select)?;
    rows.iter().map(|row| Ok((currency(row.get::<String>("key")?.trim_start_matches(WAITING))?, row.get("n")?))).collect()
}

fn currency(code: &str) -> Result<Currency> {
    code.parse().map_err(|()| Error::Internal("a rate of an unknown currency".into()))
}

/// Converts in short steps the open amounts of currencies in which a rate has begun since the day that was settled last in the organisation's
/// time zone, and of those that wait since one was set. Returns how many amounts were changed. On a day on which no rate begins no record is
/// looked at: what was made or converted since has the rate of its day. Any number of servers may do it at once.
pub fn settle_rates(house: &House) -> Result<u64> {
    let (today, settled, begun, waiting) = house.read(&HOUSEKEEPING, Limits::default(), |cx, tx| {
        let row = tx.optional(Query::select().column("n").from("counter").and_where(Expr::col("key").eq(SETTLED)))?;
        let (day, last) = (cx.today(), row.map(|row| row.get::<i64>("n")).transpose()?);
        let today = i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day());
        let waiting = waiting(tx)?;
        let mut begun: BTreeSet<Currency> = waiting.iter().map(|(currency, _)| *currency).collect();
        if last != Some(today) {
            let part = |n: i64| i8::try_from(n % 100).ok();
            let last = last.and_then(|n| Date::new(i16::try_from(n / 10_000).ok()?, part(n / 100)?, part(n)?).ok());
            for row in tx.all(Query::select().distinct().column("currency").from("currency_rate"))? {
                let currency = currency(&row.get::<String>("currency")?)?;
                if last.is_none_or(|last| cx.meta.rates.on(currency, last) != cx.meta.rates.on(currency, day)) {
                    begun.insert(currency);
                }
            }
        }
        Ok((today, last == Some(today), begun, waiting))
    })?;
    if settled && begun.is_empty() {
        return Ok(0);
    }
    let mut changed = 0;
    for currency in &begun {
        changed += records::convert_open_by_and_by(house, &HOUSEKEEPING, *currency)?;
    }
    house.write(&HOUSEKEEPING, Limits::default(), Via::System, |_, tx| {
        let mut settled = Query::insert();
        settled
            .into_table("counter")
            .columns(["key", "n"])
            .values_panic([SETTLED.into(), today.into()])
            .on_conflict(OnConflict::column("key").update_columns(["n"]).to_owned());
        tx.execute(&settled)?;
        for (currency, n) in &waiting {
            // A rate that was set meanwhile waits still.
            let done = Expr::col("key").eq(format!("{WAITING}{}", currency.code())).and(Expr::col("n").eq(*n));
            tx.execute(Query::delete().from_table("counter").and_where(done))?;
        }
        // Whatever was changed now or in a round that did not come to its end.
        if begun.is_empty() { Ok(()) } else { analysis::revalued(tx) }
    })?;
    Ok(changed)
}
