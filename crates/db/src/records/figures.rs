//! Records counted and measured by the values of one or two fields, in one statement.

use model::condition::Resolved;
use model::field::Kind;
use model::process::totals::{BY, SUMMED};
use model::{Instant, Object, Schema, Value, time};
use sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};

use super::Scope;
use super::groups::{Grouping, from_kept};
use super::kept::Kept;
use super::list::{Bin, ROOT, narrow};
use crate::columns::{compared, decode_value};
use crate::condition::Writer;
use crate::row::Cell;
use crate::search::{Way, Words, weigh};
use crate::{Error, Read, Row, dialect};

const DAY: i64 = 86_400_000_000;

/// By what records are told apart.
#[derive(Clone, Copy)]
pub struct Dimension<'a> {
    pub field: &'a str,
    /// For instants: from when on a clock is how many microseconds ahead of UTC, in order; days are told apart by it.
    pub clock: &'a [(Instant, i64)],
}

/// What is counted and measured.
pub struct Figures<'a> {
    pub group: Option<Dimension<'a>>,
    pub series: Option<Dimension<'a>>,
    /// An amount, measured in the main currency, or a number.
    pub measured: Option<&'a str>,
    /// Whether the least and the greatest are asked for as well.
    pub extremes: bool,
    /// Rows at most.
    pub limit: u32,
}

/// The records with one value, or one pair of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Instants as their days; `Null` where it is blank or not asked for.
    pub group: Value,
    pub series: Value,
    pub count: i64,
    /// In ten-thousandths of the main currency, or millionths.
    pub sum: i128,
    pub least: Option<i64>,
    pub greatest: Option<i64>,
}

/// The figures of the records that may be seen, the recycle bin's left out; in no order.
pub fn figures(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: Option<&Resolved>,
    words: Option<&Words>,
    asked: &Figures<'_>,
) -> Result<Vec<Figure>, Error> {
    let words = weigh(tx, object, words)?;
    let writer = Writer::of_every(tx.engine(), schema, scope, object);
    let by = asked.group.map_or("stage", |group| group.field);
    let known = words.is_none()
        && asked.series.is_none()
        && !asked.extremes
        && BY.contains(&by)
        && asked.measured.is_none_or(|field| SUMMED.contains(&field));
    if known && let Some(kept) = Kept::of(tx, &writer, object, condition) {
        return of_kept(tx, &writer, object, &kept, by, asked);
    }
    let select = statement(&writer, object, condition, words.as_ref().map(|words| (words, Way::Whole)), asked)?;
    tx.all_once(&select)?.iter().map(|row| read(object, asked, row)).collect()
}

/// How the engine would go about it: for tests.
pub fn figures_plan(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: Option<&Resolved>,
    asked: &Figures<'_>,
) -> Result<String, Error> {
    let writer = Writer::of_every(tx.engine(), schema, scope, object);
    tx.plan(&statement(&writer, object, condition, None, asked)?)
}

