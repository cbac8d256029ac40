//! What how things stood on a past day is reckoned from: the records as they are, what has been changed since, what was deleted since, and the
//! rates as they were set.

use model::field::Kind;
use model::{Currency, Date, Field, Id, Instant, Number, Object, Value};
use sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement, Value as Sql};

use crate::columns::{decode_value, of_field, table};
use crate::history::{self, pack, unpack};
use crate::{Error, Read, Write, dialect};

/// Records in one statement.
const CHUNK: usize = 512;

/// The values of some fields of all records of an object behind one, in the order of their ids, those in the recycle bin among them. Whoever asks
/// is the product itself.
pub fn values_after(
    tx: &mut Read,
    object: &Object,
    fields: &[&Field],
    after: Option<Id>,
    limit: u64,
) -> Result<Vec<(Id, Vec<Value>)>, Error> {
    let mut select = values_of(object, fields);
    select.and_where_option(after.map(|after| Expr::col("id").gt(after.0))).order_by("id", Order::Asc).limit(limit);
    read_values(tx, &select, fields)
}

/// The same of these records.
pub fn values(tx: &mut Read, object: &Object, fields: &[&Field], ids: &[Id]) -> Result<Vec<(Id, Vec<Value>)>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let mut select = values_of(object, fields);
        select.and_where(Expr::col("id").is_in(dialect::padded(chunk).into_iter().map(|id| id.0)));
        found.append(&mut read_values(tx, &select, fields)?);
    }
    Ok(found)
}

fn values_of(object: &Object, fields: &[&Field]) -> SelectStatement {
    let columns = fields.iter().flat_map(|field| read_of(field));
    Query::select().column("id").columns(columns).from(table(&object.key)).to_owned()
}

/// The columns that tell a value; what amounts come to in the main currency is another matter.
fn read_of(field: &Field) -> Vec<String> {
    let wanted = if field.kind.kind() == Kind::Money { 2 } else { 1 };
    of_field(field).into_iter().take(wanted).map(|(name, _)| name).collect()
}

fn read_values(tx: &mut Read, select: &SelectStatement, fields: &[&Field]) -> Result<Vec<(Id, Vec<Value>)>, Error> {
    let read = |row: &crate::Row| {
        let (mut values, mut at) = (Vec::with_capacity(fields.len()), 1);
        for field in fields {
            let value = decode_value(field.kind.kind(), row, at);
            values.push(value.ok_or_else(|| Error::decode(&field.key, format!("{:?}", row.cell(at))))?);
            at += read_of(field).len();
        }
        Ok((row.get(0)?, values))
    };
    tx.all(select)?.iter().map(read).collect()
}

/// One change, to be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Was {
    pub record: Id,
    pub at: Instant,
    /// The field and what it was; none where the record came into being.
    pub field: Option<(String, Value)>,
}

/// What has been changed in these fields of records of an object after `since` and before `before`, the latest first, and which were created:
/// some of it, and before which instant the rest is.
pub fn changes_back(
    tx: &mut Read,
    object: &str,
    fields: &[&str],
    (since, before): (Instant, Instant),
    limit: u64,
) -> Result<(Vec<Was>, Option<Instant>), Error> {
    let within = |select: &mut SelectStatement, from: Instant| {
        let column = |column: &'static str| Expr::col(("h", column));
        select
            .from_as("history", "h")
            .and_where(column("object").eq(object))
            .and_where(column("at").gte(from.0))
            .and_where(column("at").lt(before.0));
    };
    // What happened at one instant stays together.
    let first = Instant(since.0.saturating_add(1));
    let mut bound = Query::select();
    bound.column(("h", "at"));
    within(&mut bound, first);
    bound.order_by(("h", "at"), Order::Desc).limit(1).offset(limit);
    let bound: Option<Instant> = tx.optional(&bound)?.map(|row| row.get(0)).transpose()?;
    let from = bound.unwrap_or(first);
    let mut created = Query::select();
    created.columns([("h", "record"), ("h", "at"), ("h", "revision")]);
    within(&mut created, from);
    created.and_where(Expr::col(("h", "revision")).eq(1));
    let mut found: Vec<(i64, Was)> = Vec::new();
    for row in tx.all(&created)? {
        found.push((row.get(2)?, Was { record: row.get(0)?, at: row.get(1)?, field: None }));
    }
    let mut changes = Query::select();
    let same = |column: &'static str| Expr::col(("h", column)).equals(("c", column));
    changes.columns([
        ("h", "record"),
        ("h", "at"),
        ("h", "revision"),
        ("c", "field"),
        ("c", "old_kind"),
        ("c", "old_text"),
        ("c", "old_int"),
    ]);
    within(&mut changes, from);
    changes
        .join_as(JoinType::InnerJoin, "history_change", "c", same("object").and(same("record")).and(same("revision")))
        .and_where(Expr::col(("c", "field")).is_in(fields.iter().copied()));
    for row in tx.all(&changes)? {
        let field = Some((row.get(3)?, history::read(&row, 4)?));
        found.push((row.get(2)?, Was { record: row.get(0)?, at: row.get(1)?, field }));
    }
    found.sort_by_key(|(revision, was)| std::cmp::Reverse((was.at, *revision)));
    Ok((found.into_iter().map(|(_, was)| was).collect(), bound))
}

