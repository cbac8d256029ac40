//! How many records have each value of a field, and what their amounts and numbers come to.

use std::collections::BTreeMap;

use model::condition::Resolved;
use model::field::Kind;
use model::process::totals::{BY, SUMMED};
use model::{Currency, Object, Schema, Value};
use sea_query::{Expr, ExprTrait, Func, NullOrdering, Order, Query, SelectStatement};

use super::Scope;
use super::kept::{CURRENCY, Kept, added, added_up};
use super::list::{Bin, ROOT, narrow};
use crate::columns::{compared, constant, decode_value};
use crate::condition::{Writer, counting};
use crate::row::Cell;
use crate::search::{Way, Weighed, Words, weigh};
use crate::{Error, Read, dialect};

/// What is grouped and summed.
pub struct Grouping<'a> {
    /// A field of one value a record: text, key, number, truth, day or reference.
    pub field: &'a str,
    /// Currency fields.
    pub amounts: &'a [&'a str],
    /// Numbers and percents.
    pub numbers: &'a [&'a str],
    /// Groups at most, those with the most records first.
    pub limit: u32,
}

/// The records with one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Texts that differ only in case and width are one; `Null` where it is blank.
    pub value: Value,
    pub count: i64,
    /// Those whose values are summed: all but such as wait for the approval of their creation, or did not get it.
    pub counted: i64,
    /// The amounts, each field's, in the main currency: each record converted, then summed.
    pub mains: Vec<i128>,
    /// The same by currency, in ten-thousandths.
    pub by_currency: Vec<Vec<(Currency, i128)>>,
    /// The numbers, in millionths.
    pub numbers: Vec<i128>,
}

/// The groups of the records that may be seen, the recycle bin's left out: the largest first, then by value, blank ones last among
/// equals.
pub fn groups(
    tx: &mut Read,
    schema: &Schema,
    object: &Object,
    scope: &Scope<'_>,
    condition: Option<&Resolved>,
    words: Option<&Words>,
    grouping: &Grouping<'_>,
) -> Result<Vec<Group>, Error> {
    let kind = kind_of(object, grouping.field)?;
    let key = compared(grouping.field, kind);
    let words = weigh(tx, object, words)?;
    let words = words.as_ref().map(|words| (words, Way::Whole));
    let writer = Writer::of_every(tx.engine(), schema, scope, object);
    let known = BY.contains(&grouping.field) && grouping.numbers.is_empty() && grouping.amounts.iter().all(|field| SUMMED.contains(field));
    if let Some(kept) = Kept::of(tx, &writer, object, condition).filter(|_| known && words.is_none()) {
        return from_kept(tx, &writer, object, &kept, kind, grouping);
    }
    let mut select = Query::select();
    select.column((ROOT, key.clone())).expr(shown(grouping.field, kind)).expr(Expr::cust("COUNT(1)"));
    select.expr(if_counting(object, grouping, Expr::val(1)).map_or_else(|| Expr::cust("COUNT(1)"), |one| Func::count(one).into()));
    writer.from(&mut select, object, ROOT);
    let sums = grouping.amounts.iter().map(|field| format!("{field}_main")).chain(grouping.numbers.iter().map(|field| (*field).to_owned()));
    for column in sums {
        for part in dialect::sum(&of_counting(object, grouping, Expr::col((ROOT, column)))) {
            select.expr(part);
        }
    }
    narrow(&mut select, &writer, object, condition, words, Bin::Out);
    select
        .group_by_col((ROOT, key.clone()))
        .order_by_expr(Expr::cust("COUNT(1)"), Order::Desc)
        .order_by_with_nulls((ROOT, key.clone()), Order::Asc, NullOrdering::Last)
        .limit(u64::from(grouping.limit));
    let mut groups = Vec::new();
    let mut keys: Vec<Cell> = Vec::new();
    for row in tx.all_once(&select)? {
        let sum = |at: usize| Ok(dialect::summed([row.get(4 + 2 * at)?, row.get(5 + 2 * at)?]));
        let at = if kind == Kind::Text { 1 } else { 0 };
        let value = decode_value(kind, &row, at).ok_or_else(|| Error::decode(grouping.field, format!("{:?}", row.cell(at))))?;
        let many = grouping.amounts.len();
        groups.push(Group {
            value,
            count: row.get(2)?,
            counted: row.get(3)?,
            mains: (0..many).map(sum).collect::<Result<_, Error>>()?,
            by_currency: vec![Vec::new(); many],
            numbers: (many..many + grouping.numbers.len()).map(sum).collect::<Result<_, Error>>()?,
        });
        keys.push(row.cell(0).clone());
    }
    for (at, field) in grouping.amounts.iter().enumerate() {
        let mut select = amounts(&writer, object, condition, words, &key, field);
        select.and_where_option(counting_in(object, grouping));
        // What was left out for its number is not summed either.
        if groups.len() as u64 == u64::from(grouping.limit) {
            select.and_where(among(&key, kind, &groups, &keys));
        }
        for row in tx.all_once(&select)? {
            let place = keys.iter().position(|known| known == row.cell(0));
            if let (Some(place), Ok(currency)) = (place, row.get::<String>(1)?.parse()) {
                groups[place].by_currency[at].push((currency, dialect::summed([row.get(2)?, row.get(3)?])));
            }
        }
    }
    Ok(groups)
}