fn statement(
    writer: &Writer<'_>,
    object: &Object,
    condition: Option<&Resolved>,
    words: Option<(&crate::search::Weighed<'_>, Way)>,
    asked: &Figures<'_>,
) -> Result<SelectStatement, Error> {
    let mut select = Query::select();
    for (dimension, name) in [(asked.group, "by group"), (asked.series, "by series")] {
        let Some(dimension) = dimension else { continue };
        let kind = kind_of(object, dimension.field)?;
        let key = match kind {
            Kind::Instant => day(Expr::col((ROOT, dimension.field.to_owned())), dimension.clock),
            kind => Expr::col((ROOT, compared(dimension.field, kind))),
        };
        // No column is called so, since keys of fields have no blanks.
        select.expr_as(key, name).group_by_col(name);
        if kind == Kind::Text {
            // A text as one of its records has it, since what is compared is folded.
            select.expr(Func::min(Expr::col((ROOT, dimension.field.to_owned()))));
        }
    }
    select.expr(Expr::cust("COUNT(1)"));
    if let Some(field) = asked.measured {
        let kind = object.field(field).map(|field| field.kind.kind()).filter(|kind| matches!(kind, Kind::Money | Kind::Number));
        let kind = kind.ok_or_else(|| Error::decode(field, "records are not measured by this field"))?;
        let column = || Expr::col((ROOT, compared(field, kind)));
        for part in dialect::sum(&column()) {
            select.expr(part);
        }
        if asked.extremes {
            select.expr(Func::min(column())).expr(Func::max(column()));
        }
    }
    writer.from(&mut select, object, ROOT);
    narrow(&mut select, writer, object, condition, words, Bin::Out);
    select.limit(u64::from(asked.limit));
    Ok(select)
}

fn kind_of(object: &Object, field: &str) -> Result<Kind, Error> {
    let kind = object.field(field).map(|field| field.kind.kind());
    kind.filter(|kind| matches!(kind, Kind::Text | Kind::Key | Kind::Number | Kind::Bool | Kind::Date | Kind::Ref | Kind::Instant))
        .ok_or_else(|| Error::decode(field, "records are not told apart by this field"))
}

/// The day of an instant, counted from the first day of the first year: whole numbers, which both engines divide alike. Which clock holds is
/// found by halves.
fn day(instant: Expr, clock: &[(Instant, i64)]) -> Expr {
    match clock {
        [] | [_] => {
            let ahead = clock.first().map_or(0, |(_, ahead)| *ahead);
            instant.add(Expr::cust((time::EPOCH * DAY + ahead).to_string())).div(Expr::cust(DAY.to_string()))
        }
        many => {
            let (earlier, later) = many.split_at(many.len() / 2);
            let since = later.first().map_or(0, |(since, _)| since.0);
            let before = instant.clone().lt(Expr::cust(since.to_string()));
            sea_query::CaseStatement::new().case(before, day(instant.clone(), earlier)).finally(day(instant, later)).into()
        }
    }
}

fn read(object: &Object, asked: &Figures<'_>, row: &Row) -> Result<Figure, Error> {
    let mut at = 0;
    let mut values = [Value::Null, Value::Null];
    for (slot, dimension) in [asked.group, asked.series].into_iter().enumerate() {
        let Some(dimension) = dimension else { continue };
        let kind = kind_of(object, dimension.field)?;
        let value = match (kind, row.cell(at)) {
            (_, Cell::Null) => Value::Null,
            (Kind::Instant, Cell::Int(n)) => time::nth_day(*n).map_or(Value::Null, Value::Date),
            _ => {
                let shown = at + usize::from(kind == Kind::Text);
                decode_value(kind, row, shown).ok_or_else(|| Error::decode(dimension.field, format!("{:?}", row.cell(shown))))?
            }
        };
        values[slot] = value;
        at += 1 + usize::from(kind == Kind::Text);
    }
    let [group, series] = values;
    let measured = asked.measured.is_some();
    let extremes = measured && asked.extremes;
    Ok(Figure {
        group,
        series,
        count: row.get(at)?,
        sum: if measured { dialect::summed([row.get(at + 1)?, row.get(at + 2)?]) } else { 0 },
        least: if extremes { row.get(at + 3)? } else { None },
        greatest: if extremes { row.get(at + 4)? } else { None },
    })
}

/// From what is kept added up. Without groups it is put together from the stages.
fn of_kept(
    tx: &mut Read,
    writer: &Writer<'_>,
    object: &Object,
    kept: &Kept<'_>,
    by: &str,
    asked: &Figures<'_>,
) -> Result<Vec<Figure>, Error> {
    let amounts: Vec<&str> = asked.measured.into_iter().collect();
    let grouping = Grouping { field: by, amounts: &amounts, numbers: &[], limit: u32::MAX };
    let groups = from_kept(tx, writer, object, kept, kind_of(object, by)?, &grouping)?;
    let figure = |group: Value, count: i64, sum: i128| Figure { group, series: Value::Null, count, sum, least: None, greatest: None };
    if asked.group.is_none() {
        let count = groups.iter().map(|group| group.count).sum();
        let sum = groups.iter().filter_map(|group| group.mains.first()).sum();
        return Ok(vec![figure(Value::Null, count, sum)]);
    }
    Ok(groups.into_iter().map(|group| figure(group.value, group.count, group.mains.first().copied().unwrap_or(0))).collect())
}