/// The instant of the first change that is known of records of an object.
pub fn began(tx: &mut Read, object: &str) -> Result<Option<Instant>, Error> {
    let mut select = Query::select();
    select.column("at").from("history").and_where(Expr::col("object").eq(object)).order_by("at", Order::Asc).limit(1);
    tx.optional(&select)?.map(|row| row.get(0)).transpose()
}

/// Keeps what deals were that are deleted for good.
pub fn bury(tx: &mut Write, deals: &[(Id, Instant, std::collections::BTreeMap<String, Value>)]) -> Result<(), Error> {
    let rows = deals.iter().map(|(id, at, values)| vec![Sql::from(id.0), Sql::from(at.0), Sql::from(pack(values))]).collect();
    tx.insert_rows("deleted_deal", &["record", "at", "doc"], rows)
}

/// A deal that was deleted for good: when, and what it was then.
#[derive(Clone, Debug, PartialEq)]
pub struct Buried {
    pub id: Id,
    pub values: std::collections::BTreeMap<String, Value>,
}

/// The deals that were deleted after `since` and before `before`.
pub fn buried(tx: &mut Read, (since, before): (Instant, Instant)) -> Result<Vec<Buried>, Error> {
    let mut select = Query::select();
    select
        .columns(["record", "doc"])
        .from("deleted_deal")
        .and_where(Expr::col("at").gt(since.0))
        .and_where(Expr::col("at").lt(before.0))
        .order_by("record", Order::Asc);
    tx.all(&select)?.iter().map(|row| Ok(Buried { id: row.get(0)?, values: unpack(&row.get::<String>(1)?)? })).collect()
}

/// A rate that was set for a day, or taken away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub currency: Currency,
    pub day: Date,
    pub at: Instant,
    pub rate: Option<Number>,
}

/// Keeps that rates were set or taken away.
pub fn keep_rate(tx: &mut Write, of: &Rate, by: Id) -> Result<(), Error> {
    let mut insert = Query::insert();
    insert
        .into_table("currency_rate_log")
        .columns(["currency", "day", "at", "rate", "by_id"])
        .values_panic([
            of.currency.code().into(),
            of.day.to_string().into(),
            of.at.0.into(),
            Sql::BigInt(of.rate.map(|rate| rate.0)).into(),
            by.0.into(),
        ])
        .on_conflict(sea_query::OnConflict::columns(["currency", "day", "at"]).update_columns(["rate", "by_id"]).to_owned());
    tx.execute(&insert).map(|_| ())
}

/// Everything that has been kept of rates, in the order of time.
pub fn rates(tx: &mut Read) -> Result<Vec<Rate>, Error> {
    let mut select = Query::select();
    select
        .columns(["currency", "day", "at", "rate"])
        .from("currency_rate_log")
        .order_by("at", Order::Asc)
        .order_by("currency", Order::Asc)
        .order_by("day", Order::Asc);
    let read = |row: &crate::Row| {
        let (currency, day): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(Rate {
            currency: currency.parse().map_err(|()| Error::decode("currency", currency.clone()))?,
            day: day.parse().map_err(|_| Error::decode("day", day.clone()))?,
            at: row.get(2)?,
            rate: row.get::<Option<i64>>(3)?.map(Number),
        })
    };
    tx.all(&select)?.iter().map(read).collect()
}
