//! What the records that refer to others come to together, reckoned by the engine: counts, sums, least and greatest values.

use std::collections::HashMap;

use model::condition::Resolved;
use model::field::{Function, Kind};
use model::{Amount, Currency, Date, Id, Instant, Number, Object, Schema, Value};
use sea_query::{CaseStatement, Expr, ExprTrait, Func, Query};

use super::Scope;
use super::list::ROOT;
use crate::columns::{of_field, table};
use crate::condition::{Writer, counting, not_voided};
use crate::row::{Cell, FromCell};
use crate::{Error, Read, Row, dialect};

/// One thing to be reckoned over the children of a record.
#[derive(Clone, Debug)]
pub struct Rollup<'a> {
    pub function: Function,
    /// The children's field; none where they are counted.
    pub field: Option<&'a str>,
    /// Which of them count; all when absent.
    pub condition: Option<&'a Resolved>,
}

/// What the children of one record come to, for one [`Rollup`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reckoned {
    /// Children that count.
    pub rows: i64,
    /// Those of them with a value.
    pub values: i64,
    /// Sum of numbers in millionths, or of amounts in ten-thousandths, each in its own currency.
    pub sum: i128,
    /// Sum of the amounts in the main currency.
    pub main: i128,
    /// The currency that all amounts share; none when they differ.
    pub currency: Option<Currency>,
    /// The least or greatest value asked for; of amounts that in their own currency, of use only where they share one.
    pub extreme: Value,
    /// The least or greatest amount in the main currency.
    pub extreme_main: Option<Amount>,
}