/// The same from what is kept, with what is given to the caller besides: read by currency, and put together here.
pub(super) fn from_kept(
    tx: &mut Read,
    writer: &Writer<'_>,
    object: &Object,
    kept: &Kept<'_>,
    kind: Kind,
    grouping: &Grouping<'_>,
) -> Result<Vec<Group>, Error> {
    let key = || (ROOT, grouping.field.to_owned());
    // Value, currency, records; then of each amount how many there are, its sum and its sum in the main currency.
    let mut rows = kept.rows(writer, object);
    let counted = |column: &str| of_counting_kept(object, grouping, column);
    rows.column(key()).column((ROOT, CURRENCY)).expr(added("records")).expr(counted("records"));
    let mut given = Query::select();
    let of_given = |of: Expr| of_counting(object, grouping, of);
    given.column(key()).column((ROOT, CURRENCY)).expr(Expr::cust("COUNT(1)")).expr(Func::count(of_given(Expr::col((ROOT, "id")))));
    writer.from(&mut given, object, ROOT);
    for field in grouping.amounts {
        // Whoever has an amount has a currency, by which rows are told apart.
        rows.expr(counted(if *field == SUMMED[0] { "records" } else { "forecasts" }));
        given.expr(Func::count(of_given(Expr::col((ROOT, (*field).to_owned())))));
        for column in [(*field).to_owned(), format!("{field}_main")] {
            rows.expr(counted(&format!("{column}_millions"))).expr(counted(&format!("{column}_rest")));
            dialect::sum(&of_given(Expr::col((ROOT, column)))).into_iter().for_each(|part| {
                given.expr(part);
            });
        }
    }
    for select in [&mut rows, &mut given] {
        select.group_by_col(key()).group_by_col((ROOT, CURRENCY));
    }
    let mut found = tx.all_once(&rows)?;
    if kept.of_given(&mut given, writer, object) {
        found.extend(tx.all_once(&given)?);
    }
    let many = grouping.amounts.len();
    let mut groups: BTreeMap<(bool, Vec<u8>), Group> = BTreeMap::new();
    for row in found.iter().filter(|row| row.get::<i64>(2) != Ok(0)) {
        let value = decode_value(kind, row, 0).ok_or_else(|| Error::decode(grouping.field, format!("{:?}", row.cell(0))))?;
        // Blank ones last.
        let place = match row.cell(0) {
            Cell::Null => (true, Vec::new()),
            Cell::Text(text) => (false, text.clone().into_bytes()),
            _ => (false, row.get::<model::Id>(0)?.bytes().to_vec()),
        };
        let none = || Group { value, count: 0, counted: 0, mains: vec![0; many], by_currency: vec![Vec::new(); many], numbers: Vec::new() };
        let group = groups.entry(place).or_insert_with(none);
        group.count += row.get::<i64>(2)?;
        group.counted += row.get::<i64>(3)?;
        let currency: Option<Currency> = row.get::<Option<String>>(1)?.and_then(|code| code.parse().ok());
        for at in 0..many {
            let sum = |from: usize| Ok::<i128, Error>(dialect::summed([row.get(from)?, row.get(from + 1)?]));
            group.mains[at] += sum(7 + 5 * at)?;
            let Some(currency) = currency.filter(|_| row.get::<i64>(4 + 5 * at) != Ok(0)) else { continue };
            match group.by_currency[at].iter_mut().find(|(other, _)| *other == currency) {
                Some((_, stands)) => *stands += sum(5 + 5 * at)?,
                None => group.by_currency[at].push((currency, sum(5 + 5 * at)?)),
            }
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.iter_mut().flat_map(|group| &mut group.by_currency).for_each(|list| list.sort_by(|(a, _), (b, _)| a.code().cmp(b.code())));
    // The largest first; among equals the order of their values stays.
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups.truncate(grouping.limit as usize);
    Ok(groups)
}

/// True for records whose values are summed: those under review or set aside are in the list and count for nothing. Where groups tell how
/// records stand, each has its own sums.
fn counting_in(object: &Object, grouping: &Grouping<'_>) -> Option<Expr> {
    counting(object, ROOT).filter(|_| grouping.field != "lifecycle_status")
}

fn if_counting(object: &Object, grouping: &Grouping<'_>, of: Expr) -> Option<Expr> {
    counting_in(object, grouping).map(|counts| Expr::case(counts, of).into())
}

/// A value of records that count; of others it is blank.
fn of_counting(object: &Object, grouping: &Grouping<'_>, of: Expr) -> Expr {
    if_counting(object, grouping, of.clone()).unwrap_or(of)
}

fn of_counting_kept(object: &Object, grouping: &Grouping<'_>, column: &str) -> Expr {
    match if_counting(object, grouping, Expr::col((ROOT, column.to_owned()))) {
        Some(of) => added_up(of),
        None => added(column),
    }
}

fn kind_of(object: &Object, field: &str) -> Result<Kind, Error> {
    let kind = object.field(field).map(|field| field.kind.kind());
    kind.filter(|kind| matches!(kind, Kind::Text | Kind::Key | Kind::Number | Kind::Bool | Kind::Date | Kind::Ref))
        .ok_or_else(|| Error::decode(field, "records are not grouped by this field"))
}

/// A text as one of its records has it, since the key is folded.
fn shown(field: &str, kind: Kind) -> Expr {
    match kind {
        Kind::Text => Func::min(Expr::col((ROOT, field.to_owned()))).into(),
        _ => Expr::cust("NULL"),
    }
}

fn amounts(
    writer: &Writer<'_>,
    object: &Object,
    condition: Option<&Resolved>,
    words: Option<(&Weighed<'_>, Way)>,
    key: &str,
    field: &str,
) -> SelectStatement {
    let currency = format!("{field}_currency");
    let mut select = Query::select();
    select.column((ROOT, key.to_owned())).column((ROOT, currency.clone()));
    writer.from(&mut select, object, ROOT);
    for part in dialect::sum(&Expr::col((ROOT, field.to_owned()))) {
        select.expr(part);
    }
    select.and_where(Expr::col((ROOT, currency.clone())).is_not_null());
    narrow(&mut select, writer, object, condition, words, Bin::Out);
    select.group_by_col((ROOT, key.to_owned())).group_by_col((ROOT, currency.clone())).order_by((ROOT, currency), Order::Asc);
    select
}

fn among(key: &str, kind: Kind, groups: &[Group], keys: &[Cell]) -> Expr {
    let column = || Expr::col((ROOT, key.to_owned()));
    let constants: Vec<sea_query::Value> = match kind {
        Kind::Text => keys.iter().filter_map(|key| if let Cell::Text(text) = key { Some(text.as_str().into()) } else { None }).collect(),
        _ => groups.iter().filter_map(|group| constant(&group.value)).collect(),
    };
    column().is_in(constants).or(column().is_null())
}
