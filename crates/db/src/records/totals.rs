//! Totals by group and currency: the board's columns in one statement.

use model::condition::Resolved;
use model::process::totals::{BY, SUMMED};
use model::{Currency, Object, Schema, Value};
use sea_query::{Expr, Query, SelectStatement};

use super::Scope;
use super::kept::{CURRENCY, Kept, added};
use super::list::{Bin, ROOT, narrow};
use crate::condition::{Writer, not_voided};
use crate::search::{Way, Words, weigh};
use crate::{Error, Read, dialect};

/// Totals of one group in one currency. Those that meet `among` may be counted in a total of their own, without a currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// The option's key; `Null` where it is blank.
    pub group: Value,
    /// `None` where the amount that tells the currency is blank.
    pub currency: Option<Currency>,
    pub count: i64,
    /// How many of them meet the condition `among` besides.
    pub among: i64,
    /// Sums in that currency, in the order asked for, in ten-thousandths. Together amounts may come to more than one can be.
    pub sums: Vec<i128>,
    /// The same in the main currency: each record converted, then summed.
    pub mains: Vec<i128>,
}

/// Counts and sums of the records that may be seen, the recycle bin's left out, by the option in `group` and the currency of the
/// amount in `currency_field`; `among` counts those that meet a further condition, in the same pass.
#[allow(clippy::too_many_arguments)]
pub fn totals(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: Option<&Resolved>,
    words: Option<&Words>,
    group: &str,
    currency_field: &str,
    sums: &[&str],
    among: Option<&Resolved>,
) -> Result<Vec<Total>, Error> {
    let words = weigh(tx, object, words)?;
    let words = words.as_ref().map(|words| (words, Way::Whole));
    let writer = Writer::of_every(tx.engine(), schema, scope, object);
    let known = BY.contains(&group) && currency_field == SUMMED[0] && sums.iter().all(|field| SUMMED.contains(field));
    if let Some(kept) = Kept::of(tx, &writer, object, condition).filter(|_| known && words.is_none()) {
        return from_kept(tx, &writer, object, &kept, group, sums, among);
    }
    let mut select = added_up(&writer, object, group, currency_field, sums, among);
    narrow(&mut select, &writer, object, condition, words, Bin::Out);
    read(tx, &select, sums.len())
}

/// Counts and sums of records, by group and currency.
fn added_up(
    writer: &Writer<'_>,
    object: &Object,
    group: &str,
    currency_field: &str,
    sums: &[&str],
    among: Option<&Resolved>,
) -> SelectStatement {
    let currency = format!("{currency_field}_currency");
    let mut select = Query::select();
    select.column((ROOT, group.to_owned())).column((ROOT, currency.clone())).expr(Expr::cust("COUNT(1)"));
    writer.from(&mut select, object, ROOT);
    for column in sums.iter().map(|field| (*field).to_owned()).chain(sums.iter().map(|field| format!("{field}_main"))) {
        dialect::sum(&Expr::col((ROOT, column))).into_iter().for_each(|part| {
            select.expr(part);
        });
    }
    let meets = among.map_or_else(dialect::never, |among| writer.condition(among, object, ROOT));
    select.expr(dialect::count_where(meets));
    select.group_by_col((ROOT, group.to_owned())).group_by_col((ROOT, currency));
    select
}

fn read(tx: &mut Read, select: &SelectStatement, sums: usize) -> Result<Vec<Total>, Error> {
    let rows = tx.all_once(select)?;
    rows.iter()
        .map(|row| {
            let sum = |at: usize| Ok(dialect::summed([row.get(3 + 2 * at)?, row.get(4 + 2 * at)?]));
            let sums_from = |from: usize| (from..from + sums).map(sum).collect::<Result<Vec<i128>, Error>>();
            Ok(Total {
                group: row.get::<Option<String>>(0)?.map_or(Value::Null, Value::Text),
                currency: row.get::<Option<String>>(1)?.and_then(|code| code.parse().ok()),
                count: row.get(2)?,
                among: row.get(3 + 4 * sums)?,
                sums: sums_from(0)?,
                mains: sums_from(sums)?,
            })
        })
        .collect()
}

/// The same from what is kept, with what is given to the caller besides; `among` is counted over the records that meet it, which are few
/// beside those that do not.
fn from_kept(
    tx: &mut Read,
    writer: &Writer<'_>,
    object: &Object,
    kept: &Kept<'_>,
    group: &str,
    sums: &[&str],
    among: Option<&Resolved>,
) -> Result<Vec<Total>, Error> {
    let mut select = kept.rows(writer, object);
    select.column((ROOT, group.to_owned())).column((ROOT, CURRENCY)).expr(added("records"));
    for column in sums.iter().map(|field| (*field).to_owned()).chain(sums.iter().map(|field| format!("{field}_main"))) {
        select.expr(added(&format!("{column}_millions"))).expr(added(&format!("{column}_rest")));
    }
    select.expr(Expr::cust("0")).group_by_col((ROOT, group.to_owned())).group_by_col((ROOT, CURRENCY));
    let mut totals = read(tx, &select, sums.len())?;
    let mut given = added_up(writer, object, group, SUMMED[0], sums, among);
    if kept.of_given(&mut given, writer, object) {
        totals.extend(read(tx, &given, sums.len())?);
    }
    if let Some(among) = among {
        let mut select = Query::select();
        select.column((ROOT, group.to_owned())).expr(Expr::cust("COUNT(1)"));
        writer.from(&mut select, object, ROOT);
        select.and_where(writer.condition(among, object, ROOT)).and_where_option(not_voided(object, ROOT));
        select.group_by_col((ROOT, group.to_owned()));
        let (mut of_owners, mut of_nobody) = (select.clone(), select);
        kept.owner_by_owner(&mut of_owners, writer, object);
        let mut rows = tx.all_once(&of_owners)?;
        if kept.of_nobody(&mut of_nobody, writer, object) {
            rows.extend(tx.all_once(&of_nobody)?);
        }
        for row in rows {
            let group = row.get::<Option<String>>(0)?.map_or(Value::Null, Value::Text);
            let none = vec![0; sums.len()];
            totals.push(Total { group, currency: None, count: 0, among: row.get(1)?, sums: none.clone(), mains: none });
        }
    }
    Ok(together(totals))
}

/// One total for each group and currency; those that count nothing are left out.
fn together(totals: Vec<Total>) -> Vec<Total> {
    let mut whole: Vec<Total> = Vec::with_capacity(totals.len());
    for total in totals {
        let Some(same) = whole.iter_mut().find(|other| other.group == total.group && other.currency == total.currency) else {
            whole.push(total);
            continue;
        };
        same.count += total.count;
        same.among += total.among;
        same.sums.iter_mut().zip(&total.sums).for_each(|(sum, more)| *sum += more);
        same.mains.iter_mut().zip(&total.mains).for_each(|(sum, more)| *sum += more);
    }
    whole.retain(|total| total.count != 0 || total.among != 0);
    whole
}