/// Reckons over all children of these records, the recycle bin's left out: records of `child` whose field `via` refers to one of `ids`.
/// A record without children is not in the answer.
pub fn rollup(
    tx: &mut Read,
    schema: &Schema,
    child: &Object,
    via: &str,
    wanted: &[Rollup<'_>],
    ids: &[Id],
) -> Result<HashMap<Id, Vec<Reckoned>>, Error> {
    const WHY: Scope<'static> = Scope::All("a roll-up counts every record");
    let mut found = HashMap::new();
    for chunk in ids.chunks(512) {
        let writer = Writer::new(tx.engine(), schema, &WHY);
        let refers = || Expr::col((ROOT, via.to_owned()));
        let mut select = Query::select();
        select.column((ROOT, via.to_owned())).from_as(table(&child.key), ROOT);
        for one in wanted {
            let meets = || one.condition.map_or_else(dialect::always, |condition| writer.condition(condition, child, ROOT));
            for part in parts(child, one, &meets)? {
                select.expr(part);
            }
        }
        select.and_where(refers().is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        if let Some(kept) = counting(child, ROOT) {
            select.and_where(kept);
        }
        select.group_by_col((ROOT, via.to_owned()));
        for row in tx.all(&select)? {
            let mut at = 1;
            let reckoned = wanted.iter().map(|one| read(child, one, &row, &mut at)).collect::<Result<Vec<_>, Error>>()?;
            found.insert(row.get(0)?, reckoned);
        }
    }
    Ok(found)
}

/// The latest instant in `field` of the records of `child` whose field `via` refers to one of these; the recycle bin's are left out.
pub fn latest(tx: &mut Read, child: &Object, via: &str, field: &str, ids: &[Id]) -> Result<Vec<(Id, Instant)>, Error> {
    greatest(tx, child, via, field, ids, not_voided(child, ROOT))
}

/// As [`latest`], the recycle bin's too.
pub fn latest_of_all(tx: &mut Read, child: &Object, via: &str, field: &str, ids: &[Id]) -> Result<Vec<(Id, Instant)>, Error> {
    greatest(tx, child, via, field, ids, None)
}

/// The greatest number in `field` of the records of `child` whose field `via` refers to one of these, the recycle bin's too.
pub fn greatest_of_all(tx: &mut Read, child: &Object, via: &str, field: &str, ids: &[Id]) -> Result<Vec<(Id, Number)>, Error> {
    Ok(greatest::<i64>(tx, child, via, field, ids, None)?.into_iter().map(|(id, n)| (id, Number(n))).collect())
}

fn greatest<T: FromCell>(
    tx: &mut Read,
    child: &Object,
    via: &str,
    field: &str,
    ids: &[Id],
    only: Option<Expr>,
) -> Result<Vec<(Id, T)>, Error> {
    let mut found = Vec::new();
    for chunk in ids.chunks(512) {
        let (of, at) = ((ROOT, via.to_owned()), (ROOT, field.to_owned()));
        let select = Query::select()
            .column(of.clone())
            .expr(Func::max(Expr::col(at.clone())))
            .from_as(table(&child.key), ROOT)
            .and_where(Expr::col(of.clone()).is_in(dialect::padded(chunk).into_iter().map(|id| id.0)))
            .and_where(Expr::col(at).is_not_null())
            .and_where_option(only.clone())
            .group_by_col(of)
            .to_owned();
        for row in tx.all(&select)? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    Ok(found)
}

fn kind_of(child: &Object, one: &Rollup<'_>) -> Result<Option<Kind>, Error> {
    match one.field {
        None => Ok(None),
        Some(key) => child.field(key).map(|field| Some(field.kind.kind())).ok_or_else(|| Error::decode(key, "no such field")),
    }
}

/// The columns that one roll-up asks for, in the order in which [`read`] takes them.
fn parts(child: &Object, one: &Rollup<'_>, meets: &dyn Fn() -> Expr) -> Result<Vec<Expr>, Error> {
    let mut parts = vec![Expr::from(Func::coalesce([dialect::count_where(meets()), Expr::cust("0")]))];
    let Some(kind) = kind_of(child, one)? else { return Ok(parts) };
    let columns = child.field(one.field.unwrap_or_default()).map(of_field).unwrap_or_default();
    let column = |at: usize| {
        let name = columns.get(at).map_or("", |(name, _)| name.as_str()).to_owned();
        let case: Expr = CaseStatement::new().case(meets(), Expr::col((ROOT, name))).into();
        case
    };
    parts.push(Expr::from(Func::count(column(0))));
    let summed = matches!(one.function, Function::Sum | Function::Average);
    let extreme = |expr: Expr| {
        let function = if one.function == Function::Min { Func::min(expr) } else { Func::max(expr) };
        Expr::from(function)
    };
    match kind {
        Kind::Money => {
            parts.push(Expr::from(Func::min(column(1))));
            parts.push(Expr::from(Func::max(column(1))));
            if summed {
                parts.extend(dialect::sum(&column(0)));
                parts.extend(dialect::sum(&column(2)));
            } else {
                parts.push(extreme(column(0)));
                parts.push(extreme(column(2)));
            }
        }
        _ if summed => parts.extend(dialect::sum(&column(0))),
        _ => parts.push(extreme(column(0))),
    }
    Ok(parts)
}

fn read(child: &Object, one: &Rollup<'_>, row: &Row, at: &mut usize) -> Result<Reckoned, Error> {
    let mut next = || {
        *at += 1;
        *at - 1
    };
    let mut reckoned = Reckoned { rows: row.get(next())?, ..Reckoned::default() };
    let Some(kind) = kind_of(child, one)? else { return Ok(reckoned) };
    reckoned.values = row.get(next())?;
    let summed = matches!(one.function, Function::Sum | Function::Average);
    if kind == Kind::Money {
        let (least, greatest): (Option<String>, Option<String>) = (row.get(next())?, row.get(next())?);
        reckoned.currency = least.filter(|code| Some(code) == greatest.as_ref()).and_then(|code| code.parse().ok());
    }
    if summed {
        reckoned.sum = dialect::summed([row.get(next())?, row.get(next())?]);
        if kind == Kind::Money {
            reckoned.main = dialect::summed([row.get(next())?, row.get(next())?]);
        }
        return Ok(reckoned);
    }
    let cell = row.cell(next());
    reckoned.extreme = match (kind, cell) {
        (Kind::Number | Kind::Money, Cell::Int(n)) => Value::Number(Number(*n)),
        (Kind::Instant, Cell::Int(n)) => Value::Instant(Instant(*n)),
        (Kind::Date, Cell::Text(text)) => text.parse::<Date>().map(Value::Date).unwrap_or_default(),
        _ => Value::Null,
    };
    if kind == Kind::Money {
        reckoned.extreme_main = row.get::<Option<i64>>(next())?.map(Amount);
    }
    Ok(reckoned)
}
