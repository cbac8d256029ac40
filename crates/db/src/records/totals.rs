//! Totals by group and currency: the board's columns in one statement.

use model::condition::Resolved;
use model::{Currency, Object, Schema, Value};
use sea_query::{Expr, Query};

use super::Scope;
use super::list::{Bin, ROOT, narrow};
use crate::columns::table;
use crate::condition::Writer;
use crate::search::{Way, Words, weigh};
use crate::{Error, Read, dialect};

/// Totals of one group in one currency.
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
    let writer = Writer::new(tx.engine(), schema, scope);
    let currency = format!("{currency_field}_currency");
    let mut select = Query::select();
    select.column((ROOT, group.to_owned())).column((ROOT, currency.clone())).expr(Expr::cust("COUNT(1)")).from_as(table(&object.key), ROOT);
    for column in sums.iter().map(|field| (*field).to_owned()).chain(sums.iter().map(|field| format!("{field}_main"))) {
        dialect::sum(&Expr::col((ROOT, column))).into_iter().for_each(|part| {
            select.expr(part);
        });
    }
    let meets = among.map_or_else(dialect::never, |among| writer.condition(among, object, ROOT));
    select.expr(dialect::count_where(meets));
    narrow(&mut select, &writer, object, condition, words, Bin::Out);
    select.group_by_col((ROOT, group.to_owned())).group_by_col((ROOT, currency));
    let rows = tx.all_once(&select)?;
    rows.iter()
        .map(|row| {
            let sum = |at: usize| Ok(dialect::summed([row.get(3 + 2 * at)?, row.get(4 + 2 * at)?]));
            let sums_from = |from: usize| (from..from + sums.len()).map(sum).collect::<Result<Vec<i128>, Error>>();
            Ok(Total {
                group: row.get::<Option<String>>(0)?.map_or(Value::Null, Value::Text),
                currency: row.get::<Option<String>>(1)?.and_then(|code| code.parse().ok()),
                count: row.get(2)?,
                among: row.get(3 + 4 * sums.len())?,
                sums: sums_from(0)?,
                mains: sums_from(sums.len())?,
            })
        })
        .collect()
}
